"""The entry: every statistic of a file's tables and texts, judged.

Called once per file by the detector of tables. Counts, percentages and what
follows from sums are judged by `audit`, whose answer may be passed for groups
and insiders.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ngc_pipelines.disclosure.findings import Finding
from ngc_pipelines.disclosure.pieces import Text
from ngc_pipelines.disclosure.policy import Policy
from ngc_pipelines.disclosure.tables.printed import PrintedTable
from ngc_pipelines.disclosure.tables.statistics.averages import judge_averages
from ngc_pipelines.disclosure.tables.statistics.console import described
from ngc_pipelines.disclosure.tables.statistics.curves import judge_curves
from ngc_pipelines.disclosure.tables.statistics.genomic import judge_genomics
from ngc_pipelines.disclosure.tables.statistics.lines import Lines
from ngc_pipelines.disclosure.tables.statistics.listings import judge_extreme_lists
from ngc_pipelines.disclosure.tables.statistics.models import judge_models
from ngc_pipelines.disclosure.tables.statistics.position import judge_positions
from ngc_pipelines.disclosure.tables.statistics.prose import judge_prose
from ngc_pipelines.disclosure.tables.statistics.rates import judge_rates
from ngc_pipelines.disclosure.tables.statistics.ratios import judge_ratios
from ngc_pipelines.disclosure.tables.statistics.remainders import judge_remainders
from ngc_pipelines.disclosure.tables.statistics.saying import folded
from ngc_pipelines.disclosure.tables.statistics.statistic import statistics_of
from ngc_pipelines.disclosure.tables.statistics.survival import judge_survival

if TYPE_CHECKING:
    from ngc_pipelines.disclosure.tables.audit import Audit

# Texts that are no program: code is read elsewhere.
_LANGUAGES = frozenset({"plain", "log", "markup"})
# Names and settings of a page's or a sheet's elements are no sentences.
_ATTRIBUTES = re.compile(r"attributes\b")


def statistics_findings(
    tables: Sequence[PrintedTable], texts: Sequence[Text], policy: Policy, audited: Audit | None = None
) -> Iterator[Finding]:
    """What the statistics of one file give away; each fault is said once, with its first places.

    Args:
        tables: the tables of the file, as read.
        texts: running text and programs' output; program code is left to others.
        policy: the thresholds in force.
        audited: the audit of the same tables, for groups of one kind and insiders.
    """
    lines = [Lines(text) for text in texts if text.language in _LANGUAGES and not _is_attributes(text)]
    yield from folded(_all(tables, lines, policy, audited))


def _is_attributes(text: Text) -> bool:
    return bool(text.place.steps) and _ATTRIBUTES.search(text.place.steps[-1]) is not None


def _all(
    tables: Sequence[PrintedTable], texts: Sequence[Lines], policy: Policy, audited: Audit | None
) -> Iterator[Finding]:
    thresholds = policy.thresholds
    statistics = [one for table in tables for one in statistics_of(table)]
    statistics += [one for text in texts for one in described(text)]
    yield from judge_positions(statistics, thresholds)
    yield from judge_averages(statistics, thresholds)
    yield from judge_extreme_lists(texts, thresholds)
    yield from judge_prose(texts, thresholds)
    yield from judge_models(tables, texts, thresholds)
    yield from judge_survival(tables, texts, thresholds)
    yield from judge_curves(tables, texts, thresholds)
    yield from judge_rates(tables, thresholds)
    yield from judge_remainders(tables, thresholds)
    yield from judge_ratios(tables, texts, thresholds)
    yield from judge_genomics(tables, texts, thresholds)
    if tables or audited is not None:
        # The solver's libraries are loaded for tables only: they cost a tenth of a second.
        from ngc_pipelines.disclosure.tables.statistics.groups import judge_audit, judge_shares

        yield from judge_shares(tables)
        if audited is not None:
            yield from judge_audit(audited, thresholds)
