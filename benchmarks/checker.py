"""The checker against bare searching: text with known identifiers, a workbook, a folder on every core.

Run: `python -m benchmarks.checker [--megabytes 128] [--ids 1000000] [--rows 100000] [--files 60]`.
Every measurement runs in a process of its own, whose processor time and peak memory are told; each
stands beside what the same library does alone: ripgrep (where it is on PATH) or re2 with the pattern
of CPR numbers only, python-calamine reading the same workbook.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

AS_OF = date(2026, 11, 21)
CPR = r"(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])[0-9]{2}[- ]?[0-9]{4}"
_WORDS = ("info", "step", "region", "model", "fitted", "value", "run", "at", "table", "mean", "count", "ended")


def write_log(path: Path, megabytes: int, ids: list[str]) -> int:
    """A log with a known identifier about every thousand lines and no CPR number; its size."""
    chance = random.Random(1)
    lines = []
    for n in range(50_000):
        words = " ".join(chance.choices(_WORDS, k=9))
        known = f" {ids[n % len(ids)]}" if n % 1000 == 0 else ""
        lines.append(f"2026-03-{n % 28 + 1:02} 12:{n % 60:02}:{n * 7 % 60:02} {words} {chance.random():.6f}{known}")
    block = ("\n".join(lines) + "\n").encode()
    with path.open("wb") as out:
        for _ in range(max(1, megabytes * 1_000_000 // len(block))):
            out.write(block)
    return path.stat().st_size


def write_workbook(path: Path, rows: int) -> int:
    """A workbook of aggregated numbers; its size."""
    import xlsxwriter

    chance = random.Random(2)
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("T1")
        sheet.write_row(0, 0, ["group", *(f"mean {n}" for n in range(9))])
        for row in range(1, rows):
            sheet.write_row(row, 0, [f"group {row % 40}", *(round(chance.random() * 100, 3) for _ in range(9))])
    return path.stat().st_size


def judge_file(path: str, ids: str | None) -> int:
    """Judge one file as the confined process does; findings."""
    from ngc_pipelines.disclosure.identifiers.known import read_known_ids
    from ngc_pipelines.disclosure.judging import judge
    from ngc_pipelines.disclosure.opening import Source
    from ngc_pipelines.disclosure.policy import DEFAULT_POLICY

    known = read_known_ids(Path(ids)) if ids else None
    with Source.of_file(path) as source:
        extension = path.rsplit(".", 1)[-1]
        judged = judge(source, extension=extension, policy=DEFAULT_POLICY, as_of=AS_OF, known_ids=known)
    return sum(finding.count for finding in judged.findings)


def search_with_re2(path: str, _: str | None) -> int:
    """Search one file for CPR numbers with re2 alone; matches."""
    from ngc_pipelines.disclosure.byte_patterns import compiled

    pattern = compiled(CPR.encode())
    with open(path, "rb") as stream:  # noqa: PTH123 - blocks of a plain file
        return sum(sum(1 for _ in pattern.finditer(block)) for block in iter(lambda: stream.read(1 << 20), b""))


def read_with_calamine(path: str, _: str | None) -> int:
    """Read every cell of a workbook with python-calamine alone; cells."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(path)
    return sum(len(row) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python())


WORK: dict[str, Callable[[str, str | None], int]] = {
    "checker": judge_file,
    "re2": search_with_re2,
    "calamine": read_with_calamine,
}


def measured(work: str, path: Path, ids: Path | None = None) -> tuple[float, float]:
    """Seconds of processor time and peak memory in MiB of one piece of work in a fresh process."""
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.checker", "--work", work, "--path", str(path), "--known", str(ids or "")],
        check=True,
        capture_output=True,
        text=True,
    )
    seconds, peak = json.loads(told.stdout)
    return seconds, peak


def peak_memory() -> float:
    """Most memory this process held, in MiB; `ru_maxrss` would count its parent's from before the exec."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def show(what: str, size: int, seconds: float, peak: float | None = None) -> None:
    """One line of the result."""
    memory = f", peak {peak:,.0f} MiB" if peak is not None else ""
    print(f"{what:<44} {size / 1e6 / seconds:8.1f} MB/s  {seconds:7.2f} s{memory}")  # noqa: T201 - the benchmark's result


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("megabytes", 128), ("ids", 1_000_000), ("rows", 100_000), ("files", 60)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--work", choices=WORK)
    parser.add_argument("--path")
    parser.add_argument("--known", default="")
    args = parser.parse_args()
    if args.work:
        begun = time.process_time()
        WORK[args.work](args.path, args.known or None)
        print(json.dumps([time.process_time() - begun, peak_memory()]))  # noqa: T201 - read by `measured`
        return
    with tempfile.TemporaryDirectory() as folder:
        _text(Path(folder), args.megabytes, args.ids)
        _workbook(Path(folder), args.rows)
        _folder(Path(folder), args.files)


def _text(folder: Path, megabytes: int, count: int) -> None:
    from ngc_pipelines.disclosure.identifiers.known import KnownIdentifiers

    chance = random.Random(3)
    ids = [f"NGC-{chance.randrange(10**9):09}" for _ in range(count)]
    begun = time.perf_counter()
    KnownIdentifiers.from_identifiers(ids).save(folder / "ids")
    print(f"filter of {count:,} identifiers built in {time.perf_counter() - begun:.1f} s")  # noqa: T201 - as above
    size = write_log(folder / "run.log", megabytes, ids)
    show("checker, all detectors, known ids", size, *measured("checker", folder / "run.log", folder / "ids"))
    show("re2, CPR pattern alone", size, *measured("re2", folder / "run.log"))
    if shutil.which("rg"):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(["rg", "-c", CPR, str(folder / "run.log")], check=False, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        show("ripgrep, CPR pattern alone", size, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def _workbook(folder: Path, rows: int) -> None:
    size = write_workbook(folder / "t.xlsx", rows)
    show("checker, workbook", size, *measured("checker", folder / "t.xlsx"))
    show("python-calamine alone", size, *measured("calamine", folder / "t.xlsx"))


def _folder(folder: Path, count: int) -> None:
    from ngc_pipelines.disclosure.checking import check

    mixed = folder / "mixed"
    mixed.mkdir()
    for number in range(count):
        if number % 2:
            write_workbook(mixed / f"{number}.xlsx", 50)
        else:
            (mixed / f"{number}.txt").write_text("age;n\n0-17;50\n18-64;700\n" * 50, encoding="utf-8")
    size = sum(file.stat().st_size for file in mixed.iterdir())
    for workers in sorted({1, len(os.sched_getaffinity(0))}):
        begun = time.perf_counter()
        check([mixed], as_of=AS_OF, workers=workers)
        show(f"checker, {count} mixed files, {workers} at a time", size, time.perf_counter() - begun)


if __name__ == "__main__":
    main()
