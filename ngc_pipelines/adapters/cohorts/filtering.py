"""Holds a cohort against VAR: at the filtering, and again whenever provisioning starts or goes on (CO-3, G §4.5).

Somebody who was found once stays out, also where a later delivery no longer has them: the files may not come and go.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, RowMapping, text

from ngc_pipelines.adapters.cohorts import records, statements
from ngc_pipelines.adapters.cohorts.records import FILTERING, Case
from ngc_pipelines.adapters.genome_database.tables import registered, var_readings
from ngc_pipelines.adapters.var_register import VarRegister, stage_chains
from ngc_pipelines.domain.cohort_accounts import CohortManifest, VarFilterResult, VarRecheck, VarVersion

_TRIED = "A cohort was held against VAR"


def filter_cohort(connection: Connection, case: Case, var_register: VarRegister, now: datetime) -> VarFilterResult:
    """See `Cohorts.filter_by_var`."""
    records.refuse_after_recheck(connection, case, _TRIED)
    manifest = records.require_manifest(connection, case, _TRIED)
    connection.execute(registered.delete().where(registered.c.case_key == case.key))
    connection.execute(var_readings.delete().where(var_readings.c.case_key == case.key))
    _read(connection, case, manifest, var_register, FILTERING, now)
    return records.require_filter(connection, case, _TRIED)


def read_again(connection: Connection, case: Case, var_register: VarRegister, now: datetime) -> VarRecheck:
    """See `Cohorts.persons_registered_since`."""
    bound = records.require_filter(connection, case, _TRIED)
    manifest = records.require_manifest(connection, case, _TRIED)
    reading = records.last_reading(connection, case) + 1
    version, remaining, digest = _read(connection, case, manifest, var_register, reading, now)
    taken_out = connection.execute(
        text(statements.COUNT_TAKEN_OUT), {"case_key": case.key, "reading": reading, "filtering": FILTERING}
    ).one()
    return VarRecheck(
        case_id=case.case_id,
        var_version=version,
        newly_registered=taken_out.now,
        withdrawn_in_all=taken_out.in_all,
        remaining_persons=remaining["persons"],
        remaining_samples=remaining["samples"],
        remaining_files=remaining["files"],
        cohort_digest=bound.digest,
        remaining_digest=digest,
        checked_at=now,
    )


def _read(
    connection: Connection,
    case: Case,
    manifest: CohortManifest,
    var_register: VarRegister,
    reading: int,
    now: datetime,
) -> tuple[VarVersion, RowMapping, str]:
    """One reading: the version first, which fails closed; then who is in it; then the record of both."""
    version = var_register.version(connection, now=now)
    stage_chains(connection)
    connection.execute(text(statements.STAGE_BARRED))
    connection.execute(text(statements.JOIN_WHOLE))
    connection.execute(text(statements.FIND_REGISTERED), {"case_key": case.key, "reading": reading})
    counts = records.count(connection, case)
    digest = records.digest_of_remaining(connection, case, manifest, reading)
    records.write_reading(
        connection,
        case,
        reading=reading,
        version=version,
        counts=counts,
        digest=digest,
        read_at=now,
    )
    return version, counts, digest
