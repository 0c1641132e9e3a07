"""Child processes of the embedded site: started, watched, started again when they die, and ended with their like.

Every child leads a process group of its own, so that Ctrl-C reaches the supervisor
alone and a child's own children end with it. What can be supervised is in `programs`, what belongs to a child and
must end with it in `guardian`.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ngc_pipelines.local.guardian import DYING_SECONDS, Family, tell, tell_dropped
from ngc_pipelines.local.programs import ChildFailed, Program, Server, is_ready, last_lines

log = logging.getLogger(__name__)

ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LONGEST_PAUSE_SECONDS = 8.0
# The group of nobody.
_NO_GROUP = -1


class Child:
    """One supervised process and its family.

    The process, once dead, is not buried before the last of its family has gone: as long as it lies there, its id and
    its group's are nobody else's, and nobody else can be killed in its stead.
    """

    def __init__(self, server: Server) -> None:
        self.server = server
        self.process: subprocess.Popen[bytes] | None = None
        self.starts: list[float] = []
        # In a row, without an answer.
        self.failed_starts = 0
        self.given_up: str | None = None

    @property
    def pid(self) -> int:
        """The process id of the present incarnation."""
        if self.process is None:
            raise ChildFailed(f"{self.server.name} has not been started")
        return self.process.pid

    @property
    def family(self) -> Family:
        """Who ends with it."""
        return _family(self.server.program(), self.pid)

    def spawn(self) -> None:
        """Starts the process, once nothing of an earlier one is left; `wait_ready` tells whether it came up.

        Raises:
            ChildFailed: something of an earlier one cannot be ended.
        """
        program = self.server.program()
        program.log.parent.mkdir(parents=True, exist_ok=True)
        if not _family(program, _NO_GROUP).kill():
            raise ChildFailed(f"{self.server.name}: what an earlier one left running in {program.strays} does not end")
        account = program.account
        with program.log.open("ab") as output:
            self.process = subprocess.Popen(
                program.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=program.cwd,
                env=dict(program.environ),
                start_new_session=True,
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
            )
        self.starts.append(time.monotonic())

    def has_ended(self) -> bool:
        """Whether the process has ended; it is left unburied."""
        process = self.process
        if process is None or process.returncode is not None:
            return True
        return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def wait_ready(self, stopping: threading.Event) -> None:
        """Waits until the server answers.

        Raises:
            ChildFailed: it ended, or did not answer in its time.
        """
        program = self.server.program()
        deadline = time.monotonic() + program.start_seconds
        while not stopping.is_set():
            if self.has_ended():
                raise ChildFailed(self.obituary())
            if is_ready(self.server):
                self.failed_starts = 0
                return
            if time.monotonic() > deadline:
                raise ChildFailed(
                    f"{self.server.name} did not answer within {program.start_seconds:.0f} s{self._tail()}"
                )
            time.sleep(0.05)

    def obituary(self) -> str:
        """How the process ended, with its last log lines; buries it with all its family."""
        self.kill()
        code = self.process.returncode if self.process else None
        how = "was not started" if code is None else f"ended with exit code {code}"
        if code is not None and code < 0:
            how = f"was ended by {signal.Signals(-code).name}"
        return f"{self.server.name} {how}{self._tail()}"

    def end(self) -> None:
        """Ends the process in good order, and its whole family for certain."""
        program = self.server.program()
        if not self.has_ended():
            os.kill(self.pid, program.stop_signal)
            deadline = time.monotonic() + program.grace_seconds
            while not self.has_ended() and time.monotonic() < deadline:
                time.sleep(0.02)
        self.kill()

    def kill(self) -> None:
        """Kills what is left of the process and its family, waits until all are gone, and buries it."""
        process = self.process
        if process is None or process.returncode is not None:
            return
        if not self.family.kill():
            log.warning("something of %s does not end, although it was killed", self.server.name)
        process.wait(DYING_SECONDS)

    def _tail(self) -> str:
        program = self.server.program()
        lines = last_lines(program.log)
        return f"; the last lines of {program.log}:\n{lines}" if lines else f"; {program.log} is empty"


def _family(program: Program, group: int) -> Family:
    if program.strays is None:
        return Family(group, stop_signal=program.stop_signal)
    return Family(group, os.path.realpath(program.command[0]), os.path.realpath(program.strays), program.stop_signal)


@contextmanager
def deferred_signals() -> Iterator[None]:
    """Signals that end a site wait until the block is done; nothing to do outside the main thread, which gets them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    arrived: list[int] = []
    former = {number: signal.signal(number, lambda n, _: arrived.append(n)) for number in ENDING_SIGNALS}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
    if arrived:
        signal.raise_signal(arrived[0])


class Supervisor:
    """Starts servers in the order given and keeps them up until `stop`.

    A child that dies is reported with its last log lines and started again, after growing pauses where it does not come
    up. One that dies more than `most_deaths` times within `window_seconds` is given up, and `failure` says so.
    Each child is watched by itself: one that waits for another to come back does not keep that other waiting.
    Use as a context manager: nothing that was started outlives the block.

    Args:
        most_deaths: in a row, before a child is given up.
        window_seconds: what is in a row.
    """

    def __init__(self, *, most_deaths: int = 5, window_seconds: float = 60.0) -> None:
        self._children: dict[str, Child] = {}
        self._lock = threading.RLock()
        self._stopping = threading.Event()
        self._watchers: list[threading.Thread] = []
        self._guardian: subprocess.Popen[str] | None = None
        self._most_deaths = most_deaths
        self._window_seconds = window_seconds
        self.restarts: list[str] = []

    def __enter__(self) -> Supervisor:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def failure(self) -> str | None:
        """Why a child was given up; None while all stay up."""
        return next((child.given_up for child in list(self._children.values()) if child.given_up), None)

    def check(self) -> None:
        """Raises ChildFailed where a child was given up."""
        if self.failure is not None:
            raise ChildFailed(self.failure)

    def start(self, *servers: Server) -> None:
        """Prepares and starts servers that do not need each other, and returns once all answer.

        Raises:
            ChildFailed: one does not come up; nothing of any of them is left running.
        """
        started: list[Child] = []
        try:
            for server in servers:
                if server.name in self._children:
                    raise ValueError(f"{server.name} is supervised already")
                server.prepare()
                child = Child(server)
                self._spawn(child)
                started.append(child)
            for child in started:
                child.wait_ready(self._stopping)
        except BaseException:
            for child in started:
                self._bury(child)
            raise
        for child in started:
            self._children[child.server.name] = child
            watcher = threading.Thread(target=self._watch, args=(child,), name=f"{child.server.name}'s", daemon=True)
            self._watchers.append(watcher)
            watcher.start()

    def pid(self, name: str) -> int:
        """The process id of a server's present incarnation."""
        return self._children[name].pid

    def names(self) -> tuple[str, ...]:
        """What is supervised, in the order of starting."""
        return tuple(self._children)

    def wait_restarted(self, name: str, former_pid: int, seconds: float = 300.0) -> None:
        """Waits until a killed server is up again under another process id.

        Raises:
            ChildFailed: it is not, within `seconds`.
        """
        deadline = time.monotonic() + seconds
        child = self._children[name]
        while time.monotonic() < deadline and not child.given_up:
            if child.pid != former_pid and is_ready(child.server):
                return
            time.sleep(0.05)
        raise ChildFailed(child.given_up or f"{name} did not come back within {seconds:.0f} s")

    def end(self, name: str) -> None:
        """Ends one server for good; the others go on."""
        with self._lock:
            self._bury(self._children.pop(name))

    def stop(self) -> None:
        """Ends every child in the reverse order of starting; returns when no process is left."""
        self._stopping.set()
        for watcher in self._watchers:
            watcher.join()
        with self._lock:
            for name in reversed(list(self._children)):
                self._bury(self._children.pop(name))
        if self._guardian is not None and self._guardian.stdin is not None:
            self._guardian.stdin.close()
            self._guardian.wait(2 * DYING_SECONDS)
            self._guardian = None

    def _spawn(self, child: Child) -> None:
        # A Ctrl-C between the two would leave a process that nobody knows of.
        with self._lock, deferred_signals():
            child.spawn()
            self._tell_guardian(tell(child.family))

    def _bury(self, child: Child) -> None:
        child.end()
        with self._lock:
            self._tell_guardian(tell_dropped(child.pid))

    def _tell_guardian(self, line: str) -> None:
        if self._guardian is None or self._guardian.poll() is not None:
            self._guardian = subprocess.Popen(
                (sys.executable, "-I", "-S", str(Path(__file__).with_name("guardian.py"))),
                stdin=subprocess.PIPE,
                text=True,
                start_new_session=True,
                cwd="/",
            )
            line = "".join(tell(c.family) for c in self._children.values() if not c.has_ended()) + line
        if self._guardian.stdin is not None:
            self._guardian.stdin.write(line)
            self._guardian.stdin.flush()

    def _watch(self, child: Child) -> None:
        while not self._stopping.wait(0.1) and self._keeps(child):
            try:
                if child.has_ended():
                    self._revive(child)
                elif self._guardian is not None and self._guardian.poll() is not None:
                    with self._lock:
                        self._tell_guardian("")
            except (OSError, subprocess.SubprocessError, ChildFailed) as fault:
                # A watcher that ended here would leave every later death unseen; the next look tries again.
                log.warning("%s could not be started again yet: %s", child.server.name, fault)
                self._stopping.wait(1)

    def _keeps(self, child: Child) -> bool:
        return self._children.get(child.server.name) is child and child.given_up is None

    def _revive(self, child: Child) -> None:
        obituary = child.obituary()
        with self._lock:
            self._tell_guardian(tell_dropped(child.pid))
        recent = [at for at in child.starts if at > time.monotonic() - self._window_seconds]
        if len(recent) > self._most_deaths:
            child.given_up = f"{obituary}\n{child.server.name} died {len(recent)} times in a row and is given up"
            log.error("%s", child.given_up)
            return
        log.warning("%s\n%s is started again", obituary, child.server.name)
        # What had been up is started at once. What does not come up may need another that is coming back itself.
        if child.failed_starts:
            self._stopping.wait(min(LONGEST_PAUSE_SECONDS, 0.25 * 2**child.failed_starts))
        with self._lock:
            if self._stopping.is_set() or not self._keeps(child):
                return
            self._spawn(child)
            self.restarts.append(child.server.name)
        try:
            child.wait_ready(self._stopping)
        except ChildFailed as failure:
            child.failed_starts += 1
            log.warning("%s", failure)
            child.kill()
