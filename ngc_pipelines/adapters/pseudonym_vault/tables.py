"""The vault's tables. Rights: the runtime role adds and reads; it changes no row, and deletes credentials only."""

from sqlalchemy import CheckConstraint, Column, DateTime, Integer, LargeBinary, MetaData, Table, Text, func

SCHEMA = "vault"
METADATA = MetaData(schema=SCHEMA)

# Which key the rows were sealed with: one row, and by it a wrong key is known before anything is written.
SITE_KEY = Table(
    "site_key",
    METADATA,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True),
    Column("check_value", LargeBinary, nullable=False),
)

# `lookup` is keyed by scope, subject and identity: without the site key nobody can tell who a row is about, nor that
# two rows of two projects are about the same person.
PSEUDONYM = Table(
    "pseudonym",
    METADATA,
    Column("scope", LargeBinary, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("lookup", LargeBinary, primary_key=True),
    Column("pseudonym", Text, nullable=False, unique=True),
    Column("sealed_identity", LargeBinary, nullable=False),
    Column("issued_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)

CREDENTIAL = Table(
    "credential",
    METADATA,
    Column("environment", Text, primary_key=True),
    Column("user_name", Text, primary_key=True),
    Column("access_key", Text, nullable=False),
    Column("sealed_secret", LargeBinary, nullable=False),
    Column("issued_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
