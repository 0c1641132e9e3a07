"""Gzip as a stream, in bounded memory: reading every member, writing the same bytes for the same reads, and the head.

Here: RFC 1952 by isal. Not here: what stands inside (`read_headers`) and where the bytes come from or go.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol, cast

import numpy as np
import numpy.typing as npt
from isal import isal_zlib

from ngc_pipelines.adapters.provisioning.read_headers import HeaderRewriter, broken_record
from ngc_pipelines.domain.errors import IntegrityFault

# Compressed bytes are decompressed a slice at a time: a slice of zeros grows a thousandfold, a file must not.
_SLICE_BYTES = 128 << 10
_INFLATED_BYTES = 1 << 20
_BLOCK_BYTES = 1 << 20
# What of a block stays in a core's own cache while line ends are looked for: a third quicker than all of it at once.
_SEARCHED_BYTES = 1 << 17
_LEVEL = 2  # isal's default: 4 % smaller than its fastest, and no slower

# Its type stub calls it an instance.
_GZIP_ERROR = cast(type[Exception], isal_zlib.error)

_GZIP = b"\x1f\x8b\x08"
_EXTRA, _NAME, _COMMENT, _HEADER_CRC = 4, 8, 16, 2
_GZIP_PAIR = int.from_bytes(_GZIP[:2], "little")
# No flags, no time, no name: a head that says nothing about where the file came from.
PLAIN_HEAD = _GZIP + b"\0" + b"\0\0\0\0" + b"\0" + b"\xff"

# The head of a member that carries a name, a comment or an extra field: flags with one of those bits and none of the
# reserved ones, a level and a system that exist. By chance this stands once in 10^11 bytes of compressed data.
_TELLING_HEAD = re.compile(rb"\x1f\x8b\x08[\x04-\x1f]....[\x00\x02\x04][\x00-\x0d\xff]", re.DOTALL)


class _Decompressor(Protocol):
    eof: bool
    unused_data: bytes
    unconsumed_tail: bytes

    def decompress(self, data: bytes, max_length: int = ...) -> bytes: ...


def inflate(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Decompress every member of a gzip file; pieces of at most 1 MiB.

    Raises IntegrityFault where the file is cut off, damaged, or is followed by anything but zeros.
    """
    member: _Decompressor | None = None
    members = 0
    for chunk in chunks:
        for begin in range(0, len(chunk), _SLICE_BYTES):
            data = bytes(chunk[begin : begin + _SLICE_BYTES])
            while data:
                if member is None:
                    if members and not data.strip(b"\0"):
                        break  # padding, as tapes leave it
                    member = _new_member()
                data = yield from _inflate_slice(member, data)
                if member.eof:
                    member, members = None, members + 1
    if member is not None or not members:
        raise _damaged("it ends before its last member does")


def _new_member() -> _Decompressor:
    return cast(_Decompressor, isal_zlib.decompressobj(wbits=31))


def _inflate_slice(member: _Decompressor, data: bytes) -> Generator[bytes, None, bytes]:
    """Decompress one slice; returns what belongs to the next member."""
    while True:
        try:
            out = member.decompress(data, _INFLATED_BYTES)
        except _GZIP_ERROR:
            raise _damaged("its compressed data or their checksum are wrong") from None
        if out:
            yield out
        if member.eof:
            return member.unused_data
        data = member.unconsumed_tail
        if not data and len(out) < _INFLATED_BYTES:
            return b""


def _damaged(why: str) -> IntegrityFault:
    return IntegrityFault(
        "A gzip file was read", why, "Hold the object against its report; ask the department to report it again."
    )


def deflate(pieces: Iterable[bytes | bytearray | memoryview]) -> Iterator[bytes]:
    """Compress to one gzip member whose bytes depend on the content alone, not on how it was cut into pieces."""
    compressor = isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, 31)
    block = bytearray()
    for piece in pieces:
        view = memoryview(piece)
        while len(view):
            if not block and len(view) >= _BLOCK_BYTES:
                taken: memoryview | bytearray = view[:_BLOCK_BYTES]
                view = view[_BLOCK_BYTES:]
            else:
                room = _BLOCK_BYTES - len(block)
                block += view[:room]
                view = view[room:]
                if len(block) < _BLOCK_BYTES:
                    continue
                taken, block = block, bytearray()
            out = compressor.compress(taken)
            if out:
                yield out
    yield compressor.compress(block) + compressor.flush()


def rewrite_headers(pieces: Iterable[bytes], rewriter: HeaderRewriter) -> Iterator[bytes | bytearray]:
    """Cut decompressed FASTQ at whole records and rewrite their headers; the same result however it was cut before.

    Raises IntegrityFault where the file is not whole records; a line end may be missing after the last one.
    """
    records = bytearray()
    for piece in pieces:
        records += piece
        if len(records) < _BLOCK_BYTES // 2:
            continue
        ends = _line_ends(records)
        whole = len(ends) // 4 * 4
        if not whole:
            if len(records) > 64 * _BLOCK_BYTES:
                raise broken_record()  # no read is that long: this is not FASTQ, and must not fill the memory
            continue
        cut = int(ends[whole - 1]) + 1
        rest = records[cut:]
        del records[cut:]
        yield rewriter.block(records, ends[:whole])
        records = rest
    if not records:
        return
    unended = not records.endswith(b"\n")
    if unended:
        records += b"\n"
    ends = _line_ends(records)
    if len(ends) % 4:
        raise broken_record()
    rewritten = rewriter.block(records, ends)
    yield rewritten[:-1] if unended else rewritten


def made_ahead(pieces: Iterator[bytes | bytearray]) -> Iterator[bytes | bytearray]:
    """The same pieces, the next one made by a thread of its own while the last one is used: one more in memory.

    Whatever making a piece raises is raised here, in its place.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="ahead") as ahead:
        coming = ahead.submit(next, pieces, None)
        while (piece := coming.result()) is not None:
            coming = ahead.submit(next, pieces, None)
            yield piece


def _line_ends(data: bytearray) -> npt.NDArray[np.int64]:
    array = np.frombuffer(data, np.uint8)
    found = [
        np.flatnonzero(array[begin : begin + _SEARCHED_BYTES] == 10) + begin
        for begin in range(0, len(array), _SEARCHED_BYTES)
    ]
    return found[0] if len(found) == 1 else np.concatenate(found)


@dataclass(frozen=True, slots=True)
class GzipHead:
    """The head of a gzip file's first member: its length in bytes, and whether it says more than it has to."""

    length: int
    tells: bool


def read_head(data: bytes) -> GzipHead:
    """Read the head of a gzip file from its first bytes (64 KiB and more are always enough for a name).

    Raises IntegrityFault where the bytes are no gzip head, or the head does not end within them.
    """
    if len(data) < 10 or data[:3] != _GZIP or data[3] & 0xE0:
        raise _damaged("it does not begin as a gzip file")
    flags, position = data[3], 10
    if flags & _EXTRA:
        position += 2 + int.from_bytes(data[position : position + 2], "little")
    for flag in (_NAME, _COMMENT):
        if flags & flag:
            position = data.find(b"\0", position) + 1
            if not position:
                raise _damaged("its head does not end")
    if flags & _HEADER_CRC:
        position += 2
    if position >= len(data):
        raise _damaged("its head does not end")
    # A time of the source file is one more thing by which a copy could be matched with its source.
    return GzipHead(position, tells=bool(flags) or data[4:8] != b"\0\0\0\0")


def later_member_tells(window: bytes, begin: int = 0) -> bool:
    """Whether the bytes from `begin` on hold the head of a member with a name, comment or extra field."""
    # A search for its first bytes one by one is half as quick as hashing; two at a time, four times as quick.
    for first in (0, 1):
        pairs = np.frombuffer(window, "<u2", max(len(window) - first, 0) // 2, min(first, len(window)))
        for start in range(0, len(pairs), _SEARCHED_BYTES):
            found = np.flatnonzero(pairs[start : start + _SEARCHED_BYTES] == _GZIP_PAIR)
            for place in (2 * (found + start) + first).tolist():
                if place >= begin and _TELLING_HEAD.match(window, place):
                    return True
    return False
