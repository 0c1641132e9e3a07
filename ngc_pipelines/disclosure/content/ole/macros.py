"""The source of VBA macros, from a project's compressed streams.

Sources are unpacked here, wherever they stand in a stream: oletools gives up on
a stream with anything after its source. Its word is taken for the rest: what it
finds besides, and the strings of forms.
"""

from __future__ import annotations

import io
import logging
import re
import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ngc_pipelines.disclosure.content import remarks
from ngc_pipelines.disclosure.pieces import Code, Opened, Text
from ngc_pipelines.disclosure.places import Place

if TYPE_CHECKING:
    from ngc_pipelines.disclosure.opening import Context


_CONTAINER: Final = re.compile(rb"\x01.[\x30-\x3f\xb0-\xbf].Attribut", re.DOTALL)
_CHUNK: Final = 4096
_LONGEST: Final = 16 << 20


def unpacked(data: bytes, start: int) -> bytes:
    """What a compressed container means, as far as its chunks are whole."""
    out = bytearray()
    at = start + 1
    while at + 2 <= len(data) and len(out) < _LONGEST:
        (header,) = struct.unpack_from("<H", data, at)
        if header & 0x7000 != 0x3000:
            break
        end = min(at + (header & 0x0FFF) + 3, len(data))
        chunk = data[at + 2 : end]
        out += _chunk(chunk) if header & 0x8000 else chunk
        at = end
    return bytes(out)


def _chunk(data: bytes) -> bytes:
    """One chunk: letters, and copies of what came before."""
    out = bytearray()
    at = 0
    while at < len(data):
        flags = data[at]
        at += 1
        for bit in range(8):
            if at >= len(data) or len(out) > _CHUNK:
                break
            if not flags >> bit & 1:
                out.append(data[at])
                at += 1
                continue
            token = int.from_bytes(data[at : at + 2], "little")
            at += 2
            bits = max((len(out) - 1).bit_length(), 4)
            length = (token & (0xFFFF >> bits)) + 3
            offset = (token >> (16 - bits)) + 1
            for _ in range(length):
                if offset > len(out):
                    break
                out.append(out[-offset])
    return bytes(out)


def _sources(data: bytes) -> Iterator[tuple[str, str]]:
    """Name of the stream and source of every module that unpacks."""
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as compound:
            for path in compound.listdir(streams=True, storages=False):
                with compound.openstream(path) as stream:
                    content = bytes(stream.read())
                for match in _CONTAINER.finditer(content):
                    yield path[-1], unpacked(content, match.start()).decode("latin-1")
    except (OSError, ValueError, IndexError, TypeError, struct.error):
        return  # the walk over the streams tells which of them is broken


def read_macros(data: bytes, place: Place, context: Context) -> Iterator[Opened]:
    """Every module's source as code, and the strings of forms.

    Args:
        data: a compound file that holds a VBA project.
    """
    found: set[str] = set()
    for name, source in _sources(data):
        if source.strip() and source not in found:
            found.add(source)
            yield Code(place.inside(f"macro {name}"), source, "vba")
    known = {_bare(source) for source in found}
    from oletools import olevba

    logging.getLogger("olevba").setLevel(logging.CRITICAL)  # it logs what it reads
    try:
        parser = olevba.VBA_Parser("project", data=data, relaxed=True)
        modules = list(parser.extract_macros()) if parser.detect_vba_macros() else []
        forms = list(parser.extract_form_strings())
    except Exception as fault:  # oletools raises its own and anything else on damaged projects; each is unread
        yield from remarks.broken(context, place, "VBA", type(fault).__name__)
        return
    for _, _, name, source in modules:
        text = source if isinstance(source, str) else source.decode("latin-1")
        if text.strip() and _bare(text) not in known:
            known.add(_bare(text))
            yield Code(place.inside(f"macro {name}"), text, "vba")
    if not known:
        yield from remarks.broken(context, place, "VBA", "no source was found in its project")
    texts = [str(text) for *_, text in forms if text]
    if texts:
        where = place.inside("forms of macros")
        yield remarks.hidden(
            context, where, "tekster i makroernes formularer", "texts in the macros' forms", count=len(texts)
        )
        yield Text(where, "\n".join(texts), hidden="form of a macro")


def _bare(source: str) -> str:
    return "".join(source.split())
