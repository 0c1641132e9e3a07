"""Copying one file into an environment, without its source's names, and proving that the copy is right (EN-5, EN-6).

Two ways. `HEADERS`: through us, decompressed, every read header rewritten, compressed again. `NAMES`: by the store
itself; only a file's first bytes come through us, where its gzip head tells a name.
Both end in a proof: the source's bytes are what was reported, and the object that stands there is what was written,
read back whole. Where a run was stopped between the two, `Copier.copy` proves what stands there instead of writing it
again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from ngc_pipelines.adapters.object_store.faults import store_answers
from ngc_pipelines.adapters.provisioning.gzip_streams import (
    PLAIN_HEAD,
    deflate,
    inflate,
    later_member_tells,
    made_ahead,
    read_head,
    rewrite_headers,
)
from ngc_pipelines.adapters.provisioning.objects import (
    LEAST_PART_BYTES,
    MIB,
    AlreadyThereError,
    GoneError,
    ObjectWriter,
    Written,
    read_back,
    read_first,
    read_ranges,
)
from ngc_pipelines.adapters.provisioning.planning import PlannedFile
from ngc_pipelines.adapters.provisioning.proofs import GrowingProof, Proof, ReportedChecksum
from ngc_pipelines.adapters.provisioning.read_headers import HeaderRewriter
from ngc_pipelines.domain.environments import ProvisioningPolicy, SnapshotFile
from ngc_pipelines.domain.errors import IntegrityFault, Unavailable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CopySourceTypeDef

# Up to here one request through us is as quick as the three that the store needs to copy in parts.
_SMALL_BYTES = 16 * MIB
# As large as a busy store copies well within a request's time-out.
_COPIED_PART_BYTES = 128 * MIB
# What is sent by us costs the store twice what it copies itself: as little as a part may have, and room for a head.
_FIRST_BYTES = LEAST_PART_BYTES + MIB // 8
_COPIED_AT_ONCE = 4
# A head of a member has 10 bytes; one that begins at the end of a range is seen with the start of the next.
_HEAD_OVERLAP = 16


class SourceFault(IntegrityFault):
    """A source object is not what was reported; others of the cohort may still be copied."""


class LaterMemberTellsError(Exception):
    """A gzip file of several members carries a name in a later one: it has to be compressed anew."""


@dataclass(frozen=True, slots=True)
class Source:
    """A source object as it was found: `etag` pins it, so that a change while it is read is noticed.

    first: its first bytes, a little more than the least part has, which came with the answer.
    """

    file: PlannedFile
    etag: str
    first: bytes
    head_length: int
    tells: bool

    def checksum(self) -> ReportedChecksum:
        """The checksum that it was reported with."""
        reported = self.file.source
        return ReportedChecksum(reported.sha256, reported.md5, reported.etag)


class Copier:
    """Copies files into one environment's bucket; safe to share between threads.

    rewriter: with the project's key. before_publishing: called before an object may appear; raises where the case is
    no longer ours.
    """

    def __init__(
        self,
        s3: S3Client,
        bucket: str,
        policy: ProvisioningPolicy,
        rewriter: HeaderRewriter,
        *,
        checksums: bool = True,
        before_publishing: Callable[[], None],
    ) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._policy = policy
        self._rewriter = rewriter
        self._writer = ObjectWriter(s3, bucket, checksums=checksums)
        self._before_publishing = before_publishing

    def copy(self, file: PlannedFile, *, standing: bool = False) -> SnapshotFile:
        """Copy one file and prove it; what stands under its key already is proved and kept, or replaced.

        standing: something is known to stand there, so it is not written only to find that out.
        Raises IntegrityFault where the source is missing, truncated or changed, or the copy is not what was written;
        Unavailable where the store does not answer. In both cases nothing unproved counts as copied.
        """
        source = self.find(file)
        if standing:
            return self._adopt(source)
        try:
            return self._place_and_prove(source)
        except AlreadyThereError:
            return self._adopt(source)

    def find(self, file: PlannedFile) -> Source:
        """Look the source up; raises IntegrityFault where it is not what was reported."""
        reported = file.source
        try:
            found = read_first(self._s3, reported.bucket, reported.key, _FIRST_BYTES, version=reported.version)
        except GoneError:
            raise source_fault(file, "it is missing from the object store") from None
        if found.size != file.size:
            raise source_fault(file, "its size is not the reported one")
        if reported.etag is not None and reported.etag.strip('"') != found.etag.strip('"'):
            raise source_fault(file, "it was changed since it was reported")
        if not file.is_gzip or self._policy is ProvisioningPolicy.HEADERS:
            return Source(file, found.etag, found.data, 0, tells=False)
        try:
            parsed = read_head(found.data)
        except IntegrityFault as fault:
            raise source_fault(file, fault.why) from None
        return Source(file, found.etag, found.data, parsed.length, parsed.tells)

    def place(self, source: Source) -> tuple[Written | str, bool]:
        """Put the copy under its key. Gives what was written, or its etag where the store copied it; and whether the
        copy has the source's own bytes behind the head."""
        if self._policy is ProvisioningPolicy.HEADERS:
            return self._write(source, self._rewritten(source)), False
        if source.file.size <= _SMALL_BYTES or source.head_length > MIB // 8:
            return self._write(source, self._renamed(source)), True
        return self._copied_by_store(source), True

    def prove(self, source: Source, written: Written | str, *, plain: bool) -> SnapshotFile:
        """Read the copy back whole and hold it against what was written and what was reported.

        plain: the copy has the source's bytes behind its head; then the source is proved by the copy itself.
        Raises LaterMemberTellsError, IntegrityFault.
        """
        file = source.file
        etag = written if isinstance(written, str) else written.etag
        size = file.size if isinstance(written, str) else written.proof.size
        if isinstance(written, str) and source.tells:
            size = file.size - source.head_length + len(PLAIN_HEAD)
        growing, reported = GrowingProof(), source.checksum()
        skipped = len(PLAIN_HEAD) if source.tells else 0
        same_bytes = reported.by_sha256 and not source.tells
        if plain and source.tells:
            reported.add(source.first[: source.head_length])
        tail = b""
        for number, data in enumerate(read_back(self._s3, self._bucket, file.key, etag, size)):
            growing.add(data)
            if plain:
                if not same_bytes:
                    reported.add(memoryview(data)[skipped if number == 0 else 0 :])
                # Behind the head, so that the first member's own is not taken for a later one.
                first = len(PLAIN_HEAD) if number == 0 else 0
                if file.is_gzip and (
                    later_member_tells(tail + data[:_HEAD_OVERLAP], first) or later_member_tells(data, first)
                ):
                    raise LaterMemberTellsError
                tail = data[-_HEAD_OVERLAP:]
        proof = growing.proof()
        if plain and not (reported.agrees(proof) if same_bytes else reported.holds()):
            self._discard(file.key)
            raise source_fault(file, "its checksum is not the reported one")
        if isinstance(written, Written) and proof != written.proof:
            raise IntegrityFault(
                f"The copy of file {file.file_id} of the genome database was read back",
                "it is not what was written",
                "Look at the object store's disks; the next attempt writes the copy again.",
            )
        return SnapshotFile(
            key=file.key,
            size=proof.size,
            sha256=proof.sha256,
            crc64nvme=proof.crc64nvme,
            etag=etag.strip('"'),
            person=file.person,
            sample=file.sample,
        )

    def _adopt(self, source: Source) -> SnapshotFile:
        """Prove what an earlier run left under the key, without writing it again; replace it where it is not right."""
        key = source.file.key
        with store_answers("A copy of an earlier run was looked up"):
            found = self._s3.head_object(Bucket=self._bucket, Key=key)
        try:
            if self._policy is ProvisioningPolicy.NAMES:
                expected = source.file.size + (len(PLAIN_HEAD) - source.head_length if source.tells else 0)
                if found["ContentLength"] == expected:
                    return self.prove(source, found["ETag"], plain=True)
            elif (proof := self._proof_of_rewriting(source)).size == found["ContentLength"]:
                return self.prove(source, Written(proof, found["ETag"]), plain=False)
        except (IntegrityFault, LaterMemberTellsError):
            # Where the source is at fault, writing it anew says so again.
            pass
        self._discard(key)
        try:
            return self._place_and_prove(source)
        except AlreadyThereError:
            raise Unavailable(
                f"File {source.file.file_id} of the genome database was copied",
                "somebody else writes its copy at the same time",
                "It is tried again by itself, once the other run has ended.",
            ) from None

    def _place_and_prove(self, source: Source) -> SnapshotFile:
        written, plain = self.place(source)
        try:
            return self.prove(source, written, plain=plain)
        except LaterMemberTellsError:
            self._discard(source.file.key)
            return self.prove(source, self._recompress(source), plain=False)

    def _proof_of_rewriting(self, source: Source) -> Proof:
        growing = GrowingProof()
        for data in self._rewritten(source):
            growing.add(data)
        return growing.proof()

    def _rewritten(self, source: Source) -> Iterator[bytes]:
        return deflate(made_ahead(rewrite_headers(inflate(self._read_checked(source)), self._rewriter)))

    def _renamed(self, source: Source) -> Iterator[bytes]:
        """The source's bytes, behind a head that tells nothing."""
        pieces = self._read_checked(source)
        if not source.tells:
            return pieces
        first = next(pieces)
        return chain([PLAIN_HEAD + first[source.head_length :]], pieces)

    def _recompress(self, source: Source) -> Written:
        return self._write(source, deflate(inflate(self._read_checked(source))))

    def _write(self, source: Source, pieces: Iterator[bytes]) -> Written:
        try:
            return self._writer.write(
                source.file.key,
                pieces,
                expected_bytes=source.file.size,
                before_publishing=self._before_publishing,
            )
        except SourceFault:
            raise
        except IntegrityFault as fault:
            raise source_fault(source.file, fault.why) from None

    def _copied_by_store(self, source: Source) -> str:
        """Copy inside the store: the first part through us where the head tells, the rest by range."""
        file = source.file
        at: CopySourceTypeDef = {"Bucket": file.source.bucket, "Key": file.source.key}
        if file.source.version is not None:
            at["VersionId"] = file.source.version
        with self._writer.multipart(file.key, summed=False) as upload:
            begin, number = 0, 1
            if source.tells:
                begin, number = len(source.first), 2
                upload.send(1, PLAIN_HEAD + source.first[source.head_length :])
            part = max(_COPIED_PART_BYTES, -(-file.size // 9_000))
            # All but the first begin where the store mostly cuts objects: they are then copied in whole pieces.
            ends = [*range(part, file.size, part), file.size]
            ranges = list(zip([begin, *ends[:-1]], ends, strict=True))
            if len(ranges) > 1 and ranges[-1][1] - ranges[-1][0] < LEAST_PART_BYTES:
                # Not every store takes a last part that small; two parts at the end become one.
                ranges[-2:] = [(ranges[-2][0], ranges[-1][1])]
            with ThreadPoolExecutor(_COPIED_AT_ONCE, thread_name_prefix="copy") as pool:
                copying = [
                    pool.submit(upload.copy, number + place, at, source.etag, *span)
                    for place, span in enumerate(ranges)
                ]
                try:
                    for done in copying:
                        done.result()
                except GoneError:
                    raise source_fault(file, "it was changed while it was copied") from None
            self._before_publishing()
            return upload.complete()

    def _read_checked(self, source: Source) -> Iterator[bytes]:
        """The source's bytes; raises at their end where they are not the reported ones, before anything appears."""
        checksum = source.checksum()
        for data in self._read(source):
            checksum.add(data)
            yield data
        if not checksum.holds():
            raise source_fault(source.file, "its checksum is not the reported one")

    def _read(self, source: Source) -> Iterator[bytes]:
        """The source's bytes: those that are there already, then the rest from the store."""
        file, reported = source.file, source.file.source
        yield source.first
        try:
            yield from read_ranges(
                self._s3,
                reported.bucket,
                reported.key,
                etag=source.etag,
                start=len(source.first),
                size=file.size,
                version=reported.version,
            )
        except GoneError:
            raise source_fault(file, "it was changed while it was read") from None

    def _discard(self, key: str) -> None:
        """Remove every version under a key of the environment."""
        remove_versions(self._s3, self._bucket, key)


def remove_versions(s3: S3Client, bucket: str, key: str) -> None:
    """Remove an object for good: its versions and its delete markers, not only what is seen of it."""
    with store_answers("A copy was removed"):
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=key):
            for entry in chain(page.get("Versions", []), page.get("DeleteMarkers", [])):
                if entry["Key"] == key:
                    s3.delete_object(Bucket=bucket, Key=key, VersionId=entry["VersionId"])


def source_fault(file: PlannedFile, why: str) -> SourceFault:
    """The fault of a source, which is named by its number: its key is a sample's name."""
    return SourceFault(
        f"File {file.file_id} of the genome database was copied",
        why,
        "Nothing of it was exhibited. Hold the object against its report, and have it reported again where it differs.",
    )
