"""Rules of conditional formatting, page headers and a sheet's own names: kept where they hold no number."""

from __future__ import annotations

import re
from collections import Counter

from ngc_pipelines.disclosure.tables.finishing.secrets import Secrets
from ngc_pipelines.disclosure.tables.finishing.xlsx.package import Element, name_of

_RULE_KEPT = frozenset(
    {"type", "dxfId", "priority", "stopIfTrue", "aboveAverage", "percent", "bottom", "operator", "rank", "equalAverage"}
)
# Rules that look at cells only, or at a constant that may be kept.
_RULES = frozenset(
    {"colorScale", "dataBar", "iconSet", "top10", "aboveAverage", "duplicateValues", "uniqueValues", "cellIs"}
    | {"expression", "containsBlanks", "notContainsBlanks", "containsErrors", "notContainsErrors"}
)
_CONSTANTS = frozenset({"0", "1", "2", "5", "10", "100"})
_REFERENCE = re.compile(r"\$?[A-Z]{1,3}\$?\d{1,7}(?![\w(])")
_CODES = re.compile(r'&"[^"]*"|&K[0-9A-F]{6}|&\d{1,2}(?!\d)|&[A-Z]')


def clean_rules(sheet: Element, secrets: Secrets, left: Counter[str]) -> None:
    """Take out of a sheet's part what holds numbers beside its cells.

    Args:
        left: counts what is left behind.
    """
    for one in sheet:
        if name_of(one) == "sheetPr":
            for key in ("codeName", "published", "syncRef"):
                one.attrib.pop(key, None)
    for one in [one for one in sheet.iter() if name_of(one) == "pivotSelection"]:
        one.getparent().remove(one)
    for formatting in [one for one in sheet if name_of(one) == "conditionalFormatting"]:
        for rule in list(formatting):
            if _keeps(rule, secrets):
                for key in set(rule.attrib) - _RULE_KEPT:
                    del rule.attrib[key]
            else:
                left["rule"] += 1
                formatting.remove(rule)
        if not len(formatting):
            sheet.remove(formatting)
    for headers in [one for one in sheet if name_of(one) == "headerFooter"]:
        if any(_says_number(one.text or "", secrets) for one in headers):
            left["headerFooter"] += 1
            sheet.remove(headers)


def _keeps(rule: Element, secrets: Secrets) -> bool:
    if name_of(rule) != "cfRule" or rule.get("type") not in _RULES:
        return False
    for one in rule.iter():
        if name_of(one) == "formula" and not _bare(one.text or "", secrets):
            return False
        if name_of(one) == "cfvo" and one.get("val") is not None and one.get("type") not in ("percent", "percentile"):
            # A colour scale's smallest and largest are the cells' own.
            if one.get("type") in ("min", "max"):
                del one.attrib["val"]
            else:
                return False
    return True


def _bare(formula: str, secrets: Secrets) -> bool:
    """Whether a rule's formula holds no text and no number that may be a cell's."""
    if any(sign in formula for sign in "\"'{["):
        return False
    numbers = re.findall(r"\d[\d.]*", _REFERENCE.sub(" ", formula))
    return all(number in _CONSTANTS and not secrets.is_value(number) for number in numbers)


def _says_number(text: str, secrets: Secrets) -> bool:
    bare = _CODES.sub(" ", text)
    return any(sign.isdigit() for sign in bare) or secrets.told_in(bare)
