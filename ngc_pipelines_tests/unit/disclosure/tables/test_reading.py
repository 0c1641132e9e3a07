"""Tables as people send them are read as a careful reader reads them."""

from __future__ import annotations

import pytest

from ngc_pipelines_tests.unit.disclosure.tables.held_tables import FOLDER, Held, held_tables, misread

HELD = held_tables()
CONSOLE = held_tables(FOLDER / "console")


@pytest.mark.parametrize("held", HELD, ids=[held.name for held in HELD])
def test_a_printed_table_is_read_as_a_careful_reader_does(held: Held) -> None:
    assert misread(held, held.tables()) == []


@pytest.mark.parametrize("held", CONSOLE, ids=[held.name for held in CONSOLE])
def test_a_table_in_running_text_is_read_as_a_careful_reader_does(held: Held) -> None:
    assert misread(held, held.tables_in_text()) == []


def test_the_held_tables_have_names_of_their_own() -> None:
    assert len({held.name for held in HELD}) == len(HELD)
