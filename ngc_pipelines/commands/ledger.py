"""`ngc ledger`: the tables that have left to a project, kept for the next check.

The export flow adds to a ledger when results leave; this command does so by
hand, and tells what a ledger holds. The file lives in `disclosure.tables.ledger`.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ngc_pipelines.commands.arguments import day, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ngc_pipelines.disclosure.tables.ledger import Release

DONE, FAILED = 0, 2

_MORE = """\
`ngc check --ledger FILE` audits a request together with everything in the ledger: what can be calculated back from
old and new tables together is found (DC-6). Only what has left belongs in it: nothing is judged when it is added.
Kun det, der er hjemtaget, hører til i den; intet bedømmes, når det føjes til.

exit codes: 0 done; 2 the ledger or a file cannot be used; nothing was added

examples:
  ngc ledger add project.ledger results/ --name EXP-2026-00012 --released 2026-11-22
  ngc ledger show project.ledger
  ngc check new-results/ --ledger project.ledger
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _MORE
    actions = parser.add_subparsers(dest="action", required=True)
    add = actions.add_parser("add", help="keep the tables of files that have left")
    add.add_argument("ledger", type=Path, metavar="LEDGER", help="the ledger; made where it does not exist")
    add.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file or a folder that has left")
    add.add_argument("--name", required=True, help="the request's reference, e.g. EXP-2026-00012")
    add.add_argument("--released", type=day, metavar="DATE", help="the day it left, YYYY-MM-DD (default: today)")
    show = actions.add_parser("show", help="list the releases")
    show.add_argument("ledger", type=Path, metavar="LEDGER")


def run(args: argparse.Namespace) -> int:
    """Add or list, and say what the ledger holds."""
    from ngc_pipelines.disclosure.tables.ledger import BrokenLedger, read_ledger
    from ngc_pipelines.disclosure.tables.stored import NotStored
    from ngc_pipelines.disclosure.walking import NothingThere

    try:
        if args.action == "add":
            return _add(args)
        if not args.ledger.is_file():
            return _fail(args.ledger, "there is no such file")
        _tell(read_ledger(args.ledger))
    except (BrokenLedger, NotStored) as fault:
        return _fail(args.ledger, str(fault))
    except NothingThere as fault:
        return _fail(None, str(fault))
    except OSError as fault:
        return _fail(args.ledger, fault.strerror or type(fault).__name__)
    return DONE


def _add(args: argparse.Namespace) -> int:
    from ngc_pipelines.disclosure.checking import check
    from ngc_pipelines.disclosure.tables.ledger import add_release, read_ledger, release_of

    if not args.ledger.parent.is_dir():
        return _fail(args.ledger, "the folder does not exist")
    read_ledger(args.ledger)  # before the work: a broken ledger takes nothing up
    today = date.today()  # noqa: DTZ011 - the day where the person sits
    report = check(args.paths, as_of=today)
    unread = [file.path for file in report.files if not file.sha256]
    if unread:
        return _fail(None, f"{len(unread)} of the files cannot be read, the first is {unread[0]}; nothing was added")
    release = release_of(args.name, args.released or today, report.tables)
    digest = add_release(args.ledger, release)
    _tell([release])
    _say(f"{args.ledger}: {digest}")
    return DONE


def _tell(releases: Sequence[Release]) -> None:
    for one in releases:
        cells = sum(len(table.cells) for table in one.tables)
        _say(f"{one.name}  {one.released.isoformat()}  {len(one.tables)} tabeller / tables, {cells} celler / cells")


def _say(line: str) -> None:
    print(printable(line))  # noqa: T201 - what the command prints


def _fail(path: Path | None, why: str) -> int:
    named = f"{printable(path)}: " if path else ""
    print(f"ngc ledger: {named}{printable(why)}", file=sys.stderr)  # noqa: T201 - messages go to standard error
    return FAILED
