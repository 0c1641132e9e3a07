"""Nobody can calculate a small count back from what an applicant is told, though they know the rule and the total."""

from collections import defaultdict
from datetime import UTC, datetime

import pytest

from ngc_pipelines.domain.cohort_accounts import VarFilterResult, VarVersion
from ngc_pipelines.domain.told_account import ToldAccount, tell_account

_NOW = datetime(2026, 11, 21, tzinfo=UTC)


def account(asked: int, kept: int, registered: int) -> VarFilterResult:
    return VarFilterResult(
        case_id="EXH-2026-00001",
        asked=asked,
        kept=kept,
        registered=registered,
        without_data=asked - kept - registered,
        invalid=0,
        persons=kept,
        samples=kept,
        files=2 * kept,
        size_bytes=0,
        var_version=VarVersion("d1", _NOW, 1, 0, "sha256:0"),
        manifest_digest="sha256:1",
        digest="sha256:2",
        filtered_at=_NOW,
    )


def told(asked: int, kept: int, registered: int, threshold: int = 5) -> tuple[str, str, str]:
    words = tell_account(account(asked, kept, registered), threshold)
    return words.asked, words.kept.en, words.registered.en


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ((100, 80, 10), ("100", "80", "10")),
        ((100, 80, 4), ("100", "80", "<5")),
        ((100, 80, 0), ("100", "80", "<5")),
        ((100, 95, 0), ("100", "95", "<5")),
        ((100, 96, 2), ("100", "at least 96", "<5")),
        ((100, 100, 0), ("100", "at least 96", "<5")),
        ((100, 90, 10), ("100", "at least 86", "10")),
        ((100, 90, 6), ("100", "at least 90", "6")),
        ((100, 3, 50), ("100", "<5", "50")),
        ((100, 0, 0), ("100", "<5", "<5")),
        ((100, 0, 100), ("100", "<9", "at least 96")),
        ((100, 5, 93), ("100", "<9", "93")),
        ((9, 9, 0), ("9", "at least 5", "<5")),
        ((8, 8, 0), ("8", "not told (the order is too small)", "not told (the order is too small)")),
        ((3, 3, 0), ("<5", "not told (the order is too small)", "not told (the order is too small)")),
    ],
)
def test_small_counts_are_hidden_and_so_is_what_gives_them_away(
    numbers: tuple[int, int, int], words: tuple[str, str, str]
) -> None:
    assert told(*numbers) == words


@pytest.mark.parametrize("threshold", [2, 3, 5])
def test_every_small_count_stays_as_uncertain_as_the_threshold_asks(threshold: int) -> None:
    for asked in range(1, 32):
        possible: defaultdict[ToldAccount, list[tuple[int, int, int]]] = defaultdict(list)
        for kept in range(asked + 1):
            for registered in range(asked - kept + 1):
                words = tell_account(account(asked, kept, registered), threshold)
                possible[words].append((kept, registered, asked - kept - registered))
        for readings in possible.values():
            for cell in zip(*readings, strict=True):
                values = set(cell)
                # Orders of fewer persons than the threshold have no more readings than they have persons.
                assert min(values) >= threshold or len(values) >= min(threshold, asked + 1)


def test_a_threshold_that_hides_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="hides nothing"):
        tell_account(account(100, 90, 10), 1)
