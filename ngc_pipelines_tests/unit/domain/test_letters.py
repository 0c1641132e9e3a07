"""Letters: both languages, the case number in the subject, every fault at once, and nothing about a person."""

from datetime import date

import pytest

from ngc_pipelines.domain import letters
from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.domain.errors import Fault
from ngc_pipelines.domain.letters import Wording
from ngc_pipelines.domain.told_account import ToldAccount, ToldCount

CASE = CaseId("EXH-2026-00001")
DAY = date(2026, 3, 3)
FAULT = Fault("CO-1", "line 3, column B", "Linje 3: Der er 9 cifre.", "There are 9 digits.")
TOLD = ToldAccount("100", ToldCount("mindst 96", "at least 96"), ToldCount("<5", "<5"))

LETTERS = {
    "accepted": letters.accepted(CASE),
    "returned": letters.returned(CASE, [FAULT], DAY),
    "counts_told": letters.counts_told(CASE, TOLD, DAY),
    "reminder": letters.reminder(CASE, ("afventer svar", "waits for an answer"), DAY),
    "environment_ready": letters.environment_ready(CASE, left_out=True),
    "withdrawn": letters.withdrawn(CASE),
    "lapsed": letters.lapsed(CASE),
    "rejected": letters.rejected(CASE),
    "needs_password": letters.needs_password(CASE),
    "stopped": letters.stopped(CASE, "cohort_manifest"),
    "overdue": letters.overdue(CASE, ("afventer", "waits"), 10),
}


@pytest.mark.parametrize("name", LETTERS)
def test_every_letter_finds_its_case_and_speaks_both_languages(name: str) -> None:
    letter = LETTERS[name]
    assert letter.subject.startswith("[EXH-2026-00001] ")
    assert " / " in letter.subject
    assert "\n" not in letter.subject
    words = f" {letter.text.lower()} ".replace("\n", " ")
    assert any(word in words for word in (" er ", " har ", " ikke ", " sagen "))
    assert any(word in words for word in (" is ", " has ", " the ", " no "))
    assert all(len(line) <= 100 for line in letter.text.splitlines())


@pytest.mark.parametrize("name", ["accepted", "returned", "counts_told", "environment_ready"])
def test_letters_to_applicants_are_danish_first(name: str) -> None:
    text = LETTERS[name].text
    assert text.index("Kære ansøger") < text.index("Dear applicant")


def test_a_returned_application_hears_every_point_and_until_when() -> None:
    faults = [Fault("AP-1", f"place {number}", f"dansk {number}.", f"english {number}.") for number in range(30)]
    text = letters.returned(CASE, faults, DAY).text
    assert all(text.count(f"place {number} [AP-1]") == 2 for number in range(30))
    assert all(f"dansk {number}." in text and f"english {number}." in text for number in range(30))
    assert "alle 30 punkter" in text
    assert "senest 3. marts 2026" in text
    assert "by 3 March 2026" in text


def test_a_flood_of_points_is_bounded_and_counted() -> None:
    text = letters.returned(CASE, [FAULT] * 130).text
    assert "og 30 punkter til." in text
    assert "and 30 points more." in text


def test_nothing_is_returned_for_nothing() -> None:
    with pytest.raises(ValueError, match="at least one fault"):
        letters.returned(CASE, [])


def test_counts_are_told_as_they_may_be() -> None:
    text = LETTERS["counts_told"].text
    assert "mindst 96" in text
    assert "at least 96" in text
    assert text.count("<5") == 2


def test_credentials_are_never_sent_by_mail() -> None:
    assert "never sent by mail" in " ".join(LETTERS["environment_ready"].text.split())
    assert "left out" not in letters.environment_ready(CASE).text


@pytest.mark.parametrize(("subject", "text"), [("", "x"), ("a\nBcc: b", "x"), ("a", " \n")])
def test_a_letter_has_one_line_of_subject_and_a_text(subject: str, text: str) -> None:
    with pytest.raises(ValueError, match="subject of one line"):
        Wording(subject, text)
