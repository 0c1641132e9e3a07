"""No adapter connects to an address that is not in the settings, from the folder handed in to the last letter."""

from __future__ import annotations

import os
import socket
import threading
from typing import Any

import psutil
import pytest
from sqlalchemy.engine import make_url

from ngc_pipelines.domain.cases import CaseId
from ngc_pipelines.flows.site import Site
from ngc_pipelines.settings import Settings
from ngc_pipelines_tests.code_location import CodeLocation
from ngc_pipelines_tests.decided_cases import decide
from ngc_pipelines_tests.definitions.conftest import SyntheticGenomes
from ngc_pipelines_tests.handing_in import hand_in

CASE = CaseId("EXH-2026-00001")
DECOY = "http://127.0.0.1:9"
Address = tuple[str, int]


def addresses(settings: Settings) -> set[Address]:
    """Every address in the settings: databases, object store, mail."""
    urls = [settings.genome.url, settings.register.url, settings.vault.url, settings.s3.endpoint]
    parsed = [make_url(url) for url in urls]
    return {(str(url.host), int(url.port or 0)) for url in parsed} | {(settings.mail.host, settings.mail.port)}


class Watch:
    """Notes every address that this process connects to: what Python's sockets ask for, and what the kernel shows.

    The database driver connects by itself and keeps its connections for long, so looking often is enough to see it;
    everything else goes through Python's sockets, of which none is missed.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: set[Address] = set()
        self.seen: set[Address] = set()
        self.before = self._connected()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        for name in ("connect", "connect_ex"):
            monkeypatch.setattr(socket.socket, name, self._noting(getattr(socket.socket, name)))

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _noting(self, connect: Any) -> Any:
        def noting(sock: socket.socket, address: Any) -> Any:
            if sock.family in (socket.AF_INET, socket.AF_INET6):
                self.asked.add((address[0], address[1]))
            return connect(sock, address)

        return noting

    def _connected(self) -> set[Address]:
        found = psutil.Process(os.getpid()).net_connections("inet")
        return {(one.raddr.ip, one.raddr.port) for one in found if one.raddr}

    def _look(self) -> None:
        while not self._stop.wait(0.01):
            self.seen |= self._connected()


def test_an_exhibition_reaches_the_addresses_in_the_settings_and_no_other(
    code_location: CodeLocation, site: Site, genomes: SyntheticGenomes, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A machine that would send an AWS client elsewhere.
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_IAM", "HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, DECOY)
    hand_in(site.object_store, site.settings.s3.intake_bucket, "hjertegen", numbers=genomes.numbers[:6])
    allowed = addresses(site.settings)

    with Watch(monkeypatch) as watch:
        code_location.tick()
        decide(site, CASE)
        code_location.tick()
        for job in ("outbox_job", "environment_verification", "audit_job"):
            assert code_location.do(job).success

    assert site.register.standing(CASE).state.name == "exhibited"
    assert watch.asked <= allowed
    assert watch.seen - watch.before <= allowed
    # It did look: the object store and the mail server were reached through Python, the databases are still connected.
    store, mail = make_url(site.settings.s3.endpoint), site.settings.mail
    assert {(store.host, store.port), (mail.host, mail.port)} <= watch.asked
    database = make_url(site.settings.register.url)
    assert (database.host, database.port) in watch.seen
