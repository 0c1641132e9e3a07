"""`ngc known-ids`: a list of identifiers made into a filter that can be handed on.

The filter answers whether a text holds one of them without listing them. What
it protects against, and what not, is told in `disclosure.identifiers.known`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

DONE, FAILED = 0, 2

_MORE = """\
The filter holds keyed hashes of the identifiers and their shapes (how letters and digits follow each other), not
the identifiers. CPR numbers in the list are left out: there are so few possible ones that anybody could try them
all against the filter. `ngc check` finds CPR numbers without a list.
CPR-numre udelades: der findes så få, at enhver kunne prøve dem alle.

exit codes: 0 done; 2 the list could not be read or holds nothing

example:
  ngc known-ids build pseudonyms.txt -o project.ngcids
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _MORE
    actions = parser.add_subparsers(dest="action", required=True)
    build = actions.add_parser("build", help="make a filter of a list")
    build.add_argument("list", type=Path, metavar="LIST", help="one identifier a line, UTF-8")
    build.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help="the filter to write")


def run(args: argparse.Namespace) -> int:
    """Make the filter, and say how many identifiers are in it."""
    from ngc_pipelines.disclosure.identifiers.known import KnownIdsError, read_known_ids

    try:
        known = read_known_ids(args.list, leave_out_cpr=True)
    except KnownIdsError as fault:
        print(f"ngc known-ids: {args.list}: {fault}", file=sys.stderr)  # noqa: T201 - messages go to standard error
        return FAILED
    known.save(args.output)
    weak = sum(shape.weak for shape in known.shapes)
    print(f"{known.count:,} identifikationer / identifiers → {args.output}")  # noqa: T201 - what the command prints
    if weak:
        print(  # noqa: T201 - what the command prints
            f"{weak} af {len(known.shapes)} former er korte: de findes kun i id-kolonner og ved id-ord / "
            f"{weak} of {len(known.shapes)} shapes are short: found only in columns of ids and beside words for them"
        )
    return DONE
