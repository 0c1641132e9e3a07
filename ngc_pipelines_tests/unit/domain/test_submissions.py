"""Reading `submission.yaml`: plain data only, every fault at once with its place, and nothing of it repeated."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ngc_pipelines.domain.errors import Refused
from ngc_pipelines.domain.submissions import MAX_BYTES, load_schema, read_submission

EXAMPLE = (Path(__file__).parents[3] / "docs/examples/application/submission.yaml").read_bytes()


def refusal(data: bytes) -> Refused:
    with pytest.raises(Refused) as refused:
        read_submission(data, "application")
    return refused.value


def changed(change: Callable[[Any], object]) -> bytes:
    content = deepcopy(yaml.load(EXAMPLE, Loader=yaml.BaseLoader))
    content["project"]["personalised_medicine"] = True
    content["institution"]["research_institution"] = True
    content["agreement"]["existing"] = True
    content["order"]["cpr_list"]["encrypted"] = content["order"]["cpr_numbers"] = False
    covers = content["ethics_approval"]["covers"]
    covers["persons"]["maximum"] = 500
    covers["cpr_numbers"] = covers["individual_level_export"] = False
    change(content)
    return yaml.safe_dump(content, allow_unicode=True).encode()


def test_the_example_is_a_submission() -> None:
    content = read_submission(EXAMPLE, "application")
    assert content["project"]["acronym"] == "HJERTEGEN"
    assert content["ethics_approval"]["approved_on"] == "2025-03-14"
    assert read_submission(b"\xef\xbb\xbf" + EXAMPLE, "application") == content


def test_the_published_schema_is_a_schema() -> None:
    from jsonschema import Draft202012Validator

    Draft202012Validator.check_schema(load_schema("application"))


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"", "submission.yaml"),
        (b"- a\n", "submission.yaml"),
        (b"a: b: c\n", "submission.yaml line 1 column 5"),
        (b"a: \xff\n", "submission.yaml line 1"),
        (b"a: 1\nb: !!python/object/apply:os.system [true]\n", "submission.yaml line 2"),
        (b"a: !x 1\n", "submission.yaml line 1"),
        (b"a: &x [1]\nb: *x\n", "submission.yaml line 1"),
        (b"a: 1\n---\nb: 1\n", "submission.yaml line 2"),
        pytest.param(b"[" * 5000, "submission.yaml line 1", id="deep"),
        (b"a: {b: 1}\na: 2\n", "submission.yaml line 2"),
        (b"? [a]\n: 1\n", "submission.yaml line 1"),
        pytest.param(b"a: [" + b"1," * 25_000 + b"]", "submission.yaml line 1", id="many nodes"),
        pytest.param(b"a" * (MAX_BYTES + 1), "submission.yaml", id="large"),
    ],
)
def test_what_is_no_plain_yaml_is_refused_at_its_line(data: bytes, place: str) -> None:
    faults = refusal(data).faults
    assert [fault.where for fault in faults] == [place]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda form: form.pop("project"), "submission.yaml"),
        (lambda form: form.update(extra="x"), "submission.yaml"),
        (lambda form: form.update(schema="ngc.application/2"), "schema"),
        (lambda form: form["project"].update(acronym="HJERTE GEN"), "project.acronym"),
        (lambda form: form["project"].update(acronym="HJERTEGEN\n"), "project.acronym"),
        (lambda form: form["project"].update(acronym="P0201609"), "project.acronym"),
        (lambda form: form["project"].update(purpose="kort"), "project.purpose"),
        (lambda form: form["project"].update(personalised_medicine="ja"), "project.personalised_medicine"),
        (
            lambda form: form["principal_investigator"].update(email="a@b.example\nBcc: c@d.example"),
            "principal_investigator.email",
        ),
        (
            lambda form: form["principal_investigator"].update(email="a@b.example, c@d.example"),
            "principal_investigator.email",
        ),
        (lambda form: form["institution"].update(country="Danmark"), "institution.country"),
        (lambda form: form["ethics_approval"].update(approved_on="2025-02-30"), "ethics_approval.approved_on"),
        (lambda form: form["ethics_approval"].update(approved_on="14.3.2025"), "ethics_approval.approved_on"),
        (lambda form: form["ethics_approval"].update(approved_on="20250314"), "ethics_approval.approved_on"),
        (lambda form: form["ethics_approval"].update(document="../vek.pdf"), "ethics_approval.document"),
        (lambda form: form["ethics_approval"].update(document=".hidden"), "ethics_approval.document"),
        (lambda form: form["ethics_approval"].update(number=2300417), "ethics_approval.number"),
        (lambda form: form["ethics_approval"]["covers"].update(persons={}), "ethics_approval.covers.persons"),
        (lambda form: form["order"].update(criteria={"sex": ["F"]}), "order"),
        (lambda form: form["order"].pop("cpr_list"), "order"),
        (lambda form: form.update(exports=[]), "exports"),
        (lambda form: form["users"][1].update(hpc_user="Niels E"), "users[1].hpc_user"),
        (lambda form: form["documents"][0].update(sha256="abc"), "documents[0].sha256"),
    ],
)
def test_what_the_schema_does_not_take_is_told_at_its_place(change: Callable[[Any], object], place: str) -> None:
    faults = refusal(changed(change)).faults
    assert [fault.where for fault in faults] == [place]


def test_every_fault_is_told_at_once() -> None:
    def change(form: Any) -> None:
        form["project"]["acronym"] = "x y"
        form["exports"][0]["kind"] = "everything"
        form["users"][0].pop("email")

    assert [fault.where for fault in refusal(changed(change)).faults] == [
        "exports[0].kind",
        "project.acronym",
        "users[0]",
    ]


@pytest.mark.parametrize("number", ["020160-9995", "0201609995", "Patienten 020160-9995 er med."])
def test_a_cpr_number_in_the_form_is_refused_and_not_repeated(number: str) -> None:
    refused = refusal(changed(lambda form: form["project"].update(purpose=f"Undersøgelse af {number}")))
    assert [fault.where for fault in refused.faults] == ["project.purpose"]
    assert "9995" not in str(refused)
    assert "9995" not in repr(refused.faults)


@pytest.mark.parametrize("text", ["NVK-2300417", "12345678901", "a" * 20 + "0201609995", "311300-1234"])
def test_other_numbers_in_the_form_are_left_alone(text: str) -> None:
    read_submission(changed(lambda form: form["project"].update(purpose=f"Undersøgelse, jf. {text}")), "application")


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_whatever_is_handed_in_is_refused_in_words(data: bytes) -> None:
    assert refusal(data).faults


def test_what_is_missing_in_one_place_is_one_fault() -> None:
    (fault,) = refusal(b"schema: ngc.application/1\n").faults
    assert fault.en == "Missing here: project, institution, order, exports."
