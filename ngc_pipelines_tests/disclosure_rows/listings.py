"""How programs print a table: R, pandas, Stata, SAS, SQL clients, editors."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence

from ngc_pipelines.disclosure.pieces import Cell

Names = Sequence[str]
Body = Sequence[Sequence[Cell]]


def r_frame(names: Names, rows: Body) -> str:
    """`print(data.frame)`."""
    return _right(["", *names], [[str(i), *map(str, row)] for i, row in enumerate(rows, 1)])


def pandas_frame(names: Names, rows: Body) -> str:
    """`print(df)`, by pandas itself."""
    import pandas as pd

    return pd.DataFrame(list(rows), columns=list(names)).to_string()


def pandas_indexed(names: Names, rows: Body) -> str:
    """A data frame whose first column is its index."""
    import pandas as pd

    return pd.DataFrame(list(rows), columns=list(names)).set_index(names[0]).to_string()


def tibble(names: Names, rows: Body) -> str:
    """A tibble: types beneath the names, texts left-aligned."""
    types = [_r_type(row) for row in rows[0]]
    cells = [["", *names], ["", *types], *([str(i), *map(str, row)] for i, row in enumerate(rows, 1))]
    widths = [max(len(row[c]) for row in cells) for c in range(len(cells[0]))]
    left = [False, *(kind == "<chr>" for kind in types)]
    lines = [
        " ".join(cell.ljust(w) if flag else cell.rjust(w) for cell, w, flag in zip(row, widths, left, strict=True))
        for row in cells
    ]
    return f"# A tibble: {len(rows)} × {len(names)}\n" + "\n".join(lines)


def data_table(names: Names, rows: Body) -> str:
    """R's data.table."""
    return _right(["", *names], [[f"{i}:", *map(str, row)] for i, row in enumerate(rows, 1)])


def str_listing(names: Names, rows: Body) -> str:
    """R's `str()`."""
    lines = [f"'data.frame':\t{len(rows)} obs. of  {len(names)} variables:"]
    width = max(map(len, names))
    for index, name in enumerate(names):
        column = [row[index] for row in rows][:10]
        kind = {"<int>": "int", "<dbl>": "num", "<chr>": "chr"}[_r_type(column[0])]
        said = [f'"{value}"' if kind == "chr" else str(value) for value in column]
        lines.append(f" $ {name.ljust(width)}: {kind}  {' '.join(said)} ...")
    return "\n".join(lines)


def glimpse(names: Names, rows: Body) -> str:
    """dplyr's `glimpse()`."""
    lines = [f"Rows: {len(rows)}", f"Columns: {len(names)}"]
    for index, name in enumerate(names):
        column = [row[index] for row in rows][:8]
        said = [f'"{value}"' if isinstance(value, str) else str(value) for value in column]
        lines.append(f"$ {name} {_r_type(column[0])} {', '.join(said)}, …")
    return "\n".join(lines)


def stata_list(names: Names, rows: Body) -> str:
    """Stata's `list`, in its box."""
    widths = [max(len(name), *(len(str(row[i])) for row in rows)) for i, name in enumerate(names)]
    rule = "-" * (sum(widths) + 3 * len(widths))
    lines = [f"     +{rule}+", "     | " + "   ".join(n.rjust(w) for n, w in zip(names, widths, strict=True)) + "  |"]
    lines.append(f"     |{rule}|")
    for number, row in enumerate(rows, 1):
        if number > 1 and number % 5 == 1:
            lines.append(f"     |{rule}|")
        cells = "   ".join(str(c).rjust(w) for c, w in zip(row, widths, strict=True))
        lines.append(f"{number:3}. | {cells}  |")
    return "\n".join([*lines, f"     +{rule}+"])


def stata_clean(names: Names, rows: Body) -> str:
    """Stata's `list, clean`."""
    return _right(["", *names], [[f"{i}.", *map(str, row)] for i, row in enumerate(rows, 1)], gap="   ")


def sas_print(names: Names, rows: Body) -> str:
    """SAS's PROC PRINT."""
    text = _right(["Obs", *names], [[str(i), *map(str, row)] for i, row in enumerate(rows, 1)], gap="    ")
    header, _, body = text.partition("\n")
    return f"                 The SAS System\n\n{header}\n\n{body}"


def psql(names: Names, rows: Body) -> str:
    """PostgreSQL's client."""
    widths = [max(len(name), *(len(str(row[i])) for row in rows)) for i, name in enumerate(names)]
    lines = [" | ".join(n.center(w) for n, w in zip(names, widths, strict=True)), "-+-".join("-" * w for w in widths)]
    lines += [" | ".join(str(c).ljust(w) for c, w in zip(row, widths, strict=True)) for row in rows]
    return "\n".join([*lines, f"({len(rows)} rows)"])


def markdown(names: Names, rows: Body) -> str:
    """A table in Markdown, as knitr::kable prints it."""
    lines = ["| " + " | ".join(names) + " |", "|" + "|".join("---" for _ in names) + "|"]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows])


def comma(names: Names, rows: Body) -> str:
    """CSV."""
    return _delimited(names, rows, ",")


def semicolon(names: Names, rows: Body) -> str:
    """CSV as Danish Excel writes it: semicolons and decimal commas."""
    return _delimited(names, [[str(c).replace(".", ",") if isinstance(c, float) else c for c in r] for r in rows], ";")


def tabbed(names: Names, rows: Body) -> str:
    """Tab-separated, without quotes."""
    return "\n".join("\t".join(map(str, row)) for row in [names, *rows])


def json_records(names: Names, rows: Body) -> str:
    """A list of objects."""
    return json.dumps([dict(zip(names, row, strict=True)) for row in rows], indent=1, default=str, ensure_ascii=False)


def dictionaries(names: Names, rows: Body) -> str:
    """Python's list of dictionaries, printed on one line."""
    return str([dict(zip(names, (_plain(cell) for cell in row), strict=True)) for row in rows])


def records(names: Names, rows: Body) -> str:
    """A block of `name: value` lines for each row."""
    return "\n\n".join("\n".join(f"{n}: {c}" for n, c in zip(names, row, strict=True)) for row in rows)


FORMATS: dict[str, Callable[[Names, Body], str]] = {
    f.__name__: f
    for f in (
        r_frame,
        pandas_frame,
        pandas_indexed,
        tibble,
        data_table,
        str_listing,
        glimpse,
        stata_list,
        stata_clean,
        sas_print,
        psql,
        markdown,
        comma,
        semicolon,
        tabbed,
        json_records,
        dictionaries,
        records,
    )
}


def _right(names: Sequence[str], rows: Sequence[Sequence[str]], gap: str = " ") -> str:
    widths = [max(len(row[c]) for row in [names, *rows]) for c in range(len(names))]
    return "\n".join(gap.join(cell.rjust(w) for cell, w in zip(row, widths, strict=True)) for row in [names, *rows])


def _delimited(names: Names, rows: Body, delimiter: str) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)
    return out.getvalue()


def _r_type(cell: Cell) -> str:
    return "<int>" if isinstance(cell, int) else "<dbl>" if isinstance(cell, float) else "<chr>"


def _plain(cell: Cell) -> Cell:
    return str(cell) if not isinstance(cell, str | int | float) else cell
