"""Ends a site's processes when the process that started them is gone, however it went.

Runs as `python guardian.py` and imports the standard library alone. Each line of its input is
`["add", PROCESS, ...]` or `["drop", GROUP]` in JSON; the end of its input means that its parent has ended, by
`kill -9` too, and that everything still listed must go. What belongs to a child of the site (`Family`) is said here.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

PROC = Path("/proc")
GRACE_SECONDS = 5.0
# What was killed may have gigabytes of memory to give back first.
DYING_SECONDS = 30.0


@dataclass(frozen=True)
class Family:
    """A child of the site and what it has started: its process group, and those who lead groups of their own.

    PostgreSQL's backends do, so that killing the group of a dead postmaster misses them; a busy one goes on for as
    long as its statement takes, and no new postmaster starts before it has ended. They are known by what nobody else
    has: this very program at work in this very folder.

    Args:
        group: the process id of the child, which leads the group.
        program: the executable of those who have left the group; empty where none do.
        folder: their working directory.
    """

    group: int
    program: str = ""
    folder: str = ""
    stop_signal: int = signal.SIGTERM

    def members(self) -> set[int]:
        """The process ids of all that run; a zombie does not."""
        return {pid for pid in _processes() if self._has(pid)}

    def _has(self, pid: int) -> bool:
        state, group = _state_and_group(pid)
        if state in ("Z", "X", ""):
            return False
        return group == self.group or (self.program != "" and _works_in(pid, self.program, self.folder))

    def kill(self, seconds: float = DYING_SECONDS) -> bool:
        """Kills every member, those too who are being started, and waits until they are gone; False where some stay."""
        deadline = time.monotonic() + seconds
        while members := self.members():
            for pid in members:
                with suppress(ProcessLookupError, PermissionError):
                    self._kill(pid)
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True

    def _kill(self, pid: int) -> None:
        """Kills a member; where it has ended meanwhile and its id is another's by now, nobody."""
        descriptor = os.pidfd_open(pid)
        try:
            if self._has(pid):
                signal.pidfd_send_signal(descriptor, signal.SIGKILL)
        finally:
            os.close(descriptor)


def end_families(families: Iterable[Family], grace_seconds: float = GRACE_SECONDS) -> None:
    """Asks every family to end, waits, and kills what is left of it."""
    families = list(families)
    for family in families:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(family.group, family.stop_signal)
    deadline = time.monotonic() + grace_seconds
    while time.monotonic() < deadline and any(family.members() for family in families):
        time.sleep(0.05)
    for family in families:
        family.kill()


def _processes() -> Iterable[int]:
    return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()]


def _state_and_group(pid: int) -> tuple[str, int]:
    """The state's letter and the process group; an empty letter where the process has ended."""
    try:
        told = (PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
        # The name stands in brackets and may itself hold brackets and spaces.
        state, _parent, group = told.rpartition(")")[2].split()[:3]
    except (OSError, ValueError):
        return "", 0
    return state, int(group)


def _works_in(pid: int, program: str, folder: str) -> bool:
    try:
        # A program that was installed anew while it ran is still the same program.
        found = str((PROC / str(pid) / "exe").readlink()).removesuffix(" (deleted)")
        return found == program and str((PROC / str(pid) / "cwd").readlink()) == folder
    except OSError:
        # It has ended, or is somebody else's: in neither case is it one of ours.
        return False


def tell(family: Family) -> str:
    """The line by which a family is added."""
    return json.dumps(["add", asdict(family)]) + "\n"


def tell_dropped(group: int) -> str:
    """The line by which one is dropped."""
    return json.dumps(["drop", group]) + "\n"


def main() -> None:
    """Keeps the list until the input ends, then ends what is on it."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    families: dict[int, Family] = {}
    for line in sys.stdin:
        try:
            word, said = json.loads(line)
        except ValueError:
            continue  # cut off: whoever wrote it was killed while writing
        if word == "add":
            family = Family(**said)
            families[family.group] = family
        else:
            families.pop(said, None)
    end_families(families.values())


if __name__ == "__main__":
    main()
