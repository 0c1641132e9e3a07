"""Compound files: doc, xls, ppt, and whatever else comes in that container.

`opener` walks all streams; `workbooks`, `documents` and `slides` read what each
program writes; `macros` gives the source of VBA. Every stream is also searched
for readable strings and for files inside it.
"""
