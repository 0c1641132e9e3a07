"""The exhibition's transition table: every state has a way out and a time limit, and people are told why not."""

from __future__ import annotations

from datetime import date

import pytest

from ngc_pipelines.domain.errors import Refused
from ngc_pipelines.domain.exhibition_flow import EXHIBITION, NOTES, Did, On
from ngc_pipelines.domain.workdays import danish_calendar
from ngc_pipelines.domain.workflow import (
    BEFORE,
    Actor,
    AtLimit,
    Move,
    Person,
    State,
    Workflow,
    check_can,
    check_may,
    limits,
)

STATES = pytest.mark.parametrize("state", EXHIBITION.states, ids=lambda state: state.name)
OFFICER = Person("abc", Actor.CASE_OFFICER)


@STATES
def test_every_state_has_a_way_out_and_a_time_limit_or_is_an_end(state: State) -> None:
    if state.is_end:
        assert (state.moves, state.limit) == ((), None)
    else:
        assert state.moves
        assert state.limit is not None
        assert state.limit >= 1


@STATES
def test_every_state_can_be_reached(state: State) -> None:
    leads_here = {move.to for other in EXHIBITION.states for move in other.moves}
    assert state.name == EXHIBITION.first or state.name in leads_here


@STATES
def test_every_state_leads_to_an_end(state: State) -> None:
    seen, ahead = set(), {state.name}
    while ahead:
        name = ahead.pop()
        seen.add(name)
        ahead |= {move.to for move in EXHIBITION.state(name).moves if move.to != BEFORE} - seen
    assert any(EXHIBITION.state(name).is_end for name in seen)


@STATES
def test_whoever_is_to_act_in_a_state_can(state: State) -> None:
    if not state.is_end:
        assert any(state.actor in move.by for move in state.moves) or state.name == On.RETURNED


@STATES
def test_an_applicant_can_withdraw_until_the_end(state: State) -> None:
    move = EXHIBITION.move(state.name, Did.WITHDREW)
    assert (move is None) == state.is_end
    assert move is None or Actor.APPLICANT in move.by


@STATES
def test_a_state_that_lapses_waits_for_the_applicant_and_reminds_first(state: State) -> None:
    if state.at_limit is AtLimit.LAPSE:
        assert state.actor is Actor.APPLICANT
        assert state.reminders
        assert EXHIBITION.move(state.name, Did.LAPSED) is not None


@STATES
def test_the_system_can_ask_for_help_wherever_it_acts(state: State) -> None:
    if state.actor is Actor.SYSTEM:
        assert EXHIBITION.move(state.name, Did.STOPPED) is not None


def test_only_a_person_moves_a_case_past_a_decision() -> None:
    for event in (Did.WENT_ON, Did.MEETING_HELD, Did.REJECTED, Did.RESUMED, Did.LIST_OPENED, Did.WITHDREW):
        for state in EXHIBITION.states:
            move = EXHIBITION.move(state.name, event)
            assert move is None or Actor.SYSTEM not in move.by


def test_nothing_is_exhibited_without_a_decision() -> None:
    """CO-4: take away the applicant's answer, and no path leads from hand-in to an environment."""
    seen, ahead = set(), {EXHIBITION.first}
    while ahead:
        name = ahead.pop()
        seen.add(name)
        ahead |= {m.to for m in EXHIBITION.state(name).moves if m.event != Did.WENT_ON and m.to != BEFORE} - seen
    assert On.EXHIBITED not in seen
    assert On.PROVISIONING not in seen


def test_every_kind_of_event_is_a_move_or_a_note() -> None:
    assert {event.value for event in Did} == EXHIBITION.events | NOTES


def test_what_the_state_does_not_allow_is_refused_with_what_it_allows() -> None:
    with pytest.raises(
        Refused, match=r"waits for the applicant's answer.*does not allow 'data are exhibited'.*'go on'"
    ):
        check_can(EXHIBITION, On.ANSWER_AWAITED, Did.EXHIBITED)


def test_a_closed_case_allows_nothing() -> None:
    with pytest.raises(Refused, match="the case is closed"):
        check_can(EXHIBITION, On.WITHDRAWN, Did.WENT_ON)


def test_what_the_person_may_not_do_is_refused_with_who_may() -> None:
    move = check_can(EXHIBITION, On.MEETING_AWAITED, Did.MEETING_HELD)
    with pytest.raises(Refused, match="only be recorded by: case officer"):
        check_may(move, Person("xyz", Actor.APPLICANT))
    check_may(move, OFFICER)


def test_reminders_and_limit_are_counted_in_working_days() -> None:
    dates = limits(EXHIBITION.state(On.ANSWER_AWAITED), date(2026, 11, 20), danish_calendar())
    assert dates.reminders == (date(2026, 12, 4), date(2026, 12, 18), date(2027, 1, 4))
    assert dates.due == date(2027, 1, 7)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("no way out", {"limit": 3}),
        ("no limit", {"moves": (Move("x", "a", frozenset(), "x", "x"),)}),
        (
            "reminder after the limit",
            {"limit": 3, "reminders": (3,), "moves": (Move("x", "a", frozenset(), "x", "x"),)},
        ),
        ("one event twice", {"limit": 3, "moves": (Move("x", "a", frozenset(), "x", "x"),) * 2}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_state_that_makes_no_sense_cannot_be_written(name: str, arguments: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="state a:"):
        State("a", name, name, Actor.APPLICANT, **arguments)  # type: ignore[arg-type]  # - the table above mixes types


def test_a_table_with_a_move_into_nowhere_cannot_be_written() -> None:
    lost = State("a", "a", "a", Actor.APPLICANT, (Move("x", "b", frozenset(), "x", "x"),), limit=1)
    with pytest.raises(ValueError, match="leads nowhere"):
        Workflow(EXHIBITION.flow, "a", (lost,), frozenset())
