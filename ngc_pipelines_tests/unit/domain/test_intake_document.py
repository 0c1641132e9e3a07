"""`docs/intake.md` tells applicants the same rules as the code."""

from pathlib import Path

import pytest

from ngc_pipelines.domain.applications import PROPERTIES
from ngc_pipelines.domain.cpr_list.faults import FAULTS, REMARKS

LINES = (Path(__file__).parents[3] / "docs/intake.md").read_text(encoding="utf-8").splitlines()

ROWS = {
    "properties": [f"| `{entry.name}` | {entry.rule} | {entry.en} / {entry.da} |" for entry in PROPERTIES],
    "faults": [f"| `{kind}` | {column} | {english} |" for kind, (column, _, english) in FAULTS.items()],
    "remarks": [f"| `{kind}` | {english} |" for kind, (_, _, english) in REMARKS.items()],
}


@pytest.mark.parametrize("table", ROWS)
def test_a_table_has_the_rows_of_the_code_in_their_order(table: str) -> None:
    first = LINES.index(ROWS[table][0])
    assert LINES[first : first + len(ROWS[table])] == ROWS[table]


def test_the_tables_have_no_row_that_the_code_does_not_have() -> None:
    assert [line for line in LINES if line.startswith("| `")] == [row for rows in ROWS.values() for row in rows]
