"""As many foundries as there are cores, each judging one file at a time.

A foundry that dies is replaced, and the file it had is answered as broken.
"""

from __future__ import annotations

import json
import os
import queue
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any

from ngc_pipelines.disclosure.confinement import messages
from ngc_pipelines.disclosure.confinement.foundry import GRACE, OUT_OF_MEMORY
from ngc_pipelines.disclosure.findings import Finding, Severity
from ngc_pipelines.disclosure.identifiers.known import KnownIdentifiers
from ngc_pipelines.disclosure.judging import Judgement, not_all_read
from ngc_pipelines.disclosure.policy import Policy
from ngc_pipelines.disclosure.results import Unread, finding_from_data, unread_from_data

_MODULE = "ngc_pipelines.disclosure.confinement.foundry"


@dataclass(frozen=True, slots=True)
class Answer:
    """A judgement, and whether system calls were filtered while it was made."""

    judgement: Judgement
    sealed: bool


class Foundry:
    """One process that judges files, one after the other."""

    def __init__(self, policy: Policy, as_of: date, known_ids: KnownIdentifiers | None) -> None:
        self._wait = policy.limits.seconds + 3 * GRACE
        self._line, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with other:
            self._process = subprocess.Popen(
                [sys.executable, "-m", _MODULE, str(other.fileno())],
                pass_fds=[other.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=_environment(),
            )
        self._line.settimeout(self._wait)
        shared = [known_ids.descriptor()] if known_ids else []
        try:
            messages.send(self._line, {"policy": policy.as_data(), "as_of": as_of.isoformat()}, shared)
        finally:
            for descriptor in shared:
                os.close(descriptor)

    def ask(self, descriptor: int, name: str, extension: str) -> None:
        """Begin judging the open file."""
        messages.send(self._line, {"name": name, "extension": extension}, [descriptor])

    def answer(self) -> Answer:
        """The judgement of the file asked about.

        Raises:
            OSError: where the foundry itself is gone; make another one.
        """
        return read_answer(messages.receive_bytes(self._line))

    def close(self) -> None:
        """End the process."""
        self._line.close()
        try:
            self._process.wait(GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Pool:
    """Foundries to borrow; use as a context manager.

    Args:
        size: how many files are judged at a time.
    """

    def __init__(self, size: int, policy: Policy, as_of: date, known_ids: KnownIdentifiers | None) -> None:
        self._make: Callable[[], Foundry] = partial(Foundry, policy, as_of, known_ids)
        self._idle: queue.SimpleQueue[Foundry | None] = queue.SimpleQueue()
        for _ in range(size):
            self._idle.put(None)
        self._size = size

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        for _ in range(self._size):
            foundry = self._idle.get()
            if foundry is not None:
                foundry.close()

    def borrow(self) -> Foundry:
        """A foundry of one's own until `give_back`; started where there is none yet."""
        foundry = self._idle.get()
        try:
            return foundry or self._make()
        except BaseException:
            self._idle.put(None)
            raise

    def give_back(self, foundry: Foundry, *, broken: bool = False) -> None:
        """Return a borrowed foundry; a broken one is ended and replaced at the next need."""
        if broken:
            foundry.close()
        self._idle.put(None if broken else foundry)


def read_answer(body: bytes) -> Answer:
    """What a child wrote, read with suspicion: it had parsed a stranger's file."""
    *lines, last = body.split(b"\n")
    told: list[Finding] = []
    ended = json.loads(last)
    for line in filter(None, lines):
        try:
            data = json.loads(line)
            if "finding" in data:
                told.append(finding_from_data(data["finding"]))
            elif ended["ended"] == 0 and ended["in_time"]:
                return _whole(data)
        except (ValueError, KeyError, TypeError):
            continue
    return Answer(_cut_short(told, _why(ended["ended"], in_time=ended["in_time"])), sealed=True)


def broken(why: str) -> Judgement:
    """The judgement of a file that no process lived to judge."""
    return _cut_short([], why)


def _whole(data: dict[str, Any]) -> Answer:
    findings = tuple(finding_from_data(finding) for finding in data["findings"])
    # The tables stay plain data here; whoever audits the folder reads them with the same suspicion.
    tables = tuple(table for table in data["tables"] if isinstance(table, dict))
    judgement = Judgement(str(data["type"])[:40], findings, unread_from_data(data["not_read"]), tables)
    return Answer(judgement, data["sealed"] is True)


def _cut_short(told: list[Finding], why: str) -> Judgement:
    fault = not_all_read("the file", why, severity=Severity.BLOCK)
    found = sorted([fault, *told], key=lambda finding: -finding.severity)
    return Judgement("unknown", tuple(found), (Unread("the file", why),))


def _why(status: int, *, in_time: bool) -> str:
    if not in_time:
        return "it took longer than the policy allows"
    if status == OUT_OF_MEMORY:
        return "it needs more memory than the policy allows"
    if status < 0:
        return f"the process that read it ended by signal {-status}"
    return "the process that read it failed"


def _environment() -> dict[str, str]:
    """Nothing of the caller's but where Python finds this package; one thread for each number library."""
    package = str(Path(__file__).resolve().parents[3])
    paths = [package, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "TZ", "VIRTUAL_ENV") if name in os.environ}
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    return {**kept, **threads, "PYTHONPATH": os.pathsep.join(paths), "PYTHONDONTWRITEBYTECODE": "1"}
