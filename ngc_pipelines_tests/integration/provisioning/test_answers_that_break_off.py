"""An answer of the object store that breaks off: reading goes on where it did, or gives up where it gets no further."""

from __future__ import annotations

import contextlib
import hashlib
import re
import socket
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from ngc_pipelines.adapters.object_store.clients import s3_client
from ngc_pipelines.adapters.provisioning.objects import MIB, GoneError, read_through
from ngc_pipelines.domain.errors import Unavailable
from ngc_pipelines.settings import ObjectStore

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

KEY = "run/reads.bin"
SIZE = 4 * MIB
CONTENT = hashlib.shake_256(b"an object larger than what a socket holds").digest(SIZE)
HEAD_ENDS = b"\r\n\r\n"
WAIT_SECONDS = 60


class BreakingLine:
    """A line to the store, one request a connection, that breaks when as much of an answer's body went over it.

    Args:
        store: address of the store, `http://host:port`.
    """

    def __init__(self, store: str) -> None:
        address = urlsplit(store)
        self._store = (address.hostname or "", address.port or 80)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        # Bytes of each next answer's body that get through; every answer is whole once the list is used up.
        self.breaks: list[int] = []
        # Where each request began to read.
        self.begun: list[int] = []
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        """Takes the line down; no thread is left."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join(WAIT_SECONDS)
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:  # taken down
                return
            with client, socket.create_connection(self._store, timeout=WAIT_SECONDS) as store:
                client.settimeout(WAIT_SECONDS)
                # Who asked may be gone already; the next is served all the same.
                with contextlib.suppress(OSError):
                    self._carry(client, store)

    def _carry(self, client: socket.socket, store: socket.socket) -> None:
        head, _ = _head(client)
        begun = re.search(rb"(?im)^range: bytes=(\d+)-", head)
        self.begun.append(int(begun[1]) if begun else -1)
        # One request a connection, so that each break is of the answer that it was meant for.
        store.sendall(head.removesuffix(HEAD_ENDS) + b"\r\nConnection: close" + HEAD_ENDS)
        answer, body = _head(store)
        left = self.breaks.pop(0) if self.breaks else SIZE
        client.sendall(answer)
        while body and left:
            client.sendall(body[:left])
            left -= len(body[:left])
            body = store.recv(1 << 16)


def _head(line: socket.socket) -> tuple[bytes, bytes]:
    """A message's head, and what came of its body with it."""
    message = b""
    while HEAD_ENDS not in message and (data := line.recv(1 << 16)):
        message += data
    head, _, body = message.partition(HEAD_ENDS)
    return head + HEAD_ENDS, body


@pytest.fixture
def line(s3_settings: ObjectStore) -> Iterator[BreakingLine]:
    """A line to the store that can be broken."""
    made = BreakingLine(s3_settings.endpoint)
    yield made
    made.close()


@pytest.fixture
def over_line(line: BreakingLine, s3_settings: ObjectStore) -> Iterator[S3Client]:
    """A client of the store that knows no other way to it."""
    client = s3_client(s3_settings.model_copy(update={"endpoint": line.endpoint}))
    yield client
    client.close()


@pytest.fixture
def etag(s3: S3Client, s3_settings: ObjectStore) -> str:
    """The etag of the object, which is in the source bucket."""
    return s3.put_object(Bucket=s3_settings.source_bucket, Key=KEY, Body=CONTENT)["ETag"]


def test_an_answer_that_breaks_off_is_gone_on_with_where_it_did(
    line: BreakingLine, over_line: S3Client, s3_settings: ObjectStore, etag: str
) -> None:
    line.breaks = [MIB + MIB // 2, 1, 2 * MIB]
    pieces = list(read_through(over_line, s3_settings.source_bucket, KEY, etag=etag, size=SIZE))
    assert b"".join(pieces) == CONTENT
    assert len(line.begun) == 4
    assert line.begun == sorted(line.begun)
    assert line.begun[0] == 0 < line.begun[1] < line.begun[-1]


def test_a_break_that_nothing_came_before_is_tried_again_but_not_for_ever(
    line: BreakingLine, over_line: S3Client, s3_settings: ObjectStore, etag: str
) -> None:
    line.breaks = [0] * 3
    pieces = read_through(over_line, s3_settings.source_bucket, KEY, etag=etag, size=SIZE)
    assert b"".join(pieces) == CONTENT
    line.breaks = [0] * 100
    with pytest.raises(Unavailable):
        list(read_through(over_line, s3_settings.source_bucket, KEY, etag=etag, size=SIZE))
    assert set(line.begun) == {0}
    assert len(line.breaks) > 90


def test_an_object_written_anew_between_two_parts_of_an_answer_is_no_longer_the_one(
    line: BreakingLine, over_line: S3Client, s3: S3Client, s3_settings: ObjectStore, etag: str
) -> None:
    line.breaks = [2 * MIB]
    pieces = read_through(over_line, s3_settings.source_bucket, KEY, etag=etag, size=SIZE)
    assert next(pieces) == CONTENT[:MIB]
    s3.put_object(Bucket=s3_settings.source_bucket, Key=KEY, Body=CONTENT[::-1])
    with pytest.raises(GoneError):
        list(pieces)
