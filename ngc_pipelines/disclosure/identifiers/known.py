"""Identifiers that are known: up to ten millions, looked up by keyed hash.

A list is held as the sorted 64-bit keyed hashes of its identifiers, in one
mapped file that all processes share. The same bytes saved are the *filter* a
researcher's copy of the checker may carry: it answers whether a text holds an
identifier and does not list them. Its key stands in it, so what has few
possible values could be tried through: CPR numbers are left out of filters.

Chance: a token of the right shape is taken for an identifier with a
probability of 10,000,000 / 2**64, below 10**-12.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import secrets
import struct
import sys
import tempfile
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ngc_pipelines.disclosure.byte_patterns import compiled
from ngc_pipelines.disclosure.identifiers.cpr import looks_like_cpr
from ngc_pipelines.disclosure.identifiers.shapes import Shape, ShapeCounter, normalise

MAGIC = b"NGCIDS1\n"
_HEAD = struct.Struct("<I")
_BLOCK = 1 << 20
_SHORTEST = 3


class KnownIdsError(ValueError):
    """A list or filter of known identifiers that cannot be used; says why."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A known identifier in a text.

    Args:
        start, end: where, in bytes of the text searched.
        weak: whether its shape is met by chance: only a finding in context.
    """

    start: int
    end: int
    weak: bool


class KnownIdentifiers:
    """Known identifiers, found in any case and any spelling of separators."""

    def __init__(self, image: memoryview) -> None:
        """Use `read_known_ids`, `from_descriptor` or `from_identifiers` instead."""
        if bytes(image[: len(MAGIC)]) != MAGIC or len(image) < len(MAGIC) + _HEAD.size:
            raise KnownIdsError("not a filter of known identifiers")
        at = len(MAGIC) + _HEAD.size
        (length,) = _HEAD.unpack(image[len(MAGIC) : at])
        try:
            head: dict[str, Any] = json.loads(bytes(image[at : at + length]))
            self._key = bytes.fromhex(head["key"])
            self.shapes = tuple(Shape.from_data(shape) for shape in head["shapes"])
            self.count = int(head["count"])
        except (ValueError, KeyError, TypeError) as fault:
            raise KnownIdsError("the head of this filter of known identifiers is broken") from fault
        body = image[_padded(at + length) :]
        if len(body) != 8 * self.count or not 16 <= len(self._key) <= 64:
            raise KnownIdsError("this filter of known identifiers is cut short or changed")
        self._image = image
        self._hashes = body.cast("Q")

    @classmethod
    def from_identifiers(cls, identifiers: Iterable[str], *, leave_out_cpr: bool = False) -> KnownIdentifiers:
        """Identifiers as they are written, one each."""
        return cls(memoryview(build_image(identifiers, leave_out_cpr=leave_out_cpr)))

    @classmethod
    def from_descriptor(cls, descriptor: int) -> KnownIdentifiers:
        """Identifiers in an open file; its pages are shared with who else maps it."""
        return cls(memoryview(mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ)))

    def descriptor(self) -> int:
        """An open file with these identifiers, to hand to another process; the caller closes it."""
        if hasattr(os, "memfd_create"):
            descriptor = os.memfd_create("known-ids")
        else:
            with tempfile.TemporaryFile() as stream:
                descriptor = os.dup(stream.fileno())
        rest = self._image
        while rest:
            rest = rest[os.write(descriptor, rest[: 1 << 26]) :]
        return descriptor

    def holds(self, token: bytes) -> bool:
        """Whether the token, however written, is one of them."""
        wanted = _hashed(normalise(token), self._key)
        at = bisect_left(self._hashes, wanted)
        return at < len(self._hashes) and self._hashes[at] == wanted

    def find(self, text: bytes) -> Iterator[Hit]:
        """Every identifier in a text of UTF-8, the next after the last one's end."""
        for match in self._finder.finditer(text):
            start, end = match.span()
            hit = self._look(text, start, end)
            if hit is None and end - start > _SHORTEST:
                hit = self._inside(text, start + 1, min(len(text), end + 64))
            if hit is not None:
                yield hit

    def save(self, path: Path) -> None:
        """Write the filter, whole or not at all."""
        beside = path.with_name(path.name + ".part")
        try:
            with beside.open("wb") as stream:
                stream.write(self._image)
                stream.flush()
                os.fsync(stream.fileno())
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)

    def _inside(self, text: bytes, start: int, end: int) -> Hit | None:
        # The leftmost reading of glued tokens need not be the identifier: `XNGC123` has the shape before it.
        for _ in range(8):
            match = self._finder.search(text[start:end])
            if match is None:
                return None
            hit = self._look(text, start + match.start(), start + match.end())
            if hit is not None:
                return hit
            start += match.start() + 1
        return None

    def _look(self, text: bytes, start: int, end: int) -> Hit | None:
        if _goes_on(text, start - 1, start) or _goes_on(text, end, end - 1):
            return None
        token = text[start:end]
        if not self.holds(token):
            return None
        return Hit(start, end, self._is_weak(token))

    def _is_weak(self, token: bytes) -> bool:
        if not self._weak_finder:
            return False
        return self._strong_finder is None or not self._strong_finder.fullmatch(token)

    @cached_property
    def _finder(self) -> Any:
        return _finder_of(self.shapes)

    @cached_property
    def _weak_finder(self) -> bool:
        return any(shape.weak for shape in self.shapes)

    @cached_property
    def _strong_finder(self) -> Any:
        strong = [shape for shape in self.shapes if not shape.weak]
        return _finder_of(strong) if strong else None


def read_known_ids(path: Path, *, leave_out_cpr: bool = False) -> KnownIdentifiers:
    """Known identifiers from a list (one a line, UTF-8) or a saved filter.

    Raises:
        KnownIdsError: where it is neither, or holds nothing.
        OSError: where it cannot be read.
    """
    with path.open("rb") as stream:
        if stream.read(len(MAGIC)) == MAGIC:
            return KnownIdentifiers.from_descriptor(stream.fileno())
        stream.seek(0)
        try:
            with path.open(encoding="utf-8-sig") as lines:
                known = KnownIdentifiers.from_identifiers(lines, leave_out_cpr=leave_out_cpr)
        except UnicodeDecodeError:
            raise KnownIdsError("the list is not UTF-8 text with one identifier a line") from None
    if not known.count:
        raise KnownIdsError("the list holds no identifiers; an empty list would find nothing")
    return known


def build_image(identifiers: Iterable[str], *, leave_out_cpr: bool) -> bytes:
    """The bytes of a filter: head, shapes and sorted hashes.

    Args:
        leave_out_cpr: for filters that leave the house: CPR numbers are so few
            that anybody could try them all against it.
    """
    import numpy as np

    key = secrets.token_bytes(32)
    shapes = ShapeCounter()
    hashed: list[bytes] = []
    for block in _blocks(identifiers, leave_out_cpr=leave_out_cpr):
        shapes.add(block)
        hashed.append(b"".join(_digest(line, key) for line in normalise(block).split(b"\n")))
    hashes = np.unique(np.frombuffer(b"".join(hashed), dtype="<u8"))
    head = {"key": key.hex(), "count": len(hashes), "shapes": [shape.as_data() for shape in shapes.shapes()]}
    told = json.dumps(head).encode()
    start = MAGIC + _HEAD.pack(len(told)) + told
    return start.ljust(_padded(len(start)), b"\0") + hashes.tobytes()


def _blocks(identifiers: Iterable[str], *, leave_out_cpr: bool) -> Iterator[bytes]:
    kept: list[str] = []
    for identifier in identifiers:
        text = identifier.strip()
        if len(text) < _SHORTEST or (leave_out_cpr and looks_like_cpr(text)):
            continue
        kept.append(text)
        if len(kept) >= 1 << 16:
            yield "\n".join(kept).encode()
            kept = []
    if kept:
        yield "\n".join(kept).encode()


def _finder_of(shapes: Iterable[Shape]) -> Any:
    # Longer shapes first: re2 takes the first alternative that fits.
    ordered = sorted(shapes, key=lambda shape: -sum(int(run[1:]) for run in shape.runs.split()))
    return compiled(b"|".join(shape.regex() for shape in ordered) or rb"\b\B", 256 << 20)


def _goes_on(text: bytes, outside: int, inside: int) -> bool:
    """Whether a token goes on beyond its edge: digits in digits, or letters in letters with none else."""
    if not 0 <= outside < len(text):
        return False
    out, edge = text[outside], text[inside]
    if _is_digit(edge):
        return _is_digit(out)
    return _is_letter(edge) and _is_letter(out) and outside > inside


def _is_digit(byte: int) -> bool:
    return 48 <= byte <= 57


def _is_letter(byte: int) -> bool:
    return 65 <= byte <= 90 or 97 <= byte <= 122


def _digest(normalised: bytes, key: bytes) -> bytes:
    return hashlib.blake2b(normalised, key=key, digest_size=8).digest()


def _hashed(normalised: bytes, key: bytes) -> int:
    return int.from_bytes(_digest(normalised, key), sys.byteorder)


def _padded(length: int) -> int:
    return (length + 7) // 8 * 8
