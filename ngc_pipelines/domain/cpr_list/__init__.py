"""CPR lists (CO-1, G §4.2): reading, judging and explaining them.

Here: the public names. Not here: matching a list against the genome database and VAR, which happens in PostgreSQL.
"""

from ngc_pipelines.domain.cpr_list.checking import CprListResult, CprNumbers, check_cpr_list
from ngc_pipelines.domain.cpr_list.envelope import PasswordNeededError, WrongPasswordError
from ngc_pipelines.domain.cpr_list.faults import ListFault

__all__ = [
    "CprListResult",
    "CprNumbers",
    "ListFault",
    "PasswordNeededError",
    "WrongPasswordError",
    "check_cpr_list",
]
