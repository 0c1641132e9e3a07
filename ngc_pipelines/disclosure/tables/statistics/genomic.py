"""Genomic statistics: carriers, alleles, genotypes, frequencies and association results (DC-5, DC-7).

A frequency is a count in disguise: 0.002 of 500 alleles is one carrier. Many
frequencies together tell who was in the cohort; how well, lives in `membership`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from ngc_pipelines.disclosure.findings import Finding, Kind, Severity, Words
from ngc_pipelines.disclosure.policy import Thresholds
from ngc_pipelines.disclosure.tables.printed import PrintedTable
from ngc_pipelines.disclosure.tables.statistics.lines import Lines
from ngc_pipelines.disclosure.tables.statistics.membership import (
    FALSE_POSITIVES,
    independent,
    largest_cohort_exposed,
    power,
)
from ngc_pipelines.disclosure.tables.statistics.saying import Reason
from ngc_pipelines.disclosure.tables.statistics.statistic import written_number
from ngc_pipelines.disclosure.tables.statistics.variants import VariantList, variant_lists

_BASES = re.compile(
    r"^(?:[ACGT]{2}|[ACGT][/|][ACGT]|[01][/|][01]|(?i:wt/(?:wt|mut)|mut/mut|hom(?:ozyg\w*)?(?:[ _-]?\w+)?)|"
    r"(?i:het(?:erozyg\w*)?(?:[ _-]?\w+)?)|(?:[ε]|e|E)[234]/?(?:[ε]|e|E)?[234]|\*\d+/\*\d+)$",
)
# From this share of recognised members on, a list is told with its figures even where it is short.
_RECOGNISED = 0.5


def judge_genomics(tables: Iterable[PrintedTable], texts: Iterable[Lines], thresholds: Thresholds) -> Iterator[Finding]:
    """What genomic statistics give away."""
    known = list(tables)
    for table in known:
        yield from _genotypes(table, thresholds)
    for listing in variant_lists(known, texts):
        yield from _small_counts(listing, thresholds)
        yield from _frequencies(listing, thresholds)
        yield from _membership(listing, thresholds)


def _genotypes(table: PrintedTable, thresholds: Thresholds) -> Iterator[Finding]:
    """Counts under genotypes, by columns or by rows; at least two genotypes make it a table of them."""
    columns = {n for n, line in enumerate(table.columns) if _is_genotype(line.labels)}
    rows = {n for n, line in enumerate(table.rows) if _is_genotype(line.labels)}
    columns, rows = (found if len(found) > 1 else set() for found in (columns, rows))
    for (row, column), cell in table.cells.items():
        value = cell[0].value
        if (row not in rows and column not in columns) or value is None or cell[0].decimals:
            continue
        if 0 < value < thresholds.cell and value == int(value):
            yield _carriers(thresholds.cell).at(cell[0].where)


def _is_genotype(labels: Sequence[str]) -> bool:
    inner = next((label for label in reversed(labels) if label), "")
    return _BASES.match(re.sub(r"[,(]?\s*\b[nN]\b.*$", "", inner).strip()) is not None


def _small_counts(listing: VariantList, thresholds: Thresholds) -> Iterator[Finding]:
    for column in listing.counted:
        for number, row in enumerate(listing.rows):
            value = _decimal(row[column])
            if value is not None and value == int(value) and 0 < value < thresholds.cell:
                yield _carriers(thresholds.cell).at(listing.wheres[number])


@dataclass(frozen=True, slots=True)
class Alleles:
    """How many alleles a printed frequency stands for, by its rounding."""

    low: Decimal
    high: Decimal


def alleles_of(frequency: Decimal, decimals: int, total: int) -> Alleles:
    """The range of allele counts that print as a frequency among `total` alleles.

    Args:
        frequency: between 0 and 1, as printed.
        decimals: decimals printed.
        total: alleles in all, twice the persons for autosomes.
    """
    half = Decimal(1).scaleb(-decimals) / 2
    return Alleles(max(Decimal(0), (frequency - half) * total), (frequency + half) * total)


def _frequencies(listing: VariantList, thresholds: Thresholds) -> Iterator[Finding]:
    """Frequencies that with their number of alleles stand for one to four."""
    for column in listing.frequencies:
        persons = written_number(listing.columns[column]) or listing.persons
        for number, row in enumerate(listing.rows):
            value = _decimal(row[column])
            total = _total(listing, row, persons)
            if value is None or total is None or not 0 < value <= 1:
                continue
            exponent = value.as_tuple().exponent
            minor = min(value, 1 - value)
            found = alleles_of(minor, max(0, -exponent) if isinstance(exponent, int) else 0, total)
            # The least whole number in the range is a carrier at least, and the largest is under the threshold.
            if minor > 0 and found.high < thresholds.cell and found.high >= 1:
                yield _implied(thresholds.cell).at(listing.wheres[number])


def _total(listing: VariantList, row: Sequence[str], persons: int | None) -> int | None:
    if listing.alleles is not None:
        number = _decimal(row[listing.alleles])
        if number is not None and number == int(number) and number > 0:
            return int(number)
    return None if persons is None else 2 * persons


def _membership(listing: VariantList, thresholds: Thresholds) -> Iterator[Finding]:
    if not listing.frequencies and not listing.effects:
        return
    variants = len(listing.rows)
    apart = independent(listing.positions) if listing.positions else variants
    persons = listing.size
    reaches = persons is not None and power(apart, persons) >= _RECOGNISED
    if variants < thresholds.frequencies and not (reaches and listing.frequencies and apart >= 10):
        return
    where = listing.wheres[0]
    yield _many(variants, apart, persons, bool(listing.frequencies)).at(where)


def _decimal(text: str) -> Decimal | None:
    try:
        number = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _carriers(least: int) -> Reason:
    return Reason(
        "DC-5",
        Kind.GENOMIC_SUMMARY,
        Severity.BLOCK,
        Words(
            f"Færre end {least} personer bærer genotypen eller allelen.",
            f"Fewer than {least} persons carry the genotype or allele.",
        ),
        Words(
            "Skriv `<5`, slå genotyper eller varianter sammen (fx pr. gen), eller udelad rækken.",
            "Write `<5`, merge genotypes or variants (by gene, say), or omit the row.",
        ),
    )


def _implied(least: int) -> Reason:
    return Reason(
        "DC-6",
        Kind.GENOMIC_SUMMARY,
        Severity.BLOCK,
        Words(
            f"Allelfrekvensen og antallet af alleler giver færre end {least} bærere.",
            f"The allele frequency and the number of alleles give fewer than {least} carriers.",
        ),
        Words(
            "Angiv frekvensen som en øvre grænse (fx `<0,01`), eller udelad varianten.",
            "Give the frequency as an upper bound (`<0.01`, say), or omit the variant.",
        ),
    )


def _many(variants: int, apart: int, persons: int | None, frequencies: bool) -> Reason:
    rate = f"{FALSE_POSITIVES:.1%}"
    if persons is not None:
        share = round(100 * power(apart, persons))
        figures = Words(
            f"{apart} uafhængige varianter og {persons} personer: den bedste test genkender {share} % af deltagerne "
            f"ved {rate.replace('.', ',')} falske",
            f"{apart} independent variants and {persons} persons: the best test recognises {share} % of the "
            f"participants at {rate} false positives",
        )
    else:
        largest = largest_cohort_exposed(apart, _RECOGNISED)
        figures = Words(
            f"{apart} uafhængige varianter: i kohorter på op til {largest} personer genkendes mindst halvdelen af "
            f"deltagerne ved {rate.replace('.', ',')} falske",
            f"{apart} independent variants: in cohorts of up to {largest} persons at least half of the participants "
            f"are recognised at {rate} false positives",
        )
    what = Words("allelfrekvenser", "allele frequencies") if frequencies else Words("effekter", "effects")
    return Reason(
        "DC-7",
        Kind.GENOMIC_SUMMARY,
        Severity.REVIEW,
        Words(
            f"Listen har {what.da} for {variants} varianter. {figures.da} (Sankararaman m.fl. 2009).",
            f"The list has {what.en} of {variants} variants. {figures.en} (Sankararaman et al. 2009).",
        ),
        Words(
            "Vis kun de varianter, som publikationen bruger, eller afrund frekvenserne groft; kohortens størrelse "
            "og begrundelsen hører i manifestet.",
            "Show only the variants that the publication uses, or round the frequencies coarsely; the cohort's size "
            "and the reason belong in the manifest.",
        ),
    )
