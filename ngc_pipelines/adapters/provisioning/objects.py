"""Objects as streams in bounded memory: reading by ranges, and writing what is whole and not there yet.

Here: how bytes get out of and into the object store. Not here: what is done with them (`copying`).
An object appears under its key only whole: small ones in one request, others when their parts are put together, both
on the condition that nothing stands there (`IfNoneMatch`), so that of two writers one wins and no version is doubled.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, cast

from ngc_pipelines.adapters.object_store.faults import (
    STORE_ERRORS,
    is_absent,
    is_precondition,
    is_unsatisfiable,
    unavailable,
)
from ngc_pipelines.adapters.provisioning.proofs import GrowingProof, Proof, as_header, crc64
from ngc_pipelines.domain.errors import IntegrityFault, Unavailable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef, CopySourceTypeDef

MIB = 1 << 20
_RANGE_BYTES = 8 * MIB
LEAST_PART_BYTES = 5 * MIB  # of any part but the last
PART_BYTES = 8 * MIB
_PIECE_BYTES = 1 * MIB  # stays in a core's own cache while it is hashed
_MOST_PARTS = 9_000  # of the 10,000 that S3 allows
_BODY_TRIES = 4


class AlreadyThereError(Exception):
    """Something stands under the key already: an earlier run's or another run's object."""


class GoneError(Exception):
    """The object that was to be read is not there, or is not the one of that etag any more."""


@dataclass(frozen=True, slots=True)
class Written:
    """An object as it was written: its content's proof and the etag that the store gave it."""

    proof: Proof
    etag: str


@dataclass(frozen=True, slots=True)
class Found:
    """An object as it was met: its etag, its size in bytes, and its first bytes."""

    etag: str
    size: int
    data: bytes


def read_first(s3: S3Client, bucket: str, key: str, most: int, *, version: str | None = None) -> Found:
    """Look an object up and read its first bytes, at most so many, in one request.

    Raises GoneError where the object is not there; Unavailable where the store does not answer.
    """
    which: dict[str, Any] = {"Bucket": bucket, "Key": key}
    if version is not None:
        which["VersionId"] = version
    for last_try in (*[False] * (_BODY_TRIES - 1), True):
        try:
            answer = s3.get_object(**which, Range=f"bytes=0-{most - 1}")
            # Without the header the store sends the whole object, as some do with an empty one.
            whole = answer.get("ContentRange", f"/{answer['ContentLength']}")
            size = int(whole.rpartition("/")[2])
            with contextlib.closing(answer["Body"]) as body:
                data = body.read(most)
            if len(data) == min(most, size):
                return Found(answer["ETag"], size, data)
        except STORE_ERRORS as error:
            if is_absent(error):
                raise GoneError from None
            if is_unsatisfiable(error):
                return _empty(s3, which)
            if last_try:
                raise unavailable("An object was looked up", error) from None
    raise Unavailable(
        "An object was looked up",
        "the object store kept sending less than it announced",
        "It is tried again by itself.",
    )


def _empty(s3: S3Client, which: dict[str, Any]) -> Found:
    """An object without bytes, of which no range can be asked for."""
    try:
        answer = s3.head_object(**which)
    except STORE_ERRORS as error:
        if is_absent(error):
            raise GoneError from None
        raise unavailable("An object was looked up", error) from None
    return Found(answer["ETag"], answer["ContentLength"], b"")


def read_ranges(
    s3: S3Client, bucket: str, key: str, *, etag: str, size: int, start: int = 0, version: str | None = None
) -> Iterator[bytes]:
    """Read an object from `start` on, 8 MiB at a time, the next range on its way while the last one is used.

    Raises GoneError where the object is not there or is no longer the one of that etag and size; Unavailable where
    the store does not answer.
    """
    which: dict[str, Any] = {"Bucket": bucket, "Key": key, "IfMatch": etag}
    if version is not None:
        which["VersionId"] = version
    begins = range(start, size, _RANGE_BYTES)
    with ThreadPoolExecutor(1, thread_name_prefix="read") as ahead:
        coming: Future[bytes] | None = None
        for begin in begins:
            current = coming or ahead.submit(_read_range, s3, which, begin, size)
            following = begin + _RANGE_BYTES
            data = current.result()
            coming = ahead.submit(_read_range, s3, which, following, size) if following < size else None
            yield data


def _read_range(s3: S3Client, which: dict[str, Any], begin: int, size: int) -> bytes:
    end = min(begin + _RANGE_BYTES, size)
    for last_try in (*[False] * (_BODY_TRIES - 1), True):
        try:
            answer = s3.get_object(**which, Range=f"bytes={begin}-{end - 1}")
            with contextlib.closing(answer["Body"]) as body:
                data = body.read()
            if len(data) == end - begin:
                return data
            if not answer.get("ContentRange", "").endswith(f"/{size}"):
                raise GoneError
        except STORE_ERRORS as error:
            if is_absent(error) or is_precondition(error):
                raise GoneError from None
            if last_try:
                raise unavailable("An object was read", error) from None
    raise Unavailable(
        "An object was read", "the object store kept sending less than it announced", "It is tried again by itself."
    )


class ObjectWriter:
    """Writes objects under keys where nothing stands yet.

    checksums: whether the store knows CRC-64/NVME; then it checks every part itself while it receives it.
    """

    def __init__(self, s3: S3Client, bucket: str, *, checksums: bool) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._checksums = checksums

    def write(
        self,
        key: str,
        pieces: Iterable[bytes | bytearray],
        *,
        expected_bytes: int,
        before_publishing: Callable[[], None],
    ) -> Written:
        """Write the pieces as one object, which appears only once they have all been read.

        expected_bytes: about how many there will be; decides the size of parts. before_publishing: raises where the
        object must not appear after all. Whatever the pieces raise is passed on, and nothing is left behind.
        Raises AlreadyThereError, Unavailable.
        """
        part_bytes = max(PART_BYTES, -(-expected_bytes * 2 // _MOST_PARTS))
        growing = GrowingProof()
        parts = _parts(pieces, part_bytes)
        first = next(parts)
        growing.add(first)
        second = next(parts, None)
        if second is None:
            before_publishing()
            return Written(growing.proof(), self._put(key, first, growing))
        with self.multipart(key) as upload, ThreadPoolExecutor(1, thread_name_prefix="write") as behind:
            sending = behind.submit(upload.send, 1, first)
            for number, part in enumerate(chain([second], parts), start=2):
                growing.add(part)
                sending.result()
                sending = behind.submit(upload.send, number, part)
            sending.result()
            before_publishing()
            proof = growing.proof()
            return Written(proof, upload.complete(proof.crc64nvme))

    def multipart(self, key: str, *, summed: bool = True) -> MultipartUpload:
        """Begin an object of several parts; left without `complete`, nothing of it remains.

        summed: whether the store is to check parts by CRC, where it knows how. Not for parts that it copies itself:
        nobody tells it a CRC to check then, and computing one makes it read every part through its gateway, at more
        than twice the time.
        """
        return MultipartUpload(self._s3, self._bucket, key, checksums=self._checksums and summed)

    def _put(self, key: str, data: bytearray, growing: GrowingProof) -> str:
        extra: dict[str, Any] = {}
        if self._checksums:
            extra["ChecksumCRC64NVME"] = as_header(growing.proof().crc64nvme)
        try:
            answer = self._s3.put_object(
                Bucket=self._bucket,
                Key=key,
                Body=cast(bytes, data),
                IfNoneMatch="*",
                ContentType="application/octet-stream",
                **extra,
            )
        except STORE_ERRORS as error:
            if is_precondition(error):
                raise AlreadyThereError from None
            raise unavailable("An object was written", error) from None
        return answer["ETag"]


class MultipartUpload:
    """An object on its way in parts: sent by us, or copied by the store itself from another object."""

    def __init__(self, s3: S3Client, bucket: str, key: str, *, checksums: bool) -> None:
        self._s3 = s3
        self._at: dict[str, Any] = {"Bucket": bucket, "Key": key}
        self._checksums = checksums
        self._parts: dict[int, CompletedPartTypeDef] = {}
        self._completed = False

    def __enter__(self) -> MultipartUpload:
        extra: dict[str, Any] = (
            {"ChecksumAlgorithm": "CRC64NVME", "ChecksumType": "FULL_OBJECT"} if self._checksums else {}
        )
        try:
            answer = self._s3.create_multipart_upload(**self._at, ContentType="application/octet-stream", **extra)
        except STORE_ERRORS as error:
            raise unavailable("An object was begun", error) from None
        self._at["UploadId"] = answer["UploadId"]
        return self

    def __exit__(self, *_: object) -> None:
        if not self._completed:
            # Parts that stay behind after all are swept up when the environment is next worked on.
            with contextlib.suppress(*STORE_ERRORS):
                self._s3.abort_multipart_upload(**self._at)

    def send(self, number: int, data: bytes | bytearray) -> None:
        """Send a part; safe from several threads."""
        extra: dict[str, Any] = {"ChecksumCRC64NVME": as_header(crc64(data))} if self._checksums else {}
        try:
            answer = self._s3.upload_part(**self._at, PartNumber=number, Body=cast(bytes, data), **extra)
        except STORE_ERRORS as error:
            raise unavailable("A part of an object was written", error) from None
        self._parts[number] = {"ETag": answer["ETag"], "PartNumber": number}

    def copy(self, number: int, source: CopySourceTypeDef, etag: str, begin: int, end: int) -> None:
        """Let the store copy bytes `begin` to `end` (not included) of another object; safe from several threads.

        Raises GoneError where the source is gone or not the one of that etag.
        """
        try:
            answer = self._s3.upload_part_copy(
                **self._at,
                PartNumber=number,
                CopySource=source,
                CopySourceIfMatch=etag,
                CopySourceRange=f"bytes={begin}-{end - 1}",
            )
        except STORE_ERRORS as error:
            if is_absent(error) or is_precondition(error):
                raise GoneError from None
            raise unavailable("A part of an object was copied", error) from None
        self._parts[number] = {"ETag": answer["CopyPartResult"]["ETag"], "PartNumber": number}

    def complete(self, crc64nvme: str | None = None) -> str:
        """Put the parts together and give the object's etag; crc64nvme: of the whole, for the store to check."""
        extra: dict[str, Any] = {}
        if self._checksums and crc64nvme is not None:
            extra = {"ChecksumCRC64NVME": as_header(crc64nvme), "ChecksumType": "FULL_OBJECT"}
        try:
            answer = self._s3.complete_multipart_upload(
                **self._at,
                MultipartUpload={"Parts": [self._parts[number] for number in sorted(self._parts)]},
                IfNoneMatch="*",
                **extra,
            )
        except STORE_ERRORS as error:
            if is_precondition(error):
                raise AlreadyThereError from None
            raise unavailable("An object was put together", error) from None
        self._completed = True
        return answer["ETag"]


def read_through(s3: S3Client, bucket: str, key: str, *, etag: str, size: int) -> Iterator[bytes]:
    """Read a whole object in as few requests as it takes, in pieces of at most 1 MiB; for who uses them at once.

    An answer that breaks off is gone on with where it did. Costs half of what ranges cost.
    Raises GoneError where the object is not there or is no longer the one of that etag and size; Unavailable where
    the store does not answer, or breaks off time and again without getting further.
    """
    done = failures = 0
    while done < size:
        begun = done
        try:
            answer = s3.get_object(Bucket=bucket, Key=key, IfMatch=etag, Range=f"bytes={done}-{size - 1}")
            told = answer.get("ContentRange", f"bytes 0-/{answer['ContentLength']}")
            if not (told.startswith(f"bytes {done}-") and told.endswith(f"/{size}")):
                raise GoneError
            with contextlib.closing(answer["Body"]) as body:
                while data := body.read(min(_PIECE_BYTES, size - done)):
                    done += len(data)
                    yield data
        except STORE_ERRORS as error:
            if is_absent(error) or is_precondition(error) or is_unsatisfiable(error):
                raise GoneError from None
            if done == begun and failures + 1 >= _BODY_TRIES:
                raise unavailable("An object was read", error) from None
        failures = failures + 1 if done == begun else 0
        if failures >= _BODY_TRIES:
            raise Unavailable(
                "An object was read", "the object store kept sending nothing of it", "It is tried again by itself."
            )


def read_back(s3: S3Client, bucket: str, key: str, written_etag: str, size: int) -> Iterator[bytes]:
    """Read what was just written; raises IntegrityFault where it is not there any more."""
    try:
        yield from read_through(s3, bucket, key, etag=written_etag, size=size)
    except GoneError:
        raise IntegrityFault(
            "A copy was read back",
            "it is not there, or somebody else has changed it",
            "See who else writes into the environment's bucket before it is tried again.",
        ) from None


def _parts(pieces: Iterable[bytes | bytearray], part_bytes: int) -> Iterator[bytearray]:
    """Join pieces to parts of exactly that size; the last one may be shorter. At least one, which may be empty."""
    part = bytearray()
    for piece in pieces:
        view = memoryview(piece)
        while len(part) + len(view) > part_bytes:
            room = part_bytes - len(part)
            part += view[:room]
            view = view[room:]
            yield part
            part = bytearray()
        part += view
    yield part
