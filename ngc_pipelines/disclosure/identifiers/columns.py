"""Columns of identifiers: CPR numbers with lost zeros, dates beside serials, codes of persons.

What a single cell does not say, its column does: its header, its other values,
how many of them differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ngc_pipelines.disclosure.findings import Finding, Severity, Words
from ngc_pipelines.disclosure.identifiers.context_words import heads_ids, heads_serials, may_head_counts, names_cpr
from ngc_pipelines.disclosure.identifiers.cpr import day_of, form_of
from ngc_pipelines.disclosure.identifiers.known import KnownIdentifiers
from ngc_pipelines.disclosure.identifiers.masking import mask_cpr
from ngc_pipelines.disclosure.identifiers.numbers import CERTAIN, LAB_NUMBERS, SHARE, are_lab_numbers
from ngc_pipelines.disclosure.identifiers.wording import cpr_finding, id_finding, known_finding
from ngc_pipelines.disclosure.pieces import Cell, Table
from ngc_pipelines.disclosure.policy import Policy

_HEADER_ROWS = 6
_WIDEST = 4_000
_SAMPLE = 64
"""Rows by which two columns are told not to be dates and serials."""

_NUMBER = re.compile(r"\s*(\d{7,10})(?:[.,]0+)?\s*$|\s*(\d(?:[.,]\d+)?[eE]\+?0?[789])\s*$")
_GROUPED = re.compile(r"\s*\d{1,3}(?:([., '\u00a0\u202f])\d{3}){2}(?:\1\d{3})?\s*$")
_UUID = re.compile(r"\{?[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\}?$", re.IGNORECASE)
_LAB_CODE = re.compile(r"[A-ZÆØÅ]{1,6}[-_ ]?\d{4,12}(?:[-_]\d{1,4})?$", re.IGNORECASE)
_CODE = re.compile(r"(?=.*\d)[\w.:/-]{1,64}$")
_PUBLIC = re.compile(
    r"ENS[A-Z]*\d|rs\d|ss\d|[NXAY][MRPCGT]_\d|GO:|HGNC|chr|cg\d|ILMN|COS[MVG]|OMIM|MONDO|HP:|ORPHA|R-HSA|hsa|DB\d"
    r"|CHEMBL|UP\d|[OPQ]\d[A-Z0-9]{3}\d|[A-Z]\d{2}[A-Z]{2}\d{2}|D[A-Z]\d{2}|SO:|CL:|UBERON|EFO|PMID|PMC|NCT|DOI|ISBN"
    r"|Q\d|LOC\d|LINC\d|MIR\d|AC\d|AL\d|AP\d|KRT|ZNF|TMEM|CCDC|FAM|SLC|OR\d|RNU|HLA|GSE|GSM|SRR|ERR|SAM[NED]|E-",
    re.IGNORECASE,
)
"""Names of genes, variants, terms and publications: identifiers, but of no person."""

_IDS = Words(
    "En kolonne med identifikationer af personer eller prøver.", "A column of identifiers of persons or samples."
)
_SERIALS = Words("En kolonne med løbenumre for personer.", "A column of serial numbers of persons.")
_CODES = Words("En kolonne med koder, der er forskellige i hver række.", "A column of codes, different in every row.")
_UUIDS = Words("En kolonne med UUID'er.", "A column of UUIDs.")
_SPLIT = Words("delt over to kolonner (dato og løbenummer)", "split over two columns (date and serial)")
_IN_COLUMN = Words("i en kolonne", "in a column")


@dataclass(frozen=True, slots=True)
class _Column:
    index: int
    header: str
    values: tuple[Cell, ...]
    texts: tuple[str, ...]
    first: int


class ColumnJudge:
    """Judges the columns of each table by themselves and side by side."""

    def __init__(self, policy: Policy, as_of: date, known: KnownIdentifiers | None) -> None:
        self._policy = policy
        self._as_of = as_of
        self._known = known

    def judge(self, table: Table) -> Iterator[Finding]:
        """What the columns of one table, or of one block of it, are."""
        columns = list(_columns(table))
        for column in columns:
            found = list(self._cpr(table, column)) or list(self._known_ids(table, column))
            yield from found or self._ids(table, column)
        for left in columns:
            for right in columns[left.index + 1 : left.index + 3] if len(columns) == _width(table) else columns:
                if left.index < right.index <= left.index + 2:
                    yield from self._split(table, left, right)

    def _cpr(self, table: Table, column: _Column) -> Iterator[Finding]:
        said = names_cpr(column.header)
        tens: dict[str, None] = {}
        whole: dict[str, None] = {}
        distinct: set[str] = set()
        for value, text in zip(column.values, column.texts, strict=True):
            digits = _digits(value)
            distinct.add(digits or text)
            if digits and len(digits) in (9, 10) and form_of(digits.zfill(10), as_of=self._as_of) == "cpr":
                tens[digits.zfill(10)] = None
                if len(digits) == 10:
                    whole[digits] = None
        if not tens or not (said or _too_many(tens, whole, len(distinct))):
            return
        places = (table.where(column.first, column.index),)
        if not said and are_lab_numbers(list(tens), self._as_of):
            yield id_finding(places[0], LAB_NUMBERS, severity=Severity.BLOCK, count=len(tens))
            return
        yield cpr_finding("cpr", places[0], mask_cpr(next(iter(tens))), count=len(tens), how=_IN_COLUMN)

    def _known_ids(self, table: Table, column: _Column) -> Iterator[Finding]:
        if self._known is None:
            return
        distinct = {text for text in column.texts if len(text) <= 200}
        held = {text for text in distinct if self._known.holds(text.encode("utf-8", "replace"))}
        likely = heads_ids(column.header) or names_cpr(column.header)
        if held and (likely or (len(held) >= 3 and len(held) * 2 >= len(distinct))):
            yield known_finding(table.where(column.first, column.index), count=len(held), how=_IN_COLUMN)

    def _ids(self, table: Table, column: _Column) -> Iterator[Finding]:
        texts = list(column.texts)
        count, distinct = len(texts), set(texts)
        if count < self._policy.thresholds.rows or len(distinct) < self._policy.thresholds.id_like * count:
            return
        where = table.where(column.first, column.index)
        sample = texts[:2000]
        if _share(sample, _UUID) > 0.9:
            yield id_finding(where, _UUIDS, severity=Severity.BLOCK, count=count)
        elif _share(sample, _PUBLIC) > 0.5 or _share(sample, _CODE) < 0.9:
            return
        elif heads_ids(column.header):
            if may_head_counts(column.header) and all(map(str.isdecimal, sample)):
                return
            if _counts_on(column.texts):
                yield id_finding(where, _SERIALS, severity=Severity.REVIEW, count=count)
            else:
                yield id_finding(where, _IDS, severity=Severity.BLOCK, count=count)
        elif count >= CERTAIN and _share(sample, _LAB_CODE) > 0.9 and len({len(text) for text in sample}) <= 2:
            yield id_finding(where, _CODES, severity=Severity.REVIEW, count=count)

    def _split(self, table: Table, dates: _Column, serials: _Column) -> Iterator[Finding]:
        """A column of birth dates beside one of four digits."""
        pairs = list(zip(dates.values, serials.values, strict=False))
        if len(pairs) < self._policy.thresholds.rows:
            return
        sample = pairs[:_SAMPLE]
        if sum(_six(day, self._as_of) is not None and _four(serial) is not None for day, serial in sample) < 0.9 * len(
            sample
        ):
            return
        sixes = [_six(date_cell, self._as_of) for date_cell, _ in pairs]
        fours = [_four(serial) for _, serial in pairs]
        both = [six + four for six, four in zip(sixes, fours, strict=True) if six and four]
        if len(both) < 0.9 * len(pairs) or len(set(fours)) < 0.5 * len(pairs) or len(set(sixes)) < 3:
            return
        good = [ten for ten in both if form_of(ten, as_of=self._as_of)]
        certain = heads_serials(serials.header) or names_cpr(dates.header)
        # Real numbers have a serial that fits the date's century; years beside dates do not differ from row to row.
        if len(good) >= 0.9 * len(both) and (certain or not all("1850" <= four <= "2099" for four in fours if four)):
            where = table.where(dates.first, dates.index)
            yield cpr_finding("cpr", where, mask_cpr(good[0]), count=len(good), sure=certain, how=_SPLIT)


def _columns(table: Table) -> Iterator[_Column]:
    width = min(_width(table), _WIDEST)
    for index in range(width):
        cells = [row[index] if index < len(row) else None for row in table.rows]
        start = _first_value(cells)
        sample = cells[start : start + 4 * _SAMPLE]
        if 2 * sum(type(cell) is float and not cell.is_integer() for cell in sample) > len(sample):
            continue  # measurements: neither codes nor dates
        header = " ".join(_as_text(cell) for cell in cells[:start] if cell is not None)
        told = [(cell, text) for cell in cells[start:] if cell is not None and (text := _as_text(cell))]
        if told:
            values, texts = zip(*told, strict=True)
            yield _Column(index, header[:200], values, texts, start)


def _first_value(cells: Sequence[Cell]) -> int:
    """The row where a column's values begin: after the words that head it."""
    for row, cell in enumerate(cells[:_HEADER_ROWS]):
        text = _as_text(cell)
        if text and (not isinstance(cell, str) or any(char.isdigit() for char in text)) and row:
            return row
    return min(1, len(cells))


def _width(table: Table) -> int:
    return max((len(row) for row in table.rows), default=0)


def _too_many(tens: dict[str, None], whole: dict[str, None], distinct: int) -> bool:
    """Whether a column has more dates among its numbers than chance gives (rules 4 and 5)."""
    if len(whole) >= 3 and len(whole) >= 0.8 * distinct:
        return True
    if len(whole) >= CERTAIN and len(whole) >= SHARE * distinct:
        return True
    return bool(whole) and len(tens) >= CERTAIN and len(tens) >= 0.5 * distinct


def _digits(value: Cell) -> str | None:
    """The digits of a whole number of 7 to 10 digits, however a program wrote it."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, float):
        return str(int(value)) if 0 < value < 1e10 and value.is_integer() else None
    if isinstance(value, int):
        return str(value) if 0 < value < 10**10 else None
    if not isinstance(value, str):
        return None
    match = _NUMBER.match(value)
    if match is None:
        return "".join(filter(str.isdecimal, value)) if len(value) < 16 and _GROUPED.match(value) else None
    if match[1]:
        return match[1]
    number = float(match[2].replace(",", "."))
    return str(int(number)) if number.is_integer() else None


def _six(value: Cell, as_of: date) -> str | None:
    """A birth date as six digits, from a date cell or one of the usual spellings."""
    if isinstance(value, datetime | date):
        return value.strftime("%d%m%y")
    text = _as_text(value)
    if re.fullmatch(r"\d{5,6}", text):
        six = text.zfill(6)
        return six if form_of(f"{six}0000", as_of=as_of) or form_of(f"{six}4000", as_of=as_of) else None
    match = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)(?:[T ].*)?", text)
    if match and day_of(int(match[1]), match[2], match[3]):
        return f"{match[3]}{match[2]}{match[1][2:]}"
    match = re.fullmatch(r"(\d\d?)[-./](\d\d?)[-./](?:19|20)?(\d\d)", text)
    if match and day_of(2000 + int(match[3]), match[2], match[1]):
        return f"{match[1]:0>2}{match[2]:0>2}{match[3]}"
    return None


def _four(value: Cell) -> str | None:
    text = _as_text(value)
    return text.zfill(4) if re.fullmatch(r"\d{3,4}", text) else None


def _counts_on(numbers: Sequence[str]) -> bool:
    """Whether values are 1, 2, 3 … and say no more than the row's number."""
    start = int(numbers[0]) if numbers[0].isdecimal() and len(numbers[0]) < 8 else None
    return start is not None and start <= 1 and all(number == str(start + step) for step, number in enumerate(numbers))


def _share(texts: Sequence[str], pattern: re.Pattern[str]) -> float:
    return sum(pattern.match(text) is not None for text in texts) / max(len(texts), 1)


def _as_text(value: Cell) -> str:
    if type(value) is str:
        return value.strip()
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).strip()
