"""The code location on a site of the test's own, with real servers, run in this process."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import dagster as dg
import pytest
from sqlalchemy import text

from ngc_pipelines.adapters.genome_database.database import GenomeDatabase
from ngc_pipelines.adapters.object_store.clients import s3_client
from ngc_pipelines.flows.site import Site, connected
from ngc_pipelines.local.synthetic.genome_store import fill_genome_store
from ngc_pipelines.local.synthetic.population import Population
from ngc_pipelines.settings import Database, ObjectStore, Settings
from ngc_pipelines_tests.code_location import MORNING, CodeLocation

PERSONS = 60


@pytest.fixture
def code_location(settings_environ: dict[str, str]) -> Iterator[CodeLocation]:
    """The code location on this test's own site."""
    with dg.DagsterInstance.ephemeral() as instance:
        yield CodeLocation(settings_environ, instance)


@pytest.fixture
def site(settings: Settings) -> Iterator[Site]:
    """The same site as the flows see it, at the same moment."""
    with connected(settings, lambda: MORNING) as made:
        yield made


@pytest.fixture
def population(genome_database: Database, s3_settings: ObjectStore) -> list[str]:
    """Sixty synthetic persons with real files; gives the numbers of those with data whom VAR does not hold."""
    assert genome_database.owner_url is not None
    owner = GenomeDatabase(genome_database.owner_url, work_mem_mb=16)
    client = s3_client(s3_settings)
    made = Population(PERSONS, date(2026, 11, 19), registered_per_mille=50, bucket=s3_settings.source_bucket)
    fill_genome_store(owner, client, made, delivered_at=MORNING, reads=5)
    with owner.snapshot("Persons with data were listed") as connection:
        numbers = connection.scalars(
            text(
                "SELECT DISTINCT person_cpr FROM genome.samples WHERE person_cpr IS NOT NULL AND person_cpr NOT IN "
                "(SELECT cpr FROM var_register.registrations) AND person_cpr NOT IN "
                "(SELECT old_number FROM var_register.number_references) ORDER BY person_cpr"
            )
        ).all()
    client.close()
    owner.close()
    return [str(number) for number in numbers]
