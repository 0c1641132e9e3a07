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
