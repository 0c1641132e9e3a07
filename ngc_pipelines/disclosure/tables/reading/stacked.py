"""Cross tables whose cells stack several numbers: SAS PROC FREQ, Stata `tab, row col`, R's `CrossTable`.

    Frequency|
    Percent  |
    Row Pct  |
    Col Pct  |       0|       1|  Total
    ---------+--------+--------+
    F        |     12 |      3 |     15
             |  15.79 |   3.95 |  19.74

Made into a grid whose second column says what each line holds (`Count`, `Row
Pct`), as SPSS prints it; `folding` puts the percentages to their counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation

from ngc_pipelines.disclosure.tables.reading.fixed_width import Drawn, header_row, is_rule

COUNT = "Count"
_LEFT_OUT = ""
# What programs call the lines of a cell, and what it is called here.
_NAMES: tuple[tuple[str, str], ...] = (
    (r"frequency|frekvens|n", COUNT),
    (r"percent|procent|tot(?:al)? pct|cell percentage|n / table total", "Tot Pct"),
    (r"row pct|row percentage|n / row total", "Row Pct"),
    (r"col pct|column percentage|n / col total", "Col Pct"),
    (r"expected(?: n| frequency)?|deviation|cell chi-square|chi-square contribution|std residual", _LEFT_OUT),
)
_STATISTIC = re.compile("|".join(f"(?P<n{at}>{words})" for at, (words, _) in enumerate(_NAMES)), re.IGNORECASE)
_KEY = re.compile(r"^\s*(?:\|\s*Key\s*\||Cell Contents)\s*$", re.IGNORECASE)
_WITHOUT_BAR = re.compile(r"^\s*(?P<label>\S+(?: \S+)*)\s{2,}(?=[\d.])(?P<rest>.*)$")
# Lines above a block that are looked at for what its cells stack, and lines of such a key.
ABOVE = 18


def is_stacked(lines: Sequence[str], above: Sequence[str] = ()) -> bool:
    """Whether lines are a cross table whose cells stack several statistics.

    Args:
        above: lines before them, which may hold the key.
    """
    return len(_statistics(lines)) >= 2 or (len(_keyed([*above, *lines])) >= 2 and any("|" in line for line in lines))


def _named(text: str) -> str | None:
    """What a line of a cell is called; None where the text names none."""
    match = _STATISTIC.fullmatch(text.strip())
    return None if match is None or match.lastgroup is None else _NAMES[int(match.lastgroup[1:])][1]


def _statistics(lines: Sequence[str]) -> list[str]:
    """The names over the labels of a SAS table, in order."""
    found: list[str] = []
    for line in lines:
        name = _named(line.split("|")[0]) if "|" in line else None
        if name is not None:
            found.append(name)
        elif found:
            break
    return found


def _keyed(lines: Sequence[str]) -> list[str]:
    """The names of a key, in order: Stata's box, or the `Cell Contents` of R."""
    starts = [number for number, line in enumerate(lines) if _KEY.match(line)]
    found: list[str] = []
    for line in lines[starts[-1] + 1 :] if starts else ():
        name = _named(line.strip().strip("|"))
        if name is not None:
            found.append(name)
        elif found:
            break
    return found


def stacked_grid(lines: Sequence[str], above: Sequence[str] = ()) -> Drawn | None:
    """A stacked cross table with a row for each line of a cell; None where there is none."""
    names = _statistics(lines)
    if len(names) >= 2:
        at = next(number for number, line in enumerate(lines) if _named(line.split("|")[0]) and "|" in line)
        head = at + len(names) - 1
        over = _after_bar(lines[head])
        labels, first = [cell.strip() for cell in over.split("|")], head + 1
        labels = _last_apart(labels)
    else:
        names = _keyed([*above, *lines])
        head = next((n for n in range(1, len(lines)) if is_rule(lines[n]) and _over_numbers(lines, n)), 0) - 1
        if head < 0:
            return None
        labels, first = _labels(lines, head), head + 2
    if not names or names[0] != COUNT or not labels:
        return None
    rows: dict[int, tuple[str, ...]] = {head: ("", "", *labels)}
    rows |= dict(_body(lines, first, names, len(labels)))
    return Drawn(tuple(rows.values()), tuple(rows), labels=2) if len(rows) > 1 else None


def _over_numbers(lines: Sequence[str], rule: int) -> bool:
    """Whether a rule stands between a header with bars and a line of numbers with bars."""
    if "|" not in lines[rule - 1] or rule + 1 >= len(lines) or "|" not in lines[rule + 1]:
        return False
    values = _values(_after_bar(lines[rule + 1]))
    return bool(values) and all(_is_number(value) for value in values if value)


def _labels(lines: Sequence[str], head: int) -> list[str]:
    """The names of columns over the first line of numbers."""
    over = _after_bar(lines[head]).rstrip().rstrip("|")
    if over.count("|") > 1:
        return [cell.strip() for cell in over.split("|")]
    body = next((line for line in lines[head + 2 :] if "|" in line and not is_rule(line)), "")
    spans = [(match.start(), match.end()) for match in re.finditer(r"[^\s|]+", _after_bar(body))]
    return list(header_row(over.replace("|", " "), spans)[1:]) if spans else []


def _last_apart(labels: list[str]) -> list[str]:
    return labels[:-1] if labels and not labels[-1] else labels


def _after_bar(line: str) -> str:
    return line.partition("|")[2]


def _body(lines: Sequence[str], first: int, names: Sequence[str], width: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    """By line: the label of its row, what it holds, and its values."""
    label, place = "", len(names)
    for number in range(first, len(lines)):
        if not lines[number].strip() or is_rule(lines[number]):
            continue
        named, values = _read(lines[number], width)
        if named:
            label, place = named, 0
        if place < len(names) and names[place] != _LEFT_OUT and any(values):
            if "/" in names[place] or _are_parts(values, names[place]):
                values = [_of_hundred(value) for value in values]
            yield number, (label, names[place], *values)
        place += 1


def _read(line: str, width: int) -> tuple[str, list[str]]:
    """Label and values of one line, as many as there are columns."""
    if "|" in line:
        before, _, rest = line.partition("|")
        return before.strip(), [*_values(rest), *[""] * width][:width]
    match = _WITHOUT_BAR.match(line)
    label, rest = (
        (match["label"], match["rest"]) if match is not None and not _is_number(match["label"]) else ("", line)
    )
    values = rest.split()
    # What a row of totals leaves out stands left: its percentages end where the columns end.
    return label, [*values, *[""] * width][:width]


def _values(rest: str) -> list[str]:
    cells = [cell.split() for cell in rest.rstrip().rstrip("|").split("|")]
    if all(len(cell) <= 1 for cell in cells):
        return [cell[0] if cell else "" for cell in cells]
    return [value for cell in cells for value in cell]


def _is_number(value: str) -> bool:
    return value[:1].isdigit() or value in (".", "*") or value.startswith(("<", "."))


def _are_parts(values: Sequence[str], name: str) -> bool:
    """Whether shares are printed as parts of 1, as R's `CrossTable` does."""
    found = [value for value in values if value]
    return name != COUNT and all(re.fullmatch(r"[01]\.\d{3}", value) is not None for value in found)


def _of_hundred(value: str) -> str:
    try:
        return f"{Decimal(value).scaleb(2)}%" if value else ""
    except InvalidOperation:
        return value
