"""SVG read back into series, pictures taken apart, and what they carry besides."""

from __future__ import annotations

import struct

import pytest

from ngc_pipelines.disclosure.content.pictures.directories import TagReader
from ngc_pipelines.disclosure.content.svg.geometry import Outline, apply, matrix_of
from ngc_pipelines.disclosure.findings import Kind
from ngc_pipelines_tests.disclosure_places import pictures, texts
from ngc_pipelines_tests.disclosure_places.planting import Hiding
from ngc_pipelines_tests.opening_files import opened

_PLACES: dict[str, Hiding] = {one.id: one for module in (pictures, texts) for one in module.hidings()}
_SPOTS = [(3 * index, (index * 29) % 80) for index in range(25)]


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param("".join(f'<circle cx="{x}" cy="{y}" r="2"/>' for x, y in _SPOTS), id="circles"),
        pytest.param("".join(f'<use href="#m1" x="{x}" y="{y}"/>' for x, y in _SPOTS), id="uses of one symbol"),
        pytest.param(
            "".join(
                f'<path transform="translate({x},{y})" d="M3,0A3,3 0 1,1 0,-3A3,3 0 0,1 3,0Z"/>' for x, y in _SPOTS
            ),
            id="moved paths",
        ),
        pytest.param("".join(f'<path d="M{x} {y}l2 2l2 -2z"/>' for x, y in _SPOTS), id="paths of one shape"),
    ],
)
def test_marks_of_one_kind_are_a_series_of_points(markup: str) -> None:
    figure = opened(texts.svg(markup), "svg").figures[0]
    assert ("point", 25) in [(series.shape, len(series.xs)) for series in figure.series]


def test_bars_have_their_heights() -> None:
    markup = "".join(
        f'<rect x="{20 * at}" y="{90 - high}" width="15" height="{high}"/>' for at, high in enumerate((30, 70, 10))
    )
    series = opened(texts.svg(markup), "svg").figures[0].series
    assert [one.ys for one in series if one.shape == "bar"] == [(30.0, 70.0, 10.0)]


def test_labels_of_marks_come_with_them() -> None:
    markup = "".join(
        f'<path aria-roledescription="point" aria-label="age: {x}; dose: {y}" d="M{x},{y}h1v1z"/>' for x, y in _SPOTS
    )
    series = opened(texts.svg(markup), "svg").figures[0].series[0]
    assert series.labels[1] == "age: 3; dose: 29"


def test_letters_drawn_as_symbols_are_no_points() -> None:
    markup = "".join(f'<use href="#DejaVuSans-{30 + at % 3:x}" x="{x}" y="{y}"/>' for at, (x, y) in enumerate(_SPOTS))
    assert opened(texts.svg(markup), "svg").figures == []


def test_transforms_are_followed_from_the_inside_out() -> None:
    assert apply(matrix_of("translate(10,20) scale(2)"), 3, 4) == (16.0, 28.0)
    assert (
        Outline("M1 1l2 0v3h-2z").shape == Outline("M5,5L7,5L7,8L5,8Z").shape[:0] + Outline("m5 5 l2 0 v3 h-2 z").shape
    )


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("svg: hidden element", Kind.HIDDEN_CONTENT),
        ("svg: white text", Kind.HIDDEN_CONTENT),
        ("svg: outside the drawing", Kind.HIDDEN_CONTENT),
        ("svg: foreign object", Kind.HIDDEN_CONTENT),
        ("svg: script", Kind.MACRO),
        ("svg: event", Kind.MACRO),
        ("svg: address of a link", Kind.EXTERNAL_LINK),
        ("png: text", Kind.DOCUMENT_METADATA),
        ("png: private chunk", Kind.HIDDEN_CONTENT),
        ("png: after the end", Kind.HIDDEN_CONTENT),
        ("png: behind the pixels", Kind.HIDDEN_CONTENT),
        ("png: zip after the end", Kind.TYPE_MISMATCH),
        ("jpg: comment", Kind.DOCUMENT_METADATA),
        ("jpg: EXIF thumbnail", Kind.HIDDEN_CONTENT),
        ("jpg: private segment", Kind.HIDDEN_CONTENT),
        ("gif: comment between frames", Kind.HIDDEN_CONTENT),
        ("gif: application data", Kind.HIDDEN_CONTENT),
        ("bmp: before the pixels", Kind.HIDDEN_CONTENT),
        ("tif: private tag", Kind.HIDDEN_CONTENT),
        ("tif: description of the second page", Kind.HIDDEN_CONTENT),
    ],
)
def test_what_is_not_seen_is_told(name: str, kind: Kind) -> None:
    hiding = _PLACES[name]
    assert kind in opened(hiding.data, hiding.extension).kinds


def test_entities_of_an_svg_are_refused_and_an_ordinary_doctype_is_not() -> None:
    ordinary = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
    assert opened(texts.svg(before=ordinary), "svg").findings == []
    declaring = '<!DOCTYPE svg [<!ENTITY a "aaaa">]>'
    assert Kind.BOMB in opened(texts.svg("<text>&a;</text>", before=declaring), "svg").kinds


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "TIFF"])
def test_a_picture_comes_with_its_size_and_says_that_its_words_were_not_read(kind: str) -> None:
    contents = opened(pictures.clean(kind))
    assert [(picture.width, picture.height) for picture in contents.pictures] == [(40, 30)]
    assert contents.findings == []


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP"])
def test_a_picture_that_is_cut_off_is_not_read_whole(kind: str) -> None:
    contents = opened(pictures.clean(kind)[:-12])
    assert Kind.UNREADABLE in contents.kinds


def test_a_picture_of_absurd_size_is_a_bomb() -> None:
    data = bytearray(pictures.clean("PNG"))
    data[16:24] = struct.pack(">II", 100_000, 100_000)
    contents = opened(bytes(data))
    assert Kind.BOMB in contents.kinds
    assert contents.pictures == []


def test_directories_that_refer_to_each_other_end() -> None:
    looping = b"II*\0" + struct.pack("<IH", 8, 0) + struct.pack("<I", 8)
    reader = TagReader(looping)
    reader.read()
    assert len(reader.directories) == 1
