"""`ngc check`: the disclosure check of files or folders, with no server needed.

What a researcher runs before asking for an export, and what the export flow
runs. The check itself lives in `disclosure.checking`.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING

from ngc_pipelines.commands.arguments import at_least_one, printable

if TYPE_CHECKING:
    from ngc_pipelines.disclosure.results import Report
    from ngc_pipelines.disclosure.tables.ledger import Release

DONE, FOUND, FAILED = 0, 1, 2

_ABOUT = """\
Looks into every file, wherever things hide in it: identifiers, rows of single persons, raw data, too small
numbers, points of figures. Nothing is sent anywhere, nothing in a file is run, nothing is changed.
Ser efter i hver fil, også hvor noget gemmer sig. Intet sendes nogen steder hen, og intet ændres.
"""
_MORE = """\
exit codes:
  0  nothing found: every file is clear
  1  there are findings (or a part could not be read)
  2  the check could not be done: bad usage, no such file, an unusable manifest, list or policy

without --policy the default holds: the 27 file types of Tabel 1, cells of at least 5 persons (G §8.2, §8.3).

example:
  ngc check results/ --manifest manifest.yaml --known-ids project.ngcids --html report.html
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description = _ABOUT
    parser.epilog = _MORE
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file or a folder")
    parser.add_argument("--manifest", type=Path, help="YAML, JSON or CSV: path, description and reason of each result")
    parser.add_argument(
        "--known-ids",
        type=Path,
        help="identifiers that may not leave: one a line, or a filter (`ngc known-ids build`)",
    )
    parser.add_argument(
        "--ledger", type=Path, help="what has left to the project before (`ngc ledger`), audited together with these"
    )
    parser.add_argument("--policy", type=Path, help="YAML or JSON: thresholds, file types, limits, what blocks")
    parser.add_argument("--json", metavar="FILE", help="write the report as JSON; - for standard output")
    parser.add_argument("--html", metavar="FILE", type=Path, help="write the report as a page to look at")
    parser.add_argument(
        "--workers", type=at_least_one, metavar="N", help="files looked into at a time (default: one a core)"
    )


def run(args: argparse.Namespace) -> int:
    """Check, report, and give the exit code."""
    from ngc_pipelines.disclosure.checking import check
    from ngc_pipelines.disclosure.identifiers.known import KnownIdsError, read_known_ids
    from ngc_pipelines.disclosure.manifest import ManifestError, read_manifest
    from ngc_pipelines.disclosure.policy import DEFAULT_POLICY, PolicyError, read_policy
    from ngc_pipelines.disclosure.report.progress import ProgressLine
    from ngc_pipelines.disclosure.walking import NothingThere

    # Before the work, which may take hours: a report that has nowhere to go would be lost after it.
    homeless = [target for target in _targets(args) if not target.parent.is_dir() or target.is_dir()]
    if homeless:
        return _fail(homeless[0], ("the report cannot be written there; name a file in a folder that exists",))
    progress = ProgressLine(sys.stderr)
    try:
        earlier = _earlier(args.ledger) if args.ledger else ()
        policy = read_policy(args.policy) if args.policy else DEFAULT_POLICY
        known = read_known_ids(args.known_ids) if args.known_ids else None
        manifest = read_manifest(args.manifest) if args.manifest else None
        report = check(
            args.paths,
            as_of=date.today(),  # noqa: DTZ011 - the day where the researcher sits
            policy=policy,
            known_ids=known,
            manifest=manifest,
            skip=[args.manifest] if args.manifest else [],
            earlier=earlier,
            workers=args.workers,
            progress=progress,
        )
    except (PolicyError, ManifestError) as fault:
        return _fail(args.policy if isinstance(fault, PolicyError) else args.manifest, fault.faults)
    except LedgerError as fault:
        return _fail(args.ledger, (str(fault),))
    except KnownIdsError as fault:
        return _fail(args.known_ids, (str(fault),))
    except NothingThere as fault:
        return _fail(None, (str(fault),))
    finally:
        progress.end()
    _tell(report, args)
    return FOUND if report.has_findings else DONE


class LedgerError(ValueError):
    """A ledger that was named and cannot be used; checking without it would tell too little."""


def _earlier(path: Path) -> tuple[Release, ...]:
    from ngc_pipelines.disclosure.tables.ledger import BrokenLedger, read_ledger

    if not path.is_file():
        raise LedgerError("there is no such file; a project without earlier releases needs no --ledger")
    try:
        return read_ledger(path)
    except (BrokenLedger, OSError, UnicodeDecodeError) as fault:
        raise LedgerError(fault.strerror if isinstance(fault, OSError) else str(fault)) from fault


def _targets(args: argparse.Namespace) -> list[Path]:
    return [Path(target) for target in (args.json, args.html) if target is not None and str(target) != "-"]


def _tell(report: Report, args: argparse.Namespace) -> None:
    from ngc_pipelines.disclosure.report.as_html import write_html
    from ngc_pipelines.disclosure.report.as_json import write_json
    from ngc_pipelines.disclosure.report.as_text import report_as_text, wants_colour

    if args.html:
        _write(args.html, lambda out: write_html(report, out))
    if args.json == "-":
        write_json(report, sys.stdout)
        return
    if args.json:
        _write(Path(args.json), lambda out: write_json(report, out))
    for line in report_as_text(report, colour=wants_colour(sys.stdout)):
        print(line)  # noqa: T201 - the report is what the command prints


def _write(path: Path, write: Callable[[IO[str]], None]) -> None:
    """Whole or not at all: nobody may read half a report."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False, prefix=".ngc-") as out:
        beside = Path(out.name)
        try:
            write(out)
            out.flush()
            beside.chmod(0o666 & ~_umask())
            beside.replace(path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _fail(path: Path | None, faults: tuple[str, ...]) -> int:
    for fault in faults:
        print(f"ngc check: {f'{printable(path)}: ' if path else ''}{printable(fault)}", file=sys.stderr)  # noqa: T201 - messages go to stderr
    return FAILED
