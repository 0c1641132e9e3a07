"""Merged categories: which, into what, and what stands in the finished table."""

from __future__ import annotations

from pathlib import Path

import pytest

from ngc_pipelines.disclosure.tables.repair.categories import is_ordinal, spanning
from ngc_pipelines_tests.unit.disclosure.tables.finishing.finished import Rows, as_workbook, finished, rows_of

AGES: Rows = [
    ["Alder", "Kvinder", "Mænd", "I alt"],
    ["18-29", 3, 12, 15],
    ["30-39", 25, 31, 56],
    ["40-49", 44, 40, 84],
    ["50-59", 61, 55, 116],
    ["60-69", 48, 52, 100],
    ["70+", 2, 7, 9],
    ["I alt", 183, 197, 380],
]


@pytest.mark.parametrize(
    ("labels", "whole"),
    [
        (("18-29", "30-39"), "18-39"),
        (("18–29 år", "30–39 år"), "18–39 år"),
        (("<18", "18-29"), "<30"),
        (("75-84", "85+"), "75+"),
        (("0-4", "5-9", "10-14"), "0-14"),
        (("2019", "2020"), "2019–2020"),
        (("60+", "40-59"), "40+"),
        (("let", "moderat"), "let + moderat"),
    ],
)
def test_neighbours_are_called_by_their_ends(labels: tuple[str, ...], whole: str) -> None:
    assert spanning(labels) == whole


@pytest.mark.parametrize(
    ("labels", "ordinal"),
    [
        (("0-17", "18-39", "40-64", "65+"), True),
        (("<18", "18-64", "≥65"), True),
        (("2020", "2021", "2022"), True),
        (("let", "moderat", "svær"), True),
        (("Nord", "Syd", "Øst"), False),
        (("C50", "C34", "C18"), False),
        (("Gruppe 3", "Gruppe 1", "Gruppe 2"), False),
    ],
)
def test_an_order_is_seen_in_labels(labels: tuple[str, ...], ordinal: bool) -> None:
    assert is_ordinal(labels) is ordinal


def test_age_groups_are_merged_with_their_neighbours(tmp_path: Path) -> None:
    finished(as_workbook(AGES, tmp_path / "in.xlsx"), tmp_path / "out.xlsx", prefer="merge")
    assert [row for row in rows_of(tmp_path / "out.xlsx") if any(row)] == [
        ["Alder", "Kvinder", "Mænd", "I alt"],
        ["18-39", 28, 43, 71],
        ["40-49", 44, 40, 84],
        ["50-59", 61, 55, 116],
        ["60+", 50, 59, 109],
        ["I alt", 183, 197, 380],
    ]


def test_categories_without_an_order_become_one_other_in_rows_and_in_columns(tmp_path: Path) -> None:
    rows: Rows = [["Region", "A", "B", "C", "I alt"], ["Nord", 3, 2, 40, 45], ["Syd", 25, 31, 30, 86]]
    rows += [["Øst", 2, 44, 40, 86], ["Vest", 66, 54, 60, 180], ["I alt", 96, 131, 170, 397]]
    done = finished(as_workbook(rows, tmp_path / "in.xlsx"), tmp_path / "out.xlsx", prefer="merge")
    assert {one.into for one in done.choice.plan.final_merges} == {"Øvrige / Other"}
    after = [[cell for cell in row if cell is not None] for row in rows_of(tmp_path / "out.xlsx")]
    counts = [row for row in after if row]
    assert counts[-1][-1] == 397
    width = len(counts[0])
    for row in counts[1:]:
        assert len(row) == width
        if "*" not in row:
            assert sum(row[1:-1]) == row[-1]


def test_percentages_of_merged_categories_are_computed_anew_and_means_go(tmp_path: Path) -> None:
    rows: Rows = [["Aldersgruppe", "n", "%", "Mean BMI"], ["18-29", 3, 1.5, 22.1], ["30-44", 57, 28.5, 24.0]]
    rows += [["45-59", 80, 40.0, 25.5], ["60+", 60, 30.0, 26.1], ["Total", 200, 100.0, 25.0]]
    finished(as_workbook(rows, tmp_path / "in.xlsx"), tmp_path / "out.xlsx", prefer="merge")
    after = [row for row in rows_of(tmp_path / "out.xlsx") if any(row)]
    assert after[1] == ["18-44", 60, 30, "*"]
    assert after[2:] == [["45-59", 80, 40, 25.5], ["60+", 60, 30, 26.1], ["Total", 200, 100, 25]]


def test_a_text_loses_the_merged_line(tmp_path: Path) -> None:
    lines = [";".join(map(str, row)) for row in AGES]
    (tmp_path / "in.csv").write_text("\r\n".join(lines) + "\r\n", "utf-8", newline="")
    finished(tmp_path / "in.csv", tmp_path / "out.csv", prefer="merge")
    after = (tmp_path / "out.csv").read_bytes().decode()
    assert after.split("\r\n") == [
        "Alder;Kvinder;Mænd;I alt",
        "18-39;28;43;71",
        *lines[3:5],
        "60+;50;59;109",
        lines[-1],
        "",
    ]


def test_by_default_nothing_is_merged_where_blanking_costs_less(tmp_path: Path) -> None:
    done = finished(as_workbook(AGES, tmp_path / "in.xlsx"), tmp_path / "out.xlsx")
    assert done.choice.plan.bits <= done.choice.blanking.bits
    assert not done.choice.plan.merges


def test_by_default_categories_are_merged_where_that_costs_no_more(tmp_path: Path) -> None:
    rows: Rows = [["Gruppe", "N"], ["A", 3], ["B", 22], ["C", 231], ["D", 341], ["I alt", 597]]
    done = finished(as_workbook(rows, tmp_path / "in.xlsx"), tmp_path / "out.xlsx")
    assert [one.labels for one in done.choice.plan.final_merges] == [("A", "B")]
    assert done.choice.plan.bits <= done.choice.blanking.bits


def test_a_category_that_another_table_tells_is_not_hidden_by_merging(tmp_path: Path) -> None:
    """The second table prints the same small count: merging the first alone would hide nothing."""
    rows: Rows = [*AGES, [None], [None], *AGES]
    finished(as_workbook(rows, tmp_path / "in.xlsx"), tmp_path / "out.xlsx", prefer="merge")
    after = [row[1] for row in rows_of(tmp_path / "out.xlsx") if row[0] in ("18-29", "70+")]
    assert all(cell == "*" for cell in after)
