"""`ngc audit verify`: the audit chain from its first event, against the anchors in the object store."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from ngc_pipelines.register.verification import Anchor, ChainReport


def configure(parser: argparse.ArgumentParser) -> None:
    """Describe the command's arguments."""
    what = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    verify = what.add_parser("verify", help="verify every event, its order, the end of the chain, and the case list")
    verify.add_argument("--json", metavar="FILE", help="write the result as JSON; - for standard output")
    verify.add_argument(
        "--without-anchors",
        action="store_true",
        help="do not read the anchors in the object store (a chain that was cut and re-sealed is then not seen)",
    )


def run(args: argparse.Namespace) -> int:
    """Verify; 0 where the chain is sound, 1 where it is broken."""
    from ngc_pipelines.adapters.audit_anchors import AuditAnchors
    from ngc_pipelines.adapters.object_store.clients import s3_client
    from ngc_pipelines.register.register import Register
    from ngc_pipelines.register.verification import verify
    from ngc_pipelines.settings import load_settings

    settings = load_settings()
    register = Register.connect(settings.register.url)
    try:
        anchors: tuple[Anchor, ...] = ()
        if not args.without_anchors:
            anchors = AuditAnchors(s3_client(settings.s3), settings.s3.records_bucket).read()
        report = verify(register, anchors)
    finally:
        register.close()
    if args.json:
        text = json.dumps(as_json(report, len(anchors)), ensure_ascii=False, indent=2) + "\n"
        if args.json == "-":
            sys.stdout.write(text)
        else:
            Path(args.json).write_text(text, encoding="utf-8")
    if args.json != "-":
        sys.stdout.write("\n".join(_lines(report, len(anchors))) + "\n")
    return 0 if report.sound else 1


def as_json(report: ChainReport, anchors: int) -> dict[str, Any]:
    """Give a report in the command's published form."""
    return {
        "schema": "ngc.audit-report/1",
        "sound": report.sound,
        "events": report.events,
        "cases": report.cases,
        "anchors": anchors,
        "head": report.head,
        "faults": [
            {"kind": fault.kind.name.lower(), "event": fault.seq, "message": fault.message} for fault in report.faults
        ],
    }


def _lines(report: ChainReport, anchors: int) -> list[str]:
    counted = f"{report.events} events of {report.cases} cases, held against {anchors} anchors"
    if report.sound:
        return [f"the chain is sound: {counted}", f"its last hash is {report.head}"]
    return [f"THE CHAIN IS BROKEN: {counted}", *(f"  {fault.kind}: {fault.message}" for fault in report.faults)]
