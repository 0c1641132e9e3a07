"""Labels left of columns of numbers in printed text, apart into columns of their own.

    Sex    Female  Count
                   % within Sex
           Male    Count

holds three columns of labels; and labels that end in one column (Stata's) are
printed flush right, which is no nesting.
"""

from __future__ import annotations

from collections.abc import Sequence

# Blanks between two columns of labels.
_GUTTER = 2
# Fewer labels may end in one column by chance.
_FLUSH = 3


def label_columns(labels: Sequence[str]) -> list[tuple[str, ...]]:
    """The labels of each line, one for each column of labels.

    Args:
        labels: what stands left of the numbers, blanks before it kept.
    """
    bare = [label.rstrip() for label in labels]
    if _flush_right(bare):
        return [(label.strip(),) for label in bare]
    starts = _starts(bare)
    if len(starts) == 1:
        return [(label,) for label in bare]
    ends = [*starts[1:], None]
    return [
        tuple(
            label[start:end].rstrip() if place == 0 else label[start:end].strip()
            for place, (start, end) in enumerate(zip(starts, ends, strict=True))
        )
        for label in bare
    ]


def _flush_right(labels: Sequence[str]) -> bool:
    told = [label for label in labels if label]
    starts = {len(label) - len(label.lstrip()) for label in told}
    return len(told) >= _FLUSH and len({len(label) for label in told}) == 1 and len(starts) > 1


def _starts(labels: Sequence[str]) -> list[int]:
    """Where the columns of labels start."""
    width = max((len(label) for label in labels), default=0)
    used = [any(label[at : at + 1].strip() for label in labels) for at in range(width)]
    starts = [0]
    for at in range(_GUTTER, width):
        if not used[at] or any(used[at - _GUTTER : at]):
            continue
        beside = [label for label in labels if label[:at].strip() and label[at:].strip()]
        if beside and any(label[at : at + 1].strip() for label in beside):
            starts.append(at)
    return starts
