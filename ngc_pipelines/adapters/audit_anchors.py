"""Anchors of the audit chain: its end at many times, kept in the object store, outside the database.

Here: writing and reading anchors. Not here: verifying (`register/verification`). Whoever could rewrite the whole
register, its head and its case list would still have to rewrite these; a site that wants more locks the prefix.
"""

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ngc_pipelines.domain.errors import IntegrityFault, Unavailable
from ngc_pipelines.register.verification import Anchor

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_PREFIX = "audit/anchors/"
_SCHEMA = "ngc.audit-anchor/1"


class AuditAnchors:
    """The anchors in one bucket."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def write(self, anchor: Anchor) -> None:
        """Keep an anchor. One that is there already for the same event is left as it is, whatever it says."""
        from botocore.exceptions import BotoCoreError, ClientError

        body = {"schema": _SCHEMA, "seq": anchor.seq, "hash": anchor.hash, "at": anchor.at.astimezone(UTC).isoformat()}
        key = f"{_PREFIX}{anchor.seq:012d}.json"
        try:
            self._client.put_object(
                Bucket=self._bucket,
                Key=key,
                Body=json.dumps(body, sort_keys=True).encode(),
                ContentType="application/json",
                IfNoneMatch="*",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] not in {"PreconditionFailed", "ConditionalRequestConflict", "412"}:
                raise _unavailable("An anchor of the audit chain was written", error) from None
        except BotoCoreError as error:
            raise _unavailable("An anchor of the audit chain was written", error) from None

    def read(self) -> tuple[Anchor, ...]:
        """Read every anchor, oldest first.

        Raises Unavailable where one cannot be read, IntegrityFault where one is bad.
        """
        from botocore.exceptions import BotoCoreError, ClientError

        anchors = []
        try:
            for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=_PREFIX):
                for entry in page.get("Contents", ()):
                    body = self._client.get_object(Bucket=self._bucket, Key=entry["Key"])["Body"].read()
                    anchors.append(_parse(body))
        except (BotoCoreError, ClientError) as error:
            raise _unavailable("The anchors of the audit chain were read", error) from None
        return tuple(anchors)


def _parse(body: bytes) -> Anchor:
    try:
        raw = json.loads(body)
        if raw["schema"] != _SCHEMA:
            raise ValueError("another schema")
        return Anchor(int(raw["seq"]), str(raw["hash"]), datetime.fromisoformat(raw["at"]))
    except (ValueError, KeyError, TypeError):
        raise IntegrityFault(
            "The anchors of the audit chain were read",
            "one of them is no anchor",
            "Find out who wrote to the records bucket under audit/anchors/.",
        ) from None


def _unavailable(tried: str, error: Exception) -> Unavailable:
    return Unavailable(
        tried,
        f"the object store did not answer as it should ({type(error).__name__})",
        "It is tried again by itself; if it stays so, look at the object store.",
    )
