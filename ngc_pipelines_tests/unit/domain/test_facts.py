"""The facts of the field are there, each code once, and change on the days they are known to change."""

from datetime import date

import pytest

from ngc_pipelines.domain.facts import authorities, metadata_fields, patient_groups, read_rows, regions


def test_patient_groups_have_names_and_sample_types() -> None:
    groups = patient_groups(date(2026, 11, 21))
    assert len({group.code for group in groups}) == len(groups) >= 17
    assert all(group.name_da and group.name_en for group in groups)
    assert {kind for group in groups for kind in group.sample_types} == {"germline", "somatic"}


@pytest.mark.parametrize(("day", "there"), [(date(2026, 12, 31), False), (date(2027, 1, 1), True)])
def test_two_regions_become_one_in_2027(day: date, there: bool) -> None:
    names = {region.name_da for region in regions(day)}
    assert ("Region Østdanmark" in names) == there
    assert ("Region Hovedstaden" in names) != there
    assert len(names) == (4 if there else 5)


@pytest.mark.parametrize(
    ("day", "codes"), [(date(2026, 12, 31), {"DST", "SDS", "NGC"}), (date(2027, 1, 1), {"DST", "DSD"})]
)
def test_authorities_change_with_the_new_authority(day: date, codes: set[str]) -> None:
    assert {authority.code for authority in authorities(day)} == codes
    assert codes < {authority.code for authority in authorities()}


def test_metadata_fields_come_once_each_and_say_what_they_expose() -> None:
    fields = metadata_fields()
    assert len({field.code for field in fields}) == len(fields)
    assert {field.code for field in fields if field.exposure == "direct_identifier"} >= {"person_cpr", "sample_id"}


def test_a_fact_cannot_be_changed_by_who_reads_it() -> None:
    row = read_rows("regions")[0]
    with pytest.raises(TypeError):
        row["name_da"] = "x"  # type: ignore[index] # - that it cannot be done is the point
