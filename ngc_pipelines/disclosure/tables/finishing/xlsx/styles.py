"""Formats and theme of a workbook: kept without names and texts of their own.

A number format may print a text in place of its cell's number, and a style may
be named after one; colours, fonts, borders and digits are all that stays.
"""

from __future__ import annotations

import re
from collections import Counter

from ngc_pipelines.disclosure.tables.finishing.xlsx.package import Element, name_of, parsed, serialised

_STYLES_KEPT = frozenset(
    {"numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "colors"}
)
_LITERAL = re.compile(r'"(?P<quoted>[^"]*)"|\\(?P<sign>.)', re.DOTALL)
# Signs and units are texts that a number format may print; a word or digits may be a number's.
_UNIT = re.compile(r"[^\w\s]|[ \u00a0]|\s?(?:kr\.?|år|pct\.?|%|mio\.?|kg|cm|mm|g|l|€|\$)\s?|\s*", re.IGNORECASE)
# Colours, conditions, currencies and languages, in brackets.
_BRACKETS = re.compile(r"\[(?P<inside>[^\]]*)\]")
_HARMLESS = re.compile(
    r"[a-z]+|color ?\d{1,2}|[hms]+|\$-[0-9a-f,]+|\$[^\d-]{0,4}(?:-[0-9a-f]+)?|[<>=]=?0", re.IGNORECASE
)
_PLAIN = re.compile(r"[0#?.,;%/ \-+()_*@\[\]\w:$€£'\"\\&=<>]*")
_GENERAL = "General"


def format_without_texts(code: str) -> str:
    """A number format without texts that say something; `General` where nothing else can be told apart."""
    if "\\" not in code and '"' not in code and not re.search(r"[1-9]", code):
        return code if _PLAIN.fullmatch(code) else _GENERAL
    bare = _LITERAL.sub("", code)
    inside = [match["inside"] for match in _BRACKETS.finditer(bare)]
    outside = _BRACKETS.sub("", bare)
    if not all(_HARMLESS.fullmatch(one) for one in inside) or re.search(r"[1-9]", re.sub(r"/\d+", "", outside)):
        return _GENERAL
    return _LITERAL.sub(lambda match: match[0] if _unit(match) else "", code) or _GENERAL


def _unit(match: re.Match[str]) -> bool:
    text = match["sign"] if match["quoted"] is None else match["quoted"]
    return _UNIT.fullmatch(text) is not None and not any(sign.isdigit() for sign in text)


def styles_without_texts(data: bytes, left: Counter[str]) -> bytes:
    """The styles' part; its own names of styles are numbered, its number formats hold no texts.

    Args:
        left: counts what is left behind, by its element's name.
    """
    tree = parsed(data)
    for child in list(tree):
        if name_of(child) not in _STYLES_KEPT:
            tree.remove(child)
    _without_extensions(tree)
    number = 0
    for one in tree.iter():
        if name_of(one) == "numFmt":
            code = format_without_texts(one.get("formatCode", ""))
            left["numFmt"] += code != one.get("formatCode", "")
            one.set("formatCode", code)
        elif name_of(one) == "cellStyle" and one.get("builtinId") is None:
            number += 1
            one.set("name", f"Style {number}")
        elif name_of(one) == "cellStyle":
            one.set("name", "Normal" if one.get("builtinId") == "0" else f"Built-in {one.get('builtinId')}")
        elif name_of(one) == "name" and any(sign.isdigit() for sign in one.get("val", "")):
            one.set("val", "Calibri")
    return serialised(tree)


def theme_without_texts(data: bytes) -> bytes:
    """The theme's colours, fonts and effects, without names of their own."""
    tree = parsed(data)
    for child in list(tree):
        if name_of(child) != "themeElements":
            tree.remove(child)
    _without_extensions(tree)
    for one in tree.iter():
        if name_of(one) in ("theme", "clrScheme", "fontScheme", "fmtScheme"):
            one.set("name", "Office")
        for key in ("descr", "title"):
            one.attrib.pop(key, None)
    return serialised(tree)


def _without_extensions(tree: Element) -> None:
    for one in [one for one in tree.iter() if name_of(one) in ("extLst", "AlternateContent")]:
        if one.getparent() is not None:
            one.getparent().remove(one)
