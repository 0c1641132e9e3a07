"""S3 clients reach the address in the settings and no other, whatever the machine suggests."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from ngc_pipelines.adapters.object_store.clients import MIB, iam_client, s3_client, transfer_config
from ngc_pipelines.settings import ObjectStore

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

DECOY = "http://127.0.0.1:9"


@pytest.fixture
def misleading_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine whose environment and files point AWS clients elsewhere."""
    config = tmp_path / "config"
    config.write_text(
        f"[default]\nregion = eu-west-1\nendpoint_url = {DECOY}\ns3 =\n    preferred_transfer_client = crt\n"
        "    addressing_style = virtual\n"
    )
    for name, value in {
        "AWS_CONFIG_FILE": str(config),
        "AWS_SHARED_CREDENTIALS_FILE": str(config),
        "AWS_PROFILE": "nobody-here",
        "AWS_ENDPOINT_URL": DECOY,
        "AWS_ENDPOINT_URL_S3": DECOY,
        "AWS_ACCESS_KEY_ID": "somebody-else",
        "AWS_SECRET_ACCESS_KEY": "wrong",
        "HTTP_PROXY": DECOY,
        "http_proxy": DECOY,
        "HTTPS_PROXY": DECOY,
    }.items():
        monkeypatch.setenv(name, value)


class Watch:
    """Notes every address that this process connects to."""

    def __init__(self) -> None:
        self.seen: set[tuple[str, int]] = set()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        process = psutil.Process(os.getpid())
        while not self._stop.is_set():
            self.seen |= {(c.raddr.ip, c.raddr.port) for c in process.net_connections("inet") if c.raddr}
            self._stop.wait(0.005)


def address(store: ObjectStore) -> tuple[str, int]:
    """Where the settings say that the store is."""
    host, _, port = store.endpoint.removeprefix("http://").partition(":")
    return host, int(port)


def test_no_client_connects_to_an_address_that_is_not_in_the_settings(
    s3_settings: ObjectStore, misleading_machine: None, tmp_path: Path
) -> None:
    before = {(c.raddr.ip, c.raddr.port) for c in psutil.Process().net_connections("inet") if c.raddr}
    large = tmp_path / "large"
    large.write_bytes(os.urandom(24 * MIB))
    config = transfer_config(part_bytes=8 * MIB)
    bucket = s3_settings.records_bucket
    with Watch() as watch:
        client = s3_client(s3_settings)
        client.upload_file(str(large), bucket, "large", Config=config)
        client.copy({"Bucket": bucket, "Key": "large"}, bucket, "copy", Config=config)
        client.download_file(bucket, "copy", str(tmp_path / "back"), Config=config)
        iam_client(s3_settings).list_users()  # type: ignore[attr-defined]  # - no stubs of IAM are installed
    assert (tmp_path / "back").read_bytes() == large.read_bytes()
    assert address(s3_settings) in watch.seen
    assert watch.seen - before <= {address(s3_settings)}


def test_transfers_never_use_the_client_that_ignores_the_endpoint() -> None:
    assert transfer_config().preferred_transfer_client == "classic"


def test_requests_are_signed_for_this_store_with_its_own_user(s3: S3Client, s3_settings: ObjectStore) -> None:
    url = s3.generate_presigned_url("get_object", Params={"Bucket": s3_settings.source_bucket, "Key": "a/b"})
    assert url.startswith(f"{s3_settings.endpoint}/{s3_settings.source_bucket}/a/b?")
    assert "X-Amz-Algorithm=AWS4-HMAC-SHA256" in url
