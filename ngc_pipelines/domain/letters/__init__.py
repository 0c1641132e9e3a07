"""The wording of letters: to applicants (`applicant`) and to the case office (`case_office`).

Here: subject and text, Danish first with English beside, plain text. Not here: addresses, the outbox and sending.

A letter holds no personal data: no name, no CPR number, no file name, no count that `told_account` does not tell. The
subject carries the case number, so that an answer finds its case.
"""

from ngc_pipelines.domain.letters.applicant import (
    accepted,
    counts_told,
    environment_ready,
    lapsed,
    rejected,
    reminder,
    returned,
    withdrawn,
)
from ngc_pipelines.domain.letters.case_office import counts_held, needs_password, overdue, stopped
from ngc_pipelines.domain.letters.wording import Wording

__all__ = [
    "Wording",
    "accepted",
    "counts_held",
    "counts_told",
    "environment_ready",
    "lapsed",
    "needs_password",
    "overdue",
    "rejected",
    "reminder",
    "returned",
    "stopped",
    "withdrawn",
]
