"""The opener of Office packages: every part, in an order that makes sense of it.

What tells a part's kind is its root element; its name only tells people where
they are. Parts that are no XML go to `Context.open_inside`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from ngc_pipelines.disclosure.content import remarks
from ngc_pipelines.disclosure.content.ooxml.asides import (
    CommentsReader,
    CustomReader,
    LinkingReader,
    PresentationReader,
    PropertiesReader,
)
from ngc_pipelines.disclosure.content.ooxml.charts import ChartReader
from ngc_pipelines.disclosure.content.ooxml.markup import PartReader, read_part
from ngc_pipelines.disclosure.content.ooxml.package import Entry, Package, PartError
from ngc_pipelines.disclosure.content.ooxml.pivots import CacheDefinitionReader, CacheRecordsReader, ExternalBookReader
from ngc_pipelines.disclosure.content.ooxml.relations import Relations, is_relations, outward_links, read_relations
from ngc_pipelines.disclosure.content.ooxml.sheets import SheetReader, Workbook
from ngc_pipelines.disclosure.content.ooxml.slides import DEFAULT_SIZE, SlideReader
from ngc_pipelines.disclosure.content.ooxml.strings import read_strings
from ngc_pipelines.disclosure.content.ooxml.styles import StylesReader
from ngc_pipelines.disclosure.content.ooxml.words import StylesheetReader, WordReader
from ngc_pipelines.disclosure.content.ooxml.workbook import WorkbookReader
from ngc_pipelines.disclosure.pieces import Cell, Opened
from ngc_pipelines.disclosure.places import Place

if TYPE_CHECKING:
    from ngc_pipelines.disclosure.opening import Context, Source

_ROOT: Final = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_WORD_ROOTS: Final = frozenset({"document", "hdr", "ftr", "footnotes", "endnotes", "comments", "glossaryDocument"})
_SLIDE_ROOTS: Final = frozenset({"sld", "notes", "sldLayout", "sldMaster", "notesMaster", "handoutMaster"})
_EARLY: Final = ("workbook", "styleSheet", "styles", "sst", "presentation", "pivotCacheDefinition")


def open_ooxml(source: Source, place: Place, context: Context) -> Iterator[Opened]:
    """All that an Office package holds."""
    yield from _PackageWalk(source, place, context).walk()


class _PackageWalk:
    """One package: what was learned from early parts helps to read later ones."""

    def __init__(self, source: Source, place: Place, context: Context) -> None:
        self._package = Package(source, place, context)
        self._place = place
        self._context = context
        self._relations = Relations()
        self._workbook = Workbook()
        self._sheets: dict[str, tuple[Place, str | None]] = {}
        self._slides: dict[str, str] = {}
        self._size = DEFAULT_SIZE
        self._hidden_styles: frozenset[str] = frozenset()
        self._caches: dict[str, list[tuple[str, list[Cell]]]] = {}
        self._strings_place = place

    def walk(self) -> Iterator[Opened]:
        yield from self._package.survey()
        self._relations = read_relations(self._package)
        yield from outward_links(self._relations, self._place, self._context)
        roots = [(self._root(entry), entry) for entry in self._package.entries if not entry.name.endswith("/")]
        for root, entry in sorted(roots, key=lambda pair: _EARLY.index(pair[0]) if pair[0] in _EARLY else len(_EARLY)):
            yield from self._part(root or "", entry)
        yield from self._workbook.strings.unused(self._context, self._strings_place)
        yield from self._unreferenced()

    def _root(self, entry: Entry) -> str | None:
        """The root element's name of an XML part, None for any other."""
        try:
            head = next(iter(self._package.stream(entry)), b"")[:4096]
        except PartError:
            return None
        if head.startswith((b"\xff\xfe", b"\xfe\xff")):
            head = head[2:].replace(b"\0", b"")
        head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
        if not head.startswith(b"<"):
            return None
        match = _ROOT.search(re.sub(rb"<!--.*?-->", b"", head, flags=re.DOTALL))
        return match.group(1).decode("ascii", "replace") if match else None

    def _part(self, root: str, entry: Entry) -> Iterator[Opened]:
        place = self._place.inside(f"part {entry.name}")
        if entry.encrypted:
            yield from remarks.encrypted(self._context, place)
            return
        if not root or root in ("svg", "html", "HTML"):
            yield from self._other_part(entry, place)
            return
        if root == "sst":
            self._strings_place = place
            yield from read_strings(lambda: self._package.stream(entry), self._context, place, self._workbook.strings)
            return
        reader = self._reader(root, entry, place)
        chunks = self._package.stream(entry)
        if isinstance(reader, SheetReader):
            chunks = reader.sieve(chunks)
        yield from read_part(chunks, reader, entry.name)
        yield from self._learn(reader, entry)

    def _reader(self, root: str, entry: Entry, place: Place) -> PartReader:
        path, context = entry.path, self._context
        if root in ("worksheet", "macrosheet", "dialogsheet", "chartsheet"):
            where, hidden = self._sheets.get(path, (place, None))
            return SheetReader(context, where, self._workbook, hidden)
        if (root in _WORD_ROOTS and path.startswith("word/")) or root in ("hdr", "ftr", "glossaryDocument"):
            return WordReader(context, *self._word_place(root, path), self._hidden_styles)
        if root in _SLIDE_ROOTS:
            return SlideReader(context, *self._slide_place(root, path, place))
        if root == "pivotCacheRecords":
            return CacheRecordsReader(context, place, self._fields_of(path))
        if root in ("coreProperties", "Properties"):
            return PropertiesReader(context, place, custom="custom" in path)
        make = _READERS.get(root)
        if make is not None:
            return make(context, place)
        if path.startswith("customxml/") and root != "datastoreItem" and not is_relations(path):
            return CustomReader(context, place, "indlejret XML, som ingen side viser", "custom XML that no page shows")
        return PartReader(context, place)

    def _word_place(self, root: str, path: str) -> tuple[Place, str | None]:
        word = {
            "document": ("document", None),
            "comments": ("comments", "comment"),
            "glossaryDocument": ("glossary document", "glossary document"),
        }.get(root, (path.rpartition("/")[2].removesuffix(".xml"), None))
        name, hidden = word
        if "/glossary/" in path:
            hidden = "glossary document"
        return self._place.inside(name), hidden

    def _slide_place(self, root: str, path: str, place: Place) -> tuple[Place, tuple[int, int], str | None]:
        if root == "notes":
            slide = next((self._slides.get(target) for target in self._relations.targets(path, "slide")), None)
            return (
                self._place.inside(f"notes of {slide}" if slide else f"notes {path}"),
                (1 << 60, 1 << 60),
                "speaker notes",
            )
        if root == "sld":
            return (
                self._place.inside(self._slides.get(path, path.rpartition("/")[2].removesuffix(".xml"))),
                self._size,
                None,
            )
        return place, (1 << 60, 1 << 60), None

    def _fields_of(self, path: str) -> list[tuple[str, list[Cell]]]:
        for owner in self._caches:
            if path in self._relations.targets(owner, "pivotCacheRecords"):
                return self._caches[owner]
        return []

    def _learn(self, reader: PartReader, entry: Entry) -> Iterator[Opened]:
        """Keep what later parts need, and remark on what a part's presence means."""
        if isinstance(reader, WorkbookReader):
            self._workbook.since_1904 |= reader.since_1904
            for sheet in reader.sheets:
                target = self._relations.target(entry.path, sheet.relation)
                if target is not None:
                    state = {"hidden": "hidden sheet", "veryHidden": "very hidden sheet"}.get(sheet.state)
                    self._sheets[target] = (self._place.inside(f"sheet '{sheet.name}'"), state)
        elif isinstance(reader, StylesReader):
            self._workbook.formats = reader.formats
        elif isinstance(reader, StylesheetReader):
            self._hidden_styles |= reader.hidden_styles
        elif isinstance(reader, PresentationReader):
            self._size = reader.size or self._size
            for number, relation in enumerate(reader.slides, 1):
                target = self._relations.target(entry.path, relation)
                if target is not None:
                    self._slides[target] = f"slide {number}"
        elif isinstance(reader, CacheDefinitionReader):
            self._caches[entry.path] = reader.fields
        yield from self._presence(reader, entry)

    def _presence(self, reader: PartReader, entry: Entry) -> Iterator[Opened]:
        path, context = entry.path, self._context
        if is_relations(path):
            return
        if path.startswith("xl/macrosheets/"):
            yield remarks.macro(context, reader.place, "ark med makroer fra Excel 4", "sheet of Excel 4 macros")
        elif path.startswith("word/glossary/document"):
            yield remarks.hidden(context, reader.place, "byggeklodser (glossary)", "building blocks (glossary)")
        elif path.startswith("word/comments.xml"):
            yield remarks.hidden(context, reader.place, "kommentarer", "comments")
        elif isinstance(reader, SlideReader) and "/notesslides/" in path and reader.speaks:
            yield remarks.hidden(context, reader.place, "talernoter", "speaker notes")
        elif "/activex/" in path:
            yield remarks.macro(context, reader.place, "ActiveX-element", "ActiveX control")

    def _other_part(self, entry: Entry, place: Place) -> Iterator[Opened]:
        """Media, embedded documents, macros, settings of printers, and the unknown."""
        context, path = self._context, entry.path
        try:
            data = self._package.read(entry)
        except PartError as fault:
            yield from remarks.broken(context, place, entry.name, str(fault))
            return
        if not data:
            return
        if path.endswith("vbaproject.bin"):
            yield remarks.macro(context, place, "VBA-projekt", "VBA project")
        elif "/embeddings/" in path:
            yield remarks.embedded(context, place, "indlejret dokument", "embedded document")
        elif "thumbnail" in path:
            yield remarks.hidden(context, place, "miniature af en tidligere side", "thumbnail of some earlier page")
        elif path.startswith("xl/model/"):
            yield remarks.embedded(context, place, "datamodel (Power Pivot)", "data model (Power Pivot)")
            yield from remarks.broken(context, place, entry.name, "a data model is compressed in a way of its own")
        elif path.endswith(".bin") and path.startswith("xl/") and "printersettings" not in path:
            yield from self._binary_part(data, entry, place)
            return
        name = entry.name.rpartition("/")[2]
        yield from context.open_inside(data, name, place)

    def _binary_part(self, data: bytes, entry: Entry, place: Place) -> Iterator[Opened]:
        from ngc_pipelines.disclosure.content.ooxml.binary_sheets import is_records, read_records

        if is_records(data):
            yield from read_records(data, place, self._context)
        else:
            yield from self._context.open_inside(data, entry.name.rpartition("/")[2], place)

    def _unreferenced(self) -> Iterator[Opened]:
        if not self._relations.of.get(""):
            return
        reachable = self._relations.reachable()
        for entry in self._package.entries:
            path = entry.path
            if path == "[content_types].xml" or is_relations(path) or path.endswith("/") or path in reachable:
                continue
            yield remarks.hidden(
                self._context,
                self._place.inside(f"part {entry.name}"),
                "en del, som intet i dokumentet henviser til",
                "a part that nothing in the document refers to",
            )


_READERS: Final[dict[str, Callable[[Context, Place], PartReader]]] = {
    "workbook": WorkbookReader,
    "styleSheet": StylesReader,
    "styles": StylesheetReader,
    "presentation": PresentationReader,
    "chartSpace": ChartReader,
    "pivotCacheDefinition": CacheDefinitionReader,
    "externalLink": ExternalBookReader,
    "comments": CommentsReader,
    "ThreadedComments": CommentsReader,
    "cmLst": CommentsReader,
    "connections": LinkingReader,
    "queryTable": LinkingReader,
    "webextension": LinkingReader,
    "tagLst": lambda context, place: CustomReader(context, place, "mærker (tags) på et dias", "tags of a slide"),
    "MapInfo": lambda context, place: CustomReader(context, place, "XML-tilknytning", "XML map"),
}
