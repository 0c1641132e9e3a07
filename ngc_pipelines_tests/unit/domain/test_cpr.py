"""Strict reading of one CPR number, against the published vectors and at every boundary of the century table."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ngc_pipelines.domain.cpr import (
    CprKind,
    Sex,
    birth_date_of,
    century_of,
    mask,
    mod11_holds,
    parse_cpr,
    sex_of,
)

AS_OF = date(2026, 11, 21)
VECTORS = list(
    csv.DictReader((Path(__file__).parent / "cpr_test_vectors.csv").read_text(encoding="utf-8").splitlines())
)


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["id"] for vector in VECTORS])
def test_every_published_vector_is_read_as_it_says(vector: dict[str, str]) -> None:
    result = parse_cpr(vector["input"], as_of=date.fromisoformat(vector["as_of"]))
    assert result.kind == vector["expected_class"]
    assert (result.birth_date.isoformat() if result.birth_date else "") == vector["birth_date"]
    assert (result.sex or "") == vector["sex"]
    assert {None: "", True: "yes", False: "no"}[result.mod11] == vector["mod11_ok"]
    assert result.accepted == (vector["cpr_list_accept"] == "yes")


@pytest.mark.parametrize(
    ("year", "sign", "century"),
    [
        *[(year, sign, 1900) for year in (0, 36, 37, 57, 58, 99) for sign in (0, 1, 2, 3)],
        *[(year, sign, 2000) for year in (0, 36) for sign in (4, 9)],
        *[(year, sign, 1900) for year in (37, 57, 58, 99) for sign in (4, 9)],
        *[(year, sign, 2000) for year in (0, 36, 37, 57) for sign in (5, 6, 7, 8)],
        *[(year, sign, 1800) for year in (58, 99) for sign in (5, 6, 7, 8)],
    ],
)
def test_the_seventh_digit_gives_the_century(year: int, sign: int, century: int) -> None:
    assert century_of(year, sign) == century


@pytest.mark.parametrize(("year", "sign"), [(-1, 0), (100, 0), (0, -1), (0, 10)])
def test_a_century_is_asked_for_by_two_digits_and_one(year: int, sign: int) -> None:
    with pytest.raises(ValueError, match="two digits"):
        century_of(year, sign)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("3105350990", CprKind.CPR),
        ("310535-0990", CprKind.CPR),
        ("2902004990", CprKind.CPR),
        ("2902000990", CprKind.INVALID_DATE),
        ("3104350990", CprKind.INVALID_DATE),
        ("0000000000", CprKind.INVALID_DATE),
        ("6105350993", CprKind.ECPR_PLUS60),
        ("9105350993", CprKind.ECPR_PLUS60),
        ("9205350993", CprKind.INVALID_DATE),
        ("310535ABC1", CprKind.ECPR_KOT),
        ("310535-abc1", CprKind.ECPR_KOT),
        ("3105358AB1", CprKind.ECPR_OTHER),
        ("3105356AB1", CprKind.ECPR_D),
        ("290201ABC1", CprKind.NOT_CANONICAL),
        ("290204ABC1", CprKind.ECPR_KOT),
        ("9999991AB1", CprKind.NOT_CANONICAL),
        ("310535ÆØÅ1", CprKind.NOT_CANONICAL),
        ("310535--0990", CprKind.NOT_CANONICAL),
        ("31-05350990", CprKind.NOT_CANONICAL),
        ("310535–0990", CprKind.NOT_CANONICAL),
        (" 3105350990", CprKind.NOT_CANONICAL),
        ("3105350990\n", CprKind.NOT_CANONICAL),
        ("310535099", CprKind.NOT_CANONICAL),
        ("31053509900", CprKind.NOT_CANONICAL),
        ("", CprKind.NOT_CANONICAL),
        ("٣١٠٥٣٥٠٩٩٠", CprKind.NOT_CANONICAL),
    ],
)
def test_nothing_is_cleaned_and_replacement_numbers_are_told_apart(text: str, kind: CprKind) -> None:
    assert parse_cpr(text, as_of=AS_OF).kind is kind


def test_somebody_born_today_is_accepted_and_tomorrow_is_not() -> None:
    today = "2111264997"
    assert parse_cpr(today, as_of=AS_OF).accepted
    assert parse_cpr(today, as_of=AS_OF - timedelta(days=1)).kind is CprKind.FUTURE_DATE


def test_a_hyphen_changes_nothing_and_the_number_is_given_without_it() -> None:
    assert parse_cpr("020160-9995", as_of=AS_OF) == parse_cpr("0201609995", as_of=AS_OF)
    assert parse_cpr("020160-9995", as_of=AS_OF).number == "0201609995"


def test_only_replacement_numbers_are_replacement_numbers() -> None:
    assert {kind for kind in CprKind if kind.is_replacement} == {
        CprKind.ECPR_X,
        CprKind.ECPR_D,
        CprKind.ECPR_PLUS60,
        CprKind.ECPR_KOT,
        CprKind.ECPR_OTHER,
    }


@given(st.from_regex(r"[0-9]{6}-?[0-9]{4}", fullmatch=True))
def test_what_is_accepted_agrees_with_its_own_digits_and_shows_none_of_them(text: str) -> None:
    result = parse_cpr(text, as_of=AS_OF)
    assert text not in repr(result)
    if result.accepted:
        assert result.number == text.replace("-", "")
        assert result.birth_date == birth_date_of(result.number)
        assert result.birth_date is not None
        assert result.birth_date <= AS_OF
        assert result.birth_date.strftime("%d%m%y") == result.number[:6]
        assert result.sex is sex_of(result.number)
        assert result.mod11 is mod11_holds(result.number)
        assert result.number not in repr(result)
        assert (result.sex is Sex.MALE) == (result.number[-1] in "13579")


@pytest.mark.parametrize(
    ("text", "masked"),
    [("0201609995", "02****-****"), ("x", "******-****"), ("", "******-****"), ("٣١", "******-****")],
)
def test_a_mask_shows_two_digits_at_most(text: str, masked: str) -> None:
    assert mask(text) == masked
