"""`ngc check-list FILE`: a CPR list against the rules of CO-1, as the intake checks it. Needs no server.

Here: arguments, output, exit codes. Not here: the rules (`domain/cpr_list`). No number of the list is ever printed.
"""

import argparse
import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ngc_pipelines.commands.arguments import day

if TYPE_CHECKING:
    from ngc_pipelines.domain.cpr_list import CprListResult, ListFault

SCHEMA = "ngc.cpr-list/1"


def configure(parser: argparse.ArgumentParser) -> None:
    """Describe the command's arguments."""
    parser.add_argument("file", type=Path, metavar="FILE", help="the list: a csv file, or a zip archive of one")
    parser.add_argument("--as-of", type=day, metavar="DATE", help="the day after which a birth date is future (today)")
    parser.add_argument("--acronym", metavar="TEXT", help="the application's acronym, to compare line 1 with")
    parser.add_argument(
        "--password-file",
        type=Path,
        metavar="FILE",
        help="holds the password of an encrypted archive (a password on a command line can be seen by others)",
    )
    parser.add_argument(
        "--json", metavar="FILE", help="write the result as JSON; `-` for standard output, and nothing else there"
    )


def run(args: argparse.Namespace) -> int:
    """Check the list: 0 accepted, 1 refused, 2 could not be read (a password is missing or wrong)."""
    from ngc_pipelines.domain.cpr_list import PasswordNeededError, WrongPasswordError, check_cpr_list

    as_of = args.as_of or datetime.now(UTC).astimezone().date()
    try:
        with args.file.open("rb") as stream:
            result = check_cpr_list(
                stream,
                file_name=args.file.name,
                as_of=as_of,
                acronym=args.acronym,
                password=read_password(args.password_file),
            )
    except (PasswordNeededError, WrongPasswordError) as locked:
        fault = locked.faults[0]
        sys.stderr.write(f"ngc check-list: {fault.da} / {fault.en} (--password-file FILE)\n")
        return 2
    if args.json:
        _write_json(args.json, to_json(result, as_of))
    if args.json != "-":
        sys.stdout.write(to_text(result))
    return 0 if result.accepted else 1


def read_password(file: Path | None) -> str | None:
    """Read a password from a file, without the line end that editors add; None where no file is named.

    Raises Refused where the file holds no text, and OSError where it cannot be read.
    """
    from ngc_pipelines.domain.errors import Fault, Refused

    if file is None:
        return None
    try:
        return file.read_text(encoding="utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        fault = Fault("CO-1", "--password-file", "Filen er ikke tekst i UTF-8.", "The file is no text in UTF-8.")
        # Without the cause: it holds the bytes of the file.
        raise Refused([fault], "A password was read", "Save the password alone in a text file.") from None


def to_text(result: "CprListResult") -> str:
    """Word the result for a terminal: every fault with its place, then what was noted, then the verdict."""
    lines = [
        f"{fault.where_da}: {fault.da}\n  {fault.where}: {fault.en}" for fault in (*result.faults, *result.remarks)
    ]
    if result.accepted:
        lines.append(f"Listen kan bruges: {result.lines} personer. / The list can be used: {result.lines} persons.")
    else:
        kinds = len(result.faults)
        lines.append(
            f"Listen kan ikke bruges: {kinds} slags fejl, {result.lines} linjer læst. / "
            f"The list cannot be used: {kinds} kind{'' if kinds == 1 else 's'} of fault, {result.lines} lines read."
        )
    return "\n".join(lines) + "\n"


def to_json(result: "CprListResult", as_of: date) -> dict[str, object]:
    """Give the machine-readable result; no value of the list is in it."""
    return {
        "schema": SCHEMA,
        "accepted": result.accepted,
        "as_of": as_of.isoformat(),
        "acronym": result.acronym,
        "encoding": result.encoding,
        "lines": result.lines,
        "persons": len(result.numbers),
        "faults": [_fault(fault) for fault in result.faults],
        "remarks": [_fault(remark) for remark in result.remarks],
    }


def _fault(fault: "ListFault") -> dict[str, object]:
    return {
        "rule": "CO-1",
        "kind": fault.kind,
        "count": fault.count,
        "lines": list(fault.lines),
        "column": fault.column or None,
        "where": fault.where,
        "da": fault.da,
        "en": fault.en,
    }


def _write_json(target: str, content: dict[str, object]) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    if target == "-":
        sys.stdout.write(text)
    else:
        Path(target).write_text(text, encoding="utf-8")
