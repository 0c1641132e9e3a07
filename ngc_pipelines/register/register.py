"""Writing and reading cases: the only door to the register's tables of cases and events.

Here: opening a case, recording an event (with its letters, in one transaction), and reading where cases stand. Not
here: claims of work (`register/claims`), sending letters (`register/outbox`), verifying the chain
(`register/verification`).

Every event is checked against the transition table under the case's lock, so that two runs cannot both make the same
move. What is read for acting is folded from the events anew, and their hashes are checked on the way; the table
`cases` is only the list that sensors and overviews look through.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from ngc_pipelines.domain.cases import CaseId, Flow
from ngc_pipelines.domain.errors import Fault, IntegrityFault, Refused
from ngc_pipelines.domain.exhibition_flow import WORKFLOWS
from ngc_pipelines.domain.workdays import WorkdayCalendar, danish_calendar
from ngc_pipelines.domain.workflow import Actor, Person, Workflow, check_can, check_may, limits
from ngc_pipelines.register.claims import Claim, release
from ngc_pipelines.register.database import register_engine, transaction
from ngc_pipelines.register.events import Event, Payload, chain_hash, parse_body
from ngc_pipelines.register.fold import OPENED, Standing, after, fold, opened
from ngc_pipelines.register.outbox import Letter, write_letters
from ngc_pipelines.register.tables import CASES, CHAIN_HEAD, EVENTS

# Serialises every append to the chain; any number will do as long as nothing else uses it.
_CHAIN_LOCK = 0x4E4743
COPENHAGEN = ZoneInfo("Europe/Copenhagen")
SYSTEM = Person("ngc_pipelines", Actor.SYSTEM)


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case in a list: what is needed to find it and to see who is to act."""

    case: CaseId
    flow: Flow
    state: str
    actor: Actor
    title: str
    folder: str
    fingerprint: str
    opened: datetime
    since: datetime
    remind_on: date | None
    due_on: date | None
    closed: datetime | None

    def overdue(self, today: date) -> bool:
        """Whether the state's time limit has passed."""
        return self.closed is None and self.due_on is not None and today > self.due_on


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be recorded on a case.

    event: its kind. by: who did it. data: what was found or decided. letters: written with it or not at all.
    run: the Dagster run. number: the number of events that whoever decides has seen; another number refuses the entry.
    """

    event: str
    by: Person
    data: Payload = field(default_factory=dict)
    letters: Sequence[Letter] = ()
    run: str | None = None
    number: int | None = None


class Register:
    """The register of cases on a PostgreSQL server.

    engine: connects as the runtime role. calendar: working days for time limits.
    Methods raise Unavailable where the server cannot be reached and IntegrityFault where events do not fit together.
    """

    def __init__(self, engine: sa.Engine, calendar: WorkdayCalendar | None = None) -> None:
        self.engine = engine
        self.calendar = calendar or danish_calendar()

    @classmethod
    def connect(cls, url: str) -> "Register":
        """Make a register that connects to `url` (`postgresql+psycopg://…`) when it is first used."""
        return cls(register_engine(url))

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()

    # -- writing ----------------------------------------------------------------------------------------------------

    def open_case(
        self, flow: Flow, folder: str, fingerprint: str, at: datetime, letters: Sequence[Letter] = ()
    ) -> CaseId | None:
        """Open a case for a folder that was handed in; None where another tick has taken up this very hand-in."""
        workflow = WORKFLOWS[flow]
        with transaction(self.engine) as connection:
            _lock_chain(connection)
            if self._latest_of(connection, flow, folder, fingerprint):
                return None
            case = _next_number(connection, flow, at.astimezone(COPENHAGEN).year)
            data = {"flow": flow.value, "folder": folder, "fingerprint": fingerprint}
            event, digest = _append(connection, case, 1, Entry(OPENED, SYSTEM, data), at)
            standing = opened(workflow, event)
            connection.execute(CASES.insert().values(**self._row(workflow, standing, digest)))
            write_letters(connection, case, 1, at, letters)
            return case

    def record(self, case: CaseId, entry: Entry, at: datetime, *, claim: Claim | None = None) -> Standing:
        """Record an event and give where the case then stands.

        claim: the claim of work under which it is done; it must still be held.
        Raises Refused where the state does not allow the event, the person may not do it, or somebody else recorded
        something since `entry.number` events were seen.
        """
        workflow = WORKFLOWS[case.flow]
        with transaction(self.engine) as connection:
            _lock_chain(connection)
            standing = self._standing(connection, case)
            if entry.number is not None and entry.number != standing.number:
                raise _seen_old(case)
            if entry.event not in workflow.notes:
                check_may(check_can(workflow, standing.state.name, entry.event), entry.by)
            if claim is not None:
                claim.assert_held(connection)
            event, digest = _append(connection, case, standing.number + 1, entry, at)
            now = after(workflow, standing, event)
            row = self._row(workflow, now, digest)
            connection.execute(CASES.update().where(CASES.c.case_id == case.value).values(**row))
            write_letters(connection, case, now.number, at, entry.letters)
            if now.state.is_end or (claim is None and now.state.name != standing.state.name):
                # A person moved the case: what a run is about to do belongs to the state before.
                release(connection, case, closed=now.state.is_end)
            return now

    # -- reading ----------------------------------------------------------------------------------------------------

    def standing(self, case: CaseId) -> Standing:
        """Say where a case stands, folded from its events; raises Refused where there is no such case."""
        with transaction(self.engine) as connection:
            return self._standing(connection, case)

    def story(self, case: CaseId) -> tuple[Event, ...]:
        """Give every event of a case, oldest first; raises Refused where there is no such case."""
        with transaction(self.engine) as connection:
            return _events(connection, case)

    def open_cases(
        self, flow: Flow | None = None, *, actor: Actor | None = None, limit: int | None = None
    ) -> tuple[CaseLine, ...]:
        """List open cases, longest waiting first; its cost grows with open cases only."""
        query = sa.select(CASES).where(CASES.c.closed.is_(None)).order_by(CASES.c.since, CASES.c.case_id)
        if flow is not None:
            query = query.where(CASES.c.flow == flow.value)
        if actor is not None:
            query = query.where(CASES.c.actor == actor.value)
        return self._lines(query.limit(limit))

    def due_cases(self, today: date) -> tuple[CaseLine, ...]:
        """List open cases with a reminder to send or a time limit passed, as of `today`."""
        passed = sa.or_(CASES.c.remind_on <= today, CASES.c.due_on < today)
        return self._lines(sa.select(CASES).where(CASES.c.closed.is_(None), passed).order_by(CASES.c.case_id))

    def cases_in(self, flow: Flow, state: str) -> tuple[CaseLine, ...]:
        """List every case of a flow in one state, ends included."""
        query = sa.select(CASES).where(CASES.c.flow == flow.value, CASES.c.state == state)
        return self._lines(query.order_by(CASES.c.case_id))

    def case_ids(self, flow: Flow) -> tuple[CaseId, ...]:
        """List every case number of a flow that there ever was."""
        query = sa.select(CASES.c.case_id).where(CASES.c.flow == flow.value).order_by(CASES.c.case_id)
        with transaction(self.engine) as connection:
            return tuple(CaseId(value) for value in connection.scalars(query))

    def latest_by_folder(self, flow: Flow, folders: Iterable[str]) -> Mapping[str, CaseLine]:
        """Give the newest case of each of these intake folders; folders without a case are left out."""
        query = (
            sa.select(CASES)
            .where(CASES.c.flow == flow.value, CASES.c.folder == sa.any_(sa.cast(list(folders), sa.ARRAY(sa.Text))))
            .order_by(CASES.c.case_id)
        )
        return {line.folder: line for line in self._lines(query)}

    def projection(self, connection: sa.Connection) -> Mapping[CaseId, tuple[int, str, str]]:
        """Give number of events, state and last hash of every case as the list has them (for verification)."""
        query = sa.select(CASES.c.case_id, CASES.c.number, CASES.c.state, CASES.c.last_hash)
        return {CaseId(row.case_id): (row.number, row.state, row.last_hash) for row in connection.execute(query)}

    # -- inside -----------------------------------------------------------------------------------------------------

    def _lines(self, query: "sa.Select[Any]") -> tuple[CaseLine, ...]:
        with transaction(self.engine) as connection:
            return tuple(_line(row) for row in connection.execute(query))

    def _standing(self, connection: sa.Connection, case: CaseId) -> Standing:
        return fold(WORKFLOWS[case.flow], _events(connection, case))

    def _latest_of(self, connection: sa.Connection, flow: Flow, folder: str, fingerprint: str) -> bool:
        """Whether the folder has an open case, or its newest case took up this very fingerprint."""
        row = connection.execute(
            sa.select(CASES.c.closed, CASES.c.fingerprint)
            .where(CASES.c.flow == flow.value, CASES.c.folder == folder)
            .order_by(CASES.c.case_id.desc())
            .limit(1)
        ).first()
        return row is not None and (row.closed is None or row.fingerprint == fingerprint)

    def _row(self, workflow: Workflow, standing: Standing, last_hash: str) -> dict[str, Any]:
        since = standing.since.astimezone(COPENHAGEN).date()
        dates = limits(standing.state, since, self.calendar)
        due = dates.due
        if due is not None and standing.overdue_told is not None:
            # Told once: told again after the same time, so that an overdue case does not fall silent.
            told = standing.overdue_told.astimezone(COPENHAGEN).date()
            due = self.calendar.add(told, standing.state.limit or 0)
        left = dates.reminders[standing.reminded :]
        return {
            "case_id": standing.case.value,
            "flow": workflow.flow.value,
            "state": standing.state.name,
            "actor": standing.state.actor.value,
            "title": standing.title,
            "folder": standing.folder,
            "fingerprint": standing.fingerprint,
            "opened": standing.opened,
            "since": standing.since,
            "remind_on": left[0] if left else None,
            "due_on": due,
            "closed": standing.since if standing.state.is_end else None,
            "number": standing.number,
            "last_hash": last_hash,
        }


def _lock_chain(connection: sa.Connection) -> None:
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_CHAIN_LOCK)))


def _append(connection: sa.Connection, case: CaseId, number: int, entry: Entry, at: datetime) -> tuple[Event, str]:
    """Add an event to the end of the chain, whose lock is held."""
    head = connection.execute(sa.select(CHAIN_HEAD.c.seq, CHAIN_HEAD.c.hash)).one()
    event = Event(head.seq + 1, case, number, at, entry.event, entry.by, entry.run, dict(entry.data))
    body = event.body()
    digest = chain_hash(head.hash, body)
    connection.execute(EVENTS.insert().values(seq=event.seq, previous=head.hash, hash=digest, body=body))
    # What was written is what will be read: a value that JSON changes on the way would break the fold later.
    return parse_body(body), digest


def _events(connection: sa.Connection, case: CaseId) -> tuple[Event, ...]:
    rows = connection.execute(
        sa.select(EVENTS.c.seq, EVENTS.c.previous, EVENTS.c.hash, EVENTS.c.body)
        .where(EVENTS.c.case_id == case.value)
        .order_by(EVENTS.c.number)
    ).all()
    if not rows:
        raise Refused(
            [Fault("WC-1", "case number", f"Der er ingen sag {case}.", f"There is no case {case}.")],
            tried="A case was looked up",
            remedy="`ngc status` lists the open cases.",
        )
    events = []
    for row in rows:
        event = parse_body(row.body)
        if chain_hash(row.previous, row.body) != row.hash or event.seq != row.seq or event.case != case:
            raise IntegrityFault(
                f"Case {case} was read",
                f"event {row.seq} of the register is not what was recorded",
                "Run `ngc audit verify`; nothing goes on with this case before it is explained.",
            )
        events.append(event)
    return tuple(events)


def _next_number(connection: sa.Connection, flow: Flow, year: int) -> CaseId:
    first, last = CaseId.of(flow, year, 1), CaseId.of(flow, year, 99_999)
    newest = connection.scalar(
        sa.select(CASES.c.case_id)
        .where(CASES.c.case_id >= first.value, CASES.c.case_id <= last.value)
        .order_by(CASES.c.case_id.desc())
        .limit(1)
    )
    return CaseId.of(flow, year, int(newest.rsplit("-", 1)[1]) + 1) if newest else first


def _line(row: "sa.Row[Any]") -> CaseLine:
    return CaseLine(
        case=CaseId(row.case_id),
        flow=Flow(row.flow),
        state=row.state,
        actor=Actor(row.actor),
        title=row.title,
        folder=row.folder,
        fingerprint=row.fingerprint,
        opened=row.opened,
        since=row.since,
        remind_on=row.remind_on,
        due_on=row.due_on,
        closed=row.closed,
    )


def _seen_old(case: CaseId) -> Refused:
    return Refused(
        [
            Fault(
                "CO-4",
                "the case",
                f"Der er sket noget på sag {case}, siden den blev vist.",
                f"Something has happened to case {case} since it was shown.",
            )
        ],
        tried="An event was to be recorded",
        remedy="Look at the case again (`ngc status CASE`) and decide then.",
    )
