"""Danish working days, held against published vectors and against counting by hand."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ngc_pipelines.domain.workdays import WorkdayCalendar, danish_calendar

with (Path(__file__).parent / "workday_vectors.csv").open(encoding="utf-8", newline="") as lines:
    VECTORS = list(csv.DictReader(lines))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["received"])
def test_a_limit_falls_on_the_published_day(vector: dict[str, str]) -> None:
    received, days = date.fromisoformat(vector["received"]), int(vector["working_days"])
    public = danish_calendar(customary=False).add(received, days)
    closed = danish_calendar().add(received, days)
    assert public.isoformat() == vector["due_public_holidays_only"]
    assert closed.isoformat() == vector["due_also_closed_24dec_31dec_5jun_1may"]


@given(st.dates(date(2024, 1, 1), date(2028, 12, 31)), st.integers(0, 60))
def test_counting_back_gives_what_was_added(received: date, days: int) -> None:
    calendar = danish_calendar()
    due = calendar.add(received, days)
    assert calendar.is_workday(due)
    assert calendar.between(received, due) in {days, days + (days == 0)}


def test_the_day_of_receipt_does_not_count() -> None:
    assert danish_calendar().add(date(2026, 11, 20), 1) == date(2026, 11, 23)


def test_a_day_outside_the_listed_years_is_an_error_and_not_a_working_day() -> None:
    calendar = danish_calendar()
    with pytest.raises(ValueError, match=r"danish_nonworking_days\.csv"):
        calendar.add(calendar.last - timedelta(days=2), 10)


@pytest.mark.parametrize("day", [date(2026, 12, 24), date(2026, 12, 25), date(2026, 11, 21), date(2026, 4, 3)])
def test_nobody_works_on_a_closing_day(day: date) -> None:
    assert not danish_calendar().is_workday(day)


def test_a_calendar_that_ends_before_it_begins_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="ends before"):
        WorkdayCalendar(frozenset(), date(2026, 2, 1), date(2026, 1, 1))
