"""What a table's own words say about its print: marks, zeros among them, rounding.

Reads titles and notes; what follows for cells is settled by `grid` and `printing`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ngc_pipelines.disclosure.tables.printed import Mark

_ENTRY = re.compile(
    r"^\W{0,3}?[\"'“‘(]?(?P<mark>[^\s\"'“”‘’()=]{1,10}?)[\"'”’)]?\s*"
    r"(?:[:=–—]\s*|\s-\s*|"
    r"\s+(?:betyder|angiver|dækker(?: over)?|står for|means|indicates|denotes|is|covers|stands for)\s+)"
    r"(?P<said>.+)$",
    re.IGNORECASE,
)
# `– no events`: a sign that is no word, and what it says after a blank.
_SIGN = re.compile(r"^(?P<mark>\*{1,3}|\.{1,3}|…|[-–—:#†•])\s+(?P<said>\w.*)$")
_BELOW = re.compile(
    r"(?:færre end|mindre end|under|fewer than|less than|below|<)\s*(?P<limit>\d{1,2}|fem|five|ti|ten|tre|three)\b",
    re.IGNORECASE,
)
_SPAN = re.compile(r"\b(?P<low>[01])\s*(?:-|–|to|til)\s*(?P<high>\d)\b", re.IGNORECASE)
_SECONDARY = re.compile(r"sekund|secondar|\beller\b|\bor\b|også|\balso\b", re.IGNORECASE)
_HIDDEN = re.compile(
    r"diskret|suppress|skjult|hidden|blænd|confiden|fortrolig|withheld|udelad|masked|censor|too few|for få|"
    r"small (?:cell|number)",
    re.IGNORECASE,
)
_ZERO = re.compile(
    r"^(?:nul|zero|0|ingen(?: \w+)?|none|no (?:persons|patients|cases|events|deaths|observations)|præcis 0|nil)\W*$",
    re.IGNORECASE,
)
_NOT_THERE = re.compile(
    r"not (?:applicable|available|relevant)|ikke (?:relevant|aktuel|opgjort|tilgængelig|muligt)|irrelevant|n/a",
    re.IGNORECASE,
)
_ZERO_TOO = re.compile(
    r"(?<![\d.,])0\s*[-–]\s*4(?!\d)|including (?:zero|0)|inkl(?:usive|\.|uderer)? (?:nul|0)\b|\b0 (?:to|til) 4\b|"
    r"(?:zero|nul|0) (?:included|medregnet|er med)",
    re.IGNORECASE,
)
_ROUNDED = re.compile(
    r"(?:rounded|rounding|afrund\w*)[^.]{0,40}?(?:nearest|nærmeste|to|til|multiples? of|base)\s*"
    r"(5|10|3|50|100|fem|ti|five|ten)\b",
    re.IGNORECASE,
)
_LEAD = re.compile(r"^(?:notes?|anm(?:ærkning)?|signaturforklaring|legend|key|tegn)\s*[.:]\s*", re.IGNORECASE)
_NUMBERS = {"fem": 5, "five": 5, "ti": 10, "ten": 10, "tre": 3, "three": 3}

# What a legend says of a mark that is no blanking: the cell is empty by nature, or holds a zero.
NOT_THERE = "not there"
ZERO = "zero"


def legend_of(texts: Iterable[str]) -> dict[str, Mark | str]:
    """By mark, folded: what the texts say that it stands for."""
    found: dict[str, Mark | str] = {}
    for text in texts:
        if len(text) > 2_000:
            continue
        for part in re.split(r"[;\n]|,\s+(?=\S{1,8}\s*[=:])|\.\s+(?=\S{1,8}\s*[=:])", text):
            bare = _without_lead(part.strip())
            match = _SIGN.match(bare) or _ENTRY.match(bare)
            if match is not None and not match["mark"].isdigit():
                said = _said(match["mark"], match["said"])
                if said is not None:
                    found[match["mark"].casefold()] = said
    return found


def _without_lead(text: str) -> str:
    return re.sub(
        r"^(?:notes?|anm(?:ærkning)?|signaturforklaring|legend|key|tegn)\s*[.:]\s*", "", text, flags=re.IGNORECASE
    )


def _said(mark: str, words: str) -> Mark | str | None:
    if _ZERO.match(words.strip()):
        return ZERO
    span, below = _SPAN.search(words), _BELOW.search(words)
    if (span or below) and not _SECONDARY.search(words):
        if span is not None:
            return Mark(mark, int(span["low"]), int(span["high"]), legend=True)
        assert below is not None
        limit = _number(below["limit"])
        least = 0 if _ZERO_TOO.search(words) else 1
        return Mark(mark, least, limit - 1, legend=True) if limit > least else None
    if _HIDDEN.search(words) or span or below:
        return Mark(mark, legend=True)
    return NOT_THERE if _NOT_THERE.search(words) else None


def zero_included(texts: Iterable[str]) -> bool:
    """Whether the texts say that a mark for small counts is put on zeros too."""
    return any(_ZERO_TOO.search(text) for text in texts)


def rounded_to(texts: Iterable[str]) -> int:
    """The base that counts are rounded to by the texts; 1 where none is told."""
    for text in texts:
        match = _ROUNDED.search(text)
        if match:
            return _number(match[1])
    return 1


def _number(word: str) -> int:
    return _NUMBERS.get(word.casefold()) or int(word)
