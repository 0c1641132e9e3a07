"""PNG: its chunks, its text, its pixels' stream, what follows its end."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ngc_pipelines.disclosure.content import remarks
from ngc_pipelines.disclosure.content.carving import strings_in
from ngc_pipelines.disclosure.content.pictures.showing import PIXELS_LIMIT, after_the_end, show, show_frames
from ngc_pipelines.disclosure.content.pictures.tags import exif, unknown_block
from ngc_pipelines.disclosure.pieces import Opened, Text
from ngc_pipelines.disclosure.places import Place

if TYPE_CHECKING:
    from ngc_pipelines.disclosure.opening import Context, Source

_DRAWING: Final = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB sBIT bKGD hIST pHYs tIME acTL fcTL fdAT cICP mDCV cLLI "
    b"oFFs sTER orNT vpAg sCAL pCAL".split()
)
_ORDINARY_KEYS: Final = frozenset({"software", "creation time", "date:create", "date:modify", "date:timestamp"})
_CHANNELS: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_TEXT_LIMIT: Final = 64 << 20


def open_png(source: Source, place: Place, context: Context) -> Iterator[Opened]:
    """All that a PNG holds."""
    data = bytes(source.view())
    at = 8
    width = height = depth = colour = interlaced = 0
    pixels: list[bytes] = []
    animated = ended = False
    while at + 12 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        kind = data[at + 4 : at + 8]
        body = data[at + 8 : at + 8 + size]
        checksum = int.from_bytes(data[at + 8 + size : at + 12 + size], "big")
        at += 12 + size
        if len(body) < size or zlib.crc32(kind + body) != checksum:
            yield from remarks.broken(context, place, "png", "a chunk is cut off or damaged")
        if kind == b"IHDR" and size >= 13:
            width, height = int.from_bytes(body[:4], "big"), int.from_bytes(body[4:8], "big")
            depth, colour, interlaced = body[8], body[9], body[12]
        elif kind == b"IDAT":
            pixels.append(body)
        elif kind == b"IEND":
            ended = True
            break
        animated |= kind == b"acTL"
        if kind not in _DRAWING:
            yield from _chunk(kind, body, place, context)
    yield from show(data, "png", width, height, place, context)
    if animated:
        yield from show_frames(data, "png", "frame", place, context)
    if not interlaced and 0 < width * height <= PIXELS_LIMIT:
        yield from _beyond_the_pixels(b"".join(pixels), _expected(width, height, depth, colour), place, context)
    if ended:
        yield from after_the_end(data[at:], place, context)
    else:
        yield from remarks.broken(context, place, "png", "no end")


def _chunk(kind: bytes, body: bytes, place: Place, context: Context) -> Iterator[Opened]:
    name = kind.decode("latin-1")
    if kind in (b"tEXt", b"zTXt", b"iTXt"):
        key, _, rest = body.partition(b"\0")
        text = _text(kind, rest)
        if text is None:
            yield from remarks.broken(context, place.inside(name), name, "its text does not unpack")
            yield from strings_in(body, place.inside(name), "metadata")
            return
        label = key.decode("latin-1")
        yield Text(place.inside(f"text '{label}'"), f"{label}: {text}", hidden="metadata")
        if label.lower() not in _ORDINARY_KEYS:
            yield remarks.metadata(
                context, place.inside("text in the picture's file"), "tekst i billedfilen", "text in the picture's file"
            )
    elif kind == b"eXIf":
        yield from exif(body.removeprefix(b"Exif\0\0"), place.inside("EXIF"), context)
    elif kind == b"iCCP":
        profile, _, packed = body.partition(b"\0")
        yield Text(place.inside("colour profile"), profile.decode("latin-1"), hidden="metadata")
        try:
            yield from strings_in(
                zlib.decompressobj().decompress(packed[1:], _TEXT_LIMIT), place.inside("colour profile"), "metadata"
            )
        except zlib.error:
            yield from remarks.broken(context, place, "png", "its colour profile does not unpack")
    else:
        yield from unknown_block(body, f"chunk {name}", place, context)


def _text(kind: bytes, rest: bytes) -> str | None:
    try:
        if kind == b"tEXt":
            return rest.decode("latin-1")
        if kind == b"zTXt":
            return zlib.decompressobj().decompress(rest[1:], _TEXT_LIMIT).decode("latin-1")
        _, _, translated = rest[2:].partition(b"\0")
        keyword, _, text = translated.partition(b"\0")
        if rest[:1] == b"\1":
            text = zlib.decompressobj().decompress(text, _TEXT_LIMIT)
        return f"{keyword.decode('utf-8', 'replace')} {text.decode('utf-8', 'replace')}".strip()
    except zlib.error:
        return None


def _expected(width: int, height: int, depth: int, colour: int) -> int:
    bits = depth * _CHANNELS.get(colour, 4) * width
    return height * (1 + (bits + 7) // 8)


def _beyond_the_pixels(packed: bytes, expected: int, place: Place, context: Context) -> Iterator[Opened]:
    """The pixels' stream may go on after the last row, or after its own end."""
    unpacker = zlib.decompressobj()
    try:
        unpacked = unpacker.decompress(packed, expected + (1 << 24))
    except zlib.error:
        yield from remarks.broken(context, place, "png", "its pixels do not unpack")
        return
    context.budget.spend_bytes(len(unpacked))
    if len(unpacked) < expected:
        yield from remarks.broken(context, place, "png", "pixels are missing")
    surplus = unpacked[expected:] + unpacker.unused_data
    if surplus.strip(b"\0"):
        where = place.inside("behind the pixels")
        yield remarks.hidden(context, where, "data bag billedets punkter", "data behind the picture's pixels")
        yield from context.open_inside(surplus, None, where)
        yield from strings_in(surplus, where, "behind the pixels")
