"""`ngc decide CASE ANSWER …`: records a person's decision, exactly as the asset in the launchpad does."""

import argparse
import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ngc_pipelines.commands.arguments import day

if TYPE_CHECKING:
    from ngc_pipelines.domain.cases import CaseId
    from ngc_pipelines.domain.workflow import Person
    from ngc_pipelines.flows.site import Site
    from ngc_pipelines.register.decisions import Meeting
    from ngc_pipelines.register.fold import Standing

UNLOCK = "unlock-list"
ANSWERS = (
    "go-on",
    "change-order",
    "withdraw",
    "meeting-held",
    "reject",
    "return",
    "resume",
    "withhold-counts",
    "tell-counts",
    UNLOCK,
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Describe the command's arguments."""
    parser.add_argument("case", metavar="CASE", help="a case number, e.g. EXH-2026-00001")
    parser.add_argument("answer", choices=ANSWERS, metavar="ANSWER", help=" | ".join(ANSWERS))
    parser.add_argument("--why", required=True, help="the reason, as it goes into the record")
    parser.add_argument("--by", metavar="NAME", help="who decides; the user of this terminal when left out")
    parser.add_argument(
        "--as",
        dest="role",
        choices=("applicant", "case-officer"),
        default="case-officer",
        help="in which role (default: case-officer, also where an applicant's written answer is recorded)",
    )
    parser.add_argument(
        "--judged",
        metavar="DIGEST",
        help="the cohort that was judged, as `ngc status CASE` shows it; needed for go-on, meeting-held, "
        "withhold-counts and tell-counts",
    )
    parser.add_argument(
        "--password-file",
        type=Path,
        metavar="FILE",
        help=f"holds the password of an encrypted CPR list, for {UNLOCK}; it is used and kept nowhere",
    )
    meeting = parser.add_argument_group("outcome of the clarification meeting (meeting-held, or together with go-on)")
    meeting.add_argument("--held-on", type=day, metavar="DATE", help="the day of the meeting")
    meeting.add_argument("--tool", action="append", default=[], metavar="NAME", help="a tool to install; repeat it")
    meeting.add_argument("--own-data", default="", metavar="TEXT", help="which own data are combined, if any")
    meeting.add_argument(
        "--help-agreed", default="", metavar="TEXT", help="which bioinformatic help was agreed, if any"
    )


def run(args: argparse.Namespace) -> int:
    """Record the decision; 1 where it is refused."""
    from ngc_pipelines.domain.cases import CaseId
    from ngc_pipelines.domain.workflow import Actor, Person
    from ngc_pipelines.flows.site import connected
    from ngc_pipelines.settings import load_settings

    if not args.held_on and (args.tool or args.own_data or args.help_agreed):
        sys.stderr.write("ngc decide: the outcome of a meeting needs its day (--held-on)\n")
        return 2
    if (args.answer == UNLOCK) != (args.password_file is not None):
        sys.stderr.write(f"ngc decide: --password-file goes with {UNLOCK}, and only with it\n")
        return 2
    role = Actor.APPLICANT if args.role == "applicant" else Actor.CASE_OFFICER
    try:
        by = Person(args.by if args.by is not None else getpass.getuser(), role)
        meeting = _meeting(args)
    except ValueError as error:
        # The values' own words, which repeat nothing of what was typed.
        sys.stderr.write(f"ngc decide: {error}\n")
        return 2
    with connected(load_settings()) as site:
        case = CaseId.parse(args.case.upper())
        standing = _unlock(site, case, by, args) if args.answer == UNLOCK else _decide(site, case, by, args, meeting)
    sys.stdout.write(f"{standing.case}: recorded; the case now stands at: {standing.state.en} / {standing.state.da}\n")
    return 0


def _meeting(args: argparse.Namespace) -> "Meeting | None":
    from ngc_pipelines.register.decisions import Meeting

    if args.held_on is None:
        return None
    return Meeting(args.held_on, tuple(args.tool), args.own_data, args.help_agreed)


def _decide(
    site: "Site", case: "CaseId", by: "Person", args: argparse.Namespace, meeting: "Meeting | None"
) -> "Standing":
    from ngc_pipelines.flows.deciding import decide_and_tell
    from ngc_pipelines.register.decisions import Answer, Decision

    return decide_and_tell(site, case, Decision(Answer(args.answer), by, args.why, args.judged, meeting))


def _unlock(site: "Site", case: "CaseId", by: "Person", args: argparse.Namespace) -> "Standing":
    from ngc_pipelines.commands.check_list import read_password
    from ngc_pipelines.flows.cohort import unlock_list

    return unlock_list(site, case, read_password(args.password_file) or "", by, args.why)
