"""Alembic migrations of database `genome`. Run through `adapters/genome_database/migrating.py`."""
