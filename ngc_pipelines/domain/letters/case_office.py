"""Letters to NGC's own case office: what waits for a case officer.

Here: one function a letter. Not here: the frame for applicants (`applicant`). These are short: the case tells the rest.
"""

from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.domain.letters.wording import Wording, wrapped


def needs_password(case: CaseId) -> Wording:
    """Say that the CPR list is encrypted and waits for the password that was agreed with the sender."""
    return _note(
        case,
        "CPR-listen er krypteret / The CPR list is encrypted",
        "CPR-listen er krypteret. Angiv adgangskoden, der er aftalt med afsenderen, så sagen kan gå videre.",
        "The CPR list is encrypted. Give the password that was agreed with the sender so that the case can go on.",
    )


def counts_held(case: CaseId) -> Wording:
    """Say that counts are held back until a case officer has judged them beside those of an earlier order."""
    return _note(
        case,
        "Antallene er holdt tilbage / The counts are held back",
        "Bestillingen ligner en tidligere så meget, at antallene tilsammen ville røbe enkelte personer. De er ikke "
        f"meddelt. Hvilken bestilling det er, står på sagen: ngc status {case}",
        "The order is so like an earlier one that the counts together would tell about single persons. They were not "
        f"told. Which order it is stands on the case: ngc status {case}",
    )


def stopped(case: CaseId, asset: str) -> Wording:
    """Say that the system could not do a step; why stands on the case, not in a mail."""
    return _note(
        case,
        "Sagen er standset / The case is stopped",
        f"Trinnet {asset} kunne ikke udføres, heller ikke ved gentagelse. Årsagen står på sagen: ngc status {case}",
        f"The step {asset} could not be done, nor when repeated. Why is told on the case: ngc status {case}",
    )


def overdue(case: CaseId, state: tuple[str, str], working_days: int) -> Wording:
    """Say that a case has stood longer than its limit. state: in Danish and English. working_days: the limit."""
    return _note(
        case,
        "Fristen er overskredet / Overdue",
        f"Sagen har stået længere end {working_days} arbejdsdage: {state[0]}.",
        f"The case has stood for more than {working_days} working days: {state[1]}.",
    )


def _note(case: CaseId, subject: str, danish: str, english: str) -> Wording:
    return Wording(f"[{case}] {subject}", f"{wrapped(danish)}\n\n{wrapped(english)}\n")
