"""Handing a raster on: to the officer as it is, and through OCR where it is installed."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from ngc_pipelines.disclosure.content import remarks
from ngc_pipelines.disclosure.content.pictures import ocr
from ngc_pipelines.disclosure.pieces import NotRead, Opened, Picture, Text
from ngc_pipelines.disclosure.places import Place

if TYPE_CHECKING:
    from ngc_pipelines.disclosure.opening import Context

PIXELS_LIMIT: Final = 100_000_000
_TINY: Final = 16
_FRAMES: Final = 50


def show(data: bytes, kind: str, width: int, height: int, place: Place, context: Context) -> Iterator[Opened]:
    """A picture as a piece, and the words in it; refuses what is absurdly large.

    Args:
        data: the whole file.
        width, height: in pixels, as its header says.
    """
    if width * height > PIXELS_LIMIT:
        yield from remarks.bomb(context, place, "et billede af urimelig størrelse", "a picture of unreasonable size")
        return
    yield Picture(place, data, kind, width, height)
    if min(width, height) < _TINY:
        return
    if not ocr.is_installed():
        yield NotRead(place, "text inside the picture: OCR is not installed")
        return
    text = ocr.words_in(data)
    if text is None:
        yield NotRead(place, "text inside the picture: its pixels do not decode")
    elif text:
        yield Text(place.inside("text in the picture"), text)


def show_frames(data: bytes, kind: str, word: str, place: Place, context: Context) -> Iterator[Opened]:
    """Frames or pages after the first, each as a picture of its own.

    Args:
        word: what they are called: `frame` or `page`.
    """
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data), formats=[kind.upper()]) as image:
            count = _frame_count(image)
            if count > 1:
                where = place.inside(f"{word}s 2–{count}")
                yield remarks.hidden(
                    context,
                    where,
                    "billedet har flere lag eller sider",
                    f"the picture has more than one {word}",
                    count=count - 1,
                )
            for index in range(1, min(count, _FRAMES)):
                context.budget.spend_part()
                yield from _frame(image, index, place.inside(f"{word} {index + 1}"), context)
            if count > _FRAMES:
                yield from remarks.broken(context, place, kind, f"more than {_FRAMES} {word}s")
    except Image.DecompressionBombError:
        yield from remarks.bomb(context, place, "en ramme af urimelig størrelse", "a frame of unreasonable size")
    except (OSError, ValueError, SyntaxError, EOFError, TypeError, IndexError, KeyError, OverflowError) as fault:
        yield from remarks.broken(context, place, kind, type(fault).__name__)


def _frame_count(image: Any) -> int:
    with warnings.catch_warnings(action="ignore"):  # of damaged metadata, which is told elsewhere
        return int(getattr(image, "n_frames", 1))


def _frame(image: Any, index: int, place: Place, context: Context) -> Iterator[Opened]:
    width, height = _go_to(image, index)
    if width * height > PIXELS_LIMIT:
        yield from remarks.bomb(context, place, "et billede af urimelig størrelse", "a picture of unreasonable size")
        return
    yield from show(_as_png(image), "png", width, height, place, context)


def _go_to(image: Any, index: int) -> tuple[int, int]:
    with warnings.catch_warnings(action="ignore"):
        image.seek(index)
    width, height = image.size
    return int(width), int(height)


def _as_png(image: Any) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings(action="ignore"):
        image.convert("RGB").save(out, "PNG", compress_level=1)
    return out.getvalue()


def after_the_end(rest: bytes, place: Place, context: Context) -> Iterator[Opened]:
    """Bytes after a picture's end marker: hidden, and opened as whatever they are."""
    if rest.strip(b"\0\r\n \xff"):
        where = place.inside("after the end")
        yield remarks.hidden(context, where, "data efter billedets slutning", "data after the end of the picture")
        yield from context.open_inside(rest, None, where)
