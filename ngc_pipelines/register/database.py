"""Connecting to the register's database, and wording its absence.

Here: the engine and the transaction every other module of the register uses. Not here: any table or query.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from ngc_pipelines.domain.errors import Unavailable


def register_engine(url: str) -> sa.Engine:
    """Make an engine for `url` (`postgresql+psycopg://…`, the runtime role); it connects when it is first used."""
    return sa.create_engine(url, pool_pre_ping=True, pool_size=2, max_overflow=8, hide_parameters=True)


@contextmanager
def transaction(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Give a connection in a transaction; raises Unavailable where the server cannot be reached or goes away."""
    try:
        with engine.begin() as connection:
            yield connection
    except sa.exc.DBAPIError as error:
        lost = error.connection_invalidated or isinstance(error, sa.exc.OperationalError | sa.exc.InterfaceError)
        if not lost:
            raise
        # The driver's own text may name hosts and is left to the cause.
        raise Unavailable(
            "The register was asked",
            f"its database did not answer ({type(error.orig).__name__})",
            "It is tried again by itself; if it stays so, look at the PostgreSQL server.",
        ) from error
