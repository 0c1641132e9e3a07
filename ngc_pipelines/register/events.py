"""One event of a case, and the hash that ties it to the event before.

Here: the value, its canonical text, and hashing. Not here: storage (`register/register`), what an event means for a
case (`register/fold`), or verifying the chain (`register/verification`).

The canonical text of an event is the only thing that is stored; every column beside it is generated from it by the
database, so that a column cannot say something else than what was hashed.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.domain.errors import IntegrityFault
from ngc_pipelines.domain.workflow import Actor, Person

GENESIS = "0" * 64

Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a case.

    seq: place in the whole chain, from 1 without gaps. number: place among the case's own events, from 1.
    at: when, in UTC. by: who. run: the Dagster run that did it, or None. data: what was decided or found; no personal
    data, only counts, digests, reasons and the texts of letters.
    """

    seq: int
    case: CaseId
    number: int
    at: datetime
    event: str
    by: Person
    run: str | None
    data: Payload

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("an event's time has a time zone")

    def body(self) -> str:
        """Give the canonical text: the same event gives the same bytes everywhere."""
        return json.dumps(
            {
                "seq": self.seq,
                "case": self.case.value,
                "number": self.number,
                "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
                "event": self.event,
                "by": self.by.name,
                "role": self.by.role.value,
                "run": self.run,
                "data": self.data,
            },
            ensure_ascii=False,
            sort_keys=True,
            separators=(",", ":"),
            allow_nan=False,
        )


def chain_hash(previous: str, body: str) -> str:
    """Hash an event's text together with the hash of the event before (hex SHA-256); `GENESIS` before the first."""
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()


def parse_body(body: str) -> Event:
    """Read an event back; raises IntegrityFault where the text is no event."""
    try:
        raw = json.loads(body)
        return Event(
            seq=raw["seq"],
            case=CaseId(raw["case"]),
            number=raw["number"],
            at=datetime.fromisoformat(raw["at"]),
            event=raw["event"],
            by=Person(raw["by"], Actor(raw["role"])),
            run=raw["run"],
            data=raw["data"],
        )
    except (ValueError, KeyError, TypeError) as error:
        raise IntegrityFault(
            "An event of the register was read",
            f"its text is no event ({type(error).__name__})",
            "Run `ngc audit verify` and find out who wrote to the database.",
        ) from None


def digest_of(data: Any) -> str:
    """Digest a JSON value in its canonical form, as `sha256:…`; what decisions bind to."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()
