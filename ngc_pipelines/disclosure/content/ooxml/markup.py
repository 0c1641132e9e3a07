"""Parsing the XML of a part in a stream, without entities, and losing nothing of it.

`PartReader` is what the readers of documents, slides and the rest derive from:
it gathers paragraphs and the texts in attributes. DOCTYPE is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

from ngc_pipelines.disclosure.content import remarks
from ngc_pipelines.disclosure.content.ooxml.package import PartError
from ngc_pipelines.disclosure.pieces import Opened, Text
from ngc_pipelines.disclosure.places import Place

if TYPE_CHECKING:
    from ngc_pipelines.disclosure.opening import Context

BLOCK: Final = 1 << 17
_TECHNICAL: Final = frozenset(
    {
        "uri",
        "uid",
        "guid",
        "paraid",
        "textid",
        "parentid",
        "requires",
        "ignorable",
        "durableid",
        "macguid",
        "xmlns",
        "algidext",
    }
)
_NO_TEXT: Final = re.compile(
    r"[0-9A-Fa-f]{8}|-?[\d.,]{1,9}|\{[0-9A-Fa-f-]{36}\}|https?://(?:schemas|purl|www\.w3)\.\S*|urn:schemas\S*|[A-Za-z]{1,24}|rId\d+"
    r"|-?\d+\.\d+(?:[Ee]-?\d+)?|application/\S+"
)
_RANDOM_IDS: Final = frozenset({"creationId", "modId", "rowId", "colId", "sectionId"})


class DoctypeError(Exception):
    """The part declares entities or a DTD, which no Office program writes."""


class PartReader:
    """Takes the events of one part; derived readers add what they know.

    Paragraphs are gathered line by line; a paragraph's runs are joined before
    anybody looks, so that an identifier split over runs is whole again.
    """

    paragraphs: frozenset[str] = frozenset({"p", "si", "text", "comment", "definedName", "row", "pt", "cell"})
    breaks: frozenset[str] = frozenset({"br", "cr"})
    place_word = "text"
    hidden: str | None = None

    def __init__(self, context: Context, place: Place) -> None:
        self.context = context
        self.place = place
        self.lines: list[str] = []
        self.line: list[str] = []
        self.first_line = 1
        self.attributes: dict[str, None] = {}
        self._length = 0
        self.ready: list[Opened] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins; `name` comes without its prefix."""
        if attributes:
            self.keep_attributes(name, attributes)
        if name in self.paragraphs:
            self.end_line()
        elif name == "tab":
            self.line.append("\t")
        elif name in self.breaks:
            self.line.append("\n")

    def end(self, name: str) -> None:
        """An element ends."""
        if name in self.paragraphs:
            self.end_line()

    def text(self, data: str) -> None:
        """Character data."""
        self.line.append(data)

    def finish(self) -> Iterator[Opened]:
        """What is known only at the part's end."""
        self.end_line()
        self.flush()
        if self.attributes:
            yield Text(
                self.place.inside("attributes"), "\n".join(self.attributes), hidden=self.hidden, language="markup"
            )
            self.attributes = {}

    def keep_attributes(self, element: str, attributes: dict[str, str]) -> None:
        """Remember attribute values that can hold text or a number of a person."""
        for key, value in attributes.items():
            if len(value) < 5 or _NO_TEXT.fullmatch(value):
                continue
            local = key.rpartition(":")[2]
            if local.lower() in _TECHNICAL or key.startswith("xmlns") or local.startswith("rsid"):
                continue
            if element in _RANDOM_IDS and value.isdigit():
                continue
            self.attributes[f"{local}: {value}"] = None
        if len(self.attributes) > 5000:
            self.ready.append(
                Text(self.place.inside("attributes"), "\n".join(self.attributes), hidden=self.hidden, language="markup")
            )
            self.attributes = {}

    def end_line(self) -> None:
        """Close the paragraph in hand."""
        if not self.line:
            return
        text = "".join(self.line)
        self.line = []
        if not text.strip():
            return
        self.lines.append(text)
        self._length += len(text)
        if self._length > BLOCK:
            self.flush()

    def flush(self) -> None:
        """Hand over the paragraphs gathered so far."""
        if self.lines:
            self.ready.append(
                Text(
                    self.place.inside(self.place_word),
                    "\n".join(self.lines),
                    first_line=self.first_line,
                    hidden=self.hidden,
                )
            )
            self.first_line += sum(line.count("\n") + 1 for line in self.lines)
            self.lines = []
            self._length = 0

    def take(self) -> list[Opened]:
        """Pieces that are ready."""
        taken, self.ready = self.ready, []
        return taken


def read_part(chunks: Iterable[bytes], reader: PartReader, what: str) -> Iterator[Opened]:
    """Parse a part and yield what its reader makes of it, damaged or not.

    Args:
        chunks: the part's bytes; may raise `PartError`.
        what: the part's name, for messages.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = 1 << 16
    names: dict[str, str] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        local = names.get(name)
        if local is None:
            local = names[name] = name.rpartition(":")[2]
        reader.start(local, attributes)

    def end(name: str) -> None:
        reader.end(names[name])

    def refuse(*_: object) -> None:
        raise DoctypeError

    def comment(data: str) -> None:
        if data.strip():
            reader.ready.append(Text(reader.place.inside("XML comment"), data, hidden="XML comment", language="markup"))

    def instruction(target: str, data: str) -> None:
        if len(data) > 4 and target != "mso-application":
            reader.ready.append(
                Text(
                    reader.place.inside("processing instruction"),
                    f"{target} {data}",
                    hidden="processing instruction",
                    language="markup",
                )
            )

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.CommentHandler = comment
    parser.ProcessingInstructionHandler = instruction
    trouble: str | None = None
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
            if reader.ready:
                yield from reader.take()
        parser.Parse(b"", True)
    except DoctypeError:
        yield from remarks.bomb(
            reader.context, reader.place, "XML med DOCTYPE eller entiteter", "XML with a DOCTYPE or entities"
        )
    except PartError as fault:
        trouble = str(fault)
    except expat.ExpatError as fault:
        trouble = f"not well-formed XML, {expat.ErrorString(fault.code) or 'error'}"
    except (ValueError, LookupError) as fault:
        trouble = f"XML in an unknown encoding, {type(fault).__name__}"
    yield from reader.finish()
    yield from reader.take()
    if trouble is not None:
        yield from remarks.broken(reader.context, reader.place, what, trouble)
