"""A case in words: where it stands, why, who is to act, by when, and which decisions are open.

Here: the words, for the terminal and the asset pages alike. Not here: letters (`domain/letters`), or markup: whoever
shows these texts shows them as plain text, because reasons and acronyms come from outside.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.domain.exhibition_flow import WORKFLOWS, Did
from ngc_pipelines.domain.workflow import ACTOR_DA, State, limits
from ngc_pipelines.register.decisions import cohort_to_judge, open_answers
from ngc_pipelines.register.events import Event
from ngc_pipelines.register.fold import Standing, fold
from ngc_pipelines.register.register import COPENHAGEN, Register

_NOTE_WORDS = {
    Did.OPENED: ("modtaget", "handed in"),
    Did.ATTEMPT_FAILED: ("et forsøg mislykkedes og gentages", "an attempt failed and is repeated"),
    Did.REMINDED: ("påmindelse sendt", "reminder sent"),
    Did.OVERDUE: ("fristen er overskredet; sagsbehandlerne har fået besked", "overdue; the case officers were told"),
    Did.NOTED: ("notat", "note"),
}


@dataclass(frozen=True, slots=True)
class Described:
    """A case in words. words: one line for each event of `story`. judged: what a decision has to name, if any.

    told: the counts that the applicant was told, small ones hidden; empty before that.
    """

    case: CaseId
    title: str
    state: State
    since: datetime
    due: date | None
    overdue: bool
    why_da: str
    why_en: str
    answers: tuple[str, ...]
    judged: str | None
    told: Mapping[str, str]
    story: tuple[Event, ...]
    words: tuple[str, ...]


def describe(register: Register, case: CaseId, today: date) -> Described:
    """Read a case and put it in words; raises Refused where there is no such case."""
    story = register.story(case)
    workflow = WORKFLOWS[case.flow]
    standing = fold(workflow, story)
    due = limits(standing.state, standing.since.astimezone(COPENHAGEN).date(), register.calendar).due
    da, en = why(standing, story)
    return Described(
        case=case,
        title=standing.title,
        state=standing.state,
        since=standing.since.astimezone(COPENHAGEN),
        due=due,
        overdue=due is not None and today > due,
        why_da=da,
        why_en=en,
        answers=tuple(answer.value for answer in open_answers(standing)),
        judged=cohort_to_judge(standing),
        told=standing.facts.get(Did.COUNTS_TOLD, {}).get("told", {}),
        story=story,
        words=tuple(words(case, event) for event in story),
    )


def why(standing: Standing, story: tuple[Event, ...]) -> tuple[str, str]:
    """Say why the case stands where it stands, in Danish and English: what moved it there, and the reason given."""
    workflow = WORKFLOWS[standing.case.flow]
    moved = next((event for event in reversed(story) if event.event not in workflow.notes), story[0])
    da, en = _event_words(standing.case, moved.event)
    reason = str(moved.data.get("why") or "")
    faults = moved.data.get("faults") or ()
    if faults:
        da += ": " + "; ".join(f"{fault['where']}: {fault['da']}" for fault in faults)
        en += ": " + "; ".join(f"{fault['where']} [{fault['rule']}]: {fault['en']}" for fault in faults)
    elif reason:
        da, en = f"{da}: {reason}", f"{en}: {reason}"
    failed = standing.facts.get(Did.ATTEMPT_FAILED)
    if failed and story[-1].event == Did.ATTEMPT_FAILED:
        da += f" (seneste forsøg mislykkedes: {failed['why']})"
        en += f" (the latest attempt failed: {failed['why']})"
    return da, en


def words(case: CaseId, event: Event) -> str:
    """Tell one event in a line, in both languages: what, by whom, and the reason where there is one."""
    da, en = _event_words(case, event.event)
    reason = event.data.get("why")
    by = f" ({event.by.name}, {ACTOR_DA[event.by.role]} / {event.by.role.value})"
    return f"{da} / {en}{by}" + (f": {' '.join(str(reason).split())}" if reason else "")


def _event_words(case: CaseId, event: str) -> tuple[str, str]:
    if event in _NOTE_WORDS:
        return _NOTE_WORDS[Did(event)]
    for state in WORKFLOWS[case.flow].states:
        for move in state.moves:
            if move.event == event:
                return move.da, move.en
    return event, event
