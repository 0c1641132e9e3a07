"""Bad days: lost ticks, a purged Dagster, killed runs, folders handed in twice. The register puts it right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import dagster as dg
import pytest

from ngc_pipelines.defs.exhibition_sensors import CASE_TAG, exhibition_cases, new_applications
from ngc_pipelines.domain.cases import CaseId, Flow
from ngc_pipelines.flows.site import Site
from ngc_pipelines.register.verification import verify
from ngc_pipelines_tests.code_location import CodeLocation
from ngc_pipelines_tests.definitions.conftest import SyntheticGenomes
from ngc_pipelines_tests.handing_in import hand_in

CASE = CaseId("EXH-2026-00001")


@pytest.fixture
def submit(site: Site) -> Callable[..., str]:
    """Hands in the example, with numbers or changes of one's own."""

    def do(name: str = "hjertegen", **what: Any) -> str:
        return hand_in(site.object_store, site.settings.s3.intake_bucket, name, **what)

    return do


def run_out(site: Site) -> None:
    """Lets every claim run out, as time would."""
    with site.register.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE register.claims SET until = now() - interval '1 second'")


def test_a_request_that_was_lost_is_made_again(
    code_location: CodeLocation, site: Site, submit: Callable[..., str], genomes: SyntheticGenomes
) -> None:
    submit(numbers=genomes.numbers[:20])
    (lost,) = code_location.requests(new_applications)
    assert code_location.requests(exhibition_cases) == []
    run_out(site)
    (again,) = code_location.requests(exhibition_cases)
    assert lost.run_key != again.run_key
    assert code_location.run(again).success
    assert site.register.standing(CASE).state.name == "answer_awaited"


def test_a_purged_dagster_gets_its_partitions_back_and_goes_on(
    code_location: CodeLocation, site: Site, submit: Callable[..., str]
) -> None:
    for name in ("a", "b", "c"):
        submit(name)
    code_location.requests(new_applications)
    with dg.DagsterInstance.ephemeral() as emptied:
        after = CodeLocation(code_location.environ, emptied)
        assert after.requests(new_applications) == []
        assert after.do("partitions_job").success
        assert set(emptied.get_dynamic_partitions("application")) == {
            case.value for case in site.register.case_ids(Flow.EXHIBITION)
        }


def test_a_partition_that_was_lost_comes_back_with_the_request(
    code_location: CodeLocation, site: Site, submit: Callable[..., str], genomes: SyntheticGenomes
) -> None:
    submit(numbers=genomes.numbers[:20])
    code_location.requests(new_applications)
    run_out(site)
    with dg.DagsterInstance.ephemeral() as emptied:
        (request,) = CodeLocation(code_location.environ, emptied).requests(exhibition_cases)
        assert request.partition_key == CASE.value
        assert emptied.has_dynamic_partition("application", CASE.value)


def test_a_run_that_was_killed_is_declared_dead_and_followed_by_the_next(
    code_location: CodeLocation, site: Site, submit: Callable[..., str], genomes: SyntheticGenomes
) -> None:
    submit(numbers=genomes.numbers[:20])
    (request,) = code_location.requests(new_applications)
    instance = code_location.instance
    job = code_location.definitions.resolve_job_def("exhibition_intake")
    killed = instance.create_run_for_job(job, tags=dict(request.tags), status=dg.DagsterRunStatus.STARTED)
    with site.claims.held(CASE, "application", killed.run_id):
        assert code_location.requests(exhibition_cases) == []
    run_out(site)
    (after,) = code_location.tick()
    assert after.success
    dead = instance.get_run_by_id(killed.run_id)
    assert dead is not None
    assert dead.status is dg.DagsterRunStatus.FAILURE


def test_a_run_that_waits_in_the_queue_is_not_asked_for_again(
    code_location: CodeLocation, site: Site, submit: Callable[..., str], genomes: SyntheticGenomes
) -> None:
    submit(numbers=genomes.numbers[:20])
    (request,) = code_location.requests(new_applications)
    job = code_location.definitions.resolve_job_def("exhibition_intake")
    code_location.instance.create_run_for_job(
        job, tags={CASE_TAG: request.tags[CASE_TAG]}, status=dg.DagsterRunStatus.NOT_STARTED
    )
    run_out(site)
    assert code_location.requests(exhibition_cases) == []


def test_a_run_asked_for_twice_acts_once(
    code_location: CodeLocation, site: Site, submit: Callable[..., str], genomes: SyntheticGenomes
) -> None:
    submit(numbers=genomes.numbers[:20])
    (request,) = code_location.requests(new_applications)
    assert code_location.run(request).success
    events = len(site.register.story(CASE))
    assert code_location.run(request).success
    assert len(site.register.story(CASE)) == events


def test_many_applications_at_once_become_as_many_cases(
    code_location: CodeLocation, site: Site, submit: Callable[..., str]
) -> None:
    for number in range(60):
        site.object_store.put_object(
            Bucket=site.settings.s3.intake_bucket,
            Key=f"intake/applications/f{number:03d}/submission.yaml",
            Body=b"schema: ngc.application/1\n",
        )
    first = code_location.requests(new_applications)
    assert code_location.requests(new_applications) == []
    then = code_location.requests(exhibition_cases)
    assert len({request.run_key for request in [*first, *then]}) == 60
    assert len(site.register.open_cases()) == 60
    assert len(code_location.instance.get_dynamic_partitions("application")) == 60
    assert verify(site.register).sound


def test_a_folder_that_is_not_handed_in_yet_is_left_alone(code_location: CodeLocation, site: Site) -> None:
    bucket = site.settings.s3.intake_bucket
    site.object_store.put_object(Bucket=bucket, Key="intake/applications/x/cpr-liste.csv", Body=b"x")
    site.object_store.put_object(Bucket=bucket, Key="intake/applications/submission.yaml", Body=b"x")
    assert code_location.requests(new_applications) == []
    assert site.register.open_cases() == ()


def test_a_case_that_nobody_answers_is_reminded_and_lapses(
    code_location: CodeLocation, site: Site, submit: Callable[..., str]
) -> None:
    submit(change=lambda form: form.pop("project"))
    code_location.tick()
    for day in ("2026-12-18", "2027-01-21", "2027-02-11", "2027-03-30"):
        later = CodeLocation(
            code_location.environ, code_location.instance, code_location.moment.fromisoformat(f"{day}T09:00:00+00:00")
        )
        assert later.do("deadlines_job").success
        assert later.do("deadlines_job").success
    kinds = [event.event for event in site.register.story(CASE)]
    assert kinds == ["opened", "returned", "reminded", "reminded", "reminded", "lapsed"]
    assert len(site.outbox.of_case(CASE)) == 5
    assert site.register.open_cases() == ()


def test_a_broken_chain_fails_its_job_and_is_not_anchored(
    code_location: CodeLocation, site: Site, submit: Callable[..., str]
) -> None:
    submit(change=lambda form: form.pop("project"))
    code_location.tick()
    with site.register.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE register.cases SET state = 'provisioning'")
    assert not code_location.do("audit_job").success
    assert site.anchors.read() == ()
