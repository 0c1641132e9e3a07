"""Several tables of one request as one system."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ngc_pipelines.disclosure.tables.printed import PrintedTable
from ngc_pipelines.disclosure.tables.relations.printed import renumbered, system_of_printed
from ngc_pipelines.disclosure.tables.relations.tidy import Hierarchy, TidyTable, system_of_tidy
from ngc_pipelines.disclosure.tables.system import System


def system_of(tables: Sequence[TidyTable | PrintedTable], hierarchies: Mapping[str, Sequence[Hierarchy]]) -> System:
    """One system; tidy tables share cells by their codes, printed ones stand for themselves."""
    tidy = [table for table in tables if isinstance(table, TidyTable)]
    whole = system_of_tidy(tidy, hierarchies)
    for table in tables:
        if isinstance(table, PrintedTable):
            number = len(whole.tables)
            own = renumbered(system_of_printed(table, number).system, len(whole.cells))
            whole = replace(
                whole,
                cells=whole.cells + own.cells,
                relations=whole.relations + own.relations,
                tables=whole.tables + own.tables,
                left_out=whole.left_out + own.left_out,
            )
    return whole
