"""The tags of TIFF and EXIF: every directory, every value, every byte accounted for."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

_SIZES: Final = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_FORMATS: Final = {1: "B", 3: "H", 4: "I", 6: "b", 8: "h", 9: "i", 11: "f", 12: "d", 13: "I", 16: "Q", 17: "q", 18: "Q"}
_POINTERS: Final = {330: "sub-picture", 34665: "EXIF", 34853: "GPS", 40965: "interoperability"}
_WIDE_TEXTS: Final = frozenset({40091, 40092, 40093, 40094, 40095})
_USER_COMMENT: Final = 37510
XMP, IPTC, PHOTOSHOP, COLOUR_PROFILE = 700, 33723, 34377, 34675
_BLOCKS: Final = frozenset({XMP, IPTC, PHOTOSHOP, COLOUR_PROFILE, 37500})
_NAMES: Final = {
    270: "ImageDescription",
    271: "Make",
    272: "Model",
    305: "Software",
    306: "DateTime",
    315: "Artist",
    33432: "Copyright",
    37510: "UserComment",
    269: "DocumentName",
    285: "PageName",
    316: "HostComputer",
    40091: "XPTitle",
    40092: "XPComment",
    40093: "XPAuthor",
    40094: "XPKeywords",
    40095: "XPSubject",
}
_DRAWING: Final = frozenset(
    {
        *range(254, 269),
        273,
        274,
        *range(277, 285),
        *range(286, 298),
        301,
        *range(317, 348),
        347,
        *range(512, 522),
        *range(529, 533),
    }
)
_STRIPS, _STRIP_SIZES, _TILES, _TILE_SIZES, _THUMBNAIL, _THUMBNAIL_SIZE = 273, 279, 324, 325, 513, 514
_MOST_DIRECTORIES: Final = 500
_MOST_VALUES: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag: its number, and its value as text or as bytes."""

    number: int
    text: str = ""
    data: bytes = field(default=b"", repr=False)

    @property
    def name(self) -> str:
        """What the tag is called, or its number."""
        return _NAMES.get(self.number, f"tag {self.number}")


@dataclass(slots=True)
class Directory:
    """One directory: a page, a thumbnail, EXIF, GPS."""

    kind: str
    tags: list[Tag] = field(default_factory=list)
    width: int = 0
    height: int = 0
    thumbnail: tuple[int, int] | None = None


class TagReader:
    """Reads all directories of one TIFF structure.

    Args:
        data: from its byte-order mark on; offsets count from there.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._order = "<" if data[:2] == b"II" else ">"
        self._big = False
        self.directories: list[Directory] = []
        self.owned: list[tuple[int, int]] = []
        self.damaged = False

    def read(self) -> None:
        """Follow every directory there is; what breaks off sets `damaged`."""
        try:
            (magic,) = struct.unpack_from(self._order + "H", self._data, 2)
            self._big = magic == 43
            (first,) = struct.unpack_from(self._order + ("Q" if self._big else "I"), self._data, 8 if self._big else 4)
        except struct.error:
            self.damaged = True
            return
        self.owned.append((0, 16 if self._big else 8))
        waiting = [(first, "page")]
        seen: set[int] = set()
        while waiting:
            at, kind = waiting.pop(0)
            if not at or at in seen:
                continue
            if len(seen) >= _MOST_DIRECTORIES:
                self.damaged = True
                return
            seen.add(at)
            try:
                waiting += self._directory(at, kind)
            except (struct.error, OverflowError, ValueError):
                self.damaged = True

    def _directory(self, at: int, kind: str) -> list[tuple[int, str]]:
        counter, entry, pointer = ("Q", 20, "Q") if self._big else ("H", 12, "I")
        (count,) = struct.unpack_from(self._order + counter, self._data, at)
        start = at + struct.calcsize("<" + counter)
        end = start + count * entry
        if count > 4096:
            raise ValueError("more tags than a directory has")
        found = Directory(kind)
        self.directories.append(found)
        following: list[tuple[int, str]] = []
        offsets: dict[int, list[int]] = {}
        for index in range(count):
            following += self._entry(start + index * entry, found, offsets)
        self._pixels(found, offsets)
        (after,) = struct.unpack_from(self._order + pointer, self._data, end)
        self.owned.append((at, end + struct.calcsize("<" + pointer)))
        if kind in ("page", "thumbnail") and after:
            following.append((after, "page" if kind == "page" else kind))
        return following

    def _entry(self, at: int, found: Directory, offsets: dict[int, list[int]]) -> list[tuple[int, str]]:
        number, kind = struct.unpack_from(self._order + "HH", self._data, at)
        count, inline = (
            (struct.unpack_from(self._order + "Q", self._data, at + 4)[0], at + 12)
            if self._big
            else (struct.unpack_from(self._order + "I", self._data, at + 4)[0], at + 8)
        )
        size = _SIZES.get(kind, 1) * count
        room = 8 if self._big else 4
        where = (
            inline
            if size <= room
            else struct.unpack_from(self._order + ("Q" if self._big else "I"), self._data, inline)[0]
        )
        raw = self._data[where : where + size]
        if len(raw) < size:
            self.damaged = True
        if size > room:
            self.owned.append((where, where + len(raw)))
        if number in _POINTERS and kind in (3, 4, 13, 16, 18):
            return [(int(target), _POINTERS[number]) for target in self._numbers(kind, raw)[:64]]
        if number in (_STRIPS, _STRIP_SIZES, _TILES, _TILE_SIZES, _THUMBNAIL, _THUMBNAIL_SIZE, 256, 257):
            offsets[number] = [int(value) for value in self._numbers(kind, raw)]
        if number not in _DRAWING:
            found.tags.append(self._tag(number, kind, raw))
        return []

    def _numbers(self, kind: int, raw: bytes) -> list[float]:
        code = _FORMATS.get(kind)
        if code is None:
            return []
        width = struct.calcsize("<" + code)
        return list(
            struct.unpack(
                f"{self._order}{min(len(raw) // width, _MOST_VALUES)}{code}",
                raw[: min(len(raw) // width, _MOST_VALUES) * width],
            )
        )

    def _tag(self, number: int, kind: int, raw: bytes) -> Tag:
        if number in _WIDE_TEXTS:
            return Tag(number, raw.decode("utf-16-le", "replace").rstrip("\0"))
        if number == _USER_COMMENT:
            wide = raw.startswith(b"UNICODE\0")
            encoding = ("utf-16-le" if self._order == "<" else "utf-16-be") if wide else "utf-8"
            return Tag(number, raw[8:].decode(encoding, "replace").strip("\0 "))
        if kind == 2:
            return Tag(number, raw.rstrip(b"\0").decode("utf-8", "replace"))
        if number in _BLOCKS or (kind in (1, 6, 7) and len(raw) > 8):
            return Tag(number, data=raw)
        if kind in (5, 10):
            return Tag(number, "")
        values = self._numbers(kind, raw)[:1000]
        return Tag(
            number,
            " ".join(f"{value:.15g}" for value in values) if any(abs(value) >= 10**6 for value in values) else "",
        )

    def _pixels(self, found: Directory, offsets: dict[int, list[int]]) -> None:
        found.width = (offsets.get(256) or [0])[0]
        found.height = (offsets.get(257) or [0])[0]
        for places, sizes in ((_STRIPS, _STRIP_SIZES), (_TILES, _TILE_SIZES), (_THUMBNAIL, _THUMBNAIL_SIZE)):
            for start, size in zip(offsets.get(places, ()), offsets.get(sizes, ()), strict=False):
                self.owned.append((start, min(start + size, len(self._data))))
                if places == _THUMBNAIL:
                    found.thumbnail = (start, size)

    def gaps(self) -> Iterator[tuple[int, int]]:
        """Stretches that nothing refers to."""
        at = 0
        for start, end in sorted(self.owned):
            if start > at:
                yield at, min(start, len(self._data))
            at = max(at, end)
        if at < len(self._data):
            yield at, len(self._data)
