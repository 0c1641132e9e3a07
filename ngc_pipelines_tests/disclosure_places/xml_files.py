"""XML of any vocabulary with the secret in each place that XML has."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from ngc_pipelines_tests.disclosure_places.disguises import zipped
from ngc_pipelines_tests.disclosure_places.pictures import jpeg_with_comment
from ngc_pipelines_tests.disclosure_places.planting import CPR, KNOWN_ID, SECRET, Hiding
from ngc_pipelines_tests.disclosure_places.workbooks import workbook


def _xml(inside: str = "", *, before: str = "", after: str = "", encoding: str = "") -> str:
    declared = f' encoding="{encoding}"' if encoding else ""
    seen = "<note>The groups do not differ.</note>"
    return f'<?xml version="1.0"{declared}?>{before}<results>{seen}{inside}</results>{after}'


def _places() -> Iterator[tuple[str, str]]:
    picture = base64.b64encode(jpeg_with_comment(SECRET)).decode()
    book = base64.b64encode(workbook(lambda _, sheet: sheet.write(8, 0, SECRET))).decode()
    yield "element", _xml(f"<a>{SECRET}</a>")
    yield "attribute", _xml(f'<a b="{SECRET}"/>')
    yield "records", _xml(f"<p><cpr>{CPR}</cpr><id>{KNOWN_ID}</id></p><p><cpr>x</cpr><id>y</id></p>")
    yield "records of attributes", _xml(f'<p cpr="{CPR}" id="{KNOWN_ID}"/><p cpr="x" id="y"/>')
    yield "comment", _xml(f"<!-- {SECRET} -->")
    yield "CDATA", _xml(f"<a><![CDATA[{SECRET}]]></a>")
    yield "processing instruction", _xml(f"<?note {SECRET}?>")
    yield "style sheet", _xml(before=f'<?xml-stylesheet href="a.xsl?{SECRET}"?>')
    yield "name of an element", _xml(f"<p-{CPR}/><p-{KNOWN_ID}/>")
    yield "name of an attribute", _xml(f'<a p-{CPR}="1" p-{KNOWN_ID}="2"/>')
    yield "namespace", _xml(f'<a xmlns="http://example.org/{CPR}/{KNOWN_ID}"/>')
    yield "prefix of a namespace", _xml(f'<n-{KNOWN_ID}:a xmlns:n-{KNOWN_ID}="urn:cpr:{CPR}"/>')
    yield "text split over elements", _xml("<a>cpr 0201<b>60-9995</b> id PX83<i>K2M7Q4</i></a>")
    yield "text split by a comment", _xml("<a>cpr 0201<!-- -->60-9995 id PX83<!-- -->K2M7Q4</a>")
    yield "text split by CDATA", _xml("<a>cpr 0201<![CDATA[60-9995 id PX83]]>K2M7Q4</a>")
    yield "entities of an attribute", _xml('<a b="' + "".join(f"&#{ord(letter)};" for letter in SECRET) + '"/>')
    yield "declared entity", _xml("<a>&who;</a>", before=f'<!DOCTYPE results [<!ENTITY who "{SECRET}">]>')
    yield "declared default", _xml("<a/>", before=f'<!DOCTYPE results [<!ATTLIST a b CDATA "{SECRET}">]>')
    yield "page in a text", _xml(f"<a>&lt;p title='{SECRET}'&gt;x&lt;/p&gt;</a>")
    yield (
        "page in a text, split over its elements",
        _xml("<a>&lt;b&gt;cpr 0201&lt;/b&gt;60-9995 id PX8&lt;i&gt;3K2M7Q4</a>"),
    )
    yield "data URI", _xml(f'<a href="data:text/plain;base64,{base64.b64encode(SECRET.encode()).decode()}"/>')
    yield "workbook in base64", _xml(f"<a>{book}</a>")
    yield "picture's metadata in base64", _xml(f"<a>{picture}</a>")
    yield "archive in an attribute", _xml(f'<a b="{base64.b64encode(zipped(SECRET.encode())).decode()}"/>')
    yield "after the end", _xml(after=f"<!-- {SECRET} -->")
    yield "text after the end", _xml(after=SECRET)
    yield "drawing", _xml(f'<svg xmlns="http://www.w3.org/2000/svg"><desc>{SECRET}</desc></svg>')
    yield "cut off", _xml(f"<a>{SECRET}</a>").removesuffix("</results>")


def hidings() -> Iterator[Hiding]:
    """Every place of XML, and its encodings as declared."""
    for place, text in _places():
        yield Hiding("xml", f"XML: {place}", text.encode())
    for encoding in ("UTF-16", "ISO-8859-1", "windows-1252"):
        text = _xml(f"<a>æøå {SECRET}</a>", encoding=encoding)
        yield Hiding("xml", f"XML: declared {encoding}", text.encode(encoding))


def cleans() -> Iterator[tuple[str, bytes]]:
    """Extension and twin without a secret."""
    yield "xml", _xml("<a>120</a>").encode()
