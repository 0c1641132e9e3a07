"""`ngc check-list`: exit codes, both outputs, and no number in either."""

import io
import json
from pathlib import Path

import pytest
import pyzipper

from ngc_pipelines.cli import main

HEAD = "HJERTE\nserienummer;CPR-nummer\n"
GOOD = f"{HEAD}1;0201609995\n"
BAD = f"{HEAD}1;201609995\n2;0203291WQ3\n"


@pytest.fixture
def good(tmp_path: Path) -> Path:
    file = tmp_path / "liste.csv"
    file.write_text(GOOD, encoding="utf-8")
    return file


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    file = tmp_path / "liste.csv"
    file.write_text(BAD, encoding="utf-8")
    return file


@pytest.fixture
def locked(tmp_path: Path) -> Path:
    target = io.BytesIO()
    with pyzipper.AESZipFile(target, "w", encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(b"kode")
        archive.writestr("liste.csv", GOOD)
    file = tmp_path / "liste.zip"
    file.write_bytes(target.getvalue())
    return file


def test_a_good_list_exits_0_and_says_so(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-list", str(good), "--as-of", "2026-11-21", "--acronym", "HJERTE"]) == 0
    assert "The list can be used: 1 persons." in capsys.readouterr().out


def test_a_bad_list_exits_1_with_every_fault_and_no_number(bad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-list", str(bad), "--as-of", "2026-11-21"]) == 1
    out = capsys.readouterr().out
    assert "line 3, column B" in out
    assert "linje 4, kolonne B" in out
    assert "201609995" not in out
    assert "WQ3" not in out


def test_json_on_standard_output_is_alone_there(bad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-list", str(bad), "--as-of", "2026-11-21", "--json", "-"]) == 1
    result = json.loads(capsys.readouterr().out)
    assert (result["schema"], result["accepted"], result["persons"]) == ("ngc.cpr-list/1", False, 0)
    assert [(fault["kind"], fault["lines"], fault["column"]) for fault in result["faults"]] == [
        ("lost_zero", [3], "B"),
        ("ecpr_x", [4], "B"),
    ]


def test_json_into_a_file_leaves_the_words_on_the_terminal(
    good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check-list", str(good), "--as-of", "2026-11-21", "--json", str(tmp_path / "r.json")]) == 0
    assert json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["as_of"] == "2026-11-21"
    assert "can be used" in capsys.readouterr().out


@pytest.mark.parametrize(("password", "code"), [("kode\n", 0), ("other", 2), (None, 2)])
def test_an_encrypted_list_needs_its_password(
    locked: Path, tmp_path: Path, password: str | None, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["check-list", str(locked), "--as-of", "2026-11-21"]
    if password is not None:
        (tmp_path / "password").write_text(password, encoding="utf-8")
        arguments += ["--password-file", str(tmp_path / "password")]
    assert main(arguments) == code
    assert ("--password-file" in capsys.readouterr().err) == (code == 2)


def test_a_file_that_is_not_there_exits_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-list", str(tmp_path / "none.csv")]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_as_of_decides_who_is_born_in_the_future(tmp_path: Path) -> None:
    file = tmp_path / "liste.csv"
    file.write_text(f"{HEAD}1;2211264997\n", encoding="utf-8")
    assert main(["check-list", str(file), "--as-of", "2026-11-21"]) == 1
    assert main(["check-list", str(file), "--as-of", "2026-11-22"]) == 0
