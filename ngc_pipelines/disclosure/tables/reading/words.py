"""What the words of a header or a label say about the numbers under or beside it.

The words are data (`meaning_words.csv`): Danish and English of registers,
journals and statistics programs. What follows for one number is `meaning`'s.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from ngc_pipelines.disclosure.tables.printed import Meaning

_N_OF = re.compile(r"[(\[,]?\s*\b[nN]\s*=\s*\d[\d .,']*[)\]]?")
# `95 %` of a confidence interval is no percentage of persons.
_LEVEL = re.compile(
    r"\d{2}(?:[.,]\d)?\s?%[\s-]*"
    r"(?=(?:c\.?i|k\.?i|cri|pi|conf|konf|sikker|cred|predict|bca)\b|konfid|confid|sikkerh)",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")
# Minutes are no minimum: `mL/min/1.73 m²`, `slag pr. min.`, `Operation time (min)`.
_MINUTES = re.compile(
    r"(?:/|\bper\s|\bpr\.?\s)\s*min\b\.?|(?<=tid)\s*\(min\.?\)|(?<=time)\s*\(min\.?\)|(?<=varighed)\s*\(min\.?\)"
    r"|(?<=duration)\s*\(min\.?\)",
    re.IGNORECASE,
)
# A side effect has nothing to do with the sides of a book.
_SIDE = re.compile(r"\bside(?=[ -]effect)", re.IGNORECASE)
# Titles that are a word for everybody, beside tables of a part of them.
_EVERYBODY = re.compile(r"\W*(?:all|alle|overall|samlet|everyone|hele kohorten|whole cohort)\W*", re.IGNORECASE)
_MARKUP = re.compile(r"[*_`†‡§¹²³]+$|^[*_`]+|<[^<>]{1,8}>")


@dataclass(frozen=True, slots=True)
class Said:
    """What a label says.

    Args:
        whole: the meaning, where the whole label is a word for it (`n`, `Mean`, `p`).
        symbol: the meaning, where the label is a single sign (`t`, `Q1`) that
            counts only in the company of other statistics.
        inside: meanings of words in it, in their order.
        persons: whether it names persons.
        thing: whether it names things that are counted and are no persons.
        measure: whether it names measures or units.
    """

    whole: Meaning | None = None
    symbol: Meaning | None = None
    inside: tuple[Meaning, ...] = ()
    persons: bool = False
    thing: bool = False
    measure: bool = False

    @property
    def statistics(self) -> tuple[Meaning, ...]:
        """What it names besides counts, the whole label first."""
        first = (self.whole,) if self.whole is not None and self.whole is not Meaning.COUNT else ()
        return tuple(dict.fromkeys((*first, *(one for one in self.inside if one is not Meaning.COUNT))))

    @property
    def counts(self) -> bool:
        """Whether it says that something is counted."""
        return self.whole is Meaning.COUNT or Meaning.COUNT in self.inside


NOTHING = Said()


@dataclass(frozen=True, slots=True)
class _Words:
    labels: dict[str, Meaning]
    symbols: dict[str, Meaning]
    inside: tuple[tuple[Meaning, re.Pattern[str]], ...]
    persons: re.Pattern[str]
    thing: re.Pattern[str]
    measure: re.Pattern[str]
    begins: frozenset[str]


@cache
def _words() -> _Words:
    labels: dict[str, Meaning] = {}
    symbols: dict[str, Meaning] = {}
    inside: dict[str, list[str]] = {}
    with (files("ngc_pipelines.disclosure.tables.reading") / "meaning_words.csv").open(encoding="utf-8") as source:
        for row in csv.DictReader(source):
            words = row["words"].split(";")
            if row["how"] == "inside":
                inside.setdefault(row["meaning"], []).extend(words)
            else:
                known = labels if row["how"] == "label" else symbols
                known.update({word.casefold(): Meaning(row["meaning"]) for word in words})
    begins = frozenset(_begin(word) for words in inside.values() for word in words)
    persons, thing, measure = (_pattern(inside.pop(sort)) for sort in ("persons", "thing", "measure"))
    patterns = tuple((Meaning(meaning), _pattern(words)) for meaning, words in inside.items())
    return _Words(labels, symbols, patterns, persons, thing, measure, begins)


def _begin(word: str) -> str:
    """How a word begins: three letters, fewer where it has fewer, or its sign."""
    match = _WORD.search(word.casefold())
    return match[0][:3] if match is not None and match.start() == 0 else word[0]


def _begins(text: str) -> Iterator[str]:
    """How the words of a text begin, and its signs."""
    for match in _WORD.finditer(text):
        yield match[0][:3]
    yield from (sign for sign in text if not sign.isalnum())


def _pattern(words: list[str]) -> re.Pattern[str]:
    """Any of the words, whole; `*` is any ending; a word in capitals is meant in capitals."""
    cased = [word for word in words if word != word.lower()]
    free = [word for word in words if word == word.lower()]
    parts = [_any(cased)] if cased else []
    if free:
        parts.append(f"(?i:{_any(free)})")
    return re.compile("|".join(parts))


def _any(words: list[str]) -> str:
    made = []
    for word in sorted(words, key=len, reverse=True):
        body = re.escape(word).replace(r"\*", r"\w*").replace(r"\ ", r"[\s-]?")
        before = r"(?<!\w)" if word[0].isalnum() else ""
        after = r"(?![\w])" if word[-1].isalnum() else ""
        made.append(before + body + after)
    return "(?:" + "|".join(made) + ")"


@lru_cache(maxsize=20_000)
def said(label: str) -> Said:
    """What one label says; a number of persons written into it (`N = 62`) is no word."""
    text = _MARKUP.sub("", _LEVEL.sub("", _MINUTES.sub(" ", _N_OF.sub(" ", _SIDE.sub("adverse", label))))).strip(" :,;")
    if not text or not any(sign.isalpha() or sign in "%#χ°" for sign in text):
        return NOTHING
    words = _words()
    bare = text.casefold().strip("()[] ")
    unitless = re.sub(r"\s*[(\[][^()\[\]]*[)\]]\s*$", "", bare)
    whole = words.labels.get(bare) or words.labels.get(unitless)
    symbol = words.symbols.get(bare)
    if not words.begins.intersection(_begins(bare.replace("_", " "))):
        return Said(whole, symbol) if whole is not None or symbol is not None else NOTHING
    text = text.replace("_", " ")  # `mean_age`
    found = [(match.start(), meaning) for meaning, pattern in words.inside if (match := pattern.search(text))]
    ordered = tuple(meaning for _, meaning in sorted(found, key=lambda pair: pair[0]))
    sorts = (bool(pattern.search(text)) for pattern in (words.persons, words.thing, words.measure))
    return Said(whole, symbol, ordered, *sorts)


def is_everybody(title: str) -> bool:
    """Whether a title says no more than that a table is about everybody: `All`, `Alle (N = 640)`."""
    return bool(_EVERYBODY.fullmatch(_N_OF.sub(" ", title)))
