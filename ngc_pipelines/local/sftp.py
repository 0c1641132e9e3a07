"""The embedded site's SFTP server: each account sees its own folder and nothing else.

Run as a child: `python -m ngc_pipelines.local.sftp CONFIG`. Uploads to `.part` and a
posix-rename into place work as on OpenSSH, which stands here in production.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ngc_pipelines.local import ports
from ngc_pipelines.local.credentials import Credentials, write_private
from ngc_pipelines.local.programs import Program, base_environ


class SftpServer:
    """An SFTP server on 127.0.0.1 with password accounts.

    Args:
        folder: its host key, its configuration and the accounts' folders.
        credentials: where the accounts' passwords are kept.
        accounts: the names; each gets `folder/files/<name>`.
    """

    name = "SFTP"

    def __init__(self, folder: Path, credentials: Credentials, accounts: Sequence[str]) -> None:
        self._folder = folder
        self._credentials = credentials
        self._accounts = tuple(accounts)
        self._log = folder.parent / "logs" / "sftp.log"
        self.port = ports.remembered_ports(folder / "port.json", ["sftp"])["sftp"]

    @property
    def host_key(self) -> str:
        """The server's public key, `type base64`: what a client must find, or refuse."""
        return self._public_key.read_text(encoding="ascii").strip()

    def password(self, account: str) -> str:
        """The account's password."""
        return self._credentials.secret(f"sftp-{account}")

    def files(self, account: str) -> Path:
        """The folder that the account sees as `/`."""
        return self._folder / "files" / account

    def prepare(self) -> None:
        """Makes the host key once, and the folders and configuration of the accounts."""
        import asyncssh

        for account in self._accounts:
            self.files(account).mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self._private_key.exists():
            key = asyncssh.generate_private_key("ssh-ed25519")
            self._public_key.write_text(key.export_public_key().decode("ascii"), encoding="ascii")
            write_private(self._private_key, key.export_private_key().decode("ascii"))
        config = {
            "port": self.port,
            "host_key": str(self._private_key),
            "accounts": {a: {"password": self.password(a), "folder": str(self.files(a))} for a in self._accounts},
        }
        write_private(self._config, json.dumps(config))

    def program(self) -> Program:
        """The server's command; passwords are in its configuration file, never on the command line."""
        return Program(
            command=(sys.executable, "-m", "ngc_pipelines.local.sftp", str(self._config)),
            log=self._log,
            environ=base_environ(),
            cwd=str(self._folder),
            grace_seconds=5,
        )

    def is_ready(self) -> bool:
        """Whether it greets as an SSH server."""
        with socket.create_connection((ports.LOOPBACK, self.port), timeout=5) as connection:
            return connection.recv(8).startswith(b"SSH-2.0")

    @property
    def _private_key(self) -> Path:
        return self._folder / "host_key"

    @property
    def _public_key(self) -> Path:
        return self._folder / "host_key.pub"

    @property
    def _config(self) -> Path:
        return self._folder / "sftp.json"


async def serve(config: dict[str, Any]) -> None:
    """Serves until SIGTERM."""
    import asyncssh

    accounts = config["accounts"]

    class Doorkeeper(asyncssh.SSHServer):
        def password_auth_supported(self) -> bool:
            return True

        def validate_password(self, username: str, password: str) -> bool:
            known = accounts.get(username)
            return known is not None and hmac.compare_digest(known["password"].encode(), password.encode())

    def in_own_folder(channel: Any) -> Any:
        account = channel.get_connection().get_extra_info("username")
        return asyncssh.SFTPServer(channel, chroot=accounts[account]["folder"].encode())

    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    async with asyncssh.listen(
        ports.LOOPBACK,
        config["port"],
        server_factory=Doorkeeper,
        server_host_keys=[config["host_key"]],
        sftp_factory=in_own_folder,
        allow_scp=False,
        # Files alone: without a session factory there is no shell, and no tunnel is granted by default.
        agent_forwarding=False,
        x11_forwarding=False,
    ):
        await stopped.wait()


if __name__ == "__main__":
    asyncio.run(serve(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))
