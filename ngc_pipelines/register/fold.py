"""Where a case stands: the fold of its events over the transition table. Pure.

Not here: reading events (`register/register`) and the tables (`domain/workflow`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.domain.errors import IntegrityFault
from ngc_pipelines.domain.workflow import BEFORE, State, Workflow
from ngc_pipelines.register.events import Event, Payload

OPENED = "opened"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands after its events so far.

    since: when it entered the state. number: how many events it has. facts: the data of the latest event of each
    kind since the case was (re)opened; going back to the first state forgets what was found before, so that nothing
    later can act on the old cohort. stopped_in: the state it was stopped in, while it is stopped.
    reminded: reminders sent in this state. overdue_told: the last time the case officers were told it is overdue.
    """

    case: CaseId
    state: State
    since: datetime
    opened: datetime
    number: int
    facts: Mapping[str, Payload] = field(default_factory=dict)
    stopped_in: str | None = None
    reminded: int = 0
    overdue_told: datetime | None = None

    def fact(self, event: str) -> Payload:
        """Give the data of the latest event of that kind; raises IntegrityFault where there is none."""
        try:
            return self.facts[event]
        except KeyError:
            raise IntegrityFault(
                f"Case {self.case} was read",
                f"it stands at '{self.state.en}' and yet nothing is recorded under '{event}'",
                "Run `ngc audit verify`; nothing goes on with this case before it is explained.",
            ) from None

    def value(self, event: str, name: str) -> Any:
        """Give one value of the latest event of that kind; raises IntegrityFault where it is missing."""
        try:
            return self.fact(event)[name]
        except KeyError:
            raise IntegrityFault(
                f"Case {self.case} was read",
                f"its event '{event}' lacks '{name}'",
                "Run `ngc audit verify`; nothing goes on with this case before it is explained.",
            ) from None

    @property
    def folder(self) -> str:
        """The intake folder the case came from."""
        return str(self.value(OPENED, "folder"))

    @property
    def fingerprint(self) -> str:
        """The intake folder's fingerprint as it was last taken up."""
        for kind in ("accepted", "returned", "handed_in_again", OPENED):
            if "fingerprint" in self.facts.get(kind, {}):
                return str(self.facts[kind]["fingerprint"])
        return ""

    @property
    def title(self) -> str:
        """The project's acronym once it is known, else nothing: a folder's name may be a person's."""
        accepted = self.facts.get("accepted", {})
        return str(accepted.get("acronym", ""))


def opened(workflow: Workflow, event: Event) -> Standing:
    """Begin a case with its first event; raises IntegrityFault where that is no opening."""
    if event.event != OPENED or event.number != 1:
        raise _broken(event, "a case begins with its opening")
    return Standing(
        case=event.case,
        state=workflow.state(workflow.first),
        since=event.at,
        opened=event.at,
        number=1,
        facts={OPENED: event.data},
    )


def after(workflow: Workflow, standing: Standing, event: Event) -> Standing:
    """Give where the case stands after one more event; raises IntegrityFault where the table does not allow it."""
    if event.number != standing.number + 1 or event.case != standing.case:
        raise _broken(event, f"event {standing.number + 1} of the case was expected")
    facts = {**standing.facts, event.event: event.data}
    if event.event in workflow.notes:
        return _noted(replace(standing, number=event.number, facts=facts), event)
    move = workflow.move(standing.state.name, event.event)
    if move is None or event.by.role not in move.by:
        raise _broken(event, f"'{event.event}' by {event.by.role.value} is not allowed in '{standing.state.name}'")
    to = move.to
    if to == BEFORE:
        if standing.stopped_in is None:
            raise _broken(event, "the case was never stopped")
        to = standing.stopped_in
    if to == workflow.first and move.to != BEFORE:
        facts = {OPENED: standing.facts[OPENED], event.event: event.data}
    state = workflow.state(to)
    return replace(
        standing,
        state=state,
        since=event.at,
        number=event.number,
        facts=facts,
        stopped_in=standing.state.name if event.event == "stopped" else None,
        reminded=0,
        overdue_told=None,
    )


def fold(workflow: Workflow, events: Iterable[Event]) -> Standing:
    """Fold all events of one case, in order; raises IntegrityFault where they do not follow the table."""
    standing: Standing | None = None
    for event in events:
        standing = opened(workflow, event) if standing is None else after(workflow, standing, event)
    if standing is None:
        raise ValueError("a case has at least one event")
    return standing


def _noted(standing: Standing, event: Event) -> Standing:
    if event.event == "reminded":
        return replace(standing, reminded=standing.reminded + 1)
    if event.event == "overdue":
        return replace(standing, overdue_told=event.at)
    return standing


def _broken(event: Event, why: str) -> IntegrityFault:
    return IntegrityFault(
        f"Event {event.seq} of case {event.case} was folded",
        why,
        "Run `ngc audit verify`; nothing goes on with this case before it is explained.",
    )
