"""Taking up handed-in folders: opening cases, and taking up returned ones again.

Here: doing what `register/folders` planned. Not here: the plan, and requesting runs (`defs/exhibition_sensors`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ngc_pipelines.adapters.intake import HandedIn
from ngc_pipelines.domain.cases import CaseId, Flow
from ngc_pipelines.domain.errors import Refused
from ngc_pipelines.domain.exhibition_flow import Did, On
from ngc_pipelines.flows.site import Site
from ngc_pipelines.register.folders import NewCase, TakenUpAgain, what_came_in
from ngc_pipelines.register.register import SYSTEM, Entry

# Four answers of the store, some hundred folders: what a tick costs does not grow with what was ever handed in.
KEYS_OF_A_TICK = 4_000


@dataclass(frozen=True, slots=True)
class TakenUp:
    """What came in. cases: opened or taken up again. here: the case of the last folder looked at; None at the end."""

    cases: tuple[CaseId, ...]
    here: CaseId | None


def take_up(site: Site, flow: Flow, most: int, *, after: CaseId | None = None, keys: int | None = None) -> TakenUp:
    """Open cases for new folders and take up changed ones, at most `most`, in one part of the intake area.

    after: the case with whose folder the last part ended; None, or one that nobody knows, begins at the first folder.
    keys: how many files a part has, or some more; `KEYS_OF_A_TICK` when left out.
    The case is no more than a place to go on from: whoever goes round and round comes to every folder, wherever it
    sorts, and what was taken up is known from the register.
    Two ticks at once take up each folder once. Raises Unavailable where the intake or the register cannot be read.
    """
    part = site.intake.part(flow, after=_folder_of(site, flow, after), keys=keys or KEYS_OF_A_TICK)
    latest = site.register.latest_by_folder(flow, [folder.folder for folder in part.folders])
    arrivals = what_came_in(part.folders, latest, most)
    came = [case for arrival in arrivals if (case := _taken_up(site, flow, arrival)) is not None]
    if part.is_last and len(arrivals) < most:
        return TakenUp(tuple(came), None)
    # Where there was more than could be done at once, the same part again: what was done is known by then.
    return TakenUp(tuple(came), after if len(arrivals) == most else _last_case(site, flow, part.folders))


def _taken_up(site: Site, flow: Flow, arrival: NewCase | TakenUpAgain) -> CaseId | None:
    if isinstance(arrival, NewCase):
        return site.register.open_case(flow, arrival.folder, arrival.fingerprint, site.now())
    standing = site.register.standing(arrival.case)
    if standing.state.name != On.RETURNED or standing.fingerprint == arrival.fingerprint:
        return None
    entry = Entry(Did.HANDED_IN_AGAIN, SYSTEM, {"fingerprint": arrival.fingerprint}, number=standing.number)
    site.register.record(arrival.case, entry, site.now())
    return arrival.case


def _folder_of(site: Site, flow: Flow, case: CaseId | None) -> str | None:
    if case is None or case.prefix != flow.value:
        return None
    try:
        return site.register.standing(case).folder
    except Refused:
        return None  # a register that was set up anew: from the beginning


def _last_case(site: Site, flow: Flow, folders: Sequence[HandedIn]) -> CaseId | None:
    latest = site.register.latest_by_folder(flow, [folder.folder for folder in folders[-1:]])
    return next((line.case for line in latest.values()), None)
