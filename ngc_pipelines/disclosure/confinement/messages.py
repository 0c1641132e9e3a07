"""Messages between the checker and its foundries: a length, then JSON or bytes.

Descriptors of files travel beside the length. Nothing here is ever pickled.
"""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Sequence
from typing import Any

_LENGTH = struct.Struct("!Q")
_MOST_DESCRIPTORS = 2


def send(line: socket.socket, data: Any, descriptors: Sequence[int] = ()) -> None:
    """Send data as JSON, with open descriptors beside."""
    body = json.dumps(data).encode()
    head = _LENGTH.pack(len(body))
    if descriptors:
        socket.send_fds(line, [head], list(descriptors))
    else:
        line.sendall(head)
    line.sendall(body)


def send_bytes(line: socket.socket, body: bytes) -> None:
    """Send bytes as they are."""
    line.sendall(_LENGTH.pack(len(body)))
    line.sendall(body)


def receive(line: socket.socket) -> tuple[Any, list[int]]:
    """The next JSON message and its descriptors; None where the other end closed."""
    head, descriptors, _, _ = socket.recv_fds(line, _LENGTH.size, _MOST_DESCRIPTORS)
    if not head:
        return None, []
    head += _exactly(line, _LENGTH.size - len(head))
    return json.loads(_exactly(line, _LENGTH.unpack(head)[0])), list(descriptors)


def receive_bytes(line: socket.socket) -> bytes:
    """The next message as bytes.

    Raises:
        ConnectionError: where the other end closed before its end.
    """
    return _exactly(line, _LENGTH.unpack(_exactly(line, _LENGTH.size))[0])


def _exactly(line: socket.socket, count: int) -> bytes:
    parts = []
    while count:
        part = line.recv(min(count, 1 << 20))
        if not part:
            raise ConnectionError("the other end closed")
        parts.append(part)
        count -= len(part)
    return b"".join(parts)
