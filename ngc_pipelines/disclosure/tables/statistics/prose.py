"""Statistics that stand in sentences: ranges, oldest and youngest, means of few (DC-5, DC-7).

Reads one line at a time; program code is left to others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ngc_pipelines.disclosure.findings import Finding, Kind, Severity, Words
from ngc_pipelines.disclosure.policy import Thresholds
from ngc_pipelines.disclosure.tables.statistics import averages, position
from ngc_pipelines.disclosure.tables.statistics.lines import Lines
from ngc_pipelines.disclosure.tables.statistics.saying import Reason

_D = r"-?\d+(?:[.,]\d+)?"
_TO = rf"{_D}\s*(?:[a-zæøå%/µ²]{{1,7}}\s*)?(?:-|–|—|to|til|;|and|og)\s*{_D}"
_ENDS = re.compile(
    rf"\b(?:age[\s-]?range|range[ds]?|aldersspænd|spændvidde|variationsbredde|aldersspredning)\b[:,=]?\s*"
    rf"(?:(?:was|is|of|from|between|var|er|på|fra|mellem)\s+)*[(\[]?{_TO}"
    rf"|\bmin(?:imum)?\.?\s*[-–/,]\s*ma(?:x|ks)(?:imum)?\.?\s*[:=]?\s*[(\[]?{_TO}"
    rf"|\bmin(?:imum)?\.?\s*[:=]?\s*{_D}\D{{1,25}}?\bma(?:x|ks)(?:imum)?\.?\s*[:=]?\s*{_D}",
    re.IGNORECASE,
)
_EXTREME = re.compile(
    rf"\b(?:oldest|youngest|tallest|heaviest|ældste|yngste|længst levende)\b[^.;]{{0,60}}?"
    rf"\b(?:was|is|aged|var|er|blev|at)\b[^.;\d]{{0,20}}{_D}"
    rf"|\b(?:longest|shortest|highest|lowest|maximum|minimum|maks(?:imum|imal\w*)?|højeste|laveste|længste|korteste)\s+"
    rf"(?:observed |målte |registrerede |recorded )?"
    rf"(?:age|alder|bmi|follow-?up|opfølgning(?:stid)?|value|værdi|survival|"
    rf"overlevelse|weight|vægt|height|højde|stay|indlæggelse\w*)\b[^.;\d]{{0,25}}{_D}",
    re.IGNORECASE,
)
# Ranges that are no persons' ends: quartiles, reference values, scales, rules for who took part, axes.
_NO_ENDS = re.compile(
    r"(?:inter\s?-?quartile|interkvartil|iqr|ikr|reference|normal|possible|theoretical|scor\w*|scale|skala\w*|mulig\w*|"
    r"dynamic|linear|frequency|date|axis|temperature|search|grid|port|ip|detection|measuring|credible|prediction|"
    r"kvartil\w*|eligib\w*|inclusion|inklusion\w*|quantification|wavelength|mapping|learning|likert|questionnaire|cell)"
    r"[^.;]{0,40}$",
    re.IGNORECASE,
)
_WITHIN = re.compile(
    r"\bpossible\b|\bscale from\b|\beligible\b|\binclusion criteri|\binklusionskriteri|\breference range|\bscore range"
    r"|\bpage|\bcells? [A-Z]",
    re.I,
)
_FEW = r"(?:[1-4]|two|three|four|to|tre|fire)"
_WHO = (
    r"(?:patients?|participants?|persons?|carriers?|cases|women|men|subjects?|individuals|children|"
    r"patienter|deltagere|personer|bærere|kvinder|mænd|børn|tilfælde)"
)
_MEAN = r"(?:mean|median|average|gennemsnit\w*|gns\.?|middel\w*|sd|std)"
_OF_FEW = re.compile(
    rf"\b{_MEAN}\b[^.;\n]{{0,60}}?(?<![\w.])\(?n\s*=\s*[1-4](?![\d.,]*\d)"
    rf"|\bn\s*=\s*[1-4]\s*[),:;][^.;\n]{{0,40}}?\b{_MEAN}\b\s*[\w ]{{0,20}}[:=(]?\s*\d"
    rf"|\b{_MEAN}\b[^.;\n\d]{{0,40}}\b(?:of|in|among|for|blandt|hos|af)\s+"
    rf"(?:the |de |our |vores )?{_FEW}\s+(?:\w+\s+)?{_WHO}\b"
    rf"[^.;\n]{{0,40}}\d"
    rf"|\b(?:of|in|among|for|blandt|hos|af)\s+(?:the |de |our |vores )?{_FEW}\s+(?:[\w-]+\s+){{0,2}}{_WHO}\b"
    rf"[^.;\n\d]{{0,40}}\b{_MEAN}\b[^.;\n]{{0,40}}\d",
    re.IGNORECASE,
)
# `Three patients died`, `heraf fik to anafylaksi`: few persons to whom something happened.
_ONE = r"(?:[1-4]|one|two|three|four|én|to|tre|fire)"
_HAPPENED = (
    r"(?:died|dead|developed|withdrew|discontinued|experienced|had|were|was|suffered|relapsed|required|underwent|carried|"
    r"dropped|responded|progressed|survived|became|tested|harbou?red|døde|fik|havde|udviklede|trak|udgik|oplevede|blev|"
    r"var|bar|overlevede|responderede|bærer|carry|have|has|har)"
)
_FEW_PERSONS = re.compile(
    rf"(?:^\W*|[.:;,(]\s*|\b(?:only|kun|and|og|but|men|hvoraf|heraf|whereof|whom|at|were|was|var)\s+)"
    rf"(?P<few>{_ONE})\s+(?:(?!eller|or|af|of|to|til)[a-zæøå-]+\s+){{0,2}}?{_WHO}\b(?:\s*\([^()]*\))?\s+"
    rf"(?:also |også |ikke |in all |i alt |had |have |har |with \w+ |med \w+ )?{_HAPPENED}\b"
    rf"|\b(?:of|af|blandt|among)\s+(?:the |de )?\d[\d.,]*\s+(?:[\w-]+\s+){{0,2}}?{_WHO}\b[^.;:\d]{{0,40}}?,?\s+"
    rf"(?:(?P<other>{_ONE})\s+{_HAPPENED}|{_HAPPENED}\s+(?P<last>{_ONE})\s+(?!eller|or|years?|år|times|gange|of|af)\w)",
    re.IGNORECASE,
)
# What is said of a plan, a rule or a part of something counts nobody.
_NOBODY = re.compile(
    r"(?:at least|at most|mindst|højst|fewer than|færre end|less than|more than|mere end|flere end|fler end|up to|"
    r"op til|every|each|hver|hvert|per|pr\.|if|hvis|when|når|whether|about|cirka|ca\.|groups? of|grupper (?:på|af)|"
    r"sets? of|matched|suppos\w*|minimum|maximum|under|over|n[æa]ste|next|first|første|last|sidste)\s*$",
    re.IGNORECASE,
)

# A longer line is no paragraph of a person's: it is data, which is judged as data.
_LONGEST = 20_000


def judge_prose(texts: Iterable[Lines], thresholds: Thresholds) -> Iterator[Finding]:
    """What sentences say of endpoints, and of few."""
    for text in texts:
        for number in text.telling:
            yield from _of_line(text.where(number), text.all[number], thresholds)


def _of_line(where: str, line: str, thresholds: Thresholds) -> Iterator[Finding]:
    if len(line) > _LONGEST:
        return
    for start in range(0, len(line), 4_000):
        part = line[start : start + 4_200]
        if any(_NOBODY.search(part[: _few_at(match)]) is None for match in _FEW_PERSONS.finditer(part)):
            yield few_persons(thresholds.cell).at(where)
        if _OF_FEW.search(part) is not None:
            yield averages.on_few(thresholds.cell).at(where)
        if any(_are_ends(part, match) for match in _ENDS.finditer(part)) or _EXTREME.search(part) is not None:
            yield position.endpoint(thresholds.position).at(where)


def _few_at(match: re.Match[str]) -> int:
    """Where the number of persons begins."""
    return next(match.start(name) for name in ("few", "other", "last") if match[name] is not None)


def few_persons(least: int) -> Reason:
    """A sentence that counts fewer than `least` persons."""
    return Reason(
        "DC-5",
        Kind.SMALL_CELL,
        Severity.BLOCK,
        Words(
            f"Teksten fortæller om færre end {least} personer.",
            f"The text tells of fewer than {least} persons.",
        ),
        Words(
            "Skriv `færre end 5`, og sørg for, at antallet ikke kan regnes ud af teksten omkring.",
            "Write `fewer than 5`, and see that the number does not follow from the text around it.",
        ),
    )


def _are_ends(line: str, match: re.Match[str]) -> bool:
    before = line[max(0, match.start() - 60) : match.start()]
    around = line[max(0, match.start() - 60) : match.end() + 60]
    return _NO_ENDS.search(before) is None and _WITHIN.search(around) is None
