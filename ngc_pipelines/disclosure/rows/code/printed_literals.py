"""Vectors, lists and mappings that a program printed into a log: R's `[1] 54 61 …`, Python's lists and dictionaries."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import re2

from ngc_pipelines.disclosure.rows.code.literals import (
    CodeFault,
    Literal,
    judge_frame,
    judge_mapping,
    judge_vector,
)
from ngc_pipelines.disclosure.rows.values import as_number

_R_LINE = r"(?m)^[ \t]*\[[0-9]+\][ \t]+\S[^\n]*$"
_LETTERS = r"A-Za-z_\x{80}-\x{10ffff}"
_LIST = rf"([{_LETTERS}][{_LETTERS}0-9.$ ]*)?[ \t]*[:=]?[ \t]*\[([^\[\]{{}}]{{12,}})\]"
_MAPPING = rf"\{{((?:\s*['\"]?[{_LETTERS}0-9.-]+['\"]?\s*:\s*[^{{}}\[\],:]+,?){{3,}})\}}"
_ECHO = re.compile(r"^\s*[>.]\s*(.*)$")
_LAST_NAME = re.compile(r"([^\W\d][\w.]*)\W*(?:\[[^\]]*\]\W*)?$")
_VALUE = re.compile(r"\"[^\"]*\"|'[^']*'|[^\s,]+")
_PAIR = re.compile(r"['\"]?([\w.-]{3,40})['\"]?\s*:\s*([^,:]+)")
_KEPT = 512
_FOUND_PER_TEXT = 2_000


def printed_literal_faults(text: str, threshold: int) -> Iterator[CodeFault]:
    """Identifiers and values of persons among vectors, lists and mappings printed in `text`, by line from 1.

    Args:
        threshold: rows from which a list of lists may be one of persons (policy).
    """
    data = text.encode("utf-8", "replace")
    if b"[1]" in data:
        yield from _r_vectors(data)
    if b"[" in data and b"," in data:
        yield from _row_lists(data, threshold)
        for match in _some(_lists(), data):
            name = _LAST_NAME.search((match.group(1) or b"").decode("utf-8", "replace").strip())
            yield from _judged(name[1] if name else "", match.group(2), _line(data, match.start()))
    if b"{" in data:
        for match in _some(_mappings(), data):
            pairs = _PAIR.findall(match.group(1).decode("utf-8", "replace"))[:_KEPT]
            keys: list[Literal] = [_literal(key) for key, _ in pairs]
            fault = judge_mapping("", keys, values_are_data=True, line=_line(data, match.start()))
            if fault is not None:
                yield fault


def _row_lists(data: bytes, threshold: int) -> Iterator[CodeFault]:
    """Lists or tuples one after the other, equally long: rows without names."""
    rows: list[list[Literal]] = []
    start, end = 0, 0
    for match in _some(_rows(), data):
        row = _literals(_VALUE.findall(match.group(1)[:4_000].decode("utf-8", "replace")))
        if rows and (data[end : match.start()].strip() != b"," or len(row) != len(rows[0])):
            yield from _judged_rows(rows, _line(data, start), threshold)
            rows = []
        if not rows:
            start = match.start()
        rows.append(row)
        end = match.end()
    yield from _judged_rows(rows, _line(data, start), threshold)


def _judged_rows(rows: Sequence[Sequence[Literal]], line: int, threshold: int) -> Iterator[CodeFault]:
    width = len(rows[0]) if rows else 0
    if len(rows) >= 3 and width >= 2:
        fault = judge_frame([""] * width, [[row[index] for row in rows] for index in range(width)], line, threshold)
        if fault is not None:
            yield fault


def _r_vectors(data: bytes) -> Iterator[CodeFault]:
    """Lines `[1] …`, `[13] …` one after the other are one vector; the line above may say of what."""
    start, end, parts = 0, -1, list[bytes]()
    for match in _some(_r_lines(), data):
        if parts and (match.start() != end + 1 or match.group().lstrip().startswith(b"[1]")):
            yield from _judged(_echoed(data, start), b" ".join(parts), _line(data, start))
            parts = []
        if not parts:
            start = match.start()
        parts.append(match.group().partition(b"]")[2])
        end = match.end()
    if parts:
        yield from _judged(_echoed(data, start), b" ".join(parts), _line(data, start))


def _echoed(data: bytes, start: int) -> str:
    line = data[max(0, start - 300) : max(0, start - 1)].rpartition(b"\n")[2].decode("utf-8", "replace")
    echo = _ECHO.match(line)
    inner = re.sub(r"\[[^\]]*\]|\)", "", echo[1]).strip() if echo else ""
    name = _LAST_NAME.search(inner)
    return name[1] if name else ""


def _judged(name: str, values: bytes, line: int) -> Iterator[CodeFault]:
    found = _VALUE.findall(values[:100_000].decode("utf-8", "replace"))
    fault = judge_vector(name, _literals(found[:_KEPT]), line, len(found))
    if fault is not None:
        yield fault


def _literals(values: Sequence[str]) -> list[Literal]:
    return [_literal(value) for value in values if value.strip("\"'") not in ("NA", "None", "nan", "...")]


def _literal(value: str) -> Literal:
    # A censored time of R's Surv() ends with a plus.
    number = as_number(value.removesuffix("+")) if value[:1] not in "\"'" else None
    return number if number is not None else value.strip("\"'")


def _line(data: bytes, at: int) -> int:
    return data.count(b"\n", 0, at) + 1


def _some(pattern: Any, data: bytes) -> Iterator[Any]:
    for number, match in enumerate(pattern.finditer(data)):
        if number >= _FOUND_PER_TEXT:
            return
        yield match


@cache
def _r_lines() -> Any:
    return re2.compile(_R_LINE.encode())


@cache
def _lists() -> Any:
    return re2.compile(_LIST.encode())


@cache
def _rows() -> Any:
    return re2.compile(rb"[(\[]([^()\[\]{}\n]{3,}?)[)\]]")


@cache
def _mappings() -> Any:
    return re2.compile(_MAPPING.encode())
