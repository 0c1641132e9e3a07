"""The check of files and folders: walk, judge each in confinement, report.

The public way into the checker. One bad file never stops the others: whatever
happens to it, in the file system or in the process that judges it, becomes a
finding. Nothing here parses what a file holds.
"""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from importlib import metadata
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from ngc_pipelines.disclosure import manifest as manifests
from ngc_pipelines.disclosure.confinement.pool import Answer, Foundry, Pool, broken
from ngc_pipelines.disclosure.findings import Finding, Words
from ngc_pipelines.disclosure.identifiers.known import KnownIdentifiers
from ngc_pipelines.disclosure.identifiers.masking import mask_identifiers
from ngc_pipelines.disclosure.manifest import Result
from ngc_pipelines.disclosure.policy import DEFAULT_POLICY, Policy
from ngc_pipelines.disclosure.results import FileResult, Report, Unread
from ngc_pipelines.disclosure.tables_together import with_tables_together
from ngc_pipelines.disclosure.walking import Entry, cannot_check, not_permitted, open_plainly, walk

if TYPE_CHECKING:
    from ngc_pipelines.disclosure.tables.ledger import Release

Progress = Callable[[FileResult], None]


def check(
    paths: Sequence[Path],
    *,
    as_of: date,
    policy: Policy = DEFAULT_POLICY,
    known_ids: KnownIdentifiers | None = None,
    manifest: Iterable[Result] | None = None,
    skip: Iterable[Path] = (),
    earlier: Sequence[Release] = (),
    workers: int | None = None,
    progress: Progress | None = None,
) -> Report:
    """Check files and folders, and say what was found (DC-1 to DC-9).

    Args:
        paths: files or folders.
        as_of: the day of the judgement.
        manifest: what the researcher declares; None where there is no manifest to hold against.
        skip: files that are no results, as the manifest itself.
        earlier: tables released to the same project before; audited together with these.
        workers: files judged at a time; by default one a core.
        progress: is told of every file when it is done.

    Raises:
        NothingThere: where a path does not exist.
    """
    declared = None if manifest is None else manifests.declared(manifest)
    left_out = {_standing(Path(path)) for path in skip}
    entries = (entry for entry in walk(paths) if not left_out or _standing(entry.file) not in left_out)
    files: list[FileResult] = []
    sealed = True
    size = workers or _cores()
    with Pool(size, policy, as_of, known_ids) as pool, ThreadPoolExecutor(size) as threads:
        checker = _Checker(pool, known_ids, declared)
        for result, confined in _in_order(threads, checker.check, entries, ahead=4 * size):
            sealed = sealed and confined
            files.append(result)
            if progress:
                progress(result)
    files += [_absent(path, known_ids) for path in checker.undelivered()]
    if checker.tables:
        files = with_tables_together(files, checker.tables, earlier, policy, known_ids)
    carried = {result.path: checker.tables.get(result.path, ()) for result in files if result.sha256}
    return Report(policy, version(), tuple(files), sealed, carried)


def _standing(file: Path) -> Path:
    """Where a name stands; a link to a file that is left out is not that file."""
    return file.parent.resolve() / file.name


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def version() -> str:
    """The version of this checker, as it stands in reports."""
    try:
        return metadata.version("ngc-pipelines")
    except metadata.PackageNotFoundError:
        return "unknown"


@dataclass(slots=True)
class _Checker:
    pool: Pool
    known_ids: KnownIdentifiers | None
    declared: Mapping[str, Result] | None
    delivered: set[str] = field(default_factory=set)
    tables: dict[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)

    def check(self, entry: Entry) -> tuple[FileResult, bool]:
        """One file's result, and whether it was judged in full confinement."""
        path = mask_identifiers(entry.shown, self.known_ids)
        if entry.fault is None:
            try:
                descriptor = open_plainly(entry.file)
            except OSError as fault:
                entry = replace(entry, fault=not_permitted(fault))
            except ValueError:
                entry = replace(entry, fault=_CHANGED)
            else:
                try:
                    return self._judged(entry, path, descriptor)
                finally:
                    os.close(descriptor)
        assert entry.fault is not None
        found = (entry.fault, *self._against_manifest(entry.shown, None))
        return FileResult(path, "", 0, "unknown", found, (Unread("the file", entry.fault.message.en),)), True

    def undelivered(self) -> list[str]:
        """Paths of the manifest whose files were not there."""
        return sorted(path for path in self.declared or () if path not in self.delivered)

    def _judged(self, entry: Entry, path: str, descriptor: int) -> tuple[FileResult, bool]:
        before = os.fstat(descriptor)
        foundry = self.pool.borrow()
        alive = False
        try:
            answer, digest = _asked(foundry, descriptor, entry.file)
            alive = True
        except OSError as fault:
            answer, digest = Answer(broken(f"the process that read it was lost: {type(fault).__name__}"), True), ""
        finally:
            self.pool.give_back(foundry, broken=not alive)
        after = os.fstat(descriptor)
        judgement = answer.judgement
        if judgement.tables:
            self.tables[path] = judgement.tables
        findings = [*judgement.findings, *self._against_manifest(entry.shown, digest)]
        not_read = judgement.not_read
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            findings.append(_CHANGED)
            not_read = (*not_read, Unread("the file", "changed while it was read"))
        findings.sort(key=lambda finding: -finding.severity)
        result = FileResult(path, digest, before.st_size, judgement.type, tuple(findings), not_read)
        return result, answer.sealed

    def _against_manifest(self, name: str, digest: str | None) -> Iterator[Finding]:
        if self.declared is None:
            return
        result = self.declared.get(name)
        if result is None:
            yield manifests.not_declared()
            return
        self.delivered.add(name)
        if result.sha256 and digest is not None and digest != result.sha256:
            yield manifests.other_bytes()


_CHANGED = cannot_check(
    Words("filen blev ændret under kontrollen", "the file changed while it was checked"),
    Words("Kontrollér igen, når filen ligger stille.", "Check again when nothing writes to the file."),
)


def _asked(foundry: Foundry, descriptor: int, file: Path) -> tuple[Answer, str]:
    foundry.ask(descriptor, file.name, extension_of(file))
    # The digest is taken here, not by the process that parsed the file: what is approved is these bytes.
    digest = _sha256(descriptor)
    return foundry.answer(), digest


def extension_of(file: PurePath) -> str:
    """The extension that counts: the last, in lower case, without its dot."""
    return file.suffix.lower().lstrip(".")


def _sha256(descriptor: int) -> str:
    digest = hashlib.sha256()
    at = 0
    while block := os.pread(descriptor, 1 << 20, at):
        digest.update(block)
        at += len(block)
    return digest.hexdigest()


def _absent(path: str, known_ids: KnownIdentifiers | None) -> FileResult:
    return FileResult(mask_identifiers(path, known_ids), "", 0, "unknown", (manifests.missing(),))


def _in_order(
    threads: ThreadPoolExecutor,
    work: Callable[[Entry], tuple[FileResult, bool]],
    entries: Iterable[Entry],
    *,
    ahead: int,
) -> Iterator[tuple[FileResult, bool]]:
    """Results in the order of the entries, with no more than `ahead` of them begun."""
    begun: deque[Future[tuple[FileResult, bool]]] = deque()
    try:
        for entry in entries:
            begun.append(threads.submit(work, entry))
            if len(begun) >= ahead:
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()
    finally:
        for future in begun:
            with suppress(Exception):
                future.cancel()
