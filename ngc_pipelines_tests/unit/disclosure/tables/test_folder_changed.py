"""The same results handed in otherwise give the same answer: order, names, language, files and types."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import permutations

import pytest

from ngc_pipelines.disclosure.tables.audit import Question
from ngc_pipelines.disclosure.tables.folder_audit import audit_folder
from ngc_pipelines.disclosure.tables.members import AnyTable
from ngc_pipelines.disclosure.tables.reading.tidy import tidy_table
from ngc_pipelines_tests.unit.disclosure.tables.grids import printed

Rows = list[list[str]]

BEFORE = """
Region|Women|Men|Total
North|120|131|251
South|88|92|180
West|50|60|110
East|41|45|86
Total|299|328|627
"""
# Three women of the North have left, one cell and its partner are blanked in each line.
NOW = """
Region|Women|Men|Total
North|117|131|248
South|*|*|180
West|*|*|110
East|41|45|86
Total|296|328|624
"""
DANISH = {"Women": "Kvinder", "Men": "Mænd", "Total": "I alt", "North": "Nord", "South": "Syd", "West": "Vest"}


def rows_of(text: str) -> Rows:
    return [line.split("|") for line in text.strip().split("\n")]


def drawn(rows: Rows) -> str:
    return "\n".join("|".join(row) for row in rows)


def in_danish(text: str) -> str:
    return drawn([[DANISH.get(cell, cell) for cell in row] for row in rows_of(text)])


def turned(text: str) -> str:
    return drawn([list(row) for row in zip(*rows_of(text), strict=True)])


def reversed_rows(text: str) -> str:
    header, *rows, total = rows_of(text)
    return drawn([header, *rows[::-1], total])


def reversed_columns(text: str) -> str:
    return drawn([[row[0], *row[-2:0:-1], row[-1]] for row in rows_of(text)])


def answer(files: Mapping[str, Sequence[AnyTable]], danish: bool = False) -> list[tuple[str, str, str, frozenset[str]]]:
    """Kinds, gravity, how many, and the sums that tell it; places and labels aside."""
    back = {value: key for key, value in DANISH.items()}
    found: list[tuple[str, str, str, frozenset[str]]] = []
    for one in audit_folder(files, (), Question()):
        sums = one.finding.message.en.split(": ", 1)[-1].split(" (")[0].split(", because")[0]
        label = one.finding.message.en.split("'")[1] if "'" in one.finding.message.en else ""
        names = frozenset(back.get(name, name) if danish else name for name in label.split(" / "))
        found.append((one.finding.kind.value, one.finding.severity.word, sums, names))
    return sorted(found, key=lambda told: (*told[:3], sorted(told[3])))


@cache
def expected() -> list[tuple[str, str, str, frozenset[str]]]:
    return answer({"a.txt": [printed(BEFORE)], "b.txt": [printed(NOW)]})


def test_the_folder_tells_something() -> None:
    assert {kind for kind, *_ in expected()} == {"recoverable_cell", "implied_small_count"}


@pytest.mark.parametrize("change", [turned, reversed_rows, reversed_columns], ids=lambda change: change.__name__)
@pytest.mark.parametrize("which", ["both", "first", "second"])
def test_turned_and_reordered_tables_give_the_same_answer(change: Callable[[str], str], which: str) -> None:
    first = change(BEFORE) if which != "second" else BEFORE
    second = change(NOW) if which != "first" else NOW
    told = answer({"a.txt": [printed(first)], "b.txt": [printed(second)]})
    assert {one[:2] for one in told} == {one[:2] for one in expected()}
    assert {one[3] for one in told} == {one[3] for one in expected()}


def test_names_and_order_of_files_do_not_matter() -> None:
    for first, second in permutations(["2023.xlsx", "kvinder.docx"]):
        assert answer({first: [printed(BEFORE)], second: [printed(NOW)]}) == expected()
        assert answer({second: [printed(NOW)], first: [printed(BEFORE)]}) == expected()


def test_danish_labels_give_the_same_answer() -> None:
    files = {"a.txt": [printed(in_danish(BEFORE))], "b.txt": [printed(in_danish(NOW))]}
    assert answer(files, danish=True) == expected()


def test_two_tables_in_one_file_give_the_answer_of_two_files() -> None:
    assert answer({"a.txt": [printed(BEFORE, where="t1"), printed(NOW, where="t2")]}) == expected()


def test_a_table_said_twice_adds_nothing_but_itself() -> None:
    told = answer({"a.txt": [printed(BEFORE)], "b.txt": [printed(NOW)], "c.txt": [printed(NOW)]})
    assert {one[:2] for one in told} == {one[:2] for one in expected()}


def test_other_results_in_the_folder_change_nothing() -> None:
    other = "Weight|n\nUnder 25|212\n25-29|240\n30+|193\nTotal|645"
    files = {"a.txt": [printed(BEFORE)], "b.txt": [printed(NOW)], "c.txt": [printed(other)]}
    assert answer(files) == expected()


def test_a_tidy_file_in_place_of_a_printed_one_gives_the_same_kinds() -> None:
    header, *rows = rows_of(BEFORE)
    tidy = [["region", "sex", "count"]]
    tidy += [[row[0], sex, count] for row in rows for sex, count in zip(header[1:], row[1:], strict=True)]
    told = answer({"a.txt": [tidy_table(tidy, "t")], "b.txt": [printed(NOW)]})
    assert {one[:2] for one in told} == {one[:2] for one in expected()}
