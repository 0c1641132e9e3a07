"""Read headers: what becomes of one, and that a block of them becomes the same however a file is cut."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ngc_pipelines.adapters.provisioning.gzip_streams import rewrite_headers
from ngc_pipelines.adapters.provisioning.read_headers import HeaderRewriter
from ngc_pipelines.domain.errors import IntegrityFault
from ngc_pipelines_tests.sequenced_cohort import fastq

KEY = bytes(range(32))
REWRITER = HeaderRewriter(KEY)


def rewritten(data: bytes, *cuts: int) -> bytes:
    """The file with its headers rewritten, given in pieces that end at the cuts."""
    ends = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    pieces = [data[begin:end] for begin, end in pairwise(ends)]
    return b"".join(bytes(piece) for piece in rewrite_headers(pieces, REWRITER))


def one_by_one(data: bytes) -> bytes:
    """The same by the rule for single headers."""
    lines = data.split(b"\n")
    for number in range(0, len(lines) - 1, 4):
        lines[number] = REWRITER.header(lines[number])
        lines[number + 2] = b"+"
    return b"\n".join(lines)


def test_an_illumina_header_keeps_where_the_read_was_and_loses_whose_it_was() -> None:
    header = REWRITER.header(b"@A01234:118:HJ7KLDSX3:2:1101:2045:1000 1:N:0:ACGTACGT+TTGCATGC")

    assert re.fullmatch(rb"@NGC:1:[A-Z2-7]{14}:2:1101:2045:1000 1:N:0:N{8}\+N{8}", header)


@pytest.mark.parametrize(
    ("header", "form"),
    [
        (b"@A:1:F:1:2:3:4 1:N:0:ACGT", rb"@NGC:1:[A-Z2-7]{10}:1:2:3:4 1:N:0:NNNN"),
        (b"@A:1:F:1:2:3:4", rb"@NGC:1:[A-Z2-7]{10}:1:2:3:4"),
        (b"@A:1:F:1:2:3:4/1", rb"@NGC:1:[A-Z2-7]{10}:1:2:3:4/1"),
        (b"@A:1:F:1:2:3:4:ACGTNN+AC 2:Y:18:17", rb"@NGC:1:[A-Z2-7]{10}:1:2:3:4:ACGTNN\+AC 2:Y:18:00"),
        (b"@A:1:F:1:2:3:4 1:N:0:", rb"@NGC:1:[A-Z2-7]{10}:1:2:3:4 1:N:0:"),
        (b"@A:1:F:1:2:3:4 1:N:0:LAB-NAME", rb"@NGC\.[A-Z2-7]{20}"),
        (b"@A:1:F:1:2:3:LAB-NAME 1:N:0:ACGT", rb"@NGC\.[A-Z2-7]{20}"),
        (b"@A:1:F:1::3:4 1:N:0:ACGT", rb"@NGC\.[A-Z2-7]{20}"),
        (b"@SRR001666.1 071112_SLXA-EAS1_s_7:5:1:817:345 length=36", rb"@NGC\.[A-Z2-7]{20}"),
        (b"@HWUSI-EAS100R:6:73:941:1973#0/2", rb"@NGC\.[A-Z2-7]{20}/2"),
        (b"@LAB-NAME-0001", rb"@NGC\.[A-Z2-7]{20}"),
        (b"@", rb"@NGC\.[A-Z2-7]{20}"),
        (b"@" + b"x" * 400, rb"@NGC\.[A-Z2-7]{20}"),
        (b"@" + b"X" * 90 + b":1:F:1:2:3:4 1:N:0:A", rb"@NGC:1:[A-Z2-7]{48}:1:2:3:4 1:N:0:N"),
    ],
)
def test_a_header_of_any_style_becomes_one_that_names_nothing(header: bytes, form: bytes) -> None:
    assert re.fullmatch(form, REWRITER.header(header))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (b"@A:1:F:1:2:3:4 1:N:0:ACGT", b"@A:1:F:1:2:3:4 2:N:0:ACGT"),
        (b"@A:1:F:1:2:3:4/1", b"@A:1:F:1:2:3:4/2"),
        (b"@SRR1.7.1 x", b"@SRR1.7.2 x"),
        (b"@SRR1.7 x length=36", b"@SRR1.7 y length=35"),
        (b"@HWUSI-EAS100R:6:73:941:1973#0/1", b"@HWUSI-EAS100R:6:73:941:1973#0/2"),
    ],
)
def test_mates_have_the_same_name(first: bytes, second: bytes) -> None:
    names = [re.sub(rb"(/[12]| .*)$", b"", REWRITER.header(header)) for header in (first, second)]
    assert names[0] == names[1]


def test_another_project_gets_other_names_and_another_flowcell_another_token() -> None:
    headers = [b"@A01234:118:HJ7KLDSX3:1:2:3:4 1:N:0:A", b"@A01234:118:HJ7KLDSX4:1:2:3:4 1:N:0:A", b"@LAB-NAME-0001"]
    other = HeaderRewriter(bytes(32))

    assert len({rewriter.header(header) for rewriter in (REWRITER, other) for header in headers}) == 6


@given(
    seeds=st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["A:1:F", "A01234:118:HJ7KLDSX3"])), max_size=4),
    cuts=st.lists(st.integers(0, 1 << 20), max_size=5),
)
def test_any_cut_of_a_file_gives_what_single_headers_give(seeds: list[tuple[int, str]], cuts: list[int]) -> None:
    data = b"".join(fastq(seed, 1, 7, run=run) for seed, run in seeds)

    assert rewritten(data, *cuts) == one_by_one(data)


_words = st.text(alphabet="ACGTN0123456789:+ @/.-abY", max_size=40).map(str.encode)


@given(
    headers=st.lists(
        st.one_of(
            _words,
            st.builds(lambda tail: b"A01234:118:HJ7KLDSX3:1:" + tail, _words),
            st.builds(lambda tail: b"A01234:118:HJ7KLDSX3:1:1101:2:3 1:N:0:" + tail, _words),
        ),
        min_size=1,
        max_size=6,
    ),
    length=st.integers(0, 80),
)
def test_a_block_of_any_headers_becomes_what_each_of_them_becomes(headers: list[bytes], length: int) -> None:
    records = [b"@%b\n%b\n+\n%b\n" % (header, b"A" * length, b"@" * length) for header in headers]
    data = b"".join(records)

    assert rewritten(data) == one_by_one(data)


def test_the_usual_file_is_rewritten_in_place() -> None:
    data = bytearray(fastq(3, 1, 500))
    block = REWRITER.block(data, np.flatnonzero(np.frombuffer(bytes(data), np.uint8) == 10))

    assert block is data
    assert bytes(block) == one_by_one(fastq(3, 1, 500))


def test_line_ends_of_windows_and_repeated_names_are_taken() -> None:
    data = b"@LAB-NAME:1:F:1:2:3:4 1:N:0:ACGT\r\nACGT\r\n+LAB-NAME:1:F:1:2:3:4\r\nFFFF\r\n"

    assert re.fullmatch(
        rb"@NGC:1:[A-Z2-7]{10}:1:2:3:4 1:N:0:NNNN\r\nACGT\r\n\+\r\nFFFF\r\n",
        rewritten(data),
    )


def test_a_missing_last_line_end_stays_missing() -> None:
    data = fastq(1, 1, 3)
    assert rewritten(data[:-1]) == rewritten(data)[:-1]


@pytest.mark.parametrize(
    "data",
    [
        fastq(1, 1, 3)[:-20],
        fastq(1, 1, 3) + b"@A:1:F:1:2:3:4 1:N:0:A\n",
        fastq(1, 1, 3) + b"\n",
        b"@a\nACGT\n+\nFFF\n",
        b"a\nACGT\n+\nFFFF\n",
        b"@a\nACGT\n-\nFFFF\n",
        b"no FASTQ at all",
    ],
    ids=["cut off", "a header alone", "an empty line", "few qualities", "no at sign", "no plus", "a text"],
)
def test_what_is_not_whole_records_is_refused(data: bytes) -> None:
    with pytest.raises(IntegrityFault, match="whole FASTQ records"):
        rewritten(data)


def test_an_endless_line_is_refused_before_it_fills_the_memory() -> None:
    with pytest.raises(IntegrityFault):
        for _ in rewrite_headers((b"A" * (16 << 20) for _ in range(1000)), REWRITER):
            pass
