"""No small count can be worked out from what an applicant or a reader of an overview is told."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ngc_pipelines.domain.cohort_accounts import CohortSource, VarFilterResult, VarVersion
from ngc_pipelines.domain.small_counts import Told, tell, tell_account, tell_cells, tell_totals

NOW = datetime(2026, 11, 22, tzinfo=UTC)
PARTS = ("kept", "registered", "without_data")


def account(kept: int, registered: int, without_data: int, invalid: int = 0) -> VarFilterResult:
    return VarFilterResult(
        case_id="EXH-2026-00001",
        asked=kept + registered + without_data + invalid,
        kept=kept,
        registered=registered,
        without_data=without_data,
        invalid=invalid,
        persons=kept,
        samples=kept,
        files=2 * kept,
        size_bytes=100 * kept,
        var_version=VarVersion("d", NOW, 10, 0, "sha256:0"),
        manifest_digest="sha256:1",
        digest="sha256:2",
        filtered_at=NOW,
    )


@pytest.mark.parametrize(
    ("count", "da", "en"), [(0, "<5", "<5"), (4, "<5", "<5"), (5, "5", "5"), (1234, "1.234", "1,234")]
)
def test_a_count_under_five_is_told_as_under_five_and_zero_is_no_exception(count: int, da: str, en: str) -> None:
    assert (tell(count).text_da, tell(count).text_en) == (da, en)


def test_the_texts_of_ranges_are_danish_and_english() -> None:
    assert Told(90, 94).text_da == "mellem 90 og 94"
    assert Told(1090, None).text_en == "at least 1,090"
    assert (Told(0, None).text_da, Told(0, None).text_en) == ("oplyses ikke", "not told")


@pytest.mark.parametrize(("low", "high"), [(-1, 3), (5, 4)])
def test_a_range_that_holds_nothing_is_refused(low: int, high: int) -> None:
    with pytest.raises(ValueError, match="range"):
        Told(low, high)


def test_an_account_without_small_counts_is_told_whole() -> None:
    told = tell_account(account(80, 10, 10), CohortSource.CPR_LIST)
    assert [getattr(told, part).value for part in PARTS] == [80, 10, 10]
    assert (told.asked.value, told.samples.value, told.size_bytes.value) == (100, 80, 8000)


def test_few_registered_are_hidden_and_those_without_data_withheld_so_that_the_sum_does_not_tell() -> None:
    told = tell_account(account(80, 1, 19), CohortSource.CPR_LIST)
    assert told.registered.text_en == "<5"
    assert told.kept.value == 80
    assert told.without_data == Told(16, 20)


def test_where_nobody_lacks_data_the_kept_are_withheld_too_and_with_them_their_samples() -> None:
    told = tell_account(account(97, 3, 0), CohortSource.CPR_LIST)
    assert (told.registered.text_en, told.without_data.text_en) == ("<5", "<5")
    assert told.kept == Told(92, 100)
    assert told.samples == told.files == told.size_bytes == Told(0, None)


def test_by_criteria_the_kept_are_told_and_the_number_who_matched_is_not() -> None:
    told = tell_account(account(97, 3, 0), CohortSource.CRITERIA)
    assert (told.kept.value, told.registered.text_en, told.asked.value) == (97, "<5", None)


def consistent(told: dict[str, Told], total: int, threshold: int) -> dict[str, set[int]]:
    """Every value that each part can have, given what is told and the total: found by trying all."""
    ranges = [
        range(told[part].low, min(total, told[part].high if told[part].high is not None else total) + 1)
        for part in PARTS
    ]
    found: dict[str, set[int]] = {part: set() for part in PARTS}
    for values in product(*ranges):
        if sum(values) == total:
            for part, value in zip(PARTS, values, strict=True):
                found[part].add(value)
    return found


@pytest.mark.parametrize("total", range(9, 26))
def test_no_hidden_part_of_any_account_can_be_narrowed_below_the_threshold(total: int) -> None:
    for kept in range(total + 1):
        for registered in range(total + 1 - kept):
            told = tell_account(account(kept, registered, total - kept - registered), CohortSource.CPR_LIST)
            parts = {part: getattr(told, part) for part in PARTS}
            for part, values in consistent(parts, total, 5).items():
                assert len(values) >= 5 or parts[part].value is not None
                actual = {"kept": kept, "registered": registered, "without_data": total - kept - registered}[part]
                assert actual in values
                assert parts[part].value is None or parts[part].value >= 5


@pytest.mark.parametrize("total", range(9))
def test_of_so_few_that_everything_could_be_worked_out_no_small_part_is_told(total: int) -> None:
    for kept in range(total + 1):
        for registered in range(total + 1 - kept):
            told = tell_account(account(kept, registered, total - kept - registered), CohortSource.CPR_LIST)
            for part in PARTS:
                value = getattr(told, part).value
                assert value is None or value >= 5 or total == 0


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
