"""Tables of a folder are one system where they agree, and are told apart where not."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from ngc_pipelines.disclosure.tables.audit import Question, Status, audit
from ngc_pipelines.disclosure.tables.differences import with_differences
from ngc_pipelines.disclosure.tables.folder_audit import audit_folder
from ngc_pipelines.disclosure.tables.groups import groups_of_one_kind
from ngc_pipelines.disclosure.tables.insiders import insiders_of
from ngc_pipelines.disclosure.tables.ledger import BrokenLedger, Release, add_release, read_ledger, tables_of
from ngc_pipelines.disclosure.tables.stored import NotStored, table_from_data, table_to_data
from ngc_pipelines.disclosure.tables.together import together
from ngc_pipelines_tests.unit.disclosure.tables.grids import printed

HIDDEN = """
Region|Women|Men|Total
North|*|*|124
South|88|92|180
West|50|60|110
Total|*|*|414
"""

ROW_BESIDE = """
Region|Women|Men
North|12|112
South|88|92
West|50|60
"""


def test_a_cell_blanked_in_one_table_and_printed_in_another_is_found() -> None:
    alone = audit(together([printed(HIDDEN, where="a")]).system, Question())
    assert {one.status for one in alone.answers} == {Status.SAFE}
    both = audit(together([printed(HIDDEN, where="a"), printed(ROW_BESIDE, where="b")]).system, Question())
    assert {one.status for one in both.answers} == {Status.EXACT}


def test_the_turned_table_says_the_same() -> None:
    turned = """
Sex|North|South|West
Women|12|88|50
Men|112|92|60
"""
    both = audit(together([printed(HIDDEN, where="a"), printed(turned, where="b")]).system, Question())
    assert {one.status for one in both.answers} == {Status.EXACT}


def test_the_same_labels_of_other_persons_tie_nothing() -> None:
    others = ROW_BESIDE.replace("88", "47").replace("92", "31").replace("50", "77").replace("60", "81")
    both = audit(together([printed(HIDDEN, where="a"), printed(others, where="b")]).system, Question())
    assert {one.status for one in both.answers} == {Status.SAFE}
    assert not both.clashes


def test_tables_that_differ_by_three_persons_tell_about_them() -> None:
    first = "Region|n\nNorth|124\nSouth|180\nWest|110\nTotal|414"
    second = "Region|n\nNorth|121\nSouth|180\nWest|110\nTotal|411"
    both = together([printed(first, where="a"), printed(second, where="b")])
    _, found = with_differences(both.system, both.kinships)
    assert [one.persons for one in found] == [3, 3]


def test_tables_that_differ_by_many_persons_tell_nothing() -> None:
    first = "Region|n\nNorth|124\nSouth|180\nWest|110\nTotal|414"
    second = "Region|n\nNorth|104\nSouth|180\nWest|110\nTotal|394"
    files = {"a.txt": [printed(first)], "b.txt": [printed(second)]}
    assert not list(audit_folder(files, (), Question()))


def test_a_table_cut_in_two_gives_the_answer_of_the_whole() -> None:
    whole = "Region|Women|Men\nNorth|*|31\nSouth|88|92\nWest|50|60\nEast|21|11\nTotal|171|194"
    upper = "Region|Women|Men\nNorth|*|31\nSouth|88|92"
    lower = "Region|Women|Men\nWest|50|60\nEast|21|11\nTotal|171|194"
    one = audit(together([printed(whole)]).system, Question()).answers
    two = audit(together([printed(upper, where="a"), printed(lower, where="b")]).system, Question()).answers
    assert [(a.low, a.high) for a in one] == [(a.low, a.high) for a in two] == [(12, 12)]


def test_a_person_alone_in_a_cell_can_compute_the_other_blanked_one() -> None:
    answer = audit(together([printed(HIDDEN)]).system, Question())
    pairs = {(answer.system.cells[i.cell].label, answer.system.cells[i.other].label) for i in insiders_of(answer)}
    assert (
        (("row", "North"), ("column", "Women")),
        (("row", "North"), ("column", "Men")),
    ) in pairs


def test_a_group_that_is_all_of_one_kind_is_named() -> None:
    table = printed("Carrier|Sick|Well|Total\nYes|12|0|12\nNo|40|60|100\nTotal|52|60|112")
    found = groups_of_one_kind(together([table]).system, 5)
    assert [one.besides for one in found] == [0]


def test_a_table_goes_through_plain_data_unchanged() -> None:
    table = printed(
        "Region|n (%)|Mean age\nNorth|12 (4,5 %)|45,2\nSouth|<5|44,1\nTotal|266 (100 %)|45", title="Tabel 1"
    )
    assert table_from_data(json.loads(json.dumps(table_to_data(table)))) == table


@pytest.mark.parametrize("broken", [None, {}, [], {"where": 1}, "x", {"where": "t", "rows": 3}])
def test_what_is_no_table_is_refused(broken: object) -> None:
    with pytest.raises(NotStored):
        table_from_data(broken)


def test_a_ledger_keeps_releases_in_order_and_each_once(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    first = Release("EXP-2026-00001", date(2026, 3, 1), (printed(HIDDEN, where="a"),))
    second = Release("EXP-2026-00002", date(2026, 4, 1), (printed(ROW_BESIDE, where="b"),))
    assert add_release(path, first) == add_release(path, first)
    add_release(path, second)
    assert read_ledger(path) == (first, second)
    again = audit(together(tables_of(read_ledger(path))).system, Question())
    assert {one.status for one in again.answers} == {Status.EXACT}


def test_a_changed_or_missing_release_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    for number in range(3):
        add_release(path, Release(f"EXP-2026-0000{number}", date(2026, 3, 1), (printed(HIDDEN, where=str(number)),)))
    lines = path.read_text(encoding="utf-8").splitlines()
    for damaged in (
        [lines[0], lines[2]],
        [lines[1], lines[0], lines[2]],
        [lines[0].replace("88", "89"), *lines[1:]],
        ["{"],
    ):
        path.write_text("\n".join(damaged), encoding="utf-8")
        with pytest.raises(BrokenLedger):
            read_ledger(path)
