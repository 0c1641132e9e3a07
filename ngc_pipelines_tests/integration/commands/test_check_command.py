"""`ngc check` and `ngc known-ids` as a researcher meets them: exit codes, reports, messages."""

from __future__ import annotations

import json
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

CLEAR = "age;n\n0-17;50\n18-64;700\n65+;90\n"
NUMBER = "020160-9995"


def ngc(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command the way a terminal does."""
    command = [sys.executable, "-m", "ngc_pipelines.cli", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=300)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    results = tmp_path / "results"
    (results / "tables").mkdir(parents=True)
    (results / "tables" / "ages.txt").write_text(CLEAR, encoding="utf-8")
    return results


def test_clear_folder_ends_with_0_and_says_so(folder: Path) -> None:
    done = ngc("check", folder, cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert "CLEAR" in done.stdout


def test_findings_end_with_1_in_every_form_of_report_and_none_shows_the_number(folder: Path) -> None:
    (folder / "log <b>&.txt").write_text(f"patient {NUMBER}\n", encoding="utf-8")
    out = folder.parent
    done = ngc("check", folder, "--json", out / "r.json", "--html", out / "r.html", cwd=folder)
    assert done.returncode == 1
    told = json.loads((out / "r.json").read_text(encoding="utf-8"))
    page = (out / "r.html").read_text(encoding="utf-8")
    for text in (done.stdout, done.stderr, json.dumps(told), page):
        assert NUMBER not in text
        assert NUMBER.replace("-", "") not in text
    assert (told["schema"], told["verdict"]) == ("ngc.disclosure-report/1", "blocked")
    assert told["coverage"] == {"files": 2, "bytes": len(CLEAR) + 20, "not_read": []}
    flagged = {file["path"]: file for file in told["files"]}["log <b>&.txt"]
    assert len(flagged["sha256"]) == 64
    (finding,) = flagged["findings"]
    assert (
        finding.items()
        >= {
            "rule": "DC-3",
            "kind": "cpr",
            "severity": "block",
            "where": "line 1",
            "masked": "02****-****",
        }.items()
    )
    assert finding["advice"]
    assert "log &lt;b&gt;&amp;.txt" in page
    assert "<script" not in page


def test_page_is_well_formed_and_fetches_nothing(folder: Path) -> None:
    class Balance(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.open: list[str] = []
            self.fetched: list[str] = []

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.fetched += [name for name, value in attrs if name == "src" or (value or "").startswith("http")]
            if tag not in ("meta", "br"):
                self.open.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert self.open.pop() == tag

    (folder / "bad.pdf").write_text("no pdf", encoding="utf-8")
    ngc("check", folder, "--html", folder.parent / "r.html", cwd=folder)
    page = Balance()
    page.feed((folder.parent / "r.html").read_text(encoding="utf-8"))
    assert page.open == []
    assert page.fetched == []


def test_json_to_standard_output_is_all_that_is_printed_there(folder: Path) -> None:
    done = ngc("check", folder, "--json", "-", cwd=folder)
    assert json.loads(done.stdout)["verdict"] == "clear"


def test_manifest_and_known_ids_are_used(folder: Path) -> None:
    (folder / "note.txt").write_text("subject pseudo_00123 left\n", encoding="utf-8")
    (folder / "manifest.yaml").write_text(
        "- {path: tables/ages.txt, description: ages, reason: large}\n- {path: gone.txt, description: d, reason: r}\n",
        encoding="utf-8",
    )
    ids = folder.parent / "ids.txt"
    ids.write_text("PSEUDO-00123\nPSEUDO-00124\n", encoding="utf-8")
    filtered = folder.parent / "ids.ngcids"
    built = ngc("known-ids", "build", ids, "-o", filtered, cwd=folder)
    assert (built.returncode, built.stderr) == (0, "")
    assert b"00123" not in filtered.read_bytes()
    manifest = folder / "manifest.yaml"
    done = ngc("check", folder, "--manifest", manifest, "--known-ids", filtered, "--json", "-", cwd=folder)
    files = {
        file["path"]: {finding["kind"] for finding in file["findings"]} for file in json.loads(done.stdout)["files"]
    }
    assert files == {
        "tables/ages.txt": set(),
        "note.txt": {"known_id", "not_in_manifest"},
        "gone.txt": {"missing_file"},
    }


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["missing"], "no such file or folder"),
        (["results", "--policy", "broken.yaml"], "thresholds.cell"),
        (["results", "--known-ids", "empty.txt"], "no identifiers"),
        (["results", "--manifest", "broken.yaml"], "manifest"),
        (["results", "--policy", "nowhere.yaml"], "nowhere.yaml"),
        ([], "required"),
    ],
    ids=["no path", "policy", "known ids", "manifest", "no policy", "usage"],
)
def test_check_that_cannot_be_done_ends_with_2_and_says_why(folder: Path, arguments: list[str], says: str) -> None:
    (folder.parent / "broken.yaml").write_text("thresholds: {cell: -1}", encoding="utf-8")
    (folder.parent / "empty.txt").write_text("", encoding="utf-8")
    done = ngc("check", *arguments, cwd=folder.parent)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_help_tells_exit_codes_default_policy_and_an_example(folder: Path) -> None:
    done = ngc("check", "--help", cwd=folder)
    assert done.returncode == 0
    for word in ("exit codes", "default", "Tabel 1", "example", "--known-ids"):
        assert word in done.stdout


def test_help_of_known_ids_says_what_a_filter_leaves_out(folder: Path) -> None:
    done = ngc("known-ids", "--help", cwd=folder)
    assert "CPR" in done.stdout
