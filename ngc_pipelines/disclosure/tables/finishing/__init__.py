"""Finished tables: a document's tables with cells blanked, merged or rounded, written in the document's own layout."""
