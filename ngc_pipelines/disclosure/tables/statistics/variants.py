"""Lists of variants: which column is a frequency, a count of alleles or carriers, an effect.

From tables and from the output of genetics programs (PLINK, vcftools, REGENIE,
SAIGE). Judges nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ngc_pipelines.disclosure.tables.printed import PrintedTable
from ngc_pipelines.disclosure.tables.statistics.lines import LONGEST_OUTPUT, Lines
from ngc_pipelines.disclosure.tables.statistics.statistic import written_number

_VARIANT = re.compile(
    r"^(?:snp|snp[ _]?id|rs[ _]?id|rs|rs[ _]?number|variant|variant[ _]?id|variants|varianter|marker(?:name)?|"
    r"markername|id|hgvs\w*|cdna|dbsnp\w*|mutation)$",
    re.IGNORECASE,
)
_NAMED_VARIANT = re.compile(
    r"^(?:rs\d{2,}|(?:chr)?(?:\d{1,2}|X|Y|MT?)[:_-]\d{3,}(?:[:_-][ACGT]+[:_/>-][ACGT]+)?|(?:NM_\S+:)?c\.[-*\d]\S*|"
    r"(?:NP_\S+:)?p\.[A-Z(]\S+)",
    re.IGNORECASE,
)
# Frequencies of reference panels are nobody's of the cohort.
_REFERENCE = re.compile(
    r"gnomad|1000\s?g|1kg|\btgp\b|exac|topmed|\bhrc\b|dbsnp|reference|referenc|uk ?biobank|ukb|population|"
    r"\b[a-z]{3}_af",
    re.IGNORECASE,
)
_FREQUENCY = re.compile(
    r"^(?:.{0,24}[ _.(,])?(?:m?af|eaf|raf|a1[ _.]?freq|a1freq|alt[ _]freqs?|freq[ _.]?\w{0,8}|frq(?:_[au])?\w*|f_[au]|"
    r"allele[ _.]?freq\w*|allelfrekvens\w*|frekvens|minor allele freq\w*|maf_\w+|af_\w+|freq\.?a1)"
    r"(?:[ _.(,].{0,24})?$",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"^(?:.{0,24}[ _.(,])?(?:ac|mac|allele[ _.]?counts?|antal alleler|n?[ _]?carriers?|n_carriers?|bærere|antal bærere|"
    r"alt[ _]?cts?|c\(hom a1\)|c\(het\)|homozyg\w*|heterozyg\w*|n[ _]?hom\w*|n[ _]?het\w*|hom[ _]?alt\w*|hets?|"
    r"hom_a1|het_a1|case[ _]?ac|ctrl[ _]?ac|number of carriers|carriers?, n)(?:[ _.(,].{0,24})?$",
    re.IGNORECASE,
)
_ALLELES = re.compile(
    r"^(?:an|nchrobs|n_chr|obs_ct|allele[ _]?number|antal alleler i alt|total alleles)$", re.IGNORECASE
)
_PERSONS = re.compile(r"^(?:n|n_samples|nmiss|n_total|n_eff|antal personer|samples|num_samples)$", re.IGNORECASE)
_EFFECT = re.compile(
    r"^(?:beta|or|odds ratio|log_?or|effect|effekt|z|z_?score|stat|t_stat|effect_?size|b)$", re.IGNORECASE
)
_P = re.compile(r"^(?:p|p[ _.-]?val(?:ue)?|pval|log10_?p|-log10\(?p\)?|neg_log10_p\w*)$", re.IGNORECASE)
_CHROMOSOME = re.compile(r"^(?:#?chr(?:om(?:osome)?)?|#chrom|kromosom)$", re.IGNORECASE)
_POSITION = re.compile(r"^(?:bp|pos(?:ition)?|base_?pair\w*|genpos|start)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class VariantList:
    """Rows that are variants.

    Args:
        columns: their names; `rows` has as many texts in each row.
        wheres: the place of each row.
        frequencies, counted, effects: columns of each sort.
        alleles: the column of alleles in all, where there is one.
        persons: the cohort's size where title or header tells it.
        positions: chromosome and position of each variant, where printed for all.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    wheres: tuple[str, ...]
    frequencies: tuple[int, ...]
    counted: tuple[int, ...]
    effects: tuple[int, ...]
    alleles: int | None
    persons: int | None
    positions: list[tuple[str, int]]

    @property
    def size(self) -> int | None:
        """The cohort's size, by the largest number of alleles or by words."""
        if self.alleles is not None:
            totals = [int(row[self.alleles]) for row in self.rows if row[self.alleles].isdigit()]
            if totals and max(totals) > 1:
                return max(totals) // 2
        return self.persons


def variant_lists(tables: Iterable[PrintedTable], texts: Iterable[Lines]) -> Iterator[VariantList]:
    """Every list of variants; the blocks of one long table are put together."""
    blocks: dict[tuple[str, tuple[str, ...]], list[VariantList]] = {}
    for table in tables:
        found = _of_table(table)
        if found is not None:
            blocks.setdefault((table.where.split(" › ")[0], found.columns), []).append(found)
    for text in texts:
        for found in _of_text(text):
            blocks.setdefault((text.whole, found.columns), []).append(found)
    for same in blocks.values():
        yield _joined(same)


def _joined(blocks: Sequence[VariantList]) -> VariantList:
    first = blocks[0]
    if len(blocks) == 1:
        return first
    rows = tuple(row for block in blocks for row in block.rows)
    wheres = tuple(where for block in blocks for where in block.wheres)
    return _list(first.columns, rows, wheres, first.persons) or first


def _of_table(table: PrintedTable) -> VariantList | None:
    """Columns by name; the labels of the rows are columns too."""
    if not table.rows:
        return None
    depth = len(table.rows[0].labels)
    stub = [table.rows[0].dimension or "", *[""] * (depth - 1)]
    columns = (*stub, *(next((label for label in reversed(line.labels) if label), "") for line in table.columns))
    if not any(_tells(name.strip()) for name in columns):
        return None  # whatever its rows are: nothing in it is told of a variant
    rows, wheres = [], []
    for number, line in enumerate(table.rows):
        cells = [table.cells.get((number, column), ()) for column in range(len(table.columns))]
        values = ["" if not cell or cell[0].value is None else format(cell[0].value, "f") for cell in cells]
        labels = [*line.labels[-depth:], *[""] * (depth - len(line.labels))]
        rows.append((*labels, *values))
        wheres.append(next((cell[0].where for cell in cells if cell), table.where))
    # A row that `reading` made of numbers in the header is no variant.
    kept = [n for n, row in enumerate(rows) if table.rows[n].labels != ("N",)]
    persons = written_number(table.title or "") or _one_size(table)
    return _list(columns, tuple(rows[n] for n in kept), tuple(wheres[n] for n in kept), persons)


def _tells(name: str) -> bool:
    """Whether a column's name is that of a frequency, a count or an effect."""
    return any(pattern.match(name) for pattern in (_FREQUENCY, _COUNT, _EFFECT))


def _one_size(table: PrintedTable) -> int | None:
    sizes = {written_number(line.name) for line in table.columns} - {None}
    return sizes.pop() if len(sizes) == 1 else None


def _list(
    columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...], wheres: tuple[str, ...], persons: int | None
) -> VariantList | None:
    if not rows or not _are_variants(columns, rows):
        return None
    named = [(n, name.strip()) for n, name in enumerate(columns)]
    own = [(n, name) for n, name in named if not _REFERENCE.search(name)]
    p = any(_P.match(name) for _, name in named)
    alleles = next((n for n, name in own if _ALLELES.match(name)), None)
    frequencies = tuple(n for n, name in own if _FREQUENCY.match(name) and _between_0_and_1(rows, n))
    counted = tuple(n for n, name in own if _COUNT.match(name) and n not in frequencies)
    effects = tuple(n for n, name in own if p and _EFFECT.match(name))
    sizes = [n for n, name in own if _PERSONS.match(name) and rows[0][n].isdigit()]
    if persons is None and sizes:
        persons = max(int(row[sizes[0]]) for row in rows if row[sizes[0]].isdigit()) or None
    if not (frequencies or counted or effects):
        return None
    return VariantList(columns, rows, wheres, frequencies, counted, effects, alleles, persons, _positions(named, rows))


def _are_variants(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    if any(_VARIANT.match(name.strip()) and name.strip().casefold() != "id" for name in columns):
        return True
    some = rows[:50]
    named = sum(any(_NAMED_VARIANT.match(cell.strip()) for cell in row) for row in some)
    return 2 * named > len(some)


def _between_0_and_1(rows: Sequence[Sequence[str]], column: int) -> bool:
    texts = [row[column].replace(",", ".") for row in rows[:200] if row[column]]
    try:
        return bool(texts) and all(0 <= float(text) <= 1 for text in texts)
    except ValueError:
        return False


def _positions(named: Sequence[tuple[int, str]], rows: Sequence[Sequence[str]]) -> list[tuple[str, int]]:
    chromosome = next((n for n, name in named if _CHROMOSOME.match(name)), None)
    position = next((n for n, name in named if _POSITION.match(name)), None)
    if chromosome is None or position is None or not all(row[position].isdigit() for row in rows):
        return []
    return [(row[chromosome], int(row[position])) for row in rows]


def _of_text(lines: Lines) -> Iterator[VariantList]:
    """Lists that stand apart by blanks, as programs write them."""
    end = 0
    for number in lines.telling:
        if number < end or len(lines.all[number]) > LONGEST_OUTPUT:
            continue
        columns = tuple(lines.all[number].split())
        if not _names_variants(columns):
            continue
        rows: list[tuple[str, ...]] = []
        for below in range(number + 1, len(lines.all)):
            cells = tuple(lines.all[below].split())
            if len(cells) != len(columns):
                break
            rows.append(tuple("" if cell in ("NA", ".", "nan") else cell for cell in cells))
        end = number + 1 + len(rows)
        found = _list(columns, tuple(rows), tuple(lines.where(n) for n in range(number + 1, end)), None)
        if found is not None:
            yield found


def _names_variants(columns: Sequence[str]) -> bool:
    if len(columns) < 3 or any(cell[0].isdigit() for cell in columns):
        return False
    return "ID" in columns or any(_VARIANT.match(cell) and cell.casefold() != "id" for cell in columns)
