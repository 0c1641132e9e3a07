"""The process that forks one sealed child a file and brings its answer back.

It is started fresh (`python -m …confinement.foundry FD`), so that neither
threads nor secrets of the caller are in it, and parses nothing of a file
itself: it imports the libraries, forks, waits no longer than the limits say,
and hands on what the child wrote. Answers are lines of JSON, never pickles.
"""

from __future__ import annotations

import importlib
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, NoReturn

from ngc_pipelines.disclosure.confinement import messages
from ngc_pipelines.disclosure.confinement.sealing import Allowance, seal
from ngc_pipelines.disclosure.content import OPENERS
from ngc_pipelines.disclosure.findings import Finding
from ngc_pipelines.disclosure.identifiers.known import KnownIdentifiers
from ngc_pipelines.disclosure.judging import judge
from ngc_pipelines.disclosure.opening import Source
from ngc_pipelines.disclosure.policy import Policy, policy_from_data
from ngc_pipelines.disclosure.recognising.types import EXTENSIONS
from ngc_pipelines.disclosure.results import finding_to_data

MOST_ANSWERED = 64 << 20
GRACE = 10.0
"""Seconds a child gets beyond its limit to tell what it found until then."""

OUT_OF_MEMORY = 3

_LIBRARIES = {
    "pdf": ("pikepdf", "pypdfium2"),
    "xls": ("olefile", "python_calamine"),
    "doc": ("olefile",),
    "ppt": ("olefile",),
    "png": ("PIL.Image",),
    "jpg": ("PIL.Image",),
    "jpeg": ("PIL.Image",),
    "tif": ("PIL.Image",),
    "tiff": ("PIL.Image",),
}
"""By extension: what to import before the fork, so that not every child does it again."""


@dataclass(frozen=True, slots=True)
class _Setup:
    policy: Policy
    as_of: date
    known_ids: KnownIdentifiers | None


def main(arguments: list[str]) -> int:
    """Serve requests that come over the socket with the descriptor given, until it closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with socket.socket(fileno=int(arguments[0])) as line:
        told, descriptors = messages.receive(line)
        if told is None:
            return 0
        known = KnownIdentifiers.from_descriptor(descriptors[0]) if descriptors else None
        setup = _Setup(policy_from_data(told["policy"]), date.fromisoformat(told["as_of"]), known)
        _warm_up(setup)
        while True:
            task, descriptors = messages.receive(line)
            if task is None:
                return 0
            _import_for(task["extension"])
            try:
                answer = _in_child(line, setup.policy.limits.seconds, partial(_judge, task, descriptors[0], setup))
            finally:
                for descriptor in descriptors:
                    os.close(descriptor)
            messages.send_bytes(line, answer)


def _warm_up(setup: _Setup) -> None:
    """Import the detectors and compile their patterns once, before any fork, by judging a text of one's own."""
    for text, extension in (("a;b\n1;2\n3;4\n", "txt"), ("<html><p>1</p></html>", "html"), ("x = 1\n", "py")):
        source = Source(text.encode(), f"warm-up.{extension}")
        judge(source, extension=extension, policy=setup.policy, as_of=setup.as_of, known_ids=setup.known_ids)


def _import_for(extension: str) -> None:
    kinds = EXTENSIONS.get(extension, frozenset())
    openers = {OPENERS[kind].partition(":")[0] for kind in kinds if kind in OPENERS}
    for name in (*openers, *_LIBRARIES.get(extension, ())):
        # Where one is missing, the opener says so about the file that needs it.
        with suppress(ImportError):
            importlib.import_module(name)


def _judge(task: dict[str, Any], descriptor: int, setup: _Setup, out: int) -> None:
    limits = setup.policy.limits
    size = os.fstat(descriptor).st_size
    sealed = seal(Allowance(limits.memory_bytes + size, limits.seconds + GRACE))

    def tell(finding: Finding) -> None:
        _write(out, {"finding": finding_to_data(finding)})

    with Source.of_descriptor(descriptor, task["name"]) as source:
        judgement = judge(
            source,
            extension=task["extension"],
            policy=setup.policy,
            as_of=setup.as_of,
            known_ids=setup.known_ids,
            told=tell,
        )
    _write(
        out,
        {
            "sealed": sealed,
            "type": judgement.type,
            "findings": [finding_to_data(finding) for finding in judgement.findings],
            "not_read": [[unread.where, unread.why] for unread in judgement.not_read],
            "tables": list(judgement.tables),
        },
    )


def _write(out: int, data: dict[str, Any]) -> None:
    rest = memoryview(json.dumps(data).encode() + b"\n")
    while rest:
        rest = rest[os.write(out, rest) :]


def _in_child(line: socket.socket, seconds: float, work: Callable[[int], None]) -> bytes:
    """Do `work` in a forked child; what it wrote, and a last line on how it ended."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        line.close()
        _become_child(work, writing)
    os.close(writing)
    written, in_time = _collect(line, reading, time.monotonic() + seconds + GRACE)
    os.close(reading)
    if not in_time:
        os.kill(child, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return written + b"\n" + json.dumps({"ended": status, "in_time": in_time}).encode()


def _become_child(work: Callable[[int], None], writing: int) -> NoReturn:
    status = 1
    try:
        silence = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(silence, stream)
        work(writing)
        status = 0
    except MemoryError:
        status = OUT_OF_MEMORY
    except BaseException:  # Whatever it was, its text may hold what the file holds: only the status leaves
        status = 1
    finally:
        os._exit(status)


def _collect(line: socket.socket, reading: int, deadline: float) -> tuple[bytes, bool]:
    poller = select.poll()
    poller.register(reading, select.POLLIN)
    # The caller never writes while it waits: its end closing means nobody wants the answer.
    poller.register(line.fileno(), select.POLLHUP)
    parts: list[bytes] = []
    size = 0
    while size < MOST_ANSWERED:
        left = deadline - time.monotonic()
        ready = poller.poll(left * 1000) if left > 0 else []
        if not ready or any(descriptor == line.fileno() for descriptor, _ in ready):
            return b"".join(parts), False
        part = os.read(reading, 1 << 20)
        if not part:
            return b"".join(parts), True
        parts.append(part)
        size += len(part)
    return b"".join(parts), False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
