"""Columns of numbers in lines of text, as programs print them, as grids of cells.

Numbers are taken from the right of each line, what is left of them is the
label; a header's words go to the column that they stand over. Bars and rules
of markdown, psql and Stata are borders. Where such lines are is told by `console`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ngc_pipelines.disclosure.tables.reading.label_columns import label_columns

Grid = tuple[tuple[str, ...], ...]

_CORE = (
    r"(?:[nN]\s?)?[<>≤≥]?=?[-−+]?(?:\d{1,3}(?:[.,']\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?|[.,]\d+)(?:[eE][-+]?\d+)?(?:\s?%)?"
    r"(?:/\d+)?(?:[-–]\d+)?\+?"
)
_MARK = r"\*{1,3}|\.{1,3}|[-–—]{1,2}|<?NA>?|NaN|x|:|n\.s\."
_VALUE = re.compile(
    rf"(?<!\S)(?:{_CORE}(?:\s?±\s?[\d.,]+)?(?:\s?[(\[][^()\[\]]{{1,30}}[)\]])?(?:\s\*{{1,3}})?|{_MARK})(?!\S)"
)
_RULE = re.compile(r"^[\s|+:=\-–—─━═┼├┤┬┴┌┐└┘╞╡╪│.]*$")
_BOX = str.maketrans("│┃║─━═┼├┤┬┴┌┐└┘", "|||---++++++" + "+++")
# `Pr(>|z|)` holds bars that are no borders.
_TAILS = re.compile(r">\s?\|(\w{1,3})\|")
_NO_HEADER = re.compile(r"^\s*(?:>|\$ |\.\s|In ?\[|Out ?\[|>>>|\[\d+\]|#)")
_VECTOR = re.compile(r"^\s*\[\d+\]")
_TAGS = re.compile(r"<[^<>\d][^<>]{0,40}>|&nbsp;|\\(?=[<>*_|#%])")
# `Hovedstaden ........  120`: dots that lead the eye.
_LEADER = re.compile(r"(?:\s*\.){3,}\s*$|\s*…+\s*$")
# A printed table has no more columns.
MOST_COLUMNS = 40


@dataclass(frozen=True, slots=True)
class Drawn:
    """A grid and, for each of its rows, the number of its line in the block, from 0.

    Args:
        labels: how many leading columns hold labels.
    """

    rows: Grid
    lines: tuple[int, ...]
    labels: int = 1


@dataclass(frozen=True, slots=True)
class _Line:
    """One line: its label, and its values with where they start and end."""

    text: str
    label: str
    values: tuple[tuple[int, int, str], ...]


def grids_of(lines: Sequence[str]) -> list[Drawn]:
    """The grids in a block of lines."""
    drawn = [_TAILS.sub(r">‖\1‖", line.translate(_BOX)) for line in lines]
    if (piped := _piped(drawn)) is not None:
        return [piped]
    read = [_line(line) for line in drawn]
    found: list[Drawn] = []
    for first, last, top in _groups(drawn, read):
        header = [number for number in range(top, first) if _may_head(drawn[number])][-4:]
        grid = _grid({number: _restored(drawn[number]) for number in header}, dict(enumerate(read[first:last], first)))
        if grid is not None:
            found.append(grid)
    return found


def is_rule(line: str) -> bool:
    """Whether a line is drawn, not written."""
    return _RULE.match(line) is not None


def _piped(lines: Sequence[str]) -> Drawn | None:
    """The grid of lines whose cells are apart by bars; None where bars are no borders of cells."""
    barred = [(number, line) for number, line in enumerate(lines) if "|" in line and not is_rule(line)]
    if len(barred) < 2 or 2 * len(barred) < sum(bool(line.strip()) and not is_rule(line) for line in lines):
        return None
    rows = [_cells(line) for _, line in barred]
    width = max(len(row) for row in rows)
    if width < 2 or any(_holds_columns(cell) for row in rows for cell in row):
        return None
    return Drawn(tuple((*row, *[""] * (width - len(row))) for row in rows), tuple(number for number, _ in barred))


def _holds_columns(cell: str) -> bool:
    """Whether what stands between bars is several columns, as Stata's is."""
    return len(_VALUE.findall(cell)) > 1 and re.search(r"\S {2,}\S", cell) is not None


def _cells(line: str) -> tuple[str, ...]:
    bare = _TAGS.sub(lambda match: " " if match[0] == "&nbsp;" else "", line).rstrip()
    inside = bare.strip()
    outer = inside.startswith("|") and inside.endswith("|") and len(inside) > 1
    cells = (inside[1:-1] if outer else bare).split("|")
    return (cells[0].rstrip().removeprefix(" "), *(cell.strip() for cell in cells[1:]))


def _line(line: str) -> _Line:
    if _VECTOR.match(line):
        return _Line(line, line, ())
    border = line.find("|")
    text = line.replace("|", " ")
    values: list[tuple[int, int, str]] = []
    end = None
    for match in reversed(list(_VALUE.finditer(text, max(border, 0)))):
        if end is None and text[match.end() :].strip():
            break
        if end is not None and text[match.end() : end].strip():
            break
        values.insert(0, (match.start(), match.end(), match[0]))
        end = match.start()
    label = text[: values[0][0]] if values else text
    return _Line(text, _LEADER.sub("", label).rstrip(), tuple(values))


def _groups(drawn: Sequence[str], read: Sequence[_Line]) -> list[tuple[int, int, int]]:
    """First line with numbers, the line after the last, and the first of its header, of each table."""
    groups: list[tuple[int, int, int]] = []
    number, free = 0, 0
    while number < len(read):
        if not read[number].values:
            number += 1
            continue
        first, last = number, number + 1
        number += 1
        while number < len(read) and (read[number].values or _goes_on(drawn, read, number)):
            last = number + 1 if read[number].values else last
            number += 1
        groups.append((first, last, free))
        free = number = max(number, last) if number > last else last
    return groups


def _goes_on(drawn: Sequence[str], read: Sequence[_Line], number: int) -> bool:
    """Whether a line without numbers lies inside a table: a rule, or the label of a section."""
    if is_rule(drawn[number]):
        return any(line.values for line in read[number + 1 : number + 3])
    following = read[number + 1] if number + 1 < len(read) else None
    if following is not None and _heads(read[number].text, following):
        return False
    words = [word for word in re.split(r"\s{2,}", read[number].text.strip()) if word]
    return following is not None and bool(following.values) and len(words) == 1 and len(words[0]) < 60


def _heads(line: str, following: _Line) -> bool:
    """Whether the words of a line stand over the numbers of the next: the header of columns that were wrapped."""
    words = list(re.finditer(r"\S+", line))
    return len(words) == len(following.values) and all(
        word.end() == value[1] or word.start() == value[0] for word, value in zip(words, following.values, strict=True)
    )


def _grid(header: Mapping[int, str], body: Mapping[int, _Line]) -> Drawn | None:
    """Header and body as cells, by number of line; None where the lines hold no table."""
    counted = [number for number, line in body.items() if line.values]
    lines = _settled([body[number] for number in counted])
    spans = _columns(lines)
    if len(spans) > MOST_COLUMNS or (len(lines) < 2 and not header) or not _aligned(lines, spans, len(header)):
        return None
    bare = not any(line.label.strip() for line in lines)
    if bare and len(lines) > 1:
        return _bare(header, dict(zip(counted, lines, strict=True)), spans)
    if len(lines) == 1 and (not bare or len(spans) < 2):
        return None
    settled = dict(zip(counted, lines, strict=True))
    labels = dict(zip(counted, [("values",)] if bare else label_columns([line.label for line in lines]), strict=True))
    more = [""] * (len(labels[counted[0]]) - 1)
    rows: dict[int, tuple[str, ...]] = {}
    for number, words in header.items():
        corner, *over = header_row(words, spans)
        rows[number] = (corner, *more, *over)
    for number, line in body.items():
        if number in settled:
            rows[number] = (*labels[number], *_placed(settled[number], spans))
        elif line.text.strip() and not is_rule(line.text):
            rows[number] = (line.text.rstrip(), *more, *[""] * len(spans))
    return Drawn(tuple(rows.values()), tuple(rows), len(more) + 1)


def _drawn(rows: Mapping[int, tuple[str, ...]]) -> Drawn:
    return Drawn(tuple(rows.values()), tuple(rows))


def _may_head(line: str) -> bool:
    return bool(line.strip()) and not is_rule(line) and not _NO_HEADER.match(line)


def _restored(line: str) -> str:
    return line.replace("|", " ").replace("‖", "|")


def _settled(lines: Sequence[_Line]) -> list[_Line]:
    """The lines with numbers that end a label (`25%`, `Group 1`) put back into it."""
    usual, _ = Counter(len(line.values) for line in lines).most_common(1)[0]
    start = min(line.values[0][0] for line in lines if len(line.values) == usual)
    settled = [
        _into_label(line, len(line.values) - usual) if _reaches_left(line, usual, start) else line for line in lines
    ]
    if usual > 1 and all(_ends_label(line) for line in settled if len(line.values) == usual):
        settled = [_into_label(line, 1) if len(line.values) == usual else line for line in settled]
    return settled


def _reaches_left(line: _Line, usual: int, start: int) -> bool:
    """Whether a line has more numbers than most, and begins left of them."""
    return len(line.values) > usual and line.values[0][1] <= start


def _ends_label(line: _Line) -> bool:
    """Whether the first number stands one blank after words, the others further apart."""
    start, end, _ = line.values[0]
    return bool(line.label.strip()) and start - len(line.label) == 1 and line.values[1][0] - end > 1


def _into_label(line: _Line, number: int) -> _Line:
    end = line.values[number - 1][1]
    return _Line(line.text, line.text[:end], line.values[number:])


def _aligned(lines: Sequence[_Line], spans: Sequence[tuple[int, int]], header: int) -> bool:
    """Whether the values of a column stand below each other, as no sentence's do."""
    if len(lines) < 2:
        return True
    for at in range(len(spans)):
        values = [line.values[at] for line in lines if len(line.values) == len(spans)]
        if len(values) < 2:
            continue
        starts, ends = {start for start, _, _ in values}, {end for _, end, _ in values}
        below = len(starts) == 1 or len(ends) == 1
        if not below and (len(spans) == 1 or not header or max(starts) >= min(ends)):
            return False
    return True


def _bare(header: Mapping[int, str], lines: Mapping[int, _Line], spans: Sequence[tuple[int, int]]) -> Drawn | None:
    """Lines of numbers alone: the first column names the rows, or the first line the columns."""
    if len(lines) == 2 and not header and len({len(line.values) for line in lines.values()}) == 1:
        return _drawn({number: ("values", *(value for _, _, value in line.values)) for number, line in lines.items()})
    if len(spans) < 2:
        return None
    over = {number: header_row(line, spans[1:]) for number, line in header.items()}
    return _drawn(over | {number: tuple(_placed(line, spans)) for number, line in lines.items()})


def _columns(lines: Sequence[_Line]) -> list[tuple[int, int]]:
    """Where columns start and end: values that overlap from line to line stand in one."""
    counts = {len(line.values) for line in lines}
    if len(counts) == 1:
        width = counts.pop()
        return [
            (min(line.values[at][0] for line in lines), max(line.values[at][1] for line in lines))
            for at in range(width)
        ]
    spans: list[tuple[int, int]] = []
    for start, end in sorted((start, end) for line in lines for start, end, _ in line.values):
        if spans and start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], end))
        else:
            spans.append((start, end))
    return spans


def _placed(line: _Line, spans: Sequence[tuple[int, int]]) -> list[str]:
    """The values of a line by column."""
    if len(line.values) == len(spans):
        return [value for _, _, value in line.values]
    cells = [""] * len(spans)
    for start, end, value in line.values:
        best = max(range(len(spans)), key=lambda at: (_overlap((start, end), spans[at]), -abs(spans[at][1] - end)))
        cells[best] = value if not cells[best] else f"{cells[best]} {value}"
    return cells


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> int:
    return min(one[1], other[1]) - max(one[0], other[0])


def header_row(line: str, spans: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    """The header's words over the columns; what stands left of them is the corner."""
    words = [(match.start(), match.end(), match[0]) for match in re.finditer(r"\S+(?: \S+)*", line)]
    if len(words) == len(spans) + 1 and words[0][1] <= spans[0][0]:
        return tuple(word for _, _, word in words)
    if len(words) == len(spans) and words[0][1] > spans[0][0] - 2:
        return ("", *(word for _, _, word in words))
    if len(words) < len(spans):
        cut = _cut(line, spans)
        if cut is not None:
            return cut
        words = _split_words(words, spans)
    cells, corner = [""] * len(spans), ""
    for start, end, word in words:
        if end < spans[0][0] and (start == 0 or len(words) > 1):
            corner = f"{corner} {word}".strip()
            continue
        if start >= spans[-1][1] and len(words) > 1:
            continue
        best = max(range(len(spans)), key=lambda at: (_overlap((start, end), spans[at]), -abs(spans[at][1] - end)))
        cells[best] = f"{cells[best]} {word}".strip()
    return (corner, *cells)


def _cut(line: str, spans: Sequence[tuple[int, int]]) -> tuple[str, ...] | None:
    """The header cut where the columns end, as it is printed flush right over them; None where words are cut."""
    ends = [end for _, end in spans]
    padded = line.ljust(ends[-1])
    if padded[ends[-1] :].strip() or any(
        padded[end - 1 : end + 1].strip(" ") not in ("", padded[end - 1]) for end in ends
    ):
        return None
    if any(padded[end : end + 1].strip() for end in ends):
        return None
    cells = [padded[low:high].strip() for low, high in pairwise([spans[0][0] - 1 if spans[0][0] else 0, *ends])]
    first = padded[: ends[0]]
    corner, _, over = first.rstrip().rpartition("  ")
    if corner.strip() and over:
        return (corner.strip(), over.strip(), *cells[1:])
    return None if not all(cells) else ("", first.strip(), *cells[1:])


def _split_words(words: Sequence[tuple[int, int, str]], spans: Sequence[tuple[int, int]]) -> list[tuple[int, int, str]]:
    """Words that reach over several columns, one by one."""
    found: list[tuple[int, int, str]] = []
    for start, end, word in words:
        over = sum(_overlap((start, end), span) > 0 for span in spans)
        if over < 2 and " " in word and len(words) < len(spans):
            over = 2
        if over < 2:
            found.append((start, end, word))
            continue
        found += [(start + m.start(), start + m.end(), m[0]) for m in re.finditer(r"\S+", word)]
    return found
