"""Files that other projects made to try readers out: each gives the finding that its index names.

The files come from the test suites of parsers (`corpus/index.csv` says whence and under which licence).
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from ngc_pipelines.disclosure.checking import check

CORPUS = Path(__file__).parents[2] / "corpus"
CLEAN = "none that blocks"


def test_every_file_gives_the_finding_its_index_names_and_clean_ones_none_that_blocks() -> None:
    with (CORPUS / "index.csv").open(encoding="utf-8", newline="") as stream:
        expected = {row["file"]: row["finding"] for row in csv.DictReader(stream)}
    report = check([CORPUS], as_of=date(2026, 11, 21), skip=[CORPUS / "index.csv"])
    found = {file.path: {finding.kind.value for finding in file.findings} for file in report.files}
    verdicts = {file.path: file.verdict for file in report.files}
    assert sorted(found) == sorted(expected)
    missed = {
        path: (finding, sorted(found[path]), verdicts[path])
        for path, finding in expected.items()
        if (verdicts[path] == "blocked" if finding == CLEAN else finding not in found[path])
    }
    assert missed == {}
