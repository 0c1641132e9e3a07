"""Builds every boto3 client of the package, and nothing else.

One place, because each option here was learned by harm: boto3's `crt` transfer
client ignores `endpoint_url` and talks to AWS; signing payloads over plain http
costs 2.2 times the CPU; checksums that boto3 adds by default break older stores.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from boto3.s3.transfer import TransferConfig
    from boto3.session import Session
    from botocore.client import BaseClient
    from botocore.config import Config
    from mypy_boto3_s3 import S3Client

    from ngc_pipelines.settings import ObjectStore

MIB = 1 << 20


def s3_client(
    store: ObjectStore,
    *,
    access_key: str | None = None,
    secret_key: str | None = None,
    connections: int = 16,
    read_timeout_seconds: int = 60,
) -> S3Client:
    """A client of the site's object store that can reach no other address.

    Args:
        store: the settings; its endpoint is always used.
        access_key: another user's, e.g. to see what an environment's user may do; with `secret_key`.
        secret_key: that user's secret.
        connections: at most this many at a time, per client.
        read_timeout_seconds: without a byte from the store, before a request is retried.
    """
    session = _session(access_key or store.access_key, secret_key or store.secret_key, store.region)
    return session.client("s3", endpoint_url=store.endpoint, config=_config(store, connections, read_timeout_seconds))


def iam_client(store: ObjectStore) -> BaseClient:
    """A client of the same store's user administration: makes and withdraws an environment's users."""
    session = _session(store.access_key, store.secret_key, store.region)
    client: BaseClient = session.client("iam", endpoint_url=store.endpoint, config=_config(store, 4, 60))
    return client


def transfer_config(*, part_bytes: int = 64 * MIB, workers: int = 4) -> TransferConfig:
    """How `upload_file`, `download_file` and `copy` cut and parallelise; never the `crt` client.

    Args:
        part_bytes: size of a part, 5 MiB or more.
        workers: parts in flight at a time.
    """
    from boto3.s3.transfer import TransferConfig

    return TransferConfig(
        multipart_threshold=part_bytes,
        multipart_chunksize=part_bytes,
        max_concurrency=workers,
        preferred_transfer_client="classic",
    )


def _session(access_key: str, secret_key: str, region: str) -> Session:
    from boto3.session import Session
    from botocore.session import Session as Core

    # Neither a profile nor a configuration file of whoever runs this may redirect a client:
    # each variable as (name in files, name in the environment, value, conversion).
    core = Core(
        session_vars={
            "profile": (None, None, None, None),
            "config_file": (None, None, "/dev/null", None),
            "credentials_file": (None, None, "/dev/null", None),
        }
    )
    return Session(
        aws_access_key_id=access_key, aws_secret_access_key=secret_key, region_name=region, botocore_session=core
    )


def _config(store: ObjectStore, connections: int, read_timeout_seconds: int) -> Config:
    from botocore.config import Config

    return Config(
        signature_version="s3v4",
        connect_timeout=5,
        read_timeout=read_timeout_seconds,
        retries={"mode": "standard", "total_max_attempts": 4},
        max_pool_connections=connections,
        tcp_keepalive=True,
        proxies={},
        request_checksum_calculation=store.checksums,
        response_checksum_validation=store.checksums,
        s3={"addressing_style": "path", "payload_signing_enabled": store.endpoint.startswith("https://")},
    )
