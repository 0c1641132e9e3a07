"""Texts (txt, log, tab, R, Python, pages, XML): every disguise and every encoding in each.

A carrier is a small clean file of a type that takes one text more. Places
that only scripts, pages or XML have are in `scripts`, `pages` and `xml_files`.
"""

from __future__ import annotations

import gzip
import html
import zlib
from collections.abc import Callable, Iterator

from ngc_pipelines_tests.disclosure_places.disguises import LONG, disguises, zipped
from ngc_pipelines_tests.disclosure_places.pictures import jpeg_with_comment
from ngc_pipelines_tests.disclosure_places.planting import SECRET, Hiding
from ngc_pipelines_tests.disclosure_places.workbooks import workbook

Carrier = Callable[[str], str]


def _page(text: str) -> str:
    return f"<!DOCTYPE html>\n<html><head><title>Results</title></head><body>\n<pre>\n{text}\n</pre></body></html>\n"


def _xml(text: str) -> str:
    return f"<?xml version='1.0'?>\n<results>\n<note>{text}</note>\n</results>\n"


def _r(text: str) -> str:
    return f'x <- "\n{text}\n"\n' if "\n" in text else f"x <- 1\n# {text}\ny <- 2\n"


def _python(text: str) -> str:
    return f'x = """\n{text}\n"""\n' if "\n" in text else f"x = 1\n# {text}\ny = 2\n"


def _tab(text: str) -> str:
    cell = f'"{text}"' if "\n" in text else text
    return f"region\tpersons\nNorth\t120\nSouth\t230\n{cell}\t7\n"


CARRIERS: dict[str, Carrier] = {
    "txt": lambda text: f"The groups do not differ.\n{text}\nThe end.\n",
    "log": lambda text: f"INFO step 1 of 3\nNOTE: {text}\nINFO done\n",
    "tab": _tab,
    "r": _r,
    "py": _python,
    "html": _page,
    "htm": _page,
    "xml": _xml,
}
_PAGES = ("html", "htm", "xml")


def _encodings(carrier: Carrier, *, declares: bool) -> Iterator[tuple[str, bytes]]:
    text = carrier(SECRET)
    nordic = carrier(f"æøå {SECRET}")
    yield "UTF-8 with a mark", text.encode("utf-8-sig")
    yield "UTF-16 with a mark", text.encode("utf-16")
    yield "big UTF-16 with a mark", b"\xfe\xff" + text.encode("utf-16-be")
    yield "UTF-16 without a mark", text.encode("utf-16-le")
    yield "big UTF-16 without a mark", text.encode("utf-16-be")
    yield "UTF-32 with a mark", text.encode("utf-32")
    yield "big UTF-32 with a mark", b"\0\0\xfe\xff" + text.encode("utf-32-be")
    yield "UTF-32 without a mark", text.encode("utf-32-le")
    yield "big UTF-32 without a mark", text.encode("utf-32-be")
    yield "Latin-1", nordic.encode("latin-1")
    yield "Windows-1252", carrier(f"“ø” {SECRET}").encode("cp1252")
    yield "two encodings on lines", carrier(f"æøå\n#?# {SECRET}").encode().replace(b"#?#", b"\xe6\xf8\xe5")
    yield "zeros between", text.replace("0160", "0\x00160").replace("K2M", "K\x002M").encode()
    yield "zeros after each letter", text.replace(SECRET, "".join(f"{letter}\0" for letter in SECRET)).encode()
    yield "UTF-16 appended", carrier("").encode() + f"\r\n{SECRET}\r\n".encode("utf-16-le")
    yield "UTF-16 with a mark appended", carrier("").encode() + f"\r\n{SECRET}\r\n".encode("utf-16")
    yield "carriage returns alone", text.replace("\n", "\r").encode()
    if not declares:
        yield "EBCDIC", carrier(f"{SECRET} and more words that follow it here and there").encode("cp500")


def _sizes(carrier: Carrier) -> Iterator[tuple[str, bytes]]:
    """Long lines and ends of blocks: a small stand-in for what is read in blocks of a megabyte."""
    block = 1 << 20
    head = len(carrier("?").split("?")[0].encode())
    word = "word " * (block // 5)
    yield "a line of megabytes", carrier(word * 2 + SECRET + " " + word).encode()
    for back in (8, 22):
        at = block - head - back
        yield f"over the end of a block, by {back}", carrier(word[:at] + SECRET + " " + word[:99]).encode()
    lines = "a line of words\n" * (block // 16)
    yield "far down", carrier(lines * 2 + SECRET).encode()


def _around(carrier: Carrier) -> Iterator[tuple[str, bytes]]:
    """Files that are no text in, before and after a text."""
    plain = carrier("").encode()
    book = workbook(lambda _, sheet: sheet.write(8, 0, SECRET))
    for name, data in (
        ("gzip", gzip.compress(LONG, mtime=0)),
        ("zlib", zlib.compress(LONG)),
        ("zip", zipped(LONG)),
        ("workbook", book),
        ("picture", jpeg_with_comment(SECRET)),
    ):
        yield f"{name} after the text", plain + data
    yield "gzip alone, called a text", gzip.compress(carrier(SECRET).encode(), mtime=0)
    yield "zip alone, called a text", zipped(carrier(SECRET).encode())
    yield "workbook called a text", book
    yield "text in UTF-8 after a zero", plain + b"\0" * 64 + SECRET.encode()


def cleans() -> Iterator[tuple[str, bytes]]:
    """Extension and twin without a secret, of each type here."""
    for extension, carrier in CARRIERS.items():
        if extension != "xml":
            yield extension, carrier("No more is told.").encode()


def hidings() -> Iterator[Hiding]:
    """Every disguise, encoding and surrounding in every type of text."""
    for extension, carrier in CARRIERS.items():
        for place, text in disguises():
            written = html.escape(text, quote=False).replace("&amp;#", "&#") if extension in _PAGES else text
            written = f"&amp;{written}"[5:] if place == "HTML entities twice" else written
            yield Hiding(extension, place, carrier(written).encode())
        for place, data in _encodings(carrier, declares=extension == "xml"):
            yield Hiding(extension, place, data)
        if extension in ("txt", "log", "html", "xml"):
            for place, data in _sizes(carrier):
                yield Hiding(extension, place, data)
        for place, data in _around(carrier):
            yield Hiding(extension, place, data)
