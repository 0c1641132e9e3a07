"""`ngc audit-table`: exit codes and words for tables of every kind, and for what is no table."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from ngc_pipelines.cli import main

ROWS: list[list[str | int | None]] = [
    ["Region", "Kvinder", "Mænd", "I alt"],
    ["Nord", 120, 131, 251],
    ["Syd", None, 13, 93],
    ["I alt", 200, 144, 344],
]


def _text(rows: list[list[str | int | None]], sign: str) -> str:
    return "".join(sign.join("" if cell is None else str(cell) for cell in row) + "\n" for row in rows)


def _as_html(rows: list[list[str | int | None]]) -> str:
    lines = ("".join(f"<td>{'' if cell is None else cell}</td>" for cell in row) for row in rows)
    return f"<html><body><table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table></body></html>"


def _written(folder: Path, extension: str) -> Path:
    file = folder / f"tabel.{extension}"
    if extension == "xlsx":
        book = openpyxl.Workbook()
        for row in ROWS:
            book.active.append(row)
        book.save(file)
    elif extension == "html":
        file.write_text(_as_html(ROWS), encoding="utf-8")
    else:
        file.write_text(_text(ROWS, {"csv": ";", "tsv": "\t"}[extension]), encoding="utf-8")
    return file


@pytest.mark.parametrize("extension", ["csv", "tsv", "xlsx", "html"])
def test_an_empty_cell_that_can_be_calculated_back_is_told_in_every_format(
    extension: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit-table", str(_written(tmp_path, extension)), "--json", "-"]) == 1
    (table,) = json.loads(capsys.readouterr().out)["tables"]
    (blanked,) = table["blanked"]
    assert blanked["cell"] == {"row": "Syd", "column": "Kvinder"}
    assert (blanked["low"], blanked["high"], blanked["status"]) == (80, 80, "exact")


def test_a_tidy_table_is_read_by_its_codes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "tidy.csv"
    file.write_text("region,count\nNord,12\nSyd,\nTotal,40\n", encoding="utf-8")
    assert main(["audit-table", str(file), "--json", "-"]) == 1
    (table,) = json.loads(capsys.readouterr().out)["tables"]
    assert [(one["cell"], one["low"]) for one in table["blanked"]] == [({"region": "Syd"}, 28)]


def test_a_safe_table_leaves_with_zero(tmp_path: Path) -> None:
    file = tmp_path / "safe.csv"
    file.write_text("Region;A;B;Total\nN;*;*;70\nS;*;*;80\nTotal;60;90;150\n", encoding="utf-8")
    assert main(["audit-table", str(file)]) == 0


def test_totals_that_are_no_sums_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "odd.csv"
    file.write_text("Region;A;B;Total\nN;10;20;35\nS;5;6;11\nTotal;15;26;46\n", encoding="utf-8")
    assert main(["audit-table", str(file)]) == 1
    assert "'Total' is not the sum of what stands beside it" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.csv", b""),
        ("blank.csv", b"\n\n;;\n"),
        ("words.txt", b"Only words stand here.\nAnd here.\n"),
        ("bytes.csv", bytes(range(256)) * 8),
    ],
)
def test_what_holds_no_table_is_said_to(
    name: str, data: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / name
    file.write_bytes(data)
    assert main(["audit-table", str(file)]) == 2
    told = capsys.readouterr()
    assert name in told.err
    assert told.out == ""


def test_a_file_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit-table", str(tmp_path / "gone.csv")]) == 2
    assert "gone.csv" in capsys.readouterr().err


def test_a_table_printed_into_a_log_is_audited(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "run.txt"
    file.write_text("Results\n\n> table(d$sex, d$case)\n\n      0  1\n  F  12  3\n  M  40 21\n", encoding="utf-8")
    assert main(["audit-table", str(file)]) == 1
    assert "printed cells under 5" in capsys.readouterr().out


def _small(folder: Path, name: str = "small.csv") -> Path:
    file = folder / name
    file.write_text("Region;A;B;Total\nN;3;67;70\nS;9;71;80\nW;12;90;102\nTotal;24;228;252\n", encoding="utf-8")
    return file


def test_a_finished_table_is_written_and_passes_the_audit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.csv"
    assert main(["audit-table", str(_small(tmp_path)), "--write", str(out), "--json", "-"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["written"]["file"] == str(out)
    assert report["repair"]["protected"]
    assert main(["audit-table", str(out)]) == 0


def test_what_is_proposed_to_blank_protects_by_itself_whatever_is_preferred(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = _small(tmp_path)
    assert main(["audit-table", str(file), "--prefer", "merge", "--json", "-"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["repair"]["merge"]
    lines = [line.split(";") for line in file.read_text(encoding="utf-8").splitlines()]
    for one in report["tables"][0]["propose"]:
        row = next(line for line in lines if line[0] == one["cell"]["row"])
        row[lines[0].index(one["cell"]["column"])] = "*"
    (tmp_path / "by_hand.csv").write_text("\n".join(";".join(line) for line in lines) + "\n", encoding="utf-8")
    assert main(["audit-table", str(tmp_path / "by_hand.csv")]) == 0


def test_the_input_and_an_existing_file_are_not_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = _small(tmp_path), tmp_path / "out.csv"
    before = file.read_bytes()
    out.write_text("mine", encoding="utf-8")
    assert main(["audit-table", str(file), "--write", str(file), "--force"]) == 2
    assert main(["audit-table", str(file), "--write", str(out)]) == 2
    assert "--force" in capsys.readouterr().err
    assert (file.read_bytes(), out.read_text(encoding="utf-8")) == (before, "mine")
    assert main(["audit-table", str(file), "--write", str(out), "--force"]) == 1
    assert "*" in out.read_text(encoding="utf-8")


def test_a_type_that_cannot_be_written_is_refused_with_those_that_can(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(b"%PDF-1.4")
    assert main(["audit-table", str(file), "--write", str(tmp_path / "out.pdf")]) == 2
    told = capsys.readouterr().err
    assert "xlsx" in told
    assert "csv" in told


def test_rounding_that_is_not_enough_leaves_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "in.csv"
    file.write_text("R;A;B;Total\nN;2;7;9\nS;3;12;15\nW;13;40;53\nTotal;18;59;77\n", encoding="utf-8")
    code = main(["audit-table", str(file), "--round", "5", "--write", str(tmp_path / "out.csv"), "--json", "-"])
    report = json.loads(capsys.readouterr().out)
    assert report["round"]["to"] == 5
    assert (code == 2) == bool(report["round"]["remains"])
    assert (tmp_path / "out.csv").exists() != bool(report["round"]["remains"])


def test_a_table_whose_numbers_do_not_fit_is_not_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "odd.csv"
    file.write_text("Region;A;B;Total\nN;3;20;35\nS;5;6;11\nTotal;15;26;46\n", encoding="utf-8")
    assert main(["audit-table", str(file), "--write", str(tmp_path / "out.csv")]) == 2
    assert not (tmp_path / "out.csv").exists()


def test_what_asks_for_two_things_is_refused(tmp_path: Path) -> None:
    file = str(_small(tmp_path))
    assert main(["audit-table", file, "--round", "5", "--prefer", "merge"]) == 2
    assert main(["audit-table", file, "--mark", "<5"]) == 2
    assert main(["audit-table", file, file, "--write", str(tmp_path / "out.csv")]) == 2
