"""An application holds, or the property that does not says so: one change to the example, one property that breaks."""

import csv
import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from ngc_pipelines.domain.application_form import (
    Application,
    ApplicationForm,
    AttachedDocument,
    ExportWish,
    IndividualWish,
    Order,
    parse_application,
)
from ngc_pipelines.domain.applications import (
    PROPERTIES,
    check_application,
    digests_wanted,
    persons_within_approval,
    refuse_if_faulty,
)
from ngc_pipelines.domain.criteria import parse_criteria
from ngc_pipelines.domain.errors import Refused

AS_OF = date(2026, 11, 21)
FOLDER = Path(__file__).parents[3] / "docs/examples/application"
EXAMPLE = parse_application((FOLDER / "submission.yaml").read_bytes(), as_of=AS_OF)
FILES = {file.name: file.stat().st_size for file in FOLDER.iterdir()}
DIGESTS = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in FOLDER.iterdir()}


def broken(form: ApplicationForm, **changes: Any) -> dict[str, list[str]]:
    """The properties that do not hold, with the places they name."""
    application = replace(Application(form, FILES, DIGESTS, AS_OF), **changes)
    return {
        name: [fault.where for fault in faults] for name, faults in check_application(application).items() if faults
    }


def in_approval(form: ApplicationForm, **changes: Any) -> ApplicationForm:
    assert form.ethics_approval is not None
    return replace(form, ethics_approval=replace(form.ethics_approval, **changes))


def in_coverage(form: ApplicationForm, **changes: Any) -> ApplicationForm:
    assert form.ethics_approval is not None
    return in_approval(form, covers=replace(form.ethics_approval.covers, **changes))


def in_authorisation(form: ApplicationForm, **changes: Any) -> ApplicationForm:
    held = form.institution.authorisation
    assert held is not None
    return replace(form, institution=replace(form.institution, authorisation=replace(held, **changes)))


def in_agreement(form: ApplicationForm, **changes: Any) -> ApplicationForm:
    assert form.agreement is not None
    return replace(form, agreement=replace(form.agreement, **changes))


def in_user(form: ApplicationForm, **changes: Any) -> ApplicationForm:
    return replace(form, users=(form.users[0], replace(form.users[1], **changes)))


def by_criteria(form: ApplicationForm, **criteria: Any) -> ApplicationForm:
    return replace(form, order=Order(None, False, parse_criteria(criteria, as_of=AS_OF), ("sex",), False))


WISH = IndividualWish("Resultaterne kan ikke aggregeres.", "NVK-2300418", "vek-godkendelse.pdf")
INDIVIDUAL = (ExportWish("individual_level_data", "Rækker for hver person.", True),)


def test_the_example_meets_every_condition() -> None:
    assert broken(EXAMPLE) == {}
    refuse_if_faulty(Application(EXAMPLE, FILES, DIGESTS, AS_OF))
    assert digests_wanted(EXAMPLE) == {"vek-godkendelse.pdf"}
    scope = EXAMPLE.pseudonym_scope
    assert scope is not None
    assert (scope.acronym, scope.approval_number) == ("HJERTEGEN", "NVK-2300417")


def test_the_examples_list_and_numbers_are_nobodys() -> None:
    # Official test numbers, printed by their publisher; the list is the one place they stand in.
    vectors = csv.DictReader((Path(__file__).parent / "cpr_test_vectors.csv").read_text(encoding="utf-8").splitlines())
    safe = {row["input"] for row in vectors if row["safe_basis"].startswith("official")}
    lines = (FOLDER / "cpr-liste.csv").read_text(encoding="utf-8").splitlines()[2:]
    assert {line.split(";")[1].replace("-", "") for line in lines} <= safe


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            lambda form: replace(form, ethics_approval=None),
            {"project_has_an_ethics_approval": ["ethics_approval"]},
        ),
        (
            lambda form: in_approval(form, approved_on=date(2026, 11, 22)),
            {"ethics_approval_is_in_force": ["ethics_approval.approved_on"]},
        ),
        (lambda form: in_approval(form, approved_on=AS_OF), {}),
        (lambda form: in_approval(form, valid_to=AS_OF), {}),
        (lambda form: in_approval(form, valid_to=None), {}),
        (
            lambda form: in_approval(form, valid_to=date(2026, 11, 20)),
            {"ethics_approval_is_in_force": ["ethics_approval.valid_to"]},
        ),
        (
            lambda form: in_coverage(form, maximum_persons=None),
            {"ordered_persons_are_approved": ["ethics_approval.covers.persons.maximum"]},
        ),
        (lambda form: by_criteria(form, patient_group=["hereditary_heart"], sex=["F"]), {}),
        (
            lambda form: by_criteria(form, sex=["F"]),
            {"ordered_persons_are_approved": ["order.criteria.patient_group"]},
        ),
        (
            lambda form: by_criteria(in_coverage(form, criteria=None), sex=["F"]),
            {"ordered_persons_are_approved": ["ethics_approval.covers.persons.criteria"]},
        ),
        (
            lambda form: in_coverage(form, fields=frozenset({"sex", "age", "sample_type"})),
            {"ordered_fields_are_approved": ["order.fields[3]"]},
        ),
        (
            lambda form: replace(
                in_coverage(form, fields=frozenset({"sample_id", "coverage", "nonsense"})),
                order=replace(form.order, fields=("sample_id", "coverage", "nonsense")),
            ),
            {"ordered_fields_can_be_exhibited": ["order.fields[0]", "order.fields[1]", "order.fields[2]"]},
        ),
        (
            lambda form: replace(form, order=replace(form.order, cpr_numbers=True)),
            {
                "individual_level_wishes_are_approved": ["order.cpr_numbers"],
                "individual_level_wishes_are_argued": ["individual_level.cpr_numbers"],
            },
        ),
        (
            lambda form: replace(
                in_coverage(form, cpr_numbers=True),
                order=replace(form.order, cpr_numbers=True),
                cpr_numbers_wish=WISH,
            ),
            {},
        ),
        (
            lambda form: replace(form, exports=INDIVIDUAL),
            {
                "individual_level_wishes_are_approved": ["exports"],
                "individual_level_wishes_are_argued": ["individual_level.export"],
            },
        ),
        (
            lambda form: replace(
                in_coverage(form, individual_level_export=True), exports=INDIVIDUAL, individual_export_wish=WISH
            ),
            {},
        ),
        (
            lambda form: replace(form, exports=(replace(INDIVIDUAL[0], individual_level=False),)),
            {"individual_level_wishes_are_argued": ["exports[0].individual_level"]},
        ),
        (
            lambda form: replace(form, institution=replace(form.institution, authorisation=None)),
            {"institution_is_authorised": ["institution.authorisation"]},
        ),
        (
            lambda form: in_authorisation(form, authority="DSD"),
            {"institution_is_authorised": ["institution.authorisation.authority"]},
        ),
        (lambda form: in_authorisation(form, valid_to=AS_OF), {}),
        (
            lambda form: in_authorisation(form, valid_to=date(2026, 11, 20)),
            {"institution_is_authorised": ["institution.authorisation.valid_to"]},
        ),
        (
            lambda form: in_authorisation(form, valid_from=date(2026, 11, 22)),
            {"institution_is_authorised": ["institution.authorisation.valid_from"]},
        ),
        (lambda form: replace(form, agreement=None), {"agreement_is_in_place": ["agreement"]}),
        (lambda form: in_agreement(form, reference=None), {"agreement_is_in_place": ["agreement.reference"]}),
        (
            lambda form: in_agreement(form, existing=False),
            {
                "agreement_is_in_place": ["agreement.document", "agreement.accepts_fee"],
                "data_processing_agreement_is_in_place": ["agreement.data_processing_agreement"],
            },
        ),
        (
            lambda form: in_agreement(
                form,
                existing=False,
                document="autorisation.pdf",
                accepts_fee=True,
                data_processing_agreement="autorisation.pdf",
                data_processing_signed_on=AS_OF,
            ),
            {},
        ),
        (
            lambda form: in_agreement(form, data_processing_signed_on=date(2026, 11, 22)),
            {"data_processing_agreement_is_in_place": ["agreement.data_processing_agreement.signed_on"]},
        ),
        (
            lambda form: replace(form, personalised_medicine=False),
            {"research_is_in_personalised_medicine": ["project.personalised_medicine"]},
        ),
        (
            lambda form: replace(form, institution=replace(form.institution, country="SE", research_institution=False)),
            {
                "institution_is_a_danish_research_institution": [
                    "institution.country",
                    "institution.research_institution",
                ]
            },
        ),
        (
            lambda form: replace(form, principal_investigator=None),
            {"principal_investigator_is_named": ["principal_investigator"]},
        ),
        (lambda form: replace(form, users=()), {"users_are_named_and_approved": ["users"]}),
        (lambda form: in_user(form, approved_on=None), {"users_are_named_and_approved": ["users[1].approved_on"]}),
        (
            lambda form: in_user(form, approved_on=date(2026, 11, 22)),
            {"users_are_named_and_approved": ["users[1].approved_on"]},
        ),
        (lambda form: in_user(form, user_form=None), {"users_are_named_and_approved": ["users[1]"]}),
        (lambda form: in_user(form, hpc_user="peteks"), {"users_are_named_and_approved": ["users[1].hpc_user"]}),
        (
            lambda form: in_approval(form, document="Vek-godkendelse.pdf"),
            {"named_documents_are_attached": ["ethics_approval.document"]},
        ),
        (
            lambda form: replace(form, documents=(AttachedDocument("autorisation.pdf", "0" * 64),)),
            {"documents_match_their_checksums": ["documents[0].sha256"]},
        ),
    ],
)
def test_one_change_breaks_the_property_that_it_concerns(
    change: Callable[[ApplicationForm], ApplicationForm], expected: dict[str, list[str]]
) -> None:
    assert broken(change(EXAMPLE)) == expected


def test_an_empty_document_is_not_attached() -> None:
    assert broken(EXAMPLE, files=FILES | {"vek-godkendelse.pdf": 0}) == {
        "named_documents_are_attached": ["ethics_approval.document", "documents[0].file"]
    }


def test_a_document_that_was_not_read_is_not_taken_to_be_right() -> None:
    assert broken(EXAMPLE, digests={}) == {"documents_match_their_checksums": ["documents[0].sha256"]}


@pytest.mark.parametrize(("persons", "within"), [(1, True), (500, True), (501, False)])
def test_no_more_persons_than_approved(persons: int, within: bool) -> None:
    faults = persons_within_approval(EXAMPLE, persons)
    assert (faults == ()) == within
    assert all(str(persons) not in fault.da + fault.en for fault in faults)


def test_every_property_is_named_by_a_sentence_once() -> None:
    names = [entry.name for entry in PROPERTIES]
    assert len(set(names)) == len(names)
    assert all(name.isidentifier() and name.islower() and name.count("_") >= 2 for name in names)


def test_a_refusal_carries_the_faults_of_every_property() -> None:
    form = replace(EXAMPLE, ethics_approval=None, agreement=None, users=())
    with pytest.raises(Refused) as refused:
        refuse_if_faulty(Application(form, FILES, DIGESTS, AS_OF))
    assert [fault.rule for fault in refused.value.faults] == ["AP-1", "AP-3", "EN-3"]


def test_names_and_addresses_are_in_no_repr() -> None:
    assert "Petra" not in repr(EXAMPLE)
    assert "@" not in repr(EXAMPLE)


def test_faults_of_both_sets_of_criteria_are_told_at_once() -> None:
    content = yaml.safe_load((FOLDER / "submission.yaml").read_text(encoding="utf-8").replace("NVK-2300417", "NVK 17"))
    content["ethics_approval"]["covers"]["persons"]["criteria"] = {"sex": ["X"]}
    content["order"].pop("cpr_list")
    content["order"]["criteria"] = {"age": {"from": 200}}
    text = yaml.safe_dump(content, allow_unicode=True)
    with pytest.raises(Refused) as refused:
        parse_application(text.encode(), as_of=AS_OF)
    assert [fault.where for fault in refused.value.faults] == [
        "order.criteria.age",
        "ethics_approval.covers.persons.criteria.sex",
    ]


def test_an_order_is_by_one_way() -> None:
    with pytest.raises(ValueError, match="one of them"):
        Order(None, False, None, ("sex",), False)
