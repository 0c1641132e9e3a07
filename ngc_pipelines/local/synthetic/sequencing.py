"""The bytes of synthetic sequencing files, with sample names where they really hide; nothing is stored here.

A sample's name stands in the file's stem, in gzip's FNAME, in read headers as some laboratories write them, and in the
sidecars. Sequences are drawn from a seed and belong to nobody.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import random
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

READ_LENGTH = 150
_BASES = bytes(b"ACGT"[value % 4] for value in range(256))
# Quality as a NovaSeq bins it: four values, most of them the best.
_QUALITIES = bytes(b"FFFFFFFFFFF:,#"[value % 14] for value in range(256))
_HEADERS = ("plain", "prefixed", "commented")


@dataclass(frozen=True, slots=True)
class Sequenced:
    """What the names and headers of a sample's files are made of.

    number: the sample's place on the sample sheet, from 1. sample_id: the laboratory's name of it.
    """

    sample_id: str = field(repr=False)
    number: int
    facility: str
    instrument: str
    sequenced_on: date
    report_id: str | None
    lanes: int
    spring: bool

    @property
    def folder(self) -> str:
        """The run's folder: date, instrument, run number and flow cell, as Illumina names it."""
        run = (self.sequenced_on - date(2019, 1, 1)).days
        return f"{self.facility}/{self.sequenced_on:%y%m%d}_{self.instrument}_{run:04d}_A{self.flowcell}"

    @property
    def flowcell(self) -> str:
        """The flow cell of the run: one a day and instrument."""
        return "H" + hashlib.md5(f"{self.instrument}{self.sequenced_on}".encode()).hexdigest()[:8].upper()


@dataclass(frozen=True, slots=True)
class SequencingFile:
    """One object to store, with what the metadata say of it. read: 1, 2, or 0 for both and for sidecars."""

    key: str = field(repr=False)
    kind: str
    read: int
    lane: int
    storage_format: str
    content: bytes = field(repr=False)
    uncompressed_sha256: str | None


def files_of_sample(sample: Sequenced, *, reads: int, seed: int) -> Iterator[SequencingFile]:
    """A sample's files: a pair of FASTQ files a lane, or one SPRING container a lane, each with its sidecars.

    Args:
        sample: what they are named after.
        reads: how many in each file, 1 or more.
        seed: the same seed and sample give the same bytes.
    """
    for lane in range(1, sample.lanes + 1):
        stem = f"{sample.folder}/{sample.sample_id}_S{sample.number}_L{lane:03d}"
        if sample.spring:
            yield from _with_md5(_spring(f"{stem}_001.spring", lane, seed))
            continue
        for read in (1, 2):
            yield from _with_md5(_fastq(f"{stem}_R{read}_001.fastq.gz", sample, lane, read, reads, seed, "reads"))
    about = {
        "sample": sample.sample_id,
        "flowcell": sample.flowcell,
        "instrument": sample.instrument,
        "report": sample.report_id,
    }
    text = json.dumps(about, indent=1).encode()
    yield SequencingFile(f"{sample.folder}/{sample.sample_id}.json", "sidecar", 0, 0, "json", text, None)


def undetermined_pair(run: Sequenced, *, reads: int, seed: int) -> Iterator[SequencingFile]:
    """The reads of a run that could not be told for any sample: `Undetermined_S0`, lane 1."""
    for read in (1, 2):
        key = f"{run.folder}/Undetermined_S0_L001_R{read}_001.fastq.gz"
        yield _fastq(key, run, 1, read, reads, seed, "undetermined")


def _fastq(key: str, sample: Sequenced, lane: int, read: int, reads: int, seed: int, kind: str) -> SequencingFile:
    # Both files of a pair have the same headers but for the read's number.
    style = _HEADERS[0] if kind == "undetermined" else _HEADERS[sample.number % len(_HEADERS)]
    plain = b"".join(_records(key, sample, lane, read, reads, seed, style))
    packed = io.BytesIO()
    name = key.rpartition("/")[2].removesuffix(".gz")
    with gzip.GzipFile(name, "wb", compresslevel=6, fileobj=packed, mtime=0) as file:
        file.write(plain)
    digest = hashlib.sha256(plain).hexdigest()
    return SequencingFile(key, kind, read, lane, "fastq.gz", packed.getvalue(), digest)


def _records(key: str, sample: Sequenced, lane: int, read: int, reads: int, seed: int, style: str) -> Iterator[bytes]:
    drawn = random.Random(f"{seed}:{key}")
    run = sample.folder.split("_")[-2].lstrip("0") or "0"
    index = bytes(_BASES[value] for value in hashlib.md5(sample.sample_id.encode()).digest())
    barcode = f"{index[:8].decode()}+{index[8:].decode()}"
    for number in range(reads):
        tile, x, y = 1101 + number // 1000, 1000 + number * 37 % 30000, 1000 + number * 11 % 36000
        place = f"{sample.instrument}:{run}:{sample.flowcell}:{lane}:{tile}:{x}:{y}"
        name = f"{sample.sample_id}.{number + 1} {place}" if style == "prefixed" else place
        comment = f" sample={sample.sample_id}" if style == "commented" else ""
        header = f"@{name} {read}:N:0:{barcode}{comment}\n".encode()
        bases = drawn.randbytes(READ_LENGTH).translate(_BASES)
        yield header + bases + b"\n+\n" + drawn.randbytes(READ_LENGTH).translate(_QUALITIES) + b"\n"


def _spring(key: str, lane: int, seed: int) -> SequencingFile:
    """A container as SPRING writes it, seen from outside: a tar of packed streams. No program can unpack this one."""
    drawn = random.Random(f"{seed}:{key}")
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as container:
        for name, size in (("cp.bin", 64), ("read_seq.bin", 4096), ("quality_1.0", 2048), ("id_1.0", 512)):
            entry = tarfile.TarInfo(name)
            entry.size = size
            container.addfile(entry, io.BytesIO(drawn.randbytes(size)))
    return SequencingFile(key, "reads", 0, lane, "spring", packed.getvalue(), None)


def _with_md5(file: SequencingFile) -> Iterator[SequencingFile]:
    yield file
    line = f"{hashlib.md5(file.content).hexdigest()}  {file.key.rpartition('/')[2]}\n".encode()
    yield SequencingFile(f"{file.key}.md5", "sidecar", file.read, file.lane, "md5", line, None)
