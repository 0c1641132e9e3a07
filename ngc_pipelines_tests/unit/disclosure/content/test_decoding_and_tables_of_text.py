"""Blocks of lines lose nothing and overlap nothing; tables in a text are found where they stand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ngc_pipelines.disclosure.content.decoding import BLOCK, blocks, encoding_of
from ngc_pipelines.disclosure.content.delimited import ROWS, TableFinder
from ngc_pipelines.disclosure.opening import Source
from ngc_pipelines.disclosure.pieces import Table
from ngc_pipelines.disclosure.places import Place


def whole(data: bytes) -> str:
    """The text of all blocks."""
    return "".join(text for _, text in blocks(Source(data)))


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0\r\ufeff"), max_size=300))
@settings(max_examples=50)
def test_utf8_comes_back_whole(text: str) -> None:
    assert whole(text.encode()) == text


@pytest.mark.parametrize(
    "encoding", ["utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]
)
def test_long_text_comes_back_whole_and_its_lines_are_counted(encoding: str) -> None:
    text = "".join(f"line {number} of the text æ\n" for number in range(100_000))
    parts = list(blocks(Source(text.encode(encoding))))
    assert "".join(part for _, part in parts) == text
    for first, part in parts:
        assert part.startswith(f"line {first - 1} ")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("shift", range(4))
def test_line_ends_of_every_system_count_as_one_wherever_a_block_is_cut(end: str, shift: int) -> None:
    text = "x" * shift + end.join(["1234567"] * 200_000)
    parts = list(blocks(Source(text.encode())))
    assert "".join(part for _, part in parts).count("\n") == 199_999
    assert all(
        first == 1 + sum(part.count("\n") for _, part in parts[:index]) for index, (first, _) in enumerate(parts)
    )


def test_line_longer_than_a_block_comes_in_overlapping_pieces() -> None:
    data = b"a" * (BLOCK - 5) + b"020160-9995" + b"a" * (2 * BLOCK)
    assert any("020160-9995" in text for _, text in blocks(Source(data)))
    assert {first for first, _ in blocks(Source(data))} == {1}


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"", "mixed"),
        (b"abc", "mixed"),
        ("æ".encode("latin-1") * 20, "mixed"),
        ("\ufeffa".encode("utf-16-le"), "utf-16-le"),
        ("\ufeffa".encode("utf-32-le"), "utf-32-le"),
        ("some words of text".encode("utf-16-be"), "utf-16-be"),
        (("some words of text " * 3).encode("cp500"), "cp500"),
        (b"a\0b" * 3, "mixed"),
    ],
    ids=["nothing", "ascii", "latin", "utf-16 mark", "utf-32 mark", "utf-16 bare", "ebcdic", "zeros"],
)
def test_encoding_is_told_by_the_bytes(data: bytes, encoding: str) -> None:
    assert encoding_of(Source(data))[0] == encoding


def tables(text: str) -> list[Table]:
    """The tables in a text given at once."""
    finder = TableFinder(Place())
    return [*finder.feed(1, text), *finder.end()]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a;b\n1;2\n", [["a", "b"], ["1", "2"]]),
        ("title\n\na\tb\n1\t2\n3\t4\nend", [["a", "b"], ["1", "2"], ["3", "4"]]),
        ('a,b\n"x, y",2\n3,4\n', [["a", "b"], ["x, y", "2"], ["3", "4"]]),
        ("a|b|c\n1|2|3\n", [["a", "b", "c"], ["1", "2", "3"]]),
        ("|a|b|\n|---|---|\n|1|2|\n", [["", "a", "b", ""], ["", "---", "---", ""], ["", "1", "2", ""]]),
        ("Udfald;Andel, %\nJa;60,1\nNej;39,9\n", [["Udfald", "Andel, %"], ["Ja", "60,1"], ["Nej", "39,9"]]),
        ("Tabel 4 (N = 636), procent\nUdfald;Andel, %\nJa;60,1\n", [["Udfald", "Andel, %"], ["Ja", "60,1"]]),
        ("Tabel 4 (N = 636), antal\nUdfald;Personer, n\nJa;60\n", [["Udfald", "Personer, n"], ["Ja", "60"]]),
        ("Ja;60,1;7\nNej;39,9;8\n", [["Ja", "60,1", "7"], ["Nej", "39,9", "8"]]),
        ("id,alleles\nrs1,A;B\nrs2,C;G\n", [["id", "alleles"], ["rs1", "A;B"], ["rs2", "C;G"]]),
    ],
    ids=[
        "semicolon",
        "tab among text",
        "quoted comma",
        "bar",
        "bars with a rule of bars",
        "decimal commas",
        "decimal commas under a title with a comma",
        "a header with a comma under a title with one",
        "decimal commas without a header",
        "semicolons within commas",
    ],
)
def test_delimited_lines_are_a_table(text: str, rows: list[list[str]]) -> None:
    (table,) = tables(text)
    assert [list(row) for row in table.rows] == rows


@pytest.mark.parametrize(
    "text",
    ["", "one line", "a;b\n", "First, we looked at it and saw nothing.\nThen, we went home and slept well.\n"],
    ids=["nothing", "no delimiter", "one row", "prose"],
)
def test_prose_is_no_table(text: str) -> None:
    assert tables(text) == []


def test_a_title_with_commas_is_the_title() -> None:
    for title in ("Tabel 4. Forløb (N = 636), procent", "Tabel 4, forløb, alle (N = 636), procent"):
        (table,) = tables(f"{title}\nUdfald;Andel, %\nJa;60,1\nNej;39,9\n")
        assert (table.title, table.first_row) == (title, 2)


@pytest.mark.parametrize("rule", ["-----+------+------", "=====+======+======"])
def test_a_table_that_is_ruled_is_left_to_those_who_read_aligned_columns(rule: str) -> None:
    ruled = f" sex |    0      1 | Total\n{rule}\n   K |   12     31 |   43\n   M |   21      7 |   28\n"
    assert tables(ruled) == []
    assert tables(f"{ruled}{rule}\n Sum |   33     38 |   71\n") == []
    assert len(tables(f"{ruled}\na;b\n1;2\n")) == 1


def test_cells_are_placed_by_their_line_and_field() -> None:
    (table,) = tables("title\na;b\n1;2\n")
    assert table.where(1, 1) == "line 3, field 2"
    assert table.title == "title"


def test_long_table_comes_in_blocks_that_repeat_its_header_and_keep_its_lines() -> None:
    text = "h;n\n" + "".join(f"{number};x\n" for number in range(2 * ROWS + 5))
    found = tables(text)
    assert [(table.number, table.last) for table in found] == [(0, False), (1, False), (2, True)]
    for table in found:
        assert list(table.rows[0]) == ["h", "n"]
        number = int(str(table.rows[1][0]))
        assert table.where(1, 0) == f"line {number + 2}, field 1"
    assert sum(len(table.rows) for table in found) == 2 * ROWS + 5 + 3
