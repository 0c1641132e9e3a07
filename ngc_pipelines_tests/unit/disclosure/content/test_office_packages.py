"""Office packages: cells as they are meant, and everything that is not seen."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ngc_pipelines.disclosure.findings import Kind, Severity
from ngc_pipelines.disclosure.limits import Limits
from ngc_pipelines.disclosure.pieces import Cell, Merge
from ngc_pipelines_tests.disclosure_places import documents, presentations, workbooks
from ngc_pipelines_tests.disclosure_places.planting import repacked, replacing, with_unlisted_entry
from ngc_pipelines_tests.opening_files import Contents, opened

_DAY = datetime.fromisoformat("2026-03-04")
_MOMENT = datetime.fromisoformat("2026-03-04T12:30")
_SHEET = "xl/worksheets/sheet1.xml"


def _grid(contents: Contents) -> list[list[Cell]]:
    return [list(row) for row in contents.tables[0].rows]


def test_cells_come_typed_and_in_their_places() -> None:
    def write(book, sheet) -> None:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(5, 1, [1, 2.5, True, "text", "  spaced  "])
        sheet.write_datetime(6, 0, _DAY, day)
        sheet.write_datetime(6, 1, _MOMENT, day)

    contents = opened(workbooks.workbook(write), "xlsx")
    table = contents.tables[0]
    assert _grid(contents)[5] == [None, 1, 2.5, True, "text", "  spaced  "]
    assert _grid(contents)[6] == [date(2026, 3, 4), _MOMENT]
    assert table.where(5, 1) == "sheet 'Table 1' › cell B6"
    assert contents.not_read == []


def test_merged_areas_are_told_inside_their_table() -> None:
    contents = opened(workbooks.workbook(lambda _, sheet: sheet.merge_range("A6:C7", "wide")), "xlsx")
    assert contents.tables[0].merges == (Merge(5, 0, 6, 2),)


def test_a_number_written_with_a_leading_zero_keeps_it() -> None:
    change = {_SHEET: replacing("</sheetData>", '<row r="9"><c r="A9"><v>0201609995</v></c></row></sheetData>')}
    contents = opened(repacked(workbooks.clean(), change), "xlsx")
    assert _grid(contents)[-1] == ["0201609995"]


def test_rows_far_apart_are_tables_of_their_own() -> None:
    contents = opened(workbooks.workbook(lambda _, sheet: sheet.write(5000, 0, "far")), "xlsx")
    assert [table.first_row for table in contents.tables] == [1, 5001]


def test_long_sheets_come_in_blocks_that_repeat_the_heading() -> None:
    def write(_, sheet) -> None:
        for row in range(4, 9000):
            sheet.write_row(row, 0, [f"r{row}", row])

    tables = opened(workbooks.workbook(write), "xlsx").tables
    assert [table.number for table in tables] == [0, 1, 2]
    assert [table.last for table in tables] == [False, False, True]
    assert all(list(table.rows[0]) == ["Region", "Persons"] for table in tables)
    assert tables[1].where(1, 0).endswith(f"cell A{tables[0].first_row + len(tables[0].rows)}")
    cells = [row[1] for table in tables for row in table.rows[1:] if len(row) > 1]
    assert cells[3:] == list(range(4, 9000))


_CELLS = st.lists(
    st.lists(
        st.one_of(st.none(), st.integers(-(10**12), 10**12), st.text("abc &<>æ_x0041_'\"", max_size=9)), max_size=5
    ),
    min_size=1,
    max_size=8,
)


@given(_CELLS)
def test_the_short_cut_reads_what_the_parser_reads(rows: list[list[int | str | None]]) -> None:
    def write(_, sheet) -> None:
        for number, row in enumerate(rows, 10):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(number, column, value)
                elif value is not None:
                    sheet.write_number(number, column, value)

    plain = workbooks.workbook(write)
    # A comment before the rows' end sends the whole stretch to the parser.
    thorough = repacked(plain, {_SHEET: lambda part: part.replace(b"<row ", b"<row  ")})
    assert [table.rows for table in opened(plain, "xlsx").tables] == [
        table.rows for table in opened(thorough, "xlsx").tables
    ]


def test_a_sheet_with_a_prefix_on_every_element_is_read() -> None:
    def prefixed(part: bytes) -> bytes:
        for name in (b"sheetData", b"row", b"c", b"v", b"worksheet"):
            part = part.replace(b"<" + name + b" ", b"<x:" + name + b" ").replace(
                b"<" + name + b">", b"<x:" + name + b">"
            )
            part = part.replace(b"</" + name + b">", b"</x:" + name + b">")
        return part.replace(b"xmlns=", b"xmlns:x=")

    package = repacked(workbooks.clean(), {_SHEET: prefixed})
    assert _grid(opened(package, "xlsx")) == _grid(opened(workbooks.clean(), "xlsx"))


def test_entities_are_refused_and_the_other_parts_are_read() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]>'
    change = {"docProps/app.xml": replacing("<Properties", f"{bomb}<Properties")}
    contents = opened(repacked(workbooks.clean(), change), "xlsx")
    assert Kind.BOMB in contents.kinds
    assert contents.not_read
    assert contents.tables


def test_a_damaged_part_is_told_and_the_rest_is_read() -> None:
    package = bytearray(workbooks.clean())
    with zipfile.ZipFile(io.BytesIO(bytes(package))) as archive:
        entry = archive.getinfo("xl/styles.xml")
    start = entry.header_offset + 30 + len(entry.filename)
    package[start + 20 : start + 40] = bytes(20)
    contents = opened(bytes(package), "xlsx")
    assert Kind.UNREADABLE in contents.kinds
    assert any("styles.xml" in part.why for part in contents.not_read)
    assert contents.tables


def test_a_package_without_its_directory_is_read_from_its_parts() -> None:
    package = workbooks.clean()
    contents = opened(package[: package.rfind(b"PK\x01\x02") - 2000], "xlsx")
    assert Kind.UNREADABLE in contents.kinds
    assert "Region" in contents.text or any("Region" in str(table.rows) for table in contents.tables)


def test_an_encrypted_part_is_refused() -> None:
    package = bytearray(workbooks.clean())
    at = package.find(b"PK\x01\x02")
    package[at + 8] |= 1
    contents = opened(bytes(package), "xlsx")
    assert Kind.ENCRYPTED in contents.kinds
    assert contents.not_read


def test_a_part_that_grows_beyond_its_ratio_is_a_bomb() -> None:
    package = repacked(workbooks.clean(), {"xl/media/zeros.bin": bytes(8 << 20)})
    contents = opened(package, "xlsx", Limits(ratio=100.0))
    assert Kind.BOMB in contents.kinds
    assert contents.not_read


def test_unlisted_and_doubled_parts_are_told() -> None:
    contents = opened(with_unlisted_entry(workbooks.clean(), "xl/left.xml", b"<left>word</left>"), "xlsx")
    assert "directory does not list" in contents.said
    assert "word" in contents.text
    out = io.BytesIO(workbooks.clean())
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("xl/workbook.xml", "<workbook/>")
    assert "two parts have the same name" in opened(out.getvalue(), "xlsx").said


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("hidden sheet", "hidden sheet"),
        ("very hidden sheet", "very hidden sheet"),
        ("hidden row", "hidden rows"),
        ("hidden column", "hidden columns"),
        ("white text", "cells whose format hides them"),
        (";;; format", "cells whose format hides them"),
        ("defined name", "names that hold a value"),
        ("comment", "comments"),
        ("records of a pivot cache", "the rows behind a pivot table"),
        ("cells remembered of another workbook", "link to another workbook"),
        ("connection", "connection to data outside"),
        ("embedded workbook", "embedded document"),
        ("custom XML", "custom XML"),
        ("custom property", "properties added by a user"),
        ("part that nothing refers to", "nothing in the document refers to"),
        ("sheet of Excel 4 macros", "Excel 4 macros"),
        ("string that no cell uses", "strings that no cell uses"),
    ],
)
def test_what_a_reader_of_the_sheet_does_not_see_is_told(place: str, said: str) -> None:
    hiding = next(one for one in workbooks.hidings() if one.place == place)
    assert said in opened(hiding.data, "xlsx").said


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("hidden text", "hidden text"),
        ("white text", "hidden text"),
        ("text of a hidden style", "hidden text"),
        ("tracked deletion", "deleted text"),
        ("tracked insertion", "tracked changes are not settled"),
        ("comment", "comments"),
        ("building block", "building blocks"),
        ("embedded workbook", "embedded document"),
    ],
)
def test_what_a_reader_of_the_document_does_not_see_is_told(place: str, said: str) -> None:
    hiding = next(one for one in documents.hidings() if one.place == place)
    assert said in opened(hiding.data, "docx").said


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("hidden slide", "hidden slide"),
        ("speaker notes", "speaker notes"),
        ("outside the slide", "outside the slide"),
        ("hidden shape", "hidden shapes"),
        ("white text", "hidden shapes or white text"),
        ("tag", "tags of a slide"),
        ("categories of a chart", "workbook of its own"),
    ],
)
def test_what_the_audience_does_not_see_is_told(place: str, said: str) -> None:
    hiding = next(one for one in presentations.hidings() if one.place == place)
    assert said in opened(hiding.data, "pptx").said


def test_a_table_of_a_document_comes_as_a_table_and_its_words_once() -> None:
    contents = opened(documents.clean(), "docx")
    assert [list(row) for row in contents.tables[0].rows] == [["Group", "Persons"], ["A", "120"]]
    assert "Persons" not in contents.text


def test_a_chart_comes_as_a_figure_with_its_values() -> None:
    hiding = next(one for one in presentations.hidings() if one.place == "categories of a chart")
    figure = opened(hiding.data, "pptx").figures[0]
    assert figure.embedded
    assert figure.series[0].shape == "bar"
    assert figure.series[0].ys == (120.0, 230.0)


def test_field_codes_that_fetch_are_links_out_of_the_document() -> None:
    markup = '<w:p><w:fldSimple w:instr="DDEAUTO c:\\\\x \\"y\\""/></w:p>'.replace('\\"', "&quot;")
    change = {"word/document.xml": replacing("<w:body>", f"<w:body>{markup}")}
    contents = opened(repacked(documents.clean(), change), "docx")
    assert [f.severity for f in contents.findings if f.kind is Kind.EXTERNAL_LINK] == [Severity.REVIEW]
