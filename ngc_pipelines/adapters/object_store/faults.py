"""What the object store's refusals and silences mean to a flow: which error of the domain each one is.

Nothing that boto3 says is passed on: its messages repeat keys, and keys of source objects are sample names.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError
from urllib3.exceptions import HTTPError

from ngc_pipelines.domain.errors import Unavailable

# A response's body may break off while it is read: then it is urllib3 or the socket that complains.
STORE_ERRORS = (ClientError, BotoCoreError, HTTPError, OSError)

_ABSENT = frozenset({"NoSuchKey", "NoSuchBucket", "NoSuchVersion", "NotFound", "404"})
_PRECONDITION = frozenset({"PreconditionFailed", "412", "ConditionalRequestConflict"})
_UNSATISFIABLE = frozenset({"InvalidRange", "416"})


def code_of(error: BaseException) -> str:
    """The store's error code (`NoSuchKey`), or the kind of the error where there was no answer."""
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code") or "Unknown")
    return type(error).__name__


def is_absent(error: BaseException) -> bool:
    """Whether the store says that the object, version or bucket is not there."""
    return isinstance(error, ClientError) and code_of(error) in _ABSENT


def is_precondition(error: BaseException) -> bool:
    """Whether the store refused because a condition of the request (`IfMatch`, `IfNoneMatch`) did not hold."""
    return isinstance(error, ClientError) and code_of(error) in _PRECONDITION


def is_unsatisfiable(error: BaseException) -> bool:
    """Whether the store has none of the range that was asked for: the object is empty, or shorter."""
    return isinstance(error, ClientError) and code_of(error) in _UNSATISFIABLE


def unavailable(tried: str, error: BaseException) -> Unavailable:
    """The error for an answer that a later try may change: a timeout, a full disk, a server that is restarting."""
    return Unavailable(
        tried,
        f"the object store did not do it ({code_of(error)})",
        "It is tried again by itself; if it stays so, look at the object store: its log, its free space, our rights.",
    )


@contextmanager
def store_answers(tried: str) -> Iterator[None]:
    """Raise Unavailable where the object store does not do what is asked of it inside the block."""
    try:
        yield
    except STORE_ERRORS as error:
        raise unavailable(tried, error) from None
