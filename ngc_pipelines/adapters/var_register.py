"""The tissue-use register (VAR), as its latest delivery stands in schema `var_register` (CO-3, G §4.5).

Here: taking in a delivery, and reading its version so that whoever filters by it knows that it is whole and fresh.
Not here: the filtering itself (`adapters/cohorts`), which joins with these tables inside PostgreSQL.

An opt-out register that cannot be read, is empty, too small or too old stops the flow. It never means "nobody".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

import psycopg
from sqlalchemy import Connection, text

from ngc_pipelines.adapters.genome_database.database import GenomeDatabase
from ngc_pipelines.adapters.genome_database.tables import deliveries
from ngc_pipelines.domain.cohort_accounts import VarVersion
from ngc_pipelines.domain.errors import IntegrityFault, Unavailable

_READ = "The tissue-use register (VAR) was read"
_TAKEN_IN = "A delivery of the tissue-use register (VAR) was taken in"

# Deliveries come from another authority's clock; a minute ahead is no sign of a wrong delivery, an hour is.
_CLOCKS_DIFFER_BY = timedelta(minutes=10)
# Nobody changes number this often; a chain this long is a circle.
LONGEST_CHAIN = 32

# What stands in the two tables, in order, as one digest. In groups by the first digits, so that no string in the
# server grows with the register.
_CONTENTS = """
WITH lines AS (
    SELECT left(cpr, 3) AS part, cpr AS line FROM var_register.registrations
    UNION ALL
    SELECT left(old_number, 3), old_number || '>' || new_number FROM var_register.number_references
), parts AS (
    SELECT part, sha256(convert_to(string_agg(line, ',' ORDER BY line COLLATE "C"), 'UTF8')) AS digest
    FROM lines GROUP BY part
)
SELECT (SELECT count(*) FROM var_register.registrations) AS registrations,
       (SELECT count(*) FROM var_register.number_references) AS number_references,
       'sha256:' || encode(sha256(coalesce(string_agg(digest, ''::bytea ORDER BY part), ''::bytea)), 'hex') AS digest
FROM parts
"""

# The same in a fraction of the time, as sums that do not depend on the order. PostgreSQL may change its hashes with a
# major version; then the register is refused until the next delivery.
_SUMS = """
SELECT (SELECT count(*) FROM var_register.registrations) AS registrations,
       (SELECT count(*) FROM var_register.number_references) AS number_references,
       (SELECT coalesce(sum(hashtextextended(cpr, 0)), 0)::text FROM var_register.registrations) AS registrations_sum,
       (SELECT coalesce(sum(hashtextextended(old_number || new_number, 0)), 0)::text
        FROM var_register.number_references) AS number_references_sum
"""

# Every old number with the number its person has now. A temporary table, so that the planner knows how few they are.
_CHAINS = """
CREATE TEMPORARY TABLE chains ON COMMIT DROP AS
WITH RECURSIVE step(number, person, length) AS (
    SELECT old_number, new_number, 1 FROM var_register.number_references
    UNION ALL
    SELECT s.number, n.new_number, s.length + 1
    FROM step s JOIN var_register.number_references n ON n.old_number = s.person
    WHERE s.length < :longest
)
SELECT DISTINCT ON (number) number, person, length FROM step ORDER BY number, length DESC
"""


@dataclass(frozen=True, slots=True)
class VarPolicy:
    """When a delivery may be relied on.

    maximum_age: older ones are stale. minimum_registrations (at least 1) and minimum_number_references (0 and up):
    fewer rows mean a delivery that was cut short.
    """

    maximum_age: timedelta = timedelta(hours=36)
    minimum_registrations: int = 1
    minimum_number_references: int = 0

    def __post_init__(self) -> None:
        if self.maximum_age <= timedelta(0) or self.minimum_registrations < 1 or self.minimum_number_references < 0:
            raise ValueError("an age above 0, at least one registration and no negative number of references")


class VarRegister:
    """The register's latest delivery, read inside the transaction that uses it."""

    def __init__(self, policy: VarPolicy) -> None:
        self._policy = policy

    def version(self, connection: Connection, *, now: datetime) -> VarVersion:
        """Reads which delivery this transaction sees, and proves that it is the one that was taken in.

        Args:
            connection: a transaction that sees one state (`GenomeDatabase.snapshot`).
            now: this moment, aware.

        Raises:
            Unavailable: there is no delivery, or the latest is older than the policy allows.
            IntegrityFault: empty, too small, dated in the future, or not what was recorded at delivery.
        """
        row = connection.execute(
            text(
                "SELECT delivery, delivered_at, registrations, number_references, digest, registrations_sum,"
                " number_references_sum FROM var_register.deliveries ORDER BY delivery_no DESC LIMIT 1"
            )
        ).one_or_none()
        if row is None:
            raise Unavailable(_READ, "no delivery has been taken in", "Take in the register's latest delivery.")
        version = VarVersion(row.delivery, row.delivered_at, row.registrations, row.number_references, row.digest)
        self._refuse_wrong_time(version, now)
        self._refuse_small(version)
        present = connection.execute(text(_SUMS)).one()
        if present != (row.registrations, row.number_references, row.registrations_sum, row.number_references_sum):
            raise IntegrityFault(
                _READ,
                f"its rows are not those of delivery {version.delivery}: the counts or the sums differ",
                "Take in the delivery again; nothing is exhibited before.",
            )
        return version

    def _refuse_wrong_time(self, version: VarVersion, now: datetime) -> None:
        if now - version.delivered_at > self._policy.maximum_age:
            hours = int(self._policy.maximum_age.total_seconds() // 3600)
            raise Unavailable(
                _READ,
                f"delivery {version.delivery} is of {version.delivered_at:%Y-%m-%d %H:%M %Z}, older than {hours} hours",
                "Take in a fresh delivery; the flow goes on by itself after that.",
            )
        if version.delivered_at - now > _CLOCKS_DIFFER_BY:
            raise IntegrityFault(
                _READ,
                f"delivery {version.delivery} is dated in the future",
                "Check the clocks and the delivery's date before anything is exhibited.",
            )

    def _refuse_small(self, version: VarVersion) -> None:
        policy = self._policy
        for name, present, least in (
            ("registrations", version.registrations, policy.minimum_registrations),
            ("number references", version.number_references, policy.minimum_number_references),
        ):
            if present < least:
                raise IntegrityFault(
                    _READ,
                    f"delivery {version.delivery} has {present} {name}, and policy asks for {least} at least",
                    "An empty or shrunken register is a failed delivery: take in a whole one.",
                )


def stage_chains(connection: Connection) -> None:
    """Makes the temporary table `chains(number, person)`: every old number and its person's present number.

    Raises:
        IntegrityFault: the references run in a circle.
    """
    connection.execute(text("DROP TABLE IF EXISTS pg_temp.chains"))
    connection.execute(text(_CHAINS), {"longest": LONGEST_CHAIN})
    connection.execute(text("ANALYZE chains"))
    circles = connection.execute(
        text("SELECT count(*) FROM chains WHERE length >= :longest"), {"longest": LONGEST_CHAIN}
    ).scalar_one()
    if circles:
        raise IntegrityFault(
            _READ,
            f"{circles} references between old and new person numbers run in a circle",
            "Ask for a corrected delivery of the cross-references; nothing is exhibited before.",
        )


def take_in_delivery(
    database: GenomeDatabase,
    *,
    delivery: str,
    delivered_at: datetime,
    registrations: Iterable[bytes],
    number_references: Iterable[bytes],
) -> VarVersion:
    """Replaces the register by a delivery, whole or not at all; readers see the old one until it is in.

    Args:
        database: as the owner role; the flows' role may only read.
        delivery: name of the delivery, never used before.
        delivered_at: the moment the authority made it, aware.
        registrations: chunks of lines, one CPR number of ten digits a line.
        number_references: chunks of lines `old;new`, ten digits each.

    Raises:
        IntegrityFault: empty, malformed, a number twice, an old number with two new ones, or a known name.
        Unavailable: the database did not answer.
    """
    if delivered_at.tzinfo is None:
        raise ValueError("a delivery is dated with its time zone")
    with database.snapshot(_TAKEN_IN) as connection:
        # DELETE, not TRUNCATE: a reader whose snapshot is older would see a truncated table as empty.
        connection.execute(text("DELETE FROM var_register.registrations"))
        connection.execute(text("DELETE FROM var_register.number_references"))
        copy_lines(connection, "COPY var_register.registrations (cpr) FROM STDIN", registrations)
        copy_lines(
            connection,
            "COPY var_register.number_references (old_number, new_number) FROM STDIN WITH (DELIMITER ';')",
            number_references,
        )
        present = connection.execute(text(_CONTENTS)).one()
        if not present.registrations:
            raise IntegrityFault(
                _TAKEN_IN,
                "it holds no registrations",
                "An empty register is a failed delivery; the one before still stands. Ask for a whole one.",
            )
        stage_chains(connection)
        sums = connection.execute(text(_SUMS)).one()
        connection.execute(
            deliveries.insert().values(
                delivery=delivery, delivered_at=delivered_at, digest=present.digest, **sums._mapping
            )
        )
    return VarVersion(delivery, delivered_at, present.registrations, present.number_references, present.digest)


def copy_lines(connection: Connection, statement: str, chunks: Iterable[bytes]) -> None:
    """Streams chunks of lines into COPY; memory does not grow with them.

    Args:
        connection: an open transaction.
        statement: `COPY … FROM STDIN`; its text comes from a program, never from a person.
        chunks: bytes of whole or broken lines, in order.
    """
    driver = cast("psycopg.Connection[tuple[object, ...]]", connection.connection.driver_connection)
    with driver.cursor() as cursor, cursor.copy(statement.encode()) as copy:
        for chunk in chunks:
            copy.write(chunk)
