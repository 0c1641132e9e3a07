"""A person's decision on a case: what is asked for, what the state allows, and what is recorded.

Here: the one function that the launchpad and `ngc decide` both call, so that the two cannot differ. Not here: the
transition table (`domain/exhibition_flow`) or how a person types a decision (`defs/exhibition`, `commands/decide`).

A decision binds to what was judged: the digest of the cohort whose counts were told. Deciding on another digest than
the case's own is refused, because then somebody looked at something else.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.domain.cpr import may_hold_number
from ngc_pipelines.domain.errors import Fault, Refused
from ngc_pipelines.domain.exhibition_flow import EXHIBITION, Did, On
from ngc_pipelines.domain.workflow import Actor, Person, check_can, check_may
from ngc_pipelines.register.fold import Standing
from ngc_pipelines.register.outbox import Letter
from ngc_pipelines.register.register import Entry, Register

MAX_TEXT = 2_000


class Answer(StrEnum):
    """What a person can decide about an exhibition, as it is typed."""

    GO_ON = "go-on"
    CHANGE_ORDER = "change-order"
    WITHDRAW = "withdraw"
    MEETING_HELD = "meeting-held"
    REJECT = "reject"
    RETURN = "return"
    RESUME = "resume"
    WITHHOLD_COUNTS = "withhold-counts"
    TELL_COUNTS = "tell-counts"


EVENT_OF = {
    Answer.GO_ON: Did.WENT_ON,
    Answer.CHANGE_ORDER: Did.ORDER_CHANGED,
    Answer.WITHDRAW: Did.WITHDREW,
    Answer.MEETING_HELD: Did.MEETING_HELD,
    Answer.REJECT: Did.REJECTED,
    Answer.RETURN: Did.RETURNED,
    Answer.RESUME: Did.RESUMED,
    Answer.WITHHOLD_COUNTS: Did.COUNTS_WITHHELD,
    Answer.TELL_COUNTS: Did.COUNTS_RELEASED,
}
# What is decided about a cohort, and therefore names its digest.
ABOUT_THE_COHORT = frozenset({Answer.GO_ON, Answer.MEETING_HELD, Answer.WITHHOLD_COUNTS, Answer.TELL_COUNTS})


@dataclass(frozen=True, slots=True)
class Meeting:
    """The outcome of the clarification meeting (EN-2, G §4.7), which becomes part of the environment's specification.

    held_on: the day. tools: what has to be installed, each once. own_data: whether and which own data are combined.
    help: which bioinformatic help was agreed. Texts are at most 2,000 characters.
    """

    held_on: date
    tools: tuple[str, ...] = ()
    own_data: str = ""
    help: str = ""

    def __post_init__(self) -> None:
        texts = (*self.tools, self.own_data, self.help)
        if any(len(text) > MAX_TEXT for text in texts) or len(self.tools) > 200:
            raise ValueError(f"a meeting's outcome has texts of at most {MAX_TEXT} characters and at most 200 tools")
        if any(not tool.strip() for tool in self.tools) or len(set(self.tools)) != len(self.tools):
            raise ValueError("each tool is named, and named once")

    def as_data(self) -> dict[str, Any]:
        """Give it as it is recorded."""
        return {
            "held_on": self.held_on.isoformat(),
            "tools": list(self.tools),
            "own_data": self.own_data,
            "help": self.help,
        }


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision as somebody took it.

    by: who, in which role. why: the reason, 1 to 2,000 characters. judged: the digest that was decided about
    (`sha256:…`); needed for what `ABOUT_THE_COHORT` names. meeting: with `meeting-held`, or together with `go-on`
    where the two came at once.
    """

    answer: Answer
    by: Person
    why: str
    judged: str | None = None
    meeting: Meeting | None = field(default=None)


def cohort_digest(standing: Standing) -> str:
    """Give the digest of the cohort whose counts the applicant was told, or whose counts are held back: what a
    decision about it binds to."""
    return str(standing.value(_counted(standing) or Did.COUNTS_TOLD, "digest"))


def cohort_to_judge(standing: Standing) -> str | None:
    """Give the digest that a decision in this state has to name; None where none has to."""
    counted = _counted(standing)
    return str(standing.value(counted, "digest")) if counted else None


def _counted(standing: Standing) -> Did | None:
    """The event that counted the cohort that stands on the case: told, or held back while nobody has decided."""
    if standing.state.name == On.COUNTS_HELD:
        return Did.COUNTS_HELD
    return Did.COUNTS_TOLD if Did.COUNTS_TOLD in standing.facts else None


def decide(
    register: Register,
    case: CaseId,
    decision: Decision,
    at: datetime,
    *,
    run: str | None = None,
    letters: Callable[[Standing, Decision], Sequence[Letter]] | None = None,
) -> Standing:
    """Record a decision and give where the case then stands.

    letters: makes the letters that tell about it, from where the case stood. at: now, in UTC.
    Raises Refused, with every point at once, where the state does not allow it, the person may not, the reason is
    missing, or something else was judged than what stands on the case.
    """
    standing = register.standing(case)
    event = EVENT_OF[decision.answer]
    move = check_can(EXHIBITION, standing.state.name, event)
    check_may(move, decision.by)
    faults = _faults(standing, decision, at.date())
    if faults:
        raise Refused(faults, tried=f"A decision on case {case} was to be recorded")
    data: dict[str, Any] = {"answer": decision.answer.value, "why": decision.why.strip(), "judged": decision.judged}
    if decision.answer is Answer.RETURN:
        data["faults"] = [{"rule": "CO-4", "where": "sagen / the case", "da": data["why"], "en": data["why"]}]
        data["fingerprint"] = standing.fingerprint
    if decision.answer is Answer.MEETING_HELD:
        data["meeting"] = _meeting(decision).as_data()
    told = () if letters is None else tuple(letters(standing, decision))
    entry = Entry(event, decision.by, data, told, run, standing.number)
    after = register.record(case, entry, at)
    if decision.answer is Answer.GO_ON and decision.meeting is not None and decision.by.role is Actor.CASE_OFFICER:
        second = Decision(Answer.MEETING_HELD, decision.by, decision.why, decision.judged, decision.meeting)
        return decide(register, case, second, at, run=run, letters=letters)
    return after


def faults_of_texts(why: str, *others: str) -> list[Fault]:
    """Say what is wrong with what somebody typed for the record: the reason, and other texts beside it."""
    faults = []
    if not 1 <= len(why.strip()) <= MAX_TEXT:
        faults.append(
            Fault(
                "CO-4",
                "why",
                f"Begrundelsen mangler eller er længere end {MAX_TEXT} tegn.",
                f"The reason is missing or longer than {MAX_TEXT} characters.",
            )
        )
    if any(may_hold_number(text) for text in (why, *others)):
        faults.append(
            Fault(
                "DC-3",
                "why",
                "Der står noget, der ligner et CPR-nummer. Afgørelsen gemmes for altid; skriv den uden personnumre.",
                "It holds something like a CPR number. A decision is kept for ever; write it without person numbers.",
            )
        )
    return faults


def _faults(standing: Standing, decision: Decision, today: date) -> list[Fault]:
    faults = faults_of_texts(*_texts(decision))
    if decision.answer in ABOUT_THE_COHORT and decision.judged != cohort_digest(standing):
        faults.append(
            Fault(
                "CO-4",
                "judged",
                "Afgørelsen nævner ikke den kohorte, som sagen står med. Se sagen igen, og brug dens kontrolsum.",
                "The decision does not name the cohort that stands on the case. Look again and give its digest.",
            )
        )
    if decision.answer is Answer.MEETING_HELD and decision.meeting is None:
        faults.append(
            Fault(
                "EN-2",
                "meeting",
                "Afklaringsmødets udfald mangler: dato, værktøjer, egne data, hjælp.",
                "The clarification meeting's outcome is missing: date, tools, own data, help.",
            )
        )
    if decision.meeting is not None:
        if decision.answer not in {Answer.GO_ON, Answer.MEETING_HELD}:
            faults.append(
                Fault(
                    "EN-2",
                    "meeting",
                    "Et mødes udfald hører ikke til denne afgørelse.",
                    "A meeting's outcome does not belong to this decision.",
                )
            )
        elif decision.by.role is not Actor.CASE_OFFICER:
            faults.append(
                Fault(
                    "EN-2",
                    "meeting",
                    "Et mødes udfald registreres af en sagsbehandler.",
                    "A meeting's outcome is recorded by a case officer.",
                )
            )
        if decision.meeting.held_on > today:
            faults.append(
                Fault(
                    "EN-2",
                    "meeting date",
                    "Mødet ligger i fremtiden.",
                    "The meeting lies in the future.",
                )
            )
    return faults


def _texts(decision: Decision) -> tuple[str, ...]:
    """Everything that somebody typed."""
    meeting = decision.meeting
    said = () if meeting is None else (*meeting.tools, meeting.own_data, meeting.help)
    return (decision.why, decision.by.name, *said)


def _meeting(decision: Decision) -> Meeting:
    if decision.meeting is None:
        raise AssertionError("a decision without a meeting was refused above")
    return decision.meeting


def open_answers(standing: Standing) -> tuple[Answer, ...]:
    """Say which decisions of a person the state allows, in the order they are offered."""
    persons = {Actor.APPLICANT, Actor.CASE_OFFICER}
    moves = ((answer, EXHIBITION.move(standing.state.name, event)) for answer, event in EVENT_OF.items())
    return tuple(answer for answer, move in moves if move is not None and move.by & persons)
