"""Whatever happens to a document's bytes, its opener answers with pieces and findings."""

from __future__ import annotations

import importlib
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ngc_pipelines.disclosure.content import OPENERS
from ngc_pipelines.disclosure.limits import Budget, LimitReached, Limits
from ngc_pipelines.disclosure.opening import Context, Source
from ngc_pipelines.disclosure.pieces import NotRead
from ngc_pipelines.disclosure.places import Place
from ngc_pipelines.disclosure.policy import DEFAULT_POLICY
from ngc_pipelines_tests.disclosure_places import documents, old_office, pdfs, pictures, presentations, texts, workbooks

_LIMITS = Limits(expanded_bytes=64 << 20, parts=5_000, seconds=120.0)


def _hiding(module, extension: str, place: str) -> bytes:
    return next(one.data for one in module.hidings() if (one.extension, one.place) == (extension, place))


_SAMPLES = {
    "xlsx": lambda: _hiding(workbooks, "xlsx", "records of a pivot cache"),
    "docx": lambda: _hiding(documents, "docx", "tracked deletion"),
    "pptx": lambda: _hiding(presentations, "pptx", "categories of a chart"),
    "pdf": lambda: _hiding(pdfs, "pdf", "earlier revision"),
    "png": lambda: _hiding(pictures, "png", "packed text"),
    "jpeg": lambda: _hiding(pictures, "jpg", "EXIF thumbnail"),
    "gif": lambda: _hiding(pictures, "gif", "comment between frames"),
    "bmp": lambda: _hiding(pictures, "bmp", "before the pixels"),
    "tiff": lambda: _hiding(pictures, "tif", "description of the second page"),
    "svg": lambda: _hiding(texts, "svg", "workbook in a data URI"),
    "rtf": lambda: _hiding(texts, "rtf", "embedded object"),
    "flat_xml": lambda: _hiding(texts, "xml", "SpreadsheetML: comment of a cell"),
    "xls": lambda: _hiding(old_office, "xls", "embedded file"),
    "doc": lambda: _hiding(old_office, "doc", "hidden text"),
    "ppt": lambda: _hiding(old_office, "ppt", "packed object"),
}
_CUTS = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 24), st.binary(max_size=8)),
    min_size=1,
    max_size=6,
)


def _damaged(data: bytes, cuts: list[tuple[float, int, bytes]]) -> bytes:
    for where, dropped, put in cuts:
        at = int(where * len(data))
        data = data[:at] + put + data[at + dropped :]
    return data


@pytest.mark.parametrize("kind", sorted(_SAMPLES))
def test_damage_is_answered_with_pieces_and_findings(kind: str) -> None:
    sample = _SAMPLES[kind]()
    module, _, function = OPENERS[kind].partition(":")
    opener = getattr(importlib.import_module(module), function)

    @settings(max_examples=12, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(_CUTS)
    def survives(cuts: list[tuple[float, int, bytes]]) -> None:
        context = Context(DEFAULT_POLICY, date(2026, 11, 21), "", Budget(_LIMITS))
        try:
            # Called directly: what escapes an opener would be told as unreadable by its caller.
            items = list(opener(Source(_damaged(sample, cuts)), Place(), context))
        except LimitReached:
            return
        assert all(item is not None for item in items)

    survives()


@pytest.mark.parametrize("kind", sorted(set(_SAMPLES) - {"svg", "flat_xml", "tiff"}))
def test_half_a_document_is_never_taken_for_the_whole(kind: str) -> None:
    sample = _SAMPLES[kind]()
    module, _, function = OPENERS[kind].partition(":")
    opener = getattr(importlib.import_module(module), function)
    context = Context(DEFAULT_POLICY, date(2026, 11, 21), "", Budget(_LIMITS))
    items = list(opener(Source(sample[: len(sample) // 2]), Place(), context))
    assert any(isinstance(item, NotRead) for item in items)
