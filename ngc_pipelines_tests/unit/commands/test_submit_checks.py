"""`ngc submit application --check-only`: a folder is judged as the intake judges it, with no server and no settings."""

import shutil
from pathlib import Path

import pytest

from ngc_pipelines.cli import main

EXAMPLE = Path(__file__).parents[3] / "docs/examples/application"
ARGUMENTS = ["--check-only", "--as-of", "2026-11-21"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "application"))


def submit(folder: Path, *more: str) -> int:
    return main(["submit", "application", str(folder), *ARGUMENTS, *more])


def test_the_example_can_be_handed_in(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert submit(folder) == 0
    assert "The folder can be handed in." in capsys.readouterr().out


def test_faults_of_form_documents_and_list_are_told_at_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "autorisation.pdf").unlink()
    (folder / "cpr-liste.csv").write_text("HJERNE\nserienummer;CPR-nummer\n1;201609995\n", encoding="utf-8")
    text = (folder / "submission.yaml").read_text(encoding="utf-8")
    (folder / "submission.yaml").write_text(text.replace("valid_to: 2030-12-31", "valid_to: 2026-11-20"), "utf-8")
    assert submit(folder) == 1
    told = capsys.readouterr().err
    for place in (
        "ethics_approval.valid_to [AP-1]",
        "institution.authorisation.document [AP-4]",
        "line 1, column A [CO-1]",
        "line 3, column B [CO-1]",
    ):
        assert place in told
    assert "Not handed in: 4 points." in told
    assert "201609995" not in told


def test_more_persons_than_approved_are_found_in_the_list(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (folder / "submission.yaml").read_text(encoding="utf-8")
    (folder / "submission.yaml").write_text(text.replace("maximum: 500", "maximum: 3"), encoding="utf-8")
    assert submit(folder) == 1
    assert "order [AP-1]" in capsys.readouterr().err


def test_a_form_that_cannot_be_read_is_told_by_its_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "submission.yaml").write_text("a: b: c\n", encoding="utf-8")
    assert submit(folder) == 1
    assert "submission.yaml line 1 column 5 [AP-4]" in capsys.readouterr().err


def test_a_folder_without_form_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "submission.yaml").unlink()
    assert submit(folder) == 1
    assert "submission.yaml [AP-4]" in capsys.readouterr().err


@pytest.mark.parametrize("more", [("--name", "../other"), ("--name", "a b"), ("--name", "")])
def test_a_name_that_leads_elsewhere_is_bad_usage(folder: Path, more: tuple[str, ...]) -> None:
    assert submit(folder, *more) == 2


def test_no_folder_is_bad_usage(tmp_path: Path) -> None:
    assert submit(tmp_path / "none") == 2
