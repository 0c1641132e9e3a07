"""Cases, chained events, claims and the outbox; append-only is enforced here, in the database.

Three things keep an event from being changed: the runtime role has no grant to do it, a trigger refuses it to every
role including the owner, and the hash chain shows it where somebody took the trigger away.
"""

from alembic import context, op

revision = "r0001"
down_revision = None

_TABLES = """
CREATE TABLE register.events (
    seq bigint PRIMARY KEY,
    previous text NOT NULL,
    hash text NOT NULL UNIQUE,
    body text NOT NULL,
    case_id text NOT NULL GENERATED ALWAYS AS (body::jsonb ->> 'case') STORED,
    number integer NOT NULL GENERATED ALWAYS AS ((body::jsonb ->> 'number')::integer) STORED,
    event text NOT NULL GENERATED ALWAYS AS (body::jsonb ->> 'event') STORED,
    UNIQUE (case_id, number)
);
CREATE TABLE register.chain_head (
    id integer PRIMARY KEY CHECK (id = 1),
    seq bigint NOT NULL,
    hash text NOT NULL
);
INSERT INTO register.chain_head VALUES (1, 0, repeat('0', 64));
CREATE TABLE register.cases (
    case_id text COLLATE "C" PRIMARY KEY CHECK (case_id ~ '^[A-Z]{2,4}-[0-9]{4}-[0-9]{5}$'),
    flow text NOT NULL,
    state text NOT NULL,
    actor text NOT NULL,
    title text NOT NULL,
    folder text NOT NULL,
    fingerprint text NOT NULL,
    opened timestamptz NOT NULL,
    since timestamptz NOT NULL,
    remind_on date,
    due_on date,
    closed timestamptz,
    number integer NOT NULL,
    last_hash text NOT NULL
);
-- Looking for work costs as much as there are open cases, however many were closed before.
CREATE INDEX cases_open ON register.cases (flow, actor, since) WHERE closed IS NULL;
CREATE INDEX cases_remind ON register.cases (remind_on) WHERE closed IS NULL;
CREATE INDEX cases_due ON register.cases (due_on) WHERE closed IS NULL;
CREATE INDEX cases_state ON register.cases (flow, state, case_id);
CREATE INDEX cases_folder ON register.cases (folder, case_id);
CREATE UNIQUE INDEX cases_one_open_a_folder ON register.cases (flow, folder) WHERE closed IS NULL;
CREATE TABLE register.claims (
    case_id text PRIMARY KEY REFERENCES register.cases,
    step text NOT NULL,
    attempt integer NOT NULL CHECK (attempt > 0),
    failures integer NOT NULL CHECK (failures >= 0),
    holder text,
    until timestamptz NOT NULL
);
CREATE TABLE register.outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message_id text NOT NULL UNIQUE,
    case_id text NOT NULL REFERENCES register.cases,
    number integer NOT NULL,
    recipient text NOT NULL,
    subject text NOT NULL,
    text text NOT NULL,
    written timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    not_before timestamptz NOT NULL,
    claimed_by text,
    sent timestamptz,
    trouble text
);
CREATE INDEX outbox_unsent ON register.outbox (not_before, id) WHERE sent IS NULL;
CREATE INDEX outbox_case ON register.outbox (case_id, number);
-- What people decided, for reading: who, what, why, and the digest of what was judged.
CREATE VIEW register.decisions AS
SELECT seq, case_id, number, event,
       body::jsonb ->> 'at' AS at, body::jsonb ->> 'by' AS decided_by, body::jsonb ->> 'role' AS role,
       body::jsonb -> 'data' ->> 'why' AS why, body::jsonb -> 'data' ->> 'judged' AS judged, hash
FROM register.events WHERE body::jsonb ->> 'role' <> 'system';
"""

_TRIGGERS = """
CREATE FUNCTION register.extend_chain() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog AS $$
DECLARE head register.chain_head;
BEGIN
    SELECT * INTO STRICT head FROM register.chain_head WHERE id = 1 FOR UPDATE;
    IF NEW.seq <> head.seq + 1 OR NEW.previous <> head.hash
       OR (NEW.body::jsonb ->> 'seq')::bigint <> NEW.seq
       OR NEW.hash <> encode(sha256(convert_to(NEW.previous || E'\\n' || NEW.body, 'UTF8')), 'hex') THEN
        RAISE EXCEPTION 'the event does not continue the chain of the register';
    END IF;
    UPDATE register.chain_head SET seq = NEW.seq, hash = NEW.hash WHERE id = 1;
    RETURN NEW;
END $$;
CREATE FUNCTION register.refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION USING MESSAGE =
        'the register is append-only: ' || TG_OP || ' of ' || TG_TABLE_NAME || ' is refused';
END $$;
CREATE TRIGGER events_extend_chain BEFORE INSERT ON register.events
    FOR EACH ROW EXECUTE FUNCTION register.extend_chain();
CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON register.events
    FOR EACH STATEMENT EXECUTE FUNCTION register.refuse_change();
CREATE TRIGGER cases_are_kept BEFORE DELETE OR TRUNCATE ON register.cases
    FOR EACH STATEMENT EXECUTE FUNCTION register.refuse_change();
CREATE TRIGGER letters_are_kept BEFORE DELETE OR TRUNCATE ON register.outbox
    FOR EACH STATEMENT EXECUTE FUNCTION register.refuse_change();
CREATE TRIGGER head_is_kept BEFORE DELETE OR TRUNCATE ON register.chain_head
    FOR EACH STATEMENT EXECUTE FUNCTION register.refuse_change();
REVOKE ALL ON FUNCTION register.extend_chain() FROM PUBLIC;
REVOKE ALL ON FUNCTION register.refuse_change() FROM PUBLIC;
"""

_GRANTS = """
GRANT USAGE ON SCHEMA register TO {role};
GRANT SELECT, INSERT ON register.events TO {role};
GRANT SELECT ON register.chain_head, register.decisions TO {role};
GRANT SELECT, INSERT, UPDATE ON register.cases TO {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON register.claims TO {role};
GRANT SELECT, INSERT ON register.outbox TO {role};
GRANT UPDATE (attempts, not_before, claimed_by, sent, trouble) ON register.outbox TO {role};
"""


def upgrade() -> None:
    """Make the tables, their guards and the runtime role's grants."""
    role = op.get_bind().dialect.identifier_preparer.quote(context.config.attributes["runtime_role"])
    for script in (_TABLES, _TRIGGERS, _GRANTS.format(role=role)):
        op.get_bind().exec_driver_sql(script)


def downgrade() -> None:
    """Refuse: the register goes forward only."""
    raise RuntimeError("the register goes forward only: events are never dropped")
