"""SVG: its words, its marks read back, and what it carries or would run.

`opener` reads the document, `geometry` knows transforms and outlines, `marks`
gathers what was drawn into series.
"""
