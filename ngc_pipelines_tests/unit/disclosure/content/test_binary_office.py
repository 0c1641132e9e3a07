"""Compound files and RTF: cells, texts, objects, and what was deleted."""

from __future__ import annotations

import struct

import pytest

from ngc_pipelines.disclosure.content.ole.macros import unpacked
from ngc_pipelines.disclosure.content.ole.records import Record, RecordError, records_of, rk_number, shared_strings
from ngc_pipelines.disclosure.findings import Kind
from ngc_pipelines_tests.disclosure_places import macros, old_office, texts
from ngc_pipelines_tests.disclosure_places.planting import Hiding, compound
from ngc_pipelines_tests.opening_files import opened

_PLACES: dict[str, Hiding] = {one.id: one for module in (old_office, texts) for one in module.hidings()}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("xls: hidden sheet", "hidden sheet"),
        ("xls: very hidden sheet", "very hidden sheet"),
        ("xls: hidden row", "hidden rows"),
        ("xls: hidden column", "hidden columns"),
        ("xls: white text", "cells whose format hides them"),
        ("xls: ;;; format", "cells whose format hides them"),
        ("xls: pivot cache", "the rows behind a pivot table"),
        ("xls: embedded file", "embedded file"),
        ("xls: custom property", "properties added by a user"),
        ("xls: sectors that no stream owns", "remains of deleted content"),
        ("doc: hidden text", "hidden text"),
        ("doc: deleted text", "deleted text"),
        ("doc: comment", "comments"),
        ("ppt: speaker notes", "speaker notes"),
        ("ppt: hidden slide", "hidden slide"),
        ("ppt: comment", "comments"),
        ("ppt: packed object", "embedded object"),
        ("ppt: cut-off record", "a record is cut off"),
        ("rtf: hidden text", "hidden or white text"),
        ("rtf: white text", "hidden or white text"),
        ("rtf: deleted text", "deleted text"),
        ("rtf: comment", "comments"),
        ("rtf: embedded object", "embedded object"),
        ("rtf: custom property", "properties added by a user"),
        ("rtf: after the end", "data after the end"),
        ("xml: SpreadsheetML: hidden row", "hidden rows"),
        ("xml: SpreadsheetML: comment of a cell", "comments"),
        ("xml: Word 2003: hidden paragraph text", "hidden text"),
    ],
)
def test_what_is_not_seen_is_told(name: str, said: str) -> None:
    hiding = _PLACES[name]
    assert said in opened(hiding.data, hiding.extension).said


def test_cells_of_an_old_workbook_come_typed() -> None:
    contents = opened(dict(old_office.cleans())["xls"], "xls")
    assert [list(row) for row in contents.tables[0].rows] == [["Region", "Persons"], ["North", 120], ["South", 230]]
    assert contents.findings == []


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        (0x3FF00000, 1),
        (0x3FF00001, 0.01),
        (0x0000000A, 2),
        (0xFFFFFFFE, -1),
        (struct.unpack("<I", b"\x02\0\0\0")[0], 0),
    ],
)
def test_packed_numbers_mean_what_excel_means(raw: int, number: float) -> None:
    assert rk_number(raw) == number


def test_a_shared_string_may_go_on_in_the_next_record_in_wider_letters() -> None:
    first = struct.pack("<II", 2, 2) + struct.pack("<HB", 4, 0) + b"ab"
    second = b"\x01" + "cd".encode("utf-16-le") + struct.pack("<HB", 2, 0) + b"xy"
    assert shared_strings(Record(0xFC, first, (second,))) == ["abcd", "xy"]


def test_records_before_a_cut_are_given_before_the_error() -> None:
    records = records_of(struct.pack("<HH", 1, 2) + b"ok" + struct.pack("<HH", 2, 9) + b"cut")
    assert [next(records).body, next(records).body] == [b"ok", b"cut"]
    with pytest.raises(RecordError):
        next(records)


@pytest.mark.parametrize(
    "streams",
    [
        pytest.param({"EncryptedPackage": b"x" * 64, "EncryptionInfo": b"y"}, id="package"),
        pytest.param(
            {"Workbook": struct.pack("<HHHHI", 0x809, 8, 0x600, 5, 0) + struct.pack("<HH", 0x2F, 0)}, id="xls"
        ),
        pytest.param({"WordDocument": struct.pack("<HH6xH", 0xA5EC, 193, 0x0300) + bytes(600)}, id="doc"),
        pytest.param({"PowerPoint Document": struct.pack("<HHI", 15, 0x2F14, 0)}, id="ppt"),
    ],
)
def test_a_password_is_refused(streams: dict[str, bytes]) -> None:
    contents = opened(compound(streams))
    assert Kind.ENCRYPTED in contents.kinds
    assert contents.not_read


def test_a_damaged_directory_leaves_the_strings() -> None:
    data = bytearray(compound({"WordDocument": b"A sentence that can be read".ljust(600)}))
    data[0x30:0x34] = b"\xf0\xff\xff\x7f"
    contents = opened(bytes(data))
    assert contents.not_read
    assert "A sentence that can be read" in contents.text


def test_rtf_keeps_words_whole_and_tables_apart() -> None:
    markup = (
        r"{\b K\'f8n} og \u945?lder\par "
        r"\trowd\cellx1\cellx2\intbl A\cell 120\cell\row\trowd\cellx1\cellx2\intbl B\cell 98\cell\row\pard after\par "
        r"\trowd\cellx1\intbl C\cell\row\pard"
    )
    contents = opened(texts.rtf(markup), "rtf")
    assert "Køn og αlder" in contents.text
    assert [[list(row) for row in table.rows] for table in contents.tables] == [[["A", "120"], ["B", "98"]], [["C"]]]


def test_rtf_that_does_not_close_its_groups_is_not_read_whole() -> None:
    assert opened(texts.rtf()[:-1], "rtf").not_read


def test_rtf_of_a_russian_code_page_is_decoded() -> None:
    data = b"{\\rtf1\\ansi\\ansicpg1251 \\'cf\\'f0}"
    assert "Пр" in opened(data, "rtf").text


def test_a_container_of_vba_is_unpacked_as_its_specification_says() -> None:
    # The example of [MS-OVBA] 3.2.2.
    packed = bytes.fromhex(
        "012fb00023616161626364658266007061676869 6a0138 08616b6c00306d6e6f7006710270041072737475761077 78797a003c"
    )
    assert unpacked(packed, 0) == b"#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa"


def test_the_source_of_a_macro_comes_as_code_once() -> None:
    contents = opened(compound(old_office.doc() | macros.project("    MsgBox 1", "Macros/")), "doc")
    assert [piece.language for piece in contents.code] == ["vba"]
    assert "MsgBox 1" in contents.code[0].text
    assert "VBA project" in contents.said


def test_a_project_without_any_source_is_not_taken_for_read() -> None:
    streams = {path: b"" if path.endswith("Module1") else data for path, data in macros.project("x", "Macros/").items()}
    contents = opened(compound(old_office.doc() | streams), "doc")
    assert any("VBA" in part.why for part in contents.not_read)
