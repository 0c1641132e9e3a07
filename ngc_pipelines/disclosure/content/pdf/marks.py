"""Drawings read back: marks of one kind that stand in many places.

A scatter plot saved as vectors *is* its data. Marks are told by their shape:
the same small outline drawn again and again, the same form placed again, or
the same single letter of a symbol font.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Final

from ngc_pipelines.disclosure.pieces import Figure, Series
from ngc_pipelines.disclosure.places import Place

_TOKEN: Final = re.compile(rb"\((?:[^()\\]|\\.)*\)|/[^\s/\[\]()<>{}%]+|[-+]?\d*\.?\d+|[A-Za-z'\"*]+|\[|\]")
_DRAWS: Final = re.compile(rb"\b(?:re|[lcvy]|Do)\s|\([^)\\]\)\s*Tj")
_PAINT: Final = frozenset({b"S", b"s", b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*"})
_SMALL: Final = 24.0
_FEWEST: Final = 5
_LONG_LINE: Final = 20
_MOST_TOKENS: Final = 5_000_000
_Matrix = tuple[float, float, float, float, float, float]
_UNIT: Final[_Matrix] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def figure_of(content: bytes, place: Place) -> Figure | None:
    """The marks of one content stream as a figure, or None where there are none."""
    if not _DRAWS.search(content):
        return None
    reader = _Drawing()
    reader.read(content)
    series = reader.series()
    return Figure(place, tuple(series)) if series else None


class _Drawing:
    """Follows a content stream as far as positions go."""

    def __init__(self) -> None:
        self._matrix: _Matrix = _UNIT
        self._saved: list[_Matrix] = []
        self._text_at = (0.0, 0.0)
        self._font = b""
        self._path: list[tuple[bytes, tuple[float, ...]]] = []
        self._groups: dict[tuple[object, ...], list[tuple[float, float]]] = defaultdict(list)
        self._bars: dict[tuple[float, float], list[tuple[float, float]]] = defaultdict(list)
        self._lines: list[list[tuple[float, float]]] = []

    def read(self, content: bytes) -> None:
        stack: list[bytes] = []
        for count, match in enumerate(_TOKEN.finditer(content)):
            token = match.group()
            if token[:1].isalpha() or token[:1] in b"'\"*":
                self._operator(token, stack)
                stack = []
            else:
                stack.append(token)
            if count > _MOST_TOKENS:
                break

    def _operator(self, name: bytes, stack: list[bytes]) -> None:
        if name in (b"m", b"l", b"c", b"v", b"y", b"re"):
            numbers = _numbers(stack)
            if numbers:
                self._path.append((name, numbers))
        elif name == b"h":
            self._path.append((b"h", ()))
        elif name in _PAINT:
            self._paint(name)
            self._path = []
        elif name == b"n":
            self._path = []
        elif name == b"q":
            self._saved.append(self._matrix)
        elif name == b"Q" and self._saved:
            self._matrix = self._saved.pop()
        elif name == b"cm":
            numbers = _numbers(stack)
            if len(numbers) == 6:
                self._matrix = _multiply(
                    (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]), self._matrix
                )
        elif name == b"Do" and stack:
            self._groups["form", stack[-1]].append(self._at(0.0, 0.0))
        elif name == b"Tf" and len(stack) >= 2:
            self._font = stack[-2]
        elif name in (b"Tm", b"Td", b"TD"):
            numbers = _numbers(stack)
            if len(numbers) >= 2:
                x, y = numbers[-2:]
                self._text_at = (x, y) if name == b"Tm" else (self._text_at[0] + x, self._text_at[1] + y)
        elif name == b"BT":
            self._text_at = (0.0, 0.0)
        elif name == b"Tj" and stack and stack[-1][:1] == b"(" and len(stack[-1]) == 3 and not stack[-1][1:2].isdigit():
            self._groups["letter", self._font, stack[-1]].append(self._at(*self._text_at))

    def _at(self, x: float, y: float) -> tuple[float, float]:
        a, b, c, d, e, f = self._matrix
        return round(a * x + c * y + e, 2), round(b * x + d * y + f, 2)

    def _paint(self, how: bytes) -> None:
        if not self._path:
            return
        operators = tuple(name for name, _ in self._path)
        first = self._path[0][1]
        if operators == (b"re",) and len(first) >= 4:
            self._rectangle(first, how)
            return
        points = [numbers[-2:] for _, numbers in self._path if len(numbers) >= 2]
        if len(points) < 2:
            return
        xs, ys = [point[0] for point in points], [point[1] for point in points]
        if (
            how not in (b"S", b"s")
            and len(points) in (4, 5)
            and len(set(xs)) == len(set(ys)) == 2
            and set(operators) <= {b"m", b"l", b"h"}
        ):
            self._rectangle((min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)), how)
            return
        scale = max(abs(self._matrix[0]) + abs(self._matrix[1]), 1e-9)
        extent = max(max(xs) - min(xs), max(ys) - min(ys)) * scale
        solid = len(points) > 2 or b"c" in operators
        if extent <= _SMALL and solid:
            x0, y0 = points[0]
            shape = tuple((round(x - x0, 1), round(y - y0, 1)) for x, y in points[1:])
            middle = self._at((max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2)
            self._groups["path", operators, shape].append(middle)
        elif how in (b"S", b"s") and len(points) >= _LONG_LINE and set(operators) <= {b"m", b"l"}:
            self._lines.append([self._at(point[0], point[1]) for point in points])

    def _rectangle(self, numbers: tuple[float, ...], how: bytes) -> None:
        x, y, width, height = numbers[:4]
        scale = max(abs(self._matrix[0]) + abs(self._matrix[1]), 1e-9)
        left, low = self._at(x, y)
        wide, high = abs(width) * scale, abs(height) * scale
        if wide <= 8 and high <= 8 and abs(wide - high) < 0.5:
            self._groups["square", round(wide, 1), how].append((round(left + wide / 2, 2), round(low + high / 2, 2)))
        elif how not in (b"S", b"s") and wide > 1.5 and high > 1.5:
            base = low if height * self._matrix[3] >= 0 else low - high
            self._bars[round(base, 1), round(wide, 1)].append((round(left, 2), round(high, 2)))

    def series(self) -> list[Series]:
        """Groups of marks that are many enough to be data."""
        found: list[Series] = []
        for key, spots in self._groups.items():
            distinct = list(dict.fromkeys(spots))
            if len(distinct) >= _FEWEST and _is_spread(distinct):
                found.append(_series(f"{key[0]} {len(found) + 1}", "point", distinct))
        for (base, _), bars in self._bars.items():
            if len({left for left, _ in bars}) >= 2 and len({high for _, high in bars}) >= 2:
                found.append(
                    Series(
                        f"bars from {base:g}", "bar", tuple(left for left, _ in bars), tuple(high for _, high in bars)
                    )
                )
        for line in self._lines:
            found.append(Series(f"line {len(found) + 1}", "line", tuple(x for x, _ in line), tuple(y for _, y in line)))
        return found


def _series(name: str, shape: str, spots: list[tuple[float, float]]) -> Series:
    return Series(name, shape, tuple(x for x, _ in spots), tuple(y for _, y in spots))


def _is_spread(spots: list[tuple[float, float]]) -> bool:
    """Marks in one row or one column are ticks and letters, not points."""
    return len({x for x, _ in spots}) > 2 and len({y for _, y in spots}) > 2


def _numbers(stack: list[bytes]) -> tuple[float, ...]:
    try:
        return tuple(float(one) for one in stack[-6:] if one[:1] not in b"/([]")
    except ValueError:
        return ()


def _multiply(inner: _Matrix, outer: _Matrix) -> _Matrix:
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u
