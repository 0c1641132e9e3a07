"""Program code in Python and R, as code: what literals it holds is for `rows`.

Nothing is executed or imported.
"""

from __future__ import annotations

from collections.abc import Iterator

from ngc_pipelines.disclosure.content.decoding import blocks
from ngc_pipelines.disclosure.content.delimited import TableFinder
from ngc_pipelines.disclosure.opening import Context, Source
from ngc_pipelines.disclosure.pieces import Code, Language, Opened
from ngc_pipelines.disclosure.places import Place


def open_python(source: Source, place: Place, context: Context) -> Iterator[Opened]:
    """A Python script."""
    yield from _script(source, place, context, "python")


def open_r(source: Source, place: Place, context: Context) -> Iterator[Opened]:
    """An R script."""
    yield from _script(source, place, context, "r")


def _script(source: Source, place: Place, context: Context, language: Language) -> Iterator[Opened]:
    tables = TableFinder(place)
    for first_line, text in blocks(source):
        context.budget.check_time()
        yield Code(place, text, language, first_line)
        # A table pasted into a string or a comment is a table.
        yield from (table for table in tables.feed(first_line, text) if len(table.rows) > 4)
    yield from tables.end()
