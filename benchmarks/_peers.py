"""Peers that benchmarks compare with, in an environment of their own; the package depends on none of them.

They are pinned with hashes in `peers.lock` and installed into `.local/bench-peers` when a benchmark first asks.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).with_name("peers.lock")
PLACE = Path(__file__).parent.parent / ".local" / "bench-peers"


class NoPeersError(Exception):
    """The peers could not be installed; says why in one line."""


def python_with_peers() -> Path:
    """The interpreter that has the peers; installs them where that was not done for this lock.

    Raises:
        NoPeersError: where they cannot be installed, e.g. without a network.
    """
    python, mark = PLACE / "bin" / "python", PLACE / "installed"
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if mark.is_file() and mark.read_text(encoding="ascii") == digest:
        return python
    uv = str(Path(sys.executable).with_name("uv"))
    steps = (
        [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(PLACE)],
        [uv, "pip", "install", "--quiet", "--require-hashes", "--python", str(python), "--requirement", str(LOCK)],
    )
    for step in steps:
        done = subprocess.run(step, capture_output=True, text=True, check=False)
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise NoPeersError(f"the peers of benchmarks/peers.lock could not be installed: {last}")
    mark.write_text(digest, encoding="ascii")
    return python
