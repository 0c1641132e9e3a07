"""Data written as text: base64, hexadecimal, base32, base85, and what is packed in them.

A decoded run is handed back through `Context.open_inside`, so that a gzip
stream in base64 in a log is read as what it is. Escapes of single characters
(`%30`, `&#48;`, `\\x30`) are undone where identifiers are looked for.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ngc_pipelines.disclosure.byte_patterns import compiled, sieve
from ngc_pipelines.disclosure.findings import Finding, Kind, Severity, Words
from ngc_pipelines.disclosure.opening import Context
from ngc_pipelines.disclosure.pieces import Code, NotRead, Opened, Piece, Raw, Table, Text

_LONG = 64
"""From this many characters on, a run is decoded whatever it may hold."""

_OPAQUE = 4096
"""Decoded bytes of no known type, from which a reader must ask what they are."""

_MOST_INFLATED = 8 << 20

_MOST_RUNS = 2_000
"""Runs decoded of one piece; what comes after is told as not read."""

# Three digits as base64 writes them when they begin a group of three bytes, and six as hexadecimal writes them:
# short runs are only decoded where they hold these, or every long word of a text would be.
_DIGITS_64 = r"[MNO][DTjz][AEIMQUYcgk][wxyz0-5]"
_DIGITS_16 = r"(?:3[0-9]){6}"

_BASE64 = rb"[A-Za-z0-9+/]{64,}={0,2}(?:\r?\n[ \t]*[A-Za-z0-9+/]{4,}={0,2})*"
_BASE64_URL = rb"[A-Za-z0-9_-]{64,}={0,2}"
_SHORT_64 = rb"[A-Za-z0-9+/]*" + _DIGITS_64.encode() + rb"[A-Za-z0-9+/]*={0,2}"
_SHORT_16 = rb"(?:[0-9A-Fa-f]{2})*" + _DIGITS_16.encode() + rb"(?:[0-9A-Fa-f]{2})*"
_BASE32 = rb"[A-Z2-7]{24,}={0,6}"
# A group of four characters of base64 whose three bytes are printable ASCII.
_GROUP_64 = rb"[I-Za-f][C-HS-Xi-nyz0-3][ABEFIJMNQRUVYZcdghklopstwx014589][A-Za-z0-9+/]"
_CODE_64 = rb"(?:\A|[^A-Za-z0-9+/])(" + _GROUP_64 + rb"){3,15}(?:[A-Za-z0-9+/]{2,4}={0,2})?(?:[^A-Za-z0-9+/=]|\z)"
_WRAPPED_64 = rb"(?:(?:" + _GROUP_64 + rb"){2,}\r?\n){2,}[A-Za-z0-9+/]{2,}={0,2}"
_BYTES_16 = rb"(?:0x|\\x)?[0-9A-Fa-f]{2}(?:(?:[\x20,:;-]{1,2}|\r?\n|,\x20?\r?\n\x20*)?(?:0x|\\x)[0-9A-Fa-f]{2}){9,}"
_SPACED_16 = rb"[2-7][0-9A-Fa-f](?:(?:[\x20,:;-]{1,2}|\r?\n)[2-7][0-9A-Fa-f]){9,}"
_BYTES_10 = rb"[0-9]{2,3}L?(?:[\x20,;]{1,2}[0-9]{2,3}L?){9,}"
_BYTES_2 = rb"[01]{8}(?:[\x20,]?[01]{8}){9,}"
_UU = rb"begin [0-7]{3} [^\n]{1,200}\r?\n(?:[!-M][^\n]{1,84}\r?\n)+"
_DUMP = rb"(?:[0-9a-fA-F]{6,8}:?\x20{1,2}(?:[0-9a-fA-F]{2,4}\x20{1,2}){3,16}[^\n]{0,40}(?:\n|\z))+"
_ASCII85 = rb"<~[!-uz\s]{10,}~>"
_BASE85 = rb"[0-9A-Za-z!#$%&()*+;<=>?@^_`{|}~-]{25,}"

_SIX_DIGITS = re.compile(rb"[0-9]{6}")
_TELLING = re.compile(rb"[0-9]{6}-?[0-9]{4}|[a-z]{3}[^\0-\x08]*[0-9]{3}|[0-9]{3}[^\0-\x08]*[a-z]{3}")
_CODE = re.compile(rb"[A-Za-z]*[0-9][A-Za-z0-9_-]{6,}\Z")
_TEXT_CHARS = bytes(range(32, 127)) + b"\t\r\n"
_MAGICS = (
    b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd", b"PK\x03\x04", b"%PDF-", b"\x89PNG", b"\xff\xd8\xff",
    b"GIF8", b"II*\0", b"MM\0*", b"\xd0\xcf\x11\xe0", b"BAM\x01", b"CRAM", b"BCF\x02", b"\x89HDF", b"PAR1",
    b"SQLite format 3\0", b"RDX", b"RDA", b"\x80\x04\x95", b"\x80\x05\x95", b"ustar", b"{\\rtf", b"l\x1b\x01",
)  # fmt: skip
_ZLIB_SECOND = b"\x01\x5e\x9c\xda"


@dataclass(frozen=True, slots=True)
class _Way:
    name: str
    pattern: bytes
    decode: Callable[[bytes], bytes]
    listed: bool = False


def decode_inside(piece: Piece, context: Context) -> Iterator[Opened]:
    """What is written in this piece in some encoding of bytes as text."""
    data = _searchable(piece)
    if len(data) < 14:
        return
    done: set[tuple[int, int]] = set()
    decoded = 0
    occur = sieve(tuple(way.pattern for way in _WAYS)).which(data)
    for way in (_WAYS[number] for number in sorted(occur)):
        for match in compiled(way.pattern).finditer(data):
            if any(start <= match.start() < end for start, end in done):
                continue
            found = _decoded(way, match.group())
            if found is None:
                continue
            done.add(match.span())
            decoded += 1
            if decoded > _MOST_RUNS:
                yield NotRead(piece.place, f"more than {_MOST_RUNS:,} encoded runs")
                return
            yield from _opened(found, way, piece, context)


def _searchable(piece: Piece) -> bytes:
    match piece:
        case Text() | Code():
            return piece.text.encode("utf-8", "replace")
        case Table():
            long = (cell for row in piece.rows for cell in row if isinstance(cell, str) and len(cell) >= 14)
            return "\n".join(long).encode("utf-8", "replace") if piece.addressing != "line" else b""
        case Raw():
            return piece.data
        case _:
            return b""


def _decoded(way: _Way, run: bytes) -> bytes | None:
    """The bytes of a run, where they are text, a known type, or too many to overlook."""
    try:
        data = way.decode(run)
    except (binascii.Error, ValueError):
        return None
    if len(data) < 8:
        return None
    if way.listed:
        # Ages and shares are lists of numbers too: only what reads as a number, a code or words with numbers.
        in_order = bytes(sorted(data)) == data
        return data if not in_order and _is_text(data) and (_TELLING.search(data) or _is_code(data)) else None
    if len(run) < _LONG:
        # Short runs come up by chance: they are text with a number in it, or nothing.
        in_order = bytes(sorted(data)) == data
        return data if not in_order and _is_text(data) and (_SIX_DIGITS.search(data) or _is_code(data)) else None
    if _is_text(data) or _is_packed(data):
        return data
    inflated = _inflated(data)
    if inflated is not None:
        return inflated
    return data if len(data) >= _OPAQUE and len(set(data[:4096])) > 64 else None


def _opened(data: bytes, way: _Way, piece: Piece, context: Context) -> Iterator[Opened]:
    place = piece.place.inside(f"{way.name} text")
    known = _is_text(data) or _is_packed(data)
    yield _encoded(str(piece.place), way.name, known=known)
    context.budget.spend_bytes(len(data), packed=len(data))
    if known:
        # zlib has no magic that a recogniser of any bytes could go by; here it was looked for.
        packed = data[0] == 0x78 and data[1] in _ZLIB_SECOND and not _is_text(data)
        yield from context.open_inside(data, None, place, type_name="zlib" if packed else None)
    else:
        yield Raw(place, data)
        yield NotRead(place, "encoded data of no known type")


def _encoded(where: str, name: str, *, known: bool) -> Finding:
    return Finding(
        rule="DC-4",
        kind=Kind.ENCODED_DATA,
        severity=Severity.REVIEW,
        where=where,
        message=Words(
            da=f"Data er skrevet som {name}" + ("." if known else " og kan ikke genkendes."),
            en=f"Data are written as {name}" + ("." if known else " and are of no known type."),
        ),
        advice=Words(
            da="Aflever indholdet i klar tekst, eller fjern det.",
            en="Hand in the content in clear, or take it out.",
        ),
    )


def _is_text(data: bytes) -> bool:
    sample = data[:4096]
    if not sample.translate(None, _TEXT_CHARS):
        return True
    if sample[1::2].count(0) * 10 > len(sample[1::2]) * 9 and not sample[::2].translate(None, _TEXT_CHARS):
        # UTF-16 as Windows and its shells write it.
        return True
    if sample.isascii():
        return False
    try:
        text = data[: len(data) - 4].decode("utf-8") if len(data) > 4096 else data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return len(data) > 24 and all(char.isprintable() or char in "\t\r\n" for char in text[:1000])


def _is_packed(data: bytes) -> bool:
    if data[0] == 0x78 and data[1] in _ZLIB_SECOND:
        return True
    # Two bytes of a magic come up by chance in short runs; four do not.
    return any(data.startswith(magic) and (len(magic) > 3 or len(data) > 20) for magic in _MAGICS)


def _is_code(data: bytes) -> bool:
    """Whether it is one code of letters and several digits; by chance that hardly comes up."""
    return _CODE.match(data) is not None and sum(48 <= code <= 57 for code in data) >= 3


def _inflated(data: bytes) -> bytes | None:
    """A stream of deflate without a header: known by being text when unpacked."""
    unpacking = zlib.decompressobj(-15)
    try:
        text = unpacking.decompress(data, _MOST_INFLATED)
    except zlib.error:
        return None
    return text if unpacking.eof and len(text) >= len(data) // 2 and _is_text(text) else None


def _from_64(run: bytes) -> bytes:
    run = bytes(run).translate(None, b" \t\r\n")
    body = run.rstrip(b"=")
    # What stands before may belong to another word: the run is decoded as it aligns from its end where padded.
    body = body[len(body) % 4 :] if run.endswith(b"=") and len(run) % 4 else body
    body = body[: len(body) - 1] if len(body) % 4 == 1 else body
    return base64.b64decode(body + b"=" * (-len(body) % 4))


def _from_64_url(run: bytes) -> bytes:
    return _from_64(run.replace(b"-", b"+").replace(b"_", b"/"))


def _from_16(run: bytes) -> bytes:
    return binascii.unhexlify(run[: len(run) // 2 * 2])


def _from_32(run: bytes) -> bytes:
    body = run.rstrip(b"=")
    if body.isalpha():
        # Sequences and words in capitals hold no digit; a base32 run of this length nearly always does.
        raise ValueError("a word, not base32")
    # A last group of one, three or six characters cannot be: what is over is left out.
    over = len(body) % 8
    body = body[: len(body) - (over if over == 1 else 1 if over in (3, 6) else 0)]
    return base64.b32decode(body + b"=" * (-len(body) % 8))


def _from_code_64(run: bytes) -> bytes:
    return _from_64(re.sub(rb"[^A-Za-z0-9+/=]", b"", run))


def _from_bytes_16(run: bytes) -> bytes:
    return bytes(int(pair, 16) for pair in re.findall(rb"[0-9A-Fa-f]{2}(?![0-9A-Fa-fx])", run.replace(b"0x", b" ")))


def _from_bytes_10(run: bytes) -> bytes:
    return bytes(map(int, re.findall(rb"[0-9]+", run)))


def _from_bytes_2(run: bytes) -> bytes:
    return bytes(int(octet, 2) for octet in re.findall(rb"[01]{8}", run))


def _from_uu(run: bytes) -> bytes:
    return b"".join(binascii.a2b_uu(line) for line in run.splitlines()[1:] if line != b"end")


def _from_dump(run: bytes) -> bytes:
    """The middle columns of a hexadecimal dump."""
    lines = (_DUMPED.match(line) for line in run.splitlines())
    return b"".join(binascii.unhexlify(b"".join(line[1].split())) for line in lines if line is not None)


_DUMPED = re.compile(rb"[0-9a-fA-F]{6,8}:? {1,2}((?:[0-9a-fA-F]{2}(?:[0-9a-fA-F]{2})? {0,2})+)(?:  |$| ?\|)")


_WAYS = (
    _Way("hex", rb"[0-9A-Fa-f]{64,}", _from_16),
    _Way("base64", _BASE64, _from_64),
    _Way("base64", _BASE64_URL, _from_64_url),
    _Way("base64", _SHORT_64, _from_64),
    _Way("hex", _SHORT_16, _from_16),
    _Way("hex", _BYTES_16, _from_bytes_16, listed=True),
    _Way("hex", _SPACED_16, _from_bytes_16, listed=True),
    _Way("decimal", _BYTES_10, _from_bytes_10, listed=True),
    _Way("binary", _BYTES_2, _from_bytes_2, listed=True),
    _Way("uuencode", _UU, _from_uu),
    _Way("hexdump", _DUMP, _from_dump),
    _Way("base64", _WRAPPED_64, _from_64),
    _Way("base64", _CODE_64, _from_code_64),
    _Way("base32", _BASE32, _from_32),
    _Way("base85", _ASCII85, lambda run: base64.a85decode(run, adobe=True)),
    _Way("base85", _BASE85, base64.b85decode),
)
