"""Cohorts on bad days: two runs at once, a killed run, a changed genome database; and what nobody may ever see."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ngc_pipelines.adapters.cohorts import exhibiting
from ngc_pipelines.adapters.genome_database.database import GenomeDatabase
from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.domain.errors import IntegrityFault, Refused, Unavailable

CASE = CaseId("EXH-2026-00001")


def lines(*numbers: str) -> list[bytes]:
    return ["".join(f"{number}\n" for number in numbers).encode()]


@pytest.fixture
def filled(site: Any, numbers: tuple[str, ...]) -> Any:
    """Ten persons with a sample each; the last of them in VAR."""
    for place in range(10):
        site.report(f"S{place}", numbers[place])
    site.deliver([numbers[9]])
    return site


def test_doing_it_again_gives_the_same_account_rows_and_digest(filled: Any, numbers: Any, now: Any) -> None:
    cohorts = filled.cohorts()
    first = cohorts.build_from_list(CASE, lines(*numbers[:12]), now=now), cohorts.filter_by_var(CASE, now=now)
    rows = filled.outcomes(str(CASE))
    again = cohorts.build_from_list(CASE, lines(*reversed(numbers[:12])), now=now), cohorts.filter_by_var(CASE, now=now)
    assert again == first
    assert filled.outcomes(str(CASE)) == rows
    assert (cohorts.manifest(CASE), cohorts.var_filter(CASE)) == first


def test_the_digest_is_another_for_another_cohort_and_tells_nothing_across_cases(
    filled: Any, numbers: Any, now: Any
) -> None:
    cohorts = filled.cohorts()
    one = cohorts.build_from_list(CASE, lines(*numbers[:5]), now=now)
    other = cohorts.build_from_list(CASE, lines(*numbers[:6]), now=now)
    elsewhere = cohorts.build_from_list("EXH-2026-00002", lines(*numbers[:5]), now=now)
    assert len({one.digest, other.digest, elsewhere.digest}) == 3


def test_a_row_that_was_changed_behind_its_back_is_noticed(filled: Any, numbers: Any, now: Any) -> None:
    cohorts = filled.cohorts()
    cohorts.build_from_list(CASE, lines(*numbers[:10]), now=now)
    cohorts.filter_by_var(CASE, now=now)
    assert cohorts.verify(CASE)
    with filled.owner.snapshot("A row was changed") as connection:
        connection.execute(text("DELETE FROM cohort.registered"))
    assert not cohorts.verify(CASE)
    cohorts.filter_by_var(CASE, now=now)
    with filled.owner.snapshot("A row was changed") as connection:
        connection.execute(
            text("UPDATE cohort.persons SET found = 'without_data' WHERE cpr = :cpr"), {"cpr": numbers[0]}
        )
    assert not cohorts.verify(CASE)


def test_runs_of_one_case_at_the_same_time_leave_one_whole_cohort(filled: Any, numbers: Any, now: Any) -> None:
    gate = threading.Barrier(4)

    def run(_: int) -> tuple[Any, Any]:
        cohorts = filled.cohorts()
        gate.wait(timeout=60)
        return cohorts.build_from_list(CASE, lines(*numbers[:10]), now=now), cohorts.filter_by_var(CASE, now=now)

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(run, range(4)))
    assert all(result == results[0] for result in results)
    assert list(filled.outcomes(str(CASE)).values()).count("kept") == 9
    assert filled.cohorts().verify(CASE)


def test_a_run_killed_in_the_middle_of_its_list_leaves_what_was_there(filled: Any, numbers: Any, now: Any) -> None:
    cohorts = filled.cohorts()
    before = cohorts.build_from_list(CASE, lines(*numbers[:10]), now=now)

    def cut_off() -> Any:
        yield lines(*numbers[:3])[0]
        with filled.owner.snapshot("The run's connection was cut") as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND query LIKE 'COPY staging.asked%'"
                )
            )
        for _ in range(100_000):
            yield lines(*numbers[3:10])[0]

    with pytest.raises(Unavailable):
        # The owner may end the session of another role only as a superuser: the flow runs as the owner here.
        type(cohorts)(filled.owner, cohorts._var).build_from_list(CASE, cut_off(), now=now)
    assert cohorts.manifest(CASE) == before
    assert cohorts.verify(CASE)
    assert cohorts.build_from_list(CASE, lines(*numbers[:10]), now=now) == before


def test_nothing_of_a_list_is_left_where_it_was_staged(filled: Any, numbers: Any, now: Any) -> None:
    cohorts = filled.cohorts()
    cohorts.build_from_list(CASE, lines(*numbers[:10]), now=now)
    with pytest.raises(Refused):
        cohorts.build_from_list(CASE, lines(numbers[0], numbers[0]), now=now)
    with filled.owner.snapshot("The staging schema was looked at") as connection:
        staged = "SELECT count(*) FROM pg_class WHERE relnamespace = 'staging'::regnamespace"
        assert connection.execute(text(staged)).scalar_one() == 0


def test_a_list_that_names_somebody_twice_is_refused_without_the_number(filled: Any, numbers: Any, now: Any) -> None:
    with pytest.raises(Refused) as refusal:
        filled.cohorts().build_from_list(CASE, lines(numbers[0], numbers[1], numbers[0]), now=now)
    assert refusal.value.faults[0].rule == "CO-1"
    assert numbers[0] not in str(refusal.value)
    assert numbers[0] not in repr(refusal.value.__cause__)
    assert filled.outcomes(str(CASE)) == {}


@pytest.mark.parametrize("twice", [0, 1, 2, 3], ids=["the first number", "another number", "a third", "unchanged"])
def test_a_number_of_somebody_listed_under_several_is_refused_twice_too(
    filled: Any, numbers: Any, now: Any, twice: int
) -> None:
    """Who changed number is looked up apart from the rest: neither way may swallow a repeated line."""
    filled.deliver([numbers[9]], [(numbers[1], numbers[0]), (numbers[2], numbers[0])], delivery="changed")
    once = [numbers[place] for place in (0, 1, 2, 3, 15)]
    assert filled.cohorts().build_from_list(CASE, lines(*once), now=now).asked == len(once)
    with pytest.raises(Refused) as refusal:
        filled.cohorts().build_from_list(CASE, lines(*once, numbers[twice]), now=now)
    assert refusal.value.faults[0].rule == "CO-1"
    assert filled.cohorts().manifest(CASE).asked == len(once)


def test_bytes_that_no_list_holds_are_an_error_that_does_not_repeat_them(filled: Any, numbers: Any, now: Any) -> None:
    with pytest.raises(IntegrityFault) as fault:
        filled.cohorts().build_from_list(CASE, [numbers[0].encode() + b"\x00\xff\n"], now=now)
    assert numbers[0] not in str(fault.value)
    assert fault.value.__cause__ is None


def test_a_cohort_is_neither_filtered_nor_shown_before_its_time(filled: Any, numbers: Any, now: Any) -> None:
    cohorts = filled.cohorts()
    for act in (cohorts.filter_by_var, cohorts.persons_registered_since):
        with pytest.raises(Refused):
            act(CASE, now=now)
    cohorts.build_from_list(CASE, lines(*numbers[:10]), now=now)
    with pytest.raises(Refused, match="tissue-use register"):
        list(cohorts.files(CASE))
    assert cohorts.var_filter(CASE) is None


def test_what_provisioning_has_begun_with_is_never_built_anew(filled: Any, numbers: Any, now: Any) -> None:
    cohorts = filled.cohorts()
    cohorts.build_from_list(CASE, lines(*numbers[:10]), now=now)
    cohorts.filter_by_var(CASE, now=now)
    cohorts.persons_registered_since(CASE, now=now)
    for act in (
        lambda: cohorts.build_from_list(CASE, lines(*numbers[:5]), now=now),
        lambda: cohorts.filter_by_var(CASE, now=now),
    ):
        with pytest.raises(Refused, match="begun"):
            act()


def test_whoever_left_var_after_being_taken_out_stays_out(filled: Any, numbers: Any, now: Any) -> None:
    cohorts = filled.cohorts()
    cohorts.build_from_list(CASE, lines(*numbers[:10]), now=now)
    cohorts.filter_by_var(CASE, now=now)
    filled.deliver([numbers[0], numbers[9]], delivery="second", delivered_at=now + timedelta(hours=1))
    assert cohorts.persons_registered_since(CASE, now=now + timedelta(hours=1)).newly_registered == 1
    filled.deliver([numbers[9]], delivery="third", delivered_at=now + timedelta(hours=2))
    third = cohorts.persons_registered_since(CASE, now=now + timedelta(hours=2))
    assert (third.newly_registered, third.withdrawn_in_all, third.remaining_persons) == (0, 1, 8)
    assert numbers[0] not in {file.person for file in cohorts.files(CASE)}


def test_a_sample_that_was_given_to_somebody_else_since_stops_the_exhibition(
    filled: Any, numbers: Any, now: Any
) -> None:
    cohorts = filled.cohorts()
    cohorts.build_from_list(CASE, lines(*numbers[:9]), now=now)
    cohorts.filter_by_var(CASE, now=now)
    with filled.owner.snapshot("A sample was relinked") as connection:
        # Number 9 is registered in VAR: these would be the data of somebody who said no.
        connection.execute(
            text("UPDATE genome.samples SET person_cpr = :cpr WHERE sample_id = 'S3'"), {"cpr": numbers[9]}
        )
    with pytest.raises(IntegrityFault, match="no longer"):
        list(cohorts.files(CASE))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE genome.files SET size = size + 1 WHERE key LIKE '%S3_%'",
        "DELETE FROM genome.files WHERE key LIKE '%S3_S1_L001_R2%'",
        "UPDATE genome.samples SET person_cpr = NULL WHERE sample_id = 'S3'",
        "DELETE FROM genome.samples WHERE sample_id = 'S3'",
    ],
    ids=["size", "file", "number", "sample"],
)
def test_files_that_changed_since_the_decision_stop_the_exhibition(
    filled: Any, numbers: Any, now: Any, change: str
) -> None:
    cohorts = filled.cohorts()
    cohorts.build_from_list(CASE, lines(*numbers[:9]), now=now)
    cohorts.filter_by_var(CASE, now=now)
    with filled.owner.snapshot("The genome database changed") as connection:
        connection.execute(text(change))
    with pytest.raises(IntegrityFault):
        list(cohorts.files(CASE))


def test_a_new_sample_of_a_person_is_not_exhibited_without_a_new_decision(filled: Any, numbers: Any, now: Any) -> None:
    cohorts = filled.cohorts()
    cohorts.build_from_list(CASE, lines(*numbers[:9]), now=now)
    cohorts.filter_by_var(CASE, now=now)
    filled.report("S-new", numbers[0])
    assert "S-new" not in {file.sample_id for file in cohorts.files(CASE)}


def test_files_come_page_by_page_each_once_in_a_stable_order(
    filled: Any, numbers: Any, now: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    cohorts = filled.cohorts()
    cohorts.build_from_list(CASE, lines(*numbers[:9]), now=now)
    cohorts.filter_by_var(CASE, now=now)
    whole = list(cohorts.files(CASE))
    for page in (1, 2, 3, 4, 9, 10):
        monkeypatch.setattr(exhibiting, "PAGE", page)
        assert list(cohorts.files(CASE)) == whole
    assert [file.person for file in whole] == sorted(file.person for file in whole)
    assert len({file.file_id for file in whole}) == len(whole) == 18


def test_a_cohort_file_does_not_show_the_person_in_its_repr(filled: Any, numbers: Any, now: Any) -> None:
    cohorts = filled.cohorts()
    cohorts.build_from_list(CASE, lines(numbers[0]), now=now)
    cohorts.filter_by_var(CASE, now=now)
    shown = repr(next(cohorts.files(CASE)))
    assert numbers[0] not in shown
    assert "S0" not in shown


def test_an_erased_case_leaves_nothing_behind(filled: Any, numbers: Any, now: Any) -> None:
    cohorts = filled.cohorts()
    cohorts.build_from_list(CASE, lines(*numbers[:9]), now=now)
    cohorts.filter_by_var(CASE, now=now)
    cohorts.erase(CASE)
    cohorts.erase(CASE)
    with filled.owner.snapshot("What is left was counted") as connection:
        for table in ("cases", "manifests", "persons", "aliases", "registered", "var_readings"):
            assert connection.execute(text(f"SELECT count(*) FROM cohort.{table}")).scalar_one() == 0


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM var_register.registrations",
        "UPDATE var_register.deliveries SET delivered_at = now()",
        "INSERT INTO var_register.number_references VALUES ('0201603000', '0201603001')",
        "UPDATE genome.samples SET person_cpr = NULL",
        "CREATE TABLE cohort.copy AS SELECT * FROM cohort.persons",
        "TRUNCATE genome.files",
    ],
)
def test_the_flows_role_can_change_neither_var_nor_what_was_reported(filled: Any, statement: str) -> None:
    with filled.runtime.engine.connect() as connection, pytest.raises(DBAPIError, match="permission denied"):
        connection.execute(text(statement))


def test_a_database_that_does_not_answer_is_unavailable_and_its_address_is_not_told(filled: Any, now: Any) -> None:
    gone = GenomeDatabase("postgresql+psycopg://somebody:secret@127.0.0.1:1/genome")
    with pytest.raises(Unavailable) as error:
        type(filled.cohorts())(gone, filled.cohorts()._var).filter_by_var(CASE, now=now)
    assert "secret" not in str(error.value)
