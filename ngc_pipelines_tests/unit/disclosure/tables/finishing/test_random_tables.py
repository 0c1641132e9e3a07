"""Random tables: after the repair nothing can be calculated back, by every table that prints the same."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ngc_pipelines.disclosure.tables.audit import Question, audit
from ngc_pipelines.disclosure.tables.finishing.changes import CannotWrite
from ngc_pipelines.disclosure.tables.finishing.document import read_document
from ngc_pipelines.disclosure.tables.relations.joined import system_of
from ngc_pipelines_tests.unit.disclosure.tables.finishing.finished import (
    Counts,
    as_workbook,
    counts_of,
    finished,
    rows_of,
    tables_that_print,
)


def small_tables() -> st.SearchStrategy[Counts]:
    return st.builds(counts_of, st.integers(0, 10_000), st.integers(3, 4), st.integers(2, 3))


@settings(max_examples=15, deadline=None)
@given(small_tables(), st.sampled_from(["blank", "merge", None]))
def test_what_was_written_is_protected_and_tells_nothing_else(counts: Counts, prefer: str | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        before, out = counts.rows(), Path(folder) / "out.xlsx"
        file = as_workbook(before, Path(folder) / "in.xlsx")
        assume(any(0 < n < 5 for line in counts.inner for n in line))
        try:
            done = finished(file, out, prefer=prefer)
        except CannotWrite:
            assert not out.exists()
            return
        again = audit(system_of(read_document(out).tables, {}), Question())
        assert not again.exposed
        assert not again.small
        after = rows_of(out)
        if done.choice.plan.merges:
            assert after[-1][-1] in (before[-1][-1], "*")
            return
        for row, (old, new) in enumerate(zip(before, after, strict=True)):
            for column, (was, now) in enumerate(zip(old, new, strict=True)):
                assert now in (was, "*"), (row, column)
                assert was != 0 or now == 0


@pytest.mark.parametrize("seed", range(12))
def test_every_table_that_prints_the_same_leaves_five_values_open(seed: int, tmp_path: Path) -> None:
    counts = counts_of(seed)
    file = as_workbook(counts.rows(), tmp_path / "in.xlsx")
    try:
        finished(file, tmp_path / "out.xlsx", prefer="blank")
    except CannotWrite:
        pytest.fail("a table of nine counts with printed totals can be protected")
    after = rows_of(tmp_path / "out.xlsx")
    if any(row[-1] == "*" for row in after) or "*" in after[-1]:
        return  # a total went too; the audit above answers for it
    fits = list(tables_that_print(after))
    assert list(map(list, counts.inner)) in fits
    for row, line in enumerate(after[1:-1]):
        for column, cell in enumerate(line[1:-1]):
            if cell == "*":
                assert len({one[row][column] for one in fits}) >= 5
            else:
                assert cell == counts.inner[row][column]
                assert cell == 0 or int(str(cell)) >= 5


def test_brute_force_finds_what_can_be_told_where_nothing_is_repaired() -> None:
    rows = [["R", "a", "b", "I alt"], ["x", "*", 7, 10], ["y", 4, 9, 13], ["I alt", 7, 16, 23]]
    assert list(tables_that_print(rows)) == [[[3, 7], [4, 9]]]
