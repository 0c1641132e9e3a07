"""PDF: figures and tables read back, and everything that no page shows."""

from __future__ import annotations

import io

import pikepdf
import pytest

from ngc_pipelines.disclosure.content.pdf.contents import shown_text, string_bytes, unicode_map
from ngc_pipelines.disclosure.content.pdf.marks import figure_of
from ngc_pipelines.disclosure.findings import Kind, Severity
from ngc_pipelines.disclosure.places import Place
from ngc_pipelines_tests.disclosure_places import pdfs
from ngc_pipelines_tests.opening_files import opened

_POINTS = [(60 + 7 * index, 100 + (index * 37) % 90) for index in range(30)]


def _circle(x: float, y: float) -> str:
    return f"{x} {y} m {x + 2} {y} {x + 2} {y + 4} {x} {y + 4} c {x - 2} {y + 4} {x - 2} {y} {x} {y} c f"


@pytest.mark.parametrize(
    "drawing",
    [
        pytest.param(" ".join(_circle(x, y) for x, y in _POINTS), id="the same outline"),
        pytest.param(" ".join(f"q 1 0 0 1 {x} {y} cm /M0 Do Q" for x, y in _POINTS), id="the same form"),
        pytest.param(" ".join(f"{x} {y} 3 3 re f" for x, y in _POINTS), id="the same square"),
        pytest.param(" ".join(f"BT /F1 1 Tf 7 0 0 7 {x} {y} Tm (l) Tj ET" for x, y in _POINTS), id="the same letter"),
    ],
)
def test_marks_of_one_kind_are_a_series_of_points(drawing: str) -> None:
    figure = figure_of(drawing.encode(), Place())
    assert figure is not None
    assert [(series.shape, len(series.xs)) for series in figure.series] == [("point", 30)]


def test_bars_have_their_heights() -> None:
    drawing = " ".join(f"{60 + 20 * index} 50 12 {high} re f" for index, high in enumerate((30, 70, 10)))
    figure = figure_of(drawing.encode(), Place())
    assert figure is not None
    assert figure.series[0].shape == "bar"
    assert figure.series[0].ys == (30.0, 70.0, 10.0)


@pytest.mark.parametrize(
    "drawing",
    [
        pytest.param(" ".join(f"50 {y} m 500 {y} l S" for y in range(100, 700, 20)), id="rules of a table"),
        pytest.param(" ".join(f"{x} 50 m {x} 46 l S" for x in range(100, 500, 20)), id="ticks of an axis"),
        pytest.param("0 0 595 842 re f", id="background"),
    ],
)
def test_furniture_is_no_figure(drawing: str) -> None:
    assert figure_of(drawing.encode(), Place()) is None


def test_a_table_on_a_page_comes_with_its_rows_and_columns() -> None:
    rows = [("Region", "Women", "Men"), ("North", "120", "131"), ("South", "98", "102"), ("Total", "218", "233")]
    content = "\n".join(
        f"BT /F1 11 Tf {72 + 120 * column} {600 - 16 * row} Td ({text}) Tj ET"
        for row, line in enumerate(rows)
        for column, text in enumerate(line)
    )
    tables = opened(pdfs.pdf(content=content), "pdf").tables
    assert [tuple(row) for row in tables[0].rows] == rows


def test_running_text_is_no_table() -> None:
    lines = ("Of 120 patients 60 were women.", "In 1998 there were 14 of them.", "The mean was 3.4 in 2004.")
    content = "\n".join(f"BT /F1 11 Tf 72 {600 - 14 * row} Td ({line}) Tj ET" for row, line in enumerate(lines))
    assert opened(pdfs.pdf(content=content), "pdf").tables == []


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("invisible text", "invisible or white text"),
        ("white text", "invisible or white text"),
        ("text behind an area", "text behind pictures or areas"),
        ("attachment", "attached file"),
        ("hidden annotation", "hidden annotations"),
        ("layer that is off", "layers that can be switched off"),
        ("form field", "form fields that are filled in"),
        ("script", "JavaScript"),
        ("earlier revision", "earlier revisions of itself"),
        ("after the end", "data after the end marker"),
        ("before the header", "data before the header"),
        ("custom property", "document properties"),
        ("address of a link", "hyperlinks"),
    ],
)
def test_what_no_page_shows_is_told(place: str, said: str) -> None:
    hiding = next(one for one in pdfs.hidings() if one.place == place)
    assert said in opened(hiding.data, "pdf").said


def test_a_password_is_refused_and_an_empty_one_is_read_and_told() -> None:
    locked = pdfs.pdf(encryption=pikepdf.Encryption(user="secret", owner="secret"))
    contents = opened(locked, "pdf")
    assert Kind.ENCRYPTED in contents.kinds
    assert contents.not_read
    open_to_all = opened(pdfs.pdf(encryption=pikepdf.Encryption(user="", owner="secret")), "pdf")
    assert "The groups do not differ." in open_to_all.text
    assert [f.severity for f in open_to_all.findings if f.kind is Kind.ENCRYPTED] == [Severity.REVIEW]


def test_what_is_cut_off_is_never_taken_for_read() -> None:
    contents = opened(pdfs.clean()[:200], "pdf")
    assert Kind.UNREADABLE in contents.kinds
    assert contents.not_read


def test_an_earlier_revision_is_read_once_and_marked() -> None:
    hiding = next(one for one in pdfs.hidings() if one.place == "earlier revision")
    contents = opened(hiding.data, "pdf")
    earlier = [text for text in contents.texts if text.hidden == "earlier revision"]
    assert any("do not differ" in text.text for text in earlier)
    assert "Removed." in contents.text


def test_strings_of_every_spelling_mean_the_same() -> None:
    assert string_bytes(rb"(a\(b\)\101\n)") == b"a(b)A\n"
    assert string_bytes(b"<61 62 6>") == b"ab`"
    assert unicode_map(b"1 beginbfrange <01> <03> <0041> endbfrange") == {b"\x01": "A", b"\x02": "B", b"\x03": "C"}
    assert shown_text(b"BT [(ab) -300 (c)] TJ ET", None) == "ab c"


def test_a_clean_document_has_no_finding() -> None:
    contents = opened(pdfs.clean(), "pdf")
    assert contents.findings == []
    assert contents.not_read == []
    with pikepdf.open(io.BytesIO(pdfs.clean())) as document:
        assert len(document.pages) == 1
