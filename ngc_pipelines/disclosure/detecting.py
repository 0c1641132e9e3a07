"""What a detector is, what it is told, and which there are.

Detectors see every piece of one file and yield findings; they open nothing.
Each room exports one class; it is imported when the first file is judged.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from ngc_pipelines.disclosure.findings import Finding
from ngc_pipelines.disclosure.pieces import Piece
from ngc_pipelines.disclosure.policy import Policy

if TYPE_CHECKING:
    from ngc_pipelines.disclosure.identifiers.known import KnownIdentifiers

_ROOMS = "ngc_pipelines.disclosure"

DETECTORS: tuple[str, ...] = (
    f"{_ROOMS}.identifiers.detector:IdentifierDetector",
    f"{_ROOMS}.raw_data.detector:RawDataDetector",
    f"{_ROOMS}.figures.detector:FigureDetector",
    f"{_ROOMS}.rows.detector:RowDetector",
    f"{_ROOMS}.tables.detector:TableDetector",
)
"""Every detector there is, as `module:class`; each one named must exist."""


@dataclass(frozen=True, slots=True)
class DetectorContext:
    """What the detectors of one file are told.

    Args:
        policy: the rules in force.
        as_of: the day of the judgement; birth dates after it are no birth dates.
        known_ids: identifiers of the project's persons, or None where none were given.
        name: the file's own name.
        extension: of the file, lower case, without its dot.
    """

    policy: Policy
    as_of: date
    known_ids: KnownIdentifiers | None = None
    name: str = ""
    extension: str = ""


@runtime_checkable
class Carrier(Protocol):
    """A detector that hands on what the audit of the whole folder needs."""

    def carried(self) -> list[dict[str, Any]]:
        """The file's tables as plain data, when the file has been read."""
        ...


class Detector(Protocol):
    """Sees all pieces of one file in order, then its end.

    A detector whose class says `looks_at_names = True` is also shown the names
    of files, sheets and members, as texts of their own.
    """

    def __init__(self, context: DetectorContext) -> None: ...

    def see(self, piece: Piece) -> Iterator[Finding]:
        """Findings of one piece, as soon as they are certain."""
        ...

    def end(self) -> Iterator[Finding]:
        """Findings that need the whole file."""
        ...


def make_detectors(context: DetectorContext) -> tuple[Detector, ...]:
    """One fresh detector of each kind, for one file."""
    made: list[Detector] = []
    for target in DETECTORS:
        module, _, name = target.partition(":")
        kind: type[Detector] = getattr(importlib.import_module(module), name)
        made.append(kind(context))
    return tuple(made)
