"""The tissue-use register fails closed: missing, empty, small, old or altered, it lets nobody through."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from ngc_pipelines.adapters.var_register import VarPolicy
from ngc_pipelines.domain.errors import IntegrityFault, NgcError, Unavailable

CASE = "EXH-2026-00001"


@pytest.fixture
def listed(site: Any, numbers: tuple[str, ...], now: Any) -> Any:
    """A cohort of ten, built; VAR holds the last of them, and one changed number."""
    for place in range(10):
        site.report(f"S{place}", numbers[place])
    site.deliver([numbers[9]], [(numbers[20], numbers[0])])
    site.cohorts().build_from_list(CASE, ["".join(f"{number}\n" for number in numbers[:10]).encode()], now=now)
    return site


def refused(site: Any, now: Any, error: type[NgcError], policy: VarPolicy | None = None) -> str:
    """Tries every act that reads VAR; all must fail, and none may record anything."""
    cohorts = site.cohorts(policy)
    with pytest.raises(error) as caught:
        cohorts.filter_by_var(CASE, now=now)
    with pytest.raises(error):
        cohorts.build_from_list(CASE, [b""], now=now)
    assert cohorts.var_filter(CASE) is None
    assert cohorts.manifest(CASE) is not None
    return str(caught.value)


def test_without_any_delivery_nothing_is_filtered(listed: Any, now: Any) -> None:
    with listed.owner.snapshot("Deliveries were lost") as connection:
        connection.execute(text("DELETE FROM var_register.deliveries"))
    assert "no delivery" in refused(listed, now, Unavailable)


def test_an_emptied_register_is_not_nobody(listed: Any, now: Any) -> None:
    with listed.owner.snapshot("The register was emptied") as connection:
        connection.execute(text("TRUNCATE var_register.registrations"))
    assert "counts or the sums differ" in refused(listed, now, IntegrityFault)


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM var_register.number_references",
        "UPDATE var_register.registrations SET cpr = '0201603001'",
        "INSERT INTO var_register.number_references VALUES ('0201603001', '0201603002')",
    ],
    ids=["references lost", "another number", "a reference more"],
)
def test_a_register_that_is_not_what_was_delivered_is_refused(listed: Any, now: Any, change: str) -> None:
    with listed.owner.snapshot("The register was altered") as connection:
        connection.execute(text(change))
    refused(listed, now, IntegrityFault)


@pytest.mark.parametrize(("hours", "stale"), [(36, False), (37, True)])
def test_a_delivery_older_than_the_policy_allows_is_stale(listed: Any, now: Any, hours: int, stale: bool) -> None:
    later = now + timedelta(hours=hours)
    if stale:
        assert "older than 36 hours" in refused(listed, later, Unavailable)
    else:
        assert listed.cohorts().filter_by_var(CASE, now=later).registered == 1


def test_a_delivery_from_the_future_is_refused(listed: Any, now: Any) -> None:
    assert "future" in refused(listed, now - timedelta(hours=1), IntegrityFault)


@pytest.mark.parametrize(
    "policy",
    [VarPolicy(minimum_registrations=2), VarPolicy(minimum_number_references=2)],
    ids=["registrations", "references"],
)
def test_a_shrunken_delivery_is_refused(listed: Any, now: Any, policy: VarPolicy) -> None:
    assert "policy asks for 2" in refused(listed, now, IntegrityFault, policy)


def test_a_filtering_names_the_delivery_it_read(listed: Any, numbers: Any, now: Any) -> None:
    version = listed.cohorts().filter_by_var(CASE, now=now).var_version
    assert (version.delivery, version.delivered_at, version.registrations, version.number_references) == (
        "first", now, 1, 1,
    )  # fmt: skip
    again = listed.deliver([numbers[9]], [(numbers[20], numbers[0])], delivery="same rows")
    assert again.digest == version.digest
    assert listed.deliver([numbers[8]], [(numbers[20], numbers[0])], delivery="other row").digest != version.digest


@pytest.mark.parametrize(
    ("registrations", "references"),
    [
        ([], []),
        (["0201603000", "0201603000"], []),
        (["020160-3000"], []),
        ([" 0201603000"], []),
        (["0201603000"], [("0201603001", "0201603002"), ("0201603001", "0201603003")]),
        (["0201603000"], [("0201603001", "0201603001")]),
        (["0201603000"], [("0201603001", "0201603002"), ("0201603002", "0201603001")]),
        (["0201603000"], [("0201603001", "")]),
    ],
    ids=["empty", "twice", "hyphen", "space", "one number, two persons", "itself", "circle", "half a reference"],
)
def test_a_faulty_delivery_is_refused_whole_and_the_one_before_stands(
    listed: Any, now: Any, registrations: list[str], references: list[tuple[str, str]]
) -> None:
    with pytest.raises(IntegrityFault) as fault:
        listed.deliver(registrations, references, delivery="faulty")
    assert "0201603" not in str(fault.value)
    assert listed.cohorts().filter_by_var(CASE, now=now).var_version.delivery == "first"


def test_a_delivery_whose_name_is_known_is_refused(listed: Any, numbers: Any) -> None:
    with pytest.raises(IntegrityFault):
        listed.deliver([numbers[8]])


def test_a_chain_of_many_changes_is_followed_to_its_end(site: Any, numbers: Any, now: Any) -> None:
    site.report("S", numbers[0])
    site.deliver([numbers[25]], [(numbers[place], numbers[place + 1]) for place in range(25)])
    cohorts = site.cohorts()
    cohorts.build_from_list(CASE, [f"{numbers[12]}\n".encode()], now=now)
    assert cohorts.filter_by_var(CASE, now=now).registered == 1
    assert list(cohorts.files(CASE)) == []
