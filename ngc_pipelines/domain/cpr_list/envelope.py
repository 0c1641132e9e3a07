"""What a CPR list arrives in (CO-1, G §4.2): a plain file or a zip archive with a password, in some encoding.

Here: telling archives and other file types by their first bytes, opening the archive, bounding what comes out of it,
telling the encoding, giving the list as blocks of UTF-8 or Latin-1 bytes. Not here: what the lines say.

Everything is judged on a head of fixed size that is read fully first, so that a stream which arrives in small pieces
is judged like one that arrives whole.
"""

import codecs
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO

import pyzipper

from ngc_pipelines.domain.errors import Fault, Refused

HEAD_BYTES = 64 * 1024
BLOCK_BYTES = 1024 * 1024
# Ten million lines of a number with hyphen, serial and CRLF are 220 MB; twice that in UTF-16.
MAX_LIST_BYTES = 512 * 1024 * 1024
MAX_ARCHIVE_BYTES = 256 * 1024 * 1024
# Kept in memory below this; above it, on disk as it came, which is still encrypted.
_SPOOL_BYTES = 16 * 1024 * 1024

_ZIP = b"PK\x03\x04"
_OTHER_TYPES = (
    b"PK\x05\x06",  # an empty zip archive
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
    b"\x1f\x8b",  # gzip
    b"BZh",
    b"\xfd7zXZ\x00",
    b"\x28\xb5\x2f\xfd",  # zstandard
    b"%PDF-",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",  # compound file: an old or an encrypted workbook
    b"{\\rtf",
    b"-----BEGIN PGP",
    b"\x89PNG",
    b"\xff\xd8\xff",
)


class PasswordNeededError(Refused):
    """The archive is encrypted and no password was given; the case officer supplies the one that was agreed."""


class WrongPasswordError(Refused):
    """The password that was given does not open the archive."""


class UnreadableListError(Exception):
    """The file cannot be read as a list at all; `kind` is one of `faults.FAULTS`."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class OpenedList:
    """A list ready to be read. encoding: `utf-8` or `latin-1`, what `blocks` are in. remarks: kinds of remark."""

    encoding: str
    came_as: str
    remarks: tuple[str, ...]
    blocks: Iterator[bytes]
    member_name: str | None = None


def open_list(stream: BinaryIO, password: str | None) -> OpenedList:
    """Open a list, unpacking and decrypting it if it came in an archive.

    Args:
        stream: from its beginning; reads may give fewer bytes than asked for.
        password: for an encrypted archive; ignored where the list is not encrypted.

    Raises:
        PasswordNeededError, WrongPasswordError: the case officer has to act.
        UnreadableListError: the sender has to act.
    """
    head = read_fully(stream, HEAD_BYTES)
    if head.startswith(_ZIP):
        return _from_archive(head, stream, password)
    return _as_text(head, stream)


def read_fully(stream: IO[bytes], size: int) -> bytes:
    """Read `size` bytes, fewer only at the end, however small the pieces are that the stream gives."""
    pieces: list[bytes] = []
    missing = size
    while missing and (piece := stream.read(missing)):
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)


def _as_text(head: bytes, rest: IO[bytes]) -> OpenedList:
    if head.startswith(_OTHER_TYPES) or head.startswith(_ZIP):
        raise UnreadableListError("not_csv")
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise UnreadableListError("encoding")
    blocks = _blocks(head, rest)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return OpenedList("utf-8", "utf-16", ("utf16",), _recode(blocks))
    if _looks_wide(head):
        raise UnreadableListError("encoding")
    if b"\r" in head and b"\n" not in head:
        raise UnreadableListError("line_ends")
    if head.startswith(codecs.BOM_UTF8):
        return OpenedList("utf-8", "utf-8", ("utf8_bom",), _without_first(blocks, len(codecs.BOM_UTF8)))
    if _is_utf8(head):
        return OpenedList("utf-8", "utf-8", (), blocks)
    return OpenedList("latin-1", "latin-1", ("latin1",), blocks)


def _is_utf8(head: bytes) -> bool:
    try:
        # Not final: the head may end in the middle of a character.
        codecs.getincrementaldecoder("utf-8")().decode(head, final=False)
    except UnicodeDecodeError:
        return False
    return True


def _looks_wide(head: bytes) -> bool:
    """Tell whether every other byte is NUL as in UTF-16 or UTF-32 without a mark; one stray NUL is not that."""
    return head.count(0) * 3 > len(head)


def _blocks(head: bytes, rest: IO[bytes]) -> Iterator[bytes]:
    size = len(head)
    if head:
        yield head
    while block := read_fully(rest, BLOCK_BYTES):
        size += len(block)
        if size > MAX_LIST_BYTES:
            raise UnreadableListError("too_large")
        yield block


def _recode(blocks: Iterator[bytes]) -> Iterator[bytes]:
    # What does not decode becomes a mark that no good line holds, and is told by its line.
    decoder = codecs.getincrementaldecoder("utf-16")(errors="replace")
    for block in blocks:
        yield decoder.decode(block).encode("utf-8", errors="replace")
    yield decoder.decode(b"", final=True).encode("utf-8", errors="replace")


def _without_first(blocks: Iterator[bytes], size: int) -> Iterator[bytes]:
    for block in blocks:
        yield block[size:]
        size = 0


def _from_archive(head: bytes, rest: BinaryIO, password: str | None) -> OpenedList:
    spool = SpooledTemporaryFile(max_size=_SPOOL_BYTES)  # noqa: SIM115 - lives as long as the blocks that are read from it
    spool.write(head)
    while block := rest.read(BLOCK_BYTES):
        if spool.tell() + len(block) > MAX_ARCHIVE_BYTES:
            raise UnreadableListError("too_large")
        spool.write(block)
    spool.seek(0)
    try:
        archive = pyzipper.AESZipFile(spool)
        member = _only_member(archive)
        unpacked, remarks = _open_member(archive, member, password)
        opened = _as_text(read_fully(unpacked, HEAD_BYTES), unpacked)
    except (zipfile.BadZipFile, pyzipper.zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError):
        raise UnreadableListError("archive_damaged") from None
    return OpenedList(
        opened.encoding, opened.came_as, (*remarks, *opened.remarks), _verified(opened.blocks), member.filename
    )


def _only_member(archive: pyzipper.AESZipFile) -> pyzipper.ZipInfo:
    members = [
        member
        for member in archive.infolist()
        # A Mac adds its own folder beside whatever is packed.
        if not member.is_dir() and not member.filename.startswith("__MACOSX/")
    ]
    if any(member.filename.startswith(("xl/", "word/", "[Content_Types].xml", "META-INF/")) for member in members):
        raise UnreadableListError("not_csv")
    if len(members) != 1:
        raise UnreadableListError("archive_members")
    if members[0].file_size > MAX_LIST_BYTES:
        raise UnreadableListError("too_large")
    if members[0].compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise UnreadableListError("archive_method")
    return members[0]


def _open_member(
    archive: pyzipper.AESZipFile, member: pyzipper.ZipInfo, password: str | None
) -> tuple[IO[bytes], tuple[str, ...]]:
    if not member.flag_bits & 0x1:
        return archive.open(member), ()
    if not password:
        raise PasswordNeededError(
            [
                Fault(
                    "CO-1",
                    "the file",
                    "Listen er krypteret. Angiv den adgangskode, der er aftalt med afsenderen.",
                    "The list is encrypted. Give the password that was agreed with the sender.",
                )
            ],
            tried="The CPR list was opened",
            remedy="Give the password and try again.",
        )
    remarks = () if getattr(member, "wz_aes_strength", None) else ("weak_encryption",)
    for encoded in _spellings(password):
        try:
            return archive.open(member, pwd=encoded), remarks
        except RuntimeError:
            # pyzipper's word for a wrong password; the next spelling may be the right one.
            continue
    raise WrongPasswordError(
        [
            Fault(
                "CO-1",
                "the file",
                "Adgangskoden åbner ikke arkivet. Kontrollér den med afsenderen (store og små bogstaver, æøå).",
                "The password does not open the archive. Check it with the sender (capitals, æøå).",
            )
        ],
        tried="The CPR list was opened",
        remedy="Give the right password and try again.",
    )


def _spellings(password: str) -> Iterator[bytes]:
    """Give the password as programs write it into an archive: æøå differ between them."""
    seen: set[bytes] = set()
    for encoding in ("utf-8", "cp1252", "cp850"):
        try:
            encoded = password.encode(encoding)
        except UnicodeEncodeError:
            continue
        if encoded not in seen:
            seen.add(encoded)
            yield encoded


def _verified(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Pass blocks on; damage shows while reading, its proof (CRC, HMAC) only at the end."""
    try:
        yield from blocks
    except (zipfile.BadZipFile, pyzipper.zipfile.BadZipFile, zlib.error, EOFError):
        raise UnreadableListError("archive_damaged") from None
