"""Proofs of content: checksums that grow with a stream, and what they are held against.

SHA-256 is what departments report and users can check; CRC-64/NVME is what the store itself computes, over parts too.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass

from awscrt.checksums import crc64nvme

_MD5_ETAG = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Proof:
    """Size in bytes, SHA-256 and CRC-64/NVME in hex of one object's content."""

    size: int
    sha256: str
    crc64nvme: str


class GrowingProof:
    """A proof of everything that `add` was given so far."""

    def __init__(self) -> None:
        self._size = 0
        self._sha256 = hashlib.sha256()
        self._crc = 0

    def add(self, data: bytes | bytearray | memoryview) -> None:
        """Take in the next bytes."""
        self._size += len(data)
        self._sha256.update(data)
        self._crc = crc64(data, self._crc)

    @property
    def size(self) -> int:
        """Bytes so far."""
        return self._size

    def proof(self) -> Proof:
        """The proof of what was added."""
        return Proof(self._size, self._sha256.hexdigest(), f"{self._crc:016x}")


class ReportedChecksum:
    """The checksum that a file was reported with, held against its bytes as they pass by.

    Takes SHA-256, else MD5, else an etag that is an MD5 (objects stored in one part). `known` is False where there is
    none of them: then nothing can tell whether the file is what was reported.
    """

    def __init__(self, sha256: str | None, md5: str | None, etag: str | None) -> None:
        bare = (etag or "").strip('"').lower()
        self._expected = (sha256 or md5 or (bare if _MD5_ETAG.fullmatch(bare) else "")).lower()
        self._hash = hashlib.sha256() if sha256 else hashlib.md5(usedforsecurity=False)

    @property
    def by_sha256(self) -> bool:
        """Whether it is a SHA-256: then a proof of the same bytes answers too, and they need not be hashed twice."""
        return self._hash.name == "sha256"

    def agrees(self, proof: Proof) -> bool:
        """Whether the reported SHA-256 is the proof's."""
        return self.by_sha256 and proof.sha256 == self._expected

    @property
    def known(self) -> bool:
        """Whether there is anything to hold the bytes against."""
        return bool(self._expected)

    def add(self, data: bytes | bytearray | memoryview) -> None:
        """Take in the next bytes."""
        self._hash.update(data)

    def holds(self) -> bool:
        """Whether the bytes so far are what was reported."""
        return self._hash.hexdigest() == self._expected


def crc64(data: bytes | bytearray | memoryview, previous: int = 0) -> int:
    """CRC-64/NVME of the bytes, going on from `previous`."""
    return int(crc64nvme(data, previous))


def as_header(crc: int | str) -> str:
    """CRC-64/NVME as S3's headers carry it."""
    value = int(crc, 16) if isinstance(crc, str) else crc
    return base64.b64encode(value.to_bytes(8, "big")).decode()
