"""Builds a cohort: everybody asked for, with what was found for each (CO-1, CO-2).

All of it happens in PostgreSQL; VAR's opt-outs are not looked at here, only its cross-references between old and new
numbers, so that samples reported under an old number are found for a person listed under the new one, and back.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, CursorResult, Integer, column, insert, select, table, text
from sqlalchemy.exc import IntegrityError

from ngc_pipelines.adapters.cohorts import records, statements
from ngc_pipelines.adapters.cohorts.records import Case
from ngc_pipelines.adapters.genome_database.criteria_sql import condition_on_samples
from ngc_pipelines.adapters.genome_database.tables import samples
from ngc_pipelines.adapters.var_register import VarRegister, copy_lines, stage_chains
from ngc_pipelines.domain.cohort_accounts import CohortManifest, CohortSource, VarVersion
from ngc_pipelines.domain.criteria import Criteria
from ngc_pipelines.domain.errors import Fault, Refused

_TRIED = "A cohort was built"


def from_list(
    connection: Connection,
    case: Case,
    numbers: Iterable[bytes],
    within: Criteria | None,
    var_register: VarRegister,
    now: datetime,
) -> CohortManifest:
    """See `Cohorts.build_from_list`."""
    version = _begin(connection, case, var_register, now)

    only_approved = _stage_approved(connection, within)

    def run(statement: str, **values: int) -> CursorResult[Any]:
        return connection.execute(text(statement.format(case=case.key, only_approved=only_approved)), values)

    run(statements.STAGE_LIST)
    copy_lines(connection, statements.COPY_LIST.format(case=case.key), numbers)
    run(statements.ANALYZE_LIST)
    run(statements.STAGE_WANTED)
    run(statements.ANALYZE_WANTED)
    run(statements.STAGE_ACCOUNT)
    try:
        accounted = run(statements.ACCOUNT_OF_LIST, case_key=case.key).rowcount
    except IntegrityError:
        raise _twice() from None
    if accounted != run(statements.COUNT_LIST).scalar_one():
        raise _twice()
    run(statements.KEEP_ALIASES_OF_LIST, case_key=case.key)
    run(statements.DROP_STAGED)
    limits = within.to_json() if within else None
    return _finish(connection, case, CohortSource.CPR_LIST, limits, 0, version, now)


def from_criteria(
    connection: Connection, case: Case, criteria: Criteria, var_register: VarRegister, now: datetime
) -> CohortManifest:
    """See `Cohorts.build_from_criteria`."""
    version = _begin(connection, case, var_register, now)
    connection.execute(text(statements.STAGE_MATCHING))
    matching = table("matching", column("sample_key", Integer), column("number"))
    chosen = select(samples.c.sample_key, samples.c.person_cpr).where(condition_on_samples(criteria))
    connection.execute(insert(matching).from_select(["sample_key", "number"], chosen))
    connection.execute(text("ANALYZE matching"))
    of_case = {"case_key": case.key}
    connection.execute(text(statements.ACCOUNT_OF_CRITERIA), of_case)
    without_number = connection.execute(text(statements.WITHOUT_NUMBER)).scalar_one()
    connection.execute(text(statements.JOIN_WHOLE))
    connection.execute(text(statements.KEEP_ALIASES_OF_CRITERIA), of_case)
    return _finish(connection, case, CohortSource.CRITERIA, criteria.to_json(), without_number, version, now)


def _stage_approved(connection: Connection, within: Criteria | None) -> str:
    """Stages the samples that an approval's criteria cover, and gives the clause that asks for them; empty for all."""
    if within is None:
        return ""
    connection.execute(text(statements.STAGE_APPROVED))
    approved = table("approved", column("sample_key", Integer))
    chosen = select(samples.c.sample_key).where(condition_on_samples(within))
    connection.execute(insert(approved).from_select(["sample_key"], chosen))
    connection.execute(text("ANALYZE approved"))
    return statements.ONLY_APPROVED


def _twice() -> Refused:
    fault = Fault(
        "CO-1",
        "column B",
        "Et CPR-nummer står mere end én gang på listen. Lad hvert nummer stå én gang.",
        "A CPR number stands on the list more than once. Let each number stand once.",
    )
    return Refused([fault], tried=_TRIED)


def _begin(connection: Connection, case: Case, var_register: VarRegister, now: datetime) -> VarVersion:
    records.refuse_after_recheck(connection, case, _TRIED)
    version = var_register.version(connection, now=now)
    records.clear(connection, case)
    stage_chains(connection)
    return version


def _finish(
    connection: Connection,
    case: Case,
    source: CohortSource,
    criteria: str | None,
    without_number: int,
    version: VarVersion,
    now: datetime,
) -> CohortManifest:
    manifest = CohortManifest(
        case_id=case.case_id,
        source=source,
        samples_without_number=without_number,
        number_references_version=version.delivery,
        built_at=now,
        **records.account_of_manifest(connection, case),
    )
    records.write_manifest(connection, case, manifest, criteria)
    return manifest
