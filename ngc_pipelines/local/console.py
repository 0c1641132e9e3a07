"""How the embedded site is run from a terminal: one at a time in a folder, with progress, until a signal ends it."""

from __future__ import annotations

import fcntl
import logging
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from ngc_pipelines.local.processes import ENDING_SIGNALS, Supervisor
from ngc_pipelines.local.site import Site

ROOT = Path(__file__).resolve().parents[2]


class AlreadyRunning(RuntimeError):  # noqa: N818 - it says what is the case
    """Another process runs a site in this folder."""


class Narrator:
    """Prints what happens, each line with the seconds since the start."""

    def __init__(self) -> None:
        self._started = time.monotonic()

    def __call__(self, line: str) -> None:
        """Prints one line, or several under one time."""
        first, *rest = line.splitlines() or [""]
        sys.stdout.write(f"{time.monotonic() - self._started:6.1f} s  {first}\n")
        sys.stdout.writelines(f"          {further}\n" for further in rest)
        sys.stdout.flush()

    def section(self, title: str) -> None:
        """Prints a heading."""
        sys.stdout.write(f"\n{title}\n")
        sys.stdout.flush()


@contextmanager
def site_in(folder: Path, say: Narrator) -> Iterator[Site]:
    """A site in this folder, whose processes all end with the block, also at Ctrl-C, SIGTERM or a closed terminal.

    Raises:
        AlreadyRunning: another process has the folder.
        KeyboardInterrupt: one of those signals came.
    """
    folder.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stdout)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(
                f"a site is running in {folder} already: end it with Ctrl-C there, or use it as it is"
            ) from None
        # Also where a background shell had made this process ignore SIGINT.
        for number in ENDING_SIGNALS:
            signal.signal(number, _interrupt)
        with Supervisor() as supervisor:
            yield Site(folder, ROOT, supervisor, say)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    # One is enough: what is being ended must not be interrupted by an impatient second one.
    for number in ENDING_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt
