"""Walking every object of a PDF: strings, streams, attachments, scripts, links.

Also objects that nothing refers to. What pages show is read in `pages`.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from ngc_pipelines.disclosure.content import remarks
from ngc_pipelines.disclosure.content.pdf.contents import shown_text
from ngc_pipelines.disclosure.findings import Severity
from ngc_pipelines.disclosure.pieces import Code, Opened, Picture, Raw, Text
from ngc_pipelines.disclosure.places import Place

if TYPE_CHECKING:
    import pikepdf

    from ngc_pipelines.disclosure.opening import Context

_BINARY_KEYS: Final = frozenset(
    {
        "/ID",
        "/O",
        "/U",
        "/OE",
        "/UE",
        "/Perms",
        "/Registry",
        "/Ordering",
        "/CharSet",
        "/Lookup",
        "/CheckSum",
        "/DA",
        "/FontFamily",
    }
)
_REACHING: Final = {"/Launch", "/GoToR", "/GoToE", "/SubmitForm", "/ImportData", "/Rendition", "/Movie", "/Sound"}
_DEEPEST: Final = 40
_PICTURE_LIMIT: Final = 100_000_000


class ObjectWalk:
    """One pass over all objects of one revision.

    Args:
        seen: hashes of what was already handed on; added to.
        hidden: why this revision is not seen, or None.
    """

    def __init__(self, pdf: pikepdf.Pdf, place: Place, context: Context, seen: set[int], hidden: str | None) -> None:
        self._pdf = pdf
        self._place = place
        self._context = context
        self._seen = seen
        self._hidden = hidden
        self._pages: dict[tuple[int, int], str] = {}
        self._attachments: set[tuple[int, int]] = set()
        self._glyphs: set[tuple[int, int]] = set()
        self._content: set[tuple[int, int]] = set()
        self._counts: dict[str, int] = {}
        self.contents: list[bytes] = []

    def walk(self) -> Iterator[Opened]:
        """Pieces of all objects, then what to say of them together."""
        import pikepdf

        yield from self._page_contents()
        self._mark_roles()
        for thing in self._pdf.objects:
            self._context.budget.spend_part()
            try:
                yield from self._object(thing)
            except (
                pikepdf.PdfError,
                ValueError,
                TypeError,
                RuntimeError,
                NotImplementedError,
                OverflowError,
                KeyError,
            ) as fault:
                yield from remarks.broken(self._context, self._where(thing), "pdf object", type(fault).__name__)
        yield from self._sum_up()

    def _page_contents(self) -> Iterator[Opened]:
        import pikepdf

        try:
            pages = list(self._pdf.pages)
        except (pikepdf.PdfError, ValueError, TypeError, RuntimeError, KeyError, AttributeError) as fault:
            yield from remarks.broken(self._context, self._place, "pdf pages", type(fault).__name__)
            return
        for number, page in enumerate(pages, 1):
            self._pages[page.obj.objgen] = f"page {number}"
            parts = []
            try:
                streams: Any = page.get("/Contents")
                for stream in [streams] if isinstance(streams, pikepdf.Stream) else _array(streams):
                    self._content.add(stream.objgen)
                    parts.append(stream.read_bytes())
                for annotation in _array(page.get("/Annots")):
                    self._pages[annotation.objgen] = f"page {number} annotation"
            except (pikepdf.PdfError, ValueError, TypeError, RuntimeError, KeyError, AttributeError) as fault:
                yield from remarks.broken(
                    self._context, self._place.inside(f"page {number}"), "pdf page", type(fault).__name__
                )
            self._context.budget.spend_bytes(sum(map(len, parts)))
            self.contents.append(b"\n".join(parts))

    def _mark_roles(self) -> None:
        """Which streams are attachments or drawings of letters, told by who refers to them."""
        import pikepdf

        roles = (("/EF", self._attachments), ("/CharProcs", self._glyphs))
        for thing in self._pdf.objects:
            if not isinstance(thing, pikepdf.Dictionary):
                continue
            for key, members in roles:
                held = thing.get(key)
                if isinstance(held, pikepdf.Dictionary):
                    members.update(one.objgen for one in held.values() if isinstance(one, pikepdf.Stream))

    def _where(self, thing: Any) -> Place:
        named = self._pages.get(thing.objgen)
        return self._place.inside(named or f"object {thing.objgen[0]}")

    def _object(self, thing: Any) -> Iterator[Opened]:
        import pikepdf

        if not isinstance(thing, pikepdf.Object):
            if _is_long(thing):
                yield from self._text(self._place.inside("a number by itself"), str(thing), "number that no page shows")
            return
        if isinstance(thing, pikepdf.Stream):
            yield from self._stream(thing)
        where = self._where(thing)
        if isinstance(thing, pikepdf.Dictionary):
            yield from self._dictionary(thing, where)
        lines: list[str] = []
        self._strings(thing, "", lines, 0)
        if lines:
            yield from self._text(where, "\n".join(lines), None)

    def _strings(self, thing: Any, key: str, lines: list[str], depth: int) -> None:
        """Every string below `thing`, not following references."""
        import pikepdf

        if depth > _DEEPEST:
            return
        if _is_long(thing):
            lines.append(f"{key[1:]}: {thing}")
        elif isinstance(thing, pikepdf.String):
            text = str(thing)
            if len(text) > 2 and key not in _BINARY_KEYS:
                lines.append(f"{key[1:]}: {text}" if key else text)
        elif isinstance(thing, pikepdf.Name):
            if sum(letter.isdigit() for letter in str(thing)) > 3:
                lines.append(str(thing)[1:])
        elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            signed = thing.get("/Type") == "/Sig" or "/ByteRange" in thing
            for name, value in thing.items():
                if not _is_indirect(value) and not (signed and name == "/Contents"):
                    self._strings(value, str(name), lines, depth + 1)
        elif isinstance(thing, pikepdf.Array):
            if len(thing) > 100 and all(not isinstance(value, pikepdf.Object) for value in thing):
                return
            for value in thing:
                if not _is_indirect(value):
                    self._strings(value, key, lines, depth + 1)

    def _text(self, where: Place, text: str, hidden: str | None) -> Iterator[Opened]:
        mark = hash(text)
        if mark not in self._seen:
            self._seen.add(mark)
            yield Text(where, text, hidden=hidden or self._hidden)

    def _count(self, what: str) -> None:
        self._counts[what] = self._counts.get(what, 0) + 1

    def _actions(self, thing: Any, where: Place, depth: int = 0) -> Iterator[Opened]:
        """Actions in a dictionary and in those written inside it."""
        import pikepdf

        if depth > _DEEPEST:
            return
        kind = str(thing["/S"]) if isinstance(thing.get("/S"), pikepdf.Name) else ""
        if kind == "/JavaScript" and "/JS" in thing:
            script = thing["/JS"]
            code = script.read_bytes().decode("latin-1") if isinstance(script, pikepdf.Stream) else str(script)
            yield Code(where.inside("script"), code, "javascript")
            self._count("script")
        elif kind in _REACHING:
            self._count("reach")
        elif kind == "/URI":
            self._count("link")
        for value in thing.values():
            if isinstance(value, pikepdf.Dictionary) and not _is_indirect(value):
                yield from self._actions(value, where, depth + 1)

    def _dictionary(self, thing: Any, where: Place) -> Iterator[Opened]:
        yield from self._actions(thing, where)
        if thing.get("/Subtype") is not None and "/Rect" in thing:
            flags = thing.get("/F", 0)
            if isinstance(flags, int) and flags & 0b100011:
                self._count("hidden annotation")
            elif str(thing.get("/Subtype")) not in ("/Link", "/Widget", "/Popup"):
                self._count("annotation")
        if thing.get("/Type") == "/OCG":
            self._count("layer")
        if "/FT" in thing:
            self._count("field" if "/V" in thing else "empty field")

    def _stream(self, stream: Any) -> Iterator[Opened]:
        import pikepdf

        kind, subtype = str(stream.get("/Type", "")), str(stream.get("/Subtype", ""))
        where = self._where(stream)
        if kind in ("/XRef", "/ObjStm") or stream.objgen in self._content:
            return
        if subtype == "/Image":
            yield from self._image(stream, where)
            return
        try:
            data = stream.read_bytes()
        except (pikepdf.PdfError, RuntimeError, NotImplementedError, ValueError) as fault:
            yield from remarks.broken(self._context, where, "stream", type(fault).__name__)
            yield Raw(where, stream.read_raw_bytes())
            return
        self._context.budget.spend_bytes(len(data), packed=int(stream.get("/Length", 0) or 0) or None)
        mark = hash(data)
        if mark in self._seen or not data.strip():
            return
        self._seen.add(mark)
        if stream.objgen in self._attachments or kind == "/EmbeddedFile":
            yield remarks.embedded(self._context, where, "vedhæftet fil", "attached file")
            yield from self._context.open_inside(
                data, None, self._place.inside(f"attachment (object {stream.objgen[0]})")
            )
        elif subtype == "/XML" or kind == "/Metadata":
            yield Text(
                where.inside("XMP metadata"), data.decode("utf-8", "replace"), hidden="metadata", language="markup"
            )
            self._count("metadata")
        elif subtype == "/Form" or "/PatternType" in stream or stream.objgen in self._glyphs:
            text = shown_text(data, stream.get("/Resources"))
            if text.strip():
                yield from self._text(where.inside("drawing"), text, None)
        elif b"begincmap" in data[:2000] or "/FunctionType" in stream:
            return
        elif "/Length1" in stream or subtype in ("/Type1C", "/CIDFontType0C", "/OpenType") or "/N" in stream:
            yield Raw(where.inside("font or colour profile"), data)
        else:
            yield from self._context.open_inside(data, None, where)

    def _image(self, stream: Any, where: Place) -> Iterator[Opened]:
        import pikepdf

        raw = stream.read_raw_bytes()
        mark = hash(raw)
        if mark in self._seen:
            return
        self._seen.add(mark)
        filters = stream.get("/Filter")
        names = [str(filters)] if isinstance(filters, pikepdf.Name) else [str(one) for one in filters or []]
        if names == ["/DCTDecode"]:
            yield from self._context.open_inside(raw, "picture.jpg", where.inside("picture"))
            return
        width, height = int(stream.get("/Width", 0)), int(stream.get("/Height", 0))
        if width * height > _PICTURE_LIMIT:
            yield from remarks.bomb(
                self._context, where, "et billede af urimelig størrelse", "a picture of unreasonable size"
            )
            return
        if width <= 2 or height <= 2:
            return
        try:
            image = pikepdf.PdfImage(stream).as_pil_image()
            out = io.BytesIO()
            (image if image.mode in ("1", "L", "RGB") else image.convert("RGB")).save(out, "PNG", compress_level=1)
        except (
            pikepdf.PdfError,
            ValueError,
            RuntimeError,
            NotImplementedError,
            OSError,
            TypeError,
            KeyError,
            MemoryError,
            AttributeError,
        ) as fault:
            yield from remarks.broken(self._context, where, "picture", type(fault).__name__)
            yield Raw(where, raw)
            return
        yield Picture(where.inside("picture"), out.getvalue(), "png", width, height, self._hidden)

    def _sum_up(self) -> Iterator[Opened]:
        place, context, counts = self._place, self._context, self._counts
        if self._hidden is not None:
            return
        if "script" in counts:
            yield remarks.macro(context, place, "JavaScript", "JavaScript", count=counts["script"])
        if "reach" in counts:
            yield remarks.external_link(
                context,
                place,
                "handlinger, der åbner eller sender noget udenfor",
                "actions that open or send something outside",
                count=counts["reach"],
            )
        if "link" in counts:
            yield remarks.web_link(context, place, count=counts["link"])
        if "hidden annotation" in counts:
            yield remarks.hidden(
                context, place, "skjulte annotationer", "hidden annotations", count=counts["hidden annotation"]
            )
        if "annotation" in counts:
            yield remarks.hidden(context, place, "annotationer", "annotations", count=counts["annotation"])
        if "layer" in counts:
            yield remarks.hidden(
                context, place, "lag, der kan slås fra", "layers that can be switched off", count=counts["layer"]
            )
        if "field" in counts:
            yield remarks.hidden(
                context, place, "udfyldte formularfelter", "form fields that are filled in", count=counts["field"]
            )
        if "metadata" in counts:
            yield remarks.metadata(context, place.inside("XMP metadata"), "XMP", "XMP", count=counts["metadata"])
        if "empty field" in counts:
            where = place.inside("form fields")
            yield remarks.metadata(context, where, "formularfelter", "form fields", count=counts["empty field"])
        information: Any = self._pdf.docinfo if "/Info" in self._pdf.trailer else {}
        personal = [
            key
            for key in ("/Author", "/Title", "/Subject", "/Keywords")
            if key in information and str(information[key]).strip()
        ]
        others = [key for key in information if str(key) not in _STANDARD_PROPERTIES]
        if personal or others:
            yield remarks.metadata(
                context,
                place.inside("document properties"),
                "dokumentets egenskaber",
                "document properties",
                severity=Severity.REVIEW if others else Severity.NOTE,
                count=len(personal) + len(others),
            )


def _array(value: Any) -> list[Any]:
    """The dictionaries and streams in an array; nothing where it is none."""
    import pikepdf

    return [one for one in value if isinstance(one, pikepdf.Dictionary)] if isinstance(value, pikepdf.Array) else []


def _is_long(value: Any) -> bool:
    """Whole numbers of nine digits and more mean nothing to a drawing, but may to a person."""
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**8


def _is_indirect(value: Any) -> bool:
    """Numbers and truth values come as Python's own, which are never references."""
    return bool(getattr(value, "is_indirect", False))


_STANDARD_PROPERTIES: Final = frozenset(
    {
        "/Author",
        "/Title",
        "/Subject",
        "/Keywords",
        "/Creator",
        "/Producer",
        "/CreationDate",
        "/ModDate",
        "/Trapped",
        "/PTEX.Fullbanner",
    }
)
