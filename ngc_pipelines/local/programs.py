"""What can be supervised: how a server is started, how it is told to end, where it writes, when it is ready.

What a server *is* (its command, how to tell that it is ready) is said by `postgres`, `seaweedfs`, `sftp`, `mail` and
`orchestrator`; keeping it up is the business of `processes`.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from ngc_pipelines.local.accounts import Account

LAST_LINES = 15


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
        strays: the folder in which children of it work that lead process groups of their own; None where none do.
    """

    command: tuple[str, ...]
    log: Path
    environ: Mapping[str, str] = field(default_factory=dict)
    cwd: str = "/"
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    grace_seconds: float = 10.0
    start_seconds: float = 180.0
    strays: Path | None = None


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


def is_ready(server: Server) -> bool:
    """Whether the server answers; a refused connection is a no."""
    try:
        return server.is_ready()
    except OSError:
        return False
