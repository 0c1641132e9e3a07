"""The process that judges a file can do next to nothing, and its end is an answer."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from ngc_pipelines.disclosure.confinement.pool import Foundry, read_answer
from ngc_pipelines.disclosure.findings import Kind, Severity
from ngc_pipelines.disclosure.policy import DEFAULT_POLICY

ATTEMPTS = {
    "write a file": "open('written', 'w')",
    "append to a file": "open(__file__, 'a')",
    "open a socket": "__import__('socket').socket()",
    "start a program": "__import__('subprocess').run(['true'], check=True)",
    "fork": "os.fork()",
    "delete a file": "os.unlink(__file__)",
    "rename a file": "os.rename(__file__, 'other')",
    "make a folder": "os.mkdir('folder')",
    "signal its parent": "os.kill(os.getppid(), 0)",
    "change a mode": "os.chmod(__file__, 0o777)",
    "take much memory": "bytearray(2 << 30)",
}
ALLOWED = {
    "read a file": "open(__file__).read()",
    "start a thread": "__import__('threading').Thread(target=int).start()",
    "map memory": "__import__('mmap').mmap(-1, 1 << 20)",
}
SCRIPT = """
import json, os, sys
from ngc_pipelines.disclosure.confinement.sealing import Allowance, seal
attempts = json.loads(sys.argv[1])
sealed = seal(Allowance(memory_bytes=256 << 20, seconds=60))
done = {}
for name, code in attempts.items():
    try:
        eval(code)
    except (OSError, MemoryError) as fault:
        done[name] = type(fault).__name__
    else:
        done[name] = "done"
print(json.dumps([sealed, done]))
"""


@dataclass(frozen=True)
class Outcome:
    """Whether system calls were filtered, and what each attempt came to."""

    sealed: bool
    done: dict[str, str]


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    folder = tmp_path_factory.mktemp("sealed")
    script = folder / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    told = subprocess.run(
        [sys.executable, str(script), json.dumps({**ATTEMPTS, **ALLOWED})],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    sealed, done = json.loads(told.stdout)
    return Outcome(sealed, done)


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_sealed_process_cannot(outcome: Outcome, attempt: str) -> None:
    # Where a system has no seccomp the report says so, and memory is limited all the same.
    if outcome.sealed or attempt == "take much memory":
        assert outcome.done[attempt] in ("PermissionError", "MemoryError")
    else:
        assert not sys.platform.startswith("linux") or platform.machine() not in ("x86_64", "aarch64")


@pytest.mark.parametrize("attempt", ALLOWED)
def test_sealed_process_still_can(outcome: Outcome, attempt: str) -> None:
    assert outcome.done[attempt] == "done"


FINDING = {
    "rule": "DC-3",
    "kind": "cpr",
    "severity": "block",
    "where": "line 1",
    "message": ["a", "b"],
    "advice": ["c", "d"],
    "masked": None,
    "count": 1,
    "places": [],
}


def written(*lines: object, ended: int, in_time: bool = True) -> bytes:
    """What a child would have written, and how it ended."""
    told = [json.dumps(line).encode() if not isinstance(line, bytes) else line for line in lines]
    return b"\n".join([*told, json.dumps({"ended": ended, "in_time": in_time}).encode()])


WHOLE = {"sealed": True, "type": "text", "findings": [], "not_read": []}


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (written(ended=-9), "signal 9"),
        (written(ended=-11), "signal 11"),
        (written(ended=1), "failed"),
        (written(ended=3), "memory"),
        (written(ended=-9, in_time=False), "longer"),
        (written(b"no json", ended=0), "failed"),
        (written(b"\x80\x04pickle", ended=0), "failed"),
        (written({"type": "text"}, ended=0), "failed"),
        (written(WHOLE, ended=-9), "signal 9"),
        (written({**WHOLE, "findings": [{"rule": "DC-1", "kind": "nothing known"}]}, ended=0), "failed"),
    ],
    ids=["killed", "crashed", "raised", "memory", "time", "noise", "pickle", "half", "killed late", "forged"],
)
def test_process_that_does_not_answer_makes_the_file_unreadable(body: bytes, says: str) -> None:
    judgement = read_answer(body).judgement
    assert [(finding.kind, finding.severity) for finding in judgement.findings] == [(Kind.UNREADABLE, Severity.BLOCK)]
    assert says in judgement.not_read[0].why


def test_what_was_found_before_a_crash_is_kept() -> None:
    judgement = read_answer(written({"finding": FINDING}, {"finding": FINDING}, ended=-11)).judgement
    assert [finding.kind for finding in judgement.findings] == [Kind.UNREADABLE, Kind.CPR, Kind.CPR]


def test_foundry_judges_one_file_after_the_other(tmp_path: Path) -> None:
    foundry = Foundry(DEFAULT_POLICY, date(2026, 11, 21), None)
    try:
        for text, expected in (("020160-9995", [Kind.CPR]), ("nothing", [])):
            file = tmp_path / "a.txt"
            file.write_text(text, encoding="utf-8")
            descriptor = os.open(file, os.O_RDONLY)
            foundry.ask(descriptor, "a.txt", "txt")
            os.close(descriptor)
            assert [finding.kind for finding in foundry.answer().judgement.findings] == expected
    finally:
        foundry.close()


def test_lost_foundry_is_an_error_and_not_a_clear_file(tmp_path: Path) -> None:
    foundry = Foundry(DEFAULT_POLICY, date(2026, 11, 21), None)
    descriptor = os.open(__file__, os.O_RDONLY)
    try:
        foundry._process.kill()
        foundry._process.wait()
        with pytest.raises(OSError):  # noqa: PT011, PT012 - asking or answering, as the system tells it
            foundry.ask(descriptor, "a.txt", "txt")
            foundry.answer()
    finally:
        os.close(descriptor)
        foundry.close()
