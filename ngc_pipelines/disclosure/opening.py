"""How one file is opened, and what lies inside it one level deeper.

Here live the bytes (`Source`), what every opener is handed (`Context`) and the
one way in: recognise by content, pick the opener, bound its cost. The openers
themselves live in `content`, the recognising of types in `recognising`.
"""

from __future__ import annotations

import importlib
import io
import mmap
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, cast

from ngc_pipelines.disclosure.findings import Finding, Kind, Severity, Words
from ngc_pipelines.disclosure.limits import Budget, LimitReached
from ngc_pipelines.disclosure.pieces import NotRead, Opened, Raw
from ngc_pipelines.disclosure.places import Place
from ngc_pipelines.disclosure.policy import Policy

RAW_BLOCK = 8 << 20
"""Bytes of one `Raw` piece; what is longer comes in several that overlap."""

RAW_OVERLAP = 256

_TEXTS = frozenset({"text", "html", "xml", "json", "python", "r"})
"""Types whose openers read letters only: bytes packed in between are looked for beside them."""


class Source:
    """Bytes to be opened, in memory or mapped from a file, by random access.

    Args:
        data: the bytes, a view of them or a mapped file.
        name: the file's own name as far as told, for its extension and for people.
    """

    __slots__ = ("_view", "name")

    def __init__(self, data: bytes | bytearray | memoryview | mmap.mmap, name: str | None = None) -> None:
        self._view = memoryview(data).toreadonly()
        self.name = name

    @classmethod
    @contextmanager
    def of_file(cls, path: Path | str) -> Iterator[Source]:
        """A file, mapped and not read in, for as long as the scope lasts."""
        with Path(path).open("rb") as stream, cls.of_descriptor(stream.fileno(), Path(path).name) as source:
            yield source

    @classmethod
    @contextmanager
    def of_descriptor(cls, descriptor: int, name: str | None) -> Iterator[Source]:
        """An open file, mapped and not read in, for as long as the scope lasts."""
        if not os.fstat(descriptor).st_size:
            yield cls(b"", name)
            return
        # A view of the map may outlive the scope in a traceback; the map then goes with it.
        yield cls(mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ), name)

    def __len__(self) -> int:
        return len(self._view)

    def view(self, start: int = 0, end: int | None = None) -> memoryview:
        """The bytes from `start` up to and without `end`, not copied."""
        return self._view[start:end]

    def file(self) -> BinaryIO:
        """A seekable file at its beginning; each call gives a fresh one."""
        return cast(BinaryIO, io.BufferedReader(_ViewFile(self._view), 1 << 16))

    def blocks(self, size: int = 1 << 20) -> Iterator[memoryview]:
        """The bytes in order, in blocks of `size`."""
        for start in range(0, len(self._view), size):
            yield self._view[start : start + size]


class _ViewFile(io.RawIOBase):
    """A raw file over a memoryview, so that libraries can read without a copy."""

    def __init__(self, view: memoryview) -> None:
        super().__init__()
        self._bytes = view
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: len(self._bytes)}[whence]
        if base + offset < 0:
            raise ValueError("before the beginning of the file")
        self._at = base + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        piece = self._bytes[self._at : self._at + len(buffer)]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)


Opener = Callable[["Source", Place, "Context"], Iterator[Opened]]
"""Yields what a file of one type holds; `content.OPENERS` says which is whose."""


@dataclass(slots=True)
class Context:
    """What the openers of one top-level file share.

    Args:
        policy: the rules in force.
        budget: what is left of the file's limits, through all levels.
        as_of: the day on which the file is judged.
        extension: of the top-level file, lower case, without its dot.
    """

    policy: Policy
    as_of: date
    extension: str = ""
    budget: Budget = field(default_factory=Budget)

    def open_inside(
        self, data: bytes | memoryview, name: str | None, place: Place, *, type_name: str | None = None
    ) -> Iterator[Opened]:
        """Open what was found inside a file: attachment, media, stream, decoded text.

        Its type is recognised by content; unknown bytes come as `Raw`. What
        breaks or is too much is told as a finding and a `NotRead`, so that
        the caller goes on with its next part.

        Args:
            type_name: the type, where the caller knows what the bytes do not say.
        """
        try:
            self.budget.spend_part()
            with self.budget.one_deeper():
                source = Source(data, name)
                if type_name is not None:
                    yield from open_as(type_name, source, place, self)
                else:
                    yield from open_source(source, place, self, extension=None)
        except LimitReached as limit:
            yield from limit_reached(limit, place)

    def is_open_to(self, type_name: str) -> bool:
        """Whether some opener reads this type."""
        return type_name in _openers()


def open_source(source: Source, place: Place, context: Context, *, extension: str | None) -> Iterator[Opened]:
    """Recognise the type of `source` and yield what is in it.

    Args:
        extension: of a top-level file, which must agree with the content;
            None for what lies inside a file, where any type is read.
    """
    from ngc_pipelines.disclosure.recognising import recognise

    recognised = recognise(source, extension, place)
    yield from recognised.findings
    yield from open_as(recognised.type, source, place, context)


def open_as(type_name: str, source: Source, place: Place, context: Context) -> Iterator[Opened]:
    """Open `source` as the type named; as `Raw` pieces where no opener reads it."""
    target = _openers().get(type_name)
    if target is None:
        yield from raw_pieces(source, place)
        yield from _streams_inside(source, place, context)
        return
    module, _, function = target.partition(":")
    opener: Opener = getattr(importlib.import_module(module), function)
    try:
        yield from opener(source, place, context)
        if type_name in _TEXTS:
            yield from _streams_inside(source, place, context)
    except LimitReached as limit:
        yield from limit_reached(limit, place)
        yield from raw_pieces(source, place)
    except MemoryError:
        yield from limit_reached(LimitReached("memory", f"{context.budget.limits.memory_bytes:,} bytes"), place)
    except RecursionError:
        yield from unreadable(type_name, "nested too deep", place)
        yield from raw_pieces(source, place)
    except Exception as fault:  # A parser may fail in any way on a hostile file; that is a finding
        yield from unreadable(type_name, type(fault).__name__, place)
        yield from raw_pieces(source, place)


def _streams_inside(source: Source, place: Place, context: Context) -> Iterator[Opened]:
    from ngc_pipelines.disclosure.content.streams import streams_in

    yield from streams_in(source, place, context)


def raw_pieces(source: Source, place: Place) -> Iterator[Raw]:
    """The bytes as they are, in overlapping blocks."""
    for start in range(0, max(len(source), 1), RAW_BLOCK):
        yield Raw(place, bytes(source.view(max(0, start - RAW_OVERLAP), start + RAW_BLOCK)))


def limit_reached(limit: LimitReached, place: Place) -> Iterator[Opened]:
    """A file that asks for more than the policy allows: never read on, never clear."""
    yield Finding(
        rule="DC-1",
        kind=Kind.BOMB,
        severity=Severity.BLOCK,
        where=str(place),
        message=Words(
            da=f"Filen kræver mere end det tilladte ved åbning: {limit}.",
            en=f"Opening the file asks for {limit}.",
        ),
        advice=Words(
            da="Del filen op, eller aflever indholdet uden indlejrede arkiver.",
            en="Split the file, or hand in its content without archives inside.",
        ),
    )
    yield NotRead(place, str(limit))


def unreadable(type_name: str, why: str, place: Place) -> Iterator[Opened]:
    """A part that did not parse: its bytes are still searched, but it is never clear."""
    yield Finding(
        rule="DC-1",
        kind=Kind.UNREADABLE,
        severity=Severity.REVIEW,
        where=str(place),
        message=Words(
            da=f"Indholdet kunne ikke læses som {type_name} ({why}).",
            en=f"The content could not be read as {type_name} ({why}).",
        ),
        advice=Words(
            da="Gem filen igen fra det program, der lavede den, og kontrollér, at den kan åbnes.",
            en="Save the file again from the program that made it, and see that it opens.",
        ),
    )
    yield NotRead(place, f"broken {type_name}")


def _openers() -> dict[str, str]:
    from ngc_pipelines.disclosure.content import OPENERS

    return OPENERS
