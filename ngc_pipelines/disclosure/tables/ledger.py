"""The ledger of a project: tables that were released earlier (DC-6).

One JSON line a release, appended when the results leave; each line carries the
digest of the one before, so that a release cannot be taken out unseen. What is
asked for next is audited together with all of it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ngc_pipelines.disclosure.tables.members import AnyTable
from ngc_pipelines.disclosure.tables.stored import NotStored, table_from_data, table_to_data

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


def read_ledger(path: Path) -> tuple[Release, ...]:
    """Every release, oldest first; none where the file does not exist yet.

    Raises:
        BrokenLedger: where a line was changed, left out or moved.
        OSError: where it cannot be read: an unreadable ledger is not an empty one.
    """
    if not path.exists():
        return ()
    releases: list[Release] = []
    before = BEGINNING
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            data = json.loads(line)
            if data["schema"] != SCHEMA or data["before"] != before:
                raise BrokenLedger(f"line {number} does not follow the one before it")
            tables = tuple(table_from_data(table) for table in data["tables"])
            releases.append(Release(str(data["name"]), date.fromisoformat(data["released"]), tables))
        except (json.JSONDecodeError, KeyError, TypeError, NotStored) as fault:
            raise BrokenLedger(f"line {number} is no release: {type(fault).__name__}") from fault
        before = _digest(line)
    return tuple(releases)


def add_release(path: Path, release: Release) -> str:
    """Append a release and give its line's digest; the same release again changes nothing.

    Raises:
        BrokenLedger, OSError: as `read_ledger`; nothing is written then.
    """
    releases = read_ledger(path)
    lines = path.read_text(encoding="utf-8").splitlines() if releases else []
    for line, earlier in zip(lines, releases, strict=True):
        if earlier == release:
            return _digest(line)
    entry = {
        "schema": SCHEMA,
        "name": release.name,
        "released": release.released.isoformat(),
        "before": _digest(lines[-1]) if lines else BEGINNING,
        "tables": [table_to_data(table) for table in release.tables],
    }
    line = json.dumps(entry, ensure_ascii=False, separators=(",", ":"))
    # Written beside and moved into place: a ledger cut in the middle of a line would stop every later request.
    beside = path.with_name(path.name + ".new")
    with beside.open("w", encoding="utf-8") as stream:
        stream.write("".join(f"{old}\n" for old in [*lines, line]))
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(path)
    return _digest(line)


def tables_of(releases: Sequence[Release]) -> list[AnyTable]:
    """The tables of all releases, in order."""
    return [table for release in releases for table in release.tables]


def _digest(line: str) -> str:
    return "sha256:" + hashlib.sha256(line.encode()).hexdigest()
