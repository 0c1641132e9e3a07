"""What is planted, and the tools to plant it: zips patched part by part, compound files."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

CPR = "020160-9995"
"""A national test number (vector V001); no person has it."""

KNOWN_ID = "PX83K2M7Q4"
"""Stands for a pseudonym that the department issued."""

SECRET = f"cpr {CPR} id {KNOWN_ID}"

Change = bytes | Callable[[bytes], bytes] | None


@dataclass(frozen=True, slots=True)
class Hiding:
    """A document with the secret in one place.

    Args:
        extension: what the file is called, which is its type in the table.
        place: where the secret is, in words.
    """

    extension: str
    place: str
    data: bytes = field(repr=False)

    @property
    def id(self) -> str:
        """Names a test."""
        return f"{self.extension}: {self.place}"


def repacked(package: bytes, changes: Mapping[str, Change]) -> bytes:
    """A zip with parts replaced, changed by a function, added, or (None) left out."""
    out = io.BytesIO()
    waiting = dict(changes)
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content: bytes | None = old.read(name)
            if name in waiting:
                change = waiting.pop(name)
                content = change(content or b"") if callable(change) else change
            if content is not None:
                new.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
        for name, change in waiting.items():
            if change is not None and not callable(change):
                new.writestr(zipfile.ZipInfo(name), change, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def replacing(old: str, new: str) -> Callable[[bytes], bytes]:
    """A change of the first `old` into `new`; fails where there is none."""

    def change(content: bytes) -> bytes:
        if old.encode() not in content:
            raise AssertionError(f"the part has no {old!r}")
        return content.replace(old.encode(), new.encode(), 1)

    return change


def relation(owner: str, target: str, kind: str, *, external: bool = False) -> dict[str, Change]:
    """One more relationship of a part that has some already.

    Args:
        owner: path of the .rels part.
    """
    mode = ' TargetMode="External"' if external else ""
    line = (
        '<Relationship Id="rIdPlanted" '
        f'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
        f'Target="{target}"{mode}/></Relationships>'
    )
    return {owner: replacing("</Relationships>", line)}


def new_relations(owner: str, target: str, kind: str) -> dict[str, Change]:
    """The .rels part of an owner that has none yet."""
    line = (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rIdPlanted" '
        f'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
        f'Target="{target}"/></Relationships>'
    )
    return {owner: line.encode()}


def between_entries(package: bytes, hidden: bytes) -> bytes:
    """A zip with bytes that no entry owns, between its parts and its directory."""
    end = package.rfind(b"PK\x05\x06")
    (start,) = struct.unpack_from("<I", package, end + 16)
    moved = package[:start] + hidden + package[start:end]
    return moved + package[end : end + 16] + struct.pack("<I", start + len(hidden)) + package[end + 20 :]


def with_unlisted_entry(package: bytes, name: str, content: bytes) -> bytes:
    """A zip with a part that its directory does not list."""
    header = struct.pack(
        "<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0, 0, 0, 33, zlib.crc32(content), len(content), len(content), len(name), 0
    )
    return between_entries(package, header + name.encode() + content)


_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SECTOR = 512


def compound(streams: Mapping[str, bytes], *, free: bytes = b"") -> bytes:
    """A compound file of streams by path (`Storage/stream`), each in whole sectors.

    Args:
        free: goes into sectors that no stream owns.
    """
    entries: list[dict[str, int | str | bytes]] = [{"name": "Root Entry", "kind": 5}]
    children: dict[int, list[int]] = {0: []}
    folders: dict[str, int] = {"": 0}
    for path in streams:
        parts = path.split("/")
        for depth in range(1, len(parts)):
            folder = "/".join(parts[:depth])
            if folder not in folders:
                folders[folder] = len(entries)
                children[len(entries)] = []
                children[folders["/".join(parts[: depth - 1])]].append(len(entries))
                entries.append({"name": parts[depth - 1], "kind": 1})
        children[folders["/".join(parts[:-1])]].append(len(entries))
        entries.append({"name": parts[-1], "kind": 2, "data": streams[path]})
    body, chains = _sectors(entries, free)
    return _assembled(entries, children, body, chains)


def _sectors(entries: list[dict[str, int | str | bytes]], free: bytes) -> tuple[bytearray, list[int]]:
    body = bytearray()
    chains: list[int] = []
    for entry in entries:
        data = entry.get("data")
        if not isinstance(data, bytes):
            continue
        padded = data.ljust(max(4096, -(-len(data) // _SECTOR) * _SECTOR), b"\0")
        entry["start"], entry["size"] = len(chains), len(padded)
        count = len(padded) // _SECTOR
        chains += [*range(len(chains) + 1, len(chains) + count), _END]
        body += padded
    padded = free.ljust(-(-len(free) // _SECTOR) * _SECTOR, b"\0")
    chains += [_FREE] * (len(padded) // _SECTOR)
    return body + padded, chains


def _assembled(
    entries: list[dict[str, int | str | bytes]], children: dict[int, list[int]], body: bytearray, chains: list[int]
) -> bytes:
    directory = bytearray()
    links: dict[int, tuple[int, int]] = {}
    heads: dict[int, int] = {}
    for parent, members in children.items():
        if members:
            heads[parent] = members[0]
            for one, following in zip(members, [*members[1:], _FREE], strict=True):
                links[one] = (_FREE, following)
    for index, entry in enumerate(entries):
        name = str(entry["name"]).encode("utf-16-le")
        left, right = links.get(index, (_FREE, _FREE))
        directory += name.ljust(64, b"\0") + struct.pack("<HBB", len(name) + 2, int(str(entry["kind"])), 1)
        directory += struct.pack("<III", left, right, heads.get(index, _FREE)) + bytes(36)
        start, size = entry.get("start", _END), entry.get("size", 0)
        directory += struct.pack("<IQ", int(str(start)) if entry["kind"] == 2 else _END, int(str(size)))
    directory = directory.ljust(-(-len(directory) // _SECTOR) * _SECTOR, b"\0")
    first_directory = len(chains)
    count = len(directory) // _SECTOR
    chains += [*range(first_directory + 1, first_directory + count), _END]
    tables = -(-(len(chains) + 4) // 128)
    first_table = len(chains)
    chains += [_FAT] * tables
    fat = struct.pack(f"<{len(chains)}I", *chains).ljust(tables * _SECTOR, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, tables, first_directory, 0, 4096, _END, 0, _END, 0)
    header += struct.pack(f"<{tables}I", *range(first_table, first_table + tables)).ljust(436, b"\xff")
    return header + bytes(body) + bytes(directory) + fat
