"""TIFF: every page, every tag, and the bytes that no tag refers to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ngc_pipelines.disclosure.content import remarks
from ngc_pipelines.disclosure.content.carving import strings_in
from ngc_pipelines.disclosure.content.pictures.directories import TagReader
from ngc_pipelines.disclosure.content.pictures.showing import PIXELS_LIMIT, show, show_frames
from ngc_pipelines.disclosure.content.pictures.tags import tags
from ngc_pipelines.disclosure.pieces import Opened
from ngc_pipelines.disclosure.places import Place

if TYPE_CHECKING:
    from ngc_pipelines.disclosure.opening import Context, Source


def open_tiff(source: Source, place: Place, context: Context) -> Iterator[Opened]:
    """All that a TIFF holds."""
    data = bytes(source.view())
    reader = TagReader(data)
    reader.read()
    yield from tags(reader, place, context)
    pages = [directory for directory in reader.directories if directory.kind == "page"]
    if pages:
        yield from show(data, "tiff", pages[0].width, pages[0].height, place, context)
    if len(pages) > 1 and all(page.width * page.height <= PIXELS_LIMIT for page in pages):
        yield from show_frames(data, "tiff", "page", place, context)
    hidden = b"".join(
        data[start:end] for start, end in reader.gaps() if end - start > 3 and data[start:end].strip(b"\0")
    )
    if len(hidden) > 3:
        where = place.inside("bytes that no tag refers to")
        yield remarks.hidden(
            context, where, "data, som intet i billedet henviser til", "data that nothing in the picture refers to"
        )
        yield from context.open_inside(hidden, None, where)
        yield from strings_in(hidden, where, "bytes that no tag refers to")
    if reader.damaged or not pages:
        yield from remarks.broken(context, place, "tiff", "its tags break off")
