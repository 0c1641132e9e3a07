"""Judging one line of a CPR list at a time (CO-1): the patient way, for the lines that the fast way does not take.

Here: splitting a line into fields, judging the first two lines, the serial number and the number's cell. Not here: the
fast way over whole blocks (`blocks`), which must come to the same verdict on every line it takes.

Lines are bytes: what a good data line holds is ASCII, so no encoding needs to be guessed beyond the first two lines.
"""

import re
from dataclasses import dataclass
from datetime import date

from ngc_pipelines.domain.cpr import CprKind, parse_cpr

ACRONYM = re.compile(r"(?!.*[0-9]{6})(?!(?:[^0-9]*[0-9]){8})[A-Za-zÆØÅæøå0-9][A-Za-zÆØÅæøå0-9_.-]{1,39}")
_SERIAL = re.compile(rb"[1-9][0-9]{0,8}")
_LOOKS_LIKE_CPR = re.compile(rb"[0-9]{6}-?[0-9A-Za-z][0-9A-Za-z]{2}[0-9]")
_MASKED = re.compile(r"[0-9]{6}-?[0-9]{0,3}[xX*#]+|[xX*#]{6}-?[xX*#]{4}", re.ASCII)
_DECIMAL = re.compile(r"[0-9]+[.,][0-9]*(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+", re.ASCII)
_NINE = re.compile(r"[0-9]{9}|[0-9]{5}-[0-9]{4}", re.ASCII)
_DIGITS = re.compile(r"[0-9]+-?[0-9]*", re.ASCII)
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－_/"), "-")

_HEADERS_A = frozenset(
    {
        *("serienummer", "serienr", "serienumre", "løbenummer", "løbenr", "lbnr", "indeksnummer", "indeks", "index"),
        *("nummer", "nr", "serialnumber", "serialno", "serial"),
    }
)
_HEADERS_B = frozenset({"cprnummer", "cprnr", "cpr", "cprnumre", "personnummer", "cprnumber", "cprno"})

# What only fills a line: a spreadsheet writes the semicolons of columns that are empty.
_BLANK = b"; \t"


@dataclass(frozen=True, slots=True)
class Row:
    """The fields of a line, trailing empty ones dropped. faults, remarks: kinds that the splitting itself found."""

    fields: tuple[bytes, ...]
    faults: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one data line is: its number (ten digits as an integer) if it is good, else the kinds of fault."""

    number: int | None
    faults: tuple[str, ...]
    remarks: tuple[str, ...]


def is_blank(line: bytes) -> bool:
    """Tell whether a line carries nothing but separators and whitespace."""
    return not line.strip(_BLANK)


def split(line: bytes) -> Row:
    """Split a line at its semicolons; quotes count only around whole fields."""
    fields = line.split(b";")
    remarks: list[str] = []
    if b'"' in line:
        for number, raw in enumerate(fields):
            if b'"' not in raw:
                continue
            inner = raw[1:-1]
            if raw[:1] != b'"' or raw[-1:] != b'"' or len(raw) < 2 or b'"' in inner:
                return Row(tuple(fields), ("broken_quotes",))
            fields[number] = inner
        remarks.append("quotes")
    kept = len(fields)
    while kept > 1 and not fields[kept - 1].strip():
        kept -= 1
    if kept < len(fields):
        remarks.append("trailing_semicolons")
    return Row(tuple(fields[:kept]), (), tuple(remarks))


def judge_data_line(line: bytes, ordinal: int, as_of: date) -> Verdict:
    """Judge one data line.

    Args:
        line: without its line end, not blank.
        ordinal: its place among the data lines, from 1; the serial number must be the same.
        as_of: the day after which a birth date is future.
    """
    if b"\0" in line:
        return Verdict(None, ("nul_byte",), ())
    row = split(line)
    if row.faults:
        return Verdict(None, row.faults, ())
    if len(row.fields) < 2:
        # `7;` has its two columns, and the second one is empty.
        return Verdict(None, ("missing_number" if b";" in line else _one_column(line),), row.remarks)
    serial, cell = row.fields[0], row.fields[1]
    faults = ["extra_columns"] if len(row.fields) > 2 else []
    if _LOOKS_LIKE_CPR.fullmatch(serial) and not _LOOKS_LIKE_CPR.fullmatch(cell):
        return Verdict(None, ("columns_swapped", *faults), row.remarks)
    if not _SERIAL.fullmatch(serial):
        faults.append("serial_form")
    elif int(serial) != ordinal:
        faults.append("serial_order")
    kind, number = judge_cell(cell, as_of)
    if kind:
        faults.append(kind)
    return Verdict(number, tuple(faults), row.remarks)


def judge_cell(cell: bytes, as_of: date) -> tuple[str | None, int | None]:
    """Judge the cell of column B: (kind of fault, None) or (None, the ten digits as an integer)."""
    text = cell.decode("utf-8", errors="replace")
    result = parse_cpr(text, as_of=as_of)
    if result.number is not None:
        return None, int(result.number)
    if result.kind is not CprKind.NOT_CANONICAL:
        return result.kind.value, None
    # Recognised only to say what to do about it: a changed number is never accepted.
    bare = "".join(text.split())
    if not bare:
        return "missing_number", None
    if bare != text:
        return "whitespace", None
    if text != (plain := text.translate(_DASHES)) and parse_cpr(plain, as_of=as_of).kind is not CprKind.NOT_CANONICAL:
        return "other_hyphen", None
    if _NINE.fullmatch(text):
        return "lost_zero", None
    if _MASKED.fullmatch(text):
        return "masked_number", None
    if _DECIMAL.fullmatch(text):
        return "spreadsheet_number", None
    return ("wrong_length" if _DIGITS.fullmatch(text) else "not_canonical"), None


def looks_like_data(line: bytes) -> bool:
    """Tell whether a line where the acronym or the headers belong is a line of persons already."""
    fields = split(line).fields
    first = fields[0].strip()
    second = fields[1].strip() if len(fields) > 1 else b""
    return bool(_LOOKS_LIKE_CPR.fullmatch(first) or (first.isdigit() and sum(c in b"0123456789" for c in second) >= 6))


def judge_headers(line: bytes, encoding: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Judge line 2: (kinds of fault, kinds of remark)."""
    if b"\0" in line:
        return ("nul_byte",), ()
    row = split(line)
    if row.faults:
        return row.faults, ()
    names = [_plain(field.decode(encoding, errors="replace")) for field in row.fields]
    if is_blank(line):
        return ("header_missing",), ()
    if len(names) == 1:
        parts = re.split(r"[,\t]", line.decode(encoding, errors="replace"))
        return ("delimiter" if len(parts) > 1 else "header_names",), row.remarks
    if names[0] in _HEADERS_B and names[1] in _HEADERS_A:
        return ("columns_swapped",), row.remarks
    known = names[0] in _HEADERS_A and names[1] in _HEADERS_B
    faults = (() if known else ("header_names",)) + (("extra_columns",) if len(names) > 2 else ())
    return faults, row.remarks


def are_headers(line: bytes, encoding: str) -> bool:
    """Tell whether a line is the column headers, in either order."""
    faults, _ = judge_headers(line, encoding)
    return not faults or faults == ("columns_swapped",)


def judge_acronym(
    line: bytes, encoding: str, expected: str | None
) -> tuple[str | None, tuple[str, ...], tuple[str, ...]]:
    """Judge line 1: (the acronym if it is one, kinds of fault, kinds of remark).

    expected: the acronym of the application, compared exactly; None where there is nothing to compare with.
    """
    if b"\0" in line:
        return None, ("nul_byte",), ()
    if is_blank(line):
        return None, ("acronym_missing",), ()
    row = split(line)
    if row.faults:
        return None, row.faults, ()
    text = row.fields[0].decode(encoding, errors="replace")
    faults: tuple[str, ...] = ("acronym_columns",) if len(row.fields) > 1 else ()
    if any(character.isspace() for character in text):
        return None, (*faults, "acronym_whitespace"), row.remarks
    if not ACRONYM.fullmatch(text):
        return None, (*faults, "acronym_form"), row.remarks
    if expected is not None and text != expected:
        return text, (*faults, "acronym_other"), row.remarks
    return text, faults, row.remarks


def _one_column(line: bytes) -> str:
    return "delimiter" if re.fullmatch(rb"\s*[0-9]+\s*[,\t|:][^;]*|\s*[0-9]+ +\S[^;]*", line) else "missing_column"


def _plain(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())
