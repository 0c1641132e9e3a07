"""Hands out what may be exhibited of a cohort, page by page, and proves that it is what was decided on.

Who may be exhibited was settled by `filtering.py`; copying and pseudonyms are `adapters/provisioning`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, text

from ngc_pipelines.adapters.cohorts import records, statements
from ngc_pipelines.adapters.cohorts.records import Case
from ngc_pipelines.domain.cohort_accounts import CohortFile
from ngc_pipelines.domain.errors import IntegrityFault

_TRIED = "The files of a cohort were listed"
PAGE = 1_000


@dataclass(frozen=True, slots=True)
class After:
    """Where the next page begins: after this person's sample."""

    person: str
    sample_key: int


START = After("", 0)


def page_of_files(connection: Connection, case: Case, after: After) -> tuple[list[CohortFile], After | None]:
    """The files of the next `PAGE` samples, and where to go on; None after the last page.

    Raises: see `Cohorts.files`.
    """
    records.require_filter(connection, case, _TRIED)
    samples = connection.execute(
        text(statements.PAGE_OF_SAMPLES),
        {"case_key": case.key, "person": after.person, "sample_key": after.sample_key, "page": PAGE},
    ).all()
    files: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    found = connection.execute(
        text(statements.FILES_OF_SAMPLES), {"sample_keys": [sample.sample_key for sample in samples]}
    )
    for file in found:
        files[file.sample_key].append(file)
    page = [
        _cohort_file(sample, file) for sample in samples for file in _as_decided(case, sample, files[sample.sample_key])
    ]
    return page, After(samples[-1].person, samples[-1].sample_key) if len(samples) == PAGE else None


def withdrawn(connection: Connection, case: Case) -> Iterator[str]:
    """See `Cohorts.withdrawn_persons`."""
    found = connection.execution_options(yield_per=PAGE).execute(
        text(statements.WITHDRAWN), {"case_key": case.key, "filtering": records.FILTERING}
    )
    yield from found.scalars()


def _as_decided(case: Case, sample: Row[Any], files: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
    """The sample's files, where they are still those that were counted, of the same person."""
    reads = [file for file in files if file.kind == "reads"]
    if not sample.same_person:
        raise IntegrityFault(
            f"{_TRIED} ({case.case_id})",
            "a sample is no longer in the genome database under the person it was chosen for",
            "Build the cohort anew and let the applicant decide again.",
        )
    if len(reads) != sample.files or sum(file.size for file in reads) != sample.size_bytes:
        raise IntegrityFault(
            f"{_TRIED} ({case.case_id})",
            "a sample's files are not those that the decision was made on: their number or their size changed",
            "Build the cohort anew and let the applicant decide again.",
        )
    return files


def _cohort_file(sample: Row[Any], file: Row[Any]) -> CohortFile:
    return CohortFile(
        person=sample.person,
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
