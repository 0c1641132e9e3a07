"""Rows in a program's comments and in its long strings: text inside code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from ngc_pipelines.disclosure.rows.code.conditions import condition_faults, data_line_faults
from ngc_pipelines.disclosure.rows.code.literals import CodeFault, CodeReason
from ngc_pipelines.disclosure.rows.judging import judge
from ngc_pipelines.disclosure.rows.printed import printed_grids
from ngc_pipelines.disclosure.rows.structures import structured_grids, told_persons

_SQL = re.compile(r"(?i)\b(?:select|where|insert\s+into|delete\s+from|update)\b|==|\bin\s*[(\[]|!=|\b\w+\s*=\s*['\"\d]")


def written_rows(text: str, line: int, threshold: int) -> Iterator[CodeFault]:
    """Persons in a string of a program: data to be read, a query, a condition to be evaluated.

    Args:
        line: of the program where the string begins.
    """
    if text.count("\n") >= 2:
        yield from _rows(text, line, threshold)
    if len(text) >= 6 and _SQL.search(text[:1_000_000]):
        for fault in chain(condition_faults(text), data_line_faults(text, threshold)):
            yield CodeFault(fault.reason, fault.certain, line + fault.line - 1, fault.count)


def commented_faults(text: str, mark: str, threshold: int) -> Iterator[CodeFault]:
    """Persons in the comments of a program that begin with `mark`; neighbouring lines are read together."""
    block: list[str] = []
    first = 0
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        bare = line.strip()
        if bare.startswith(mark):
            first = first or number
            block.append(bare.lstrip(mark + "'").removeprefix(" "))
            continue
        if block:
            yield from _comment("\n".join(block), first, threshold)
            block, first = [], 0
        at = line.find(mark)
        if at > 0:
            yield from _comment(line[at + len(mark) :], number, threshold)


def _comment(text: str, line: int, threshold: int) -> Iterator[CodeFault]:
    for fault in condition_faults(text, anywhere=False):
        yield CodeFault(fault.reason, fault.certain, line + fault.line - 1, fault.count)
    if "\n" in text:
        yield from _rows(text, line, threshold)


def _rows(text: str, line: int, threshold: int) -> Iterator[CodeFault]:
    for grid in chain(printed_grids(text), structured_grids(text)):
        judgement = judge(grid, threshold)
        if judgement is not None:
            yield CodeFault(CodeReason.ROWS, judgement.certain, line + grid.first - 1, judgement.rows)
    told = told_persons(text)
    if told is not None:
        yield CodeFault(CodeReason.ROWS, told[2], line + told[1] - 1, told[0])
