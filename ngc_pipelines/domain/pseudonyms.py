"""Pseudonyms: what a person and a sample are called inside one project's environment (EN-5, G §5, §8.1).

Here: the project that a pseudonym is valid in, the form of a pseudonym, and the name a file gets. Not here: who is
behind a pseudonym (`adapters/pseudonym_vault`, which alone holds the key).

A pseudonym is random, never calculated from the CPR number: there are so few CPR numbers that whoever got hold of a
calculation's key could try them all. The vault remembers the draw, so the same person has the same pseudonym
throughout a project and another one in every other project.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

# Crockford's alphabet: no I, L, O, U, so that a pseudonym read aloud or typed is not mistaken.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_RANDOM_CHARACTERS = 16
_FORM = re.compile(rf"(NGC[PS])-([{_ALPHABET}]{{4}})-([{_ALPHABET}]{{4}})-([{_ALPHABET}]{{4}})-([{_ALPHABET}]{{5}})")

ENTROPY_BYTES = 10  # 80 bits: among a million persons of a project a double is a chance of one in 10^12

# Finds pseudonyms in text; `is_pseudonym` then holds what it finds against its check character.
SEARCH_PATTERN = rf"NGC[PS]-[{_ALPHABET}]{{4}}-[{_ALPHABET}]{{4}}-[{_ALPHABET}]{{4}}-[{_ALPHABET}]{{5}}"


class Subject(StrEnum):
    """What a pseudonym stands for. The value is its prefix."""

    PERSON = "NGCP"
    SAMPLE = "NGCS"


@dataclass(frozen=True, slots=True)
class ProjectScope:
    """The project that pseudonyms are valid in: its acronym and the number of its ethics approval.

    Both are compared without regard to case, width or surrounding space, because a list and a form spell them
    differently; raises ValueError where one of them is empty.
    """

    acronym: str
    approval_number: str

    def __post_init__(self) -> None:
        for name in ("acronym", "approval_number"):
            normal = " ".join(unicodedata.normalize("NFKC", getattr(self, name)).split()).upper()
            if not normal or not normal.isprintable():
                raise ValueError("a project has an acronym and an approval number")
            object.__setattr__(self, name, normal)

    @property
    def digest(self) -> bytes:
        """32 bytes that stand for the project; the lengths keep `AB`+`C` and `A`+`BC` apart."""
        parts = [self.acronym.encode(), self.approval_number.encode()]
        return hashlib.sha256(b"".join(len(part).to_bytes(4, "big") + part for part in parts)).digest()


@dataclass(frozen=True, slots=True, order=True)
class Pseudonym:
    """A pseudonym such as `NGCP-7K3M-Q9TX-4HWB-0ZN8C`: kind, 80 random bits and a check character.

    The prefix and the check character tell it from every other id, so that the export check finds
    one wherever it was left (G §8.3: pseudonymised ids may not leave either). Raises ValueError where text is none.
    """

    value: str

    def __post_init__(self) -> None:
        match = _FORM.fullmatch(self.value)
        if match is None:
            raise ValueError("not a pseudonym")
        body = "".join(match.groups()[1:])
        if _check_character(match.group(1), body[:-1]) != body[-1]:
            raise ValueError("not a pseudonym: its check character does not fit")

    @classmethod
    def drawn(cls, subject: Subject, entropy: bytes) -> Pseudonym:
        """Make a pseudonym of `ENTROPY_BYTES` random bytes."""
        if len(entropy) != ENTROPY_BYTES:
            raise ValueError(f"a pseudonym is drawn from {ENTROPY_BYTES} bytes")
        number = int.from_bytes(entropy, "big")
        characters = "".join(_ALPHABET[(number >> (5 * place)) & 31] for place in reversed(range(_RANDOM_CHARACTERS)))
        body = characters + _check_character(subject.value, characters)
        return cls(f"{subject.value}-{body[:4]}-{body[4:8]}-{body[8:12]}-{body[12:]}")

    @property
    def subject(self) -> Subject:
        """Whether it stands for a person or for a sample."""
        return Subject(self.value[:4])

    def __str__(self) -> str:
        return self.value


def is_pseudonym(text: str) -> bool:
    """Whether the text is a pseudonym of this site, its check character included."""
    try:
        Pseudonym(text)
    except ValueError:
        return False
    return True


def file_key(person: Pseudonym, sample: Pseudonym, lane: int, read: int, storage_format: str, copy: int = 1) -> str:
    """The key of a file in its environment: `genome/<person>/<sample>_L001_R1_001.fastq.gz`.

    lane: 0 to 999, 0 where the report names none. read: 1 or 2; 0 where the file holds both. copy: counts from 1 the
    files of the same sample, lane and read, as Illumina's own last number does. storage_format: `fastq.gz` or `spring`.
    """
    if person.subject is not Subject.PERSON or sample.subject is not Subject.SAMPLE:
        raise ValueError("a file is named after a person's and a sample's pseudonym")
    if not 0 <= lane <= 999 or read not in (0, 1, 2) or not 1 <= copy <= 999:
        raise ValueError("lane is 0 to 999, copy 1 to 999, read 0, 1 or 2")
    if storage_format not in ("fastq.gz", "spring"):
        raise ValueError("a file is stored as fastq.gz or spring")
    reads = f"_R{read}" if read else ""
    return f"genome/{person}/{sample}_L{lane:03d}{reads}_{copy:03d}.{storage_format}"


def _check_character(prefix: str, characters: str) -> str:
    """One of 32 characters: of texts that merely look like a pseudonym one in 32 passes."""
    digest = hashlib.sha256(f"{prefix}:{characters}".encode()).digest()
    return _ALPHABET[digest[0] & 31]
