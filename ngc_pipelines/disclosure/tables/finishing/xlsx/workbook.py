"""A workbook written anew: its visible sheets, their formats, charts and tables, and nothing else.

What is not named here is left behind and told: hidden sheets, comments,
pictures, pivot tables and their caches, links to other files, data models,
properties, earlier revisions, custom XML, macros. A formula becomes the value
that it shows.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from ngc_pipelines.disclosure.content.ooxml.styles import shows_nothing
from ngc_pipelines.disclosure.findings import Words
from ngc_pipelines.disclosure.tables.finishing.changes import CannotWrite, GridChanges, Place, Written
from ngc_pipelines.disclosure.tables.finishing.leftover import told_words
from ngc_pipelines.disclosure.tables.finishing.secrets import Secrets
from ngc_pipelines.disclosure.tables.finishing.xlsx.drawings import keep_drawing, keep_table
from ngc_pipelines.disclosure.tables.finishing.xlsx.formulas import Area, following, formulas_of
from ngc_pipelines.disclosure.tables.finishing.xlsx.package import (
    Element,
    Relation,
    Source,
    Target,
    name_of,
    parsed,
    serialised,
)
from ngc_pipelines.disclosure.tables.finishing.xlsx.sheets import Sheet, audited_on, changed_on
from ngc_pipelines.disclosure.tables.finishing.xlsx.strings import UsedStrings
from ngc_pipelines.disclosure.tables.finishing.xlsx.styles import styles_without_texts, theme_without_texts

_WORKBOOK_KEPT = frozenset({"fileVersion", "workbookPr", "bookViews", "sheets", "definedNames", "calcPr"})
_AREA = re.compile(
    r"(?:'(?:[^'\[\]]|'')+'|[^'\[\]!,()\"]+)!"
    r"(?:\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?|\$?[A-Z]{1,3}:\$?[A-Z]{1,3}|\$?\d+:\$?\d+)"
)
_LEFT = {
    "f": ("formler blev til deres værdier", "formulas became their values"),
    "follows": (
        "formler ved siden af tabellerne, hvis værdi følger af det ændrede, blev til mærker",
        "formulas beside the tables whose values follow from what was changed became marks",
    ),
    "hidden": ("celler i skjulte rækker og kolonner tømt", "cells in hidden rows and columns emptied"),
    "sheet": ("skjulte ark udeladt", "hidden sheets left out"),
    "chartsheet": ("diagramark udeladt", "chart sheets left out"),
    "comments": ("kommentarer udeladt", "comments left out"),
    "picture": ("billeder udeladt", "pictures left out"),
    "shape": ("figurer, tekstbokse og diagrammer udeladt", "shapes, text boxes and charts left out"),
    "chart": ("diagrammer over sammenlagte kategorier udeladt", "charts of merged categories left out"),
    "table": ("tabelformater over sammenlagte kategorier udeladt", "table formats of merged categories left out"),
    "pivotTable": ("pivottabeller udeladt (deres tal står der)", "pivot tables left out (their numbers stay)"),
    "hyperlinks": ("links udeladt", "links left out"),
    "dataValidations": ("regler for inddata udeladt", "rules for input left out"),
    "name": ("navne på værdier og formler udeladt", "names of values and formulas left out"),
    "tableFormat": ("tabelformater med tal i navnet udeladt", "table formats with numbers in their names left out"),
    "headerFooter": ("sidehoveder og -fødder med tal udeladt", "page headers and footers with numbers left out"),
    "rule": ("regler for betinget formatering udeladt", "rules of conditional formatting left out"),
    "title": ("tekster i diagrammer udeladt", "texts of charts left out"),
    "covered": ("celler under flettede celler tømt", "cells under merged cells emptied"),
    "numFmt": ("talformater med tekst forenklet", "number formats with texts simplified"),
    "scenarios": ("scenarier udeladt", "scenarios left out"),
}
_OTHER = ("andre dele udeladt", "other parts left out")


def finished_workbook(data: bytes, changes: Sequence[GridChanges], secrets: Secrets) -> Written:
    """The workbook with its grids changed.

    Args:
        secrets: what names, titles and rules may not tell.

    Raises:
        CannotWrite: where something of it cannot be written safely.
    """
    source, target, left = Source(data), Target(), Counter[str]()
    root = next((one for one in source.relations("") if one.kind == "officeDocument"), None)
    if root is None or not source.part(root.target):
        raise CannotWrite(
            Words("Filen er ikke en projektmappe (xlsx).", "The file is no workbook (xlsx)."),
        )
    if any("vbaProject" in name for name in source.names):
        raise CannotWrite(
            Words(
                "Projektmappen har makroer; gem den som xlsx uden makroer.",
                "The workbook has macros; save it as xlsx without them.",
            )
        )
    _workbook(source, target, root, changes, left, secrets)
    _count_properties(source, left)
    return Written(target.data(), tuple(_told(left)))


def _workbook(
    source: Source,
    target: Target,
    root: Relation,
    changes: Sequence[GridChanges],
    left: Counter[str],
    secrets: Secrets,
) -> None:
    tree = parsed(source.part(root.target))
    relations = {one.id: one for one in source.relations(root.target)}
    for child in list(tree):
        if name_of(child) not in _WORKBOOK_KEPT:
            left[name_of(child)] += name_of(child) in ("externalReferences", "customWorkbookViews")
            tree.remove(child)
        elif name_of(child) in ("fileVersion", "workbookPr"):
            child.attrib.pop("codeName", None)
    _without_extensions(tree)
    formulas = _formulas(source, tree, relations)
    kept, names = _visible(tree, relations, left)
    told = [f"sheet {number}" for number, (name, _) in enumerate(kept, start=1) if _named(name, secrets)]
    if told:
        raise CannotWrite(told_words(told))
    strings = UsedStrings(_part_of(source, relations, "sharedStrings"))
    invisible = _invisible(_part_of(source, relations, "styles"))
    by_sheet: dict[str, list[GridChanges]] = defaultdict(list)
    for change in changes:
        by_sheet[change.grid.place.steps[-1] if change.grid.place.steps else ""].append(change)
    audited = {(name, at) for name in names for one in by_sheet[f"sheet '{name}'"] for at in audited_on(one)}
    changed = {(name, at) for name in names for one in by_sheet[f"sheet '{name}'"] for at in changed_on(one)}
    follow = following(formulas, changed, audited)
    target.relate("", root)
    for name, relation in kept:
        target.relate(root.target, relation)
        sheet = Sheet.read(source.part(relation.target))
        own = [place for other, place in follow if other == name]
        sheet.change(by_sheet[f"sheet '{name}'"], invisible, name, own, secrets)
        moved = any(one.strips for one in by_sheet[f"sheet '{name}'"])
        _put_sheet(source, target, relation.target, sheet, strings, left, secrets, moved=moved)
    _names(tree, names, [name for name, _ in kept], left, secrets)
    for kind in ("styles", "theme", "sharedStrings"):
        for one in (one for one in relations.values() if one.kind == kind):
            part = strings.data() if kind == "sharedStrings" else source.part(one.target)
            part = styles_without_texts(part, left) if part and kind == "styles" else part
            part = theme_without_texts(part) if part and kind == "theme" else part
            if part:
                target.put(one.target, part, source.type_of(one.target))
                target.relate(root.target, one)
    target.put(root.target, serialised(tree), source.type_of(root.target))


def _named(name: str, secrets: Secrets) -> bool:
    """Whether a sheet's name tells a value; `Tabel 3` and `Sheet3` do not."""
    return secrets.told_in(name) or any(secrets.is_value(digits) for digits in re.findall(r"\d{3,}", name))


def _without_extensions(tree: Element) -> None:
    for one in [one for one in tree.iter() if name_of(one) in ("extLst", "AlternateContent")]:
        if one.getparent() is not None:
            one.getparent().remove(one)


def _part_of(source: Source, relations: dict[str, Relation], kind: str) -> bytes:
    return next((source.part(one.target) for one in relations.values() if one.kind == kind), b"")


def _visible(
    tree: Element, relations: dict[str, Relation], left: Counter[str]
) -> tuple[list[tuple[str, Relation]], list[str]]:
    """The visible worksheets with their relations, and the names of all sheets as they were."""
    sheets: Element = next(child for child in tree if name_of(child) == "sheets")
    kept: list[tuple[str, Relation]] = []
    names: list[str] = []
    for sheet in list(sheets):
        identity = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
        relation = relations.get(identity)
        names.append(sheet.get("name", ""))
        if relation is not None and relation.kind == "worksheet" and sheet.get("state", "visible") == "visible":
            kept.append((names[-1], relation))
            continue
        left["sheet" if relation is None or relation.kind == "worksheet" else "chartsheet"] += 1
        sheets.remove(sheet)
    if not kept:
        raise CannotWrite(Words("Projektmappen har ingen synlige ark.", "The workbook has no visible sheets."))
    for view in tree.iter():
        if name_of(view) == "workbookView":
            for key in ("activeTab", "firstSheet"):
                view.attrib.pop(key, None)
    return kept, names


def _names(tree: Element, before: list[str], after: list[str], left: Counter[str], secrets: Secrets) -> None:
    """Names stay that are nothing but areas of sheets that stay."""
    names = next((child for child in tree if name_of(child) == "definedNames"), None)
    if names is None:
        return
    for one in list(names):
        areas = _AREA.findall(one.text or "")
        sheets = {area.rpartition("!")[0].strip("'").replace("''", "'") for area in areas}
        scope = one.get("localSheetId", "")
        owner = before[int(scope)] if scope.isdigit() and int(scope) < len(before) else None
        plain = bool(areas) and ",".join(areas) == (one.text or "") and one.get("hidden") not in ("1", "true")
        plain = plain and not secrets.named_in(one.get("name", ""))
        if not plain or not sheets <= set(after) or (scope and owner not in after):
            left["name"] += one.get("hidden") not in ("1", "true")
            names.remove(one)
            continue
        if scope and owner is not None:
            one.set("localSheetId", str(after.index(owner)))
        for key in set(one.attrib) - {"name", "localSheetId"}:
            del one.attrib[key]
    if not len(names):
        tree.remove(names)


def _formulas(
    source: Source, tree: Element, relations: dict[str, Relation]
) -> dict[tuple[str, Place], tuple[Area, ...] | None]:
    """What every formula refers to, those of hidden sheets too."""
    found: dict[tuple[str, Place], tuple[Area, ...] | None] = {}
    for one in tree.iter():
        if name_of(one) == "sheet":
            relation = relations.get(next((value for key, value in one.attrib.items() if key.endswith("}id")), ""))
            if relation is not None and relation.kind == "worksheet":
                name = one.get("name", "")
                found |= formulas_of(name, Sheet.read(source.part(relation.target)).cells())
    return found


def _put_sheet(
    source: Source,
    target: Target,
    part: str,
    sheet: Sheet,
    strings: UsedStrings,
    left: Counter[str],
    secrets: Secrets,
    *,
    moved: bool,
) -> None:
    """Take a changed sheet in, with the charts and tables that stay."""
    strings.renumber(sheet.tree)
    relations = {one.id: one for one in source.relations(part)}
    for one in relations.values():
        if one.kind == "comments":
            left["comments"] += sum(name_of(inner) == "comment" for inner in parsed(source.part(one.target)).iter())
        left[one.kind] += one.kind in ("pivotTable", "oleObject", "control", "slicer", "queryTable", "threadedComment")
    for element in list(sheet.tree.iter()):
        kind = {"drawing": "drawing", "tablePart": "table"}.get(name_of(element))
        if kind is None:
            continue
        identity = next((value for key, value in element.attrib.items() if key.endswith("}id")), "")
        relation = relations.get(identity)
        stays = relation is not None and relation.kind == kind and not moved
        if relation is not None and stays and kind == "drawing":
            stays = keep_drawing(source, target, relation.target, sheet.left, secrets)
        elif relation is not None and stays:
            stays = keep_table(source, target, relation.target, secrets)
            left["tableFormat"] += not stays
        if relation is not None and stays:
            target.relate(part, relation)
            continue
        left["chart" if kind == "drawing" else "table"] += moved
        element.getparent().remove(element)
    for parts in [one for one in sheet.tree if name_of(one) == "tableParts"]:
        parts.set("count", str(len(parts)))
        if not len(parts):
            sheet.tree.remove(parts)
    target.put(part, sheet.data(), source.type_of(part))
    left.update(sheet.left)


def _invisible(styles: bytes) -> frozenset[str]:
    """Numbers of the cell formats that show nothing."""
    if not styles:
        return frozenset()
    tree = parsed(styles)
    codes = {one.get("numFmtId"): one.get("formatCode", "") for one in tree.iter() if name_of(one) == "numFmt"}
    formats = next((child for child in tree if name_of(child) == "cellXfs"), ())
    return frozenset(
        str(number) for number, one in enumerate(formats) if shows_nothing(codes.get(one.get("numFmtId"), ""))
    )


def _count_properties(source: Source, left: Counter[str]) -> None:
    prefixes = ("docProps/custom", "customXml/", "xl/externalLinks/", "xl/revisions/", "xl/model/", "xl/pivotCache/")
    left["other"] += sum(name.startswith(prefixes) and name.endswith((".xml", ".data")) for name in source.names)


def _told(left: Counter[str]) -> list[Words]:
    told: Counter[tuple[str, str]] = Counter()
    for name, count in left.items():
        told[_LEFT.get(name, _OTHER)] += count
    return [Words(f"{count} {danish}", f"{count} {english}") for (danish, english), count in told.items() if count]
