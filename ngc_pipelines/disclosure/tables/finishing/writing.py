"""Writing a finished table: never over its original, never before it was audited again from disk.

The document is written beside its goal, read back by the reader that everybody
uses, compared with what was planned and audited; only then it gets its name.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from tempfile import NamedTemporaryFile

from ngc_pipelines.disclosure.findings import Words
from ngc_pipelines.disclosure.pieces import Table
from ngc_pipelines.disclosure.tables.finishing.changes import CannotWrite, GridChanges, Place, Written
from ngc_pipelines.disclosure.tables.finishing.delimited import finished_text
from ngc_pipelines.disclosure.tables.finishing.document import Document, read_document, text_at
from ngc_pipelines.disclosure.tables.finishing.leftover import mark_numbers_beside, refuse_told
from ngc_pipelines.disclosure.tables.finishing.marks import NEUTRAL_MARKS
from ngc_pipelines.disclosure.tables.finishing.neighbours import told_by_neighbours
from ngc_pipelines.disclosure.tables.finishing.secrets import Secrets, gone_spots, secrets_of
from ngc_pipelines.disclosure.tables.reading.files import NoTable

WRITERS: Mapping[str, str] = {
    ".xlsx": "xlsx",
    ".csv": "text",
    ".tsv": "text",
    ".tab": "text",
    ".txt": "text",
    ".html": "html",
    ".htm": "html",
}


@dataclass(frozen=True, slots=True)
class Goal:
    """Where a finished table goes.

    Args:
        path: its file; of the same type as the original.
        force: whether an existing file may be replaced.
    """

    path: Path
    force: bool = False


def refuse_goal(original: Path, goal: Goal) -> None:
    """Settle before any work whether the goal can be written.

    Raises:
        CannotWrite: says why it cannot.
    """
    suffix = original.suffix.lower()
    if suffix not in WRITERS:
        types = ", ".join(sorted(kind[1:] for kind in WRITERS))
        raise CannotWrite(
            Words(
                f"En færdig tabel kan ikke skrives som {suffix or 'fil uden endelse'}; typerne er {types}.",
                f"A finished table cannot be written as {suffix or 'a file without extension'}; types are {types}.",
            )
        )
    if goal.path.suffix.lower() != suffix:
        raise CannotWrite(
            Words(
                f"Den færdige tabel skrives i originalens format; kald den noget på {suffix}.",
                f"The finished table is written in the original's format; give it a name ending in {suffix}.",
            )
        )
    if goal.path.exists() and original.exists() and goal.path.samefile(original):
        raise CannotWrite(
            Words("Originalen skrives ikke over; vælg et andet navn.", "The original is not written over.")
        )
    if os.path.lexists(goal.path) and not goal.force:
        raise _exists(goal)
    if goal.path.exists() and not goal.path.is_file():
        raise CannotWrite(
            Words(f"{goal.path} er ikke en almindelig fil.", f"{goal.path} is no ordinary file; choose another name.")
        )
    if not goal.path.parent.is_dir():
        raise CannotWrite(
            Words(f"Mappen {goal.path.parent} findes ikke.", f"The folder {goal.path.parent} does not exist.")
        )


def write_finished(
    document: Document,
    changes: Sequence[GridChanges],
    goal: Goal,
    audited_again: Callable[[Document], Sequence[GridChanges] | None],
    rounds: int = 4,
    told: Sequence[int] = (),
) -> Written:
    """Write a document's finished tables; at the goal stands a protected document, or nothing new.

    Args:
        audited_again: told the document as it was read back; gives None where
            it is protected, and what to change further where it is not.
        rounds: how often it is changed further.
        told: values of blanked cells that could be calculated before.

    Raises:
        CannotWrite: where the written document is not what was planned, or
            is not protected.
        OSError: where the disk does not take it.
    """
    original, secrets = document.path, Secrets()
    part = _beside(goal.path)
    left: list[Words] = []
    try:
        for number in range(rounds):
            secrets |= secrets_of(document, changes, told)
            changes, marked = mark_numbers_beside(document, changes, secrets)
            if marked:
                left.append(
                    Words(
                        f"{marked} tal ved siden af tabellerne, som gav en blændet celle, blev til mærker",
                        f"{marked} numbers beside the tables that told a blanked cell became marks",
                    )
                )
            written = _written(document.path, changes, secrets)
            left += [words for words in written.left_behind if words not in left]
            part.write_bytes(written.data)
            back = _read_back(part)
            _refuse_other_changes(changes, back)
            refuse_told(back, secrets)
            _refuse_neighbours(document, back, changes)
            further = audited_again(back)
            if further is None:
                _name(part, goal, original)
                return Written(written.data, tuple(left))
            if number + 1 < rounds:
                document, changes = Document(part, back.grids, back.homes), further
        raise CannotWrite(
            Words(
                "Tabellen er ikke beskyttet, efter at den er ændret; intet er skrevet.",
                "The table is not protected after it was changed; nothing was written.",
            )
        )
    finally:
        part.unlink(missing_ok=True)


def _beside(goal: Path) -> Path:
    """A file of one's own in the goal's folder, with its extension."""
    with NamedTemporaryFile(dir=goal.parent, prefix=".", suffix=goal.suffix, delete=False) as made:
        return Path(made.name)


def _written(path: Path, changes: Sequence[GridChanges], secrets: Secrets) -> Written:
    data, kind = path.read_bytes(), WRITERS[path.suffix.lower()]
    if kind == "xlsx":
        from ngc_pipelines.disclosure.tables.finishing.xlsx.workbook import finished_workbook

        return finished_workbook(data, changes, secrets)
    if kind == "html":
        from ngc_pipelines.disclosure.tables.finishing.html import finished_page

        return finished_page(data, changes, secrets)
    return finished_text(data, changes, secrets)


def _read_back(part: Path) -> Document:
    try:
        return read_document(part)
    except NoTable as fault:
        raise CannotWrite(
            Words(f"Den skrevne tabel kunne ikke læses igen: {fault}.", f"What was written cannot be read: {fault}.")
        ) from fault


def _refuse_other_changes(changes: Sequence[GridChanges], back: Document) -> None:
    """Every cell of a grid with tables is what was planned, and every other one is what it was."""
    for one in changes:
        if not one.audited:
            continue
        again = _same_grid(one, back.grids)
        if again is None and one.grid.hidden is not None:
            continue  # hidden sheets are left behind
        if again is None:
            raise CannotWrite(
                Words(
                    f"Tabellen i {one.grid.place} er ikke i det skrevne; intet er skrevet.",
                    f"The table in {one.grid.place} is not in what was written; nothing was written.",
                )
            )
        for place, text in _planned(one).items():
            found = text_at(again, place)
            # Beside the tables, what nobody sees is emptied and what follows from blanked cells is marked.
            taken = found in ("", NEUTRAL_MARKS[0]) and place not in one.audited and place not in one.texts
            if not _same(found, text.strip()) and not taken:
                raise CannotWrite(
                    Words(
                        f"Det skrevne er ikke det planlagte ({again.where(*place)}); intet er skrevet.",
                        f"What was written is not what was planned ({again.where(*place)}); nothing was written.",
                    )
                )


def _refuse_neighbours(document: Document, back: Document, changes: Sequence[GridChanges]) -> None:
    # Once rounded, no number is exact any more; the audit of rounding looks at what remains.
    if any(one.notes for one in changes):
        return
    where = told_by_neighbours(document, back, gone_spots(document, changes))
    if where:
        raise CannotWrite(
            Words(
                f"Andre tal giver en blændet celle tilbage ({'; '.join(where[:5])}), som forskelle, kumulerede tal "
                "eller samme tal i en anden tabel: tag dem ud af originalen.",
                f"Other numbers give a blanked cell back ({'; '.join(where[:5])}), as differences, cumulated counts "
                "or the same number in another table: take them out of the original.",
            )
        )


def _same(found: str, planned: str) -> bool:
    """Whether two cells show the same; a workbook keeps 30.0 as 30."""
    if found == planned:
        return True
    try:
        return Decimal(found) == Decimal(planned)
    except InvalidOperation:
        return False


def _same_grid(one: GridChanges, grids: Sequence[Table]) -> Table | None:
    """The grid that was read back in place of one; places begin with the file's own name."""
    moved = sum(1 for _ in one.notes) if one.grid.addressing == "line" else 0
    for grid in grids:
        if grid.place.steps[1:] == one.grid.place.steps[1:] and grid.first_row == one.grid.first_row + moved:
            return grid
    return None


def _planned(one: GridChanges) -> dict[Place, str]:
    """Every cell of the grid as it is to be read back."""
    planned = {
        (row, column): text_at(one.grid, (row, column))
        for row, cells in enumerate(one.grid.rows)
        for column in range(len(cells))
    } | one.texts
    lines = one.grid.addressing == "line"
    for strip in sorted(one.strips, key=lambda strip: -strip.at):
        taken = {to: planned.get(source, "") if source else "" for to, source in strip.moves()}
        planned.update(taken)
    return planned if not lines else {place: text for place, text in planned.items() if text}


def _name(part: Path, goal: Goal, original: Path) -> None:
    """Give the document its name; at once, and over nothing that was not to be replaced."""
    # Whoever may not read the original may not read what was made of it.
    part.chmod(original.stat().st_mode & 0o666 & ~_umask())
    with part.open("rb") as written:
        os.fsync(written.fileno())
    if goal.force:
        part.replace(goal.path)
        return
    try:
        os.link(part, goal.path)
    except FileExistsError:
        raise _exists(goal) from None
    except OSError:  # a file system without links: an empty file of that name is taken first
        try:
            goal.path.touch(mode=0o600, exist_ok=False)
        except FileExistsError:
            raise _exists(goal) from None
        try:
            part.replace(goal.path)
        except BaseException:
            goal.path.unlink(missing_ok=True)
            raise


def _exists(goal: Goal) -> CannotWrite:
    return CannotWrite(
        Words(f"{goal.path} findes allerede; brug --force.", f"{goal.path} exists already; use --force.")
    )


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
