"""Printed tables from short texts, for tests: rows by line, cells by `|`."""

from __future__ import annotations

from ngc_pipelines.disclosure.pieces import Table
from ngc_pipelines.disclosure.places import Place
from ngc_pipelines.disclosure.tables.printed import PrintedTable
from ngc_pipelines.disclosure.tables.reading.printing import printed_tables


def grid(text: str, *, where: str = "t", title: str | None = None) -> Table:
    """The grid that `text` draws; blanks before a label are kept."""
    lines = text.strip("\n").split("\n")
    return Table(
        Place((where,)), tuple(tuple(cell.rstrip() for cell in line.split("|")) for line in lines), title=title
    )


def printed(text: str, *, where: str = "t", title: str | None = None) -> PrintedTable:
    """The one table that `text` draws."""
    (only,) = printed_tables(grid(text, where=where, title=title))
    return only
