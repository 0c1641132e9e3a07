"""Showing where something is without showing what it is.

Names of files, sheets and members of archives may hold the identifier that is
the finding; what people read of them goes through here first.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ngc_pipelines.disclosure.identifiers.known import KnownIdentifiers

_LIKE_CPR = re.compile(
    r"(?<!\d)(\d{2})\d{4}([-‐‑‒–—−._ ]?)(?:\d{4}|[A-Za-z]{3}\d|\d[A-Za-z]{2}\d)(?!\d)"
    r"|(?<!\d)()\d{8}([-‐‑‒–—−._ ]?)\d{4}(?!\d)"
)
_TOKEN = re.compile(r"[^\s/\\]+")
_DIGITS = re.compile(r"\d{2}")


def mask_cpr(found: str) -> str:
    """The masked form of a CPR number as found: its first two characters, then stars."""
    head = "".join(filter(str.isalnum, found))[:2]
    return f"{head}****-****"


def mask_identifiers(text: str, known: KnownIdentifiers | None = None) -> str:
    """`text` with what looks like a CPR number, or is a known identifier, masked."""
    if known is not None:
        text = _mask_known(text, known)
    if not _DIGITS.search(text):
        return text
    return _LIKE_CPR.sub(lambda match: mask_cpr(match[0]), text)


def _mask_known(text: str, known: KnownIdentifiers) -> str:
    data = text.encode("utf-8", "surrogateescape")
    parts: list[bytes] = []
    at = 0
    for hit in known.find(data):
        if hit.weak or hit.start < at:
            continue
        parts += [data[at : hit.start], b"[id]"]
        at = hit.end
    return b"".join([*parts, data[at:]]).decode("utf-8", "surrogateescape") if parts else text
