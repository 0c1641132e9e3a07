"""Whatever is planted is found, in every place of every type; a clean twin is not blocked."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ngc_pipelines.disclosure.policy import DEFAULT_POLICY
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
    missed = [one.hiding.place for one in results if not one.whole]
    assert [place for place in missed if extension not in table.MISSED.get(place, ())] == []
    assert [one.hiding.id for one in results if one.repeated] == [], "no finding shows what it found"


def test_every_allowed_type_stands_in_the_table() -> None:
    assert set(_EXTENSIONS) == set(DEFAULT_POLICY.extensions)


@pytest.mark.parametrize(("extension", "data"), [pytest.param(*twin, id=twin[0]) for twin in table.cleans()])
def test_a_clean_document_is_not_blocked(extension: str, data: bytes) -> None:
    assert table.blocking(table.judged(data, extension).findings) == []
