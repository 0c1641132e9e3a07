"""CPR lists: what is accepted, what is refused with which place, and that no message ever shows a number."""

import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ngc_pipelines.domain.cpr_list import CprListResult, check_cpr_list
from ngc_pipelines.domain.cpr_list.faults import FAULTS, REMARKS
from ngc_pipelines.domain.errors import Refused

AS_OF = date(2026, 11, 21)
A, B, C = "0201609995", "0201609996", "0504909995"
HEAD = "HJERTE\nserienummer;CPR-nummer\n"


def check(content: str | bytes, file_name: str = "liste.csv", acronym: str | None = None) -> CprListResult:
    data = content if isinstance(content, bytes) else content.encode()
    return check_cpr_list(io.BytesIO(data), file_name=file_name, as_of=AS_OF, acronym=acronym)


def kinds(result: CprListResult) -> list[tuple[str, str]]:
    return [(fault.kind, fault.where) for fault in result.faults]


def remarks(result: CprListResult) -> list[str]:
    return [remark.kind for remark in result.remarks]


def test_a_good_list_gives_its_persons_in_order() -> None:
    result = check(f"{HEAD}1;{A}\n2;020160-9996\n", acronym="HJERTE")
    assert result.accepted
    assert (result.acronym, result.encoding, result.lines, result.remarks) == ("HJERTE", "utf-8", 2, ())
    assert list(result.numbers) == [A, B]
    assert b"".join(result.numbers.copy_blocks()) == f"{A}\n{B}\n".encode()
    assert repr(result.numbers) == "CprNumbers(2)"
    result.refuse_if_faulty()


def test_the_last_line_needs_no_line_end() -> None:
    assert len(check(f"{HEAD}1;{A}\n2;{B}").numbers) == 2


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("", "missing_number"),
        ("201609995", "lost_zero"),
        ("20160-9995", "lost_zero"),
        ("20160999", "wrong_length"),
        ("02016099955", "wrong_length"),
        ("020160-99955", "wrong_length"),
        ("201609995.0", "spreadsheet_number"),
        ("201609995,0", "spreadsheet_number"),
        ("2,01609995E+08", "spreadsheet_number"),
        ("2.01609995e8", "spreadsheet_number"),
        ("020160 9995", "whitespace"),
        (" 0201609995", "whitespace"),
        ("0201609995 ", "whitespace"),
        ("0201609995\u00a0", "whitespace"),
        ("020160\t9995", "whitespace"),
        ("020160–9995", "other_hyphen"),
        ("020160‑9995", "other_hyphen"),
        ("020160_9995", "other_hyphen"),
        ("020160-XXXX", "masked_number"),
        ("020160****", "masked_number"),
        ("0012609995", "invalid_date"),
        ("3002609995", "invalid_date"),
        ("2902010995", "invalid_date"),
        ("2211264997", "future_date"),
        ("0203291WQ3", "ecpr_x"),
        ("3105351qx3", "ecpr_x"),
        ("310535-0QX1", "ecpr_d"),
        ("9105350993", "ecpr_plus60"),
        ("310535ABC1", "ecpr_kot"),
        ("3105358AB1", "ecpr_other"),
        ("02.01.60-9995", "not_canonical"),
        ("０２０１６０９９９５", "not_canonical"),
        ("Hansen", "not_canonical"),
    ],
)
def test_a_bad_number_is_told_by_its_kind_line_and_column(cell: str, kind: str) -> None:
    result = check(f"{HEAD}1;{A}\n2;{cell}\n3;{B}\n")
    assert kinds(result) == [(kind, "line 4, column B")]
    assert len(result.numbers) == 0


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (f"2,{B}", [("delimiter", "line 4")]),
        (f"2\t{B}", [("delimiter", "line 4")]),
        (f"2 {B}", [("delimiter", "line 4")]),
        ("2", [("missing_column", "line 4")]),
        (f"2;{B};x", [("extra_columns", "line 4, column C")]),
        (f'2;"{B}', [("broken_quotes", "line 4")]),
        (f'2;""{B}""', [("broken_quotes", "line 4")]),
        (f"{B};2", [("columns_swapped", "line 4")]),
        (f"02;{B}", [("serial_form", "line 4, column A")]),
        (f" 2;{B}", [("serial_form", "line 4, column A")]),
        (f";{B}", [("serial_form", "line 4, column A")]),
        (f"2a;{B}", [("serial_form", "line 4, column A")]),
        (f"3;{B}", [("serial_order", "line 4, column A")]),
        (f"1;{B}", [("serial_order", "line 4, column A")]),
        (f"123456789;{B}", [("serial_order", "line 4, column A")]),
        (f"1234567890123;{B}", [("serial_form", "line 4, column A")]),
        (f"2;{A}", [("duplicate", "line 4, column B")]),
        ("2;020160-9995", [("duplicate", "line 4, column B")]),
        (f"2;{B}\0", [("nul_byte", "line 4")]),
        ("3;x", [("serial_order", "line 4, column A"), ("not_canonical", "line 4, column B")]),
        pytest.param("2;" + "9" * 70_000, [("line_too_long", "line 4")], id="endless"),
    ],
)
def test_a_bad_line_is_told_by_its_place(line: str, expected: list[tuple[str, str]]) -> None:
    assert kinds(check(f"{HEAD}1;{A}\n{line}\n3;{C}\n")) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", [("acronym_missing", "line 1"), ("header_missing", "line 2"), ("empty_list", "the file")]),
        ("HJERTE\n", [("header_missing", "line 2"), ("empty_list", "the file")]),
        (HEAD, [("empty_list", "the file")]),
        (f"{HEAD};\n;\n", [("empty_list", "the file")]),
        (f"1;{A}\n2;{B}\n", [("acronym_missing", "line 1"), ("header_missing", "line 2")]),
        (f"HJERTE\n1;{A}\n", [("header_missing", "line 2")]),
        (f"serienummer;CPR-nummer\n1;{A}\n", [("acronym_missing", "line 1")]),
        (f"\nserienummer;CPR-nummer\n1;{A}\n", [("acronym_missing", "line 1")]),
        (f"HJERTE 2\nserienummer;CPR-nummer\n1;{A}\n", [("acronym_whitespace", "line 1, column A")]),
        (f"HJERTE \nserienummer;CPR-nummer\n1;{A}\n", [("acronym_whitespace", "line 1, column A")]),
        (f"P201609\nserienummer;CPR-nummer\n1;{A}\n", [("acronym_form", "line 1, column A")]),
        (f"20160-9995\nserienummer;CPR-nummer\n1;{A}\n", [("acronym_form", "line 1, column A")]),
        (f"HJERTE;x\nserienummer;CPR-nummer\n1;{A}\n", [("acronym_columns", "line 1, column B")]),
        (f"HJERTE\nCPR-nummer;serienummer\n1;{A}\n", [("columns_swapped", "line 2")]),
        (f"HJERTE\nserienummer,CPR-nummer\n1;{A}\n", [("delimiter", "line 2")]),
        (f"HJERTE\nnummer;navn\n1;{A}\n", [("header_names", "line 2")]),
        (f"HJERTE\n\n1;{A}\n", [("header_missing", "line 2")]),
        (f"HJERTE\nserienummer;CPR-nummer;navn\n1;{A}\n", [("extra_columns", "line 2, column C")]),
        (f"{HEAD}1;{A}\n\n2;{B}\n", [("empty_line", "line 4")]),
        (f"{HEAD}\n1;{A}\n", [("empty_line", "line 3")]),
        pytest.param(
            "x" * 70_000,
            [("acronym_missing", "line 1"), ("header_missing", "line 2"), ("line_too_long", "line 1")],
            id="endless",
        ),
    ],
)
def test_the_first_lines_are_the_acronym_and_the_headers(content: str, expected: list[tuple[str, str]]) -> None:
    assert kinds(check(content)) == expected


@pytest.mark.parametrize(
    "headers", ["Serienummer;CPR-nummer", "serienr.;cpr nr", "LØBENUMMER;CPRNR", "nr;Personnummer", "index;CPR_number"]
)
def test_headers_are_known_by_their_usual_names(headers: str) -> None:
    assert check(f"HJERTE\n{headers}\n1;{A}\n").accepted


def test_another_acronym_than_the_applications_is_a_fault() -> None:
    result = check(f"{HEAD}1;{A}\n", acronym="HJERNE")
    assert kinds(result) == [("acronym_other", "line 1, column A")]


@pytest.mark.parametrize(
    ("content", "noted"),
    [
        (f"{HEAD}1;{A}\n".replace("\n", "\r\n").encode(), ["crlf"]),
        (b"\xef\xbb\xbf" + f"{HEAD}1;{A}\n".encode(), ["utf8_bom"]),
        (f"{HEAD}1;{A}\n".encode("utf-16"), ["utf16"]),
        (b"\xfe\xff" + f"{HEAD}1;{A}\r\n".encode("utf-16-be"), ["utf16", "crlf"]),
        (f"HJÆRTE\nløbenr;CPR-nummer\n1;{A}\n".encode("latin-1"), ["latin1"]),
        (f"HJERTE;\nserienummer;CPR-nummer;;\n1;{A};\n".encode(), ["trailing_semicolons"]),
        (f'"HJERTE"\n"serienummer";"CPR-nummer"\n"1";"{A}"\n'.encode(), ["quotes"]),
        (f"{HEAD}1;{A}\n\n;\r\n \n".encode(), ["crlf", "trailing_empty_lines"]),
    ],
)
def test_what_can_be_read_without_guessing_is_accepted_and_noted(content: bytes, noted: list[str]) -> None:
    result = check(content)
    assert result.accepted
    assert list(result.numbers) == [A]
    assert remarks(result) == noted


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (f"{HEAD}1;{A}\n".encode("utf-16-le"), "encoding"),
        (f"{HEAD}1;{A}\n".encode("utf-32"), "encoding"),
        (f"{HEAD}1;{A}\n".replace("\n", "\r").encode(), "line_ends"),
        (b"%PDF-1.7\n", "not_csv"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "not_csv"),
        (b"7z\xbc\xaf\x27\x1c\0\0", "not_csv"),
        (b"\x1f\x8b\x08\0", "not_csv"),
    ],
)
def test_a_file_that_is_no_list_is_told_as_a_whole(content: bytes, kind: str) -> None:
    result = check(content)
    assert kinds(result) == [(kind, "the file")]
    assert (result.encoding, result.lines) == (None, 0)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("min liste.csv", ["file_name_whitespace"]),
        ("min\u00a0liste.csv", ["file_name_whitespace"]),
        ("liste.csv ", ["file_name_whitespace"]),
        ("liste.xlsx", ["file_name_extension"]),
        ("liste", ["file_name_extension"]),
        ("020160-9995.csv", ["file_name_personal"]),
        ("LISTE.CSV", []),
    ],
)
def test_the_files_name_is_judged_and_not_repeated(name: str, expected: list[str]) -> None:
    result = check(f"{HEAD}1;{A}\n", file_name=name)
    assert [fault.kind for fault in result.faults] == expected
    assert all(name not in fault.da + fault.en for fault in result.faults)


def test_many_faults_are_all_told_but_folded_by_kind() -> None:
    lines = "".join(f"{number};20160999\n" for number in range(1, 1001))
    (fault,) = check(HEAD + lines).faults
    assert (fault.kind, fault.count, fault.lines) == ("wrong_length", 1000, tuple(range(3, 13)))
    assert fault.where == "lines 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 990 more, column B"
    assert fault.to_fault().da.startswith("Linje 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 og 990 til, kolonne B: ")


def test_one_missing_line_is_seen_by_every_serial_after_it() -> None:
    (fault,) = check(f"{HEAD}1;{A}\n3;{B}\n4;{C}\n").faults
    assert (fault.kind, fault.lines) == ("serial_order", (4, 5))


def test_a_refused_list_refuses_with_every_kind_at_once_and_gives_no_numbers() -> None:
    result = check(f"HJERTE X\nserienummer;CPR-nummer\n1;{A}\n1;{A}\nx;y\n")
    with pytest.raises(Refused) as refused:
        result.refuse_if_faulty()
    assert len(refused.value.faults) == len(result.faults) == 5
    assert {fault.rule for fault in refused.value.faults} == {"CO-1"}
    assert list(result.numbers) == []


class Dribble(io.RawIOBase):
    """A stream that gives as many bytes at a time as it is told, whatever it is asked for."""

    def __init__(self, data: bytes, pieces: list[int]) -> None:
        super().__init__()
        self._data = data
        self._pieces = pieces
        self._turn = 0

    def read(self, size: int = -1) -> bytes:
        piece = self._pieces[self._turn % len(self._pieces)]
        self._turn += 1
        given, self._data = self._data[: min(piece, size)], self._data[min(piece, size) :]
        return given


_CELLS = [
    A,
    B,
    C,
    "020160-9995",
    "201609995",
    "0203291WQ3",
    "x",
    "",
    "2211264997",
    " " + A,
    '"' + A + '"',
    "0012609995",
]
_LINES = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["1", "2", "3", "4", "02", "", A]), st.sampled_from(_CELLS)).map(";".join),
        st.sampled_from(["", ";", ";;", "1", f"1,{A}", f"1;{A};", "\0", "æ;ø", f"2;{B}\r"]),
        st.text(alphabet='01;"\r æ-', max_size=8),
    ),
    max_size=12,
)


@given(_LINES, st.lists(st.integers(1, 40), min_size=1, max_size=4), st.sampled_from(["utf-8", "latin-1", "utf-16"]))
def test_the_verdict_does_not_depend_on_how_the_stream_is_cut(
    lines: list[str], pieces: list[int], encoding: str
) -> None:
    data = (HEAD + "\n".join(lines)).encode(encoding)
    whole = check(data)
    dribbled = check_cpr_list(Dribble(data, pieces), file_name="liste.csv", as_of=AS_OF)  # type: ignore[arg-type] # - reads like a file
    assert whole.faults == dribbled.faults
    assert whole.remarks == dribbled.remarks
    assert (whole.acronym, whole.lines, list(whole.numbers)) == (
        dribbled.acronym,
        dribbled.lines,
        list(dribbled.numbers),
    )


@given(st.lists(st.from_regex(r"[0-9]{1,3};?[0-9A-Z\-. ]{6,12}", fullmatch=True), max_size=8), st.booleans())
def test_no_message_shows_what_stands_in_the_list(lines: list[str], headless: bool) -> None:
    result = check(("" if headless else HEAD) + "\n".join(lines))
    told = " ".join(
        [repr(result), *(text for fault in (*result.faults, *result.remarks) for text in (fault.da, fault.en))]
    )
    for line in lines:
        cell = line.rpartition(";")[2].strip()
        digits = "".join(character for character in cell if character.isdigit())
        assert len(digits) < 6 or digits not in told
        # A project's acronym is meant to be seen; what it may look like is bounded so that no number passes for one.
        assert len(cell) < 6 or cell not in told or cell == result.acronym


@pytest.mark.parametrize("kind", [*FAULTS, *REMARKS])
def test_every_kind_has_words_in_both_languages(kind: str) -> None:
    _, danish, english = (FAULTS | REMARKS)[kind]
    assert danish != english
    assert danish.endswith((".", "…", "CPR-nummer", "?"))
    assert english[0].isupper()
