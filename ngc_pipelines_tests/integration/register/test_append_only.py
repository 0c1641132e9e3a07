"""Nobody changes an event, and whoever does all the same is found out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import psycopg
import pytest
import sqlalchemy as sa

from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.domain.errors import IntegrityFault
from ngc_pipelines.domain.exhibition_flow import Did
from ngc_pipelines.register.register import SYSTEM, Entry, Register
from ngc_pipelines.register.tables import METADATA
from ngc_pipelines.register.verification import Broken, head, verify
from ngc_pipelines.settings import Database

NewCase = Callable[..., CaseId]
Tamper = Callable[[str], None]
OF_THE_FLOWS = [
    "UPDATE register.events SET body = body",
    "DELETE FROM register.events",
    "TRUNCATE register.events",
    "UPDATE register.chain_head SET seq = 0",
    "INSERT INTO register.chain_head VALUES (2, 0, '')",
    "DELETE FROM register.cases",
    "TRUNCATE register.cases CASCADE",
    "DELETE FROM register.outbox",
    "UPDATE register.outbox SET text = 'other'",
    "UPDATE register.outbox SET recipient = 'other@example.org'",
    "ALTER TABLE register.events DISABLE TRIGGER ALL",
    "DROP TABLE register.events",
    "CREATE TABLE register.other (a int)",
]
OF_THE_OWNER = [statement for statement in OF_THE_FLOWS[:3] if statement] + [
    "DELETE FROM register.cases",
    "DELETE FROM register.outbox",
    "DELETE FROM register.chain_head",
]


@pytest.fixture
def story(register: Register, new_case: NewCase, now: datetime) -> CaseId:
    """Three cases, the first with three events: accepted, counted."""
    case = new_case(letters=1)
    new_case()
    register.record(case, Entry(Did.ACCEPTED, SYSTEM, {"acronym": "ÆØÅ", "fingerprint": "print 1"}), now)
    new_case()
    register.record(case, Entry(Did.COHORT_FOUND, SYSTEM, {"digest": "sha256:1"}), now)
    return case


@pytest.mark.parametrize("statement", OF_THE_FLOWS)
@pytest.mark.usefixtures("story")
def test_the_flows_cannot_rewrite_history(register_database: Database, statement: str) -> None:
    url = register_database.url.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(url, autocommit=True) as session, pytest.raises(psycopg.errors.InsufficientPrivilege):
        session.execute(statement.encode())


@pytest.mark.parametrize("statement", OF_THE_OWNER)
@pytest.mark.usefixtures("story")
def test_the_owner_cannot_rewrite_history_by_accident(
    owner: psycopg.Connection[tuple[object, ...]], statement: str
) -> None:
    with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
        owner.execute(statement.encode())


@pytest.mark.usefixtures("story")
def test_an_event_that_does_not_continue_the_chain_is_refused_by_the_database(register: Register) -> None:
    forged = "INSERT INTO register.events (seq, previous, hash, body) VALUES (6, 'x', 'y', '{\"seq\": 6}')"
    with pytest.raises(sa.exc.DBAPIError, match="does not continue the chain"), register.engine.begin() as connection:
        connection.execute(sa.text(forged.replace(": 6", "\\: 6")))


@pytest.mark.usefixtures("story")
def test_an_untouched_chain_is_sound(register: Register) -> None:
    report = verify(register, [head(register)])
    assert report.sound
    assert (report.events, report.cases) == (5, 3)


TAMPERINGS = {
    "changed": ("UPDATE register.events SET body = replace(body, 'ÆØÅ', 'XYZ') WHERE seq = 3", Broken.CHANGED),
    "changed and hashed anew": (
        "UPDATE register.events SET body = replace(body, 'ÆØÅ', 'XYZ'), hash = encode(sha256(convert_to(previous || "
        "E'\\n' || replace(body, 'ÆØÅ', 'XYZ'), 'UTF8')), 'hex') WHERE seq = 3",
        Broken.CHANGED,
    ),
    "missing": ("DELETE FROM register.events WHERE seq = 3", Broken.MISSING),
    "first one missing": ("DELETE FROM register.events WHERE seq = 1", Broken.MISSING),
    "places exchanged": (
        "UPDATE register.events SET seq = -seq WHERE seq IN (2, 4);"
        "UPDATE register.events SET seq = 6 + seq WHERE seq IN (-2, -4)",
        Broken.REORDERED,
    ),
    "cut tail": ("DELETE FROM register.events WHERE seq = 5", Broken.CUT),
    "cut tail, head set back": (
        "DELETE FROM register.events WHERE seq = 5; UPDATE register.chain_head SET seq = 4, hash = "
        "(SELECT hash FROM register.events WHERE seq = 4)",
        Broken.LISTED_WRONG,
    ),
    "no event at all": ("UPDATE register.events SET body = '{\"seq\": 3, \"case\": \"a\", \"number\": 2, "
                        "\"event\": \"b\"}' WHERE seq = 3", Broken.CHANGED),
    "a state in the list changed": ("UPDATE register.cases SET state = 'provisioning'", Broken.LISTED_WRONG),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(TAMPERINGS))
@pytest.mark.usefixtures("story")
def test_a_chain_that_was_tampered_with_is_broken(register: Register, tamper: Tamper, name: str) -> None:
    statement, kind = TAMPERINGS[name]
    tamper(statement)
    report = verify(register)
    assert kind in {fault.kind for fault in report.faults}
    assert not any("XYZ" in fault.message for fault in report.faults)


def test_a_tail_cut_off_everywhere_is_found_by_an_anchor(register: Register, tamper: Tamper, story: CaseId) -> None:
    anchor = head(register)
    tamper(
        "DELETE FROM register.events WHERE seq = 5;"
        "UPDATE register.chain_head SET seq = 4, hash = (SELECT hash FROM register.events WHERE seq = 4);"
        f"UPDATE register.cases SET number = 2, state = 'accepted', last_hash = "
        f"(SELECT hash FROM register.events WHERE seq = 3) WHERE case_id = '{story}'"
    )
    assert verify(register).sound
    assert {fault.kind for fault in verify(register, [anchor]).faults} == {Broken.CUT}


@pytest.mark.usefixtures("story")
def test_a_chain_rewritten_from_some_event_on_is_found_by_an_anchor(register: Register) -> None:
    anchor = head(register)
    other = type(anchor)(anchor.seq, "0" * 64, anchor.at)
    assert {fault.kind for fault in verify(register, [other]).faults} == {Broken.ANCHOR}


def test_nothing_acts_on_a_case_whose_events_were_changed(register: Register, tamper: Tamper, story: CaseId) -> None:
    tamper("UPDATE register.events SET body = replace(body, 'sha256:1', 'sha256:2') WHERE seq = 5")
    with pytest.raises(IntegrityFault, match="not what was recorded"):
        register.standing(story)


def test_nothing_acts_on_a_state_that_only_the_list_has(register: Register, tamper: Tamper, story: CaseId) -> None:
    tamper("UPDATE register.cases SET state = 'provisioning'")
    assert register.standing(story).state.name == "cohort_found"


def test_the_tables_in_the_code_are_those_in_the_database(register: Register) -> None:
    inspector = sa.inspect(register.engine)
    for table in METADATA.tables.values():
        found = {column["name"]: column["nullable"] for column in inspector.get_columns(table.name, schema="register")}
        assert found == {column.name: column.nullable for column in table.columns}
