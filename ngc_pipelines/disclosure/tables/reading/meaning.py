"""What a number is: told by the words over and beside it, then by its form.

Where neither words nor form tell, the meaning is `UNKNOWN`, which becomes a
question, never a guess. The words themselves live in `words`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from ngc_pipelines.disclosure.tables.printed import Line, Meaning
from ngc_pipelines.disclosure.tables.reading.numbers import Token
from ngc_pipelines.disclosure.tables.reading.words import NOTHING, Said, said

_PER = re.compile(r"(?<!\w)(?:per|pr\.?|/)\s*(1[ .,]?0{2,3}(?:[ .,]?0{3})*)", re.IGNORECASE)
_SHARES = frozenset({Meaning.PERCENT, Meaning.PERCENT_OF_ROW, Meaning.PERCENT_OF_COLUMN, Meaning.PERCENT_OF_TOTAL})
_AVERAGES = frozenset({Meaning.MEAN, Meaning.MEDIAN})
# What `Antal børn, gennemsnit` is, whatever is counted.
_OF_COUNTS = frozenset({*_AVERAGES, Meaning.SD, Meaning.MINIMUM, Meaning.MAXIMUM, Meaning.PERCENTILE})
_REPEATED = frozenset(
    {Meaning.INTERVAL, Meaning.PERCENTILE, Meaning.P_VALUE, Meaning.CODE, Meaning.YEAR, Meaning.SUM, Meaning.SD}
)


@dataclass(frozen=True, slots=True)
class Speech:
    """What the labels of one line say together.

    Args:
        labels: what each says, innermost first.
        exact: the meaning, where a label is nothing but a word for one.
        statistics: meanings other than counts that any label names, innermost first.
        counts, persons: whether any label says that something is counted, and names persons.
        alone: whether it is a column of counts beside columns of other things, as `N` is
            in a table of means.
    """

    labels: tuple[Said, ...]
    exact: Meaning | None
    statistics: tuple[Meaning, ...]
    counts: bool
    persons: bool
    alone: bool = False

    @property
    def told(self) -> bool:
        """Whether any label says what the numbers are."""
        return self.exact is not None or bool(self.statistics) or self.counts or self.persons

    @property
    def inner(self) -> Said:
        """What the innermost label says."""
        return self.labels[0] if self.labels else NOTHING


def speeches_of(lines: Sequence[Line]) -> list[Speech]:
    """What each line's labels say; single signs count where other lines name statistics.

    Where one answer is `Yes`, `No` beside it is the other one and no number.
    """
    answered = any(label.strip().casefold() == "yes" for line in lines for label in line.labels)
    told = [
        tuple(said(label) for label in reversed(line.labels) if label and not (answered and _is_no(label)))
        for line in lines
    ]
    exact = {one.whole for labels in told for one in labels if one.whole is not None}
    signs = bool(exact - {Meaning.COUNT, Meaning.CODE, Meaning.YEAR})
    return [_speech(labels, signs) for labels in told]


def _is_no(label: str) -> bool:
    return label.strip().casefold() == "no"


def with_counts_alone(columns: Sequence[Speech], cells: Sequence[Sequence[Token]]) -> list[Speech]:
    """Columns that are called `n` and hold whole numbers, where others hold pairs of numbers.

    Args:
        cells: by column, the numbers of its first cells, those of one cell after another.
    """
    pairs = [any(token.position or token.bracket for token in tokens) for tokens in cells]
    return [
        replace(column, alone=True)
        if column.exact is Meaning.COUNT and not pair and any(pairs) and all(is_count(token) for token in tokens)
        else column
        for column, pair, tokens in zip(columns, pairs, cells, strict=True)
    ]


def _speech(labels: tuple[Said, ...], signs: bool) -> Speech:
    exact = next((found for one in labels if (found := one.whole or (one.symbol if signs else None)) is not None), None)
    statistics = tuple(dict.fromkeys(meaning for one in labels for meaning in one.statistics))
    return Speech(labels, exact, statistics, any(one.counts for one in labels), any(one.persons for one in labels))


@lru_cache(maxsize=20_000)
def per_of(words: str) -> int:
    """The base that a rate's words name; 100 where they name none."""
    match = _PER.search(words)
    return int(re.sub(r"\D", "", match[1])) if match else 100


def meanings_of(tokens: Sequence[Token], column: Speech, row: Speech, title: Said = NOTHING) -> list[Meaning]:
    """What each number of a cell is.

    Args:
        column, row: what the labels over and beside it say.
        title: what the table's own words say, which tell where labels do not.
    """
    if len(tokens) == 2 and tokens[1].joint == "±":
        return [Meaning.MEAN, Meaning.SD]
    told = _told(tokens, _words_for(column, row))
    if told is None and len(tokens) > 1 and _averages(title):
        told = _told(tokens, title.statistics)
    if told is not None:
        return told
    by_form = _by_form(tokens)
    if by_form is not None:
        return by_form
    first = _plain(tokens[0], column, row, title)
    return [first, *(first if token.joint == "/" else Meaning.OTHER for token in tokens[1:])]


def _averages(title: Said) -> bool:
    """Whether a title says that the table's pairs of numbers are averages with their spread."""
    return bool(_AVERAGES.intersection(title.statistics[:1])) and not title.counts


def _words_for(column: Speech, row: Speech) -> tuple[Meaning, ...]:
    """The meanings that the labels name, the more telling label's first.

    A whole word over the column tells first, then one beside the row; then
    words inside longer labels; statistics before counts, as a row `Age, mean`
    holds a mean also where its column is called `Patients`.
    """
    over, beside = column.exact, row.exact
    if column.alone:
        return (Meaning.COUNT,)
    if over is not None and over is not Meaning.COUNT:
        return (over, *column.statistics, *row.statistics)
    if beside is not None and beside is not Meaning.COUNT and over is not Meaning.COUNT:
        return (beside, *row.statistics)
    if Meaning.P_VALUE in column.statistics:
        return (Meaning.P_VALUE,)
    if row.statistics:
        counted = (Meaning.COUNT,) if row.counts or over is Meaning.COUNT else ()
        return _in_order(row, counted)
    if column.statistics:
        return _in_order(column, (Meaning.COUNT,) if column.counts or beside is Meaning.COUNT else ())
    return (Meaning.COUNT,) if over is Meaning.COUNT or beside is Meaning.COUNT else ()


def _in_order(speech: Speech, counted: tuple[Meaning, ...]) -> tuple[Meaning, ...]:
    """Meanings as the words stand: `% (n)` prints its percentage first."""
    for one in speech.labels:
        if one.statistics:
            order = one.inside or one.statistics
            return tuple(dict.fromkeys((*order, *speech.statistics, *counted)))
    return (*speech.statistics, *counted)


def _told(tokens: Sequence[Token], words: tuple[Meaning, ...]) -> list[Meaning] | None:
    """Meanings given by words, where they are enough for all numbers of the cell."""
    if not words:
        return None
    if len(tokens) == 1:
        return _one(tokens[0], words)
    shares = [meaning for meaning in words if meaning in _SHARES]
    if shares:
        words = tuple(meaning for meaning in words if meaning is not Meaning.RATE)
    others = set(words) - {Meaning.COUNT, *shares}
    share = shares[0] if shares else Meaning.PERCENT
    if len(tokens) == 2 and not others:
        if shares and words[0] in _SHARES and Meaning.COUNT in words and is_count(tokens[1]):
            return [share, Meaning.COUNT]
        if _count_and_share(tokens):
            return [Meaning.COUNT, share]
    if len(tokens) == 3 and _count_over_count(tokens):
        return [Meaning.COUNT, Meaning.COUNT, share]
    first = next((meaning for meaning in words if meaning is not Meaning.COUNT), None)
    if first is None:
        return None
    if first in (Meaning.MEAN, Meaning.MEDIAN):
        if len(tokens) == 3 and _beside(first, words) is Meaning.MAXIMUM:
            return [first, Meaning.MINIMUM, Meaning.MAXIMUM]
        return [first, *[_beside(first, words)] * (len(tokens) - 1)]
    if first in (Meaning.MAXIMUM, Meaning.MINIMUM) and len(tokens) == 2:
        return [Meaning.MINIMUM, Meaning.MAXIMUM]
    if first in (Meaning.ESTIMATE, Meaning.RATE, *_SHARES):
        return [first, *[Meaning.INTERVAL] * (len(tokens) - 1)]
    return [first] * len(tokens) if first in _REPEATED else None


def _beside(first: Meaning, words: tuple[Meaning, ...]) -> Meaning:
    """What stands in brackets after a mean or median."""
    for meaning in (Meaning.INTERVAL, Meaning.SD, Meaning.PERCENTILE):
        if meaning in words:
            return meaning
    if Meaning.MINIMUM in words or Meaning.MAXIMUM in words:
        return Meaning.MAXIMUM
    return Meaning.SD if first is Meaning.MEAN else Meaning.PERCENTILE


def _one(token: Token, words: tuple[Meaning, ...]) -> list[Meaning] | None:
    shares = [meaning for meaning in words if meaning in _SHARES]
    if token.percent:
        return [shares[0] if shares else Meaning.PERCENT]
    of_counts = next((meaning for meaning in words if meaning in _OF_COUNTS), None)
    if words[0] is Meaning.COUNT and of_counts is not None:
        return [of_counts]
    if words[0] is Meaning.COUNT or (Meaning.COUNT in words and set(words) <= {Meaning.COUNT, *_SHARES}):
        if is_count(token):
            return [Meaning.COUNT]
        return [next((meaning for meaning in words if meaning is not Meaning.COUNT), Meaning.OTHER)]
    return [words[0]]


def _plain(token: Token, column: Speech, row: Speech, title: Said) -> Meaning:
    """A whole number whose labels name no statistic."""
    if not is_count(token):
        return Meaning.OTHER
    counted = column.counts or row.counts
    persons = column.persons or row.persons
    if _no_person(column.inner) or (_no_person(row.inner) and not persons):
        return Meaning.OTHER
    if counted or persons:
        return Meaning.COUNT if not _of_other_things(title, counted=counted or title.counts) else Meaning.OTHER
    if title.counts and (title.persons or not title.thing):
        return Meaning.COUNT
    if title.persons and not title.thing and not title.statistics:
        return Meaning.COUNT
    return Meaning.OTHER if title.statistics and not title.counts else Meaning.UNKNOWN


def _no_person(label: Said) -> bool:
    return (label.thing or label.measure) and not label.persons


def _of_other_things(title: Said, *, counted: bool) -> bool:
    """Whether the title says that groups of persons are compared by something else than their number."""
    return bool(title.statistics) and not counted and not set(title.statistics) <= _SHARES


def _by_form(tokens: Sequence[Token]) -> list[Meaning] | None:
    first = tokens[0]
    if len(tokens) == 1:
        if first.percent:
            return [Meaning.PERCENT]
        return None if is_count(first) else [Meaning.OTHER]
    if len(tokens) == 3 and _count_over_count(tokens):
        return [Meaning.COUNT, Meaning.COUNT, Meaning.PERCENT]
    if _count_and_share(tokens) and (tokens[1].percent or tokens[1].decimals):
        return [Meaning.COUNT, Meaning.PERCENT]
    if len(tokens) == 3 and tokens[1].bracket and tokens[2].bracket:
        return [Meaning.ESTIMATE, Meaning.INTERVAL, Meaning.INTERVAL]
    return None


def _count_and_share(tokens: Sequence[Token]) -> bool:
    """`12 (4,5 %)`: a whole number, then one of at most 100 in brackets or with a percent sign."""
    if len(tokens) != 2 or not is_count(tokens[0]):
        return False
    return bool(tokens[1].bracket or tokens[1].percent) and Decimal(0) <= tokens[1].value <= Decimal(100)


def _count_over_count(tokens: Sequence[Token]) -> bool:
    """`3/120 (2.5%)`: a count, what it is of, and the percentage."""
    return tokens[1].joint == "/" and is_count(tokens[0]) and is_count(tokens[1]) and bool(tokens[2].bracket)


def is_count(token: Token) -> bool:
    """Whether the number may count persons: whole, not negative, no percent sign."""
    return not (token.percent or token.decimals or token.compared or token.value < 0) and (
        token.value == int(token.value)
    )
