"""Counting what is found, and writing `docs/recall.md`: places by types.

Run `python -m ngc_pipelines_tests.disclosure_places.table`.
"""

from __future__ import annotations

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
    macros,
    old_office,
    pdfs,
    pictures,
    presentations,
    texts,
    workbooks,
)
from ngc_pipelines_tests.disclosure_places.planting import CPR, KNOWN_ID, Hiding

__all__ = ["CPR", "KNOWN_ID"]
DOCUMENT = Path(__file__).parents[2] / "docs" / "recall.md"
_MODULES: dict[str, tuple[ModuleType, ...]] = {
    "xlsx": (workbooks,),
    "xlsm": (macros,),
    "docx": (documents,),
    "pptx": (presentations,),
    "pptm": (macros,),
    "pdf": (pdfs,),
    **dict.fromkeys(("png", "jpg", "gif", "bmp", "tif"), (pictures,)),
    **dict.fromkeys(("svg", "rtf", "xml"), (texts,)),
    **dict.fromkeys(("xls", "doc"), (old_office, macros)),
    "xlm": (macros,),
    "ppt": (old_office,),
}
EXTENSIONS = tuple(_MODULES)
_AS_OF = date(2026, 11, 21)


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found of one planted person."""

    hiding: Hiding
    cpr: bool
    known_id: bool

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
    yield from texts.cleans()
    yield from old_office.cleans()


@cache
def _known() -> KnownIdentifiers:
    return KnownIdentifiers.from_identifiers([KNOWN_ID])


def judged(data: bytes, extension: str) -> Judgement:
    """The checker's answer to one document."""
    source = Source(data, f"result.{extension}")
    return judge(source, extension=extension, policy=DEFAULT_POLICY, as_of=_AS_OF, known_ids=_known())


def seen(hiding: Hiding) -> Seen:
    """Whether the checker finds what is planted."""
    kinds = {finding.kind for finding in judged(hiding.data, hiding.extension).findings}
    return Seen(hiding, Kind.CPR in kinds, Kind.KNOWN_ID in kinds)


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
    lines = [
        "# What the checker finds, by hiding place and type",
        "",
        "Written by `python -m ngc_pipelines_tests.disclosure_places.table`. A CPR number and a known identifier",
        f"were planted in each place of each type; `yes` where both were found: {found} of {len(ones)} in all.",
        "Text in the pixels of pictures is not counted here: reading it takes the extra `ocr`.",
        "",
        "| place | " + " | ".join(types) + " |",
        "| --- |" + " --- |" * len(types),
    ]
    lines += [f"| {place} | " + " | ".join(row.get(kind, "") for kind in types) + " |" for place, row in cells.items()]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the table where the documentation is."""
    DOCUMENT.parent.mkdir(exist_ok=True)
    DOCUMENT.write_text(as_markdown(seen(hiding) for hiding in hidings()), encoding="utf-8")


if __name__ == "__main__":
    main()
