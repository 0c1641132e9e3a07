"""A tick with 10,000 open and 100,000 closed cases, and again with ten times the closed ones.

Asks the register what the sensor `exhibition_cases` asks at every tick: which open cases the system is to act on and
nobody does. Needs no object store. The rows are made in the list of cases by the superuser, because a million cases
opened one by one would take hours; the look-up does not read events.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

from ngc_pipelines.domain.exhibition_flow import EXHIBITION
from ngc_pipelines.local.accounts import remove_folder
from ngc_pipelines.local.credentials import Credentials
from ngc_pipelines.local.databases import DATABASES
from ngc_pipelines.local.postgres import PostgresServer
from ngc_pipelines.local.processes import Supervisor
from ngc_pipelines.register.claims import Claims
from ngc_pipelines.register.register import Register

OPEN = 10_000
TICKS = 15

_ROWS = """
    INSERT INTO register.cases
    SELECT '{prefix}-2025-' || lpad((n %% 100000)::text, 5, '0'), 'EXH', '{state}', '{actor}', '', '{prefix}' || n, 'p',
           now() - n * interval '1 second', now() - n * interval '1 second', NULL, NULL, {closed}, 1, ''
    FROM generate_series({first}, {last}) n
"""


def main() -> int:
    """Measure and print; 0 where a tick takes under a second and does not grow with closed cases."""
    folder = Path(tempfile.mkdtemp(prefix="ngc-bench-"))
    folder.chmod(0o711)
    try:
        with Supervisor() as supervisor:
            postgres = PostgresServer(folder / "postgres", Credentials(folder / "credentials"), durable=False)
            supervisor.start(postgres)
            return _measure(postgres)
    finally:
        remove_folder(folder / "postgres")


def _measure(postgres: PostgresServer) -> int:
    kind = DATABASES["register"]
    postgres.provide_roles()
    postgres.provide_database(kind)
    kind.upgrade(postgres.url(kind.owner, kind.name))
    register = Register.connect(postgres.url(kind.runtime, kind.name))
    with postgres.superuser(kind.name) as session:

        def put(prefix: str, state: str, actor: str, closed: str, first: int, last: int) -> None:
            statement = _ROWS.format(prefix=prefix, state=state, actor=actor, closed=closed, first=first, last=last)
            session.execute(statement.replace("%%", "%").encode())
            session.execute(b"ANALYZE register.cases")

        put("EXH", "received", "system", "NULL", 1, OPEN)
        put("CLA", "lapsed", "nobody", "now()", 0, 99_999)
        few = _tick(register)
        for batch in range(9):
            put(f"CL{chr(66 + batch)}", "lapsed", "nobody", "now()", 0, 99_999)
        many = _tick(register)
    register.close()
    print(f"open cases in which the system is to act: {OPEN:,}; nobody holds one")  # noqa: T201 - what it is for
    print(f"a tick with   100,000 closed cases: {few * 1000:7.1f} ms (median of {TICKS})")  # noqa: T201 - as above
    print(f"a tick with 1,000,000 closed cases: {many * 1000:7.1f} ms, {many / few:.2f} times")  # noqa: T201 - as above
    return 0 if many < 1 and many < 1.5 * few else 1


def _tick(register: Register) -> float:
    claims = Claims(register.engine)
    taken = []
    for _ in range(TICKS):
        began = time.perf_counter()
        chosen = claims.open_work(EXHIBITION.flow, 50)
        taken.append(time.perf_counter() - began)
        assert len(chosen) == 50
    return statistics.median(taken)


if __name__ == "__main__":
    sys.exit(main())
