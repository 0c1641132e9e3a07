"""Known identifiers are found in any spelling, and a filter lists none of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ngc_pipelines.disclosure.identifiers.known import KnownIdentifiers, KnownIdsError, read_known_ids

IDS = [f"NGC-{number:06}" for number in range(0, 3000, 7)]


@pytest.fixture(scope="module")
def known() -> KnownIdentifiers:
    return KnownIdentifiers.from_identifiers(IDS)


@pytest.mark.parametrize(
    "spelling",
    ["NGC-000007", "ngc-000007", "NGC000007", "NGC_000007", "ngc 000007", "NGC.000007", "NGC/000007", "Ngc:000007"],
)
@pytest.mark.parametrize("frame", ["{}", "x {} y", "_{}_", "({})", "sample{}.bam", "a,{},b", "{}%20"])
def test_identifier_is_found_in_any_spelling(known: KnownIdentifiers, spelling: str, frame: str) -> None:
    text = frame.format(spelling)
    assert [hit.weak for hit in known.find(text.encode())] == [False]


@pytest.mark.parametrize("text", ["NGC-000008", "NGC-0000070", "1NGC-00007", "ABC-000007", "NGC-00 0007", "000007"])
def test_what_is_not_on_the_list_is_not_found(known: KnownIdentifiers, text: str) -> None:
    assert not list(known.find(text.encode()))


def test_every_identifier_of_a_text_is_found_at_its_place(known: KnownIdentifiers) -> None:
    text = "\n".join(f"{number}: {name}" for number, name in enumerate(IDS)).encode()
    assert [text[hit.start : hit.end].decode() for hit in known.find(text)] == IDS


def test_short_numbers_are_weak_and_long_ones_are_not() -> None:
    known = KnownIdentifiers.from_identifiers(["12345678", "123456789012345"])
    assert {hit.weak for hit in known.find(b"12345678")} == {False}
    many = KnownIdentifiers.from_identifiers(str(10_000_000 + step * 7) for step in range(2000))
    assert {hit.weak for hit in many.find(b"value 10000007 kr")} == {True}
    assert not list(many.find(b"123456789012345"))


def test_identifiers_of_many_shapes_are_all_found() -> None:
    names = [f"{step:x}-{step * 7919:x}-q{step}" for step in range(1000, 3000)]
    known = KnownIdentifiers.from_identifiers(names)
    missed = [name for name in names if not any(known.find(f"| {name.upper()} |".encode()))]
    assert missed == []


def test_filter_finds_the_same_and_lists_nothing(tmp_path: Path) -> None:
    listed = tmp_path / "list.txt"
    listed.write_text("\n".join([*IDS, "020160-9995", "0504909989"]), encoding="utf-8")
    read_known_ids(listed, leave_out_cpr=True).save(tmp_path / "filter")
    again = read_known_ids(tmp_path / "filter")
    assert again.count == len(IDS)
    assert all(again.holds(name.encode()) for name in IDS)
    assert not again.holds(b"020160-9995")
    saved = (tmp_path / "filter").read_bytes()
    assert not any(name.encode() in saved or name[4:].encode() in saved for name in IDS)


def test_list_itself_does_find_cpr_numbers(tmp_path: Path) -> None:
    listed = tmp_path / "list.txt"
    listed.write_text("0201609995\n", encoding="utf-8")
    assert read_known_ids(listed).holds(b"020160-9995")


def test_identifiers_are_shared_with_another_process_through_a_descriptor(known: KnownIdentifiers) -> None:
    descriptor = known.descriptor()
    try:
        again = KnownIdentifiers.from_descriptor(descriptor)
    finally:
        os.close(descriptor)
    assert again.count == known.count
    assert list(again.find(b"ngc 000014"))


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"NGCIDS1\n", b"NGCIDS1\n\xff\xff\xff\xff", b"NGCIDS1\n\x02\0\0\0{}", b"\xff\xfe\xfa"],
    ids=["empty", "blank lines", "head missing", "head too long", "head empty", "no text"],
)
def test_unusable_list_is_an_error_and_never_an_empty_one(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "ids"
    file.write_bytes(content)
    with pytest.raises(KnownIdsError):
        read_known_ids(file)


def test_changed_filter_is_refused(tmp_path: Path, known: KnownIdentifiers) -> None:
    known.save(tmp_path / "filter")
    whole = (tmp_path / "filter").read_bytes()
    (tmp_path / "cut").write_bytes(whole[:-5])
    with pytest.raises(KnownIdsError, match="cut short"):
        read_known_ids(tmp_path / "cut")
