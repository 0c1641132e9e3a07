"""Data sets that interactive figures carry: plotly, vega, bokeh, DataTables, leaflet.

They all come as JSON; here it is walked, and what is a plot or a table in it
becomes a piece. Finding the JSON in a page is `html`'s work.
"""

from __future__ import annotations

import array
import base64
import binascii
import json
import sys
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ngc_pipelines.disclosure.content import remarks
from ngc_pipelines.disclosure.opening import Context
from ngc_pipelines.disclosure.pieces import Cell, Figure, Opened, Series, Table, Text
from ngc_pipelines.disclosure.places import Place

_DEEPEST = 40
_FEWEST_RECORDS = 3
_MOST_CELLS = 2_000_000

_DTYPES = {
    "i1": "b", "u1": "B", "u1c": "B", "i2": "h", "u2": "H", "i4": "i", "u4": "I", "f4": "f", "f8": "d",
    "int8": "b", "uint8": "B", "int16": "h", "uint16": "H", "int32": "i", "uint32": "I",
    "float32": "f", "float64": "d", "int64": "q", "uint64": "Q",
}  # fmt: skip
"""Typed arrays of plotly and bokeh, by the codes of `array`."""

_LEAFLET = frozenset({"addMarkers", "addCircleMarkers", "addCircles", "addAwesomeMarkers", "addHeatmap"})
_POINT_MODES = frozenset({"scatter", "scattergl", "scatter3d", "scattergeo", "scattermapbox", "scattermap", "splom"})


def pieces_of_json(data: Any, place: Place, context: Context) -> Iterator[Opened]:
    """The figures and tables in parsed JSON, and one finding where there are any."""
    found = list(_walk(data, place, 0))
    yield from found
    if found:
        names = sorted({type(piece).__name__.lower() for piece in found})
        yield remarks.embedded(
            context,
            place,
            "data bag figurer eller tabeller (JSON)",
            f"data behind figures or tables (JSON: {', '.join(names)})",
            count=len(found),
        )


def _walk(data: Any, place: Place, depth: int) -> Iterator[Figure | Table | Text]:
    if depth > _DEEPEST:
        return
    if isinstance(data, Mapping):
        yield from _mapping(data, place, depth)
    elif isinstance(data, list):
        yield from _list(data, place, depth)


def _mapping(data: Mapping[str, Any], place: Place, depth: int) -> Iterator[Figure | Table | Text]:
    traces = data.get("data")
    if isinstance(traces, list) and traces and all(_is_trace(trace) for trace in traces):
        yield _plotly(traces, data.get("layout"), place)
        return
    if data.get("method") in _LEAFLET and isinstance(data.get("args"), list):
        yield from _leaflet(data["args"], place)
        return
    columns = _columns(data)
    if columns:
        yield _table(list(columns), columns.values(), place)
        return
    if isinstance(data.get("data"), list) and isinstance(data.get("container"), str):
        yield from _data_tables(data, place)
        return
    for key, value in data.items():
        if isinstance(value, Mapping | list):
            yield from _walk(value, place.inside(str(key)[:80]) if depth < 6 else place, depth + 1)


def _list(data: list[Any], place: Place, depth: int) -> Iterator[Figure | Table | Text]:
    if data and all(_is_trace(item) and ("type" in item or "mode" in item) for item in data):
        # The traces alone, as `Plotly.newPlot(id, traces, layout)` takes them.
        yield _plotly(data, None, place)
        return
    records = [item for item in data if isinstance(item, Mapping) and _is_flat(item)]
    if len(records) >= _FEWEST_RECORDS and len(records) * 10 >= len(data) * 9:
        names = list(dict.fromkeys(str(key) for record in records[:1000] for key in record))
        if 1 <= len(names) <= 1000:
            yield Table(place, [names, *([_cell(record.get(name)) for name in names] for record in records)])
            return
    rows = [item for item in data if isinstance(item, list) and item and not any(_is_nested(cell) for cell in item)]
    if len(rows) >= _FEWEST_RECORDS and len(rows) == len(data) and len({len(row) for row in rows}) == 1:
        yield Table(place, [[_cell(cell) for cell in row] for row in rows])
        return
    for number, item in enumerate(data):
        if isinstance(item, Mapping | list):
            yield from _walk(item, place.inside(f"[{number}]") if depth < 4 else place, depth + 1)


def _is_trace(trace: Any) -> bool:
    return (
        isinstance(trace, Mapping)
        and isinstance(trace.get("type", "scatter"), str)
        and any(key in trace for key in ("x", "y", "values", "z", "lat", "r", "dimensions", "cells"))
    )


def _plotly(traces: Sequence[Mapping[str, Any]], layout: Any, place: Place) -> Figure:
    title = layout.get("title") if isinstance(layout, Mapping) else None
    if isinstance(title, Mapping):
        title = title.get("text")
    series = []
    for trace in traces:
        kind = str(trace.get("type", "scatter"))
        xs = _numbers(trace.get("x", trace.get("lon", trace.get("theta"))))
        ys = _numbers(trace.get("y", trace.get("lat", trace.get("values", trace.get("r")))))
        series.append(_series(str(trace.get("name", "")), _shape(kind, str(trace.get("mode", ""))), xs, ys, trace))
    return Figure(place, tuple(series), title if isinstance(title, str) else None, embedded=True)


def _shape(kind: str, mode: str) -> str:
    if kind in _POINT_MODES:
        return "line" if mode and "markers" not in mode else "point"
    return {"histogram": "point", "box": "box", "violin": "point"}.get(kind, kind)


def _series(name: str, shape: str, xs: tuple[float, ...], ys: tuple[float, ...], trace: Mapping[str, Any]) -> Series:
    if not xs and ys:
        xs = tuple(float(number) for number in range(len(ys)))
    length = min(len(xs), len(ys)) if ys else len(xs)
    labels = trace.get("text", trace.get("hovertext", trace.get("ids")))
    texts = tuple(str(label) for label in labels) if isinstance(labels, list) else ()
    return Series(name, shape, xs[:length], ys[:length], texts)


def _leaflet(arguments: Sequence[Any], place: Place) -> Iterator[Figure | Table | Text]:
    ys, xs = (_numbers(argument) for argument in (*arguments[:2], None, None)[:2])
    length = min(len(xs), len(ys))
    if length:
        yield Figure(place, (Series("markers", "point", xs[:length], ys[:length]),), embedded=True)
    texts = [text for argument in arguments[2:] if isinstance(argument, list) for text in argument]
    told = "\n".join(text for text in texts if isinstance(text, str))
    if told:
        yield Text(place.inside("popups"), told)


def _columns(data: Mapping[str, Any]) -> dict[str, list[Cell]]:
    """Columns of equal length: bokeh's sources, data frames written by column."""
    inside = data.get("data")
    if isinstance(inside, Mapping) and inside.get("type") == "map" and isinstance(inside.get("entries"), list):
        pairs = [entry for entry in inside["entries"] if isinstance(entry, list) and len(entry) == 2]
        data = {str(name): values for name, values in pairs}
    columns: dict[str, list[Cell]] = {}
    for name, values in data.items():
        if str(name).startswith("$") or name in ("width", "height"):
            return {}
        cells = _array(values)
        if cells is None or any(_is_nested(cell) for cell in cells[:50]):
            return {}
        columns[str(name)] = [_cell(cell) for cell in cells]
    lengths = {len(cells) for cells in columns.values()}
    if len(columns) < 2 or len(lengths) != 1 or min(lengths) < _FEWEST_RECORDS:
        return {}
    return columns if len(columns) * min(lengths) <= _MOST_CELLS else {}


def _data_tables(data: Mapping[str, Any], place: Place) -> Iterator[Table]:
    columns = [column for column in data["data"] if isinstance(column, list)]
    if columns and len({len(column) for column in columns}) == 1:
        names = _between_tags(str(data["container"]), len(columns))
        yield _table(names, ([_cell(cell) for cell in column] for column in columns), place)


def _between_tags(markup: str, wanted: int) -> list[str]:
    names = [part.split("<", 1)[0].strip() for part in markup.split("<th>")[1:]]
    return (names + [""] * wanted)[:wanted]


def _table(names: Sequence[str], columns: Any, place: Place) -> Table:
    return Table(place, [list(names), *(list(row) for row in zip(*columns, strict=False))])


def _array(value: Any) -> Sequence[Any] | None:
    """A list as it is; a typed array out of base64; None for anything else."""
    if isinstance(value, list):
        return value
    if not isinstance(value, Mapping):
        return None
    packed = value.get("bdata", value.get("__ndarray__", value.get("array")))
    if isinstance(packed, Mapping):
        packed = packed.get("data")
    if isinstance(packed, list):
        return packed
    code = _DTYPES.get(str(value.get("dtype", "")))
    if not isinstance(packed, str) or code is None:
        return None
    return _typed(packed, code, value.get("order", "little"))


def _typed(packed: str, code: str, order: Any) -> Sequence[Any] | None:
    try:
        data = base64.b64decode(packed)
        if data[:2] == b"\x1f\x8b":
            data = zlib.decompressobj(31).decompress(data, 64 << 20)
    except (binascii.Error, ValueError, zlib.error):
        return None
    numbers = array.array(code)
    numbers.frombytes(data[: len(data) // numbers.itemsize * numbers.itemsize])
    if order != sys.byteorder:
        numbers.byteswap()
    return numbers.tolist()


def _numbers(value: Any) -> tuple[float, ...]:
    """The numbers of an axis; where its values are names or dates, their order."""
    values = _array(value)
    if values is None:
        return ()
    if all(isinstance(number, int | float) for number in values):
        return tuple(float(number) for number in values)
    order: dict[str, int] = {}
    return tuple(
        float(item) if isinstance(item, int | float) else float(order.setdefault(str(item), len(order)))
        for item in values
    )


def _is_flat(record: Mapping[str, Any]) -> bool:
    return bool(record) and not any(_is_nested(value) for value in record.values())


def _is_nested(value: Any) -> bool:
    return isinstance(value, Mapping | list)


def _cell(value: Any) -> Cell:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return json.dumps(value)[:1000]
