"""What was agreed for an environment and what stands in it, as values."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from ngc_pipelines.domain.environments import (
    ApprovedUser,
    EnvironmentSpecification,
    LeftOutFile,
    Snapshot,
    SnapshotFile,
)
from ngc_pipelines.domain.errors import IntegrityFault, Refused
from ngc_pipelines_tests.sequenced_cohort import specification

DIGEST = "sha256:" + "0" * 64
SNAPSHOT = Snapshot(
    specification=specification(),
    bucket="env-exh-2026-00001",
    cohort_digest=DIGEST,
    remaining_digest=DIGEST,
    var_digest=DIGEST,
    var_delivery="2026-03-02",
    files=(SnapshotFile("b", 1, "00", "00", "e"), SnapshotFile("a", 2, "00", "00", "e")),
    left_out=(LeftOutFile("p", "s", 1, "why"),),
    access_policy_digest=DIGEST,
    taken_at=datetime(2026, 3, 2, 8, tzinfo=UTC),
)


def test_a_snapshot_comes_back_as_it_was_written() -> None:
    assert Snapshot.from_bytes(SNAPSHOT.to_bytes()) == SNAPSHOT
    assert SNAPSHOT.size_bytes == 3


def test_the_digest_depends_on_what_is_said_and_not_on_its_order() -> None:
    elsewhere = SNAPSHOT.taken_at.astimezone(timezone(timedelta(hours=1)))
    assert replace(SNAPSHOT, files=SNAPSHOT.files[::-1], taken_at=elsewhere).digest == SNAPSHOT.digest
    assert replace(SNAPSHOT, files=SNAPSHOT.files[:1]).digest != SNAPSHOT.digest
    assert replace(SNAPSHOT, specification=specification(users=("anna",))).digest != SNAPSHOT.digest


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{}", SNAPSHOT.to_bytes().replace(b"snapshot/1", b"snapshot/9"), SNAPSHOT.to_bytes()[:-1]]
)
def test_what_is_no_snapshot_is_refused(data: bytes) -> None:
    with pytest.raises(IntegrityFault):
        Snapshot.from_bytes(data)


def test_a_snapshot_names_its_time_zone_and_writes_digests_as_such() -> None:
    with pytest.raises(ValueError, match="time zone"):
        replace(SNAPSHOT, taken_at=datetime(2026, 3, 2))  # noqa: DTZ001 - the point of the test
    with pytest.raises(ValueError, match="sha256"):
        replace(SNAPSHOT, access_policy_digest="0" * 64)


def test_a_specification_comes_back_and_lists_users_and_tools_in_order() -> None:
    agreed = replace(specification(users=("bo", "anna")), tools=("samtools", "bcftools", "samtools"))

    assert EnvironmentSpecification.from_json(agreed.as_json()) == agreed
    assert [user.name for user in agreed.users] == ["anna", "bo"]
    assert agreed.tools == ("bcftools", "samtools")
    assert agreed.name == "exh-2026-00001"


@pytest.mark.parametrize("users", [(), ("anna", "anna")], ids=["none", "one twice"])
def test_an_environment_without_users_or_with_one_twice_is_refused(users: tuple[str, ...]) -> None:
    with pytest.raises(Refused, match="EN-3"):
        specification(users=users)


@pytest.mark.parametrize("name", ["", "a", "Anna", "1anna", "an na", "an/na", "a" * 32, "æble"])
def test_a_user_name_is_one_of_the_cluster(name: str) -> None:
    with pytest.raises(ValueError, match="HPC user name"):
        ApprovedUser(name, "PI", date(2026, 1, 1))


def test_nobody_gets_in_without_the_approval_of_the_pi() -> None:
    with pytest.raises(ValueError, match="approved by the PI"):
        ApprovedUser("anna", " ", date(2026, 1, 1))
