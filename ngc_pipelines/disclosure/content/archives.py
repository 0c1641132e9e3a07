"""Packed streams and archives inside files: every member is opened one level deeper.

As files of their own they may not leave; as attachments, parts and decoded
runs they are met. Sizes that an archive states are never believed: what comes
out is counted as it comes.
"""

from __future__ import annotations

import bz2
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any

from ngc_pipelines.disclosure.content import remarks
from ngc_pipelines.disclosure.limits import LimitReached
from ngc_pipelines.disclosure.opening import Context, Source
from ngc_pipelines.disclosure.pieces import Opened, Raw, Text
from ngc_pipelines.disclosure.places import Place

_STEP = 1 << 18
_ENCRYPTED = 0x1
_ZIP_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)


def open_zip(source: Source, place: Place, context: Context) -> Iterator[Opened]:
    """Each member of a zip archive, its comments, and what stands before and between."""
    try:
        archive = zipfile.ZipFile(source.file())
    except _ZIP_FAULTS as fault:
        yield from remarks.broken(context, place, "zip", type(fault).__name__)
        yield Raw(place, bytes(source.view(0, 64 << 20)))
        return
    with archive:
        if archive.comment:
            yield Text(place.inside("comment"), archive.comment.decode("utf-8", "replace"))
        yield from _before_the_first(source, archive, place, context)
        for member in archive.infolist():
            if not member.is_dir():
                yield from _zip_member(archive, member, place.inside(member.filename), context)


def _before_the_first(source: Source, archive: zipfile.ZipFile, place: Place, context: Context) -> Iterator[Opened]:
    start = min((member.header_offset for member in archive.infolist()), default=0)
    if start > 0:
        yield remarks.hidden(context, place, "data før arkivets begyndelse", "data before the archive's beginning")
        yield from context.open_inside(source.view(0, start), None, place.inside("before the archive"))


def _zip_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, place: Place, context: Context) -> Iterator[Opened]:
    if member.flag_bits & _ENCRYPTED:
        yield from remarks.encrypted(context, place)
        return
    try:
        with archive.open(member) as stream:
            data = _read_all(stream, member.compress_size, context)
    except (
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        EOFError,
        OSError,
        ValueError,
        NotImplementedError,
    ) as fault:
        yield from remarks.broken(context, place, "zip", type(fault).__name__)
        return
    yield from context.open_inside(data, member.filename, place)


def open_tar(source: Source, place: Place, context: Context) -> Iterator[Opened]:
    """Each file of a tar archive."""
    try:
        with tarfile.open(fileobj=source.file(), mode="r:") as archive:
            for member in archive:
                inside = place.inside(member.name)
                if not member.isfile():
                    context.budget.spend_part()
                    yield Text(inside, f"{member.name} {member.linkname}")
                    continue
                stream = archive.extractfile(member)
                if stream is not None:
                    yield from context.open_inside(_read_all(stream, member.size, context), member.name, inside)
    except (tarfile.TarError, EOFError, OSError, ValueError) as fault:
        yield from remarks.broken(context, place, "tar", type(fault).__name__)


def open_gzip(source: Source, place: Place, context: Context) -> Iterator[Opened]:
    """The members of a gzip stream one after the other, the names in their heads, what is appended."""
    name = _gzip_name(bytes(source.view(0, 1024)))
    if name:
        yield Text(place.inside("name in the gzip header"), name)
    yield from _stream(source, place, context, "gzip", lambda: zlib.decompressobj(31))


def open_zlib(source: Source, place: Place, context: Context) -> Iterator[Opened]:
    """A zlib stream."""
    yield from _stream(source, place, context, "zlib", zlib.decompressobj)


def open_bzip2(source: Source, place: Place, context: Context) -> Iterator[Opened]:
    """A bzip2 stream."""
    yield from _stream(source, place, context, "bzip2", bz2.BZ2Decompressor)


def open_xz(source: Source, place: Place, context: Context) -> Iterator[Opened]:
    """An xz or LZMA stream."""
    yield from _stream(source, place, context, "xz", lzma.LZMADecompressor)


def open_zstd(source: Source, place: Place, context: Context) -> Iterator[Opened]:
    """A zstd stream, all its frames."""
    import zstandard

    try:
        with zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(
            source.file(), read_across_frames=True
        ) as stream:
            data = _read_all(stream, len(source), context)
    except zstandard.ZstdError as fault:
        yield from remarks.broken(context, place, "zstd", type(fault).__name__)
        return
    yield from context.open_inside(data, None, place.inside("zstd content"))


def _stream(source: Source, place: Place, context: Context, kind: str, make: Any) -> Iterator[Opened]:
    """The content of a stream, member after member; a broken one as far as it goes."""
    out = bytearray()
    at = 0
    fault = ""
    while at < len(source) and not fault:
        unpacker: Any = make()
        start, before = at, len(out)
        try:
            at = _unpack_one(source, at, unpacker, out, context)
        except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError) as error:
            fault = type(error).__name__
            if before == len(out) and start:
                # Not another member: bytes that somebody appended.
                yield remarks.hidden(context, place, "data efter den pakkede strøm", "data after the packed stream")
                yield from context.open_inside(source.view(start), None, place.inside("after the stream"))
                fault = ""
                break
        else:
            if not unpacker.eof:
                fault = "cut short"
    if fault:
        yield from remarks.broken(context, place, kind, fault)
    if out:
        yield from context.open_inside(bytes(out), None, place.inside(f"{kind} content"))


def _unpack_one(source: Source, at: int, unpacker: Any, out: bytearray, context: Context) -> int:
    """Unpack one member into `out`; where the next one begins."""
    tail = b""
    while not unpacker.eof and (tail or at < len(source)):
        packed = tail or bytes(source.view(at, at + _STEP))
        if not tail:
            at += len(packed)
        plain = unpacker.decompress(packed, 16 * _STEP)
        tail = getattr(unpacker, "unconsumed_tail", b"")
        out += plain
        context.budget.spend_bytes(len(plain))
        _check_ratio(len(out), at, context)
        while not unpacker.eof and not tail and not getattr(unpacker, "needs_input", True):
            plain = unpacker.decompress(b"", 16 * _STEP)
            out += plain
            context.budget.spend_bytes(len(plain))
    return at - len(getattr(unpacker, "unused_data", b""))


def _check_ratio(plain: int, packed: int, context: Context) -> None:
    if plain > 1 << 20 and plain > context.budget.limits.ratio * max(packed, 1):
        raise LimitReached("ratio of compression", f"{context.budget.limits.ratio:g} to 1")


def _read_all(stream: IO[bytes] | Any, packed: int, context: Context) -> bytes:
    out = io.BytesIO()
    while block := stream.read(_STEP):
        out.write(block)
        context.budget.spend_bytes(len(block))
        _check_ratio(out.tell(), packed, context)
    return out.getvalue()


def _gzip_name(head: bytes) -> str:
    """The file name and comment in a gzip header (RFC 1952), or nothing."""
    if len(head) < 10 or not head[3] & 0x18:
        return ""
    at = 10
    if head[3] & 0x04:
        at += 2 + int.from_bytes(head[at : at + 2], "little")
    texts = head[at:].split(b"\0")
    wanted = (1 if head[3] & 0x08 else 0) + (1 if head[3] & 0x10 else 0)
    return " ".join(text.decode("latin-1") for text in texts[:wanted])
