"""Items fit for a publication: tables of counts, model output, gene lists, programs without data, logs."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import dedent

from ngc_pipelines.disclosure.pieces import Cell
from ngc_pipelines_tests.disclosure_rows.clean_models import MODELS
from ngc_pipelines_tests.disclosure_rows.clean_output import OUTPUTS
from ngc_pipelines_tests.disclosure_rows.clean_programs import PROGRAMS
from ngc_pipelines_tests.disclosure_rows.items import Item
from ngc_pipelines_tests.disclosure_rows.listings import FORMATS

_SHOWN = (
    *("r_frame", "pandas_frame", "tibble", "psql", "markdown"),
    *("comma", "semicolon", "tabbed", "stata_list", "sas_print"),
)

PUBLISHED: dict[str, tuple[list[str], list[list[Cell]]]] = {
    "sex by age group": (
        ["Aldersgruppe", "Mænd", "Kvinder", "I alt"],
        [["0-19", 120, 131, 251], ["20-39", 340, 355, 695], ["40-59", 511, 502, 1013], ["60+", 610, 690, 1300]],
    ),
    "cases by region": (
        ["region", "cases", "controls", "pct"],
        [["Nordjylland", 41, 410, 10.0], ["Midtjylland", 88, 880, 10.1], ["Syddanmark", 72, 700, 10.3]],
    ),
    "odds ratios": (
        ["term", "estimate", "std.error", "p.value"],
        [["age", 1.03, 0.01, 0.0001], ["sexM", 1.41, 0.12, 0.004], ["bmi", 1.08, 0.02, 0.01]],
    ),
    "mean by group": (
        ["sex", "n", "mean_age", "sd_age"],
        [["F", 511, 54.2, 12.1], ["M", 498, 55.9, 11.8]],
    ),
    "diagnoses": (
        ["diagnose", "antal", "andel"],
        [["C50.9", 410, 21.2], ["C18.2", 312, 16.1], ["E11.9", 700, 36.2], ["I21.4", 512, 26.5]],
    ),
    "gwas": (
        ["rsid", "chr", "pos", "effect_allele", "beta", "se", "p"],
        [["rs123456", 1, 1_234_567, "A", 0.12, 0.02, 3e-9], ["rs88217", 6, 31_222_111, "T", -0.2, 0.03, 1e-11]]
        + [[f"rs{7000 + 13 * i}", 1 + i, 10_000 + 7_919 * i, "ACGT"[i % 4], 0.01 * i, 0.02, 0.5] for i in range(1, 7)],
    ),
    "gene list": (
        ["gene", "log2FoldChange", "padj"],
        [["BRCA1", 1.2, 0.001], ["TP53", -0.8, 0.02], ["EGFR", 2.1, 0.0001], ["KRAS", 0.4, 0.2], ["MYC", 1.7, 0.01]],
    ),
    "genes with places": (
        ["gene_id", "chrom", "start", "end"],
        [[f"ENSG0000014{i:04}", "chr1", 1_000 * i, 1_000 * i + 800] for i in range(1, 9)],
    ),
    "time series": (
        ["år", "antal", "rate"],
        [[2010 + i, 400 + 7 * i, 12.1 + i / 10] for i in range(10)],
    ),
    "months": (
        ["month", "admissions"],
        [[f"2021-{m:02}", 310 + 11 * (m % 5)] for m in range(1, 13)],
    ),
    "life table": (
        ["age", "qx", "lx", "ex"],
        [[a, round(0.001 * a + 0.0005, 4), 100_000 - 90 * a, round(81.2 - 0.9 * a, 1)] for a in range(20)],
    ),
    "survival table": (
        ["time", "n.risk", "n.event", "survival", "lower", "upper"],
        [[30 * t, 500 - 20 * t, 10 + t, round(1 - 0.03 * t, 3), 0.5, 0.99] for t in range(1, 9)],
    ),
    "crossed": (
        ["sex", "age_group", "smoking", "value"],
        [[s, a, k, 50 + ord(s) + 7 * len(a + k)] for s in "MF" for a in ("20-39", "40+") for k in ("yes", "no")],
    ),
    "table one": (
        ["Characteristic", "Cases (n=510)", "Controls (n=1020)", "p"],
        [
            ["Age, mean (SD)", "54.1 (12.2)", "53.8 (12.0)", 0.71],
            ["Female, n (%)", "260 (51.0%)", "522 (51.2%)", 0.95],
            ["BMI, median [IQR]", "26.1 [23.2, 29.4]", "25.9 [23.0, 29.1]", 0.31],
        ],
    ),
    "model comparison": (
        ["model", "auc", "brier", "n"],
        [["logistic", 0.71, 0.18, 1009], ["forest", 0.74, 0.17, 1009], ["xgboost", 0.75, 0.165, 1009]],
    ),
}


def clean_items() -> Iterator[Item]:
    """Every clean item; names are unique."""
    for name, (names, rows) in PUBLISHED.items():
        yield Item(f"table {name}", "table", [names, *rows])
        for shown in _SHOWN:
            yield Item(f"{name} as {shown}", "log", f"Tabel\n{FORMATS[shown](names, rows)}\n\n")
    for name, output in (MODELS | OUTPUTS).items():
        yield Item(f"output {name}", "log", dedent(output))
        yield Item(f"pasted {name}", "paragraphs", dedent(output))
    for (language, name), program in PROGRAMS.items():
        yield Item(f"{language} {name}", language, dedent(program))
