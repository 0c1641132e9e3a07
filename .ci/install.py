"""Makes .venv/ from requirements.lock with whatever a fresh machine has, by the standard library alone.

A bare Debian has neither pip nor ensurepip. So uv comes first from where it may be (on PATH, through pip), and else
is downloaded from the package index as the wheel whose hash the lock names. Where uv cannot install, pip tries.
Every package is checked against the lock's hashes, whoever installs it.
"""

from __future__ import annotations

import configparser
import contextlib
import hashlib
import html.parser
import io
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed"
PYPI = "https://pypi.org/simple"


class CannotInstall(Exception):  # noqa: N818 - it is told to a person, not caught by a program
    """What is missing on this machine, and how to get it."""


def say(text: str) -> None:
    sys.stderr.write(f"[install] {text}\n")


def main() -> int:
    started = time.monotonic()
    try:
        make_venv()
        install(find_uv())
    except CannotInstall as reason:
        say(str(reason))
        return 2
    STAMP.write_text(f"{platform.python_version()}\n", encoding="ascii")
    say(f"everything is installed in .venv ({time.monotonic() - started:.0f} s)")
    return 0


def make_venv() -> None:
    """A virtual environment that works; one that does not (moved, or half made) is made anew."""
    if PYTHON.exists() and runs(PYTHON, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"):
        return
    say(f"making .venv with Python {platform.python_version()}")
    shutil.rmtree(VENV, ignore_errors=True)
    # Debian keeps ensurepip in python3-venv; without it only an environment without pip can be made.
    if not runs(sys.executable, "-m", "venv", "--without-pip", VENV):
        raise CannotInstall(
            f"{sys.executable} cannot make a virtual environment. On Debian: apt-get install python3-venv"
        )
    runs(PYTHON, "-m", "ensurepip", "--upgrade")


def install(uv: Path | None) -> None:
    say("installing what requirements.lock names, each checked by its hash")
    environ = os.environ | {"VIRTUAL_ENV": str(VENV), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    if not home_is_writable():
        environ |= {"UV_NO_CACHE": "1", "PIP_NO_CACHE_DIR": "1"}
    project = ("--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    done = False
    if uv is not None:
        with_index = environ | uv_index()
        # The lock's hashes decide what is accepted, so any index may serve it.
        done = call(
            with_index, uv, "pip", "install", "--quiet", "--python", PYTHON, "--require-hashes", "--compile-bytecode",
            "--no-deps", "--index-strategy", "unsafe-best-match", "-r", LOCK,
        ) and call(with_index, uv, "pip", "install", "--quiet", "--python", PYTHON, *project)  # fmt: skip
    if not done and runs(PYTHON, "-m", "pip", "--version"):
        say("uv could not; pip tries" if uv else "without uv: pip takes about a minute")
        done = call(
            environ, PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps", "-r", LOCK
        ) and call(environ, PYTHON, "-m", "pip", "install", "--quiet", *project)
    if not done:
        raise CannotInstall(
            "the packages could not be installed; the message above says why. The package index must be reachable"
            " (behind a mirror: set PIP_INDEX_URL), and HTTPS needs the machine's certificates"
            " (Debian: apt-get install ca-certificates)."
        )
    # A site is a dozen processes, and files are checked in ones that write nothing: all start from compiled code.
    runs(PYTHON, "-m", "compileall", "-q", ROOT / "ngc_pipelines")


def home_is_writable() -> bool:
    """Whether a cache can be kept; a system account's home often does not even exist."""
    home = Path.home()
    existing = next(folder for folder in (home, *home.parents) if folder.exists())
    return os.access(existing, os.W_OK)


def find_uv() -> Path | None:
    """uv, from PATH, from the environment, through pip, or as a wheel from the index; None where only pip is left."""
    for candidate in (VENV / "bin" / "uv", shutil.which("uv")):
        if candidate and runs(candidate, "--version"):
            return Path(candidate)
    name, version, hashes = locked("uv")
    requirement = "\n".join([f"{name}=={version} \\", " \\\n".join(f"    --hash=sha256:{h}" for h in hashes)])
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(requirement)
        file.flush()
        target = ("install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", file.name)
        for pip in ((PYTHON, "-m", "pip"), (sys.executable, "-m", "pip", "--python", PYTHON)):
            if runs(*pip, "--version") and runs(*pip, *target):
                return VENV / "bin" / "uv"
    try:
        return uv_from_index(version, set(hashes))
    except (OSError, ValueError) as reason:
        say(f"uv could not be fetched from the index ({reason})")
        return None


def locked(name: str) -> tuple[str, str, list[str]]:
    """Version and hashes of a package in the lock."""
    stanza = re.search(rf"^{name}==(\S+) \\\n((?:    --hash=sha256:\S+.*\n)+)", LOCK.read_text(encoding="utf-8"), re.M)
    if stanza is None:
        raise CannotInstall(f"requirements.lock does not name {name}: restore the file from the repository")
    return name, stanza[1], re.findall(r"sha256:([0-9a-f]{64})", stanza[2])


class Links(html.parser.HTMLParser):
    """The files of a simple index page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found += [value for key, value in attrs if key == "href" and value]


def uv_from_index(version: str, hashes: set[str]) -> Path:
    """Downloads uv's wheel and unpacks its one program; refused unless its hash stands in the lock."""
    machine = platform.machine()
    libc = "manylinux" if platform.libc_ver()[0] == "glibc" else "musllinux"
    page = f"{index_url().rstrip('/')}/uv/"
    links = Links()
    links.feed(fetch(page).decode("utf-8"))
    for link in links.found:
        file = urllib.parse.unquote(urllib.parse.urlparse(link).path.rpartition("/")[2])
        if file.startswith(f"uv-{version}-py3-none-{libc}") and file.endswith(f"{machine}.whl"):
            wheel = fetch(urllib.parse.urljoin(page, link))
            if hashlib.sha256(wheel).hexdigest() not in hashes:
                raise ValueError(f"{file} is not the file that the lock names")
            with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
                program = next(name for name in archive.namelist() if name.endswith("/scripts/uv"))
                target = VENV / "bin" / "uv"
                target.write_bytes(archive.read(program))
            target.chmod(0o755)
            return target
    raise ValueError(f"the index has no uv {version} for {libc} {machine}")


def fetch(url: str) -> bytes:
    request = urllib.request.Request(url, headers={"Accept": "text/html"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        content: bytes = answer.read()
        return content


def index_url() -> str:
    """The index that pip would ask: from the environment, from its configuration, or PyPI."""
    return os.environ.get("PIP_INDEX_URL") or pip_setting("index-url") or PYPI


def pip_setting(name: str) -> str | None:
    """A setting of pip's configuration files; read here because there may be no pip to ask."""
    home = Path.home()
    files = ("/etc/pip.conf", "/etc/xdg/pip/pip.conf", home / ".pip/pip.conf", home / ".config/pip/pip.conf")
    parser = configparser.RawConfigParser(strict=False)
    with contextlib.suppress(configparser.Error):
        parser.read([*files, os.environ.get("PIP_CONFIG_FILE", os.devnull)], encoding="utf-8")
    for section in ("install", "global"):
        if parser.has_option(section, name):
            return " ".join(parser.get(section, name).split())
    return None


def uv_index() -> dict[str, str]:
    """Where pip is told to look, in the words of uv, which does not read pip's settings."""
    told: dict[str, str] = {}
    for variable, setting, pip_variable in (
        ("UV_DEFAULT_INDEX", "index-url", "PIP_INDEX_URL"),
        ("UV_INDEX", "extra-index-url", "PIP_EXTRA_INDEX_URL"),
        ("UV_FIND_LINKS", "find-links", "PIP_FIND_LINKS"),
    ):
        value = os.environ.get(pip_variable) or pip_setting(setting)
        if value and variable not in os.environ:
            told[variable] = value.replace(" ", ",") if variable == "UV_FIND_LINKS" else value
    return told


def runs(*command: str | Path) -> bool:
    """Whether a command ends well; what it says is of no interest."""
    try:
        return subprocess.run([str(part) for part in command], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def call(environ: dict[str, str], *command: str | Path) -> bool:
    """Whether a command ends well; what it says is shown."""
    return subprocess.run([str(part) for part in command], env=environ, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
