"""What a case officer reads on an asset's page: where the case stands, why, who is to act, and how to decide.

Here: Dagster's metadata from a case in words. Not here: the words (`register/standing_text`). Whatever came from
outside (reasons, acronyms) is shown as plain text; Markdown is ours alone.
"""

from collections.abc import Mapping

import dagster as dg

from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.domain.exhibition_flow import On
from ngc_pipelines.domain.workflow import ACTOR_DA
from ngc_pipelines.flows.site import Site
from ngc_pipelines.register.decisions import ABOUT_THE_COHORT, Answer
from ngc_pipelines.register.standing_text import Described, describe

_LONGEST = 4_000
# The launchpad's enums take no hyphen, and `return` is a word of Python's own.
IN_LAUNCHPAD = {
    answer: "return_case" if answer is Answer.RETURN else answer.value.replace("-", "_") for answer in Answer
}
_CARRIES_ON = (Answer.GO_ON, Answer.MEETING_HELD, Answer.RESUME, Answer.WITHHOLD_COUNTS)


def plain(text: str) -> dg.TextMetadataValue:
    """Show text from outside: no markup, one paragraph, bounded."""
    return dg.MetadataValue.text(shown(text))


def shown(text: str) -> str:
    """Give text from outside as one bounded line of printable characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:_LONGEST]


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
        "sådan afgøres sagen / how to decide": dg.MetadataValue.md(how_to_decide(told)),
    }


def counts(values: Mapping[str, object]) -> dict[str, dg.MetadataValue]:
    """Show counts as they were told to the applicant: small ones are hidden already."""
    return {name: plain(str(value)) for name, value in values.items()}


def how_to_decide(told: Described) -> str:
    """Word, in Markdown, which decisions are possible and what to type for the one that carries the case on."""
    if told.state.name == On.LIST_LOCKED:
        unlock = f'`ngc decide {told.case} unlock-list --password-file FIL --why "…"`'
        return f"CPR-listen åbnes kun i en terminal / the CPR list is unlocked in a terminal only: {unlock}"
    if not told.answers:
        return "Ingen afgørelse er mulig nu. / No decision is possible now."
    # The example is the answer that carries the case on, where there is one.
    first = next((answer for answer in _CARRIES_ON if answer in told.answers), told.answers[0])
    fields = [
        f"answer: {IN_LAUNCHPAD[Answer(first)]}",
        'decided_by: "<initialer / initials>"',
        'why: "<begrundelse / reason>"',
    ]
    command = f'ngc decide {told.case} {first} --why "…"'
    if told.judged and first in ABOUT_THE_COHORT:
        fields.append(f"judged: {told.judged}")
        # On a line of its own: a line of this length makes the page wider than a screen.
        command += f" \\\n  --judged {told.judged}"
    if first == Answer.MEETING_HELD:
        fields += ['meeting_held_on: "<ÅÅÅÅ-MM-DD>"', "tools: []"]
        command += " --held-on <ÅÅÅÅ-MM-DD>"
    answers = ", ".join(f"`{IN_LAUNCHPAD[Answer(answer)]}`" for answer in told.answers)
    config = "".join(f"      {field}\n" for field in fields)
    return (
        f"Mulige afgørelser / possible decisions: {answers}\n\n"
        f"Åbn **exhibition_decision**, tryk *Materialize…*, vælg {told.case} i feltet *Partition*, og skriv / open "
        "exhibition_decision, press *Materialize…*, choose the case in the field *Partition*, and write\n\n"
        f"```yaml\nops:\n  exhibition_decision:\n    config:\n{config}```\n\n"
        f"eller i en terminal / or in a terminal\n\n```\n{command}\n```"
    )
