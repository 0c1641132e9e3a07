"""The opener of compound files: every stream, the sectors no stream owns, properties."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from ngc_pipelines.disclosure.content import remarks
from ngc_pipelines.disclosure.content.carving import files_in, strings_in
from ngc_pipelines.disclosure.pieces import Opened
from ngc_pipelines.disclosure.places import Place

if TYPE_CHECKING:
    from ngc_pipelines.disclosure.opening import Context, Source

_FREE: Final = 0xFFFFFFFF
_ENCRYPTED_STREAMS: Final = frozenset({"encryptedpackage", "encryptedsummary", "\x06dataspaces"})
_OWN_STORAGES: Final = (
    "macros",
    "_vba",
    "vba",
    "_sx_db_cur",
    "\x06dataspaces",
    "msodatastore",
    "_signatures",
    "_xmlsignatures",
)
_STRUCTURAL: Final = frozenset({"\x01compobj", "\x01ole", "\x03objinfo"})


def open_ole(source: Source, place: Place, context: Context) -> Iterator[Opened]:
    """All that a compound file holds."""
    import olefile

    try:
        compound = olefile.OleFileIO(io.BytesIO(source.view()))
    except (OSError, ValueError, IndexError, TypeError, struct.error, AttributeError, KeyError) as fault:
        yield from remarks.broken(context, place, "compound file", type(fault).__name__)
        yield from strings_in(bytes(source.view()), place, "bytes of a damaged file")
        yield from files_in(bytes(source.view()), place, context, start=8)
        return
    with compound:
        names = [tuple(entry) for entry in compound.listdir(streams=True, storages=False)]
        lowered = {part.lower() for name in names for part in name}
        if lowered & _ENCRYPTED_STREAMS:
            yield from remarks.encrypted(context, place)
            return
        if any(name[-1].lower() == "dir" and "vba" in {part.lower() for part in name} for name in names):
            yield from _macros(source, place, context)
        inner = {name[0] for name in names if len(name) > 1 and not name[0].lower().startswith(_OWN_STORAGES)}
        if inner:
            yield remarks.embedded(context, place, "indlejrede objekter", "embedded objects", count=len(inner))
        for name in names:
            context.budget.spend_part()
            yield from _stream(compound, name, place, context)
        yield from _unowned(compound, source, place, context)


def _macros(source: Source, place: Place, context: Context) -> Iterator[Opened]:
    from ngc_pipelines.disclosure.content.ole.macros import read_macros

    yield remarks.macro(context, place, "VBA-projekt", "VBA project")
    yield from read_macros(bytes(source.view()), place, context)


def _stream(compound: Any, name: tuple[str, ...], place: Place, context: Context) -> Iterator[Opened]:
    label = "/".join("".join(letter for letter in part if letter >= " ") for part in name)
    where = place.inside(f"stream {label}")
    try:
        with compound.openstream(list(name)) as stream:
            data = bytes(stream.read())
    except (OSError, ValueError, IndexError, TypeError, struct.error) as fault:
        yield from remarks.broken(context, where, label, type(fault).__name__)
        return
    context.budget.spend_bytes(len(data))
    last = name[-1].lower()
    if last in ("workbook", "book"):
        from ngc_pipelines.disclosure.content.ole.workbooks import read_workbook

        yield from read_workbook(data, place.inside(f"workbook in {label}") if len(name) > 1 else place, context)
    elif "_sx_db_cur" in {part.lower() for part in name[:-1]}:
        from ngc_pipelines.disclosure.content.ole.workbooks import read_pivot_cache

        yield from read_pivot_cache(data, where, context)
    elif last == "worddocument":
        from ngc_pipelines.disclosure.content.ole.documents import read_document

        yield from read_document(data, _siblings(compound, name), where, context)
    elif last in ("powerpoint document", "pp97_dualstorage"):
        from ngc_pipelines.disclosure.content.ole.slides import read_slides

        yield from read_slides(data, where, context)
    elif last.endswith("summaryinformation"):
        from ngc_pipelines.disclosure.content.ole.properties import read_properties

        yield from read_properties(data, where, context)
    elif last == "\x01ole10native":
        yield from open_package(data, where, context)
    elif last in ("package", "contents") and len(data) > 8:
        yield remarks.embedded(context, where, "indlejret dokument", "embedded document")
        yield from context.open_inside(data, None, where)
    elif last not in _STRUCTURAL:
        yield from strings_in(data, where, "stream that no page shows")
        yield from files_in(data, where, context)


def _siblings(compound: Any, name: tuple[str, ...]) -> dict[str, bytes]:
    """The table streams beside a Word document."""
    found = {}
    for table in ("0Table", "1Table"):
        path = [*name[:-1], table]
        if compound.exists(path):
            try:
                with compound.openstream(path) as stream:
                    found[table] = bytes(stream.read())
            except (OSError, ValueError, IndexError, TypeError, struct.error):
                continue  # its own walk tells that it is broken
    return found


def open_package(data: bytes, where: Place, context: Context) -> Iterator[Opened]:
    """A file packed by the Packager: two names, a path, the file itself."""
    yield remarks.embedded(context, where, "indlejret fil", "embedded file")
    at = 6
    names = []
    for _ in range(2):
        end = data.find(b"\0", at)
        if end < 0 or end - at > 1024:
            yield from strings_in(data, where, "embedded file")
            yield from files_in(data, where, context)
            return
        names.append(data[at:end].decode("latin-1"))
        at = end + 1
    at += 4
    try:
        (length,) = struct.unpack_from("<I", data, at)
        at += 4 + length
        (size,) = struct.unpack_from("<I", data, at)
    except struct.error:
        size = -1
    payload = data[at + 4 : at + 4 + size] if 0 < size <= len(data) - at - 4 else data[4:]
    yield from strings_in(data[: len(data) - len(payload)], where.inside("names of the file"), "embedded file")
    yield from context.open_inside(payload, names[0].rpartition("\\")[2] or None, where.inside("embedded file"))
    rest = data[at + 4 + size :] if 0 < size <= len(data) - at - 4 else b""
    yield from strings_in(rest, where.inside("after the embedded file"), "embedded file")


def _unowned(compound: Any, source: Source, place: Place, context: Context) -> Iterator[Opened]:
    """Sectors that no stream owns: what was deleted may still be there."""
    size = compound.sector_size
    free = bytearray()
    for index, follower in enumerate(compound.fat):
        start = (index + 1) * size
        if start >= len(source):
            break
        if follower == _FREE:
            free += source.view(start, start + size)
    known = (len(compound.fat) + 1) * size
    if known < len(source):
        free += source.view(known, len(source))
    if not bytes(free).strip(b"\0\xff"):
        return
    where = place.inside("sectors that no stream owns")
    found = list(strings_in(bytes(free), where, "deleted content"))
    if found:
        yield remarks.hidden(context, where, "rester af slettet indhold", "remains of deleted content")
        yield from found
        yield from files_in(bytes(free), where, context)
