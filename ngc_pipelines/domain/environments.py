"""Isolated environments: what was agreed for one, and what was put into it (EN-1 to EN-6, G §4.6–4.9).

Here: the specification that a decision binds to, the snapshot that says what stands in the environment, and the kinds
of drift between the two. Not here: buckets, users and copying (`adapters/environments`, `adapters/provisioning`).
Canonical JSON: sorted keys, no blanks, UTF-8; a digest is SHA-256 over it, written `sha256:<hex>`.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.domain.errors import Fault, IntegrityFault, Refused
from ngc_pipelines.domain.pseudonyms import ProjectScope

SNAPSHOT_SCHEMA = "ngc.environment-snapshot/1"

_USER_NAME = re.compile(r"[a-z][a-z0-9_-]{1,30}", re.ASCII)
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}", re.ASCII)


class ProvisioningPolicy(StrEnum):
    """How deep pseudonymisation goes (EN-5).

    HEADERS also rewrites the header of every read. NAMES leaves the contents, and takes the source's name out of keys,
    metadata, gzip headers and sidecars only.
    """

    HEADERS = "headers"
    NAMES = "names"


@dataclass(frozen=True, slots=True, order=True)
class ApprovedUser:
    """A user of the environment and the PI's approval of that user (EN-3, G §4.8).

    name: the HPC user name; small letters, digits, `_`, `-`, 2 to 31 characters.
    approved_by: who approved, as the case names the PI. approved_on: the day.
    """

    name: str
    approved_by: str
    approved_on: date

    def __post_init__(self) -> None:
        if not _USER_NAME.fullmatch(self.name):
            raise ValueError("an HPC user name has 2 to 31 small letters, digits, _ or -, and begins with a letter")
        if not self.approved_by.strip():
            raise ValueError("every user is approved by the PI")


@dataclass(frozen=True, slots=True)
class EnvironmentSpecification:
    """What was agreed for one project's environment; the clarification meeting's outcome included (EN-2, G §4.7).

    users: at least one, each name once. tools: software to be there. own_data: what own data will be combined, or
    empty. assistance: bioinformatic help agreed, or empty. Raises Refused with every fault where it cannot be used.
    """

    case_id: CaseId
    scope: ProjectScope
    policy: ProvisioningPolicy
    users: tuple[ApprovedUser, ...]
    tools: tuple[str, ...] = ()
    own_data: str = ""
    assistance: str = ""

    def __post_init__(self) -> None:
        faults: list[Fault] = []
        if not self.users:
            faults.append(
                Fault(
                    "EN-3",
                    "users",
                    "Der er ingen godkendte brugere.",
                    "There are no approved users: the PI approves at least one.",
                )
            )
        names = [user.name for user in self.users]
        if len(set(names)) != len(names):
            faults.append(
                Fault("EN-3", "users", "En bruger står der to gange.", "A user is listed twice: list each user once.")
            )
        if faults:
            raise Refused(faults, tried="The environment was specified")
        object.__setattr__(self, "users", tuple(sorted(self.users)))
        object.__setattr__(self, "tools", tuple(sorted(set(self.tools))))

    @property
    def name(self) -> str:
        """Name of the environment: the case number in small letters, which is a valid bucket name too."""
        return str(self.case_id).lower()

    def as_json(self) -> dict[str, Any]:
        """The specification as JSON values."""
        return {
            "case": str(self.case_id),
            "project": {"acronym": self.scope.acronym, "approval": self.scope.approval_number},
            "policy": self.policy.value,
            "users": [
                {"name": user.name, "approved_by": user.approved_by, "approved_on": user.approved_on.isoformat()}
                for user in self.users
            ],
            "tools": list(self.tools),
            "own_data": self.own_data,
            "assistance": self.assistance,
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> EnvironmentSpecification:
        """Read what `as_json` wrote."""
        return cls(
            case_id=CaseId(value["case"]),
            scope=ProjectScope(value["project"]["acronym"], value["project"]["approval"]),
            policy=ProvisioningPolicy(value["policy"]),
            users=tuple(
                ApprovedUser(user["name"], user["approved_by"], date.fromisoformat(user["approved_on"]))
                for user in value["users"]
            ),
            tools=tuple(value["tools"]),
            own_data=value["own_data"],
            assistance=value["assistance"],
        )

    @property
    def digest(self) -> str:
        """Digest of everything agreed."""
        return digest_of(canonical_json(self.as_json()))


@dataclass(frozen=True, slots=True, order=True)
class SnapshotFile:
    """One file of an environment as it was verified.

    size in bytes; sha256 and crc64nvme in hex, over the object as it stands there; etag as the store gave it.
    person and sample are pseudonyms; person is empty for the environment's own list of files.
    """

    key: str
    size: int
    sha256: str
    crc64nvme: str
    etag: str
    person: str = ""
    sample: str = ""


@dataclass(frozen=True, slots=True, order=True)
class LeftOutFile:
    """A file of the cohort that is not exhibited, named by pseudonyms, and why."""

    person: str
    sample: str
    lane: int
    reason: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was provisioned (EN-6): every file, the users, tools and policy, VAR's version and the cohort's digests.

    cohort_digest: what the decision was bound to. remaining_digest: what VAR left of it when the environment opened.
    """

    specification: EnvironmentSpecification
    bucket: str
    cohort_digest: str
    remaining_digest: str
    var_digest: str
    var_delivery: str
    files: tuple[SnapshotFile, ...]
    left_out: tuple[LeftOutFile, ...]
    access_policy_digest: str
    taken_at: datetime

    def __post_init__(self) -> None:
        if self.taken_at.tzinfo is None:
            raise ValueError("a snapshot is taken at a moment with a time zone")
        if not _DIGEST.fullmatch(self.access_policy_digest):
            raise ValueError("digests are written sha256:<hex>")
        object.__setattr__(self, "files", tuple(sorted(self.files)))
        object.__setattr__(self, "left_out", tuple(sorted(self.left_out)))

    @property
    def case_id(self) -> CaseId:
        """The case that the environment belongs to."""
        return self.specification.case_id

    @property
    def size_bytes(self) -> int:
        """Sum of the files' sizes."""
        return sum(file.size for file in self.files)

    def to_bytes(self) -> bytes:
        """Canonical JSON."""
        return canonical_json(
            {
                "schema": SNAPSHOT_SCHEMA,
                "specification": self.specification.as_json(),
                "bucket": self.bucket,
                "cohort_digest": self.cohort_digest,
                "remaining_digest": self.remaining_digest,
                "var": {"delivery": self.var_delivery, "digest": self.var_digest},
                "files": [asdict(file) for file in self.files],
                "left_out": [asdict(file) for file in self.left_out],
                "access_policy_digest": self.access_policy_digest,
                "taken_at": self.taken_at.astimezone(UTC).isoformat(),
            }
        )

    @property
    def digest(self) -> str:
        """Digest of the canonical JSON; the case records it."""
        return digest_of(self.to_bytes())

    @classmethod
    def from_bytes(cls, data: bytes) -> Snapshot:
        """Read what `to_bytes` wrote; raises IntegrityFault where it is not a snapshot."""
        try:
            value = json.loads(data)
            if value["schema"] != SNAPSHOT_SCHEMA:
                raise ValueError("another schema")
            return cls(
                specification=EnvironmentSpecification.from_json(value["specification"]),
                bucket=value["bucket"],
                cohort_digest=value["cohort_digest"],
                remaining_digest=value["remaining_digest"],
                var_digest=value["var"]["digest"],
                var_delivery=value["var"]["delivery"],
                files=tuple(SnapshotFile(**file) for file in value["files"]),
                left_out=tuple(LeftOutFile(**file) for file in value["left_out"]),
                access_policy_digest=value["access_policy_digest"],
                taken_at=datetime.fromisoformat(value["taken_at"]),
            )
        except (ValueError, KeyError, TypeError, Refused) as error:
            raise IntegrityFault(
                "A snapshot was read",
                f"it is not a snapshot of the form {SNAPSHOT_SCHEMA} ({type(error).__name__})",
                "Hold the object against the digest that the case recorded, and restore it from the backup.",
            ) from None


class DriftKind(StrEnum):
    """How an environment may differ from its snapshot."""

    BUCKET_MISSING = "bucket_missing"
    MISSING = "missing"
    CHANGED = "changed"
    EXTRA = "extra"
    POLICY_CHANGED = "policy_changed"
    VERSIONING_OFF = "versioning_off"
    USER_MISSING = "user_missing"
    USER_EXTRA = "user_extra"
    USER_RIGHTS_CHANGED = "user_rights_changed"


@dataclass(frozen=True, slots=True, order=True)
class Drift:
    """One difference between an environment and its snapshot. `where` is a key, a user or the bucket: no names."""

    kind: DriftKind
    where: str
    why: str


def canonical_json(value: Any) -> bytes:
    """JSON with sorted keys and no blanks, UTF-8: the same value has the same bytes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def digest_of(data: bytes) -> str:
    """`sha256:<hex>` of the bytes."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"
