"""Doing one step of a case: hold it, do the work, record the outcome, whatever it is.

Here: what every acting asset has in common, so that none forgets to claim, to record a failure or to fail closed. Not
here: the work itself, and Dagster (`defs/`).

What becomes of an error: Refused moves nothing by itself (the work records what it means: an application goes back to
the applicant); Unavailable is noted and tried again, longer apart each time, until a person is asked; IntegrityFault
and whatever nobody foresaw stop the case at once. A worker that is killed records nothing: its claim runs out.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.domain.errors import IntegrityFault, NgcError, Refused, Unavailable
from ngc_pipelines.domain.exhibition_flow import Did
from ngc_pipelines.register.claims import Claim, Claims, InOtherHands
from ngc_pipelines.register.events import Payload
from ngc_pipelines.register.fold import Standing
from ngc_pipelines.register.outbox import Letter
from ngc_pipelines.register.register import SYSTEM, Entry, Register

_LONGEST_WAIT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the system tries by itself. wait: before the second attempt, doubled each time up to an hour.

    attempts: failures in a row before a case officer is asked.
    """

    wait: timedelta = timedelta(seconds=30)
    attempts: int = 8

    def before(self, failures: int) -> timedelta:
        """How long to wait after that many failures in a row (1 and up)."""
        return min(self.wait * (1 << min(failures - 1, 16)), _LONGEST_WAIT)


@dataclass(frozen=True, slots=True)
class Worker:
    """Whoever does steps: the register, the claims on it, the Dagster run, and how to tell the case officers.

    run: id of the run. now: the clock. told: makes the letter to the case office when a case is stopped, from the case
    and the step.
    """

    register: Register
    claims: Claims
    run: str
    now: Callable[[], datetime]
    told: Callable[[CaseId, str], Sequence[Letter]]
    patience: Patience = Patience()


class Step:
    """A step in hand: where the case stood when it was begun, and the only way to record what came of it."""

    def __init__(self, worker: Worker, standing: Standing, claim: Claim) -> None:
        self.standing = standing
        self.claim = claim
        self._worker = worker

    @property
    def case(self) -> CaseId:
        """The case."""
        return self.standing.case

    def record(self, event: str, data: Payload, letters: Sequence[Letter] = ()) -> Standing:
        """Record the outcome and its letters; refused where another run or a person was faster."""
        entry = Entry(event, SYSTEM, data, letters, self._worker.run, self.standing.number)
        self.standing = self._worker.register.record(self.case, entry, self._worker.now(), claim=self.claim)
        return self.standing


@contextmanager
def step(worker: Worker, case: CaseId, asset: str) -> Iterator[Step | None]:
    """Hold a case while `asset` does the work of the state it stands in; None where there is nothing left to do.

    Nothing is left where the case has moved past the asset's state already (an attempt that was asked for twice).
    Raises InOtherHands where another run is at work, Refused where the state does not allow the work, and whatever
    the work raised, after it was recorded.
    """
    with worker.claims.held(case, asset, worker.run) as claim:
        standing = worker.register.standing(case)
        if standing.state.asset != asset:
            yield None
            return
        in_hand = Step(worker, standing, claim)
        try:
            yield in_hand
        except (InOtherHands, Refused):
            raise
        except Unavailable as error:
            _again(worker, in_hand, error)
            raise
        except Exception as error:  # whatever it was, the case is stopped for a person before it goes on up
            _stop(worker, in_hand, error)
            raise


def _again(worker: Worker, step: Step, error: Unavailable) -> None:
    """Note a failure that may pass, and let some time go by; ask a person after too many."""
    failures = step.claim.failures + 1
    if failures >= worker.patience.attempts:
        _stop(worker, step, error)
        return
    step.record(Did.ATTEMPT_FAILED, {"step": step.claim.step, "failures": failures, "why": str(error)})
    worker.claims.fail(step.claim, worker.patience.before(failures))


def _stop(worker: Worker, step: Step, error: Exception) -> None:
    why = _words(error)
    step.record(Did.STOPPED, {"step": step.claim.step, "why": why}, worker.told(step.case, step.claim.step))
    worker.claims.finish(step.case, worker.run)


def _words(error: Exception) -> str:
    """Say what happened without repeating the text of a library's exception, which may quote what it was reading."""
    if isinstance(error, IntegrityFault | NgcError):
        return str(error)
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" in {trace.tb_frame.f_globals.get('__name__')}, line {trace.tb_lineno}" if trace else ""
    return f"An unexpected {type(error).__name__}{where}. Report this line to those who maintain the pipelines."
