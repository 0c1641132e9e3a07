"""What the marks of a figure say: persons, or a summary.

Rules as functions of the marks alone. A scatter plot has a mark a person; bars,
densities, lines over time, forest plots and heat maps have one a group. Measured
on 160 figures: twenty identical point symbols are never a summary, unless they
stand for variants or genes, or march over time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import isfinite
from statistics import median

from ngc_pipelines.disclosure.pieces import Figure, Series

_POINTS = frozenset({"point", "points", "circle", "marker", "markers", "symbol", "dot", "scatter", "bubble", "cross"})
_LINES = frozenset({"line", "path", "trail", "polyline"})
_GENOMIC = re.compile(
    r"manhattan|volcano|q-?q[ -]?plot|-?log_?10|chromosom|kromosom|\bgwas\b|\bsnps?\b|\bvariant|\bgen(?:e|er|es)?\b"
    r"|fold.?change|log2fc|^rs\d+$|^ensg\d+|position \(mb\)|allel",
    re.IGNORECASE,
)
_BOX = re.compile(r"box|boks|whisker|outlier|violin|fliers", re.IGNORECASE)
_PERSON = re.compile(
    r"(?<![a-z])(?:patient|participant|subject|deltager|individ|person|proband|sample|prøve|cpr|case)(?![a-df-rt-z])",
    re.IGNORECASE,
)
_ID_LIKE = re.compile(r"(?=.*\d{2})[A-Za-z]{0,6}[-_ ]?\d[\w-]{1,20}$")
_DIVERSE = 0.5


class Shows(StrEnum):
    """What a figure seems to show of single persons."""

    PERSONS = "a mark for each person"
    MAYBE_PERSONS = "perhaps a mark for each person"
    VARIANTS = "a mark for each variant or gene"
    TRAJECTORIES = "a line for each person"
    OUTLIERS = "outliers of a box plot"
    SINGLE_STEPS = "a step for each event"
    WATERFALL = "a bar for each person"


@dataclass(frozen=True, slots=True)
class Sight:
    """One thing seen in a figure: what, in which series, how many marks."""

    shows: Shows
    series: str
    marks: int
    certain: bool


def sights(figure: Figure, threshold: int) -> Iterator[Sight]:
    """What `figure` shows of single persons.

    Args:
        threshold: marks from which a series shows persons (policy, 20 by default).
    """
    points = [series for series in figure.series if _is_points(series)]
    lines = [series for series in figure.series if series.shape.lower() in _LINES]
    genomic = _is_genomic(figure)
    boxes = any(series.shape.lower() == "box" or _BOX.search(series.name) for series in figure.series)
    boxes = boxes or bool(figure.title and _BOX.search(figure.title))
    many = [series for series in points if _marks(series) >= threshold and not _on_a_line(series, lines)]
    for series in many:
        yield _points_sight(series, genomic=genomic)
    rest = [series for series in points if _marks(series) < threshold]
    together = sum(map(_marks, rest))
    if boxes and together:
        yield Sight(Shows.OUTLIERS, "", together, certain=False)
    elif together >= threshold and not many and not genomic and _scattered(rest):
        yield Sight(Shows.MAYBE_PERSONS, "", together, certain=False)
    yield from _line_sights(figure, lines, threshold)
    for series in figure.series:
        if series.shape.lower() == "bar" and _is_waterfall(series, threshold):
            yield Sight(Shows.WATERFALL, series.name, _marks(series), certain=False)


def _points_sight(series: Series, *, genomic: bool) -> Sight:
    marks = _marks(series)
    if _names_persons(series):
        return Sight(Shows.PERSONS, series.name, marks, certain=True)
    if genomic:
        return Sight(Shows.VARIANTS, series.name, marks, certain=False)
    if _equally_spaced(series.xs):
        return Sight(Shows.MAYBE_PERSONS, series.name, marks, certain=False)
    return Sight(Shows.PERSONS, series.name, marks, certain=True)


def _line_sights(figure: Figure, lines: Sequence[Series], threshold: int) -> Iterator[Sight]:
    curves = [series for series in lines if 2 <= _marks(series) <= 200]
    if len(curves) >= threshold:
        persons = sum(map(_names_persons_in_name, curves)) > len(curves) / 2
        yield Sight(Shows.TRAJECTORIES, "", len(curves), certain=persons)
    for series in figure.series:
        if series.shape.lower() == "step" and _single_steps(series.ys, threshold):
            yield Sight(Shows.SINGLE_STEPS, series.name, _marks(series), certain=False)


def _is_points(series: Series) -> bool:
    return series.shape.lower() in _POINTS


def _marks(series: Series) -> int:
    return max(len(series.xs), len(series.ys), len(series.labels))


def _is_genomic(figure: Figure) -> bool:
    texts = [figure.title or "", *(series.name for series in figure.series)]
    texts += [label for series in figure.series for label in series.labels[:20]]
    return any(_GENOMIC.search(text) for text in texts) and not any(_PERSON.search(text) for text in texts)


def _names_persons(series: Series) -> bool:
    labels = series.labels[:200]
    like_ids = sum(bool(_ID_LIKE.match(label.strip()) or _PERSON.search(label)) for label in labels)
    return bool(labels) and like_ids > len(labels) / 2 and len(set(labels)) > len(labels) / 2


def _names_persons_in_name(series: Series) -> bool:
    return bool(_ID_LIKE.match(series.name.strip()) or (_PERSON.search(series.name) and re.search(r"\d", series.name)))


def _equally_spaced(values: Sequence[float]) -> bool:
    """Whether the values are distinct and march in even steps, as time does."""
    if len(values) < 3 or not all(map(isfinite, values)):
        return False
    ordered = sorted(values)
    steps = [after - before for before, after in pairwise(ordered)]
    usual = median(steps)
    # Months and quarters differ by a tenth in length; persons' values by far more.
    return usual > 0 and all(0.85 * usual <= step <= 1.15 * usual for step in steps)


def _on_a_line(points: Series, lines: Sequence[Series]) -> bool:
    """Whether the points only mark the corners of a line that is drawn as well."""
    if not _equally_spaced(points.xs):
        return False
    corners = set(zip(points.xs, points.ys, strict=False))
    return any(_marks(line) >= len(points.xs) and corners <= set(zip(line.xs, line.ys, strict=False)) for line in lines)


def _scattered(series: Sequence[Series]) -> bool:
    """Whether points of several small series lie all over, not in rows or columns as estimates do."""
    xs = [round(x, 6) for one in series for x in one.xs]
    ys = [round(y, 6) for one in series for y in one.ys]
    return bool(xs) and bool(ys) and min(len(set(xs)) / len(xs), len(set(ys)) / len(ys)) > _DIVERSE


def _is_waterfall(series: Series, threshold: int) -> bool:
    values = series.ys or series.xs
    if len(values) < threshold:
        return False
    if _names_persons(series):
        return True
    falling = list(values) in (sorted(values), sorted(values, reverse=True))
    return falling and min(values) < 0 < max(values)


def _single_steps(values: Sequence[float], threshold: int) -> bool:
    """Whether a survival curve has one step for each event, so that times of death can be read off."""
    drops = [before - after for before, after in pairwise(values) if before != after]
    sizes = sorted(abs(drop) for drop in drops)
    if len(sizes) < threshold:
        return False
    least = sizes[0]
    # 1/n grows slowly as persons leave; a step of two persons is twice as high from the beginning.
    return sum(size < 1.8 * least for size in sizes) > _DIVERSE * len(sizes)
