"""What stands in an environment after it was provisioned, and what does not."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from ngc_pipelines.adapters.provisioning.filling import CHECKSUM_LIST
from ngc_pipelines.adapters.provisioning.provisioner import Provisioner
from ngc_pipelines.domain.environments import ProvisioningPolicy
from ngc_pipelines.domain.errors import IntegrityFault, Refused
from ngc_pipelines.domain.pseudonyms import is_pseudonym
from ngc_pipelines_tests.sequenced_cohort import RUN, SequencedCohort, fastq, gzipped, specification

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Contents = Callable[[str], dict[str, bytes]]
HEADERS, NAMES = ProvisioningPolicy.HEADERS, ProvisioningPolicy.NAMES


def lines(data: bytes, offset: int) -> list[bytes]:
    """Every fourth line of a gzipped FASTQ file, from `offset` on."""
    return gzip.decompress(data).split(b"\n")[offset::4]


@pytest.mark.parametrize("policy", [HEADERS, NAMES], ids=["headers", "names"])
def test_every_file_stands_under_pseudonyms_with_the_reads_it_had(
    provisioner: Provisioner, cohort: SequencedCohort, contents: Contents, policy: ProvisioningPolicy
) -> None:
    cohort.add_sample(3, lanes=2, person=2)

    snapshot = provisioner.provision(specification(policy), cohort.digest)

    found = contents(snapshot.bucket)
    assert sorted(found) == [file.key for file in snapshot.files]
    assert len(found) == 8 + 1
    sources = {
        (b"\n".join(lines(cohort.s3.get_object(Bucket=cohort.bucket, Key=file.key)["Body"].read(), 1)))
        for file in cohort.reported
        if not file.sidecar
    }
    copies = {b"\n".join(lines(data, 1)) for key, data in found.items() if key != CHECKSUM_LIST}
    assert copies == sources
    for file in snapshot.files:
        assert (file.size, file.sha256) == (len(found[file.key]), hashlib.sha256(found[file.key]).hexdigest())
        assert file.key == CHECKSUM_LIST or (is_pseudonym(file.person) and is_pseudonym(file.sample))
    assert len({file.person for file in snapshot.files if file.person}) == 2
    assert len({file.sample for file in snapshot.files if file.sample}) == 3


@pytest.mark.parametrize("policy", [HEADERS, NAMES], ids=["headers", "names"])
def test_no_name_of_the_source_is_left_anywhere(
    provisioner: Provisioner,
    cohort: SequencedCohort,
    contents: Contents,
    s3: S3Client,
    policy: ProvisioningPolicy,
) -> None:
    snapshot = provisioner.provision(specification(policy), cohort.digest)

    telling = [b"LAB-NAME", b"person ", b"_S1_", b".fastq.gz.md5"]
    if policy is HEADERS:
        telling += [part.encode() for part in (RUN, *RUN.split(":")[::2], "ACGTACGTAC+TTGCATGCAA")]
    for key, data in contents(snapshot.bucket).items():
        head = s3.head_object(Bucket=snapshot.bucket, Key=key)
        tags = s3.get_object_tagging(Bucket=snapshot.bucket, Key=key)["TagSet"]
        assert (head["Metadata"], tags) == ({}, [])
        plain = data if key == CHECKSUM_LIST else gzip.decompress(data)
        for place in (key.encode(), data, plain):
            assert not [text for text in telling if text in place]
        if key != CHECKSUM_LIST:
            assert data[:9] == b"\x1f\x8b\x08\0\0\0\0\0\0"
    assert not [text for text in telling[:2] if text in snapshot.to_bytes()]


def test_mates_keep_the_same_names_in_the_same_order(
    provisioner: Provisioner, cohort: SequencedCohort, contents: Contents
) -> None:
    snapshot = provisioner.provision(specification(), cohort.digest)

    found = contents(snapshot.bucket)
    pairs = [(data, found[key.replace("_R1_", "_R2_")]) for key, data in found.items() if "_R1_" in key]
    assert len(pairs) == 2
    for first, second in pairs:
        names = [[header.split(b" ")[0] for header in lines(mate, 0)] for mate in (first, second)]
        assert names[0] == names[1]
        assert len(set(names[0])) == len(names[0])


def test_the_list_of_checksums_holds_for_every_file(
    provisioner: Provisioner, cohort: SequencedCohort, contents: Contents
) -> None:
    found = contents(provisioner.provision(specification(), cohort.digest).bucket)

    listed = dict(line.split("  ")[::-1] for line in found.pop(CHECKSUM_LIST).decode().splitlines())
    assert listed == {key.removeprefix("genome/"): hashlib.sha256(data).hexdigest() for key, data in found.items()}


def test_two_projects_of_the_same_persons_have_nothing_in_common(
    provisioner: Provisioner, cohort: SequencedCohort, contents: Contents
) -> None:
    one = provisioner.provision(specification(number=1), cohort.digest)
    other = provisioner.provision(specification(number=2), cohort.digest)

    assert not {file.person for file in one.files if file.person} & {file.person for file in other.files}
    runs = [
        {
            header.rsplit(b":", 7)[0]
            for key, data in contents(bucket).items()
            if "_R" in key
            for header in lines(data, 0)
        }
        for bucket in (one.bucket, other.bucket)
    ]
    assert not (runs[0] & runs[1]) - {b""}


@pytest.mark.parametrize("policy", [HEADERS, NAMES], ids=["headers", "names"])
def test_objects_of_several_parts_are_copied_whole(
    provisioner: Provisioner, cohort: SequencedCohort, contents: Contents, policy: ProvisioningPolicy
) -> None:
    data = gzipped(fastq(7, 1, 105_000), "LAB-NAME-0009_R1.fastq.gz")
    assert len(data) > 17 << 20
    cohort.reported = []
    cohort.add_file("wgs/large.fastq.gz", data, "person 9", "LAB-NAME-0009", 1, 1)

    snapshot = provisioner.provision(specification(policy), cohort.digest)

    (copy,) = (found for key, found in contents(snapshot.bucket).items() if key != CHECKSUM_LIST)
    assert lines(copy, 1) == lines(data, 1)
    assert b"LAB-NAME" not in copy
    assert "-" in next(file.etag for file in snapshot.files if file.person)
    assert provisioner.verify(snapshot, deep=True) == ()


def test_a_name_in_a_later_gzip_member_is_taken_out_under_names(
    provisioner: Provisioner, cohort: SequencedCohort, contents: Contents
) -> None:
    data = gzipped(fastq(1, 1, 30), "LAB-NAME-0009_a") + gzipped(fastq(2, 1, 30), "LAB-NAME-0009_b")
    cohort.reported = []
    cohort.add_file("wgs/two.fastq.gz", data, "person 9", "LAB-NAME-0009", 1, 1)

    snapshot = provisioner.provision(specification(NAMES), cohort.digest)

    (copy,) = (found for key, found in contents(snapshot.bucket).items() if key != CHECKSUM_LIST)
    assert b"LAB-NAME" not in copy
    assert gzip.decompress(copy) == gzip.decompress(data)


def test_spring_files_are_left_out_and_listed_under_headers_and_copied_under_names(
    provisioner: Provisioner, cohort: SequencedCohort, contents: Contents
) -> None:
    data = b"SPRING archive" * 1000
    cohort.add_file("wgs/LAB-NAME-0009.spring", data, "person 9", "LAB-NAME-0009", 0, 1, storage_format="spring")

    under_headers = provisioner.provision(specification(HEADERS, number=1), cohort.digest)
    under_names = provisioner.provision(specification(NAMES, number=2), cohort.digest)

    assert [left.reason for left in under_headers.left_out] == ["spring_cannot_be_rewritten"]
    assert not [key for key in contents(under_headers.bucket) if key.endswith(".spring")]
    assert under_names.left_out == ()
    assert [found for key, found in contents(under_names.bucket).items() if key.endswith(".spring")] == [data]


def test_reads_of_no_known_sample_are_refused(provisioner: Provisioner, cohort: SequencedCohort) -> None:
    data = gzipped(fastq(1, 1, 5), "Undetermined")
    file = cohort.add_file("wgs/Undetermined_S0_L001_R1_001.fastq.gz", data, "person 1", "LAB-NAME-0001", 1, 1)

    with pytest.raises(Refused, match=f"files {file.file_id} of the genome database"):
        provisioner.provision(specification(), cohort.digest)


def test_a_cohort_that_was_not_decided_on_is_refused(provisioner: Provisioner) -> None:
    with pytest.raises(IntegrityFault, match="not the one that the decision was bound to"):
        provisioner.provision(specification(), "sha256:" + "0" * 64)
