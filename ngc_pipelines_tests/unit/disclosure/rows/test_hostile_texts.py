"""Row detection on what nobody would write: it ends soon, raises nothing, and the work grows with the length."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ngc_pipelines.disclosure.detecting import DetectorContext
from ngc_pipelines.disclosure.findings import Finding
from ngc_pipelines.disclosure.pieces import Cell, Code, Language, Piece, Table, Text
from ngc_pipelines.disclosure.places import Place
from ngc_pipelines.disclosure.policy import DEFAULT_POLICY
from ngc_pipelines.disclosure.rows.detector import RowDetector

LANGUAGES: tuple[Language, ...] = ("python", "r", "stata", "sas", "sql", "javascript", "vba")

HOSTILE = {
    "open calls": "c(1," * 20_000,
    "nested vectors": "c(" * 20_000 + "1" + ")" * 20_000,
    "open brackets": "[" * 50_000,
    "open braces": "{a: 1, " * 30_000,
    "zeros": "\0" * 1_000_000,
    "blanks": " " * 1_000_000,
    "one long line": "patient 1034 " * 40_000,
    "keys": "id: 3\n" * 20_000,
    "names": "age\nsex\n" * 15_000,
    "quotes": "'\"" * 100_000,
    "bars": "|" * 500_000,
    "conditions": "id in (" * 30_000,
    "equals": "id=" * 100_000,
    "choices": "select id when " * 20_000,
    "inserts": "insert into t values (1,2)," * 10_000,
    "inputs": "input a\n" * 20_000,
    "numbers": "1 1\n" * 30_000,
    "minus": "-" * 200_000 + "1",
    "attributes": "a" + ".b" * 50_000 + " == 1034",
    "comments": "# 1034 45 M\n" * 20_000,
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_texts_end_and_raise_nothing(name: str) -> None:
    _found(Text(Place(), HOSTILE[name], 1, language="log"))
    for language in ("python", "r", "sql"):
        _found(Code(Place(), HOSTILE[name], language))


@settings(max_examples=50)
@given(
    st.lists(st.text("id agesx=:;,|{}[]()\"'$#-\n\t 0123456789.", max_size=60), max_size=12).map("\n".join),
    st.sampled_from(LANGUAGES),
)
def test_any_text_is_read(text: str, language: Language) -> None:
    _found(Text(Place(), text, 1))
    _found(Code(Place(), text, language))


_CELL: st.SearchStrategy[Cell] = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.dates(), st.times(), st.datetimes(), st.text(max_size=12)
)


@settings(max_examples=50)
@given(st.lists(st.lists(_CELL, max_size=5), max_size=8))
def test_any_table_is_read(rows: list[list[Cell]]) -> None:
    _found(Table(Place(), rows))


def test_a_surrogate_in_a_text_is_no_error() -> None:
    _found(Text(Place(), "id age\n\ud800 3\n\ud800 4\n", 1))


def _found(piece: Piece) -> list[Finding]:
    detector = RowDetector(DetectorContext(DEFAULT_POLICY, date(2026, 6, 1)))
    return [*detector.see(piece), *detector.end()]
