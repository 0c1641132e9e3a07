"""Whom a server runs as when the site is started by root, and where that account can read.

PostgreSQL refuses to run as root. Its account must be able to reach its data and its
program; a clone under `/root` or in a `mktemp -d` folder cannot be reached by anybody else.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
from dataclasses import dataclass
from pathlib import Path

CANDIDATES = ("postgres", "nobody")
# Survives a restart of the machine, unlike /tmp, and can be reached by every account.
REACHABLE = Path("/var/tmp")


@dataclass(frozen=True, slots=True)
class Account:
    """An unprivileged user of this machine."""

    name: str
    uid: int
    gid: int

    def can_enter(self, folder: Path) -> bool:
        """Whether this account may go into the folder and every folder above it."""
        return all(self._may_search(step) for step in [folder, *folder.parents])

    def can_run(self, program: Path) -> bool:
        """Whether this account can reach the program and execute it."""
        return self.can_enter(program.parent) and self._may_search(program)

    def _may_search(self, path: Path) -> bool:
        """Whether the execute bit that counts for this account is set."""
        status = path.stat()
        if status.st_uid == self.uid:
            return bool(status.st_mode & 0o100)
        if status.st_gid == self.gid:
            return bool(status.st_mode & 0o010)
        return bool(status.st_mode & 0o001)


def unprivileged_account() -> Account | None:
    """The account that servers are to run as; None where this process is not root's.

    Raises:
        RuntimeError: root, and neither of the accounts exists.
    """
    if os.geteuid() != 0:
        return None
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise RuntimeError(
        f"PostgreSQL does not run as root, and this machine has none of the users {', '.join(CANDIDATES)}: "
        "add one (useradd --system postgres) or start the site as an ordinary user"
    )


def folder_for(account: Account | None, folder: Path) -> Path:
    """The folder itself, owned by the account; or a reachable one that a link in its place points to.

    Args:
        account: who is to own it; None leaves everything to the present user.
        folder: where it is wanted; made when missing.
    """
    if account is None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    if account.can_enter(folder.parent):
        folder.mkdir(mode=0o700, exist_ok=True)
        os.chown(folder, account.uid, account.gid)
        return folder
    key = hashlib.sha256(os.fsencode(folder.absolute())).hexdigest()[:16]
    elsewhere = REACHABLE / f"ngc-local-{key}"
    elsewhere.mkdir(mode=0o700, exist_ok=True)
    if elsewhere.stat().st_uid not in (0, account.uid) or elsewhere.is_symlink():
        raise RuntimeError(f"{elsewhere} belongs to somebody else: remove it and start again")
    os.chown(elsewhere, account.uid, account.gid)
    if not folder.is_symlink():
        folder.symlink_to(elsewhere, target_is_directory=True)
    return elsewhere


def remove_folder(folder: Path) -> None:
    """Removes a folder of `folder_for`, also where it is a link to one elsewhere."""
    if folder.is_symlink():
        shutil.rmtree(folder.readlink(), ignore_errors=True)
        folder.unlink()
    else:
        shutil.rmtree(folder, ignore_errors=True)
