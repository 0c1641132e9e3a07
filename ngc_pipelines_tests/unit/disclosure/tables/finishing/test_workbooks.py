"""A finished workbook keeps its layout and holds a blanked value nowhere."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from ngc_pipelines.disclosure.tables.finishing.changes import CannotWrite
from ngc_pipelines_tests.unit.disclosure.tables.finishing.finished import (
    as_workbook,
    finished,
    parts_of,
    rich_workbook,
    rows_of,
)


@pytest.fixture
def written(tmp_path: Path) -> Path:
    out = tmp_path / "out.xlsx"
    finished(rich_workbook(tmp_path / "in.xlsx"), out, prefer="blank")
    return out


def test_primaries_and_secondaries_get_one_mark_and_all_else_its_value(written: Path) -> None:
    table = [row[:4] for row in rows_of(written, "Køn og region")[2:9]]
    assert table == [
        ["Region", "Kvinder", "Mænd", "I alt"],
        ["Nord", "*", "*", 4130],
        ["Syd", 2533, 3139, 5672],
        ["Øst", 4451, 4093, 8544],
        ["Vest", "*", "*", 5585],
        ["Midt", 4877, 5231, 10108],
        ["I alt", 11868, 22171, 34039],
    ]


def test_a_blanked_value_stands_in_no_part(written: Path) -> None:
    for name, part in parts_of(written).items():
        assert "4127" not in part, name
        assert "5581" not in part, name


def test_formats_merged_cells_panes_and_charts_stay(written: Path, tmp_path: Path) -> None:
    before = openpyxl.load_workbook(tmp_path / "in.xlsx")["Køn og region"]
    after = openpyxl.load_workbook(written)["Køn og region"]
    assert str(after.merged_cells) == str(before.merged_cells)
    assert after.freeze_panes == before.freeze_panes
    assert after.column_dimensions["A"].width == before.column_dimensions["A"].width
    assert len(after._charts) == 1
    assert len(after.conditional_formatting) == len(before.conditional_formatting)
    for row in before["A1:D10"]:
        for cell in row:
            other = after[cell.coordinate]
            assert (other.number_format, other.font.b, other.fill.fgColor.rgb, other.border.left.style) == (
                cell.number_format,
                cell.font.b,
                cell.fill.fgColor.rgb,
                cell.border.left.style,
            )


def test_what_is_left_behind_is_told(tmp_path: Path) -> None:
    done = finished(rich_workbook(tmp_path / "in.xlsx"), tmp_path / "out.xlsx")
    told = " ".join(words.en for words in done.left_behind)
    for what in ("hidden sheets", "comments", "formulas became", "hidden rows and columns", "shapes", "names"):
        assert what in told


def test_no_formula_and_no_name_computes_a_value_again(written: Path) -> None:
    book = openpyxl.load_workbook(written)
    assert set(book.defined_names) == {"Omraade"}
    assert book.sheetnames == ["Køn og region", "Noter"]
    assert not [c for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f"]


def test_formulas_without_values_are_refused_and_nothing_is_left(tmp_path: Path) -> None:
    rows = [["R", "K", "M", "I alt"], ["N", 3, 14, "=B2+C2"], ["S", 10, 20, "=B3+C3"], ["I alt", 13, 34, 47]]
    file = as_workbook(rows, tmp_path / "in.xlsx")
    with pytest.raises(CannotWrite, match="without a value"):
        finished(file, tmp_path / "out.xlsx")
    assert [one.name for one in tmp_path.iterdir()] == ["in.xlsx"]


def test_two_tables_beside_and_one_below_are_each_repaired(tmp_path: Path) -> None:
    rows = [
        ["Alder", "K", "M", "I alt", None, "Diagnose", "Ja", "Nej", "I alt"],
        ["0-17", 12, 11, 23, None, "Cancer", 4, 40, 44],
        ["18-39", 25, 31, 56, None, "Hjerte", 22, 33, 55],
        ["40-64", 44, 2, 46, None, "Lunge", 51, 40, 91],
        ["I alt", 81, 44, 125, None, "I alt", 77, 113, 190],
        [None],
        ["År", "2021", "2022", "I alt"],
        ["Nord", 10, 12, 22],
        ["Syd", 20, 1, 21],
        ["I alt", 30, 13, 43],
    ]
    finished(as_workbook(rows, tmp_path / "in.xlsx"), tmp_path / "out.xlsx", prefer="blank")
    after = rows_of(tmp_path / "out.xlsx")
    assert [after[3][2], after[1][6], after[8][2]] == ["*", "*", "*"]
    changed = [
        (r, c) for r, row in enumerate(rows) for c, cell in enumerate(row) if cell is not None and after[r][c] != cell
    ]
    assert all(after[r][c] == "*" for r, c in changed)
    assert all(int(str(rows[r][c])) > 0 for r, c in changed)


def test_the_tables_own_mark_is_used_and_a_speaking_one_is_not(tmp_path: Path) -> None:
    own = [["Region", "K", "M", "I alt"], ["Nord", "..", "..", 15], ["Syd", 25, 31, 56], ["Øst", 3, 40, 43]]
    own.append(["Vest", "..", "..", 90])
    own.append(["I alt", 100, 104, 204])
    finished(as_workbook(own, tmp_path / "own.xlsx"), tmp_path / "own_out.xlsx", prefer="blank")
    assert {cell for row in rows_of(tmp_path / "own_out.xlsx")[1:] for cell in row[1:] if isinstance(cell, str)} == {
        ".."
    }
    speaking = [["Region", "K", "M", "I alt"], ["Nord", "<5", 12, 15], ["Syd", 25, 31, 56], ["Øst", 44, 40, 84]]
    speaking.append(["I alt", 72, 83, 155])
    finished(as_workbook(speaking, tmp_path / "s.xlsx"), tmp_path / "s_out.xlsx", prefer="blank")
    assert _texts(tmp_path / "s_out.xlsx") == {"*"}


def _texts(file: Path) -> set[str]:
    return {cell for row in rows_of(file)[1:] for cell in row[1:] if isinstance(cell, str)}


def test_percentages_and_means_beside_a_blanked_count_go_with_it(tmp_path: Path) -> None:
    rows = [["Group", "N", "%", "Mean age"], ["A", 3, 2.9, 54.2], ["B", 42, 40.4, 51.0], ["C", 59, 56.7, 49.9]]
    rows.append(["Total", 104, 100.0, 50.5])
    finished(as_workbook(rows, tmp_path / "in.xlsx"), tmp_path / "out.xlsx", prefer="blank")
    after = rows_of(tmp_path / "out.xlsx")
    for row in after[1:4]:
        assert (row[1] == "*") == (row[2] == "*") == (row[3] == "*")
    assert after[1][1:] == ["*", "*", "*"]
    assert after[4] == ["Total", 104, 100, 50.5]


def test_a_table_on_a_hidden_sheet_does_not_leave(tmp_path: Path) -> None:
    rows = [["R", "K", "M", "I alt"], ["N", 3, 14, 17], ["S", 10, 20, 30], ["I alt", 13, 34, 47]]
    book = openpyxl.load_workbook(as_workbook(rows, tmp_path / "in.xlsx"))
    book.copy_worksheet(book.active).sheet_state = "veryHidden"
    book.save(tmp_path / "in.xlsx")
    finished(tmp_path / "in.xlsx", tmp_path / "out.xlsx")
    assert len(openpyxl.load_workbook(tmp_path / "out.xlsx").sheetnames) == 1


def test_a_header_of_two_rows_under_merged_cells_stays_and_its_columns_are_told_apart(tmp_path: Path) -> None:
    rows = [["Region", "Kvinder", None, "Mænd", None, "I alt"], [None, "0-64", "65+", "0-64", "65+", None]]
    rows += [["Nord", 3, 40, 12, 33, 88], ["Syd", 14, 50, 15, 44, 123], ["Øst", 9, 41, 11, 39, 100]]
    rows += [["I alt", 26, 131, 38, 116, 311]]
    book = openpyxl.load_workbook(as_workbook(rows, tmp_path / "in.xlsx"))
    for area in ("A1:A2", "B1:C1", "D1:E1"):
        book.active.merge_cells(area)
    book.save(tmp_path / "in.xlsx")
    finished(tmp_path / "in.xlsx", tmp_path / "out.xlsx", prefer="blank")
    after = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    assert {str(area) for area in after.merged_cells.ranges} == {"A1:A2", "B1:C1", "D1:E1"}
    assert after["B3"].value == "*"
    assert [cell.value for cell in after[2]][1:5] == ["0-64", "65+", "0-64", "65+"]


def test_a_mark_that_the_legend_gives_a_meaning_is_not_used_for_all(tmp_path: Path) -> None:
    rows = [["Region", "Kvinder", "Mænd", "I alt"], ["Nord", 14, 12, 26], ["Syd", 3, 12, 15], ["Øst", 25, 31, 56]]
    rows += [["I alt", 42, 55, 97], ["* betyder færre end 5"]]
    finished(as_workbook(rows, tmp_path / "in.xlsx"), tmp_path / "out.xlsx", prefer="blank")
    assert _texts(tmp_path / "out.xlsx") - {"Kvinder", "Mænd", "I alt"} == {".."}


def test_counts_of_linked_sheets_are_blanked_together(tmp_path: Path) -> None:
    """The total column of both sheets is one column: what one hides the other must not tell."""
    rows = [["Region", "Kvinder", "Mænd", "I alt"], ["Nord", 4, 36, 40], ["Syd", 33, 37, 70], ["Øst", 30, 30, 60]]
    rows += [["I alt", 67, 103, 170]]
    book = openpyxl.load_workbook(as_workbook(rows, tmp_path / "in.xlsx"))
    again = book.create_sheet("igen")
    for row in (rows[0], rows[1], rows[2], ["I alt", 37, 73, 110]):
        again.append(row)
    book.save(tmp_path / "in.xlsx")
    finished(tmp_path / "in.xlsx", tmp_path / "out.xlsx", prefer="blank")
    assert rows_of(tmp_path / "out.xlsx", "igen")[1][1] == "*"
    assert rows_of(tmp_path / "out.xlsx", "Sheet")[1][1] == "*"


def test_formulas_beside_the_table_do_not_keep_what_follows_from_a_blanked_cell(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "in.xlsx"))
    sheet, other, hidden = (book.add_worksheet(name) for name in ("Tal", "Tekst", "mellem"))
    rows = [["Region", "K", "M", "I alt"], ["Nord", 3, 4127, 4130], ["Syd", 33, 37, 70], ["Øst", 30, 30, 60]]
    for number, row in enumerate([*rows, ["I alt", 66, 4194, 4260]]):
        sheet.write_row(number, 0, row)
    other.write_formula("A1", '="I Nord er der "&Tal!C2&" mænd"', None, "I Nord er der 4127 mænd")
    other.write_formula("A2", "=mellem!A1*2", None, 8254)
    other.write_formula("A3", '="I alt "&Tal!$D$5', None, "I alt 4260")
    other.write_formula("A4", '=INDIRECT("Tal!C2")', None, 4127)
    hidden.write_formula("A1", "=SUM(Tal!B2:C2)-Tal!B2", None, 4127)
    hidden.hide()
    book.close()
    finished(tmp_path / "in.xlsx", tmp_path / "out.xlsx", prefer="blank")
    assert [row[0] for row in rows_of(tmp_path / "out.xlsx", "Tekst")] == ["*", "*", "I alt 4260", "*"]
    assert not [name for name, part in parts_of(tmp_path / "out.xlsx").items() if "4127" in part or "8254" in part]
