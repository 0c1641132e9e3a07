"""Plain text: its lines, and the tables and JSON that stand in it.

Decoding lives in `decoding`, delimited tables in `delimited`.
"""

from __future__ import annotations

from collections.abc import Iterator

from ngc_pipelines.disclosure.content.decoding import blocks
from ngc_pipelines.disclosure.content.delimited import TableFinder
from ngc_pipelines.disclosure.opening import Context, Source
from ngc_pipelines.disclosure.pieces import Language, Opened, Text
from ngc_pipelines.disclosure.places import Place

_LARGEST_JSON = 64 << 20


def open_text(source: Source, place: Place, context: Context) -> Iterator[Opened]:
    """The text in blocks of lines, each delimited table in it, and what its JSON holds."""
    language: Language = "log" if context.extension == "log" and not place.steps else "plain"
    tables = TableFinder(place)
    for first_line, text in blocks(source):
        context.budget.check_time()
        yield Text(place, text, first_line, language=language)
        yield from tables.feed(first_line, text)
    yield from tables.end()
    yield from _as_json(source, place, context)


def _as_json(source: Source, place: Place, context: Context) -> Iterator[Opened]:
    begins = bytes(source.view(0, 64)).lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if begins not in (b"{", b"[") or len(source) > _LARGEST_JSON:
        return
    from ngc_pipelines.disclosure.content.notebook import structured

    yield from structured(source, place, context)
