"""Child processes of the embedded site: started, watched, started again when they die, and ended with their like.

Every child leads a process group of its own, so that Ctrl-C reaches the supervisor
alone and a child's own children end with it. What a server *is* (its command, how to
tell that it is ready) is said by `postgres`, `seaweedfs`, `sftp`, `mail` and `orchestrator`.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from ngc_pipelines.local.accounts import Account
from ngc_pipelines.local.guardian import group_lives

log = logging.getLogger(__name__)

LAST_LINES = 15
ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class ChildFailed(RuntimeError):  # noqa: N818 - it tells what happened, as the log lines it carries do
    """A child could not be started or does not stay up; names it and carries its last log lines."""


@dataclass(frozen=True, slots=True)
class Program:
    """How to start one child.

    Args:
        command: absolute program and its arguments; no secret among them.
        log: where its output goes, appended.
        environ: its whole environment.
        cwd: its working directory.
        account: whom it runs as; None for the present user.
        stop_signal: asks it to end in good order.
        grace_seconds: after which it is killed.
        start_seconds: within which it must be ready.
    """

    command: tuple[str, ...]
    log: Path
    environ: Mapping[str, str] = field(default_factory=dict)
    cwd: str = "/"
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    grace_seconds: float = 10.0
    start_seconds: float = 180.0


class Server(Protocol):
    """What can be supervised."""

    @property
    def name(self) -> str:
        """What it is called in messages."""

    def prepare(self) -> None:
        """Makes what must be on disk before the first start; does nothing the second time."""

    def program(self) -> Program:
        """How to start it."""

    def is_ready(self) -> bool:
        """Whether it answers; False or an OSError while it does not."""


def last_lines(file: Path, count: int = LAST_LINES) -> str:
    """The end of a log file, at most `count` lines of its last 16 KiB."""
    if not file.exists():
        return ""
    with file.open("rb") as stream:
        stream.seek(max(0, file.stat().st_size - (16 << 10)))
        return "\n".join(stream.read().decode("utf-8", "replace").splitlines()[-count:])


def base_environ() -> dict[str, str]:
    """What every child may see of this process's environment: how to run, and no secret of its user's."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"PYTHONUNBUFFERED": "1"}


class Child:
    """One supervised process and the group it leads."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.process: subprocess.Popen[bytes] | None = None
        self.starts: list[float] = []
        self.given_up: str | None = None

    @property
    def pid(self) -> int:
        """The process id of the present incarnation."""
        if self.process is None:
            raise ChildFailed(f"{self.server.name} has not been started")
        return self.process.pid

    def spawn(self) -> None:
        """Starts the process; `wait_ready` tells whether it came up."""
        program = self.server.program()
        program.log.parent.mkdir(parents=True, exist_ok=True)
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

    def wait_ready(self, stopping: threading.Event) -> None:
        """Waits until the server answers.

        Raises:
            ChildFailed: it ended, or did not answer in its time.
        """
        program = self.server.program()
        deadline = time.monotonic() + program.start_seconds
        while not stopping.is_set():
            if self.process is None or self.process.poll() is not None:
                raise ChildFailed(self.obituary())
            if is_ready(self.server):
                return
            if time.monotonic() > deadline:
                raise ChildFailed(
                    f"{self.server.name} did not answer within {program.start_seconds:.0f} s{self._tail()}"
                )
            time.sleep(0.05)

    def obituary(self) -> str:
        """How the process ended, with its last log lines."""
        code = self.process.poll() if self.process else None
        how = "was not started" if code is None else f"ended with exit code {code}"
        if code is not None and code < 0:
            how = f"was ended by {signal.Signals(-code).name}"
        return f"{self.server.name} {how}{self._tail()}"

    def end(self) -> None:
        """Ends the process in good order, and its whole group for certain."""
        process = self.process
        if process is None:
            return
        program = self.server.program()
        if process.poll() is None:
            process.send_signal(program.stop_signal)
            try:
                process.wait(program.grace_seconds)
            except subprocess.TimeoutExpired:
                log.debug("%s did not end within %.0f s and is killed", self.server.name, program.grace_seconds)
        self.kill_group()

    def kill_group(self) -> None:
        """Kills what is left of the group and waits until it is gone."""
        process = self.process
        if process is None:
            return
        deadline = time.monotonic() + 10
        while group_lives(process.pid) and time.monotonic() < deadline:
            with suppress(ProcessLookupError):  # the last of the group ended in between
                os.killpg(process.pid, signal.SIGKILL)
            process.poll()
            time.sleep(0.02)
        process.wait(10)

    def _tail(self) -> str:
        program = self.server.program()
        lines = last_lines(program.log)
        return f"; the last lines of {program.log}:\n{lines}" if lines else f"; {program.log} is empty"


def is_ready(server: Server) -> bool:
    """Whether the server answers; a refused connection is a no."""
    try:
        return server.is_ready()
    except OSError:
        return False


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

    A child that dies is reported with its last log lines and started again; one that dies
    `most_deaths` times within `window_seconds` is given up, and `failure` says so.
    Use as a context manager: nothing that was started outlives the block.
    """

    def __init__(self, *, most_deaths: int = 5, window_seconds: float = 60.0) -> None:
        self._children: dict[str, Child] = {}
        self._lock = threading.RLock()
        self._stopping = threading.Event()
        self._watcher: threading.Thread | None = None
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
        return next((child.given_up for child in self._children.values() if child.given_up), None)

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
        with self._lock:
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
            self._children |= {child.server.name: child for child in started}
        if self._watcher is None:
            self._watcher = threading.Thread(target=self._watch, name="supervisor", daemon=True)
            self._watcher.start()

    def pid(self, name: str) -> int:
        """The process id of a server's present incarnation."""
        return self._children[name].pid

    def names(self) -> tuple[str, ...]:
        """What is supervised, in the order of starting."""
        return tuple(self._children)

    def wait_restarted(self, name: str, former_pid: int, seconds: float = 120.0) -> None:
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
        if self._watcher is not None:
            self._watcher.join()
        with self._lock:
            for name in reversed(list(self._children)):
                self._bury(self._children.pop(name))
        if self._guardian is not None and self._guardian.stdin is not None:
            self._guardian.stdin.close()
            self._guardian.wait(30)
            self._guardian = None

    def _spawn(self, child: Child) -> None:
        # A Ctrl-C between the two would leave a process that nobody knows of.
        with deferred_signals():
            child.spawn()
            self._tell_guardian("add", child.pid)

    def _bury(self, child: Child) -> None:
        pid = child.pid
        child.end()
        self._tell_guardian("drop", pid)

    def _tell_guardian(self, word: str, pid: int) -> None:
        if self._guardian is None or self._guardian.poll() is not None:
            self._guardian = subprocess.Popen(
                (sys.executable, "-I", "-S", str(Path(__file__).with_name("guardian.py"))),
                stdin=subprocess.PIPE,
                text=True,
                start_new_session=True,
                cwd="/",
            )
            self._write("".join(f"add {c.pid}\n" for c in self._children.values()))
        self._write(f"{word} {pid}\n")

    def _write(self, text: str) -> None:
        if self._guardian is not None and self._guardian.stdin is not None:
            self._guardian.stdin.write(text)
            self._guardian.stdin.flush()

    def _watch(self) -> None:
        while not self._stopping.wait(0.1):
            for child in list(self._children.values()):
                if child.given_up is None and child.process is not None and child.process.poll() is not None:
                    try:
                        self._revive(child)
                    except (OSError, subprocess.SubprocessError) as fault:
                        # A watcher that ended here would leave every later death unseen; the next look tries again.
                        log.warning("%s could not be started again yet: %s", child.server.name, type(fault).__name__)

    def _revive(self, child: Child) -> None:
        with self._lock:
            if self._children.get(child.server.name) is not child:
                return
            obituary = child.obituary()
            pid = child.pid
            # PostgreSQL refuses to start while backends of its former self hold the shared memory.
            child.kill_group()
            self._tell_guardian("drop", pid)
            recent = [at for at in child.starts if at > time.monotonic() - self._window_seconds]
            if len(recent) > self._most_deaths:
                child.given_up = f"{obituary}\n{child.server.name} died {len(recent)} times in a row and is given up"
                log.error("%s", child.given_up)
                return
            log.warning("%s\n%s is started again", obituary, child.server.name)
            self._spawn(child)
            self.restarts.append(child.server.name)
        try:
            child.wait_ready(self._stopping)
        except ChildFailed as failure:
            log.warning("%s", failure)
            if child.process is not None and child.process.poll() is None:
                child.kill_group()
