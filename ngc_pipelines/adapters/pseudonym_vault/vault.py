"""Issuing pseudonyms for whole cohorts, and keeping the credentials of environments' users.

Here: the vault's database, under its own role. Not here: the form of a pseudonym (`domain/pseudonyms`) and the key's
file (`site_key`). No identity leaves in an error or a log.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ngc_pipelines.adapters.pseudonym_vault.site_key import SiteKey
from ngc_pipelines.adapters.pseudonym_vault.tables import CREDENTIAL, PSEUDONYM, SITE_KEY
from ngc_pipelines.domain.errors import IntegrityFault, Unavailable
from ngc_pipelines.domain.pseudonyms import ENTROPY_BYTES, ProjectScope, Pseudonym, Subject

_BATCH = 10_000
_ISSUE = sa.text(
    """
    INSERT INTO vault.pseudonym (scope, subject, lookup, pseudonym, sealed_identity)
    SELECT :scope, :subject, drawn.*
    FROM unnest(CAST(:lookups AS bytea[]), CAST(:pseudonyms AS text[]), CAST(:sealed AS bytea[])) AS drawn
    ON CONFLICT DO NOTHING
    """
)
_FIND = sa.text(
    "SELECT lookup, pseudonym FROM vault.pseudonym"
    " WHERE scope = :scope AND subject = :subject AND lookup = ANY(CAST(:lookups AS bytea[]))"
)


@dataclass(frozen=True, slots=True)
class Credential:
    """A user's key to the object store; the secret is never shown by `repr`."""

    access_key: str
    secret_key: str = field(repr=False)


class PseudonymVault:
    """The vault's database and the site key it is sealed with.

    engine: of the vault's runtime role. Every use first holds the key against the one that the vault was begun with;
    raises IntegrityFault where it is another, Unavailable where the database does not answer.
    """

    def __init__(self, engine: sa.Engine, key: SiteKey) -> None:
        self._engine = engine
        self._key = key

    def issue(self, scope: ProjectScope, subject: Subject, identities: Collection[str]) -> Mapping[str, Pseudonym]:
        """Give each identity's pseudonym in the project, drawing one for those that have none.

        The same call again, from anywhere and at the same time, gives the same pseudonyms. Works set-wise: 10,000
        rows a statement.
        """
        by_lookup = {
            self._key.lookup(scope.digest, subject.encode(), identity.encode()): identity for identity in identities
        }
        issued: dict[str, Pseudonym] = {}
        # One order for everybody: two that issue at once wait for each other instead of blocking each other.
        lookups = sorted(by_lookup)
        with self._transaction() as connection:
            for begin in range(0, len(lookups), _BATCH):
                batch = {lookup: by_lookup[lookup] for lookup in lookups[begin : begin + _BATCH]}
                issued.update(self._issue_batch(connection, scope, subject, batch))
        return issued

    def find(self, scope: ProjectScope, subject: Subject, identities: Collection[str]) -> Mapping[str, Pseudonym]:
        """Give the pseudonyms of those identities that have one; draws none."""
        by_lookup = {
            self._key.lookup(scope.digest, subject.encode(), identity.encode()): identity for identity in identities
        }
        with self._transaction() as connection:
            found = _find(connection, scope, subject, list(by_lookup))
        return {by_lookup[lookup]: pseudonym for lookup, pseudonym in found.items()}

    def identities(self, scope: ProjectScope, pseudonyms: Collection[Pseudonym]) -> Mapping[Pseudonym, str]:
        """Trace pseudonyms of a project back to who they stand for (G §8.1: the key stays with NGC)."""
        wanted = [str(pseudonym) for pseudonym in pseudonyms]
        query = sa.select(PSEUDONYM.c.pseudonym, PSEUDONYM.c.sealed_identity).where(
            PSEUDONYM.c.scope == scope.digest, PSEUDONYM.c.pseudonym.in_(wanted)
        )
        with self._transaction() as connection:
            rows = connection.execute(query).all()
        return {
            Pseudonym(value): self._key.unseal(sealed, _bound(scope, Pseudonym(value).subject, value))
            for value, sealed in rows
        }

    def pseudonyms(self, scope: ProjectScope) -> Iterator[Pseudonym]:
        """Every pseudonym of the project, persons' and samples': what an export may not contain (G §8.3)."""
        query = sa.select(PSEUDONYM.c.pseudonym).where(PSEUDONYM.c.scope == scope.digest)
        with self._transaction() as connection:
            result = connection.execution_options(yield_per=_BATCH).execute(query)
            for (value,) in result:
                yield Pseudonym(value)

    def rewriting_key(self, scope: ProjectScope) -> bytes:
        """32 bytes by which the names in this project's read headers are replaced."""
        with self._transaction():
            return self._key.derived(b"read headers" + scope.digest)

    def keep_credential(self, environment: str, user: str, credential: Credential) -> None:
        """Keep a user's credential, sealed; the one it replaces is forgotten."""
        sealed = self._key.seal(credential.secret_key, f"{environment}/{user}/{credential.access_key}".encode())
        with self._transaction() as connection:
            connection.execute(_credential_of(environment, user))
            connection.execute(
                insert(CREDENTIAL).values(
                    environment=environment, user_name=user, access_key=credential.access_key, sealed_secret=sealed
                )
            )

    def credential(self, environment: str, user: str) -> Credential | None:
        """A user's credential, or None where there is none."""
        query = sa.select(CREDENTIAL.c.access_key, CREDENTIAL.c.sealed_secret).where(
            CREDENTIAL.c.environment == environment, CREDENTIAL.c.user_name == user
        )
        with self._transaction() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        return Credential(row[0], self._key.unseal(row[1], f"{environment}/{user}/{row[0]}".encode()))

    def forget_credential(self, environment: str, user: str) -> None:
        """Forget a user's credential; harmless where there is none."""
        with self._transaction() as connection:
            connection.execute(_credential_of(environment, user))

    def _issue_batch(
        self, connection: sa.Connection, scope: ProjectScope, subject: Subject, batch: Mapping[bytes, str]
    ) -> dict[str, Pseudonym]:
        issued: dict[bytes, Pseudonym] = _find(connection, scope, subject, list(batch))
        missing = [lookup for lookup in batch if lookup not in issued]
        while missing:
            drawn = [Pseudonym.drawn(subject, os.urandom(ENTROPY_BYTES)) for _ in missing]
            connection.execute(
                _ISSUE,
                {
                    "scope": scope.digest,
                    "subject": subject.value,
                    "lookups": missing,
                    "pseudonyms": [str(pseudonym) for pseudonym in drawn],
                    "sealed": [
                        self._key.seal(batch[lookup], _bound(scope, subject, str(pseudonym)))
                        for lookup, pseudonym in zip(missing, drawn, strict=True)
                    ],
                },
            )
            # Somebody else may have been quicker; and a draw that was there already is drawn again.
            issued.update(_find(connection, scope, subject, missing))
            missing = [lookup for lookup in missing if lookup not in issued]
        return {batch[lookup]: pseudonym for lookup, pseudonym in issued.items()}

    @contextmanager
    def _transaction(self) -> Iterator[sa.Connection]:
        try:
            with self._engine.begin() as connection:
                self._hold_key_against_vault(connection)
                yield connection
        except sa.exc.DBAPIError as error:
            # The driver's text may repeat a row; only its kind is told.
            raise Unavailable(
                "The pseudonym vault was asked",
                f"its database did not answer as it should ({type(error.orig).__name__})",
                "It is tried again by itself; if it stays so, look at database `vault` and its migrations.",
            ) from None

    def _hold_key_against_vault(self, connection: sa.Connection) -> None:
        recorded = connection.execute(sa.select(SITE_KEY.c.check_value)).scalar_one_or_none()
        if recorded is None:
            if connection.execute(sa.select(PSEUDONYM.c.pseudonym).limit(1)).first() is not None:
                raise _wrong_key("it has pseudonyms and does not say which key they are sealed with")
            connection.execute(insert(SITE_KEY).values(id=1, check_value=self._key.check).on_conflict_do_nothing())
            recorded = connection.execute(sa.select(SITE_KEY.c.check_value)).scalar_one()
        if not hmac.compare_digest(bytes(recorded), self._key.check):
            raise _wrong_key("it was begun with another site key")


def vault_engine(url: str) -> sa.Engine:
    """Make an engine for `url` (`postgresql+psycopg://…`, the vault's runtime role); it connects when first used."""
    return sa.create_engine(url, pool_pre_ping=True, pool_size=2, max_overflow=4, hide_parameters=True)


def _find(
    connection: sa.Connection, scope: ProjectScope, subject: Subject, lookups: list[bytes]
) -> dict[bytes, Pseudonym]:
    rows = connection.execute(_FIND, {"scope": scope.digest, "subject": subject.value, "lookups": lookups})
    return {bytes(lookup): Pseudonym(value) for lookup, value in rows}


def _bound(scope: ProjectScope, subject: Subject, pseudonym: str) -> bytes:
    return scope.digest + f"{subject.value}/{pseudonym}".encode()


def _credential_of(environment: str, user: str) -> sa.Delete:
    return sa.delete(CREDENTIAL).where(CREDENTIAL.c.environment == environment, CREDENTIAL.c.user_name == user)


def _wrong_key(why: str) -> IntegrityFault:
    return IntegrityFault(
        "The pseudonym vault was opened",
        why,
        "Restore the site key that belongs to this vault (NGC_VAULT_SITE_KEY_FILE). Nothing was changed.",
    )
