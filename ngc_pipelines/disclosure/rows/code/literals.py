"""What literals in a program mean: persons picked out, or constants of an analysis.

Rules as functions of a name and its values; reading programs lives beside.
Codes of diseases, genes, breaks, years, labels and colours are constants;
identifiers, dates of birth and long lists of measurements are persons.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from ngc_pipelines.disclosure.rows.grids import SAMPLE, Grid
from ngc_pipelines.disclosure.rows.judging import judge
from ngc_pipelines.disclosure.rows.values import is_day, looks_like_gene, looks_like_id
from ngc_pipelines.disclosure.rows.vocabulary import Role, role_of

Literal = str | float


class CodeReason(Enum):
    """How a program holds individual data."""

    CONDITION = "a condition on one person"
    LIST = "a list of identifiers"
    VALUES = "values of single persons"
    KEYED = "a mapping from persons"
    ROWS = "rows of persons as literals"


@dataclass(frozen=True, slots=True)
class CodeFault:
    """One place in a program: why, how sure, its line from 1, how many persons."""

    reason: CodeReason
    certain: bool
    line: int
    count: int = 1


_MISSING_CODES = frozenset((0.0, 1.0, -1.0, 9.0, 99.0, 999.0, 9999.0, 99999.0, 88.0, 888.0, -9.0, -99.0, -999.0))
_EQUALITIES = frozenset(
    [
        "==",
        "=",
        "!=",
        "<>",
        "~=",
        "in",
        "%in%",
        "notin",
        "not",
        "eq",
        "ne",
        "is",
        "===",
        "!==",
        "inlist",
        "case",
        "isin",
    ]
)
_PICKING = re.compile(
    r"exclu|remov|drop|bad|outl|wrong|fejl|udeluk|slet|keep|inclu|behold|ids?$|patien|deltag|persons?$|sampl|prøver",
    re.I,
)
_CODE_LISTS = re.compile(
    r"icd|diag|atc|codes?$|koder?$|kommune|postn|region|label|colou?r|farve|palette|snp|gene|level|year|år|break|bin|dx",
    re.I,
)
_CLINICAL = re.compile(r"D?[A-TV-Z]\d{2}(?:\.?[0-9A-Z]{0,4})?$|[A-Z]\d{2}[A-Z]{2}\d{2}$|[A-Z]\d{2}[A-Z]{0,2}$")
_COLOUR = re.compile(r"#?[0-9A-Fa-f]{6}(?:[0-9A-Fa-f]{2})?$")
_SHAPE = re.compile(r"\d")
_NAMES = re.compile(r"(?i)^(?:patient_?|full_?)?(?:name|navn)$|fornavn|efternavn|surname")
_FULL_NAME = re.compile(r"[A-ZÆØÅ][a-zæøåé]+(?:[ -][A-ZÆØÅ][\wæøåé.]*)+$")
_ACCESSION = re.compile(r"(?:GSE|GSM|GPL|NCT|PRJ[A-Z]{2}|PMID|EGAD|EGAS|doi|ISRCTN)\d", re.I)
_VERSION = re.compile(r"(?:[A-Za-z.]+[-_])?v?\d+(?:\.\d+)+$|(?:grch|hg|b)\d\d$", re.I)
_SHORTEST_LIST = 3
_VALUES_DOUBTFUL = 8
_VALUES_MANY = 20


def judge_comparison(name: str, operator: str, values: Sequence[Literal], line: int) -> CodeFault | None:
    """What a condition `name operator values` does: picks out persons or not."""
    operator = "in" if operator.startswith("%") else operator.lower().replace(" ", "")
    if operator not in _EQUALITIES or not values:
        return None
    role = role_of(name)
    if _NAMES.search(name) and any(isinstance(value, str) and _FULL_NAME.match(value) for value in values):
        return CodeFault(CodeReason.CONDITION, False, line, len(values))
    if role is Role.BIRTH:
        exact = [value for value in values if (isinstance(value, str) and is_day(value)) or _serial_date(value)]
        return CodeFault(CodeReason.CONDITION, True, line, len(exact)) if exact else None
    if role not in (Role.PERSON, Role.BARE_ID):
        return None
    telling = [value for value in values if _names_one(value)]
    if not telling:
        return None
    plain = role is Role.PERSON or re.sub(r"[^a-z]", "", name.lower()) in ("id", "ids")
    return CodeFault(CodeReason.CONDITION, plain or len(telling) >= _SHORTEST_LIST, line, len(telling))


def judge_vector(name: str, values: Sequence[Literal], line: int, total: int | None = None) -> CodeFault | None:
    """What a list of literals called `name` (or nothing) holds.

    Args:
        total: how many values there are, where `values` is a part.
    """
    count = total or len(values)
    if count < 2:
        return None
    role = role_of(name) if name else Role.OTHER
    texts = [value for value in values if isinstance(value, str)]
    if len(texts) == len(values):
        return _judge_texts(name, role, texts, line, count)
    numbers = [float(value) for value in values if not isinstance(value, str)]
    return _judge_numbers(name, role, numbers, line, count) if len(numbers) == len(values) else None


def judge_mapping(name: str, keys: Sequence[Literal], values_are_data: bool, line: int) -> CodeFault | None:
    """What a mapping keyed by literals holds.

    Args:
        values_are_data: whether what they map to are dates, records or numbers and no labels.
    """
    if len(keys) < _SHORTEST_LIST:
        return None
    role = role_of(name) if name else Role.OTHER
    telling = sum(_names_one(key, least_digits=3) for key in keys)
    if telling < 0.8 * len(keys) or (name and _CODE_LISTS.search(name)):
        return None
    if role in (Role.PERSON, Role.BARE_ID):
        return CodeFault(CodeReason.KEYED, True, line, len(keys))
    if any(isinstance(key, float) and 1900 <= key <= 2100 for key in keys) or _evenly(keys):
        return None
    shaped = sum(isinstance(key, str) or key >= 1000 for key in keys) > 0.8 * len(keys)
    return CodeFault(CodeReason.KEYED, values_are_data and shaped, line, len(keys)) if shaped else None


def judge_frame(
    names: Sequence[str], columns: Sequence[Sequence[Literal]], line: int, threshold: int
) -> CodeFault | None:
    """What a data frame built from literals holds, its columns given."""
    count = max(map(len, columns), default=0)
    if count < 2:
        return None
    rows = tuple(tuple(c[i] if i < len(c) else None for c in columns) for i in range(min(count, SAMPLE)))
    judgement = judge(Grid(tuple(names), rows, count), threshold)
    if judgement is None:
        return None
    return CodeFault(CodeReason.ROWS, judgement.certain, line, judgement.rows)


def _names_one(value: Literal, least_digits: int = 2) -> bool:
    if isinstance(value, str):
        text = value.strip()
        digits = sum(map(str.isdigit, text))
        return digits >= least_digits and looks_like_id(text) and not _constant(text)
    return value == int(value) and abs(value) >= 10 and value not in _MISSING_CODES if abs(value) < 1e18 else False


def _serial_date(value: Literal) -> bool:
    return isinstance(value, float) and value == int(value) and (1e7 < value < 1e9 or 1_000 < abs(value) < 60_000)


def _constant(text: str) -> bool:
    return bool(
        (_CLINICAL.match(text) and not re.search(r"\d{4}", text))
        or looks_like_gene(text)
        or _VERSION.match(text)
        or _ACCESSION.match(text)
        or (text.startswith("#") and _COLOUR.match(text))
        or re.match(r"(?:19|20)\d\d$", text)
    )


def _judge_texts(name: str, role: Role, texts: Sequence[str], line: int, count: int) -> CodeFault | None:
    days = sum(map(is_day, texts))
    if days > 0.8 * len(texts) and role is Role.BIRTH:
        return CodeFault(CodeReason.VALUES, True, line, count)
    if role is Role.ENTITY or (name and _CODE_LISTS.search(name) and role is not Role.PERSON):
        return None
    ids = [text for text in texts if _names_one(text)]
    if len(ids) > 0.8 * len(texts) and days < 0.5 * len(texts):
        if role in (Role.PERSON, Role.BARE_ID) or (name and _PICKING.search(name)):
            return CodeFault(CodeReason.LIST, True, line, count)
        long = sum(sum(map(str.isdigit, text)) >= 3 for text in ids) > 0.8 * len(ids)
        shapes = {_SHAPE.sub("0", text) for text in ids}
        if count >= _SHORTEST_LIST and long and len(shapes) <= 2 and not _evenly(ids):
            return CodeFault(CodeReason.LIST, count >= _SHORTEST_LIST + 2 and not _COLOUR.match(ids[0]), line, count)
    if days > 0.8 * len(texts) and count >= _VALUES_DOUBTFUL and list(texts) != sorted(texts):
        return CodeFault(CodeReason.VALUES, False, line, count)
    if role is Role.QUASI and count >= _VALUES_DOUBTFUL and len(set(texts)) < len(texts):
        return CodeFault(CodeReason.VALUES, count >= _VALUES_MANY, line, count)
    return None


def _judge_numbers(name: str, role: Role, numbers: Sequence[float], line: int, count: int) -> CodeFault | None:
    if role in (Role.PERSON, Role.BARE_ID) or (role is Role.OTHER and name and _PICKING.search(name)):
        telling = sum(_names_one(number) for number in numbers)
        large = sum(number >= 1000 for number in numbers)
        if telling > 0.5 * len(numbers) and not _evenly(numbers) and (role is not Role.OTHER or large or count >= 5):
            return CodeFault(CodeReason.LIST, role is not Role.OTHER or large > 0.5 * len(numbers), line, count)
    if role in (Role.AGGREGATE, Role.ENTITY, Role.PERIOD) or (name and _CODE_LISTS.search(name)):
        return None
    ordered = list(numbers) in (sorted(numbers), sorted(numbers, reverse=True))
    varied = len(set(numbers)) >= 5
    if ordered or not varied:
        return None
    whole_codes = sum(number == int(number) and number >= 10_000 for number in numbers if abs(number) < 1e18)
    if whole_codes > 0.8 * len(numbers) and count >= 5 and len(set(numbers)) == len(numbers):
        return CodeFault(CodeReason.LIST, False, line, count)
    if role in (Role.QUASI, Role.TRAIT, Role.BIRTH) and count >= _VALUES_DOUBTFUL:
        return CodeFault(CodeReason.VALUES, count >= _VALUES_MANY, line, count)
    if count >= _VALUES_MANY:
        return CodeFault(CodeReason.VALUES, False, line, count)
    return None


def _evenly(values: Sequence[Literal]) -> bool:
    """Whether the numbers in the values march in even steps, as names made by a loop do."""
    numbers = []
    for value in values:
        digits = re.sub(r"\D", "", value)[-15:] if isinstance(value, str) else ""
        numbers.append(float(digits) if digits else (value if isinstance(value, float) else 0.0))
    steps = {after - before for before, after in pairwise(numbers)}
    return len(steps) == 1
