"""What lies between two tables: printed, blanked and told by percentages; and what lies between tables of others."""

from __future__ import annotations

import re

import pytest

from ngc_pipelines.disclosure.findings import Finding, Kind, Severity
from ngc_pipelines.disclosure.tables.audit import Question
from ngc_pipelines.disclosure.tables.folder_audit import audit_folder
from ngc_pipelines.disclosure.tables.members import AnyTable
from ngc_pipelines.disclosure.tables.nesting import Kin, said_of
from ngc_pipelines.disclosure.tables.reading.tidy import tidy_table
from ngc_pipelines_tests.unit.disclosure.tables.grids import printed

WHOLE = "Region|Remission|Other|Total\nNorth|120|60|180\nWest|90|71|161\nSouth|80|64|144\nTotal|290|195|485"
PART = "Region|Remission|Other|Total\nNorth|110|51|161\nWest|88|64|152\nSouth|74|64|138\nTotal|272|179|451"


def said(*tables: AnyTable) -> list[Finding]:
    files = {f"f{number}.txt": [table] for number, table in enumerate(tables)}
    return [one.finding for one in audit_folder(files, (), Question())]


def test_a_subgroup_leaves_its_complement() -> None:
    (found,) = said(printed(WHOLE, title="Table 1. Whole cohort (N = 485)"), printed(PART, title="Table 2. Treated"))
    assert found.kind is Kind.IMPLIED_SMALL_COUNT
    assert found.severity is Severity.BLOCK
    assert "'West / Remission': 90 − 88 = 2" in found.message.en


def test_without_titles_it_is_a_question() -> None:
    (found,) = said(printed(WHOLE), printed(PART))
    assert found.severity is Severity.REVIEW
    assert found.message.en.startswith("If the persons of one table are among those of the other")


@pytest.mark.parametrize(
    ("first", "second"),
    [("Patients 2022", "Patients 2023"), ("Women", "Men"), ("Hospital A", "Hospital B"), ("Cases", "Controls")],
)
def test_tables_about_others_tell_nothing_of_each_other(first: str, second: str) -> None:
    assert not said(printed(WHOLE, title=first), printed(PART, title=second))


def test_a_difference_of_blanked_cells_follows_from_the_sums() -> None:
    before = "Region|Women|Men|Total\nNorth|*|*|124\nSouth|88|92|180\nWest|50|60|110\nEast|*|*|95\nTotal|230|279|509"
    now = before.replace("|124", "|121").replace("230|279|509", "227|279|506")
    found = said(printed(before, where="a"), printed(now, where="b"))
    assert {one.kind for one in found} == {Kind.IMPLIED_SMALL_COUNT}
    assert any("'North / Total': 124 − 121 = 3" in one.message.en for one in found)
    # Nobody left the table in the East and no man did: the three were women of the North.
    assert any(re.search(r"3 stand in the larger one only, under 'North / Women'", one.message.en) for one in found)


def test_percentages_are_counts_too() -> None:
    shares = "Outcome|Share, % (N = 636)\nRemission|60.1\nOther|39.9"
    whole = "Outcome|n\nRemission|385\nOther|255\nTotal|640"
    found = said(printed(whole, title="All patients"), printed(shares, title="All patients with follow-up"))
    assert {one.kind for one in found} == {Kind.IMPLIED_SMALL_COUNT}
    assert any("385 − 382 = 3" in one.message.en for one in found)


def test_a_cell_blanked_for_men_follows_from_the_tables_for_women_and_for_all() -> None:
    women = "Region|Remission|Other\nNorth|40|52\nSouth|31|61\nWest|22|44"
    men = "Region|Remission|Other\nNorth|38|60\nSouth|29|70\nWest|<5|51"
    everybody = "Region|Remission|Other\nNorth|78|112\nSouth|60|131\nWest|25|95"
    found = said(printed(women, title="Women"), printed(men, title="Men"), printed(everybody, title="All patients"))
    (recoverable,) = (one for one in found if one.kind is Kind.RECOVERABLE_CELL)
    assert "can be calculated back to 3: 25 − 22 = 3" in recoverable.message.en
    assert "add up to" in recoverable.message.en


def test_a_few_who_came_and_a_few_who_left_are_a_question() -> None:
    before = "Region|n\nNorth|124\nSouth|180\nWest|110\nEast|95"
    now = "Region|n\nNorth|123\nSouth|180\nWest|110\nEast|97"
    (found,) = said(printed(before), printed(now))
    assert found.severity is Severity.REVIEW
    assert "came, left or moved" in found.message.en


def test_tidy_tables_of_two_files_are_held_against_each_other() -> None:
    rows = [["region", "sex", "count"]]
    for region, women, men in (("North", 120, 131), ("South", 88, 92), ("West", 50, 60)):
        rows += [[region, "F", str(women)], [region, "M", str(men)], [region, "Total", str(women + men)]]
    later = [
        [*codes, str(int(n) - 2) if codes in (["North", "F"], ["North", "Total"]) else n] for *codes, n in rows[1:]
    ]
    found = said(tidy_table(rows, "t"), tidy_table([rows[0], *later], "t"))
    assert {one.kind for one in found} == {Kind.IMPLIED_SMALL_COUNT}
    assert any("120 − 118 = 2" in one.message.en for one in found)


def test_a_tidy_and_a_printed_table_complete_each_other() -> None:
    hidden = "Region|Women|Men|Total\nNorth|*|*|124\nSouth|88|92|180\nWest|50|60|110\nTotal|*|*|414"
    rows = [["region", "sex", "count"], ["North", "Women", "12"], ["South", "Women", "88"], ["South", "Men", "92"]]
    found = said(printed(hidden), tidy_table([*rows, ["West", "Women", "50"], ["West", "Men", "60"]], "t"))
    assert {one.kind for one in found} == {Kind.RECOVERABLE_CELL}


@pytest.mark.parametrize(
    ("larger", "smaller", "kin"),
    [
        ("Tabel 1. Hele kohorten (N = 640)", "Tabel 2. Patienter i medicinsk behandling (N = 601)", Kin.NESTED),
        ("Outcomes of all participants", "Outcomes of women", Kin.NESTED),
        ("Outcomes by region", "Outcomes by region, women", Kin.NESTED),
        ("Incidence 2015-2021", "Incidence 2015-2020", Kin.NESTED),
        ("Incidence 2015-2017", "Incidence 2018-2020", Kin.OTHERS),
        ("Table 1. Outcomes", "Table 2. Outcomes", Kin.PERHAPS),
        ("", "Women", Kin.PERHAPS),
        ("Kvinder", "Mænd", Kin.OTHERS),
        ("Patients of 2022", "Patients of 2023", Kin.OTHERS),
        ("Men by region", "Men by region, excluding emigrated", Kin.NESTED),
    ],
)
def test_titles_say_whose_persons_are_whose(larger: str, smaller: str, kin: Kin) -> None:
    assert said_of(larger, smaller) is kin
