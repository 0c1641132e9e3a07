"""Synthetic persons and their metadata, made inside PostgreSQL; what the files hold is `sequencing.py`.

Nothing is random: every value follows from the seed and a row's number, through md5, so that two servers of different
versions make the same population. A person's number is the `serial`-th of a birth date; serials that pass modulus 11
are skipped, and so is every 1 January: no number here can be a real person's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

import psycopg
from sqlalchemy import Connection, text

from ngc_pipelines.adapters.genome_database.database import GenomeDatabase
from ngc_pipelines.adapters.genome_database.tables import departments, patient_groups
from ngc_pipelines.adapters.var_register import take_in_delivery
from ngc_pipelines.domain import facts
from ngc_pipelines.domain.cohort_accounts import VarVersion
from ngc_pipelines.local.synthetic import population_sql as sql

SMALLEST, LARGEST = 50, 5_000_000
# From here on rows go in before their indexes.
_MANY = 50_000

# Fictive departments with fictive SOR codes (16 digits, in a series of their own); none of them reports for real.
_DEPARTMENTS = (
    ("Klinisk Genetisk Afdeling (syntetisk), nord", "DK-81", "kga-nord"),
    ("Klinisk Genetisk Afdeling (syntetisk), midt", "DK-82", "kga-midt"),
    ("Molekylær Medicinsk Afdeling (syntetisk), midt", "DK-82", "mma-midt"),
    ("Klinisk Genetisk Afdeling (syntetisk), syd", "DK-83", "kga-syd"),
    ("Klinisk Genetisk Afdeling (syntetisk), hovedstaden", "DK-84", "kga-hovedstaden"),
    ("Genomisk Medicin (syntetisk), hovedstaden", "DK-84", "gm-hovedstaden"),
    ("Klinisk Genetisk Afdeling (syntetisk), sjælland", "DK-85", "kga-sjaelland"),
)


@dataclass(frozen=True, slots=True)
class Population:
    """How many to make, and how.

    persons: 50 to 5,000,000. as_of: nobody is born and nothing sequenced after it. seed: another one, other persons.
    registered_per_mille: share of the persons that VAR holds. registered_elsewhere: registrations in VAR of persons
    without any data. with_files: also a row for each file (False where `genome_store` makes real ones). bucket: theirs.
    """

    persons: int
    as_of: date
    seed: int = 1
    registered_per_mille: int = 40
    registered_elsewhere: int = 100
    with_files: bool = True
    bucket: str = "genome-data"

    def __post_init__(self) -> None:
        if not SMALLEST <= self.persons <= LARGEST:
            raise ValueError(f"a population has {SMALLEST} to {LARGEST} persons")
        if not 0 <= self.registered_per_mille <= 1000 or self.registered_elsewhere < 0:
            raise ValueError("a share lies between 0 and 1000 per mille, and no count is negative")


def make_population(database: GenomeDatabase, population: Population) -> None:
    """Fills the empty schema `genome` with the population.

    Args:
        database: as the owner role.
        population: what to make. VAR is a delivery of its own (`deliver_var`).

    Raises:
        IntegrityFault: there are samples already.
    """
    parameters: dict[str, object] = {
        "wanted": population.persons,
        "seed": population.seed,
        "as_of": population.as_of,
        "bucket": population.bucket,
    }
    with database.snapshot("A synthetic population was made") as connection:
        _make_codes(connection, population.as_of)
        rows = (*sql.PEOPLE, sql.REPORTS, sql.SAMPLES, *((sql.FILES,) if population.with_files else ()))
        if population.persons >= _MANY:
            rows = (*sql.UNINDEXED, *rows, *sql.INDEXED)
        for statement in rows:
            _execute(connection, statement, parameters)
    with database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        # Without it the first cohort after loading is planned for empty tables.
        connection.execute(text("VACUUM (ANALYZE) genome.samples, genome.files"))


def deliver_var(
    database: GenomeDatabase,
    population: Population,
    *,
    delivery: str,
    delivered_at: datetime,
    also: tuple[str, ...] = (),
) -> VarVersion:
    """Takes in a delivery of the synthetic VAR: registrations and cross-references of this population.

    Args:
        database: as the owner role.
        delivery: a name never used before.
        delivered_at: the moment it is dated, aware.
        also: more numbers that are registered, so that a test or the demo can let somebody enter.
    """
    parameters: dict[str, object] = {
        "seed": population.seed,
        "as_of": population.as_of,
        "registered_per_mille": population.registered_per_mille,
        "elsewhere": population.registered_elsewhere,
        "also": list(also),
    }
    return take_in_delivery(
        database,
        delivery=delivery,
        delivered_at=delivered_at,
        registrations=_lines(database, sql.REGISTRATIONS, parameters),
        number_references=_lines(database, sql.NUMBER_REFERENCES, parameters),
    )


def _make_codes(connection: Connection, as_of: date) -> None:
    connection.execute(
        patient_groups.insert(),
        [
            {
                "code": group.code,
                "name_da": group.name_da,
                "name_en": group.name_en,
                "sample_types": ";".join(group.sample_types),
                "status": group.status,
            }
            for group in facts.patient_groups(as_of)
        ],
    )
    connection.execute(
        departments.insert(),
        [
            {"sor_code": f"{9_990_000_000_000_000 + number:016d}", "name": name, "region": region, "user_group": group}
            for number, (name, region, group) in enumerate(_DEPARTMENTS, start=1)
        ],
    )


def _execute(connection: Connection, statement: str, parameters: dict[str, object]) -> None:
    """Runs a statement with the parameters that it names."""
    wanted = {name: value for name, value in parameters.items() if f":{name}" in statement}
    connection.execute(text(statement), wanted)


def _lines(database: GenomeDatabase, query: str, parameters: dict[str, object]) -> Iterator[bytes]:
    """The query's rows as COPY writes them, on a connection of their own, so that they can be read while COPY loads."""
    with database.snapshot("The synthetic VAR was made") as connection:
        _execute(connection, f"CREATE TEMPORARY TABLE delivered ON COMMIT DROP AS {query}", parameters)
        driver = cast("psycopg.Connection[tuple[object, ...]]", connection.connection.driver_connection)
        with driver.cursor() as cursor, cursor.copy("COPY delivered TO STDOUT WITH (DELIMITER ';')") as copy:
            for line in copy:
                yield bytes(line)
