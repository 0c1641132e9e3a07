"""The lines of a text, and which of them may hold a statistic.

Logs of gigabytes are mostly about nothing of the kind: one fast search for the
words that every rule of this room needs leaves the few lines that are read.
"""

from __future__ import annotations

from collections.abc import Iterator

import re2

from ngc_pipelines.disclosure.pieces import Text

# A line of an output is short; a longer one is prose, which is read in parts.
LONGEST_OUTPUT = 400

_WORDS = (
    # positions and averages, in tables and in sentences
    r"min(?:\.|imum|:|\b)|ma(?:x|ks)(?:\.|imum|imal\w*|:|\b)|mean|median\w*|gennemsnit\w*|gns|average|middel\w*|std|sd"
    r"|percentiles|quartile|pctl|qu\.|count|range[ds]?|aldersspænd|aldersspredning|spændvidde|variationsbredde"
    r"|oldest|youngest|tallest|heaviest|longest|shortest|highest|lowest|ældste|yngste|længst\w*|korteste|højeste|laveste"
    r"|extreme|p\d{1,2}|\d{1,2}%|variance"
    # models
    r"|residuals?|error|r-?squared?|r-sq|r2|R²|frihedsgrader|df|f\(|fit|call|regression|source|events|failures|observed"
    # survival and ratios
    r"|n\.risk|at_risk|risk|survival|survivor|left|lost|OR|RR|odds|oddsratio|ratio|risiko"
    # persons in sentences
    r"|patients?|participants?|persons?|subjects?|individuals|women|men|children|carriers?|cases|patienter|deltagere"
    r"|personer|kvinder|mænd|børn|bærere|tilfælde|borgere"
    # variants
    r"|snp\w*|rs\w*|variant\w*|varianter|marker\w*|id|hgvs\w*|dbsnp\w*|mutation"
)
_APART = "[^0-9A-Za-zÆØÅæøå]"
# On bytes, a whole block at once: line by line the search costs forty times as much.
_MAY_TELL = re2.compile(rf"(?im)(?:^|{_APART})(?:{_WORDS})(?:$|{_APART})|^[ \t|]*n[ \t|]".encode())


class Lines:
    """One text in lines.

    Args:
        text: as an opener found it.
    """

    def __init__(self, text: Text) -> None:
        self._text = text
        self.all = [line.rstrip("\r") for line in text.text.split("\n")]
        self.telling = list(_telling(text.text.encode(errors="replace")))

    def where(self, number: int) -> str:
        """The place of a line, counted from 0."""
        first = self._text.first_line
        step = f"line {first + number}" if first is not None else f"line {number + 1} of the text"
        return str(self._text.place.inside(step))

    @property
    def whole(self) -> str:
        """The place of the text."""
        return str(self._text.place)


def _telling(block: bytes) -> Iterator[int]:
    number = at = 0
    while (match := _MAY_TELL.search(block, at)) is not None:
        # A match may begin with the end of the line before.
        word = match.end() - 1 if block.startswith(b"\n", match.start()) else match.start()
        number += block.count(b"\n", at, word)
        yield number
        end = block.find(b"\n", word)
        if end < 0:
            return
        number, at = number + 1, end + 1
