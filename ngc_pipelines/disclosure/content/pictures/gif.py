"""GIF: its blocks, comments, application data, frames, what follows its end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ngc_pipelines.disclosure.content import remarks
from ngc_pipelines.disclosure.content.carving import strings_in
from ngc_pipelines.disclosure.content.pictures.showing import PIXELS_LIMIT, after_the_end, show, show_frames
from ngc_pipelines.disclosure.content.pictures.tags import unknown_block, xmp
from ngc_pipelines.disclosure.pieces import Opened, Text
from ngc_pipelines.disclosure.places import Place

if TYPE_CHECKING:
    from ngc_pipelines.disclosure.opening import Context, Source


def open_gif(source: Source, place: Place, context: Context) -> Iterator[Opened]:
    """All that a GIF holds."""
    data = bytes(source.view())
    width, height = int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
    at = 13 + (3 << (data[10] & 7) + 1 if len(data) > 10 and data[10] & 0x80 else 0)
    frames = 0
    ended = absurd = False
    while at < len(data):
        introducer = data[at]
        if introducer == 0x3B:
            ended = True
            at += 1
            break
        if introducer == 0x21 and at + 2 <= len(data):
            body, after = _sub_blocks(data, at + 2)
            yield from _extension(data[at + 1], body, data[at + 2 : after], place, context)
            at = after
        elif introducer == 0x2C and at + 10 <= len(data):
            frames += 1
            absurd |= (
                int.from_bytes(data[at + 5 : at + 7], "little") * int.from_bytes(data[at + 7 : at + 9], "little")
                > PIXELS_LIMIT
            )
            flags = data[at + 9]
            at += 10 + (3 << (flags & 7) + 1 if flags & 0x80 else 0) + 1
            at = _skip_blocks(data, at)
        else:
            at += 1
    if absurd:
        yield from remarks.bomb(context, place, "en ramme af urimelig størrelse", "a frame of unreasonable size")
        return
    yield from show(data, "gif", width, height, place, context)
    if frames > 1 and width * height <= PIXELS_LIMIT:
        yield from show_frames(data, "gif", "frame", place, context)
    if ended:
        yield from after_the_end(data[at:], place, context)
    else:
        yield from remarks.broken(context, place, "gif", "no end")


def _sub_blocks(data: bytes, at: int) -> tuple[bytes, int]:
    parts = []
    while at < len(data) and data[at]:
        parts.append(data[at + 1 : at + 1 + data[at]])
        at += 1 + data[at]
    return b"".join(parts), at + 1


def _skip_blocks(data: bytes, at: int) -> int:
    while at < len(data) and data[at]:
        at += 1 + data[at]
    return at + 1


def _extension(label: int, body: bytes, raw: bytes, place: Place, context: Context) -> Iterator[Opened]:
    if label == 0xFE:
        where = place.inside("comment")
        yield Text(where, body.decode("utf-8", "replace"), hidden="comment")
        yield remarks.metadata(context, where, "kommentar i billedfilen", "comment in the picture's file")
    elif label == 0x01:
        yield Text(place.inside("plain text"), body[12:].decode("latin-1"), hidden="plain text extension")
    elif label == 0xFF and body.startswith(b"XMP DataXMP"):
        yield from xmp(raw[12:].partition(b"<?xpacket end")[0], place, context)
        yield from strings_in(raw, place.inside("XMP"), "metadata")
    elif label == 0xFF and body.startswith((b"NETSCAPE2.0", b"ANIMEXTS1.0")) and len(body) <= 24:
        return
    elif label != 0xF9:
        yield from unknown_block(body, f"extension {label:X}", place, context)
