"""What commands say to input that cannot be used: plain words, exit code 2, no traceback, nothing of the content."""

from __future__ import annotations

from pathlib import Path

import pytest

from ngc_pipelines.cli import main

BYTES = b"hemmeligt-indhold \xff\xfe\x00\n"


@pytest.fixture
def binary(tmp_path: Path) -> Path:
    file = tmp_path / "binary.bin"
    file.write_bytes(BYTES)
    return file


@pytest.fixture
def text(tmp_path: Path) -> Path:
    file = tmp_path / "text.txt"
    file.write_text("Ingen tal her.\n", encoding="utf-8")
    return file


def told(capsys: pytest.CaptureFixture[str]) -> str:
    said = "".join(capsys.readouterr())
    assert said.strip()
    assert "unexpected" not in said
    assert "Traceback" not in said
    assert "hemmeligt" not in said
    return said


@pytest.mark.parametrize("option", ["--policy", "--manifest", "--known-ids"])
def test_a_binary_file_in_place_of_a_text_is_told_by_its_name(
    option: str, binary: Path, text: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(text), option, str(binary)]) == 2
    assert "binary.bin" in told(capsys)


def test_a_binary_file_is_no_password(binary: Path, text: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-list", str(text), "--password-file", str(binary)]) != 0
    assert "no text in UTF-8" in told(capsys)


@pytest.mark.parametrize("option", ["--json", "--html"])
def test_a_report_without_a_home_is_told_before_the_work(
    option: str, text: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(text), option, str(tmp_path / "nowhere" / "report")]) == 2
    assert "nowhere" in told(capsys)


@pytest.mark.parametrize(
    "arguments",
    [
        ["check-list", "x.csv", "--as-of", "2026-13-40"],
        ["submit", "application", "x", "--as-of", "i går"],
        ["decide", "EXH-2026-00001", "meeting-held", "--why", "x", "--held-on", "20/5"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_day_that_is_none_is_bad_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert "YYYY-MM-DD" in told(capsys)


@pytest.mark.parametrize("workers", ["0", "-1", "many"])
def test_workers_are_at_least_one(workers: str, text: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(text), "--workers", workers]) == 2
    assert "1 or more" in told(capsys)


def test_a_name_with_a_line_end_stays_on_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    awkward = tmp_path / "two\nlines\x1b[31m.csv"
    awkward.write_bytes(BYTES)
    assert main(["audit-table", str(awkward)]) == 2
    said = told(capsys)
    assert said.count("\n") == 1
    assert "two\\nlines\\x1b" in said


def test_settings_that_are_missing_are_told_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("NGC_REGISTER_URL", raising=False)
    assert main(["status"]) == 2
    said = told(capsys)
    assert "NGC_REGISTER_URL is not set" in said
    assert ".local/site.env" in said
