"""The site key: read from its file, and the keys that are derived from it. Nothing here touches the database.

The key is made once, by whoever sets up the site (`secrets.token_urlsafe(32)`), and backed up apart from the database.
Nothing here makes one: with a new key every person would get a second pseudonym and no old one could be traced back.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ngc_pipelines.domain.errors import IntegrityFault

_KEY_BYTES = 32
_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class SiteKey:
    """The site's key and what it is used for; never shown by `repr`."""

    _lookup: bytes = field(repr=False)
    _seal: bytes = field(repr=False)
    _derive: bytes = field(repr=False)
    check: bytes = field(repr=False)

    @classmethod
    def read(cls, path: Path) -> SiteKey:
        """Read the key file: 32 bytes in URL-safe base64, readable by its owner alone.

        Raises IntegrityFault where it is missing, malformed, or open to others.
        """
        tried = "The site key was read"
        try:
            mode = path.stat().st_mode
            text = path.read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError):
            raise IntegrityFault(
                tried,
                "its file is missing or cannot be read",
                "Restore the file from the key's backup (NGC_VAULT_SITE_KEY_FILE names it). Do not make a new key: "
                "with a new one no pseudonym could be traced back.",
            ) from None
        if stat.S_IMODE(mode) & 0o077:
            raise IntegrityFault(
                tried, "others than its owner may read the file", "Set its mode to 0600, and find out who has read it."
            )
        try:
            key = base64.b64decode(_padded(text.strip()), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if len(key) != _KEY_BYTES:
            raise IntegrityFault(
                tried,
                f"the file does not hold {_KEY_BYTES} bytes in URL-safe base64",
                "Restore it from the key's backup.",
            )
        return cls.of(key)

    @classmethod
    def of(cls, key: bytes) -> SiteKey:
        """Derive the keys of each purpose from 32 secret bytes."""
        if len(key) != _KEY_BYTES:
            raise ValueError(f"a site key has {_KEY_BYTES} bytes")
        return cls(*(_derived(key, purpose) for purpose in ("lookup", "seal", "derive", "check")))

    def lookup(self, *parts: bytes) -> bytes:
        """32 bytes by which a row is found again without its identity standing there in clear."""
        framed = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
        return hmac.digest(self._lookup, framed, hashlib.sha256)

    def seal(self, secret: str, bound_to: bytes) -> bytes:
        """Encrypt and authenticate a secret (AES-256-GCM) so that it opens only beside what it is bound to."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + AESGCM(self._seal).encrypt(nonce, secret.encode(), bound_to)

    def unseal(self, sealed: bytes, bound_to: bytes) -> str:
        """Decrypt what `seal` made; raises IntegrityFault where key, text or binding is another."""
        try:
            return AESGCM(self._seal).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound_to).decode()
        except (InvalidTag, ValueError):
            raise IntegrityFault(
                "A sealed value of the vault was opened",
                "it was changed, moved to another row, or sealed with another key",
                "Hold the vault against its backup before anything else is done with it.",
            ) from None

    def derived(self, purpose: bytes) -> bytes:
        """32 bytes for one purpose; from them neither this key nor another purpose's can be found."""
        return hmac.digest(self._derive, purpose, hashlib.sha256)


def _padded(text: str) -> str:
    """Base64 as `secrets.token_urlsafe` writes it, without its padding, or with it."""
    bare = text.rstrip("=")
    return bare + "=" * (-len(bare) % 4)


def _derived(key: bytes, purpose: str) -> bytes:
    info = f"ngc pseudonym vault 1: {purpose}".encode()
    return HKDF(algorithm=hashes.SHA256(), length=_KEY_BYTES, salt=None, info=info).derive(key)
