"""JSON: notebooks with their outputs, and figures and tables that widgets carry.

A notebook's cells come as code, its outputs as what they are; any other JSON
is searched for data of plots (`widgets`) and for records of one shape.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from typing import Any

from ngc_pipelines.disclosure.content.decoding import blocks
from ngc_pipelines.disclosure.content.widgets import pieces_of_json
from ngc_pipelines.disclosure.opening import Context, Source
from ngc_pipelines.disclosure.pieces import Code, Language, Opened, Text
from ngc_pipelines.disclosure.places import Place


def open_json(source: Source, place: Place, context: Context) -> Iterator[Opened]:
    """Its text, and what is structured in it."""
    for first_line, text in blocks(source):
        yield Text(place, text, first_line)
    yield from structured(source, place, context)


def structured(source: Source, place: Place, context: Context) -> Iterator[Opened]:
    """What a JSON text holds beside its text; nothing where it is no JSON."""
    try:
        data = json.loads("".join(text for _, text in blocks(source)))
    except (ValueError, RecursionError):
        return
    if isinstance(data, Mapping) and isinstance(data.get("cells"), list) and "nbformat" in data:
        yield from _notebook(data, place, context)
    else:
        yield from pieces_of_json(data, place, context)


def _notebook(data: Mapping[str, Any], place: Place, context: Context) -> Iterator[Opened]:
    language: Language = "r" if "R" in str(data.get("metadata", {}).get("kernelspec", "")) else "python"
    for number, cell in enumerate(data["cells"], start=1):
        if not isinstance(cell, Mapping):
            continue
        here = place.inside(f"cell {number}")
        source = _joined(cell.get("source"))
        if cell.get("cell_type") == "code":
            yield Code(here, source, language)
        elif source:
            yield Text(here, source, language="markup")
        outputs = cell.get("outputs")
        for output in outputs if isinstance(outputs, list) else ():
            if isinstance(output, Mapping):
                yield from _output(output, here.inside("output"), context)
        attached = cell.get("attachments")
        for name, kinds in attached.items() if isinstance(attached, Mapping) else ():
            yield from _kinds(kinds, here.inside(f"attachment {name}"), context)


def _output(output: Mapping[str, Any], place: Place, context: Context) -> Iterator[Opened]:
    text = _joined(output.get("text")) or _joined(output.get("traceback"))
    if text:
        yield Text(place, text, 1, language="log")
    yield from _kinds(output.get("data"), place, context)


def _kinds(kinds: Any, place: Place, context: Context) -> Iterator[Opened]:
    for kind, content in kinds.items() if isinstance(kinds, Mapping) else ():
        here = place.inside(str(kind))
        if str(kind).endswith("json") and isinstance(content, Mapping | list):
            yield Text(here, json.dumps(content, ensure_ascii=False))
            yield from pieces_of_json(content, here, context)
        elif str(kind) == "text/html" or str(kind).startswith("image/svg"):
            yield from context.open_inside(_joined(content).encode("utf-8", "replace"), None, here)
        elif str(kind).startswith(("image/", "application/pdf")):
            try:
                data = base64.b64decode(_joined(content))
            except (binascii.Error, ValueError):
                yield Text(here, _joined(content))
            else:
                yield from context.open_inside(data, None, here)
        else:
            yield Text(here, _joined(content), 1, language="log")


def _joined(value: Any) -> str:
    if isinstance(value, list):
        return "".join(str(part) for part in value)
    return value if isinstance(value, str) else ""
