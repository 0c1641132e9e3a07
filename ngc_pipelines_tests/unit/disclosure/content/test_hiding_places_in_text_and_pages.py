"""One number in every place that a text, a page, an XML file or an encoding has for it.

The number is the published test number of `facts/cpr_test_vectors.csv`.
"""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import json
import lzma
import struct
import tarfile
import zipfile
import zlib
from datetime import date

import pytest
import zstandard

from ngc_pipelines.disclosure.judging import Judgement, judge
from ngc_pipelines.disclosure.opening import Source
from ngc_pipelines.disclosure.policy import DEFAULT_POLICY

NUMBER = "020160-9995"
TEXT = f"a line\nid {NUMBER} here\nlast line\n"
LONG = (TEXT + "more and more words follow\n" * 12).encode()


def judged(data: bytes | str, extension: str) -> Judgement:
    """The judgement of a file of these bytes."""
    content = data.encode() if isinstance(data, str) else data
    source = Source(content, f"file.{extension}")
    return judge(source, extension=extension, policy=DEFAULT_POLICY, as_of=date(2026, 11, 21))


def kinds(judgement: Judgement) -> set[str]:
    """The kinds of its findings."""
    return {finding.kind.value for finding in judgement.findings}


def _zip(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inside/a.txt", data)
    return out.getvalue()


def _tar(data: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        member = tarfile.TarInfo("a.txt")
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


def _wrapped(data: bytes) -> str:
    return base64.encodebytes(data).decode()


def _page(inside: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head><title>t</title>{head}</head><body><p>seen</p>{inside}</body></html>"


def _notebook(cell: dict[str, object]) -> str:
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]})


def _output(data: dict[str, object]) -> dict[str, object]:
    return {"cell_type": "code", "source": "x", "outputs": [{"output_type": "display_data", "data": data}]}


PLOT = {"data": [{"type": "scatter", "x": [1, 2], "y": [1, 2], "text": [NUMBER, "b"]}], "layout": {}}
RECORDS = [{"name": "a", "code": NUMBER}, {"name": "b", "code": "x"}, {"name": "c", "code": "y"}]
CDS = {"data": {"type": "map", "entries": [["x", [1, 2, 3]], ["label", [NUMBER, "b", "c"]]]}}
MAP = {"x": {"calls": [{"method": "addMarkers", "args": [[55.1, 56.2], [9.1, 10.2], [NUMBER, "b"]]}]}}
SVG = f'<svg xmlns="http://www.w3.org/2000/svg"><text>{NUMBER}</text></svg>'

PLACES: dict[str, tuple[str, str | bytes]] = {
    # encodings of text
    "UTF-8": ("txt", TEXT),
    "UTF-8 with a mark": ("txt", TEXT.encode("utf-8-sig")),
    "UTF-16 with a mark": ("txt", TEXT.encode("utf-16")),
    "UTF-16 little without a mark": ("txt", TEXT.encode("utf-16-le")),
    "UTF-16 big without a mark": ("txt", TEXT.encode("utf-16-be")),
    "UTF-32 with a mark": ("txt", TEXT.encode("utf-32")),
    "UTF-32 without a mark": ("txt", TEXT.encode("utf-32-le")),
    "Latin-1": ("txt", f"æøå {TEXT}".encode("latin-1")),
    "Windows-1252 among UTF-8": ("txt", "æøå\n".encode() + f"“ø” {TEXT}".encode("cp1252")),
    "EBCDIC": ("txt", (TEXT * 4).encode("cp500")),
    "carriage returns alone": ("log", TEXT.replace("\n", "\r")),
    "zeros between": ("txt", TEXT.replace("0160", "0\x00160").encode()),
    "broken over lines": ("txt", "id 020160-\r\n9995"),
    "tab file": ("tab", f"a\tb\nx\t{NUMBER}\ny\tz\n"),
    # code
    "Python literal": ("py", f'if cpr == "{NUMBER}":\n    pass\n'),
    "Python comment": ("py", f"x = 1  # {NUMBER}\n"),
    "R vector": ("r", f'x <- c("a", "{NUMBER}")\n'),
    # encoded in text
    "base64": ("txt", f"x = {base64.b64encode(LONG).decode()}"),
    "base64 on lines": ("txt", f"x =\n{_wrapped(LONG)}"),
    "short base64": ("log", f"token {base64.b64encode(NUMBER.encode()).decode()} end"),
    "base64 for addresses": ("txt", base64.urlsafe_b64encode("æøå?>".encode() * 5 + LONG).decode()),
    "base64 twice": ("txt", base64.b64encode(base64.b64encode(LONG)).decode()),
    "base64 of UTF-16": ("txt", base64.b64encode(LONG.decode().encode("utf-16-le")).decode()),
    "hex": ("txt", f"blob {LONG.hex()}"),
    "short hex": ("log", f"blob {NUMBER.encode().hex()}"),
    "base32": ("txt", base64.b32encode(LONG).decode()),
    "base85": ("txt", base64.b85encode(LONG).decode()),
    "ascii85": ("txt", base64.a85encode(LONG, adobe=True).decode()),
    "gzip in base64": ("txt", base64.b64encode(gzip.compress(LONG)).decode()),
    "zlib in base64": ("log", base64.b64encode(zlib.compress(LONG)).decode()),
    "bzip2 in base64": ("txt", base64.b64encode(bz2.compress(LONG)).decode()),
    "xz in base64": ("txt", base64.b64encode(lzma.compress(LONG)).decode()),
    "zstd in base64": ("txt", base64.b64encode(zstandard.compress(LONG)).decode()),
    "zip in base64": ("py", f'x = "{base64.b64encode(_zip(LONG)).decode()}"'),
    "tar in gzip in hex": ("txt", gzip.compress(_tar(LONG)).hex()),
    "percent escapes": ("txt", "q=%30%32%30%31%36%30%2D9995"),
    "entities": ("txt", "&#48;&#50;0160-9995"),
    "escapes of code": ("py", r"x = '\x30\x32\u00300160-9995'[1:]" + "\n" + r'y = "\u0030\u0032\u003016\u0030-9995"'),
    # pages
    "page text": ("html", _page(f"<p>{NUMBER}</p>")),
    "split over elements": ("html", _page("<p><b>0201</b><i>60-</i>9995</p>")),
    "table cell": ("html", _page(f"<table><tr><td>a</td><td>{NUMBER}</td></tr></table>")),
    "comment": ("html", _page(f"<!-- {NUMBER} -->")),
    "not displayed": ("html", _page(f'<div style="display: none">{NUMBER}</div>')),
    "white": ("html", _page(f'<span style="color:#ffffff">{NUMBER}</span>')),
    "hidden attribute": ("html", _page(f"<div hidden>{NUMBER}</div>")),
    "data attribute": ("html", _page(f'<div data-row="{NUMBER}">x</div>')),
    "alternative text": ("html", _page(f'<img alt="{NUMBER}">')),
    "meta element": ("html", _page("", f'<meta name="author" content="{NUMBER}">')),
    "title": ("html", _page("", f"<title>{NUMBER}</title>")),
    "style": ("html", _page("", f"<style>p::after {{ content: '{NUMBER}' }}</style>")),
    "script": ("html", _page(f"<script>var x = '{NUMBER}';</script>")),
    "handler": ("html", _page(f"<p onclick=\"alert('{NUMBER}')\">x</p>")),
    "template": ("html", _page(f"<template>{NUMBER}</template>")),
    "frame in the page": ("html", _page(f'<iframe srcdoc="<p>{NUMBER}</p>"></iframe>')),
    "data URI": ("html", _page(f'<a href="data:text/plain;base64,{base64.b64encode(LONG).decode()}">x</a>')),
    "data URI with escapes": ("html", _page('<object data="data:text/plain,%30%32%30160-9995"></object>')),
    "inline SVG": ("html", _page(SVG)),
    "plotly": ("html", _page(f'<script>Plotly.newPlot("a", {json.dumps(PLOT["data"])}, {{}})</script>')),
    "htmlwidget": ("html", _page(f'<script type="application/json">{json.dumps(PLOT)}</script>')),
    "vega": ("html", _page(f"<script>var spec = {json.dumps({'data': {'values': RECORDS}})};</script>")),
    "bokeh": ("html", _page(f'<script type="application/json">{json.dumps([{"attributes": CDS}])}</script>')),
    "leaflet": ("html", _page(f'<script type="application/json">{json.dumps(MAP)}</script>')),
    "parsed JSON": ("html", _page(f"<script>var x = JSON.parse('{json.dumps(RECORDS)}')</script>")),
    "page cut off": ("html", f"<html><body><p>seen</p><script>var x = '{NUMBER}'"),
    # XML
    "XML text": ("xml", f"<?xml version='1.0'?><r><a>{NUMBER}</a></r>"),
    "XML attribute": ("xml", f"<?xml version='1.0'?><r><a b='{NUMBER}'/></r>"),
    "XML comment": ("xml", f"<?xml version='1.0'?><r><!-- {NUMBER} --></r>"),
    "XML CDATA": ("xml", f"<?xml version='1.0'?><r><![CDATA[{NUMBER}]]></r>"),
    "XML characters by number": ("xml", "<?xml version='1.0'?><r>&#48;2&#x30;160-9995</r>"),
    "XML in UTF-16": ("xml", f"<?xml version='1.0' encoding='utf-16'?><r>{NUMBER}</r>".encode("utf-16")),
    "XML with a DOCTYPE": ("xml", f"<?xml version='1.0'?><!DOCTYPE r [<!ENTITY e '{NUMBER}'>]><r>&e;</r>"),
    # notebooks, kept as text
    "notebook code": ("txt", _notebook({"cell_type": "code", "source": [f"x = '{NUMBER}'"], "outputs": []})),
    "notebook output": ("txt", _notebook(_output({"text/plain": [f"  {NUMBER}"]}))),
    "notebook page": ("txt", _notebook(_output({"text/html": [f"<table><tr><td>{NUMBER}"]}))),
    "notebook attachment": (
        "txt",
        _notebook(
            {"cell_type": "markdown", "source": "", "attachments": {"a": {"image/x": base64.b64encode(LONG).decode()}}}
        ),
    ),
}


@pytest.mark.parametrize("place", PLACES)
def test_number_is_found_wherever_it_hides(place: str) -> None:
    extension, data = PLACES[place]
    assert "cpr" in kinds(judged(data, extension))


@pytest.mark.parametrize("place", PLACES)
def test_nothing_is_told_of_the_number_but_its_masked_form(place: str) -> None:
    extension, data = PLACES[place]
    judgement = judged(data, extension)
    # The tables stay with the check of the folder; what people read are findings and what was not read.
    told = repr((judgement.findings, judgement.not_read))
    assert "0160" not in told
    assert "9995" not in told


@pytest.mark.parametrize(
    ("extension", "data"),
    [
        ("txt", "Region;Antal\nNord;120\nSyd;99\n"),
        ("log", "INFO 2024-01-15 12:34:56 step 1 took 0.123456789 s, hash 9f86d081884c7d659a2feaa0c55ad015\n" * 50),
        ("html", _page("<h1>R</h1><table><tr><th>Alder</th><th>n</th></tr><tr><td>0-17</td><td>50</td></tr></table>")),
        ("xml", "<?xml version='1.0'?><r><a>1</a><b>two</b></r>"),
        ("py", "import pandas as pd\n\nframe = pd.read_csv('data.csv')\nprint(frame.groupby('sex').size())\n"),
        ("r", "library(dplyr)\nd <- read.csv('data.csv')\nsummary(lm(y ~ x, d))\n"),
        ("txt", "Lorem ipsum dolor sit amet, consectetur adipiscing elit. " * 200),
    ],
    ids=["table", "log", "page", "xml", "python", "r", "prose"],
)  # fmt: skip
def test_clean_file_gives_nothing(extension: str, data: str) -> None:
    judgement = judged(data, extension)
    assert judgement.findings == ()
    assert judgement.not_read == ()


def test_typed_arrays_of_plotly_are_read_back() -> None:
    packed = base64.b64encode(struct.pack("<30d", *range(30))).decode()
    trace = {
        "type": "scatter",
        "mode": "markers",
        "x": {"dtype": "f8", "bdata": packed},
        "y": {"dtype": "f8", "bdata": packed},
    }
    page = _page(f'<script>Plotly.newPlot("a", {json.dumps([trace])}, {{}})</script>')
    assert {"figure_points", "embedded_data"} <= kinds(judged(page, "html"))


def test_file_whose_type_is_not_allowed_is_blocked_and_read_all_the_same() -> None:
    assert kinds(judged(f"a,b\n1,{NUMBER}\n", "csv")) >= {"file_type", "cpr"}


def test_opaque_data_in_base64_keep_a_file_from_being_clear() -> None:
    noise = base64.b64encode(zlib.compress(bytes(range(256)) * 64)[2:] + bytes(range(255, 0, -1)) * 40).decode()
    judgement = judged(f"x = '{noise}'", "py")
    assert "encoded_data" in kinds(judgement)
    assert judgement.not_read
