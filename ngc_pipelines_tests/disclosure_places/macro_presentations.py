"""Presentations with macros (pptm): every place that an ordinary one has. Macros themselves are in `macros`."""

from __future__ import annotations

from collections.abc import Iterator

from ngc_pipelines_tests.disclosure_places import presentations
from ngc_pipelines_tests.disclosure_places.macros import project
from ngc_pipelines_tests.disclosure_places.planting import Hiding, compound, repacked, replacing

_PLAIN = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
_WITH_MACROS = "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml"


def with_macros(package: bytes) -> bytes:
    """The same document, said to have macros, and with a clean one."""
    return repacked(
        package,
        {"[Content_Types].xml": replacing(_PLAIN, _WITH_MACROS), "ppt/vbaProject.bin": compound(project("    x = 1"))},
    )


def hidings() -> Iterator[Hiding]:
    """Every place."""
    return presentations.hidings_in("pptm", with_macros)


def cleans() -> Iterator[tuple[str, bytes]]:
    """Extension and twin without a secret."""
    yield "pptm", with_macros(presentations.clean())
