"""Which files there are to check: folders walked, nothing followed, nothing skipped in silence.

Names are shown with control characters escaped. What is no plain file is
told as an entry with a fault: symbolic links, pipes, devices, what may not be
read. The files themselves are opened in `checking`.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ngc_pipelines.disclosure.findings import Finding, Kind, Severity, Words

_READING = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_NOCTTY | os.O_CLOEXEC

_WHAT = {
    stat.S_IFLNK: Words("et symbolsk link", "a symbolic link"),
    stat.S_IFIFO: Words("en pipe", "a pipe"),
    stat.S_IFSOCK: Words("en socket", "a socket"),
    stat.S_IFCHR: Words("en enhed", "a device"),
    stat.S_IFBLK: Words("en enhed", "a device"),
    stat.S_IFDIR: Words("en mappe", "a folder"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One file to check.

    Args:
        file: where it is.
        shown: its path for people, relative to the folder that was asked for.
        fault: why it cannot be checked, or None.
    """

    file: Path
    shown: str
    fault: Finding | None = None


class NothingThere(ValueError):  # noqa: N818 - says what is wrong, as the other faults of the input do
    """A path that was asked for does not exist."""


def walk(paths: Sequence[Path]) -> Iterator[Entry]:
    """Every file under the paths, each folder's in the order of names.

    A single folder's files are shown relative to it; of several paths, as given.

    Raises:
        NothingThere: where one of the paths does not exist; before any entry.
    """
    missing = [str(path) for path in paths if not os.path.lexists(path)]
    if missing:
        raise NothingThere(f"no such file or folder: {', '.join(shown(path) for path in missing)}")
    return _walk(paths)


def shown(name: str) -> str:
    """A name on one line: control characters and bytes that are no text escaped."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in name)


def open_plainly(path: Path) -> int:
    """A descriptor of a plain file, without following links or waiting for pipes.

    Raises:
        OSError: where it cannot be read.
        ValueError: where it is no plain file.
    """
    descriptor = os.open(path, _READING)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    raise ValueError("not a plain file")


def cannot_check(why: Words, advice: Words) -> Finding:
    """The finding of a file that nobody could look into."""
    return Finding(
        rule="DC-1",
        kind=Kind.UNREADABLE,
        severity=Severity.BLOCK,
        where="the file",
        message=Words(f"Kan ikke kontrolleres: {why.da}.", f"Cannot be checked: {why.en}."),
        advice=advice,
    )


def not_plain(mode: int) -> Finding:
    """The finding of a link, pipe, socket or device."""
    what = _WHAT.get(stat.S_IFMT(mode), Words("ikke en almindelig fil", "not a plain file"))
    return cannot_check(
        what,
        Words("Læg en kopi af selve filen i stedet.", "Put a copy of the file itself in its place."),
    )


def not_permitted(fault: OSError) -> Finding:
    """The finding of what the system would not let one read."""
    reason = os.strerror(fault.errno) if fault.errno else type(fault).__name__
    return cannot_check(
        Words(f"systemet svarer »{reason}«", f"the system says “{reason}”"),
        Words("Giv læseadgang til filen, og kontrollér igen.", "Give permission to read it, and check again."),
    )


def _walk(paths: Sequence[Path]) -> Iterator[Entry]:
    alone = len(paths) == 1
    seen: set[tuple[int, int]] = set()
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            yield from _folder(path, "" if alone else str(path), seen)
        else:
            yield _entry(path, shown(path.name if alone else str(path)))


def _folder(top: Path, prefix: str, seen: set[tuple[int, int]]) -> Iterator[Entry]:
    waiting: list[tuple[Path, str]] = [(top, prefix)]
    while waiting:
        folder, name = waiting.pop()
        try:
            inside, folders = _listed(folder, seen)
        except OSError as fault:
            yield Entry(folder, shown(name or "."), not_permitted(fault))
            continue
        for file in inside:
            yield _entry(folder / file, shown(os.path.join(name, file)))  # noqa: PTH118 - only for people to read
        waiting += [(folder / one, os.path.join(name, one)) for one in reversed(folders)]  # noqa: PTH118 - as above


def _listed(folder: Path, seen: set[tuple[int, int]]) -> tuple[list[str], list[str]]:
    """Names of what lies in a folder: files and others, then folders; each folder once."""
    status = folder.stat(follow_symlinks=False)
    if (status.st_dev, status.st_ino) in seen:
        return [], []
    seen.add((status.st_dev, status.st_ino))
    files: list[str] = []
    folders: list[str] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            (folders if entry.is_dir(follow_symlinks=False) else files).append(entry.name)
    return sorted(files), sorted(folders)


def _entry(path: Path, name: str) -> Entry:
    try:
        mode = path.lstat().st_mode
    except OSError as fault:
        return Entry(path, name, not_permitted(fault))
    return Entry(path, name, None if stat.S_ISREG(mode) else not_plain(mode))
