"""What stands around a table never tells a value that was blanked in it: it is taken out, or nothing is written."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from ngc_pipelines.disclosure.tables.finishing.changes import CannotWrite
from ngc_pipelines_tests.unit.disclosure.tables.finishing.finished import finished, parts_of

ROWS: list[list[str | int]] = [
    ["Region", "Kvinder", "Mænd", "I alt"],
    ["Nord", 3, 4127, 4130],
    ["Syd", 2533, 3139, 5672],
    ["Øst", 4451, 4093, 8544],
    ["Vest", 4, 5581, 5585],
    ["I alt", 6991, 16940, 23931],
]
SHEET = "xl/worksheets/sheet1.xml"
Build = Callable[[Workbook, Worksheet], object]


def _workbook(file: Path, build: Build | None = None, parts: dict[str, tuple[str, str]] | None = None) -> Path:
    """The table as a workbook, with more built into it, and texts of its parts replaced afterwards."""
    book = xlsxwriter.Workbook(str(file))
    sheet = book.add_worksheet("Tal")
    for number, row in enumerate(ROWS):
        sheet.write_row(number, 0, row)
    if build is not None:
        build(book, sheet)
    book.close()
    if parts:
        before = parts_of(file)
        with zipfile.ZipFile(file, "w") as package:
            for name, text in before.items():
                old, new = parts.get(name, ("", ""))
                assert old in text
                package.writestr(name, text.replace(old, new, 1) if old else text)
    return file


def _format(code: str) -> Build:
    return lambda book, sheet: sheet.write("A9", "Nord", book.add_format({"num_format": code}))


def _rule(**options: object) -> Build:
    return lambda _, sheet: sheet.conditional_format("B2:C5", options)


def _chart(title: str = "", name: str = "Mænd", **axis: object) -> Build:
    def build(book: Workbook, sheet: Worksheet) -> None:
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=Tal!$C$2:$C$5", "name": name})
        chart.set_title({"name": title or "Mænd"})
        chart.set_y_axis(axis)
        sheet.insert_chart("G2", chart)

    return build


BUILT: dict[str, Build] = {
    "a number format": _format('@" har 4127 mænd"'),
    "a number format of a blanked cell": lambda book, sheet: sheet.write(
        "C2", 4127, book.add_format({"num_format": '0;;;"4127"'})
    ),
    "a number format with escaped signs": _format(r"\4\1\2\7"),
    "a number format with a condition": _format("[>4127]0;0"),
    "a page header": lambda _, sheet: sheet.set_header("&LNord: 4127 mænd &P"),
    "a page footer": lambda _, sheet: sheet.set_footer("&C&10 4127"),
    "a chart's title": _chart("Nord: 4127 mænd"),
    "a chart's axis": _chart(max=4127),
    "a chart's format": _chart(num_format='0"4127"'),
    "a series' name": _chart(name="Mænd 4127"),
    "a rule that equals": _rule(type="cell", criteria="==", value=4127),
    "a rule with a bound": _rule(type="2_color_scale", min_type="num", min_value=4127),
    "a rule with a text": _rule(type="formula", criteria='=$A2="Nord 4127"'),
    "a rule that computes": _rule(type="formula", criteria="=$C2=4126+1"),
    "a typed number": lambda _, sheet: sheet.write("H20", 4127),
    "a typed text": lambda _, sheet: sheet.write("H20", "4.127"),
    "a typed number on another sheet": lambda book, _: book.add_worksheet("Tekst").write("A1", 4127),
    "a name": lambda book, _: book.define_name("Nord_n4127", "=Tal!$A$1"),
    "a hidden row beside the table": lambda _, sheet: (
        sheet.set_row(2, None, None, {"hidden": True}),
        sheet.write("J3", 4127),
    ),
    "the name of a table": lambda _, sheet: sheet.add_table("A1:D6", {"header_row": False, "name": "Maend_4127"}),
}
REPLACED: dict[str, dict[str, tuple[str, str]]] = {
    "a cell under a merged one": {
        SHEET: (
            "</sheetData>",
            '<row r="9"><c r="A9" t="str"><v>Kilde</v></c><c r="B9"><v>4127</v></c></row></sheetData>'
            '<mergeCells count="1"><mergeCell ref="A9:C9"/></mergeCells>',
        )
    },
    "the code name of a sheet": {SHEET: ("<sheetViews>", '<sheetPr codeName="N4127"/><sheetViews>')},
    "the code name of the workbook": {"xl/workbook.xml": ("<workbookPr ", '<workbookPr codeName="N4127" ')},
    "the name of a style": {"xl/styles.xml": ('name="Normal"', 'name="4127 mænd"')},
    "the name of a theme": {"xl/theme/theme1.xml": ('name="Office Theme"', 'name="4127"')},
}


@pytest.mark.parametrize("what", BUILT)
def test_what_a_workbook_holds_beside_its_cells_does_not_tell_a_value(what: str, tmp_path: Path) -> None:
    finished(_workbook(tmp_path / "in.xlsx", BUILT[what]), tmp_path / "out.xlsx", prefer="blank")
    _nothing_told(tmp_path / "out.xlsx")


@pytest.mark.parametrize("what", REPLACED)
def test_what_other_programmes_write_does_not_tell_a_value(what: str, tmp_path: Path) -> None:
    finished(_workbook(tmp_path / "in.xlsx", None, REPLACED[what]), tmp_path / "out.xlsx", prefer="blank")
    _nothing_told(tmp_path / "out.xlsx")


def _nothing_told(file: Path) -> None:
    for name, part in parts_of(file).items():
        bare = re.sub(r"\\", "", part)
        assert not re.search(r"4[.,]?127|5[.,]?581|4126", bare), name
    assert openpyxl.load_workbook(file)["Tal"]["C2"].value == "*"


def test_formats_rules_and_titles_that_say_nothing_stay(tmp_path: Path) -> None:
    def build(book: Workbook, sheet: Worksheet) -> None:
        sheet.write("B3", 2533, book.add_format({"num_format": '#,##0.00 "kr.";[Red]-#,##0'}))
        sheet.write("B4", 4451, book.add_format({"num_format": "0.0%"}))
        sheet.conditional_format("B2:C5", {"type": "3_color_scale"})
        sheet.conditional_format("B2:C5", {"type": "formula", "criteria": "=MOD(ROW(),2)=0"})
        sheet.set_header("&L&10NGC&RSide &P")
        _chart("Mænd efter region")(book, sheet)

    finished(_workbook(tmp_path / "in.xlsx", build), tmp_path / "out.xlsx", prefer="blank")
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["Tal"]
    assert sheet["B3"].number_format == '#,##0.00 "kr.";[Red]-#,##0'
    assert sheet["B4"].number_format == "0.0%"
    assert sum(len(one.rules) for one in sheet.conditional_formatting) == 2
    assert sheet.oddHeader.left.text == "NGC"
    assert "Mænd efter region" in parts_of(tmp_path / "out.xlsx")["xl/charts/chart1.xml"]


TELLING = [
    "Nord: 4.127 mænd",
    "I Nord er der 4127 patienter",
    "heraf 3 kvinder i Nord",
    "heraf tre kvinder",
    "three women in Nord",
    "I Nord er 99,93 % mænd",
    "Nord (n=3)",
    "0,07 pct. er kvinder",
]
SILENT = [
    "Tabel 3. Patienter 2021",
    "Alder 3-4 år; celler under 4 er blændet",
    "Kilde: NGC, 4. kvartal 2021",
    "I alt 23931 patienter, 95 % konfidensinterval",
    "Diagnose C34.3",
]


@pytest.mark.parametrize("text", TELLING)
def test_a_sentence_that_tells_a_value_is_named_and_nothing_is_written(text: str, tmp_path: Path) -> None:
    _workbook(tmp_path / "in.xlsx", lambda _, sheet: sheet.write("A9", text))
    with pytest.raises(CannotWrite, match="A9") as refused:
        finished(tmp_path / "in.xlsx", tmp_path / "out.xlsx", prefer="blank")
    assert text not in str(refused.value)
    assert [one.name for one in tmp_path.iterdir()] == ["in.xlsx"]


@pytest.mark.parametrize("text", SILENT)
def test_a_sentence_whose_numbers_are_no_counts_of_it_stays(text: str, tmp_path: Path) -> None:
    _workbook(tmp_path / "in.xlsx", lambda _, sheet: sheet.write("A9", text))
    finished(tmp_path / "in.xlsx", tmp_path / "out.xlsx", prefer="blank")
    assert openpyxl.load_workbook(tmp_path / "out.xlsx")["Tal"]["A9"].value == text


def test_a_sheet_named_after_a_value_is_refused(tmp_path: Path) -> None:
    _workbook(tmp_path / "in.xlsx", lambda book, _: book.add_worksheet("Mænd 4127"))
    with pytest.raises(CannotWrite, match="sheet 2"):
        finished(tmp_path / "in.xlsx", tmp_path / "out.xlsx", prefer="blank")


LINES = [";".join(str(cell) for cell in row) for row in ROWS]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
@pytest.mark.parametrize(
    "lines",
    [
        [*LINES, "", "# Nord: 4127 mænd"],
        ["Note: 5.581 mænd i Vest", "", *LINES],
        [LINES[0] + ";", LINES[1] + ";mænd: 4127", *(line + ";" for line in LINES[2:])],
        [*LINES, "", "heraf tre kvinder"],
        # Without a total in the table, the text's total gives the blanked cell back.
        ["Region;Kvinder;Mænd", "Nord;3;4127", "Syd;2533;3139", "", "I Nord er der 4130 patienter."],
    ],
    ids=["comment", "title", "field", "word", "total"],
)
def test_a_text_around_a_delimited_table_that_tells_a_value_is_refused(
    lines: list[str], encoding: str, tmp_path: Path
) -> None:
    (tmp_path / "in.csv").write_bytes(("\n".join(lines) + "\n").encode(encoding))
    with pytest.raises(CannotWrite, match="line"):
        finished(tmp_path / "in.csv", tmp_path / "out.csv", prefer="blank")
    assert not (tmp_path / "out.csv").exists()


def _page(file: Path, body: str, head: str = "") -> Path:
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in ROWS)
    page = body.replace("TABLE", f"<table>{rows}</table>")
    file.write_text(
        f'<!DOCTYPE html><html><head><meta charset="utf-8">{head}</head><body>{page}</body></html>', "utf-8"
    )
    return file


@pytest.mark.parametrize(
    "body",
    [
        '<div style="width:4127px">x</div>TABLE',
        '<p class="n-4127" id="m4127">x</p>TABLE',
        '<p style="display:none">4127</p>TABLE',
        "<p hidden>4127</p>TABLE",
        "<![if 4127]>x<![endif]><!4127>TABLE",
        "<![CDATA[4127]]>TABLE",
        "<?x 4127 ?>TABLE",
        "<select><option>4127</option></select><textarea>4127</textarea>TABLE",
        "<progress value=4127>4127</progress><x-4127>x</x-4127>TABLE",
        'TABLE<table><tr><td width="4127"></td></tr></table>',
        "TABLE<p>x</p 4127>",
    ],
)
def test_what_a_page_holds_beside_its_text_does_not_tell_a_value(body: str, tmp_path: Path) -> None:
    finished(_page(tmp_path / "in.html", body), tmp_path / "out.html", prefer="blank")
    assert "4127" not in (tmp_path / "out.html").read_text("utf-8")


def test_of_a_style_sheet_stays_how_text_looks(tmp_path: Path) -> None:
    style = "/* 4127 */ td { color: red; width: 4127px } .n4127 { color: red } td:after { content: '4127' }"
    finished(_page(tmp_path / "in.html", "TABLE", f"<style>{style}</style>"), tmp_path / "out.html", prefer="blank")
    after = (tmp_path / "out.html").read_text("utf-8")
    assert "<style>td { color: red }</style>" in after
    assert "4127" not in after


@pytest.mark.parametrize(
    "body",
    [
        "<p>Nord: 41<b>27</b> mænd</p>TABLE",
        "<p>&#52;127 mænd</p>TABLE",
        "TABLE<details><summary>mere</summary>4127 mænd</details>",
        "TABLE</body></html>4127",
        'TABLE<p title="4127',
        "<table>4127 mænd<tr><td>x</td></tr></table>TABLE",
        "TABLE<p>heraf 3 kvinder</p>",
    ],
)
def test_a_text_of_a_page_that_tells_a_value_is_refused(body: str, tmp_path: Path) -> None:
    with pytest.raises(CannotWrite):
        finished(_page(tmp_path / "in.html", body), tmp_path / "out.html", prefer="blank")
    assert not (tmp_path / "out.html").exists()


@pytest.mark.parametrize("comment", ["4130-4127=3", "5585 - 5581 = 4 personer"])
def test_a_sum_written_out_in_a_column_of_the_table_is_refused(tmp_path: Path, comment: str) -> None:
    lines = ["Region;Kvinder;Mænd;I alt;Bemærkning"]
    for row in ROWS[1:]:
        note = comment if row[0] == ("Vest" if "5581" in comment else "Nord") else ""
        lines.append(";".join([*map(str, row), note]))
    (tmp_path / "table.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(CannotWrite):
        finished(tmp_path / "table.csv", tmp_path / "out.csv")
