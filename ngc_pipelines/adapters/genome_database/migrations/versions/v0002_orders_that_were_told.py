"""Orders whose counts were told stay when their case orders anew, so that later counts can be held against them.

Frozen: what comes after is a revision of its own. The reasons stand beside the tables in `tables.py`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


# The view's columns are those of revision 0001; an order that was replaced is not the case's any more.
OUTCOMES = """
CREATE OR REPLACE VIEW cohort.outcomes AS
SELECT c.case_id, p.cpr, p.person,
       CASE WHEN p.found = 'invalid' THEN 'invalid'
            WHEN r.person IS NOT NULL THEN 'registered'
            WHEN p.found = 'without_data' THEN 'without_data'
            ELSE 'kept' END AS outcome,
       r.reading
FROM cohort.persons p
JOIN cohort.cases c USING (case_key)
LEFT JOIN cohort.registered r USING (case_key, person)
"""

# Which of the orders from before were told is not known here, nor how: each is taken as told, number by number.
TOLD_BEFORE = """
INSERT INTO cohort.told (case_key, persons, kept, registered, kept_exactly, registered_exactly, told_at)
SELECT v.case_key, count(DISTINCT p.person), count(DISTINCT p.person) FILTER (WHERE r.person IS NULL AND p.has_data),
       count(DISTINCT r.person), true, true, v.read_at
FROM cohort.var_readings v
JOIN (SELECT case_key, person, found, samples IS NOT NULL AS has_data FROM cohort.persons) p USING (case_key)
LEFT JOIN cohort.registered r ON r.case_key = p.case_key AND r.person = p.person AND r.reading = 0
WHERE v.reading = 0 AND p.found <> 'invalid'
GROUP BY v.case_key, v.read_at
"""


def upgrade() -> None:
    op.add_column(
        "cases",
        sa.Column("replaced", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        schema="cohort",
    )
    op.drop_constraint("cases_case_id_key", "cases", schema="cohort")
    op.create_index(
        "cases_case_id",
        "cases",
        ["case_id"],
        unique=True,
        schema="cohort",
        postgresql_where=sa.text("NOT replaced"),
    )
    op.create_table(
        "told",
        sa.Column("case_key", sa.Integer(), nullable=False),
        sa.Column("persons", sa.BigInteger(), nullable=False),
        sa.Column("kept", sa.BigInteger(), nullable=False),
        sa.Column("registered", sa.BigInteger(), nullable=False),
        sa.Column("kept_exactly", sa.Boolean(), nullable=False),
        sa.Column("registered_exactly", sa.Boolean(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_key"], ["cohort.cases.case_key"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("case_key"),
        schema="cohort",
    )
    op.execute(TOLD_BEFORE)
    op.execute(f"{OUTCOMES} WHERE NOT c.replaced")


def downgrade() -> None:
    op.execute(OUTCOMES)
    op.drop_table("told", schema="cohort")
    # An order that was replaced has no place in the revision before; its rows bear no case without it.
    for table in ("persons", "aliases", "registered"):
        op.execute(f"DELETE FROM cohort.{table} WHERE case_key IN (SELECT case_key FROM cohort.cases WHERE replaced)")
    op.execute("DELETE FROM cohort.cases WHERE replaced")
    op.drop_index("cases_case_id", "cases", schema="cohort")
    op.create_unique_constraint("cases_case_id_key", "cases", ["case_id"], schema="cohort")
    op.drop_column("cases", "replaced", schema="cohort")
