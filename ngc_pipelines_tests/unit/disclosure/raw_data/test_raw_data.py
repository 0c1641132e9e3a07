"""Raw data by content: whole, renamed, compressed, embedded, pasted (DC-2)."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import pickle
import random
import sqlite3
import struct
import zlib
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import zstandard

from ngc_pipelines.disclosure.detecting import DetectorContext
from ngc_pipelines.disclosure.findings import Finding, Kind, Severity
from ngc_pipelines.disclosure.pieces import Piece, Raw, Table, Text
from ngc_pipelines.disclosure.places import Place
from ngc_pipelines.disclosure.policy import DEFAULT_POLICY
from ngc_pipelines.disclosure.raw_data import recognise_raw
from ngc_pipelines.disclosure.raw_data.detector import RawDataDetector

_BASES, _QUALITY = "ACGTTGCAACGTTGCAGGTA", "IIIIIHHHHHGGGGGFFFFF"
FASTQ = "".join(f"@read.{i} 1/1\n{_BASES}\n+\n{_QUALITY}\n" for i in (1, 2))
VCF = (
    "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\n"
    "1\t100\t.\tA\tG\t50\tPASS\tDP=9\tGT\t0/1\n"
)
SAM = (
    "@HD\tVN:1.6\tSO:coordinate\n@SQ\tSN:chr1\tLN:248956422\n"
    f"r1\t99\tchr1\t100\t60\t20M\t=\t300\t220\t{_BASES}\t{_QUALITY}\n"
)

TEXTS = {
    "FASTQ": FASTQ,
    "VCF": VCF,
    "VCF without its header": "".join(f"chr1\t{100 + i}\t.\tA\tG\t50\tPASS\tDP=9\tGT:DP\t0/1:9\n" for i in range(5)),
    "VCF with blanks for tabs": VCF.replace("\t", "   "),
    "gVCF": "".join(f"chr1\t{1 + i}\t.\tA\t<NON_REF>\t.\t.\tEND={9 + i}\tGT:DP\t0/0:9\n" for i in range(5)),
    "SAM": SAM,
    "SAM without its header": SAM.splitlines()[-1] + "\n",
    "PLINK ped": "F1 I1 0 0 1 2 A A G T C C\nF1 I2 0 0 2 1 A G G G C T\n",
    "PLINK fam": "F1 I1 0 0 1 2\nF1 I2 0 0 2 1\nF2 I1 0 0 1 -9\n",
    "PLINK bim": "1 rs123 0 1000 A G\n1 rs456 0 2000 C T\n1 rs789 0 3000 A C\n",
    "PLINK psam": "#IID\tSEX\nI1\t1\nI2\t2\n",
    "PLINK raw": "FID IID PAT MAT SEX PHENOTYPE rs1_A\nF1 I1 0 0 1 2 0\n",
    "Oxford sample": "ID_1 ID_2 missing sex\n0 0 0 D\n1 1 0 M\n",
    "Oxford gen": "1 snp1 rs1 1000 A G 1 0 0 0 1 0 0 0.02 0.98\n",
    "personal genotypes": "rs4477212\t1\t82154\tAA\nrs3094315\t1\t752566\tAG\nrs3131972\t1\t752721\tGG\n",
    "somatic variants": "Hugo_Symbol\tChromosome\tStart_Position\tTumor_Sample_Barcode\nTP53\t17\t7577120\tT-01\n",
    "calls in BED": "".join(f"chr2\t{1000 + i}\t{1001 + i}\tsnv\t0/1\n" for i in range(5)),
}


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_text_forms_block_whole_packed_and_pasted(name: str) -> None:
    text = TEXTS[name].encode()
    for packed in (text, gzip.compress(text), bz2.compress(text), lzma.compress(text), zstandard.compress(text)):
        assert any(match.certain for match in recognise_raw(packed, "results.txt")), name
    around = b"Results of the run follow.\n\n" + text + b"\nEnd of the appendix.\n"
    assert any(match.certain for match in recognise_raw(around))
    assert {finding.severity for finding in _found(Text(Place(), around.decode(), 1))} == {Severity.BLOCK}


@pytest.mark.parametrize("name", ["FASTQ", "VCF", "SAM", "PLINK ped", "personal genotypes"])
def test_a_record_spread_over_paragraphs_or_cells_is_found(name: str) -> None:
    lines = TEXTS[name].splitlines()
    paragraphs = [Text(Place((f"paragraph {i}",)), line) for i, line in enumerate(["Appendix", *lines, "End"])]
    assert Kind.RAW_DATA in {finding.kind for finding in _found(*paragraphs)}
    down = Table(Place(), [[line] for line in lines])
    across = Table(Place(), [line.split("\t") for line in lines])
    assert _found(down)
    assert _found(across)


def test_a_fastq_record_in_one_row_of_a_sheet_is_found() -> None:
    assert _found(Table(Place(), [["nr", "a", "b", "c"], FASTQ.splitlines()[:4]]))


BINARIES = {
    "BAM": gzip.compress(b"BAM\x01" + bytes(40)),
    "bare BAM": b"BAM\x01" + bytes(40),
    "BCF": gzip.compress(b"BCF\x02\x02" + bytes(40)),
    "CRAM": b"CRAM\x03\x00" + bytes(40),
    "BAM index": b"BAI\x01" + bytes(40),
    "tabix index": gzip.compress(b"TBI\x01" + bytes(40)),
    "PLINK bed": b"l\x1b\x01" + bytes(40),
    "BGEN": struct.pack("<IIII", 20, 20, 10, 5) + b"bgen" + bytes(20),
    "IDAT": b"IDAT\x03\x00\x00\x00" + bytes(40),
    "GTC": b"gtc\x05" + bytes(40),
    "Crypt4GH": b"crypt4gh\x01\x00\x00\x00" + bytes(40),
    "HDF5": b"\x89HDF\r\n\x1a\n" + bytes(40),
    "Parquet": b"PAR1" + bytes(40) + b"PAR1",
    "Feather": b"ARROW1\x00\x00" + bytes(40) + b"ARROW1",
    "RDS": gzip.compress(b"X\n\x00\x00\x00\x03" + bytes(40)),
    "RData": gzip.compress(b"RDX3\nX\n" + bytes(40)),
    "pickle": pickle.dumps({"age": [1, 2, 3]}),
    "Stata": b"<stata_dta><header>" + bytes(40),
    "old Stata": b"\x72\x02\x01\x00\x05\x00" + bytes(140),
    "SPSS": b"$FL2@(#) SPSS DATA FILE" + bytes(40),
    "SAS": bytes(12) + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011") + bytes(40),
}


@pytest.mark.parametrize("name", sorted(BINARIES))
def test_binary_forms_are_told_whatever_they_are_called(name: str) -> None:
    assert [match.certain for match in recognise_raw(BINARIES[name], "figure.png")] == [True]
    assert [finding.severity for finding in _found(Raw(Place(), BINARIES[name]))] == [Severity.BLOCK]


def test_arrays_databases_and_archives_are_told(tmp_path: Path) -> None:
    array, archive = io.BytesIO(), io.BytesIO()
    np.save(array, np.arange(9))
    np.savez(archive, ages=np.arange(9))
    database = tmp_path / "a.db"
    with sqlite3.connect(database) as connection:
        connection.execute("create table t (x integer)")
    assert [m.form for m in recognise_raw(array.getvalue())] == ["NumPy array"]
    assert [m.form for m in recognise_raw(archive.getvalue())] == ["NumPy archive"]
    assert [m.form for m in recognise_raw(database.read_bytes())] == ["SQLite database"]


def test_formats_inside_other_bytes_are_found_with_their_offset() -> None:
    block = b"\x1f\x8b\x08\x04\x00\x00\x00\x00\x00\xff\x06\x00BC\x02\x00" + bytes(20)
    found = {m.form: m.where for m in recognise_raw(bytes(5_000_000) + block + b"\x89HDF\r\n\x1a\n")}
    assert found == {"BGZF block": "byte 5000000", "HDF5": f"byte {5_000_000 + len(block)}"}


CLEAN = {
    "gene annotation": "".join(f"chr17\t{1000 * i}\t{1000 * i + 800}\tGENE{i}\t0\t+\n" for i in range(9)),
    "GFF": "".join(f"chr1\tensembl\tgene\t{100 * i}\t{100 * i + 50}\t.\t+\t.\tID=gene:{i}\n" for i in range(9)),
    "GWAS": "SNP\tCHR\tBP\tA1\tA2\tBETA\tSE\tP\n"
    + "".join(f"rs{100 + i}\t1\t{1000 + i}\tA\tG\t0.1\t0.02\t1e-8\n" for i in range(9)),
    "prose": "We aligned FASTQ files (ACGT) with BWA and called variants into VCF; 1/2 of the reads were kept.\n" * 20,
    "fractions": "1/2\t0/1\t3/4\n0/2\t1/1\t2/2\n" * 5,
    "code": "@dataclass\nclass A:\n    x = 1\n+\n" * 9,
    "dates": "1/2/2020 3/4/2021 5/6/2022\n" * 9,
    "table": "sex age n\n1 2 30\n2 1 40\n1 0 50\n",
}


@pytest.mark.parametrize("name", sorted(CLEAN))
def test_results_about_genes_and_plain_texts_are_no_raw_data(name: str) -> None:
    assert not list(recognise_raw(CLEAN[name].encode()))
    assert not _found(Text(Place(), CLEAN[name], 1))


def test_a_reference_sequence_is_for_review_and_reads_in_fasta_block() -> None:
    assert [m.certain for m in recognise_raw(b">NM_007294.4 BRCA1\n" + b"ACGTTGCA" * 9 + b"\n")] == [False]
    assert [m.certain for m in recognise_raw(b">run:1:1101:1505:2209/1\n" + b"ACGTTGCA" * 9 + b"\n")] == [True]


def test_broken_packings_are_no_error() -> None:
    dice = random.Random(7)
    reads = ("".join(dice.choices("ACGT", k=80)) for _ in range(300))
    whole = gzip.compress("".join(f"@r{i}\n{read}\n+\n{'I' * 80}\n" for i, read in enumerate(reads)).encode())
    assert [m.form for m in recognise_raw(whole[: len(whole) // 2])] == ["FASTQ"]
    for magic in (b"\x1f\x8b\x08", b"BZh9", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd"):
        assert not list(recognise_raw(magic + b"\xff" * 200))
    assert not list(recognise_raw(zlib.compress(b"")))
    assert not list(recognise_raw(b""))


def _found(*pieces: Piece) -> list[Finding]:
    detector = RawDataDetector(DetectorContext(DEFAULT_POLICY, date(2026, 6, 1)))
    return [*(finding for piece in pieces for finding in detector.see(piece)), *detector.end()]
