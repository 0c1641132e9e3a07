"""The conditions beside the ethics approval: AP-2, AP-3, AP-5, EN-3, and the documents (G §3.2–3.4, §4.8, §4.9).

Here: one function a property, giving what is wrong. Not here: the ethics approval (`approval`), the table of
properties (`domain/applications`).
"""

from collections.abc import Iterator

from ngc_pipelines.domain.application_form import Application
from ngc_pipelines.domain.errors import Fault
from ngc_pipelines.domain.facts import authorities


def institution_authorised(application: Application) -> Iterator[Fault]:
    """The institution holds an authorisation in force (AP-2, G §3.3)."""
    held = application.form.institution.authorisation
    if held is None:
        yield Fault(
            "AP-2",
            "institution.authorisation",
            "Institutionens autorisation mangler (Danmarks Statistik, Sundhedsdatastyrelsen eller NGC). Har den ingen, "
            "skal den autoriseres hos NGC først.",
            "The institution's authorisation is missing (Statistics Denmark, the Danish Health Data Authority or NGC). "
            "If it has none, it must be authorised at NGC first.",
        )
        return
    if held.authority not in {authority.code for authority in authorities(held.valid_from)}:
        yield Fault(
            "AP-2",
            "institution.authorisation.authority",
            "Myndigheden autoriserede ikke på den dato, autorisationen gælder fra. Ret myndighed eller dato.",
            "The authority did not authorise on the date the authorisation holds from. Correct the authority or date.",
        )
    if held.valid_from > application.as_of or (held.valid_to is not None and held.valid_to < application.as_of):
        yield Fault(
            "AP-2",
            "institution.authorisation.valid_to" if held.valid_to else "institution.authorisation.valid_from",
            "Autorisationen gælder ikke i dag. Send en, der gør.",
            "The authorisation does not hold today. Send one that does.",
        )


def agreement_in_place(application: Application) -> Iterator[Fault]:
    """There is an agreement on NGC infrastructure, or a new one with its fee (AP-3, G §3.2, §4.9)."""
    agreement = application.form.agreement
    if agreement is None:
        yield Fault(
            "AP-3",
            "agreement",
            "Aftalen om NGC's infrastruktur mangler. Henvis til den, I har, eller vedlæg en ny.",
            "The agreement on NGC's infrastructure is missing. Refer to the one you have, or attach a new one.",
        )
    elif agreement.existing and agreement.reference is None:
        yield Fault(
            "AP-3",
            "agreement.reference",
            "Aftalens referencenummer mangler.",
            "The agreement's reference number is missing.",
        )
    elif not agreement.existing:
        if agreement.document is None:
            yield Fault(
                "AP-3",
                "agreement.document",
                "Den nye aftale skal være vedlagt med underskrift.",
                "The new agreement must be attached with its signature.",
            )
        if not agreement.accepts_fee:
            yield Fault(
                "AP-3",
                "agreement.accepts_fee",
                "En ny aftale koster et administrationsgebyr på 5.000 kr. Skriv accepts_fee: true.",
                "A new agreement costs an administration fee of 5,000 DKK. Write accepts_fee: true.",
            )


def processing_agreed(application: Application) -> Iterator[Fault]:
    """There is a data-processing agreement (AP-3, G §3.4)."""
    agreement = application.form.agreement
    if agreement is None:
        return
    # An agreement that was there already has its data-processing agreement as a part of it (G §3.4).
    if not agreement.existing and agreement.data_processing_agreement is None:
        yield Fault(
            "AP-3",
            "agreement.data_processing_agreement",
            "Databehandleraftalen mangler. Projektet bliver dataansvarligt, og NGC databehandler.",
            "The data-processing agreement is missing. The project becomes controller and NGC processor.",
        )
    if agreement.data_processing_signed_on and agreement.data_processing_signed_on > application.as_of:
        yield Fault(
            "AP-3",
            "agreement.data_processing_agreement.signed_on",
            "Databehandleraftalen er dateret i fremtiden.",
            "The data-processing agreement is dated in the future.",
        )


def personalised_medicine(application: Application) -> Iterator[Fault]:
    """The research is in personalised medicine (AP-5, G §3.2)."""
    if not application.form.personalised_medicine:
        yield Fault(
            "AP-5",
            "project.personalised_medicine",
            "Data udstilles kun til forskning i personlig medicin.",
            "Data are exhibited for research in personalised medicine only.",
        )


def danish_research_institution(application: Application) -> Iterator[Fault]:
    """The project belongs to a Danish research institution (AP-5, G §3.2, §3.3)."""
    institution = application.form.institution
    if institution.country != "DK":
        yield Fault(
            "AP-5",
            "institution.country",
            "Projektet skal være tilknyttet en dansk forskningsinstitution. Søg gennem den danske samarbejdspartner.",
            "The project must belong to a Danish research institution. Apply through the Danish partner.",
        )
    if not institution.research_institution:
        yield Fault(
            "AP-5",
            "institution.research_institution",
            "Institutionen skal være en forskningsinstitution.",
            "The institution must be a research institution.",
        )


def investigator_named(application: Application) -> Iterator[Fault]:
    """The principal investigator is named (EN-3, G §4.8)."""
    if application.form.principal_investigator is None:
        yield Fault(
            "EN-3",
            "principal_investigator",
            "Den projektansvarlige (PI) mangler. Skriv navn og mailadresse.",
            "The principal investigator (PI) is missing. Write name and mail address.",
        )


def users_approved(application: Application) -> Iterator[Fault]:
    """Users are named, each has or gets an HPC user, and the PI has approved each (EN-3, G §4.8)."""
    users = application.form.users
    if not users:
        yield Fault(
            "EN-3",
            "users",
            "Der er ingen brugere. Skriv mindst én, som den projektansvarlige har godkendt.",
            "There are no users. Write at least one whom the principal investigator has approved.",
        )
    seen: set[str] = set()
    for place, user in enumerate(users):
        if user.hpc_user is None and user.user_form is None:
            yield Fault(
                "EN-3",
                f"users[{place}]",
                "Brugeren har intet HPC-brugernavn. Skriv det, eller vedlæg en underskrevet brugerblanket (user_form).",
                "The user has no HPC user name. Write it, or attach a signed user form (user_form).",
            )
        if user.hpc_user is not None and user.hpc_user in seen:
            yield Fault(
                "EN-3",
                f"users[{place}].hpc_user",
                "HPC-brugernavnet står også på en tidligere bruger. Hver bruger har sit eget.",
                "The HPC user name stands with an earlier user too. Every user has one of their own.",
            )
        seen.add(user.hpc_user or "")
        if user.approved_on is None or user.approved_on > application.as_of:
            yield Fault(
                "EN-3",
                f"users[{place}].approved_on",
                "Den projektansvarlige har ikke godkendt brugeren. Skriv datoen for godkendelsen (ikke i fremtiden).",
                "The principal investigator has not approved the user. Write the date of approval (not in the future).",
            )


def documents_attached(application: Application) -> Iterator[Fault]:
    """Every file that the form names lies in the folder and is not empty."""
    for place, name in application.form.named_documents():
        size = application.files.get(name)
        if size is None:
            yield Fault(
                "AP-4",
                place,
                "Filen ligger ikke i mappen. Læg den der, eller ret navnet (store og små bogstaver tæller).",
                "The file is not in the folder. Put it there or correct the name (capitals count).",
            )
        elif size == 0:
            yield Fault("AP-4", place, "Filen er tom. Send den igen.", "The file is empty. Send it again.")


def documents_unchanged(application: Application) -> Iterator[Fault]:
    """Every file whose SHA-256 the sender gave is that file; one that was not read is not taken to be."""
    for place, document in enumerate(application.form.documents):
        # Missing and empty files are told by `documents_attached`.
        if document.sha256 is None or not application.files.get(document.file):
            continue
        if application.digests.get(document.file) != document.sha256:
            yield Fault(
                "AP-4",
                f"documents[{place}].sha256",
                "Filen er ikke den, kontrolsummen er regnet af. Send filen igen, eller regn kontrolsummen om.",
                "The file is not the one its checksum was made of. Send the file again or make the checksum anew.",
            )
