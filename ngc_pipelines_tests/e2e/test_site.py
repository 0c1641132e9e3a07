"""The whole embedded site, Dagster included, as `make up` runs it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from ngc_pipelines.local.accounts import remove_folder

PATIENCE_SECONDS = 300


class RunningSite:
    """`make up` in a folder of its own, and what it has printed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process = start(folder)
        self.printed: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        self.printed.extend(self.process.stdout)

    def wait_printed(self, pattern: str) -> re.Match[str]:
        """Waits until it printed a line like this."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            found = re.search(pattern, "".join(list(self.printed)))
            if found:
                return found
            assert self.process.poll() is None, "".join(self.printed)
            time.sleep(0.1)
        pytest.fail(f"never printed: {pattern}\n" + "".join(self.printed))

    def family(self) -> list[psutil.Process]:
        """It and all its descendants."""
        parent = psutil.Process(self.process.pid)
        return [parent, *parent.children(recursive=True)]


def start(folder: Path) -> subprocess.Popen[str]:
    """Starts a site as `make up` does."""
    return subprocess.Popen(
        (sys.executable, "-m", "ngc_pipelines.local.up", str(folder)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={name: value for name, value in os.environ.items() if not name.startswith(("NGC_", "DAGSTER_"))},
    )


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder for one site, gone afterwards."""
    made = Path(tempfile.mkdtemp(prefix="ngc-site-"))
    made.chmod(0o711)
    yield made
    remove_folder(made / "postgres")
    shutil.rmtree(made, ignore_errors=True)


def connections(process: psutil.Process) -> list[tuple[str, str]]:
    """Which own address a process listens on or connects from, and to which other one."""
    try:
        found = process.net_connections("inet")
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return []
    return [(one.laddr.ip, one.raddr.ip if one.raddr else "") for one in found if one.status != psutil.CONN_NONE]


def test_the_site_comes_up_keeps_to_itself_heals_and_leaves_nothing_at_ctrl_c(folder: Path) -> None:
    site = RunningSite(folder)
    try:
        url = site.wait_printed(r"the site is up; the UI is at (http://127\.0\.0\.1:\d+)")[1]
        with urllib.request.urlopen(url, timeout=60) as answer:
            assert answer.status == 200

        # Neither does anything listen for the outside, nor does anything connect to it.
        for process in site.family():
            for own, other in connections(process):
                assert own in ("127.0.0.1", "::1", "::ffff:127.0.0.1"), process.cmdline()
                assert other in ("", "127.0.0.1", "::1", "::ffff:127.0.0.1"), process.cmdline()

        # What is secret can be read by its owner alone.
        for secret in (*(folder / "credentials").iterdir(), folder / "site.env"):
            assert secret.stat().st_mode & 0o077 == 0, secret.name

        # A second one in the same folder is refused and does no harm.
        second = start(folder)
        told, _ = second.communicate(timeout=PATIENCE_SECONDS)
        assert second.returncode == 1
        assert "running in" in told
        assert "already" in told

        (location,) = [p for p in site.family() if "grpc" in p.cmdline() and p.ppid() == site.process.pid]
        location.kill()
        site.wait_printed("code location was ended by SIGKILL")
        site.wait_printed("code location is started again")

        family = site.family()
        site.process.send_signal(signal.SIGINT)
        assert site.process.wait(PATIENCE_SECONDS) == 0
        _, alive = psutil.wait_procs(family, timeout=60)
        assert alive == []
        assert "everything has ended" in "".join(site.printed)
    finally:
        site.process.kill()
        site.process.wait()
