"""Workbooks (xlsx) with the secret in each place that they have."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import xlsxwriter

from ngc_pipelines_tests.disclosure_places.planting import (
    SECRET,
    Change,
    Hiding,
    between_entries,
    compound,
    new_relations,
    relation,
    repacked,
    replacing,
    with_unlisted_entry,
)

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_RELS = "xl/_rels/workbook.xml.rels"
_SHEET = "xl/worksheets/sheet1.xml"


def workbook(write: Callable[[Any, Any], None] | None = None) -> bytes:
    """A small clean workbook, with something more written by `write(book, sheet)`."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"author": ""})
    sheet = book.add_worksheet("Table 1")
    sheet.write_row(0, 0, ["Region", "Persons"])
    for row, (region, persons) in enumerate([("North", 120), ("South", 230), ("Total", 350)], 1):
        sheet.write_row(row, 0, [region, persons])
    if write is not None:
        write(book, sheet)
    book.close()
    return out.getvalue()


def clean() -> bytes:
    """The twin without a secret."""
    return workbook()


def _written() -> Iterator[tuple[str, Callable[[Any, Any], None]]]:
    yield "cell", lambda _, sheet: sheet.write(8, 0, SECRET)
    yield "cell far away", lambda _, sheet: sheet.write(1_048_575, 16_383, SECRET)
    yield "hidden sheet", lambda book, _: _other(book).hide()
    yield "very hidden sheet", lambda book, _: _other(book).very_hidden()
    yield "hidden row", lambda _, sheet: (sheet.write(8, 0, SECRET), sheet.set_row(8, None, None, {"hidden": True}))
    yield (
        "hidden column",
        lambda _, sheet: (sheet.write(1, 6, SECRET), sheet.set_column(6, 6, 9, None, {"hidden": True})),
    )
    yield "white text", lambda book, sheet: sheet.write(8, 0, SECRET, book.add_format({"font_color": "#FFFFFF"}))
    yield ";;; format", lambda book, sheet: sheet.write(8, 0, SECRET, book.add_format({"num_format": ";;;"}))
    yield (
        "rich text over runs",
        lambda book, sheet: sheet.write_rich_string(
            8,
            0,
            "cpr 0201",
            book.add_format({"bold": True}),
            "60-99",
            "95 id PX83K",
            book.add_format({"italic": True}),
            "2M7Q4",
        ),
    )
    yield "defined name", lambda book, _: book.define_name("hidden_value", f'="{SECRET}"')
    yield "comment", lambda _, sheet: sheet.write_comment("B2", SECRET)
    yield "author of a comment", lambda _, sheet: sheet.write_comment("B2", "see", {"author": SECRET})
    yield (
        "validation list",
        lambda _, sheet: sheet.data_validation("B2", {"validate": "list", "source": [SECRET, "no"]}),
    )
    yield (
        "validation message",
        lambda _, sheet: sheet.data_validation(
            "B2", {"validate": "any", "input_title": "note", "input_message": SECRET}
        ),
    )
    yield "header", lambda _, sheet: sheet.set_header(f"&L{SECRET}")
    yield "footer", lambda _, sheet: sheet.set_footer(f"&R{SECRET}")
    yield "text box", lambda _, sheet: sheet.insert_textbox("D2", SECRET)
    yield "alt text", lambda _, sheet: sheet.insert_textbox("D2", "see", {"description": SECRET})
    yield "address of a link", lambda _, sheet: sheet.write_url("D2", f"https://example.org/{SECRET}", string="see")
    yield "tip of a link", lambda _, sheet: sheet.write_url("D2", "https://example.org/", string="see", tip=SECRET)
    yield "formula", lambda _, sheet: sheet.write_formula("D2", f'=LEN("{SECRET}")', None, 31)
    yield "remembered result", lambda _, sheet: sheet.write_formula("D2", "=A1&A2", None, SECRET)
    yield (
        "conditional format",
        lambda book, sheet: sheet.conditional_format(
            "A1:A9",
            {"type": "text", "criteria": "containing", "value": SECRET, "format": book.add_format({"bold": True})},
        ),
    )
    yield "title of a chart", lambda book, sheet: _chart(book, sheet, title=SECRET)
    yield "name of a chart's series", lambda book, sheet: _chart(book, sheet, name=SECRET)
    yield "document properties", lambda book, _: book.set_properties({"author": "", "comments": SECRET})
    yield "custom property", lambda book, _: book.set_custom_property("note", SECRET)
    yield (
        "heading of a table",
        lambda _, sheet: sheet.add_table("D1:E3", {"columns": [{"header": SECRET}, {"header": "n"}]}),
    )
    yield (
        "outline under a hidden group",
        lambda _, sheet: (
            sheet.write(8, 0, SECRET),
            sheet.set_row(8, None, None, {"level": 1, "hidden": True}),
        ),
    )


def _other(book: Any) -> Any:
    sheet = book.add_worksheet("Sheet 2")
    sheet.write(0, 0, SECRET)
    return sheet


def _chart(book: Any, sheet: Any, title: str = "Persons", name: str = "n") -> None:
    chart = book.add_chart({"type": "column"})
    chart.add_series({"name": name, "values": "='Table 1'!$B$2:$B$3", "categories": "='Table 1'!$A$2:$A$3"})
    chart.set_title({"name": title})
    sheet.insert_chart("D5", chart)


def _patched() -> Iterator[tuple[str, dict[str, Change]]]:
    yield (
        "inline string",
        {
            _SHEET: replacing(
                "</sheetData>", f'<row r="9"><c r="A9" t="inlineStr"><is><t>{SECRET}</t></is></c></row></sheetData>'
            )
        },
    )
    yield "string that no cell uses", {"xl/sharedStrings.xml": replacing("</sst>", f"<si><t>{SECRET}</t></si></sst>")}
    yield (
        "phonetic text",
        {"xl/sharedStrings.xml": replacing("</t></si>", f'</t><rPh sb="0" eb="1"><t>{SECRET}</t></rPh></si>')},
    )
    yield (
        "custom XML",
        relation(_RELS, "../customXml/item1.xml", "customXml")
        | {"customXml/item1.xml": f"<data><person>{SECRET}</person></data>".encode()},
    )
    yield (
        "threaded comment",
        new_relations(
            "xl/worksheets/_rels/sheet1.xml.rels", "../threadedComments/threadedComment1.xml", "threadedComment"
        )
        | {
            "xl/threadedComments/threadedComment1.xml": (
                '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
                f'<threadedComment ref="B2" id="{{1}}"><text>{SECRET}</text></threadedComment></ThreadedComments>'
            ).encode()
        },
    )
    yield "records of a pivot cache", _pivot("<s v='no'/>", f'<r><s v="{SECRET}"/></r>')
    yield "shared items of a pivot cache", _pivot(f'<s v="{SECRET}"/>', '<r><x v="0"/></r>')
    yield (
        "cells remembered of another workbook",
        relation(_RELS, "externalLinks/externalLink1.xml", "externalLink")
        | {
            "xl/externalLinks/externalLink1.xml": (
                f'<externalLink {_MAIN}><externalBook {_R} r:id="rId1"><sheetNames><sheetName val="S"/>'
                "</sheetNames><sheetDataSet>"
                f'<sheetData sheetId="0"><row r="1"><cell r="A1" t="str"><v>{SECRET}</v></cell></row></sheetData>'
                "</sheetDataSet></externalBook></externalLink>"
            ).encode()
        },
    )
    yield (
        "connection",
        relation(_RELS, "connections.xml", "connections")
        | {
            "xl/connections.xml": f'<connections {_MAIN}><connection id="1" name="q" description="{SECRET}"/>'
            "</connections>".encode()
        },
    )
    yield (
        "embedded workbook",
        new_relations("xl/worksheets/_rels/sheet1.xml.rels", "../embeddings/book.xlsx", "package")
        | {"xl/embeddings/book.xlsx": workbook(lambda _, sheet: sheet.write(8, 0, SECRET))},
    )
    native = b"\x02\x00note.txt\0C:\\note.txt\0\0\0\x03\0" + (12).to_bytes(4, "little") + b"C:\\note.txt\0"
    native += len(SECRET).to_bytes(4, "little") + SECRET.encode()
    yield (
        "embedded object",
        new_relations("xl/worksheets/_rels/sheet1.xml.rels", "../embeddings/oleObject1.bin", "oleObject")
        | {"xl/embeddings/oleObject1.bin": compound({"\x01Ole10Native": len(native).to_bytes(4, "little") + native})},
    )
    yield (
        "printer settings",
        new_relations(
            "xl/worksheets/_rels/sheet1.xml.rels", "../printerSettings/printerSettings1.bin", "printerSettings"
        )
        | {"xl/printerSettings/printerSettings1.bin": bytes(40) + SECRET.encode("utf-16-le") + bytes(40)},
    )
    yield "comment in the XML", {_SHEET: replacing("<sheetData>", f"<!-- {SECRET} --><sheetData>")}
    yield (
        "extension of a sheet",
        {
            _SHEET: replacing(
                "</worksheet>", f'<extLst><ext uri="x"><note value="{SECRET}"/></ext></extLst></worksheet>'
            )
        },
    )
    yield (
        "scenario",
        {
            _SHEET: replacing(
                "</sheetData>", f'</sheetData><scenarios><scenario name="s" comment="{SECRET}"/></scenarios>'
            )
        },
    )
    yield "part that nothing refers to", {"xl/media/left.txt": SECRET.encode()}
    yield "XML part that nothing refers to", {"xl/left.xml": f"<left>{SECRET}</left>".encode()}
    yield (
        "sheet of Excel 4 macros",
        relation(_RELS, "macrosheets/sheet1.xml", "xlMacrosheet")
        | {
            "xl/macrosheets/sheet1.xml": (
                f'<macrosheet {_MAIN}><sheetData><row r="1"><c r="A1" t="str"><f>ALERT("{SECRET}")</f><v>'
                "no</v></c></row>"
                "</sheetData></macrosheet>"
            ).encode()
        },
    )
    yield "theme", {"xl/theme/theme1.xml": replacing('name="Office Theme"', f'name="{SECRET}"')}


def _pivot(items: str, records: str) -> dict[str, Change]:
    definition = (
        f'<pivotCacheDefinition {_MAIN} {_R} r:id="rIdPlanted"><cacheFields count="1"><cacheField name="who">'
        f'<sharedItems count="1">{items}</sharedItems></cacheField></cacheFields></pivotCacheDefinition>'
    )
    return (
        relation(_RELS, "pivotCache/pivotCacheDefinition1.xml", "pivotCacheDefinition")
        | new_relations(
            "xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels", "pivotCacheRecords1.xml", "pivotCacheRecords"
        )
        | {
            "xl/pivotCache/pivotCacheDefinition1.xml": definition.encode(),
            "xl/pivotCache/pivotCacheRecords1.xml": f"<pivotCacheRecords {_MAIN}>"
            f"{records}</pivotCacheRecords>".encode(),
        }
    )


def hidings() -> Iterator[Hiding]:
    """Every place of a workbook, then the tricks of its zip."""
    return hidings_in("xlsx", lambda package: package)


def hidings_in(extension: str, dressed: Callable[[bytes], bytes]) -> Iterator[Hiding]:
    """The places of a workbook of another kind.

    Args:
        dressed: makes a workbook of that kind out of an xlsx.
    """
    for place, write in _written():
        yield Hiding(extension, place, dressed(workbook(write)))
    package = dressed(workbook())
    for place, changes in _patched():
        yield Hiding(extension, place, repacked(package, changes))
    yield from zip_tricks(extension, package)


def zip_tricks(extension: str, package: bytes) -> Iterator[Hiding]:
    """Places that every zip has."""
    yield Hiding(extension, "between the zip's parts", between_entries(package, SECRET.encode()))
    yield Hiding(extension, "after the zip's end", package + b"\n" + SECRET.encode())
    yield Hiding(extension, "before the zip's first part", SECRET.encode() + b"\n" + package)
    yield Hiding(extension, "comment of the zip", package[:-2] + len(SECRET).to_bytes(2, "little") + SECRET.encode())
    yield Hiding(
        extension, "part that the zip does not list", with_unlisted_entry(package, "left.txt", SECRET.encode())
    )
