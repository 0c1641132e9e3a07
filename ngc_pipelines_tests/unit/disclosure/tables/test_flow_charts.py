"""Flow charts of participants: boxes are counts, and what divides them is calculated with."""

from __future__ import annotations

from ngc_pipelines.disclosure.pieces import Table, Text
from ngc_pipelines.disclosure.places import Place
from ngc_pipelines.disclosure.tables.audit import Question, audit
from ngc_pipelines.disclosure.tables.printed import PrintedTable
from ngc_pipelines.disclosure.tables.reading.console import tables_in
from ngc_pipelines.disclosure.tables.reading.flow import FlowTable
from ngc_pipelines.disclosure.tables.reading.printing import printed_tables
from ngc_pipelines.disclosure.tables.relations.joined import system_of
from ngc_pipelines_tests.unit.disclosure.tables.held_tables import verdict_of

TRIAL = """Assessed for eligibility (n = 412)
  Excluded (n = 12)
    - Not meeting inclusion criteria (n = {criteria})
    - Declined to participate (n = {declined})
Randomised (n = 400)

Allocated to intervention (n = 200)      Allocated to control (n = {control})
Lost to follow-up (n = 10)               Lost to follow-up (n = {lost})
Analysed (n = 190)                       Analysed (n = {analysed})
"""
WHOLE = {"criteria": "7", "declined": "5", "control": "200", "lost": "12", "analysed": "188"}


def _chart(**changed: str) -> tuple[PrintedTable, ...]:
    text = Text(Place(("chart",)), TRIAL.format(**(WHOLE | changed)))
    return tuple(table for piece in tables_in(text) for table in printed_tables(piece))


def _ranges(tables: tuple[PrintedTable, ...]) -> dict[str, tuple[int, int | None]]:
    answer = audit(system_of(tables, {}), Question(every_end=True))
    cells = answer.system.cells
    return {
        dict(cells[one.cell].label)["row"]: (one.low, one.high) for one in answer.answers if cells[one.cell].blanked
    }


def test_a_chart_without_small_boxes_is_clear() -> None:
    assert verdict_of(_chart()) == "none"


def test_a_small_box_blocks() -> None:
    assert verdict_of(_chart(criteria="9", declined="3")) == "block"


def test_a_blanked_reason_is_what_the_others_leave_of_the_excluded() -> None:
    assert _ranges(_chart(criteria="9", declined="<5")) == {"Declined to participate": (3, 3)}


def test_a_blanked_arm_is_what_the_other_leaves_of_the_randomised() -> None:
    assert _ranges(_chart(control="*", lost="*")) == {"Allocated to control": (200, 200), "Lost to follow-up": (12, 12)}


def test_what_left_an_arm_is_the_arm_without_those_analysed() -> None:
    assert _ranges(_chart(lost="<5", analysed="197")) == {"Lost to follow-up": (3, 3)}


def test_the_boxes_of_a_sheet_divide_each_other_too() -> None:
    rows = (
        ("Assessed for eligibility (n = 412)", "", "Excluded (n = <5)"),
        ("Randomised (n = 409)", "", ""),
        ("Allocated to A (n = 204)", "", "Allocated to B (n = 205)"),
    )
    tables = printed_tables(Table(Place(("sheet",)), rows, addressing="sheet"))
    assert _ranges(tables) == {"Excluded": (3, 3)}
    assert any("cell C1" in one.where for table in tables for printed in table.cells.values() for one in printed)


def test_danish_boxes_are_read() -> None:
    text = """Identificeret i registret (n=1.204)
Ekskluderet (n=104)
 • Ikke bosat i Danmark (n=100)
 • Manglende oplysninger (n=4)
Inkluderet i kohorten (n=1.100)
"""
    tables = tuple(t for piece in tables_in(Text(Place(("chart",)), text)) for t in printed_tables(piece))
    assert verdict_of(tables) == "block"
    assert len(tables) == 1


def test_sentences_that_name_numbers_are_no_chart() -> None:
    text = """We included cases (n = 120) and controls (n = 240) of whom most were women.
The analysis of eligible persons (n = 3) was left out, and so were those (n = 4) lost.
Randomised persons (n = 40) were older than those not randomised (n = 41), see below.
"""
    assert list(tables_in(Text(Place(("prose",)), text))) == []


def test_a_list_of_models_with_their_numbers_is_no_chart() -> None:
    text = "Model 1 (n = 120)\nModel 2 (n = 118)\nModel 3 (n = 3)\n"
    assert not any(isinstance(piece, FlowTable) for piece in tables_in(Text(Place(("models",)), text)))


def test_the_lines_of_a_chart_are_no_second_table() -> None:
    text = "Randomised (n = 400)\n  Allocated to arm 1 (n = 200)\n  Allocated to arm 2 (n = 200)\n"
    (chart,) = tables_in(Text(Place(("chart",)), text))
    assert isinstance(chart, FlowTable)


def test_reasons_that_overlap_say_nothing() -> None:
    tables = _chart(criteria="9", declined="8")
    assert verdict_of(tables) == "none"
