"""The secret as a line of text in disguise: other letters, other codes, packed, broken over lines.

What a line is put into (`carriers`) and what only one type has are elsewhere.
"""

from __future__ import annotations

import base64
import binascii
import bz2
import gzip
import io
import json
import lzma
import tarfile
import textwrap
import urllib.parse
import zipfile
import zlib
from collections.abc import Callable, Iterator

import zstandard

from ngc_pipelines_tests.disclosure_places.planting import CPR, KNOWN_ID, SECRET

LONG = (SECRET + " in a text of some length " + "more and more words follow " * 4).encode()
"""The secret in a text that is worth packing."""

_LOOKS = str.maketrans({"0": "О", "3": "З", "P": "Р", "X": "Х", "K": "К", "M": "М"})


def disguises() -> Iterator[tuple[str, str]]:
    """Place in words, and the text."""
    yield "as it is", SECRET
    yield from _letters()
    yield from _spellings()
    yield from _escapes()
    yield from _codes()
    yield from _packed()
    yield from _broken()


def _letters() -> Iterator[tuple[str, str]]:
    yield "full-width letters", _each(SECRET, lambda letter: chr(ord(letter) + 0xFEE0))
    for name, mark in (
        ("zero-width spaces", "\u200b"),
        ("zero-width joiners", "\u200d"),
        ("word joiners", "\u2060"),
        ("soft hyphens", "\xad"),
        ("left-to-right marks", "\u200e"),
        ("byte order marks inside", "\ufeff"),
        ("variation selectors", "\ufe0f"),
        ("invisible tag letters", "\U000e0041"),
        ("Hangul fillers", "\u3164"),
        ("strokes through letters", "\u0336"),
        ("keycaps", "\u20e3"),
    ):
        yield name, mark.join(CPR) + " " + mark.join(KNOWN_ID) + mark
    yield "embedded direction", f"cpr \u202a{CPR[:5]}\u202c{CPR[5:]} id \u2066{KNOWN_ID[:4]}\u2069{KNOWN_ID[4:]}"
    yield "Arabic digits", _digits(SECRET, 0x660)
    yield "Devanagari digits", _digits(SECRET, 0x966)
    yield "mathematical digits", _digits(SECRET, 0x1D7CE)
    yield "raised digits", SECRET.translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
    yield "lowered digits", _digits(SECRET, 0x2080)
    yield "circled digits", SECRET.translate(str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨"))
    yield "look-alike letters", SECRET.translate(_LOOKS)
    yield "letters for digits", f"cpr O2OI60-9995 id {KNOWN_ID}"


def _spellings() -> Iterator[tuple[str, str]]:
    yield "lower case", SECRET.lower()
    yield "en dash", "cpr 020160\u20139995 id PX83\u2013K2M7\u2013Q4"
    yield "minus sign", "cpr 020160\u22129995 id PX83\u2212K2M7\u2212Q4"
    yield "hyphen that keeps together", "cpr 020160\u20119995 id PX83\u2011K2M7\u2011Q4"
    yield "spaces that keep together", "cpr 020160\xa09995 id PX83\xa0K2M7\xa0Q4"
    yield "thin spaces", "cpr 020160\u20099995 id PX83\u2009K2M7\u2009Q4"
    yield "no separator", f"cpr 0201609995 id {KNOWN_ID}"
    yield "separators", "cpr 02.01.60-9995 id PX83-K2M7.Q4"
    yield "glued to words", f"cpr_{CPR}_{KNOWN_ID}_v2"
    yield "file path", f"/data/{CPR}/{KNOWN_ID}.bam"
    yield "mail address", f"{KNOWN_ID}.{CPR}@example.org"


def _escapes() -> Iterator[tuple[str, str]]:
    yield "URL code", f"?q={urllib.parse.quote(SECRET)}&r={_each(SECRET, lambda letter: f'%{ord(letter):02X}')}"
    yield "URL code twice", _each(SECRET, lambda letter: f"%25{ord(letter):02X}")
    yield "backslash u", _each(SECRET, lambda letter: f"\\u{ord(letter):04x}")
    yield "backslash u in braces", _each(SECRET, lambda letter: f"\\u{{{ord(letter):x}}}")
    yield "backslash U", _each(SECRET, lambda letter: f"\\U{ord(letter):08x}")
    yield "backslash x", _each(SECRET, lambda letter: f"\\x{ord(letter):02x}")
    yield "octal", _each(SECRET, lambda letter: f"\\{ord(letter):03o}")
    yield "HTML entities", _each(SECRET, lambda letter: f"&#{ord(letter)};")
    yield "HTML entities in hexadecimal", _each(SECRET, lambda letter: f"&#x{ord(letter):x};")
    yield "HTML entities twice", _each(SECRET, lambda letter: f"&amp;#{ord(letter)};")
    yield "quoted-printable", _each(SECRET, lambda letter: f"={ord(letter):02X}")
    yield "JSON", json.dumps({"who": [CPR], "what": {"deep": [[KNOWN_ID]]}})


def _codes() -> Iterator[tuple[str, str]]:
    secret = SECRET.encode()
    yield "base64", f"token {base64.b64encode(secret).decode()} end"
    yield "long base64", base64.b64encode(LONG).decode()
    yield "base64 on lines", "\n".join(textwrap.wrap(base64.b64encode(LONG).decode(), 76))
    yield (
        "base64 in pieces of strings",
        " +\n".join(f"'{part}'" for part in textwrap.wrap(base64.b64encode(LONG).decode(), 60)),
    )
    yield "base64 for addresses", base64.urlsafe_b64encode("æøå?>".encode() * 5 + LONG).decode()
    yield "base64 twice", base64.b64encode(base64.b64encode(LONG)).decode()
    yield "base64 of UTF-16", base64.b64encode(LONG.decode().encode("utf-16-le")).decode()
    yield "base32", base64.b32encode(LONG).decode()
    yield "base85", base64.b85encode(LONG).decode().replace("<", "<")
    yield "uuencode", "begin 644 note\n" + _uu(LONG) + "`\nend"
    yield "hex", f"blob {secret.hex()} end"
    yield "long hex", LONG.hex().upper()
    yield "hex with spaces", secret.hex(" ")
    yield "hex with colons", secret.hex(":")
    yield "hex with 0x", ", ".join(f"0x{byte:02x}" for byte in secret)
    yield "hex dump", _dump(LONG)
    yield "hex dump without letters", "\n".join(LONG[at : at + 16].hex(" ") for at in range(0, len(LONG), 16))
    yield "codes of letters", ", ".join(str(byte) for byte in secret)


def _packed() -> Iterator[tuple[str, str]]:
    for name, data in (
        ("gzip", gzip.compress(LONG, mtime=0)),
        ("zlib", zlib.compress(LONG)),
        ("bzip2", bz2.compress(LONG)),
        ("xz", lzma.compress(LONG)),
        ("zstd", zstandard.compress(LONG)),
        ("zip", zipped(LONG)),
        ("tar in gzip", gzip.compress(_tar(LONG), mtime=0)),
    ):
        yield f"{name} in base64", base64.b64encode(data).decode()
        yield f"{name} in hex", data.hex()
    inner = gzip.compress(base64.b64encode(zlib.compress(LONG)), mtime=0)
    yield "zlib in base64 in gzip in base64", base64.b64encode(inner).decode()


def _broken() -> Iterator[tuple[str, str]]:
    yield "broken over lines after a hyphen", "cpr 020160-\n9995 id PX83K2-\nM7Q4"
    yield "broken over lines", "cpr 0201\n60-9995 id PX83K2\nM7Q4"


def zipped(data: bytes, name: str = "inside/note.txt") -> bytes:
    """An archive of one file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name), data)
    return out.getvalue()


def _tar(data: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        member = tarfile.TarInfo("note.txt")
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


def _each(text: str, change: Callable[[str], str]) -> str:
    return " ".join("".join(map(change, word)) for word in text.split(" "))


def _digits(text: str, zero: int) -> str:
    return _each(text, lambda letter: chr(zero + int(letter)) if letter.isdigit() else letter)


def _uu(data: bytes) -> str:
    return "".join(binascii.b2a_uu(data[at : at + 45]).decode() for at in range(0, len(data), 45))


def _dump(data: bytes) -> str:
    """As `hexdump -C` and `xxd` write."""
    return "\n".join(
        f"{at:08x}  {data[at : at + 16].hex(' '):<47}  |{data[at : at + 16].decode()}|"
        for at in range(0, len(data), 16)
    )
