"""No small count can be worked out from what a reader of an overview is told."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ngc_pipelines.domain.small_counts import Told, tell_cells, tell_totals


@pytest.mark.parametrize(
    ("count", "da", "en"), [(0, "<5", "<5"), (4, "<5", "<5"), (5, "5", "5"), (1234, "1.234", "1,234")]
)
def test_a_count_under_five_is_told_as_under_five_and_zero_is_no_exception(count: int, da: str, en: str) -> None:
    told = tell_cells({(): count}, {(): count})[()]
    assert (told.text_da, told.text_en) == (da, en)


def test_the_texts_are_danish_and_english() -> None:
    assert (Told(1090, None).text_da, Told(1090, None).text_en) == ("mindst 1.090", "at least 1,090")
    assert (Told(0, None).text_da, Told(0, None).text_en) == ("oplyses ikke", "not told")


@pytest.mark.parametrize(("low", "high"), [(-1, 3), (5, 4), (2, 4)])
def test_a_range_that_would_narrow_a_count_is_refused(low: int, high: int) -> None:
    with pytest.raises(ValueError, match="told"):
        Told(low, high)


TABLES = st.integers(1, 3).flatmap(
    lambda columns: st.lists(st.lists(st.integers(0, 12), min_size=columns, max_size=columns), min_size=1, max_size=3)
)


@settings(max_examples=50, deadline=None)
@given(TABLES)
def test_each_hidden_cell_of_an_overview_can_be_anything_below_five_whatever_the_totals_tell(
    rows: list[list[int]],
) -> None:
    counts = {(str(r), str(c)): count for r, row in enumerate(rows) for c, count in enumerate(row)}
    cells = tell_cells(counts, counts)
    totals = tell_totals(cells, 2)
    hidden = [cell for cell, told in cells.items() if told.value is None]
    assert hidden == [cell for cell, count in counts.items() if count < 5]
    for cell in hidden:
        for value in range(5):
            other = {**counts, cell: value}
            again = tell_cells(other, other)
            assert again == cells
            assert tell_totals(again, 2) == totals
    for key, told in totals.items():
        true = sum(
            count
            for cell, count in counts.items()
            if all(want in (None, code) for want, code in zip(key, cell, strict=True))
        )
        assert told.low <= true
        assert told.high is None or told.value == true


def test_many_samples_of_few_persons_are_hidden_too() -> None:
    assert tell_cells({("a",): 9}, {("a",): 3}) == {("a",): Told(0, 4)}
