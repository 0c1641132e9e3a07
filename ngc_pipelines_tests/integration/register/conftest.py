"""A register of one's own, its superuser, and a clock that stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import psycopg
import pytest

from ngc_pipelines.domain.cases import CaseId, Flow
from ngc_pipelines.local.postgres import PostgresServer
from ngc_pipelines.register.outbox import Letter
from ngc_pipelines.register.register import Register
from ngc_pipelines.settings import Database

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    """The moment of these tests."""
    return NOW


@pytest.fixture
def register(register_database: Database) -> Iterator[Register]:
    """An empty register, as the flows see it."""
    made = Register.connect(register_database.url)
    yield made
    made.close()


@pytest.fixture
def new_case(register: Register, now: datetime) -> Callable[..., CaseId]:
    """Opens cases, each for a folder of its own, with as many letters as asked for."""
    opened = 0

    def make(letters: int = 0) -> CaseId:
        nonlocal opened
        opened += 1
        written = [Letter("pi@forskning.example", f"Emne {place}", "Tekst æøå") for place in range(letters)]
        case = register.open_case(Flow.EXHIBITION, f"intake/applications/f{opened}/", f"print {opened}", now, written)
        assert case is not None
        return case

    return make


@pytest.fixture
def tamper(postgres: PostgresServer, register_database: Database) -> Iterator[Callable[[str], None]]:
    """Does to the database what only a superuser can: with every trigger off."""
    name = register_database.url.rpartition("/")[2]
    with postgres.superuser(name) as session:
        session.execute("SET session_replication_role = replica")

        def do(statement: str) -> None:
            session.execute(statement.encode())

        yield do


@pytest.fixture
def owner(register_database: Database) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A session of the role that owns the register."""
    assert register_database.owner_url is not None
    url = register_database.owner_url.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(url, autocommit=True) as session:
        yield session
