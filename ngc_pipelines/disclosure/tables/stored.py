"""Printed and tidy tables as plain data, and back: between processes, and in ledgers.

Data from a process or a file that one does not trust is checked on its way in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from ngc_pipelines.disclosure.findings import Words
from ngc_pipelines.disclosure.tables.printed import Line, Mark, Meaning, Printed, PrintedTable, Question
from ngc_pipelines.disclosure.tables.relations.tidy import TidyCell, TidyTable

# Longer texts are no labels; a ledger must not become a way to carry data out.
LONGEST = 400


class NotStored(ValueError):  # noqa: N818 - an answer about data, worded for whoever wrote it
    """The data are no printed table; says where they go wrong."""


def table_to_data(table: PrintedTable | TidyTable) -> dict[str, Any]:
    """A table as plain data; `table_from_data` reads it back."""
    if isinstance(table, TidyTable):
        return {
            "where": table.where,
            "dimensions": list(table.dimensions),
            "tidy": [[list(cell.codes), cell.count, _mark_to_data(cell.mark), cell.where] for cell in table.cells],
        }
    return {
        "where": table.where,
        "title": table.title,
        "notes": list(table.notes),
        "rounded_to": table.rounded_to,
        "rows": [_line_to_data(line) for line in table.rows],
        "columns": [_line_to_data(line) for line in table.columns],
        "cells": [
            [row, column, [_printed_to_data(one) for one in cell]] for (row, column), cell in table.cells.items()
        ],
        "questions": [[one.where, one.words.da, one.words.en] for one in table.questions],
    }


def table_from_data(data: object) -> PrintedTable | TidyTable:
    """A table out of plain data.

    Raises:
        NotStored: where it is none.
    """
    try:
        if not isinstance(data, Mapping):
            raise TypeError("a table is a mapping")
        if "tidy" in data:
            return _tidy(data)
        rows, columns = (tuple(_line(line) for line in data[side]) for side in ("rows", "columns"))
        cells = {}
        for row, column, cell in data["cells"]:
            if not (0 <= int(row) < len(rows) and 0 <= int(column) < len(columns)):
                raise ValueError("a cell lies outside its table")
            cells[int(row), int(column)] = tuple(_printed(one) for one in cell)
        return PrintedTable(
            _text(data["where"]),
            rows,
            columns,
            cells,
            None if data["title"] is None else _text(data["title"]),
            tuple(_text(note) for note in data["notes"]),
            int(data["rounded_to"]),
            tuple(Question(_text(where), Words(_text(da), _text(en))) for where, da, en in data["questions"]),
        )
    except (KeyError, TypeError, ValueError, InvalidOperation) as fault:
        raise NotStored(f"no printed table: {type(fault).__name__} {fault}") from fault


def _tidy(data: Mapping[str, Any]) -> TidyTable:
    dimensions = tuple(_text(name) for name in data["dimensions"])
    cells = []
    for codes, count, mark, where in data["tidy"]:
        if len(codes) != len(dimensions) or (count is None) == (mark is None):
            raise ValueError("a cell has one code a dimension, and a count or a mark")
        cells.append(
            TidyCell(
                tuple(_text(code) for code in codes),
                None if count is None else int(count),
                None if mark is None else _mark(mark),
                _text(where),
            )
        )
    return TidyTable(_text(data["where"]), dimensions, tuple(cells))


def _line_to_data(line: Line) -> list[Any]:
    return [list(line.labels), line.level, line.total, line.dimension]


def _line(data: Sequence[Any]) -> Line:
    labels, level, total, dimension = data
    return Line(
        tuple(_text(label) for label in labels),
        int(level),
        bool(total),
        None if dimension is None else _text(dimension),
    )


def _printed_to_data(one: Printed) -> list[Any]:
    mark = _mark_to_data(one.mark)
    value = None if one.value is None else str(one.value)
    percentile = None if one.percentile is None else str(one.percentile)
    return [one.meaning.value, value, one.where, one.decimals, mark, one.per, percentile]


def _printed(data: Sequence[Any]) -> Printed:
    meaning, value, where, decimals, mark, per, percentile = data
    return Printed(
        Meaning(meaning),
        None if value is None else _number(value),
        _text(where),
        int(decimals),
        None if mark is None else _mark(mark),
        int(per),
        None if percentile is None else _number(percentile),
    )


def _mark_to_data(mark: Mark | None) -> list[Any] | None:
    return None if mark is None else [mark.text, mark.low, mark.high, mark.legend]


def _mark(data: Sequence[Any]) -> Mark:
    text, low, high, legend = data
    return Mark(_text(text), int(low), None if high is None else int(high), bool(legend))


def _number(value: object) -> Decimal:
    number = Decimal(_text(value))
    if not number.is_finite():
        raise ValueError("a number is finite")
    return number


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("expected a text")
    return value[:LONGEST]
