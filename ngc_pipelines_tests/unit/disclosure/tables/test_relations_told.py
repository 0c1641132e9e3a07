"""Rates, percentages and means tell blanked counts, and no more than they do."""

from __future__ import annotations

import pytest

from ngc_pipelines.disclosure.tables.audit import Question, audit
from ngc_pipelines.disclosure.tables.printed import PrintedTable
from ngc_pipelines.disclosure.tables.relations.printed import system_of_printed
from ngc_pipelines_tests.unit.disclosure.tables.grids import printed


def _ranges(table: PrintedTable) -> dict[str, tuple[int, int | None]]:
    """By row: between what its blanked count lies."""
    answer = audit(system_of_printed(table).system, Question(every_end=True))
    cells = answer.system.cells
    return {
        dict(cells[one.cell].label)["row"]: (one.low, one.high) for one in answer.answers if cells[one.cell].blanked
    }


def test_a_rate_and_its_person_years_tell_the_blanked_number_of_events() -> None:
    table = printed(
        """Aldersgruppe | Hændelser | Personår | Rate pr. 1.000 personår
18-39 | * | 12.400 | 0,32
40-64 | 61 | 20.100 | 3,03
65+ | 110 | 9.050 | 12,15"""
    )
    assert _ranges(table) == {"18-39": (4, 4)}


def test_a_rate_whose_base_the_header_leaves_out_is_found_by_the_other_rows() -> None:
    table = printed(
        """Age | Events | Person-years | Incidence rate
18-39 | * | 12,400 | 3.2
40-64 | 61 | 20,100 | 30.3
65+ | 110 | 9,050 | 121.5"""
    )
    assert _ranges(table) == {"18-39": (4, 4)}


def test_a_coarse_rate_leaves_the_range_that_it_leaves() -> None:
    table = printed(
        """Age | Events | Person-years | Rate per 1,000 person-years
18-39 | * | 40,000 | 2
40-64 | 61 | 20,100 | 3
65+ | 110 | 9,050 | 12"""
    )
    assert _ranges(table) == {"18-39": (60, 100)}


def test_a_rate_that_does_not_divide_the_events_of_the_table_tells_nothing() -> None:
    table = printed(
        """Age | Events | Person-years | Age-standardised rate per 1,000
18-39 | * | 12,400 | 0.50
40-64 | 61 | 20,100 | 3.61
65+ | 110 | 9,050 | 10.02"""
    )
    assert _ranges(table) == {"18-39": (0, None)}


def test_an_indicator_s_share_and_denominator_tell_its_numerator() -> None:
    table = printed(
        """Afdeling | Tæller | Nævner | Andel (95 % CI)
Hovedstaden | 301 | 342 | 88,0 (84,1-91,3)
Sjælland | 118 | 140 | 84,3 (77,2-89,9)
Nord | * | 40 | 7,5 (2,4-14,1)"""
    )
    assert _ranges(table)["Nord"] == (3, 3)


def test_rates_down_the_side_are_tied_too() -> None:
    table = printed(
        """ | Exposed | Unexposed | Other
Events | 61 | 401 | *
Person-years | 5,041 | 60,758 | 1,000
Rate per 1,000 person-years | 12.1 | 6.6 | 3.0"""
    )
    assert _ranges(table) == {"Events": (3, 3)}


def test_means_of_groups_and_of_all_tell_how_many_are_in_each() -> None:
    table = printed(
        """Region | N | Mean age
Nord | * | 60.1
Syd | * | 41.2
Vest | 40 | 50.0
Total | 100 | 46.1"""
    )
    assert _ranges(table) == {"Nord": (7, 7), "Syd": (53, 53)}


def test_the_true_numbers_lie_within_what_rounded_means_tell() -> None:
    table = printed(
        """Region | N | Mean age
Nord | * | 60
Syd | * | 41
Vest | 40 | 50
Total | 100 | 46"""
    )
    found = _ranges(table)
    low, high = found["Nord"]
    assert high is not None
    assert low <= 7 <= high
    assert low < high


def test_means_tell_nothing_where_the_table_names_missing_values() -> None:
    table = printed(
        """Region | N | Mean age
Nord | * | 60.1
Syd | * | 41.2
Unknown | 40 | 50.0
Total | 100 | 46.1"""
    )
    assert _ranges(table)["Nord"] == (0, 60)


@pytest.mark.parametrize(
    ("third", "total", "base"), [("210", "750", 10), ("200", "740", 1), ("205", "745", 5)], ids=["ten", "none", "five"]
)
def test_rounding_without_a_legend_is_seen_where_totals_hold_within_it_only(third: str, total: str, base: int) -> None:
    table = printed(
        f"""Landsdel | Mænd | Kvinder | I alt
A | 120 | 130 | 250
B | 80 | 90 | 170
C | 100 | 100 | {third}
D | 60 | 60 | 120
I alt | 360 | 380 | {total}"""
    )
    assert table.rounded_to == base


def test_a_percentage_that_is_only_said_to_be_below_another_bounds_its_count() -> None:
    table = printed(
        """ | Cases (n=240) | Controls (n=480)
Epilepsy | <5 (<0.8) | 14 (2.9)
Asthma | 31 (12.9) | 60 (12.5)
Gout | 12 (5.0) | 20 (4.2)"""
    )
    assert _ranges(table) == {"Epilepsy": (1, 1)}


def test_a_country_is_the_sum_of_its_regions_and_not_of_other_countries() -> None:
    regions = printed(
        """Region | Patients
Danmark | 423
Hovedstaden | 210
Midtjylland | 130
Nordjylland | *"""
    )
    countries = printed(
        """Land | Patients
Danmark | 423
Sverige | 210
Norge | *"""
    )
    assert _ranges(regions) == {"Nordjylland": (83, 83)}
    assert _ranges(countries) == {"Norge": (0, None)}
