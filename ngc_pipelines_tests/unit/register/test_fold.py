"""The fold of events: whatever follows the table is followed, whatever does not is an integrity fault."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.domain.errors import IntegrityFault
from ngc_pipelines.domain.exhibition_flow import EXHIBITION, NOTES, Did, On
from ngc_pipelines.domain.workflow import BEFORE, Actor, Person
from ngc_pipelines.register.events import Event, chain_hash, parse_body
from ngc_pipelines.register.fold import Standing, after, fold, opened

CASE = CaseId("EXH-2026-00001")
START = datetime(2026, 11, 20, 9, tzinfo=UTC)


def event(number: int, kind: str, role: Actor = Actor.SYSTEM, **data: object) -> Event:
    return Event(number, CASE, number, START + timedelta(hours=number), kind, Person("abc", role), None, data)


def first() -> Event:
    return event(1, Did.OPENED, folder="intake/applications/x/", fingerprint="f")


@st.composite
def lawful(draw: st.DrawFn) -> list[Event]:
    """A history that follows the table, notes in between."""
    events = [first()]
    state, stopped_in = EXHIBITION.first, EXHIBITION.first
    for number in range(2, draw(st.integers(2, 25))):
        moves = EXHIBITION.state(state).moves
        if not moves or draw(st.integers(0, 3)) == 0:
            events.append(event(number, draw(st.sampled_from(sorted(NOTES - {Did.OPENED})))))
            continue
        move = draw(st.sampled_from(moves))
        events.append(event(number, move.event, draw(st.sampled_from(sorted(move.by)))))
        if move.event == Did.STOPPED:
            stopped_in = state
        state = stopped_in if move.to == BEFORE else move.to
    return events


@given(lawful())
def test_a_history_that_follows_the_table_ends_in_a_state_of_it(events: list[Event]) -> None:
    standing = fold(EXHIBITION, events)
    assert standing.state in EXHIBITION.states
    assert standing.number == len(events)
    assert (standing.stopped_in is not None) == (standing.state.name == On.STOPPED)


@given(lawful())
def test_folding_piece_by_piece_is_folding_at_once(events: list[Event]) -> None:
    standing: Standing = opened(EXHIBITION, events[0])
    for each in events[1:]:
        standing = after(EXHIBITION, standing, each)
    assert standing == fold(EXHIBITION, events)


@given(lawful(), st.data())
def test_a_history_with_an_event_taken_out_is_found_out(events: list[Event], data: st.DataObject) -> None:
    if len(events) < 3:
        return
    gone = data.draw(st.integers(0, len(events) - 2))
    with pytest.raises(IntegrityFault):
        fold(EXHIBITION, events[:gone] + events[gone + 1 :])


@given(lawful())
def test_what_is_written_is_what_is_read(events: list[Event]) -> None:
    for each in events:
        assert parse_body(each.body()) == each
        assert parse_body(each.body()).body() == each.body()


@given(st.sampled_from(sorted(EXHIBITION.events)))
def test_what_the_first_state_does_not_allow_is_not_folded(kind: str) -> None:
    allowed = EXHIBITION.move(EXHIBITION.first, kind)
    if allowed is not None:
        return
    with pytest.raises(IntegrityFault, match="not allowed"):
        fold(EXHIBITION, [first(), event(2, kind)])


def test_handing_in_again_forgets_what_was_found_before() -> None:
    standing = fold(
        EXHIBITION,
        [
            first(),
            event(2, Did.ACCEPTED, acronym="ABC", contact="a@b.example"),
            event(3, Did.COHORT_FOUND, digest="d"),
            event(4, Did.COUNTS_TOLD, digest="e"),
            event(5, Did.ORDER_CHANGED, Actor.APPLICANT),
            event(6, Did.HANDED_IN_AGAIN, fingerprint="g"),
        ],
    )
    assert set(standing.facts) == {Did.OPENED, Did.HANDED_IN_AGAIN}
    assert standing.fingerprint == "g"
    with pytest.raises(IntegrityFault, match="nothing is recorded"):
        standing.fact(Did.COUNTS_TOLD)


def test_a_stopped_case_resumes_where_it_was() -> None:
    events = [first(), event(2, Did.ACCEPTED), event(3, Did.STOPPED, why="x")]
    assert fold(EXHIBITION, events).state.name == On.STOPPED
    resumed = fold(EXHIBITION, [*events, event(4, Did.RESUMED, Actor.CASE_OFFICER)])
    assert resumed.state.name == On.ACCEPTED
    assert Did.ACCEPTED in resumed.facts


def test_a_person_of_the_wrong_role_is_found_out() -> None:
    with pytest.raises(IntegrityFault, match="by applicant"):
        fold(EXHIBITION, [first(), event(2, Did.ACCEPTED, Actor.APPLICANT)])


def test_reminders_are_counted_in_the_state_they_were_sent_in() -> None:
    events = [first(), event(2, Did.RETURNED), event(3, Did.REMINDED), event(4, Did.REMINDED)]
    assert fold(EXHIBITION, events).reminded == 2
    assert fold(EXHIBITION, [*events, event(5, Did.HANDED_IN_AGAIN)]).reminded == 0


def test_a_hash_depends_on_everything() -> None:
    body = first().body()
    assert len({chain_hash("a", body), chain_hash("b", body), chain_hash("a", body + " ")}) == 3


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"seq": 1}', "null"])
def test_text_that_is_no_event_is_an_integrity_fault(text: str) -> None:
    with pytest.raises(IntegrityFault):
        parse_body(text)
