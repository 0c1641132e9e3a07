"""What is allowed, how much is too little, and what blocks: the policy.

A policy is a value with a digest, read from a small YAML or JSON file and
valid from construction. The default follows the sources (G §8.2, §8.3 and
Tabel 1). Nothing here looks at a file that is to leave.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from ngc_pipelines.disclosure.findings import Kind, Severity
from ngc_pipelines.disclosure.limits import Limits

TABEL_1 = frozenset(
    {"xls", "xlsx", "xlsm", "xlm", "xml"}
    | {"png", "tif", "tiff", "jpg", "jpeg", "gif", "svg", "bmp", "ppt", "pptx", "pptm"}
    | {"htm", "html", "r", "py", "log", "txt", "tab", "pdf", "doc", "docx", "rtf"}
)
"""The 27 extensions of Tabel 1 (G §8.2)."""


class PolicyError(ValueError):
    """A policy file that cannot be followed; all its faults at once."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Numbers from which something counts.

    Args:
        cell: fewest observations that a published cell may rest on (DC-5).
        narrow: a blanked cell is safe where its range is at least this wide (DC-6).
        position: fewest observations behind a median, percentile, minimum or maximum (DC-7).
        figure_points: marks of one series from which a figure shows persons (DC-8).
        rows: rows from which a listing may be one of persons (DC-4).
        frequencies: allele frequencies or summary statistics of so many variants
            together allow membership inference and are looked at by a person.
        residual_df: fewest residual degrees of freedom of a published model (DC-5).
        id_like: share of distinct values from which a column of codes is an identifier.
        context: characters around a bare number in which a word makes it a CPR number.
        findings: places of one finding that are listed.
    """

    cell: int = 5
    narrow: int = 5
    position: int = 5
    figure_points: int = 20
    rows: int = 5
    frequencies: int = 100
    residual_df: int = 10
    id_like: float = 0.95
    context: int = 60
    findings: int = 5

    def __post_init__(self) -> None:
        faults = [
            f"thresholds.{f.name} must be at least 1"
            for f in dataclasses.fields(self)
            if f.name != "id_like" and getattr(self, f.name) < 1
        ]
        if not 0.5 <= self.id_like <= 1:
            faults.append("thresholds.id_like must lie between 0.5 and 1")
        if faults:
            raise PolicyError(faults)


@dataclass(frozen=True)
class Policy:
    """The rules of one check.

    Args:
        name: what people call it.
        extensions: allowed extensions, lower case, without their dot.
        thresholds: numbers from which something counts.
        limits: what opening one file may cost.
        severities: what a kind of finding weighs, where it is not the default.
    """

    name: str = "default"
    extensions: frozenset[str] = TABEL_1
    thresholds: Thresholds = field(default_factory=Thresholds)
    limits: Limits = field(default_factory=Limits)
    severities: Mapping[Kind, Severity] = field(default_factory=dict)

    def severity_of(self, kind: Kind, default: Severity) -> Severity:
        """What a finding of `kind` weighs under this policy."""
        return self.severities.get(kind, default)

    def as_data(self) -> dict[str, Any]:
        """The policy as it stands in a file; `policy_from_data` reads it back."""
        return {
            "name": self.name,
            "extensions": sorted(self.extensions),
            "thresholds": dataclasses.asdict(self.thresholds),
            "limits": dataclasses.asdict(self.limits),
            "severities": {kind.value: severity.word for kind, severity in sorted(self.severities.items())},
        }

    @cached_property
    def digest(self) -> str:
        """`sha256:` and the digest of everything that the policy says."""
        canonical = json.dumps(self.as_data(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()


DEFAULT_POLICY = Policy()


def policy_from_data(data: object) -> Policy:
    """A policy from what a file said; what it leaves out is the default's.

    Raises:
        PolicyError: with every fault there is.
    """
    faults: list[str] = []
    if not isinstance(data, Mapping):
        raise PolicyError(["a policy is a mapping of name, extensions, thresholds, limits and severities"])
    known = {"name", "extensions", "thresholds", "limits", "severities"}
    faults += [f"unknown entry {key!r}; known are {', '.join(sorted(known))}" for key in data if key not in known]
    name = data.get("name", "unnamed")
    if not isinstance(name, str) or not name.strip():
        faults.append("name must be a text")
    policy_parts: dict[str, Any] = {
        "extensions": _extensions(data.get("extensions", sorted(TABEL_1)), faults),
        "thresholds": _numbers(Thresholds, "thresholds", data.get("thresholds", {}), faults),
        "limits": _numbers(Limits, "limits", data.get("limits", {}), faults),
        "severities": _severities(data.get("severities", {}), faults),
    }
    if faults:
        raise PolicyError(faults)
    return Policy(name=str(name), **policy_parts)


def read_policy(path: Path) -> Policy:
    """The policy in a YAML or JSON file.

    Raises:
        PolicyError: where the file does not say a policy.
        OSError: where it cannot be read.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise PolicyError(["not UTF-8 text"]) from None
    try:
        if path.suffix.lower() == ".json":
            return policy_from_data(json.loads(text))
        import yaml

        return policy_from_data(yaml.safe_load(text))
    except (ValueError, _yaml_error()) as fault:
        if isinstance(fault, PolicyError):
            raise
        raise PolicyError([f"not a {path.suffix or 'YAML'} file: {str(fault).splitlines()[0]}"]) from None


def _yaml_error() -> type[Exception]:
    import yaml

    return yaml.YAMLError


def _extensions(value: object, faults: list[str]) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        faults.append("extensions must be a list of texts")
        return frozenset()
    found = frozenset(item.lower().lstrip(".") for item in value)
    if not found <= TABEL_1:
        faults.append(f"extensions beyond Tabel 1 may not leave (G §8.2): {', '.join(sorted(found - TABEL_1))}")
    return found


def _numbers(kind: type[Any], where: str, value: object, faults: list[str]) -> Any:
    if not isinstance(value, Mapping):
        faults.append(f"{where} must be a mapping")
        return kind()
    types: dict[str, type[Any]] = {f.name: type(f.default) for f in dataclasses.fields(kind)}
    taken: dict[str, Any] = {}
    for key, number in value.items():
        if key not in types:
            faults.append(f"{where} has no {key!r}; it has {', '.join(sorted(types))}")
        elif isinstance(number, bool) or not isinstance(number, int | types[key]) or number <= 0:
            faults.append(f"{where}.{key} must be a positive number")
        else:
            taken[str(key)] = types[key](number)
    try:
        return kind(**taken)
    except PolicyError as fault:
        faults += fault.faults
        return kind()


def _severities(value: object, faults: list[str]) -> dict[Kind, Severity]:
    if not isinstance(value, Mapping):
        faults.append("severities must be a mapping of a kind to note, review or block")
        return {}
    words = {severity.word: severity for severity in Severity}
    taken: dict[Kind, Severity] = {}
    for key, word in value.items():
        if key not in Kind._value2member_map_:
            faults.append(f"severities: no kind of finding is called {key!r}")
        elif word not in words:
            faults.append(f"severities.{key} must be note, review or block")
        else:
            taken[Kind(key)] = words[word]
    return taken
