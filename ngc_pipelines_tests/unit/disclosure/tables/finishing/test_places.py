"""Where a finished table goes: over nothing it must not replace, whole or not at all, for readers of the original."""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path

import pytest

from ngc_pipelines.cli import main
from ngc_pipelines.disclosure.tables.finishing import writing
from ngc_pipelines.disclosure.tables.finishing.changes import CannotWrite
from ngc_pipelines.disclosure.tables.finishing.document import Document, read_document
from ngc_pipelines.disclosure.tables.finishing.writing import Goal, write_finished
from ngc_pipelines_tests.unit.disclosure.tables.finishing.finished import finished

TEXT = "Region;A;B;Total\nN;3;67;70\nS;9;71;80\nW;12;90;102\nTotal;24;228;252\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "in.csv"
    file.write_text(TEXT, "utf-8")
    return file


@pytest.mark.parametrize("link", ["symbolic", "hard", "dotted"])
def test_the_original_is_not_written_over_by_another_name(link: str, table: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    if link == "symbolic":
        other.symlink_to(table)
    elif link == "hard":
        os.link(table, other)
    else:
        (tmp_path / "sub").mkdir()
        other = tmp_path / "sub" / ".." / "in.csv"
    assert main(["audit-table", str(table), "--write", str(other), "--force"]) == 2
    assert table.read_text("utf-8") == TEXT


def test_the_answer_as_json_is_written_over_no_table(table: Path, tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to(table)
    for name in ("in.csv", "link.csv"):
        assert main(["audit-table", str(table), "--json", str(tmp_path / name)]) == 2
    out = str(tmp_path / "out.csv")
    assert main(["audit-table", str(table), "--write", out, "--json", out]) == 2
    assert table.read_text("utf-8") == TEXT
    assert not (tmp_path / "out.csv").exists()


def test_the_hierarchy_is_not_written_over(table: Path, tmp_path: Path) -> None:
    other = tmp_path / "parents.csv"
    other.write_text("dimension,code,parent\nregion,N,Total\n", "utf-8")
    asked = ["audit-table", str(table), "--hierarchy", str(other), "--write", str(other), "--force"]
    assert main(asked) == 2
    assert other.read_text("utf-8").startswith("dimension")


def test_what_is_no_ordinary_file_is_not_replaced(table: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    assert main(["audit-table", str(table), "--write", str(tmp_path / "pipe.csv"), "--force"]) == 2
    assert (tmp_path / "pipe.csv").is_fifo()


def test_a_link_to_nothing_is_a_name_that_is_taken(table: Path, tmp_path: Path) -> None:
    (tmp_path / "out.csv").symlink_to(tmp_path / "nowhere.csv")
    assert main(["audit-table", str(table), "--write", str(tmp_path / "out.csv")]) == 2
    assert not (tmp_path / "nowhere.csv").exists()


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644])
@pytest.mark.parametrize("force", [False, True])
def test_nobody_reads_the_finished_table_who_may_not_read_the_original(
    mode: int, force: bool, table: Path, tmp_path: Path
) -> None:
    table.chmod(mode)
    out = tmp_path / "out.csv"
    if force:
        out.write_text("before", "utf-8")
        out.chmod(0o666)
    assert main(["audit-table", str(table), "--write", str(out), *(["--force"] if force else [])]) == 1
    assert out.stat().st_mode & 0o777 & ~mode == 0
    assert out.stat().st_mode & 0o400


def test_a_disk_that_takes_no_more_leaves_what_was_there(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finished(table, tmp_path / "first.csv")
    # Under the limit nothing else may be written: no compiled module either.
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20, hard))
    try:
        with pytest.raises(OSError, match="too large"):
            finished(table, tmp_path / "out.csv")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert sorted(one.name for one in tmp_path.iterdir()) == ["first.csv", "in.csv"]


def test_an_interruption_leaves_what_was_there(table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out.csv"
    out.write_text("before", "utf-8")

    def interrupted(_: Path) -> Document:
        raise KeyboardInterrupt

    monkeypatch.setattr(writing, "_read_back", interrupted)
    with pytest.raises(KeyboardInterrupt):
        finished(table, tmp_path / "new.csv")
    assert out.read_text("utf-8") == "before"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["in.csv", "out.csv"]


def test_a_name_that_was_taken_in_the_meantime_is_kept(table: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"

    def taken_meanwhile(_: Document) -> None:
        out.write_text("theirs", "utf-8")

    with pytest.raises(CannotWrite, match="--force"):
        write_finished(read_document(table), [], Goal(out), taken_meanwhile)
    assert out.read_text("utf-8") == "theirs"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["in.csv", "out.csv"]
