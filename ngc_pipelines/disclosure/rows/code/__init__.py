"""Individual data written into programs: conditions, lists, mappings, data frames from literals (G §8.3).

`literals` says what a literal means; `python`, `r` and `conditions` find literals.
"""

from __future__ import annotations

from collections.abc import Iterator

from ngc_pipelines.disclosure.pieces import Language
from ngc_pipelines.disclosure.rows.code.literals import CodeFault


def code_faults(text: str, language: Language, threshold: int) -> Iterator[CodeFault]:
    """What a program says about single persons, each with its line from 1.

    Args:
        language: what it is written in; anything but Python and R is searched for conditions and data lines.
        threshold: rows from which listings may be of persons (policy).
    """
    if language == "python":
        from ngc_pipelines.disclosure.rows.code.python import python_faults

        yield from python_faults(text, threshold)
    elif language == "r":
        from ngc_pipelines.disclosure.rows.code.r import r_faults

        yield from r_faults(text, threshold)
    else:
        from ngc_pipelines.disclosure.rows.code.conditions import condition_faults, data_line_faults

        yield from condition_faults(text)
        yield from data_line_faults(text, threshold)
