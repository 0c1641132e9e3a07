"""Letters: written with their event or not at all, sent once, and once more only where nobody can know."""

from __future__ import annotations

import os
import signal
import socketserver
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from ngc_pipelines.adapters.mail import SmtpMailer
from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.domain.errors import Refused, Unavailable
from ngc_pipelines.local.mail import MailServer
from ngc_pipelines.register.outbox import Letter, Outbox
from ngc_pipelines.register.register import Register
from ngc_pipelines.settings import Database

NewCase = Callable[..., CaseId]


def mailer_of(mailbox: MailServer) -> SmtpMailer:
    settings = mailbox.settings()
    return SmtpMailer(settings.host, settings.port, settings.sender)


@pytest.fixture
def outbox(register: Register) -> Outbox:
    """The register's outbox."""
    return Outbox(register.engine)


def test_a_letter_arrives_as_it_was_written(
    outbox: Outbox, new_case: NewCase, mailbox: MailServer, now: datetime
) -> None:
    case = new_case(letters=1)
    assert outbox.send_all(mailer_of(mailbox), "run", now) == (1, ())
    (letter,) = mailbox.letters()
    (posted,) = outbox.of_case(case)
    assert letter["To"] == "pi@forskning.example"
    assert letter["Message-ID"] == posted.message_id
    assert letter.get_content().strip() == "Tekst æøå"
    assert posted.sent == now
    assert outbox.waiting(now) == 0


def test_senders_at_once_send_each_letter_once(
    outbox: Outbox, new_case: NewCase, mailbox: MailServer, now: datetime
) -> None:
    for _ in range(5):
        new_case(letters=4)
    threads = [threading.Thread(target=outbox.send_all, args=(mailer_of(mailbox), f"run {n}", now)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ids = [letter["Message-ID"] for letter in mailbox.letters()]
    assert len(ids) == len(set(ids)) == 20


KILLED = """
    import os, signal, sys
    from datetime import datetime
    from ngc_pipelines.adapters.mail import SmtpMailer
    from ngc_pipelines.register.outbox import Outbox
    from ngc_pipelines.register.register import Register

    url, host, port, now, moment = sys.argv[1:]
    outbox = Outbox(Register.connect(url).engine)
    posted = outbox.claim("killed", datetime.fromisoformat(now))
    if moment == "after sending":
        SmtpMailer(host, int(port), "a@b.example").send(posted.letter, posted.message_id)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def kill_a_sender(database: Database, mailbox: MailServer, now: datetime, moment: str) -> None:
    settings = mailbox.settings()
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(KILLED), database.url, settings.host, str(settings.port),
         now.isoformat(), moment],
        env={**os.environ}, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL


def test_a_sender_killed_before_sending_loses_nothing(
    outbox: Outbox, new_case: NewCase, mailbox: MailServer, register_database: Database, now: datetime
) -> None:
    new_case(letters=1)
    kill_a_sender(register_database, mailbox, now, "before sending")
    assert outbox.send_all(mailer_of(mailbox), "next", now) == (0, ())
    assert outbox.send_all(mailer_of(mailbox), "later", now + timedelta(minutes=6)) == (1, ())
    assert len(list(mailbox.letters())) == 1


def test_a_sender_killed_after_sending_leaves_two_letters_that_are_known_as_one(
    outbox: Outbox, new_case: NewCase, mailbox: MailServer, register_database: Database, now: datetime
) -> None:
    """The moment that SMTP cannot close: what is sent again bears the same Message-ID."""
    new_case(letters=1)
    kill_a_sender(register_database, mailbox, now, "after sending")
    assert outbox.send_all(mailer_of(mailbox), "later", now + timedelta(minutes=6)) == (1, ())
    first, second = (letter["Message-ID"] for letter in mailbox.letters())
    assert first == second


class Unreachable:
    """A mail server that is down, and counts who tries."""

    tries = 0

    def send(self, letter: Letter, message_id: str) -> None:  # noqa: ARG002 - what a mailer takes
        self.tries += 1
        raise Unavailable("A letter was sent", "nobody answers", "Wait.")


def test_a_mail_server_that_is_down_is_asked_once_a_round_and_less_and_less(
    outbox: Outbox, new_case: NewCase, mailbox: MailServer, now: datetime
) -> None:
    for _ in range(3):
        new_case(letters=1)
    down = Unreachable()
    sent, troubles = outbox.send_all(down, "run", now)
    assert (sent, len(troubles), down.tries) == (0, 1, 1)
    assert outbox.waiting(now) == 2
    assert outbox.waiting(now + timedelta(minutes=1)) == 3
    assert outbox.send_all(mailer_of(mailbox), "run", now + timedelta(minutes=1))[0] == 3


def test_a_mail_server_that_cannot_be_reached_is_unavailable_without_the_address() -> None:
    with pytest.raises(Unavailable) as unavailable:
        SmtpMailer("127.0.0.1", 1, "a@b.example", timeout=5).send(Letter("pi@x.example", "a", "b"), "<1@x>")
    assert "pi@x.example" not in str(unavailable.value)


def test_a_connection_without_tls_is_refused_where_the_settings_ask_for_it(mailbox: MailServer) -> None:
    settings = mailbox.settings()
    mailer = SmtpMailer(settings.host, settings.port, settings.sender, starttls=True)
    with pytest.raises(Unavailable):
        mailer.send(Letter("pi@x.example", "a", "b"), "<1@x>")
    assert list(mailbox.letters()) == []


@pytest.mark.parametrize(
    "letter",
    [("a@b.example, c@d.example", "x", "y"), ("nobody", "x", "y"), ("a@b.example", "x\nBcc: c@d", "y"),
     ("a@b.example", "", "y"), ("a@b.example", "x", " ")],
    ids=["two addresses", "no address", "a header in the subject", "no subject", "no text"],
)  # fmt: skip
def test_a_letter_that_is_none_cannot_be_written(letter: tuple[str, str, str]) -> None:
    with pytest.raises(ValueError, match=r"letter|subject"):
        Letter(*letter)


class Refusing(socketserver.StreamRequestHandler):
    """A mail server that answers every recipient with one code, and quotes the address as real ones do."""

    code = 550

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"RCPT":
                self.wfile.write(b"%d %s is not known here\r\n" % (self.code, line.strip()))
            elif verb == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(b"250 ok\r\n")


@pytest.mark.parametrize(("code", "error"), [(550, Refused), (553, Refused), (450, Unavailable), (452, Unavailable)])
def test_what_the_server_says_for_good_is_refused_and_what_may_pass_is_not(code: int, error: type[Exception]) -> None:
    handler = type("Handler", (Refusing,), {"code": code})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            with pytest.raises(error) as raised:
                SmtpMailer(*server.server_address[:2], "a@b.example").send(Letter("pi@x.example", "a", "b"), "<1@x>")
        finally:
            server.shutdown()
            thread.join()
    assert "pi@x.example" not in str(raised.value)
