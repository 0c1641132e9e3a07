"""A folder of ordinary tables, and one huge table, through the whole of `ngc check`.

Run: `python -m benchmarks.folder [--tables 200] [--cells 1000000] [--seconds 300]`. The tables are workbooks, texts and
pages that share the totals of one population, so that they are one system; the huge table has small cells blanked and
nothing besides. Beside each stands what a plain reader takes for the same files: openpyxl, csv, html.parser. Seconds
are of the processor, of all the check's processes together; peak memory is of the largest of them. What the policy's
time ended is not counted whole: a process that is stopped at its limit takes its seconds with it.
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.checker import peak_memory

REGIONS = ("Hovedstaden", "Sjælland", "Syddanmark", "Midtjylland", "Nordjylland")
AGES = ("0-17", "18-39", "40-59", "60-69", "70-79", "80+")
# Tables of one topic have the same persons, so the same totals of regions.
TOPICS = 20

Grid = list[list[str]]


def write_folder(folder: Path, tables: int) -> int:
    """`tables` ordinary tables of five regions by six groups; how many cells they have."""
    draw = np.random.default_rng(4)
    totals = [draw.integers(80, 900, len(REGIONS)) for _ in range(TOPICS)]
    for number in range(tables):
        shares = draw.dirichlet(np.full(len(AGES), 1.5))
        counts = np.array([draw.multinomial(total, shares) for total in totals[number % TOPICS]])
        grid = _printed(counts, REGIONS, AGES)
        _WRITERS[number % len(_WRITERS)](folder / f"table_{number:03}", f"Patients, topic {number % TOPICS}", grid)
    return tables * (len(REGIONS) + 1) * (len(AGES) + 1)


def write_huge(folder: Path, cells: int) -> int:
    """One table of about `cells` cells as text; how many it has."""
    draw = np.random.default_rng(1)
    side = max(2, round(cells**0.5) - 1)
    expected = 20.0 * np.outer(draw.lognormal(0.0, 0.6, side), draw.lognormal(0.0, 0.6, side))
    names = [f"area {n}" for n in range(side)], [f"group {n}" for n in range(side)]
    _write_text(folder / "huge", "", _printed(draw.poisson(expected), *names))
    return int((side + 1) ** 2)


def _printed(counts: NDArray[np.int64], rows: Sequence[str], columns: Sequence[str]) -> Grid:
    """The counts with totals, small ones blanked, and no line with one blanked cell where that can be helped."""
    hidden = (counts > 0) & (counts < 5)
    for shown, lines in ((counts, hidden), (counts.T, hidden.T)):
        for values, blanked in zip(shown, lines, strict=True):
            if blanked.sum() == 1:
                blanked[np.argmin(np.where(blanked | (values == 0), np.inf, values))] = True
    full = np.block([[counts, counts.sum(axis=1)[:, None]], [counts.sum(axis=0)[None, :], np.array([[counts.sum()]])]])
    text = full.astype(str).astype(object)
    text[:-1, :-1][hidden] = "*"
    return [
        ["", *columns, "Total"],
        *([name, *line] for name, line in zip([*rows, "Total"], text.tolist(), strict=True)),
    ]


def _write_workbook(path: Path, title: str, grid: Grid) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(path.with_suffix(".xlsx")) as book:
        sheet = book.add_worksheet("T1")
        sheet.write(0, 0, title)
        for row, line in enumerate(grid, start=2):
            sheet.write_row(row, 0, [int(cell) if cell.isdigit() else cell for cell in line])


def _write_text(path: Path, title: str, grid: Grid) -> None:
    with path.with_suffix(".txt").open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([*([[title]] if title else []), *grid])


def _write_page(path: Path, title: str, grid: Grid) -> None:
    lines = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in line)}</tr>" for line in grid)
    page = f"<html><body><h1>{title}</h1><table>{lines}</table></body></html>"
    path.with_suffix(".html").write_text(page, encoding="utf-8")


_WRITERS = (_write_workbook, _write_text, _write_page)


def read_plainly(folder: Path) -> int:
    """Every cell of the folder with plain readers; cells that hold something."""
    import openpyxl

    cells = 0
    for path in sorted(folder.iterdir()):
        if path.suffix == ".xlsx":
            for sheet in openpyxl.load_workbook(path, read_only=True):
                cells += sum(value is not None for row in sheet.iter_rows(values_only=True) for value in row)
        elif path.suffix == ".html":
            reader = _Cells()
            reader.feed(path.read_text(encoding="utf-8"))
            cells += reader.cells
        else:
            with path.open(newline="", encoding="utf-8") as lines:
                cells += sum(bool(cell) for row in csv.reader(lines) for cell in row)
    return cells


class _Cells(HTMLParser):
    """Counts the cells of a page that hold something."""

    cells = 0

    def handle_data(self, data: str) -> None:
        self.cells += bool(data.strip())


def check(folder: Path, seconds: float) -> None:
    """`ngc check` of the folder; the report goes beside it."""
    from ngc_pipelines.cli import main as ngc

    policy = folder.with_suffix(".policy.json")
    policy.write_text(json.dumps({"name": "benchmark", "limits": {"seconds": seconds}}), encoding="ascii")
    code = ngc(["check", str(folder), "--policy", str(policy), "--json", str(_report(folder))])
    if code not in (0, 1):
        raise SystemExit(code)


def _report(folder: Path) -> Path:
    return folder.with_suffix(".report.json")


def measured(work: str, folder: Path, seconds: float) -> tuple[float, float]:
    """Seconds of processor time and peak memory in MiB of one piece of work in a fresh process."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.folder", "--work", work, "--path", str(folder), "--seconds", str(seconds)],
        check=True,
        capture_output=True,
        text=True,
    )
    told = json.loads(done.stdout.splitlines()[-1])
    return float(told[0]), float(told[1])


def _worker(work: str, folder: Path, seconds: float) -> None:
    start = time.process_time()
    if work == "check":
        check(folder, seconds)
    else:
        read_plainly(folder)
    own, others = time.process_time() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    used = own + others.ru_utime + others.ru_stime
    sys.stdout.write("\n" + json.dumps((used, max(peak_memory(), others.ru_maxrss / 1024))))


def main() -> None:
    """Measures both folders and prints what was decided."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", type=int, default=200)
    parser.add_argument("--cells", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=300.0, help="what the policy gives one file, wall clock")
    parser.add_argument("--work", choices=("check", "plain"), help=argparse.SUPPRESS)
    parser.add_argument("--path", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.work:
        _worker(args.work, args.path, args.seconds)
        return
    with tempfile.TemporaryDirectory() as temporary:
        for name, write, size in (("ordinary", write_folder, args.tables), ("huge", write_huge, args.cells)):
            if size:
                folder = Path(temporary) / name
                folder.mkdir()
                _measure(folder, write(folder, size), args.seconds)


def _measure(folder: Path, cells: int, limit: float) -> None:
    plain, plain_peak = measured("plain", folder, limit)
    seconds, peak = measured("check", folder, limit)
    report = json.loads(_report(folder).read_text(encoding="utf-8"))
    verdicts = Counter(file["verdict"] for file in report["files"])
    kinds = Counter(f"{found['kind']} ({found['severity']})" for file in report["files"] for found in file["findings"])
    said = ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items()))
    _say(f"{folder.name}: {len(report['files'])} files, {cells:,} cells: {report['verdict']} ({said})")
    _say(f"  checked in {seconds:.1f} s, {peak:.0f} MiB = {seconds / plain:.0f} times plain readers' {plain:.2f} s")
    _say(f"  plain readers alone: {plain_peak:.0f} MiB")
    for kind, count in sorted(kinds.items()):
        _say(f"    {count} × {kind}")
    for left in report["coverage"]["not_read"]:
        _say(f"    not read: {left['path']}: {left['why']}")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
