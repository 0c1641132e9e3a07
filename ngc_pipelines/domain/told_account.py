"""What an applicant is told about their cohort: counts with small ones hidden, and nothing to calculate them by (CO-4).

Here: the account in the words that a letter, an asset's metadata and `ngc status` may show. Not here: the account
itself (`domain/cohort_accounts`) and hiding in the overview's tables.

The applicant knows how many were asked for, so three counts that add up to that number tell each other: with 100 asked
for and data found for 99, "fewer than 5 were removed" says nearly which. Therefore the persons without data are never
told, and where what is left over is still a small number, one count is only given as "at least".
"""

from dataclasses import dataclass

from ngc_pipelines.domain.cohort_accounts import VarFilterResult


@dataclass(frozen=True, slots=True)
class ToldAccount:
    """The counts as they may be told: `<5`, `123`, `at least 96`, or `not told` where the order is too small.

    asked is exact unless it is small itself: whoever sent a list knows it. kept: persons whose data would be
    exhibited. registered: removed by VAR.
    """

    asked: str
    kept: "ToldCount"
    registered: "ToldCount"


@dataclass(frozen=True, slots=True)
class ToldCount:
    """One count as it may be told, in both languages."""

    da: str
    en: str


_UNTOLD = ToldCount("oplyses ikke (bestillingen er for lille)", "not told (the order is too small)")
_WITHHELD = ToldCount("oplyses ikke (jf. en tidligere bestilling)", "not told (because of an earlier order)")


def tell_account(account: VarFilterResult, threshold: int) -> ToldAccount:
    """Word a closed account for the applicant.

    Args:
        account: asked = kept + registered + the rest (without data, invalid), in CPR numbers.
        threshold: a count below it is never told, nor zero; at least 2 (policy: 5).
    """
    if threshold < 2:
        raise ValueError("a threshold under 2 hides nothing")
    kept, registered = _worded(account.asked, account.kept, account.registered, threshold)
    # Who sent a list knows how many they asked for; who asked by criteria must not learn that it was a handful.
    asked = str(account.asked) if account.asked >= threshold else f"<{threshold}"
    return ToldAccount(asked, kept, registered)


def withhold_account(account: VarFilterResult, threshold: int) -> ToldAccount:
    """Word a closed account whose counts a case officer has withheld; only how many were ordered is told."""
    return ToldAccount(tell_account(account, threshold).asked, _WITHHELD, _WITHHELD)


def _worded(asked: int, kept: int, registered: int, threshold: int) -> tuple[ToldCount, ToldCount]:
    # What is not told must have room to be any number from 0 to `room`: else the total gives it away.
    room = threshold - 1
    crowd = threshold + room
    if asked < crowd:
        return _UNTOLD, _UNTOLD
    others = asked - registered
    if registered < threshold:
        left = asked - kept
        if kept < threshold:
            return _below(threshold), _below(threshold)
        return (_at_least(asked - room) if left <= room else _exactly(kept)), _below(threshold)
    told_registered = _at_least(asked - room) if others <= room else _exactly(registered)
    if others < crowd:
        # Too few are left to tell kept from without data.
        return _below(crowd), told_registered
    if kept < threshold:
        return _below(threshold), told_registered
    return (_exactly(kept) if others - kept >= threshold else _at_least(others - room)), told_registered


def _exactly(count: int) -> ToldCount:
    return ToldCount(str(count), str(count))


def _below(count: int) -> ToldCount:
    return ToldCount(f"<{count}", f"<{count}")


def _at_least(count: int) -> ToldCount:
    return ToldCount(f"mindst {count}", f"at least {count}")
