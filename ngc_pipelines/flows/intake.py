"""Taking up handed-in folders: opening cases, and taking up returned ones again.

Here: doing what `register/folders` planned. Not here: the plan, and requesting runs (`defs/exhibition_sensors`).
"""

from ngc_pipelines.domain.cases import CaseId, Flow
from ngc_pipelines.domain.exhibition_flow import Did, On
from ngc_pipelines.flows.site import Site
from ngc_pipelines.register.folders import NewCase, what_came_in
from ngc_pipelines.register.register import SYSTEM, Entry


def take_up(site: Site, flow: Flow, most: int) -> tuple[CaseId, ...]:
    """Open cases for new folders and take up changed ones, at most `most`; gives the cases that came in.

    Two ticks at once take up each folder once. Raises Unavailable where the intake or the register cannot be read.
    """
    folders = site.intake.handed_in(flow)
    latest = site.register.latest_by_folder(flow, [folder.folder for folder in folders])
    came: list[CaseId] = []
    for arrival in what_came_in(folders, latest, most):
        if isinstance(arrival, NewCase):
            case = site.register.open_case(flow, arrival.folder, arrival.fingerprint, site.now())
            if case is not None:
                came.append(case)
        else:
            standing = site.register.standing(arrival.case)
            if standing.state.name != On.RETURNED or standing.fingerprint == arrival.fingerprint:
                continue
            entry = Entry(Did.HANDED_IN_AGAIN, SYSTEM, {"fingerprint": arrival.fingerprint}, number=standing.number)
            site.register.record(arrival.case, entry, site.now())
            came.append(arrival.case)
    return tuple(came)
