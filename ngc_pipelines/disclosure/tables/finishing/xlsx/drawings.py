"""Charts and tables of a sheet: kept without copies of the cells' values.

A chart keeps a copy of every value it draws; the copies are taken out, and a
spreadsheet programme fills them in again from the cells. Pictures, shapes and
text boxes may show a value and cannot be looked into: they are left behind.
"""

from __future__ import annotations

from collections import Counter

from ngc_pipelines.disclosure.tables.finishing.xlsx.package import (
    Element,
    Relation,
    Source,
    Target,
    name_of,
    parsed,
    serialised,
)

_COPIES = frozenset({"numCache", "strCache", "multiLvlStrCache", "externalData", "extLst", "userShapes", "dLbl"})
# Values that stand in the chart alone, with no cell behind them.
_OWN_VALUES = frozenset({"numLit", "strLit"})
_TABLE_DROPPED = frozenset({"calculatedColumnFormula", "totalsRowFormula", "extLst", "xmlColumnPr", "sortState"})


def keep_drawing(source: Source, target: Target, part: str, left: Counter[str]) -> bool:
    """Take a drawing's charts in; False where none is left.

    Args:
        left: counts what is left behind, by its element's name.
    """
    tree = parsed(source.part(part))
    relations = {one.id: one for one in source.relations(part)}
    kept: list[Relation] = []
    for anchor in list(tree):
        relation = _chart_of(anchor, relations)
        chart = _without_copies(source.part(relation.target)) if relation is not None else None
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
            for child in list(one):
                one.remove(child)
    for one in anchor.iter():
        if name_of(one) == "chart":
            identity = next((value for key, value in one.attrib.items() if key.endswith("}id")), "")
            relation = relations.get(identity)
            return relation if relation is not None and relation.kind == "chart" else None
    return None


def _without_copies(data: bytes) -> bytes | None:
    """A chart's part without its copies of values; None where it holds values of its own."""
    tree = parsed(data)
    names = {name_of(one) for one in tree.iter()}
    foreign = any(name_of(one) == "f" and "[" in (one.text or "") for one in tree.iter())
    if names & _OWN_VALUES or foreign:
        return None
    for one in [one for one in tree.iter() if name_of(one) in _COPIES]:
        if one.getparent() is not None:
            one.getparent().remove(one)
    return serialised(tree)


def keep_table(source: Source, target: Target, part: str) -> None:
    """Take a table of the sheet in, without its formulas and filters."""
    tree = parsed(source.part(part))
    for one in [one for one in tree.iter() if name_of(one) in _TABLE_DROPPED]:
        one.getparent().remove(one)
    for one in [one for one in tree.iter() if name_of(one) == "autoFilter"]:
        for inner in list(one):
            one.remove(inner)
    for one in [one for one in tree.iter() if name_of(one) == "tableColumn"]:
        for key in ("totalsRowFunction", "queryTableFieldId", "dataCellStyle"):
            one.attrib.pop(key, None)
    for key in ("tableType", "connectionId", "comment"):
        tree.attrib.pop(key, None)
    target.put(part, serialised(tree), source.type_of(part))
