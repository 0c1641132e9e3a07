"""How many individual rows are found, and how many clean results are taken for some.

The floors are just under what is reached; an item missed is named.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from itertools import chain

import pytest

from ngc_pipelines.disclosure.findings import Kind, Severity
from ngc_pipelines_tests.disclosure_rows.clean import clean_items
from ngc_pipelines_tests.disclosure_rows.dirty import dirty_items
from ngc_pipelines_tests.disclosure_rows.items import Item, findings_of, people, worst
from ngc_pipelines_tests.disclosure_rows.unseen import unseen_items

FOUND_FLOOR = 0.99
BLOCKED_FLOOR = 0.93
FALSE_BLOCKS_ALLOWED = 0
FALSE_REVIEWS_ALLOWED = 2


def test_individual_rows_are_found_and_clean_results_are_not(capsys: pytest.CaptureFixture[str]) -> None:
    dirty = list(_named_once(chain(dirty_items(), unseen_items(dirty=True))))
    clean = list(_named_once(chain(clean_items(), unseen_items(dirty=False))))
    assert len(dirty) >= 120
    assert len(clean) >= 150
    grades = {item.name: worst(item) for item in dirty}
    alarms = {item.name: worst(item) for item in clean}
    missed = [name for name, severity in grades.items() if severity is None]
    doubtful = [name for name, severity in grades.items() if severity is Severity.REVIEW]
    blocked = [name for name, severity in alarms.items() if severity is Severity.BLOCK]
    reviewed = [name for name, severity in alarms.items() if severity is Severity.REVIEW]
    with capsys.disabled():
        sys.stdout.write(
            f"\nindividual rows: {len(dirty) - len(missed)} of {len(dirty)} found"
            f" ({len(doubtful)} as doubtful); clean: {len(blocked)} of {len(clean)} blocked, {len(reviewed)} doubtful\n"
        )
    assert len(dirty) - len(missed) >= FOUND_FLOOR * len(dirty), f"missed: {missed}"
    assert len(dirty) - len(missed) - len(doubtful) >= BLOCKED_FLOOR * len(dirty), f"only for review: {doubtful}"
    assert len(blocked) <= FALSE_BLOCKS_ALLOWED, f"clean, but blocked: {blocked}"
    assert len(reviewed) <= FALSE_REVIEWS_ALLOWED, f"clean, but for review: {reviewed}"


def test_no_finding_shows_what_it_found() -> None:
    persons = people(12, 41)
    secrets = {str(person.serial) for person in persons} | {person.code for person in persons}
    for item in dirty_items():
        if not item.name.startswith("log tells persons"):
            continue
        for finding in findings_of(item):
            said = f"{finding.message} {finding.advice} {finding.masked} {' '.join(finding.places)}"
            assert not any(secret in said for secret in secrets), item.name
            assert finding.rule == "DC-4"
            assert finding.kind is Kind.INDIVIDUAL_ROWS


def _named_once(items: Iterable[Item]) -> Iterator[Item]:
    seen: set[str] = set()
    for item in items:
        assert item.name not in seen, f"two items are called {item.name}"
        seen.add(item.name)
        yield item
