"""Rounded tables: what is shown, what can still be told, and that the file says it is rounded."""

from __future__ import annotations

from pathlib import Path

import pytest

from ngc_pipelines.disclosure.tables.finishing.changes import CannotWrite
from ngc_pipelines.disclosure.tables.repair.rounding import rounded, span_of
from ngc_pipelines_tests.unit.disclosure.tables.finishing.finished import Rows, as_workbook, finished, rows_of

REGIONS: Rows = [
    ["Region", "Kvinder", "Mænd", "I alt"],
    ["Nord", 3, 12, 15],
    ["Syd", 25, 31, 56],
    ["Øst", 44, 40, 84],
    ["Vest", 4, 55, 59],
    ["Midt", 48, 52, 100],
    ["I alt", 124, 190, 314],
]


@pytest.mark.parametrize("base", [5, 10])
def test_a_shown_number_spans_exactly_the_counts_that_are_rounded_to_it(base: int) -> None:
    for shown in range(0, 60, base):
        low, high = span_of(shown, base)
        assert [n for n in range(80) if rounded(n, base) == shown] == list(range(low, high + 1))


def test_shown_five_may_be_three_to_seven() -> None:
    assert span_of(5, 5) == (3, 7)
    assert span_of(0, 5) == (0, 2)


def test_every_count_and_every_margin_is_rounded_on_its_own_and_the_file_says_so(tmp_path: Path) -> None:
    done = finished(as_workbook(REGIONS, tmp_path / "in.xlsx"), tmp_path / "out.xlsx", base=5)
    assert done.rounding is not None
    assert done.rounding.suffices
    after = rows_of(tmp_path / "out.xlsx")
    for row, line in enumerate(REGIONS[1:], start=1):
        assert after[row][1:] == [rounded(int(str(cell)), 5) for cell in line[1:]]
    assert "nearest 5" in str(after[7][0])


def test_margins_that_tell_a_small_count_all_the_same_are_named_and_nothing_is_written(tmp_path: Path) -> None:
    rows: Rows = [["Alder", "K", "M", "I alt"], ["18-29", 3, 12, 15], ["30+", 180, 178, 358], ["70+", 2, 7, 9]]
    rows.append(["I alt", 185, 197, 382])
    file = as_workbook(rows, tmp_path / "in.xlsx")
    with pytest.raises(CannotWrite, match="not enough"):
        finished(file, tmp_path / "out.xlsx", base=5)
    assert not (tmp_path / "out.xlsx").exists()


def test_percentages_are_of_the_rounded_counts(tmp_path: Path) -> None:
    rows: Rows = [["Region", "n", "%"], ["Nord", 3, 1.5], ["Syd", 57, 28.5], ["Øst", 82, 41.0], ["Vest", 58, 29.0]]
    rows.append(["Total", 200, 100.0])
    finished(as_workbook(rows, tmp_path / "in.xlsx"), tmp_path / "out.xlsx", base=10)
    after = rows_of(tmp_path / "out.xlsx")
    assert after[1:6] == [
        ["Nord", 0, 0],
        ["Syd", 60, 30],
        ["Øst", 80, 40],
        ["Vest", 60, 30],
        ["Total", 200, 100],
    ]


def test_a_rounded_text_says_so_above_its_table(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("\n".join(";".join(map(str, row)) for row in REGIONS) + "\n", "utf-8")
    finished(tmp_path / "in.csv", tmp_path / "out.csv", base=5)
    lines = (tmp_path / "out.csv").read_text("utf-8").splitlines()
    assert "nærmeste 5" in lines[0]
    assert lines[2] == "Nord;5;10;15"


def test_a_tidy_table_is_not_rounded_since_it_could_not_say_so(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("region,count\nN,3\nS,14\nE,26\nTotal,43\n")
    with pytest.raises(CannotWrite):
        finished(tmp_path / "in.csv", tmp_path / "out.csv", base=10)
    assert not (tmp_path / "out.csv").exists()
