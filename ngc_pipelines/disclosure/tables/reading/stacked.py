"""SAS PROC FREQ's cross tables: several numbers of one cell, one below the other.

    Frequency|
    Percent  |
    Row Pct  |
    Col Pct  |       0|       1|  Total
    ---------+--------+--------+
    F        |     12 |      3 |     15
             |  15.79 |   3.95 |  19.74

Made into a grid of counts with their percentage of all beside (`12 (15.79%)`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ngc_pipelines.disclosure.tables.reading.fixed_width import Drawn, is_rule

_STATISTIC = re.compile(
    r"^\s*(Frequency|Frekvens|Expected|Deviation|Cell Chi-Square|Percent|Procent|Row Pct|Col Pct|Tot Pct)\b",
    re.IGNORECASE,
)


def is_stacked(lines: Sequence[str]) -> bool:
    """Whether lines are a cross table whose cells stack several statistics."""
    return len(_statistics(lines)) >= 2 and any("|" in line for line in lines)


def _statistics(lines: Sequence[str]) -> list[str]:
    """The names of what a cell stacks, in order."""
    found: list[str] = []
    for line in lines:
        match = _STATISTIC.match(line)
        if (match is not None and "|" in line) or (match is not None and found):
            assert match is not None
            found.append(match[1].casefold())
        elif found:
            break
    return found


def stacked_grid(lines: Sequence[str]) -> Drawn | None:
    """The counts of a stacked cross table, each with its percentage of all; None where there is none."""
    names = _statistics(lines)
    at = next(number for number, line in enumerate(lines) if _STATISTIC.match(line) and "|" in line)
    last = at + len(names) - 1
    if last >= len(lines) or names[0] not in ("frequency", "frekvens"):
        return None
    header = _split(lines[last])
    width = len(header)
    rows: dict[int, tuple[str, ...]] = {last: ("", *header[1:])}
    share = next((number for number, name in enumerate(names) if name in ("percent", "procent")), None)
    numbers = [n for n in range(last + 1, len(lines)) if lines[n].strip() and not is_rule(lines[n])]
    body = [lines[number] for number in numbers]
    place = 0
    while place < len(body):
        counts = _fields(body[place], width)
        shares = _fields(body[place + share], width) if share and place + share < len(body) else [""] * width
        stacked = 1
        while place + stacked < len(body) and _is_below(body[place + stacked]) and stacked < len(names):
            stacked += 1
        values = (_joined(c, s) for c, s in zip(counts[1:], shares[1:], strict=True))
        rows[numbers[place]] = (counts[0], *values)
        place += stacked
    return Drawn(tuple(rows.values()), tuple(rows)) if len(rows) > 1 else None


def _is_below(line: str) -> bool:
    """Whether a line goes on with the cell above: it has no label of its own."""
    return not line.split("|")[0].strip() if "|" in line else line.startswith("    ")


def _split(line: str) -> list[str]:
    return [cell.strip() for cell in line.replace("|", " | ").split("|")]


def _fields(line: str, width: int) -> list[str]:
    """Label and values of one line, as many as the header has."""
    if "|" in line:
        fields = _split(line)
    else:
        found = re.split(r"\s{2,}", line.strip())
        fields = ["", *found] if line.startswith("    ") else found
    return [*fields, *[""] * width][:width]


def _joined(count: str, share: str) -> str:
    return f"{count} ({share}%)" if count and share and share != "." else count
