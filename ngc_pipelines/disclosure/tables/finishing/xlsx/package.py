"""The zip package of a workbook: parts, the relations between them, their content types.

Reads what is asked for and writes what is given; which parts are kept is told
by `workbook`, `sheets` and `drawings`.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from ngc_pipelines.disclosure.findings import Words
from ngc_pipelines.disclosure.tables.finishing.changes import CannotWrite

# Elements of lxml have no annotations.
Element = Any

_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
# A fixed moment: two finished tables of one plan are the same bytes.
_MOMENT = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Relation:
    """One relation of a part: its id, the last word of its type, the part it leads to."""

    id: str
    kind: str
    type: str
    target: str


def name_of(element: Element) -> str:
    """An element's name without its namespace; empty for comments and instructions."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def parsed(data: bytes) -> Element:
    """A part as a tree.

    Raises:
        CannotWrite: where it is no XML, or declares entities.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        tree = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as fault:
        raise CannotWrite(
            Words(
                "Projektmappen er beskadiget: en af dens dele er ikke XML. Åbn og gem den på ny.",
                "The workbook is damaged: one of its parts is no XML. Open it and save it again.",
            )
        ) from fault
    if tree.getroottree().docinfo.doctype:
        raise CannotWrite(
            Words("Projektmappens XML har en DOCTYPE; den skrives ikke.", "The workbook's XML has a DOCTYPE.")
        )
    return tree


def serialised(tree: Element) -> bytes:
    """A part's bytes."""
    return bytes(etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True))


class Source:
    """The original package."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except zipfile.BadZipFile as fault:
            raise CannotWrite(
                Words(
                    "Filen er ikke en læsbar projektmappe (xlsx).",
                    "The file is no workbook (xlsx) that can be read.",
                )
            ) from fault
        self.names = set(self._zip.namelist())

    def part(self, name: str) -> bytes:
        """A part's bytes; empty where there is none."""
        return self._zip.read(name) if name in self.names else b""

    def relations(self, part: str) -> list[Relation]:
        """The relations of a part inside the package; those that lead out of it are left out."""
        folder, _, file = part.rpartition("/")
        data = self.part(posixpath.join(folder, "_rels", f"{file}.rels"))
        found: list[Relation] = []
        for one in parsed(data) if data else ():
            if name_of(one) == "Relationship" and one.get("TargetMode") != "External":
                target = one.get("Target", "")
                path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                kind = one.get("Type", "").rpartition("/")[2]
                found.append(Relation(one.get("Id", ""), kind, one.get("Type", ""), posixpath.normpath(path)))
        return found

    def type_of(self, part: str) -> str:
        """The content type that the package states for a part."""
        tree = parsed(self.part("[Content_Types].xml"))
        for one in tree:
            if one.get("PartName", "").lstrip("/") == part:
                return str(one.get("ContentType", ""))
        extension = part.rpartition(".")[2].casefold()
        for one in tree:
            if one.get("Extension", "").casefold() == extension:
                return str(one.get("ContentType", ""))
        return ""


@dataclass(slots=True)
class Target:
    """The package that is written: only what was put in."""

    parts: dict[str, bytes] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    relations: dict[str, list[Relation]] = field(default_factory=dict)

    def put(self, name: str, data: bytes, content_type: str) -> None:
        """Take a part in."""
        self.parts[name] = data
        self.types[name] = content_type

    def relate(self, part: str, relation: Relation) -> None:
        """Take a relation of a part in."""
        self.relations.setdefault(part, []).append(relation)

    def data(self) -> bytes:
        """The package's bytes."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as out:
            _add(out, "[Content_Types].xml", self._content_types())
            for part, relations in self.relations.items():
                folder, _, file = part.rpartition("/")
                _add(out, posixpath.join(folder, "_rels", f"{file}.rels"), _relations_part(folder, relations))
            for name, data in self.parts.items():
                _add(out, name, data)
        return stream.getvalue()

    def _content_types(self) -> bytes:
        root = etree.Element(f"{{{_TYPES}}}Types", nsmap={None: _TYPES})
        for extension, kind in (
            ("rels", "application/vnd.openxmlformats-package.relationships+xml"),
            ("xml", "application/xml"),
        ):
            etree.SubElement(root, f"{{{_TYPES}}}Default", Extension=extension, ContentType=kind)
        for name, kind in self.types.items():
            etree.SubElement(root, f"{{{_TYPES}}}Override", PartName=f"/{name}", ContentType=kind)
        return serialised(root)


def _relations_part(folder: str, relations: list[Relation]) -> bytes:
    root = etree.Element(f"{{{_RELATIONS}}}Relationships", nsmap={None: _RELATIONS})
    for one in relations:
        target = posixpath.relpath(one.target, folder or ".")
        etree.SubElement(root, f"{{{_RELATIONS}}}Relationship", Id=one.id, Type=one.type, Target=target)
    return serialised(root)


def _add(out: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, _MOMENT)
    entry.compress_type = zipfile.ZIP_DEFLATED
    out.writestr(entry, data)
