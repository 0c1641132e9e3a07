"""`Cohorts`: the one way to a case's cohort. Each method is one transaction under the case's own lock.

Two runs of a case wait for each other, a run that is killed leaves what was there before it, and doing the same again
gives the same rows and the same digest. The statements are in `statements.py`; building and filtering in the modules of
those names; handing out files in `exhibiting.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection, select

from ngc_pipelines.adapters.cohorts import building, earlier, exhibiting, filtering, records
from ngc_pipelines.adapters.cohorts.records import Case
from ngc_pipelines.adapters.genome_database.database import GenomeDatabase
from ngc_pipelines.adapters.genome_database.tables import cases
from ngc_pipelines.adapters.var_register import VarRegister
from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.domain.cohort_accounts import CohortFile, CohortManifest, VarFilterResult, VarRecheck
from ngc_pipelines.domain.criteria import Criteria
from ngc_pipelines.domain.earlier_orders import TooClose


class Cohorts:
    """Cohorts of cases, in the restricted schema `cohort` of the genome database."""

    def __init__(self, database: GenomeDatabase, var_register: VarRegister) -> None:
        self._database = database
        self._var = var_register

    def build_from_list(
        self, case_id: CaseId | str, numbers: Iterable[bytes], *, now: datetime, within: Criteria | None = None
    ) -> CohortManifest:
        """Accounts for everybody on a CPR list (CO-1); replaces what the case had before.

        Args:
            numbers: chunks of lines, ten digits a line, as `domain/cpr_list` hands them on; anything else is invalid.
            now: this moment, aware.
            within: what samples must meet for the approval to cover them; others are as if they were not there.

        Raises:
            Refused: a number stands twice, or provisioning has begun with the cohort there is.
            Unavailable, IntegrityFault: of VAR's cross-references or the database.
        """
        with self._case(case_id, "A cohort was built from a CPR list") as (connection, case):
            case = earlier.keep_what_was_told(connection, case)
            return building.from_list(connection, case, numbers, within, self._var, now)

    def build_from_criteria(self, case_id: CaseId | str, criteria: Criteria, *, now: datetime) -> CohortManifest:
        """Accounts for every person with a sample that meets all criteria (CO-2); replaces what the case had before.

        Samples without a CPR number are counted and left out: nobody could hold them against VAR.

        Raises:
            Refused: provisioning has begun with the cohort there is.
            Unavailable, IntegrityFault: of VAR's cross-references or the database.
        """
        with self._case(case_id, "A cohort was built from metadata criteria") as (connection, case):
            case = earlier.keep_what_was_told(connection, case)
            return building.from_criteria(connection, case, criteria, self._var, now)

    def filter_by_var(self, case_id: CaseId | str, *, now: datetime) -> VarFilterResult:
        """Takes out everybody who is registered in VAR under any number (CO-3), and closes the account (CO-4).

        Raises:
            Refused: the case has no manifest, or provisioning has begun.
            Unavailable: VAR is missing or stale.
            IntegrityFault: VAR is empty, shrunken or not what was delivered; nobody is let through.
        """
        with self._case(case_id, "A cohort was held against VAR") as (connection, case):
            return filtering.filter_cohort(connection, case, self._var, now)

    def tell_counts(
        self, case_id: CaseId | str, *, threshold: int, now: datetime, regardless: bool = False
    ) -> tuple[TooClose, ...]:
        """Says which orders told earlier this one's counts may not be told beside, and notes them as told where none.

        Call it before the counts are told. One order at a time is judged, so that of two that come at once the second
        is held against the first. Orders that cannot be close by their sizes are not read.

        Args:
            threshold: a count below it is never told (policy: 5).
            regardless: a case officer has judged that they may be told; they are noted as told all the same.

        Raises:
            Refused: the cohort was never filtered by VAR.
            IntegrityFault: the persons of an order that was told are not those of then.
        """
        tried = "A cohort was held against orders told earlier"
        with self._database.snapshot(f"{tried} ({case_id})", lock="cohort counts are told") as connection:
            case = _case_of(connection, str(case_id), create=False)
            return earlier.tell(connection, case, threshold=threshold, now=now, regardless=regardless)

    def persons_registered_since(self, case_id: CaseId | str, *, now: datetime) -> VarRecheck:
        """Reads VAR again and takes out who has entered it since; for good, also where they leave it later.

        Raises: as `filter_by_var`; Refused where the cohort was never filtered.
        """
        with self._case(case_id, "VAR was read again for a cohort") as (connection, case):
            return filtering.read_again(connection, case, self._var, now)

    def withdrawn_persons(self, case_id: CaseId | str) -> Iterator[str]:
        """Present CPR numbers of persons with data who were taken out after the filtering, in order."""
        with self._case(case_id, "The persons taken out of a cohort were read", locked=False) as (connection, case):
            found = exhibiting.withdrawn(connection, case)
        yield from found

    def files(self, case_id: CaseId | str) -> Iterator[CohortFile]:
        """Every file that may be exhibited now: by person and sample in a stable order, sidecars included.

        Reads page by page, each in a transaction of its own: copying takes hours, and somebody who is taken out
        meanwhile is not handed out any more. Memory does not grow with the cohort.

        Raises:
            Refused: the cohort was never filtered by VAR.
            IntegrityFault: a sample is gone, belongs to somebody else now, or its files changed since the decision.
        """
        after: str | None = exhibiting.START
        while after is not None:
            with self._case(case_id, "A cohort's files were listed", locked=False) as (connection, case):
                page, after = exhibiting.page_of_files(connection, case, after)
            yield from page

    def manifest(self, case_id: CaseId | str) -> CohortManifest | None:
        """The recorded account of who was asked for; None where none was built."""
        with self._case(case_id, "A cohort's manifest was read", locked=False) as (connection, case):
            return records.read_manifest(connection, case)

    def var_filter(self, case_id: CaseId | str) -> VarFilterResult | None:
        """The recorded account after VAR, which a decision binds to; None where the cohort was not filtered."""
        with self._case(case_id, "A cohort's account was read", locked=False) as (connection, case):
            return records.read_filter(connection, case)

    def verify(self, case_id: CaseId | str) -> bool:
        """Recomputes both digests from the rows: True where manifest and filtered cohort are what was recorded."""
        with self._case(case_id, "A cohort's digests were recomputed", locked=False) as (connection, case):
            manifest, result = records.read_manifest(connection, case), records.read_filter(connection, case)
            if manifest is None or records.digest_of_manifest(connection, case) != manifest.digest:
                return False
            return result is None or records.digest_of_remaining(connection, case, manifest, 0) == result.digest

    def erase(self, case_id: CaseId | str) -> None:
        """Removes every row of the case, of its replaced orders too; harmless where there is none.

        What was told of them can then be held against nothing any more.
        """
        with self._case(case_id, "A cohort was erased") as (connection, case):
            for own in earlier.every_order(connection, case):
                records.clear(connection, own)
                connection.execute(cases.delete().where(cases.c.case_key == own.key))

    @contextmanager
    def _case(self, case_id: CaseId | str, tried: str, *, locked: bool = True) -> Iterator[tuple[Connection, Case]]:
        name = str(case_id)
        with self._database.snapshot(f"{tried} ({name})", lock=f"cohort {name}" if locked else None) as connection:
            yield connection, _case_of(connection, name, create=locked)


def _case_of(connection: Connection, case_id: str, *, create: bool) -> Case:
    columns = select(cases.c.case_key, cases.c.salt).where(cases.c.case_id == case_id, ~cases.c.replaced)
    row = connection.execute(columns).one_or_none()
    if row is None:
        return records.new_case(connection, case_id) if create else Case(case_id, 0, b"")
    return Case(case_id, row.case_key, bytes(row.salt))
