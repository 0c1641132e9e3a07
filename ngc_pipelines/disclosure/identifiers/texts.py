"""Identifiers in running text: candidates weighed by what stands around them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from ngc_pipelines.disclosure.byte_patterns import compiled, sieve
from ngc_pipelines.disclosure.findings import Finding, Words
from ngc_pipelines.disclosure.identifiers.candidates import PATTERN, Candidate, candidates
from ngc_pipelines.disclosure.identifiers.context_words import names_cpr, speaks_of_ids, speaks_of_persons
from ngc_pipelines.disclosure.identifiers.cpr import Form
from ngc_pipelines.disclosure.identifiers.known import KnownIdentifiers
from ngc_pipelines.disclosure.identifiers.masking import mask_cpr
from ngc_pipelines.disclosure.identifiers.names import NAMES, scan_names
from ngc_pipelines.disclosure.identifiers.normalising import ESCAPES, LETTERS_FOR_DIGITS, undisguised
from ngc_pipelines.disclosure.identifiers.numbers import BareNumbers
from ngc_pipelines.disclosure.identifiers.torn import PATTERNS as TORN
from ngc_pipelines.disclosure.identifiers.torn import Torn, torn
from ngc_pipelines.disclosure.identifiers.wording import Where, cpr_finding, known_finding, person_finding
from ngc_pipelines.disclosure.policy import Policy

_DATE = rb"(?:[0-9]{1,2}[-./\x20][0-9]{1,2}[-./\x20](?:19|20)?[0-9]{2}|(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}|[0-9]{6})"
_BIRTH = (
    rb"(?i)(?:date[\x20_-]of[\x20_-]birth|birth[\x20_-]?date|\bdob\b|born|f\xc3\xb8dselsdato|f\xc3\xb8dselsdag|f\xc3\xb8dt|foedt)"
    rb"(?-i)[\x20\t:=\"'(,;]{1,5}(?:on\x20|the\x20|den\x20|d\.\x20)?" + _DATE + rb"(?:[^0-9]|\z)"
)
_MAIL = (
    rb"(?i)\b[\w.+-]*(?:patient|participant|subject|deltager|proband)[\w.+-]*@[\w-]+\.[\w.-]+"
    rb"|(?:patient|participant|deltager|subject)[^\n@]{0,40}[\x20:<(][\w.+-]+@[\w-]+\.[\w.-]+"
)
_SOUGHT = (PATTERN, ESCAPES, LETTERS_FOR_DIGITS, _BIRTH, _MAIL, NAMES, *TORN)
_FIRST_TORN = len(_SOUGHT) - len(TORN)
_BIRTH_DATE = Words("En fødselsdato.", "A birth date.")
_MAIL_ADDRESS = Words("En deltagers mailadresse.", "A participant's mail address.")
_MASKED = Words("med skjult løbenummer: fødselsdatoen står der endnu", "with its serial masked: the birth date remains")
_IN_PARTS = Words("delt i stykker", "in parts")
_DISGUISED = Words("i forklædning (kodede eller lignende tegn)", "in disguise (escaped or look-alike characters)")


@dataclass(slots=True)
class _Many:
    """Occurrences of one fault in one block."""

    masked: str
    count: int = 0
    places: list[str] = field(default_factory=list)


@dataclass(slots=True)
class TextScanner:
    """Searches texts of one file.

    Args:
        around: what else stands for context at an offset, e.g. a column's header.
    """

    policy: Policy
    as_of: date
    known: KnownIdentifiers | None
    numbers: BareNumbers

    def scan(
        self, text: str, where: Where, around: Callable[[int], str] | None = None, *, bare: bool = True
    ) -> Iterator[Finding]:
        """The findings of one block of text, folded.

        Args:
            bare: whether ten digits that nothing around explains are kept, to be judged at the file's end.
        """
        data = text.encode("utf-8", "replace")
        if len(data) < 3:
            return
        seen: set[str] = set()
        occur = sieve(_SOUGHT).which(data)
        if _SOUGHT.index(PATTERN) in occur:
            yield from self._numbers(data, where, around, seen, None, bare=bare)
        for pattern, said in ((_BIRTH, _BIRTH_DATE), (_MAIL, _MAIL_ADDRESS)):
            if _SOUGHT.index(pattern) in occur:
                yield self._person(data, where, pattern, said)
        if _SOUGHT.index(NAMES) in occur:
            yield from scan_names(data, where, self.policy.thresholds.findings)
        yield from self._known(data, where, None)
        escaped = bool(occur & {_SOUGHT.index(ESCAPES), _SOUGHT.index(LETTERS_FOR_DIGITS)})
        yield from self._disguised(text, data, where, seen, escaped=escaped)
        in_parts = frozenset(number - _FIRST_TORN for number in occur if number >= _FIRST_TORN)
        if in_parts:
            yield from self._torn(data, where, around, seen, in_parts)

    def _numbers(
        self,
        data: bytes,
        where: Where,
        around: Callable[[int], str] | None,
        seen: set[str],
        how: Words | None,
        *,
        bare: bool = False,
    ) -> Iterator[Finding]:
        sure: dict[Form, _Many] = {}
        masked: dict[Form, _Many] = {}
        odd: dict[Form, _Many] = {}
        alone: list[tuple[Candidate, str]] = []
        for candidate in candidates(data, as_of=self.as_of):
            if how is not None and candidate.ten in seen:
                continue
            seen.add(candidate.ten)
            if candidate.strength == "masked":
                self._note(masked, candidate, where)
            elif candidate.strength == "strict" or self._in_context(data, candidate, around):
                self._note(sure, candidate, where)
            elif candidate.strength == "odd":
                self._note(odd, candidate, where)
            elif candidate.strength == "bare" and bare:
                alone.append((candidate, where(candidate.start) if len(alone) < 5 else ""))
        for form, many in sure.items():
            yield cpr_finding(form, **_as_told(many), how=how)
        for form, many in masked.items():
            yield cpr_finding(form, **_as_told(many), how=_MASKED)
        for form, many in odd.items():
            yield cpr_finding(form, **_as_told(many), sure=False, how=how)
        if alone:
            self.numbers.add(data, alone)

    def _person(self, data: bytes, where: Where, pattern: bytes, said: Words) -> Finding:
        """Birth dates that are called so, or addresses of persons who take part."""
        starts = [match.start() for match in compiled(pattern).finditer(data)]
        places = tuple(where(start) for start in starts[: self.policy.thresholds.findings])
        return person_finding(places[0], said, count=len(starts), places=places)

    def _known(self, data: bytes, where: Where, how: Words | None) -> Iterator[Finding]:
        if self.known is None:
            return
        many = _Many("")
        for hit in self.known.find(data):
            if hit.weak and not speaks_of_ids(self._window(data, hit.start, hit.end)):
                continue
            many.count += 1
            if len(many.places) < self.policy.thresholds.findings:
                many.places.append(where(hit.start))
        if many.count:
            yield known_finding(many.places[0], count=many.count, places=tuple(many.places), how=how)

    def _disguised(self, text: str, data: bytes, where: Where, seen: set[str], *, escaped: bool) -> Iterator[Finding]:
        starts: list[int] | None = None
        for number, line in undisguised(text, data, escaped=escaped):
            if starts is None:
                starts = _line_starts(data)
            start = starts[number]
            plain = line.encode("utf-8", "replace")

            def here(_offset: int, at: int = start) -> str:
                return where(at)

            yield from self._numbers(plain, here, None, seen, _DISGUISED)
            if self.known is not None and not any(self.known.find(data[start : _end(starts, number, data)])):
                yield from self._known(plain, here, _DISGUISED)

    def _torn(
        self,
        data: bytes,
        where: Where,
        around: Callable[[int], str] | None,
        seen: set[str],
        in_parts: frozenset[int],
    ) -> Iterator[Finding]:
        many: dict[Form, _Many] = {}
        known = _Many("")
        for found in torn(data, in_parts):
            for candidate in candidates(found.whole, as_of=self.as_of):
                if candidate.ten not in seen and self._is_whole(data, found, candidate, around):
                    seen.add(candidate.ten)
                    self._note(many, replace(candidate, start=found.start), where)
            if self.known is not None and found.certain and any(self.known.find(found.whole)):
                known.count += 1
                known.places.append(where(found.start))
        for form, ones in many.items():
            yield cpr_finding(form, **_as_told(ones), how=_IN_PARTS)
        if known.count:
            places = tuple(known.places[: self.policy.thresholds.findings])
            yield known_finding(places[0], count=known.count, places=places, how=_IN_PARTS)

    def _is_whole(self, data: bytes, found: Torn, candidate: Candidate, around: Callable[[int], str] | None) -> bool:
        """Whether what was put together is a number: alone, or as the words around say."""
        if candidate.strength == "masked":
            return False
        if found.certain and candidate.strength == "strict":
            return True
        beside = around(found.start) if around is not None else ""
        # Numbers side by side are dates one time in thirty: it takes the word itself, not just talk of persons.
        says = speaks_of_persons if found.certain else names_cpr
        return says(self._window(data, found.start, found.end)) or says(beside)

    def _in_context(self, data: bytes, candidate: Candidate, around: Callable[[int], str] | None) -> bool:
        if speaks_of_persons(self._window(data, candidate.start, candidate.end)):
            return True
        return around is not None and speaks_of_persons(around(candidate.start))

    def _window(self, data: bytes, start: int, end: int) -> str:
        reach = self.policy.thresholds.context
        before = data[max(0, start - reach) : start]
        return (before + b" " + data[end : end + reach // 2]).decode("utf-8", "ignore")

    def _note(self, into: dict[Form, _Many], candidate: Candidate, where: Where) -> None:
        many = into.setdefault(candidate.form, _Many(mask_cpr(candidate.ten)))
        many.count += 1
        if len(many.places) < self.policy.thresholds.findings:
            many.places.append(where(candidate.start))


def _as_told(many: _Many) -> dict[str, Any]:
    return {"where": many.places[0], "masked": many.masked, "count": many.count, "places": tuple(many.places)}


def _line_starts(data: bytes) -> list[int]:
    starts = [0]
    at = data.find(b"\n")
    while at >= 0:
        starts.append(at + 1)
        at = data.find(b"\n", at + 1)
    return starts


def _end(starts: list[int], number: int, data: bytes) -> int:
    return starts[number + 1] if number + 1 < len(starts) else len(data)
