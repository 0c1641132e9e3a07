"""What a cell is called in a finding: its labels, as the document has them."""

from __future__ import annotations

from ngc_pipelines.disclosure.tables.system import SystemCell

# Longer labels are cut: a finding is read on one screen.
LONGEST = 80


def called(cell: SystemCell) -> str:
    """The labels of a cell, row first, e.g. `Nord / Kvinder`."""
    names = [name.strip() for _, name in cell.label if name.strip()]
    whole = " / ".join(dict.fromkeys(names)) or "total"
    return whole if len(whole) <= LONGEST else whole[: LONGEST - 1] + "…"
