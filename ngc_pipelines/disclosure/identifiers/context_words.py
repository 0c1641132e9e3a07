"""Words that make a number a CPR number, or a code an identifier of a person.

Danish and English, in headers and in running text, without regard to case.
"""

from __future__ import annotations

import re

_CPR_WORDS = (
    r"e?cpr|p[-_ .]?n(?:umme)?r|person[-_ .]?(?:n(?:umme)?r|id|nummer)|personal[-_ ]?(?:id|number|identification)"
    r"|civil[-_ ]?registration|central[-_ ]person|fødselsnummer|foedselsnummer|national[-_ ]?id|social[-_ ]?security"
)
_PERSON_WORDS = (
    r"patient|deltager|participant|subject|forsøgsperson|foedselsdato|fødselsdato|født|birth|\bdob\b|borger|proband"
    r"|individ|respondent"
)
_ID_WORDS = (
    r"patient|deltager|participant|subject|sample|prøve|proeve|specimen|person|individ|proband|donor|case|record"
    r"|journal|respondent|forsøgs|pseudonym|barcode|stregkode|løbenr|loebenr|\bid\b|\bids\b|_id\b|\bid_|\bpt\b"
)

_CPR = re.compile(rf"(?:^|[^a-zæøå])(?:{_CPR_WORDS})", re.IGNORECASE)
_PERSON = re.compile(rf"(?:{_CPR_WORDS}|{_PERSON_WORDS})", re.IGNORECASE)
_ID = re.compile(_ID_WORDS, re.IGNORECASE)

_PERSON_STEM = re.compile(
    r"patient|(?:^|[^a-zæøå])pa?t(?:[^a-zæøå]|id|nr|$)|deltager|participant|subject|sample|prøve|proeve|specimen|person"
    r"|individ(?!uals\b)|proband|donor|respondent|forsøgs|pseudonym|barcode|stregkode|mrn|rekv|journal|record[-_ ]?id"
    r"|^id$|^ids$|^iid$|^fid$|løbenr|loebenr|løbenummer|lbnr|study[-_ ]?id|case[-_ ]?id|^eid$|participant",
    re.IGNORECASE,
)
_COUNTING = re.compile(
    r"antal|count|number of|(?:^|[^a-zæøå])n(?:[^a-zæøå]|$)|n_|_n$|pct|procent|percent|andel|mean|gennemsnit|median"
    r"|years|\(n\)|n\s*=|total|type|status|group|gruppe|size|age|alder",
    re.IGNORECASE,
)
_PLURAL = re.compile(
    r"patients|patienter|persons|personer|participants|deltagere|subjects|individuals|individer|samples|prøver|donors"
    r"|donorer|respondents|respondenter|probands|probander",
    re.IGNORECASE,
)
_SERIAL_HEADER = re.compile(r"serial|løbe|loebe|kontrol|control|last ?4|sidste|suffix|cpr|lbnr|pnr", re.IGNORECASE)


def names_cpr(text: str) -> bool:
    """Whether a text, as a column's header, says CPR number."""
    return _CPR.search(text) is not None


def speaks_of_persons(text: str) -> bool:
    """Whether the words around a bare number make it a CPR number."""
    return _PERSON.search(text) is not None


def speaks_of_ids(text: str) -> bool:
    """Whether the words around a short code make it an identifier."""
    return _ID.search(text) is not None


def heads_ids(header: str) -> bool:
    """Whether a column's header says identifier of a person, and no count of them."""
    return _PERSON_STEM.search(header.strip()) is not None and _COUNTING.search(header) is None


def may_head_counts(header: str) -> bool:
    """Whether a header says no more than persons, in the plural: over numbers these are how many."""
    return _PLURAL.fullmatch(header.strip()) is not None


def heads_serials(header: str) -> bool:
    """Whether a column's header says last four digits."""
    return _SERIAL_HEADER.search(header) is not None
