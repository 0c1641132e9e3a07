"""Long texts come in blocks: a table that lies across a border is read in one piece.

What follows the last empty line of a long block is kept until the next block of
the same text comes, so that no table loses its header or its total.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from ngc_pipelines.disclosure.pieces import Text
from ngc_pipelines.disclosure.places import Place

# A shorter piece is no block of a long text.
LONG = 1 << 17
# So much of a block's end may belong to a table that goes on; a longer run of lines is cut.
KEPT = 1 << 16
# A title, a header and a total may each stand between empty lines.
PARTS = 4


@dataclass(slots=True)
class Borders:
    """Takes the pieces of a file in their order; gives them with tables whole."""

    _kept: dict[Place, Text] = field(default_factory=dict)

    def add(self, piece: Text) -> Iterator[Text]:
        """`piece` with what was kept of the block before it, and without what is kept of it."""
        before = self._kept.pop(piece.place, None)
        if before is not None and _follows(before, piece):
            piece = replace(piece, text=f"{before.text}{piece.text}", first_line=before.first_line)
        elif before is not None:
            yield before
        cut = _cut(piece.text) if len(piece.text) >= LONG and piece.first_line is not None else None
        if cut is None:
            yield piece
            return
        assert piece.first_line is not None
        line = piece.first_line + piece.text.count("\n", 0, cut)
        self._kept[piece.place] = replace(piece, text=piece.text[cut:], first_line=line)
        yield replace(piece, text=piece.text[:cut])

    def end(self) -> Iterator[Text]:
        """What was kept and nothing followed."""
        kept, self._kept = self._kept, {}
        yield from kept.values()


def _follows(before: Text, piece: Text) -> bool:
    """Whether a piece begins with the line after those kept."""
    if before.first_line is None or not before.text.endswith("\n"):
        return False
    return piece.first_line == before.first_line + before.text.count("\n")


def _cut(text: str) -> int | None:
    """Where the last lines without an empty one between begin; None where nothing is to be kept."""
    start = max(0, len(text) - KEPT)
    found, end = -1, len(text)
    for _ in range(PARTS):
        at = text.rfind("\n\n", start, end)
        if at < 0:
            break
        found, end = at, at + 1
    return found + 2 if 0 <= found < len(text) - 2 else None
