"""Counting what is found, and writing `docs/recall.md`: places by types.

Run `python -m ngc_pipelines_tests.disclosure_places.table`.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import ModuleType

from ngc_pipelines.disclosure.findings import Finding, Kind
from ngc_pipelines.disclosure.identifiers.known import KnownIdentifiers
from ngc_pipelines.disclosure.judging import Judgement, judge
from ngc_pipelines.disclosure.opening import Source
from ngc_pipelines.disclosure.policy import DEFAULT_POLICY
from ngc_pipelines_tests.disclosure_places import (
    documents,
    macro_presentations,
    macro_workbooks,
    macros,
    old_office,
    pages,
    pdfs,
    pictures,
    plain_texts,
    presentations,
    scripts,
    texts,
    workbooks,
    xml_files,
)
from ngc_pipelines_tests.disclosure_places.planting import CPR, KNOWN_ID, Hiding

__all__ = ["CPR", "KNOWN_ID"]
DOCUMENT = Path(__file__).parents[2] / "docs" / "recall.md"
_MODULES: dict[str, tuple[ModuleType, ...]] = {
    "xlsx": (workbooks,),
    "xlsm": (macros, macro_workbooks),
    "docx": (documents,),
    "pptx": (presentations,),
    "pptm": (macros, macro_presentations),
    "pdf": (pdfs,),
    **dict.fromkeys(("png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff"), (pictures,)),
    **dict.fromkeys(("svg", "rtf"), (texts,)),
    "xml": (texts, xml_files, plain_texts),
    **dict.fromkeys(("html", "htm"), (pages, plain_texts)),
    "txt": (plain_texts, scripts),
    **dict.fromkeys(("log", "tab"), (plain_texts,)),
    **dict.fromkeys(("r", "py"), (scripts, plain_texts)),
    **dict.fromkeys(("xls", "doc"), (old_office, macros)),
    "xlm": (macros, old_office),
    "ppt": (old_office,),
}
EXTENSIONS = tuple(_MODULES)
_AS_OF = date(2026, 11, 21)

_TEXTS = ("txt", "log", "tab", "r", "py", "html", "htm", "xml")
MISSED: dict[str, tuple[str, ...]] = {
    "strokes through letters": _TEXTS,
    "keycaps": _TEXTS,
    "broken over lines": _TEXTS,
    "zstd in base64": ("log",),
    "EBCDIC": ("tab",),
    "code: number without its zero": ("r", "py"),
    "code: letters one by one": ("r", "py"),
}
"""Places that are known to be missed, and in which types: no other may be."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found of one planted person."""

    hiding: Hiding
    cpr: bool
    known_id: bool
    repeated: bool

    @property
    def whole(self) -> bool:
        """Both the CPR number and the known identifier were found."""
        return self.cpr and self.known_id


def hidings() -> Iterator[Hiding]:
    """Every planted document of every type."""
    for extension in _MODULES:
        yield from hidings_of(extension)


def hidings_of(extension: str) -> Iterator[Hiding]:
    """Every planted document of one type."""
    for module in _MODULES[extension]:
        yield from (hiding for hiding in module.hidings() if hiding.extension == extension)


def cleans() -> Iterator[tuple[str, bytes]]:
    """Extension and clean twin of every type."""
    yield "xlsx", workbooks.clean()
    yield "docx", documents.clean()
    yield "pptx", presentations.clean()
    yield "pdf", pdfs.clean()
    for extension, kind in (("png", "PNG"), ("jpg", "JPEG"), ("gif", "GIF"), ("bmp", "BMP"), ("tif", "TIFF")):
        yield extension, pictures.clean(kind)
    for module in (texts, old_office, macro_workbooks, macro_presentations, plain_texts, pages, xml_files):
        yield from module.cleans()


@cache
def _known() -> KnownIdentifiers:
    return KnownIdentifiers.from_identifiers([KNOWN_ID])


def judged(data: bytes, extension: str) -> Judgement:
    """The checker's answer to one document."""
    source = Source(data, f"result.{extension}")
    return judge(source, extension=extension, policy=DEFAULT_POLICY, as_of=_AS_OF, known_ids=_known())


def seen(hiding: Hiding) -> Seen:
    """Whether the checker finds what is planted."""
    findings = judged(hiding.data, hiding.extension).findings
    kinds = {finding.kind for finding in findings}
    told = " ".join(
        f"{finding.where} {finding.message} {finding.advice} {finding.masked} {finding.places}" for finding in findings
    )
    return Seen(hiding, Kind.CPR in kinds, Kind.KNOWN_ID in kinds, CPR in told or KNOWN_ID in told)


def blocking(findings: Iterable[Finding]) -> list[Finding]:
    """Findings that would block."""
    return [finding for finding in findings if finding.severity.word == "block"]


def summary(results: Iterable[Seen]) -> list[str]:
    """A line for each type: found of all, and the missed by name."""
    by_type: dict[str, list[Seen]] = defaultdict(list)
    for one in results:
        by_type[one.hiding.extension].append(one)
    lines = []
    for extension, ones in by_type.items():
        missed = [one.hiding.place for one in ones if not one.whole]
        line = f"{extension}: {len(ones) - len(missed)} of {len(ones)} hiding places"
        lines.append(f"{line}; missed: {', '.join(missed)}" if missed else line)
    return lines


def as_markdown(results: Iterable[Seen]) -> str:
    """The whole table: a row for each place, a column for each type."""
    ones = list(results)
    types = list(dict.fromkeys(one.hiding.extension for one in ones))
    cells: dict[str, dict[str, str]] = defaultdict(dict)
    for one in ones:
        cells[one.hiding.place][one.hiding.extension] = "yes" if one.whole else "**no**"
    found = sum(one.whole for one in ones)
    missed = [one.hiding.id for one in ones if not one.whole]
    lines = [
        "# What the checker finds, by hiding place and type",
        "",
        "Written by `python -m ngc_pipelines_tests.disclosure_places.table`. A CPR number and a known identifier",
        f"were planted in each place of each type; `yes` where both were found: {found} of {len(ones)} in all.",
        "Text in the pixels of pictures is not counted here: reading it takes the extra `ocr`.",
        "",
        f"Missed: {'; '.join(missed) or 'none'}.",
        "",
        "| place | " + " | ".join(types) + " |",
        "| --- |" + " --- |" * len(types),
    ]
    lines += [f"| {place} | " + " | ".join(row.get(kind, "") for kind in types) + " |" for place, row in cells.items()]
    return "\n".join(lines) + "\n"


def as_summary(results: Iterable[Seen]) -> str:
    """A row for each type: how many places, and in how many both were found."""
    ones = list(results)
    lines = ["| type | places | found |", "| --- | --- | --- |"]
    for extension in dict.fromkeys(one.hiding.extension for one in ones):
        of_type = [one.whole for one in ones if one.hiding.extension == extension]
        lines.append(f"| {extension} | {len(of_type)} | {sum(of_type)} |")
    lines.append(f"| all | {len(ones)} | {sum(one.whole for one in ones)} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the table where the documentation is, and print its summary."""
    results = [seen(hiding) for hiding in hidings()]
    DOCUMENT.parent.mkdir(exist_ok=True)
    DOCUMENT.write_text(as_markdown(results), encoding="utf-8")
    sys.stdout.write(as_summary(results))


if __name__ == "__main__":
    main()
