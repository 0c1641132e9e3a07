"""Whether an application may be met: AP-1 to AP-5 and EN-3, one function a property (G §3, §4.1, §4.8).

Here: the properties as a table, each named by the sentence that is true when it holds. Not here: the rules themselves
(`domain/application_rules`), reading the form (`domain/application_form`), the CPR list (`domain/cpr_list`), what the
case does next.

A property that rests on a part that is missing says nothing: the property about that part says it once.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from ngc_pipelines.domain.application_form import Application, ApplicationForm
from ngc_pipelines.domain.application_rules import approval, conditions
from ngc_pipelines.domain.errors import Fault, Refused


@dataclass(frozen=True, slots=True)
class Property:
    """One thing that must be true of an application.

    name: the sentence, as an asset check is named. rule: requirement. da, en: the sentence in words.
    check: gives what is wrong, nothing where it holds.
    """

    name: str
    rule: str
    da: str
    en: str
    check: Callable[[Application], Iterator[Fault]]


def digests_wanted(form: ApplicationForm) -> frozenset[str]:
    """Give the files whose SHA-256 the sender gave, and which therefore have to be read before the check."""
    return frozenset(document.file for document in form.documents if document.sha256)


def check_application(application: Application) -> Mapping[str, tuple[Fault, ...]]:
    """Hold an application against every property; gives the faults by the property's name, none where it holds."""
    return {entry.name: tuple(entry.check(application)) for entry in PROPERTIES}


def refuse_if_faulty(application: Application) -> None:
    """Raise Refused with every fault of every property; what the acting asset asks, whatever the checks showed."""
    faults = [fault for found in check_application(application).values() for fault in found]
    if faults:
        raise Refused(faults, tried="The application was checked")


def persons_within_approval(form: ApplicationForm, persons: int) -> tuple[Fault, ...]:
    """Tell whether the number of persons asked for is approved; asked again once the cohort is counted (AP-1).

    persons: distinct CPR numbers asked for. The number itself is not told: it may be a small one.
    """
    most = form.ethics_approval.covers.maximum_persons if form.ethics_approval else None
    if most is None or persons <= most:
        return ()
    return (
        Fault(
            "AP-1",
            "order",
            f"Bestillingen omfatter flere personer, end godkendelsen dækker ({most}). Bestil "
            "færre, eller send en godkendelse, der dækker dem.",
            f"The order takes in more persons than the approval covers ({most}). Order fewer "
            "or send an approval that covers them.",
        ),
    )


PROPERTIES: tuple[Property, ...] = (
    Property(
        "project_has_an_ethics_approval",
        "AP-1",
        "Projektet har en videnskabsetisk godkendelse",
        "The project has an ethics approval",
        approval.has_ethics_approval,
    ),
    Property(
        "ethics_approval_is_in_force",
        "AP-1",
        "Godkendelsen gælder i dag",
        "The ethics approval is in force",
        approval.approval_in_force,
    ),
    Property(
        "ordered_persons_are_approved",
        "AP-1",
        "Godkendelsen dækker de bestilte personer",
        "The approval covers the persons ordered",
        approval.persons_covered,
    ),
    Property(
        "ordered_fields_are_approved",
        "AP-1",
        "Godkendelsen dækker de bestilte metadatafelter",
        "The approval covers the metadata fields ordered",
        approval.fields_covered,
    ),
    Property(
        "ordered_fields_can_be_exhibited",
        "AP-4",
        "De bestilte metadatafelter kan udstilles",
        "The metadata fields ordered can be exhibited",
        approval.fields_exhibited,
    ),
    Property(
        "individual_level_wishes_are_approved",
        "AP-1",
        "Ønsker på individniveau er dækket af godkendelsen",
        "Wishes on the level of persons are covered by the approval",
        approval.wishes_covered,
    ),
    Property(
        "individual_level_wishes_are_argued",
        "AP-4",
        "Ønsker på individniveau er begrundet og særskilt godkendt",
        "Wishes on the level of persons are argued and approved on their own",
        approval.wishes_argued,
    ),
    Property(
        "institution_is_authorised",
        "AP-2",
        "Institutionen er autoriseret",
        "The institution is authorised",
        conditions.institution_authorised,
    ),
    Property(
        "agreement_is_in_place",
        "AP-3",
        "Der er en aftale om NGC's infrastruktur",
        "There is an agreement on NGC infrastructure",
        conditions.agreement_in_place,
    ),
    Property(
        "data_processing_agreement_is_in_place",
        "AP-3",
        "Der er en databehandleraftale",
        "There is a data-processing agreement",
        conditions.processing_agreed,
    ),
    Property(
        "research_is_in_personalised_medicine",
        "AP-5",
        "Forskningen er i personlig medicin",
        "The research is in personalised medicine",
        conditions.personalised_medicine,
    ),
    Property(
        "institution_is_a_danish_research_institution",
        "AP-5",
        "Institutionen er en dansk forskningsinstitution",
        "The institution is a Danish research institution",
        conditions.danish_research_institution,
    ),
    Property(
        "principal_investigator_is_named",
        "EN-3",
        "Den projektansvarlige er navngivet",
        "The principal investigator is named",
        conditions.investigator_named,
    ),
    Property(
        "users_are_named_and_approved",
        "EN-3",
        "Brugerne er navngivet og godkendt af den projektansvarlige",
        "Users are named and approved by the principal investigator",
        conditions.users_approved,
    ),
    Property(
        "named_documents_are_attached",
        "AP-4",
        "De dokumenter, formularen nævner, er vedlagt",
        "The documents that the form names are attached",
        conditions.documents_attached,
    ),
    Property(
        "documents_match_their_checksums",
        "AP-4",
        "Dokumenterne passer med deres kontrolsummer",
        "The documents match their checksums",
        conditions.documents_unchanged,
    ),
)
