"""The migrations make the tables that the program knows, for the roles that may use them."""

from __future__ import annotations

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, inspect, text

from ngc_pipelines.adapters.genome_database.migrating import is_current, upgrade
from ngc_pipelines.adapters.genome_database.tables import metadata, samples
from ngc_pipelines.domain.facts import metadata_fields


def test_the_migrations_make_exactly_the_tables_of_the_program(site: Any) -> None:
    with site.owner.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_schemas": True, "version_table_schema": "genome", "compare_type": True}
        )
        differences = compare_metadata(context, metadata)
        checks = {
            check["name"]
            for table in metadata.sorted_tables
            for check in inspect(connection).get_check_constraints(table.name, schema=table.schema)
        }
    assert differences == []
    known = {
        constraint.name
        for table in metadata.sorted_tables
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }
    assert checks == known


def test_migrating_again_changes_nothing_and_the_database_is_current(site: Any, genome_database: Any) -> None:
    upgrade(genome_database.owner_url)
    with site.runtime.engine.connect() as connection:
        assert is_current(connection)


def test_what_the_field_list_assumes_is_optional_and_what_it_found_absent_is_not_there() -> None:
    fields = {field.code: field for field in metadata_fields()}
    for column in samples.columns:
        field = fields.get(column.name)
        if field is not None and field.status == "assumed" and field.cardinality.startswith("0"):
            assert column.nullable, column.name
    absent = {field.code for field in fields.values() if "ABSENT" in field.status}
    assert absent
    assert not absent & set(samples.columns.keys())


def test_the_flows_role_reads_what_was_reported_and_owns_nothing(site: Any) -> None:
    rights = text(
        "SELECT has_schema_privilege('genome', 'CREATE') OR has_schema_privilege('var_register', 'CREATE')"
        " OR has_schema_privilege('cohort', 'CREATE') OR has_table_privilege('genome.samples', 'UPDATE')"
        " OR has_table_privilege('var_register.registrations', 'DELETE')"
    )
    with site.runtime.engine.connect() as connection:
        assert connection.execute(rights).scalar_one() is False
        assert connection.execute(text("SELECT count(*) FROM genome.samples")).scalar_one() == 0
