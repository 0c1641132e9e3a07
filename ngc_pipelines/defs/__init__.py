"""Dagster and nothing else: assets, checks, sensors, schedules and resources, one file a flow."""
