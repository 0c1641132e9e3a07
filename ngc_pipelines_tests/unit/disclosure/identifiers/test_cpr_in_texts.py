"""CPR numbers and their replacements in running text, around every boundary of the rules.

All numbers are published test numbers or made by rule: not 1 January, failing modulus 11.
"""

from __future__ import annotations

from datetime import date

import pytest

from ngc_pipelines.disclosure.findings import Finding, Kind, Severity
from ngc_pipelines.disclosure.identifiers.numbers import BareNumbers
from ngc_pipelines.disclosure.identifiers.texts import TextScanner
from ngc_pipelines.disclosure.policy import DEFAULT_POLICY

AS_OF = date(2026, 11, 21)


def scan(text: str) -> list[Finding]:
    """All findings of one text as a whole file."""
    numbers = BareNumbers(AS_OF)
    scanner = TextScanner(DEFAULT_POLICY, AS_OF, None, numbers)
    found = list(scanner.scan(text, lambda at: f"byte {at}"))
    return [*found, *numbers.findings()]


def worst(text: str) -> str:
    """`hit`, `candidate` or `none`, as the published vectors say it."""
    severity = max((finding.severity for finding in scan(text)), default=Severity.NOTE)
    return {Severity.BLOCK: "hit", Severity.REVIEW: "candidate", Severity.NOTE: "none"}[severity]


HITS = {
    "bare with a word before": "CPR: 0201609995",
    "blank": "id 020160 9995;",
    "hyphen": "020160-9995",
    "non-breaking hyphen": "020160\u20119995",
    "en dash": "020160\u20139995",
    "minus sign": "020160\u22129995",
    "no-break space": "020160\u00a09995",
    "blanks around the hyphen": "020160 - 9995",
    "day, month, year apart": "02-01-60-9995",
    "broken over a line": "seen in 020160-\n9995 again",
    "condition in code": 'if cpr == "0201609995":',
    "at the end of a word": "patient_020160-9995",
    "year first": "19600201-9995",
    "year last": "02011960-9995",
    "X-eCPR": "0203291WQ3",
    "X-eCPR with hyphen": "130878-1OS6",
    "D-eCPR": "310535-0QX1",
    "KOT": "020160ABC1",
    "day raised by 60": "620160-9995",
    "spelled apart": "0 2 0 1 6 0 - 9 9 9 5",
    "serial masked": "020160-XXXX",
    "serial starred": "020160-****",
    "full width": "０２０１６０-９９９５",
    "Arabic-Indic digits": "٠٢٠١٦٠-٩٩٩٥",
    "zero-width characters": "02\u200b01\u200d60-99\ufeff95",
    "soft hyphens": "02\u00ad01\u00ad60-9995",
    "bidirectional marks": "\u202e020160\u202c-9995",
    "HTML entities": "x &#48;2&#48;16&#x30;-9995",
    "percent escapes": "q=%30%32%30%31%36%30-9995",
    "backslash x": r"\x30\x32\x30\x31\x36\x30-9995",
    "backslash u": r"\u0030\u0032\u0030160-9995",
    "quoted-printable": "=30=32=30=31=36=30-9995",
    "letters for digits": "O2O16O-9995",
    "Cyrillic letter for zero": "О2О16О-9995",
    "mathematical digits": "𝟎𝟐𝟎𝟏𝟔𝟎-𝟗𝟗𝟗𝟓",
}

NONE = {
    "decimal fraction": "0.0201609995",
    "probability": "p=0.1201609995",
    "decimal comma": "0,0201609995",
    "inside a longer run": "12345020160999567",
    "unix time of no past date": "1712345678",
    "no such day": "310260-1234",
    "no such month": "021360-1234",
    "born tomorrow": "221126-4234",
    "time stamp": "20240115-1234",
    "two columns of numbers": "120160 1234 5678 9012",
    "telephone number": "+45 12 34 56 78",
    "hexadecimal digest": "9f020160abc1d2e3",
    "a date alone": "02-01-1960",
}

REVIEWED = {
    "bare and alone": "x 0201609995 y",
    "backwards": "5999-061020",
}


@pytest.mark.parametrize("text", HITS.values(), ids=HITS.keys())
def test_number_is_found_in_every_spelling(text: str) -> None:
    assert worst(f"first line\n{text}\nlast line") == "hit"


@pytest.mark.parametrize("text", NONE.values(), ids=NONE.keys())
def test_what_only_resembles_a_number_is_let_be(text: str) -> None:
    assert worst(f"first line\n{text}\nlast line") == "none"


@pytest.mark.parametrize("text", REVIEWED.values(), ids=REVIEWED.keys())
def test_doubtful_number_is_left_to_a_person(text: str) -> None:
    assert worst(text) == "candidate"


@pytest.mark.parametrize("text", [*HITS.values(), *REVIEWED.values()], ids=[*HITS, *REVIEWED])
def test_no_finding_repeats_what_it_found(text: str) -> None:
    for finding in scan(text):
        told = f"{finding.where} {finding.message} {finding.advice} {finding.masked} {finding.places}"
        assert "0160" not in told
        assert "9995" not in told


NAMES = {
    "read header": ("@A01234:55:HXXXXDSX3:1:1101:10204:1000 1:N:0:ACGTACGT+TGCATGCA", Severity.REVIEW),
    "Illumina file": ("wrote NA12-3_S7_L001_R1_001.fastq.gz", Severity.BLOCK),
    "alignment of a sample": ("reading P0042.cram", Severity.REVIEW),
    "folder of a patient": ("/data/patients/pt-00412/x.txt", Severity.REVIEW),
    "reference genome": ("using hg38.vcf.gz", None),
    "script": ("see analysis_v2.py", None),
}


@pytest.mark.parametrize(("text", "severity"), NAMES.values(), ids=NAMES.keys())
def test_names_of_samples_are_told_as_identifiers_and_not_as_cpr(text: str, severity: Severity | None) -> None:
    found = [(finding.kind, finding.severity) for finding in scan(text)]
    assert found == ([] if severity is None else [(Kind.ID_COLUMN, severity)])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("date of birth: 12/04/1975", "birth"),
        ("født den 12.04.1975 i Aarhus", "birth"),
        ("DOB=1975-04-12", "birth"),
        ("the participant answered from some.one@example.org", "mail"),
        ("the model was fitted on 12/04/2025", None),
        ("correspondence: author@university.example", None),
    ],
    ids=["English", "Danish", "field", "mail", "a date", "an author"],
)
def test_birth_dates_and_addresses_of_participants_are_left_to_a_person(text: str, said: str | None) -> None:
    found = [(finding.severity, finding.message.en) for finding in scan(text)]
    assert all(severity is Severity.REVIEW for severity, _ in found)
    assert len(found) == (said is not None)
    assert all(str(said) in message for _, message in found)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("020160-9995", Kind.CPR),
        ("0203291WQ3", Kind.REPLACEMENT_CPR),
        ("310535-0QX1", Kind.REPLACEMENT_CPR),
        ("020160ABC1", Kind.REPLACEMENT_CPR),
        ("620160-9995", Kind.REPLACEMENT_CPR),
    ],
    ids=["cpr", "x", "d", "kot", "day60"],
)
def test_replacement_numbers_are_told_from_cpr_numbers(text: str, kind: Kind) -> None:
    assert [finding.kind for finding in scan(text)] == [kind]


def test_lab_numbers_are_told_as_an_identifier_list_not_as_cpr() -> None:
    numbers = "\n".join(f"2411{day:02}{serial:04}" for day, serial in zip(range(1, 13), range(1, 13), strict=True))
    kinds = {finding.kind for finding in scan(numbers)}
    assert kinds == {Kind.ID_COLUMN}


def test_ten_dates_among_few_numbers_need_no_word_around() -> None:
    births = [f"{day:02}0360{9900 + day}" for day in range(2, 14)]
    assert {(f.kind, f.severity) for f in scan("\n".join(births))} == {(Kind.CPR, Severity.BLOCK)}


def test_few_dates_among_many_numbers_are_chance() -> None:
    numbers = [str(1_500_000_000 + step * 7_919_123) for step in range(60)]
    assert worst("\n".join(numbers)) == "none"


def test_many_numbers_are_one_finding_with_a_count_and_first_places() -> None:
    found = scan("020160-9995\n" * 1000)
    assert [(finding.count, len(finding.places)) for finding in found] == [(1000, 5)]
