"""Tables for which there is too little time or room: what is not decided is told, never called safe.

At small limits; `benchmarks.folder` does the same with a million cells.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from benchmarks._suppressed_tables import Suppressed, flat, suppressed, tidy
from ngc_pipelines.disclosure.detecting import DetectorContext
from ngc_pipelines.disclosure.findings import Finding, Kind, Severity
from ngc_pipelines.disclosure.judging import judge
from ngc_pipelines.disclosure.limits import Limits
from ngc_pipelines.disclosure.opening import Source
from ngc_pipelines.disclosure.pieces import Table
from ngc_pipelines.disclosure.places import Place
from ngc_pipelines.disclosure.policy import DEFAULT_POLICY, Policy
from ngc_pipelines.disclosure.tables.audit import Audit, Question, Status, audit
from ngc_pipelines.disclosure.tables.detector import TableDetector
from ngc_pipelines.disclosure.tables.reading.whole import WholeTables
from ngc_pipelines.disclosure.tables.relations.tidy import system_of_tidy
from ngc_pipelines.disclosure.tables.system import Relation
from ngc_pipelines.disclosure.tables.told import findings_of


def three_way() -> Suppressed:
    return suppressed((flat(6), flat(6), flat(6)), seed=1, mean=12.0)


def answered(seconds: float) -> Audit:
    table, hierarchies = tidy(three_way())
    return audit(system_of_tidy([table], hierarchies), Question(every_end=False, seconds=seconds))


def test_without_time_a_cell_is_undecided_unless_single_relations_settle_it() -> None:
    at_leisure, in_haste = answered(60.0), answered(0.0)
    assert at_leisure.complete
    assert not in_haste.complete
    assert {one.status for one in at_leisure.answers} >= {Status.SAFE}
    assert Status.SAFE not in {one.status for one in in_haste.answers}
    assert sum(one.status is Status.UNDECIDED for one in in_haste.answers) > len(in_haste.answers) // 2
    counts = three_way().counts
    for one in in_haste.answers:
        assert one.low <= counts[one.cell]
        assert one.high is None or counts[one.cell] <= one.high


def test_what_is_undecided_is_for_review_and_its_cells_are_named() -> None:
    answer = answered(0.0)
    undecided = [one for one in answer.answers if one.status is Status.UNDECIDED]
    (told,) = [finding for finding in findings_of(answer, 5) if finding.kind is Kind.UNCLEAR_TABLE]
    assert told.severity is Severity.REVIEW
    assert told.count == len(undecided)
    first = answer.system.cells[undecided[0].cell]
    assert told.where.startswith(f"{first.wheres[0]} (")
    assert all(f"{dimension} '{code}'" in told.where for dimension, code in first.label)
    assert told.places


def test_a_contradiction_without_time_is_named_all_the_same() -> None:
    table, hierarchies = tidy(three_way())
    system = system_of_tidy([table], hierarchies)
    first = system.relations[0]
    wrong = Relation(first.terms, 10_000_000, 10_000_000, first.reason, "made up")
    answer = audit(replace(system, relations=(*system.relations, wrong)), Question(every_end=False, seconds=0.0))
    assert any(wrong in group for group in answer.clashes)
    assert wrong not in answer.system.relations


def as_grid(made: Suppressed) -> list[list[str]]:
    rows, columns = (axis.codes for axis in made.axes)
    shown = np.where(made.blanked, "*", made.counts.astype(str)).reshape(rows, columns)
    body = [[f"area {n}" if n else "Total", *line] for n, line in enumerate(shown.tolist())]
    return [["", "Total", *(f"kind {n}" for n in range(1, columns))], *body]


def judged(policy: Policy) -> list[Finding]:
    grid = as_grid(suppressed((flat(30), flat(30)), seed=2, mean=12.0))
    content = "\n".join(",".join(row) for row in grid).encode()
    found = judge(
        Source(content, "t.txt"), extension="txt", policy=policy, as_of=date(2026, 1, 1), known_ids=None
    ).findings
    return list(found)


def test_a_file_for_which_the_policy_gives_no_time_is_never_clear() -> None:
    hasty = replace(DEFAULT_POLICY, limits=Limits(seconds=1e-6))
    assert max(finding.severity for finding in judged(hasty)) >= Severity.REVIEW


def test_tables_with_more_cells_than_are_held_are_for_review_and_named() -> None:
    detector = TableDetector(DetectorContext(DEFAULT_POLICY, date(2026, 1, 1), name="t.txt", extension="txt"))
    detector._whole = WholeTables(left=500)  # the limit scaled down from a million
    rows = tuple(tuple(row) for row in as_grid(suppressed((flat(30), flat(30)), seed=2, mean=12.0)))
    assert list(detector.see(Table(Place(("t.txt",)), rows))) == []
    (told,) = list(detector.end())
    assert (told.kind, told.severity) == (Kind.UNCLEAR_TABLE, Severity.REVIEW)
    assert "t.txt" in told.where
    assert "not examined" in told.message.en
