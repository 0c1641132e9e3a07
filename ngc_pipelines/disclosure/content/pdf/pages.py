"""What pages show: their text, their tables, and text that is there but not seen."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from ngc_pipelines.disclosure.content import remarks
from ngc_pipelines.disclosure.content.pdf.contents import shown_text
from ngc_pipelines.disclosure.content.pdf.grids import Glyph, looks_tabular, tables_of
from ngc_pipelines.disclosure.content.pdf.marks import figure_of
from ngc_pipelines.disclosure.pieces import Opened, Table, Text
from ngc_pipelines.disclosure.places import Place

if TYPE_CHECKING:
    from ngc_pipelines.disclosure.opening import Context

_SUSPICIOUS: Final = re.compile(
    rb"\b[37]\s+Tr\b|\b1\s+(?:1\s+1\s+(?:rg|sc|scn)|g|sc|scn)\b|\b0\s+0\s+0\s+0\s+k\b|\bDo\b|\bEI\b|\bgs\b"
)
_FILL: Final = re.compile(rb"\b(?:re|l|h|c)\s+[fFbB]\*?(?:\s|$)")
_LISTED: Final = re.compile(rb"/OC\b|<<[^>]*[(<][^>]*>>\s*(?:BDC|DP)\b")
_INVISIBLE: Final = 3
_OBJECTS: Final = 50_000
_LARGE: Final = 0.25


def read_pages(
    data: bytes, place: Place, context: Context, seen: set[int], hidden: str | None, contents: list[bytes]
) -> Iterator[Opened]:
    """Text, tables and figures of every page.

    Args:
        seen: hashes of texts that were already handed on; added to.
        contents: the pages' content streams, as far as they could be had.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        if hidden is None:
            yield from remarks.broken(context, place, "pdf pages", "the pages do not parse")
        return
    try:
        for index in range(len(document)):
            context.budget.check_time()
            content = contents[index] if index < len(contents) else b""
            where = place.inside(f"page {index + 1}")
            try:
                page = document[index]
                yield from _page(page, content, where, context, seen, hidden)
                page.close()
            except pypdfium2.PdfiumError:
                yield from remarks.broken(context, where, "pdf page", "the page does not parse")
    finally:
        document.close()


def _page(
    page: Any, content: bytes, where: Place, context: Context, seen: set[int], hidden: str | None
) -> Iterator[Opened]:
    textpage = page.get_textpage()
    raw = textpage.get_text_range()
    text = raw.replace("\r\n", "\n").replace("\ufffe", "").replace("\u00ad\n", "").replace("\x02", "")
    mark = hash(text)
    if text.strip() and mark not in seen:
        seen.add(mark)
        yield Text(where, text, first_line=1, hidden=hidden)
        if looks_tabular(text):
            for table in tables_of(_glyphs(textpage, raw)):
                yield Table(where.inside(f"table {table.number}"), table.rows, title=table.title, hidden=hidden)
    if _SUSPICIOUS.search(content) or _FILL.search(content, max(content.find(b"ET"), 0)):
        yield from _unseen(page, textpage, where, context)
    if _LISTED.search(content):
        yield from _layers(content, text, where, hidden)
    mark = hash(content)
    if content and mark not in seen:
        seen.add(mark)
        figure = figure_of(content, where)
        if figure is not None:
            yield figure
    textpage.close()


def _glyphs(textpage: Any, raw: str) -> list[Glyph]:
    """Every character with its box.

    Args:
        raw: the page's text as it came, whose letters are the page's characters where the numbers agree.
    """
    import pypdfium2.raw as pdfium

    box = pdfium.FS_RECTF()
    count = textpage.count_chars()
    letters = raw if len(raw) == count else [chr(pdfium.FPDFText_GetUnicode(textpage, index)) for index in range(count)]
    found = []
    for index, letter in enumerate(letters):
        # The loose box is as wide as the letter's advance: between letters of a word it leaves no gap.
        if letter > " " and letter != "\ufffe" and pdfium.FPDFText_GetLooseCharBox(textpage, index, box):
            found.append(Glyph(letter, box.left, box.right, box.bottom, box.top))
    return found


def _layers(content: bytes, text: str, where: Place, hidden: str | None) -> Iterator[Opened]:
    """Layers and properties of marked content: what a stream holds and the page's text lacks."""
    shown = {re.sub(r"\W", "", line) for line in text.splitlines()}
    whole = re.sub(r"\W", "", text)
    lacking = [
        line
        for line in shown_text(content, None).splitlines()
        if (bare := re.sub(r"\W", "", line)) and bare not in shown and bare not in whole
    ]
    if lacking:
        yield Text(where.inside("layers"), "\n".join(lacking), hidden=hidden or "layer that is switched off")


def _unseen(page: Any, textpage: Any, where: Place, context: Context) -> Iterator[Opened]:
    """Text drawn invisibly, in white, or covered by what is drawn after it."""
    import pypdfium2.raw as pdfium

    width, height = page.get_size()
    covers: list[tuple[float, float, float, float]] = []
    texts: list[tuple[str, tuple[float, float, float, float], bool]] = []
    behind: list[str] = []
    coloured = False
    for count, thing in enumerate(page.get_objects(max_depth=3)):
        if count > _OBJECTS:
            break
        if thing.type == pdfium.FPDF_PAGEOBJ_TEXT:
            texts.append((_text_of(thing, textpage), _box(thing), _is_invisible(thing)))
        elif thing.type in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_PATH):
            box = _box(thing)
            if thing.type == pdfium.FPDF_PAGEOBJ_PATH and not _is_filled(thing):
                continue
            area = (box[2] - box[0]) * (box[3] - box[1])
            whole = area >= _LARGE * width * height and not texts
            coloured |= whole or (thing.type == pdfium.FPDF_PAGEOBJ_PATH and area > 100)
            if texts and area > 50:
                covers.append(box)
                behind += [text for text, inner, _ in texts if _covers(box, inner)]
                texts = [one for one in texts if not _covers(box, one[1])]
    white = [text for text, _, invisible in texts if invisible and text.strip()]
    for found, da, en in (
        (behind, "tekst bag billeder eller flader", "text behind pictures or areas"),
        ([] if coloured else white, "usynlig eller hvid tekst", "invisible or white text"),
    ):
        if any(text.strip() for text in found):
            yield remarks.hidden(context, where, da, en, count=len(found))
            yield Text(where.inside("unseen text"), " ".join(found), hidden=en)


def _text_of(thing: Any, textpage: Any) -> str:
    import pypdfium2.raw as pdfium

    length = pdfium.FPDFTextObj_GetText(thing, textpage, None, 0)
    if length <= 2:
        return ""
    buffer = ctypes.create_string_buffer(length)
    pdfium.FPDFTextObj_GetText(thing, textpage, ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)), length)
    return buffer.raw[: length - 2].decode("utf-16-le", "replace")


def _box(thing: Any) -> tuple[float, float, float, float]:
    import pypdfium2.raw as pdfium

    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not pdfium.FPDFPageObj_GetBounds(thing, left, bottom, right, top):
        return 0.0, 0.0, 0.0, 0.0
    return left.value, bottom.value, right.value, top.value


def _is_invisible(thing: Any) -> bool:
    import pypdfium2.raw as pdfium

    if pdfium.FPDFTextObj_GetTextRenderMode(thing) == _INVISIBLE:
        return True
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not pdfium.FPDFPageObj_GetFillColor(thing, red, green, blue, alpha):
        return False
    return min(red.value, green.value, blue.value) >= 250 or alpha.value < 8


def _is_filled(thing: Any) -> bool:
    import pypdfium2.raw as pdfium

    mode, stroke = ctypes.c_int(), ctypes.c_int()
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    filled = bool(pdfium.FPDFPath_GetDrawMode(thing, mode, stroke)) and mode.value != 0
    return filled and bool(pdfium.FPDFPageObj_GetFillColor(thing, red, green, blue, alpha)) and alpha.value > 200


def _covers(outer: tuple[float, float, float, float], inner: tuple[float, float, float, float]) -> bool:
    slack = 1.0
    return (
        outer[0] <= inner[0] + slack
        and outer[1] <= inner[1] + slack
        and outer[2] >= inner[2] - slack
        and outer[3] >= inner[3] - slack
        and inner[2] > inner[0]
    )
