"""The synthetic genome database of the embedded site: made once, and a delivery of VAR that never grows old.

Who the synthetic persons are and what their files look like is in `synthetic`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from ngc_pipelines.adapters import clock
from ngc_pipelines.adapters.genome_database.database import GenomeDatabase
from ngc_pipelines.adapters.object_store.clients import s3_client
from ngc_pipelines.local.databases import DATABASES
from ngc_pipelines.local.postgres import PostgresServer
from ngc_pipelines.settings import ObjectStore

PERSONS = 120
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
    from ngc_pipelines.local.synthetic.population import Population, deliver_var

    kind = DATABASES["genome"]
    note = folder / "genome-data.json"
    made = json.loads(note.read_text(encoding="utf-8")) if note.exists() else None
    if made is None:
        postgres.drop_database(kind.name)
        postgres.provide_database(kind)
        kind.upgrade(postgres.url(kind.owner, kind.name))
    as_of = date.fromisoformat(made["as_of"]) if made else clock.today()
    # One in ten registered in VAR: enough for the demo to meet some.
    population = Population(PERSONS, as_of, registered_per_mille=100, with_files=False, bucket=store.source_bucket)
    database = GenomeDatabase(postgres.url(kind.owner, kind.name), work_mem_mb=16)
    try:
        if made is None:
            client = s3_client(store)
            objects = fill_genome_store(database, client, population, delivered_at=clock.now())
            client.close()
            note.write_text(json.dumps({"as_of": as_of.isoformat(), "objects": objects}), encoding="utf-8")
            return Made(PERSONS, objects, True)
        if _last_delivery_is_old(postgres):
            at = clock.now()
            deliver_var(database, population, delivery=f"synthetic {at:%Y-%m-%dT%H:%M:%SZ}", delivered_at=at)
        return Made(PERSONS, int(made["objects"]), False)
    finally:
        database.close()


def _last_delivery_is_old(postgres: PostgresServer) -> bool:
    with postgres.superuser("genome") as session:
        row = session.execute("SELECT now() - max(delivered_at) FROM var_register.deliveries").fetchone()
    age = row[0] if row else None
    return not isinstance(age, timedelta) or age > DELIVER_AFTER
