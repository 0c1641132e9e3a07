"""A whole folder's tables as one system, with everything released before.

Each file's tables were audited by themselves already; here only what they give
away *together* is told, and where two tables differ by a few persons.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ngc_pipelines.disclosure.findings import Finding, Kind, Severity, Words
from ngc_pipelines.disclosure.tables.audit import Answer, Audit, Question, Status, audit
from ngc_pipelines.disclosure.tables.ledger import Release
from ngc_pipelines.disclosure.tables.printed import PrintedTable
from ngc_pipelines.disclosure.tables.proof.bounds import Prover
from ngc_pipelines.disclosure.tables.proof.words import words_of
from ngc_pipelines.disclosure.tables.system import System
from ngc_pipelines.disclosure.tables.together import Difference, together

# Disclosures that are explained with their computation; the others are counted.
EXPLAINED = 5
BETWEEN = " › "


@dataclass(frozen=True, slots=True)
class FolderFinding:
    """A finding, and the file of the request that it is told of."""

    path: str
    finding: Finding


def audit_folder(
    files: Mapping[str, Sequence[PrintedTable]], earlier: Sequence[Release], question: Question
) -> Iterator[FolderFinding]:
    """What the tables of several files, and earlier releases, give away together.

    Args:
        files: path → its tables, for all files of the request.
        earlier: what was released to the same project before.
        question: thresholds, and the time for the whole answer.
    """
    tables, paths = _placed(files, earlier)
    if len(tables) < 2 or not any(files.values()):
        return
    whole = together(tables, question.threshold)
    yield from _differences(whole.differences, files, question.threshold)
    tied = [relation for relation in whole.system.relations if relation.table is None]
    if not tied:
        return
    apart = replace(whole.system, relations=tuple(r for r in whole.system.relations if r.table is not None))
    alone = {one.cell: one for one in audit(apart, question).answers}
    answer = audit(whole.system, question)
    found = [one for one in answer.answers if _newly_exposed(one, alone.get(one.cell))]
    yield from _recoverable(answer, found, paths, files)
    yield from _undecided(answer, alone, paths, files)


def _placed(
    files: Mapping[str, Sequence[PrintedTable]], earlier: Sequence[Release]
) -> tuple[list[PrintedTable], list[str]]:
    """All tables with their file in every place, and the file of each."""
    placed = [(path, path, table) for path, found in files.items() for table in found]
    for release in earlier:
        name = f"{release.name} ({release.released.isoformat()})"
        placed += [("", name, table) for table in release.tables]
    return [_inside(table, name) for _, name, table in placed], [path for path, _, _ in placed]


def _inside(table: PrintedTable, name: str) -> PrintedTable:
    cells = {
        place: tuple(replace(one, where=f"{name}{BETWEEN}{one.where}") for one in cell)
        for place, cell in table.cells.items()
    }
    return replace(table, where=f"{name}{BETWEEN}{table.where}", cells=cells)


def _newly_exposed(one: Answer, alone: Answer | None) -> bool:
    """Whether the tables together tell what none of them tells."""
    return one.status in (Status.EXACT, Status.NARROW) and (
        alone is None or alone.status not in (one.status, Status.EXACT)
    )


def _recoverable(
    answer: Audit, found: Sequence[Answer], paths: Sequence[str], files: Mapping[str, Sequence[PrintedTable]]
) -> Iterator[FolderFinding]:
    prover = Prover(answer.system) if found else None
    for number, one in enumerate(found):
        why = None
        if prover is not None and number < EXPLAINED and one.high is not None:
            proof = prover.prove(one.cell, one.high, upper=True)
            why = None if proof is None else words_of(answer.system, proof)
        span = f"{one.low}" if one.low == one.high else f"{one.low}–{one.high}"
        where = answer.system.cells[one.cell].wheres[0]
        danish = f"Sammen med de andre tabeller kan den blændede celle regnes tilbage til {span}"
        english = f"Together with the other tables the blanked cell can be calculated back to {span}"
        finding = Finding(
            rule="DC-6",
            kind=Kind.RECOVERABLE_CELL,
            severity=Severity.BLOCK,
            where=where,
            message=Words(
                f"{danish}: {why.da}." if why else f"{danish}.", f"{english}: {why.en}." if why else f"{english}."
            ),
            advice=Words(
                "Blænd de samme celler i alle tabeller, også over for det, der er hjemtaget før.",
                "Blank the same cells in all tables, those released before included.",
            ),
        )
        yield FolderFinding(_file_of(answer.system, one.cell, paths, files), finding)


def _undecided(
    answer: Audit,
    alone: Mapping[int, Answer],
    paths: Sequence[str],
    files: Mapping[str, Sequence[PrintedTable]],
) -> Iterator[FolderFinding]:
    open_cells = [
        one
        for one in answer.answers
        if one.status is Status.UNDECIDED and (one.cell not in alone or alone[one.cell].status is not Status.UNDECIDED)
    ]
    if not open_cells:
        return
    first = open_cells[0]
    finding = Finding(
        rule="DC-6",
        kind=Kind.UNCLEAR_TABLE,
        severity=Severity.REVIEW,
        where=answer.system.cells[first.cell].wheres[0],
        message=Words(
            "Det nåede ikke at blive afgjort, hvad tabellerne tilsammen røber.",
            "What the tables give away together was not decided in time.",
        ),
        advice=Words("Aflever færre tabeller ad gangen.", "Hand in fewer tables at a time."),
        count=len(open_cells),
    )
    yield FolderFinding(_file_of(answer.system, first.cell, paths, files), finding)


def _differences(
    differences: Sequence[Difference], files: Mapping[str, Sequence[PrintedTable]], threshold: int
) -> Iterator[FolderFinding]:
    for one in differences:
        path = next(
            (path for path in files for side in (one.first, one.second) if side.startswith(path + BETWEEN)), None
        )
        if path is None:
            continue  # two earlier releases: nothing of this request changes that
        finding = Finding(
            rule="DC-6",
            kind=Kind.IMPLIED_SMALL_COUNT,
            severity=Severity.BLOCK,
            where=one.first,
            message=Words(
                f"To tabeller, der ellers er ens, afviger her med færre end {threshold} personer ({one.second}).",
                f"Two tables that are otherwise the same differ here by fewer than {threshold} persons ({one.second}).",
            ),
            advice=Words(
                "Brug samme population i begge tabeller, eller udelad den ene.",
                "Use the same population in both tables, or leave one of them out.",
            ),
        )
        yield FolderFinding(path, finding)


def _file_of(system: System, cell: int, paths: Sequence[str], files: Mapping[str, Sequence[PrintedTable]]) -> str:
    """The file that has the cell; for a cell released before, the first file with tables."""
    own = paths[system.cells[cell].table]
    return own or next(path for path, tables in files.items() if tables)
