"""Presentations (pptx) with the secret in each place that they have."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import pptx
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from ngc_pipelines_tests.disclosure_places.planting import (
    SECRET,
    Change,
    Hiding,
    new_relations,
    relation,
    repacked,
    replacing,
)
from ngc_pipelines_tests.disclosure_places.workbooks import workbook, zip_tricks

_P = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
_A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
_SLIDE = "ppt/slides/slide1.xml"
_SLIDE_RELS = "ppt/slides/_rels/slide1.xml.rels"


def presentation(write: Callable[[Any, Any], object] | None = None) -> bytes:
    """A small clean presentation, with something more written by `write(deck, slide)`."""
    deck = pptx.Presentation()
    deck.core_properties.author = ""
    deck.core_properties.title = ""
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "Results"
    if write is not None:
        write(deck, slide)
    out = io.BytesIO()
    deck.save(out)
    return repacked(out.getvalue(), {"docProps/thumbnail.jpeg": None, "_rels/.rels": _without_thumbnail})


def _without_thumbnail(content: bytes) -> bytes:
    head, mark, tail = content.partition(b"metadata/thumbnail")
    if not mark:
        return content
    return head[: head.rfind(b"<Relationship ")] + tail[tail.find(b"/>") + 2 :]


def clean() -> bytes:
    """The twin without a secret."""
    return presentation()


def _box(slide: Any, text: str = SECRET, left: float = 1) -> Any:
    box = slide.shapes.add_textbox(Inches(left), Inches(3), Inches(3), Inches(1))
    box.text_frame.text = text
    return box


def _written() -> Iterator[tuple[str, Callable[[Any, Any], object]]]:
    yield "text box", lambda _, slide: _box(slide)
    yield (
        "text split over runs",
        lambda _, slide: _runs(_box(slide, ""), "cpr 0201", "60-9", "995 id PX83K2", "M7Q4"),
    )
    yield "title", lambda _, slide: setattr(slide.shapes.title, "text", SECRET)
    yield (
        "cell of a table",
        lambda _, slide: setattr(
            slide.shapes.add_table(2, 2, Inches(1), Inches(3), Inches(4), Inches(1)).table.cell(1, 1), "text", SECRET
        ),
    )
    yield "speaker notes", lambda _, slide: setattr(slide.notes_slide.notes_text_frame, "text", SECRET)
    yield "hidden slide", lambda _, slide: (_box(slide), slide._element.set("show", "0"))
    yield "outside the slide", lambda _, slide: _box(slide, left=30)
    yield "hidden shape", lambda _, slide: _box(slide)._element.nvSpPr.cNvPr.set("hidden", "1")
    yield "alt text", lambda _, slide: _box(slide, "x")._element.nvSpPr.cNvPr.set("descr", SECRET)
    yield "name of a shape", lambda _, slide: setattr(_box(slide, "x"), "name", SECRET)
    yield "white text", lambda _, slide: _white(_box(slide))
    yield "layout", lambda deck, _: setattr(deck.slide_layouts[5].placeholders[0], "text", SECRET)
    yield "master", lambda deck, _: setattr(deck.slide_master.placeholders[0], "text", SECRET)
    yield (
        "group of shapes",
        lambda _, slide: _box(slide.shapes.add_group_shape()),
    )  # a group has shapes as a slide has
    yield "categories of a chart", lambda _, slide: _chart(slide, SECRET, "n")
    yield "name of a chart's series", lambda _, slide: _chart(slide, "a", SECRET)
    yield "name of a scatter's series", lambda _, slide: _scatter(slide)
    yield "document properties", lambda deck, _: setattr(deck.core_properties, "comments", SECRET)
    yield (
        "address of a link",
        lambda _, slide: setattr(
            _box(slide, "x").text_frame.paragraphs[0].runs[0].hyperlink, "address", f"https://example.org/{SECRET}"
        ),
    )


def _runs(box: Any, *texts: str) -> None:
    for text in texts:
        box.text_frame.paragraphs[0].add_run().text = text


def _white(box: Any) -> None:
    box.text_frame.paragraphs[0].runs[0].font.color.rgb = RGBColor(255, 255, 255)


def _chart(slide: Any, category: str, series: str) -> None:
    data = CategoryChartData()
    data.categories = [category, "b"]
    data.add_series(series, (120, 230))
    slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, Inches(1), Inches(2), Inches(4), Inches(3), data)


def _scatter(slide: Any) -> None:
    data = XyChartData()
    data.add_series(SECRET).add_data_point(1, 2)
    slide.shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, Inches(1), Inches(2), Inches(4), Inches(3), data)


def _on_slide(path: str, kind: str, content: bytes) -> dict[str, Change]:
    return relation(_SLIDE_RELS, f"../{path}", kind) | {f"ppt/{path}": content}


def _patched() -> Iterator[tuple[str, dict[str, Change]]]:
    yield (
        "comment",
        _on_slide(
            "comments/comment1.xml",
            "comments",
            f'<p:cmLst {_P}><p:cm authorId="0"><p:text>{SECRET}</p:text></p:cm></p:cmLst>'.encode(),
        ),
    )
    yield (
        "threaded comment",
        _on_slide(
            "comments/modernComment1.xml",
            "comments",
            f"<p188:cmLst xmlns:p188='m' {_A}><p188:cm><p188:txBody><a:p><a:r><a:t>{SECRET}</a:t></a:r></a:p>"
            "</p188:txBody></p188:cm></p188:cmLst>".encode(),
        ),
    )
    yield (
        "tag",
        _on_slide("tags/tag1.xml", "tags", f'<p:tagLst {_P}><p:tag name="N" val="{SECRET}"/></p:tagLst>'.encode()),
    )
    yield (
        "SmartArt",
        _on_slide(
            "diagrams/data1.xml",
            "diagramData",
            f"<dgm:dataModel xmlns:dgm='d' {_A}><dgm:ptLst><dgm:pt><dgm:t><a:p><a:r><a:t>{SECRET}</a:t></a:r>"
            "</a:p></dgm:t></dgm:pt></dgm:ptLst></dgm:dataModel>".encode(),
        ),
    )
    yield (
        "embedded workbook",
        _on_slide("embeddings/book.xlsx", "package", workbook(lambda _, sheet: sheet.write(8, 0, SECRET))),
    )
    yield "picture's metadata", _on_slide("media/picture.jpg", "image", _jpeg())
    yield "name of a slide", {_SLIDE: replacing("<p:cSld>", f'<p:cSld name="{SECRET}">')}
    yield (
        "section",
        {
            "ppt/presentation.xml": replacing(
                "</p:presentation>",
                f'<p:extLst><p:ext uri="s"><s:section xmlns:s="s" name="{SECRET}"/></p:ext></p:extLst>'
                "</p:presentation>",
            )
        },
    )
    yield (
        "author of comments",
        relation("ppt/_rels/presentation.xml.rels", "commentAuthors.xml", "commentAuthors")
        | {
            "ppt/commentAuthors.xml": f'<p:cmAuthorLst {_P}><p:cmAuthor id="0" name="{SECRET}"/>'
            "</p:cmAuthorLst>".encode()
        },
    )
    yield (
        "custom XML",
        relation("ppt/_rels/presentation.xml.rels", "../customXml/item1.xml", "customXml")
        | {"customXml/item1.xml": f"<data><person>{SECRET}</person></data>".encode()},
    )
    yield (
        "properties of custom XML",
        relation("ppt/_rels/presentation.xml.rels", "../customXml/item1.xml", "customXml")
        | {
            "customXml/item1.xml": b"<data/>",
            **new_relations("customXml/_rels/item1.xml.rels", "itemProps1.xml", "customXmlProps"),
            "customXml/itemProps1.xml": f'<datastoreItem itemID="{SECRET}"/>'.encode(),
        },
    )
    yield "part that nothing refers to", {"ppt/left.xml": f"<left>{SECRET}</left>".encode()}
    yield (
        "extension of a slide",
        {
            _SLIDE: replacing(
                "</p:sld>", f'<p:extLst><p:ext uri="x"><n:note xmlns:n="n" v="{SECRET}"/></p:ext></p:extLst></p:sld>'
            )
        },
    )


def _jpeg() -> bytes:
    from ngc_pipelines_tests.disclosure_places.pictures import jpeg_with_comment

    return jpeg_with_comment(SECRET)


def hidings() -> Iterator[Hiding]:
    """Every place of a presentation."""
    return hidings_in("pptx", lambda package: package)


def hidings_in(extension: str, dressed: Callable[[bytes], bytes]) -> Iterator[Hiding]:
    """The places of a presentation of another kind.

    Args:
        dressed: makes a presentation of that kind out of a pptx.
    """
    for place, write in _written():
        yield Hiding(extension, place, dressed(presentation(write)))
    package = dressed(presentation())
    for place, changes in _patched():
        yield Hiding(extension, place, repacked(package, changes))
    yield from zip_tricks(extension, package)
