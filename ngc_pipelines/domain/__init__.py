"""The rules of the flows. Pure: no Dagster, network, clock or environment."""
