"""Recording a person's decision with the letters that belong to it: what the launchpad and `ngc decide` both call."""

from datetime import date

from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.domain.errors import Fault, Refused
from ngc_pipelines.flows.site import Site
from ngc_pipelines.register.decisions import Decision, decide
from ngc_pipelines.register.fold import Standing


def decide_and_tell(site: Site, case: CaseId, decision: Decision, *, run: str | None = None) -> Standing:
    """Record a decision and write its letters in the same transaction; raises Refused as `decide` does.

    run: the Dagster run that it was typed into, if any.
    """
    now = site.now()

    return decide(
        site.register,
        case,
        decision,
        now,
        run=run,
        letters=lambda standing, taken: site.correspondence.decided(standing, taken, now),
    )


def parse_day(text: str) -> date:
    """Read a date that somebody typed; raises Refused where it is none."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Refused(
            [Fault("EN-2", "meeting date", "Skriv datoen som ÅÅÅÅ-MM-DD.", "Write the date as YYYY-MM-DD.")],
            tried="A date was read",
        ) from None
