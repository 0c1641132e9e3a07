"""What a case officer reads on an asset's page: where the case stands, why, who is to act, and how to decide.

Here: Dagster's metadata from a case in words. Not here: the words (`register/standing_text`). Whatever came from
outside (reasons, acronyms) is shown as plain text; Markdown is ours alone.
"""

from collections.abc import Mapping

import dagster as dg

from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.domain.workflow import ACTOR_DA
from ngc_pipelines.flows.site import Site
from ngc_pipelines.register.standing_text import Described, describe

_LONGEST = 4_000


def plain(text: str) -> dg.TextMetadataValue:
    """Show text from outside: no markup, one paragraph, bounded."""
    return dg.MetadataValue.text(" ".join("".join(c if c.isprintable() else " " for c in text).split())[:_LONGEST])


def case_metadata(site: Site, case: CaseId) -> dict[str, dg.MetadataValue]:
    """Tell where a case stands now."""
    told = describe(site.register, case, site.today())
    state = told.state
    due = f"{told.due}" if told.due else "–"
    overdue = " (OVERSKREDET / OVERDUE)" if told.overdue else ""
    return {
        "sag / case": plain(f"{case} {told.title}"),
        "status": plain(f"{state.da} / {state.en}"),
        "hvorfor": plain(told.why_da),
        "why": plain(told.why_en),
        "hvem handler / who acts": plain(f"{ACTOR_DA[state.actor]} / {state.actor.value}"),
        "frist / due": plain(due + overdue),
        "sådan afgøres sagen / how to decide": dg.MetadataValue.md(_how(told)),
    }


def counts(values: Mapping[str, object]) -> dict[str, dg.MetadataValue]:
    """Show counts as they were told to the applicant: small ones are hidden already."""
    return {name: plain(str(value)) for name, value in values.items()}


def _how(told: Described) -> str:
    if not told.answers:
        return "Ingen afgørelse er mulig nu. / No decision is possible now."
    digest = f"\n        judged: {told.judged}" if told.judged else ""
    answers = ", ".join(f"`{answer}`" for answer in told.answers)
    return (
        f"Mulige afgørelser / possible decisions: {answers}\n\n"
        "I launchpad: vælg asset **exhibition_decision**, denne sag som partition, *Materialize* → *Launchpad*, og "
        "udfyld / in the launchpad: choose the asset, this case as partition, and fill in\n\n"
        "```yaml\nops:\n  exhibition_decision:\n    config:\n"
        f'      answer: {told.answers[0].replace("-", "_")}\n      decided_by: "<initialer / initials>"\n'
        f'      why: "<begrundelse / reason>"{digest.replace("        judged", "      judged")}\n```\n\n'
        f'eller / or: `ngc decide {told.case} {told.answers[0]} --why "…"'
        + (f" --judged {told.judged}`" if told.judged else "`")
    )
