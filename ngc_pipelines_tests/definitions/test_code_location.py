"""The code location itself: what there is, what starts what, and what it never does."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import dagster as dg
import pytest

from ngc_pipelines.definitions import build_definitions
from ngc_pipelines.defs.exhibition import AnswerInLaunchpad, ExhibitionDecision
from ngc_pipelines.defs.exhibition_sensors import exhibition_cases, intake_job, new_applications, provisioning_job
from ngc_pipelines.defs.metadata import IN_LAUNCHPAD
from ngc_pipelines.defs.resources import RefusingIOManager
from ngc_pipelines.domain.exhibition_flow import EXHIBITION
from ngc_pipelines.register.decisions import Answer

GRAPH = {
    "application": set(),
    "cohort_manifest": {"application"},
    "var_filtered_cohort": {"cohort_manifest"},
    "exhibition_decision": {"var_filtered_cohort"},
    "provisioned_environment_snapshot": {"exhibition_decision"},
    "open_cases": set(),
    "verified_environments": set(),
    "environment_costs": set(),
    "genome_database_inventory": set(),
    "genome_database_overview": set(),
}


@pytest.fixture(scope="module")
def definitions() -> dg.Definitions:
    """The code location as production has it."""
    return build_definitions()


def graph(definitions: dg.Definitions) -> dict[str, set[str]]:
    nodes = definitions.resolve_asset_graph()
    return {
        key.to_user_string(): {parent.to_user_string() for parent in nodes.get(key).parent_keys}
        for key in nodes.get_all_asset_keys()
    }


def test_the_asset_graph_is_the_one_we_know(definitions: dg.Definitions) -> None:
    assert graph(definitions) == GRAPH


def test_every_asset_that_a_state_names_exists(definitions: dg.Definitions) -> None:
    named = {state.asset for state in EXHIBITION.states if state.asset}
    assert named <= set(graph(definitions))


def test_every_check_is_a_sentence(definitions: dg.Definitions) -> None:
    names = {key.name for key in definitions.resolve_asset_graph().asset_check_keys}
    assert len(names) > 25
    verbs = r"_(is|are|has|have|can|match|rest|bears|follows|holds|meets|says)(_|$)"
    assert [name for name in sorted(names) if not re.search(verbs, name)] == []


def test_no_sensor_and_no_schedule_decides() -> None:
    started = {target.name for sensor in (new_applications, exhibition_cases) for target in sensor.jobs}
    assert started == {intake_job.name, provisioning_job.name}


def test_everything_can_be_loaded(definitions: dg.Definitions) -> None:
    dg.Definitions.validate_loadable(definitions)


def test_loading_needs_no_environment_and_reaches_nothing() -> None:
    """With every connection refused and an empty environment the code location still loads."""
    code = (
        "import socket\n"
        "def refuse(*a, **k): raise SystemExit('it connects while it loads')\n"
        "socket.socket.connect = refuse\n"
        "import ngc_pipelines.definitions\n"
    )
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("NGC_", "DAGSTER_"))}
    done = subprocess.run([sys.executable, "-c", code], env=environ, check=False, capture_output=True, timeout=300)
    assert done.returncode == 0, done.stderr.decode()[-2000:]


def test_nothing_is_stored_through_dagster() -> None:
    manager = RefusingIOManager()
    with dg.build_output_context(step_key="some_asset") as context:
        manager.handle_output(context, None)
        with pytest.raises(TypeError, match="returned data"):
            manager.handle_output(context, {"a": 1})
    with dg.build_input_context(name="some_asset") as context, pytest.raises(TypeError, match="not stored"):
        manager.load_input(context)


def test_a_person_is_told_what_to_fill_in() -> None:
    for name, field in ExhibitionDecision.model_fields.items():
        assert field.description, f"{name} has no description"
        assert "/" in field.description, f"{name} is not described in both languages"


def test_the_page_of_a_case_names_decisions_as_the_launchpad_does() -> None:
    assert set(IN_LAUNCHPAD.values()) == {answer.value for answer in AnswerInLaunchpad}
    assert {
        answer: ExhibitionDecision(answer=AnswerInLaunchpad(name), decided_by="a", why="b").decision().answer
        for answer, name in IN_LAUNCHPAD.items()
    } == {answer: answer for answer in Answer}


def test_everything_a_person_meets_in_the_ui_is_described_in_both_languages(definitions: dg.Definitions) -> None:
    graph_of = definitions.resolve_asset_graph()
    named = {key.to_user_string(): graph_of.get(key).description for key in graph_of.get_all_asset_keys()}
    named |= {key.name: graph_of.get_check_spec(key).description for key in graph_of.asset_check_keys}
    repository = definitions.get_repository_def()
    named |= {job.name: job.description for job in repository.get_all_jobs() if not job.name.startswith("__")}
    named |= {sensor.name: sensor.description for sensor in repository.sensor_defs}
    named |= {schedule.name: schedule.description for schedule in repository.schedule_defs}
    assert [name for name, said in named.items() if not said or " / " not in said] == []


def test_the_launchpad_offers_every_decision() -> None:
    offered = {
        ExhibitionDecision(answer=answer, decided_by="a", why="b").decision().answer for answer in AnswerInLaunchpad
    }
    assert offered == set(Answer)
