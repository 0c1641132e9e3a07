"""The embedded site's mail server: takes every letter over SMTP and puts it into one Maildir.

Run as a child: `python -m ngc_pipelines.local.mail PORT MAILDIR`. Nothing is sent on.
"""

from __future__ import annotations

import mailbox
import signal
import smtplib
import sys
import threading
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from ngc_pipelines.local import ports
from ngc_pipelines.local.programs import Program, base_environ
from ngc_pipelines.settings import Mail

MOST_BYTES = 25 << 20


class MailServer:
    """An SMTP server on 127.0.0.1 that keeps what it is handed.

    Args:
        folder: holds the Maildir.
    """

    name = "mail"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._log = folder.parent / "logs" / "mail.log"
        self.port = ports.remembered_ports(folder / "port.json", ["smtp"])["smtp"]

    @property
    def maildir(self) -> Path:
        """Where letters lie, one file each."""
        return self._folder / "Maildir"

    def settings(self) -> Mail:
        """How the flows reach it."""
        return Mail(host=ports.LOOPBACK, port=self.port)

    def letters(self) -> Iterator[EmailMessage]:
        """Every letter received, oldest first."""
        for file in sorted((self.maildir / "new").iterdir(), key=lambda file: (file.stat().st_mtime_ns, file.name)):
            with file.open("rb") as stream:
                yield message_from_bytes(stream.read(), policy=default)

    def prepare(self) -> None:
        """Makes the Maildir."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        mailbox.Maildir(str(self.maildir), create=True)

    def program(self) -> Program:
        """The server's command."""
        return Program(
            command=(sys.executable, "-m", "ngc_pipelines.local.mail", str(self.port), str(self.maildir)),
            log=self._log,
            environ=base_environ(),
            cwd=str(self._folder),
            grace_seconds=5,
        )

    def is_ready(self) -> bool:
        """Whether it greets as a mail server."""
        try:
            with smtplib.SMTP(ports.LOOPBACK, self.port, timeout=5) as session:
                return session.noop()[0] == 250
        except smtplib.SMTPException:
            return False


def serve(port: int, maildir: Path) -> None:
    """Serves until SIGTERM."""
    from aiosmtpd.controller import Controller
    from aiosmtpd.handlers import Mailbox

    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    # aiosmtpd's Mailbox writes to `tmp` and renames into `new`: a letter is whole or not there.
    controller = Controller(Mailbox(maildir), hostname=ports.LOOPBACK, port=port, data_size_limit=MOST_BYTES)
    controller.start()
    stopped.wait()
    controller.stop()


if __name__ == "__main__":
    serve(int(sys.argv[1]), Path(sys.argv[2]))
