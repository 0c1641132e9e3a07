"""Time limits of open cases: what is due today. Pure.

Here: from a list of cases to what has to be done about their time limits. Not here: the limits themselves
(`domain/exhibition_flow`), the wording of reminders (`domain/letters`), and doing it (`defs/deadlines`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ngc_pipelines.domain.cases import Flow
from ngc_pipelines.domain.workflow import AtLimit, Workflow
from ngc_pipelines.register.register import CaseLine


class Due(StrEnum):
    """What a time limit asks for."""

    REMIND = "remind"  # tell who is to act
    LAPSE = "lapse"  # close the case
    ESCALATE = "escalate"  # tell the case officers that it is overdue


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do about one case."""

    line: CaseLine
    due: Due


def what_is_due(lines: Iterable[CaseLine], workflows: Mapping[Flow, Workflow], today: date) -> tuple[Action, ...]:
    """Say what the time limits of these cases ask for on a day.

    A limit that has passed comes before a reminder that was missed: after a month without the daemon nobody is
    reminded of what has lapsed already. A case gets at most one action a day.
    """
    actions = []
    for line in lines:
        state = workflows[line.flow].state(line.state)
        if line.overdue(today):
            lapses = state.at_limit is AtLimit.LAPSE
            actions.append(Action(line, Due.LAPSE if lapses else Due.ESCALATE))
        elif line.closed is None and line.remind_on is not None and line.remind_on <= today:
            actions.append(Action(line, Due.REMIND))
    return tuple(actions)
