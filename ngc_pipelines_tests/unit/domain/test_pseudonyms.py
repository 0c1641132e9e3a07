"""Pseudonyms: their form, the project they are valid in, and the names of files."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ngc_pipelines.domain.pseudonyms import (
    ENTROPY_BYTES,
    SEARCH_PATTERN,
    ProjectScope,
    Pseudonym,
    Subject,
    file_key,
    is_pseudonym,
)

entropy = st.binary(min_size=ENTROPY_BYTES, max_size=ENTROPY_BYTES)
PERSON = Pseudonym.drawn(Subject.PERSON, bytes(range(10)))
SAMPLE = Pseudonym.drawn(Subject.SAMPLE, bytes(range(10)))


@given(one=entropy, other=entropy, subject=st.sampled_from(list(Subject)))
def test_every_draw_is_a_pseudonym_of_its_own(one: bytes, other: bytes, subject: Subject) -> None:
    first, second = Pseudonym.drawn(subject, one), Pseudonym.drawn(subject, other)

    assert (first == second) == (one == other)
    assert first.subject is subject
    assert is_pseudonym(str(first))
    assert re.search(SEARCH_PATTERN, f"x={first}_R1")


@given(drawn=entropy, place=st.integers(5, 24))
def test_a_pseudonym_is_never_one_with_a_letter_that_is_none_of_its_alphabet(drawn: bytes, place: int) -> None:
    text = str(Pseudonym.drawn(Subject.PERSON, drawn))
    assert not is_pseudonym(text[:place] + "U" + text[place + 1 :])


def test_of_misspelt_pseudonyms_few_pass_the_check_character() -> None:
    text = str(PERSON)
    misspelt = [text[:8] + letter + text[9:] for letter in "0123456789ABCDEFGHJKMNPQRSTVWXYZ" if letter != text[8]]

    assert sum(map(is_pseudonym, misspelt)) <= 4


@pytest.mark.parametrize("text", ["", "NGCP", "NGCX-0000-0000-0000-00000", str(PERSON).lower(), f"{PERSON} ", "LAB-1"])
def test_other_ids_are_no_pseudonyms(text: str) -> None:
    assert not is_pseudonym(text)


def test_a_project_is_the_same_however_it_is_spelt_and_another_by_any_part() -> None:
    same = {ProjectScope("Hjerte", "H-2026 0001").digest, ProjectScope(" HJERTE ", "h-2026  0001").digest}
    others = {ProjectScope("HJERTE", "H-2026 0002").digest, ProjectScope("HJERT", "EH-2026 0001").digest}

    assert len(same) == 1
    assert len(same | others) == 3


@pytest.mark.parametrize(("acronym", "approval"), [("", "H-1"), ("A", "  "), ("A\0", "H-1")])
def test_a_project_without_a_name_is_refused(acronym: str, approval: str) -> None:
    with pytest.raises(ValueError, match="acronym and an approval"):
        ProjectScope(acronym, approval)


def test_a_file_is_named_by_pseudonyms_lane_and_read() -> None:
    assert file_key(PERSON, SAMPLE, 2, 1, "fastq.gz", 3) == f"genome/{PERSON}/{SAMPLE}_L002_R1_003.fastq.gz"
    assert file_key(PERSON, SAMPLE, 0, 0, "spring") == f"genome/{PERSON}/{SAMPLE}_L000_001.spring"


@pytest.mark.parametrize(
    ("lane", "read", "storage_format", "copy"), [(-1, 1, "fastq.gz", 1), (1, 3, "fastq.gz", 1), (1, 1, "bam", 1)]
)
def test_a_file_of_another_kind_has_no_name(lane: int, read: int, storage_format: str, copy: int) -> None:
    with pytest.raises(ValueError, match=r"lane is|stored as"):
        file_key(PERSON, SAMPLE, lane, read, storage_format, copy)


def test_a_file_is_not_named_the_other_way_round() -> None:
    with pytest.raises(ValueError, match="named after"):
        file_key(SAMPLE, PERSON, 1, 1, "fastq.gz")
