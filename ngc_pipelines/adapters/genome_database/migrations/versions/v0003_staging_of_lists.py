"""A schema of its own for what a transaction stages and drops again, so that several processors can read it.

Frozen: what comes after is a revision of its own. Temporary tables would keep a list of a million numbers to one
processor, because PostgreSQL lets nobody else read them.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE SCHEMA staging")


def downgrade() -> None:
    op.execute("DROP SCHEMA staging CASCADE")
