"""The records of BIFF: their stream, their strings, their numbers.

What records mean is told in `workbooks`.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

CONTINUE: Final = 0x3C
_FLAGS: Final = 0x0D
_HEADER: Final = 4


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its kind, its body, and the bodies of what continues it."""

    kind: int
    body: bytes
    more: tuple[bytes, ...] = ()

    @property
    def whole(self) -> bytes:
        """The body with its continuations."""
        return self.body + b"".join(self.more)


class RecordError(ValueError):
    """The stream of records breaks off."""


def records_of(data: bytes) -> Iterator[Record]:
    """Records in order, continuations gathered.

    Raises:
        RecordError: at a record that is cut off; those before it were yielded.
    """
    at = 0
    held: Record | None = None
    while at + _HEADER <= len(data):
        kind, length = struct.unpack_from("<HH", data, at)
        body = data[at + _HEADER : at + _HEADER + length]
        at += _HEADER + length
        if kind == CONTINUE and held is not None:
            held = Record(held.kind, held.body, (*held.more, body))
        else:
            if held is not None:
                yield held
            held = Record(kind, body)
        if len(body) < length:
            yield held
            raise RecordError("a record is cut off")
        if kind == 0 and length == 0 and not data[at:].strip(b"\0"):
            break  # padding after the last record
    if held is not None:
        yield held


def shared_strings(record: Record) -> list[str]:
    """The strings of an SST, which may break anywhere between its continuations."""
    reader = _Chunks([record.body, *record.more])
    reader.skip(8)
    found: list[str] = []
    while not reader.at_end():
        text = reader.string()
        if text is None:
            break
        found.append(text)
    return found


class _Chunks:
    """Reads over the seams: where letters go on in the next body, a flag is repeated."""

    def __init__(self, chunks: list[bytes]) -> None:
        self._chunks = chunks
        self._index = 0
        self._at = 0

    def at_end(self) -> bool:
        while self._index < len(self._chunks) and self._at >= len(self._chunks[self._index]):
            self._index += 1
            self._at = 0
        return self._index >= len(self._chunks)

    def take(self, count: int) -> bytes:
        parts = b""
        while count and not self.at_end():
            piece = self._chunks[self._index][self._at : self._at + count]
            parts += piece
            self._at += len(piece)
            count -= len(piece)
        return parts

    def skip(self, count: int) -> None:
        self.take(count)

    def string(self) -> str | None:
        head = self.take(3)
        if len(head) < 3:
            return None
        length, flags = struct.unpack("<HB", head)
        runs = struct.unpack("<H", self.take(2).ljust(2, b"\0"))[0] if flags & 8 else 0
        extra = struct.unpack("<I", self.take(4).ljust(4, b"\0"))[0] if flags & 4 else 0
        wide = bool(flags & 1)
        text = ""
        while length > 0 and not self.at_end():
            chunk = self._chunks[self._index]
            size = 2 if wide else 1
            room = (len(chunk) - self._at) // size
            if room <= 0:
                self._at = len(chunk)
                if self.at_end():
                    break
                wide = bool(self.take(1)[0] & 1)
                continue
            count = min(length, room)
            text += self.take(count * size).decode("utf-16-le" if wide else "latin-1", "replace")
            length -= count
            if length and self._at >= len(chunk):
                if self.at_end():
                    break
                wide = bool(self.take(1)[0] & 1)
        self.skip(4 * runs + min(extra, 1 << 24))
        return text


def short_string(body: bytes, at: int, *, wide_length: bool, flagged: bool) -> str:
    """A string with its length before it; `flagged` where BIFF8's flag byte follows."""
    size = 2 if wide_length else 1
    length = int.from_bytes(body[at : at + size], "little")
    at += size
    if flagged and at < len(body) and body[at] & ~_FLAGS:
        flagged = False  # damaged workbooks claim a newer version than they are
    if not flagged:
        return body[at : at + length].decode("cp1252", "replace")
    wide = bool(body[at] & 1) if at < len(body) else False
    at += 1
    return body[at : at + length * (2 if wide else 1)].decode("utf-16-le" if wide else "latin-1", "replace")


def rk_number(raw: int) -> float | int:
    """The number packed into four bytes."""
    value: float = (
        (raw - (1 << 32) if raw & 0x80000000 else raw) >> 2
        if raw & 2
        else struct.unpack("<d", struct.pack("<Q", (raw & 0xFFFFFFFC) << 32))[0]
    )
    if raw & 1:
        value /= 100
    return int(value) if value == value and abs(value) < 1e15 and value == int(value) else value
