"""`kill -9` of runs, object store and PostgreSQL in the middle of provisionings: the next ticks put it right."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest

from ngc_pipelines.domain.cases import CaseId, Flow
from ngc_pipelines.flows.site import Site
from ngc_pipelines.local.processes import Supervisor
from ngc_pipelines.register.verification import verify
from ngc_pipelines_tests.code_location import MORNING, CodeLocation
from ngc_pipelines_tests.decided_cases import assert_right, decide, files_of, run_out
from ngc_pipelines_tests.definitions.conftest import SyntheticGenomes
from ngc_pipelines_tests.handing_in import hand_in
from ngc_pipelines_tests.killed_runs import Killing, start_run

PERSONS = 4
# More than there are servers killed, each of which may see one case through.
CASES = 8
# A server comes back in a second or two; a machine that does ten other things may need minutes.
PATIENCE_SECONDS = 600
ATTEMPTS = 8
RUN, STORE, DATABASE = "run", "SeaweedFS", "PostgreSQL"
# With the four of the whole site (`e2e/test_killed_site`), the daemon among them, twenty-one.
KILLS = 17


def decided(code_location: CodeLocation, site: Site, lists: Sequence[Sequence[str]]) -> tuple[CaseId, ...]:
    """As many cases as lists, each decided on and about to be provisioned."""
    for number, numbers in enumerate(lists):
        hand_in(site.object_store, site.settings.s3.intake_bucket, f"project-{number}", numbers=numbers)
    assert all(run.success for run in code_location.tick())
    cases = tuple(line.case for line in site.register.open_cases())
    assert len(cases) == len(lists)
    for case in cases:
        decide(site, case)
    return cases


def kill_once(
    code_location: CodeLocation, site: Site, supervisor: Supervisor, victim: str, chance: random.Random, run: str
) -> None:
    """Runs provisionings that are not done until one has somebody killed in it; waits until a server is back."""
    for attempt in range(ATTEMPTS):
        # One that had a server killed may have waited for it and be done; the next victim dies in another.
        case = chance.choice([line.case for line in site.register.cases_in(Flow.EXHIBITION, "provisioning")])
        server = None if victim == RUN else supervisor.pid(victim)
        killing = Killing(server, chance.randint(3, 30))
        died = start_run(code_location.environ, MORNING, case, f"{run} {attempt}", killing).end()
        if died and server is not None:
            supervisor.wait_restarted(victim, server, PATIENCE_SECONDS)
        run_out(site)
        if died:
            return
    pytest.fail(f"in {ATTEMPTS} provisionings nobody was killed")


def tick_until_exhibited(code_location: CodeLocation, site: Site, cases: Sequence[CaseId]) -> None:
    """Ticks as the daemon does. Nobody decides anything any more."""
    for _ in range(8):
        run_out(site)
        code_location.tick()
        states = [site.register.standing(case).state.name for case in cases]
        if states == ["exhibited"] * len(cases):
            return
    last = [(case, site.register.story(case)[-1]) for case in cases]
    told = [f"{case} {event.event}: {event.data.get('why')}" for case, event in last if event.event != "exhibited"]
    pytest.fail("\n".join(["eight ticks did not do", *told]))


def test_killed_at_random_points_the_next_ticks_deliver_the_right_files_each_once(
    code_location: CodeLocation,
    site: Site,
    genomes: SyntheticGenomes,
    supervisor: Supervisor,
    record_property: Any,
) -> None:
    lists = [genomes.numbers[place * PERSONS : (place + 1) * PERSONS] for place in range(CASES)]
    cases = decided(code_location, site, lists)
    chance = random.Random("a bad day")
    victims = [RUN] * 10 + [STORE] * 3 + [DATABASE] * 3
    chance.shuffle(victims)
    killed: Counter[str] = Counter()
    for round_, victim in enumerate([RUN, *victims]):
        kill_once(code_location, site, supervisor, victim, chance, f"run {round_}")
        killed[victim] += 1
        if round_ == 0:
            # Persons withdraw while one case stands half done and the others have not begun.
            genomes.deliver_var(also=tuple(numbers[0] for numbers in lists))
    assert sum(killed.values()) == KILLS

    tick_until_exhibited(code_location, site, cases)

    for case, numbers in zip(cases, lists, strict=True):
        assert_right(site, case, files_of(site, genomes.owner, numbers[1:]))
    assert verify(site.register).sound
    told = ", ".join(f"{name} {count} times" for name, count in sorted(killed.items()))
    record_property("summary", f"provisionings survived kill -9: {told}")


def test_of_two_runs_of_one_case_at_once_one_acts(
    code_location: CodeLocation, site: Site, genomes: SyntheticGenomes
) -> None:
    numbers = genomes.numbers[:6]
    (case,) = decided(code_location, site, [numbers])

    both = [start_run(code_location.environ, MORNING, case, f"run {number}") for number in range(2)]
    for one in both:
        one.end()

    tick_until_exhibited(code_location, site, [case])
    assert_right(site, case, files_of(site, genomes.owner, numbers))
    assert verify(site.register).sound
