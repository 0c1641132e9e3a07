"""What stands over a table in a document, on a slide or on a page is its title; running text is not."""

from __future__ import annotations

import io

import docx
import pptx
import pytest
from pptx.util import Cm

from ngc_pipelines.disclosure.content.titles import LONGEST, title_above
from ngc_pipelines_tests.opening_files import opened

CAPTION = "Tabel 2. Patienter i medicinsk behandling (N = 601)."
SENTENCE = "The mean age of the patients was 52 years."


@pytest.mark.parametrize(
    "text",
    [CAPTION, "Table 1", "eTable 3. Women.", "Supplementary Table S1. All.", "Kvinder (N = 120)", " Only\nwomen "],
)
def test_captions_and_headings_are_titles(text: str) -> None:
    assert title_above(text) == " ".join(text.split())


@pytest.mark.parametrize("text", ["", " ", SENTENCE, "word " * 30, f"Table 1 {'word ' * LONGEST}", "The table,"])
def test_sentences_and_paragraphs_are_none(text: str) -> None:
    assert title_above(text) is None


def document(*parts: str | None) -> bytes:
    """A document of paragraphs; None is a table."""
    made = docx.Document()
    for part in parts:
        if part is None:
            table = made.add_table(2, 2)
            table.cell(1, 1).text = "12"
        else:
            made.add_paragraph(part)
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


def test_the_paragraph_over_a_table_of_a_document_is_its_title() -> None:
    data = document(SENTENCE, CAPTION, None, None, "Kvinder", "", None, SENTENCE, None)
    assert [table.title for table in opened(data, "docx").tables] == [CAPTION, None, "Kvinder", None]


def test_a_table_within_a_table_has_no_title_of_the_outer_ones() -> None:
    made = docx.Document()
    made.add_paragraph("Kvinder")
    made.add_table(2, 2).cell(0, 0).add_table(1, 1).cell(0, 0).text = "5"
    written = io.BytesIO()
    made.save(written)
    assert sorted(str(table.title) for table in opened(written.getvalue(), "docx").tables) == ["Kvinder", "None"]


def test_the_title_of_a_slide_is_that_of_its_tables() -> None:
    made = pptx.Presentation()
    for title in ("Behandlede (N = 601)", ""):
        slide = made.slides.add_slide(made.slide_layouts[5])
        slide.shapes.title.text = title
        slide.shapes.add_table(2, 2, Cm(1), Cm(5), Cm(9), Cm(3))
    written = io.BytesIO()
    made.save(written)
    assert [table.title for table in opened(written.getvalue(), "pptx").tables] == ["Behandlede (N = 601)", None]


@pytest.mark.parametrize(
    ("above", "title"),
    [
        ("<h2>Women <i>only</i></h2>", "Women only"),
        (f"<h2>Results</h2><p>{SENTENCE}</p>", None),
        (f"<p>{CAPTION}</p>\n", CAPTION),
        ("<table><tr><td>1</td></tr></table>", None),
        ("", None),
    ],
    ids=["heading", "sentence", "caption in a paragraph", "another table", "nothing"],
)
def test_the_heading_over_a_table_of_a_page_is_its_title(above: str, title: str | None) -> None:
    page = f"<html><body>{above}<table><tr><td>A</td><td>12</td></tr></table></body></html>"
    assert opened(page.encode(), "html").tables[-1].title == title


def test_a_caption_goes_before_the_heading() -> None:
    page = b"<html><body><h2>Women</h2><table><caption>Men</caption><tr><td>A</td></tr></table></body></html>"
    assert [table.title for table in opened(page, "html").tables] == ["Men"]
