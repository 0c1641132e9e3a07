"""Generators of hiding places: one planted person in each place of each type.

`planting` has what is planted and how documents are patched; a module for each
family of types writes the documents; `table` counts what the checker finds.
"""
