"""The step `application`: is the application complete, and may it be met (AP-1 to AP-5, CO-1)?

Here: reading the folder, holding it against every rule at once, and recording the outcome with one letter. Not here:
the rules (`domain/applications`, `domain/cpr_list`) or the letter's words (`domain/letters`).
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ngc_pipelines.adapters.intake import HandedIn, IntakeArea
from ngc_pipelines.domain.application_form import Application, ApplicationForm, parse_application
from ngc_pipelines.domain.applications import (
    PROPERTIES,
    check_application,
    persons_within_approval,
)
from ngc_pipelines.domain.cpr_list import CprListResult, PasswordNeededError, check_cpr_list
from ngc_pipelines.domain.errors import Fault, Refused
from ngc_pipelines.domain.exhibition_flow import Did
from ngc_pipelines.domain.submissions import MAX_BYTES, SUBMISSION_FILE
from ngc_pipelines.flows.site import Site
from ngc_pipelines.register.fold import Standing
from ngc_pipelines.register.steps import Step

_BLOCK = 1024 * 1024
# Properties beside those of `domain/applications`: they rest on files and not on the form.
SUBMISSION_CAN_BE_READ = "submission_can_be_read"
CPR_LIST_FOLLOWS_THE_RULES = "cpr_list_follows_the_rules"
PERSONS_ARE_WITHIN_THE_APPROVAL = "persons_are_within_the_approval"
PROPERTY_NAMES = (
    SUBMISSION_CAN_BE_READ,
    *(entry.name for entry in PROPERTIES),
    CPR_LIST_FOLLOWS_THE_RULES,
    PERSONS_ARE_WITHIN_THE_APPROVAL,
)


@dataclass(frozen=True, slots=True)
class CheckedApplication:
    """An application held against every rule.

    form: None where it cannot be read. faults: by the name of the property, empty where it holds. digests: SHA-256
    (hex) of every file that the form names and that is there. locked: the list needs its password.
    """

    folder: HandedIn
    form: ApplicationForm | None
    faults: Mapping[str, tuple[Fault, ...]]
    digests: Mapping[str, str] = field(repr=False)
    locked: bool

    @property
    def all_faults(self) -> tuple[Fault, ...]:
        """Every fault, in the order of the properties."""
        return tuple(fault for name in PROPERTY_NAMES for fault in self.faults.get(name, ()))

    @property
    def contact(self) -> str | None:
        """Where the applicant reads letters; None where the form does not say."""
        investigator = self.form.principal_investigator if self.form else None
        return investigator.email if investigator else None


def check_folder(intake: IntakeArea, folder: str, as_of: date) -> CheckedApplication:
    """Hold a handed-in folder against every rule.

    as_of: the day that approvals must be in force on. Raises Unavailable where the folder cannot be read, and Refused
    where it is not handed in any more.
    """
    handed_in = intake.look(folder)
    if handed_in.files[SUBMISSION_FILE] > MAX_BYTES:
        return _unreadable(handed_in, _too_large())
    data = intake.read(handed_in, SUBMISSION_FILE)
    digests = {SUBMISSION_FILE: intake.digest(handed_in, SUBMISSION_FILE)}
    try:
        form = parse_application(data, as_of=as_of)
    except Refused as refused:
        return _unreadable(handed_in, refused.faults)
    for _, name in form.named_documents():
        if name in handed_in.files and name not in digests:
            digests[name] = intake.digest(handed_in, name)
    faults = dict(check_application(Application(form, handed_in.files, digests, as_of)))
    locked = _check_list(intake, handed_in, form, digests, as_of, faults)
    return CheckedApplication(handed_in, form, faults, digests, locked)


def examine(site: Site, step: Step) -> tuple[CheckedApplication, Standing]:
    """Do the step: check the folder, then accept the application or return it with every fault in one letter."""
    as_of = site.today()
    checked = check_folder(site.intake, step.standing.folder, as_of)
    common: dict[str, Any] = {"fingerprint": checked.folder.fingerprint, "contact": checked.contact}
    faults = checked.all_faults
    form = checked.form
    if faults or form is None or form.ethics_approval is None:
        data = {**common, "faults": [fault_data(fault) for fault in faults]}
        letters = site.correspondence.returned(step.case, checked.contact, faults, site.now())
        return checked, step.record(Did.RETURNED, data, letters)
    data = {
        **common,
        "acronym": form.acronym,
        "approval": form.ethics_approval.number,
        "as_of": as_of.isoformat(),
        "documents": dict(checked.digests),
        "source": "cpr_list" if form.order.cpr_list else "criteria",
        "agreement_existed": bool(form.agreement and form.agreement.existing),
    }
    return checked, step.record(Did.ACCEPTED, data, site.correspondence.accepted(step.case, checked.contact))


def accepted_form(site: Site, standing: Standing) -> tuple[HandedIn, ApplicationForm]:
    """Read the accepted application again, as it was accepted; raises IntegrityFault where it is not the same file."""
    folder = site.intake.look(standing.folder)
    documents = standing.value(Did.ACCEPTED, "documents")
    data = site.intake.read(folder, SUBMISSION_FILE, sha256=documents[SUBMISSION_FILE])
    return folder, parse_application(data, as_of=date.fromisoformat(standing.value(Did.ACCEPTED, "as_of")))


def read_list(
    intake: IntakeArea, folder: HandedIn, form: ApplicationForm, sha256: str, as_of: date, password: str | None = None
) -> CprListResult:
    """Read an application's CPR list, held against the digest it was accepted with.

    Raises PasswordNeededError or WrongPasswordError where it is encrypted, IntegrityFault where it was changed.
    """
    name = form.order.cpr_list
    if name is None:
        raise ValueError("the order is not by a CPR list")
    with intake.open(folder, name, sha256=sha256) as reading:
        stream = io.BufferedReader(reading, _BLOCK)
        return check_cpr_list(stream, file_name=name, as_of=as_of, acronym=form.acronym, password=password)


def _check_list(
    intake: IntakeArea,
    folder: HandedIn,
    form: ApplicationForm,
    digests: Mapping[str, str],
    as_of: date,
    faults: dict[str, tuple[Fault, ...]],
) -> bool:
    """Add what is wrong with the CPR list, and say whether it needs a password."""
    name = form.order.cpr_list
    faults[CPR_LIST_FOLLOWS_THE_RULES] = faults[PERSONS_ARE_WITHIN_THE_APPROVAL] = ()
    if name is None or name not in digests:
        return False
    try:
        result = read_list(intake, folder, form, digests[name], as_of)
    except PasswordNeededError:
        return True
    except Refused as refused:
        faults[CPR_LIST_FOLLOWS_THE_RULES] = refused.faults
        return False
    faults[CPR_LIST_FOLLOWS_THE_RULES] = tuple(fault.to_fault() for fault in result.faults)
    if result.accepted:
        faults[PERSONS_ARE_WITHIN_THE_APPROVAL] = persons_within_approval(form, len(result.numbers))
    return False


def _unreadable(folder: HandedIn, faults: tuple[Fault, ...]) -> CheckedApplication:
    return CheckedApplication(folder, None, {SUBMISSION_CAN_BE_READ: faults}, {}, locked=False)


def _too_large() -> tuple[Fault, ...]:
    return (
        Fault(
            "AP-4",
            SUBMISSION_FILE,
            "Filen er for stor. Læg bilag ved siden af i stedet for i filen.",
            "The file is too large. Put documents beside it instead of into it.",
        ),
    )


def fault_data(fault: Fault) -> dict[str, str]:
    """Give a fault as events record it."""
    return {"rule": fault.rule, "where": fault.where, "da": fault.da, "en": fault.en}
