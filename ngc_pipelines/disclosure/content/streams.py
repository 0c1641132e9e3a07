"""Packed streams in the middle of bytes that are something else: gzip and zlib in a text.

What is packed and written as text is `encoded`'s; whole files in bytes of no
known format are cut out by `carving`.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from ngc_pipelines.disclosure.opening import Context, Source
from ngc_pipelines.disclosure.pieces import Opened
from ngc_pipelines.disclosure.places import Place

_HEADS = {b"\x1f\x8b\x08": "gzip", b"\x78\x01": "zlib", b"\x78\x9c": "zlib", b"\x78\xda": "zlib"}
_BLOCK = 1 << 20
_STEP = 1 << 16
_SHORTEST = 16
"""Bytes that a stream must unpack to: the two bytes of zlib's head come up by chance."""

_LARGEST = 1 << 26
_MOST = 1_000
"""Heads tried in one file."""


def streams_in(source: Source, place: Place, context: Context) -> Iterator[Opened]:
    """Each gzip or zlib stream that begins after the first byte, opened one level deeper."""
    tried = 0
    behind = 1
    for start in range(0, len(source), _BLOCK):
        block = bytes(source.view(start, start + _BLOCK + 2))
        if block.isascii():
            continue
        context.budget.check_time()
        for at, kind in _heads(block):
            if start + at < behind or tried >= _MOST:
                continue
            tried += 1
            end = _end_of(source, start + at, context)
            if end is not None:
                behind = end
                here = place.inside(f"{kind} at byte {start + at}")
                yield from context.open_inside(source.view(start + at, end), None, here, type_name=kind)


def _heads(block: bytes) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for head, kind in _HEADS.items():
        at = block.find(head)
        while at >= 0 and at < _BLOCK:
            found.append((at, kind))
            at = block.find(head, at + 1)
    return sorted(found)


def _end_of(source: Source, start: int, context: Context) -> int | None:
    """Where a stream that begins here ends; None where none begins.

    What unpacks to more than `_LARGEST` counts as going on to the end: the
    opener of the stream holds it to the limits.
    """
    unpacking = zlib.decompressobj(47)
    size = 0
    at = start
    packed = b""
    while not unpacking.eof and size < _LARGEST:
        if not packed:
            packed = bytes(source.view(at, at + _STEP))
            at += len(packed)
        if not packed:
            break
        try:
            size += len(unpacking.decompress(packed, 1 << 20))
        except zlib.error:
            return at if size > _STEP else None
        packed = unpacking.unconsumed_tail
        context.budget.check_time()
    if size < _SHORTEST:
        return None
    return at - len(unpacking.unused_data) if unpacking.eof else len(source)
