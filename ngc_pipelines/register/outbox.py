"""Letters on their way: written in the transaction of the event they tell about, sent by a job afterwards.

Here: writing, claiming and marking letters. Not here: their wording (`domain/letters`) and SMTP (`adapters/mail`).

Exactly once, as far as SMTP allows. A letter is written if and only if its event is. One sender at a time holds it
(`FOR UPDATE SKIP LOCKED`, then a claim with an end). Between the mail server's "accepted" and our mark lies a moment
that no protocol closes: a sender killed right there leaves a letter that was sent and is not marked. It is sent again
after its claim has run out, under the *same* Message-ID, by which mail servers and readers know the two as one.
Letters to applicants carry no CPR number and no count below the threshold; they are kept for the case's story.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import NAMESPACE_DNS, uuid5

import sqlalchemy as sa

from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.domain.errors import NgcError, Unavailable
from ngc_pipelines.register.database import transaction
from ngc_pipelines.register.tables import OUTBOX

# The name space of our Message-IDs: the same letter of the same event has the same id for ever.
_NAMESPACE_NAME = "outbox.ngc-pipelines"
_RETRY = timedelta(minutes=1)
_LONGEST_RETRY = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to one address, as plain text.

    recipient: one mail address. subject: one line. text: Danish with English beside.
    """

    recipient: str
    subject: str
    text: str

    def __post_init__(self) -> None:
        if "@" not in self.recipient or any(c.isspace() or c in ",;<>" for c in self.recipient):
            raise ValueError("a letter goes to one mail address")
        if not self.subject or any(c in "\r\n" for c in self.subject):
            raise ValueError("a subject is one line")
        if not self.text.strip():
            raise ValueError("a letter has a text")


@dataclass(frozen=True, slots=True)
class Posted:
    """A letter in the outbox. attempts: how often it was tried before; sent: when it was accepted."""

    id: int
    message_id: str
    case: CaseId
    letter: Letter
    written: datetime
    attempts: int
    sent: datetime | None


class Mailer(Protocol):
    """Whatever takes a letter: returns when the mail server has accepted it, raises Unavailable or Refused else."""

    def send(self, letter: Letter, message_id: str) -> None: ...


def write_letters(
    connection: sa.Connection, case: CaseId, number: int, at: datetime, letters: Sequence[Letter]
) -> None:
    """Put the letters of an event into the outbox, in the event's transaction."""
    for place, letter in enumerate(letters, start=1):
        connection.execute(
            OUTBOX.insert().values(
                message_id=_message_id(case, number, place),
                case_id=case.value,
                number=number,
                recipient=letter.recipient,
                subject=letter.subject,
                text=letter.text,
                written=at,
                not_before=at,
            )
        )


class Outbox:
    """The outbox of a register.

    engine: the register's. hold: how long a sender may keep one letter; a letter held longer is taken by another.
    """

    def __init__(self, engine: sa.Engine, hold: timedelta = timedelta(minutes=5)) -> None:
        self.engine = engine
        self.hold = hold

    def waiting(self, now: datetime) -> int:
        """Count the letters that could be sent now."""
        query = (
            sa.select(sa.func.count()).select_from(OUTBOX).where(OUTBOX.c.sent.is_(None), OUTBOX.c.not_before <= now)
        )
        with transaction(self.engine) as connection:
            return int(connection.scalar(query) or 0)

    def of_case(self, case: CaseId) -> tuple[Posted, ...]:
        """List every letter of a case, oldest first."""
        query = sa.select(OUTBOX).where(OUTBOX.c.case_id == case.value).order_by(OUTBOX.c.id)
        with transaction(self.engine) as connection:
            return tuple(_posted(row) for row in connection.execute(query))

    def claim(self, sender: str, now: datetime) -> Posted | None:
        """Take the oldest letter that nobody holds; None where there is none."""
        oldest = (
            sa.select(OUTBOX.c.id)
            .where(OUTBOX.c.sent.is_(None), OUTBOX.c.not_before <= now)
            .order_by(OUTBOX.c.not_before, OUTBOX.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
            .scalar_subquery()
        )
        taken = (
            OUTBOX.update()
            .where(OUTBOX.c.id == oldest)
            .values(claimed_by=sender, not_before=now + self.hold, attempts=OUTBOX.c.attempts + 1)
            .returning(OUTBOX)
        )
        with transaction(self.engine) as connection:
            row = connection.execute(taken).first()
        return None if row is None else _posted(row)

    def mark_sent(self, posted: Posted, now: datetime) -> None:
        """Note that the mail server has accepted a letter."""
        self._update(posted, sent=now, trouble=None)

    def put_back(self, posted: Posted, why: str, now: datetime) -> None:
        """Note why a letter was not accepted, and let it wait, longer each time (1 minute to 4 hours)."""
        wait = min(_RETRY * 2 ** min(posted.attempts - 1, 10), _LONGEST_RETRY)
        self._update(posted, trouble=why[:500], not_before=now + wait, claimed_by=None)

    def send_all(self, mailer: Mailer, sender: str, now: datetime, most: int = 500) -> tuple[int, tuple[str, ...]]:
        """Send what waits, at most `most` letters; gives how many were accepted and what went wrong with others.

        A mail server that cannot be reached ends the round: the letters stay and are tried again later.
        """
        sent, troubles = 0, []
        for _ in range(most):
            posted = self.claim(sender, now)
            if posted is None:
                break
            try:
                mailer.send(posted.letter, posted.message_id)
            except NgcError as error:
                self.put_back(posted, error.why, now)
                troubles.append(f"letter {posted.id} of case {posted.case}: {error.why}")
                if isinstance(error, Unavailable):
                    break
            else:
                self.mark_sent(posted, now)
                sent += 1
        return sent, tuple(troubles)

    def _update(self, posted: Posted, **values: object) -> None:
        with transaction(self.engine) as connection:
            connection.execute(OUTBOX.update().where(OUTBOX.c.id == posted.id).values(**values))


def _message_id(case: CaseId, number: int, place: int) -> str:
    name = uuid5(uuid5(NAMESPACE_DNS, _NAMESPACE_NAME), f"{case}/{number}/{place}")
    return f"<{case}.{number}.{place}.{name.hex[:12]}@ngc-pipelines.invalid>"


def _posted(row: "sa.Row[tuple[object, ...]]") -> Posted:
    return Posted(
        id=row.id,
        message_id=row.message_id,
        case=CaseId(row.case_id),
        letter=Letter(row.recipient, row.subject, row.text),
        written=row.written,
        attempts=row.attempts,
        sent=row.sent,
    )
