"""Where in a file something is: a path of steps from the file inwards.

A place is for people. Its steps are written by openers from what the format
itself calls its parts; `report` masks steps that hold identifiers.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A path of steps, e.g. `("embedded workbook1.xlsx", "sheet 'T1'")`."""

    steps: tuple[str, ...] = ()

    def inside(self, *steps: str) -> Place:
        """The place further in."""
        return Place(self.steps + steps)

    def __str__(self) -> str:
        return " › ".join(self.steps) if self.steps else "the file"


def column_letters(number: int) -> str:
    """Excel's letters of a column counted from 1: 1 is A, 28 is AB."""
    if number < 1:
        raise ValueError("columns count from 1")
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
