"""What an SVG draws, gathered into series: points, bars, lines, with their labels."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Final

from ngc_pipelines.disclosure.content.svg.geometry import Matrix, Outline, apply, number
from ngc_pipelines.disclosure.pieces import Figure, Series
from ngc_pipelines.disclosure.places import Place

_SMALL: Final = 40.0
_FEWEST: Final = 5
_LONG_LINE: Final = 20
_LETTERS: Final = re.compile(
    r"glyph|font|^#?[A-Za-z]+(?:Sans|Serif|Mono|Math)?[A-Za-z]*-(?:Bold|Oblique|Italic)*-?[0-9a-f]{2,4}$", re.IGNORECASE
)
_FURNITURE: Final = frozenset({"group mark container", "title", "axis", "legend", "visualization"})
_PAIR: Final = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_Spots = list[tuple[float, float]]


class Marks:
    """Takes drawn elements; `figure` is right once all were taken."""

    def __init__(self) -> None:
        self._groups: dict[tuple[object, ...], _Spots] = defaultdict(list)
        self._labels: dict[tuple[object, ...], list[str]] = defaultdict(list)
        self._bars: dict[tuple[object, ...], _Spots] = defaultdict(list)
        self._lines: list[_Spots] = []

    def take(self, name: str, attributes: dict[str, str], matrix: Matrix) -> None:
        """One drawn element, with all transforms above it."""
        label = attributes.get("aria-label", "")
        role = attributes.get("aria-roledescription", "")
        if ": " in label and role and role not in _FURNITURE:
            outline = Outline(attributes.get("d", ""))
            middle = outline.middle if outline.points else (number(attributes.get("x")), number(attributes.get("y")))
            self._point(("labelled", role), apply(matrix, *middle), label)
            return
        if name in ("circle", "ellipse"):
            radius = round(number(attributes.get("r", attributes.get("rx"))), 2)
            self._point(
                (name, attributes.get("class"), radius),
                apply(matrix, number(attributes.get("cx")), number(attributes.get("cy"))),
                label,
            )
        elif name == "use":
            target = attributes.get("href", attributes.get("xlink:href", ""))
            if not _LETTERS.search(target):
                self._point(
                    (name, target), apply(matrix, number(attributes.get("x")), number(attributes.get("y"))), label
                )
        elif name == "rect":
            self._rectangle(attributes, matrix, label)
        elif name == "path":
            self._path(attributes, matrix, label)
        elif name in ("polyline", "polygon"):
            values = [float(one) for one in _PAIR.findall(attributes.get("points", ""))]
            spots = [apply(matrix, x, y) for x, y in zip(values[::2], values[1::2], strict=False)]
            self._outline(Outline("M" + " ".join(f"{x} {y}" for x, y in spots)), spots, label)

    def _point(self, key: tuple[object, ...], spot: tuple[float, float], label: str) -> None:
        self._groups[key].append(spot)
        if label:
            self._labels[key].append(label)

    def _rectangle(self, attributes: dict[str, str], matrix: Matrix, label: str) -> None:
        x, y = number(attributes.get("x")), number(attributes.get("y"))
        width, height = number(attributes.get("width")), number(attributes.get("height"))
        if width <= 8 and abs(width - height) < 0.5:
            self._point(
                ("rect", attributes.get("class"), round(width, 1)), apply(matrix, x + width / 2, y + height / 2), label
            )
        elif width > 0 and height > 0 and not attributes.get("width", "").endswith("%"):
            left, low = apply(matrix, x, y + height)
            self._bar(left, low, width, height, label)

    def _bar(self, left: float, low: float, width: float, height: float, label: str) -> None:
        key = ("bar", round(low, 1), round(width, 1))
        self._bars[key].append((left, round(height, 3)))
        if label:
            self._labels[key].append(label)

    def _path(self, attributes: dict[str, str], matrix: Matrix, label: str) -> None:
        outline = Outline(attributes.get("d", ""))
        if outline.points:
            self._outline(outline, [apply(matrix, x, y) for x, y in outline.points], label)

    def _outline(self, outline: Outline, spots: _Spots, label: str) -> None:
        width, height = outline.extent
        middle = (
            (max(x for x, _ in spots) + min(x for x, _ in spots)) / 2,
            (max(y for _, y in spots) + min(y for _, y in spots)) / 2,
        )
        corners = len(set(spots)) == 4 and len({x for x, _ in spots}) == len({y for _, y in spots}) == 2
        if corners and set(outline.commands) <= set("mlhvz") and max(width, height) > 8:
            left, low = min(x for x, _ in spots), max(y for _, y in spots)
            self._bar(left, low, width, height, label)
        elif max(width, height) <= _SMALL and len(outline.points) > 2 and set(outline.commands) & set("zca"):
            self._point(("path", outline.shape), (round(middle[0], 3), round(middle[1], 3)), label)
        elif len(spots) >= _LONG_LINE and set(outline.commands) <= set("mlhv"):
            self._lines.append(spots)

    def figure(self, place: Place, title: str | None) -> Figure | None:
        """The series that are many enough to be data, or None."""
        found: list[Series] = []
        for key, spots in self._groups.items():
            distinct = list(dict.fromkeys(spots))
            spread = len({x for x, _ in distinct}) > 2 and len({y for _, y in distinct}) > 2
            if key[0] == "labelled":
                found.append(_series(f"{key[1]}", _shape_of(str(key[1])), spots, self._labels[key]))
            elif len(distinct) >= _FEWEST and (spread or self._labels.get(key)):
                found.append(_series(f"{key[0]} {len(found) + 1}", "point", distinct, self._labels.get(key, [])))
        for key, bars in self._bars.items():
            if len({left for left, _ in bars}) >= 2 and len({high for _, high in bars}) >= 2:
                found.append(_series(f"bars {len(found) + 1}", "bar", bars, self._labels.get(key, [])))
        found += [_series(f"line {index}", "line", spots, []) for index, spots in enumerate(self._lines, 1)]
        return Figure(place, tuple(found), title=title) if found else None


def _shape_of(role: str) -> str:
    return next((shape for shape in ("bar", "line", "area", "box") if shape in role), "point")


def _series(name: str, shape: str, spots: _Spots, labels: list[str]) -> Series:
    return Series(name, shape, tuple(x for x, _ in spots), tuple(y for _, y in spots), tuple(labels))
