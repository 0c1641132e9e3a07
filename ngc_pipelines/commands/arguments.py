"""What several commands read from their command lines, with words for what was typed wrong.

Here: types for `argparse`, and showing a file's name. Not here: any command's own arguments.
"""

import argparse
from datetime import date


def day(text: str) -> date:
    """Read a day as YYYY-MM-DD; bad usage where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("a day is written YYYY-MM-DD and must exist in the calendar") from None


def at_least_one(text: str) -> int:
    """Read a whole number of 1 or more; bad usage where it is none."""
    if not (text.isascii() and text.isdigit() and int(text) >= 1):
        raise argparse.ArgumentTypeError("a whole number of 1 or more is needed")
    return int(text)


def printable(name: object) -> str:
    """Show a name from outside on one line, without characters that steer a terminal."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in str(name))
