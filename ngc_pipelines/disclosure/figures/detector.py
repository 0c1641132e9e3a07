"""Findings about figures and pictures (DC-8).

What the marks mean is judged in `judging`; here it becomes findings in the
words of the house. A raster picture is always looked at by a person.
"""

from __future__ import annotations

from collections.abc import Iterator

from ngc_pipelines.disclosure.detecting import DetectorContext
from ngc_pipelines.disclosure.figures.judging import Shows, Sight, sights
from ngc_pipelines.disclosure.findings import Finding, Kind, Severity, Words
from ngc_pipelines.disclosure.pieces import Figure, Picture, Piece

_ICON_PIXELS = 48 * 48
"""Pictures up to this size are icons and bullets; no figure can be read in them."""

_SAID: dict[Shows, Words] = {
    Shows.PERSONS: Words(
        da="Figuren viser ét punkt pr. person: værdierne kan læses tilbage.",
        en="The figure shows a point for each person: the values can be read back.",
    ),
    Shows.MAYBE_PERSONS: Words(
        da="Figuren har mange punkter, der kan være enkeltpersoner.",
        en="The figure has many points that may be single persons.",
    ),
    Shows.VARIANTS: Words(
        da="Figuren viser ét punkt pr. variant eller gen; mange frekvenser tilsammen kan afsløre deltagelse.",
        en="The figure shows a point for each variant or gene; many frequencies together may reveal membership.",
    ),
    Shows.TRAJECTORIES: Words(
        da="Figuren har så mange linjer, at de kan være forløb for enkeltpersoner.",
        en="The figure has so many lines that they may be the courses of single persons.",
    ),
    Shows.OUTLIERS: Words(
        da="Boksplottet viser outliers som enkelte punkter.",
        en="The box plot shows outliers as single points.",
    ),
    Shows.SINGLE_STEPS: Words(
        da="Overlevelseskurven har et trin pr. hændelse: tidspunkter for enkeltpersoner kan aflæses.",
        en="The survival curve has a step for each event: times of single persons can be read off.",
    ),
    Shows.WATERFALL: Words(
        da="Figuren har så mange sorterede søjler, at hver kan være en person.",
        en="The figure has so many sorted bars that each may be a person.",
    ),
}
_AGGREGATE = Words(
    da="Vis i stedet en aggregeret figur: hexbin, tæthed, gennemsnit med interval eller søjler med mindst 5 personer.",
    en="Show an aggregated figure instead: hexbin, density, means with intervals, or bars of at least 5 persons.",
)
_NO_OUTLIERS = Words(
    da="Tegn boksplottet uden outliers (fx outlier.shape = NA, showfliers=False).",
    en="Draw the box plot without outliers (e.g. outlier.shape = NA, showfliers=False).",
)
_ROUNDED_CURVE = Words(
    da="Tegn kurven i faste tidsintervaller, hvor mindst 5 har hændelsen, eller udglat den.",
    en="Draw the curve in fixed intervals in which at least 5 have the event, or smooth it.",
)
_ADVICE = {Shows.OUTLIERS: _NO_OUTLIERS, Shows.SINGLE_STEPS: _ROUNDED_CURVE}


class FigureDetector:
    """Judges figures that were read back, and hands pictures to the case officer."""

    def __init__(self, context: DetectorContext) -> None:
        self._policy = context.policy

    def see(self, piece: Piece) -> Iterator[Finding]:
        """What a figure or picture shows of single persons."""
        if isinstance(piece, Figure):
            found = list(sights(piece, self._policy.thresholds.figure_points))
            for sight in found:
                yield self._of_sight(piece, sight)
            if piece.embedded:
                yield self._embedded(piece, certain=any(sight.shows is Shows.PERSONS for sight in found))
        elif isinstance(piece, Picture) and piece.width * piece.height > _ICON_PIXELS:
            yield self._to_be_seen(piece)

    def end(self) -> Iterator[Finding]:
        """Nothing: each figure stands alone."""
        return iter(())

    def _of_sight(self, figure: Figure, sight: Sight) -> Finding:
        kind = Kind.GENOMIC_SUMMARY if sight.shows is Shows.VARIANTS else Kind.FIGURE_POINTS
        default = Severity.BLOCK if sight.certain else Severity.REVIEW
        return Finding(
            rule="DC-8",
            kind=kind,
            severity=self._policy.severity_of(kind, default),
            where=str(figure.place),
            message=_SAID[sight.shows],
            advice=_ADVICE.get(sight.shows, _AGGREGATE),
            count=max(sight.marks, 1),
        )

    def _embedded(self, figure: Figure, *, certain: bool) -> Finding:
        default = Severity.BLOCK if certain else Severity.REVIEW
        return Finding(
            rule="DC-8",
            kind=Kind.EMBEDDED_DATA,
            severity=self._policy.severity_of(Kind.EMBEDDED_DATA, default),
            where=str(figure.place),
            message=Words(
                da="Figuren bærer et datasæt med sig ud over det, den tegner.",
                en="The figure carries a data set of its own beside what it draws.",
            ),
            advice=Words(
                da="Indsæt figuren som billede uden kæde til dataene.",
                en="Insert the figure as a picture without a link to the data.",
            ),
        )

    def _to_be_seen(self, picture: Picture) -> Finding:
        return Finding(
            rule="DC-8",
            kind=Kind.FIGURE_POINTS,
            severity=self._policy.severity_of(Kind.FIGURE_POINTS, Severity.REVIEW),
            where=str(picture.place),
            message=Words(
                da="Billedet skal ses af en sagsbehandler: enkelte punkter, outliers, små søjler, navne og numre.",
                en="A case officer has to look at the picture: single points, outliers, small bars, names and numbers.",
            ),
            advice=Words(
                da="Aflever figuren som SVG eller PDF, så den kan kontrolleres maskinelt.",
                en="Hand in the figure as SVG or PDF, so that it can be checked by machine.",
            ),
        )
