"""The shapes of identifiers: how letters, digits and separators follow each other.

A list of a million identifiers has a handful of shapes. A text is searched
for the shapes, and only what has one is looked up (`known`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

SEPARATORS = b" -_./:"
"""What may stand between the parts of an identifier, or be left out, or be exchanged."""

MOST_SHAPES = 200

_CLASSES = bytes.maketrans(
    bytes(range(ord("A"), ord("Z") + 1)) + bytes(range(ord("a"), ord("z") + 1)) + b"0123456789" + SEPARATORS,
    b"A" * 52 + b"0" * 10 + b"-" * len(SEPARATORS),
)
_ALPHANUMERIC = bytes.maketrans(b"A0", b"XX")
_RUN = re.compile(rb"A+|0+|X+")
# Dashes, the minus sign, blanks that keep together and thin ones, the soft hyphen.
_WIDE = rb"\xe2\x80[\x80-\x95\xaf]|\xe2\x88\x92|\xc2\xa0|\xc2\xad"
_BETWEEN = rb"(?:[ \-_./:]|" + _WIDE + rb")?"
_WIDE_SEPARATORS = re.compile(_WIDE)
_IN_REGEX = {"A": rb"[A-Za-z]", "0": rb"[0-9]", "X": rb"[0-9A-Za-z]"}


def normalise(text: bytes) -> bytes:
    """An identifier without its separators, in capitals: what is compared."""
    if not text.isascii():
        text = _WIDE_SEPARATORS.sub(b"", text)
    return text.translate(None, SEPARATORS).upper()


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape.

    Args:
        runs: classes and lengths, e.g. `A3 06`; separators are allowed between runs.
        prefix: letters that all identifiers of the shape begin with, or empty.
        weak: whether tokens of this shape meet an identifier by chance, so that
            only a column or words around make one a finding.
    """

    runs: str
    prefix: str = ""
    weak: bool = False

    def regex(self) -> bytes:
        """What finds it, its separators optional."""
        parts = []
        for index, run in enumerate(self.runs.split()):
            kind, length = run[0], int(run[1:])
            if index == 0 and self.prefix:
                rest = length - len(self.prefix)
                literal = rb"(?i:" + re.escape(self.prefix.encode()) + rb")"
                parts.append(literal + (_IN_REGEX[kind] + rb"{%d}" % rest if rest else b""))
            else:
                parts.append(_IN_REGEX[kind] + rb"{%d}" % length)
        return _BETWEEN.join(parts)

    def as_data(self) -> list[Any]:
        """The shape in a filter file."""
        return [self.runs, self.prefix, self.weak]

    @classmethod
    def from_data(cls, data: list[Any]) -> Shape:
        """A shape out of a filter file.

        Raises:
            ValueError: where it is none; a regular expression is made of it.
        """
        runs, prefix, weak = data
        if not re.fullmatch(r"[A0X][1-9]\d{0,2}( [A0X][1-9]\d{0,2})*", runs) or not re.fullmatch(r"[A-Z]*", prefix):
            raise ValueError("not a shape of identifiers")
        return cls(runs, prefix, bool(weak))


class ShapeCounter:
    """Learns the shapes of a list, block by block."""

    def __init__(self) -> None:
        self._counts: Counter[bytes] = Counter()
        self._prefixes: dict[bytes, bytes] = {}

    def add(self, lines: bytes) -> None:
        """Take in identifiers, one a line, as they are written."""
        drawn = lines.translate(_CLASSES).split(b"\n")
        self._counts.update(drawn)
        for shape, line in zip(drawn, lines.split(b"\n"), strict=True):
            known = self._prefixes.get(shape)
            if known is None:
                self._prefixes[shape] = _letters(line)
            elif known and not line.upper().startswith(known):
                self._prefixes[shape] = _common(known, line.upper())

    def shapes(self) -> tuple[Shape, ...]:
        """The shapes seen; many are drawn together into coarser ones."""
        groups = _grouped((shape, n, self._prefixes[shape]) for shape, n in self._counts.items() if shape)
        if len(groups) > MOST_SHAPES:
            coarse = ((s.translate(_ALPHANUMERIC), n, b"") for s, n in self._counts.items() if s)
            groups = _grouped(coarse)
        if len(groups) > MOST_SHAPES:
            bare = ((s.translate(_ALPHANUMERIC, b"-"), n, b"") for s, n in self._counts.items() if s)
            groups = _grouped(bare)
        return tuple(_shape(runs, count, prefix) for runs, (count, prefix) in sorted(groups.items()))


def _grouped(shapes: Iterable[tuple[bytes, int, bytes]]) -> dict[str, tuple[int, bytes]]:
    groups: dict[str, tuple[int, bytes]] = {}
    for drawn, count, prefix in shapes:
        runs = " ".join(f"{chr(run[0])}{len(run)}" for run in _RUN.findall(drawn))
        if not runs:
            continue
        before = groups.get(runs)
        groups[runs] = (count, prefix) if before is None else (before[0] + count, _common(before[1], prefix))
    return groups


def _shape(runs: str, count: int, prefix: bytes) -> Shape:
    parts = [(run[0], int(run[1:])) for run in runs.split()]
    letters = sum(length for kind, length in parts if kind == "A")
    digits = sum(length for kind, length in parts if kind == "0")
    mixed = sum(length for kind, length in parts if kind == "X")
    possible = 26.0**letters * 10.0**digits * 36.0**mixed
    # One in a thousand tokens of the shape is much for `AB1234` and nothing for `1234567`, which any table holds.
    often = 1e-3 if letters >= 2 or mixed else 1e-5
    weak = count / possible > often or letters + digits + mixed < 5
    first = parts[0]
    told = prefix[: first[1]] if first[0] == "A" and count >= 100 else b""
    return Shape(runs, told.decode("ascii"), weak)


def _letters(line: bytes) -> bytes:
    found = re.match(rb"[A-Za-z]*", line)
    return found[0].upper() if found else b""


def _common(one: bytes, other: bytes) -> bytes:
    length = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        length += 1
    return one[:length]
