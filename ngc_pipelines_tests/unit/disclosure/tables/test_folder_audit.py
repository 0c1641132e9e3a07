"""What several files give away together, and nothing that one gives away alone."""

from __future__ import annotations

from datetime import date

from ngc_pipelines.disclosure.findings import Kind
from ngc_pipelines.disclosure.tables.audit import Question
from ngc_pipelines.disclosure.tables.folder_audit import audit_folder
from ngc_pipelines.disclosure.tables.ledger import Release
from ngc_pipelines_tests.unit.disclosure.tables.grids import printed
from ngc_pipelines_tests.unit.disclosure.tables.test_together import HIDDEN, ROW_BESIDE


def test_two_files_that_complete_each_other_are_told() -> None:
    files = {"a.csv": [printed(HIDDEN)], "b.csv": [printed(ROW_BESIDE)]}
    found = list(audit_folder(files, (), Question()))
    assert {one.path for one in found} == {"a.csv"}
    assert {one.finding.kind for one in found} == {Kind.RECOVERABLE_CELL}
    assert all("b.csv" in one.finding.message.en for one in found)


def test_what_was_released_before_counts() -> None:
    earlier = (Release("EXP-2026-00001", date(2026, 3, 1), (printed(ROW_BESIDE),)),)
    found = list(audit_folder({"a.csv": [printed(HIDDEN)]}, earlier, Question()))
    assert len(found) == 4
    assert all("EXP-2026-00001 (2026-03-01)" in one.finding.message.en for one in found)


def test_a_cell_blanked_before_is_exposed_by_what_is_asked_for_now() -> None:
    earlier = (Release("EXP-2026-00001", date(2026, 3, 1), (printed(HIDDEN),)),)
    found = list(audit_folder({"b.csv": [printed(ROW_BESIDE)]}, earlier, Question()))
    assert {one.path for one in found} == {"b.csv"}


def test_what_one_file_gives_away_alone_is_not_told_again() -> None:
    alone = "Region|Women|Men|Total\nNorth|*|120|124\nSouth|88|92|180\nTotal|92|212|304"
    files = {"a.csv": [printed(alone)], "b.csv": [printed("Region|Women|Men\nSouth|88|92\nTotal|92|212")]}
    assert not list(audit_folder(files, (), Question()))


def test_a_request_that_differs_from_an_earlier_one_by_two_persons_is_told() -> None:
    before = "Region|n\nNorth|124\nSouth|180\nWest|110\nTotal|414"
    now = "Region|n\nNorth|122\nSouth|180\nWest|110\nTotal|412"
    earlier = (Release("EXP-2026-00001", date(2026, 3, 1), (printed(before),)),)
    found = list(audit_folder({"now.csv": [printed(now)]}, earlier, Question()))
    assert {one.finding.kind for one in found} == {Kind.IMPLIED_SMALL_COUNT}
    assert {one.path for one in found} == {"now.csv"}


def test_a_single_table_has_nothing_to_be_held_against() -> None:
    assert not list(audit_folder({"a.csv": [printed(HIDDEN)]}, (), Question()))
