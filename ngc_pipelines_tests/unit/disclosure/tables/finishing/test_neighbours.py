"""Numbers that no label ties to a blanked cell, and that give it back: nothing is written while they stand there."""

from __future__ import annotations

from pathlib import Path

import pytest

from ngc_pipelines.disclosure.tables.finishing.changes import CannotWrite
from ngc_pipelines_tests.unit.disclosure.tables.finishing.finished import finished

DIFFERENCES = ["Region;Kvinder;Mænd;Forskel", "Nord;3;12;9", "Syd;25;31;6", "Vest;44;40;-4"]
CUMULATED = ["Alder;Antal;Kumuleret", "0-17;3;3", "18-39;21;24", "40-64;12;36", "65+;31;67", "I alt;67;67"]
ELSEWHERE = [
    *("Region;Kvinder;Mænd;I alt", "Nord;3;4127;4130", "Syd;2533;3139;5672", "Vest;4;5581;5585"),
    *("I alt;2540;12847;15387", "", "Rang;Gruppe;Antal", "1;Vest M;5581", "2;Nord M;4127"),
]
UNTIED = ["Region;Kvinder;Mænd;Senge", "Nord;3;12;200", "Syd;25;31;350", "Vest;44;40;410"]


@pytest.mark.parametrize("lines", [DIFFERENCES, CUMULATED, ELSEWHERE], ids=["differences", "cumulated", "elsewhere"])
def test_numbers_that_give_a_blanked_cell_back_are_refused(lines: list[str], tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("\n".join(lines) + "\n", "utf-8")
    with pytest.raises(CannotWrite):
        finished(tmp_path / "in.csv", tmp_path / "out.csv", prefer="blank")
    assert [one.name for one in tmp_path.iterdir()] == ["in.csv"]


def test_numbers_that_are_no_sums_of_their_neighbours_stay(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("\n".join(UNTIED) + "\n", "utf-8")
    finished(tmp_path / "in.csv", tmp_path / "out.csv", prefer="blank")
    after = (tmp_path / "out.csv").read_text("utf-8").splitlines()
    assert after[1] == "Nord;*;12;200"
    assert after[2:] == UNTIED[2:]
