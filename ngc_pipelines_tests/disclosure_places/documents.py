"""Word documents (docx) with the secret in each place that they have."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import docx

from ngc_pipelines_tests.disclosure_places.planting import (
    SECRET,
    Change,
    Hiding,
    compound,
    relation,
    repacked,
    replacing,
)
from ngc_pipelines_tests.disclosure_places.workbooks import workbook, zip_tricks

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_RELS = "word/_rels/document.xml.rels"
_BODY = "word/document.xml"
_DRAWING = (
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)


def document(write: Callable[[Any], object] | None = None) -> bytes:
    """A small clean document, with something more written by `write(document)`."""
    made = docx.Document()
    made.core_properties.author = ""
    made.core_properties.comments = ""
    made.add_paragraph("The results show no difference between the groups.")
    table = made.add_table(rows=2, cols=2)
    for index, text in enumerate(("Group", "Persons", "A", "120")):
        table.cell(index // 2, index % 2).text = text
    if write is not None:
        write(made)
    out = io.BytesIO()
    made.save(out)
    # The template's thumbnail shows an empty page; a clean document has none.
    return repacked(
        out.getvalue(),
        {"docProps/thumbnail.jpeg": None, "_rels/.rels": _without_thumbnail, "customXml/item1.xml": b"<empty/>"},
    )


def _without_thumbnail(content: bytes) -> bytes:
    start = content.find(b"<Relationship ", max(content.find(b"thumbnail") - 300, 0))
    while start >= 0:
        end = content.find(b"/>", start) + 2
        if b"thumbnail" in content[start:end]:
            return content[:start] + content[end:]
        start = content.find(b"<Relationship ", end)
    return content


def clean() -> bytes:
    """The twin without a secret."""
    return document()


def _written() -> Iterator[tuple[str, Callable[[Any], object]]]:
    yield "paragraph", lambda made: made.add_paragraph(SECRET)
    yield "paragraph split over runs", lambda made: _runs(made, "cpr 02", "0160-", "9995 id PX8", "3K2M7", "Q4")
    yield "cell of a table", lambda made: setattr(made.tables[0].cell(1, 1), "text", SECRET)
    yield (
        "cell of a table in a table",
        lambda made: setattr(made.tables[0].cell(1, 1).add_table(1, 1).cell(0, 0), "text", SECRET),
    )
    yield "header", lambda made: setattr(made.sections[0].header.paragraphs[0], "text", SECRET)
    yield "footer", lambda made: setattr(made.sections[0].footer.paragraphs[0], "text", SECRET)
    yield "header of the first page", lambda made: _first_page(made)
    yield "comment", lambda made: made.add_comment(made.paragraphs[0].runs, SECRET)
    yield "author of a comment", lambda made: made.add_comment(made.paragraphs[0].runs, "see", author=SECRET)
    yield "document properties", lambda made: setattr(made.core_properties, "comments", SECRET)
    yield "name of a style", lambda made: made.styles.add_style(SECRET, 1)


def _runs(made: Any, *texts: str) -> None:
    paragraph = made.add_paragraph()
    for text in texts:
        paragraph.add_run(text)


def _first_page(made: Any) -> None:
    made.sections[0].different_first_page_header_footer = True
    made.sections[0].first_page_header.paragraphs[0].text = SECRET


def _run(properties: str, element: str = "t") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:{element}>{SECRET}</w:{element}></w:r>"


def _in_body(markup: str) -> dict[str, Change]:
    return {_BODY: replacing("<w:body>", f"<w:body><w:p>{markup}</w:p>")}


def _in_markup() -> Iterator[tuple[str, str]]:
    yield "hidden text", _run("<w:vanish/>")
    yield "white text", _run('<w:color w:val="FFFFFF"/>')
    yield "tiny text", _run('<w:sz w:val="2"/>')
    yield "tracked deletion", f'<w:del w:id="1" w:author="a">{_run("", "delText")}</w:del>'
    yield "tracked insertion", f'<w:ins w:id="1" w:author="a">{_run("")}</w:ins>'
    yield "moved text", f'<w:moveFrom w:id="1" w:author="a">{_run("")}</w:moveFrom>'
    yield "author of a change", f'<w:ins w:id="1" w:author="{SECRET}"><w:r><w:t>x</w:t></w:r></w:ins>'
    yield (
        "field code",
        (
            f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>QUOTE "{SECRET}"</w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        ),
    )
    yield (
        "field code split over runs",
        (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>QUOTE "cpr 0201</w:instrText></w:r>'
            '<w:r><w:instrText>60-9995 id PX83K2M7Q4"</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
        ),
    )
    yield "simple field", f'<w:fldSimple w:instr="QUOTE &quot;{SECRET}&quot;"><w:r><w:t>x</w:t></w:r></w:fldSimple>'
    yield "bookmark", f'<w:bookmarkStart w:id="5" w:name="{SECRET}"/><w:bookmarkEnd w:id="5"/>'
    yield (
        "alt text",
        (
            f'<w:r><w:drawing {_DRAWING}><wp:inline><wp:docPr id="1" name="p" descr="{SECRET}"/></wp:inline>'
            "</w:drawing></w:r>"
        ),
    )
    yield (
        "text box",
        (
            f"<w:r><w:drawing {_DRAWING}><wp:inline><wps:txbx><w:txbxContent><w:p>{_run('')}</w:p>"
            "</w:txbxContent></wps:txbx>"
            "</wp:inline></w:drawing></w:r>"
        ),
    )
    yield (
        "old text box",
        (
            '<w:r><w:pict xmlns:v="urn:schemas-microsoft-com:vml"><v:shape><v:textbox><w:txbxContent>'
            f"<w:p>{_run('')}</w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
        ),
    )
    yield (
        "word art",
        (
            f'<w:r><w:pict xmlns:v="urn:schemas-microsoft-com:vml"><v:shape><v:textpath string="{SECRET}"/>'
            "</v:shape></w:pict></w:r>"
        ),
    )
    yield (
        "tag of a content control",
        (
            f'<w:sdt><w:sdtPr><w:tag w:val="{SECRET}"/></w:sdtPr><w:sdtContent><w:r><w:t>x</w:t></w:r>'
            "</w:sdtContent></w:sdt>"
        ),
    )
    yield (
        "choice of a content control",
        (
            f'<w:sdt><w:sdtPr><w:dropDownList><w:listItem w:displayText="{SECRET}" w:value="1"/>'
            "</w:dropDownList></w:sdtPr>"
            "<w:sdtContent><w:r><w:t>x</w:t></w:r></w:sdtContent></w:sdt>"
        ),
    )
    yield (
        "form field",
        f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:statusText w:val="{SECRET}"/></w:ffData>'
        "</w:fldChar></w:r>",
    )
    yield (
        "formula",
        (
            '<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><m:r>'
            f"<m:t>{SECRET}</m:t></m:r></m:oMath>"
        ),
    )
    yield (
        "ruby text",
        f"<w:r><w:ruby><w:rt>{_run('')}</w:rt><w:rubyBase><w:r><w:t>x</w:t></w:r></w:rubyBase></w:ruby></w:r>",
    )


def _parts() -> Iterator[tuple[str, str, str, str]]:
    """Place, path below word/, kind of relationship, content."""
    paragraph = f"<w:p>{_run('')}</w:p>"
    yield (
        "footnote",
        "footnotes.xml",
        "footnotes",
        f'<w:footnotes {_W}><w:footnote w:id="2">{paragraph}</w:footnote></w:footnotes>',
    )
    yield (
        "endnote",
        "endnotes.xml",
        "endnotes",
        f'<w:endnotes {_W}><w:endnote w:id="2">{paragraph}</w:endnote></w:endnotes>',
    )
    yield (
        "building block",
        "glossary/document.xml",
        "glossaryDocument",
        (
            f"<w:glossaryDocument {_W}><w:docParts><w:docPart><w:docPartBody>{paragraph}</w:docPartBody>"
            "</w:docPart></w:docParts>"
            "</w:glossaryDocument>"
        ),
    )
    yield (
        "people",
        "people.xml",
        "people",
        f'<w15:people xmlns:w15="x"><w15:person w15:author="{SECRET}"/></w15:people>',
    )
    yield (
        "SmartArt",
        "diagrams/data1.xml",
        "diagramData",
        (
            '<dgm:dataModel xmlns:dgm="d" xmlns:a="a"><dgm:ptLst><dgm:pt><dgm:t><a:p><a:r>'
            f"<a:t>{SECRET}</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:ptLst></dgm:dataModel>"
        ),
    )
    yield (
        "cache of a chart",
        "charts/chart1.xml",
        "chart",
        (
            '<c:chartSpace xmlns:c="c"><c:chart><c:plotArea><c:barChart><c:ser><c:cat><c:strRef><c:strCache>'
            '<c:pt idx="0">'
            f"<c:v>{SECRET}</c:v></c:pt></c:strCache></c:strRef></c:cat></c:ser></c:barChart></c:plotArea></c:chart></c:chartSpace>"
        ),
    )
    yield "imported HTML", "afchunk.html", "aFChunk", f"<html><body><p hidden>{SECRET}</p></body></html>"
    yield "imported RTF", "afchunk.rtf", "aFChunk", "{\\rtf1 {\\v " + SECRET + "}}"


def _patched() -> Iterator[tuple[str, dict[str, Change]]]:
    for place, markup in _in_markup():
        yield place, _in_body(markup)
    for place, path, kind, content in _parts():
        yield place, relation(_RELS, path, kind) | {f"word/{path}": content.encode()}
    yield (
        "text of a hidden style",
        _in_body(f'<w:r><w:rPr><w:rStyle w:val="Unseen"/></w:rPr><w:t>{SECRET}</w:t></w:r>')
        | {
            "word/styles.xml": replacing(
                "</w:styles>",
                '<w:style w:type="character" w:styleId="Unseen"><w:name w:val="u"/><w:rPr><w:vanish/></w:rPr>'
                "</w:style></w:styles>",
            )
        },
    )
    yield (
        "variable of the document",
        {
            "word/settings.xml": replacing(
                "</w:settings>", f'<w:docVars><w:docVar w:name="v" w:val="{SECRET}"/></w:docVars></w:settings>'
            )
        },
    )
    yield "address of a link", relation(_RELS, f"https://example.org/{SECRET}", "hyperlink", external=True)
    yield "custom XML", {"customXml/item1.xml": f"<data><person>{SECRET}</person></data>".encode()}
    yield (
        "custom property",
        relation("_rels/.rels", "docProps/custom.xml", "custom-properties")
        | {
            "docProps/custom.xml": (
                '<Properties xmlns:vt="v"><property name="note"><vt:lpwstr>'
                + SECRET
                + "</vt:lpwstr></property></Properties>"
            ).encode()
        },
    )
    yield (
        "embedded workbook",
        relation(_RELS, "embeddings/book.xlsx", "package")
        | {"word/embeddings/book.xlsx": workbook(lambda _, sheet: sheet.write(8, 0, SECRET))},
    )
    yield (
        "embedded document in an embedded document",
        relation(_RELS, "embeddings/inner.docx", "package")
        | {
            "word/embeddings/inner.docx": repacked(
                document(),
                relation(_RELS, "embeddings/inner.docx", "package")
                | {"word/embeddings/inner.docx": document(lambda made: made.add_paragraph(SECRET))},
            )
        },
    )
    native = b"%PDF" + bytes(12)
    yield (
        "stream of an embedded object",
        relation(_RELS, "embeddings/oleObject1.bin", "oleObject")
        | {"word/embeddings/oleObject1.bin": compound({"CONTENTS": native, "Notes": SECRET.encode("utf-16-le")})},
    )
    yield "part that nothing refers to", {"word/media/left.txt": SECRET.encode()}
    yield "comment in the XML", {_BODY: replacing("<w:body>", f"<w:body><!-- {SECRET} -->")}


def hidings() -> Iterator[Hiding]:
    """Every place of a Word document."""
    for place, write in _written():
        yield Hiding("docx", place, document(write))
    package = document()
    for place, changes in _patched():
        yield Hiding("docx", place, repacked(package, changes))
    yield from zip_tricks("docx", package)
