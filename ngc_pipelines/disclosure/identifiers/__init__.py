"""Identifiers of persons: CPR numbers and their replacements, known identifiers, columns that look like one."""
