"""Connections to database `genome`, and what their errors mean to a flow.

No table and no query stands here. Errors of the driver carry statements and values, so none leaves this module: a lost
connection becomes `Unavailable`, everything else `IntegrityFault`, both without the driver's text.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from ngc_pipelines.domain.errors import IntegrityFault, NgcError, Unavailable

# PostgreSQL's classes of errors that time may heal: connection, resources, operator intervention, system, lock, retry.
_HEALED_BY_TIME = ("08", "53", "57", "58", "55", "40")

# A run that waits for another of the same case; longer than any cohort takes to build.
_PATIENCE_MINUTES = 30


class GenomeDatabase:
    """The way into database `genome`; cheap to make, connects when first used.

    Args:
        url: address of the database, `postgresql+psycopg://…`.
        work_mem_mb: memory that one sort or hash may take in the *server* for cohort work; 4 to 4096.
    """

    def __init__(self, url: str, *, work_mem_mb: int = 256) -> None:
        if not 4 <= work_mem_mb <= 4096:
            raise ValueError("work_mem_mb lies between 4 and 4096")
        self._work_mem_mb = work_mem_mb
        # Values of a statement are persons: SQLAlchemy must not write them into errors or logs.
        self.engine: Engine = create_engine(url, hide_parameters=True, pool_pre_ping=True, pool_size=2)

    @contextmanager
    def snapshot(self, tried: str, *, lock: str | None = None) -> Iterator[Connection]:
        """One transaction that sees one state of the database from its first statement to its end.

        Args:
            tried: what the work inside is, for the errors.
            lock: only one transaction under this name runs at a time; the next waits, and then sees what it did.

        Raises:
            Unavailable: the database did not answer, or gave the transaction up.
            IntegrityFault: a constraint of the database refused what was read or written.
        """
        # The lock comes before the transaction: one that had to wait must not see the state from before its wait.
        with translated(tried), self.engine.connect() as connection, _held(connection, lock):
            connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                connection.execute(text(f"SET LOCAL work_mem = '{self._work_mem_mb}MB'"))
                yield connection

    def close(self) -> None:
        """Gives every pooled connection back to the server."""
        self.engine.dispose()


@contextmanager
def _held(connection: Connection, lock: str | None) -> Iterator[None]:
    if lock is None:
        yield
        return
    connection.execution_options(isolation_level="AUTOCOMMIT")
    connection.execute(text(f"SET lock_timeout = '{_PATIENCE_MINUTES}min'"))
    connection.execute(text("SELECT pg_advisory_lock(hashtextextended(:lock, 0))"), {"lock": lock})
    connection.commit()
    try:
        yield
    finally:
        # A connection that broke has lost its lock with its session.
        if not connection.invalidated:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.execute(text("SELECT pg_advisory_unlock(hashtextextended(:lock, 0))"), {"lock": lock})
            connection.execute(text("RESET lock_timeout"))
            connection.commit()


@contextmanager
def translated(tried: str) -> Iterator[None]:
    """Turns the driver's errors into the package's, without their text: it holds values.

    Args:
        tried: what is done inside, as the beginning of a sentence.
    """
    try:
        yield
    except DBAPIError as error:
        raise _of_state(tried, getattr(error.orig, "sqlstate", None)) from None
    except psycopg.Error as error:  # COPY goes past SQLAlchemy
        raise _of_state(tried, error.sqlstate) from None
    except PoolTimeout:
        raise _of_state(tried, None, "no free connection") from None


def _of_state(tried: str, state: str | None, what: str = "no connection") -> NgcError:
    if state is None or state.startswith(_HEALED_BY_TIME):
        return Unavailable(
            tried,
            f"the genome database did not answer ({state or what})",
            "Nothing was changed; try again when the database is up.",
        )
    return IntegrityFault(
        tried,
        f"the genome database refused it (SQLSTATE {state})",
        "Look the code up in PostgreSQL's log of that moment; nothing was changed.",
    )
