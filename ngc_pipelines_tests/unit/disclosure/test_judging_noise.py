"""Noise under every allowed name, and documents with bytes turned over, are judged without an exception."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ngc_pipelines.disclosure.judging import Judgement, judge
from ngc_pipelines.disclosure.limits import Limits
from ngc_pipelines.disclosure.opening import Source
from ngc_pipelines.disclosure.policy import TABEL_1, Policy

CORPUS = Path(__file__).parents[2] / "corpus"
DOCUMENTS = (
    "poi/comments.xlsx",
    "poi/comments.xls",
    "poi/comment.docx",
    "poi/SimpleMacro.doc",
    "pypdf/form.pdf",
    "striprtf/hello.rtf",
    "vega-lite/bar_aggregate.svg",
    "tika/testHTMLNoisyMetaEncoding_1.html",
    "Pillow/exif_gps.jpg",
    "tika/quine.gz",
)
POLICY = Policy(limits=Limits(expanded_bytes=64 << 20, seconds=60))


def judged(data: bytes, extension: str) -> Judgement:
    """The judgement of these bytes under a name with this extension."""
    source = Source(data, f"noise.{extension}")
    return judge(source, extension=extension, policy=POLICY, as_of=date(2026, 11, 21))


@pytest.mark.parametrize("extension", sorted(TABEL_1))
@given(data=st.binary(max_size=2000))
@settings(max_examples=5, derandomize=True, deadline=None)
def test_noise_under_an_allowed_name_is_judged(extension: str, data: bytes) -> None:
    assert judged(data, extension).type


@pytest.mark.parametrize("name", DOCUMENTS)
@given(data=st.data())
@settings(max_examples=6, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
def test_document_with_bytes_turned_over_is_judged(name: str, data: st.DataObject) -> None:
    content = bytearray((CORPUS / name).read_bytes())
    for _ in range(data.draw(st.integers(1, 12))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(len(content) // 2, len(content)))
    assert judged(bytes(content[:cut]), name.rsplit(".", 1)[-1]).type


@pytest.mark.parametrize("extension", sorted(TABEL_1))
def test_empty_file_is_judged(extension: str) -> None:
    assert judged(b"", extension).type
