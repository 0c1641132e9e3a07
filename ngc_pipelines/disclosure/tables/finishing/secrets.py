"""What a finished document may not tell any more, and whether a text beside its tables tells it.

Here: the values that left the tables, what gives them back (sums of lines,
percentages), and reading numbers out of sentences, labels and names. Not here:
where such texts stand (`leftover`, and the writers of each format).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from ngc_pipelines.disclosure.tables.finishing.changes import GridChanges, Place
from ngc_pipelines.disclosure.tables.finishing.document import Document, Home, text_at
from ngc_pipelines.disclosure.tables.printed import Meaning, PrintedTable
from ngc_pipelines.disclosure.tables.relations.shares import SHARES

_NUMBER = re.compile(
    r"(?<![^\W_])(?<!\d[.,])(?:\d{1,3}(?:[ .,'’\u00a0\u202f]\d{3})+(?![\d])(?:[.,]\d+)?|\d+(?:[.,]\d+)?)"
    r"(?P<percent>\s*(?:%|pct|procent|percent))?",
    re.IGNORECASE,
)
_DATE = re.compile(r"\b\d{1,4}[-./]\d{1,2}[-./]\d{1,4}\b")
# A number after these words, or before those, counts no persons.
_NAMES_BEFORE = re.compile(
    r"(?:\b(?:tabel|table|tab\.?|figur|figure|fig\.?|fodnote|footnote|side|page|version|bilag|appendix|afsnit|section"
    r"|kapitel|chapter|ark|sheet|trin|grad|grade|stadie|stage|type|uge|week|kvartal|quarter|nr\.?|no\.|punkt|under|over"
    r"|mindst|højst|end|than|least|most|tærskel|threshold|nærmeste|nearest)\s*|[<>≤≥§]\s*=?\s*|\d\s*[-–]\s*)$",
    re.IGNORECASE,
)
_NAMES_AFTER = re.compile(
    r"\s*[-–]\s*\d|\s*\+|\s*(?:års?|years?|mdr|måned\w*|months?|dage?|days?|uger?|weeks?|timer?|hours?|minut\w*)\b"
    r"|\.\s*(?:kvartal|januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_COUNTED = re.compile(
    r"\b[nN]\s*[=:]\s*(?P<n>\d[\d .,'’\u00a0\u202f]*)|\(\s*(?P<m>\d[\d .,'’\u00a0\u202f]*)(?:\)|\s*;|\s*[(%])"
)
_SPELLED = (
    *("nul zero", "én one", "two", "tre three", "fire four", "fem five", "seks six", "syv seven", "otte eight"),
    *("ni nine", "ti ten", "elleve eleven", "tolv twelve"),
)
_WORDS = {word: number for number, words in enumerate(_SPELLED) for word in words.split()}
_WORD = re.compile(rf"\b(?:{'|'.join(_WORDS)})\b", re.IGNORECASE)
# In English `to` is no number.
_TWO = re.compile(r"\bto\s+(?:af|ud af|kvinder|mænd|personer|patienter|børn|drenge|piger|tilfælde)\b", re.IGNORECASE)
# A sum written out: `15-3=12`, `12 = 15 − 3`.
_SUM = re.compile(r"\d\s*[-+−–*/×:]\s*\d[^=\n]*=\s*\d|\d\s*=\s*\d[\d .,]*[-+−–*/×:]\s*\d")
# Percentages of methods, not of persons: levels of confidence, quartiles.
_ORDINARY = frozenset(Decimal(number) for number in (5, 10, 25, 50, 75, 90, 95, 99, 100))


@dataclass(frozen=True, slots=True)
class Secrets:
    """What the tables do not tell any more.

    Args:
        values: counts and other numbers, and sums that give a count back.
        shares: parts of a whole that give a count back.
    """

    values: frozenset[Decimal] = frozenset()
    shares: frozenset[Fraction] = frozenset()

    def __or__(self, other: Secrets) -> Secrets:
        return Secrets(self.values | other.values, self.shares | other.shares)

    def told_in(self, text: str) -> bool:
        """Whether a text of its own tells one of them, in digits, in words or as a percentage."""
        if not self.values:
            return False
        bare = _DATE.sub(" ", text)
        for match in _NUMBER.finditer(bare):
            if match["percent"]:
                if self._is_share(match[0][: match.start("percent") - match.start()]):
                    return True
            elif self.is_value(match[0]) and not _names(bare, match):
                return True
        words = {Decimal(_WORDS[match[0].casefold()]) for match in _WORD.finditer(bare)}
        return bool(words & self.values) or (Decimal(2) in self.values and _TWO.search(bare) is not None)

    def counted_in(self, label: str) -> bool:
        """Whether a label of a table tells one of them as a number of persons: `Nord (n = 3)`."""
        return any(self.is_value(match["n"] or match["m"]) for match in _COUNTED.finditer(label))

    def summed_in(self, text: str) -> bool:
        """Whether a sum that is written out holds one of them, wherever it stands."""
        return _SUM.search(text) is not None and any(self.is_value(match[0]) for match in re.finditer(r"\d+", text))

    def named_in(self, name: str) -> bool:
        """Whether the digits in a name or formula are one of them."""
        return any(Decimal(digits) in self.values for digits in re.findall(r"\d{1,15}", name))

    def is_value(self, text: str) -> bool:
        """Whether a number as it is written is one of them, whatever its signs stand for."""
        return any(number in self.values for number in _readings(text))

    def _is_share(self, text: str) -> bool:
        for number in _readings(text):
            step = Decimal(1).scaleb(min(0, int(number.as_tuple().exponent)))
            if number not in _ORDINARY and any(
                (Decimal(100 * share.numerator) / share.denominator).quantize(step, ROUND_HALF_UP) == number
                for share in self.shares
            ):
                return True
        return False


def _names(text: str, match: re.Match[str]) -> bool:
    """Whether a number names something instead of counting it: a table, an age, a year, a threshold."""
    if re.match(r"\s*=", text[match.end() :]):
        return False
    if _NAMES_BEFORE.search(text, 0, match.start()) or _NAMES_AFTER.match(text, match.end()):
        return True
    return _YEAR.fullmatch(match[0]) is not None and not re.match(r"\s+[^\W\d]{4,}", text[match.end() :])


def _readings(text: str) -> Iterator[Decimal]:
    shown = text.strip().rstrip(".,")
    whole = re.sub(r"[ .,'’\u00a0\u202f]", "", shown)
    if whole.isdecimal() and len(whole) < 16:
        if re.fullmatch(r"\d+|\d{1,3}(?:[ .,'’\u00a0\u202f]\d{3})+", shown):
            yield Decimal(whole)
        last = re.fullmatch(r"([\d .,'’\u00a0\u202f]*)[.,](\d+)", shown)
        if last is not None:
            yield Decimal(f"{re.sub(r'[^0-9]', '', last[1]) or '0'}.{last[2]}")
        # Numbers one after the other look like one with blanks between its thousands.
        for part in shown.split():
            if part != shown and part.isdecimal():
                yield Decimal(part)


def secrets_of(document: Document, changes: Sequence[GridChanges], more: Iterable[int] = ()) -> Secrets:
    """What leaves the tables by these changes, and what would give it back.

    Args:
        more: values that could be calculated before.
    """
    values, shares = {Decimal(number) for number in more}, set[Fraction]()
    for home in document.homes:
        gone = _gone(home, changes[home.grid]) if home.grid < len(changes) else set[Place]()
        if isinstance(home.table, PrintedTable):
            _of_printed(home, home.table, gone, values, shares)
        else:
            values.update(n for place in gone for n in _readings(text_at(document.grids[home.grid], place)))
    return Secrets(frozenset(values), frozenset(shares))


def _gone(home: Home, one: GridChanges) -> set[Place]:
    """The table's places whose numbers are not shown afterwards."""
    places = set(home.at.values())
    gone = {place for place in places if place in one.texts and one.texts[place] != text_at(one.grid, place)}
    for strip in one.strips:
        gone |= {place for place in places if place[0 if strip.row else 1] == strip.at}
    return gone


def gone_spots(document: Document, changes: Sequence[GridChanges]) -> dict[int, set[Place]]:
    """By a printed table's number: the spots whose numbers are not shown afterwards."""
    found: dict[int, set[Place]] = {}
    for number, home in enumerate(document.homes):
        if isinstance(home.table, PrintedTable) and home.grid < len(changes):
            gone = _gone(home, changes[home.grid])
            found[number] = {
                spot for spot, cell in home.table.cells.items() for one in cell if home.at.get(one.where) in gone
            }
    return found


def _of_printed(home: Home, table: PrintedTable, gone: set[Place], values: set[Decimal], shares: set[Fraction]) -> None:
    counts: dict[Place, int] = {}
    hidden: set[Place] = set()
    for spot, cell in table.cells.items():
        for one in cell:
            if one.value is None:
                continue
            left = home.at.get(one.where) in gone
            if one.meaning is Meaning.COUNT:
                counts[spot] = int(one.value)
                hidden |= {spot} if left else set()
            elif left and one.meaning in SHARES:
                shares.add(Fraction(one.value) / 100)
            elif left and one.value != int(one.value):
                values.add(Decimal(one.value))
    values.update(Decimal(counts[spot]) for spot in hidden)
    for spot in hidden:
        bases = {n for other, n in counts.items() if other[0] == spot[0] or other[1] == spot[1]}
        shares.update(Fraction(counts[spot], base) for base in {*bases, *_line_sums(table, counts, spot)} if base > 0)
        printed = {n for other, n in counts.items() if other not in hidden}
        values.update(Decimal(n) for n in _line_sums(table, counts, spot) if n not in printed)


def _line_sums(table: PrintedTable, counts: dict[Place, int], spot: Place) -> Iterator[int]:
    """The sums of a cell's row, its column and the table, over what are no totals."""
    inner = {at: n for at, n in counts.items() if not (table.rows[at[0]].total or table.columns[at[1]].total)}
    yield sum(n for at, n in inner.items() if at[0] == spot[0])
    yield sum(n for at, n in inner.items() if at[1] == spot[1])
    yield sum(inner.values())
