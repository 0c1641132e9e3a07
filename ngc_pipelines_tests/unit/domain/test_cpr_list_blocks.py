"""The fast way over a block comes to the same verdict as the patient way over each of its lines."""

import io
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ngc_pipelines.domain.cpr import parse_cpr
from ngc_pipelines.domain.cpr_list import check_cpr_list, checking
from ngc_pipelines.domain.cpr_list.blocks import MAX_LINE_BYTES, BlockJudge, Place
from ngc_pipelines.domain.cpr_list.envelope import OpenedList
from ngc_pipelines.domain.cpr_list.faults import LINES_TOLD, FaultBook

AS_OF = date(2026, 11, 21)
HEAD = b"HJERTE\nserienummer;CPR-nummer\n"


def read_in_blocks(data: bytes, cuts: list[int]) -> tuple[object, ...]:
    """Read a list whose blocks end at the cuts, as no stream could be made to do it."""
    book = FaultBook()
    reading = checking._Reading(book, AS_OF, None)
    edges = [0, *sorted({cut % (len(data) + 1) for cut in cuts}), len(data)]
    blocks = (data[start:stop] for start, stop in pairwise(edges))
    reading.read(OpenedList("utf-8", "utf-8", (), blocks))
    numbers = reading.finish().tolist()
    return numbers, book.faults(), book.remarks(), reading.acronym, reading.place.line, reading.place.ordinal


@given(
    st.lists(
        st.one_of(
            st.integers(0, 9_999_999_999).map("{:010d}".format),
            st.dates(date(1900, 1, 1), date(2030, 12, 31)).map(lambda day: day.strftime("%d%m%y") + "0990"),
            st.dates(date(1937, 1, 1), date(2030, 12, 31)).map(lambda day: day.strftime("%d%m%y") + "-4990"),
            st.from_regex(r"[0-9]{6}[-0-9A-F][0-9]{4}", fullmatch=True),
        ),
        max_size=40,
        unique=True,
    )
)
def test_a_block_is_judged_like_its_lines_one_by_one(cells: list[str]) -> None:
    book = FaultBook()
    judge = BlockJudge(book, AS_OF, Place(2))
    if cells:
        judge.judge("".join(f"{number};{cell}\n" for number, cell in enumerate(cells, 1)).encode())
    singly = [result.number for cell in cells if (result := parse_cpr(cell, as_of=AS_OF)).number]
    assert [f"{number:010d}" for number in judge.finish()] == singly


_LINE = st.sampled_from(
    [
        *(b"1;0201609995", b"2;0201609996", b"3;0504909995", b"2;020160-9996\r", b"7;0504909989", b"", b";", b"\r"),
        *(b"2;201609995", b"x", b'"3";"0504909995"', b"4;0201609995;", b"\xff;\xfe", b"5;0203291WQ3"),
        *(b"y" * MAX_LINE_BYTES, b"y" * (MAX_LINE_BYTES + 1), b"y" * (MAX_LINE_BYTES + 2), b";" * (MAX_LINE_BYTES + 9)),
    ]
)


@given(
    st.lists(_LINE, max_size=9),
    st.lists(st.integers(0, 400_000), max_size=9),
    st.sampled_from([HEAD, b"", b"HJERTE\n", b"z" * (MAX_LINE_BYTES + 2) + b"\n"]),
    st.booleans(),
)
def test_the_cuts_between_blocks_do_not_show(lines: list[bytes], cuts: list[int], head: bytes, ended: bool) -> None:
    data = head + b"\n".join(lines) + (b"\n" if ended else b"")
    assert read_in_blocks(data, cuts) == read_in_blocks(data, [])


@given(
    st.lists(
        st.tuples(st.dates(date(1937, 1, 2), date(2026, 1, 2)), st.integers(990, 999)).map(
            lambda pair: f"{pair[0]:%d%m%y}0{pair[1]}"
        ),
        min_size=1,
        max_size=8,
        unique=True,
    ).flatmap(lambda pool: st.lists(st.sampled_from(pool), min_size=1, max_size=30)),
    st.integers(1, 30),
)
def test_every_number_that_comes_again_is_told_by_its_line(cells: list[str], cut: int) -> None:
    good = [cell for cell in cells if parse_cpr(cell, as_of=AS_OF).accepted]
    book = FaultBook()
    judge = BlockJudge(book, AS_OF, Place(2))
    lines = [f"{place};{cell}\n".encode() for place, cell in enumerate(good, 1)]
    for part in (lines[:cut], lines[cut:]):
        if part:
            judge.judge(b"".join(part))
    again = [place + 3 for place, cell in enumerate(good) if cell in good[:place]]
    told = book.faults()
    assert [(fault.kind, fault.count, fault.lines) for fault in told] == (
        [("duplicate", len(again), tuple(again[:LINES_TOLD]))] if again else []
    )


def distinct_numbers(count: int) -> list[str]:
    """Numbers that can be nobody's: no 1 January, and modulus 11 is not needed to be distinct."""
    first = date(1937, 1, 2)
    days = [first + timedelta(days=step) for step in range(20_000) if (first + timedelta(days=step)).day != 1]
    return [f"{days[place % len(days)]:%d%m%y}{place // len(days):04d}" for place in range(count)]


def test_a_hundred_thousand_lines_are_read_over_many_blocks() -> None:
    numbers = distinct_numbers(100_000)
    lines = "".join(f"{place};{number}\n" for place, number in enumerate(numbers, 1))
    result = check_cpr_list(io.BytesIO(HEAD + lines.encode()), file_name="liste.csv", as_of=AS_OF)
    assert result.faults == ()
    assert list(result.numbers) == numbers
    assert b"".join(result.numbers.copy_blocks()).decode().split() == numbers


def test_a_duplicate_far_away_is_found() -> None:
    numbers = distinct_numbers(70_000)
    numbers[69_000] = numbers[5]
    lines = "".join(f"{place};{number}\n" for place, number in enumerate(numbers, 1))
    (fault,) = check_cpr_list(io.BytesIO(HEAD + lines.encode()), file_name="liste.csv", as_of=AS_OF).faults
    assert (fault.kind, fault.lines) == ("duplicate", (69_003,))


def test_a_list_longer_than_a_country_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "MAX_LINES", 3)
    result = check_cpr_list(io.BytesIO(HEAD + b"1;0201609995\n2;0201609996\n"), file_name="liste.csv", as_of=AS_OF)
    assert [fault.kind for fault in result.faults] == ["too_large"]
    assert len(result.numbers) == 0


def test_an_empty_block_of_numbers_is_no_number() -> None:
    judge = BlockJudge(FaultBook(), AS_OF, Place(2))
    assert judge.finish().dtype == np.int64
    assert len(judge.finish()) == 0
