"""What is recorded of a cohort: its manifest, its readings of VAR, their digests.

Reading and writing these records only; who decides what goes into them is `building.py` and `filtering.py`.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select, text

from ngc_pipelines.adapters.cohorts import statements
from ngc_pipelines.adapters.genome_database.tables import (
    aliases,
    cases,
    manifests,
    persons,
    registered,
    var_readings,
)
from ngc_pipelines.domain.cohort_accounts import CohortManifest, CohortSource, VarFilterResult, VarVersion
from ngc_pipelines.domain.errors import Fault, Refused

# The reading of VAR that a decision binds to; later ones count on from it.
FILTERING = 0
_SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Case:
    """A case's number, its key in the schema `cohort` (0 where it has none), and the secret in its digests."""

    case_id: str
    key: int
    salt: bytes = field(repr=False)


def new_case(connection: Connection, case_id: str) -> Case:
    """Gives a case a key and a salt; it has none, or its order was set aside."""
    salt = secrets.token_bytes(_SALT_BYTES)
    new = cases.insert().values(case_id=case_id, salt=salt).returning(cases.c.case_key)
    return Case(case_id, connection.execute(new).scalar_one(), salt)


def clear(connection: Connection, case: Case) -> None:
    """Removes the cohort's rows and records; the case keeps its key and its salt."""
    for table in (persons, aliases, registered):
        connection.execute(table.delete().where(table.c.case_key == case.key))
    connection.execute(manifests.delete().where(manifests.c.case_key == case.key))


def refuse_after_recheck(connection: Connection, case: Case, tried: str) -> None:
    """Refuses where provisioning has begun: what stands in an environment is never rebuilt underneath it."""
    if last_reading(connection, case) > FILTERING:
        raise Refused(
            [
                Fault(
                    "CO-4",
                    case.case_id,
                    "Udstillingen er begyndt på denne kohorte; den kan ikke dannes om.",
                    "Provisioning has begun with this cohort; it cannot be built anew.",
                )
            ],
            tried=tried,
            remedy="A changed order is a new application.",
        )


def last_reading(connection: Connection, case: Case) -> int:
    """The number of the latest reading of VAR; -1 where there was none."""
    found = connection.execute(
        text("SELECT max(reading) FROM cohort.var_readings WHERE case_key = :case_key"), {"case_key": case.key}
    ).scalar_one()
    return -1 if found is None else int(found)


def read_manifest(connection: Connection, case: Case) -> CohortManifest | None:
    """The case's manifest as it was recorded."""
    row = connection.execute(select(manifests).where(manifests.c.case_key == case.key)).mappings().one_or_none()
    if row is None:
        return None
    rest: dict[str, Any] = {k: v for k, v in row.items() if k not in {"case_key", "source", "criteria"}}
    return CohortManifest(case_id=case.case_id, source=CohortSource(row["source"]), **rest)


def require_manifest(connection: Connection, case: Case, tried: str) -> CohortManifest:
    """The case's manifest; Refused where none was built."""
    manifest = read_manifest(connection, case)
    if manifest is None:
        raise Refused(
            [
                Fault(
                    "CO-3",
                    case.case_id,
                    "Sagen har ikke noget kohortemanifest endnu.",
                    "The case has no cohort manifest yet.",
                )
            ],
            tried=tried,
            remedy="Materialize `cohort_manifest` first.",
        )
    return manifest


def write_manifest(connection: Connection, case: Case, manifest: CohortManifest, criteria: str | None) -> None:
    """Records a manifest; the case has none (`clear`)."""
    values = {
        name: getattr(manifest, name)
        for name in CohortManifest.__dataclass_fields__
        if name not in {"case_id", "source"}
    }
    connection.execute(
        manifests.insert().values(case_key=case.key, source=manifest.source.value, criteria=criteria, **values)
    )


def write_reading(
    connection: Connection,
    case: Case,
    *,
    reading: int,
    version: VarVersion,
    counts: RowMapping,
    digest: str,
    read_at: datetime,
) -> None:
    """Records one reading of VAR: what it found, what is left, and which delivery it was."""
    connection.execute(
        var_readings.insert().values(
            case_key=case.key,
            reading=reading,
            kept=counts["with_data"],
            **{name: counts[name] for name in ("registered", "persons", "samples", "files", "size_bytes")},
            delivery=version.delivery,
            delivered_at=version.delivered_at,
            registrations=version.registrations,
            number_references=version.number_references,
            var_digest=version.digest,
            digest=digest,
            read_at=read_at,
        )
    )


def read_filter(connection: Connection, case: Case) -> VarFilterResult | None:
    """The account of the filtering, as it was recorded."""
    manifest = read_manifest(connection, case)
    row = (
        connection.execute(
            select(var_readings).where(var_readings.c.case_key == case.key, var_readings.c.reading == FILTERING)
        )
        .mappings()
        .one_or_none()
    )
    if manifest is None or row is None:
        return None
    version = VarVersion(
        row["delivery"], row["delivered_at"], row["registrations"], row["number_references"], row["var_digest"]
    )
    return VarFilterResult(
        case_id=case.case_id,
        asked=manifest.asked,
        kept=row["kept"],
        registered=row["registered"],
        without_data=manifest.asked - manifest.invalid - row["kept"] - row["registered"],
        invalid=manifest.invalid,
        persons=row["persons"],
        samples=row["samples"],
        files=row["files"],
        size_bytes=row["size_bytes"],
        var_version=version,
        manifest_digest=manifest.digest,
        digest=row["digest"],
        filtered_at=row["read_at"],
    )


def require_filter(connection: Connection, case: Case, tried: str) -> VarFilterResult:
    """The account of the filtering; Refused where the cohort was never held against VAR."""
    result = read_filter(connection, case)
    if result is None:
        raise Refused(
            [
                Fault(
                    "CO-3",
                    case.case_id,
                    "Kohorten er ikke holdt op mod Vævsanvendelsesregisteret.",
                    "The cohort has not been held against the tissue-use register.",
                )
            ],
            tried=tried,
            remedy="Materialize `var_filtered_cohort` first.",
        )
    return result


def account_of_manifest(connection: Connection, case: Case) -> RowMapping:
    """The account before VAR, and under `digest` one of who was asked for and what was found, both from the rows."""
    values = {"case_key": case.key, "salt": case.salt}
    return connection.execute(text(statements.ACCOUNT_OF_MANIFEST), values).mappings().one()


def digest_of_manifest(connection: Connection, case: Case) -> str:
    """A digest of who was asked for, what was found and which samples, computed from the rows."""
    found: str = account_of_manifest(connection, case)["digest"]
    return found


def digest_of_remaining(connection: Connection, case: Case, manifest: CohortManifest, reading: int) -> str:
    """A digest of what may be exhibited after a reading: the manifest, and everybody taken out of it until then."""
    found: str = connection.execute(
        text(statements.DIGEST_OF_REMAINING),
        {"case_key": case.key, "salt": case.salt, "manifest": manifest.digest, "reading": reading},
    ).scalar_one()
    return found


def count(connection: Connection, case: Case) -> RowMapping:
    """The account as the rows stand now: outcomes, and what of the rest may be exhibited."""
    return connection.execute(text(statements.COUNT), {"case_key": case.key}).mappings().one()
