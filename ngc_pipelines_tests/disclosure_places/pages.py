"""Pages (html, htm) with the secret in each place that a page or its scripts have."""

from __future__ import annotations

import base64
import gzip
import html
import json
import zlib
from collections.abc import Iterator

from ngc_pipelines_tests.disclosure_places.disguises import LONG, zipped
from ngc_pipelines_tests.disclosure_places.pictures import jpeg_with_comment
from ngc_pipelines_tests.disclosure_places.planting import CPR, KNOWN_ID, SECRET, Hiding
from ngc_pipelines_tests.disclosure_places.workbooks import workbook

_SVG = f'<svg xmlns="http://www.w3.org/2000/svg"><desc>{SECRET}</desc></svg>'
_RECORDS = [{"cpr": CPR, "id": KNOWN_ID}, {"cpr": "b", "id": "x"}, {"cpr": "c", "id": "y"}]
_CODES = [ord(letter) for letter in SECRET]


def page(body: str = "", *, head: str = "", before: str = "", after: str = "") -> str:
    """A small clean page, with something more in it."""
    seen = (
        "<p>Persons by region</p><table><tr><th>Region</th><th>n</th></tr><tr><td>North</td><td>120</td></tr></table>"
    )
    start = f"<!DOCTYPE html><html><head><title>Results</title>{head}</head>"
    return f"{before}{start}<body>{seen}{body}</body></html>{after}"


def _shown() -> Iterator[tuple[str, str]]:
    yield "text", page(f"<p>{SECRET}</p>")
    yield "text split over elements", page("<p>cpr <b>0201</b><i>60-</i>9995 id PX8<em>3K2</em>M7Q4</p>")
    yield "text split by a comment", page("<p>cpr 0201<!-- x -->60-9995 id PX8<!-- y -->3K2M7Q4</p>")
    yield "text split by break opportunities", page("<p>cpr 0201<wbr>60-9995 id PX8<wbr>3K2M7Q4</p>")
    yield "text split by soft hyphens", page("<p>cpr 0201&shy;60-9995 id PX8&shy;3K2M7Q4</p>")
    yield "cells of a table", page(f"<table><tr><td>cpr</td><td>{CPR}</td><td>{KNOWN_ID}</td></tr></table>")
    yield (
        "cell split over elements",
        page("<table><tr><td>cpr <b>0201</b>60-9995</td><td>PX8<i>3K2M7Q4</i></td></tr></table>"),
    )
    yield "heading of a table", page(f"<table><caption>{SECRET}</caption><tr><th>x</th></tr></table>")
    yield "printed data", page(f"<pre>  cpr         id\n1 {CPR} {KNOWN_ID}\n</pre>")
    yield "field of a form", page(f'<input value="{SECRET}">')
    yield "text field", page(f"<textarea>{SECRET}</textarea>")
    yield "option", page(f"<select><option>{SECRET}</option></select>")
    yield "footnote", page(f'<aside id="fn1">{SECRET}</aside>')
    yield "element nobody knows", page(f"<x-note>{SECRET}</x-note>")
    yield "ruby", page(f"<ruby>x<rt>{SECRET}</rt></ruby>")
    yield "formula", page(f"<math><mi>x</mi><annotation>{SECRET}</annotation></math>")


def _unseen() -> Iterator[tuple[str, str]]:
    for place, style in (
        ("not displayed", "display: none"),
        ("invisible", "visibility:hidden"),
        ("transparent", "opacity:0"),
        ("no size", "font-size:0"),
        ("white", "color:#fff"),
        ("off the screen", "position:absolute;left:-9999px"),
        ("clipped", "clip:rect(0,0,0,0)"),
    ):
        yield place, page(f'<div style="{style}">{SECRET}</div>')
    yield "hidden attribute", page(f"<div hidden>{SECRET}</div>")
    yield "hidden by a class", page(f'<p class="z">{SECRET}</p>', head="<style>.z {display:none}</style>")
    yield "folded away", page(f"<details><summary>x</summary>{SECRET}</details>")
    yield "hidden field", page(f'<input type="hidden" value="{SECRET}">')
    yield "template", page(f"<template>{SECRET}</template>")
    yield "without scripts", page(f"<noscript>{SECRET}</noscript>")
    yield "dialog", page(f"<dialog>{SECRET}</dialog>")
    yield "comment", page(f"<!-- {SECRET} -->")
    yield "comment for old browsers", page(f"<!--[if lt IE 9]><p>{SECRET}</p><![endif]-->")
    yield "comment that is none", page(f"<! {SECRET}>")
    yield "comment never closed", page(f"<!-- {SECRET}").removesuffix("</body></html>")
    yield "CDATA", page(f"<![CDATA[{SECRET}]]>")
    yield "processing instruction", page(f"<?note {SECRET}?>")
    yield "title", page(head=f"<title>{SECRET}</title>")
    yield "meta element", page(head=f'<meta name="author" content="{SECRET}">')
    yield "address of a link", page(f'<a href="https://example.org/?cpr={CPR}&id={KNOWN_ID}">x</a>')
    yield "base address", page(head=f'<base href="https://example.org/{CPR}/{KNOWN_ID}/">')
    for attribute in ("title", "data-row", "aria-label", "id", "class", "style", "name", "placeholder"):
        yield f"attribute {attribute}", page(f'<span {attribute}="{SECRET}">x</span>')
    yield "alternative text", page(f'<img alt="{SECRET}">')
    yield "name of an attribute", page(f'<p data-{CPR} data-{KNOWN_ID}="1">x</p>')
    yield "name of an element", page(f"<x-{CPR}></x-{CPR}><x-{KNOWN_ID}></x-{KNOWN_ID}>")
    yield "attribute of an end tag", page(f'<p>x</p title="{SECRET}">')
    yield "before the page", page(before=f"<!-- {SECRET} -->")
    yield "after the page", page(after=f"\n{SECRET}\n")
    yield "document type", page().replace("<!DOCTYPE html>", f'<!DOCTYPE html SYSTEM "{SECRET}">')
    yield "cut off in a script", page(f"<script>var x = '{SECRET}'").removesuffix("</body></html>")
    yield "cut off in a tag", page(f'<p title="{SECRET}').removesuffix("</body></html>")


def _styled() -> Iterator[tuple[str, str]]:
    yield "style: text before an element", page(head=f"<style>p::after {{ content: '{SECRET}' }}</style>")
    yield "style: comment", page(head=f"<style>/* {SECRET} */</style>")
    yield "style: variable", page(head=f"<style>:root {{ --who: '{SECRET}' }}</style>")
    yield (
        "style: escapes",
        page(head="<style>p::after { content: '" + "".join(f"\\{code:06x}" for code in _CODES) + "' }</style>"),
    )
    uri = base64.b64encode(_SVG.encode()).decode()
    yield "style: data URI", page(head=f"<style>p {{ background: url(data:image/svg+xml;base64,{uri}) }}</style>")


def _scripted() -> Iterator[tuple[str, str]]:
    first, second = SECRET[:9], SECRET[9:]
    for place, code in (
        ("literal", f"var x = '{SECRET}';"),
        ("remark", f"/* {SECRET} */"),
        ("template literal", f"const x = `{SECRET} ${{y}}`;"),
        ("escapes", "var x = '" + "".join(f"\\x{code:02x}" for code in _CODES) + "';"),
        ("joined from pieces", f"var x = '{first}' + '{second[:18]}' + '{second[18:]}';"),
        ("codes of letters", f"var x = String.fromCharCode({', '.join(map(str, _CODES))});"),
        ("base64", f"var x = atob('{base64.b64encode(SECRET.encode()).decode()}');"),
        ("packed base64", f"var x = pako.inflate(atob('{base64.b64encode(zlib.compress(LONG)).decode()}'));"),
        ("object", f"var x = {{cpr: '{CPR}', id: '{KNOWN_ID}'}};"),
        ("parsed JSON", f"var x = JSON.parse('{json.dumps(_RECORDS)}');"),
        ("records", f"var x = {json.dumps(_RECORDS)};"),
        ("written page", f"document.write('<p>{SECRET}</p>');"),
        (
            "markup in strings",
            "var x = '\\u003cp\\u003e" + "".join(f"\\u{code:04x}" for code in _CODES) + "\\u003c/p\\u003e';",
        ),
    ):
        yield f"script: {place}", page(f"<script>{code}</script>")
    yield "script: of an unknown type", page(f'<script type="text/x-note">{SECRET}</script>')
    yield "script: linked data", page(f'<script type="application/ld+json">{json.dumps({"name": SECRET})}</script>')
    yield "script: handler", page(f"<p onclick=\"say('{SECRET}')\">x</p>")
    yield "script: address", page(f"<a href=\"javascript:say('{SECRET}')\">x</a>")


def _widgets() -> Iterator[tuple[str, str]]:
    def widget(data: object) -> str:
        return page(
            f'<div class="html-widget"></div><script type="application/json" data-for="w">{json.dumps(data)}</script>'
        )

    trace = {"type": "scatter", "x": [1, 2], "y": [1, 2]}
    for place, more in (
        ("text of points", {"text": [SECRET, "b"]}),
        ("hover text", {"hovertext": [SECRET, "b"]}),
        ("customdata", {"customdata": [[CPR, KNOWN_ID], ["b", "c"]]}),
        ("ids", {"ids": [SECRET, "b"]}),
        ("name of a trace", {"name": SECRET}),
        ("names on an axis", {"x": [CPR, KNOWN_ID]}),
        ("meta", {"meta": {"note": SECRET}}),
    ):
        yield f"plotly: {place}", page(f'<script>Plotly.newPlot("a", {json.dumps([trace | more])}, {{}})</script>')
    yield "plotly: widget", widget({"x": {"data": [trace | {"text": [SECRET, "b"]}], "layout": {}}})
    yield (
        "plotly: layout",
        page(f'<script>Plotly.newPlot("a", {json.dumps([trace])}, {json.dumps({"title": SECRET})})</script>'),
    )
    yield "plotly: frames", widget({"x": {"data": [trace], "frames": [{"name": SECRET, "data": [trace]}]}})
    cells = {"type": "table", "header": {"values": ["cpr", "id"]}, "cells": {"values": [[CPR], [KNOWN_ID]]}}
    yield "plotly: table", page(f'<script>Plotly.newPlot("a", {json.dumps([cells])}, {{}})</script>')
    vega = {"$schema": "https://vega.github.io/schema/vega-lite/v5.json", "mark": "point"}
    yield "vega: values", page(f"<script>var spec = {json.dumps(vega | {'data': {'values': _RECORDS}})};</script>")
    yield (
        "vega: named data sets",
        page(f"<script>var spec = {json.dumps(vega | {'datasets': {'d': _RECORDS}})};</script>"),
    )
    written = json.dumps(vega | {"data": {"values": f"cpr,id\n{CPR},{KNOWN_ID}"}})
    yield "vega: values as text", page(f"<script>var spec = {written};</script>")
    columns: list[tuple[str, list[object]]] = [("x", [1, 2, 3]), ("cpr", [CPR, "b", "c"]), ("id", [KNOWN_ID, "x", "y"])]
    cds = [{"attributes": {"data": {"type": "map", "entries": columns}}}]
    yield "bokeh: columns", page(f'<script type="application/json">{json.dumps(cds)}</script>')
    yield "bokeh: older columns", widget([{"attributes": {"data": {str(name): values for name, values in columns}}}])
    packed = base64.b64encode(f"{SECRET:<64}".encode()).decode()
    yield (
        "bokeh: packed bytes",
        widget([{"data": {"type": "ndarray", "array": {"type": "bytes", "data": packed}, "dtype": "uint8"}}]),
    )
    yield "bokeh: document in a string", page(f"<script>const docs = '{json.dumps({'a': cds})}';</script>")
    table = {
        "x": {"container": "<table><th>cpr</th><th>id</th></table>", "data": [[CPR, "b", "c"], [KNOWN_ID, "x", "y"]]}
    }
    yield "DataTables: columns", widget(table)
    yield (
        "DataTables: rows",
        page(f"<script>$('#t').DataTable({{data: {json.dumps([[CPR, KNOWN_ID], ['b', 'c'], ['d', 'e']])}}})</script>"),
    )
    yield (
        "DataTables: container",
        widget({"x": {"container": f"<table><caption>{SECRET}</caption></table>", "data": [[1], [2]]}}),
    )
    calls = [{"method": "addMarkers", "args": [[55.1, 56.2], [9.1, 10.2], None, [SECRET, "b"]]}]
    yield "leaflet: popups", widget({"x": {"calls": calls}})
    yield (
        "leaflet: layers",
        widget({"x": {"calls": [{"method": "addCircles", "args": [[55.1], [9.1], 5, [CPR, KNOWN_ID]]}]}}),
    )
    feature = {
        "type": "Feature",
        "properties": {"cpr": CPR, "id": KNOWN_ID},
        "geometry": {"type": "Point", "coordinates": [9, 55]},
    }
    yield "leaflet: features", widget({"x": {"calls": [{"method": "addGeoJSON", "args": [{"features": [feature]}]}]}})
    yield "leaflet: script", page(f'<script>L.marker([55.1, 9.1]).bindPopup("{SECRET}");</script>')
    yield (
        "reactable",
        widget({"x": {"tag": {"attribs": {"data": {"cpr": [CPR, "b", "c"], "id": [KNOWN_ID, "x", "y"]}}}}}),
    )
    yield "crosstalk key", widget({"x": {"options": {"crosstalkOptions": {"key": [CPR, KNOWN_ID], "group": "g"}}}})
    yield (
        "network",
        widget({"x": {"nodes": {"id": [CPR, KNOWN_ID], "label": ["a", "b"]}, "edges": {"from": [1], "to": [2]}}}),
    )


def _carried() -> Iterator[tuple[str, str]]:
    book = workbook(lambda _, sheet: sheet.write(8, 0, SECRET))
    for place, kind, data in (
        ("text", "text/plain", SECRET.encode()),
        ("download of a table", "text/csv", f"cpr;id\n{CPR};{KNOWN_ID}\n".encode()),
        ("workbook", "application/vnd.ms-excel", book),
        ("archive", "application/zip", zipped(LONG)),
        ("gzip", "application/gzip", gzip.compress(LONG, mtime=0)),
        ("picture's metadata", "image/jpeg", jpeg_with_comment(SECRET)),
        ("drawing", "image/svg+xml", _SVG.encode()),
        ("page", "text/html", page(f"<!-- {SECRET} -->").encode()),
        ("kind that lies", "image/png", SECRET.encode()),
    ):
        coded = base64.b64encode(data).decode()
        yield f"data URI: {place}", page(f'<a download="a" href="data:{kind};base64,{coded}">x</a>')
    coded = base64.b64encode(SECRET.encode()).decode()
    yield (
        "data URI: in URL code",
        page('<a href="data:text/plain,' + "".join(f"%{code:02x}" for code in _CODES) + '">x</a>'),
    )
    yield "data URI: in a script", page(f"<script>location = 'data:text/plain;base64,{coded}'</script>")
    yield "data URI: in a source set", page(f'<img srcset="data:text/plain;base64,{coded} 2x">')
    yield "data URI: base64 without its ending", page(f'<object data="data:;base64,{coded.rstrip("=")}"></object>')
    yield "data URI: broken over lines", page(f'<img src="data:text/plain;base64,{coded[:20]}\n{coded[20:]}">')
    yield "frame written into the page", page(f'<iframe srcdoc="{html.escape(page(f"<p>{SECRET}</p>"))}"></iframe>')
    yield "drawing", page(_SVG)
    yield "comment in a drawing", page(f"<svg><!-- {SECRET} --><path d='M1,1'/></svg>")
    yield "title of a mark", page(f"<svg><circle r='1'><title>{SECRET}</title></circle></svg>")


def hidings() -> Iterator[Hiding]:
    """Every place of a page, under both its names."""
    for extension in ("html", "htm"):
        for made in (_shown(), _unseen(), _styled(), _scripted(), _widgets(), _carried()):
            for place, text in made:
                yield Hiding(extension, f"page: {place}", text.encode())


def cleans() -> Iterator[tuple[str, bytes]]:
    """Extension and twin without a secret."""
    yield "html", page().encode()
    yield "htm", page("<svg><path d='M1,1'/></svg>").encode()
