"""Markup types (svg, rtf, Office's flat XML) with the secret in each place."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from ngc_pipelines_tests.disclosure_places.pictures import jpeg_with_comment
from ngc_pipelines_tests.disclosure_places.planting import SECRET, Hiding, compound
from ngc_pipelines_tests.disclosure_places.workbooks import workbook

_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="200" '
    'height="100">{}</svg>'
)
_VISIBLE = '<text x="10" y="20">Persons by region</text><rect x="10" y="30" width="20" height="40"/>'


def svg(markup: str = "", *, before: str = "", after: str = "") -> bytes:
    """A small clean drawing, with something more in it."""
    return (before + _SVG.format(_VISIBLE + markup) + after).encode()


def _svgs() -> Iterator[tuple[str, bytes]]:
    encoded = base64.b64encode(SECRET.encode()).decode()
    book = base64.b64encode(workbook(lambda _, sheet: sheet.write(8, 0, SECRET))).decode()
    picture = base64.b64encode(jpeg_with_comment(SECRET)).decode()
    yield "text", svg(f'<text x="1" y="1">{SECRET}</text>')
    yield (
        "text split over spans",
        svg("<text><tspan>cpr 0201</tspan><tspan>60-9995 id PX8</tspan><tspan>3K2M7Q4</tspan></text>"),
    )
    yield "title", svg(f"<title>{SECRET}</title>")
    yield "description", svg(f"<desc>{SECRET}</desc>")
    yield "title of a mark", svg(f'<circle cx="1" cy="1" r="2"><title>{SECRET}</title></circle>')
    yield "metadata", svg(f"<metadata><who>{SECRET}</who></metadata>")
    yield "hidden element", svg(f'<g display="none"><text>{SECRET}</text></g>')
    yield "hidden by style", svg(f'<text style="visibility:hidden">{SECRET}</text>')
    yield "white text", svg(f'<text fill="#ffffff" x="9" y="9">{SECRET}</text>')
    yield "outside the drawing", svg(f'<text x="9000" y="9">{SECRET}</text>')
    yield "definitions", svg(f"<defs><text>{SECRET}</text></defs>")
    yield "aria label", svg(f'<path d="M1,1L2,2" aria-label="{SECRET}"/>')
    yield "data attribute", svg(f'<path d="M1,1L2,2" data-who="{SECRET}"/>')
    yield "id", svg(f'<path d="M1,1L2,2" id="{SECRET}"/>')
    yield "script", svg(f'<script>var who = "{SECRET}";</script>')
    yield "event", svg(f'<path d="M1,1L2,2" onclick="say(\'{SECRET}\')"/>')
    yield "style sheet", svg(f'<style>.a::after {{ content: "{SECRET}" }}</style>')
    yield "foreign object", svg(f'<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">{SECRET}</p></foreignObject>')
    yield "comment", svg(f"<!-- {SECRET} -->")
    yield "processing instruction", svg(before=f"<?note {SECRET}?>")
    yield "CDATA", svg(f"<desc><![CDATA[{SECRET}]]></desc>")
    yield "data URI", svg(f'<a xlink:href="data:text/plain;base64,{encoded}"><text>x</text></a>')
    yield "data URI in percent code", svg(f'<image href="data:text/plain,{SECRET.replace(" ", "%20")}"/>')
    yield "workbook in a data URI", svg(f'<image href="data:application/zip;base64,{book}"/>')
    yield "metadata of a picture in a data URI", svg(f'<image xlink:href="data:image/jpeg;base64,{picture}"/>')
    yield "address of a link", svg(f'<a href="https://example.org/{SECRET}"><text>x</text></a>')
    yield "entities of digits", svg("<text>" + "".join(f"&#{ord(letter)};" for letter in SECRET) + "</text>")
    yield "after the end", svg(after=f"<!-- {SECRET} -->")
    yield (
        "UTF-16",
        ('<?xml version="1.0" encoding="UTF-16"?>' + svg(f"<desc>{SECRET}</desc>").decode()).encode("utf-16"),
    )


def rtf(markup: str = "", *, after: str = "") -> bytes:
    """A small clean document, with something more in it."""
    return (
        "{\\rtf1\\ansi\\ansicpg1252{\\colortbl;\\red255\\green255\\blue255;}The groups do not differ.\\par "
        + markup
        + "}"
        + after
    ).encode("latin-1")


def _rtfs() -> Iterator[tuple[str, bytes]]:
    native = compound({"Notes": SECRET.encode("utf-16-le")})
    object_data = b"\x01\x05\0\0\x02\0\0\0" + _counted(b"Sheet\0") + _counted(b"") + _counted(b"") + _counted(native)
    yield "text", rtf(SECRET)
    yield "text split over groups", rtf("{\\b cpr 0201}{\\i 60-99}{\\b 95 id PX8}3K2M7Q4")
    yield "hexadecimal letters", rtf("".join(f"\\'{ord(letter):02x}" for letter in SECRET))
    yield "unicode letters", rtf("".join(f"\\u{ord(letter)}?" for letter in SECRET))
    yield "optional hyphens", rtf("cpr 0201\\-60-99\\-95 id PX83\\-K2M7Q4")
    yield "hidden text", rtf("{\\v " + SECRET + "}")
    yield "white text", rtf("{\\cf1 " + SECRET + "}")
    yield "deleted text", rtf("{\\deleted " + SECRET + "}")
    yield "inserted text", rtf("{\\revised " + SECRET + "}")
    yield "comment", rtf("{\\*\\annotation " + SECRET + "}")
    yield "author of a comment", rtf("{\\*\\atnauthor " + SECRET + "}{\\*\\annotation x}")
    yield "author of changes", rtf("{\\*\\revtbl{Unknown;}{" + SECRET + ";}}")
    yield "document properties", rtf("{\\info{\\doccomm " + SECRET + "}}")
    yield "custom property", rtf("{\\*\\userprops{\\propname note}\\proptype30{\\staticval " + SECRET + "}}")
    yield "variable", rtf("{\\*\\docvar {note}{" + SECRET + "}}")
    yield "header", rtf("{\\header " + SECRET + "}")
    yield "footer", rtf("{\\footerf " + SECRET + "}")
    yield "footnote", rtf("{\\footnote " + SECRET + "}")
    yield "field code", rtf('{\\field{\\*\\fldinst QUOTE "' + SECRET + '"}{\\fldrslt x}}')
    yield "result of a field", rtf("{\\field{\\*\\fldinst QUOTE}{\\fldrslt " + SECRET + "}}")
    yield "bookmark", rtf("{\\*\\bkmkstart " + SECRET + "}")
    yield "text box", rtf("{\\shp{\\*\\shpinst{\\shptxt " + SECRET + "}}}")
    yield "alt text", rtf("{\\shp{\\*\\shpinst{\\sp{\\sn wzDescription}{\\sv " + SECRET + "}}}}")
    yield "cell of a table", rtf("\\trowd\\cellx1000\\intbl " + SECRET + "\\cell\\row\\pard ")
    yield "style sheet", rtf("{\\stylesheet{\\s1 " + SECRET + ";}}")
    yield "font table", rtf("{\\fonttbl{\\f0 " + SECRET + ";}}")
    yield "unknown destination", rtf("{\\*\\planted " + SECRET + "}")
    yield "embedded object", rtf("{\\object{\\*\\objdata " + object_data.hex() + "}}")
    yield "picture's metadata", rtf("{\\pict\\jpegblip " + jpeg_with_comment(SECRET).hex() + "}")
    yield "after the end", rtf(after=SECRET)
    yield "binary data", b"{\\rtf1 x{\\pict\\jpegblip\\bin" + _binary(jpeg_with_comment(SECRET)) + b"}}"


def _counted(data: bytes) -> bytes:
    return len(data).to_bytes(4, "little") + data


def _binary(data: bytes) -> bytes:
    return str(len(data)).encode() + b" " + data


_SHEET = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
    'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel">{0}<Worksheet ss:Name="T"><Table><Row><Cell><Data '
    'ss:Type="String">Region'
    "</Data></Cell></Row>{1}</Table>{2}</Worksheet></Workbook>"
)
_WORD = (
    '<?xml version="1.0"?><?mso-application progid="Word.Document"?>'
    '<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml" '
    'xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:aml="http://schemas.microsoft.com/aml/2001/core">{0}<w:body><w:p><w:r><w:t>Results</w:t></w:r></w:p>{1}</w:body></w:wordDocument>'
)


def sheet(first: str = "", row: str = "", last: str = "") -> bytes:
    """A small clean workbook as one XML file."""
    return _SHEET.format(first, row, last).encode()


def _sheets() -> Iterator[tuple[str, bytes]]:
    cell = '<Cell><Data ss:Type="String">{}</Data></Cell>'
    yield "cell", sheet(row=f"<Row>{cell.format(SECRET)}</Row>")
    yield "cell's text in runs", sheet(row=f"<Row>{cell.format('cpr 0201<B>60-9995</B> id PX83<I>K2M7Q4</I>')}</Row>")
    yield "hidden row", sheet(row=f'<Row ss:Hidden="1">{cell.format(SECRET)}</Row>')
    yield "comment of a cell", sheet(row=f"<Row><Cell><Comment><ss:Data>{SECRET}</ss:Data></Comment></Cell></Row>")
    yield "formula", sheet(row=f'<Row><Cell ss:Formula="=LEN(&quot;{SECRET}&quot;)"/></Row>')
    yield "defined name", sheet(first=f'<Names><NamedRange ss:Name="n" ss:RefersTo="=&quot;{SECRET}&quot;"/></Names>')
    yield (
        "workbook properties",
        sheet(
            first='<DocumentProperties xmlns="urn:schemas-microsoft-com:office:office"><Author>'
            f"{SECRET}</Author></DocumentProperties>"
        ),
    )
    yield (
        "header of a sheet",
        sheet(
            last=f'<x:WorksheetOptions><x:PageSetup><x:Header x:Data="{SECRET}"/></x:PageSetup></x:WorksheetOptions>'
        ),
    )
    yield "validation list", sheet(last=f'<x:DataValidation><x:Value>"{SECRET}"</x:Value></x:DataValidation>')


def _words() -> Iterator[tuple[str, bytes]]:
    run = "<w:p><w:r>{0}<w:t>{1}</w:t></w:r></w:p>"
    yield "paragraph", _WORD.format("", run.format("", SECRET)).encode()
    yield "hidden paragraph text", _WORD.format("", run.format("<w:rPr><w:vanish/></w:rPr>", SECRET)).encode()
    yield (
        "document properties",
        _WORD.format(f"<o:DocumentProperties><o:Author>{SECRET}</o:Author></o:DocumentProperties>", "").encode(),
    )
    yield (
        "binary data",
        _WORD.format(
            "",
            '<w:p><w:r><w:pict><w:binData w:name="a.jpg">'
            f"{base64.b64encode(jpeg_with_comment(SECRET)).decode()}</w:binData></w:pict></w:r></w:p>",
        ).encode(),
    )
    yield (
        "annotation",
        _WORD.format(
            "",
            f'<aml:annotation w:type="Word.Comment" aml:author="x"><aml:content><w:p><w:r><w:t>{SECRET}</w:t>'
            "</w:r></w:p></aml:content></aml:annotation>",
        ).encode(),
    )
    package = (
        '<pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage"><pkg:part '
        'pkg:name="/word/document.xml">'
        '<pkg:xmlData><w:document xmlns:w="w"><w:body><w:p><w:r><w:t>{0}</w:t></w:r></w:p></w:body>'
        "</w:document></pkg:xmlData></pkg:part>"
        '<pkg:part pkg:name="/word/media/p.jpg"><pkg:binaryData>{1}</pkg:binaryData></pkg:part>{2}</pkg:package>'
    )
    picture = base64.b64encode(jpeg_with_comment(SECRET)).decode()
    yield "part of a flat package", package.format(SECRET, "", "").encode()
    yield "binary part of a flat package", package.format("x", picture, "").encode()
    yield "between the parts of a flat package", package.format("x", "", f"<!-- {SECRET} -->").encode()


def cleans() -> Iterator[tuple[str, bytes]]:
    """Extension and twin without a secret, of each type here."""
    yield "svg", svg()
    yield "rtf", rtf()
    yield "xml", sheet()


def hidings() -> Iterator[Hiding]:
    """Every place of the markup types."""
    for extension, made in (("svg", _svgs()), ("rtf", _rtfs())):
        for place, data in made:
            yield Hiding(extension, place, data)
    for kind, made in (("SpreadsheetML", _sheets()), ("Word 2003", _words())):
        for place, data in made:
            yield Hiding("xml", f"{kind}: {place}", data)
