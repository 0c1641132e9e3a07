"""A finished csv, tsv or txt is its original byte for byte, but for the fields that were blanked."""

from __future__ import annotations

from pathlib import Path

import pytest

from ngc_pipelines.disclosure.tables.finishing.changes import CannotWrite
from ngc_pipelines_tests.unit.disclosure.tables.finishing.finished import finished

LINES = [
    "Region;Kvinder;Mænd;I alt",
    "Nord;3;12;15",
    "Syd;25;31;56",
    '"Øst; indre";44;1.040;1.084',
    "Vest;4;55;59",
    "I alt;76;1.138;1.214",
]
BLANKED = [LINES[0], "Nord;*;*;15", LINES[2], LINES[3], "Vest;*;*;59", LINES[5]]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encoding_mark_line_ends_and_quotes_stay(encoding: str, end: str, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_bytes((end.join(LINES) + end).encode(encoding))
    finished(tmp_path / "in.csv", tmp_path / "out.csv", prefer="blank")
    assert (tmp_path / "out.csv").read_bytes() == (end.join(BLANKED) + end).encode(encoding)


def test_tabs_stay_and_a_missing_last_line_end_stays_missing(tmp_path: Path) -> None:
    (tmp_path / "in.tsv").write_bytes("\n".join(LINES).replace("; i", " i").replace(";", "\t").encode())
    finished(tmp_path / "in.tsv", tmp_path / "out.tsv", prefer="blank")
    after = (tmp_path / "out.tsv").read_bytes().decode()
    assert after == "\n".join(BLANKED).replace("; i", " i").replace(";", "\t")


def test_a_title_above_and_a_note_below_stay(tmp_path: Path) -> None:
    text = "Tabel 1. Patienter\n\n" + "\n".join(LINES) + "\n\nKilde: NGC\n"
    (tmp_path / "in.csv").write_text(text, "utf-8")
    finished(tmp_path / "in.csv", tmp_path / "out.csv", prefer="blank")
    assert (tmp_path / "out.csv").read_text("utf-8") == text.replace("Nord;3;12", "Nord;*;*").replace(
        "Vest;4;55", "Vest;*;*"
    )


def test_a_tidy_table_is_blanked_in_its_count_column(tmp_path: Path) -> None:
    counts = {("N", "F"): 3, ("N", "M"): 12, ("S", "F"): 25, ("S", "M"): 31, ("E", "F"): 44, ("E", "M"): 2}
    lines = [f"{region},{sex},{n}" for (region, sex), n in counts.items()]
    lines += [f"{region},Total,{sum(n for (r, _), n in counts.items() if r == region)}" for region in "NSE"]
    lines += [f"Total,{sex},{sum(n for (_, s), n in counts.items() if s == sex)}" for sex in "FM"]
    (tmp_path / "in.csv").write_text("region,sex,count\n" + "\n".join([*lines, "Total,Total,117"]) + "\n")
    finished(tmp_path / "in.csv", tmp_path / "out.csv", prefer="blank")
    after = (tmp_path / "out.csv").read_text().splitlines()
    assert "N,F,*" in after
    assert "E,M,*" in after
    changed = [line for line in after if line not in ["region,sex,count", *lines, "Total,Total,117"]]
    assert all(line.endswith(",*") for line in changed)


def test_a_table_printed_with_blanks_is_refused(tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("> table(d$sex, d$case)\n\n      0  1\n  F  12  3\n  M  40 21\n")
    with pytest.raises(CannotWrite):
        finished(tmp_path / "in.txt", tmp_path / "out.txt")
    assert not (tmp_path / "out.txt").exists()
