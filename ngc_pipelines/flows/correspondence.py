"""Which letter goes to whom: the words of `domain/letters` under the addresses of a case and a site.

Here: addressing, and the dates that a letter names. Not here: wording (`domain/letters`), sending (`register/outbox`).
Where a case has no applicant's address (the form could not be read), the case office gets the letter to pass it on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ngc_pipelines.domain import letters
from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.domain.cohort_accounts import VarFilterResult
from ngc_pipelines.domain.environments import Snapshot
from ngc_pipelines.domain.errors import Fault
from ngc_pipelines.domain.exhibition_flow import EXHIBITION, Did, On
from ngc_pipelines.domain.told_account import ToldAccount, tell_account, withhold_account
from ngc_pipelines.domain.workdays import WorkdayCalendar
from ngc_pipelines.domain.workflow import Actor, limits
from ngc_pipelines.register.decisions import Answer, Decision
from ngc_pipelines.register.fold import Standing
from ngc_pipelines.register.outbox import Letter
from ngc_pipelines.register.register import COPENHAGEN
from ngc_pipelines.settings import Mail, Policy

_DECIDED = {
    Answer.WITHDRAW: letters.withdrawn,
    Answer.REJECT: letters.rejected,
}


@dataclass(frozen=True, slots=True)
class Correspondence:
    """The letters of one site.

    mail: its addresses. policy: the threshold. ui_url: where case officers find Dagster. calendar: for letters' dates.
    """

    mail: Mail
    policy: Policy
    ui_url: str
    calendar: WorkdayCalendar

    def accepted(self, case: CaseId, contact: str | None) -> Sequence[Letter]:
        """Tell the applicant that the application was accepted."""
        return [self._letter(contact, letters.accepted(case))]

    def returned(self, case: CaseId, contact: str | None, faults: Sequence[Fault], now: datetime) -> Sequence[Letter]:
        """Tell the applicant every fault in one letter."""
        return [self._letter(contact, letters.returned(case, faults, self._last_day(On.RETURNED, now)))]

    def list_locked(self, case: CaseId) -> Sequence[Letter]:
        """Tell the case office that a list waits for its password."""
        return [self._note(case, letters.needs_password(case))]

    def counts_held(self, case: CaseId) -> Sequence[Letter]:
        """Tell the case office that counts are held back."""
        return [self._note(case, letters.counts_held(case))]

    def account(self, result: VarFilterResult, *, withheld: bool) -> ToldAccount:
        """Word a cohort's account for the applicant; without counts where a case officer withheld them."""
        word = withhold_account if withheld else tell_account
        return word(result, self.policy.threshold)

    def counts(self, standing: Standing, told: ToldAccount, now: datetime) -> Sequence[Letter]:
        """Tell the applicant the counts and ask whether to go on."""
        last_day = self._last_day(On.ANSWER_AWAITED, now)
        return [self._letter(contact_of(standing), letters.counts_told(standing.case, told, last_day))]

    def told_counts(self, told: ToldAccount) -> Mapping[str, str]:
        """Give the counts as they are told, for the case and the asset's page."""
        return {
            "bestilt / ordered": told.asked,
            "registreret i VAR / registered in VAR": f"{told.registered.da} / {told.registered.en}",
            "med data / with data": f"{told.kept.da} / {told.kept.en}",
        }

    def exhibited(self, standing: Standing, snapshot: Snapshot) -> Sequence[Letter]:
        """Tell the applicant that the data stand in the environment."""
        wording = letters.environment_ready(standing.case, left_out=bool(snapshot.left_out))
        return [self._letter(contact_of(standing), wording)]

    def stopped(self, case: CaseId, asset: str) -> Sequence[Letter]:
        """Tell the case office that a case was stopped."""
        return [self._note(case, letters.stopped(case, asset))]

    def decided(self, standing: Standing, decision: Decision, now: datetime) -> Sequence[Letter]:
        """Tell the applicant about a decision, where it ends the case or sends it back."""
        contact = contact_of(standing)
        if decision.answer is Answer.RETURN:
            fault = Fault("CO-4", "sagen / the case", decision.why, decision.why)
            return self.returned(standing.case, contact, [fault], now)
        word = _DECIDED.get(decision.answer)
        return [] if word is None else [self._letter(contact, word(standing.case))]

    def lapsed(self, standing: Standing) -> Sequence[Letter]:
        """Tell the applicant that the case was closed because no answer came."""
        return [self._letter(contact_of(standing), letters.lapsed(standing.case))]

    def reminder(self, standing: Standing, due: date) -> Sequence[Letter]:
        """Remind whoever is to act: the applicant, or else the case office."""
        words = (standing.state.da, standing.state.en)
        if standing.state.actor is Actor.APPLICANT:
            return [self._letter(contact_of(standing), letters.reminder(standing.case, words, due))]
        waited = self.calendar.between(standing.since.astimezone(COPENHAGEN).date(), due)
        return [self._note(standing.case, letters.overdue(standing.case, words, waited))]

    def overdue(self, standing: Standing) -> Sequence[Letter]:
        """Tell the case office that a case is overdue."""
        words = (standing.state.da, standing.state.en)
        return [self._note(standing.case, letters.overdue(standing.case, words, standing.state.limit or 0))]

    def _last_day(self, state: On, now: datetime) -> date:
        """The last day that a state which begins now may last."""
        due = limits(EXHIBITION.state(state), now.astimezone(COPENHAGEN).date(), self.calendar).due
        if due is None:
            raise ValueError(f"{state} has no time limit")
        return due

    def _letter(self, contact: str | None, wording: letters.Wording) -> Letter:
        """To the applicant; to be passed on by the case office where there is no address."""
        return Letter(contact or self.mail.case_office, wording.subject, wording.text)

    def _note(self, case: CaseId, wording: letters.Wording) -> Letter:
        """To the case office, with the page where the case is decided."""
        page = f"{self.ui_url.rstrip('/')}/assets/exhibition_decision?view=partitions&partition={case}"
        return Letter(self.mail.case_office, wording.subject, f"{wording.text}\n{page}\n")


def contact_of(standing: Standing) -> str | None:
    """Give the applicant's address as the case has it; None where no form could be read."""
    for event in (Did.ACCEPTED, Did.RETURNED):
        contact = standing.facts.get(event, {}).get("contact")
        if contact:
            return str(contact)
    return None
