"""Exact ranges of unknown whole numbers under linear relations.

Knows numbers alone: no tables, labels or files.
"""
