"""Pseudonyms, the credentials of environments' users, and which key they are sealed with."""

from alembic import op

revision = "p0001"
down_revision = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE vault.site_key (
            id integer PRIMARY KEY CHECK (id = 1),
            check_value bytea NOT NULL
        );
        CREATE TABLE vault.pseudonym (
            scope bytea NOT NULL CHECK (length(scope) = 32),
            subject text NOT NULL CHECK (subject IN ('NGCP', 'NGCS')),
            lookup bytea NOT NULL CHECK (length(lookup) = 32),
            pseudonym text NOT NULL UNIQUE,
            sealed_identity bytea NOT NULL,
            issued_at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (scope, subject, lookup)
        );
        CREATE TABLE vault.credential (
            environment text NOT NULL,
            user_name text NOT NULL,
            access_key text NOT NULL,
            sealed_secret bytea NOT NULL,
            issued_at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (environment, user_name)
        );
        """
    )


def downgrade() -> None:
    raise RuntimeError("the vault goes forward only: a dropped pseudonym cannot be traced back")
