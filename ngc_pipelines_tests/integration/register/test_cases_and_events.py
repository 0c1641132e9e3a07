"""Cases: opened once, moved as the table allows, by one at a time, and listed at the price of the open ones."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from ngc_pipelines.domain.cases import CaseId, Flow
from ngc_pipelines.domain.errors import Refused, Unavailable
from ngc_pipelines.domain.exhibition_flow import WORKFLOWS, Did, On
from ngc_pipelines.domain.workflow import Actor, Person
from ngc_pipelines.register.deadlines import Due, what_is_due
from ngc_pipelines.register.outbox import Letter, Outbox
from ngc_pipelines.register.register import SYSTEM, Entry, Register
from ngc_pipelines.register.verification import verify

NewCase = Callable[..., CaseId]
APPLICANT = Person("pi", Actor.APPLICANT)


def test_case_numbers_run_through_the_year(register: Register, now: datetime) -> None:
    def opened(folder: str, at: datetime) -> str:
        case = register.open_case(Flow.EXHIBITION, folder, "f", at)
        assert case is not None
        return case.value

    assert opened("a/", now) == "EXH-2026-00001"
    assert opened("b/", now) == "EXH-2026-00002"
    new_year = datetime.fromisoformat("2026-12-31T23:30:00+00:00")
    assert opened("c/", new_year) == "EXH-2027-00001"


def test_a_folder_handed_in_twice_is_one_case(register: Register, now: datetime) -> None:
    assert register.open_case(Flow.EXHIBITION, "a/", "f", now) is not None
    assert register.open_case(Flow.EXHIBITION, "a/", "f", now) is None
    assert len(register.open_cases()) == 1


def test_many_ticks_at_once_open_one_case(register: Register, now: datetime) -> None:
    start = threading.Barrier(6)
    opened: list[CaseId | None] = []

    def tick() -> None:
        start.wait()
        opened.append(register.open_case(Flow.EXHIBITION, "a/", "f", now))

    threads = [threading.Thread(target=tick) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([case for case in opened if case is not None]) == 1
    assert len(opened) == 6
    assert verify(register).sound


def test_many_at_once_write_one_chain(register: Register, new_case: NewCase, now: datetime) -> None:
    cases = [new_case() for _ in range(6)]
    start = threading.Barrier(6)

    def accept(case: CaseId) -> None:
        start.wait()
        for _ in range(5):
            register.record(case, Entry(Did.NOTED, SYSTEM, {"why": "x"}), now)

    threads = [threading.Thread(target=accept, args=(case,)) for case in cases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    report = verify(register)
    assert (report.sound, report.events) == (True, 36)


def test_one_of_two_that_move_a_case_at_once_wins(register: Register, new_case: NewCase, now: datetime) -> None:
    case = new_case()
    number = register.standing(case).number
    register.record(case, Entry(Did.ACCEPTED, SYSTEM, {}, number=number), now)
    with pytest.raises(Refused, match="since it was shown"):
        register.record(case, Entry(Did.RETURNED, SYSTEM, {}, number=number), now)


def test_a_move_that_is_not_allowed_writes_nothing(register: Register, new_case: NewCase, now: datetime) -> None:
    case = new_case()
    letter = Letter("a@b.example", "x", "y")
    with pytest.raises(Refused):
        register.record(case, Entry(Did.EXHIBITED, SYSTEM, {}, [letter]), now)
    with pytest.raises(Refused):
        register.record(case, Entry(Did.ACCEPTED, APPLICANT, {}, [letter]), now)
    assert len(register.story(case)) == 1
    assert Outbox(register.engine).of_case(case) == ()


def test_a_case_that_is_not_there_is_refused(register: Register) -> None:
    with pytest.raises(Refused, match="no case EXH-2026-00099"):
        register.standing(CaseId("EXH-2026-00099"))


def test_a_register_that_cannot_be_reached_is_unavailable_without_its_address() -> None:
    register = Register.connect("postgresql+psycopg://someone:secret@127.0.0.1:1/register")
    with pytest.raises(Unavailable) as unavailable:
        register.open_cases()
    assert "secret" not in str(unavailable.value)
    assert "127.0.0.1" not in str(unavailable.value)


def test_a_case_whose_time_has_come_is_due(register: Register, new_case: NewCase, now: datetime) -> None:
    case = new_case()
    register.record(case, Entry(Did.RETURNED, SYSTEM, {"fingerprint": "x"}), now)
    (line,) = register.open_cases(actor=Actor.APPLICANT)
    assert line.remind_on == date(2026, 12, 18)
    assert line.due_on is not None

    assert register.due_cases(date(2026, 12, 17)) == ()
    (due,) = what_is_due(register.due_cases(date(2026, 12, 18)), WORKFLOWS, date(2026, 12, 18))
    assert due.due is Due.REMIND
    register.record(case, Entry(Did.REMINDED, SYSTEM, {}), now + timedelta(days=28))
    assert register.due_cases(date(2026, 12, 18)) == ()

    long_after = line.due_on + timedelta(days=1)
    (due,) = what_is_due(register.due_cases(long_after), WORKFLOWS, long_after)
    assert due.due is Due.LAPSE
    register.record(case, Entry(Did.LAPSED, SYSTEM, {}), now + timedelta(days=100))
    assert register.due_cases(long_after) == ()
    assert register.open_cases() == ()
    assert [line.case for line in register.cases_in(Flow.EXHIBITION, On.LAPSED)] == [case]


def test_an_overdue_case_is_told_about_again_after_its_limit_once_more(
    register: Register, new_case: NewCase, now: datetime
) -> None:
    case = new_case()
    (due,) = what_is_due(register.due_cases(date(2026, 11, 24)), WORKFLOWS, date(2026, 11, 24))
    assert due.due is Due.ESCALATE
    register.record(case, Entry(Did.OVERDUE, SYSTEM, {}), now + timedelta(days=4))
    assert register.due_cases(date(2026, 11, 25)) == ()
    assert len(register.due_cases(date(2026, 11, 26))) == 1


def test_looking_for_open_cases_reads_no_closed_ones(
    register: Register, new_case: NewCase, tamper: Callable[[str], None]
) -> None:
    new_case()
    tamper(
        "INSERT INTO register.cases SELECT 'EXH-2025-' || lpad(n::text, 5, '0'), 'EXH', 'lapsed', 'nobody', '', "
        "'f' || n, 'p', now(), now(), NULL, NULL, now(), 1, '' FROM generate_series(1, 20000) n; ANALYZE register.cases"
    )
    plan = "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM register.cases WHERE closed IS NULL " \
           "AND flow = 'EXH' AND actor = 'system' ORDER BY since, case_id"  # fmt: skip
    with register.engine.connect() as connection:
        (found,) = connection.execute(sa.text(plan)).scalar_one()
    touched = found["Plan"]["Shared Hit Blocks"] + found["Plan"]["Shared Read Blocks"]
    assert touched < 20
