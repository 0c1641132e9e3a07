"""Workbooks with macros (xlsm): every place that an ordinary one has. Macros themselves are in `macros`."""

from __future__ import annotations

from collections.abc import Iterator

from ngc_pipelines_tests.disclosure_places import workbooks
from ngc_pipelines_tests.disclosure_places.macros import project
from ngc_pipelines_tests.disclosure_places.planting import Hiding, compound, repacked, replacing

_PLAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_WITH_MACROS = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"


def with_macros(package: bytes) -> bytes:
    """The same document, said to have macros, and with a clean one."""
    return repacked(
        package,
        {"[Content_Types].xml": replacing(_PLAIN, _WITH_MACROS), "xl/vbaProject.bin": compound(project("    x = 1"))},
    )


def hidings() -> Iterator[Hiding]:
    """Every place."""
    return workbooks.hidings_in("xlsm", with_macros)


def cleans() -> Iterator[tuple[str, bytes]]:
    """Extension and twin without a secret."""
    yield "xlsm", with_macros(workbooks.clean())
