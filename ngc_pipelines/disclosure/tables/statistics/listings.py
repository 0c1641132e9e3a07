"""Lists of the smallest and largest values, which programs print beside percentiles (DC-7).

Stata's `summarize, detail`, SAS's `univariate` and SPSS's `explore` list the
four or five lowest and highest persons; R's `summary` of a data frame ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ngc_pipelines.disclosure.findings import Finding, Kind, Severity, Words
from ngc_pipelines.disclosure.policy import Thresholds
from ngc_pipelines.disclosure.tables.statistics import position
from ngc_pipelines.disclosure.tables.statistics.lines import LONGEST_OUTPUT, Lines
from ngc_pipelines.disclosure.tables.statistics.saying import Reason

_LISTS = re.compile(
    r"^\s*Percentiles\s+Smallest\s*$|^\s*Extreme (?:Observations|Values)\s*$|^\s*-+\s*Lowest\s*-+\s+-+\s*Highest\s*-+",
    re.IGNORECASE,
)
_ENDS = re.compile(r"\b(?:Min|Max)\.\s*:\s*-?\d")


def judge_extreme_lists(texts: Iterable[Lines], thresholds: Thresholds) -> Iterator[Finding]:
    """Lists of extreme values, and the ends in a data frame's summary."""
    for text in texts:
        for number in text.telling:
            line = text.all[number][:LONGEST_OUTPUT]
            if _LISTS.match(line):
                yield _listed().at(text.where(number))
            elif _ENDS.search(line):
                yield position.endpoint(thresholds.position).at(text.where(number))


def _listed() -> Reason:
    return Reason(
        "DC-7",
        Kind.EXTREME_VALUE,
        Severity.BLOCK,
        Words(
            "Programmet har skrevet de mindste og største værdier én for én; hver er en persons.",
            "The program has listed the smallest and largest values one by one; each is a person's.",
        ),
        Words(
            "Slet listen, og vis kvartiler og antal i stedet.",
            "Delete the list, and show quartiles and the number of persons instead.",
        ),
    )
