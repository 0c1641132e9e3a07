"""The disclosure checker: files in, findings out.

A library that stands alone: no Dagster, no database, no network. Nothing here
acts on a finding; the flows and people do.
"""
