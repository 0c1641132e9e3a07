"""JPEG: its segments, its metadata, its comments, what follows its end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ngc_pipelines.disclosure.content import remarks
from ngc_pipelines.disclosure.content.carving import strings_in
from ngc_pipelines.disclosure.content.pictures.showing import after_the_end, show
from ngc_pipelines.disclosure.content.pictures.tags import exif, iptc, resources, unknown_block, xmp
from ngc_pipelines.disclosure.pieces import Opened, Text
from ngc_pipelines.disclosure.places import Place

if TYPE_CHECKING:
    from ngc_pipelines.disclosure.opening import Context, Source

_FRAMES: Final = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_BARE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
_DRAWING: Final = frozenset({0xC4, 0xCC, 0xDB, 0xDD, 0xDC, 0xDA, *_FRAMES})
_XMP: Final = b"http://ns.adobe.com/xap/1.0/"
_MORE_XMP: Final = b"http://ns.adobe.com/xmp/extension/\0"


def open_jpeg(source: Source, place: Place, context: Context) -> Iterator[Opened]:
    """All that a JPEG holds."""
    data = bytes(source.view())
    at = 2
    width = height = 0
    ended = False
    while at + 2 <= len(data):
        if data[at] != 0xFF:
            start, at = at, _next_marker(data, at)
            if len(data[start:at].strip(b"\0")) > 4:
                yield from unknown_block(data[start:at], "between the segments", place, context)
            continue
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker == 0xD9:
            ended = True
            at += 2
            break
        elif marker in _BARE or marker == 0xD8:
            at += 2
        else:
            size = int.from_bytes(data[at + 2 : at + 4], "big")
            body = data[at + 4 : at + 2 + size]
            if marker in _FRAMES and len(body) >= 5:
                height, width = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")
            at += 2 + max(size, 2)
            if marker == 0xDA:
                at = _next_marker(data, at)
            elif marker not in _DRAWING:
                yield from _segment(marker, body, place, context)
    yield from show(data, "jpeg", width, height, place, context)
    if ended:
        yield from after_the_end(data[at:], place, context)
    else:
        yield from remarks.broken(context, place, "jpeg", "no end")


def _next_marker(data: bytes, at: int) -> int:
    """Where the compressed pixels end: the next marker that is not part of them."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            return len(data)
        if data[at + 1] not in (0x00, *range(0xD0, 0xD8)):
            return at
        at += 2


def _segment(marker: int, body: bytes, place: Place, context: Context) -> Iterator[Opened]:
    if marker == 0xFE:
        where = place.inside("comment")
        yield Text(where, body.decode("utf-8", "replace").rstrip("\0"), hidden="comment")
        yield remarks.metadata(context, where, "kommentar i billedfilen", "comment in the picture's file")
    elif body.startswith(b"Exif\0"):
        yield from exif(body[6:], place.inside("EXIF"), context)
    elif body.startswith(_XMP):
        yield from xmp(body[len(_XMP) :], place, context)
    elif body.startswith(_MORE_XMP):
        yield from xmp(body[len(_MORE_XMP) + 40 :], place, context)
    elif body.startswith(b"Photoshop 3.0\0"):
        yield from resources(body, place, context)
    elif body.startswith((b"JFIF\0", b"JFXX\0")):
        yield from _jfif(body, place, context)
    elif body.startswith((b"ICC_PROFILE\0", b"Adobe", b"MPF\0", b"Ducky")):
        yield from strings_in(body, place.inside(f"segment {marker:X}"), "metadata")
    elif marker == 0xED:
        yield from iptc(body, place, context)
    else:
        yield from unknown_block(body, f"segment {marker:X}", place, context)


def _jfif(body: bytes, place: Place, context: Context) -> Iterator[Opened]:
    """JFIF's own thumbnail: pixels, or a JPEG."""
    where = place.inside("thumbnail")
    if body.startswith(b"JFXX\0\x10"):
        yield remarks.hidden(context, where, "miniature", "thumbnail")
        yield from context.open_inside(body[6:], "thumbnail.jpg", where)
    elif len(body) > 14:
        expected = 3 * body[12] * body[13]
        if expected:
            yield remarks.hidden(context, where, "miniature", "thumbnail")
        yield from strings_in(body[14 + expected :], place.inside("after the thumbnail"), "metadata")
