"""What a list of allele frequencies tells about who was in the cohort.

The bound of Sankararaman et al. 2009 ("Genomic privacy and limits of individual
detection in a pool"): with m independent variants of a cohort of n persons the
likelihood-ratio test, which no other test beats, has a power that depends on
m / n alone. How many variants are independent is told by who reads the list.
"""

from __future__ import annotations

import math
from statistics import NormalDist

_NORMAL = NormalDist()

# The false positive rate at which the bound is told: one stranger in a thousand is taken for a member.
FALSE_POSITIVES = 0.001
# Variants nearer than this on a chromosome are counted as one: linkage reaches some 100,000 bases.
LINKED_WITHIN = 100_000


def power(variants: int, persons: int, false_positives: float = FALSE_POSITIVES) -> float:
    """The share of the cohort's members that the best test recognises.

    Args:
        variants: independent variants whose frequencies are told, at least 0.
        persons: size of the cohort, at least 1.
        false_positives: share of strangers that are taken for members, between 0 and 1.

    Raises:
        ValueError: where a number lies outside its bounds.
    """
    if variants < 0 or persons < 1 or not 0 < false_positives < 1:
        raise ValueError("variants >= 0, persons >= 1 and 0 < false_positives < 1")
    return _NORMAL.cdf(math.sqrt(variants / persons) + _NORMAL.inv_cdf(false_positives))


def largest_cohort_exposed(variants: int, least: float = 0.5, false_positives: float = FALSE_POSITIVES) -> int:
    """The largest cohort in which at least the share `least` of members is recognised; 0 for none.

    Raises:
        ValueError: where `least` is not above `false_positives` and below 1.
    """
    if not 0 < false_positives < least < 1:
        raise ValueError("0 < false_positives < least < 1")
    needed = _NORMAL.inv_cdf(least) - _NORMAL.inv_cdf(false_positives)
    return int(variants / needed**2)


def independent(positions: list[tuple[str, int]]) -> int:
    """How many variants stay when one of those that lie together is counted.

    Args:
        positions: chromosome and position of each variant.
    """
    kept, chromosome, last = 0, "", 0
    for name, position in sorted(positions):
        if name != chromosome or position - last >= LINKED_WITHIN:
            kept, chromosome, last = kept + 1, name, position
    return kept
