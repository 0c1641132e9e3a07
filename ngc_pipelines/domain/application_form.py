"""The application form: what `submission.yaml` of an application says, as frozen values (AP-1 to AP-5, G §3, §4.1).

Here: the values, and building them from a submission that its published schema has accepted. Not here: reading YAML
and the schema (`domain/submissions`), whether the application may be met (`domain/applications`), the list itself
(`domain/cpr_list`).

Names and mail addresses in here belong to applicants; they are for letters and for the environment's users, and go
into no log, tag or asset metadata (hence `repr=False`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ngc_pipelines.domain.criteria import Criteria, parse_criteria
from ngc_pipelines.domain.errors import Fault, Refused
from ngc_pipelines.domain.pseudonyms import ProjectScope
from ngc_pipelines.domain.submissions import read_submission

SCHEMA = "application"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on the applicant's side."""

    name: str = field(repr=False)
    email: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class EnvironmentUser:
    """Somebody who is to get into the environment (EN-3, G §4.8).

    hpc_user: their user name on NGC's HPC, None where they have none yet; then `user_form` is the signed form.
    approved_on: the day the principal investigator said yes to this very person, None where that has not happened.
    """

    person: Person
    hpc_user: str | None
    user_form: str | None
    approved_on: date | None


@dataclass(frozen=True, slots=True)
class Authorisation:
    """An institution's authorisation at an authority (AP-2); valid_to None is open."""

    authority: str
    reference: str
    valid_from: date
    valid_to: date | None
    document: str | None


@dataclass(frozen=True, slots=True)
class Institution:
    """The institution that the project belongs to; country is an ISO 3166 code."""

    name: str
    country: str
    research_institution: bool
    authorisation: Authorisation | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """What an ethics approval allows: persons at most, criteria that persons must meet, metadata fields, wishes."""

    maximum_persons: int | None
    criteria: Criteria | None
    fields: frozenset[str]
    cpr_numbers: bool
    individual_level_export: bool


@dataclass(frozen=True, slots=True)
class EthicsApproval:
    """The approval of the research-ethics committee system (AP-1); valid_to None is open."""

    committee: str
    number: str
    approved_on: date
    valid_to: date | None
    document: str
    covers: Coverage


@dataclass(frozen=True, slots=True)
class Agreement:
    """The agreement on NGC infrastructure with its data-processing agreement (AP-3).

    existing: whether it was there before this application; where not, the fee is due (`accepts_fee`).
    """

    existing: bool
    reference: str | None
    document: str | None
    accepts_fee: bool
    data_processing_agreement: str | None
    data_processing_signed_on: date | None


@dataclass(frozen=True, slots=True)
class Order:
    """Which data are wanted: exactly one of a CPR list (CO-1) and criteria (CO-2), and which metadata fields with them.

    cpr_list: the list's name in the folder. cpr_list_encrypted: whether a password has to be agreed.
    """

    cpr_list: str | None
    cpr_list_encrypted: bool
    criteria: Criteria | None
    fields: tuple[str, ...]
    cpr_numbers: bool

    def __post_init__(self) -> None:
        if (self.cpr_list is None) == (self.criteria is None):
            raise ValueError("an order is by a CPR list or by criteria, one of them")


@dataclass(frozen=True, slots=True)
class ExportWish:
    """A kind of result that the project wants to take home (AP-4)."""

    kind: str
    description: str
    individual_level: bool


@dataclass(frozen=True, slots=True)
class IndividualWish:
    """The argument and the committee's own approval for a wish on the level of persons (AP-4, G §3.1)."""

    argument: str
    approval_number: str
    document: str


@dataclass(frozen=True, slots=True)
class AttachedDocument:
    """A document that the form names, with the checksum the sender gave, if any (64 hex digits)."""

    file: str
    sha256: str | None


@dataclass(frozen=True, slots=True)
class ApplicationForm:
    """One application as it was written. `acronym` has no whitespace and names the project in the CPR list too."""

    acronym: str
    title: str
    purpose: str
    personalised_medicine: bool
    principal_investigator: Person | None
    institution: Institution
    ethics_approval: EthicsApproval | None
    agreement: Agreement | None
    order: Order
    exports: tuple[ExportWish, ...]
    cpr_numbers_wish: IndividualWish | None
    individual_export_wish: IndividualWish | None
    users: tuple[EnvironmentUser, ...]
    documents: tuple[AttachedDocument, ...]

    @property
    def pseudonym_scope(self) -> ProjectScope | None:
        """The project that pseudonyms are valid in; None without an approval, whose number is part of it."""
        return ProjectScope(self.acronym, self.ethics_approval.number) if self.ethics_approval else None

    @property
    def wants_individual_level_export(self) -> bool:
        """Whether any kind of result it wants to take home is individual-level."""
        return any(wish.individual_level for wish in self.exports)

    def named_documents(self) -> tuple[tuple[str, str], ...]:
        """Give (place in the form, file name) of every file that the form refers to, in the form's order."""
        named: list[tuple[str, str | None]] = []
        if self.institution.authorisation:
            named.append(("institution.authorisation.document", self.institution.authorisation.document))
        if self.ethics_approval:
            named.append(("ethics_approval.document", self.ethics_approval.document))
        if self.agreement:
            named.append(("agreement.document", self.agreement.document))
            named.append(("agreement.data_processing_agreement.document", self.agreement.data_processing_agreement))
        named.append(("order.cpr_list.file", self.order.cpr_list))
        for place, wish in (
            ("individual_level.cpr_numbers.document", self.cpr_numbers_wish),
            ("individual_level.export.document", self.individual_export_wish),
        ):
            named.append((place, wish.document if wish else None))
        named += [(f"users[{number}].user_form", user.user_form) for number, user in enumerate(self.users)]
        named += [(f"documents[{number}].file", document.file) for number, document in enumerate(self.documents)]
        return tuple((place, name) for place, name in named if name is not None)


@dataclass(frozen=True, slots=True)
class Application:
    """An application as it lies in its folder.

    files: size in bytes of each file of the folder, by name. digests: SHA-256 (64 hex digits) of those files that were
    read; `digests_wanted` says which have to be. as_of: the day that approvals must be in force on.
    """

    form: ApplicationForm
    files: Mapping[str, int] = field(repr=False)
    digests: Mapping[str, str] = field(repr=False)
    as_of: date


def parse_application(data: bytes, *, as_of: date) -> ApplicationForm:
    """Read `submission.yaml` of an application.

    Args:
        data: the file's bytes, at most `submissions.MAX_BYTES`.
        as_of: the day whose fields, codes and authorities hold.

    Raises:
        Refused: with every fault of the form at once, each with its place; values are not repeated.
    """
    content = read_submission(data, SCHEMA)
    faults: list[Fault] = []
    order_criteria = _criteria(content["order"].get("criteria"), "order.criteria", as_of, faults)
    persons = content.get("ethics_approval", {}).get("covers", {}).get("persons", {})
    covered = _criteria(persons.get("criteria"), "ethics_approval.covers.persons.criteria", as_of, faults)
    if faults:
        raise Refused(faults, tried="submission.yaml was read")
    return _form(content, order_criteria, covered)


def _criteria(data: object, where: str, as_of: date, faults: list[Fault]) -> Criteria | None:
    if data is None:
        return None
    try:
        return parse_criteria(data, as_of=as_of, where=where)
    except Refused as refused:
        faults.extend(refused.faults)
        return None


def _form(content: Mapping[str, Any], criteria: Criteria | None, covered: Criteria | None) -> ApplicationForm:
    project = content["project"]
    individual = content.get("individual_level", {})
    investigator = content.get("principal_investigator")
    return ApplicationForm(
        acronym=project["acronym"],
        title=project["title"],
        purpose=project["purpose"],
        personalised_medicine=project["personalised_medicine"],
        principal_investigator=_person(investigator) if investigator else None,
        institution=_institution(content["institution"]),
        ethics_approval=_ethics_approval(content.get("ethics_approval"), covered),
        agreement=_agreement(content.get("agreement")),
        order=_order(content["order"], criteria),
        exports=tuple(
            ExportWish(wish["kind"], wish["description"], wish.get("individual_level", False))
            for wish in content["exports"]
        ),
        cpr_numbers_wish=_individual_wish(individual.get("cpr_numbers")),
        individual_export_wish=_individual_wish(individual.get("export")),
        users=tuple(_user(user) for user in content.get("users", ())),
        documents=tuple(
            AttachedDocument(document["file"], document.get("sha256")) for document in content.get("documents", ())
        ),
    )


def _person(data: Mapping[str, Any]) -> Person:
    return Person(data["name"], data["email"])


def _user(data: Mapping[str, Any]) -> EnvironmentUser:
    return EnvironmentUser(
        _person(data), data.get("hpc_user"), data.get("user_form"), _day_or_none(data.get("approved_on"))
    )


def _institution(data: Mapping[str, Any]) -> Institution:
    held = data.get("authorisation")
    authorisation = None
    if held:
        authorisation = Authorisation(
            held["authority"],
            held["reference"],
            _day(held["valid_from"]),
            _day_or_none(held.get("valid_to")),
            held.get("document"),
        )
    return Institution(data["name"], data["country"], data["research_institution"], authorisation)


def _ethics_approval(data: Mapping[str, Any] | None, criteria: Criteria | None) -> EthicsApproval | None:
    if not data:
        return None
    covers = data["covers"]
    coverage = Coverage(
        covers["persons"].get("maximum"),
        criteria,
        frozenset(covers["fields"]),
        covers.get("cpr_numbers", False),
        covers.get("individual_level_export", False),
    )
    return EthicsApproval(
        data["committee"],
        data["number"],
        _day(data["approved_on"]),
        _day_or_none(data.get("valid_to")),
        data["document"],
        coverage,
    )


def _agreement(data: Mapping[str, Any] | None) -> Agreement | None:
    if not data:
        return None
    processing = data.get("data_processing_agreement", {})
    return Agreement(
        data["existing"],
        data.get("reference"),
        data.get("document"),
        data.get("accepts_fee", False),
        processing.get("document"),
        _day_or_none(processing.get("signed_on")),
    )


def _order(data: Mapping[str, Any], criteria: Criteria | None) -> Order:
    held = data.get("cpr_list")
    return Order(
        cpr_list=held["file"] if held else None,
        cpr_list_encrypted=bool(held and held.get("encrypted", False)),
        criteria=criteria,
        fields=tuple(data["fields"]),
        cpr_numbers=data.get("cpr_numbers", False),
    )


def _individual_wish(data: Mapping[str, Any] | None) -> IndividualWish | None:
    return IndividualWish(data["argument"], data["approval_number"], data["document"]) if data else None


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _day_or_none(text: str | None) -> date | None:
    return _day(text) if text else None
