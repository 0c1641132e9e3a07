"""Generated passwords and keys of the embedded site: made once, one file each, readable by their owner only."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Credentials:
    """A folder of secrets; each is generated at its first use and kept.

    Args:
        folder: made with mode 0700; its files have mode 0600.
    """

    folder: Path

    def path(self, name: str) -> Path:
        """The file of a secret, generated (32 random bytes, URL-safe) where there is none."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = self.folder / name
        if not file.exists():
            write_private(file, secrets.token_urlsafe(32))
        return file

    def secret(self, name: str) -> str:
        """The secret of this name."""
        return self.path(name).read_text(encoding="ascii")


def write_private(file: Path, text: str) -> None:
    """Writes a file that only its owner can ever have read: mode 0600 from its first byte, put in place whole."""
    part = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
    part.replace(file)
