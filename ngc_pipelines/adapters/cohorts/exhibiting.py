"""Hands out what may be exhibited of a cohort, page by page, and proves that it is what was decided on.

Who may be exhibited was settled by `filtering.py`; copying and pseudonyms are `adapters/provisioning`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, text

from ngc_pipelines.adapters.cohorts import records, statements
from ngc_pipelines.adapters.cohorts.records import Case
from ngc_pipelines.domain.cohort_accounts import CohortFile
from ngc_pipelines.domain.errors import IntegrityFault

_TRIED = "The files of a cohort were listed"
PAGE = 1_000


# Before every number.
START = ""


def page_of_files(connection: Connection, case: Case, after: str) -> tuple[list[CohortFile], str | None]:
    """The files of the next `PAGE` persons, and where to go on; None after the last page.

    Raises: see `Cohorts.files`.
    """
    records.require_filter(connection, case, _TRIED)
    persons = connection.execute(
        text(statements.PAGE_OF_PERSONS), {"case_key": case.key, "after": after, "page": PAGE}
    ).all()
    wanted = {"sample_keys": [key for person in persons for key in person.samples]}
    samples = {row.sample_key: row for row in connection.execute(text(statements.SAMPLES_TODAY), wanted)}
    files: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for file in connection.execute(text(statements.FILES_OF_SAMPLES), wanted):
        files[file.sample_key].append(file)
    page: list[CohortFile] = []
    for person in persons:
        own = [samples.get(key) for key in sorted(person.samples)]
        _refuse_changed(case, person, own, [file for key in person.samples for file in files[key]])
        page += [_cohort_file(person, row, file) for row in own if row is not None for file in files[row.sample_key]]
    return page, persons[-1].cpr if len(persons) == PAGE else None


def withdrawn(connection: Connection, case: Case) -> Sequence[str]:
    """See `Cohorts.withdrawn_persons`. Read whole: few enter VAR between two readings."""
    found = connection.execute(text(statements.WITHDRAWN), {"case_key": case.key, "filtering": records.FILTERING})
    return found.scalars().all()


def _refuse_changed(
    case: Case, person: Row[Any], samples: Sequence[Row[Any] | None], files: Sequence[Row[Any]]
) -> None:
    """Refuses samples and files that are no longer those that were counted, or no longer this person's."""
    if any(sample is None or sample.person_cpr not in person.numbers for sample in samples):
        raise IntegrityFault(
            f"{_TRIED} ({case.case_id})",
            "a sample is no longer in the genome database under the person it was chosen for",
            "Build the cohort anew and let the applicant decide again.",
        )
    reads = [file.size for file in files if file.kind == "reads"]
    if (len(reads), sum(reads)) != (person.files, person.size_bytes):
        raise IntegrityFault(
            f"{_TRIED} ({case.case_id})",
            "a person's files are not those that the decision was made on: their number or their size changed",
            "Build the cohort anew and let the applicant decide again.",
        )


def _cohort_file(person: Row[Any], sample: Row[Any], file: Row[Any]) -> CohortFile:
    return CohortFile(
        person=person.person,
        sample_id=sample.sample_id,
        bucket=file.bucket,
        key=file.key,
        read=file.read,
        lane=file.lane,
        size=file.size,
        sha256=file.sha256,
        md5=file.md5,
        etag=file.etag,
        version=file.version,
        storage_format=file.storage_format,
        sample_type=sample.sample_type,
        material_type=sample.material_type,
        assay=sample.assay,
        sidecar=file.kind == "sidecar",
        file_id=file.file_id,
    )
