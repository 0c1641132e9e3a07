"""Folders by the thousand, folders handed in again, and sensors that lost or garbled their place."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import dagster as dg
import pytest

from ngc_pipelines.defs.exhibition_sensors import exhibition_cases, new_applications
from ngc_pipelines.defs.resources import SiteResource
from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.flows.site import Site
from ngc_pipelines.register.verification import verify
from ngc_pipelines_tests.code_location import CodeLocation, GivenSite
from ngc_pipelines_tests.decided_cases import decide, run_out
from ngc_pipelines_tests.definitions.conftest import SyntheticGenomes
from ngc_pipelines_tests.handing_in import hand_in

CASE = CaseId("EXH-2026-00001")
APPLICATIONS = 1_000
# What one tick may do, so that it ends within the minute that Dagster gives it.
MOST_OPENED, MOST_REQUESTED = 500, 50


def test_a_thousand_applications_at_once_are_each_opened_once_in_ticks_of_bounded_work(
    code_location: CodeLocation, site: Site
) -> None:
    def put(number: int) -> None:
        key = f"intake/applications/f{number:04d}/submission.yaml"
        body = b"schema: ngc.application/1\n"
        site.object_store.put_object(Bucket=site.settings.s3.intake_bucket, Key=key, Body=body)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(put, range(APPLICATIONS)))
    asked: list[dg.RunRequest] = []
    opened = [0]
    for _ in range(APPLICATIONS // MOST_OPENED + 1):
        requests = code_location.requests(new_applications)
        assert len(requests) <= MOST_REQUESTED
        asked += requests
        opened.append(len(site.register.open_cases()))
    assert opened == [0, MOST_OPENED, APPLICATIONS, APPLICATIONS]
    for _ in range(3):
        requests = code_location.requests(exhibition_cases)
        assert len(requests) == MOST_REQUESTED
        asked += requests

    assert set(Counter(line.folder for line in site.register.open_cases()).values()) == {1}
    assert (
        len({request.run_key for request in asked}) == len({request.partition_key for request in asked}) == len(asked)
    )
    assert len(asked) == 5 * MOST_REQUESTED
    assert len(code_location.instance.get_dynamic_partitions("application")) == APPLICATIONS
    assert verify(site.register).sound


def test_the_same_folder_handed_in_again_changes_nothing_while_the_case_goes_on_or_after_it_ended(
    code_location: CodeLocation, site: Site, genomes: SyntheticGenomes
) -> None:
    def again() -> None:
        hand_in(site.object_store, site.settings.s3.intake_bucket, "hjertegen", numbers=genomes.numbers[:6])

    again()
    assert [run.success for run in code_location.tick()] == [True]
    again()
    assert code_location.tick() == []
    decide(site, CASE)
    again()
    assert [run.success for run in code_location.tick()] == [True]
    again()
    assert code_location.tick() == []
    events = [event.event for event in site.register.story(CASE)]
    assert events[0] == "opened"
    assert events[-1] == "exhibited"
    assert len(events) == len(set(events))
    assert [line.case for line in site.register.cases_in(CASE.flow, "exhibited")] == [CASE]
    assert site.register.open_cases() == ()


@pytest.mark.parametrize("cursor", [None, "", "what another release wrote"], ids=["lost", "empty", "foreign"])
def test_a_sensor_without_its_cursor_asks_for_what_is_open_and_nothing_twice(
    code_location: CodeLocation, site: Site, cursor: str | None
) -> None:
    def tick(sensor: dg.SensorDefinition) -> list[dg.RunRequest]:
        site_resource: SiteResource = GivenSite()
        context = dg.build_sensor_context(
            instance=code_location.instance,
            cursor=cursor,
            definitions=code_location.definitions,
            resources={"site": site_resource},
        )
        with dg.partition_loading_context(dynamic_partitions_store=code_location.instance):
            result = sensor.evaluate_tick(context)
        assert result.cursor in (None, cursor)
        return list(result.run_requests or ())

    for name in ("a", "b"):
        hand_in(site.object_store, site.settings.s3.intake_bucket, name, numbers=())
    first = tick(new_applications)
    assert len(first) == 2
    assert tick(new_applications) == tick(exhibition_cases) == []
    run_out(site)
    assert {request.partition_key for request in tick(exhibition_cases)} == {request.partition_key for request in first}
    assert len(site.register.open_cases()) == 2
