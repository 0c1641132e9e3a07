"""How two tables' persons relate: the same, some of the other's, or others.

By the numbers that both print first, by their titles second. Files' names say
nothing: they can be changed at will.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from ngc_pipelines.disclosure.tables.members import Member
from ngc_pipelines.disclosure.tables.system import System, SystemCell

_WORD = re.compile(r"\d{4}\s*[-–—]\s*\d{4}|[\w<>≥≤]+")
_N = re.compile(r"\(?\s*\bn\s*=\s*[\d .,]+\)?", re.IGNORECASE)
_NUMBERING = re.compile(
    r"^\W*(?:e?(?:supplementary|supplerende)\s+)?(?:table|tabel|figure|figur)\s+[\w.]+[.:)]?\s*", re.I
)
_PERIOD = re.compile(r"(\d{4})\s*[-–—]\s*(\d{4})")
# fmt: off - lists of words, not of lines
# Words that name everybody, or nothing of who they are.
_WHOLE = frozenset(
    (
        "all",
        "alle",
        "whole",
        "hele",
        "entire",
        "full",
        "fulde",
        "overall",
        "total",
        "samlet",
        "samlede",
        "cohort",
        "cohorts",
        "kohorte",
        "kohorten",
        "population",
        "populationen",
        "sample",
        "study",
        "studie",
        "studiet",
        "studiepopulation",
        "before",
        "før",
        "including",
        "inklusive",
        "inkl",
        "both",
        "begge",
        "køn",
        "sexes",
    )
)
_EMPTY = frozenset(
    (
        "patients",
        "patient",
        "patienter",
        "patienterne",
        "participants",
        "deltagere",
        "deltagerne",
        "persons",
        "personer",
        "subjects",
        "individuals",
        "borgere",
        "people",
        "with",
        "med",
        "and",
        "og",
        "by",
        "efter",
        "of",
        "af",
        "the",
        "de",
        "den",
        "det",
        "in",
        "for",
        "fordelt",
        "på",
        "among",
        "blandt",
        "hos",
        "from",
        "fra",
        "to",
        "til",
        "at",
        "ved",
        "on",
        "number",
        "numbers",
        "antal",
        "count",
        "counts",
        "n",
        "percent",
        "procent",
        "pct",
        "share",
        "andel",
        "only",
        "kun",
        "group",
        "gruppe",
        "gruppen",
        "an",
        "en",
        "et",
        "som",
        "who",
        "er",
        "are",
        "were",
    )
)
_LESS = frozenset(
    (
        "excluding",
        "exclusion",
        "excluded",
        "without",
        "except",
        "subgroup",
        "subset",
        "eksklusion",
        "ekskl",
        "eksklusive",
        "ekskluderet",
        "uden",
        "undtagen",
        "undergruppe",
        "delmængde",
        "sensitivity",
        "sensitivitetsanalyse",
        "complete",
        "komplette",
        "withdrawn",
        "heraf",
        "hereof",
    )
)
# fmt: on
# Cells that must tell the same tale before tables without telling titles are thought of as nested.
_ENOUGH_PAIRS = 2
# ... and the smaller one holds so much of the larger.
_MOST_OF = 0.5


class Kin(Enum):
    """How the persons of two tables relate."""

    SAME = "same"
    NESTED = "nested"  # numbers or titles say that one's are among the other's
    PERHAPS = "perhaps nested"  # nothing speaks against it
    MOVED = "moved"  # the same but for a few who came, left or changed category
    OTHERS = "others"


@dataclass(frozen=True, slots=True)
class Kinship:
    """How two tables relate, the larger one first.

    Args:
        pairs: the cells of the same labels, in the larger and the smaller.
    """

    kin: Kin
    larger: Member
    smaller: Member
    pairs: tuple[tuple[int, int], ...]


def kinship(system: System, first: Member, second: Member) -> Kinship:
    """How the persons of two tables with common labels relate."""
    pairs = tuple((cell, second.labels[labels]) for labels, cell in first.labels.items() if labels in second.labels)
    told = [(a, b) for a, b in pairs if _told(system.cells[a]) and _told(system.cells[b])]
    apart = [system.cells[a].low - system.cells[b].low for a, b in told]
    if sum(apart) < 0:
        turned = kinship(system, second, first)
        return turned if sum(-one for one in apart) > 0 else Kinship(Kin.OTHERS, first, second, pairs)
    return Kinship(_kin(system, first, second, told, apart), first, second, pairs)


def _told(cell: SystemCell) -> bool:
    return cell.mark is None and cell.low == cell.high


def _kin(system: System, larger: Member, smaller: Member, told: Sequence[tuple[int, int]], apart: Sequence[int]) -> Kin:
    both = [(system.cells[a], system.cells[b]) for a, b in told]
    equal = sum(a.low == b.low > 0 for a, b in both)
    alike = equal >= 2 and 2 * equal >= len(told)
    if alike and not any(apart):
        return Kin.SAME
    one_way = any(apart) and all(one >= 0 for one in apart)
    if alike:
        return Kin.NESTED if one_way else Kin.MOVED
    words = said_of(larger.title, smaller.title)
    if not one_way or words is Kin.OTHERS or len(told) < _ENOUGH_PAIRS:
        return Kin.OTHERS
    if words is Kin.NESTED:
        return Kin.NESTED
    most = max(a.low for a, _ in both), max(b.low for _, b in both)
    return Kin.PERHAPS if most[1] >= _MOST_OF * most[0] else Kin.OTHERS


def said_of(larger: str, smaller: str) -> Kin:
    """What two titles say of how their tables' persons relate."""
    over, under = _words(larger), _words(smaller)
    only_over, only_under = over - under, under - over
    for one, other in ((only_over, only_under),):
        periods = [_PERIOD.fullmatch(word) for words in (one, other) for word in words if _PERIOD.fullmatch(word)]
        if len(one) == len(other) == 1 and len(periods) == 2:
            wide, narrow = ([int(year) for year in match.groups()] for match in periods if match)
            return Kin.NESTED if wide[0] <= narrow[0] and narrow[1] <= wide[1] else Kin.OTHERS
    if (only_over - _WHOLE) and (only_under - _WHOLE):
        return Kin.PERHAPS if (only_over | only_under) & _LESS else Kin.OTHERS
    if not larger or not smaller or only_under & _WHOLE:
        return Kin.PERHAPS
    if only_over - _WHOLE:
        return Kin.PERHAPS
    return Kin.NESTED if only_over or only_under else Kin.PERHAPS


def _words(title: str) -> frozenset[str]:
    bare = _N.sub(" ", _NUMBERING.sub("", title))
    # `a` and the Danish `i` are small words; hospital A and stage I are not.
    words = (word.replace(" ", "") for word in _WORD.findall(bare) if word not in ("a", "i"))
    return frozenset(word.casefold() for word in words) - _EMPTY
