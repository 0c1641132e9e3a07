"""The ledger of what has left: it keeps what was written, notices what was changed, and counts in the next check."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from ngc_pipelines.cli import main
from ngc_pipelines.disclosure.tables.audit import Question
from ngc_pipelines.disclosure.tables.folder_audit import audit_folder
from ngc_pipelines.disclosure.tables.ledger import BrokenLedger, Release, add_release, read_ledger, release_of
from ngc_pipelines.disclosure.tables.reading.tidy import tidy_table
from ngc_pipelines.disclosure.tables.relations.tidy import TidyTable
from ngc_pipelines.disclosure.tables.stored import table_to_data
from ngc_pipelines_tests.unit.disclosure.tables.grids import printed
from ngc_pipelines_tests.unit.disclosure.tables.test_together import HIDDEN, ROW_BESIDE

DAY = date(2026, 3, 1)


def release(number: int, text: str = HIDDEN) -> Release:
    return Release(f"EXP-2026-{number:05}", DAY + timedelta(days=number), (printed(text, where=f"t{number}"),))


def tidy() -> TidyTable:
    rows = [["region", "sex", "count"], ["N", "F", "12"], ["N", "M", "<5"], ["Total", "Total", "16"]]
    return tidy_table(rows, "tidy")


def test_fifty_releases_come_back_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "project.ledger"
    written = [release(number, HIDDEN.replace("124", str(120 + number))) for number in range(50)]
    digests = [add_release(path, one) for one in written]
    assert read_ledger(path, newest=digests[-1]) == tuple(written)
    assert len(set(digests)) == 50


def test_tidy_tables_and_strange_labels_come_back_too(tmp_path: Path) -> None:
    path = tmp_path / "project.ledger"
    strange = "Region\u2028Nord\x85|n\nNord\x0b|124\nSyd|180\nTotal|304"
    kept = Release("EXP-2026-00001", DAY, (tidy(), printed(strange)))
    add_release(path, kept)
    add_release(path, release(2))
    assert read_ledger(path) == (kept, release(2))


def test_a_release_with_labels_that_are_cut_is_still_known_for_the_same(tmp_path: Path) -> None:
    path = tmp_path / "project.ledger"
    long = Release("EXP-2026-00001", DAY, (printed(HIDDEN, title="t" * 1000),))
    assert add_release(path, long) == add_release(path, long)
    assert len(read_ledger(path)) == 1


def test_releases_cut_off_at_the_end_are_noticed_by_who_kept_the_digest(tmp_path: Path) -> None:
    path = tmp_path / "project.ledger"
    add_release(path, release(1))
    newest = add_release(path, release(2))
    path.write_text(path.read_text(encoding="utf-8").split("\n")[0] + "\n", encoding="utf-8")
    with pytest.raises(BrokenLedger, match="cut off"):
        read_ledger(path, newest=newest)


def test_writers_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "project.ledger"
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda number: add_release(path, release(number)), range(8)))
    assert {one.name for one in read_ledger(path)} == {release(number).name for number in range(8)}


def test_another_versions_ledger_is_refused_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "project.ledger"
    add_release(path, release(1))
    path.write_text(path.read_text(encoding="utf-8").replace("ngc.ledger/1", "ngc.ledger/7"), encoding="utf-8")
    with pytest.raises(BrokenLedger, match=r"another version \(ngc\.ledger/7\)"):
        read_ledger(path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"\xff\xfe\x00",
        b"{}",
        b"[1]",
        b'"ngc.ledger/1"',
        b"PK\x03\x04 a workbook",
        b"[" * 100_000,
        b'{"schema": "ngc.ledger/1", "before": "sha256:0", "tables": []}',
    ],
    ids=["empty", "blank", "no text", "object", "list", "text", "workbook", "deep", "no chain"],
)
def test_what_is_no_ledger_is_refused_and_left_as_it_was(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "project.ledger"
    path.write_bytes(content)
    with pytest.raises(BrokenLedger):
        read_ledger(path)
    with pytest.raises(BrokenLedger):
        add_release(path, release(1))
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    ("part", "value"), [("released", "2026-02-30"), ("released", 7), ("name", None), ("tables", [{}]), ("tables", 3)]
)
def test_a_line_with_a_part_that_is_wrong_is_refused(tmp_path: Path, part: str, value: object) -> None:
    path = tmp_path / "project.ledger"
    add_release(path, release(1))
    data = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**data, part: value}) + "\n", encoding="utf-8")
    with pytest.raises(BrokenLedger, match="line 1"):
        read_ledger(path)


def test_the_order_of_earlier_releases_does_not_matter() -> None:
    earlier = [release(1), release(2, ROW_BESIDE), release(3, "Region|n\nNorth|121\nSouth|180\nWest|110\nTotal|411")]
    files = {"now.txt": [printed("Region|n\nNorth|124\nSouth|180\nWest|110\nTotal|414")]}
    told = [
        sorted(repr((one.path, one.finding.kind, one.finding.count)) for one in audit_folder(files, order, Question()))
        for order in (earlier, earlier[::-1], [earlier[1], earlier[2], earlier[0]])
    ]
    assert told[0] == told[1] == told[2]
    assert told[0]


def test_only_what_left_is_taken_up() -> None:
    tables = {"a.txt": [table_to_data(printed(HIDDEN))], "b.txt": [table_to_data(printed(ROW_BESIDE))], "c.txt": []}
    kept = release_of("EXP-2026-00001", DAY, tables, approved=["b.txt", "c.txt"])
    assert [table.where for table in kept.tables] == ["b.txt › t"]
    with pytest.raises(ValueError, match="1 of the files"):
        release_of("EXP-2026-00001", DAY, tables, approved=["a.txt", "d.txt"])


def test_a_ledger_made_on_the_command_line_counts_in_the_next_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, now = tmp_path / "before", tmp_path / "now"
    before.mkdir()
    now.mkdir()
    table = "Region;Women;Men;Total\nNorth;{};131;{}\nSouth;88;92;180\nWest;50;60;110\nTotal;{};283;{}\n"
    (before / "t.txt").write_text(table.format(120, 251, 258, 541), encoding="utf-8")
    (now / "u.txt").write_text(table.format(117, 248, 255, 538), encoding="utf-8")
    ledger = str(tmp_path / "project.ledger")
    assert main(["check", str(now), "--json", str(tmp_path / "alone.json")]) == 0
    assert main(["ledger", "add", ledger, str(before), "--name", "EXP-2026-00001", "--released", "2026-03-01"]) == 0
    assert main(["ledger", "show", ledger]) == 0
    assert "EXP-2026-00001  2026-03-01  1 tabeller / tables, 12 celler / cells" in capsys.readouterr().out
    assert main(["check", str(now), "--ledger", ledger, "--json", str(tmp_path / "r.json")]) == 1
    (file,) = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["files"]
    assert {finding["rule"] for finding in file["findings"]} == {"DC-6"}
    assert "120 − 117 = 3 (EXP-2026-00001 (2026-03-01) › t.txt › line 2" in file["findings"][0]["message"]


def test_a_ledger_that_cannot_be_used_is_told_in_plain_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken.ledger"
    broken.write_text("{}", encoding="utf-8")
    result = tmp_path / "t.txt"
    result.write_text("Region;n\nNord;120\n", encoding="utf-8")
    for command in (
        ["check", str(result), "--ledger", str(broken)],
        ["ledger", "show", str(broken)],
        ["ledger", "add", str(broken), str(result), "--name", "EXP-2026-00001"],
        ["ledger", "show", str(tmp_path / "none.ledger")],
        ["ledger", "add", str(tmp_path / "no" / "l"), str(result), "--name", "EXP-2026-00001"],
        ["ledger", "add", str(tmp_path / "l"), str(tmp_path / "none"), "--name", "EXP-2026-00001"],
    ):
        assert main(command) == 2
        told = capsys.readouterr().err
        assert told.startswith(f"ngc {command[0]}: ")
        assert "Traceback" not in told
    assert broken.read_text(encoding="utf-8") == "{}"


def test_the_same_release_of_another_day_is_another_one(tmp_path: Path) -> None:
    path = tmp_path / "project.ledger"
    add_release(path, release(1))
    add_release(path, replace(release(1), released=DAY))
    assert len(read_ledger(path)) == 2
