"""Patterns over bytes, compiled once, in time linear in what they search.

re2 reads a pattern as UTF-8 unless told otherwise, and then `\\xe2` is the
letter â and not the byte.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any


@lru_cache(maxsize=64)
def compiled(pattern: bytes, memory: int = 64 << 20) -> Any:
    """A pattern of re2 whose characters are bytes.

    Args:
        memory: bytes that its automata may take before they start afresh.
    """
    import re2

    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.max_mem = memory
    options.log_errors = False
    return re2.compile(pattern, options)


class Sieve:
    """Which of many patterns occur in a block of bytes, told in one pass over it.

    Most blocks hold none; only the patterns named are then searched for one by one.
    """

    def __init__(self, patterns: tuple[bytes, ...], memory: int = 256 << 20) -> None:
        import re2

        options = re2.Options()
        options.encoding = re2.Options.Encoding.LATIN1
        options.max_mem = memory
        self._set = re2.Set.SearchSet(options)
        for pattern in patterns:
            self._set.Add(pattern)
        self._set.Compile()

    def which(self, data: bytes) -> frozenset[int]:
        """The numbers, from 0, of the patterns that occur."""
        return frozenset(self._set.Match(data) or ())


@lru_cache(maxsize=8)
def sieve(patterns: tuple[bytes, ...]) -> Sieve:
    """The sieve of these patterns, made once."""
    return Sieve(patterns)
