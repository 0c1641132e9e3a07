"""The ethics approval and the wishes it must cover (AP-1, AP-4, G §3.1, §4.1).

Here: one function a property, giving what is wrong. Not here: the other conditions (`conditions`), the table of
properties (`domain/applications`). Where the approval itself is missing, only the property about it says so.
"""

from collections.abc import Iterator

from ngc_pipelines.domain.application_form import Application
from ngc_pipelines.domain.errors import Fault
from ngc_pipelines.domain.facts import metadata_fields

# Fields of these kinds may follow the data into an environment; identifiers and NGC's own bookkeeping never do (EN-5).
_EXHIBITED_EXPOSURES = frozenset({"quasi", "technical"})


def has_ethics_approval(application: Application) -> Iterator[Fault]:
    """The project names its ethics approval (AP-1)."""
    if application.form.ethics_approval is None:
        yield Fault(
            "AP-1",
            "ethics_approval",
            "Projektets videnskabsetiske godkendelse mangler. Tilføj blokken, og læg godkendelsen i mappen.",
            "The project's ethics approval is missing. Add the block and put the approval into the folder.",
        )


def approval_in_force(application: Application) -> Iterator[Fault]:
    """The approval holds on the day of the check (AP-1)."""
    approval = application.form.ethics_approval
    if approval is None:
        return
    if approval.approved_on > application.as_of:
        yield Fault(
            "AP-1",
            "ethics_approval.approved_on",
            "Godkendelsens dato ligger i fremtiden. Ret datoen, eller vent, til godkendelsen gælder.",
            "The approval's date lies in the future. Correct it, or wait until the approval holds.",
        )
    if approval.valid_to is not None and approval.valid_to < application.as_of:
        yield Fault(
            "AP-1",
            "ethics_approval.valid_to",
            "Godkendelsen er udløbet. Send en forlængelse eller en ny godkendelse.",
            "The approval has expired. Send a prolongation or a new approval.",
        )
    if approval.valid_to is not None and approval.valid_to < approval.approved_on:
        yield Fault(
            "AP-1",
            "ethics_approval.valid_to",
            "Godkendelsen slutter, før den begynder. Ret datoerne.",
            "The approval ends before it begins. Correct the dates.",
        )


def persons_covered(application: Application) -> Iterator[Fault]:
    """The approval covers the persons ordered, as far as the form can tell (AP-1)."""
    approval, order = application.form.ethics_approval, application.form.order
    if approval is None:
        return
    covers = approval.covers
    if order.cpr_list is not None and covers.maximum_persons is None:
        yield Fault(
            "AP-1",
            "ethics_approval.covers.persons.maximum",
            "Der bestilles efter CPR-liste, men det fremgår ikke, hvor mange personer godkendelsen dækker. "
            "Skriv antallet.",
            "The order is by CPR list, but it is not said how many persons the approval covers. Write the number.",
        )
    if order.criteria is None:
        return
    if covers.criteria is None:
        yield Fault(
            "AP-1",
            "ethics_approval.covers.persons.criteria",
            "Der bestilles efter metadata-kriterier, men det fremgår ikke, hvilke kriterier godkendelsen dækker.",
            "The order is by metadata criteria, but it is not said which criteria the approval covers.",
        )
        return
    for name in order.criteria.outside(covers.criteria):
        yield Fault(
            "AP-1",
            f"order.criteria.{name}",
            "Bestillingen går videre, end godkendelsen dækker på dette felt. Indskrænk den, eller send en godkendelse, "
            "der dækker den.",
            "The order reaches further than the approval covers by this field. Narrow it, or send an approval that "
            "covers it.",
        )


def fields_covered(application: Application) -> Iterator[Fault]:
    """Every metadata field ordered is named by the approval (AP-1)."""
    approval = application.form.ethics_approval
    if approval is None:
        return
    for place, name in enumerate(application.form.order.fields):
        if name not in approval.covers.fields:
            yield Fault(
                "AP-1",
                f"order.fields[{place}]",
                "Feltet er ikke blandt dem, godkendelsen dækker. Slet det, eller send en godkendelse, der dækker det.",
                "The field is not among those the approval covers. Delete it, or send an approval that covers it.",
            )


def fields_exhibited(application: Application) -> Iterator[Fault]:
    """Every metadata field ordered is one that is exhibited (AP-4, EN-5)."""
    offered = {
        row.code
        for row in metadata_fields()
        if row.exposure in _EXHIBITED_EXPOSURES and not row.status.endswith("ABSENT")
    }
    for place, name in enumerate(application.form.order.fields):
        if name not in offered:
            yield Fault(
                "AP-4",
                f"order.fields[{place}]",
                "Feltet udstilles ikke: det findes ikke i genomdatabasen, eller det identificerer personer. "
                f"Felterne er: {', '.join(sorted(offered))}.",
                "The field is not exhibited: the genome database does not hold it, or it identifies persons. "
                f"The fields are: {', '.join(sorted(offered))}.",
            )


def wishes_covered(application: Application) -> Iterator[Fault]:
    """Wishes on the level of persons are covered by the approval (AP-1)."""
    form = application.form
    if form.ethics_approval is None:
        return
    covers = form.ethics_approval.covers
    if form.order.cpr_numbers and not covers.cpr_numbers:
        yield Fault(
            "AP-1",
            "order.cpr_numbers",
            "Der ønskes CPR-numre, men godkendelsen dækker dem ikke. Udelad dem, eller send en godkendelse, der dækker "
            "dem.",
            "CPR numbers are wanted, but the approval does not cover them. Leave them out, or send an approval that "
            "covers them.",
        )
    if form.wants_individual_level_export and not covers.individual_level_export:
        yield Fault(
            "AP-1",
            "exports",
            "Der ønskes hjemtagelse på individniveau, men godkendelsen dækker den ikke. Udelad den, eller send en "
            "godkendelse, der dækker den.",
            "Individual-level export is wanted, but the approval does not cover it. Leave it out, or send an approval "
            "that covers it.",
        )


def wishes_argued(application: Application) -> Iterator[Fault]:
    """Wishes on the level of persons have an argument and an approval of their own (AP-4)."""
    form = application.form
    if form.order.cpr_numbers and form.cpr_numbers_wish is None:
        yield Fault(
            "AP-4",
            "individual_level.cpr_numbers",
            "Ønsket om CPR-numre skal begrundes og have sin egen godkendelse (argument, approval_number, document).",
            "The wish for CPR numbers needs an argument and an approval of its own (argument, approval_number, "
            "document).",
        )
    if form.wants_individual_level_export and form.individual_export_wish is None:
        yield Fault(
            "AP-4",
            "individual_level.export",
            "Hjemtagelse på individniveau skal begrundes og have sin egen godkendelse (argument, approval_number, "
            "document).",
            "Individual-level export needs an argument and an approval of its own (argument, approval_number, "
            "document).",
        )
    for place, wish in enumerate(form.exports):
        if wish.kind == "individual_level_data" and not wish.individual_level:
            yield Fault(
                "AP-4",
                f"exports[{place}].individual_level",
                "Resultater af denne slags er på individniveau. Skriv individual_level: true, eller vælg en anden "
                "slags.",
                "Results of this kind are individual-level. Write individual_level: true, or choose another kind.",
            )
