"""Tables of statistics as R, Stata, SAS, SPSS and Python print them as text.

A header of known words, then rows whose numbers stand under them; or known
words down the side, as `describe()` prints. Judges nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from ngc_pipelines.disclosure.tables.printed import Meaning
from ngc_pipelines.disclosure.tables.statistics.lines import LONGEST_OUTPUT, Lines
from ngc_pipelines.disclosure.tables.statistics.statistic import OF_PERSONS, Statistic

# Lines that hold words beside numbers are prose from so many words on.
_PROSE = 9
# Lines without numbers after which a table has ended: rules, blank lines and names of strata stand within.
_PATIENCE = 4

# Lines that are remembered with what they head: every rule asks, and programs repeat theirs.
REMEMBERED = 4_096

# Column words of the programs, longest first; what several stand for is one name.
_COLUMNS: tuple[tuple[str, str], ...] = (
    (r"\[?95%\s+conf\.?\s+int(?:erval|\.)\]?|95%\s+ci\b|\[0\.025\s+0\.975\]", "interval interval"),
    (r"lower\s+95%\s+ci|upper\s+95%\s+ci|lower\s+\.?95|upper\s+\.?95|[lu]cl\b", "interval"),
    (r"n\.risk|number\s+at\s+risk|at_risk|at\s+risk|beg\.", "risk"),
    (r"n\.event|observed|deaths?|fail(?:ed)?\b|events?", "events"),
    (r"n\.censor|censored|net\s+lost|lost|net", "lost"),
    (r"n\s+obs|n\.?valid|non-missing|nobs|obs\b|freq\.|count|antal|n\b", "n"),
    (r"n\s*miss(?:ing)?|missing|na's|null_count", "other"),
    (r"std\.?\s*dev(?:iation)?\.?|stddev|std\b|sd\b|std\.dev", "sd"),
    (r"std\.?\s*err(?:or)?\.?|se\b|std\.err", "se"),
    (r"minimum|min\.?(?![a-z])", "min"),
    (r"maximum|max\.?(?![a-z])|maks\.?", "max"),
    (r"trimmed", "other"),
    (r"mean\.?|gennemsnit|average", "mean"),
    (r"median\.?|p50|50%|50th\s+pctl|q2\b", "median"),
    (
        r"1st\s+qu\.?|3rd\s+qu\.?|lower\s+quartile|upper\s+quartile|p?25%?(?:th\s+pctl)?|p?75%?(?:th\s+pctl)?|q1|q3|iqr",
        "p",
    ),
    (r"p(?:1|5|10|90|95|99)\b|\b(?:1|5|10|90|95|99)%|\b(?:1st|5th|10th|90th|95th|99th)\s+pctl", "tail"),
    (r"survival|survivor|surv\b|function|failure", "survival"),
    (r"left\b|total\b", "left"),
    (r"event_at|time|interval|tid\b", "time"),
)
_WORDS = re.compile("|".join(f"(?P<w{n}>(?<![\\w.]){words})" for n, (words, _) in enumerate(_COLUMNS)), re.IGNORECASE)
# `mean_hba1c`, `age.sd`: a measure's name with a statistic's, as data frames have it.
_GLUED = re.compile(r"^(?:(mean|median|sd|std|min|max|n)[_.]\w+|\w+[_.](mean|median|sd|std|min|max|n))$")
_NAMES_GLUED = {"mean": "mean", "median": "median", "sd": "sd", "std": "sd", "min": "min", "max": "max", "n": "n"}
# fmt: off - a list of words, not of lines
_KNOWN = frozenset(
    {
        "n",
        "freq",
        "obs",
        "count",
        "antal",
        "nobs",
        "n.valid",
        "non-missing",
        "min",
        "minimum",
        "max",
        "maximum",
        "maks",
        "mean",
        "gennemsnit",
        "average",
        "median",
        "std",
        "sd",
        "stddev",
        "std.dev",
        "dev",
        "deviation",
        "qu",
        "quartile",
        "iqr",
        "q1",
        "q2",
        "q3",
        "p1",
        "p5",
        "p10",
        "p25",
        "p50",
        "p75",
        "p90",
        "p95",
        "p99",
        "1%",
        "5%",
        "10%",
        "25%",
        "50%",
        "75%",
        "90%",
        "95%",
        "99%",
        "pctl",
        "n.risk",
        "risk",
        "at_risk",
        "n.event",
        "observed",
        "death",
        "deaths",
        "fail",
        "failed",
        "event",
        "events",
        "survival",
        "survivor",
        "surv",
        "function",
        "failure",
        "left",
        "total",
        "event_at",
        "time",
        "interval",
        "tid",
        "lost",
        "net",
        "beg",
        "censored",
        "n.censor",
        "se",
        "std.err",
        "err",
        "ci",
        "trimmed",
    }
)
# fmt: on
_RULE = re.compile(r"^[\s\-=+_|─-╿]*$")
_TOKEN = re.compile(r"\S+")
_NUMBER = re.compile(r"^[-+(\[]?(?:\d[\d,]*(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?[)\]%*]?$")
_MISSING = frozenset({".", "NA", "NaN", "nan", "<NA>", "-", "None"})

MEANINGS = {
    "sd": Meaning.SD,
    "min": Meaning.MINIMUM,
    "max": Meaning.MAXIMUM,
    "mean": Meaning.MEAN,
    "median": Meaning.MEDIAN,
    "p": Meaning.PERCENTILE,
    "tail": Meaning.PERCENTILE,
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its label, and the number under each known word; None where a mark stands."""

    where: str
    label: str
    numbers: tuple[Decimal | None, ...]
    words: tuple[str, ...]

    def first(self, name: str) -> Decimal | None:
        """The first number under a word; None where there is none."""
        return next((n for n, word in zip(self.numbers, self.words, strict=True) if word == name), None)


@dataclass(frozen=True, slots=True)
class Listing:
    """A header of column words and the rows under it."""

    where: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def listings_of(lines: Lines) -> Iterator[Listing]:
    """Every table with a header of at least three known words."""
    end = 0
    for number in lines.telling:
        if number < end:
            continue
        columns = _header(lines.all[number])
        if columns:
            rows, end = _rows_under(lines, number, columns)
            if rows:
                yield Listing(lines.where(number), columns, tuple(rows))


def _rows_under(lines: Lines, header: int, columns: Sequence[str]) -> tuple[list[Row], int]:
    """The rows of a header, and the line where they have ended."""
    rows: list[Row] = []
    silent = 0
    for number in range(header + 1, len(lines.all)):
        line = lines.all[number]
        row = _row(lines, number, columns)
        if row is not None:
            rows.append(row)
            silent = 0
        elif _header(line):
            return rows, number
        elif _RULE.match(line) is None or not line.strip():
            silent += 1
            if silent > _PATIENCE or (rows and len(line.split()) > _PROSE):
                return rows, number
    return rows, len(lines.all)


@lru_cache(maxsize=REMEMBERED)
def _header(line: str) -> tuple[str, ...]:
    """The names of a header's columns, `other` for words that are not known; empty where it is none."""
    if len(line) > LONGEST_OUTPUT or (
        re.search(r"[.:;]\s*$", line.strip())
        and not line.strip().lower().endswith(("max.", "qu.", "dev.", "freq.", "err.", "obs."))
    ):
        return ()
    if sum(token.rstrip(".") in _KNOWN or _GLUED.match(token) is not None for token in line.lower().split()) < 3:
        return ()  # most lines; the exact look at each word costs twenty times as much
    names: list[str] = []
    at = known = 0
    bare = line.replace("|", " ").replace("│", " ")
    while at < len(bare):
        if bare[at].isspace():
            at += 1
            continue
        match = _WORDS.match(bare, at) if at == 0 or bare[at - 1].isspace() or bare[at - 1] in "-(" else None
        whole = match is not None and (match.end() == len(bare) or bare[match.end()] not in "_.")
        if match is not None and whole and match.lastgroup is not None and match.end() > at:
            named = _COLUMNS[int(match.lastgroup[1:])][1].split()
            names += named
            known += sum(name != "other" for name in named)
            at = match.end()
            continue
        token = _TOKEN.match(bare, at)
        assert token is not None
        if _NUMBER.match(token[0]):
            return ()
        glued = _GLUED.match(token[0].lower())
        name = _NAMES_GLUED.get((glued[1] or glued[2]), "other") if glued is not None else "other"
        names.append(name)
        known += name != "other"
        at = token.end()
    if known < 3 or 2 * known < len(names):
        return ()
    first = next(n for n, name in enumerate(names) if name != "other")
    return tuple(names[first:])


def _row(lines: Lines, number: int, columns: Sequence[str]) -> Row | None:
    line = lines.all[number]
    if len(line) > LONGEST_OUTPUT:
        return None
    tokens = line.replace("|", " ").replace("│", " ").split()
    taken: list[Decimal | None] = []
    while tokens and (tokens[-1] in _MISSING or _NUMBER.match(tokens[-1])):
        taken.insert(0, _number(tokens.pop()))
    if not any(number is not None for number in taken) or len(tokens) > _PROSE:
        return None
    # A label may end in a number (`ward 3`): columns are filled from the right. Programs leave
    # the last columns out where they hold nothing; a row that is one short is filled from the left.
    if len(taken) > len(columns):
        tokens = [*tokens, *[""] * (len(taken) - len(columns))]
        taken = taken[len(taken) - len(columns) :]
    if len(taken) < len(columns) and (len(taken) < 2 or len(columns) - len(taken) > 2):
        return None
    return Row(lines.where(number), " ".join(tokens).strip(), tuple(taken), tuple(columns[: len(taken)]))


def _number(token: str) -> Decimal | None:
    try:
        return Decimal(token.strip("()[]%*").replace(",", ""))
    except InvalidOperation:
        return None


_SIDE = re.compile(
    r"^\s*(?P<name>count|n|mean|std\.?|sd|min\.?|max\.?|median|p?25%?|p?50%?|p?75%?|p?5%?|p?95%?|p?99%?|p?1%?|"
    r"variance|range|1st qu\.?|3rd qu\.?)\s*[|:]?\s+(?P<rest>[-\d.].*)$",
    re.IGNORECASE,
)


def described(lines: Lines) -> Iterator[Statistic]:
    """Statistics of a text: under headers, and down the side as `describe` and `tabstat` print them."""
    for listing in listings_of(lines):
        if {"mean", "min", "max", "median", "sd"} & set(listing.columns) and "risk" not in listing.columns:
            for row in listing.rows:
                yield from _of_row(row)
    yield from _down(lines)


def _of_row(row: Row) -> Iterator[Statistic]:
    persons = _persons(row.first("n"))
    for name, number in zip(row.words, row.numbers, strict=True):
        if name in MEANINGS:
            yield _made(name, number, row.where, persons, row.label)


def _down(lines: Lines) -> Iterator[Statistic]:
    block: list[tuple[str, str, list[Decimal | None]]] = []
    last = -1
    for number in lines.telling:
        line = lines.all[number]
        match = _SIDE.match(line) if len(line) <= LONGEST_OUTPUT else None
        if match is None:
            continue
        numbers = [_number(token) for token in match["rest"].replace("|", " ").split()]
        if all(one is None for one in numbers):
            continue
        if any(_RULE.match(rule) is None or not rule.strip() for rule in lines.all[last + 1 : number]):
            yield from _of_block(block)
            block = []
        block.append((lines.where(number), match["name"].casefold().rstrip("."), numbers))
        last = number
    yield from _of_block(block)


def _of_block(block: Sequence[tuple[str, str, list[Decimal | None]]]) -> Iterator[Statistic]:
    if len({name for _, name, _ in block}) < 3:
        return
    counts = next((numbers for _, name, numbers in block if name in ("count", "n")), [])
    named = {"mean": "mean", "std": "sd", "sd": "sd", "min": "min", "max": "max", "median": "median"}
    for where, name, numbers in block:
        kind = named.get(name) or ("median" if name.strip("p%") == "50" else "p" if name.strip("p%").isdigit() else "")
        percentile = Decimal(name.strip("p%")) if kind == "p" else None
        for column, number in enumerate(numbers):
            if kind:
                persons = _persons(counts[column]) if column < len(counts) else None
                yield _made(kind, number, where, persons, "", percentile)


def _made(
    name: str, number: Decimal | None, where: str, persons: int | None, label: str, percentile: Decimal | None = None
) -> Statistic:
    meaning = MEANINGS[name]
    assert meaning in OF_PERSONS
    exponent = 0 if number is None else number.as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return Statistic(meaning, number, decimals, where, persons, label, "", percentile, "NA" if number is None else "")


def _persons(number: Decimal | None) -> int | None:
    return int(number) if number is not None and number >= 0 and number == int(number) else None
