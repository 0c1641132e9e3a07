"""Whether a text that stands above a table is its title; sentences of the running text are none."""

from __future__ import annotations

import re
from typing import Final

# Longer texts are paragraphs, whatever they begin with.
LONGEST: Final = 400
_LONGEST_HEADING: Final = 120
_NAMES_A_TABLE: Final = re.compile(
    r"\W{0,3}(?:(?:suppl\w*|e|online|extended data)[\s-]?)?(?:tabel|table|tab\.|bilag|appendix|oversigt|panel)\b",
    re.IGNORECASE,
)


def title_above(text: str) -> str | None:
    """`text` as the title of the table below it, or None where it is a sentence.

    What calls itself a table is a title, and so is a short line that does not
    end as a sentence does.
    """
    shown = " ".join(text.split())
    if not shown or len(shown) > LONGEST:
        return None
    if _NAMES_A_TABLE.match(shown):
        return shown
    return shown if len(shown) <= _LONGEST_HEADING and not shown.endswith((".", ",", ";")) else None
