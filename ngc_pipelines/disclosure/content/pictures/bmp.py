"""BMP: its header, the gap before its pixels, what follows them."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ngc_pipelines.disclosure.content import remarks
from ngc_pipelines.disclosure.content.pictures.showing import after_the_end, show
from ngc_pipelines.disclosure.content.pictures.tags import unknown_block
from ngc_pipelines.disclosure.pieces import Opened
from ngc_pipelines.disclosure.places import Place

if TYPE_CHECKING:
    from ngc_pipelines.disclosure.opening import Context, Source

_UNPACKED: Final = (0, 3, 6)
_PROFILE_HEADER: Final = 124


def open_bmp(source: Source, place: Place, context: Context) -> Iterator[Opened]:
    """All that a BMP holds."""
    data = bytes(source.view())
    try:
        offset, header = struct.unpack_from("<II", data, 10)
        if header == 12:
            width, height, _, bits = struct.unpack_from("<HHHH", data, 18)
            packing = size = colours = 0
        else:
            width, height, _, bits, packing, size, _, _, colours = struct.unpack_from("<iiHHIIiiI", data, 18)
    except struct.error:
        yield from remarks.broken(context, place, "bmp", "cut off")
        return
    width, height = abs(width), abs(height)
    palette = (colours or (1 << bits if bits <= 8 else 0)) * (3 if header == 12 else 4)
    masks = 12 if packing == 3 and header == 40 else 0
    begins = 14 + header + palette + masks
    if data[begins:offset].strip(b"\0"):
        yield from unknown_block(data[begins:offset], "before the pixels", place, context)
    pixels = (width * bits + 31) // 32 * 4 * height if packing in _UNPACKED else size
    end = offset + pixels
    if header >= _PROFILE_HEADER and len(data) >= 14 + 124:
        start, length = struct.unpack_from("<II", data, 14 + 112)
        end = max(end, 14 + start + length) if length else end
    yield from show(data, "bmp", width, height, place, context)
    if end > len(data):
        yield from remarks.broken(context, place, "bmp", "pixels are missing")
    yield from after_the_end(data[end:], place, context)
