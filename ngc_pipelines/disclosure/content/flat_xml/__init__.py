"""Office documents as one XML file: SpreadsheetML 2003, Word 2003, flat packages."""
