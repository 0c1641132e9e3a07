"""The frame of a letter: subject line, both languages, signature, lines that a mail program does not break.

Here: how a letter is put together. Not here: what it says (`applicant`, `case_office`).
"""

import textwrap
from dataclasses import dataclass
from datetime import date

from ngc_pipelines.domain.cases import CaseId

OFFICE = "NGC Forskerservice, forskning@ngc.dk"
_WIDTH = 76
_MONTHS = (
    ("januar", "January"),
    ("februar", "February"),
    ("marts", "March"),
    ("april", "April"),
    ("maj", "May"),
    ("juni", "June"),
    ("juli", "July"),
    ("august", "August"),
    ("september", "September"),
    ("oktober", "October"),
    ("november", "November"),
    ("december", "December"),
)


@dataclass(frozen=True, slots=True)
class Wording:
    """A letter without its address. subject: one line with the case number. text: plain, lines ended by LF."""

    subject: str
    text: str

    def __post_init__(self) -> None:
        if not self.subject or any(character in "\r\n" for character in self.subject) or not self.text.strip():
            raise ValueError("a letter has a subject of one line and a text")


def letter(case: CaseId, subject: tuple[str, str], danish: list[str], english: list[str]) -> Wording:
    """Put a letter together: paragraphs in Danish, then in English, then who it is from.

    A paragraph that begins with a blank is a list and keeps its lines.
    """
    body = [
        "English below.",
        "",
        "Kære ansøger",
        "",
        *_paragraphs(danish),
        f"Sagsnummer: {case}. Skriv det i emnet, når I svarer.",
        "",
        "Venlig hilsen",
        OFFICE,
        "",
        "-" * _WIDTH,
        "",
        "Dear applicant",
        "",
        *_paragraphs(english),
        f"Case number: {case}. Write it in the subject when you answer.",
        "",
        "Kind regards",
        OFFICE,
        "",
    ]
    return Wording(f"[{case}] {subject[0]} / {subject[1]}", "\n".join(body))


def day_da(day: date) -> str:
    """Write a date in Danish: `3. marts 2026`."""
    return f"{day.day}. {_MONTHS[day.month - 1][0]} {day.year}"


def day_en(day: date) -> str:
    """Write a date in English: `3 March 2026`."""
    return f"{day.day} {_MONTHS[day.month - 1][1]} {day.year}"


def wrapped(text: str, indent: str = "") -> str:
    """Break a text into lines, each after `indent`; long words stay whole."""
    return textwrap.fill(
        text, _WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def _paragraphs(paragraphs: list[str]) -> list[str]:
    lines: list[str] = []
    for paragraph in paragraphs:
        lines += [paragraph if paragraph.startswith(" ") else wrapped(paragraph), ""]
    return lines
