"""The schemas genome, var_register and cohort, and the view of each person's outcome.

Frozen: what comes after is a revision of its own. The reasons stand beside the tables in `tables.py`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


OUTCOMES = """
CREATE VIEW cohort.outcomes AS
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


def upgrade() -> None:
    op.execute("CREATE SCHEMA IF NOT EXISTS genome")
    op.execute("CREATE SCHEMA var_register")
    op.execute("CREATE SCHEMA cohort")
    op.create_table(
        "aliases",
        sa.Column("case_key", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(collation="C"), nullable=False),
        sa.Column("person", sa.Text(collation="C"), nullable=False),
        sa.PrimaryKeyConstraint("case_key", "number"),
        schema="cohort",
    )
    op.create_table(
        "cases",
        sa.Column("case_key", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("case_key"),
        sa.UniqueConstraint("case_id"),
        schema="cohort",
    )
    op.create_table(
        "persons",
        sa.Column("case_key", sa.Integer(), nullable=False),
        sa.Column("cpr", sa.Text(collation="C"), nullable=False),
        sa.Column("person", sa.Text(collation="C"), nullable=False),
        sa.Column("found", sa.Text(collation="C"), nullable=False),
        sa.Column("samples", sa.ARRAY(sa.BigInteger())),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("found IN ('with_data', 'without_data', 'invalid')", name="persons_found_is_known"),
        sa.PrimaryKeyConstraint("case_key", "cpr"),
        schema="cohort",
    )
    op.create_table(
        "registered",
        sa.Column("case_key", sa.Integer(), nullable=False),
        sa.Column("person", sa.Text(collation="C"), nullable=False),
        sa.Column("reading", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("case_key", "person"),
        schema="cohort",
    )
    op.create_table(
        "departments",
        sa.Column("sor_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("user_group", sa.Text(), nullable=False),
        sa.CheckConstraint("sor_code ~ '^[0-9]{11,18}$'", name="departments_sor_code_is_digits"),
        sa.PrimaryKeyConstraint("sor_code"),
        schema="genome",
    )
    op.create_table(
        "files",
        sa.Column("file_id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("sample_key", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("bucket", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(collation="C"), nullable=False),
        sa.Column("read", sa.SmallInteger(), nullable=False),
        sa.Column("lane", sa.SmallInteger(), nullable=False),
        sa.Column("storage_format", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("md5", sa.String(length=32), nullable=True),
        sa.Column("uncompressed_sha256", sa.String(length=64), nullable=True),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("version", sa.Text(), nullable=True),
        sa.CheckConstraint("(kind = 'undetermined') = (sample_key IS NULL)", name="files_undetermined_has_no_sample"),
        sa.CheckConstraint("kind IN ('reads', 'sidecar', 'undetermined')", name="files_kind_is_known"),
        sa.CheckConstraint("read BETWEEN 0 AND 2 AND lane >= 0 AND size >= 0", name="files_numbers_are_in_bounds"),
        sa.PrimaryKeyConstraint("file_id"),
        sa.UniqueConstraint("bucket", "key", name="files_bucket_key_key"),
        schema="genome",
    )
    op.create_index("files_sample_key", "files", ["sample_key"], unique=False, schema="genome")
    op.create_table(
        "patient_groups",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_da", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("sample_types", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code"),
        schema="genome",
    )
    op.create_table(
        "deliveries",
        sa.Column("delivery_no", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("delivery", sa.Text(), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registrations", sa.BigInteger(), nullable=False),
        sa.Column("number_references", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("registrations_sum", sa.Text(), nullable=False),
        sa.Column("number_references_sum", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("delivery_no"),
        sa.UniqueConstraint("delivery"),
        schema="var_register",
    )
    op.create_table(
        "number_references",
        sa.Column("old_number", sa.Text(collation="C"), nullable=False),
        sa.Column("new_number", sa.Text(collation="C"), nullable=False),
        sa.CheckConstraint(
            "old_number ~ '^[0-9]{10}$' AND new_number ~ '^[0-9]{10}$' AND old_number <> new_number",
            name="number_references_are_two_numbers",
        ),
        sa.PrimaryKeyConstraint("old_number"),
        schema="var_register",
    )
    op.create_table(
        "registrations",
        sa.Column("cpr", sa.Text(collation="C"), nullable=False),
        sa.CheckConstraint("cpr ~ '^[0-9]{10}$'", name="registrations_cpr_is_a_number"),
        sa.PrimaryKeyConstraint("cpr"),
        schema="var_register",
    )
    op.create_table(
        "manifests",
        sa.Column("case_key", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("criteria", sa.Text(), nullable=True),
        sa.Column("asked", sa.BigInteger(), nullable=False),
        sa.Column("with_data", sa.BigInteger(), nullable=False),
        sa.Column("without_data", sa.BigInteger(), nullable=False),
        sa.Column("invalid", sa.BigInteger(), nullable=False),
        sa.Column("persons", sa.BigInteger(), nullable=False),
        sa.Column("samples", sa.BigInteger(), nullable=False),
        sa.Column("files", sa.BigInteger(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("samples_without_number", sa.BigInteger(), nullable=False),
        sa.Column("number_references_version", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("built_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("asked = with_data + without_data + invalid", name="manifests_account_is_closed"),
        sa.ForeignKeyConstraint(["case_key"], ["cohort.cases.case_key"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("case_key"),
        schema="cohort",
    )
    op.create_table(
        "reports",
        sa.Column("report_id", sa.Text(), nullable=False),
        sa.Column("reporting_department", sa.Text(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reporting_department"],
            ["genome.departments.sor_code"],
        ),
        sa.PrimaryKeyConstraint("report_id"),
        schema="genome",
    )
    op.create_table(
        "var_readings",
        sa.Column("case_key", sa.Integer(), nullable=False),
        sa.Column("reading", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kept", sa.BigInteger(), nullable=False),
        sa.Column("registered", sa.BigInteger(), nullable=False),
        sa.Column("persons", sa.BigInteger(), nullable=False),
        sa.Column("samples", sa.BigInteger(), nullable=False),
        sa.Column("files", sa.BigInteger(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("delivery", sa.Text(), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registrations", sa.BigInteger(), nullable=False),
        sa.Column("number_references", sa.BigInteger(), nullable=False),
        sa.Column("var_digest", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_key"], ["cohort.manifests.case_key"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("case_key", "reading"),
        schema="cohort",
    )
    op.create_table(
        "samples",
        sa.Column("sample_key", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("sample_id", sa.Text(), nullable=False),
        sa.Column("person_cpr", sa.Text(collation="C"), nullable=True),
        sa.Column("person_ecpr", sa.Text(), nullable=True),
        sa.Column("sex", sa.Text(), nullable=False),
        sa.Column("age", sa.SmallInteger(), nullable=False),
        sa.Column("patient_group", sa.Text(), nullable=False),
        sa.Column("sample_type", sa.Text(), nullable=False),
        sa.Column("material_type", sa.Text(), nullable=False),
        sa.Column("sequencing_date", sa.Date(), nullable=False),
        sa.Column("assay", sa.Text(), nullable=False),
        sa.Column("reporting_department", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("sequencing_facility", sa.Text(), nullable=False),
        sa.Column("clinical_or_research_origin", sa.Text(), nullable=False),
        sa.Column("report_id", sa.Text(), nullable=True),
        sa.Column("requisition_id", sa.Text(), nullable=True),
        sa.Column("requesting_department", sa.Text(), nullable=True),
        sa.Column("interpreting_department", sa.Text(), nullable=True),
        sa.Column("instrument", sa.Text(), nullable=True),
        sa.Column("library_kit", sa.Text(), nullable=True),
        sa.Column("read_length", sa.SmallInteger(), nullable=True),
        sa.Column("consent_research", sa.Boolean(), nullable=True),
        sa.CheckConstraint("person_cpr ~ '^[0-9]{10}$'", name="samples_person_cpr_is_a_number"),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["genome.reports.report_id"],
        ),
        sa.PrimaryKeyConstraint("sample_key"),
        sa.UniqueConstraint("sample_id", name="samples_sample_id_key"),
        schema="genome",
    )
    op.create_index("samples_criteria", "samples", ["patient_group", "sequencing_date"], unique=False, schema="genome")
    op.create_index("samples_person_cpr", "samples", ["person_cpr"], unique=False, schema="genome")
    op.execute(OUTCOMES)


def downgrade() -> None:
    op.execute("DROP SCHEMA cohort CASCADE")
    op.execute("DROP SCHEMA var_register CASCADE")
    for table in ("files", "samples", "reports", "departments", "patient_groups"):
        op.drop_table(table, schema="genome")
