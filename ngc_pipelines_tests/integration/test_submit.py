"""`ngc submit application` against a real object store: whole or not handed in, and taken up again when corrected."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ngc_pipelines.adapters.intake import IntakeArea
from ngc_pipelines.cli import main
from ngc_pipelines.domain.cases import Flow
from ngc_pipelines.settings import ObjectStore

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

EXAMPLE = Path(__file__).parents[2] / "docs/examples/application"
FILES = {"autorisation.pdf", "brugerblanket.pdf", "cpr-liste.csv", "submission.yaml", "vek-godkendelse.pdf"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "application"))


@pytest.fixture
def _site(s3_settings: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NGC_S3_ENDPOINT", s3_settings.endpoint)
    monkeypatch.setenv("NGC_S3_ACCESS_KEY", s3_settings.access_key)
    monkeypatch.setenv("NGC_S3_SECRET_KEY", s3_settings.secret_key)
    monkeypatch.setenv("NGC_S3_INTAKE_BUCKET", s3_settings.intake_bucket)


def submit(folder: Path) -> int:
    return main(["submit", "application", str(folder), "--as-of", "2026-11-21"])


@pytest.mark.usefixtures("_site")
def test_a_good_folder_is_handed_in_whole(
    folder: Path, s3: "S3Client", s3_settings: ObjectStore, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "notes.txt").write_text("not named by the form, so it stays here", encoding="utf-8")
    assert submit(folder) == 0
    (handed_in,) = IntakeArea(s3, s3_settings.intake_bucket).handed_in(Flow.EXHIBITION)
    assert set(handed_in.files) == FILES
    assert handed_in.folder in capsys.readouterr().out
    body = s3.get_object(Bucket=s3_settings.intake_bucket, Key=handed_in.folder + "cpr-liste.csv")["Body"].read()
    assert body == (folder / "cpr-liste.csv").read_bytes()


@pytest.mark.usefixtures("_site")
def test_a_corrected_folder_comes_to_the_same_place_with_another_fingerprint(
    folder: Path, s3: "S3Client", s3_settings: ObjectStore
) -> None:
    intake = IntakeArea(s3, s3_settings.intake_bucket)
    assert submit(folder) == 0
    (before,) = intake.handed_in(Flow.EXHIBITION)
    text = (folder / "submission.yaml").read_text(encoding="utf-8")
    (folder / "submission.yaml").write_text(text.replace("maximum: 500", "maximum: 400"), encoding="utf-8")
    assert submit(folder) == 0
    (after,) = intake.handed_in(Flow.EXHIBITION)
    assert after.folder == before.folder
    assert after.fingerprint != before.fingerprint


@pytest.mark.usefixtures("_site")
def test_a_refused_folder_reaches_nobody(folder: Path, s3: "S3Client", s3_settings: ObjectStore) -> None:
    (folder / "vek-godkendelse.pdf").unlink()
    assert submit(folder) == 1
    assert s3.list_objects_v2(Bucket=s3_settings.intake_bucket)["KeyCount"] == 0


@pytest.mark.usefixtures("_site")
def test_a_store_that_refuses_leaves_nothing_handed_in(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NGC_S3_INTAKE_BUCKET", "no-such-bucket")
    assert submit(folder) == 2
    told = capsys.readouterr().err
    assert "The application is not handed in" in told
    assert "Traceback" not in told


def test_without_settings_it_says_which_are_missing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert submit(folder) == 2
    assert "NGC_S3_ENDPOINT is not set" in capsys.readouterr().err
