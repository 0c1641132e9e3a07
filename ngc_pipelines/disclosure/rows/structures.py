"""Rows that do not stand in columns: dictionaries, JSON, `str()` and `glimpse()`, records line by line, prose.

Each is read into a `Grid` and judged like any other; tables in columns are
read in `printed`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import groupby, islice
from typing import Any

import re2

from ngc_pipelines.disclosure.rows.grids import SAMPLE, Grid
from ngc_pipelines.disclosure.rows.values import is_day, looks_like_id
from ngc_pipelines.disclosure.rows.vocabulary import Role, role_of

_OBJECT = r"\{[^{}]{4,}\}"
_ENTRY = re.compile(
    r"""(?:["']([^"'{}]{1,60})["']|\b([A-Za-zÆØÅæøå_][\w.]{0,59}))\s*[:=]\s*("[^"]*"|'[^']*'|\w+\([^()]*\)|[^,{}\[\]"'\n]+)"""
)
_GLIMPSE = re.compile(
    r"^\s*\$\s*`?([\w. æøåÆØÅ]+?)`?\s*"
    r"(?::\s*(?:int|num|chr|Date|POSIXct|logi|Factor|ord|dbl|'[^']*'|Ord\.factor)|<\w+>)(.*)$"
)
_VALUE_LIST = re.compile(r"\"[^\"]*\"|'[^']*'|[^\s,]+")
_LINE_ENTRY = re.compile(
    r"^[\s>*#|-]*([A-Za-zÆØÅæøå][\wÆØÅæøå .()/-]{0,40}?)\s*(?:\.{2,}|[:=\t|])\s*(\S.{0,200}?)\s*\|?$"
)
_PERSONS_WORDS = (
    r"(?:patient|subject|participant|deltager|individ|individual|person|sample|prøve|proband|borger|donor|case"
    r"|respondent)"
)
_TOLD_PERSON = (
    rf"(?i)\b(?:{_PERSONS_WORDS}|pt\.?|id|pid|patid|pnr|lbnr|løbenr|iid|observation|obs\.?|row|record|række)"
    r"(?:[ _-]?(?:id|nr\.?|no\.?|number|nummer))?[ :=#(\[\"']{1,4}"
    r"([A-Z]{0,6}[-_]?[0-9][0-9A-Z_-]*)\b"
)
_ABOUT = re.compile(
    r"(?i)\b(?:age|alder|aged|år|years? old|year-old|sex|køn|gender|male|female|mand|kvinde|man|woman|dx"
    r"|diagnos[ei]s?|icd|born|født|dob|bmi|f\. ?\d"
    r"|died|døde|postnr|dato|date|genotype|mutation|carrier|homozygous|heterozygous)\b"
)
_MENTIONED = (
    r"(?i)\bid\b|_id\b|patient|subj|particip|deltager|individ|person|sample|prøve|proeve|proband|borger|donor|\bcase|respond"
    r"|\bpid|\bpt\b|\bobs|\brow\b|række|patid|ptid|pnr|cpr|lbnr|løbenr|loebenr|lobenr|mrn|barcode|stregkode|pseudo|\beid\b|\biid\b|\bfid\b|journal|rekv"
    r"|labn|specimen|\bdob\b|birth|born|født|foed|fødsel|fdato|foddato|bdate|brthdt|\bage\b|alder|\bsex\b|køn|koen|gender|navn"
)
_DESCRIBED = re.compile(
    r"(?i)^.{0,60}?(?:\d[- ]years?[- ]old|\d-årig|\baged? \d|\bage[:= ]+\d|\d år\b|\b(?:woman|man|kvinde|mand)\b)"
)
_ROW_WORDS = (b"obs", b"row", b"record", "række".encode())
_NO_PERSON = re.compile(rb"(?i)obs|row|record|r\xc3\xa6kke")
_NAME_ALONE = re.compile(r"[^\W\d][^\d,;|=]{0,39}$")
_LEAST = 3
_OBJECTS_PER_TEXT = 5_000
_BLOCKS_PER_TEXT = 5_000
_NAMES_PER_TEXT = 20_000
_PERSONS_PER_TEXT = 2_000
_WIDEST = 30
_LONGEST_CELL = 60


def structured_grids(text: str, *, mentions: bool = True) -> Iterator[Grid]:
    """Grids of the rows in `text` that do not stand in columns; `Grid.first` counts lines from 1.

    Args:
        mentions: False where no word for a person stands in it, as `mentions_persons` says.
    """
    if text.count("{") >= _LEAST:
        yield from _dictionaries(text)
    if "$ " in text:
        yield from _structure_listings(text)
    if mentions:
        yield from _records(text)
        yield from _stacked(text)


def mentions_persons(text: str) -> bool:
    """Whether any word for a person, an identifier or a birth stands in `text`; one fast pass."""
    return _mentions().search(text.encode("utf-8", "replace")) is not None


def told_persons(text: str) -> tuple[int, int, bool] | None:
    """Persons told one by one in running text, a line each.

    Returns:
        How many, the line of the first, and whether anything is told about
        them; None where fewer than three are.
    """
    found: dict[str, tuple[int, bool]] = {}
    data = text.encode("utf-8", "replace")
    line, at = 1, 0
    for looked_at, match in enumerate(_told().finditer(data)):
        line += data.count(b"\n", at, match.start())
        at = match.start()
        rest = data[match.start() : match.start() + 300].partition(b"\n")[0].decode("utf-8", "replace")
        before = data[max(0, match.start() - 120) : match.start()].rpartition(b"\n")[2].decode("utf-8", "replace")
        key = match.group(1).decode("utf-8", "replace").lower()
        enough = len(re.sub(r"\D", "", key)) >= 2 or _DESCRIBED.search(rest)
        if enough and key not in found:
            described = bool(_ABOUT.search(before) or _ABOUT.search(rest))
            if _NO_PERSON.match(match.group()):
                described = bool(_DESCRIBED.search(rest))
            if described or not match.group().lower().startswith((b"id", *_ROW_WORDS)):
                found[key] = (line, described)
        if len(found) >= _PERSONS_PER_TEXT or looked_at >= 10 * _PERSONS_PER_TEXT:
            break
    if len(found) < _LEAST:
        return None
    about = sum(told for _, told in found.values())
    return len(found), next(iter(found.values()))[0], about >= max(_LEAST, len(found) // 2)


def _dictionaries(text: str) -> Iterator[Grid]:
    """Objects with the same keys: JSON, lists of dictionaries, JSON lines."""
    records: list[tuple[int, tuple[str, ...], tuple[str, ...]]] = []
    data = text.encode("utf-8", "replace")
    for match in _object().finditer(data):
        entries = _ENTRY.findall(match.group()[:4000].decode("utf-8", "replace"))
        if len(entries) >= 2:
            names = tuple(quoted or bare for quoted, bare, _ in entries)
            records.append((match.start(), names, tuple(value.strip().strip("\"'") for _, _, value in entries)))
        if len(records) >= _OBJECTS_PER_TEXT:
            break
    for names, group in groupby(records, key=lambda record: record[1]):
        rows = list(group)
        if len(rows) >= 2:
            line = data.count(b"\n", 0, rows[0][0]) + 1
            yield Grid(names, tuple(row for _, _, row in rows[:SAMPLE]), len(rows), line, listed=True)


def _structure_listings(text: str) -> Iterator[Grid]:
    """R's `str()` and `glimpse()`: a line a variable, with its first values."""
    columns: list[tuple[str, list[str]]] = []
    first = 0
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        match = _GLIMPSE.match(line[:2000]) if "$" in line else None
        if match:
            first = first or number
            columns.append((match[1], _listed_values(match[2])))
        elif columns:
            yield from _from_columns(columns, first)
            columns, first = [], 0


def _listed_values(text: str) -> list[str]:
    text = re.sub(r"^\s*w/ \d+ levels? [^:]*:", "", text)
    text = re.sub(r"^\s*\[[\d:]+\]|, format:", "", text)
    return [value.strip("\"'") for value in _VALUE_LIST.findall(text) if value not in ("...", "…", ":")]


def _from_columns(columns: list[tuple[str, list[str]]], first: int) -> Iterator[Grid]:
    count = max(len(values) for _, values in columns)
    if len(columns) < 2 or count < 2:
        return
    rows = tuple(tuple(values[i] if i < len(values) else None for _, values in columns) for i in range(count))
    yield Grid(tuple(name for name, _ in columns), rows, count, first, listed=True)


def _records(text: str) -> Iterator[Grid]:
    """A block of `name: value` lines for each person."""
    if not _may_hold_records(text):
        return
    blocks: list[tuple[int, dict[str, str]]] = []
    current: dict[str, str] = {}
    first = 0
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        match = _LINE_ENTRY.match(line) if len(line) < 400 else None
        if match and match[1].strip() not in current:
            first = first or number
            current[match[1].strip()] = match[2]
            continue
        if current:
            blocks.append((first, current))
            if len(blocks) >= _BLOCKS_PER_TEXT:
                break
        current, first = ({match[1].strip(): match[2]}, number) if match else ({}, 0)
    yield from _from_blocks(blocks)


def _may_hold_records(text: str) -> bool:
    names = Counter(
        role_of(match.group(1).decode("utf-8", "replace"))
        for match in islice(_record_name().finditer(text.encode("utf-8", "replace")), _NAMES_PER_TEXT)
    )
    return names[Role.PERSON] + names[Role.BIRTH] + names[Role.BARE_ID] + names[Role.QUASI] >= 2


def _from_blocks(blocks: list[tuple[int, dict[str, str]]]) -> Iterator[Grid]:
    alike = [(first, block) for first, block in blocks if len(block) >= 2 and _about_a_person(block)]
    for names, group in groupby(alike, key=lambda item: tuple(item[1])):
        members = list(group)
        rows = tuple(tuple(block.values()) for _, block in members)
        if len(rows) >= 2:
            yield Grid(names, rows[:SAMPLE], len(rows), members[0][0], listed=True)
        elif _identified(members[0][1]):
            # One person's record: doubled, so that it is judged as rows are.
            yield Grid(names, rows, 1, members[0][0], listed=True)


def _stacked(text: str) -> Iterator[Grid]:
    """Cells one under the other, as a table comes out of a document's text: names first, then row by row."""
    lines = [line.strip() for line in text.split("\n")]
    if sum(map(_is_name, lines)) < 2:
        return
    at = 0
    while at < len(lines):
        width = 0
        while at + width < len(lines) and _is_name(lines[at + width]) and width < _WIDEST:
            width += 1
        if width >= 2:
            end = _end_of_cells(lines, at + width)
            cells = lines[at + width : min(end, at + width * (SAMPLE + 1))]
            rows = tuple(tuple(cells[i : i + width]) for i in range(0, len(cells) - width + 1, width))
            if len(rows) >= _LEAST:
                yield Grid(tuple(lines[at : at + width]), rows, (end - at) // width - 1, at + width + 1)
                at = end
                continue
        at += max(1, width)


def _end_of_cells(lines: list[str], start: int) -> int:
    for number in range(start, len(lines)):
        if not 0 < len(lines[number]) <= _LONGEST_CELL:
            return number
    return len(lines)


def _is_name(line: str) -> bool:
    return bool(_NAME_ALONE.match(line)) and role_of(line) not in (Role.OTHER, Role.AGGREGATE)


def _about_a_person(block: dict[str, str]) -> bool:
    return any(role_of(name) in (Role.PERSON, Role.BIRTH, Role.QUASI, Role.BARE_ID) for name in block)


def _identified(block: dict[str, str]) -> bool:
    return any(
        (role_of(name) is Role.PERSON and looks_like_id(value)) or (role_of(name) is Role.BIRTH and is_day(value))
        for name, value in block.items()
    )


@cache
def _object() -> Any:
    return re2.compile(_OBJECT.encode())


@cache
def _record_name() -> Any:
    return re2.compile(
        rb"(?m)^[\s>*#|-]*([A-Za-z\x{C6}\x{D8}\x{C5}\x{E6}\x{F8}\x{E5}][^\n:=\t]{0,40}?)[ ]*(?:\.\.+|[:=\t|])[ \t]*\S"
    )


@cache
def _mentions() -> Any:
    return re2.compile(_MENTIONED.encode())


@cache
def _told() -> Any:
    return re2.compile(_TOLD_PERSON.encode())
