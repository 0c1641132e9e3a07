"""PDF: every object and stream, every page's text, earlier revisions, vector marks.

`opener` drives; `objects` walks what the file stores, `pages` reads what a
page shows or hides, `marks` reads drawings back, `grids` finds tables.
"""
