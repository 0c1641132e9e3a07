"""`ngc overview [criteria]`: how much data exists for some metadata criteria, small counts hidden (GD-4).

Here: arguments, output, exit codes. Not here: counting (`adapters/genome_database/overview`), which fields there are
(`domain/facts/criteria_fields.csv`) and hiding (`domain/small_counts`).
"""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ngc_pipelines.adapters.genome_database.overview import Overview


def configure(parser: argparse.ArgumentParser) -> None:
    """Describe the command's arguments."""
    parser.add_argument(
        "criteria",
        nargs="*",
        metavar="FIELD=VALUE",
        help="sex=F, patient_group=a,b, age=18..40, sequencing_date=2023-01-01..; all must hold for a sample",
    )
    parser.add_argument(
        "--by",
        default="patient_group",
        metavar="FIELD[,FIELD]",
        help="count by the codes of up to three fields (patient_group); `--by ''` counts all together",
    )
    parser.add_argument(
        "--json", metavar="FILE", help="write the result as JSON; `-` for standard output, and nothing else there"
    )


def run(args: argparse.Namespace) -> int:
    """Print the overview; 0 where it could be taken. Faulty criteria are a refusal."""
    from ngc_pipelines.adapters.clock import today
    from ngc_pipelines.adapters.genome_database.database import GenomeDatabase
    from ngc_pipelines.adapters.genome_database.overview import take_overview
    from ngc_pipelines.domain.criteria import parse_criteria
    from ngc_pipelines.settings import load_settings

    as_of = today()
    criteria = parse_criteria(read_terms(args.criteria), as_of=as_of) if args.criteria else None
    by = [field for field in args.by.split(",") if field]
    settings = load_settings()
    database = GenomeDatabase(settings.genome.url)
    try:
        overview = take_overview(database, criteria=criteria, by=by, as_of=as_of, threshold=settings.policy.threshold)
    finally:
        database.close()
    if args.json:
        text = json.dumps(overview.to_data(), ensure_ascii=False, indent=2) + "\n"
        if args.json == "-":
            sys.stdout.write(text)
        else:
            Path(args.json).write_text(text, encoding="utf-8")
    if args.json != "-":
        sys.stdout.write(to_text(overview))
    return 0


def read_terms(terms: list[str]) -> dict[str, Any]:
    """Read `field=a,b` and `field=from..to` into the form that `parse_criteria` judges; whole numbers become such."""
    read: dict[str, Any] = {}
    for term in terms:
        field, _, value = term.partition("=")
        if ".." in value:
            low, _, high = value.partition("..")
            read[field] = {name: _end(end) for name, end in (("from", low), ("to", high)) if end}
        else:
            read[field] = [code for code in value.split(",") if code]
    return read


def to_text(overview: "Overview") -> str:
    """Word the overview for a terminal: one line a cell, then the totals, then what the marks mean."""
    header = (*overview.by, "samples")
    rows = overview.rows()
    widths = [max(len(row[place]) for row in (header, *rows)) for place in range(len(header))]
    lines = [
        "  ".join(text.rjust(width) if place == len(header) - 1 else text.ljust(width)
                  for place, (text, width) in enumerate(zip(row, widths, strict=True)))
        for row in (header, *rows)
    ]  # fmt: skip
    mark = f"<{overview.threshold}"
    note = f"{mark}: from fewer than {overview.threshold} persons, or none. Totals over such cells are lower bounds."
    return "\n".join([*lines, "", note]) + "\n"


def _end(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() else text
