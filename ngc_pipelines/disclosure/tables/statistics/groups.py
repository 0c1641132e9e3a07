"""Group disclosure and insiders, worded as findings (DC-5, DC-6).

Who they are is computed by `tables.groups` and `tables.insiders` from the
audited system; percentages of 0 and 100 are told here too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ngc_pipelines.disclosure.findings import Finding, Kind, Severity, Words
from ngc_pipelines.disclosure.policy import Thresholds
from ngc_pipelines.disclosure.tables.audit import Audit
from ngc_pipelines.disclosure.tables.groups import LARGEST, groups_of_one_kind
from ngc_pipelines.disclosure.tables.insiders import insiders_of
from ngc_pipelines.disclosure.tables.printed import Meaning, Printed, PrintedTable
from ngc_pipelines.disclosure.tables.relations.shares import SHARES
from ngc_pipelines.disclosure.tables.statistics.saying import Reason
from ngc_pipelines.disclosure.tables.statistics.statistic import is_number_of_persons, written_number

_NO_GROUP = re.compile(r"\bcum|kumul|\btotal|i alt|all\b|alle\b|complete|valid|response|svarprocent", re.IGNORECASE)


def judge_audit(answer: Audit, thresholds: Thresholds) -> Iterator[Finding]:
    """Groups that are all of one kind, and cells that somebody inside can compute."""
    wheres = [cell.wheres[0] for cell in answer.system.cells]
    for group in groups_of_one_kind(answer.system, thresholds.cell):
        yield _one_kind(group.besides).at(wheres[group.cell])
    for insider in insiders_of(answer):
        yield _inside().at(wheres[insider.other])


def judge_shares(tables: Iterable[PrintedTable]) -> Iterator[Finding]:
    """Percentages of 100 in small groups, whose count is not printed beside them; of 0 likewise."""
    for table in tables:
        numbers = _sizes(table)
        for (row, column), cell in table.cells.items():
            if any(one.meaning is Meaning.COUNT for one in cell):
                continue  # the count beside it is judged with its whole
            if not any(_is_all_or_none(one) for one in cell):
                continue
            line, over = table.rows[row], table.columns[column]
            if line.total or over.total or _NO_GROUP.search(f"{line.name} {over.name}"):
                continue
            size = written_number(line.name) or numbers.get(column)
            if size is not None and 0 < size <= LARGEST:
                yield _one_kind(0).at(cell[0].where)


def _is_all_or_none(one: Printed) -> bool:
    return one.meaning in SHARES and one.meaning is not Meaning.RATE and one.value in (0, 100)


def _sizes(table: PrintedTable) -> dict[int, int]:
    """The number of persons of each column, where a row or its header tells it."""
    sizes: dict[int, int] = {}
    for column, line in enumerate(table.columns):
        size = written_number(line.name)
        if size is not None:
            sizes[column] = size
    numbered = {row for row, line in enumerate(table.rows) if is_number_of_persons(line.name)}
    for (row, column), cell in table.cells.items() if numbered else ():
        value = cell[0].value
        if row in numbered and value is not None and value == int(value):
            sizes.setdefault(column, int(value))
    return sizes


def _one_kind(besides: int) -> Reason:
    who = Words("alle", "all") if besides == 0 else Words("alle på nær én", "all but one")
    return Reason(
        "DC-5",
        Kind.IMPLIED_SMALL_COUNT,
        Severity.REVIEW,
        Words(
            f"I en gruppe på højst {LARGEST} personer er {who.da} i samme celle: det siger noget om hver af dem.",
            f"In a group of at most {LARGEST} persons {who.en} are in one cell: it tells something of each of them.",
        ),
        Words(
            "Slå gruppen sammen med en anden, eller begrund, at oplysningen ikke er følsom.",
            "Merge the group with another, or give the reason why it is not sensitive.",
        ),
    )


def _inside() -> Reason:
    return Reason(
        "DC-6",
        Kind.RECOVERABLE_CELL,
        Severity.NOTE,
        Words(
            "En person, som kender sin egen blændede celle på 1 eller 2, kan regne denne celle ud.",
            "A person who knows their own blanked cell of 1 or 2 can compute this cell.",
        ),
        Words(
            "Blænd en celle mere i samme række eller kolonne.",
            "Blank one more cell in the same row or column.",
        ),
    )
