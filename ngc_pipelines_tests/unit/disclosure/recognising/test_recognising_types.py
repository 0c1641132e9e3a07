"""Types are told by bytes, and a name that says another is a finding."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest

from ngc_pipelines.disclosure.findings import Kind, Severity
from ngc_pipelines.disclosure.opening import Source
from ngc_pipelines.disclosure.recognising import recognise
from ngc_pipelines.disclosure.recognising.signatures import text_encoding
from ngc_pipelines.disclosure.recognising.types import EXTENSIONS
from ngc_pipelines_tests.disclosure_places import documents, old_office, pdfs, pictures, presentations, texts, workbooks

_MADE = {
    "xlsx": workbooks.clean,
    "docx": documents.clean,
    "pptx": presentations.clean,
    "pdf": pdfs.clean,
    "png": lambda: pictures.clean("PNG"),
    "jpg": lambda: pictures.clean("JPEG"),
    "gif": lambda: pictures.clean("GIF"),
    "bmp": lambda: pictures.clean("BMP"),
    "tiff": lambda: pictures.clean("TIFF"),
    "svg": texts.svg,
    "rtf": texts.rtf,
    "xls": lambda: dict(old_office.cleans())["xls"],
    "doc": lambda: dict(old_office.cleans())["doc"],
    "ppt": lambda: dict(old_office.cleans())["ppt"],
    "xml": lambda: b"<?xml version='1.0'?><list><n>1</n></list>",
    "html": lambda: b"<!DOCTYPE html><html><body>x</body></html>",
    "txt": lambda: "Resultater for køn og alder\n".encode(),
    "r": lambda: b"x <- c(1, 2)\n",
    "py": lambda: b"print(1)\n",
}


@pytest.mark.parametrize("extension", sorted(_MADE))
def test_a_file_that_is_what_its_name_says_has_no_finding(extension: str) -> None:
    recognised = recognise(Source(_MADE[extension]()), extension)
    assert recognised.findings == ()
    assert recognised.type in EXTENSIONS[extension]


@pytest.mark.parametrize("claimed", sorted(set(_MADE) - {"txt", "r", "py", "html", "xml"}))
@pytest.mark.parametrize("held", ["pdf", "xlsx", "png", "doc", "txt"])
def test_a_file_that_is_something_else_is_a_mismatch_that_blocks(claimed: str, held: str) -> None:
    if claimed == held:
        held = "gif"
    findings = recognise(Source(_MADE[held]()), claimed).findings
    assert [(finding.kind, finding.severity) for finding in findings] == [(Kind.TYPE_MISMATCH, Severity.BLOCK)]


def test_a_compressed_file_named_as_text_is_a_mismatch() -> None:
    recognised = recognise(Source(gzip.compress(b"@read/1\nACGT\n+\nIIII\n")), "txt")
    assert recognised.type == "gzip"
    assert recognised.findings[0].kind is Kind.TYPE_MISMATCH


def test_a_picture_that_is_a_zip_as_well_is_a_polyglot() -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("a.txt", "x")
    data = pictures.clean("PNG") + archive.getvalue()
    findings = recognise(Source(data), "png").findings
    assert any("two types at once" in finding.message.en for finding in findings)


def test_a_compound_file_that_keeps_a_zip_in_a_stream_is_no_polyglot() -> None:
    from ngc_pipelines_tests.disclosure_places.planting import compound

    data = compound({"WordDocument": old_office.doc()["WordDocument"], "Theme": workbooks.clean()})
    assert recognise(Source(data), "doc").findings == ()


def test_an_encrypted_package_is_left_to_its_opener() -> None:
    from ngc_pipelines_tests.disclosure_places.planting import compound

    recognised = recognise(Source(compound({"EncryptedPackage": b"x" * 99, "EncryptionInfo": b"y"})), "xlsx")
    assert recognised.type == "ole"
    assert recognised.findings == ()


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        pytest.param(b"plain", "utf-8", id="ASCII"),
        pytest.param("æøå".encode() * 3, "utf-8", id="UTF-8"),
        pytest.param("blåbær og rødgrød".encode("latin-1"), "latin-1", id="Latin-1"),
        pytest.param("resultat".encode("utf-16"), "utf-16-le", id="UTF-16 with its mark"),
        pytest.param("resultater".encode("utf-16-be"), "utf-16-be", id="UTF-16 without a mark"),
        pytest.param("resultater".encode("utf-32-le"), "utf-32-le", id="UTF-32 without a mark"),
        pytest.param(bytes(range(256)), None, id="binary"),
        pytest.param(b"", "utf-8", id="empty"),
    ],
)
def test_text_is_told_from_binary_data(data: bytes, encoding: str | None) -> None:
    assert text_encoding(data) == encoding
