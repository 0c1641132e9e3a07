"""The synthetic genome database of the embedded site: made once, and a delivery of VAR that never grows old.

Who the synthetic persons are and what their files look like is in `synthetic`.
"""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from ngc_pipelines.adapters import clock
from ngc_pipelines.adapters.genome_database.database import GenomeDatabase
from ngc_pipelines.adapters.object_store.clients import s3_client
from ngc_pipelines.local.databases import DATABASES
from ngc_pipelines.local.postgres import PostgresServer
from ngc_pipelines.settings import ObjectStore

if TYPE_CHECKING:
    from ngc_pipelines.local.synthetic.population import Population

PERSONS = 120
NOTE = "genome-data.json"
# Older than this and VAR is delivered anew at the start of a site; half of what the flows accept.
DELIVER_AFTER = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Made:
    """What was made, in one line each: persons, objects, and whether it was made just now."""

    persons: int
    objects: int
    now: bool


def provide_genome_data(postgres: PostgresServer, store: ObjectStore, folder: Path) -> Made:
    """Makes the synthetic genome database unless it is there, and delivers VAR where the last one is old.

    Args:
        folder: keeps the note of what was made; without it, what is in the database is half made and made anew.
    """
    from ngc_pipelines.local.synthetic.genome_store import fill_genome_store

    kind = DATABASES["genome"]
    note = folder / NOTE
    if note.exists():
        if _last_delivery_is_old(postgres):
            deliver_var_again(postgres, store, folder)
        return Made(PERSONS, int(json.loads(note.read_text(encoding="utf-8"))["objects"]), False)
    postgres.drop_database(kind.name)
    postgres.provide_database(kind)
    kind.upgrade(postgres.url(kind.owner, kind.name))
    as_of = clock.today()
    client = s3_client(store)
    with closing(_database(postgres)) as database:
        objects = fill_genome_store(database, client, _population(as_of, store), delivered_at=clock.now())
    client.close()
    note.write_text(json.dumps({"as_of": as_of.isoformat(), "objects": objects}), encoding="utf-8")
    return Made(PERSONS, objects, True)


def deliver_var_again(postgres: PostgresServer, store: ObjectStore, folder: Path, also: tuple[str, ...] = ()) -> None:
    """Delivers VAR as of now.

    Args:
        also: CPR numbers that have registered since.
    """
    from ngc_pipelines.local.synthetic.population import deliver_var

    as_of = date.fromisoformat(json.loads((folder / NOTE).read_text(encoding="utf-8"))["as_of"])
    at = clock.now()
    with closing(_database(postgres)) as database:
        delivery = f"synthetic {at:%Y-%m-%dT%H:%M:%S.%fZ}"
        deliver_var(database, _population(as_of, store), delivery=delivery, delivered_at=at, also=also)


def _database(postgres: PostgresServer) -> GenomeDatabase:
    kind = DATABASES["genome"]
    return GenomeDatabase(postgres.url(kind.owner, kind.name), work_mem_mb=16)


def _population(as_of: date, store: ObjectStore) -> Population:
    from ngc_pipelines.local.synthetic.population import Population

    # One in ten registered in VAR: enough for the demo to meet some.
    return Population(PERSONS, as_of, registered_per_mille=100, with_files=False, bucket=store.source_bucket)


def _last_delivery_is_old(postgres: PostgresServer) -> bool:
    with postgres.superuser("genome") as session:
        row = session.execute("SELECT now() - max(delivered_at) FROM var_register.deliveries").fetchone()
    age = row[0] if row else None
    return not isinstance(age, timedelta) or age > DELIVER_AFTER
