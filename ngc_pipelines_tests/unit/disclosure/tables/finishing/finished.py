"""Files with tables for the tests of finished tables, and reading them back without the project's own reader."""

from __future__ import annotations

import csv
import io
import itertools
import random
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import xlsxwriter

from ngc_pipelines.disclosure.tables.audit import Question
from ngc_pipelines.disclosure.tables.finishing.document import read_document
from ngc_pipelines.disclosure.tables.finishing.finish import Asked
from ngc_pipelines.disclosure.tables.finishing.repairing import Repair, repair
from ngc_pipelines.disclosure.tables.finishing.writing import Goal

Cell = str | int | float | None
Rows = list[list[Cell]]


def finished(file: Path, out: Path, *, prefer: str | None = None, base: int | None = None, mark: str = "*") -> Repair:
    """The file's tables repaired and written."""
    found = repair(read_document(file), Asked(Question(seconds=600), {}, mark), prefer, base)
    found.write(Goal(out))
    return found


def as_workbook(rows: Rows, file: Path) -> Path:
    """A workbook of one plain sheet."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file


def rows_of(file: Path, sheet: str | None = None) -> Rows:
    """The cells of a workbook's sheet, or of a text with semicolons, by another reader than ours."""
    if file.suffix != ".xlsx":
        return [list(row) for row in csv.reader(io.StringIO(file.read_text("utf-8")), delimiter=";")]
    book = openpyxl.load_workbook(file)
    return [list(row) for row in (book[sheet] if sheet else book.active).iter_rows(values_only=True)]


def parts_of(file: Path) -> dict[str, str]:
    """Every part of a workbook as text."""
    with zipfile.ZipFile(file) as package:
        return {name: package.read(name).decode("utf-8") for name in package.namelist()}


def with_totals(inner: Sequence[Sequence[int]], rows: Sequence[str], columns: Sequence[str]) -> Rows:
    """A table with its margins."""
    table: Rows = [["Region", *columns, "I alt"]]
    for name, counts in zip(rows, inner, strict=True):
        table.append([name, *counts, sum(counts)])
    sums = [sum(row[column] for row in inner) for column in range(len(columns))]
    return [*table, ["I alt", *sums, sum(sums)]]


@dataclass(frozen=True, slots=True)
class Counts:
    """A random table of counts, some small and some zero."""

    inner: tuple[tuple[int, ...], ...]

    def rows(self) -> Rows:
        """With labels and margins."""
        names = ["Nord", "Syd", "Øst", "Vest", "Midt"]
        return with_totals(self.inner, names[: len(self.inner)], ["Ja", "Nej", "Uoplyst"][: len(self.inner[0])])


def counts_of(seed: int, rows: int = 3, columns: int = 3) -> Counts:
    """A table by its seed."""
    draw = random.Random(seed)
    return Counts(
        tuple(tuple(draw.choice((0, 1, 2, 4, 5, 7, 9, 14)) for _ in range(columns)) for _ in range(rows)),
    )


def tables_that_print(rows: Rows) -> Iterator[list[list[int]]]:
    """Every whole table with margins, no count negative, that prints the numbers of `rows`; by brute force.

    Only for tables whose margins are all printed.
    """
    body = [row[1:] for row in rows[1:]]
    inner = [row[:-1] for row in body[:-1]]
    right, below = [row[-1] for row in body[:-1]], body[-1][:-1]
    choices = [list(_lines_that_print(line, int(str(total)))) for line, total in zip(inner, right, strict=True)]
    for lines in itertools.product(*choices):
        if all(sum(line[c] for line in lines) == int(str(below[c])) for c in range(len(below))):
            yield [list(line) for line in lines]


def _lines_that_print(line: Sequence[Cell], total: int) -> Iterator[tuple[int, ...]]:
    hidden = [place for place, cell in enumerate(line) if not str(cell).isdigit()]
    rest = total - sum(int(str(cell)) for cell in line if str(cell).isdigit())
    for guess in itertools.product(range(rest + 1), repeat=max(0, len(hidden) - 1)):
        last = rest - sum(guess)
        if last < 0 or (not hidden and rest):
            continue
        full = [int(str(cell)) if str(cell).isdigit() else 0 for cell in line]
        for place, value in zip(hidden, (*guess, last), strict=False):
            full[place] = value
        yield tuple(full)


def rich_workbook(file: Path) -> Path:
    """A report as people make it: formulas, formats, chart, comment, names, hidden sheet and columns, properties."""
    book = xlsxwriter.Workbook(str(file))
    sheet = book.add_worksheet("Køn og region")
    head = book.add_format({"bold": True, "bg_color": "#DDEEFF", "border": 1})
    number = book.add_format({"num_format": "#,##0", "border": 1})
    sheet.merge_range("A1:E1", "Tabel 1. Patienter efter region og køn", head)
    sheet.write_row("A3", ["Region", "Kvinder", "Mænd", "I alt"], head)
    counts = [("Nord", 3, 4127), ("Syd", 2533, 3139), ("Øst", 4451, 4093), ("Vest", 4, 5581), ("Midt", 4877, 5231)]
    for place, (name, women, men) in enumerate(counts, start=4):
        sheet.write(place - 1, 0, name)
        sheet.write(place - 1, 1, women, number)
        sheet.write(place - 1, 2, men, number)
        sheet.write_formula(place - 1, 3, f"=B{place}+C{place}", number, women + men)
    sheet.write("A9", "I alt", head)
    for column, letter in enumerate("BCD", start=1):
        total = sum(n[column] if column < 3 else n[1] + n[2] for n in counts)
        sheet.write_formula(8, column, f"=SUM({letter}4:{letter}8)", number, total)
    sheet.write("A10", "Kilde: NGC.")
    sheet.write_comment("C4", "4127 mænd og 3 kvinder")
    sheet.conditional_format("B4:C8", {"type": "data_bar"})
    chart = book.add_chart({"type": "column"})
    chart.add_series(
        {
            "categories": "='Køn og region'!$A$4:$A$8",
            "values": "='Køn og region'!$C$4:$C$8",
            "categories_data": [name for name, _, _ in counts],
            "values_data": [men for _, _, men in counts],
            "data_labels": {"custom": [{"value": "4127"}]},
        }
    )
    sheet.insert_chart("G2", chart)
    sheet.set_column("A:A", 22)
    sheet.freeze_panes(3, 1)
    sheet.write("K20", 4127)
    sheet.set_column("K:K", None, None, {"hidden": True})
    sheet.data_validation("M1", {"validate": "list", "source": ["4127", "5581"]})
    sheet.insert_textbox("G20", "Nord: 4127")
    book.define_name("Hemmelig", "=4127")
    book.define_name("Omraade", "='Køn og region'!$B$4:$B$8")
    hidden = book.add_worksheet("grunddata")
    hidden.write_row("A1", ["Nord", 4127])
    hidden.hide()
    book.add_worksheet("Noter").write("A1", "Se tabel 1")
    book.set_properties({"title": "4127 mænd i Nord", "author": "Anna"})
    book.set_custom_property("antal", 4127)
    book.close()
    return file
