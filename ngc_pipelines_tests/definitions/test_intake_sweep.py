"""The intake area, looked through part by part: no folder is passed over, wherever it sorts and whatever is lost."""

from __future__ import annotations

from collections import Counter

import pytest

from ngc_pipelines.adapters.intake import PREFIXES
from ngc_pipelines.defs.exhibition_sensors import new_applications
from ngc_pipelines.domain.cases import CaseId, Flow
from ngc_pipelines.flows import intake
from ngc_pipelines.flows.intake import take_up
from ngc_pipelines.flows.site import Site
from ngc_pipelines_tests.code_location import CodeLocation
from ngc_pipelines_tests.definitions.conftest import SyntheticGenomes
from ngc_pipelines_tests.handing_in import hand_in

FLOW = Flow.EXHIBITION
MOST = 500
# Sorted by key and folder by folder these come in different orders.
NAMES = ("a", "a-b", "a.c", "a0", "a b", "æ", "b", "B", "z" * 100)
FILES = ("cpr-liste.csv", "notes/more.txt", "submission.yaml")


def put(site: Site, name: str, files: tuple[str, ...] = FILES) -> None:
    """Puts files into a folder of the intake area."""
    for file in files:
        key = f"{PREFIXES[FLOW]}{name}/{file}"
        site.object_store.put_object(Bucket=site.settings.s3.intake_bucket, Key=key, Body=b"schema: x\n")


def sweep(site: Site, keys: int, after: CaseId | None = None) -> list[tuple[CaseId, ...]]:
    """Takes up part by part until the end of the area."""
    parts = []
    for _ in range(100):
        taken_up = take_up(site, FLOW, MOST, after=after, keys=keys)
        parts.append(taken_up.cases)
        after = taken_up.here
        if after is None:
            return parts
    pytest.fail("the end was never reached")


def folders(site: Site) -> Counter[str]:
    """How many open cases each folder has."""
    return Counter(line.folder.removeprefix(PREFIXES[FLOW]).rstrip("/") for line in site.register.open_cases())


@pytest.mark.parametrize("keys", [1, 4, 7, 1_000])
def test_part_by_part_every_folder_is_opened_once_and_whole(site: Site, keys: int) -> None:
    for name in NAMES:
        put(site, name)
    whole = {folder.folder: folder.fingerprint for folder in site.intake.handed_in(FLOW)}
    parts = sweep(site, keys)
    assert all(len(part) <= keys // len(FILES) + 1 for part in parts)
    assert folders(site) == dict.fromkeys(NAMES, 1)
    assert {line.folder: line.fingerprint for line in site.register.open_cases()} == whole
    assert sweep(site, keys) == [()] * len(parts)


def test_folders_that_are_not_handed_in_keep_nobody_from_coming_to_those_behind_them(site: Site) -> None:
    for number in range(6):
        put(site, f"m{number}", FILES[:2])
    put(site, "a")
    put(site, "z")
    sweep(site, keys=1)
    assert folders(site) == {"a": 1, "z": 1}


def test_a_folder_that_sorts_before_the_place_reached_is_found_in_the_next_round(site: Site) -> None:
    for name in ("m", "n", "o"):
        put(site, name)
    reached = take_up(site, FLOW, MOST, keys=1).here
    assert reached is not None
    put(site, "a")
    assert sweep(site, 1, reached)[0] != ()
    assert "a" not in folders(site)
    sweep(site, 1)
    assert folders(site) == {"a": 1, "m": 1, "n": 1, "o": 1}


@pytest.mark.parametrize("lost", [None, CaseId("EXH-1999-00001"), CaseId("ABC-2026-00001")], ids=["no", "old", "other"])
def test_a_place_that_nobody_knows_is_the_beginning(site: Site, lost: CaseId | None) -> None:
    for name in ("a", "b"):
        put(site, name)
    assert len(take_up(site, FLOW, MOST, after=lost, keys=1).cases) == 1
    assert folders(site) == {"a": 1}


def test_what_is_more_than_a_tick_may_open_is_opened_by_the_next_ticks(site: Site) -> None:
    for number in range(5):
        put(site, f"f{number}")
    after, opened = None, []
    for _ in range(4):
        taken_up = take_up(site, FLOW, 2, after=after, keys=9)
        after = taken_up.here
        opened.append(len(taken_up.cases))
    assert sum(opened) == 5
    assert max(opened) == 2
    assert after is None


def test_the_sensor_goes_round_and_takes_a_corrected_folder_up_again(
    code_location: CodeLocation, site: Site, genomes: SyntheticGenomes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "KEYS_OF_A_TICK", 1)
    bucket = site.settings.s3.intake_bucket
    hand_in(site.object_store, bucket, "b", change=lambda form: form.pop("project"))
    code_location.tick()
    (case,) = (line.case for line in site.register.open_cases())
    for name in ("a", "c"):
        put(site, name)
    assert site.register.standing(case).state.name == "returned"

    hand_in(site.object_store, bucket, "b", numbers=genomes.numbers[:6])
    asked = [request.partition_key for _ in range(4) for request in code_location.requests(new_applications)]
    assert asked.count(case.value) == 1
    assert folders(site) == {"a": 1, "b": 1, "c": 1}
    assert [event.event for event in site.register.story(case)] == ["opened", "returned", "handed_in_again"]
