"""The ledger of a project: tables that were released earlier (DC-6).

One JSON line a release, appended when the results leave; each line carries the
digest of the one before, so that a release cannot be taken out unseen. What is
asked for next is audited together with all of it.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ngc_pipelines.disclosure.tables.members import AnyTable, placed_in
from ngc_pipelines.disclosure.tables.stored import table_from_data, table_to_data

SCHEMA = "ngc.ledger/1"
BEGINNING = "sha256:" + "0" * 64


class BrokenLedger(ValueError):  # noqa: N818 - an answer about a file, told to the person who named it
    """The ledger is not what was written; says at which line."""


@dataclass(frozen=True, slots=True)
class Release:
    """The tables of one release.

    Args:
        name: the export request's reference.
        released: the day on which it left.
    """

    name: str
    released: date
    tables: tuple[AnyTable, ...]


def release_of(
    name: str,
    released: date,
    tables: Mapping[str, Sequence[Mapping[str, Any]]],
    approved: Collection[str] | None = None,
) -> Release:
    """The release of what a check found in the files that left.

    Args:
        tables: path of a file → its tables as plain data, as `Report.tables` has them.
        approved: the files that left; None for all.

    Raises:
        NotStored: where the data are no tables.
        ValueError: where a file left that was not checked with the others.
    """
    if approved is not None and (strange := set(approved) - set(tables)):
        # A file without tables has an entry too: none is a file that nobody looked into.
        raise ValueError(f"{len(strange)} of the files that left were not in the check")
    left = [path for path in sorted(tables) if approved is None or path in approved]
    return Release(
        name, released, tuple(placed_in(table_from_data(data), path) for path in left for data in tables[path])
    )


def read_ledger(path: Path, *, newest: str | None = None) -> tuple[Release, ...]:
    """Every release, oldest first; none where the file does not exist yet.

    Args:
        newest: the digest that the last `add_release` gave; without it nobody
            can tell whether the newest releases were cut off.

    Raises:
        BrokenLedger: where a line was changed, left out or moved, or was written
            by another version.
        OSError: where it cannot be read: an unreadable ledger is not an empty one.
    """
    lines = _lines(path)
    releases: list[Release] = []
    before = BEGINNING
    for number, line in enumerate(lines, start=1):
        releases.append(_release(line, number, before))
        before = _digest(line)
    if newest is not None and newest != before:
        raise BrokenLedger("its newest release is not the one that was written last; releases were cut off or added")
    return tuple(releases)


def _lines(path: Path) -> list[str]:
    if not path.exists():
        return []
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as fault:
        raise BrokenLedger(f"byte {fault.start} is no text in UTF-8; it is no ledger") from fault
    if not text.strip():
        raise BrokenLedger("it is empty; a ledger begins with its first release, and none has no file")
    # Not `splitlines`: labels may hold separators that it takes for ends of lines.
    return text.removesuffix("\n").split("\n")


def _release(line: str, number: int, before: str) -> Release:
    try:
        data = json.loads(line)
        schema = data["schema"]
        if schema != SCHEMA:
            version = f" ({schema})" if isinstance(schema, str) and schema.startswith("ngc.ledger/") else ""
            raise BrokenLedger(f"line {number} was written by another version{version}; this one reads {SCHEMA}")
        if data["before"] != before:
            raise BrokenLedger(
                f"line {number} does not follow the one before it: a release was changed, left out or moved"
            )
        tables = tuple(table_from_data(table) for table in data["tables"])
        return Release(_text(data["name"]), date.fromisoformat(data["released"]), tables)
    except BrokenLedger:
        raise
    except (ValueError, KeyError, TypeError, RecursionError) as fault:
        raise BrokenLedger(f"line {number} is no release: {type(fault).__name__}") from fault


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("expected a text")
    return value


def add_release(path: Path, release: Release) -> str:
    """Append a release and give its line's digest; the same release again changes nothing.

    Called when the results have left, by one process at a time; others wait.

    Raises:
        BrokenLedger, OSError: as `read_ledger`; nothing is written then.
    """
    # As it will be read again, so that a release is known for the same whatever was shortened.
    release = Release(release.name, release.released, tuple(_kept(table) for table in release.tables))
    with _alone(path.parent):
        releases = read_ledger(path)
        lines = _lines(path)
        for line, earlier in zip(lines, releases, strict=True):
            if earlier == release:
                return _digest(line)
        line = _line(release, _digest(lines[-1]) if lines else BEGINNING)
        _write(path, [*lines, line])
    return _digest(line)


def _kept(table: AnyTable) -> AnyTable:
    return table_from_data(table_to_data(table))


def _line(release: Release, before: str) -> str:
    entry = {
        "schema": SCHEMA,
        "name": release.name,
        "released": release.released.isoformat(),
        "before": before,
        "tables": [table_to_data(table) for table in release.tables],
    }
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":"))


def _write(path: Path, lines: Sequence[str]) -> None:
    """Beside and moved into place: a ledger cut in the middle of a line would stop every later request."""
    beside = path.with_name(path.name + ".new")
    with beside.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write("".join(f"{line}\n" for line in lines))
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(path)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One writer at a time: of two at once, one release would be lost."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def tables_of(releases: Sequence[Release]) -> list[AnyTable]:
    """The tables of all releases, in order."""
    return [table for release in releases for table in release.tables]


def _digest(line: str) -> str:
    return "sha256:" + hashlib.sha256(line.encode()).hexdigest()
