"""Ends a site's processes when the process that started them is gone, however it went.

Runs as `python guardian.py` and imports the standard library alone. It reads
`add PGID` and `drop PGID` lines; the end of its input means that its parent has
ended, by `kill -9` too, and that every group still listed must go.
"""

from __future__ import annotations

import os
import signal
import sys
import time

GRACE_SECONDS = 5.0


def end_groups(groups: set[int], grace_seconds: float = GRACE_SECONDS) -> None:
    """Asks every process group to end, waits, and kills what is left of it."""
    _signal_all(groups, signal.SIGTERM)
    deadline = time.monotonic() + grace_seconds
    while time.monotonic() < deadline and any(group_lives(group) for group in groups):
        time.sleep(0.05)
    _signal_all(groups, signal.SIGKILL)


def group_lives(group: int) -> bool:
    """Whether the process group has a member left, zombies included."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _signal_all(groups: set[int], number: signal.Signals) -> None:
    for group in groups:
        try:
            os.killpg(group, number)
        except (ProcessLookupError, PermissionError):
            continue


def main() -> None:
    """Keeps the list until the input ends, then ends what is on it."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: set[int] = set()
    for line in sys.stdin:
        word, _, group = line.partition(" ")
        if word == "add":
            groups.add(int(group))
        else:
            groups.discard(int(group))
    end_groups(groups)


if __name__ == "__main__":
    main()
