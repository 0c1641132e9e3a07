"""The pseudonym vault on a real PostgreSQL, under its runtime role (EN-5)."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from ngc_pipelines.adapters.pseudonym_vault.site_key import SiteKey
from ngc_pipelines.adapters.pseudonym_vault.vault import Credential, PseudonymVault, vault_engine
from ngc_pipelines.domain.errors import IntegrityFault, Unavailable
from ngc_pipelines.domain.pseudonyms import ProjectScope, Pseudonym, Subject
from ngc_pipelines.settings import Database

HERE, THERE = ProjectScope("HJERTE", "H-20260001"), ProjectScope("LUNGE", "H-20260002")
KEY = SiteKey.of(bytes(range(32)))
PERSONS = [f"person {number}" for number in range(50)]


@pytest.fixture(scope="module")
def shared(new_database: Callable[[str], Database]) -> Database:
    """One vault for the tests that only add to it."""
    return new_database("vault")


@pytest.fixture
def engine(shared: Database) -> Iterator[sa.Engine]:
    """Its runtime role."""
    engine = vault_engine(shared.url)
    yield engine
    engine.dispose()


@pytest.fixture
def vault(engine: sa.Engine) -> PseudonymVault:
    """The vault with its key."""
    return PseudonymVault(engine, KEY)


def test_the_same_person_has_the_same_pseudonym_in_a_project(vault: PseudonymVault) -> None:
    first = vault.issue(HERE, Subject.PERSON, PERSONS)
    again = vault.issue(ProjectScope("hjerte", "h-20260001"), Subject.PERSON, [*PERSONS[::-1], "person new"])

    assert len(set(first.values())) == len(PERSONS)
    assert {person: again[person] for person in PERSONS} == first
    assert vault.find(HERE, Subject.PERSON, ["person 1", "person unknown"]) == {"person 1": first["person 1"]}


def test_two_projects_cannot_be_joined(vault: PseudonymVault, engine: sa.Engine) -> None:
    here, there = (vault.issue(scope, Subject.PERSON, PERSONS) for scope in (HERE, THERE))

    assert not set(here.values()) & set(there.values())
    with engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT lookup, sealed_identity FROM vault.pseudonym")).all()
    assert len({bytes(row.lookup) for row in rows}) == len(rows)
    assert not [row for row in rows if b"person" in bytes(row.sealed_identity) + bytes(row.lookup)]
    assert vault.rewriting_key(HERE) != vault.rewriting_key(THERE)
    assert vault.rewriting_key(HERE) == vault.rewriting_key(HERE)


def test_ngc_can_trace_a_pseudonym_back(vault: PseudonymVault) -> None:
    issued = vault.issue(HERE, Subject.SAMPLE, ["sample 1", "sample 2"])

    assert vault.identities(HERE, list(issued.values())) == {value: key for key, value in issued.items()}
    assert vault.identities(THERE, list(issued.values())) == {}
    assert set(issued.values()) <= set(vault.pseudonyms(HERE))
    assert {pseudonym.subject for pseudonym in issued.values()} == {Subject.SAMPLE}


def test_issuing_at_once_from_many_sides_gives_everybody_the_same(vault: PseudonymVault) -> None:
    def issue(turn: int) -> dict[str, Pseudonym]:
        persons = PERSONS if turn % 2 else PERSONS[::-1]
        return dict(vault.issue(ProjectScope("SAMTIDIG", "H-1"), Subject.PERSON, persons))

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(issue, range(8)))

    assert all(result == results[0] for result in results)


def test_another_key_is_noticed_before_anything_is_written(vault: PseudonymVault, engine: sa.Engine) -> None:
    vault.issue(HERE, Subject.PERSON, PERSONS)
    wrong = PseudonymVault(engine, SiteKey.of(bytes(32)))

    with pytest.raises(IntegrityFault, match="another site key"):
        wrong.issue(HERE, Subject.PERSON, ["person stranger"])
    with pytest.raises(IntegrityFault, match="another site key"):
        wrong.rewriting_key(HERE)
    assert vault.find(HERE, Subject.PERSON, ["person stranger"]) == {}


def test_a_row_that_was_moved_or_changed_does_not_open(vault_database: Database) -> None:
    engine = vault_engine(vault_database.url)
    vault = PseudonymVault(engine, KEY)
    one, other = vault.issue(HERE, Subject.PERSON, ["person 1", "person 2"]).values()
    owner = sa.create_engine(vault_database.owner_url or "")
    with owner.begin() as connection:
        connection.execute(
            sa.text(
                "UPDATE vault.pseudonym SET sealed_identity ="
                " (SELECT sealed_identity FROM vault.pseudonym WHERE pseudonym = :other) WHERE pseudonym = :one"
            ),
            {"one": str(one), "other": str(other)},
        )

    with pytest.raises(IntegrityFault, match="changed, moved to another row"):
        vault.identities(HERE, [one])

    with owner.begin() as connection:
        connection.execute(sa.text("DELETE FROM vault.site_key"))
    with pytest.raises(IntegrityFault, match="does not say which key"):
        vault.identities(HERE, [other])
    owner.dispose()
    engine.dispose()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE vault.pseudonym SET pseudonym = pseudonym",
        "DELETE FROM vault.pseudonym",
        "UPDATE vault.site_key SET check_value = check_value",
        "DELETE FROM vault.site_key",
        "DROP TABLE vault.pseudonym",
        "CREATE TABLE vault.other (id integer)",
    ],
)
def test_the_runtime_role_changes_and_removes_no_pseudonym(
    vault: PseudonymVault, engine: sa.Engine, statement: str
) -> None:
    vault.issue(HERE, Subject.PERSON, PERSONS)
    with pytest.raises(sa.exc.ProgrammingError, match=r"permission denied|must be owner"), engine.begin() as connection:
        connection.execute(sa.text(statement))


def test_a_credential_is_kept_sealed_replaced_and_forgotten(vault: PseudonymVault, engine: sa.Engine) -> None:
    assert vault.credential("exh-2026-00001", "anna") is None
    vault.keep_credential("exh-2026-00001", "anna", Credential("AK1", "first secret"))
    vault.keep_credential("exh-2026-00001", "anna", Credential("AK2", "second secret"))

    assert vault.credential("exh-2026-00001", "anna") == Credential("AK2", "second secret")
    with engine.connect() as connection:
        sealed = connection.execute(sa.text("SELECT sealed_secret FROM vault.credential")).scalars().all()
    assert [b"secret" in bytes(value) for value in sealed] == [False]

    vault.forget_credential("exh-2026-00001", "anna")
    assert vault.credential("exh-2026-00001", "anna") is None


def test_a_database_that_is_not_there_is_unavailable_and_repeats_no_address() -> None:
    engine = vault_engine("postgresql+psycopg://nobody:hidden-word@127.0.0.1:1/vault")
    with pytest.raises(Unavailable) as raised:
        PseudonymVault(engine, KEY).issue(HERE, Subject.PERSON, ["person 1"])
    assert "hidden-word" not in str(raised.value)


def test_a_key_file_is_read_with_and_without_padding(tmp_path: Path) -> None:
    for number, text in enumerate((secrets.token_urlsafe(32), "A" * 43 + "=", "A" * 43 + "=\n")):
        file = tmp_path / f"key{number}"
        file.touch(mode=0o600)
        file.write_text(text)
        assert SiteKey.read(file).check


@pytest.mark.parametrize("text", ["", "short", "A" * 44, "?" * 43, "A" * 60])
def test_a_key_file_that_holds_no_key_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "key"
    file.touch(mode=0o600)
    file.write_text(text)
    with pytest.raises(IntegrityFault, match="does not hold 32 bytes"):
        SiteKey.read(file)


def test_a_missing_key_is_an_error_and_none_is_made(tmp_path: Path) -> None:
    with pytest.raises(IntegrityFault, match="Do not make a new key"):
        SiteKey.read(tmp_path / "key")
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(secrets.token_urlsafe(32))
    file.chmod(0o640)
    with pytest.raises(IntegrityFault, match="others than its owner"):
        SiteKey.read(file)


def test_a_key_shows_nothing_of_itself() -> None:
    assert repr(KEY) == "SiteKey()"
