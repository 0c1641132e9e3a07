"""Verifying the register: is the chain of events what was recorded, from the first event to the last?

Here: walking the chain and holding it against the head, the list of cases and the anchors kept elsewhere. Not here:
where anchors are kept (the object store, `defs/audit`).

What finds what. A changed row: its hash. A missing or inserted row: the gap in the numbers and the broken link. Rows
that changed places: the number inside the hashed text. A tail that was cut off: the head, the cases' last hashes and,
where somebody rewrote those too, the anchors, which lie outside the database.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import sqlalchemy as sa

from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.domain.errors import IntegrityFault
from ngc_pipelines.domain.exhibition_flow import WORKFLOWS
from ngc_pipelines.register.database import transaction
from ngc_pipelines.register.events import GENESIS, Event, chain_hash, parse_body
from ngc_pipelines.register.fold import Standing, after, opened
from ngc_pipelines.register.register import Register
from ngc_pipelines.register.tables import CHAIN_HEAD, EVENTS

_BATCH = 5_000
# Enough to see what happened; a chain that is broken everywhere must not fill the memory.
_MOST_FAULTS = 200


class Broken(StrEnum):
    """Ways in which a chain can be broken."""

    CHANGED = "changed"
    MISSING = "missing"
    REORDERED = "reordered"
    CUT = "cut off at the end"
    UNLAWFUL = "not allowed by the transition table"
    LISTED_WRONG = "the list of cases says something else"
    ANCHOR = "not what was anchored"


@dataclass(frozen=True, slots=True)
class ChainFault:
    """One place where the chain is broken. seq: number of the event, as far as it is known."""

    kind: Broken
    seq: int
    message: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """The end of the chain at some time, kept outside the database."""

    seq: int
    hash: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a verification found. events: how many were read; head: the hash of the last one."""

    events: int
    cases: int
    head: str
    faults: tuple[ChainFault, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing is broken."""
        return not self.faults


@dataclass(frozen=True, slots=True)
class Link:
    """One row of the chain as the database gives it."""

    seq: int
    previous: str
    hash: str
    body: str


def head(register: Register) -> Anchor:
    """Give the end of the chain as it is now, to be kept elsewhere."""
    with transaction(register.engine) as connection:
        row = connection.execute(sa.select(CHAIN_HEAD.c.seq, CHAIN_HEAD.c.hash)).one()
    return Anchor(row.seq, row.hash, datetime.now(UTC))


def verify(register: Register, anchors: Iterable[Anchor] = ()) -> ChainReport:
    """Verify the whole chain of a register against its head, its list of cases and `anchors`.

    Reads in one snapshot of the database, in bounded memory. Raises Unavailable where it cannot be read.
    """
    with register.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        end = connection.execute(sa.select(CHAIN_HEAD.c.seq, CHAIN_HEAD.c.hash)).one()
        listed = register.projection(connection)
        return examine(_links(connection), Anchor(end.seq, end.hash, datetime.now(UTC)), listed, anchors)


def examine(
    links: Iterable[Link],
    end: Anchor,
    listed: Mapping[CaseId, tuple[int, str, str]],
    anchors: Iterable[Anchor],
) -> ChainReport:
    """Hold rows in their order against the end of the chain, the list of cases and the anchors. Pure."""
    walk = _Walk({anchor.seq: anchor for anchor in anchors})
    for link in links:
        walk.step(link)
    walk.end(end, listed)
    return ChainReport(walk.events, len(walk.standings), walk.previous, tuple(walk.faults[:_MOST_FAULTS]))


class _Walk:
    """The state of a verification between two rows."""

    def __init__(self, anchors: dict[int, Anchor]) -> None:
        self.anchors = anchors
        self.events = 0
        self.seq = 0
        self.previous = GENESIS
        self.faults: list[ChainFault] = []
        self.standings: dict[CaseId, tuple[Standing | None, str]] = {}

    def step(self, link: Link) -> None:
        self.events += 1
        if link.seq != self.seq + 1:
            self._fault(Broken.MISSING, self.seq + 1, f"events {self.seq + 1} to {link.seq - 1} are missing")
        elif link.previous != self.previous:
            self._fault(Broken.CHANGED, link.seq, f"event {link.seq} does not continue the event before it")
        event = self._event(link)
        if event is not None and event.seq != link.seq:
            self._fault(Broken.REORDERED, link.seq, f"event {event.seq} stands in the place of event {link.seq}")
        elif chain_hash(link.previous, link.body) != link.hash:
            self._fault(Broken.CHANGED, link.seq, f"event {link.seq} is not what was recorded")
        anchor = self.anchors.pop(link.seq, None)
        if anchor is not None and anchor.hash != link.hash:
            self._fault(Broken.ANCHOR, link.seq, f"event {link.seq} is not what was anchored on {anchor.at:%Y-%m-%d}")
        if event is not None:
            self._follow(event, link.hash)
        self.seq, self.previous = link.seq, link.hash

    def end(self, end: Anchor, listed: Mapping[CaseId, tuple[int, str, str]]) -> None:
        if (end.seq, end.hash) != (self.seq, self.previous):
            self._fault(Broken.CUT, self.seq + 1, f"the chain ends at event {self.seq}, its head is event {end.seq}")
        for anchor in self.anchors.values():
            self._fault(Broken.CUT, anchor.seq, f"event {anchor.seq} was anchored on {anchor.at:%Y-%m-%d} and is gone")
        for case in sorted({*listed, *self.standings}):
            standing, last = self.standings.get(case, (None, ""))
            found = None if standing is None else (standing.number, standing.state.name, last)
            if found != listed.get(case):
                self._fault(Broken.LISTED_WRONG, self.seq, f"case {case} is listed otherwise than its events say")

    def _event(self, link: Link) -> Event | None:
        try:
            return parse_body(link.body)
        except IntegrityFault as fault:
            self._fault(Broken.CHANGED, link.seq, f"event {link.seq}: {fault.why}")
            return None

    def _follow(self, event: Event, digest: str) -> None:
        standing, _ = self.standings.get(event.case, (None, ""))
        try:
            workflow = WORKFLOWS[event.case.flow]
            standing = opened(workflow, event) if standing is None else after(workflow, standing, event)
        except (IntegrityFault, ValueError, KeyError) as error:
            why = error.why if isinstance(error, IntegrityFault) else "it belongs to no flow"
            self._fault(Broken.UNLAWFUL, event.seq, f"event {event.seq}: {why}")
        self.standings[event.case] = (standing, digest)

    def _fault(self, kind: Broken, seq: int, message: str) -> None:
        self.faults.append(ChainFault(kind, seq, message))


def _links(connection: sa.Connection) -> Iterator[Link]:
    query = sa.select(EVENTS.c.seq, EVENTS.c.previous, EVENTS.c.hash, EVENTS.c.body).order_by(EVENTS.c.seq)
    for row in connection.execution_options(yield_per=_BATCH).execute(query):
        yield Link(row.seq, row.previous, row.hash, row.body)
