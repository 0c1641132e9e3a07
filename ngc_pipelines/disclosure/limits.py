"""Limits on what opening one file may cost, shared by its whole recursion.

One `Budget` goes through every opener of a file: bytes taken out, depth,
number of parts and time. Reaching a limit raises `LimitReached`, which the
walker turns into a finding of kind `bomb` and a part not read.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


class LimitReached(Exception):  # noqa: N818 - a limit that was reached is no error of the program
    """A file asked for more than the policy allows; says which limit."""

    def __init__(self, limit: str, allowed: str) -> None:
        super().__init__(f"more than {allowed} ({limit})")
        self.limit = limit
        self.allowed = allowed


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost.

    Args:
        expanded_bytes: bytes taken out of all archives and streams together.
        ratio: unpacked size over packed size of one stream, above 1 MiB.
        depth: containers inside containers.
        parts: parts, streams and objects opened.
        seconds: time, of the wall clock.
        memory_bytes: address space of the worker.
    """

    expanded_bytes: int = 4 << 30
    ratio: float = 1_000.0
    depth: int = 8
    parts: int = 100_000
    seconds: float = 600.0
    memory_bytes: int = 3 << 30


@dataclass(slots=True)
class Budget:
    """What is left of one file's limits."""

    limits: Limits = field(default_factory=Limits)
    expanded: int = 0
    parts: int = 0
    depth: int = 0
    _deadline: float = field(init=False)

    def __post_init__(self) -> None:
        self._deadline = time.monotonic() + self.limits.seconds

    def spend_bytes(self, count: int, *, packed: int | None = None) -> None:
        """Account for `count` unpacked bytes, from `packed` stored ones."""
        self.expanded += count
        if self.expanded > self.limits.expanded_bytes:
            raise LimitReached("unpacked size", f"{self.limits.expanded_bytes:,} bytes")
        if packed is not None and count > 1 << 20 and count > self.limits.ratio * max(packed, 1):
            raise LimitReached("ratio of compression", f"{self.limits.ratio:g} to 1")
        self.check_time()

    def spend_part(self) -> None:
        """Account for one part opened."""
        self.parts += 1
        if self.parts > self.limits.parts:
            raise LimitReached("number of parts", f"{self.limits.parts:,} parts")
        self.check_time()

    def check_time(self) -> None:
        """Raise where the time is up; cheap enough for inner loops."""
        if time.monotonic() > self._deadline:
            raise LimitReached("time", f"{self.limits.seconds:g} seconds")

    @contextmanager
    def one_deeper(self) -> Iterator[None]:
        """The scope of a container inside the current one."""
        if self.depth >= self.limits.depth:
            raise LimitReached("depth", f"{self.limits.depth} containers inside each other")
        self.depth += 1
        try:
            yield
        finally:
            self.depth -= 1
