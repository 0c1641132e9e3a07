"""Claims of work: who is at work on which step of a case, so that two runs do not act on it at once.

Here: asking for a run, beginning, keeping and ending a claim. Not here: what is done under it.

A claim is a lease. Whoever works keeps it alive from a thread; a worker that was killed stops doing so, and after the
lease's end the next tick asks for another attempt. Leases are measured on the database's clock, so the workers' clocks
do not matter. An event recorded under a claim is refused once somebody else holds it (`Claim.assert_held`), which also
stops a worker that was only asleep.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql.dml import ReturningInsert

from ngc_pipelines.domain.cases import CaseId, Flow
from ngc_pipelines.domain.errors import NgcError
from ngc_pipelines.domain.workflow import Actor
from ngc_pipelines.register.database import transaction
from ngc_pipelines.register.tables import CASES, CLAIMS


class InOtherHands(NgcError):  # noqa: N818 - it is no error of anybody's: the work is being done
    """Another run is at work on the case. Nothing needs to be done; the work is being done."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An attempt that a sensor may request: at most one of each number for each step of a case."""

    case: CaseId
    step: str
    attempt: int

    @property
    def run_key(self) -> str:
        """Dagster's key of the run, by which it refuses the same request twice."""
        return f"{self.case}:{self.step}:{self.attempt}"


@dataclass(frozen=True, slots=True)
class Claim:
    """A step of a case that is held. failures: attempts of this step that failed before."""

    case: CaseId
    step: str
    attempt: int
    holder: str
    failures: int
    lost: threading.Event = field(compare=False)

    def check(self) -> None:
        """Raise InOtherHands once the claim was lost; call it between pieces of long work."""
        if self.lost.is_set():
            raise _taken(self.case)

    def assert_held(self, connection: sa.Connection) -> None:
        """Raise InOtherHands unless the claim is held, and keep it so until the transaction ends."""
        row = connection.execute(
            sa.select(CLAIMS.c.holder, CLAIMS.c.attempt).where(CLAIMS.c.case_id == self.case.value).with_for_update()
        ).first()
        if row is None or (row.holder, row.attempt) != (self.holder, self.attempt):
            raise _taken(self.case)


class Claims:
    """The claims of a register.

    engine: the register's. lease: how long a claim lasts without a sign of life. start: how long a requested run may
    take to begin before it is asked for again.
    """

    def __init__(
        self, engine: sa.Engine, lease: timedelta = timedelta(seconds=60), start: timedelta = timedelta(minutes=2)
    ) -> None:
        self.engine = engine
        self.lease = lease
        self.start = start

    def open_work(self, flow: Flow, most: int) -> tuple[CaseId, ...]:
        """List open cases in which the system is to act and nobody does, longest waiting first, at most `most`.

        Found through the index of open cases, so that closed ones cost nothing.
        """
        query = (
            sa.select(CASES.c.case_id)
            .outerjoin(CLAIMS, CLAIMS.c.case_id == CASES.c.case_id)
            .where(CASES.c.closed.is_(None), CASES.c.flow == flow.value, CASES.c.actor == Actor.SYSTEM.value)
            .where(sa.or_(CLAIMS.c.until.is_(None), CLAIMS.c.until <= sa.func.clock_timestamp()))
            .order_by(CASES.c.since, CASES.c.case_id)
            .limit(most)
        )
        with transaction(self.engine) as connection:
            return tuple(CaseId(value) for value in connection.scalars(query))

    def want(self, case: CaseId, step: str) -> Wanted | None:
        """Ask for an attempt at a step; None where somebody holds the case or one is asked for already."""
        with transaction(self.engine) as connection:
            row = connection.execute(self._upsert(case, step, None, self.start)).first()
        return None if row is None else Wanted(case, step, row.attempt)

    def holder(self, case: CaseId) -> str | None:
        """Give the run that held the case last, alive or not."""
        with transaction(self.engine) as connection:
            return connection.scalar(sa.select(CLAIMS.c.holder).where(CLAIMS.c.case_id == case.value))

    @contextmanager
    def held(self, case: CaseId, step: str, holder: str) -> Iterator[Claim]:
        """Hold a step of a case while the block runs; raises InOtherHands where another run is at work.

        holder: the run's id. When the block ends the claim stays with the holder for one more lease, because the next
        step of the case is mostly the next asset of the same run; `finish` or the lease's end gives it up.
        """
        claim = self._begin(case, step, holder)
        stop = threading.Event()
        beats = threading.Thread(target=self._keep, args=(claim, stop), name=f"claim {case}", daemon=True)
        beats.start()
        try:
            yield claim
        finally:
            stop.set()
            beats.join()

    def finish(self, case: CaseId, holder: str) -> None:
        """Give up the claim: the run has nothing more to do on the case."""
        mine = sa.and_(CLAIMS.c.case_id == case.value, CLAIMS.c.holder == holder)
        with transaction(self.engine) as connection:
            connection.execute(CLAIMS.update().where(mine).values(until=sa.func.clock_timestamp()))

    def fail(self, claim: Claim, wait: timedelta) -> int:
        """Note that the attempt failed and let `wait` pass before the next; gives how many have failed in a row."""
        mine = sa.and_(CLAIMS.c.case_id == claim.case.value, CLAIMS.c.holder == claim.holder)
        values = {"failures": CLAIMS.c.failures + 1, "until": sa.func.clock_timestamp() + wait, "holder": None}
        with transaction(self.engine) as connection:
            count = connection.scalar(CLAIMS.update().where(mine).values(**values).returning(CLAIMS.c.failures))
        return claim.failures + 1 if count is None else int(count)

    def _begin(self, case: CaseId, step: str, holder: str) -> Claim:
        with transaction(self.engine) as connection:
            row = connection.execute(self._upsert(case, step, holder, self.lease)).first()
        if row is None:
            raise _taken(case)
        return Claim(case, step, row.attempt, holder, row.failures, threading.Event())

    def _upsert(
        self, case: CaseId, step: str, holder: str | None, lasts: timedelta
    ) -> ReturningInsert[tuple[int, int]]:
        """Take the claim where it is new, has run out, is asked for and not begun, or is the holder's own.

        Attempts of a case are numbered through and never again from 1: a run key that was used stays used.
        """
        until = sa.func.clock_timestamp() + lasts
        new = insert(CLAIMS).values(case_id=case.value, step=step, attempt=1, failures=0, holder=holder, until=until)
        ran_out = CLAIMS.c.until <= sa.func.clock_timestamp()
        if holder is None:
            allowed, attempt = ran_out, CLAIMS.c.attempt + 1
        else:
            waits_or_mine = sa.or_(CLAIMS.c.holder.is_(None), CLAIMS.c.holder == holder)
            allowed = sa.or_(ran_out, waits_or_mine)
            attempt = sa.case((waits_or_mine, CLAIMS.c.attempt), else_=CLAIMS.c.attempt + 1)
        return new.on_conflict_do_update(
            index_elements=[CLAIMS.c.case_id],
            set_={
                "step": step,
                "holder": holder,
                "until": until,
                "attempt": attempt,
                "failures": sa.case((CLAIMS.c.step == step, CLAIMS.c.failures), else_=0),
            },
            where=allowed,
        ).returning(CLAIMS.c.attempt, CLAIMS.c.failures)

    def _keep(self, claim: Claim, stop: threading.Event) -> None:
        mine = sa.and_(
            CLAIMS.c.case_id == claim.case.value, CLAIMS.c.holder == claim.holder, CLAIMS.c.attempt == claim.attempt
        )
        again = CLAIMS.update().where(mine).values(until=sa.func.clock_timestamp() + self.lease)
        while not stop.wait(self.lease.total_seconds() / 4):
            try:
                with self.engine.begin() as connection:
                    if connection.execute(again).rowcount == 0:
                        claim.lost.set()
                        return
            except sa.exc.DBAPIError:
                # The database is away. The lease may run out meanwhile; the next beat, or the fence at the next
                # event, finds out whether somebody else has taken the case.
                continue


def release(connection: sa.Connection, case: CaseId, *, closed: bool) -> None:
    """Take the case out of whoever's hands it is in, because a person moved it; drop the claim of a closed case."""
    if closed:
        connection.execute(CLAIMS.delete().where(CLAIMS.c.case_id == case.value))
        return
    free = {"holder": None, "until": sa.func.clock_timestamp(), "failures": 0}
    connection.execute(CLAIMS.update().where(CLAIMS.c.case_id == case.value).values(**free))


def _taken(case: CaseId) -> InOtherHands:
    return InOtherHands(
        f"Work on case {case} was to begin or go on",
        "another run holds the case",
        "Nothing needs to be done: the other run does the work, or the next tick asks for a new one.",
    )
