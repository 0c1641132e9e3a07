"""The one way in for bytes: what raw data begin them, lie in them or are packed in them.

Compressed bytes are unpacked only as far as is needed to name what they hold;
opening archives for all their content is the openers' work.
"""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Iterator
from dataclasses import replace

from ngc_pipelines.disclosure.raw_data.forms import RawMatch
from ngc_pipelines.disclosure.raw_data.lines import raw_lines
from ngc_pipelines.disclosure.raw_data.signatures import at_start, inside

_BLOCK = 4 << 20
_OVERLAP = 64 << 10
_PEEK = 256 << 10
_LEVELS = 3
_BGZF = b"BC\x02\x00"


def recognise_raw(data: memoryview | bytes, name: str | None = None) -> Iterator[RawMatch]:
    """What raw data `data` is or holds, the first place of each form.

    Args:
        data: a whole file, a part of one, or bytes that something was decoded to.
        name: what they were called; only for what no content can tell apart.
    """
    yield from _recognise(memoryview(data), name, _LEVELS)


def _recognise(data: memoryview, name: str | None, levels: int) -> Iterator[RawMatch]:
    head = bytes(data[:1024])
    form = at_start(head, bytes(data[-16:]), len(data))
    if form is not None:
        yield RawMatch(form, "byte 0")
        return
    if levels:
        packed = list(_unpacked(data, head, name, levels))
        if packed:
            yield from packed
            return
    seen: set[str] = set()
    for start in range(0, len(data), _BLOCK):
        block = bytes(data[max(0, start - _OVERLAP) : start + _BLOCK])
        for match in _in_block(block, max(0, start - _OVERLAP)):
            if match.form not in seen:
                seen.add(match.form)
                yield match


def _in_block(block: bytes, offset: int) -> Iterator[RawMatch]:
    for at, form in inside(block):
        yield RawMatch(form, f"byte {offset + at}")
    for match in raw_lines(block):
        yield match if not offset else replace(match, where=f"after byte {offset}")
    if block[:2] in (b"\xff\xfe", b"\xfe\xff") or block[1:40:2].count(0) > 15:
        narrow = block.replace(b"\x00", b"")
        yield from raw_lines(narrow)


def _unpacked(data: memoryview, head: bytes, name: str | None, levels: int) -> Iterator[RawMatch]:
    """What the first bytes of a compressed stream turn out to be."""
    for magic, packing, unpack in (
        (b"\x1f\x8b\x08", "gzip", _gunzip),
        (b"BZh", "bzip2", _bunzip),
        (b"\xfd7zXZ\x00", "xz", _unxz),
        (b"\x28\xb5\x2f\xfd", "zstd", _unzstd),
    ):
        if not head.startswith(magic):
            continue
        inner = unpack(bytes(data[: 4 * _PEEK]))
        found = False
        for match in _recognise(memoryview(inner), name, levels - 1):
            found = True
            yield replace(match, where=f"{packing} › {match.where}")
        if not found and packing == "gzip" and _BGZF in head[10:32]:
            yield RawMatch("BGZF", "byte 0", certain=False)


def _gunzip(packed: bytes) -> bytes:
    """As much as the first members give, up to `_PEEK`; what is broken ends it."""
    out = bytearray()
    while packed and len(out) < _PEEK:
        stream = zlib.decompressobj(31)
        try:
            out += stream.decompress(packed, _PEEK - len(out))
        except zlib.error:
            break
        packed = stream.unused_data
    return bytes(out)


def _bunzip(packed: bytes) -> bytes:
    try:
        return bz2.BZ2Decompressor().decompress(packed, _PEEK)
    except (OSError, ValueError):
        return b""


def _unxz(packed: bytes) -> bytes:
    try:
        return lzma.LZMADecompressor(memlimit=256 << 20).decompress(packed, _PEEK)
    except lzma.LZMAError:
        return b""


def _unzstd(packed: bytes) -> bytes:
    import zstandard

    try:
        return zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(packed).read(_PEEK)
    except zstandard.ZstdError:
        return b""
