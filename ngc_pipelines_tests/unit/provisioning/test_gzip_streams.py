"""Gzip as a stream: every member, any cut, nothing damaged, and heads that tell names."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ngc_pipelines.adapters.provisioning.gzip_streams import (
    PLAIN_HEAD,
    deflate,
    inflate,
    later_member_tells,
    made_ahead,
    read_head,
)
from ngc_pipelines.domain.errors import IntegrityFault
from ngc_pipelines_tests.sequenced_cohort import fastq, gzipped

READS = fastq(1, 1, 40)


def in_pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    """The data cut at these places."""
    ends = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    return [data[begin:end] for begin, end in pairwise(ends)]


@given(
    members=st.lists(st.binary(max_size=200), min_size=1, max_size=4),
    cuts=st.lists(st.integers(0, 5000), max_size=6),
    padding=st.integers(0, 20),
)
def test_every_member_is_read_however_the_file_is_cut(members: list[bytes], cuts: list[int], padding: int) -> None:
    data = b"".join(gzipped(member, "name") for member in members) + bytes(padding)

    assert b"".join(inflate(in_pieces(data, cuts))) == b"".join(members)


@given(data=st.binary(max_size=3000), repeats=st.integers(1, 2000), cuts=st.lists(st.integers(0, 1 << 22), max_size=6))
def test_what_is_written_depends_on_the_content_alone(data: bytes, repeats: int, cuts: list[int]) -> None:
    content = data * repeats
    whole = b"".join(deflate([content]))

    assert b"".join(deflate(in_pieces(content, cuts))) == whole
    assert gzip.decompress(whole) == content
    assert whole.startswith(PLAIN_HEAD)


def test_a_small_file_that_grows_a_thousandfold_comes_in_small_pieces() -> None:
    data = zlib.compress(bytes(64 << 20), 9, 31)

    sizes = [len(piece) for piece in inflate([data])]

    assert sum(sizes) == 64 << 20
    assert max(sizes) <= 1 << 20


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not gzip",
        gzipped(READS, "name")[:-9],
        gzipped(READS, "name")[:20],
        gzipped(READS, "name")[:-8] + b"\0" * 8,
        gzipped(READS, "name") + b"rest",
        gzipped(READS, "name") + gzipped(READS, "name")[:-1],
    ],
    ids=["empty", "text", "cut off", "head alone", "wrong checksum", "something behind", "second member cut off"],
)
def test_a_damaged_file_is_refused(data: bytes) -> None:
    with pytest.raises(IntegrityFault):
        list(inflate([data]))


def test_a_head_with_a_name_tells_and_a_plain_one_does_not() -> None:
    telling, plain = read_head(gzipped(READS, "LAB-NAME.fastq")), read_head(b"".join(deflate([READS])))

    assert (telling.tells, telling.length) == (True, 10 + len("LAB-NAME.fastq\0"))
    assert (plain.tells, plain.length) == (False, 10)


def test_extra_fields_comments_and_head_checksums_are_part_of_the_head() -> None:
    head = b"\x1f\x8b\x08\x1e\0\0\0\0\0\x03" + b"\x04\0abcd" + b"name\0" + b"comment\0" + b"\0\0"

    assert read_head(head + b"data").length == len(head)


@pytest.mark.parametrize("data", [b"", b"\x1f\x8b\x08", b"PK\x03\x04" + bytes(20), b"\x1f\x8b\x08\x08" + b"x" * 100])
def test_what_is_no_head_is_refused(data: bytes) -> None:
    with pytest.raises(IntegrityFault):
        read_head(data)


def test_a_name_in_a_later_member_is_noticed_and_plain_members_are_not() -> None:
    plain = b"".join(deflate([READS]))

    assert later_member_tells(plain + gzipped(READS, "LAB-NAME"))
    assert not later_member_tells(plain + plain)


@pytest.mark.parametrize("place", [0, 1, 2, 262_143, 262_144, 262_145, 299_983])
def test_a_telling_head_is_noticed_wherever_it_stands(place: int) -> None:
    head = b"\x1f\x8b\x08\x08\0\0\0\0\0\x03LAB-NAM"
    data = bytes(place) + head + bytes(300_000 - place - len(head))

    assert later_member_tells(data)
    assert later_member_tells(data, place)
    assert not later_member_tells(data, place + 1)
    assert not later_member_tells(data[: place + 9])


def test_what_is_made_ahead_comes_in_order_and_a_fault_in_its_place() -> None:
    def pieces() -> Iterator[bytes]:
        yield b"one"
        yield b"two"
        raise IntegrityFault("It was read", "it is cut off", "Report it again.")

    made = made_ahead(pieces())

    assert [next(made), next(made)] == [b"one", b"two"]
    with pytest.raises(IntegrityFault):
        next(made)
    assert list(made_ahead(iter([]))) == []
