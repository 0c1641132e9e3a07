"""What can be calculated back: the table audit against cold linear programs on the same system.

Run: `python -m benchmarks.tables [--only NAME]`. For each table: the decision (is every blanked cell safe?),
all exact ranges, the repair, and scipy's `linprog` started cold for every bound, timed on a sample of the cells and
multiplied up; each in a process of its own, with its peak memory. Linear bounds alone are an easier question than ours,
which proves every end with a whole table. Seconds are of the processor, one core. `acro`, in an environment of its own
(`peers.lock`), answers what it has an answer for: which cells of the two-way table are small.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from benchmarks._peers import NoPeersError, python_with_peers
from benchmarks._suppressed_tables import Axis, Suppressed, flat, nested, problem_of, suppressed, tidy
from benchmarks.checker import peak_memory
from ngc_pipelines.disclosure.tables.audit import Question, audit
from ngc_pipelines.disclosure.tables.relations.tidy import system_of_tidy
from ngc_pipelines.disclosure.tables.repair.secondaries import propose
from ngc_pipelines.disclosure.tables.solving.problem import Problem
from ngc_pipelines.disclosure.tables.solving.ranges import solve

TABLES: dict[str, tuple[Axis, ...]] = {
    "50x50": (flat(50), flat(50)),
    "20x20x20": (flat(20), flat(20), flat(20)),
    "20x20x20, primaries alone": (flat(20), flat(20), flat(20)),
    "hierarchical 14,000": (nested(9, 13), nested(9, 11)),
    "hierarchical 186,200": (nested(19, 27), nested(17, 19)),
}
# Tables of which only the small cells are blanked: most of them can be calculated back.
MANY_EXPOSED = ("20x20x20, primaries alone",)
LINKED = "linked 3,000"
# Cells whose cold bounds are timed; the rest is multiplied up.
COLD = 10
# Tables whose cold bounds would take hours.
TOO_LARGE_FOR_COLD = 5_000


def main() -> None:
    """Measures each table in a process of its own and prints a line a figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=[*TABLES, LINKED])
    parser.add_argument("--worker", nargs=2, metavar=("TABLE", "WORK"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.worker:
        sys.stdout.write(json.dumps(_worker(*args.worker)))
        return
    for name in [args.only] if args.only else [*TABLES, LINKED]:
        _measure(name)
    if args.only in (None, "50x50"):
        _say(_acro())


def _measure(name: str) -> None:
    decide, every, repair, cold = (_in_process(name, work) for work in ("decide", "every", "repair", "cold"))
    _say(f"{name}: {decide['blanked']} blanked of {decide['cells']} cells, {decide['exposed']} exposed")
    _say(f"  decided in {decide['seconds']:.3f} s, {decide['megabytes']:.0f} MiB")
    _say(f"  every exact range in {every['seconds']:.3f} s, {every['megabytes']:.0f} MiB")
    if cold["seconds"]:
        times = cold["seconds"] / every["seconds"]
        peak = f"{cold['megabytes']:.0f} MiB"
        _say(f"  scipy linprog, cold, linear bounds alone: {cold['seconds']:.1f} s, {peak} = {times:.0f} times as long")
    if repair["seconds"]:
        more = f"{repair['proposed']:.0f} more cells, protected: {bool(repair['protected'])}"
        _say(f"  repaired in {repair['seconds']:.2f} s, {repair['megabytes']:.0f} MiB: {more}")


def _in_process(name: str, work: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.tables", "--worker", name, work], check=True, capture_output=True, text=True
    )
    result: dict[str, float] = json.loads(done.stdout)
    return result


def _worker(name: str, work: str) -> dict[str, float]:
    made = linked() if name == LINKED else suppressed(TABLES[name], seed=1)
    if name in MANY_EXPOSED:
        made = replace(made, blanked=made.primary)
    problem = problem_of(made)
    works: dict[str, Callable[[], dict[str, float]]] = {
        "decide": lambda: _solved(problem, made, every_end=False),
        "every": lambda: _solved(problem, made, every_end=True),
        "cold": lambda: {"seconds": _cold(problem)},
        "repair": lambda: _repaired(made),
    }
    result = works[work]()
    return result | {"megabytes": peak_memory()}


def linked() -> Suppressed:
    """Two two-way tables of 1,500 cells that share their rows' totals."""
    one, two = (suppressed((flat(37), flat(38)), seed=seed) for seed in (1, 2))
    cells = one.counts.size
    # The second table's row totals are the first one's: tied by equations of their own.
    shared = [row * 39 for row in range(38)]
    ties = sparse.csr_matrix(
        (np.tile([1.0, -1.0], 38), (np.repeat(np.arange(38), 2), [x for c in shared for x in (c, cells + c)])),
        shape=(38, 2 * cells),
    )
    second = two.equations.copy()
    equations = sparse.vstack([sparse.block_diag([one.equations, second]), ties], format="csr")
    same = one.counts.copy()
    return Suppressed(
        one.axes,
        np.concatenate([same, same]),
        equations,
        np.concatenate([one.primary, one.primary]),
        np.concatenate([one.blanked, _moved(one.blanked)]),
    )


def _moved(blanked: np.ndarray) -> np.ndarray:
    """The same primaries blanked, and the secondaries of another hand: the two tables differ in what they hide."""
    other = blanked.copy()
    other[::7] = False
    return np.asarray(other)


def _solved(problem: Problem, made: Suppressed, *, every_end: bool) -> dict[str, float]:
    start = time.process_time()
    found = solve(problem, enough=5, every_end=every_end, seconds=600)
    seconds = time.process_time() - start
    exposed = int((found.outer_high - found.outer_low < 4).sum())
    assert found.complete
    return {"seconds": seconds, "blanked": problem.unknowns, "cells": made.counts.size, "exposed": exposed}


def _cold(problem: Problem) -> float:
    if problem.unknowns > TOO_LARGE_FOR_COLD:
        return 0.0
    start = time.process_time()
    sample = np.linspace(0, problem.unknowns - 1, COLD).astype(int)
    for unknown in sample:
        for sign in (1.0, -1.0):
            costs = np.zeros(problem.unknowns)
            costs[unknown] = sign
            linprog(costs, A_eq=problem.matrix, b_eq=problem.row_low, bounds=(0, None))
    return (time.process_time() - start) / COLD * problem.unknowns


def _repaired(made: Suppressed) -> dict[str, float]:
    if made.counts.size > 100_000 or len(made.counts) != int(np.prod([axis.codes for axis in made.axes])):
        return {"seconds": 0.0, "proposed": 0, "protected": True}
    table, hierarchies = tidy(made)
    question = Question(every_end=False, seconds=600)
    before = audit(system_of_tidy([table], hierarchies), replace(question, threshold=1))
    start = time.process_time()
    proposal = propose(before, replace(question, threshold=1))
    return {
        "seconds": time.process_time() - start,
        "proposed": len(proposal.cells),
        "protected": proposal.protected,
    }


def _acro() -> str:
    """What acro says of the persons of the two-way table, in one line."""
    made = suppressed(TABLES["50x50"], seed=1)
    inner = made.counts.reshape([axis.codes for axis in made.axes])[1:, 1:]
    try:
        python = python_with_peers()
    except NoPeersError as fault:
        return f"acro is not compared: {fault}"
    script = Path(__file__).with_name("_peer_acro.py")
    done = subprocess.run(
        [str(python), str(script)], input=json.dumps(inner.tolist()), check=True, capture_output=True, text=True
    )
    told = json.loads(done.stdout)
    small = int(((inner > 0) & (inner < 5)).sum())
    return (
        f"acro 1.0.2, the 50x50 table from its {told['persons']:,} persons: {told['seconds']:.2f} s, "
        f"{told['megabytes']:.0f} MiB; says {told['status']!r} and flags {told['flagged']} cells "
        f"under its threshold of 10 ({small} are under 5); it computes no ranges"
    )


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
