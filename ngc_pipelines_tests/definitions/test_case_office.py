"""What a case officer meets in the UI: the list of open cases, and the page of a case that says what to type."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import yaml

from ngc_pipelines.defs.exhibition import ExhibitionDecision
from ngc_pipelines.defs.metadata import how_to_decide
from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.domain.exhibition_flow import EXHIBITION, On
from ngc_pipelines.register.decisions import Answer
from ngc_pipelines.register.standing_text import Described

DIGEST = "sha256:" + "ab" * 32


def described(state: str, answers: tuple[Answer, ...]) -> Described:
    return Described(
        case=CaseId("EXH-2026-00001"),
        title="HJERTEGEN",
        state=EXHIBITION.state(state),
        since=datetime(2026, 3, 2, 9, tzinfo=UTC),
        due=date(2026, 4, 1),
        overdue=False,
        why_da="antallene er meddelt",
        why_en="the counts were told",
        answers=tuple(answer.value for answer in answers),
        judged=DIGEST,
        told={},
        story=(),
        words=(),
    )


@pytest.mark.parametrize(
    ("state", "answers", "expected"),
    [
        (On.ANSWER_AWAITED, (Answer.GO_ON, Answer.CHANGE_ORDER, Answer.WITHDRAW), Answer.GO_ON),
        (On.MEETING_AWAITED, (Answer.WITHDRAW, Answer.MEETING_HELD, Answer.REJECT), Answer.MEETING_HELD),
        (On.STOPPED, (Answer.WITHDRAW, Answer.REJECT, Answer.RETURN, Answer.RESUME), Answer.RESUME),
        (On.RECEIVED, (Answer.WITHDRAW, Answer.REJECT), Answer.WITHDRAW),
    ],
    ids=["answer_awaited", "meeting_awaited", "stopped", "received"],
)
def test_what_the_page_tells_to_type_is_a_decision_once_the_blanks_are_filled(
    state: str, answers: tuple[Answer, ...], expected: Answer
) -> None:
    told = how_to_decide(described(state, answers)).replace("<ÅÅÅÅ-MM-DD>", "2026-03-01")
    config = yaml.safe_load(told.split("```yaml\n")[1].split("```")[0])["ops"]["exhibition_decision"]["config"]
    decision = ExhibitionDecision(**config).decision()
    assert decision.answer is expected
    assert decision.judged == (DIGEST if expected in (Answer.GO_ON, Answer.MEETING_HELD) else None)
    assert (decision.meeting is not None) == (expected is Answer.MEETING_HELD)
    assert f"ngc decide EXH-2026-00001 {expected.value} " in told


def test_a_locked_list_is_not_opened_in_the_launchpad_which_would_store_its_password() -> None:
    told = how_to_decide(described(On.LIST_LOCKED, (Answer.WITHDRAW, Answer.REJECT)))
    assert "unlock-list --password-file" in told
    assert "```yaml" not in told
