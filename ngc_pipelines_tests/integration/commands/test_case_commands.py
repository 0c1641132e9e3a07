"""`ngc status`, `ngc decide` and `ngc audit verify`, as they are typed."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

import pytest

from ngc_pipelines import cli
from ngc_pipelines.domain.cases import CaseId, Flow
from ngc_pipelines.domain.exhibition_flow import Did
from ngc_pipelines.domain.workflow import Actor, Person
from ngc_pipelines.flows.deciding import decide_and_tell
from ngc_pipelines.flows.site import Site, connected
from ngc_pipelines.register.decisions import Answer, Decision
from ngc_pipelines.register.register import SYSTEM, Entry
from ngc_pipelines.settings import load_settings

DIGEST = "sha256:" + "a" * 64
Ngc = Callable[..., tuple[int, str, str]]


@pytest.fixture
def site(settings_environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A site that `ngc` finds in its environment."""
    for name, value in settings_environ.items():
        monkeypatch.setenv(name, value)
    with connected(load_settings(settings_environ)) as made:
        yield made


@pytest.fixture
def ngc() -> Ngc:
    """Types a command; gives exit code, output and messages."""

    def do(*arguments: str) -> tuple[int, str, str]:
        out, errors = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(errors):
            code = cli.main(arguments)
        return code, out.getvalue(), errors.getvalue()

    return do


def told_case(site: Site, name: str = "a") -> CaseId:
    """A case whose applicant was told the counts."""
    case = site.register.open_case(Flow.EXHIBITION, f"intake/applications/{name}/", "f", site.now())
    assert case is not None
    accepted = {"acronym": "ABC", "contact": "pi@forskning.example", "fingerprint": "f"}
    told = {"digest": DIGEST, "told": {"registreret i VAR / registered in VAR": "<5 / <5"}}
    for event, data in ((Did.ACCEPTED, accepted), (Did.COHORT_FOUND, {}), (Did.COUNTS_TOLD, told)):
        site.register.record(case, Entry(event, SYSTEM, data), site.now())
    return case


def recorded(site: Site, case: CaseId, event: str) -> tuple[Any, ...]:
    found = next(each for each in site.register.story(case) if each.event == event)
    return found.by, found.data


def test_a_decision_from_a_terminal_is_the_one_of_the_launchpad(site: Site, ngc: Ngc) -> None:
    typed, clicked = told_case(site, "a"), told_case(site, "b")
    code, out, _ = ngc("decide", typed.value, "go-on", "--by", "abc", "--why", "ja tak", "--judged", DIGEST)
    assert code == 0
    assert "waits for the clarification meeting" in out
    officer = Person("abc", Actor.CASE_OFFICER)
    decide_and_tell(site, clicked, Decision(Answer.GO_ON, officer, "ja tak", DIGEST), run="some run")
    assert recorded(site, typed, Did.WENT_ON) == recorded(site, clicked, Did.WENT_ON)


@pytest.mark.parametrize(
    ("arguments", "code", "why"),
    [
        (["go-on", "--why", "ja"], 1, "does not name the cohort"),
        (["go-on", "--why", "ja", "--judged", "sha256:" + "b" * 64], 1, "does not name the cohort"),
        (["go-on", "--why", " ", "--judged", DIGEST], 1, "reason is missing"),
        (["meeting-held", "--why", "ja", "--judged", DIGEST], 1, "does not allow 'clarification meeting held'"),
        (["reject", "--why", "nej", "--as", "applicant"], 1, "only be recorded by: case officer"),
        (["go-on", "--why", "ja", "--judged", DIGEST, "--tool", "plink"], 2, "--held-on"),
        (["go-on", "--why", "ja", "--judged", DIGEST, "--held-on", "2999-01-01"], 1, "lies in the future"),
        (["unlock-list", "--why", "ja"], 2, "--password-file"),
        (["go-on"], 2, "--why"),
        (["go-on", "--why", "spurgte 020160-3000", "--judged", DIGEST], 1, "something like a CPR number"),
        (["reject", "--why", "nej", "--by", " "], 2, "is named"),
        (["go-on", "--why", "ja", "--held-on", "2020-01-13", "--tool", "R", "--tool", "R"], 2, "named once"),
        (["exhibit", "--why", "ja"], 2, "invalid choice"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_decision_that_cannot_be_is_refused_and_changes_nothing(
    site: Site, ngc: Ngc, arguments: list[str], code: int, why: str
) -> None:
    case = told_case(site)
    got, _, errors = ngc("decide", case.value, *arguments)
    assert (got, why in errors) == (code, True)
    assert site.register.standing(case).state.name == "answer_awaited"


def test_both_answers_at_once_make_two_events(site: Site, ngc: Ngc) -> None:
    case = told_case(site)
    arguments = ["--why", "ja", "--judged", DIGEST, "--held-on", "2020-01-13", "--tool", "plink", "--tool", "R"]
    assert ngc("decide", case.value, "go-on", *arguments)[0] == 0
    standing = site.register.standing(case)
    assert standing.state.name == "provisioning"
    assert standing.value(Did.MEETING_HELD, "meeting")["tools"] == ["plink", "R"]


def test_withdrawing_tells_the_applicant(site: Site, ngc: Ngc) -> None:
    case = told_case(site)
    assert ngc("decide", case.value, "withdraw", "--as", "applicant", "--by", "pi", "--why", "for dyrt")[0] == 0
    (posted,) = site.outbox.of_case(case)
    assert posted.letter.recipient == "pi@forskning.example"
    assert "for dyrt" not in posted.letter.text


def test_status_lists_open_cases_and_tells_the_story_of_one(site: Site, ngc: Ngc) -> None:
    case = told_case(site)
    code, out, _ = ngc("status")
    assert code == 0
    assert case.value in out
    assert "Åbne sager / open cases: 1; for sent / overdue: 0" in out
    code, out, _ = ngc("status", case.value)
    assert code == 0
    assert f"ngc decide {case} ANSWER" in out
    assert DIGEST in out
    assert "antallene er meddelt / the counts were told (ngc_pipelines, systemet / system)" in out
    assert "<5 / <5" in out
    assert ngc("status", case.value.lower())[1] == out


def test_status_is_machine_readable(site: Site, ngc: Ngc) -> None:
    case = told_case(site)
    _, out, _ = ngc("status", case.value, "--json", "-")
    told = json.loads(out)
    assert told["schema"] == "ngc.case/1"
    assert (told["state"], told["who_acts"], told["judged"]) == ("answer_awaited", "applicant", DIGEST)
    assert [event["event"] for event in told["story"]] == ["opened", "accepted", "cohort_found", "counts_told"]


def test_a_case_that_is_not_there_is_refused(site: Site, ngc: Ngc) -> None:
    assert site.register.open_cases() == ()
    code, _, errors = ngc("status", "EXH-2026-00099")
    assert code == 1
    assert "There is no case EXH-2026-00099" in errors
    assert ngc("status", "0201801234")[0] == 1
    assert "0201801234" not in ngc("status", "0201801234")[2]


def test_a_sound_chain_is_said_to_be_sound(site: Site, ngc: Ngc) -> None:
    told_case(site)
    code, out, _ = ngc("audit", "verify", "--json", "-")
    assert code == 0
    report = json.loads(out)
    assert (report["schema"], report["sound"], report["events"], report["faults"]) == (
        "ngc.audit-report/1", True, 4, [],
    )  # fmt: skip


def test_a_list_of_cases_that_was_changed_is_found(site: Site, ngc: Ngc) -> None:
    told_case(site)
    with site.register.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE register.cases SET state = 'provisioning'")
    code, out, _ = ngc("audit", "verify", "--without-anchors")
    assert code == 1
    assert "THE CHAIN IS BROKEN" in out


def test_a_register_that_is_away_is_exit_code_two(site: Site, ngc: Ngc, monkeypatch: pytest.MonkeyPatch) -> None:
    assert site.register.open_cases() == ()
    monkeypatch.setenv("NGC_REGISTER_URL", "postgresql+psycopg://ngc:secret@127.0.0.1:1/register")
    code, out, errors = ngc("status")
    assert (code, out) == (2, "")
    assert "Traceback" not in errors
    assert "secret" not in errors


def test_settings_that_are_missing_are_all_named(ngc: Ngc) -> None:
    code, _, errors = ngc("status")
    assert code == 2
    assert "NGC_REGISTER_URL" in errors
    assert "NGC_S3_ENDPOINT" in errors


def test_a_command_that_does_not_exist_lists_those_that_do(ngc: Ngc) -> None:
    code, _, errors = ngc("exhibit")
    assert code == 2
    assert "status" in errors
    assert ngc()[0] == 2
    assert ngc("--help")[0] == 0
