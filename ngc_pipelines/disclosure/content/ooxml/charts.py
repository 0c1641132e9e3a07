"""Charts: the values that a chart keeps of what it draws, as figures."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ngc_pipelines.disclosure.content import remarks
from ngc_pipelines.disclosure.content.ooxml.markup import PartReader
from ngc_pipelines.disclosure.pieces import Figure, Opened, Series
from ngc_pipelines.disclosure.places import Place

if TYPE_CHECKING:
    from ngc_pipelines.disclosure.opening import Context

_SHAPES: Final = {
    "scatterChart": "point",
    "bubbleChart": "point",
    "barChart": "bar",
    "bar3DChart": "bar",
    "lineChart": "line",
    "line3DChart": "line",
    "areaChart": "area",
    "area3DChart": "area",
    "pieChart": "pie",
    "pie3DChart": "pie",
    "doughnutChart": "pie",
    "radarChart": "line",
    "stockChart": "line",
    "surfaceChart": "area",
}
_ROLES: Final = frozenset({"tx", "cat", "val", "xVal", "yVal", "bubbleSize"})
_ODD_NUMBER: Final = 9


class ChartReader(PartReader):
    """Reads a chart of either kind (`c:chartSpace`, `cx:chartSpace`)."""

    paragraphs = frozenset({"p", "pt", "f", "ser", "formatCode"})

    def __init__(self, context: Context, place: Place) -> None:
        super().__init__(context, place)
        self._shape = "point"
        self._role = ""
        self._values: dict[str, list[str]] = {}
        self._series: list[Series] = []
        self._in_value = False
        self._embedded = False
        self._title: list[str] = []
        self._depth = 0
        self._dimension = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name in _SHAPES:
            self._shape = _SHAPES[name]
        elif name in ("ser", "data") and not self._depth:
            self._values = {}
            self._dimension = 0
            self._depth = 1
        elif self._depth and name in _ROLES:
            self._role = name
        elif self._depth and name in ("numDim", "strDim"):
            self._dimension += 1
            self._role = "cat" if name == "strDim" else f"dim{self._dimension}"
        elif name == "externalData":
            self._embedded = True
        self._in_value = (
            name == "v" or (name == "pt" and self._role.startswith("dim")) or (name == "pt" and self._role == "cat")
        )
        super().start(name, attributes)

    def text(self, data: str) -> None:
        if self._in_value and self._depth and data.strip():
            self._values.setdefault(self._role, []).append(data)
            if not self._is_plain_number(data):
                super().text(data)
            return
        super().text(data)

    @staticmethod
    def _is_plain_number(text: str) -> bool:
        return len(text) < _ODD_NUMBER or _number(text) % 1 != 0

    def end(self, name: str) -> None:
        if name in ("v", "pt"):
            self._in_value = False
        elif name in _ROLES:
            self._role = ""
        elif name in ("ser", "data") and self._depth:
            self._depth = 0
            self._end_series()
        super().end(name)

    def _end_series(self) -> None:
        values = self._values
        numeric = [values[role] for role in values if role.startswith("dim")]
        ys = values.get("yVal") or values.get("val") or (numeric[0] if numeric else [])
        xs = values.get("xVal") or (numeric[1] if len(numeric) > 1 else [])
        labels = values.get("cat", [])
        numbers = [_number(text) for text in ys]
        across = [_number(text) for text in xs] if xs else [float(index) for index in range(1, len(numbers) + 1)]
        length = min(len(numbers), len(across)) if numbers else len(across)
        if length or labels:
            self._series.append(
                Series(
                    " ".join(values.get("tx", []))[:200],
                    self._shape,
                    tuple(across[:length]),
                    tuple(numbers[:length]),
                    tuple(labels[:10_000]),
                )
            )
        self._values = {}

    def finish(self) -> Iterator[Opened]:
        yield from super().finish()
        yield from self.take()
        if self._series:
            yield Figure(self.place, tuple(self._series), embedded=self._embedded)
        if self._embedded:
            yield remarks.embedded(
                self.context,
                self.place,
                "diagrammet har sin egen projektmappe",
                "the chart carries a workbook of its own",
            )


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return math.nan
    return value
