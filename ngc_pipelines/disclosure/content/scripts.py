"""JSON that stands in a page's JavaScript, found without running it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

_BEGINS = re.compile(r"[=(,:\[]\s*(?=[{\[][\s\[{\"'\d-])|JSON\.parse\(\s*(['\"`])")
_SHORTEST = 40
_MOST_TRIES = 5_000
_NOT_JSON = re.compile(r"([{,]\s*)([A-Za-z_$][\w$]*)\s*:")


def json_in_script(body: str, *, whole: bool) -> Iterator[Any]:
    """The objects and lists of a script that are data.

    Args:
        whole: whether the whole body is said to be JSON (`type="application/json"`).
    """
    if whole:
        try:
            yield json.loads(body)
        except (ValueError, RecursionError):
            pass
        else:
            return
    decoder = json.JSONDecoder()
    at = 0
    for _ in range(_MOST_TRIES):
        match = _BEGINS.search(body, at)
        if match is None:
            return
        if match[1]:
            at, data = _quoted(body, match.end() - 1, match[1])
        else:
            at, data = _literal(decoder, body, match.end())
        if data is not None:
            yield data


def _literal(decoder: json.JSONDecoder, body: str, start: int) -> tuple[int, Any]:
    start += len(body[start : start + 64]) - len(body[start : start + 64].lstrip())
    try:
        data, end = decoder.raw_decode(body, start)
    except (ValueError, RecursionError):
        return _bare_keys(decoder, body, start)
    return (end, data) if end - start >= _SHORTEST else (end, None)


def _bare_keys(decoder: json.JSONDecoder, body: str, start: int) -> tuple[int, Any]:
    """An object literal whose keys carry no quotes, as people write them; of moderate length."""
    text = body[start : start + 100_000]
    if not re.match(r"\{\s*[A-Za-z_$]", text):
        return start + 1, None
    quoted = _NOT_JSON.sub(r'\1"\2":', text)
    try:
        data, end = decoder.raw_decode(quoted)
    except (ValueError, RecursionError):
        return start + 1, None
    return start + 1, data if end >= _SHORTEST else None


def _quoted(body: str, start: int, quote: str) -> tuple[int, Any]:
    """The argument of `JSON.parse('…')`."""
    end = start + 1
    while end < len(body) and body[end] != quote:
        end += 2 if body[end] == "\\" else 1
    text = body[start + 1 : end].replace("\\" + quote, quote).replace("\\\\", "\\")
    try:
        return end + 1, json.loads(text)
    except (ValueError, RecursionError):
        return start + 1, None
