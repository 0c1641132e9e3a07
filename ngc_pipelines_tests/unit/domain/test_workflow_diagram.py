"""The README shows the workflow that runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from ngc_pipelines.domain.exhibition_flow import EXHIBITION
from ngc_pipelines.domain.workflow_diagram import begin_mark, end_mark, replaced, section

README = Path(__file__).resolve().parents[3] / "README.md"


def test_the_readme_shows_the_table_that_runs() -> None:
    text = README.read_text(encoding="utf-8")
    assert replaced(text, EXHIBITION) == text, "run `python -m ngc_pipelines.domain.workflow_diagram`"


def test_every_state_and_every_move_is_told() -> None:
    told = section(EXHIBITION)
    for state in EXHIBITION.states:
        assert f"| `{state.name}` |" in told
        for move in state.moves:
            assert f"{state.name} --> {move.to}: {move.en}" in told or f"- `{move.event}`" in told


def test_what_stands_around_the_diagram_stays() -> None:
    text = f"before\n{begin_mark(EXHIBITION)}\nOBSOLETE\n{end_mark(EXHIBITION)}\nafter\n"
    renewed = replaced(text, EXHIBITION)
    assert renewed.startswith("before\n")
    assert renewed.endswith("after\n")
    assert "OBSOLETE" not in renewed
    assert replaced(renewed, EXHIBITION) == renewed


def test_a_readme_without_the_marks_is_an_error() -> None:
    with pytest.raises(ValueError, match="lacks the marks"):
        replaced("nothing here", EXHIBITION)
