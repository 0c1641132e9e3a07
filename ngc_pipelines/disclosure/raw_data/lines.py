"""Raw data as text, by the shape of its lines.

One cheap pass says whether a text holds anything of the kind; only then the
forms are looked for one by one, each with a linear-time pattern. Columns may
be parted by tabs or by spaces, as they are after a copy through a document.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import re2

from ngc_pipelines.disclosure.raw_data.forms import RawMatch

_S = r"[ \t]+"
_CHROMOSOME = r"(?:chr)?(?:[0-9]{1,2}|X|Y|MT?|XY|PAR[12])"
_ALLELE = r"[ACGTDI0-4]"
_CODE = r"[A-Za-z0-9_.-]*(?:[A-Za-z][A-Za-z0-9_.-]*[0-9]|[0-9][A-Za-z0-9_.-]*[A-Za-z])[A-Za-z0-9_.-]*"
_PARENTS = rf"(?:0{_S}0|{_CODE}{_S}{_CODE}|0{_S}{_CODE}|{_CODE}{_S}0)"
_BASES = r"[ACGTNacgtn]"

_SUSPICION = (
    rf"{_BASES}{{16}}"
    r"|##fileformat|(?m:^LOCUS +)|#CHROM|#IID|#FID|@SQ[ \t]|@HD[ \t]|@RG[ \t]|ID_1[ \t]ID_2|GSGT Version"
    r"|[Rr][Ss]#?[iI]?[dD]?\t|(?:FID|IID)[ \t;,]|Tumor_Sample_Barcode|loc\.start"
    r"|[ \t;,][0-9.][/|][0-9.][ \t:;,\r\n]"
    rf"|(?:[ \t]{_ALLELE}){{6}}"
    r"|[ \t][0-2][ \t]+(?:-9|[0-2])\r?\n"
    r"|rs[0-9]{2,}[ \t]"
    r"|[ \t][0-9]{2,9}[ \t]+[^ \t\n]{1,40}[ \t]+[ACGTN]{1,40}[ \t]+[ACGTN<*.,]{1,40}[ \t]"
    r"|[0-9]+[ \t]+(?:[0-9]{1,3}[MIDNSHP=X]){1,20}[ \t]"
    rf"|(?:[ \t](?:0|1|0?\.[0-9]+|1\.0+)){{6}}"
)


@dataclass(frozen=True, slots=True)
class _Form:
    name: str
    pattern: str
    least: int = 1
    certain: bool = True


_FORMS: tuple[_Form, ...] = (
    _Form("FASTQ", rf"(?m)^@[^\n]+\n{_BASES[:-1]}.]{{10,}}\r?\n\+[^\n]*\n[!-~]{{10,}}\r?$"),
    _Form("VCF", r"(?mi)^[ \t]*##fileformat=(?:VCF|BCF)"),
    _Form("VCF", r"(?m)^[ \t]*#CHROM[ \t,;]+POS[ \t,;]+ID[ \t,;]+REF[ \t,;]+ALT"),
    _Form(
        "VCF",
        rf"(?m)^[ \t]*{_CHROMOSOME}{_S}[0-9]+{_S}[^ \t\n]+{_S}[ACGTN]+{_S}(?:[ACGTN,.*]+|<[A-Z_0-9:*]+>){_S}"
        rf"(?:\.|[0-9][0-9.e+]*){_S}(?:PASS|\.|[A-Za-z][^ \t\n]*){_S}"
        r"(?:\.|[A-Z0-9a-z_.]+(?:=|;)[^ \t\n]*|[A-Z]+[^ \t\n]*)"
        rf"(?:{_S}GT[^ \t\n]*{_S}[0-9.][^\n]*)?\r?$",
        least=2,
    ),
    _Form("gVCF", r"(?m)^[^\n]*[ \t]<(?:NON_REF|\*)>[ \t][^\n]*END=[0-9]+"),
    _Form("SAM", rf"(?m)^@(?:HD{_S}VN:[0-9.]+|SQ{_S}SN:[^\n]+LN:[0-9]+|RG{_S}ID:[^\n]+(?:SM|PL|LB):)"),
    _Form(
        "SAM",
        rf"(?m)^[!-?A-~][!-~]*{_S}[0-9]{{1,4}}{_S}[^ \t\n]+{_S}[0-9]+{_S}[0-9]{{1,3}}{_S}(?:\*|(?:[0-9]+[MIDNSHP=X])+)"
        rf"{_S}[^ \t\n]+{_S}[0-9]+{_S}-?[0-9]+{_S}(?:[ACGTNacgtn=.]+|\*){_S}[!-~]+",
    ),
    _Form("reads in FASTA", rf"(?m)^>[^\n]*(?:/[12]|:[0-9]+:[0-9]+[^\n]*)\r?\n{_BASES}{{20,}}\r?$"),
    _Form("FASTA", rf"(?m)^>[^\n]+\n{_BASES}{{20,}}\r?$", certain=False),
    _Form("FASTA", r"(?m)^>[^\n ]+[^\n]*\n[ACDEFGHIKLMNPQRSTVWY]{30,}\*?\r?$", certain=False),
    _Form("GenBank", r"(?m)^LOCUS +[^\n]+ bp [^\n]+\n(?:DEFINITION|ACCESSION)", certain=False),
    _Form(
        "PLINK ped",
        rf"(?m)^[^\s]+{_S}[^\s]+{_S}{_PARENTS}{_S}[0-2]{_S}(?:-9|[0-9.]+)(?:{_S}{_ALLELE}{_S}{_ALLELE})*"
        rf"{_S}[ACGTDI]{_S}[ACGTDI](?:{_S}{_ALLELE}{_S}{_ALLELE})*\r?$",
    ),
    _Form(
        "PLINK fam",
        rf"(?m)^[ \t]*[^\s]+{_S}[^\s]+{_S}{_PARENTS}{_S}[0-2]{_S}(?:-9|[0-2]|[0-9]+\.[0-9]+|NA)\r?$",
        least=3,
    ),
    _Form(
        "PLINK bim",
        rf"(?m)^{_CHROMOSOME}{_S}[^\s]+{_S}(?:0|[0-9.]+){_S}[0-9]+{_S}[ACGTDI0]+{_S}[ACGTDI0]+\r?$",
        least=3,
    ),
    _Form(
        "PLINK map",
        rf"(?m)^[0-9]{{1,2}}{_S}(?:rs[0-9]+|[^\s]*:[^\s]*){_S}(?:0|[0-9]+\.[0-9]+){_S}[0-9]{{3,}}\r?$",
        3,
        False,
    ),
    _Form("PLINK psam", r"(?m)^#(?:IID|FID[ \t]+IID)\b"),
    _Form("PLINK raw", r"(?m)^[ \t]*FID[ \t;,]+IID[ \t;,]+PAT[ \t;,]+MAT[ \t;,]+SEX[ \t;,]+PHENOTYPE"),
    _Form("Oxford sample", r"(?mi)^ID_1[ \t]+ID_2[ \t]+missing[^\n]*\n0[ \t]+0[ \t]+0"),
    _Form(
        "Oxford gen",
        rf"(?m)^(?:[^\s]+{_S})?[^\s]+{_S}[^\s]+{_S}[0-9]+{_S}[ACGTDI]+{_S}[ACGTDI]+"
        rf"(?:{_S}(?:0|1|0?\.[0-9]+|1\.0+|0\.0*)){{6,}}\r?$",
    ),
    _Form("haplotypes", rf"(?m)^[^\s]+{_S}[^\s]+{_S}[0-9]+{_S}[ACGTDI]+{_S}[ACGTDI]+(?:{_S}[01]){{6,}}\r?$"),
    _Form("personal genotypes", rf"(?m)^(?:rs|i)[0-9]+{_S}{_CHROMOSOME}{_S}[0-9]+{_S}[ACGTDI-]{{1,2}}\r?$", least=3),
    _Form("Illumina final report", r"(?m)^(?:GSGT Version|SNP Name[\t,]Sample ID[\t,]Allele1)"),
    _Form("somatic variants (MAF)", r"(?m)^Hugo_Symbol[ \t][^\n]*Tumor_Sample_Barcode"),
    _Form("copy-number segments", r"(?mi)^[\"']?(?:ID|sample)[\"']?[ \t,;]+[\"']?chrom[\"']?[ \t,;]+[\"']?loc\.start"),
    _Form(
        "genotype calls",
        r"(?m)^[^\n]*\b(?:chr[0-9XYM]{1,2}|rs[0-9]{2,}|[0-9XY]{1,2}[:_][0-9]{3,9})[^\n]*"
        r"(?:[ \t;,][0-9.][/|][0-9.](?::[^\s;,]*)?)(?:[ \t;,][^\n]*)?$",
        least=3,
    ),
)

_ENOUGH = 1_000
"""Records counted of one form in one text; more says nothing new."""


@cache
def _suspicion() -> Any:
    return re2.compile(_SUSPICION.encode())


@cache
def _pattern(form: _Form) -> Any:
    return re2.compile(form.pattern.encode())


def raw_lines(text: bytes) -> Iterator[RawMatch]:
    """Forms of raw data whose lines stand in `text`, with the line of the first record.

    Args:
        text: UTF-8 or any encoding that holds ASCII as it is.
    """
    if not _suspicion().search(text):
        return
    seen: set[str] = set()
    for form in _FORMS:
        if form.name in seen or (form.name == "FASTA" and "reads in FASTA" in seen):
            continue
        first, records = -1, 0
        for match in _pattern(form).finditer(text):
            first = match.start() if first < 0 else first
            records += 1
            if records >= _ENOUGH:
                break
        if records >= form.least:
            seen.add(form.name)
            line = text.count(b"\n", 0, first) + 1
            yield RawMatch(form.name, f"line {line}", form.certain, records)
