"""Free loopback ports, claimed so that two sites or two test workers never get the same one."""

from __future__ import annotations

import json
import random
import socket
from collections.abc import Iterable
from pathlib import Path

LOOPBACK = "127.0.0.1"
# Below the range from which the kernel takes ports of outgoing connections: a port
# that is free when chosen is not taken by somebody's client before its server binds.
FIRST, LAST = 18_000, 32_000

_claims: dict[int, socket.socket] = {}


def free_port(preferred: int | None = None) -> int:
    """A port of 127.0.0.1 on which nothing listens, claimed until this process ends.

    Args:
        preferred: taken when it is free.

    Raises:
        OSError: two hundred random ports were all taken.
    """
    draw = random.SystemRandom()
    wanted = [preferred] if preferred else []
    for port in [*wanted, *(draw.randint(FIRST, LAST) for _ in range(200))]:
        if _claim(port):
            return port
    raise OSError(f"no free port between {FIRST} and {LAST} on {LOOPBACK}; end what holds them and try again")


def remembered_ports(file: Path, names: Iterable[str], *, preferred: int | None = None) -> dict[str, int]:
    """A free port for each name, the same as last time where that is still free.

    Addresses end up in bookmarks and in what a server writes about itself; they stay what they were.

    Args:
        file: JSON, where the choice is kept.
        preferred: taken the first time, where it is free.
    """
    before: dict[str, int] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    chosen = {name: free_port(before.get(name, preferred)) for name in names}
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(before | chosen, indent=1), encoding="utf-8")
    return chosen


def is_listening(port: int) -> bool:
    """Whether something accepts connections on this loopback port."""
    with socket.socket() as probe:
        probe.settimeout(2)
        return probe.connect_ex((LOOPBACK, port)) == 0


def _claim(port: int) -> bool:
    """An abstract socket is the claim: atomic between processes, gone when its holder dies."""
    claim = socket.socket(socket.AF_UNIX)
    try:
        claim.bind(f"\0ngc-local-port-{port}")
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((LOOPBACK, port))
    except OSError:
        claim.close()
        return False
    _claims[port] = claim
    return True
