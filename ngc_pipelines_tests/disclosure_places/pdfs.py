"""PDF documents with the secret in each place that they have."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from ngc_pipelines_tests.disclosure_places.pictures import jpeg_with_comment
from ngc_pipelines_tests.disclosure_places.planting import SECRET, Hiding
from ngc_pipelines_tests.disclosure_places.workbooks import workbook

_XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:n="http://example.org/n/"><n:who>{}</n:who></rdf:Description></rdf:RDF></x:xmpmeta>'
)
_TEXT = "BT /F1 12 Tf 72 {y} Td {what} ET"


def _line(text: str, y: int = 700, before: str = "") -> str:
    return _TEXT.format(y=y, what=f"{before} ({text}) Tj")


def pdf(write: Callable[[Any, Any], object] | None = None, content: str = "", **options: Any) -> bytes:
    """A page with one clean line; more by `content`, or by `write(document, page)`."""
    document = pikepdf.new()
    page = document.add_blank_page(page_size=(595, 842))
    font = document.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
    shown = _line("The groups do not differ.") + "\n" + content
    page.obj.Contents = document.make_stream(shown.encode("latin-1"))
    if write is not None:
        write(document, page)
    out = io.BytesIO()
    document.save(out, **options)
    return out.getvalue()


def clean() -> bytes:
    """The twin without a secret."""
    return pdf()


def _contents() -> Iterator[tuple[str, str]]:
    yield "text of a page", _line(SECRET, 600)
    yield "text split over operators", _TEXT.format(y=600, what="(cpr 0201) Tj (60-99) Tj (95 id PX83) Tj (K2M7Q4) Tj")
    yield "text with kerning", _TEXT.format(y=600, what="[(cpr 0201) 20 (60-99) -10 (95 id PX8) 15 (3K2M7Q4)] TJ")
    yield "hexadecimal text", _TEXT.format(y=600, what=f"<{SECRET.encode().hex()}> Tj")
    yield "invisible text", _line(SECRET, 600, "3 Tr")
    yield "white text", _line(SECRET, 600, "1 1 1 rg")
    yield "tiny text", f"BT /F1 0.1 Tf 72 600 Td ({SECRET}) Tj ET"
    yield "text behind an area", _line(SECRET, 600) + "\n1 0 0 rg 60 590 400 30 re f"
    yield "outside the page", _line(SECRET, 2000)
    yield "clipped text", "q 0 0 1 1 re W n " + _line(SECRET, 600) + " Q"
    yield "replacement text", f"/Span <</ActualText ({SECRET})>> BDC {_line('x', 600)} EMC"
    yield "property of marked content", f"/Note <</Who ({SECRET})>> DP"


def _attach(document: Any, _: Any, data: bytes = SECRET.encode(), name: str = "note.txt") -> None:
    document.attachments[name] = data


def _annotation(document: Any, page: Any, **more: Any) -> None:
    fields = {"Type": Name.Annot, "Subtype": Name.Text, "Rect": Array([0, 0, 9, 9])} | more
    page.obj.Annots = Array([document.make_indirect(Dictionary(**fields))])


def _appearance(document: Any, page: Any) -> None:
    form = document.make_stream(
        _line(SECRET, 5).encode(), Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9])
    )
    _annotation(document, page, AP=Dictionary(N=form))


def _field(document: Any, page: Any) -> None:
    field = document.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Tx,
            T=String("who"),
            V=String(SECRET),
            Rect=Array([0, 0, 9, 9]),
        )
    )
    page.obj.Annots = Array([field])
    document.Root.AcroForm = Dictionary(Fields=Array([field]))


def _xfa(document: Any, _: Any) -> None:
    document.Root.AcroForm = Dictionary(
        Fields=Array([]), XFA=document.make_stream(f"<xdp><who>{SECRET}</who></xdp>".encode())
    )


def _layer(document: Any, page: Any) -> None:
    group = document.make_indirect(Dictionary(Type=Name.OCG, Name=String("layer")))
    document.Root.OCProperties = Dictionary(OCGs=Array([group]), D=Dictionary(OFF=Array([group]), Order=Array([])))
    page.obj.Resources.Properties = Dictionary(L1=group)
    page.obj.Contents = document.make_stream(f"/OC /L1 BDC {_line(SECRET, 600)} EMC".encode())


def _bookmark(document: Any, page: Any) -> None:
    with document.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(SECRET, 0))


def _form_never_used(document: Any, _: Any) -> None:
    document.Root.Unused = document.make_stream(_line(SECRET).encode(), Type=Name.XObject, Subtype=Name.Form)


def _mapped_font(document: Any, page: Any) -> None:
    """Codes that only the font's map makes sense of."""
    codes = "".join(f"<{index + 1:02X}> <{ord(letter):04X}>\n" for index, letter in enumerate(SECRET))
    cmap = f"/CIDInit begincmap\n{len(SECRET)} beginbfchar\n{codes}endbfchar endcmap"
    page.obj.Resources.Font.F2 = Dictionary(
        Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, ToUnicode=document.make_stream(cmap.encode())
    )
    text = "".join(f"{index + 1:02X}" for index in range(len(SECRET)))
    page.obj.Contents = document.make_stream(f"BT /F2 12 Tf 72 600 Td <{text}> Tj ET".encode())


def _picture(document: Any, page: Any) -> None:
    image = Stream(document, jpeg_with_comment(SECRET))
    image.update(
        {
            "/Type": Name.XObject,
            "/Subtype": Name.Image,
            "/Width": 40,
            "/Height": 30,
            "/ColorSpace": Name.DeviceRGB,
            "/BitsPerComponent": 8,
            "/Filter": Name.DCTDecode,
        }
    )
    page.obj.Resources.XObject = Dictionary(I1=document.make_indirect(image))


def _action(document: Any, _: Any) -> None:
    document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{SECRET}')"))


def _structure(document: Any, _: Any) -> None:
    element = document.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Figure, Alt=String(SECRET)))
    document.Root.StructTreeRoot = document.make_indirect(Dictionary(Type=Name.StructTreeRoot, K=element))


def _written() -> Iterator[tuple[str, Callable[[Any, Any], object]]]:
    yield "attachment", _attach
    yield (
        "workbook attached",
        lambda document, page: _attach(
            document, page, workbook(lambda _, sheet: sheet.write(8, 0, SECRET)), "book.xlsx"
        ),
    )
    yield "name of an attachment", lambda document, page: _attach(document, page, b"x", f"{SECRET}.txt")
    yield "annotation", lambda document, page: _annotation(document, page, Contents=String(SECRET))
    yield "hidden annotation", lambda document, page: _annotation(document, page, Contents=String(SECRET), F=2)
    yield "author of an annotation", lambda document, page: _annotation(document, page, T=String(SECRET))
    yield "appearance of an annotation", _appearance
    yield "form field", _field
    yield "XFA form", _xfa
    yield "layer that is off", _layer
    yield "bookmark", _bookmark
    yield "document properties", lambda document, _: document.docinfo.__setitem__("/Subject", SECRET)
    yield "custom property", lambda document, _: document.docinfo.__setitem__("/Note", SECRET)
    yield "UTF-16 property", lambda document, _: document.docinfo.__setitem__("/Title", f"æ→ {SECRET}")
    yield (
        "XMP",
        lambda document, _: setattr(
            document.Root,
            "Metadata",
            document.make_stream(_XMP.format(SECRET).encode(), Type=Name.Metadata, Subtype=Name.XML),
        ),
    )
    yield "script", _action
    yield (
        "address of a link",
        lambda document, page: _annotation(
            document, page, Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String(f"https://example.org/{SECRET}"))
        ),
    )
    yield "alternative text", _structure
    yield "drawing that no page uses", _form_never_used
    yield "font with its own codes", _mapped_font
    yield "picture's metadata", _picture
    yield "object that nothing refers to", lambda document, _: setattr(document.Root, "Left", String(SECRET))
    yield (
        "stream that nothing refers to",
        lambda document, _: setattr(document.Root, "Left", document.make_stream(SECRET.encode())),
    )
    yield (
        "label of a page",
        lambda document, _: setattr(
            document.Root, "PageLabels", Dictionary(Nums=Array([0, Dictionary(P=String(SECRET))]))
        ),
    )
    yield (
        "private data of a program",
        lambda _, page: setattr(page.obj, "PieceInfo", Dictionary(App=Dictionary(Private=String(SECRET)))),
    )
    yield (
        "named destination",
        lambda document, page: setattr(
            document.Root,
            "Names",
            Dictionary(Dests=Dictionary(Names=Array([String(SECRET), Array([page.obj, Name.Fit])]))),
        ),
    )
    yield (
        "password-free signature's reason",
        lambda document, _: setattr(
            document.Root, "Perms", Dictionary(DocMDP=Dictionary(Type=Name.Sig, Reason=String(SECRET)))
        ),
    )


def _earlier_revision() -> bytes:
    """A page's content replaced by an update that only adds to the file."""
    first = pdf(content=_line(SECRET, 600), compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    with pikepdf.open(io.BytesIO(first)) as document:
        number, generation = document.pages[0].obj.Contents.objgen
        size = int(document.trailer.Size)
        root = document.Root.objgen[0]
    start = len(first)
    body = b"BT /F1 12 Tf 72 700 Td (Removed.) Tj ET"
    update = b"%d %d obj\n<</Length %d>>\nstream\n%s\nendstream\nendobj\n" % (number, generation, len(body), body)
    table = start + len(update)
    previous = int(first[first.rfind(b"startxref") + 9 :].split()[0])
    update += b"xref\n%d 1\n%010d %05d n \n" % (number, start, generation)
    update += b"trailer\n<</Size %d /Root %d 0 R /Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (size, root, previous, table)
    return first + update


def hidings() -> Iterator[Hiding]:
    """Every place of a PDF."""
    for place, content in _contents():
        yield Hiding("pdf", place, pdf(content=content))
    for place, write in _written():
        yield Hiding("pdf", place, pdf(write))
    plain = pdf()
    yield Hiding("pdf", "compressed objects", pdf(_structure, object_stream_mode=pikepdf.ObjectStreamMode.generate))
    yield Hiding("pdf", "earlier revision", _earlier_revision())
    yield Hiding("pdf", "after the end", plain + SECRET.encode())
    yield Hiding("pdf", "before the header", SECRET.encode() + b"\n" + plain)
    head, _, tail = plain.partition(b"1 0 obj")
    yield Hiding("pdf", "comment in the code", head + b"% " + SECRET.encode() + b"\n1 0 obj" + tail)
    yield Hiding(
        "pdf", "object that no table lists", head + b"99 0 obj\n(" + SECRET.encode() + b")\nendobj\n1 0 obj" + tail
    )
