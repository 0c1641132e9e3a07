"""What containers hold: which Office document a zip or a compound file is.

Reads directories only, never a part's content.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ngc_pipelines.disclosure.opening import Source

_MAIN_TYPES: Final = (
    (b"spreadsheetml.sheet.main+xml", "xlsx"),
    (b"spreadsheetml.template.main+xml", "xlsx"),
    (b"ms-excel.sheet.macroenabled.main+xml", "xlsm"),
    (b"ms-excel.template.macroenabled.main+xml", "xlsm"),
    (b"ms-excel.addin.macroenabled.main+xml", "xlsm"),
    (b"ms-excel.sheet.binary.macroenabled.main", "xlsb"),
    (b"wordprocessingml.document.main+xml", "docx"),
    (b"wordprocessingml.template.main+xml", "docx"),
    (b"ms-word.document.macroenabled.main+xml", "docm"),
    (b"ms-word.template.macroenabledtemplate.main+xml", "docm"),
    (b"presentationml.presentation.main+xml", "pptx"),
    (b"presentationml.slideshow.main+xml", "pptx"),
    (b"presentationml.template.main+xml", "pptx"),
    (b"ms-powerpoint.presentation.macroenabled.main+xml", "pptm"),
    (b"ms-powerpoint.slideshow.macroenabled.main+xml", "pptm"),
    (b"ms-powerpoint.template.macroenabled.main+xml", "pptm"),
)
_FOLDERS: Final = (("xl/workbook.bin", "xlsb"), ("xl/", "xlsx"), ("word/", "docx"), ("ppt/", "pptx"))
_TYPES_LIMIT: Final = 1 << 20


def zip_type(source: Source) -> str:
    """`xlsx`, `docx` … for an Office package, `ooxml` for an unknown one, else `zip`."""
    try:
        with zipfile.ZipFile(source.file()) as archive:
            names = archive.namelist()
            types = next((name for name in names if name.lower().replace("\\", "/") == "[content_types].xml"), None)
            if types is None:
                return "zip"
            with archive.open(types) as part:
                content = part.read(_TYPES_LIMIT).lower()
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        ValueError,
        NotImplementedError,
        RuntimeError,
        EOFError,
        struct.error,
    ):
        # A broken directory: the names in the local headers still tell the kind.
        names = _local_names(source)
        content = b""
        if "[content_types].xml" not in {name.lower() for name in names}:
            return "zip"
    for fragment, kind in _MAIN_TYPES:
        if fragment in content:
            return kind
    lowered = [name.lower().replace("\\", "/") for name in names]
    for folder, kind in _FOLDERS:
        if any(name.startswith(folder) for name in lowered):
            return kind
    return "ooxml"


def _local_names(source: Source) -> list[str]:
    names = []
    view = source.view()
    for match in re.finditer(rb"PK\x03\x04", view):
        header = bytes(view[match.start() : match.start() + 30])
        if len(header) < 30:
            break
        length = struct.unpack_from("<H", header, 26)[0]
        names.append(bytes(view[match.start() + 30 : match.start() + 30 + length]).decode("utf-8", "replace"))
    return names


_STREAMS: Final = (
    ("encryptedpackage", "encrypted_ooxml"),
    ("workbook", "xls"),
    ("book", "xls"),
    ("worddocument", "doc"),
    ("powerpoint document", "ppt"),
    ("pp97_dualstorage", "ppt"),
)


def compound_type(source: Source) -> str:
    """`xls`, `doc`, `ppt`, `encrypted_ooxml`, or `ole` for any other compound file."""
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(source.view())) as compound:
            names = {entry[0].lower() for entry in compound.listdir(streams=True, storages=True)}
    except (OSError, ValueError, IndexError, TypeError, struct.error, AttributeError, KeyError, RecursionError):
        # A damaged directory, or a folder that holds itself: stream names stand in it as UTF-16 all the same.
        text = bytes(source.view()).lower()
        names = {stream for stream, _ in _STREAMS if stream.encode("utf-16-le") in text}
    for stream, kind in _STREAMS:
        if stream in names:
            return kind
    return "ole"
