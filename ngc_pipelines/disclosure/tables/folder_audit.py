"""A whole folder's tables as one system, with everything released before.

Each file's tables were audited by themselves already; here only what they give
away *together* is told, and what lies between tables whose persons are partly
the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ngc_pipelines.disclosure.findings import Finding, Kind, Severity, Words
from ngc_pipelines.disclosure.tables.audit import Answer, Audit, Question, Status, audit
from ngc_pipelines.disclosure.tables.between import findings_between
from ngc_pipelines.disclosure.tables.differences import with_differences
from ngc_pipelines.disclosure.tables.ledger import Release
from ngc_pipelines.disclosure.tables.members import AnyTable, placed_in
from ngc_pipelines.disclosure.tables.naming import called
from ngc_pipelines.disclosure.tables.proof.bounds import Prover
from ngc_pipelines.disclosure.tables.proof.words import words_of
from ngc_pipelines.disclosure.tables.together import together

# Disclosures that are explained with their computation; the others are counted.
EXPLAINED = 5


@dataclass(frozen=True, slots=True)
class FolderFinding:
    """A finding, and the file of the request that it is told of."""

    path: str
    finding: Finding


def audit_folder(
    files: Mapping[str, Sequence[AnyTable]], earlier: Sequence[Release], question: Question
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
    whole = together(tables)
    tied, differences = with_differences(whole.system, whole.kinships)
    own = len(whole.system.cells)
    if len(tied.relations) == sum(relation.table is not None for relation in tied.relations) and not differences:
        return
    apart = replace(whole.system, relations=tuple(r for r in whole.system.relations if r.table is not None))
    before = audit(apart, question)
    alone = {one.cell: one for one in (*before.answers, *before.implied)}
    answer = audit(tied, question)
    told = _Told(answer, paths, next(path for path, found in files.items() if found))
    yield from told.recoverable([one for one in answer.answers if _newly_exposed(one, alone.get(one.cell))])
    yield from told.implied(
        [one for one in answer.implied if one.cell < own and _newly_small(one, alone.get(one.cell), question.threshold)]
    )
    for cell, finding in findings_between(answer, differences, question.threshold, requested=told.requested):
        yield FolderFinding(told.file_of(cell), finding)
    yield from told.undecided(alone)


def _placed(files: Mapping[str, Sequence[AnyTable]], earlier: Sequence[Release]) -> tuple[list[AnyTable], list[str]]:
    """All tables with their file in every place, and the file of each; none for what was released before."""
    placed = [(path, path, table) for path, found in files.items() for table in found]
    for release in earlier:
        name = f"{release.name} ({release.released.isoformat()})"
        placed += [("", name, table) for table in release.tables]
    return [placed_in(table, name) for _, name, table in placed], [path for path, _, _ in placed]


def _newly_exposed(one: Answer, alone: Answer | None) -> bool:
    """Whether the tables together tell what none of them tells."""
    return one.status in (Status.EXACT, Status.NARROW) and (
        alone is None or alone.status not in (one.status, Status.EXACT)
    )


def _newly_small(one: Answer, alone: Answer | None, threshold: int) -> bool:
    """Whether a percentage is known to stand for few only by another table."""
    if one.high is None or not 0 < one.low <= one.high < threshold:
        return False
    return alone is None or alone.high is None or alone.low == 0 or alone.high >= threshold


class _Told:
    """Words about what the tables tell together, and the file of the request that each is told of."""

    def __init__(self, answer: Audit, paths: Sequence[str], first: str) -> None:
        self._answer = answer
        self._paths = paths
        self._first = first
        self._prover: Prover | None = None

    def requested(self, cell: int) -> bool:
        """Whether the cell stands in the request, and not in what was released before."""
        return bool(self._paths[self._answer.system.cells[cell].table])

    def file_of(self, cell: int) -> str:
        """The file that has the cell; for a cell released before, the first file with tables."""
        return self._paths[self._answer.system.cells[cell].table] or self._first

    def recoverable(self, found: Sequence[Answer]) -> Iterator[FolderFinding]:
        """Blanked cells that can be calculated back."""
        for number, one in enumerate(found):
            why = self._why(one) if number < EXPLAINED else None
            span = f"{one.low}" if one.low == one.high else f"{one.low}–{one.high}"
            danish = f"Sammen med de andre tabeller kan den blændede celle {self._name(one)} regnes tilbage til {span}"
            english = (
                f"Together with the other tables the blanked cell {self._name(one)} can be calculated back to {span}"
            )
            yield self._said(
                one,
                Kind.RECOVERABLE_CELL,
                Words(
                    f"{danish}: {why.da}." if why else f"{danish}.", f"{english}: {why.en}." if why else f"{english}."
                ),
                _BLANK_EVERYWHERE,
            )

    def implied(self, found: Sequence[Answer]) -> Iterator[FolderFinding]:
        """Percentages that stand for few."""
        for number, one in enumerate(found):
            why = self._why(one) if number < EXPLAINED else None
            span = f"{one.low}" if one.low == one.high else f"{one.low}–{one.high}"
            danish = f"Sammen med de andre tabeller giver procenten i cellen {self._name(one)} antallet {span}"
            english = f"Together with the other tables the percentage in cell {self._name(one)} gives the count {span}"
            yield self._said(
                one,
                Kind.IMPLIED_SMALL_COUNT,
                Words(
                    f"{danish}: {why.da}." if why else f"{danish}.", f"{english}: {why.en}." if why else f"{english}."
                ),
                Words(
                    "Blænd procenten, eller afrund den groft i alle tabeller.",
                    "Blank the percentage, or round it coarsely in all tables.",
                ),
            )

    def undecided(self, alone: Mapping[int, Answer]) -> Iterator[FolderFinding]:
        """What was not settled in time, though each table by itself was."""
        open_cells = [
            one
            for one in self._answer.answers
            if one.status is Status.UNDECIDED
            and (one.cell not in alone or alone[one.cell].status is not Status.UNDECIDED)
        ]
        if not open_cells:
            return
        first = open_cells[0]
        finding = Finding(
            rule="DC-6",
            kind=Kind.UNCLEAR_TABLE,
            severity=Severity.REVIEW,
            where=self._where(first),
            message=Words(
                "Det nåede ikke at blive afgjort, hvad tabellerne tilsammen røber.",
                "What the tables give away together was not decided in time.",
            ),
            advice=Words("Aflever færre tabeller ad gangen.", "Hand in fewer tables at a time."),
            count=len(open_cells),
        )
        yield FolderFinding(self.file_of(first.cell), finding)

    def _said(self, one: Answer, kind: Kind, message: Words, advice: Words) -> FolderFinding:
        finding = Finding("DC-6", kind, Severity.BLOCK, self._where(one), message, advice)
        return FolderFinding(self.file_of(one.cell), finding)

    def _where(self, one: Answer) -> str:
        return self._answer.system.cells[one.cell].wheres[0]

    def _name(self, one: Answer) -> str:
        return f"'{called(self._answer.system.cells[one.cell])}'"

    def _why(self, one: Answer) -> Words | None:
        if one.high is None:
            return None
        if self._prover is None:
            self._prover = Prover(self._answer.system)
        proof = self._prover.prove(one.cell, one.high, upper=True)
        return None if proof is None else words_of(self._answer.system, proof)


_BLANK_EVERYWHERE = Words(
    "Blænd de samme celler i alle tabeller, også over for det, der er hjemtaget før.",
    "Blank the same cells in all tables, those released before included.",
)
