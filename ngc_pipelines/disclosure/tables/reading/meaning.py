"""What a number is: told by the words over and beside it, then by its form.

Danish and English words of registers and journals. Where neither words nor
form tell, the meaning is `UNKNOWN`, which becomes a question, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from ngc_pipelines.disclosure.tables.printed import Meaning
from ngc_pipelines.disclosure.tables.reading.numbers import Token


def _words(*alternatives: str) -> re.Pattern[str]:
    return re.compile(r"(?<![\w])(?:" + "|".join(alternatives) + r")(?![\w])", re.IGNORECASE)


_OF_WORDS: tuple[tuple[Meaning, re.Pattern[str]], ...] = (
    (
        Meaning.P_VALUE,
        _words(
            "p",
            r"p[- .]?val(?:ue)?s?",
            r"p[- ]?værdi(?:er)?",
            "pr",
            r"pr\(>.*",
            "prob",
            "signif",
            r"q[- ]?value",
            "padj",
            "fdr",
        ),
    ),
    (
        Meaning.INTERVAL,
        _words(
            "ci",
            "ki",
            r"95 ?% ?(?:ci|ki)",
            r"conf(?:idence)?\.? ?int(?:erval)?",
            "konfidensinterval",
            "lower",
            "upper",
            "lcl",
            "ucl",
            "nedre",
            "øvre",
            r"2\.5 ?%",
            r"97\.5 ?%",
        ),
    ),
    (
        Meaning.ESTIMATE,
        _words(
            "or",
            "hr",
            "rr",
            "irr",
            "odds ratio",
            "hazard ratio",
            "risk ratio",
            "estimat",
            "estimate",
            "coef",
            "coefficient",
            "koefficient",
            "beta",
            "b",
            "se",
            r"std\.? ?err(?:or)?",
            r"std\. error",
            "t",
            "z",
            "f",
            "chi2",
            "chisq",
            "statistic",
            "wald",
            r"t value",
            r"z value",
            "r2",
            "aic",
            "bic",
            r"exp\(coef\)",
            "logfc",
            "auc",
            "ratio",
            "effect",
            "effekt",
            "smd",
            "score",
        ),
    ),
    (Meaning.MINIMUM, _words("min", r"min\.", "minimum", "mindste", "lavest(?:e)?")),
    (
        Meaning.MAXIMUM,
        _words(
            "max", r"max\.", "maximum", "maks", r"maks\.", "maksimum", "største", "højest(?:e)?", "range", "spændvidde"
        ),
    ),
    (Meaning.MEDIAN, _words("median", "medianen")),
    (
        Meaning.PERCENTILE,
        _words(
            "iqr",
            "q1",
            "q3",
            "q25",
            "q75",
            r"\d{1,2}(?:st|nd|rd|th)? ?%?[- ]?(?:percentile|pct|centile|quantile|fraktil|percentil)",
            "percentile?s?",
            "fraktil(?:er)?",
            "kvartil(?:er)?",
            "quartiles?",
            r"p\d{1,2}",
            r"1st qu\.?",
            r"3rd qu\.?",
            "interquartile range",
        ),
    ),
    (
        Meaning.SD,
        _words(
            "sd",
            r"std\.? ?dev\.?",
            "std",
            "standardafvigelse",
            "standard deviation",
            "spredning",
            "varians",
            "variance",
        ),
    ),
    (Meaning.MEAN, _words("mean", "means", "gennemsnit", "gns", r"gns\.", "middelværdi", "average", "avg", "middel")),
    (
        Meaning.SUM,
        _words(
            "sum of",
            "total days",
            "personår",
            "person-years",
            "person years",
            "risikotid",
            "dage",
            "days",
            "kr",
            "dkk",
            "omsætning",
            "udgift(?:er)?",
            "costs?",
        ),
    ),
    (Meaning.YEAR, _words("år", "year", "årstal", "kalenderår")),
    (
        Meaning.RATE,
        _words(
            "rate",
            "rater",
            "incidens(?:rate)?",
            "incidence(?: rate)?",
            r"pr\.? ?100[ .]?000",
            r"per 100[ ,]?000",
            r"pr\.? ?1[ .]?000",
            r"per 1[ ,]?000",
            "incidensrate",
            "prævalens",
            "prevalence",
        ),
    ),
    (
        Meaning.PERCENT_OF_ROW,
        _words("row ?%", r"% ?row", "rækkeprocent", "rækkepct", r"row percent(?:age)?s?", r"row pct"),
    ),
    (
        Meaning.PERCENT_OF_COLUMN,
        _words(
            "col(?:umn)? ?%",
            r"% ?col(?:umn)?",
            "kolonneprocent",
            "søjleprocent",
            r"col(?:umn)? percent(?:age)?s?",
            r"col pct",
        ),
    ),
    (Meaning.PERCENT_OF_TOTAL, _words(r"% ?of total", "procent af alle", "af alle", r"cell ?%", "totalprocent")),
    (
        Meaning.PERCENT,
        re.compile(
            r"%|(?<!\w)(?:pct|procent(?:andel)?|percent(?:age)?|andel|proportion|share|frequency ?\(%\))(?!\w)",
            re.IGNORECASE,
        ),
    ),
    (
        Meaning.COUNT,
        _words(
            "n",
            "no",
            r"no\.",
            "nr",
            "antal",
            "count",
            "counts",
            "freq",
            r"freq\.",
            "frequency",
            "frekvens",
            "number",
            "number of.*",
            "personer",
            "persons?",
            "patients?",
            "patienter",
            "people",
            "cases?",
            "controls?",
            "kontroller",
            "deltagere",
            "participants?",
            "subjects?",
            "individer",
            "individuals?",
            "events?",
            "hændelser",
            "deaths?",
            "døde",
            "dødsfald",
            "n at risk",
            "at risk",
            "obs",
            "observations?",
            "observationer",
            "kvinder",
            "mænd",
            "women",
            "men",
            "males?",
            "females?",
            "børn",
            "children",
            "begge køn",
            "carriers?",
            "bærere",
            "syge",
            "raske",
            "eksponerede",
            "exposed",
            "unexposed",
        ),
    ),
    (
        Meaning.CODE,
        _words(
            "id",
            "kode",
            "code",
            "icd",
            "atc",
            "chr",
            "kromosom",
            "chromosome",
            "pos",
            "position",
            "rank",
            "rang",
            "bp",
            "start",
            "end",
            "exon",
            "df",
            "d\\.f\\.",
            "size",
            "length",
            "længde",
            "score",
            "line",
            "version",
            "week",
            "uge",
            "month",
            "måned",
            "day",
            "grade",
            "stage",
        ),
    ),
)

_LIST_TIMES = re.compile(r"(?<!\w)per\s*(1[ .,]?0{2,3}(?:[ .,]?0{3})*)", re.IGNORECASE)
_PR = re.compile(r"(?<!\w)pr\.?\s*(1[ .,]?0{2,3}(?:[ .,]?0{3})*)", re.IGNORECASE)


def said(words: str) -> list[Meaning]:
    """Every meaning that a header's or a label's words name, in the order of the words."""
    found = [(match.start(), meaning) for meaning, pattern in _OF_WORDS if (match := pattern.search(words)) is not None]
    return [meaning for _, meaning in sorted(found, key=lambda pair: pair[0])]


def per_of(words: str) -> int:
    """The base that a rate's words name; 100 where they name none."""
    match = _LIST_TIMES.search(words) or _PR.search(words)
    return int(re.sub(r"\D", "", match[1])) if match else 100


def meanings_of(tokens: Sequence[Token], column: str, row: str, title: str = "") -> list[Meaning]:
    """What each number of a cell is.

    Args:
        column, row: the labels over and beside it, all levels joined.
        title: the table's own words, which tell where labels do not.
    """
    over, beside = said(column), said(row)
    for words in (beside, over):
        told = _told(tokens, words)
        if told is not None:
            return told
    by_form = _by_form(tokens)
    if by_form is not None:
        return by_form
    if len(tokens) == 1 and Meaning.COUNT in said(title) and _is_count(tokens[0]):
        return [Meaning.COUNT]
    return [Meaning.UNKNOWN if _is_count(token) else Meaning.OTHER for token in tokens]


def _told(tokens: Sequence[Token], words: list[Meaning]) -> list[Meaning] | None:
    """Meanings given by words, where they are enough for all numbers of the cell."""
    if not words:
        return None
    if len(tokens) == 1:
        return [_one(tokens[0], words)]
    shares = [m for m in words if m.name.startswith("PERCENT_OF") or m is Meaning.PERCENT]
    if _looks_like_count_and_share(tokens) and (not set(words) - {Meaning.COUNT, *shares} or tokens[1].percent):
        return [Meaning.COUNT, shares[0] if shares else Meaning.PERCENT]
    if words[0] in (Meaning.MEAN, Meaning.MEDIAN):
        inside = Meaning.SD if words[0] is Meaning.MEAN else Meaning.PERCENTILE
        if Meaning.MAXIMUM in words or Meaning.MINIMUM in words:
            inside = Meaning.MAXIMUM
        return [words[0], *[inside] * (len(tokens) - 1)]
    if words[0] is Meaning.MAXIMUM and len(tokens) == 2:
        return [Meaning.MINIMUM, Meaning.MAXIMUM]
    if words[0] in (Meaning.ESTIMATE, Meaning.RATE):
        return [words[0], *[Meaning.INTERVAL] * (len(tokens) - 1)]
    if words[0] in (Meaning.INTERVAL, Meaning.PERCENTILE, Meaning.P_VALUE, Meaning.CODE, Meaning.YEAR):
        return [words[0]] * len(tokens)
    return None


def _one(token: Token, words: list[Meaning]) -> Meaning:
    if token.percent:
        return next((m for m in words if m.name.startswith("PERCENT")), Meaning.PERCENT)
    if words[0] is Meaning.COUNT and not _is_count(token):
        return next((m for m in words[1:] if m is not Meaning.COUNT), Meaning.OTHER)
    if Meaning.COUNT in words and _is_count(token) and set(words) <= {Meaning.COUNT, Meaning.PERCENT}:
        return Meaning.COUNT
    return words[0]


def _by_form(tokens: Sequence[Token]) -> list[Meaning] | None:
    first = tokens[0]
    if len(tokens) == 1 and first.percent:
        return [Meaning.PERCENT]
    if _looks_like_count_and_share(tokens) and (tokens[1].percent or tokens[1].decimals):
        return [Meaning.COUNT, Meaning.PERCENT]
    if len(tokens) == 3 and tokens[1].bracket and tokens[2].bracket:
        return [Meaning.ESTIMATE, Meaning.INTERVAL, Meaning.INTERVAL]
    if len(tokens) == 1 and not _is_count(first):
        return [Meaning.OTHER]
    return None


def _looks_like_count_and_share(tokens: Sequence[Token]) -> bool:
    """`12 (4,5 %)`: a whole number, then one of at most 100 in brackets or with a percent sign."""
    if len(tokens) != 2 or not _is_count(tokens[0]):
        return False
    return bool(tokens[1].bracket or tokens[1].percent) and Decimal(0) <= tokens[1].value <= Decimal(100)


def _is_count(token: Token) -> bool:
    return (
        not token.percent
        and not token.decimals
        and not token.compared
        and token.value >= 0
        and token.value == int(token.value)
    )
