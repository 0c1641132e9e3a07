"""What figures show of single persons (DC-8)."""

from __future__ import annotations

import random
from datetime import date

import pytest

from ngc_pipelines.disclosure.detecting import DetectorContext
from ngc_pipelines.disclosure.figures.detector import FigureDetector
from ngc_pipelines.disclosure.findings import Finding, Kind, Severity
from ngc_pipelines.disclosure.pieces import Figure, Picture, Series
from ngc_pipelines.disclosure.places import Place
from ngc_pipelines.disclosure.policy import DEFAULT_POLICY, Policy, Thresholds

_DICE = random.Random(11)


def _cloud(count: int, shape: str = "point", name: str = "", labels: tuple[str, ...] = ()) -> Series:
    xs = tuple(round(_DICE.uniform(20, 90), 2) for _ in range(count))
    return Series(name, shape, xs, tuple(round(_DICE.gauss(26, 4), 2) for _ in range(count)), labels)


def _found(*series: Series, title: str | None = None, embedded: bool = False) -> list[Finding]:
    detector = FigureDetector(DetectorContext(DEFAULT_POLICY, date(2026, 6, 1)))
    return [*detector.see(Figure(Place(("page 1",)), series, title, embedded)), *detector.end()]


@pytest.mark.parametrize(("marks", "blocked"), [(5, False), (19, False), (20, True), (400, True)])
def test_a_scatter_plot_blocks_from_twenty_points_on(marks: int, blocked: bool) -> None:
    found = _found(_cloud(marks))
    assert [finding.severity for finding in found] == ([Severity.BLOCK] if blocked else [])
    assert all(finding.kind is Kind.FIGURE_POINTS and finding.count == marks for finding in found)


def test_the_policy_says_how_many_points_are_too_many() -> None:
    policy = Policy(thresholds=Thresholds(figure_points=50))
    detector = FigureDetector(DetectorContext(policy, date(2026, 6, 1)))
    assert not list(detector.see(Figure(Place(), (_cloud(49),))))
    assert list(detector.see(Figure(Place(), (_cloud(50),))))


def test_small_groups_of_points_all_over_the_plot_are_for_review() -> None:
    assert [f.severity for f in _found(_cloud(12, name="cases"), _cloud(12, name="controls"))] == [Severity.REVIEW]


def test_genes_and_variants_are_a_genomic_summary_for_review() -> None:
    for title in ("Manhattan plot", "Volcano plot", "-log10(p) by chromosome"):
        assert [(f.kind, f.severity) for f in _found(_cloud(5000), title=title)] == [
            (Kind.GENOMIC_SUMMARY, Severity.REVIEW)
        ]
    assert _found(_cloud(400), title="PCA of samples by gene expression")[0].severity is Severity.BLOCK


def test_labels_that_are_identifiers_block_whatever_the_figure_is_called() -> None:
    labels = tuple(f"NGC{10_000 + 37 * i}" for i in range(30))
    assert _found(_cloud(30, labels=labels), title="volcano")[0].severity is Severity.BLOCK
    bars = Series("change", "bar", tuple(range(30)), tuple(float(i % 7) for i in range(30)), labels)
    assert _found(bars)[0].kind is Kind.FIGURE_POINTS


def test_aggregated_figures_are_clean() -> None:
    months = tuple(float(i) for i in range(48))
    counts = tuple(float(100 + i % 12) for i in range(48))
    for series in (
        Series("monthly", "line", months, counts),
        Series("histogram", "bar", months, counts),
        Series("density", "area", tuple(i / 5 for i in range(512)), tuple(i / 512 for i in range(512))),
        Series("forest", "point", (1.03, 1.41, 1.08, 1.9), (4.0, 3.0, 2.0, 1.0)),
    ):
        assert not _found(series), series.name
    assert not _found(Series("rate", "line", months, counts), Series("rate", "point", months, counts))


def test_outliers_steps_courses_and_waterfalls_are_for_review() -> None:
    box = Series("bmi", "box", (1.0, 2.0), (26.0, 27.0))
    assert "outliers" in _found(box, _cloud(7))[0].message.en
    survival = tuple(1 - i / 120 for i in range(60))
    steps = _found(Series("women", "step", tuple(float(i) for i in range(60)), survival))
    assert [f.severity for f in steps] == [Severity.REVIEW]
    smooth = tuple(1 - (i // 10) * 0.1 for i in range(60))
    assert not _found(Series("women", "step", tuple(float(i) for i in range(60)), smooth))
    courses = [_cloud(6, "line", name=f"patient {1000 + 7 * i}") for i in range(25)]
    assert [f.severity for f in _found(*courses)] == [Severity.BLOCK]
    change = tuple(sorted(_DICE.uniform(-80, 60) for _ in range(40)))
    assert [f.severity for f in _found(Series("best change", "bar", tuple(range(40)), change))] == [Severity.REVIEW]


def test_embedded_data_are_told_and_block_where_the_points_are_persons() -> None:
    assert [(f.kind, f.severity) for f in _found(Series("n", "bar", (1.0,), (7.0,)), embedded=True)] == [
        (Kind.EMBEDDED_DATA, Severity.REVIEW)
    ]
    assert {f.kind: f.severity for f in _found(_cloud(60), embedded=True)} == {
        Kind.FIGURE_POINTS: Severity.BLOCK,
        Kind.EMBEDDED_DATA: Severity.BLOCK,
    }


def test_a_picture_is_looked_at_by_a_person_and_an_icon_is_not() -> None:
    detector = FigureDetector(DetectorContext(DEFAULT_POLICY, date(2026, 6, 1)))
    assert [f.severity for f in detector.see(Picture(Place(), b"", "png", 800, 600))] == [Severity.REVIEW]
    assert not list(detector.see(Picture(Place(), b"", "png", 16, 16)))
