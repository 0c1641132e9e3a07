"""Orders whose counts were told: kept as they were, and held against what is to be told next (CO-4).

The persons are compared here, in PostgreSQL; which difference is too small is `domain/earlier_orders`. What it costs
grows with the orders that are nearly as large as this one, not with all there were: sizes alone rule the others out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, select, text
from sqlalchemy.dialects.postgresql import insert

from ngc_pipelines.adapters.cohorts import records, statements
from ngc_pipelines.adapters.cohorts.records import FILTERING, Case
from ngc_pipelines.adapters.genome_database.tables import cases, told
from ngc_pipelines.adapters.var_register import stage_chains
from ngc_pipelines.domain.earlier_orders import (
    Measure,
    OrderSizes,
    TooClose,
    may_be_close,
    tells_anything,
    told_exactly,
    too_close,
)
from ngc_pipelines.domain.errors import IntegrityFault

_TRIED = "A cohort was held against orders told earlier"
_COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def keep_what_was_told(connection: Connection, case: Case) -> Case:
    """Sets the case's order aside where its counts were told, and gives the case to build in."""
    was_told = connection.execute(select(told.c.case_key).where(told.c.case_key == case.key)).first()
    if was_told is None:
        return case
    # What stands in an environment is never rebuilt underneath it: that has to be asked of the order set aside.
    records.refuse_after_recheck(connection, case, "A cohort was built")
    connection.execute(cases.update().where(cases.c.case_key == case.key).values(replaced=True))
    return records.new_case(connection, case.case_id)


def every_order(connection: Connection, case: Case) -> Sequence[Case]:
    """Every order that the case ever had and that still stands, replaced ones included."""
    found = connection.execute(
        select(cases.c.case_key, cases.c.salt).where(cases.c.case_id == case.case_id).order_by(cases.c.case_key)
    )
    return [Case(case.case_id, row.case_key, bytes(row.salt)) for row in found]


def tell(
    connection: Connection, case: Case, *, threshold: int, now: datetime, regardless: bool
) -> tuple[TooClose, ...]:
    """See `Cohorts.tell_counts`."""
    account = records.require_filter(connection, case, _TRIED)
    if not tells_anything(account, threshold):
        return ()
    stage_chains(connection)
    connection.execute(text(statements.JOIN_WHOLE))
    connection.execute(text(statements.STAGE_OWN_PERSONS), {"case_key": case.key, "filtering": FILTERING})
    connection.execute(text("ANALYZE own"))
    counted = connection.execute(text(statements.COUNT_OWN_PERSONS)).one()
    sizes = OrderSizes(counted.persons, counted.kept, counted.registered, *told_exactly(account, threshold))
    close = _close(connection, case, sizes, threshold)
    if not close or regardless:
        values = {name: getattr(sizes, name) for name in OrderSizes.__dataclass_fields__} | {"told_at": now}
        # Told again only where an earlier attempt ended between this note and the letter.
        note = insert(told).values(case_key=case.key, **values)
        connection.execute(note.on_conflict_do_update(index_elements=[told.c.case_key], set_=values))
    return close


def _close(connection: Connection, case: Case, own: OrderSizes, threshold: int) -> tuple[TooClose, ...]:
    everybody = select(told, cases.c.case_id).join_from(told, cases).where(told.c.case_key != case.key)
    sizes = {row.case_key: (row, _sizes(row)) for row in connection.execute(everybody.order_by(told.c.told_at))}
    near = [key for key, (_, earlier) in sizes.items() if may_be_close(own, earlier, threshold)]
    if not near:
        return ()
    wanted = {"case_keys": near, "filtering": FILTERING}
    compared = {row.case_key: row for row in connection.execute(text(statements.COMPARE_WITH_OWN), wanted)}
    found = []
    for key in near:
        row, earlier = sizes[key]
        if key not in compared or compared[key].persons != earlier.persons:
            raise _changed(case, row.case_id)
        common = {measure: getattr(compared[key], measure.value) for measure in Measure}
        measures = too_close(own, _as_compared(compared[key], earlier), common, threshold)
        if measures:
            told_on = row.told_at.astimezone(_COPENHAGEN).date().isoformat()
            found.append(TooClose(row.case_id, told_on, measures))
    return tuple(found)


def _sizes(row: Row[Any]) -> OrderSizes:
    return OrderSizes(row.persons, row.kept, row.registered, row.kept_exactly, row.registered_exactly)


def _as_compared(row: Row[Any], earlier: OrderSizes) -> OrderSizes:
    """The earlier order's sizes in persons of today: two numbers may have turned out to be one person since."""
    return OrderSizes(
        row.persons_today, row.kept_today, row.registered_today, earlier.kept_exactly, earlier.registered_exactly
    )


def _changed(case: Case, other: str) -> IntegrityFault:
    return IntegrityFault(
        f"{_TRIED} ({case.case_id})",
        f"the persons of {other} are not those that its counts were told of, so nothing can be held against them",
        "Find out who changed the cohort's tables. No counts are told before.",
    )
