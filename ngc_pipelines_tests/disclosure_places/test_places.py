"""Whatever is planted is found, in every place of every type; a clean twin is not blocked."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ngc_pipelines_tests.disclosure_places import table

_EXTENSIONS = tuple(table.EXTENSIONS)


@pytest.mark.parametrize("extension", _EXTENSIONS)
def test_what_is_planted_is_found_in_every_place(
    extension: str, record_property: Callable[[str, object], None]
) -> None:
    results = [table.seen(hiding) for hiding in table.hidings_of(extension)]
    places = [one.hiding.place for one in results]
    assert len(places) == len(set(places)) > 1, "every place has a name of its own"
    documented = table.DOCUMENT.read_text(encoding="utf-8")
    assert [place for place in places if f"| {place} |" not in documented] == [], "docs/recall.md is to be written anew"
    for line in table.summary(results):
        record_property("summary", line)
    assert [one.hiding.id for one in results if not one.whole] == []


@pytest.mark.parametrize(("extension", "data"), [pytest.param(*twin, id=twin[0]) for twin in table.cleans()])
def test_a_clean_document_is_not_blocked(extension: str, data: bytes) -> None:
    assert table.blocking(table.judged(data, extension).findings) == []


@pytest.mark.parametrize("extension", _EXTENSIONS)
def test_no_finding_repeats_what_was_planted(extension: str) -> None:
    for hiding in table.hidings_of(extension):
        if "name" not in hiding.place:
            continue
        for finding in table.judged(hiding.data, extension).findings:
            said = f"{finding.where} {finding.message} {finding.advice} {finding.masked} {finding.places}"
            assert table.KNOWN_ID not in said, hiding.id
            assert table.CPR not in said, hiding.id
