"""Several tables of one request as one system."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ngc_pipelines.disclosure.tables.printed import PrintedTable
from ngc_pipelines.disclosure.tables.relations.printed import renumbered
from ngc_pipelines.disclosure.tables.relations.tidy import Hierarchy, TidyTable, system_of_tidy
from ngc_pipelines.disclosure.tables.system import System
from ngc_pipelines.disclosure.tables.together import together


def system_of(tables: Sequence[TidyTable | PrintedTable], hierarchies: Mapping[str, Sequence[Hierarchy]]) -> System:
    """One system; tidy tables share cells by their codes, printed ones where labels and numbers agree."""
    whole = system_of_tidy([table for table in tables if isinstance(table, TidyTable)], hierarchies)
    printed = [table for table in tables if isinstance(table, PrintedTable)]
    if not printed:
        return whole
    own = renumbered(together(printed, first_table=len(whole.tables)).system, len(whole.cells))
    return replace(
        whole,
        cells=whole.cells + own.cells,
        relations=whole.relations + own.relations,
        tables=whole.tables + own.tables,
        left_out=whole.left_out + own.left_out,
    )
