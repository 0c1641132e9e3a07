"""Time limits, done: reminding, closing what has lapsed, telling the case officers what is overdue.

Not here: what is due (`register/deadlines`) and the words (`domain/letters`). Doing it twice a day does it once: a
reminder that was sent moves the next one, and an overdue case is told about again only after its limit once more.
"""

from dataclasses import dataclass, field

from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.domain.errors import NgcError
from ngc_pipelines.domain.exhibition_flow import WORKFLOWS, Did
from ngc_pipelines.flows.site import Site
from ngc_pipelines.register.deadlines import Action, Due, what_is_due
from ngc_pipelines.register.register import SYSTEM, Entry


@dataclass(slots=True)
class Kept:
    """What a round did: cases by what was done, and what could not be done."""

    reminded: list[CaseId] = field(default_factory=list)
    lapsed: list[CaseId] = field(default_factory=list)
    overdue: list[CaseId] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)


def keep_deadlines(site: Site) -> Kept:
    """Do what time limits ask for today; one case's trouble does not hold up the others."""
    today = site.today()
    kept = Kept()
    for action in what_is_due(site.register.due_cases(today), WORKFLOWS, today):
        try:
            _keep(site, action, kept)
        except NgcError as error:
            kept.troubles.append(f"{action.line.case}: {error}")
    return kept


def _keep(site: Site, action: Action, kept: Kept) -> None:
    case = action.line.case
    standing = site.register.standing(case)
    if action.due is Due.LAPSE:
        entry = Entry(Did.LAPSED, SYSTEM, {}, site.correspondence.lapsed(standing), number=standing.number)
        done = kept.lapsed
    elif action.due is Due.ESCALATE:
        entry = Entry(Did.OVERDUE, SYSTEM, {}, site.correspondence.overdue(standing), number=standing.number)
        done = kept.overdue
    else:
        due = action.line.due_on or site.today()
        entry = Entry(Did.REMINDED, SYSTEM, {}, site.correspondence.reminder(standing, due), number=standing.number)
        done = kept.reminded
    site.register.record(case, entry, site.now())
    done.append(case)
