"""Taking rights from the current process, for good: no network, no programs, no writing.

A seccomp filter (installed with `prctl`, written as BPF through `ctypes`)
refuses system calls, resource limits bound memory, processor time and files.
Where a kernel offers no seccomp the limits alone hold, and `seal` says so.
"""

from __future__ import annotations

import csv
import ctypes
import errno
import platform
import resource
import signal
import struct
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_DUMPABLE = 4
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2

_ALLOW = 0x7FFF0000
_KILL = 0x80000000
_REFUSE = 0x00050000 | errno.EPERM
_UNKNOWN = 0x00050000 | errno.ENOSYS

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
"""Classic BPF: load a word, jump if equal, if at least, if any bit is set, return."""

_NUMBER, _ARCH, _ARGS = 0, 4, 16

_WRITING = 0o1 | 0o2 | 0o100 | 0o1000 | 0o2000 | 0o20000000
"""O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_APPEND and the bit of O_TMPFILE that is not O_DIRECTORY."""

_CLONE_THREAD = 0x00010000


_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

_HIGHEST = 0x3FFFFFFF
"""Above lie the numbers of x32, another ABI of the same processor, which would go round the table."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What the sealed process may still use.

    Args:
        memory_bytes: address space beyond what is mapped already.
        seconds: of processor time.
    """

    memory_bytes: int
    seconds: float


def seal(allowance: Allowance) -> bool:
    """Take every right away that judging a file does not need; cannot be undone.

    Returns:
        Whether system calls are filtered too; False on a system without seccomp.
    """
    _bound(allowance)
    if not sys.platform.startswith("linux"):
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return platform.machine() in _AUDIT_ARCH and _filter(libc, platform.machine())


def _bound(allowance: Allowance) -> None:
    cpu = max(1, int(allowance.seconds))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (128, 128))
    most = mapped_bytes() + allowance.memory_bytes
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def mapped_bytes() -> int:
    """Address space this process uses now; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", "rb") as stream:  # noqa: PTH123 - a file of the kernel, not a path of ours
            return int(stream.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def _filter(libc: ctypes.CDLL, machine: str) -> bool:
    program = b"".join(_program(machine))
    code = ctypes.create_string_buffer(program, len(program))

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_void_p)]

    handed = Program(len(program) // 8, ctypes.addressof(code))
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(handed), 0, 0) == 0)


def _program(machine: str) -> Iterable[bytes]:
    """The filter: one test for each row of `system_calls.csv`; what is not named there is allowed."""
    yield _step(_LOAD, _ARCH)
    yield _step(_EQUAL, _AUDIT_ARCH[machine], 1, 0)
    yield _step(_RETURN, _KILL)
    yield _step(_LOAD, _NUMBER)
    yield _step(_AT_LEAST, _HIGHEST + 1, 0, 1)
    yield _step(_RETURN, _REFUSE)
    table = files(__package__).joinpath("system_calls.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(table.splitlines()):
        if row[machine]:
            yield from _rule(row["name"], row["rule"], int(row[machine]))
    yield _step(_RETURN, _ALLOW)


def _rule(name: str, rule: str, number: int) -> Iterable[bytes]:
    if rule in ("refuse", "unknown"):
        yield _step(_EQUAL, number, 0, 1)
        yield _step(_RETURN, _REFUSE if rule == "refuse" else _UNKNOWN)
        return
    argument, bits = {"open": (1, _WRITING), "openat": (2, _WRITING), "clone": (0, _CLONE_THREAD)}[name]
    refused_if_set = rule == "read only"
    yield _step(_EQUAL, number, 0, 4)
    yield _step(_LOAD, _ARGS + 8 * argument)
    yield _step(_ANY_BIT, bits, 0 if refused_if_set else 1, 1 if refused_if_set else 0)
    yield _step(_RETURN, _REFUSE)
    yield _step(_RETURN, _ALLOW)


def _step(code: int, value: int, then: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("HBBI", code, then, otherwise, value)
