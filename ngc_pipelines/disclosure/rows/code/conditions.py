"""Conditions on single persons and rows of data in programs that are not parsed: SQL, Stata, SAS, VBA, logs.

One linear pattern finds `name operator literal`; what it means is judged in `literals`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import re2

from ngc_pipelines.disclosure.rows.code.literals import CodeFault, Literal, judge_comparison, judge_frame
from ngc_pipelines.disclosure.rows.printed import split
from ngc_pipelines.disclosure.rows.values import as_number
from ngc_pipelines.disclosure.rows.vocabulary import Role, role_of

_LETTERS = r"A-Za-z_\x{80}-\x{10ffff}"
_NAME = rf"[{_LETTERS}][{_LETTERS}0-9.$]*"
_DATED = r"(?:td|mdy|date|d|as\.Date|to_date|datetime|Timestamp)\(?\s*[^()\n]*\)|DATE '[^'\n]*'"
_ONE = rf"(?:\"[^\"\n]*\"|'[^'\n]*'[dD]?|{_DATED}|[-+]?[0-9][0-9.]*)"
_SEVERAL = r"(?:c|list)?[(\[{][^()\[\]{}]*[)\]}]"
_OPERATOR = r"==|!=|<>|~=|===|=|\beq\b|\bne\b|\bnot\s+in\b|%in%|\bin\b"
_COMPARED = rf"(?i)({_NAME})[\]\"'`) ]*?\s*({_OPERATOR})\s*(\(?\s*{_ONE}|{_SEVERAL})"
_INLIST = rf"(?i)\b(?:inlist)\(\s*({_NAME})\s*,([^()]*)\)"
_CHOSEN = rf"(?i)\b(?:select|case)\s*\(?\s*({_NAME})\s*\)?\s*;?\s*when\s*(\(?\s*{_ONE})"
_CREATED = r"(?is)create\s+table\s+(?:if\s+not\s+exists\s+)?([^\s(]+)\s*\(([^;]*)\)"
_INSERT = r"(?i)insert\s+into\s+([^\s(]+)\s*(?:\(([^()]*)\))?\s*values\s*((?:\([^()]*\)\s*,?\s*)+)"
_INPUT = r"(?im)^[ \t.]*input\s+([^\n;]{2,500}?)\s*;?[ \t]*$"
_CODE_LINE = re.compile(
    r"^\s*[.>#\d]*\s*(?:if|else|where|drop|keep|replace|list|count|gen|generate|delete|update|select|and|or|when|data"
    r"|set|proc|browse|br|edit|elif|while|filter|subset|df|dt|den)\b|==|%in%|\bwhere\b|\bif\b",
    re.I,
)
_VALUE = re.compile(r"\"([^\"]*)\"|'([^']*)'|([-+]?\d[\d.]*)|(\d{1,2}[a-z]{3}\d{4})", re.I)
_NOISE = re.compile(r"(?:@\d+|\$\d*|:?\$?\w*\d+\.\d*|str\d+|byte|int|long|float|double|#\d+|&|\d+-\d+|;)")
_END = re.compile(r"\s*(?:end|;|run;|\.)\s*;?\s*$", re.I)
_LONGEST = 5_000


def condition_faults(text: str, *, anywhere: bool = True) -> Iterator[CodeFault]:
    """Conditions that pick out persons by an identifier or a date of birth.

    Args:
        anywhere: False in running text, where only lines that read as code count.
    """
    data = text.encode("utf-8", "replace")
    line, at = 1, 0
    for match in _compared().finditer(data):
        name = match.group(1).decode().rpartition("$")[2].rpartition(".")[2]
        if role_of(name) not in (Role.PERSON, Role.BARE_ID, Role.BIRTH):
            continue
        line += data.count(b"\n", at, match.start())
        at = match.start()
        if not anywhere and not _CODE_LINE.search(_line_around(data, match.start())):
            continue
        operator = match.group(2).decode()
        yield from _one(name, operator, match.group(3).decode("utf-8", "replace"), line)
    for match in _chosen().finditer(data):
        name = match.group(1).decode().rpartition(".")[2]
        yield from _one(
            name, "case", match.group(2).decode("utf-8", "replace"), data.count(b"\n", 0, match.start()) + 1
        )
    for match in _inlist().finditer(data) if b"inlist" in data else ():
        name = match.group(1).decode().rpartition(".")[2]
        place = data.count(b"\n", 0, match.start()) + 1
        yield from _one(name, "inlist", match.group(2).decode("utf-8", "replace"), place)


def data_line_faults(text: str, threshold: int) -> Iterator[CodeFault]:
    """Rows of persons as data in the program: INSERT, Stata's `input`, SAS's `datalines`."""
    data = text.encode("utf-8", "replace")
    lowered = data.lower()
    if b"insert" in lowered:
        yield from _inserted(data, threshold)
    for match in _input().finditer(data) if b"input" in lowered else ():
        names = [word for word in match.group(1).decode("utf-8", "replace").split() if not _NOISE.fullmatch(word)]
        cells: list[list[str]] = []
        for row in data[match.end() :][: 1 << 18].decode("utf-8", "replace").splitlines():
            if _END.match(row):
                if cells or row.strip().lower() == "end":
                    break
                continue
            if not row.strip() or re.match(r"\s*(?:datalines|cards|lines|label|format|length|infile)\b", row, re.I):
                continue
            cells.append(split(re.sub(r"^\s*\d+\.\s", "", row), "," if row.count(",") >= len(names) - 1 > 0 else " "))
        yield from _frame(
            [name.rstrip("$") for name in names], cells, data.count(b"\n", 0, match.start()) + 1, threshold
        )


def _inserted(data: bytes, threshold: int) -> Iterator[CodeFault]:
    """INSERT statements, those into one table together; names from them or from CREATE TABLE."""
    created: dict[bytes, list[str]] = {}
    for match in _created().finditer(data):
        created[match.group(1).lower()] = [part.split()[0] for part in _parts(match.group(2)) if part.split()]
    tables: dict[bytes, tuple[int, list[str], list[list[str]]]] = {}
    for match in _insert().finditer(data):
        table = match.group(1).lower()
        if table not in tables:
            names = _parts(match.group(2)) if match.group(2) else created.get(table, [])
            tables[table] = (data.count(b"\n", 0, match.start()) + 1, names, [])
        rows = re.findall(r"\(([^()]*)\)", match.group(3).decode("utf-8", "replace"))
        kept = tables[table][2]
        kept += [[c.strip("'\"") for c in split(row.replace("'", '"'), ",")] for row in rows[: _LONGEST - len(kept)]]
    for line, names, cells in tables.values():
        yield from _frame(names or [""] * max(map(len, cells), default=0), cells, line, threshold)


def _parts(text: bytes) -> list[str]:
    return [part.strip(' \n\t`"[]') for part in text.decode("utf-8", "replace").split(",")]


def literals_in(text: str) -> list[Literal]:
    """The strings and numbers in a piece of program text, in order."""
    found: list[Literal] = []
    for double, single, number, day in _VALUE.findall(text[:100_000]):
        value = as_number(number) if number else None
        found.append(value if value is not None else double or single or number or day)
        if len(found) >= _LONGEST:
            break
    return found


def _one(name: str, operator: str, text: str, line: int) -> Iterator[CodeFault]:
    months = re.findall(r"\d{1,2}[a-z]{3}\d{4}", text, re.I)
    parts = re.match(r"\(?\s*(?:mdy|datetime|date)\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)", text, re.I)
    values: list[Literal] = [*months] if months else literals_in(text)
    if parts:
        year, month, day = parts.groups() if len(parts[1]) == 4 else (parts[3], parts[1], parts[2])
        values = [f"{year}-{int(month):02}-{int(day):02}"]
    operator = "notin" if operator.lower().startswith("not") else operator
    fault = judge_comparison(name, operator, values, line)
    if fault is not None:
        yield fault


def _frame(names: list[str], cells: list[list[str]], line: int, threshold: int) -> Iterator[CodeFault]:
    columns = [[row[i] for row in cells if i < len(row)] for i in range(len(names))]
    if len(cells) >= 2 and names:
        fault = judge_frame(names, columns, line, threshold)
        if fault is not None:
            yield fault


def _line_around(data: bytes, at: int) -> str:
    start = data.rfind(b"\n", max(0, at - 400), at) + 1
    end = data.find(b"\n", at, at + 400)
    return data[start : end if end >= 0 else at + 400].decode("utf-8", "replace")


@cache
def _compared() -> Any:
    return re2.compile(_COMPARED.encode())


@cache
def _inlist() -> Any:
    return re2.compile(_INLIST.encode())


@cache
def _chosen() -> Any:
    return re2.compile(_CHOSEN.encode())


@cache
def _created() -> Any:
    return re2.compile(_CREATED.encode())


@cache
def _insert() -> Any:
    return re2.compile(_INSERT.encode())


@cache
def _input() -> Any:
    return re2.compile(_INPUT.encode())
