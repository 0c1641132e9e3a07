"""What the values of a column look like, whatever it is called.

Shares of shapes over a sample of cells; judging what they mean together lives
in `judging`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from ngc_pipelines.disclosure.pieces import Cell

_NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:[.,]\d{3})+(?:[.,]\d+)?|\d*[.,]?\d+)(?:[eE][-+]?\d+)?L?$")
_MONTH = r"(?:jan|feb|mar|apr|ma[jy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])[a-z]*"
_DAY = re.compile(
    r"(?:(?:18|19|20)\d\d[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])"
    r"|(?:0?[1-9]|[12]\d|3[01])[-/.](?:0?[1-9]|1[0-2])[-/.](?:(?:18|19|20)\d\d|\d\d)"
    r"|(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12]\d|3[01])/(?:19|20)\d\d"
    rf"|(?:0?[1-9]|[12]\d|3[01])\.?[- ]?{_MONTH}\.?[- ]?(?:(?:19|20)\d\d|\d\d)"
    r"|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))"
    r"(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\[?\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?\]?$")
_SEX = frozenset(["m", "f", "k", "male", "female", "mand", "kvinde", "dreng", "pige", "man", "woman", "kv"])
_ICD = re.compile(r"D?[A-TV-Z]\d\d[0-9A-Z]?\.?\d{0,2}[A-Z]?$")
_GENOTYPE = re.compile(r"(?:[0-9.][/|][0-9.]|[ACGT][/|]?[ACGT]|ht|hom|het|wt)$", re.IGNORECASE)
_SUMMARY = re.compile(
    r"(?:[<>≤≥]\s*[\d.,]+|n\s*<\s*\d+|[\d.,]+\s*%|[-\d.,]+\s*[(\[][^)\]]*\d[^)\]]*[)\]]|[-\d.,]+\s*(?:±|\+/-|;|to)\s*[-\d.,]+"
    r"|[(\[]?-?[\d.,]+\s*(?:[-–—]|;|,)\s*-?[\d.,]+[)\]]|-?\d+[.,]\d+\s*[-–—]\s*-?\d+[.,]\d+)$"
)
_BAND = re.compile(
    r"(?:[<>≤≥]=?\s*\d+|\d{1,3}\s*(?:[-–—]|to|til)\s*\d{1,3}|\d{1,3}\s*(?:\+|plus)|[(\[]\d+[.,]\d+\s*[)\]]|[\[(]\d+,\s*\d+[)\]])"
    r"(?:\s*(?:år|years?|yrs?|y))?$"
)
_ID = re.compile(
    r"(?=[^\d]*\d)(?:[A-Za-zÆØÅ]{1,8}[-_/. ]?)?\d[\dA-Za-z]*(?:[-_/.][\dA-Za-z]+)*$|[A-Za-z]+[-_]?[0-9a-fA-F-]{3,}$"
)
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$|[0-9a-f]{16,64}$", re.IGNORECASE)
_LONG_CODE = re.compile(r"[A-Z0-9]{8,}$")
_GENE = re.compile(
    r"(?:ENS[A-Z]{0,4}[GTPE]\d{6,}|rs\d{2,}|GO:\d+|HP:\d+|R-HSA-\d+|hsa\d+|cg\d{6,}|(?:chr)?[\dXYM]{1,2}[:_]\d+\S*|NM_\d+\S*)",
    re.I,
)
_NAME = re.compile(r"[A-ZÆØÅ][a-zæøåéü]+(?: [A-ZÆØÅ][\w.æøåéü-]*)+$")
_NOTHING = frozenset(("", "na", "n/a", "nan", "none", "null", ".", "-", "<na>", "nat", "missing", "mangler", "..", "*"))
_LONGEST = 200
_TOTAL = frozenset(["total", "totalt", "ialt", "all", "alle", "sum", "overall", "samlet", "samtlige", "subtotal"])


@dataclass(frozen=True, slots=True)
class Profile:
    """Shares (0 to 1) of shapes among the filled cells of one column.

    Args:
        filled: number of cells that hold something.
        distinct: share of distinct values.
        axis: distinct, rising or falling in even steps: what a time series or a life table runs along.
        low, high: of the numbers; 0 where there are none.
    """

    filled: int = 0
    distinct: float = 0.0
    number: float = 0.0
    whole: float = 0.0
    day: float = 0.0
    clock: float = 0.0
    sex: float = 0.0
    icd: float = 0.0
    genotype: float = 0.0
    summary: float = 0.0
    band: float = 0.0
    id_like: float = 0.0
    opaque: float = 0.0
    gene: float = 0.0
    name: float = 0.0
    prose: float = 0.0
    axis: bool = False
    counting: bool = False
    low: float = 0.0
    high: float = 0.0
    variety: int = 0


def is_nothing(cell: Cell) -> bool:
    """Whether a cell stands for no value."""
    return cell is None or (isinstance(cell, str) and cell.strip().lower() in _NOTHING)


def is_total(cell: Cell) -> bool:
    """Whether a cell labels a row of totals (`I alt`, `Total`)."""
    return isinstance(cell, str) and re.sub(r"[^a-zæøå]", "", cell.lower()) in _TOTAL


def as_number(cell: Cell) -> float | None:
    """The number in a cell, decimal comma or point; None where it is none."""
    if isinstance(cell, bool):
        return float(cell)
    if isinstance(cell, int | float):
        return float(cell)
    if not isinstance(cell, str):
        return None
    text = cell.strip()
    if len(text) > 30 or not _NUMBER.match(text):
        return None
    text = text.removesuffix("L")
    if "," in text:
        text = text.replace(".", "").replace(",", ".") if text.rfind(",") > text.rfind(".") else text.replace(",", "")
    try:
        return float(text)
    except ValueError:
        return None


def is_day(cell: Cell) -> bool:
    """Whether a cell is a date with its day."""
    if isinstance(cell, date | datetime):
        return True
    return isinstance(cell, str) and 6 <= len(cell) <= 40 and bool(_DAY.match(cell.strip()))


def looks_like_id(text: str) -> bool:
    """Whether a text is shaped as a code that tells one thing from others."""
    text = text.strip().strip("'\"")
    return len(text) <= 64 and bool(_ID.match(text) or _UUID.match(text)) and not _GENE.match(text)


def looks_like_gene(text: str) -> bool:
    """Whether a text names a gene, variant, term or place in the genome."""
    return bool(_GENE.match(text.strip()))


def profile(cells: Sequence[Cell]) -> Profile:
    """The shapes of one column's cells; call with a sample of at most some hundreds."""
    texts = [cell for cell in cells if not is_nothing(cell)]
    if not texts:
        return Profile()
    count = len(texts)
    words = [cell[:_LONGEST].strip().strip("'\"") if isinstance(cell, str) else str(cell) for cell in texts]
    numbers = [number for number in map(as_number, texts) if number is not None]
    days = sum(map(is_day, texts))

    # A column of counts has the same few words again and again: each is looked at once.
    often = Counter(words).items()

    def share(pattern: re.Pattern[str]) -> float:
        return shared(lambda word: pattern.match(word) is not None)

    def shared(told: Callable[[str], bool]) -> float:
        return sum(many for word, many in often if told(word)) / count

    variety = len(often)
    return Profile(
        filled=count,
        variety=variety,
        distinct=variety / count,
        number=len(numbers) / count,
        whole=sum(number == int(number) for number in numbers if abs(number) < 1e15) / count,
        day=days / count,
        clock=share(_CLOCK),
        sex=shared(lambda word: word.lower() in _SEX),
        icd=share(_ICD),
        genotype=share(_GENOTYPE),
        summary=share(_SUMMARY),
        band=share(_BAND),
        id_like=shared(looks_like_id),
        opaque=shared(lambda word: bool(_UUID.match(word) or _LONG_CODE.match(word)) and _mixed(word)),
        gene=share(_GENE),
        name=share(_NAME),
        prose=shared(lambda word: word.count(" ") >= 3),
        axis=_is_axis(numbers, count) or _marching_days(words, days, count),
        counting=_counts_up(numbers, count),
        low=min(numbers, default=0.0),
        high=max(numbers, default=0.0),
    )


def _mixed(word: str) -> bool:
    """Whether digits and letters stand in one word; digits alone may be an amount."""
    return any(map(str.isdigit, word)) and any(map(str.isalpha, word))


def _is_axis(numbers: Sequence[float], count: int) -> bool:
    if len(numbers) != count or count < 3:
        return False
    steps = {round(after - before, 9) for before, after in pairwise(numbers)}
    return len(steps) == 1 and steps != {0.0}


def _marching_days(words: Sequence[str], days: int, count: int) -> bool:
    """Dates in rising order without a repetition: a series over time."""
    if days != count or count < 3:
        return False
    return all(before < after for before, after in pairwise(words)) and len(words[0]) == len(words[-1])


def _counts_up(numbers: Sequence[float], count: int) -> bool:
    """1, 2, 3 … or 0, 1, 2 …: row numbers."""
    return (
        len(numbers) == count
        and count >= 2
        and numbers[0] in (0.0, 1.0)
        and all(after == before + 1 for before, after in pairwise(numbers))
    )
