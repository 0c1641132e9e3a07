"""`ngc audit-table FILE…`: what can be calculated back from tables with blanked cells. Needs no server.

Here: arguments, output, exit codes. Not here: any computation (`disclosure/tables`).
"""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ngc_pipelines.commands.arguments import printable

if TYPE_CHECKING:
    from ngc_pipelines.disclosure.tables.relations.tidy import Hierarchy

EXAMPLES = """\
exit codes: 0 nothing can be calculated back, 1 something can, 2 could not be done
example: ngc audit-table table.xlsx
         ngc audit-table counts.csv --hierarchy regions.csv --json -
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Describe the command's arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EXAMPLES
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE", help="tables: csv, tsv, xlsx, html, …")
    parser.add_argument(
        "--hierarchy", type=Path, action="append", default=[], metavar="FILE", help="a csv of dimension,code,parent"
    )
    parser.add_argument("--threshold", type=int, default=5, metavar="N", help="fewest persons in a cell (default 5)")
    parser.add_argument("--seconds", type=float, default=60.0, metavar="S", help="time for each answer (default 60)")
    parser.add_argument("--json", metavar="FILE", help="write the result as JSON; `-` for standard output")


def run(args: argparse.Namespace) -> int:
    """Audit the tables together: 0 nothing exposed, 1 something is, 2 could not be done."""
    from ngc_pipelines.disclosure.tables.as_json import report_of
    from ngc_pipelines.disclosure.tables.as_text import text_of
    from ngc_pipelines.disclosure.tables.audit import Question, audit
    from ngc_pipelines.disclosure.tables.printed import PrintedTable
    from ngc_pipelines.disclosure.tables.reading.files import NoTable, tables_of
    from ngc_pipelines.disclosure.tables.relations.joined import system_of
    from ngc_pipelines.disclosure.tables.repair.secondaries import propose

    if args.threshold < 2 or not args.seconds > 0:
        return _fail(["--threshold is at least 2, and --seconds is more than 0"])
    faults: list[str] = []
    tables, hierarchies = [], _hierarchies(args.hierarchy, faults)
    for path in args.files:
        try:
            tables += tables_of(path)
        except (NoTable, OSError) as fault:
            faults.append(f"{path}: {fault.strerror if isinstance(fault, OSError) else fault}")
    if faults:
        return _fail(faults)
    question = Question(threshold=args.threshold, enough=args.threshold, seconds=args.seconds)
    answer = audit(system_of(tables, hierarchies), question)
    proposal = propose(answer, question)
    if args.json:
        _write(args.json, report_of(answer, proposal.cells, args.threshold))
    questions = [one for table in tables if isinstance(table, PrintedTable) for one in table.questions]
    for asked in questions:
        sys.stderr.write(f"{asked.where}: {asked.words.da} / {asked.words.en}\n")
    if args.json != "-":
        sys.stdout.write(text_of(answer, proposal, args.threshold))
    found = answer.exposed or answer.small or answer.clashes or questions
    return 1 if found or not answer.complete else 0


def _hierarchies(files: list[Path], faults: list[str]) -> dict[str, list["Hierarchy"]]:
    from ngc_pipelines.disclosure.tables.reading.files import delimited_rows
    from ngc_pipelines.disclosure.tables.reading.tidy import NotTidy, hierarchy_of

    found: dict[str, list[Hierarchy]] = {}
    for file in files:
        try:
            for dimension, hierarchy in hierarchy_of(delimited_rows(file)).items():
                found.setdefault(dimension, []).append(hierarchy)
        except (NotTidy, OSError) as fault:
            faults.append(f"{file}: {fault.strerror if isinstance(fault, OSError) else fault}")
    return found


def _write(target: str, report: dict[str, Any]) -> None:
    text = json.dumps(report, ensure_ascii=False, indent=2) + "\n"
    if target == "-":
        sys.stdout.write(text)
    else:
        Path(target).write_text(text, encoding="utf-8")


def _fail(faults: list[str]) -> int:
    sys.stderr.write("".join(f"ngc audit-table: {printable(fault)}\n" for fault in faults))
    return 2
