"""`ngc status [CASE]`: open cases, who is to act, what is overdue; or the story of one case."""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ngc_pipelines.register.register import CaseLine, Register


def configure(parser: argparse.ArgumentParser) -> None:
    """Describe the command's arguments."""
    parser.add_argument("case", nargs="?", metavar="CASE", help="a case number; without it every open case is listed")
    parser.add_argument("--overdue", action="store_true", help="list only what is overdue")
    parser.add_argument("--json", metavar="FILE", help="write the result as JSON; - for standard output")


def run(args: argparse.Namespace) -> int:
    """Print the list or the story; 1 where something is overdue, so that a script can ask."""
    from ngc_pipelines.adapters.clock import today
    from ngc_pipelines.domain.cases import CaseId
    from ngc_pipelines.register.register import Register
    from ngc_pipelines.settings import load_settings

    register = Register.connect(load_settings().register.url)
    try:
        if args.case:
            result, lines, found = _one(register, CaseId.parse(args.case.upper()), today())
        else:
            cases = register.open_cases()
            if args.overdue:
                cases = tuple(line for line in cases if line.overdue(today()))
            result, lines, found = _many(cases, today())
    finally:
        register.close()
    if args.json:
        text = json.dumps(result, ensure_ascii=False, indent=2) + "\n"
        if args.json == "-":
            sys.stdout.write(text)
        else:
            Path(args.json).write_text(text, encoding="utf-8")
    if args.json != "-":
        sys.stdout.write("\n".join(lines) + "\n")
    return 1 if found else 0


def _many(cases: "Sequence[CaseLine]", today: date) -> tuple[dict[str, Any], list[str], bool]:
    from ngc_pipelines.domain.exhibition_flow import WORKFLOWS
    from ngc_pipelines.domain.workflow import ACTOR_DA

    listed = []
    lines = []
    for line in cases:
        state = WORKFLOWS[line.flow].state(line.state)
        overdue = line.overdue(today)
        listed.append(
            {
                "case": line.case.value,
                "project": line.title,
                "state": line.state,
                "who_acts": line.actor.value,
                "since": line.since.isoformat(),
                "due": line.due_on.isoformat() if line.due_on else None,
                "overdue": overdue,
            }
        )
        due = "FOR SENT / OVERDUE" if overdue else "frist / due"
        who = f"{ACTOR_DA[line.actor]} / {line.actor.value}"
        lines.append(f"{line.case}  {_plain(line.title)}".rstrip())
        lines += [f"  {state.da} / {state.en}", f"  {who}, {due} {line.due_on or '–'}"]
    late = sum(line.overdue(today) for line in cases)
    lines.append(f"Åbne sager / open cases: {len(listed)}; for sent / overdue: {late}")
    return {"schema": "ngc.status/1", "open": len(listed), "overdue": late, "cases": listed}, lines, late > 0


def _one(register: "Register", case: Any, today: date) -> tuple[dict[str, Any], list[str], bool]:
    from ngc_pipelines.domain.workflow import ACTOR_DA
    from ngc_pipelines.register.register import COPENHAGEN
    from ngc_pipelines.register.standing_text import describe

    told = describe(register, case, today)
    result = {
        "schema": "ngc.case/1",
        "case": case.value,
        "project": told.title,
        "state": told.state.name,
        "who_acts": told.state.actor.value,
        "since": told.since.isoformat(),
        "due": told.due.isoformat() if told.due else None,
        "overdue": told.overdue,
        "why": told.why_en,
        "decisions": list(told.answers),
        "judged": told.judged,
        "told": dict(told.told),
        "story": [
            {"at": event.at.isoformat(), "event": event.event, "by": event.by.name, "role": event.by.role.value}
            for event in told.story
        ],
    }
    lines = [
        f"{case}  {_plain(told.title)}".rstrip(),
        f"  status                  {told.state.da} / {told.state.en}",
        f"  siden / since           {told.since:%Y-%m-%d %H:%M}",
        f"  hvem / who acts         {ACTOR_DA[told.state.actor]} / {told.state.actor.value}",
        f"  frist / due             {told.due or '–'}{'  FOR SENT / OVERDUE' if told.overdue else ''}",
        f"  hvorfor                 {_plain(told.why_da)}",
        f"  why                     {_plain(told.why_en)}",
        *(f"  {name:<46}  {_plain(count)}" for name, count in told.told.items()),
    ]
    if told.answers:
        lines.append(f"  afgør / decide          ngc decide {case} ANSWER --why …, ANSWER: {', '.join(told.answers)}")
    if told.judged:
        lines.append(f"  --judged                {told.judged}")
    lines.append("  forløb / story")
    lines += [
        f"    {event.at.astimezone(COPENHAGEN):%Y-%m-%d %H:%M}  {text}"
        for event, text in zip(told.story, told.words, strict=True)
    ]
    return result, lines, told.overdue


def _plain(text: str) -> str:
    """Give text from outside without characters that steer a terminal."""
    return "".join(c if c.isprintable() else " " for c in text)
