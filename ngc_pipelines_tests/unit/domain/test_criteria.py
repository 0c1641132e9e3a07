"""Metadata criteria: what may be asked by is data, bounds are inclusive, and an order lies within its approval."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ngc_pipelines.domain.criteria import (
    Codes,
    Criteria,
    Criterion,
    DateRange,
    IntegerRange,
    criterion_fields,
    parse_criteria,
)
from ngc_pipelines.domain.errors import Refused

AS_OF = date(2026, 11, 21)


def test_the_six_fields_of_the_guide_can_be_asked_by() -> None:
    codes = {field.code for field in criterion_fields(AS_OF)}
    assert codes >= {"age", "sex", "patient_group", "sample_type", "material_type", "sequencing_date"}


def test_criteria_are_read_into_values_in_one_order() -> None:
    data = {"sex": "F", "age": {"from": 18}, "sequencing_date": {"from": date(2022, 1, 1), "to": "2024-12-31"}}
    assert parse_criteria(data, as_of=AS_OF) == Criteria(
        (
            Criterion("age", IntegerRange(18, None)),
            Criterion("sequencing_date", DateRange(date(2022, 1, 1), date(2024, 12, 31))),
            Criterion("sex", Codes(("F",))),
        )
    )


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (None, "order"),
        ({}, "order"),
        ([], "order"),
        ({"coverage": {"from": 30}}, "order"),
        ({1: ["F"]}, "order"),
        ({"sex": []}, "order.sex"),
        ({"sex": ["X"]}, "order.sex"),
        ({"sex": [1]}, "order.sex"),
        ({"sex": {"from": "F"}}, "order.sex"),
        ({"patient_group": ["no_such_group"]}, "order.patient_group"),
        ({"age": 18}, "order.age"),
        ({"age": {}}, "order.age"),
        ({"age": {"from": None}}, "order.age"),
        ({"age": {"from": -1}}, "order.age"),
        ({"age": {"to": 126}}, "order.age"),
        ({"age": {"from": True}}, "order.age"),
        ({"age": {"from": 18.5}}, "order.age"),
        ({"age": {"from": 40, "to": 39}}, "order.age"),
        ({"age": {"from": 18, "until": 20}}, "order.age"),
        ({"sequencing_date": {"from": "2019-06-30"}}, "order.sequencing_date"),
        ({"sequencing_date": {"from": "1.1.2022"}}, "order.sequencing_date"),
        ({"sequencing_date": {"from": "2023-01-02", "to": "2023-01-01"}}, "order.sequencing_date"),
    ],
)
def test_what_is_no_criterion_is_refused_at_its_place(data: object, place: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_criteria(data, as_of=AS_OF, where="order")
    assert [fault.where for fault in refused.value.faults] == [place]
    assert refused.value.faults[0].rule == "CO-2"


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(Refused) as refused:
        parse_criteria({"sex": ["X"], "age": {"from": 200}, "depth": 1}, as_of=AS_OF)
    assert len(refused.value.faults) == 3


@pytest.mark.parametrize(
    ("order", "approval", "outside"),
    [
        ({"age": {"from": 18, "to": 60}}, {"age": {"from": 18, "to": 60}}, ()),
        ({"age": {"from": 17, "to": 60}}, {"age": {"from": 18, "to": 60}}, ("age",)),
        ({"age": {"from": 18, "to": 61}}, {"age": {"from": 18, "to": 60}}, ("age",)),
        ({"age": {"from": 18}}, {"age": {"from": 18, "to": 60}}, ("age",)),
        ({"age": {"to": 60}}, {"age": {"from": 18}}, ("age",)),
        ({"age": {"from": 18, "to": 60}}, {"age": {"from": 18}}, ()),
        ({"sex": ["F"]}, {"sex": ["F", "M"]}, ()),
        ({"sex": ["F", "M"]}, {"sex": ["F"]}, ("sex",)),
        ({"sex": ["F"]}, {"patient_group": ["kidney_failure"]}, ("patient_group",)),
        ({"sex": ["F"], "patient_group": ["kidney_failure"]}, {"patient_group": ["kidney_failure"]}, ()),
        (
            {"sequencing_date": {"from": "2022-01-01"}},
            {"sequencing_date": {"from": "2022-01-02"}},
            ("sequencing_date",),
        ),
    ],
)
def test_an_order_lies_within_its_approval_field_by_field(
    order: dict[str, object], approval: dict[str, object], outside: tuple[str, ...]
) -> None:
    wanted, allowed = (parse_criteria(data, as_of=AS_OF) for data in (order, approval))
    assert wanted.outside(allowed) == outside
    assert wanted.lies_within(allowed) == (not outside)


_AGES = st.tuples(st.none() | st.integers(0, 125), st.none() | st.integers(0, 125)).filter(
    lambda ends: ends != (None, None) and (None in ends or ends[0] <= ends[1])
)


@given(_AGES, _AGES)
def test_a_range_lies_within_another_when_every_age_in_it_does(
    inner: tuple[int | None, int | None], outer: tuple[int | None, int | None]
) -> None:
    def holds(ends: tuple[int | None, int | None], age: int) -> bool:
        return (ends[0] is None or age >= ends[0]) and (ends[1] is None or age <= ends[1])

    expected = all(holds(outer, age) for age in range(-1, 127) if holds(inner, age))
    assert IntegerRange(*inner).lies_within(IntegerRange(*outer)) == expected


def test_what_is_written_down_is_read_back_the_same() -> None:
    data = {"age": {"from": 18, "to": 60}, "sequencing_date": {"to": "2025-01-01"}, "sex": ["F", "M"]}
    criteria = parse_criteria(data, as_of=AS_OF)
    assert criteria.to_data() == data
    assert parse_criteria(criteria.to_data(), as_of=AS_OF) == criteria
    assert criteria.to_json() == parse_criteria(dict(reversed(data.items())), as_of=AS_OF).to_json()


@pytest.mark.parametrize(
    "build",
    [
        lambda: IntegerRange(None, None),
        lambda: IntegerRange(2, 1),
        lambda: DateRange(None, None),
        lambda: Codes(()),
        lambda: Codes(("b", "a")),
        lambda: Codes(("a", "a")),
        lambda: Criteria(()),
        lambda: Criteria((Criterion("sex", Codes(("F",))), Criterion("age", IntegerRange(1, 2)))),
    ],
    ids=["no-end", "backwards", "no-date", "no-code", "unsorted", "twice", "no-criterion", "unsorted-fields"],
)
def test_a_value_that_means_nothing_cannot_be_made(build: object) -> None:
    with pytest.raises(ValueError, match=r"at least one|lies after"):
        build()  # type: ignore[operator] # - each of the lambdas above
