"""What a column says that none of its cells does: headers, lost zeros, split numbers, codes."""

from __future__ import annotations

import random
from datetime import date

import pytest

from ngc_pipelines.disclosure.findings import Kind
from ngc_pipelines.disclosure.identifiers.columns import ColumnJudge
from ngc_pipelines.disclosure.identifiers.known import KnownIdentifiers
from ngc_pipelines.disclosure.pieces import Cell, Table
from ngc_pipelines.disclosure.places import Place
from ngc_pipelines.disclosure.policy import DEFAULT_POLICY

AS_OF = date(2026, 11, 21)
BIRTHS = [f"{day:02}{month:02}{50 + day}" for day in range(2, 10) for month in (2, 5)]
CPRS = [f"{six}99{index:02}" for index, six in enumerate(BIRTHS)]


def judge(*columns: tuple[str, list[Cell]], known: KnownIdentifiers | None = None) -> list[tuple[str, str]]:
    """Kind and severity of what a table of these columns gives."""
    rows = [[name for name, _ in columns], *map(list, zip(*(values for _, values in columns), strict=True))]
    table = Table(Place(("sheet 'T1'",)), rows, addressing="sheet")
    found = ColumnJudge(DEFAULT_POLICY, AS_OF, known).judge(table)
    return [(finding.kind.value, finding.severity.word) for finding in found]


SPELLINGS: dict[str, list[Cell]] = {
    "texts": list(CPRS),
    "whole numbers": [int(cpr) for cpr in CPRS],
    "floats": [float(cpr) for cpr in CPRS],
    "texts of floats": [f"{int(cpr)}.0" for cpr in CPRS],
    "scientific": [f"{int(cpr):.9E}" for cpr in CPRS],
    "with blanks around": [f" {cpr} " for cpr in CPRS],
}


@pytest.mark.parametrize("values", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_column_headed_cpr_is_found_however_a_program_wrote_it(values: list[Cell]) -> None:
    assert ("cpr", "block") in judge(("CPR-nr", values))


def test_column_of_dates_and_serials_needs_no_header() -> None:
    assert ("cpr", "block") in judge(("x", list(CPRS)))


def test_lost_zeros_count_where_other_values_are_whole() -> None:
    # Births on days from 10 keep their tenth digit.
    values: list[Cell] = [f"{day}0360{9900 + day}" for day in range(10, 22)]
    values += [int(cpr) for cpr in CPRS]
    assert ("cpr", "block") in judge(("x", values))


def test_random_numbers_are_no_cpr_numbers() -> None:
    chance = random.Random(1)
    for digits in (8, 9, 10, 11):
        values: list[Cell] = [chance.randrange(10 ** (digits - 1), 10**digits) for _ in range(400)]
        assert judge(("count", values)) == []


def test_lab_numbers_are_an_identifier_column() -> None:
    values: list[Cell] = [
        f"24{month:02}{day:02}{serial:04}" for serial, (month, day) in enumerate([(3, 4), (5, 6)] * 8)
    ]
    assert judge(("x", values)) == [("id_column", "block")]


@pytest.mark.parametrize("spelling", ["%d%m%y", "%Y-%m-%d", "%d.%m.%Y", "date"])
def test_dates_beside_serials_are_cpr_numbers(spelling: str) -> None:
    births = [date(1950 + day, month, day) for day in range(2, 12) for month in (2, 5)]
    dates: list[Cell] = [born if spelling == "date" else born.strftime(spelling) for born in births]
    serials: list[Cell] = [f"{9000 + 37 * step % 1000:04}" for step in range(len(dates))]
    assert ("cpr", "block") in judge(("født", dates), ("løbenr", serials))


@pytest.mark.parametrize(
    ("header", "values", "expected"),
    [
        ("patient_id", [f"P{n:04}" for n in range(17, 400, 13)], [("id_column", "block")]),
        ("Prøvenummer", [f"{n * 7919}" for n in range(100, 130)], [("id_column", "block")]),
        ("løbenr", list(range(1, 31)), [("id_column", "review")]),
        ("x", [f"0b9c1f2e-1111-4222-8333-{n:012x}" for n in range(30)], [("id_column", "block")]),
        ("x", [f"LAB{n:06}" for n in range(1000, 1030)], [("id_column", "review")]),
        ("gene", [f"ENSG{n:011}" for n in range(30)], []),
        ("SNP", [f"rs{n * 77}" for n in range(100, 130)], []),
        ("patients", [str(n * 37) for n in range(10, 40)], []),
        ("Patienter", [f"P{n * 37}" for n in range(10, 40)], [("id_column", "block")]),
        ("Antal patienter", [str(n) for n in range(10, 40)], []),
        ("n patients", [n * 3 for n in range(10, 40)], []),
        ("age", [n / 7 for n in range(30)], []),
        ("region", ["Nord", "Syd", "Midt"] * 10, []),
        ("patient_id", ["A1", "A2", "A3", "A4"], []),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_columns_of_codes_are_told_from_columns_of_results(
    header: str, values: list[Cell], expected: list[tuple[str, str]]
) -> None:
    assert judge((header, values)) == expected


def test_short_known_ids_are_found_in_a_column_of_them_and_not_among_counts() -> None:
    known = KnownIdentifiers.from_identifiers(str(number) for number in range(1000, 9000, 3))
    of_persons: list[Cell] = [1000 + 3 * step for step in range(20)]
    of_counts: list[Cell] = [*(1001 + 3 * step for step in range(19)), 1000]
    assert ("known_id", "block") in judge(("x", of_persons), known=known)
    assert ("known_id", "block") in judge(("subject", of_counts), known=known)
    assert all(kind != Kind.KNOWN_ID.value for kind, _ in judge(("antal", of_counts), known=known))
