"""The Danish civil registration number (CPR) and the numbers that stand in for it.

Here: strict parsing for intake, classes of replacement numbers (eCPR), birth date, sex, modulus 11, masking; one number
at a time. Not here: the list (`domain/cpr_list`, which does the same to a million lines at once) and the tolerant
search for numbers in files (`disclosure/identifiers`): the intake must not clean, the search must.

Structure: DDMMYY and four digits, of which the first gives the century and the last the sex. The rules and their
sources are those of cpr.dk, nspop.dk (X-eCPR), hl7dk/dk-core (D-eCPR) and viden.stil.dk (KOT).
"""

import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

# ASCII digits only: Python's \d takes digits of other scripts too, and such a number would match nobody in a register.
_CANONICAL = re.compile(r"([0-9]{6})-?([0-9]{4})", re.ASCII)
_WRITTEN = re.compile(r"(?<![0-9])([0-9]{6})[ -]?([0-9]{4})(?![0-9])", re.ASCII)
_LETTERED = re.compile(r"([0-9]{6})-?([0-9A-Z][A-Z]{2}[0-9])", re.ASCII)
_WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)


class CprKind(StrEnum):
    """What a text is, read strictly as one CPR number. Only `CPR` is accepted in a list (G §4.2: no eCPR)."""

    CPR = "cpr"
    FUTURE_DATE = "future_date"
    INVALID_DATE = "invalid_date"
    NOT_CANONICAL = "not_canonical"
    ECPR_X = "ecpr_x"
    ECPR_D = "ecpr_d"
    ECPR_PLUS60 = "ecpr_plus60"
    ECPR_KOT = "ecpr_kot"
    ECPR_OTHER = "ecpr_other"

    @property
    def is_replacement(self) -> bool:
        """Whether it is a replacement number of some kind."""
        return self.value.startswith("ecpr")


class Sex(StrEnum):
    """Sex as the last digit of a CPR number tells it: odd is a man, even a woman."""

    MALE = "M"
    FEMALE = "F"


@dataclass(frozen=True, slots=True)
class CprResult:
    """What one text is.

    number: the ten digits without hyphen, for kind `CPR` alone; left out of repr.
    birth_date: where the digits give a real day; also for a future date and for day + 60.
    sex: for kind `CPR` alone. mod11: whether modulus 11 holds, None where it is not defined; since 1 October 2007
    it is no reason to refuse a number.
    """

    kind: CprKind
    number: str | None = field(default=None, repr=False)
    birth_date: date | None = field(default=None, repr=False)
    sex: Sex | None = None
    mod11: bool | None = None

    @property
    def accepted(self) -> bool:
        """Whether it may stand in a CPR list (CO-1)."""
        return self.kind is CprKind.CPR


def parse_cpr(text: str, *, as_of: date) -> CprResult:
    """Read `text` as exactly one CPR number, with or without hyphen; nothing is cleaned, nothing is guessed.

    Args:
        text: the whole cell; whitespace around it, quotes or another dash make it `NOT_CANONICAL`.
        as_of: the day on which a birth date counts as future if it lies after.
    """
    match = _CANONICAL.fullmatch(text)
    if match is None:
        return CprResult(_lettered_kind(text))
    number = match[1] + match[2]
    if number[0] in "6789":
        born = birth_date_of(str(int(number[0]) - 6) + number[1:])
        return CprResult(CprKind.ECPR_PLUS60 if born else CprKind.INVALID_DATE, birth_date=born)
    born = birth_date_of(number)
    if born is None:
        return CprResult(CprKind.INVALID_DATE)
    if born > as_of:
        return CprResult(CprKind.FUTURE_DATE, birth_date=born, mod11=mod11_holds(number))
    return CprResult(CprKind.CPR, number, born, sex_of(number), mod11_holds(number))


def may_hold_number(text: str) -> bool:
    """Whether a text somebody wrote has a CPR number or a replacement of day + 60 in it, as people write them.

    For reasons and the like, which go into records and letters; files are searched by `disclosure/identifiers`.
    """
    return any(
        birth_date_of(digits) or (digits[0] in "6789" and birth_date_of(str(int(digits[0]) - 6) + digits[1:]))
        for digits in ("".join(match.groups()) for match in _WRITTEN.finditer(text))
    )


def century_of(two_digit_year: int, seventh_digit: int) -> int:
    """Give the first year of the century (1800, 1900, 2000) by the year (0 to 99) and the seventh digit (0 to 9)."""
    if not (0 <= two_digit_year <= 99 and 0 <= seventh_digit <= 9):
        raise ValueError("the year has two digits and the seventh digit is one digit")
    if seventh_digit <= 3:
        return 1900
    if seventh_digit in (4, 9):
        return 2000 if two_digit_year <= 36 else 1900
    return 2000 if two_digit_year <= 57 else 1800


def birth_date_of(number: str) -> date | None:
    """Give the birth date that ten digits tell, None where there is no such day."""
    year = int(number[4:6])
    try:
        return date(century_of(year, int(number[6])) + year, int(number[2:4]), int(number[:2]))
    except ValueError:
        return None


def sex_of(number: str) -> Sex:
    """Give the sex that the last of ten digits tells."""
    return Sex.MALE if int(number[9]) % 2 else Sex.FEMALE


def mod11_holds(number: str) -> bool:
    """Tell whether the weighted sum of ten digits is divisible by 11, as it was for every number until October 2007."""
    return sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=True)) % 11 == 0


def mask(text: str) -> str:
    """Give the only form in which a number may be shown: its first two characters where digits, `02****-****`."""
    shown = text[:2] if re.fullmatch(r"[0-9]{2}", text[:2], re.ASCII) else "**"
    return f"{shown}****-****"


def _lettered_kind(text: str) -> CprKind:
    match = _LETTERED.fullmatch(text.upper()) if text.isascii() else None
    # A lettered number does not share the century table; a 4 makes every year divisible by four a leap year.
    if match is None or birth_date_of(match[1] + "4000") is None:
        return CprKind.NOT_CANONICAL
    sign = match[2][0]
    if sign.isalpha():
        return CprKind.ECPR_KOT
    if sign in "17":
        return CprKind.ECPR_X
    return CprKind.ECPR_D if sign in "056" else CprKind.ECPR_OTHER
