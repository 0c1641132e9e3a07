"""Alembic's migrations of database `vault`; run by `migrating.upgrade`."""
