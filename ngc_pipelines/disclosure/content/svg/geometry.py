"""Where things are drawn: transforms, and outlines compared by their shape."""

from __future__ import annotations

import math
import re
from typing import Final

Matrix = tuple[float, float, float, float, float, float]
UNIT: Final[Matrix] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

_CALL: Final = re.compile(r"(matrix|translate|scale|rotate|skewX|skewY)\s*\(([^)]*)\)")
_NUMBER: Final = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_PATH: Final = re.compile(r"([MmZzLlHhVvCcSsQqTtAa])|([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)")
_ARGUMENTS: Final = {"m": 2, "l": 2, "h": 1, "v": 1, "c": 6, "s": 4, "q": 4, "t": 2, "a": 7, "z": 0}
_MOST_STEPS: Final = 200_000


def number(text: str | None, default: float = 0.0) -> float:
    """The leading number of a length, whatever its unit."""
    match = _NUMBER.match(text.strip()) if text else None
    value = float(match.group()) if match else default
    return value if math.isfinite(value) else default


def matrix_of(text: str | None) -> Matrix:
    """The matrix that a `transform` attribute means."""
    result = UNIT
    for name, arguments in _CALL.findall(text or ""):
        values = [float(one) for one in _NUMBER.findall(arguments)]
        result = multiply(_single(name, values), result)
    return result


def _single(name: str, values: list[float]) -> Matrix:
    if name == "matrix" and len(values) == 6:
        a, b, c, d, e, f = values
        return (a, b, c, d, e, f)
    if name == "translate" and values:
        return (1.0, 0.0, 0.0, 1.0, values[0], values[1] if len(values) > 1 else 0.0)
    if name == "scale" and values:
        return (values[0], 0.0, 0.0, values[1] if len(values) > 1 else values[0], 0.0, 0.0)
    if name == "rotate" and values:
        turn = math.radians(values[0])
        return (math.cos(turn), math.sin(turn), -math.sin(turn), math.cos(turn), 0.0, 0.0)
    return UNIT


def multiply(inner: Matrix, outer: Matrix) -> Matrix:
    """First `inner`, then `outer`."""
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def apply(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    """Where a point comes to lie."""
    a, b, c, d, e, f = matrix
    return round(a * x + c * y + e, 3), round(b * x + d * y + f, 3)


class Outline:
    """A path's points, absolute, and the commands that made them."""

    def __init__(self, text: str) -> None:
        self.commands = ""
        self.points: list[tuple[float, float]] = []
        self._read(text)

    def _read(self, text: str) -> None:
        command = ""
        values: list[float] = []
        x = y = start_x = start_y = 0.0
        for steps, match in enumerate(_PATH.finditer(text)):
            letter, digits = match.groups()
            if steps > _MOST_STEPS:
                return
            if letter:
                command, values = letter, []
                if letter in "Zz":
                    self.commands += "z"
                    x, y = start_x, start_y
                continue
            values.append(float(digits))
            needed = _ARGUMENTS.get(command.lower(), 0)
            if not needed or len(values) < needed:
                continue
            kind, relative = command.lower(), command.islower()
            if kind == "h":
                x = values[0] + (x if relative else 0.0)
            elif kind == "v":
                y = values[0] + (y if relative else 0.0)
            else:
                x, y = values[-2] + (x if relative else 0.0), values[-1] + (y if relative else 0.0)
            if kind == "m":
                start_x, start_y = x, y
                command = "l" if relative else "L"
            self.commands += kind
            self.points.append((x, y))
            values = []

    @property
    def extent(self) -> tuple[float, float]:
        """Width and height of the box around its points."""
        xs, ys = [x for x, _ in self.points], [y for _, y in self.points]
        return max(xs) - min(xs), max(ys) - min(ys)

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of the box around its points."""
        xs, ys = [x for x, _ in self.points], [y for _, y in self.points]
        return (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2

    @property
    def shape(self) -> tuple[object, ...]:
        """Equal for outlines that differ in where they are only."""
        x0, y0 = self.points[0]
        return (self.commands, *((round(x - x0, 1), round(y - y0, 1)) for x, y in self.points[1:40]))
