"""The entry: every statistic of a file's tables and texts, judged.

Called once per file by the detector of tables. Counts, percentages and what
follows from sums are judged by `audit`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ngc_pipelines.disclosure.findings import Finding
from ngc_pipelines.disclosure.pieces import Text
from ngc_pipelines.disclosure.policy import Policy
from ngc_pipelines.disclosure.tables.printed import PrintedTable
from ngc_pipelines.disclosure.tables.statistics.averages import judge_averages
from ngc_pipelines.disclosure.tables.statistics.console import described
from ngc_pipelines.disclosure.tables.statistics.position import judge_positions
from ngc_pipelines.disclosure.tables.statistics.saying import folded
from ngc_pipelines.disclosure.tables.statistics.statistic import statistics_of


def statistics_findings(tables: Sequence[PrintedTable], texts: Sequence[Text], policy: Policy) -> Iterator[Finding]:
    """What the statistics of one file give away, by place, each fault said once.

    Args:
        tables: the tables of the file, as read.
        texts: running text and programs' output; program code is left to others.
        policy: the thresholds in force.
    """
    yield from folded(_all(tables, texts, policy))


def _all(tables: Sequence[PrintedTable], texts: Sequence[Text], policy: Policy) -> Iterator[Finding]:
    statistics = [one for table in tables for one in statistics_of(table)]
    statistics += [one for text in texts for one in described(text)]
    yield from judge_positions(statistics, policy.thresholds)
    yield from judge_averages(statistics, policy.thresholds)
