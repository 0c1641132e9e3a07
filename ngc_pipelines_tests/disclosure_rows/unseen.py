"""Items written without a look at the rules, to see what the detectors make of what they were not made for.

At first sight 21 of the 40 dirty ones were found and none of the 40 clean ones;
the rules were then widened for kinds of listing, never for one item.
"""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import dedent

from ngc_pipelines_tests.disclosure_rows import unseen_later
from ngc_pipelines_tests.disclosure_rows.items import Item
from ngc_pipelines_tests.disclosure_rows.unseen_clean import CLEAN
from ngc_pipelines_tests.disclosure_rows.unseen_dirty import DIRTY


def unseen_items(*, dirty: bool) -> Iterator[Item]:
    """The dirty or the clean ones."""
    later = unseen_later.DIRTY if dirty else unseen_later.CLEAN
    for name, (kind, content) in [*(DIRTY if dirty else CLEAN).items(), *later.items()]:
        yield Item(f"unseen {name}", kind, dedent(content).lstrip("\n") if isinstance(content, str) else content)
