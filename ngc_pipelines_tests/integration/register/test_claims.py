"""Claims of work: one run at a time, and a killed one is followed by the next."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest

from ngc_pipelines.domain.cases import CaseId, Flow
from ngc_pipelines.domain.errors import IntegrityFault, Refused, Unavailable
from ngc_pipelines.domain.exhibition_flow import Did, On
from ngc_pipelines.domain.workflow import Actor, Person
from ngc_pipelines.register.claims import Claims, InOtherHands
from ngc_pipelines.register.outbox import Letter, Outbox
from ngc_pipelines.register.register import SYSTEM, Entry, Register
from ngc_pipelines.register.steps import Patience, Worker, step

NewCase = Callable[..., CaseId]
OFFICER = Person("abc", Actor.CASE_OFFICER)
STEP = "application"


@pytest.fixture
def claims(register: Register) -> Claims:
    """Claims that last long enough for a test on a busy machine."""
    return Claims(register.engine, timedelta(seconds=60))


@pytest.fixture
def run_out(register: Register) -> Callable[[], None]:
    """Lets every claim run out, as time would."""

    def do() -> None:
        with register.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE register.claims SET until = now() - interval '1 second'")

    return do


def worker(register: Register, claims: Claims, now: datetime, run: str = "run 1", attempts: int = 3) -> Worker:
    def told(case: CaseId, asset: str) -> Sequence[Letter]:
        return [Letter("office@ngc.example", f"{case} {asset}", "x")]

    return Worker(register, claims, run, lambda: now, told, Patience(timedelta(seconds=30), attempts))


def test_an_attempt_is_asked_for_once(claims: Claims, new_case: NewCase) -> None:
    case = new_case()
    wanted = claims.want(case, STEP)
    assert wanted is not None
    assert wanted.run_key == f"{case}:application:1"
    assert claims.want(case, STEP) is None
    assert claims.open_work(Flow.EXHIBITION, 50) == ()


def test_an_attempt_that_never_began_is_followed_by_another(
    claims: Claims, new_case: NewCase, run_out: Callable[[], None]
) -> None:
    case = new_case()
    claims.want(case, STEP)
    run_out()
    assert claims.open_work(Flow.EXHIBITION, 50) == (case,)
    wanted = claims.want(case, STEP)
    assert wanted is not None
    assert wanted.attempt == 2


def test_no_run_key_is_ever_used_twice(
    claims: Claims, new_case: NewCase, register: Register, now: datetime, run_out: Callable[[], None]
) -> None:
    """Dagster forgets a request that bears the key of an older one: a case that comes back would stand for ever."""
    case = new_case()
    keys = []
    for turn in range(3):
        for name in ("application", "cohort_manifest"):
            wanted = claims.want(case, name)
            assert wanted is not None
            keys.append(wanted.run_key)
            run_out()
        register.record(case, Entry(Did.RETURNED, SYSTEM, {}), now)
        register.record(case, Entry(Did.HANDED_IN_AGAIN, SYSTEM, {"fingerprint": str(turn)}), now)
    assert len(set(keys)) == 6


def test_two_runs_do_not_act_at_once(claims: Claims, new_case: NewCase) -> None:
    case = new_case()
    with claims.held(case, STEP, "run 1"), pytest.raises(InOtherHands), claims.held(case, STEP, "run 2"):
        pass
    with claims.held(case, "cohort_manifest", "run 1") as next_step:
        assert next_step.holder == "run 1"


def test_of_many_runs_at_once_one_acts(register: Register, claims: Claims, new_case: NewCase, now: datetime) -> None:
    case = new_case()
    start = threading.Barrier(6)
    outcomes: list[str] = []

    def run(name: str) -> None:
        start.wait()
        try:
            with step(worker(register, claims, now, name), case, STEP) as in_hand:
                if in_hand is None:
                    outcomes.append("nothing to do")
                else:
                    in_hand.record(Did.ACCEPTED, {})
                    outcomes.append("acted")
        except InOtherHands:
            outcomes.append("in other hands")

    threads = [threading.Thread(target=run, args=(f"run {n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("acted") == 1
    assert len(outcomes) == 6
    assert [event.event for event in register.story(case)] == [Did.OPENED, Did.ACCEPTED]


def test_a_run_that_slept_through_its_claim_records_nothing(
    register: Register, claims: Claims, new_case: NewCase, now: datetime, run_out: Callable[[], None]
) -> None:
    case = new_case()
    with contextlib.ExitStack() as runs:
        asleep = runs.enter_context(step(worker(register, claims, now, "asleep"), case, STEP))
        run_out()
        awake = runs.enter_context(step(worker(register, claims, now, "awake"), case, STEP))
        assert awake is not None
        assert asleep is not None
        with pytest.raises(InOtherHands):
            asleep.record(Did.ACCEPTED, {})
    assert [event.event for event in register.story(case)] == [Did.OPENED]


def test_a_claim_is_kept_alive_while_the_work_goes_on(register: Register, new_case: NewCase) -> None:
    case = new_case()
    short = Claims(register.engine, timedelta(seconds=1))
    with short.held(case, STEP, "run 1") as claim:
        assert not threading.Event().wait(3)
        assert not claim.lost.is_set()
        with register.engine.begin() as connection:
            claim.assert_held(connection)


def test_a_person_who_moves_a_case_takes_it_out_of_the_runs_hands(
    register: Register, new_case: NewCase, now: datetime
) -> None:
    case = new_case()
    short = Claims(register.engine, timedelta(seconds=2))
    with short.held(case, STEP, "run 1") as claim:
        register.record(case, Entry(Did.STOPPED, SYSTEM, {}), now)
        register.record(case, Entry(Did.RESUMED, OFFICER, {}), now)
        assert claim.lost.wait(60)
        with pytest.raises(InOtherHands):
            claim.check()


def test_what_may_pass_is_tried_again_and_then_asked_about(
    register: Register, claims: Claims, new_case: NewCase, now: datetime, run_out: Callable[[], None]
) -> None:
    case = new_case()
    for failures in (1, 2, 3):
        with pytest.raises(Unavailable), step(worker(register, claims, now, f"run {failures}"), case, STEP):
            raise Unavailable("A thing was tried", "nobody answered", "Wait.")
        assert claims.open_work(Flow.EXHIBITION, 50) == ()
        run_out()
    events = [event.event for event in register.story(case)]
    assert events == [Did.OPENED, Did.ATTEMPT_FAILED, Did.ATTEMPT_FAILED, Did.STOPPED]
    assert len(Outbox(register.engine).of_case(case)) == 1


def test_data_that_are_not_what_was_recorded_stop_the_case_at_once(
    register: Register, claims: Claims, new_case: NewCase, now: datetime
) -> None:
    case = new_case()
    with pytest.raises(IntegrityFault), step(worker(register, claims, now), case, STEP):
        raise IntegrityFault("A thing was read", "it is another thing", "Ask.")
    standing = register.standing(case)
    assert standing.state.name == On.STOPPED
    assert "another thing" in standing.value(Did.STOPPED, "why")


def test_what_nobody_foresaw_stops_the_case_without_its_text(
    register: Register, claims: Claims, new_case: NewCase, now: datetime
) -> None:
    case = new_case()
    with pytest.raises(ZeroDivisionError), step(worker(register, claims, now), case, STEP):
        raise ZeroDivisionError("a value that must not be repeated")
    why = register.standing(case).value(Did.STOPPED, "why")
    assert "ZeroDivisionError" in why
    assert "must not be repeated" not in why


def test_an_attempt_that_comes_too_late_finds_nothing_to_do(
    register: Register, claims: Claims, new_case: NewCase, now: datetime
) -> None:
    case = new_case()
    register.record(case, Entry(Did.ACCEPTED, SYSTEM, {}), now)
    with step(worker(register, claims, now), case, STEP) as in_hand:
        assert in_hand is None


def test_a_refusal_is_the_works_own_to_record(
    register: Register, claims: Claims, new_case: NewCase, now: datetime
) -> None:
    case = new_case()
    with step(worker(register, claims, now), case, STEP) as in_hand:
        assert in_hand is not None
        with pytest.raises(Refused):
            in_hand.record(Did.EXHIBITED, {})
    assert len(register.story(case)) == 1


def test_the_wait_doubles_up_to_an_hour() -> None:
    patience = Patience(timedelta(seconds=30), 8)
    assert [patience.before(n).total_seconds() for n in (1, 2, 3, 8, 30)] == [30, 60, 120, 3600, 3600]
