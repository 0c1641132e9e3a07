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
    from ngc_pipelines.disclosure.tables.finishing.document import Document
    from ngc_pipelines.disclosure.tables.finishing.repairing import Repair
    from ngc_pipelines.disclosure.tables.relations.tidy import Hierarchy

EXAMPLES = """\
A finished table keeps its file's layout: one mark for all blanked cells, categories merged where
that costs readers no more than blanking. It is audited again from disk before it gets its name.
Written are xlsx, csv, tsv and txt with delimiters, and html; never over FILE.

exit codes: 0 nothing can be calculated back
            1 something can (with --write: the finished table was written)
            2 could not be done (with --write: nothing was written)
example: ngc audit-table table.xlsx
         ngc audit-table counts.csv --hierarchy regions.csv --json -
         ngc audit-table table.xlsx --write finished.xlsx --prefer blank
         ngc audit-table table.xlsx --round 5 --write rounded.xlsx
"""
PREFERENCES = ("merge", "blank", "round")


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
    parser.add_argument("--write", type=Path, metavar="OUT", help="write the repaired table, in FILE's own layout")
    parser.add_argument("--force", action="store_true", help="replace OUT where it exists")
    parser.add_argument("--mark", default="*", metavar="TEXT", help="what stands in blanked cells (default *)")
    parser.add_argument(
        "--prefer", choices=PREFERENCES, help="merge categories, blank cells or round (default: what costs least)"
    )
    parser.add_argument("--round", type=int, choices=(5, 10), help="round every count instead; with --prefer round: 5")


def run(args: argparse.Namespace) -> int:
    """Audit the tables together: 0 nothing exposed, 1 something is, 2 could not be done."""
    from ngc_pipelines.disclosure.tables.audit import Question
    from ngc_pipelines.disclosure.tables.finishing.changes import CannotWrite
    from ngc_pipelines.disclosure.tables.finishing.document import joined
    from ngc_pipelines.disclosure.tables.finishing.finish import Asked
    from ngc_pipelines.disclosure.tables.finishing.repairing import repair
    from ngc_pipelines.disclosure.tables.finishing.writing import Goal, refuse_goal

    faults = _misused(args)
    hierarchies = _hierarchies(args.hierarchy, faults)
    goal = None if args.write is None else Goal(args.write, args.force)
    if goal is not None:
        try:
            refuse_goal(args.files[0], goal)
        except CannotWrite as fault:
            faults.append(str(fault))
    documents = [] if faults else _documents(args.files, faults)
    if faults:
        return _fail(faults)
    question = Question(threshold=args.threshold, enough=args.threshold, seconds=args.seconds)
    document = joined(documents)
    base = args.round or (5 if args.prefer == "round" else None)
    found = repair(document, Asked(question, hierarchies, args.mark), args.prefer, base)
    failed: list[str] = []
    if goal is not None and found.needed:
        try:
            found.write(goal)
        except (CannotWrite, OSError) as fault:
            failed.append(f"{args.write}: {fault.strerror if isinstance(fault, OSError) else fault}")
    _tell(args, found, document)
    if goal is not None and not found.needed:
        sys.stderr.write(
            f"{args.files[0]}: intet at ændre; intet er skrevet / nothing to change; nothing was written\n"
        )
    if failed:
        return _fail(failed)
    return 1 if found.told or _questions(document) else 0


def _misused(args: argparse.Namespace) -> list[str]:
    from ngc_pipelines.disclosure.tables.finishing.marks import is_neutral

    faults: list[str] = []
    if args.threshold < 2 or not args.seconds > 0:
        faults.append("--threshold is at least 2, and --seconds is more than 0")
    if not is_neutral(args.mark):
        faults.append("--mark is a mark that says nothing of the number, as `*`, `..`, `:` or `x`")
    if args.round and args.prefer not in (None, "round"):
        faults.append(f"--round and --prefer {args.prefer} ask for different things")
    if args.write is not None and len(args.files) > 1:
        faults.append("--write takes one FILE; give the others to `ngc check`, which audits a folder as one")
    report = None if args.json in (None, "-") else Path(args.json)
    read = [*args.files, *args.hierarchy]
    if report is not None and any(_same(report, path) for path in (*read, *([args.write] if args.write else []))):
        faults.append("--json would write over FILE or OUT; give it a name of its own")
    if args.write is not None and any(_same(args.write, path) for path in args.hierarchy):
        faults.append("--write would write over the file of --hierarchy; give it a name of its own")
    return faults


def _same(one: Path, other: Path) -> bool:
    """Whether two paths are one file: by another name too, or where none of them exists yet."""
    try:
        return one.samefile(other)
    except OSError:
        return one.resolve() == other.resolve()


def _documents(files: list[Path], faults: list[str]) -> list["Document"]:
    from ngc_pipelines.disclosure.tables.finishing.document import read_document
    from ngc_pipelines.disclosure.tables.reading.files import NoTable

    found: list[Document] = []
    for path in files:
        try:
            found.append(read_document(path))
        except (NoTable, OSError) as fault:
            faults.append(f"{path}: {fault.strerror if isinstance(fault, OSError) else fault}")
    return found


def _tell(args: argparse.Namespace, found: "Repair", document: "Document") -> None:
    from ngc_pipelines.disclosure.tables.as_text import text_of

    if args.json:
        _write(args.json, found.report())
    for words in found.left_behind:
        sys.stderr.write(f"{words.da} / {words.en}\n")
    for where, danish, english in _questions(document):
        sys.stderr.write(f"{where}: {danish} / {english}\n")
    if args.json != "-":
        sys.stdout.write(text_of(found.before, found.choice.plan, args.threshold, found.beside, found.rounding))
        if found.written_to is not None:
            sys.stdout.write(f"Skrevet / written: {printable(str(found.written_to))}\n")


def _questions(document: "Document") -> list[tuple[str, str, str]]:
    from ngc_pipelines.disclosure.tables.printed import PrintedTable

    return [
        (one.where, one.words.da, one.words.en)
        for table in document.tables
        if isinstance(table, PrintedTable)
        for one in table.questions
    ]


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
