"""Tables as people send them, with what their numbers are, from `printed_tables/*.txt`.

One table is `== name`, then `columns:` with a letter for each number in each
column's cells, `row NAME:` where a row's cells are other things, `totals:` the
names of lines that sum others, `verdict:` what a careful reader says, and the
grid itself, cells apart by `|`. Here: reading and comparing; no test.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ngc_pipelines.disclosure.findings import Severity
from ngc_pipelines.disclosure.pieces import Table, Text
from ngc_pipelines.disclosure.places import Place
from ngc_pipelines.disclosure.tables.audit import Question, audit
from ngc_pipelines.disclosure.tables.printed import Meaning, Printed, PrintedTable
from ngc_pipelines.disclosure.tables.reading.console import tables_in
from ngc_pipelines.disclosure.tables.reading.printing import printed_tables
from ngc_pipelines.disclosure.tables.relations.joined import system_of
from ngc_pipelines.disclosure.tables.relations.printed import system_of_printed
from ngc_pipelines.disclosure.tables.told import asked, findings_of

FOLDER = Path(__file__).with_name("printed_tables")
PERCENTAGES = frozenset(
    meaning for meaning in Meaning if meaning.name.startswith("PERCENT") and meaning != "percentile"
)
LETTERS: dict[str, frozenset[Meaning]] = {
    "n": frozenset({Meaning.COUNT}),
    "%": PERCENTAGES,
    "m": frozenset({Meaning.MEAN}),
    "s": frozenset({Meaning.SD}),
    "d": frozenset({Meaning.MEDIAN}),
    "q": frozenset({Meaning.PERCENTILE}),
    "l": frozenset({Meaning.MINIMUM}),
    "h": frozenset({Meaning.MAXIMUM}),
    "p": frozenset({Meaning.P_VALUE}),
    "e": frozenset({Meaning.ESTIMATE}),
    "i": frozenset({Meaning.INTERVAL}),
    "y": frozenset({Meaning.YEAR}),
    "k": frozenset({Meaning.CODE, Meaning.OTHER}),
    "r": frozenset({Meaning.RATE}),
    "u": frozenset({Meaning.SUM, Meaning.OTHER}),
    "?": frozenset({Meaning.UNKNOWN}),
    "o": frozenset(Meaning) - {Meaning.COUNT, Meaning.UNKNOWN},
    "x": frozenset(Meaning) - {Meaning.COUNT},
}


@dataclass(frozen=True, slots=True)
class Held:
    """One table and what a careful reader sees in it."""

    name: str
    columns: tuple[str, ...]
    rows: dict[str, tuple[str, ...]]
    totals: tuple[str, ...]
    verdict: str
    lines: tuple[str, ...]

    def tables(self) -> tuple[PrintedTable, ...]:
        """What is read of the grid, as an opener yields it."""
        grid = tuple((first.rstrip(), *(cell.strip() for cell in rest)) for first, *rest in _split(self.lines))
        return printed_tables(Table(Place((self.name,)), grid))

    def tables_in_text(self) -> tuple[PrintedTable, ...]:
        """What is read of the lines as running text."""
        text = Text(Place((self.name,)), "\n".join(self.lines))
        return tuple(table for piece in tables_in(text) for table in printed_tables(piece))


def held_tables(folder: Path = FOLDER) -> list[Held]:
    """Every table of the folder."""
    texts = "\n".join(file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.txt")))
    return [_held(block) for block in texts.split("== ")[1:]]


def _held(block: str) -> Held:
    lines = block.rstrip("\n").split("\n")
    name, told, rows = lines[0].strip(), {"columns": "", "totals": "", "verdict": ""}, {}
    at = 1
    while at < len(lines) and ": " in f"{lines[at]} " and lines[at].split(":")[0].split(" ")[0] in (*told, "row"):
        key, _, value = lines[at].rpartition(": ") if lines[at].startswith("row ") else lines[at].partition(":")
        if key.startswith("row "):
            rows[key[4:].strip()] = tuple(value.split())
        else:
            told[key] = value.strip()
        at += 1
    totals = tuple(total.strip() for total in told["totals"].split(",") if total.strip())
    return Held(name, tuple(told["columns"].split()), rows, totals, told["verdict"], tuple(lines[at:]))


def _split(lines: tuple[str, ...]) -> list[list[str]]:
    return [line.split("|") for line in lines]


def misread(held: Held, tables: tuple[PrintedTable, ...]) -> list[str]:
    """What is not read as a careful reader does; empty where all is."""
    if not held.columns:
        return [] if verdict_of(tables) == held.verdict else [f"verdict {verdict_of(tables)}"]
    if len(tables) != 1:
        return [f"{len(tables)} tables"]
    table = tables[0]
    faults = list(_wrong_meanings(held, table))
    totals = tuple(sorted(_totals(table)))
    if totals != tuple(sorted(held.totals)):
        faults.append(f"totals {totals}")
    if (verdict := verdict_of(tables)) != held.verdict:
        faults.append(f"verdict {verdict}")
    return faults


def verdict_of(tables: tuple[PrintedTable, ...]) -> str:
    """`block`, `review` or `none`, as the checker would say."""
    answer = audit(system_of(tables, {}), Question(every_end=False))
    findings = [*findings_of(answer, 5), *asked([one for table in tables for one in table.questions])]
    worst = max((finding.severity for finding in findings), default=Severity.NOTE)
    return worst.word if worst > Severity.NOTE else "none"


def _wrong_meanings(held: Held, table: PrintedTable) -> Iterator[str]:
    width = len(held.columns)
    used = [n for n in range(len(table.columns)) if any(c == n for _, c in table.cells)]
    if len(used) != width:
        yield f"{len(used)} columns"
        return
    for (row, column), printed in sorted(table.cells.items()):
        if "N over column" in printed[0].where:
            continue
        name = table.rows[row].name
        letters = held.columns
        for told, row_letters in held.rows.items():
            if name == told or table.rows[row].labels[-1] == told or name.endswith(told):
                letters = row_letters
        wanted = letters[used.index(column)] if used.index(column) < len(letters) else ""
        if not _as_wanted(printed, wanted):
            yield f"{name!r} × {table.columns[column].name!r}: {[p.meaning.value for p in printed]}, not {wanted}"


def _as_wanted(printed: tuple[Printed, ...], wanted: str) -> bool:
    if printed[0].mark is not None:
        return wanted == "" or printed[0].meaning in LETTERS[wanted[0]] or not printed[0].mark.speaks
    if len(printed) < len(wanted):
        wanted = wanted[: len(printed)]
    return len(printed) == len(wanted) and all(
        one.meaning in LETTERS[letter] for one, letter in zip(printed, wanted, strict=True)
    )


def _totals(table: PrintedTable) -> Iterator[str]:
    system = system_of_printed(table)
    for lines, sums in ((table.rows, system.row_sums), (table.columns, system.column_sums)):
        for total in {one.total for one in sums}:
            inner = next((label for label in reversed(lines[total].labels) if label), "")
            if inner != "N":
                yield inner
