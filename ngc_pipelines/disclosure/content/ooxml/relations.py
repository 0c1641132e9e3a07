"""Which part refers to which, what is referred to outside, and what nobody refers to."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers import expat

from ngc_pipelines.disclosure.content import remarks
from ngc_pipelines.disclosure.content.ooxml.package import Entry, Package, PartError
from ngc_pipelines.disclosure.pieces import Opened, Text
from ngc_pipelines.disclosure.places import Place

if TYPE_CHECKING:
    from ngc_pipelines.disclosure.opening import Context


@dataclass(frozen=True, slots=True)
class Relation:
    """One relationship: its id, the last word of its type, and its target."""

    id: str
    kind: str
    target: str
    external: bool


@dataclass(slots=True)
class Relations:
    """All relationships of a package, by the (lower-case) path of their owner."""

    of: dict[str, list[Relation]] = field(default_factory=dict)

    def target(self, owner: str, relation_id: str) -> str | None:
        """The path that `owner` means by an id, or None."""
        return next((one.target for one in self.of.get(owner, ()) if one.id == relation_id), None)

    def targets(self, owner: str, kind: str) -> list[str]:
        """The paths that `owner` refers to as `kind`."""
        return [one.target for one in self.of.get(owner, ()) if one.kind == kind and not one.external]

    def reachable(self) -> set[str]:
        """Every path that can be reached from the package itself."""
        found: set[str] = set()
        waiting = [""]
        while waiting:
            for one in self.of.get(waiting.pop(), ()):
                if not one.external and one.target not in found:
                    found.add(one.target)
                    waiting.append(one.target)
        return found


def is_relations(path: str) -> bool:
    """Whether a part holds relationships."""
    return path.endswith(".rels") and "_rels/" in path


def owner_of(path: str) -> str:
    """`xl/_rels/workbook.xml.rels` belongs to `xl/workbook.xml`; the package's own to ``."""
    folder, _, name = path.rpartition("_rels/")
    return folder + name.removesuffix(".rels")


def read_relations(package: Package) -> Relations:
    """Relationships of all parts; unreadable ones are left to the walk over the parts to tell."""
    relations = Relations()
    for entry in package.entries:
        if is_relations(entry.path):
            relations.of.setdefault(owner_of(entry.path), []).extend(_parse(package, entry))
    return relations


def _parse(package: Package, entry: Entry) -> list[Relation]:
    found: list[Relation] = []
    base = posixpath.dirname(owner_of(entry.path))

    def start(name: str, attributes: Mapping[str, str]) -> None:
        if name.rpartition(":")[2] != "Relationship":
            return
        target = attributes.get("Target", "")
        external = attributes.get("TargetMode", "").lower() == "external"
        if not external:
            path = target.replace("\\", "/").partition("#")[0]
            target = posixpath.normpath(posixpath.join("/", base, path)).lstrip("/").lower()
        found.append(
            Relation(attributes.get("Id", ""), attributes.get("Type", "").rpartition("/")[2], target, external)
        )

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = lambda *_: parser.Parse(b"", True)
    try:
        parser.Parse(package.read(entry), True)
    except (expat.ExpatError, PartError, ValueError, LookupError):
        return found
    return found


_FOLLOWED: frozenset[str] = frozenset({"hyperlink", "slide"})


def outward_links(relations: Relations, place: Place, context: Context) -> Iterator[Opened]:
    """What the document refers to outside itself: told, and its addresses read."""
    for owner, found in relations.of.items():
        links = [one for one in found if one.external]
        if not links:
            continue
        where = place.inside(f"links of {owner or 'the package'}")
        fetched = [one for one in links if one.kind not in _FOLLOWED]
        followed = [one for one in links if one.kind in _FOLLOWED]
        if fetched:
            kinds = ", ".join(sorted({one.kind for one in fetched}))
            yield remarks.external_link(
                context, where, f"hentes ved åbning ({kinds})", f"fetched when opened ({kinds})", count=len(fetched)
            )
        files = [one for one in followed if not one.target.lower().startswith(("http:", "https:", "mailto:"))]
        if files:
            yield remarks.external_link(
                context,
                where,
                "peger på filer uden for dokumentet",
                "points at files outside the document",
                count=len(files),
            )
        elif followed:
            yield remarks.web_link(context, where, count=len(followed))
        yield Text(where, "\n".join(one.target for one in links), hidden="address of a link")
