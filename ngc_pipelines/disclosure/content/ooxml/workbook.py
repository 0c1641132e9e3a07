"""The parts of a workbook that say what its sheets are: names, states, dates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ngc_pipelines.disclosure.content import remarks
from ngc_pipelines.disclosure.content.ooxml.markup import PartReader
from ngc_pipelines.disclosure.pieces import Opened, Text
from ngc_pipelines.disclosure.places import Place

if TYPE_CHECKING:
    from ngc_pipelines.disclosure.opening import Context


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """One sheet as the workbook lists it; `state` is `visible`, `hidden` or `veryHidden`."""

    name: str
    relation: str
    state: str


class WorkbookReader(PartReader):
    """Reads `workbook.xml`; `sheets` and `since_1904` are right at the end."""

    place_word = "defined names"

    def __init__(self, context: Context, place: Place) -> None:
        super().__init__(context, place)
        self.sheets: list[SheetEntry] = []
        self.since_1904 = False
        self._name: str | None = None
        self._hidden_name = False
        self._odd_names: list[str] = []
        self._names = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            self.sheets.append(SheetEntry(attributes.get("name", ""), relation, attributes.get("state", "visible")))
        elif name == "workbookPr":
            self.since_1904 = attributes.get("date1904") in ("1", "true")
        elif name == "definedName":
            self.end_line()
            self._name = attributes.get("name", "")
            self._hidden_name = attributes.get("hidden") in ("1", "true")
            self.line.append(f"{self._name} = ")
        super().start(name, attributes) if name != "definedName" else self.keep_attributes(name, attributes)

    def end(self, name: str) -> None:
        if name == "definedName" and self._name is not None:
            self._names += 1
            content = "".join(self.line).partition(" = ")[2].strip()
            built_in = self._name.startswith("_xlnm")
            constant = bool(content) and "!" not in content and (content[0] in '"{' or content[0].isdigit())
            if (self._hidden_name and not built_in) or constant:
                self._odd_names.append(self._name)
            self._name = None
        super().end(name)

    def finish(self) -> Iterator[Opened]:
        yield from super().finish()
        yield from self.take()
        place, context = self.place.inside("defined names"), self.context
        if self._odd_names:
            yield remarks.hidden(
                context,
                place,
                "skjulte navne eller navne med faste værdier",
                "hidden names, or names that hold a value",
                count=len(self._odd_names),
            )
        elif self._names:
            yield remarks.metadata(
                context, place, "projektmappen har definerede navne", "the workbook defines names", count=self._names
            )
        for sheet in self.sheets:
            where = self.place.inside(f"sheet '{sheet.name}'")
            if sheet.state == "hidden":
                yield remarks.hidden(context, where, "skjult ark", "hidden sheet")
            elif sheet.state == "veryHidden":
                yield remarks.hidden(
                    context,
                    where,
                    "ark, som Excel ikke viser i sin liste (meget skjult)",
                    "very hidden sheet, not shown in Excel's own list",
                )
        if self.sheets:
            yield Text(self.place.inside("sheet names"), "\n".join(sheet.name for sheet in self.sheets))
