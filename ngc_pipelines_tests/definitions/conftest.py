"""A synthetic genome database that the tests of a process share, and a code location of each test's own."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

import dagster as dg
import pytest
from sqlalchemy import text

from ngc_pipelines.adapters.genome_database.database import GenomeDatabase
from ngc_pipelines.adapters.object_store.clients import s3_client
from ngc_pipelines.flows.site import Site, connected
from ngc_pipelines.local.synthetic.genome_store import fill_genome_store
from ngc_pipelines.local.synthetic.population import Population, deliver_var
from ngc_pipelines.settings import Database, ObjectStore, load_settings
from ngc_pipelines_tests.code_location import MORNING, CodeLocation

PERSONS = 60

_WITH_DATA = """
    SELECT DISTINCT person_cpr FROM genome.samples s WHERE person_cpr IS NOT NULL
    AND person_cpr NOT IN (SELECT cpr FROM var_register.registrations)
    AND person_cpr NOT IN (SELECT old_number FROM var_register.number_references)
    AND person_cpr NOT IN (SELECT new_number FROM var_register.number_references)
    ORDER BY person_cpr
"""


@dataclass(frozen=True)
class SyntheticGenomes:
    """Sixty synthetic persons with real files. numbers: of those with data whom VAR does not hold."""

    database: Database
    bucket: str
    population: Population
    owner: GenomeDatabase
    numbers: tuple[str, ...]

    def deliver_var(self, *, also: tuple[str, ...] = (), at: datetime = MORNING) -> None:
        """Takes in a delivery of VAR that holds these numbers too."""
        deliver_var(self.owner, self.population, delivery=secrets.token_hex(8), delivered_at=at, also=also)


@pytest.fixture(scope="session")
def shared_genomes(
    new_database: Callable[[str], Database], new_buckets: Callable[[], ObjectStore]
) -> Iterator[SyntheticGenomes]:
    """The genome database, filled once."""
    database, store = new_database("genome"), new_buckets()
    assert database.owner_url is not None
    owner = GenomeDatabase(database.owner_url, work_mem_mb=16)
    client = s3_client(store)
    population = Population(PERSONS, date(2026, 11, 19), registered_per_mille=50, bucket=store.source_bucket)
    fill_genome_store(owner, client, population, delivered_at=MORNING, reads=5)
    client.close()
    with owner.snapshot("Persons with data were listed") as connection:
        numbers = tuple(connection.scalars(text(_WITH_DATA)))
    yield SyntheticGenomes(database, store.source_bucket, population, owner, numbers)
    owner.close()


@pytest.fixture
def genomes(shared_genomes: SyntheticGenomes) -> SyntheticGenomes:
    """The genome database with VAR as it was, and no cohort in it."""
    shared_genomes.deliver_var()
    with shared_genomes.owner.snapshot("Cohorts of earlier tests were cleared away") as connection:
        connection.execute(text("TRUNCATE cohort.cases CASCADE"))
    return shared_genomes


@pytest.fixture
def environ(settings_environ: dict[str, str], genomes: SyntheticGenomes) -> dict[str, str]:
    """A site of this test's own, on the shared genome database."""
    shared = {"NGC_GENOME_URL": genomes.database.url, "NGC_S3_SOURCE_BUCKET": genomes.bucket}
    return {**settings_environ, **shared, "NGC_POLICY_LEASE_SECONDS": "60"}


@pytest.fixture
def code_location(environ: dict[str, str]) -> Iterator[CodeLocation]:
    """The code location on this test's own site."""
    with dg.DagsterInstance.ephemeral() as instance:
        yield CodeLocation(environ, instance)


@pytest.fixture
def site(environ: dict[str, str]) -> Iterator[Site]:
    """The same site as the flows see it, at the same moment."""
    with connected(load_settings(environ), lambda: MORNING) as made:
        yield made
