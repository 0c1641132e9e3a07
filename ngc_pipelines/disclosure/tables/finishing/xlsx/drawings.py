"""Charts and tables of a sheet: kept without copies of the cells' values.

A chart keeps a copy of every value it draws; the copies are taken out, and a
spreadsheet programme fills them in again from the cells. Pictures, shapes and
text boxes may show a value and cannot be looked into: they are left behind.
"""

from __future__ import annotations

import re
from collections import Counter

from ngc_pipelines.disclosure.tables.finishing.secrets import Secrets
from ngc_pipelines.disclosure.tables.finishing.xlsx.package import (
    Element,
    Relation,
    Source,
    Target,
    name_of,
    parsed,
    serialised,
)
from ngc_pipelines.disclosure.tables.finishing.xlsx.styles import format_without_texts

_COPIES = frozenset(
    {"numCache", "strCache", "multiLvlStrCache", "externalData", "extLst", "userShapes", "dLbl"}
    # Bounds of axes, lines through the points and pages to print may be set to a cell's value.
    | {"max", "min", "majorUnit", "minorUnit", "crossesAt", "trendline", "errBars", "printSettings", "pivotSource"}
    | {"AlternateContent", "protection"}
)
# Values that stand in the chart alone, with no cell behind them.
_OWN_VALUES = frozenset({"numLit", "strLit"})
# Areas of cells; formulas and arrays may hold numbers.
_REFERRED = re.compile(
    r"\(?(?:(?:'(?:[^'\[\]]|'')+'|[^'\[\]!,()\"{}]+)!\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?,?)+\)?"
)
_TABLE_DROPPED = frozenset({"calculatedColumnFormula", "totalsRowFormula", "extLst", "xmlColumnPr", "sortState"})


def keep_drawing(source: Source, target: Target, part: str, left: Counter[str], secrets: Secrets) -> bool:
    """Take a drawing's charts in; False where none is left.

    Args:
        secrets: what their titles may not tell.
        left: counts what is left behind, by its element's name.
    """
    tree = parsed(source.part(part))
    relations = {one.id: one for one in source.relations(part)}
    kept: list[Relation] = []
    for anchor in list(tree):
        relation = _chart_of(anchor, relations)
        chart = _without_copies(source.part(relation.target), secrets, left) if relation is not None else None
        if relation is None or chart is None:
            left["picture" if any(name_of(one) == "pic" for one in anchor.iter()) else "shape"] += 1
            tree.remove(anchor)
            continue
        target.put(relation.target, chart, source.type_of(relation.target))
        kept.append(relation)
    if not kept:
        return False
    target.put(part, serialised(tree), source.type_of(part))
    for relation in kept:
        target.relate(part, relation)
    return True


def _chart_of(anchor: Element, relations: dict[str, Relation]) -> Relation | None:
    """The chart that an anchor shows and nothing besides; None where it shows anything else."""
    names = {name_of(one) for one in anchor.iter()}
    if names & {"sp", "pic", "cxnSp", "grpSp", "contentPart"} or "chart" not in names:
        return None
    for one in anchor.iter():
        if name_of(one) in ("cNvPr", "cNvGraphicFramePr"):
            for key in ("descr", "title", "macro"):
                one.attrib.pop(key, None)
            if name_of(one) == "cNvPr":
                one.set("name", "Chart")
            for child in list(one):
                one.remove(child)
    for one in anchor.iter():
        if name_of(one) == "chart":
            identity = next((value for key, value in one.attrib.items() if key.endswith("}id")), "")
            relation = relations.get(identity)
            return relation if relation is not None and relation.kind == "chart" else None
    return None


def _without_copies(data: bytes, secrets: Secrets, left: Counter[str]) -> bytes | None:
    """A chart's part without its copies of values; None where it holds values of its own."""
    tree = parsed(data)
    names = {name_of(one) for one in tree.iter()}
    referred = [one.text or "" for one in tree.iter() if name_of(one) == "f"]
    if names & _OWN_VALUES or not all(_REFERRED.fullmatch(text) for text in referred):
        return None
    for one in [one for one in tree.iter() if name_of(one) in _COPIES]:
        _remove(one)
    for one in [one for one in tree.iter() if name_of(one) in ("title", "tx", "dispUnits")]:
        said = "".join(inner.text or "" for inner in one.iter() if name_of(inner) in ("t", "v"))
        if said and (secrets.told_in(said) or secrets.counted_in(said) or secrets.named_in(said)):
            left["title"] += 1
            _remove(one)
    for one in tree.iter():
        if name_of(one) == "numFmt" or "formatCode" in one.attrib:
            one.set("formatCode", format_without_texts(one.get("formatCode", "General")))
        elif name_of(one) == "formatCode":
            one.text = format_without_texts(one.text or "General")
    return serialised(tree)


def _remove(element: Element) -> None:
    if element.getparent() is not None:
        element.getparent().remove(element)


def keep_table(source: Source, target: Target, part: str, secrets: Secrets) -> bool:
    """Take a table of the sheet in, without its formulas and filters; False where its name tells a value."""
    tree = parsed(source.part(part))
    if any(secrets.named_in(tree.get(key, "")) for key in ("name", "displayName")):
        return False
    columns = [one.get("name", "") for one in tree.iter() if name_of(one) == "tableColumn"]
    if any(secrets.told_in(name) or secrets.counted_in(name) for name in columns):
        return False
    for one in [one for one in tree.iter() if name_of(one) in _TABLE_DROPPED]:
        one.getparent().remove(one)
    for one in [one for one in tree.iter() if name_of(one) == "autoFilter"]:
        for inner in list(one):
            one.remove(inner)
    for one in [one for one in tree.iter() if name_of(one) == "tableColumn"]:
        for key in ("totalsRowFunction", "totalsRowLabel", "queryTableFieldId", "dataCellStyle", "uniqueName"):
            one.attrib.pop(key, None)
    for key in ("tableType", "connectionId", "comment", "dataCellStyle", "headerRowCellStyle", "totalsRowCellStyle"):
        tree.attrib.pop(key, None)
    target.put(part, serialised(tree), source.type_of(part))
    return True
