"""The flows as tables of data: which state may follow which, who acts in it, and how long it may last.

Here: the vocabulary of a table (states, moves, limits) and what can be asked of one. The exhibition's table is
`domain/exhibition_flow`. Not here: what an asset does in a state, storage of events, or what day it is.

Two questions are kept apart. What the *state* allows: `check_can`. What the *person* may do: `check_may`.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ngc_pipelines.domain.cases import Flow
from ngc_pipelines.domain.errors import Fault, Refused
from ngc_pipelines.domain.workdays import WorkdayCalendar


class Actor(StrEnum):
    """Who is to act on a case, or acted on it."""

    APPLICANT = "applicant"
    CASE_OFFICER = "case officer"
    SYSTEM = "system"
    NOBODY = "nobody"


ACTOR_DA = {
    Actor.APPLICANT: "ansøger",
    Actor.CASE_OFFICER: "sagsbehandler",
    Actor.SYSTEM: "systemet",
    Actor.NOBODY: "ingen",
}


class AtLimit(StrEnum):
    """What happens when a state has lasted its time."""

    LAPSE = "lapse"  # the case is closed; the applicant is told
    ESCALATE = "escalate"  # the case officers are told, and told again after the same time


@dataclass(frozen=True, slots=True)
class Move:
    """One way out of a state: an event of this kind leads to that state.

    event: kind of the event in the register. to: name of the next state, or `BEFORE` for the one the case was in
    when it was stopped. by: who may cause it. da, en: the event in words, as the case's story tells it.
    """

    event: str
    to: str
    by: frozenset[Actor]
    da: str
    en: str


BEFORE = "<before>"


@dataclass(frozen=True, slots=True)
class State:
    """A state of a case.

    asset: name of the asset that does the state's work (None where somebody outside acts).
    limit: working days the state may last (None only for an end). reminders: working days after entering it.
    """

    name: str
    da: str
    en: str
    actor: Actor
    moves: tuple[Move, ...] = ()
    asset: str | None = None
    limit: int | None = None
    reminders: tuple[int, ...] = ()
    at_limit: AtLimit = AtLimit.ESCALATE

    @property
    def is_end(self) -> bool:
        """Whether the case is closed in this state."""
        return self.actor is Actor.NOBODY

    def __post_init__(self) -> None:
        if self.is_end != (not self.moves) or self.is_end != (self.limit is None):
            raise ValueError(f"state {self.name}: every state but an end has a way out and a time limit")
        if self.actor is Actor.SYSTEM and self.asset is None:
            raise ValueError(f"state {self.name}: the system acts, so an asset must do the work")
        if self.limit is not None and any(not 0 < day < self.limit for day in self.reminders):
            raise ValueError(f"state {self.name}: reminders come after the first day and before the limit")
        if len({move.event for move in self.moves}) != len(self.moves):
            raise ValueError(f"state {self.name}: one event leads to one state")


@dataclass(frozen=True, slots=True)
class Workflow:
    """The transition table of a flow, checked when it is built.

    first: the state that a case opens in. notes: kinds of events that are recorded in any state and move nothing.
    """

    flow: Flow
    first: str
    states: tuple[State, ...]
    notes: frozenset[str]

    def __post_init__(self) -> None:
        names = {state.name for state in self.states}
        if len(names) != len(self.states) or self.first not in names:
            raise ValueError("state names are unique, and the first state is one of them")
        for state in self.states:
            for move in state.moves:
                if move.to != BEFORE and move.to not in names:
                    raise ValueError(f"state {state.name}: {move.event} leads nowhere")
                if move.event in self.notes:
                    raise ValueError(f"state {state.name}: {move.event} is a note and moves nothing")

    def state(self, name: str) -> State:
        """Give the state of that name; raises KeyError where the table has none."""
        for state in self.states:
            if state.name == name:
                return state
        raise KeyError(name)

    def move(self, state: str, event: str) -> Move | None:
        """Give the move that an event makes in a state, or None where the state does not allow it."""
        return next((move for move in self.state(state).moves if move.event == event), None)

    @property
    def events(self) -> frozenset[str]:
        """Every kind of event that moves a case somewhere in this flow."""
        return frozenset(move.event for state in self.states for move in state.moves)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who acts: the identity that goes into the record (never a CPR number) and the role it is done in."""

    name: str
    role: Actor

    def __post_init__(self) -> None:
        if not self.name.strip() or self.name != self.name.strip() or len(self.name) > 200:
            raise ValueError("a person who acts is named, in at most 200 characters")


def check_can(workflow: Workflow, state: str, event: str) -> Move:
    """Give the move that the *state* allows; raises Refused with the reason and what is allowed instead."""
    move = workflow.move(state, event)
    if move is not None:
        return move
    here = workflow.state(state)
    # In words where the event is a move of another state: a person does not know the names of events.
    da, en = next(((m.da, m.en) for s in workflow.states for m in s.moves if m.event == event), (event, event))
    allowed_da = ", ".join(f"»{move.da}«" for move in here.moves) or "intet, sagen er afsluttet"
    allowed = ", ".join(f"'{move.en}'" for move in here.moves) or "nothing, the case is closed"
    raise Refused(
        [
            Fault(
                "CO-4",
                "the case",
                f"Sagen er i tilstanden »{here.da}«, hvor »{da}« ikke er muligt (muligt er: {allowed_da}).",
                f"The case is in the state '{here.en}', which does not allow '{en}' (it allows: {allowed}).",
            )
        ],
        tried=f"'{en}' was to be recorded",
        remedy="`ngc status CASE` shows where the case stands and who is to act.",
    )


def check_may(move: Move, person: Person) -> None:
    """Raise Refused unless the *person*'s role may cause the move; the reason names the roles that may."""
    if person.role in move.by:
        return
    who_da = ", ".join(sorted(ACTOR_DA[actor] for actor in move.by))
    who_en = ", ".join(sorted(actor.value for actor in move.by))
    raise Refused(
        [
            Fault(
                "CO-4",
                "the person who acts",
                f"»{move.da}« kan kun registreres af: {who_da}.",
                f"'{move.en}' can only be recorded by: {who_en}.",
            )
        ],
        tried=f"'{move.event}' was to be recorded",
        remedy="Ask somebody in that role.",
    )


@dataclass(frozen=True, slots=True)
class Limits:
    """The dates that a state's time limit gives: reminders in order, then the day after which it is overdue."""

    reminders: tuple[date, ...]
    due: date | None


def limits(state: State, since: date, calendar: WorkdayCalendar) -> Limits:
    """Compute the dates of a state that was entered on `since` (a local date)."""
    if state.limit is None:
        return Limits((), None)
    return Limits(
        tuple(calendar.add(since, days) for days in state.reminders),
        calendar.add(since, state.limit),
    )
