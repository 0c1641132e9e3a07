"""How far a long check has come, on one line of a terminal."""

from __future__ import annotations

import shutil
import time
from typing import IO

from ngc_pipelines.disclosure.results import FileResult

_QUIET = 1.0
"""Seconds before the first line: a short check says nothing."""

_BETWEEN = 0.2


class ProgressLine:
    """Counts files and bytes; writes only to a terminal, and clears its line at the end."""

    def __init__(self, out: IO[str]) -> None:
        self._out = out
        self._shown = out.isatty()
        self._next = time.monotonic() + _QUIET
        self._files = 0
        self._bytes = 0
        self._written = False

    def __call__(self, file: FileResult) -> None:
        """One file is done."""
        self._files += 1
        self._bytes += file.size
        now = time.monotonic()
        if self._shown and now >= self._next:
            self._next = now + _BETWEEN
            width = max(20, shutil.get_terminal_size().columns - 1)
            line = f"{self._files:,} filer / files, {self._bytes / 1e6:,.0f} MB  {file.path}"
            self._out.write("\r\033[K" + line[:width])
            self._out.flush()
            self._written = True

    def end(self) -> None:
        """Clear the line."""
        if self._written:
            self._out.write("\r\033[K")
            self._out.flush()
