"""The sentences of findings about individual rows, Danish and English, each with what clears it."""

from __future__ import annotations

from ngc_pipelines.disclosure.findings import Words
from ngc_pipelines.disclosure.rows.code.literals import CodeReason
from ngc_pipelines.disclosure.rows.judging import Reason

_AGGREGATE = Words(
    da="Fjern listen, eller erstat den med antal, gennemsnit og lignende over mindst 5 personer.",
    en="Remove the listing, or replace it by counts, means and the like over at least 5 persons.",
)
_OUT_OF_CODE = Words(
    da="Flyt værdierne til en fil, der bliver i miljøet, og lad programmet læse den.",
    en="Move the values to a file that stays in the environment, and let the program read it.",
)
_SAY_WHAT = Words(
    da="Giv rækkerne navne, der viser, hvad de er, eller erstat dem med aggregerede tal.",
    en="Name the rows for what they are, or replace them by aggregated figures.",
)

_ROWS: dict[Reason, tuple[Words, Words]] = {
    Reason.IDENTIFIED: (
        Words(da="Rækker med et id for hver person.", en="Rows with an identifier for each person."),
        _AGGREGATE,
    ),
    Reason.BIRTH: (
        Words(da="Rækker med fødselsdatoer for enkeltpersoner.", en="Rows with birth dates of single persons."),
        _AGGREGATE,
    ),
    Reason.NAMED: (
        Words(da="Rækker med navne på personer.", en="Rows with names of persons."),
        _AGGREGATE,
    ),
    Reason.COMBINED: (
        Words(
            da="Rækker, der ser ud til at være én person hver: egenskaber side om side, intet er talt op.",
            en="Rows that seem to be one person each: properties side by side, nothing is counted.",
        ),
        _AGGREGATE,
    ),
    Reason.GENOTYPES: (
        Words(da="Rækker med genotyper for enkeltpersoner.", en="Rows with genotypes of single persons."),
        _AGGREGATE,
    ),
    Reason.ACROSS: (
        Words(
            da="En kolonne for hver person eller prøve.",
            en="A column for each person or sample.",
        ),
        _AGGREGATE,
    ),
    Reason.UNSUMMARISED: (
        Words(
            da="Mange rækker med enkelte værdier, som kan være personer.",
            en="Many rows of single values that may be persons.",
        ),
        _SAY_WHAT,
    ),
}
_CODE: dict[CodeReason, tuple[Words, Words]] = {
    CodeReason.CONDITION: (
        Words(
            da="Programmet udpeger enkeltpersoner i en betingelse.",
            en="The program picks out single persons in a condition.",
        ),
        _OUT_OF_CODE,
    ),
    CodeReason.LIST: (
        Words(da="Programmet indeholder en liste af id'er.", en="The program holds a list of identifiers."),
        _OUT_OF_CODE,
    ),
    CodeReason.VALUES: (
        Words(
            da="Programmet indeholder en liste af værdier, der kan være personers.",
            en="The program holds a list of values that may be persons'.",
        ),
        _OUT_OF_CODE,
    ),
    CodeReason.KEYED: (
        Words(
            da="Programmet knytter værdier til enkeltpersoner.",
            en="The program maps values to single persons.",
        ),
        _OUT_OF_CODE,
    ),
    CodeReason.ROWS: (
        Words(
            da="Programmet indeholder rækker om enkeltpersoner.",
            en="The program holds rows about single persons.",
        ),
        _OUT_OF_CODE,
    ),
}
LISTED = (
    Words(
        da="Teksten nævner personer eller prøver én for én.",
        en="The text tells persons or samples one by one.",
    ),
    Words(
        da="Fjern linjerne, fx ved at køre programmet uden udskrift pr. person, og aflever kun antal.",
        en="Remove the lines, e.g. by running without output for each person, and hand in counts only.",
    ),
)
"""What is said of texts that tell persons one by one."""


def said_of_rows(reason: Reason) -> tuple[Words, Words]:
    """Message and advice for rows."""
    return _ROWS[reason]


def said_of_code(reason: CodeReason) -> tuple[Words, Words]:
    """Message and advice for individual data in a program."""
    return _CODE[reason]
