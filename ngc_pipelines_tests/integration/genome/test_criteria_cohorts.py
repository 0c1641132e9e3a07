"""Cohorts by metadata criteria: the samples that Python would pick, whatever the criteria say, and nothing injected."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.dialects import postgresql

from ngc_pipelines.adapters.genome_database.criteria_sql import condition_on_samples
from ngc_pipelines.adapters.genome_database.tables import samples
from ngc_pipelines.domain.criteria import (
    Codes,
    Criteria,
    Criterion,
    DateRange,
    IntegerRange,
    criterion_fields,
    parse_criteria,
)

AS_OF = date(2026, 11, 20)
FIELDS = {field.code: field for field in criterion_fields(AS_OF)}
CASES = count(1)
SOME_CODES = {name: field.codes[:3] for name, field in FIELDS.items() if field.kind == "codes"}


def ends(values: Any) -> Any:
    """A low and a high end, either of which may be open."""
    pairs = st.tuples(st.none() | values, st.none() | values).filter(lambda pair: pair != (None, None))
    return pairs.map(lambda pair: tuple(sorted(pair)) if None not in pair else pair)


def conditions(name: str) -> st.SearchStrategy[Any]:
    if name in SOME_CODES:
        return st.sets(st.sampled_from(SOME_CODES[name]), min_size=1).map(lambda codes: Codes(tuple(sorted(codes))))
    if name == "age":
        return ends(st.integers(0, 8)).map(lambda pair: IntegerRange(*pair))
    return ends(st.integers(0, 8).map(lambda days: date(2024, 1, 1) + timedelta(days))).map(
        lambda pair: DateRange(*pair)
    )


CRITERIA = st.sets(st.sampled_from(sorted(FIELDS)), min_size=1, max_size=3).flatmap(
    lambda names: st.tuples(*(conditions(name).map(lambda c, n=name: Criterion(n, c)) for name in sorted(names)))
)
SAMPLE = st.fixed_dictionaries(
    {name: st.sampled_from(codes) for name, codes in SOME_CODES.items()}
    | {"age": st.integers(0, 8), "sequencing_date": st.integers(0, 8).map(lambda d: date(2024, 1, 1) + timedelta(d))}
)


def meets(sample: dict[str, Any], criterion: Criterion) -> bool:
    value, condition = sample[criterion.field], criterion.condition
    if isinstance(condition, Codes):
        return value in condition.codes
    low, high = (
        (condition.first, condition.last) if isinstance(condition, DateRange) else (condition.low, condition.high)
    )
    return (low is None or value >= low) and (high is None or value <= high)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    chosen=CRITERIA,
    reported=st.lists(st.tuples(SAMPLE, st.integers(0, 5), st.booleans(), st.booleans()), min_size=1, max_size=8),
)
def test_the_cohort_is_what_python_would_pick(
    site: Any, numbers: tuple[str, ...], now: Any, chosen: tuple[Criterion, ...], reported: list[Any]
) -> None:
    number = next(CASES)
    for table in ("files", "samples"):
        with site.owner.snapshot("Rows were removed") as connection:
            connection.exec_driver_sql(f"DELETE FROM genome.{table}")
    # Number 5 is an old number of number 4's person; number 0 is registered.
    site.deliver([numbers[0]], [(numbers[5], numbers[4])], delivery=f"d{number}")
    asked, kept, without_number = set(), {}, 0
    for serial, (fields, place, numbered, with_files) in enumerate(reported):
        site.report(f"S{serial}", numbers[place] if numbered else None, reads=2 if with_files else 0, **fields)
        if all(meets(fields, criterion) for criterion in chosen):
            if not numbered:
                without_number += 1
                continue
            person = 4 if place == 5 else place
            asked.add(person)
            if with_files:
                kept.setdefault(person, set()).add(f"S{serial}")
    cohorts, case = site.cohorts(), f"EXH-2026-{number:05d}"
    manifest = cohorts.build_from_criteria(case, Criteria(chosen), now=now)
    assert (manifest.asked, manifest.with_data, manifest.samples_without_number) == (
        len(asked),
        len(kept),
        without_number,
    )
    assert manifest.samples == sum(map(len, kept.values()))
    result = cohorts.filter_by_var(case, now=now)
    assert result.registered == (0 in asked)
    found: dict[str, set[str]] = {}
    for file in cohorts.files(case):
        found.setdefault(file.person, set()).add(file.sample_id)
    assert found == {numbers[place]: names for place, names in kept.items() if place != 0}
    assert cohorts.verify(case)


@pytest.mark.parametrize(
    "hostile", ["F'; DROP TABLE genome.samples; --", "F' OR '1'='1", ":case_key", "%s", "\\", "${jndi}", "æøå"]
)
def test_no_value_becomes_sql(site: Any, numbers: Any, now: Any, hostile: str) -> None:
    site.report("S", numbers[0])
    site.deliver([numbers[1]])
    criteria = Criteria((Criterion("sex", Codes((hostile,))),))
    statement = select(samples).where(condition_on_samples(criteria)).compile(dialect=postgresql.dialect())
    assert hostile not in str(statement)
    manifest = site.cohorts().build_from_criteria("EXH-2026-00001", criteria, now=now)
    assert manifest.asked == 0


def test_no_field_outside_the_samples_can_be_asked_by() -> None:
    for field in ("sample_key; --", "patient_groups", ""):
        with pytest.raises(LookupError):
            condition_on_samples(Criteria((Criterion(field, Codes(("x",))),)))


def test_every_field_of_the_list_is_a_field_of_samples() -> None:
    assert set(FIELDS) <= set(samples.columns.keys())


def test_of_listed_persons_only_what_the_approvals_criteria_cover_is_found(site: Any, numbers: Any, now: Any) -> None:
    """An order by list may not go beyond the approval either (AP-1): the rest is as if it were not there."""
    covered = site.report("COVERED", numbers[0])
    site.report("OTHER-SAMPLE", numbers[0], sample_type="somatic")
    site.report("OTHER-PERSON", numbers[1], sample_type="somatic")
    site.deliver([numbers[9]])
    within = parse_criteria({"sample_type": ["germline"]}, as_of=now.date())
    listed = ["".join(f"{number}\n" for number in numbers[:3]).encode()]
    manifest = site.cohorts().build_from_list("EXH-2026-00001", listed, now=now, within=within)
    assert (manifest.asked, manifest.with_data, manifest.without_data, manifest.samples) == (3, 1, 2, 1)
    site.cohorts().filter_by_var("EXH-2026-00001", now=now)
    with site.runtime.snapshot("Samples of a cohort were listed") as connection:
        chosen = connection.scalars(text("SELECT samples FROM cohort.persons WHERE samples IS NOT NULL")).all()
    assert chosen == [[covered]]
    whole = site.cohorts().build_from_list("EXH-2026-00002", listed, now=now)
    assert (whole.with_data, whole.samples) == (2, 3)
