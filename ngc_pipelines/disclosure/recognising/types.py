"""Which types there are, which extensions leave, and what bytes each must hold.

Only names and the table of extensions; telling types apart by their bytes lives
in `signatures` and `structure`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

OOXML_WORKBOOKS: Final = frozenset({"xlsx", "xlsm"})
TEXTS: Final = frozenset({"text", "json", "csv"})

EXTENSIONS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "xls": frozenset({"xls", "biff"}),
        "xlsx": frozenset({"xlsx"}),
        "xlsm": frozenset({"xlsm", "xlsx"}),
        "xlm": frozenset({"xls", "biff"}),
        "xml": frozenset({"xml", "flat_xml", "svg", "html"}),
        "png": frozenset({"png"}),
        "tif": frozenset({"tiff"}),
        "tiff": frozenset({"tiff"}),
        "jpg": frozenset({"jpeg"}),
        "jpeg": frozenset({"jpeg"}),
        "gif": frozenset({"gif"}),
        "bmp": frozenset({"bmp"}),
        "svg": frozenset({"svg"}),
        "ppt": frozenset({"ppt"}),
        "pptx": frozenset({"pptx"}),
        "pptm": frozenset({"pptm", "pptx"}),
        "htm": frozenset({"html"}),
        "html": frozenset({"html"}),
        "r": frozenset({"r"}),
        "py": frozenset({"python"}),
        "log": frozenset({"text"}),
        "txt": frozenset({"text"}),
        "tab": frozenset({"text"}),
        "pdf": frozenset({"pdf"}),
        "doc": frozenset({"doc"}),
        "docx": frozenset({"docx"}),
        "rtf": frozenset({"rtf"}),
    }
)
"""The 27 extensions of Tabel 1 (G §8.2) and the types whose bytes they may hold."""

TEXT_EXTENSIONS: Final[Mapping[str, str]] = MappingProxyType(
    {"r": "r", "py": "python", "log": "text", "txt": "text", "tab": "text"}
)
"""Extensions whose type is any text at all, and the type it is then read as."""

NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "7z": "a 7-Zip archive",
        "avro": "an Avro file",
        "bam": "a BAM file",
        "bcf": "a BCF file",
        "biff": "an Excel workbook of the years before 1997",
        "bzip2": "a bzip2 stream",
        "cab": "a cabinet archive",
        "cram": "a CRAM file",
        "elf": "a program",
        "emf": "a Windows metafile",
        "flat_xml": "an Office document as one XML file",
        "gzip": "a gzip stream",
        "hdf5": "an HDF5 file",
        "html": "HTML",
        "json": "JSON",
        "ole": "a compound (OLE) file",
        "ooxml": "an Office package of unknown kind",
        "parquet": "a Parquet file",
        "pickle": "a Python pickle",
        "rar": "a RAR archive",
        "rds": "an R data file",
        "sqlite": "an SQLite database",
        "tar": "a tar archive",
        "text": "text",
        "unknown": "bytes of no known type",
        "wmf": "a Windows metafile",
        "xz": "an xz stream",
        "zip": "a zip archive",
        "zstd": "a zstd stream",
    }
)


def type_name(kind: str) -> str:
    """How a type is called in a message."""
    return NAMES.get(kind, kind.upper() if len(kind) <= 4 else kind)
