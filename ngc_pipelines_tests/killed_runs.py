"""A run of a case's provisioning in a process of its own, during which something is killed (SIGKILL).

The victim, the run itself or a server, is killed by the run just before its n-th effect: a request to the object store
or a statement to a database. So a point can be drawn by chance and still be the same on a slow machine.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from typing import Any

import sqlalchemy as sa

from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.domain.errors import NgcError
from ngc_pipelines.flows import provisioning
from ngc_pipelines.flows.site import connected
from ngc_pipelines.register.steps import step
from ngc_pipelines.settings import load_settings

ASSET = "provisioned_environment_snapshot"


@dataclass(frozen=True, slots=True)
class Killing:
    """Whom to kill, and before which effect (counted from 1). victim: a process id; None for the run itself."""

    victim: int | None
    before: int


@dataclass(frozen=True, slots=True)
class Running:
    """A run that was started."""

    process: ForkServerProcess
    told: Connection

    def end(self) -> bool:
        """Wait for its end; True where somebody was killed. Raises AssertionError where it failed otherwise."""
        self.process.join()
        code = self.process.exitcode
        # What a run tells by an exit code of its own is a fault that is none of the domain's errors.
        if code not in (0, -signal.SIGKILL):
            raise AssertionError(f"the run failed by itself (exit code {code})")
        try:
            return self.told.recv() == "killed"
        except EOFError:
            # It came to its end before that effect. (`poll` says yes to the end of a pipe as to something in it.)
            return False


def start_run(
    environ: Mapping[str, str], moment: datetime, case: CaseId, run: str, killing: Killing | None = None
) -> Running:
    """Start a run that does the step of a case that stands at provisioning, as the asset does."""
    # Forked from a server that has no threads: safe, and quicker than a new interpreter each time.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    told, telling = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(dict(environ), moment, case.value, run, killing, telling))
    process.start()
    # The run has the only end to write to, so that its death ends the pipe.
    telling.close()
    return Running(process, told)


def _work(
    environ: dict[str, str], moment: datetime, case: str, run: str, killing: Killing | None, telling: Connection
) -> None:
    with connected(load_settings(environ), lambda: moment) as site:
        if killing is not None:
            count = _Counter(killing, telling)
            # The libraries' own hooks: just before a request leaves, just before a statement is sent.
            for client in (site.provisioner._s3, site.object_store):
                client.meta.events.register("before-send.s3", count)
            sa.event.listen(sa.Engine, "before_cursor_execute", count)
        try:
            with step(site.worker(run), CaseId(case), ASSET) as in_hand:
                if in_hand is not None:
                    provisioning.provision(site, in_hand, lambda _: None)
        except NgcError:
            # Recorded on the case, where that could be done; what becomes of it is the register's business.
            return


class _Counter:
    """Counts effects, and kills before one of them."""

    def __init__(self, killing: Killing, telling: Connection) -> None:
        self._killing = killing
        self._telling = telling
        self._effects = 0
        self._lock = threading.Lock()

    def __call__(self, *_: Any, **__: Any) -> None:
        with self._lock:
            self._effects += 1
            if self._effects == self._killing.before:
                self._telling.send("killed")
                os.kill(self._killing.victim or os.getpid(), signal.SIGKILL)
