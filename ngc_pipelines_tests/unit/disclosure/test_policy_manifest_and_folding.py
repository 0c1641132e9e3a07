"""What a check is told and how its findings are folded: policies, manifests, many findings of one fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from ngc_pipelines.disclosure.findings import Finding, Kind, Severity, Words
from ngc_pipelines.disclosure.folding import MOST_FAULTS, Fold
from ngc_pipelines.disclosure.manifest import ManifestError, Result, read_manifest
from ngc_pipelines.disclosure.policy import DEFAULT_POLICY, PolicyError, policy_from_data, read_policy


def test_policy_comes_back_from_its_own_data_with_its_digest() -> None:
    again = policy_from_data(DEFAULT_POLICY.as_data())
    assert again == DEFAULT_POLICY
    assert again.digest == DEFAULT_POLICY.digest


def test_digest_of_a_policy_changes_with_everything_it_says() -> None:
    digests = {
        DEFAULT_POLICY.digest,
        policy_from_data({"name": "other"}).digest,
        policy_from_data({"thresholds": {"cell": 10}}).digest,
        policy_from_data({"limits": {"seconds": 5}}).digest,
        policy_from_data({"severities": {"cpr": "review"}}).digest,
        policy_from_data({"extensions": ["txt"]}).digest,
    }
    assert len(digests) == 6


def test_default_policy_follows_tabel_1() -> None:
    assert len(DEFAULT_POLICY.extensions) == 27
    assert DEFAULT_POLICY.thresholds.cell == 5


@pytest.mark.parametrize(
    ("data", "faults"),
    [
        ([], 1),
        ({"colour": 1}, 1),
        ({"thresholds": {"cell": 0, "sell": 5}, "severities": {"cpr": "loud", "nothing": "note"}}, 4),
        ({"thresholds": {"cell": "five"}, "name": ""}, 2),
        ({"thresholds": {"id_like": 0.2}}, 1),
        ({"extensions": ["txt", "vcf"]}, 1),
        ({"limits": {"seconds": -1}}, 1),
        ({"thresholds": {"cell": True}}, 1),
    ],
    ids=["list", "unknown", "four", "texts", "share", "vcf", "negative", "truth"],
)
def test_policy_that_cannot_be_followed_is_refused_with_every_fault(data: object, faults: int) -> None:
    with pytest.raises(PolicyError) as refused:
        policy_from_data(data)
    assert len(refused.value.faults) == faults


@pytest.mark.parametrize(
    ("name", "text"), [("p.yaml", "thresholds: {cell: 10}\n"), ("p.json", '{"thresholds": {"cell": 10}}')]
)
def test_policy_is_read_from_yaml_and_json(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert read_policy(tmp_path / name).thresholds.cell == 10


@pytest.mark.parametrize(
    ("name", "text"), [("p.yaml", "a: [b"), ("p.json", "{"), ("p.yaml", "!!python/object:os.x {}")]
)
def test_broken_policy_file_is_refused(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError):
        read_policy(tmp_path / name)


YAML = """\
results:
  - path: ./tables/t1.xlsx
    description: Table 1
    reason: at least 5 in each cell
  - path: t2.txt
    description: Log
    reason: no persons
    individual_level: no
    sha256: {digest}
"""
CSV = """\
path;description;reason;individual_level;sha256
tables/t1.xlsx;Table 1;at least 5 in each cell;;
t2.txt;Log;no persons;nej;{digest}
"""
DIGEST = "ab" * 32
RESULTS = (
    Result("tables/t1.xlsx", "Table 1", "at least 5 in each cell"),
    Result("t2.txt", "Log", "no persons", sha256=DIGEST),
)  # fmt: skip


@pytest.mark.parametrize(("name", "text"), [("m.yaml", YAML), ("m.csv", CSV)])
def test_manifest_is_read_in_either_form(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text.format(digest=DIGEST), encoding="utf-8")
    assert read_manifest(tmp_path / name) == RESULTS


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("[]", 1),
        ("- path: a.txt", 2),
        ("- {path: ../a.txt, description: d, reason: r}", 1),
        ("- {path: /a.txt, description: d, reason: r, sha256: abc, individual_level: maybe}", 3),
        ("- {path: a, description: d, reason: r}\n- {path: a, description: d, reason: r}", 1),
        ("just words", 1),
        ("a: [", 1),
    ],
    ids=["empty", "missing", "outside", "three", "twice", "words", "broken"],
)
def test_manifest_that_says_too_little_is_refused_with_every_fault(tmp_path: Path, text: str, faults: int) -> None:
    (tmp_path / "m.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ManifestError) as refused:
        read_manifest(tmp_path / "m.yaml")
    assert len(refused.value.faults) == faults


def found(kind: Kind = Kind.CPR, where: str = "line 1", said: str = "x", count: int = 1) -> Finding:
    """A finding for folding."""
    words = Words(said, said)
    return Finding("DC-3", kind, Severity.BLOCK, where, words, words, count=count)


def fold(**severities: Severity) -> Fold:
    """An empty fold that keeps three places."""
    return Fold({Kind(kind): severity for kind, severity in severities.items()}, 3, str.upper)


def test_one_fault_many_times_is_one_finding_with_first_places_masked() -> None:
    folding = fold()
    assert [folding.add(found(where=f"line {number}")) for number in range(5)] == [True, False, False, False, False]
    (one,) = folding.folded()
    assert (one.count, one.where, one.places) == (5, "LINE 0", ("LINE 0", "LINE 1", "LINE 2"))


def test_policy_decides_what_a_kind_weighs_and_the_gravest_come_first() -> None:
    folding = fold(cpr=Severity.NOTE)
    folding.add(found())
    folding.add(found(Kind.RAW_DATA))
    assert [(f.kind, f.severity) for f in folding.folded()] == [
        (Kind.RAW_DATA, Severity.BLOCK),
        (Kind.CPR, Severity.NOTE),
    ]


def test_more_faults_than_anybody_reads_are_counted_and_not_kept() -> None:
    folding = fold()
    for number in range(MOST_FAULTS + 500):
        folding.add(found(said=f"fault {number}"))
    kept = folding.folded()
    assert len(kept) == MOST_FAULTS
    assert sum(finding.count for finding in kept) == MOST_FAULTS + 500
