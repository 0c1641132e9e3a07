"""The supervisor, with small real programs: what dies is reported and replaced, and nothing is left behind."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import psutil
import pytest

from ngc_pipelines.local import ports
from ngc_pipelines.local.processes import Supervisor
from ngc_pipelines.local.programs import ChildFailed, Program, base_environ

# Starts a child of its own, notes both process ids, and listens.
LISTENER = """
import os, pathlib, socket, subprocess, sys, time
port, notes, lines = int(sys.argv[1]), pathlib.Path(sys.argv[2]), int(sys.argv[3])
grandchild = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
for line in range(lines):
    print("log line", line, flush=True)
notes.write_text(f"{os.getpid()} {grandchild.pid}")
with socket.create_server(("127.0.0.1", port)) as server:
    while True:
        server.accept()[0].close()
"""
DIES_AFTER_READY = """
import pathlib, sys, time
pathlib.Path(sys.argv[1]).touch()
print("the disk is full", flush=True)
sys.exit(3)
"""
# A site of one listener, as a process that can be killed.
PARENT = """
import sys, time
from pathlib import Path
from ngc_pipelines_tests.integration.local.test_processes import Listener
from ngc_pipelines.local.processes import Supervisor
listener = Listener(Path(sys.argv[1]))
with Supervisor() as supervisor:
    supervisor.start(listener)
    print("up", flush=True)
    while True:
        time.sleep(0.1)
"""
REPOSITORY = Path(__file__).parents[3]


class Listener:
    """A server with a child of its own."""

    name = "listener"

    def __init__(self, folder: Path, lines: int = 40) -> None:
        self.folder = folder
        self.port = ports.free_port()
        self.lines = lines

    def prepare(self) -> None:
        """Nothing."""

    def program(self) -> Program:
        """Listens on its port."""
        arguments = (str(self.port), str(self.notes), str(self.lines))
        return Program((sys.executable, "-c", LISTENER, *arguments), self.folder / "listener.log", base_environ())

    def is_ready(self) -> bool:
        """Whether it listens."""
        return ports.is_listening(self.port)

    @property
    def notes(self) -> Path:
        """Where it notes its process ids."""
        return self.folder / "pids"

    def pids(self) -> list[int]:
        """Its process id and its child's."""
        return [int(pid) for pid in self.notes.read_text().split()]


@dataclass(frozen=True)
class ShortLived:
    """A server that comes up and dies at once, every time."""

    folder: Path
    name: str = "short-lived"

    def prepare(self) -> None:
        """Nothing."""

    def program(self) -> Program:
        """Leaves a sign, and fails."""
        command = (sys.executable, "-c", DIES_AFTER_READY, str(self.folder / "sign"))
        return Program(command, self.folder / "short.log", base_environ())

    def is_ready(self) -> bool:
        """Whether it was there."""
        return (self.folder / "sign").exists()


def wait_until(condition: Callable[[], bool], what: str, seconds: float = 300) -> None:
    """Waits for a condition, generously: the machine may be busy."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.05)


def all_gone(pids: list[int]) -> bool:
    """Whether none of these processes runs any more; a zombie that nobody has buried does not run."""
    return all(not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE for pid in pids)


def test_a_killed_child_is_reported_by_name_with_its_last_log_lines_and_replaced(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    listener = Listener(tmp_path)
    with caplog.at_level(logging.WARNING), Supervisor() as supervisor:
        supervisor.start(listener)
        before = listener.pids()
        os.kill(supervisor.pid("listener"), signal.SIGKILL)
        supervisor.wait_restarted("listener", before[0])
        assert listener.pids()[0] == supervisor.pid("listener") != before[0]
        wait_until(lambda: all_gone(before), "the killed child's own child ends")
    report = caplog.text
    assert "listener was ended by SIGKILL" in report
    assert "log line 39" in report
    assert "log line 10\n" not in report


def test_nothing_is_left_when_the_supervisor_stops(tmp_path: Path) -> None:
    listener = Listener(tmp_path)
    with Supervisor() as supervisor:
        supervisor.start(listener)
        pids = listener.pids()
    wait_until(lambda: all_gone(pids), "child and grandchild end")
    assert not ports.is_listening(listener.port)


def test_a_child_that_keeps_dying_is_given_up_by_name(tmp_path: Path) -> None:
    with Supervisor(most_deaths=2) as supervisor:
        try:
            supervisor.start(ShortLived(tmp_path))
        except ChildFailed as failure:
            reason = str(failure)
        else:
            wait_until(lambda: supervisor.failure is not None, "the child is given up")
            reason = supervisor.failure or ""
    assert reason.startswith("short-lived ended with exit code 3")
    assert "the disk is full" in reason


def test_a_child_that_does_not_come_up_is_named_and_leaves_nothing(tmp_path: Path) -> None:
    class Refusing(Listener):
        name = "refusing"

        def is_ready(self) -> bool:
            # It waits for the notes, so that there is something to leave behind.
            if not self.notes.exists():
                return False
            raise ChildFailed("refusing says why")

    listener = Refusing(tmp_path)
    with Supervisor() as supervisor, pytest.raises(ChildFailed, match="refusing says why"):
        supervisor.start(listener)
    assert supervisor.names() == ()
    wait_until(lambda: all_gone(listener.pids()), "what was started has ended")


def test_a_server_that_waits_for_another_does_not_keep_that_one_from_coming_back(tmp_path: Path) -> None:
    class Needed(Listener):
        name = "needed"

    class Needing(Listener):
        name = "needing"

        def is_ready(self) -> bool:
            return super().is_ready() and needed.is_ready()

    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    needed = Needed(tmp_path / "a")
    needing = Needing(tmp_path / "b")
    with Supervisor() as supervisor:
        supervisor.start(needed)
        supervisor.start(needing)
        before = {name: supervisor.pid(name) for name in ("needing", "needed")}
        os.kill(before["needing"], signal.SIGKILL)
        wait_until(lambda: supervisor.restarts == ["needing"], "the one that needs is started again")
        os.kill(before["needed"], signal.SIGKILL)
        # Less than what the one that needs may take to come up.
        for name, pid in before.items():
            supervisor.wait_restarted(name, pid, 170)


def test_what_left_the_group_of_a_dead_server_is_ended_and_nothing_else_in_its_folder(tmp_path: Path) -> None:
    class Straying(Listener):
        name = "straying"

        def program(self) -> Program:
            strays = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'], "
            code = f"{strays}start_new_session=True)\n{LISTENER}"
            whole = super().program()
            return replace(
                whole,
                command=(sys.executable, "-c", code, *whole.command[3:]),
                cwd=str(self.folder),
                strays=self.folder,
            )

    straying = Straying(tmp_path)
    with subprocess.Popen(("sleep", "600"), cwd=tmp_path) as stranger, Supervisor() as supervisor:
        supervisor.start(straying)
        before = supervisor.pid("straying")
        family = [child.pid for child in psutil.Process(before).children(recursive=True)]
        assert len({os.getpgid(pid) for pid in family}) == 2
        os.kill(before, signal.SIGKILL)
        supervisor.wait_restarted("straying", before)
        assert all_gone([before, *family])
        assert stranger.poll() is None
        stranger.kill()


def test_a_guardian_that_was_killed_is_replaced_and_does_its_work(tmp_path: Path) -> None:
    environ = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    with subprocess.Popen(
        (sys.executable, "-c", PARENT, str(tmp_path)), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environ
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"up\n"
        pids = [int(pid) for pid in (tmp_path / "pids").read_text().split()]

        def guardians() -> list[psutil.Process]:
            children = psutil.Process(parent.pid).children()
            return [child for child in children if child.pid not in pids and child.status() != psutil.STATUS_ZOMBIE]

        (former,) = guardians()
        former.kill()
        wait_until(lambda: former not in guardians() and len(guardians()) == 1, "there is another guardian")
        # What it was told stands in its pipe before it has come up itself.
        parent.kill()
    wait_until(lambda: all_gone(pids), "child and grandchild end after their parent")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT], ids=["KILL", "TERM", "INT"])
def test_no_child_outlives_the_process_that_started_it(tmp_path: Path, number: signal.Signals) -> None:
    environ = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    with subprocess.Popen(
        (sys.executable, "-c", PARENT, str(tmp_path)), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environ
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"up\n"
        pids = [int(pid) for pid in (tmp_path / "pids").read_text().split()]
        assert not all_gone(pids)
        parent.send_signal(number)
    wait_until(lambda: all_gone(pids), "child and grandchild end after their parent")


def test_two_servers_cannot_have_one_name(tmp_path: Path) -> None:
    with Supervisor() as supervisor:
        supervisor.start(Listener(tmp_path))
        with pytest.raises(ValueError, match="supervised already"):
            supervisor.start(Listener(tmp_path))
