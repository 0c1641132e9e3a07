"""The list of what a researcher wants out, against what lies there (EX-1).

A manifest is a YAML, JSON or CSV file with one entry a result: `path`,
`description`, `reason`, whether it is `individual_level`, and `sha256` where
the researcher gives it. What the results hold is judged elsewhere.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from ngc_pipelines.disclosure.findings import Finding, Kind, Severity, Words

_YES = frozenset({"yes", "ja", "true", "1", "x"})
_NO = frozenset({"", "no", "nej", "false", "0"})


class ManifestError(ValueError):
    """A manifest that says too little; all its faults at once."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Result:
    """One result as its researcher declares it.

    Args:
        path: exact, relative to the folder of results, with forward slashes.
        description: what it is.
        reason: why it complies with the rules.
        individual_level: whether it holds data of single persons (IL-1).
        sha256: lower-case hexadecimal, or None.
    """

    path: str
    description: str
    reason: str
    individual_level: bool = False
    sha256: str | None = None


def read_manifest(path: Path) -> tuple[Result, ...]:
    """The results that a manifest declares.

    Raises:
        ManifestError: with every fault of every entry.
        OSError: where it cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ManifestError([f"{path.name} is not UTF-8 text"]) from None
    return results_from_data(_entries(text, path.suffix.lower(), path.name))


def results_from_data(entries: Any) -> tuple[Result, ...]:
    """Results out of plain data, each checked."""
    if isinstance(entries, Mapping):
        entries = entries.get("results", entries.get("files"))
    if not isinstance(entries, list) or not entries:
        raise ManifestError(["a manifest is a list of results, each with path, description and reason"])
    faults: list[str] = []
    results = [_result(number, entry, faults) for number, entry in enumerate(entries, start=1)]
    paths = [result.path for result in results if result]
    faults += [f"{path} is listed more than once" for path in sorted({p for p in paths if paths.count(p) > 1})[:20]]
    if faults:
        raise ManifestError(faults)
    return tuple(result for result in results if result)


def not_declared() -> Finding:
    """The finding of a file that the manifest does not list."""
    return Finding(
        rule="EX-1",
        kind=Kind.NOT_IN_MANIFEST,
        severity=Severity.BLOCK,
        where="the file",
        message=Words("Filen står ikke i manifestet.", "The file is not in the manifest."),
        advice=Words(
            "Tilføj den med sti, beskrivelse og begrundelse, eller fjern den.",
            "Add it with path, description and reason, or take it away.",
        ),
    )


def missing() -> Finding:
    """The finding of an entry whose file is not there."""
    return Finding(
        rule="EX-1",
        kind=Kind.MISSING_FILE,
        severity=Severity.BLOCK,
        where="the manifest",
        message=Words("Manifestet nævner en fil, der ikke er der.", "The manifest names a file that is not there."),
        advice=Words(
            "Ret stien (store og små bogstaver tæller), eller fjern punktet.",
            "Correct the path (upper and lower case count), or remove the entry.",
        ),
    )


def other_bytes() -> Finding:
    """The finding of a file whose digest is not the declared one."""
    return Finding(
        rule="EX-1",
        kind=Kind.HASH_MISMATCH,
        severity=Severity.BLOCK,
        where="the file",
        message=Words(
            "Filens sha256 er ikke den, manifestet angiver.", "The file's sha256 is not the one in the manifest."
        ),
        advice=Words(
            "Filen er ændret efter manifestet: beregn summen igen, eller hent den rette fil.",
            "The file changed after the manifest: compute the digest again, or put the right file there.",
        ),
    )


def declared(results: Iterable[Result]) -> dict[str, Result]:
    """The results by path."""
    return {result.path: result for result in results}


def _entries(text: str, suffix: str, name: str) -> Any:
    try:
        if suffix == ".json":
            return json.loads(text)
        if suffix in (".csv", ".tsv", ".txt"):
            delimiter = "\t" if suffix == ".tsv" else ";" if text.split("\n", 1)[0].count(";") else ","
            return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))
        import yaml

        return yaml.safe_load(text)
    except (ValueError, csv.Error) as fault:
        raise ManifestError([f"{name} cannot be read as {suffix or 'YAML'}: {str(fault).splitlines()[0]}"]) from None
    except Exception as fault:  # yaml.YAMLError, whose module is only imported where one is read
        raise ManifestError([f"{name} is not valid YAML: {type(fault).__name__}"]) from None


def _result(number: int, entry: Any, faults: list[str]) -> Result | None:
    if not isinstance(entry, Mapping):
        faults.append(f"entry {number} is no mapping with path, description and reason")
        return None
    before = len(faults)
    texts = {key: str(entry.get(key) or "").strip() for key in ("path", "description", "reason")}
    faults += [f"entry {number} has no {key}" for key, text in texts.items() if not text]
    path = texts["path"].replace("\\", "/").removeprefix("./")
    if path and (path.startswith("/") or ".." in PurePosixPath(path).parts):
        faults.append(f"entry {number}: the path must lie inside the folder of results")
    sha256 = str(entry.get("sha256") or "").strip().lower() or None
    if sha256 and not re.fullmatch(r"[0-9a-f]{64}", sha256):
        faults.append(f"entry {number}: sha256 is 64 hexadecimal digits")
    individual = str(entry.get("individual_level") or "").strip().lower()
    if individual not in _YES | _NO:
        faults.append(f"entry {number}: individual_level is yes or no")
    if len(faults) > before:
        return None
    return Result(path, texts["description"], texts["reason"], individual in _YES, sha256)
