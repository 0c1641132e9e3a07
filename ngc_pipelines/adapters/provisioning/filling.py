"""Filling an environment: bringing its bucket to the plan, with as little work as what stands there allows.

Here: removing what is not planned, copying what is missing with several workers, noting what is proved. Not here: how
one file is copied (`copying`), and when the environment is opened (`provisioner`).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from ngc_pipelines.adapters.object_store.faults import store_answers
from ngc_pipelines.adapters.provisioning.copying import Copier, SourceFault, remove_versions
from ngc_pipelines.adapters.provisioning.journal import Journal
from ngc_pipelines.adapters.provisioning.objects import AlreadyThereError, ObjectWriter
from ngc_pipelines.adapters.provisioning.planning import Plan, PlannedFile, named
from ngc_pipelines.adapters.provisioning.proofs import GrowingProof
from ngc_pipelines.adapters.provisioning.verification import objects_in
from ngc_pipelines.domain.environments import ProvisioningPolicy, SnapshotFile
from ngc_pipelines.domain.errors import IntegrityFault

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# The one file of an environment that has no source: `sha256sum --check SHA256SUMS` in its folder.
CHECKSUM_LIST = "genome/SHA256SUMS"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a provisioning is: files and bytes of the sources that stand proved, of how many."""

    files_done: int
    files: int
    bytes_done: int
    bytes: int


class Filler:
    """Fills one environment's bucket.

    workers: files copied at a time. keep_lease: raises where the case is not ours any more.
    """

    def __init__(
        self,
        s3: S3Client,
        bucket: str,
        journal: Journal,
        policy: ProvisioningPolicy,
        *,
        workers: int,
        keep_lease: Callable[[], None],
        progress: Callable[[Progress], None],
    ) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._journal = journal
        self._policy = policy
        self._workers = workers
        self._keep_lease = keep_lease
        self._progress = progress

    def fill(self, plan: Plan, copier: Copier) -> tuple[SnapshotFile, ...]:
        """Bring the bucket to the plan and give every file that stands in it, all proved.

        Raises IntegrityFault naming every source that is at fault, after all others were copied; Unavailable.
        """
        present = self._sweep({file.key for file in plan.files})
        done: list[SnapshotFile] = []
        missing: list[PlannedFile] = []
        entries = self._journal.entries() if present else {}
        for file in plan.files:
            entry = entries.get(file.key)
            if entry is not None and self._stands(file, *entry, present):
                done.append(entry[0])
            else:
                missing.append(file)
        done += self._copy(plan, missing, copier, present)
        done.append(self._list_checksums(done, present))
        return tuple(done)

    def _sweep(self, planned: set[str]) -> dict[str, tuple[str, int]]:
        """Remove what is not planned (whose person entered VAR, say), every version of it; give what remains."""
        present = objects_in(self._s3, self._bucket)
        for key in sorted(present.keys() - planned - {CHECKSUM_LIST}):
            self._keep_lease()
            # First the entry: an entry without its file is noticed, a file without entry is proved anew.
            self._journal.forget(key)
            remove_versions(self._s3, self._bucket, key)
            del present[key]
        return present

    def _stands(
        self, file: PlannedFile, proved: SnapshotFile, fingerprint: str, present: Mapping[str, tuple[str, int]]
    ) -> bool:
        return fingerprint == file.fingerprint(self._policy) and present.get(file.key) == (proved.etag, proved.size)

    def _copy(
        self, plan: Plan, missing: list[PlannedFile], copier: Copier, present: Mapping[str, tuple[str, int]]
    ) -> list[SnapshotFile]:
        copied: list[SnapshotFile] = []
        faults: list[tuple[PlannedFile, SourceFault]] = []
        files_done, bytes_done = len(plan.files) - len(missing), plan.size_bytes - sum(file.size for file in missing)
        # The largest first: a whole genome begun last would keep one worker busy and the others waiting.
        rest = iter(sorted(missing, key=lambda file: -file.size))
        running: dict[Future[SnapshotFile], PlannedFile] = {}
        with ThreadPoolExecutor(self._workers, thread_name_prefix="provision") as pool:
            try:
                while True:
                    for file in islice(rest, self._workers * 2 - len(running)):
                        running[pool.submit(self._copy_one, file, copier, file.key in present)] = file
                    if not running:
                        break
                    finished, _ = wait(running, return_when=FIRST_COMPLETED)
                    for future in finished:
                        file = running.pop(future)
                        try:
                            copied.append(future.result())
                        except SourceFault as fault:
                            faults.append((file, fault))
                            continue
                        files_done, bytes_done = files_done + 1, bytes_done + file.size
                        self._progress(Progress(files_done, len(plan.files), bytes_done, plan.size_bytes))
            except BaseException:
                # What is under way is finished and noted; what has not begun is left to the next run.
                for future in running:
                    future.cancel()
                raise
        if faults:
            raise _all_faults(faults)
        return copied

    def _copy_one(self, file: PlannedFile, copier: Copier, standing: bool) -> SnapshotFile:
        self._keep_lease()
        copied = copier.copy(file, standing=standing)
        self._journal.proved(copied, file.fingerprint(self._policy))
        return copied

    def _list_checksums(self, files: Iterable[SnapshotFile], present: Mapping[str, tuple[str, int]]) -> SnapshotFile:
        """Write the list of checksums, in the form that `sha256sum` reads: it stands in for the sources' sidecars."""
        folder = CHECKSUM_LIST.rpartition("/")[0] + "/"
        lines = (f"{file.sha256}  {file.key.removeprefix(folder)}\n" for file in sorted(files))
        data = "".join(lines).encode()
        if CHECKSUM_LIST in present:
            with store_answers("The list of checksums was read"):
                old = self._s3.get_object(Bucket=self._bucket, Key=CHECKSUM_LIST)["Body"].read()
            if old != data:
                remove_versions(self._s3, self._bucket, CHECKSUM_LIST)
        writer = ObjectWriter(self._s3, self._bucket, checksums=False)
        with contextlib.suppress(AlreadyThereError):
            writer.write(CHECKSUM_LIST, [data], expected_bytes=len(data), before_publishing=self._keep_lease)
        return self._listed(data)

    def _listed(self, data: bytes) -> SnapshotFile:
        growing = GrowingProof()
        growing.add(data)
        proof = growing.proof()
        with store_answers("The list of checksums was read"):
            found = self._s3.get_object(Bucket=self._bucket, Key=CHECKSUM_LIST)
            same = found["Body"].read() == data
        if not same:
            raise IntegrityFault(
                "The list of checksums was read back",
                "it is not what was written",
                "See who else writes into the environment's bucket before it is tried again.",
            )
        return SnapshotFile(CHECKSUM_LIST, proof.size, proof.sha256, proof.crc64nvme, found["ETag"].strip('"'))


def _all_faults(faults: list[tuple[PlannedFile, SourceFault]]) -> IntegrityFault:
    """One fault that names every source, grouped by what is wrong with it."""
    by_reason: dict[str, list[int]] = {}
    for file, fault in faults:
        by_reason.setdefault(fault.why, []).append(file.file_id)
    why = "; ".join(f"{reason}: file {named(numbers)}" for reason, numbers in sorted(by_reason.items()))
    return IntegrityFault("The files of the genome database were copied", why, faults[0][1].remedy)
