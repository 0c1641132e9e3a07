"""From tags to pieces: EXIF, XMP, IPTC, private tags, thumbnails."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ngc_pipelines.disclosure.content import remarks
from ngc_pipelines.disclosure.content.carving import strings_in
from ngc_pipelines.disclosure.content.pictures.directories import (
    COLOUR_PROFILE,
    IPTC,
    PHOTOSHOP,
    XMP,
    Directory,
    Tag,
    TagReader,
)
from ngc_pipelines.disclosure.findings import Severity
from ngc_pipelines.disclosure.pieces import Opened, Text
from ngc_pipelines.disclosure.places import Place

if TYPE_CHECKING:
    from ngc_pipelines.disclosure.opening import Context

_TECHNICAL: Final = frozenset(
    {271, 272, 305, 306, 36864, 36867, 36868, 37121, 40960, 40961, 41729, 37500, 34675, 36880, 36881, 36882}
)
_FIRST_PRIVATE: Final = 32_768
_REGISTERED: Final = frozenset(
    {
        *range(33432, 33438),
        *range(34850, 34870),
        *range(36864, 37600),
        *range(40960, 42300),
        34665,
        50341,
        33723,
        34377,
        34675,
    }
)
_THUMBNAIL_RESOURCES: Final = (0x0409, 0x040C)
_IPTC_RESOURCE: Final = 0x0404


def exif(data: bytes, place: Place, context: Context) -> Iterator[Opened]:
    """All tags of an EXIF block, its thumbnail opened."""
    reader = TagReader(data)
    reader.read()
    yield from tags(reader, place, context)
    for directory in reader.directories:
        if directory.thumbnail is not None:
            start, size = directory.thumbnail
            where = place.inside("thumbnail")
            yield remarks.hidden(
                context,
                where,
                "miniature af billedet, måske fra før det blev ændret",
                "thumbnail, maybe of the picture before it was changed",
            )
            yield from context.open_inside(data[start : start + size], "thumbnail.jpg", where)
    for start, end in reader.gaps():
        if end - start > 8 and data[start:end].strip(b"\0"):
            yield from strings_in(data[start:end], place.inside("between the tags"), "between the tags")
    if reader.damaged:
        yield from remarks.broken(context, place, "EXIF", "its tags break off")


def tags(reader: TagReader, place: Place, context: Context) -> Iterator[Opened]:
    """Texts and blocks of all directories, and what to say of them."""
    told = private = 0
    located = False
    for directory in reader.directories:
        where = place.inside(directory.kind) if directory.kind != "page" else place
        lines = [f"{tag.name}: {tag.text}" for tag in directory.tags if tag.text.strip()]
        if lines:
            yield Text(where.inside("tags"), "\n".join(lines), hidden="metadata")
        told += sum(1 for tag in directory.tags if tag.text.strip() and tag.number not in _TECHNICAL)
        located |= directory.kind == "GPS" and len(directory.tags) > 1
        for tag in directory.tags:
            if tag.data:
                private += tag.number >= _FIRST_PRIVATE and tag.number not in _REGISTERED
                yield from _block(tag, directory, where, context)
    if located:
        yield remarks.metadata(
            context,
            place,
            "billedet siger, hvor det blev taget (GPS)",
            "the picture tells where it was taken (GPS)",
            severity=Severity.REVIEW,
        )
    if private:
        yield remarks.hidden(
            context, place, "private mærker (tags) med data", "private tags that hold data", count=private
        )
    if told:
        yield remarks.metadata(
            context, place, "billedets egenskaber (EXIF)", "properties of the picture (EXIF)", count=told
        )


def _block(tag: Tag, directory: Directory, where: Place, context: Context) -> Iterator[Opened]:
    if tag.number == XMP:
        yield from xmp(tag.data, where, context)
    elif tag.number == IPTC:
        yield from iptc(tag.data, where, context)
    elif tag.number == PHOTOSHOP:
        yield from resources(tag.data, where, context)
    elif tag.number == COLOUR_PROFILE or directory.kind == "GPS":
        yield from strings_in(tag.data, where.inside(tag.name), "metadata")
    else:
        yield from context.open_inside(tag.data, None, where.inside(tag.name))
        yield from strings_in(tag.data, where.inside(tag.name), "metadata")


def xmp(data: bytes, place: Place, context: Context) -> Iterator[Opened]:
    """An XMP packet as text."""
    where = place.inside("XMP")
    yield Text(where, data.decode("utf-8", "replace").strip("\0 \n"), hidden="metadata", language="markup")
    yield remarks.metadata(context, where, "XMP", "XMP")


def iptc(data: bytes, place: Place, context: Context) -> Iterator[Opened]:
    """The data sets of IPTC as text."""
    where = place.inside("IPTC")
    lines = []
    at = data.find(b"\x1c")
    while at >= 0 and at + 5 <= len(data) and data[at] == 0x1C:
        length = int.from_bytes(data[at + 3 : at + 5], "big")
        lines.append(data[at + 5 : at + 5 + length].decode("utf-8", "replace"))
        at += 5 + length
    if any(line.strip("\0 ") for line in lines):
        yield Text(where, "\n".join(lines), hidden="metadata")
        yield remarks.metadata(context, where, "IPTC", "IPTC", count=len(lines))
    elif data.strip(b"\0"):
        yield from strings_in(data, where, "metadata")


def resources(data: bytes, place: Place, context: Context) -> Iterator[Opened]:
    """Photoshop's resources: IPTC, thumbnails, and strings of all others."""
    at = data.find(b"8BIM")
    while at >= 0 and at + 12 <= len(data):
        number = int.from_bytes(data[at + 4 : at + 6], "big")
        name = data[at + 6] + 1
        start = at + 6 + name + name % 2
        size = int.from_bytes(data[start : start + 4], "big")
        body = data[start + 4 : start + 4 + size]
        if number == _IPTC_RESOURCE:
            yield from iptc(body, place, context)
        elif number in _THUMBNAIL_RESOURCES:
            yield from context.open_inside(body[28:], "thumbnail.jpg", place.inside("thumbnail"))
        else:
            yield from strings_in(body, place.inside(f"Photoshop resource {number}"), "metadata")
        at = data.find(b"8BIM", start + 4 + size)


def unknown_block(data: bytes, what: str, place: Place, context: Context) -> Iterator[Opened]:
    """A block that no reader of pictures uses: hidden, opened, and read as strings."""
    where = place.inside(what)
    yield remarks.hidden(
        context,
        where,
        "en blok, som intet program bruger til billedet",
        "a block that no program needs for the picture",
    )
    yield from context.open_inside(data, None, where)
    yield from strings_in(data, where, "block of a picture")
