"""Lists that arrive in archives: the right password opens them, everything else is a clear error."""

import io
import struct
import zipfile
import zlib
from datetime import date

import pytest
import pyzipper

from ngc_pipelines.domain.cpr_list import (
    CprListResult,
    PasswordNeededError,
    WrongPasswordError,
    check_cpr_list,
    envelope,
)

AS_OF = date(2026, 11, 21)
LIST = b"HJERTE\nserienummer;CPR-nummer\n1;0201609995\n2;0201609996\n"
PASSWORD = "rødgrød med fløde"


def aes_zip(members: dict[str, bytes], password: bytes | None) -> bytes:
    target = io.BytesIO()
    encryption = {"encryption": pyzipper.WZ_AES} if password else {}
    with pyzipper.AESZipFile(target, "w", compression=pyzipper.ZIP_DEFLATED, **encryption) as archive:
        if password:
            archive.setpassword(password)
        for name, data in members.items():
            archive.writestr(name, data)
    return target.getvalue()


def check(data: bytes, password: str | None = None) -> CprListResult:
    return check_cpr_list(io.BytesIO(data), file_name="liste.zip", as_of=AS_OF, password=password)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "cp850"])
def test_the_password_opens_the_list_however_its_letters_were_written(encoding: str) -> None:
    result = check(aes_zip({"liste.csv": LIST}, PASSWORD.encode(encoding)), PASSWORD)
    assert result.accepted
    assert len(result.numbers) == 2


@pytest.mark.parametrize("password", [None, ""])
def test_without_a_password_the_case_officer_is_asked_for_it(password: str | None) -> None:
    with pytest.raises(PasswordNeededError, match="agreed with the sender"):
        check(aes_zip({"liste.csv": LIST}, b"x"), password)


def test_a_wrong_password_is_said_to_be_wrong_and_is_not_repeated() -> None:
    with pytest.raises(WrongPasswordError, match="does not open the archive") as wrong:
        check(aes_zip({"liste.csv": LIST}, b"right"), "wrong-secret")
    assert "wrong-secret" not in str(wrong.value)


def test_an_archive_without_password_is_read_too() -> None:
    assert check(aes_zip({"liste.csv": LIST}, None), "not needed").accepted


def test_what_a_mac_adds_to_an_archive_does_not_count() -> None:
    assert check(aes_zip({"mappe/liste.csv": LIST, "__MACOSX/._liste.csv": b"\0"}, b"x"), "x").accepted


@pytest.mark.parametrize(
    ("members", "kind"),
    [
        ({}, "not_csv"),
        ({"a.csv": LIST, "b.csv": LIST}, "archive_members"),
        ({"min liste.csv": LIST}, "file_name_whitespace"),
        ({"liste.txt": LIST}, "file_name_extension"),
        ({"liste.zip": aes_zip({"liste.csv": LIST}, None)}, "not_csv"),
        ({"xl/workbook.xml": b"<x/>", "[Content_Types].xml": b"<x/>"}, "not_csv"),
    ],
)
def test_an_archive_holds_the_list_and_nothing_else(members: dict[str, bytes], kind: str) -> None:
    assert kind in [fault.kind for fault in check(aes_zip(members, None)).faults]


def test_an_archive_that_says_it_is_huge_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(envelope, "MAX_LIST_BYTES", 1_000_000)
    bomb = aes_zip({"liste.csv": b"0" * 2_000_000}, None)
    assert [fault.kind for fault in check(bomb).faults] == ["too_large"]


def test_an_archive_that_lies_about_its_size_does_not_get_further_than_it_says() -> None:
    honest = aes_zip({"liste.csv": LIST + b"3;0504909995\n" * 200_000}, None)
    size = len(LIST) + 13 * 200_000
    lying = honest.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert lying != honest
    assert not check(lying).accepted


def test_a_list_that_grows_beyond_the_limit_while_it_is_read_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(envelope, "MAX_LIST_BYTES", 200_000)
    data = LIST + b"3;0504909995\n" * 100_000
    result = check_cpr_list(io.BytesIO(data), file_name="liste.csv", as_of=AS_OF)
    assert "too_large" in [fault.kind for fault in result.faults]


def test_an_archive_larger_than_any_list_is_not_collected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(envelope, "MAX_ARCHIVE_BYTES", 66_000)
    assert [fault.kind for fault in check(b"PK\x03\x04" + b"\0" * 70_000).faults] == ["too_large"]


@pytest.mark.parametrize("place", [0.2, 0.5, 0.9])
def test_a_truncated_archive_is_damaged_and_no_shorter_list(place: float) -> None:
    whole = aes_zip({"liste.csv": LIST}, b"x")
    assert [fault.kind for fault in check(whole[: int(len(whole) * place)], "x").faults] == ["archive_damaged"]


def test_a_changed_byte_in_an_encrypted_list_is_damage() -> None:
    whole = bytearray(aes_zip({"liste.csv": LIST}, b"x"))
    whole[len(whole) // 3] ^= 1
    assert "archive_damaged" in [fault.kind for fault in check(bytes(whole), "x").faults]


def test_an_unusual_compression_is_told() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression=zipfile.ZIP_LZMA) as archive:
        archive.writestr("liste.csv", LIST)
    assert [fault.kind for fault in check(target.getvalue()).faults] == ["archive_method"]


def old_zip(name: str, data: bytes, password: bytes) -> bytes:
    """Write an archive in the encryption of 1990 (APPNOTE 6.1), which Python reads and does not write."""
    keys = [0x12345678, 0x23456789, 0x34567890]

    def stir(byte: int) -> None:
        keys[0] = zlib.crc32(bytes([byte]), keys[0] ^ 0xFFFFFFFF) ^ 0xFFFFFFFF
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = zlib.crc32(bytes([keys[1] >> 24]), keys[2] ^ 0xFFFFFFFF) ^ 0xFFFFFFFF

    def encrypt(byte: int) -> int:
        mixed = (keys[2] & 0xFFFF) | 2
        stir(byte)
        return byte ^ (((mixed * (mixed ^ 1)) >> 8) & 0xFF)

    for byte in password:
        stir(byte)
    crc = zlib.crc32(data)
    sealed = bytes(encrypt(byte) for byte in bytes(11) + bytes([crc >> 24]) + data)
    shared = struct.pack("<HHHHHLLLHH", 20, 1, 0, 0, 0x21, crc, len(sealed), len(data), len(name), 0)
    local = b"PK\3\4" + shared + name.encode() + sealed
    central = b"PK\1\2" + struct.pack("<H", 20) + shared + struct.pack("<HHHLL", 0, 0, 0, 0, 0) + name.encode()
    return local + central + b"PK\5\6" + struct.pack("<HHHHLLH", 0, 0, 1, 1, len(central), len(local), 0)


def test_the_old_encryption_is_read_and_warned_of() -> None:
    result = check(old_zip("liste.csv", LIST, b"x"), "x")
    assert result.accepted
    assert [remark.kind for remark in result.remarks] == ["weak_encryption"]
    with pytest.raises(WrongPasswordError):
        check(old_zip("liste.csv", LIST, b"x"), "y")
