"""The tables of database `genome`, as SQLAlchemy Core sees them; `migrations/` creates them.

Schema `genome` holds what was reported, `var_register` the latest delivery of the tissue-use register, `cohort`, which
only the pipeline's role may enter, each case's persons. Fields follow `facts/metadata_fields.csv`: what that list found
with cardinality 1 is required, what it assumes may be NULL. No coverage, quality, variants or diagnoses (G §2.2, §2.3).

Codes are not foreign keys: a report with an unknown code must be storable to be found by the inventory (GD-3).
CPR numbers compare byte by byte (collation "C"), whatever the server's locale is.
"""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData()

NUMBER = Text(collation="C")
IS_NUMBER = "~ '^[0-9]{10}$'"

patient_groups = Table(
    "patient_groups",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name_da", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("sample_types", Text, nullable=False),
    Column("status", Text, nullable=False),
    schema="genome",
)

departments = Table(
    "departments",
    metadata,
    Column("sor_code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("user_group", Text, nullable=False),
    CheckConstraint("sor_code ~ '^[0-9]{11,18}$'", name="departments_sor_code_is_digits"),
    schema="genome",
)

reports = Table(
    "reports",
    metadata,
    Column("report_id", Text, primary_key=True),
    Column("reporting_department", ForeignKey("genome.departments.sor_code"), nullable=False),
    Column("reported_on", Date, nullable=False),
    schema="genome",
)

samples = Table(
    "samples",
    metadata,
    Column("sample_key", BigInteger, Identity(always=False), primary_key=True),
    Column("sample_id", Text, nullable=False),
    Column("person_cpr", NUMBER),
    Column("person_ecpr", Text),
    Column("sex", Text, nullable=False),
    Column("age", SmallInteger, nullable=False),
    Column("patient_group", Text, nullable=False),
    Column("sample_type", Text, nullable=False),
    Column("material_type", Text, nullable=False),
    Column("sequencing_date", Date, nullable=False),
    Column("assay", Text, nullable=False),
    Column("reporting_department", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("sequencing_facility", Text, nullable=False),
    Column("clinical_or_research_origin", Text, nullable=False),
    Column("report_id", ForeignKey("genome.reports.report_id")),
    Column("requisition_id", Text),
    Column("requesting_department", Text),
    Column("interpreting_department", Text),
    Column("instrument", Text),
    Column("library_kit", Text),
    Column("read_length", SmallInteger),
    Column("consent_research", Boolean),
    UniqueConstraint("sample_id", name="samples_sample_id_key"),
    CheckConstraint(f"person_cpr {IS_NUMBER}", name="samples_person_cpr_is_a_number"),
    Index("samples_person_cpr", "person_cpr"),
    Index("samples_criteria", "patient_group", "sequencing_date"),
    schema="genome",
)

files = Table(
    "files",
    metadata,
    Column("file_id", BigInteger, Identity(always=False), primary_key=True),
    Column("sample_key", BigInteger),
    Column("kind", Text, nullable=False),
    Column("bucket", Text, nullable=False),
    Column("key", NUMBER, nullable=False),
    Column("read", SmallInteger, nullable=False),
    Column("lane", SmallInteger, nullable=False),
    Column("storage_format", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", String(64)),
    Column("md5", String(32)),
    Column("uncompressed_sha256", String(64)),
    Column("etag", Text),
    Column("version", Text),
    UniqueConstraint("bucket", "key", name="files_bucket_key_key"),
    # Reads that no sample could be told for belong to a run, never to a sample: no cohort can reach them.
    CheckConstraint("(kind = 'undetermined') = (sample_key IS NULL)", name="files_undetermined_has_no_sample"),
    CheckConstraint("kind IN ('reads', 'sidecar', 'undetermined')", name="files_kind_is_known"),
    CheckConstraint("read BETWEEN 0 AND 2 AND lane >= 0 AND size >= 0", name="files_numbers_are_in_bounds"),
    Index("files_sample_key", "sample_key"),
    schema="genome",
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("delivery_no", BigInteger, Identity(), primary_key=True),
    Column("delivery", Text, nullable=False, unique=True),
    Column("delivered_at", DateTime(timezone=True), nullable=False),
    Column("registrations", BigInteger, nullable=False),
    Column("number_references", BigInteger, nullable=False),
    Column("digest", Text, nullable=False),
    # Sums of PostgreSQL's own hashes: proof in a fraction of a second that the rows are the delivered ones.
    Column("registrations_sum", Text, nullable=False),
    Column("number_references_sum", Text, nullable=False),
    schema="var_register",
)

registrations = Table(
    "registrations",
    metadata,
    Column("cpr", NUMBER, primary_key=True),
    CheckConstraint(f"cpr {IS_NUMBER}", name="registrations_cpr_is_a_number"),
    schema="var_register",
)

number_references = Table(
    "number_references",
    metadata,
    # The key keeps an old number from leading to two persons.
    Column("old_number", NUMBER, primary_key=True),
    Column("new_number", NUMBER, nullable=False),
    CheckConstraint(
        f"old_number {IS_NUMBER} AND new_number {IS_NUMBER} AND old_number <> new_number",
        name="number_references_are_two_numbers",
    ),
    schema="var_register",
)

cases = Table(
    "cases",
    metadata,
    Column("case_key", Integer, Identity(), primary_key=True),
    Column("case_id", Text, nullable=False),
    # Digests of small cohorts stand in logs and letters; without a secret in them, numbers could be tried out.
    Column("salt", LargeBinary, nullable=False),
    # An order whose counts were told stays when its case orders anew: what is told of later ones is held against it.
    Column("replaced", Boolean, nullable=False, server_default=text("false")),
    Index("cases_case_id", "case_id", unique=True, postgresql_where=text("NOT replaced")),
    schema="cohort",
)

# One row an order whose counts were told, written before they are: sizes in distinct persons, and which of the counts
# the letter gives as numbers.
told = Table(
    "told",
    metadata,
    Column("case_key", ForeignKey("cohort.cases.case_key", ondelete="CASCADE"), primary_key=True),
    Column("persons", BigInteger, nullable=False),
    Column("kept", BigInteger, nullable=False),
    Column("registered", BigInteger, nullable=False),
    Column("kept_exactly", Boolean, nullable=False),
    Column("registered_exactly", Boolean, nullable=False),
    Column("told_at", DateTime(timezone=True), nullable=False),
    schema="cohort",
)

manifests = Table(
    "manifests",
    metadata,
    Column("case_key", ForeignKey("cohort.cases.case_key", ondelete="CASCADE"), primary_key=True),
    Column("source", Text, nullable=False),
    Column("criteria", Text),
    Column("asked", BigInteger, nullable=False),
    Column("with_data", BigInteger, nullable=False),
    Column("without_data", BigInteger, nullable=False),
    Column("invalid", BigInteger, nullable=False),
    Column("persons", BigInteger, nullable=False),
    Column("samples", BigInteger, nullable=False),
    Column("files", BigInteger, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("samples_without_number", BigInteger, nullable=False),
    Column("number_references_version", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("built_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("asked = with_data + without_data + invalid", name="manifests_account_is_closed"),
    schema="cohort",
)

var_readings = Table(
    "var_readings",
    metadata,
    Column("case_key", ForeignKey("cohort.manifests.case_key", ondelete="CASCADE"), primary_key=True),
    # 0 is the filtering that the decision binds to; every reading after it counts on.
    Column("reading", Integer, primary_key=True, autoincrement=False),
    Column("kept", BigInteger, nullable=False),
    Column("registered", BigInteger, nullable=False),
    Column("persons", BigInteger, nullable=False),
    Column("samples", BigInteger, nullable=False),
    Column("files", BigInteger, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("delivery", Text, nullable=False),
    Column("delivered_at", DateTime(timezone=True), nullable=False),
    Column("registrations", BigInteger, nullable=False),
    Column("number_references", BigInteger, nullable=False),
    Column("var_digest", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("read_at", DateTime(timezone=True), nullable=False),
    schema="cohort",
)

# The tables below hold a row a person: no foreign keys, whose triggers cost seconds a million rows; a case's rows are
# written and removed in one transaction under the case's lock. Samples stand in an array for the same reason: a table
# of their own would double what is written.
persons = Table(
    "persons",
    metadata,
    Column("case_key", Integer, primary_key=True),
    Column("cpr", NUMBER, primary_key=True),
    Column("person", NUMBER, nullable=False),
    Column("found", Text(collation="C"), nullable=False),
    # Of somebody who was asked for under two numbers, the samples stand with the first of them alone.
    Column("samples", ARRAY(BigInteger)),
    Column("files", Integer, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    CheckConstraint("found IN ('with_data', 'without_data', 'invalid')", name="persons_found_is_known"),
    schema="cohort",
)

aliases = Table(
    "aliases",
    metadata,
    Column("case_key", Integer, primary_key=True),
    Column("number", NUMBER, primary_key=True),
    Column("person", NUMBER, nullable=False),
    schema="cohort",
)

registered = Table(
    "registered",
    metadata,
    Column("case_key", Integer, primary_key=True),
    Column("person", NUMBER, primary_key=True),
    Column("reading", Integer, nullable=False, server_default=text("0")),
    schema="cohort",
)
