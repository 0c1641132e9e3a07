"""Environments after they were opened: held against their snapshots, and what a month of them costs (EN-4, EN-6).

Not here: how drift is found (`adapters/provisioning`) and what things cost (`domain/costs`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ngc_pipelines.adapters.environments.usage import month_of_environments
from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.domain.costs import CostLine
from ngc_pipelines.domain.environments import Drift
from ngc_pipelines.domain.errors import NgcError
from ngc_pipelines.domain.exhibition_flow import EXHIBITION, Did, On
from ngc_pipelines.flows.provisioning import drift_of
from ngc_pipelines.flows.site import Site
from ngc_pipelines.register.register import COPENHAGEN


@dataclass(frozen=True, slots=True)
class Verified:
    """A round over every environment. drift: by case, sound ones left out. unread: why a case could not be verified.

    closed: environments of cases that ended without an exhibition, which were open and are closed now.
    """

    environments: int
    drift: Mapping[CaseId, tuple[Drift, ...]]
    unread: Mapping[CaseId, str]
    closed: tuple[CaseId, ...]

    @property
    def sound(self) -> bool:
        """Whether every environment could be read and is what its snapshot says."""
        return not self.drift and not self.unread


def verify_all(site: Site, *, deep: bool = False) -> Verified:
    """Hold every environment against its snapshot; deep: read every byte. One that cannot be read is not sound."""
    drift: dict[CaseId, tuple[Drift, ...]] = {}
    unread: dict[CaseId, str] = {}
    lines = site.register.cases_in(EXHIBITION.flow, On.EXHIBITED)
    for line in lines:
        try:
            found = drift_of(site, line.case, deep=deep)
        except NgcError as error:
            unread[line.case] = str(error)
        else:
            if found:
                drift[line.case] = found
    return Verified(len(lines), drift, unread, close_abandoned(site))


def close_abandoned(site: Site) -> tuple[CaseId, ...]:
    """Close environments of cases that were withdrawn or rejected while they were provisioned; gives which.

    A worker killed between opening an environment and recording it, and a person who then withdraws the case, would
    otherwise leave an open environment behind.
    """
    closed = []
    for state in (On.WITHDRAWN, On.REJECTED):
        for line in site.register.cases_in(EXHIBITION.flow, state):
            if Did.MEETING_HELD not in site.register.standing(line.case).facts:
                continue
            name = line.case.value.lower()
            environments = site.provisioner.environments
            if environments.exists(name) and environments.admitted(name):
                environments.close(name)
                closed.append(line.case)
    return tuple(closed)


def month_of_costs(site: Site, year: int, month: int) -> tuple[CostLine, ...]:
    """Give the month's lines of every environment; raises where a use cannot be read, rather than bill nothing.

    The fee stands in the month in which the environment was opened: by the day of the application it could fall into a
    month that was billed before there was an environment, and would never be asked for.
    """
    environments: list[tuple[CaseId, date | None]] = []
    for line in site.register.cases_in(EXHIBITION.flow, On.EXHIBITED):
        standing = site.register.standing(line.case)
        opened_on = standing.since.astimezone(COPENHAGEN).date()
        environments.append((line.case, None if standing.value(Did.ACCEPTED, "agreement_existed") else opened_on))
    return month_of_environments(site.settings, environments, year, month)
