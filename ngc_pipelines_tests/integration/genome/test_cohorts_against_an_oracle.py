"""Random populations, VAR registers and chains of changed numbers: PostgreSQL agrees with a few lines of Python."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

# Few enough that lists, samples, VAR and chains meet each other all the time.
POOL = 14
INVALID = ("3102603000", "1234567890", "020160300", "0201603000x", "ukendt", "020160-3000")
CASES = count(1)


@dataclass(frozen=True)
class World:
    """Places in the pool of numbers. moved: old place -> new place, without circles."""

    asked: tuple[int, ...]
    invalid: tuple[str, ...]
    sampled: tuple[int, ...]
    without_files: tuple[int, ...]
    registered: tuple[int, ...]
    moved: dict[int, int]

    def present(self, place: int, moved: dict[int, int]) -> int:
        while place in moved:
            place = moved[place]
        return place

    def expected(self) -> dict[int, str]:
        """Each asked place's outcome: VAR first, then data; under any number of the same person."""
        registered = {self.present(place, self.moved) for place in self.registered}
        with_data = {self.present(place, self.moved) for place in self.sampled}
        return {
            place: "registered"
            if self.present(place, self.moved) in registered
            else "kept"
            if self.present(place, self.moved) in with_data
            else "without_data"
            for place in self.asked
        }


@st.composite
def worlds(draw: st.DrawFn) -> World:
    places = st.integers(0, POOL - 1)
    # An old number leads to one of a higher place: no circle, chains of any length, several old numbers of one person.
    moved = {old: draw(st.integers(old + 1, POOL - 1)) for old in draw(st.sets(st.integers(0, POOL - 2), max_size=6))}
    some = st.sets(places, max_size=8).map(sorted).map(tuple)
    return World(
        asked=draw(st.sets(places, min_size=1).map(sorted).map(tuple)),
        invalid=draw(st.sets(st.sampled_from(INVALID)).map(sorted).map(tuple)),
        sampled=draw(st.lists(places, max_size=10).map(tuple)),
        without_files=draw(some),
        registered=draw(st.sets(places, min_size=1, max_size=5).map(sorted).map(tuple)),
        moved=moved,
    )


@pytest.fixture
def fresh(site: Any) -> Iterator[Callable[[], Any]]:
    """The same database, emptied of samples before each example."""
    from sqlalchemy import text

    def empty() -> Any:
        with site.owner.snapshot("Samples were removed") as connection:
            connection.execute(text("DELETE FROM genome.files"))
            connection.execute(text("DELETE FROM genome.samples"))
        return site

    return empty


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds())
def test_every_persons_outcome_is_the_oracles(
    fresh: Callable[[], Any], numbers: tuple[str, ...], now: Any, world: World
) -> None:
    site, number = fresh(), next(CASES)
    case_id = f"EXH-2026-{number:05d}"
    for serial, place in enumerate(world.sampled):
        site.report(f"S{serial}", numbers[place])
    for serial, place in enumerate(world.without_files):
        site.report(f"N{serial}", numbers[place], reads=0)
    site.report("no number", None)
    references = [(numbers[old], numbers[new]) for old, new in world.moved.items()]
    site.deliver([numbers[place] for place in world.registered], references, delivery=f"d{number}")
    written = [numbers[place] for place in world.asked]
    lines = "".join(f"{text}\n" for text in (*written, *world.invalid)).encode()

    cohorts = site.cohorts()
    manifest = cohorts.build_from_list(case_id, [lines[:7], lines[7:]], now=now)
    result = cohorts.filter_by_var(case_id, now=now)

    expected = {numbers[place]: outcome for place, outcome in world.expected().items()}
    expected |= dict.fromkeys(world.invalid, "invalid")
    assert site.outcomes(case_id) == expected
    tally = {name: list(expected.values()).count(name) for name in ("kept", "registered", "without_data", "invalid")}
    assert {name: getattr(result, name) for name in tally} == tally
    assert manifest.asked == result.asked == len(expected)

    kept = {world.present(place, world.moved) for place, outcome in world.expected().items() if outcome == "kept"}
    shown = {f"S{serial}" for serial, place in enumerate(world.sampled) if world.present(place, world.moved) in kept}
    files = list(cohorts.files(case_id))
    assert {file.sample_id for file in files} == shown
    assert {file.person for file in files} == {numbers[place] for place in kept}
    assert len(files) == 2 * len(shown) == result.files
    assert (result.persons, result.samples) == (len(kept), len(shown))
    assert cohorts.verify(case_id)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds(), entering=st.sets(st.integers(0, POOL - 1), max_size=4), data=st.data())
def test_whoever_enters_var_later_under_any_number_is_taken_out(
    fresh: Callable[[], Any], numbers: tuple[str, ...], now: Any, world: World, entering: set[int], data: st.DataObject
) -> None:
    site, number = fresh(), next(CASES)
    case_id = f"EXH-2026-{number:05d}"
    for serial, place in enumerate(world.sampled):
        site.report(f"S{serial}", numbers[place])
    references = {numbers[old]: numbers[new] for old, new in world.moved.items()}
    site.deliver([numbers[place] for place in world.registered], references.items(), delivery=f"d{number}")
    cohorts = site.cohorts()
    cohorts.build_from_list(case_id, [b"".join(numbers[place].encode() + b"\n" for place in world.asked)], now=now)
    bound = cohorts.filter_by_var(case_id, now=now)

    # Meanwhile somebody gets a number that nobody had before.
    changer = data.draw(st.sampled_from(world.asked))
    grown = {**world.moved, POOL - 1: POOL}
    if changer not in world.moved and changer != POOL - 1:
        grown[changer] = POOL + 1
        entering = {*entering, POOL + 1}
    site.deliver(
        [numbers[place] for place in sorted({*world.registered, *entering})],
        [(numbers[old], numbers[new]) for old, new in grown.items()],
        delivery=f"later {number}",
        delivered_at=now + timedelta(hours=1),
    )
    recheck = cohorts.persons_registered_since(case_id, now=now + timedelta(hours=1))

    out = {world.present(place, grown) for place in (*world.registered, *entering)}
    before = world.expected()
    taken = {
        world.present(place, world.moved)
        for place, outcome in before.items()
        if outcome != "registered" and world.present(place, grown) in out
    }
    sampled = {world.present(place, world.moved) for place in world.sampled}
    assert recheck.newly_registered == recheck.withdrawn_in_all == len(taken)
    assert list(cohorts.withdrawn_persons(case_id)) == sorted(numbers[place] for place in taken & sampled)
    kept = {world.present(place, world.moved) for place, outcome in before.items() if outcome == "kept"}
    assert {file.person for file in cohorts.files(case_id)} == {numbers[place] for place in kept - taken}
    assert recheck.remaining_persons == len(kept - taken)
    assert recheck.cohort_digest == bound.digest
    assert (recheck.remaining_digest == bound.digest) == (not taken)
