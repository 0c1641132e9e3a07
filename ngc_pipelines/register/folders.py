"""From the folders that are handed in to what has to be done about them. Pure.

Not here: listing the folders (`adapters/intake`) and opening cases (`register/register`, called from `defs/intake`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.domain.exhibition_flow import On
from ngc_pipelines.register.register import CaseLine


class Folder(Protocol):
    """A handed-in folder, as far as it matters here."""

    @property
    def folder(self) -> str: ...

    @property
    def fingerprint(self) -> str: ...


@dataclass(frozen=True, slots=True)
class NewCase:
    """A folder for which a case is to be opened."""

    folder: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class TakenUpAgain:
    """A returned case whose folder has changed."""

    case: CaseId
    folder: str
    fingerprint: str


def what_came_in(
    folders: Iterable[Folder], latest: Mapping[str, CaseLine], most: int
) -> tuple[NewCase | TakenUpAgain, ...]:
    """Say which folders are new and which returned ones have changed, at most `most` of them.

    latest: the newest case of each folder that has one. A folder that changes while its case is at work is left alone:
    what was checked is what counts, and the acting assets see that it is no longer that. A folder whose last case is
    closed opens a new one when it changes.
    """
    came: list[NewCase | TakenUpAgain] = []
    for folder in folders:
        if len(came) == most:
            break
        line = latest.get(folder.folder)
        if line is None or (line.closed is not None and line.fingerprint != folder.fingerprint):
            came.append(NewCase(folder.folder, folder.fingerprint))
        elif line.state == On.RETURNED and line.fingerprint != folder.fingerprint:
            came.append(TakenUpAgain(line.case, folder.folder, folder.fingerprint))
    return tuple(came)
