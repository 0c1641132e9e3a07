"""A small genome database of one's own: as its owner, as the flows, and rows put in by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import text

from ngc_pipelines.adapters.cohorts.store import Cohorts
from ngc_pipelines.adapters.genome_database.database import GenomeDatabase
from ngc_pipelines.adapters.genome_database.tables import files, samples
from ngc_pipelines.adapters.var_register import VarPolicy, VarRegister, take_in_delivery
from ngc_pipelines.domain.cohort_accounts import VarVersion
from ngc_pipelines.settings import Database

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)

# Safe by construction: 2 January and failing modulus 11 (the serials are those of the national test numbers).
NUMBERS = tuple(
    number
    for number in (f"0201{year:02d}{serial:04d}" for year in range(60, 90) for serial in range(3000, 3010))
    if sum(int(digit) * weight for digit, weight in zip(number, (4, 3, 2, 7, 6, 5, 4, 3, 2, 1), strict=True)) % 11
)

_SAMPLE: Mapping[str, Any] = {
    "sex": "F",
    "age": 40,
    "patient_group": "neurogenetics",
    "sample_type": "germline",
    "material_type": "blood",
    "sequencing_date": date(2024, 5, 1),
    "assay": "nnf_wgs",
    "reporting_department": "9990000000000001",
    "region": "DK-84",
    "sequencing_facility": "wgs_east",
    "clinical_or_research_origin": "clinical",
}


@dataclass(frozen=True)
class GenomeSite:
    """One genome database, seen by its owner and by the flows."""

    owner: GenomeDatabase
    runtime: GenomeDatabase

    def cohorts(self, policy: VarPolicy | None = None) -> Cohorts:
        """The flows' way to cohorts."""
        return Cohorts(self.runtime, VarRegister(policy or VarPolicy()))

    def report(self, sample_id: str, number: str | None, *, reads: int = 2, **fields: Any) -> int:
        """Puts in a sample with a pair of files; gives its key."""
        with self.owner.snapshot("A sample was put in") as connection:
            new = samples.insert().values(**{**_SAMPLE, "sample_id": sample_id, "person_cpr": number, **fields})
            key: int = connection.execute(new.returning(samples.c.sample_key)).scalar_one()
            rows = [
                {
                    "sample_key": key,
                    "kind": "reads",
                    "bucket": "genome-data",
                    "key": f"wgs_east/{sample_id}_S1_L001_R{read}_001.fastq.gz",
                    "read": read,
                    "lane": 1,
                    "storage_format": "fastq.gz",
                    "size": 1000 + read,
                }
                for read in range(1, reads + 1)
            ]
            if rows:
                connection.execute(files.insert(), rows)
        return key

    def deliver(
        self,
        registrations: Iterable[str],
        references: Iterable[tuple[str, str]] = (),
        *,
        delivery: str = "first",
        delivered_at: datetime = NOW,
    ) -> VarVersion:
        """Takes in a delivery of VAR."""
        return take_in_delivery(
            self.owner,
            delivery=delivery,
            delivered_at=delivered_at,
            registrations=[as_lines(registrations)],
            number_references=[as_lines(f"{old};{new}" for old, new in references)],
        )

    def outcomes(self, case_id: str) -> dict[str, str]:
        """Each person's outcome, as the restricted schema holds it."""
        with self.runtime.snapshot("Outcomes were read") as connection:
            query = text("SELECT cpr, outcome FROM cohort.outcomes WHERE case_id = :case_id")
            return {row.cpr: row.outcome for row in connection.execute(query, {"case_id": case_id})}


def as_lines(numbers: Iterable[str]) -> bytes:
    """Numbers as COPY takes them."""
    return "".join(f"{number}\n" for number in numbers).encode()


@pytest.fixture
def site(genome_database: Database) -> Iterator[GenomeSite]:
    """An empty genome database."""
    assert genome_database.owner_url is not None
    made = GenomeSite(
        GenomeDatabase(genome_database.owner_url, work_mem_mb=16), GenomeDatabase(genome_database.url, work_mem_mb=16)
    )
    yield made
    made.owner.close()
    made.runtime.close()


@pytest.fixture(scope="session")
def now() -> datetime:
    """The moment of these tests."""
    return NOW


@pytest.fixture(scope="session")
def numbers() -> tuple[str, ...]:
    """Safe CPR numbers, nobody's."""
    return NUMBERS
