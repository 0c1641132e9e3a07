"""Rows about single persons: in tables, in what programs print, in code (DC-4).

`RowDetector` sees the pieces; `judging` says what a grid of cells is about.
Counting cells of published tables lives in `tables`, identifiers in `identifiers`.
"""
