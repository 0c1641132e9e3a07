"""Handing letters to the mail server over SMTP.

Here: one message, one connection, TLS as the settings demand. Not here: which letters there are (`register/outbox`) or
what they say (`domain/letters`). The server named in the settings is the only address this connects to.
"""

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from ngc_pipelines.domain.errors import Fault, Refused, Unavailable
from ngc_pipelines.register.outbox import Letter


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """Hands letters to one mail server.

    host, port: where it listens. sender: the address letters come from. starttls: refuse to hand over a letter on a
    connection without TLS (the server's certificate is verified). user, password: where the server asks for them.
    timeout: seconds to wait for an answer.
    """

    host: str
    port: int
    sender: str
    starttls: bool = False
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    timeout: float = 30
    now: Callable[[], datetime] = _now

    def send(self, letter: Letter, message_id: str) -> None:
        """Hand over one letter; when this returns, the server has accepted it.

        Raises Unavailable where a later try may succeed, Refused where the server says the address is no good.
        No text of the server is repeated: it often quotes the address.
        """
        message = self._message(letter, message_id)
        try:
            with smtplib.SMTP(self.host, self.port, timeout=self.timeout) as server:
                if self.starttls:
                    server.starttls(context=ssl.create_default_context())
                if self.user is not None:
                    server.login(self.user, self.password or "")
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            codes = {code for code, _ in error.recipients.values()}
            raise self._no(max(codes)) from None
        except smtplib.SMTPResponseException as error:
            raise self._no(error.smtp_code) from None
        except (OSError, smtplib.SMTPException) as error:
            raise Unavailable(
                "A letter was handed to the mail server",
                f"it did not take it ({type(error).__name__})",
                "The letter stays in the outbox and is tried again; look at the mail server if it stays so.",
            ) from None

    def _message(self, letter: Letter, message_id: str) -> EmailMessage:
        message = EmailMessage(policy=SMTP)
        message["From"] = self.sender
        message["To"] = letter.recipient
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(self.now())
        message["Message-ID"] = message_id
        # Out-of-office answers to a machine help nobody (RFC 3834).
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text)
        return message

    def _no(self, code: int) -> Unavailable | Refused:
        if 400 <= code < 500:
            return Unavailable(
                "A letter was handed to the mail server",
                f"it asked to wait (SMTP {code})",
                "The letter stays in the outbox and is tried again.",
            )
        return Refused(
            [
                Fault(
                    "CO-4",
                    "the letter",
                    f"Mailserveren tog ikke imod brevet (SMTP {code}).",
                    f"The mail server did not accept the letter (SMTP {code}).",
                )
            ],
            tried="A letter was handed to the mail server",
            remedy="Check the address on the case and the mail server's settings.",
        )
