"""RTF cut into tokens: control words, symbols, hexadecimal bytes, text, binary data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

_TOKEN: Final = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)|[\r\n]+|\\", re.DOTALL
)


class Sort(Enum):
    """What a token is."""

    WORD = auto()
    SYMBOL = auto()
    BYTE = auto()
    OPEN = auto()
    CLOSE = auto()
    TEXT = auto()
    BINARY = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """One token; `end` is where the next begins.

    Args:
        value: name of the word or symbol, or the bytes themselves.
        number: the word's parameter, None where it has none.
    """

    sort: Sort
    value: bytes
    end: int
    number: int | None = None


def tokens_of(data: bytes) -> Iterator[Token]:
    """All tokens of a file in order; `\\bin` data come as one."""
    at = 0
    while True:
        match = _TOKEN.match(data, at)
        if match is None:
            return
        at = match.end()
        word, number, byte, symbol, brace, text = match.groups()
        if text is not None:
            yield Token(Sort.TEXT, text, at)
        elif word is not None:
            value = int(number) if number is not None else None
            if word == b"bin" and value is not None and value >= 0:
                yield Token(Sort.BINARY, data[at : at + value], at + value)
                at += value
            else:
                yield Token(Sort.WORD, word, at, value)
        elif byte is not None:
            yield Token(Sort.BYTE, bytes.fromhex(byte.decode()), at)
        elif brace is not None:
            yield Token(Sort.OPEN if brace == b"{" else Sort.CLOSE, brace, at)
        elif symbol is not None:
            yield Token(Sort.SYMBOL, symbol, at)
