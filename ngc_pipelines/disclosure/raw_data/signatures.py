"""Binary formats of raw data and data frames, by their first bytes (facts/forbidden_rawdata_types.csv).

Only the tables and the look-up live here; unpacking and text live in
`recognising` and `lines`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

AT_START: tuple[tuple[bytes, str], ...] = (
    (b"BAM\x01", "BAM"),
    (b"BCF\x02", "BCF"),
    (b"BCF\x04", "BCF"),
    (b"BAI\x01", "BAM index"),
    (b"CSI\x01", "CSI index"),
    (b"TBI\x01", "tabix index"),
    (b"CRAM\x01", "CRAM"),
    (b"CRAM\x02", "CRAM"),
    (b"CRAM\x03", "CRAM"),
    (b"CRAM\x04", "CRAM"),
    (b"l\x1b\x01", "PLINK bed"),
    (b"l\x1b\x00", "PLINK bed"),
    (b"l\x1b\x02", "PLINK 2 pgen"),
    (b"l\x1b\x03", "PLINK 2 pgen"),
    (b"l\x1b\x04", "PLINK 2 pgen"),
    (b"l\x1b\x10", "PLINK 2 pgen"),
    (b"l\x1b\x11", "PLINK 2 pgen"),
    (b"l\x1b\x20", "PLINK 2 pgen"),
    (b"l\x1b\x30", "PLINK 2 pgen index"),
    (b"IDAT\x03\x00\x00\x00", "Illumina IDAT"),
    (b"gtc\x03", "Illumina GTC"),
    (b"gtc\x04", "Illumina GTC"),
    (b"gtc\x05", "Illumina GTC"),
    (b"BPM\x01", "Illumina BPM"),
    (b"crypt4gh\x01\x00\x00\x00", "Crypt4GH"),
    (b"NCBI.sra", "SRA archive"),
    (b".sra", "SRA archive"),
    (b"\x8bPOD\r\n\x1a\n", "POD5 signals"),
    (b"\x89HDF\r\n\x1a\n", "HDF5"),
    (b"CDF\x01", "NetCDF"),
    (b"CDF\x02", "NetCDF"),
    (b"PAR1", "Parquet"),
    (b"PARE", "Parquet"),
    (b"FEA1", "Feather"),
    (b"ARROW1\x00\x00", "Arrow"),
    (b"ORC\x08", "ORC"),
    (b"Obj\x01\x04", "Avro"),
    (b"SQLite format 3\x00", "SQLite database"),
    (b"RDX2\n", "RData"),
    (b"RDX3\n", "RData"),
    (b"RDA2\n", "RData"),
    (b"RDA3\n", "RData"),
    (b"X\n\x00\x00\x00\x02", "RDS"),
    (b"X\n\x00\x00\x00\x03", "RDS"),
    (b"B\n\x02\x00\x00\x00", "RDS"),
    (b"B\n\x03\x00\x00\x00", "RDS"),
    (b"A\n2\n", "RDS"),
    (b"A\n3\n", "RDS"),
    (b"\x0b\x0e\x0a\x0c", "qs data of R"),
    (b"fstfile", "fst data of R"),
    (b"\x93NUMPY", "NumPy array"),
    (b"<stata_dta>", "Stata data"),
    (b"$FL2@(#)", "SPSS data"),
    (b"$FL3@(#)", "SPSS data"),
    (b"MATLAB 5.0 MAT-file", "MATLAB data"),
    (b"MATLAB 7.3 MAT-file", "MATLAB data"),
    (b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!", "SAS transport file"),
    (b"HEADER RECORD*******LIBV8", "SAS transport file"),
    (
        b"\x00" * 12 + b"\xc2\xea\x81\x60\xb3\x14\x11\xcf\xbd\x92\x08\x00\x09\xc7\x31\x8c\x18\x1f\x10\x11",
        "SAS data",
    ),
)

INSIDE: tuple[tuple[bytes, str], ...] = (
    (b"\x1f\x8b\x08\x04\x00\x00\x00\x00\x00\xff\x06\x00BC\x02\x00", "BGZF block"),
    (b"\x89HDF\r\n\x1a\n", "HDF5"),
    (b"SQLite format 3\x00", "SQLite database"),
    (b"crypt4gh\x01\x00\x00\x00", "Crypt4GH"),
    (b"CRAM\x03\x00", "CRAM"),
    (b"CRAM\x03\x01", "CRAM"),
    (b"CRAM\x02\x01", "CRAM"),
    (b"\x93NUMPY\x01\x00", "NumPy array"),
    (b"<stata_dta><header>", "Stata data"),
    (b"$FL2@(#)", "SPSS data"),
    (b"\xc2\xea\x81\x60\xb3\x14\x11\xcf\xbd\x92\x08\x00\x09\xc7\x31\x8c\x18\x1f\x10\x11", "SAS data"),
    (b"RDX3\nX\n", "RData"),
    (b"RDX2\nX\n", "RData"),
)
"""Signatures long enough that they mean something in the middle of other bytes."""

_PICKLE = re.compile(rb"\x80[\x02-\x05]")
_OLD_STATA = re.compile(rb"[\x69\x6c\x6e\x71\x72\x73][\x01\x02]\x01\x00[\x01-\xff\x00][\x00-\x7f]")
_ARRAYS_IN_ZIP = re.compile(rb"PK\x03\x04.{26}[^/\x00]{1,200}?\.npy", re.DOTALL)
_SPRING_MEMBER = re.compile(rb"(?:\./)?cp\.bin\x00")


def at_start(head: bytes, tail: bytes, size: int) -> str | None:
    """The name of the format whose file begins with `head`, or None.

    Args:
        head: the first bytes, 512 or more where the file has them.
        tail: the last 16 bytes.
        size: of the whole file.
    """
    for magic, form in AT_START:
        if head.startswith(magic) and _plausible(magic, tail, size):
            return form
    if head[16:20] == b"bgen" or (head[:4] in (b"\x14\x00\x00\x00", b"\x18\x00\x00\x00") and b"bgen" in head[4:64]):
        return "BGEN"
    if head[8:12] == b"DUCK":
        return "DuckDB database"
    if _PICKLE.match(head) and tail.endswith(b"."):
        return "Python pickle"
    if _OLD_STATA.match(head) and size > 109 and head[4:6] != b"\x00\x00":
        return "Stata data"
    if head[257:262] == b"ustar" and _SPRING_MEMBER.match(head[:100]):
        return "SPRING"
    if head.startswith(b"PK\x03\x04") and _ARRAYS_IN_ZIP.search(head):
        return "NumPy archive"
    return None


def inside(block: bytes) -> Iterator[tuple[int, str]]:
    """Offsets and names of formats that begin somewhere in `block`, the first of each."""
    for magic, form in INSIDE:
        at = block.find(magic)
        if at >= 0:
            yield at, form


def _plausible(magic: bytes, tail: bytes, size: int) -> bool:
    # Four printable letters also begin ordinary texts; these formats repeat theirs at the end.
    if magic in (b"PAR1", b"PARE", b"FEA1"):
        return size > 12 and tail.endswith(magic)
    return True
