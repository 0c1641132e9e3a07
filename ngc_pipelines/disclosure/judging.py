"""One file, judged: opened, every piece shown to every detector, findings folded.

This runs in the confined process; it reads the bytes it is given and answers
with values. It decides nothing about other files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ngc_pipelines.disclosure.content.encoded import decode_inside
from ngc_pipelines.disclosure.detecting import Carrier, Detector, DetectorContext, make_detectors
from ngc_pipelines.disclosure.findings import Finding, Kind, Severity, Words
from ngc_pipelines.disclosure.folding import Fold
from ngc_pipelines.disclosure.identifiers.known import KnownIdentifiers
from ngc_pipelines.disclosure.identifiers.masking import mask_identifiers
from ngc_pipelines.disclosure.limits import Budget, LimitReached
from ngc_pipelines.disclosure.opening import Context, Source, limit_reached, open_as
from ngc_pipelines.disclosure.pieces import NotRead, Opened, Piece, Text
from ngc_pipelines.disclosure.places import Place
from ngc_pipelines.disclosure.policy import Policy
from ngc_pipelines.disclosure.results import Unread

_STEPS_SEEN = 10_000
_NOT_READ_KEPT = 200


@dataclass(frozen=True, slots=True)
class Judgement:
    """What judging one file came to: its type, findings, what nobody saw, and its tables as plain data."""

    type: str
    findings: tuple[Finding, ...]
    not_read: tuple[Unread, ...]
    tables: tuple[Mapping[str, Any], ...] = ()


def judge(
    source: Source,
    *,
    extension: str,
    policy: Policy,
    as_of: date,
    known_ids: KnownIdentifiers | None = None,
    told: Callable[[Finding], None] | None = None,
) -> Judgement:
    """Judge one file.

    Args:
        source: its bytes and name.
        extension: lower case, without the dot; what the bytes must be.
        told: is told each new fault at once, so that they outlive a crash.
    """
    return _Judge(source, extension, policy, as_of, known_ids, told).run()


@dataclass(slots=True)
class _Judge:
    source: Source
    extension: str
    policy: Policy
    as_of: date
    known_ids: KnownIdentifiers | None
    told: Callable[[Finding], None] | None
    type: str = "unknown"
    fold: Fold = field(init=False)
    context: Context = field(init=False)
    detectors: tuple[Detector, ...] = field(init=False)
    not_read: dict[Unread, None] = field(default_factory=dict)
    steps: set[str] = field(default_factory=set)
    shown: int = 0

    def __post_init__(self) -> None:
        self.fold = Fold(
            self.policy.severities,
            self.policy.thresholds.findings,
            lambda text: mask_identifiers(text, self.known_ids),
        )
        self.context = Context(self.policy, self.as_of, self.extension, Budget(self.policy.limits))
        self.detectors = make_detectors(
            DetectorContext(
                policy=self.policy,
                as_of=self.as_of,
                known_ids=self.known_ids,
                name=self.source.name or "",
                extension=self.extension,
            )
        )

    def run(self) -> Judgement:
        self._take(self._opened())
        for detector in self.detectors:
            self._listen(detector, detector.end())
        self._say_what_was_not_read()
        carried = tuple(
            data for detector in self.detectors if isinstance(detector, Carrier) for data in detector.carried()
        )
        return Judgement(self.type, self.fold.folded(), tuple(self.not_read), carried)

    def _opened(self) -> Iterator[Opened]:
        from ngc_pipelines.disclosure.recognising import recognise

        recognised = recognise(self.source, self.extension)
        self.type = recognised.type
        yield from recognised.findings
        if self.extension not in self.policy.extensions:
            yield not_allowed(self.extension)
        if self.source.name:
            self._detect_name("file name", self.source.name)
        if not self.context.is_open_to(recognised.type):
            # Its bytes are searched all the same, but nobody has read it as what it is.
            yield NotRead(Place(), f"nothing here opens the type {recognised.type}")
        yield from open_as(recognised.type, self.source, Place(), self.context)

    def _take(self, opened: Iterable[Opened]) -> None:
        try:
            for item in opened:
                if isinstance(item, Finding):
                    self._add(item)
                elif isinstance(item, NotRead):
                    self._miss(item.place, item.why)
                else:
                    self._show(item)
        except LimitReached as limit:
            # Raised between the parts, where no opener was left to turn it into a finding.
            self._take(limit_reached(limit, Place()))

    def _show(self, piece: Piece) -> None:
        self.shown += 1
        self.context.budget.check_time()
        for step in piece.place.steps:
            if step not in self.steps and len(self.steps) < _STEPS_SEEN:
                self.steps.add(step)
                self._detect_name("name of a part", step)
        self._detect(piece)
        self._take(decode_inside(piece, self.context))

    def _detect_name(self, what: str, name: str) -> None:
        """Names of files, sheets and members are no running text: only those look that look for names."""
        piece = Text(Place((what,)), name)
        for detector in self.detectors:
            if getattr(detector, "looks_at_names", False):
                self._listen(detector, detector.see(piece), piece.place)

    def _detect(self, piece: Piece) -> None:
        # The attributes of a package's XML are settings line by line: no table, whatever they look like.
        settings = isinstance(piece, Text) and piece.place.steps[-1:] == ("attributes",)
        for detector in self.detectors:
            if not settings or getattr(detector, "looks_at_names", False):
                self._listen(detector, detector.see(piece), piece.place)

    def _listen(self, detector: Detector, findings: Iterator[Finding], place: Place | None = None) -> None:
        try:
            for finding in findings:
                self._add(finding)
        except (LimitReached, MemoryError):
            raise
        except Exception as fault:  # A detector that fails has not looked: the file must not pass for clear
            self._miss(place or Place(), f"{type(detector).__name__} failed: {type(fault).__name__}")

    def _add(self, finding: Finding) -> None:
        if self.fold.add(finding) and self.told is not None:
            self.told(finding)

    def _miss(self, place: Place, why: str) -> None:
        if len(self.not_read) < _NOT_READ_KEPT:
            self.not_read[Unread(mask_identifiers(str(place), self.known_ids), why)] = None

    def _say_what_was_not_read(self) -> None:
        if len(self.source) and not self.shown and not self.not_read:
            # Bytes that gave neither text, table nor picture have not been looked into, whatever the opener thought.
            self._miss(Place(), f"nothing came out of it as {self.type}")
        if self.not_read and not any(f.severity >= Severity.REVIEW for f in self.fold.folded()):
            first = next(iter(self.not_read))
            self._add(not_all_read(first.where, first.why, len(self.not_read)))


def not_all_read(where: str, why: str, count: int = 1, severity: Severity = Severity.REVIEW) -> Finding:
    """The finding that keeps a file that was not read whole from being clear."""
    return Finding(
        rule="DC-1",
        kind=Kind.UNREADABLE,
        severity=severity,
        where=where,
        message=Words(da=f"Ikke alt i filen er læst ({why}).", en=f"Not all of the file was read ({why})."),
        advice=Words(
            da="Gem filen igen i en enklere form, eller lad en sagsbehandler se den igennem.",
            en="Save the file again in a simpler form, or have a case officer look through it.",
        ),
        count=count,
    )


def not_allowed(extension: str) -> Finding:
    """The finding of a file whose type is not in Tabel 1 (DC-1)."""
    what = f".{extension}" if extension.isalnum() and len(extension) <= 10 else "?"
    return Finding(
        rule="DC-1",
        kind=Kind.FILE_TYPE,
        severity=Severity.BLOCK,
        where="the file",
        message=Words(
            da=f"Filtypen {what} må ikke hjemtages.",
            en=f"Files of type {what} may not be exported.",
        ),
        advice=Words(
            da="Gem resultatet som en af filtyperne i Tabel 1, f.eks. xlsx, docx, pdf, txt eller png.",
            en="Save the result as one of the types of Tabel 1, e.g. xlsx, docx, pdf, txt or png.",
        ),
    )
