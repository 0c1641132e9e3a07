"""The intake area of the object store: which folders are handed in, and what lies in them.

Here: listing and reading. Not here: what a submission means (`domain/submissions`), or opening cases (`defs/intake`).
A folder counts as handed in once `submission.yaml` is there; nothing here ever writes to the area or deletes from it.
"""

import hashlib
import io
import sys
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ngc_pipelines.adapters.object_store.faults import store_answers
from ngc_pipelines.domain.cases import Flow
from ngc_pipelines.domain.errors import Fault, IntegrityFault, Refused
from ngc_pipelines.domain.submissions import SUBMISSION_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _typeshed import WriteableBuffer
    from botocore.response import StreamingBody
    from mypy_boto3_s3 import S3Client

# Keys are `intake/<flow>/<any name>/<file>`, in the intake bucket.
PREFIXES: Mapping[Flow, str] = {Flow.EXHIBITION: "intake/applications/"}

# A national list with 6,000,000 lines is 90 MB; documents are PDFs. More than this was put there by mistake.
MAX_FILE_BYTES = 512 * 1024 * 1024
_PIECE = 1024 * 1024
_LAST_NAME = "\U0010ffff"
_TRIED = "The intake area was read"


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A folder that is handed in.

    folder: its prefix, with the slash at the end. fingerprint: changes when any file is added, taken away or replaced.
    files: size in bytes of each file by its name in the folder.
    """

    folder: str = field(repr=False)
    fingerprint: str
    files: Mapping[str, int] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Part:
    """The handed-in folders of a part of the intake area, in the store's order. is_last: none follow."""

    folders: tuple[HandedIn, ...]
    is_last: bool


class Reading(io.RawIOBase):
    """A file of the intake area, read once from its beginning and hashed on the way."""

    def __init__(self, body: "StreamingBody") -> None:
        super().__init__()
        self._body = body
        self._hash = hashlib.sha256()

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Fill the buffer with the next bytes; 0 at the end."""
        view = memoryview(buffer).cast("B")
        piece = self._body.read(len(view))
        self._hash.update(piece)
        view[: len(piece)] = piece
        return len(piece)

    def digest(self) -> str:
        """Read what is left and give the SHA-256 (hex) of the whole file."""
        while self.read(_PIECE):
            pass
        return self._hash.hexdigest()


class IntakeArea:
    """The intake bucket, seen by a client that may read it."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def handed_in(self, flow: Flow) -> tuple[HandedIn, ...]:
        """List the folders of a flow that are handed in; raises Unavailable where the store cannot be read."""
        return self.part(flow, keys=sys.maxsize).folders

    def part(self, flow: Flow, *, after: str | None = None, keys: int) -> Part:
        """List the folders that are handed in and follow the folder `after`, each of them whole; from the first one.

        keys: after so many files it ends with the folder that it has come to, once it has one that is handed in. So
        whoever goes on after the last one given comes through the whole area, whatever else was put there.
        Raises Unavailable where the store cannot be read.
        """
        prefix = PREFIXES[flow]
        found: dict[str, dict[str, tuple[int, str]]] = {}
        count, folder, has_one = 0, "", False
        for key, size, etag in self._list(prefix, after):
            count += 1
            name, slash, file = key.removeprefix(prefix).partition("/")
            if not slash or not file or file.endswith("/"):
                continue
            if count > keys and has_one and f"{prefix}{name}/" != folder:
                return Part(_whole(found), is_last=False)
            folder = f"{prefix}{name}/"
            found.setdefault(folder, {})[file] = (size, etag)
            has_one = has_one or file == SUBMISSION_FILE
        return Part(_whole(found), is_last=True)

    def look(self, folder: str) -> HandedIn:
        """Give one folder as it is now; raises Refused where it is not handed in (any more)."""
        files = {key.removeprefix(folder): (size, etag) for key, size, etag in self._list(folder)}
        if SUBMISSION_FILE not in files:
            raise Refused(
                [
                    Fault(
                        "AP-4",
                        SUBMISSION_FILE,
                        "Filen mangler i mappen. Læg den i mappen som den sidste fil.",
                        "The file is missing from the folder. Put it there as the last file.",
                    )
                ],
                tried="A submission was read",
            )
        return _handed_in(folder, files)

    @contextmanager
    def open(self, folder: HandedIn, name: str, *, sha256: str | None = None) -> "Iterator[Reading]":
        """Give one file of a folder as a stream that is hashed while it is read.

        sha256: what it has to be (hex), where it was read before; once the block has read it, raises IntegrityFault
        where it was something else. Whoever acts on the content does so after the block.
        Raises Refused where it is not there or larger than `MAX_FILE_BYTES`, Unavailable where it cannot be read.
        """
        size = folder.files.get(name)
        if size is None or size > MAX_FILE_BYTES:
            raise Refused(
                [
                    Fault(
                        "AP-4",
                        "the folder",
                        "En fil, som formularen nævner, mangler eller er for stor.",
                        "A file that the form names is missing or too large.",
                    )
                ],
                tried="A submission was read",
            )
        with store_answers(_TRIED):
            reading = Reading(self._client.get_object(Bucket=self._bucket, Key=folder.folder + name)["Body"])
            try:
                yield reading
                if sha256 is not None and reading.digest() != sha256:
                    raise IntegrityFault(
                        "A file of a submission was read again",
                        "it is not the file that was checked",
                        "Ask who changed the folder; the case goes on when the application is handed in again.",
                    )
            finally:
                reading.close()

    def read(self, folder: HandedIn, name: str, *, sha256: str | None = None) -> bytes:
        """Read one file of a folder whole; for small ones. Raises as `open` does."""
        with self.open(folder, name, sha256=sha256) as reading:
            return reading.read()

    def digest(self, folder: HandedIn, name: str) -> str:
        """Give the SHA-256 (hex) of one file of a folder, in bounded memory."""
        with self.open(folder, name) as reading:
            return reading.digest()

    def _list(self, prefix: str, after: str | None = None) -> "Iterator[tuple[str, int, str]]":
        # The last key that the folder could have: stores that list folder by folder, and not key by key, go on after
        # it at the same place.
        start = f"{after}{_LAST_NAME}" if after else ""
        with store_answers(_TRIED):
            paginator = self._client.get_paginator("list_objects_v2")
            for page in paginator.paginate(Bucket=self._bucket, Prefix=prefix, StartAfter=start):
                for entry in page.get("Contents", ()):
                    yield entry["Key"], entry["Size"], entry["ETag"]


def _whole(found: Mapping[str, Mapping[str, tuple[int, str]]]) -> tuple[HandedIn, ...]:
    return tuple(_handed_in(folder, files) for folder, files in found.items() if SUBMISSION_FILE in files)


def _handed_in(folder: str, files: Mapping[str, tuple[int, str]]) -> HandedIn:
    lines = "".join(f"{name}\0{size}\0{etag}\n" for name, (size, etag) in sorted(files.items()))
    return HandedIn(
        folder=folder,
        fingerprint="sha256:" + hashlib.sha256(lines.encode()).hexdigest(),
        files={name: size for name, (size, _) in files.items()},
    )
