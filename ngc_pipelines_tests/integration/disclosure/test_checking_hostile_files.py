"""Whatever a file does, the check goes on, and what was not read is never clear."""

from __future__ import annotations

import errno
import gzip
import io
import os
import socket
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from ngc_pipelines.disclosure.checking import check
from ngc_pipelines.disclosure.identifiers.known import KnownIdentifiers
from ngc_pipelines.disclosure.limits import Limits
from ngc_pipelines.disclosure.manifest import Result
from ngc_pipelines.disclosure.policy import Policy
from ngc_pipelines.disclosure.results import FileResult, Report
from ngc_pipelines.disclosure.walking import NothingThere

AS_OF = date(2026, 11, 21)
TIGHT = Policy(limits=Limits(expanded_bytes=64 << 20, depth=5, parts=200, seconds=60, memory_bytes=1 << 30))
PLAIN = "age;n\n0-17;50\n18-64;700\n65+;90\n"


def report_of(folder: Path, **more: object) -> Report:
    """The report of a folder under tight limits, one file at a time."""
    return check([folder], as_of=AS_OF, policy=TIGHT, workers=1, **more)  # type: ignore[arg-type]  # only the tests' own


def by_name(report: Report) -> dict[str, FileResult]:
    """The results by the shown path."""
    return {file.path: file for file in report.files}


def kinds(file: FileResult) -> set[str]:
    """The kinds of a file's findings."""
    return {finding.kind.value for finding in file.findings}


def _zip(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def _nested(depth: int) -> bytes:
    data = b"inside"
    for _ in range(depth):
        data = _zip({"again.zip": data})
    return data


def _lying_size() -> bytes:
    data = bytearray(_zip({"a.txt": b"x" * 5000}))
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    return bytes(data)


HOSTILE: dict[str, Callable[[], bytes]] = {
    "bomb.gz": lambda: gzip.compress(bytes(80 << 20)),
    "nested.zip": lambda: _nested(12),
    "many.zip": lambda: _zip({f"{number}.txt": b"x" for number in range(400)}),
    "lying.zip": _lying_size,
    "cut.zip": lambda: _zip({"a.txt": b"x" * 5000})[:-30],
    "cut.gz": lambda: gzip.compress(os.urandom(5000))[:-100],
    "laughs.xml": lambda: b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">]><l>&a;</l>',
    "deep.xml": lambda: b"<?xml version='1.0'?>" + b"<a>" * 5000 + b"</a>" * 5000,
    "cut.xml": lambda: b"<?xml version='1.0'?><a><b>1</b>",
    "cut.pdf": lambda: b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog",
    "cut.png": lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "cut.xlsx": lambda: _zip({"[Content_Types].xml": b"<", "xl/workbook.xml": b"<"})[:-40],
    "cut.doc": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "cut.rtf": lambda: b"{\\rtf1 {\\object {\\*\\objdata 0105",
    "noise.txt": lambda: os.urandom(20_000),
}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> dict[str, FileResult]:
    folder = tmp_path_factory.mktemp("hostile")
    for name, make in HOSTILE.items():
        (folder / name).write_bytes(make())
    (folder / "good.txt").write_text(PLAIN, encoding="utf-8")
    return by_name(report_of(folder))


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_is_never_clear(hostile: dict[str, FileResult], name: str) -> None:
    assert hostile[name].verdict != "clear"


def test_good_file_beside_hostile_ones_is_clear(hostile: dict[str, FileResult]) -> None:
    assert hostile["good.txt"].verdict == "clear"
    assert hostile["good.txt"].findings == ()


@pytest.mark.parametrize("name", ["bomb.gz", "nested.zip", "many.zip", "laughs.xml", "deep.xml"])
def test_what_asks_for_too_much_is_called_a_bomb(hostile: dict[str, FileResult], name: str) -> None:
    assert "bomb" in kinds(hostile[name])
    assert hostile[name].not_read


def test_links_pipes_and_sockets_are_told_and_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "results"
    folder.mkdir()
    (tmp_path / "outside.txt").write_text("020160-9995", encoding="utf-8")
    (folder / "link.txt").symlink_to(tmp_path / "outside.txt")
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / "sock"))
        files = by_name(report_of(folder))
    assert set(files) == {"link.txt", "loop", "pipe.txt", "sock"}
    assert {file.verdict for file in files.values()} == {"blocked"}
    assert all(kinds(file) == {"unreadable"} for file in files.values())


def test_link_to_a_file_that_is_left_out_is_not_left_out(tmp_path: Path) -> None:
    (tmp_path / "manifest.yaml").write_text("[]", encoding="utf-8")
    (tmp_path / "link.txt").symlink_to(tmp_path / "manifest.yaml")
    files = by_name(report_of(tmp_path, skip=[tmp_path / "manifest.yaml"]))
    assert {path: file.verdict for path, file in files.items()} == {"link.txt": "blocked"}


def test_names_are_shown_on_one_line_without_the_identifiers_in_them(tmp_path: Path) -> None:
    known = KnownIdentifiers.from_identifiers(["PSEUDO-77123", "PSEUDO-77124"])
    for name in ("two\nlines.txt", "cpr 020160-9995.txt", "pseudo_77123.txt", "\x1b[31mred.txt"):
        (tmp_path / name).write_text(PLAIN, encoding="utf-8")
    (tmp_path / os.fsdecode(b"latin\xe6.txt")).write_text(PLAIN, encoding="utf-8")
    files = by_name(report_of(tmp_path, known_ids=known))
    assert set(files) == {
        "two\\nlines.txt",
        "cpr 02****-****.txt",
        "[id].txt",
        "\\x1b[31mred.txt",
        "latin\\udce6.txt",
    }
    assert kinds(files["cpr 02****-****.txt"]) == {"cpr"}
    assert kinds(files["[id].txt"]) == {"known_id"}


def test_file_without_permission_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> int:
        raise PermissionError(errno.EACCES, "refused", str(path))

    # Tests may run as root, whom no mode keeps out.
    monkeypatch.setattr("ngc_pipelines.disclosure.checking.open_plainly", refuse)
    (tmp_path / "secret.txt").write_text(PLAIN, encoding="utf-8")
    (file,) = report_of(tmp_path).files
    assert (file.verdict, kinds(file), file.not_read != ()) == ("blocked", {"unreadable"}, True)


def test_long_line_is_searched_to_its_end(tmp_path: Path) -> None:
    line = "word " * (1 << 20)
    (tmp_path / "long.txt").write_text(f"{line}020160-9995{line}", encoding="utf-8")
    assert "cpr" in kinds(by_name(report_of(tmp_path))["long.txt"])


def test_path_that_is_not_there_is_an_error_and_not_an_empty_report(tmp_path: Path) -> None:
    with pytest.raises(NothingThere):
        check([tmp_path / "missing"], as_of=AS_OF)


def test_manifest_is_held_against_what_lies_there(tmp_path: Path) -> None:
    for name in ("listed.txt", "changed.txt", "extra.txt"):
        (tmp_path / name).write_text(PLAIN, encoding="utf-8")
    declared = [
        Result("listed.txt", "ages", "at least 50 in each"),
        Result("changed.txt", "ages", "at least 50 in each", sha256="0" * 64),
        Result("absent.txt", "ages", "at least 50 in each"),
    ]
    files = by_name(report_of(tmp_path, manifest=declared))
    assert {name: kinds(file) for name, file in files.items()} == {
        "listed.txt": set(),
        "changed.txt": {"hash_mismatch"},
        "extra.txt": {"not_in_manifest"},
        "absent.txt": {"missing_file"},
    }


def test_files_come_in_the_order_of_their_paths_whatever_the_workers(tmp_path: Path) -> None:
    for number in range(12):
        (tmp_path / f"{number:02}.txt").write_text(PLAIN * (1 + 500 * (number % 3)), encoding="utf-8")
    report = check([tmp_path], as_of=AS_OF, policy=TIGHT, workers=2)
    assert [file.path for file in report.files] == sorted(file.path for file in report.files)
    assert report.verdict == "clear"


def test_file_that_needs_more_memory_than_allowed_stops_at_the_limit(tmp_path: Path) -> None:
    (tmp_path / "large.gz").write_bytes(gzip.compress(bytes(500 << 20), 1))
    (tmp_path / "small.txt").write_text(PLAIN, encoding="utf-8")
    limits = Limits(expanded_bytes=2 << 30, ratio=1e9, memory_bytes=192 << 20)
    files = by_name(check([tmp_path], as_of=AS_OF, policy=Policy(limits=limits), workers=1))
    assert kinds(files["large.gz"]) & {"bomb", "unreadable"}
    assert files["large.gz"].not_read
    assert files["small.txt"].verdict == "clear"


def test_file_that_takes_longer_than_allowed_stops_at_the_limit(tmp_path: Path) -> None:
    (tmp_path / "slow.txt").write_text(PLAIN * 1000, encoding="utf-8")
    (file,) = check([tmp_path], as_of=AS_OF, policy=Policy(limits=Limits(seconds=1e-6)), workers=1).files
    assert "bomb" in kinds(file)
    assert file.not_read
