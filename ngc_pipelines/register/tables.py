"""The register's tables, as SQLAlchemy Core sees them.

Here: names and columns for queries. The database itself (constraints, triggers, grants) is made by `migrations/`, and
a test holds the two to each other.
"""

import sqlalchemy as sa

SCHEMA = "register"
METADATA = sa.MetaData(schema=SCHEMA)

_TIME = sa.DateTime(timezone=True)

# Append-only. `body` is the truth; case_id, number and event are generated from it by the database.
EVENTS = sa.Table(
    "events",
    METADATA,
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("previous", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("case_id", sa.Text, sa.Computed("(body::jsonb ->> 'case')"), nullable=False),
    sa.Column("number", sa.Integer, sa.Computed("((body::jsonb ->> 'number')::integer)"), nullable=False),
    sa.Column("event", sa.Text, sa.Computed("(body::jsonb ->> 'event')"), nullable=False),
)

# One row: where the chain ends. Written by the trigger of `events` alone.
CHAIN_HEAD = sa.Table(
    "chain_head",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
)

# What the fold says about each case, kept for listings; acting assets fold the events anew.
CASES = sa.Table(
    "cases",
    METADATA,
    sa.Column("case_id", sa.Text, primary_key=True),
    sa.Column("flow", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("folder", sa.Text, nullable=False),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("opened", _TIME, nullable=False),
    sa.Column("since", _TIME, nullable=False),
    sa.Column("remind_on", sa.Date),
    sa.Column("due_on", sa.Date),
    sa.Column("closed", _TIME),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("last_hash", sa.Text, nullable=False),
)

# Who is at work on which step of a case, until when; rows of closed cases are removed.
CLAIMS = sa.Table(
    "claims",
    METADATA,
    sa.Column("case_id", sa.Text, primary_key=True),
    sa.Column("step", sa.Text, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("holder", sa.Text),
    sa.Column("until", _TIME, nullable=False),
)

# Letters, written in the transaction of the event they tell about.
OUTBOX = sa.Table(
    "outbox",
    METADATA,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("message_id", sa.Text, nullable=False, unique=True),
    sa.Column("case_id", sa.Text, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("recipient", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("written", _TIME, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("not_before", _TIME, nullable=False),
    sa.Column("claimed_by", sa.Text),
    sa.Column("sent", _TIME),
    sa.Column("trouble", sa.Text),
)
