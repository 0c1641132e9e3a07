"""The zip of an Office package: its entries, and what lies between them.

Entries are read from their local headers, so that a directory which lies does
not hide any. What a part means is not told here.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ngc_pipelines.disclosure.content import remarks
from ngc_pipelines.disclosure.pieces import Opened, Raw, Text
from ngc_pipelines.disclosure.places import Place

if TYPE_CHECKING:
    from ngc_pipelines.disclosure.opening import Context, Source

CHUNK: Final = 1 << 18
_LOCAL: Final = b"PK\x03\x04"
_LOCAL_SIZE: Final = 30
_ORDINARY_EXTRAS: Final = frozenset({0x0001, 0x000A, 0x5455, 0x5855, 0x7855, 0x7875, 0x9901})


class PartError(Exception):
    """A part whose bytes cannot be had; says why in plain words."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the zip.

    Args:
        name: as the directory (or, unlisted, the local header) gives it.
        start, packed: where its stored bytes are.
        size, crc: what it should be unpacked; None where nobody says.
        method: 0 stored, 8 deflated.
        listed: whether the directory knows it.
    """

    name: str
    header: int
    start: int
    packed: int
    size: int | None
    crc: int | None
    method: int
    encrypted: bool
    listed: bool = True

    @property
    def path(self) -> str:
        """The name as relationships write it: lower case, forward slashes."""
        return self.name.replace("\\", "/").lstrip("/").lower()


class Package:
    """The entries of one package, and how to read them within the budget."""

    def __init__(self, source: Source, place: Place, context: Context) -> None:
        self._source = source
        self._place = place
        self._context = context
        self.entries: list[Entry] = []

    def survey(self) -> Iterator[Opened]:
        """Find all entries; yields what is odd about the zip itself."""
        spans: list[tuple[int, int]] = []
        try:
            with zipfile.ZipFile(self._source.file()) as archive:
                directory = archive.infolist()
                comment, tail = archive.comment, archive.start_dir
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error, EOFError) as fault:
            yield from remarks.broken(
                self._context, self._place, "zip", f"its directory does not parse, {type(fault).__name__}"
            )
            directory, comment, tail = [], b"", len(self._source)
        else:
            spans.append((tail, self._directory_end(tail)))
        for info in directory:
            self._context.budget.spend_part()
            yield from self._take_listed(info, spans)
        yield from self._between(sorted(spans))
        yield from self._names()
        if comment.strip(b"\0 \r\n"):
            yield from self._aside(comment, "comment of the zip")

    def stream(self, entry: Entry) -> Iterator[bytes]:
        """The part's bytes in chunks.

        Raises:
            PartError: where it cannot be unpacked, or is not what was recorded.
            LimitReached: where it is more than the budget allows.
        """
        if entry.encrypted:
            raise PartError("encrypted")
        stored = self._source.view(entry.start, entry.start + entry.packed)
        if len(stored) < entry.packed:
            raise PartError("cut off")
        budget = self._context.budget
        size = crc = 0
        if entry.method == 0:
            chunks: Iterator[bytes] = (bytes(stored[at : at + CHUNK]) for at in range(0, len(stored), CHUNK))
        elif entry.method == 8:
            chunks = _inflate(stored)
        else:
            raise PartError(f"packed by method {entry.method}")
        taken = 0
        for chunk in chunks:
            size += len(chunk)
            crc = zlib.crc32(chunk, crc)
            budget.spend_bytes(len(chunk))
            if size - taken > 1 << 24:
                budget.spend_bytes(0, packed=entry.packed)
                taken = size
            self._refuse_ratio(size, entry.packed)
            yield chunk
        if (entry.size is not None and size != entry.size) or (entry.crc is not None and crc != entry.crc):
            raise PartError("not the bytes that its checksum was made of")

    def read(self, entry: Entry) -> bytes:
        """The whole part; see `stream` for what it raises."""
        return b"".join(self.stream(entry))

    def _refuse_ratio(self, size: int, packed: int) -> None:
        if size > 1 << 20:
            spent = self._context.budget
            if size > spent.limits.ratio * max(packed, 1):
                spent.spend_bytes(size, packed=packed)

    def _directory_end(self, start: int) -> int:
        """Where the end record and its comment end; what follows belongs to nobody."""
        rest = bytes(self._source.view(start, len(self._source)))
        at = rest.rfind(b"PK\x05\x06")
        if at < 0 or at + 22 > len(rest):
            return len(self._source)
        return min(start + at + 22 + int.from_bytes(rest[at + 20 : at + 22], "little"), len(self._source))

    def _take_listed(self, info: zipfile.ZipInfo, spans: list[tuple[int, int]]) -> Iterator[Opened]:
        header = bytes(self._source.view(info.header_offset, info.header_offset + _LOCAL_SIZE))
        place = self._place.inside(f"part {info.filename}")
        if len(header) < _LOCAL_SIZE or header[:4] != _LOCAL:
            yield from remarks.broken(self._context, place, info.filename, "no header where the directory points")
            return
        _, flags, method, _, _, _, packed, size, name_length, extra_length = struct.unpack("<4xHHHHHIIIHH", header)
        names_at = info.header_offset + _LOCAL_SIZE
        start = names_at + name_length + extra_length
        local_name = bytes(self._source.view(names_at, names_at + name_length)).decode("utf-8", "replace")
        if (
            local_name.replace("\\", "/").lower() != info.orig_filename.replace("\\", "/").lower()
            and local_name.isascii()
        ):
            yield remarks.hidden(
                self._context,
                place,
                "en del har et andet navn i zip-filens indre",
                "a part has another name inside the zip",
            )
            yield Text(place.inside("its other name"), local_name, hidden="name inside the zip")
        if (
            not flags & 8
            and method == info.compress_type
            and (packed, size) != (info.compress_size, info.file_size)
            and 0xFFFFFFFF not in (packed, size)
        ):
            yield remarks.hidden(
                self._context,
                place,
                "zip-filens to fortegnelser siger forskellige størrelser",
                "the zip's two records of a part differ in size",
            )
        self.entries.append(
            Entry(
                info.filename,
                info.header_offset,
                start,
                info.compress_size,
                info.file_size,
                info.CRC,
                info.compress_type,
                bool(info.flag_bits & 1),
            )
        )
        spans.append((info.header_offset, start + info.compress_size))
        if info.comment.strip(b"\0 "):
            yield from self._aside(info.comment, f"comment of {info.filename} in the zip")
        yield from self._extras(info, bytes(self._source.view(names_at + name_length, start)))

    def _extras(self, info: zipfile.ZipInfo, local_extra: bytes) -> Iterator[Opened]:
        for extra in {bytes(info.extra), local_extra}:
            at = 0
            while at + 4 <= len(extra):
                tag, length = struct.unpack_from("<HH", extra, at)
                content = extra[at + 4 : at + 4 + length]
                at += 4 + length
                if tag not in _ORDINARY_EXTRAS and len(content.strip(b"\0")) > 6:
                    yield Raw(self._place.inside(f"extra field of {info.filename} in the zip"), content)

    def _between(self, spans: list[tuple[int, int]]) -> Iterator[Opened]:
        """Bytes that no listed entry owns: unlisted entries, or data put there."""
        at = 0
        end_of_all = len(self._source)
        for start, end in [*spans, (end_of_all, end_of_all)]:
            if start > at:
                yield from self._gap(at, start)
            at = max(at, end)

    def _gap(self, start: int, end: int) -> Iterator[Opened]:
        data = bytes(self._source.view(start, end))
        descriptor = start > 0 and len(data) <= 24 and (data.startswith(b"PK\x07\x08") or len(data) in (12, 16, 20, 24))
        if descriptor or not data.strip(b"\0"):
            return
        found = False
        at = data.find(_LOCAL)
        while at >= 0:
            entry = self._unlisted(start + at, end)
            if entry is not None:
                found = True
                self.entries.append(entry)
            at = data.find(_LOCAL, at + 4)
        place = self._place.inside(f"bytes {start}–{end} of the zip")
        if found:
            yield remarks.hidden(
                self._context,
                place,
                "zip-filen har dele, som fortegnelsen ikke nævner",
                "the zip has parts that its directory does not list",
            )
        else:
            yield remarks.hidden(
                self._context,
                place,
                "der er data mellem zip-filens dele",
                "there are data between the parts of the zip",
            )
            yield from self._context.open_inside(data, None, place)

    def _unlisted(self, at: int, end: int) -> Entry | None:
        header = bytes(self._source.view(at, at + _LOCAL_SIZE))
        if len(header) < _LOCAL_SIZE:
            return None
        _, flags, method, _, _, crc, packed, size, name_length, extra_length = struct.unpack("<4xHHHHHIIIHH", header)
        name = bytes(self._source.view(at + _LOCAL_SIZE, at + _LOCAL_SIZE + name_length)).decode("utf-8", "replace")
        start = at + _LOCAL_SIZE + name_length + extra_length
        if start > end or method not in (0, 8):
            return None
        told = not flags & 8 and packed != 0xFFFFFFFF
        return Entry(
            name,
            at,
            start,
            min(packed, end - start) if told else end - start,
            size if told else None,
            crc if told else None,
            method,
            bool(flags & 1),
            listed=False,
        )

    def _names(self) -> Iterator[Opened]:
        seen: set[str] = set()
        for entry in self.entries:
            if entry.path in seen:
                yield remarks.hidden(
                    self._context,
                    self._place.inside(f"part {entry.name}"),
                    "to dele har samme navn",
                    "two parts have the same name",
                )
            seen.add(entry.path)

    def _aside(self, comment: bytes, what: str) -> Iterator[Opened]:
        place = self._place.inside(what)
        yield remarks.hidden(self._context, place, "zip-filen har en kommentar", "the zip has a comment")
        yield Text(place, comment.decode("utf-8", "replace"), hidden="comment of the zip")


def _inflate(stored: memoryview) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(-15)
    at = 0
    try:
        while not unpacker.eof and (at < len(stored) or unpacker.unconsumed_tail):
            block = unpacker.unconsumed_tail or bytes(stored[at : at + CHUNK])
            if not unpacker.unconsumed_tail:
                at += len(block)
            chunk = unpacker.decompress(block, CHUNK * 4)
            if chunk:
                yield chunk
        rest = unpacker.flush()
        if rest:
            yield rest
    except zlib.error:
        raise PartError("its packed bytes are damaged") from None
    if not unpacker.eof:
        raise PartError("cut off")
