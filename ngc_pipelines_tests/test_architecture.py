"""The house keeps its shape: imports go one way, files stay short, names say something, every test has its place."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "ngc_pipelines"
TESTS = ROOT / "ngc_pipelines_tests"
MOST_LINES = 400
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "misc", "tools", "base", "core", "manager"}

# Each room may import those before it and itself. `settings` is read by adapters and everything above.
ORDER = (
    "domain",
    "disclosure",
    "register",
    "settings",
    "adapters",
    "flows",
    "defs",
    "definitions",
    "commands",
    "cli",
    "local",
)
# The checker stands alone: a researcher runs it with no server, database or orchestrator.
FOREIGN = {
    "domain": {"dagster", "boto3", "botocore", "sqlalchemy", "psycopg", "alembic", "paramiko", "smtplib", "socket"},
    "disclosure": {"dagster", "boto3", "botocore", "sqlalchemy", "psycopg", "alembic", "paramiko", "smtplib"},
    "register": {"dagster", "boto3", "botocore", "paramiko", "smtplib"},
    "adapters": {"dagster"},
    "flows": {"dagster"},
}
# The one place that builds S3 clients: elsewhere an option learned by harm would be forgotten.
CLIENTS = PACKAGE / "adapters" / "object_store" / "clients.py"


@cache
def modules() -> tuple[Path, ...]:
    """Every module of the package."""
    return tuple(sorted(PACKAGE.rglob("*.py")))


@cache
def text(path: Path) -> str:
    """What a file says."""
    return path.read_text(encoding="utf-8")


@cache
def tree(path: Path) -> ast.Module:
    """A module, parsed."""
    return ast.parse(text(path))


def place(path: Path) -> str:
    """A path as it stands in the repository."""
    return str(path.relative_to(ROOT))


def room(path: Path) -> str:
    """The room a module is in, or its own name where it stands beside the rooms."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and name of everything a module imports outside TYPE_CHECKING, anywhere in it."""
    for_types = {
        id(inner)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree(path)):
        if id(node) in for_types:
            continue
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module


def test_imports_go_one_way() -> None:
    wrong = []
    for path in modules():
        here = room(path)
        if here == "__init__":
            continue
        allowed = set(ORDER[: ORDER.index(here) + 1])
        if here == "disclosure":
            allowed -= {"register", "settings"}
        for line, name in imports(path):
            first, _, inner = name.partition(".")
            if first == "ngc_pipelines" and inner and inner.split(".")[0] not in allowed:
                wrong.append(f"{place(path)}:{line}: {here} must not know {inner}")
            if first in FOREIGN.get(here, set()):
                wrong.append(f"{place(path)}:{line}: {here} must not know {first}")
    assert wrong == []


def test_a_file_is_short_enough_to_be_read() -> None:
    lengths = {place(path): len(text(path).splitlines()) for path in (*modules(), *TESTS.rglob("*.py"))}
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES} == {}


def test_a_module_says_what_lives_in_it() -> None:
    # An empty __init__.py only makes a folder a package.
    spoken = [path for path in modules() if path.name != "__init__.py" or text(path).strip()]
    assert [place(path) for path in spoken if not ast.get_docstring(tree(path))] == []


def test_a_name_says_what_a_module_is_about() -> None:
    parts = {place(path): {part.removesuffix(".py") for part in path.relative_to(PACKAGE).parts} for path in modules()}
    assert [name for name, words in parts.items() if words & NAMES_THAT_SAY_NOTHING] == []


def test_only_one_module_builds_s3_clients() -> None:
    builds = re.compile(r"boto3\.(client|resource|session)|boto3\.Session\(|botocore\.session")
    assert [place(path) for path in modules() if builds.search(text(path))] == [place(CLIENTS)]


def test_nothing_is_read_from_the_environment_at_import() -> None:
    bodies = ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef
    wrong = [
        f"{place(path)}:{node.lineno}"
        for path in modules()
        for node in tree(path).body
        if not isinstance(node, bodies) and re.search(r"os\.(environ|getenv)", ast.unparse(node))
    ]
    assert wrong == []


def test_annotations_stay_objects_where_dagster_reads_them() -> None:
    """`from __future__ import annotations` breaks `context` and `config` annotations in definitions."""
    for path in sorted((PACKAGE / "defs").rglob("*.py")):
        assert "__future__" not in text(path), f"{place(path)} imports annotations"


def test_every_test_file_is_in_a_room_for_tests() -> None:
    # The last two hold hiding places for the checker, and beside them how many of those it finds.
    rooms = {"unit", "contract", "definitions", "integration", "e2e", "disclosure_places", "disclosure_rows"}
    stray = [
        place(path)
        for path in TESTS.rglob("test_*.py")
        if path.name != "test_architecture.py" and path.relative_to(TESTS).parts[0] not in rooms
    ]
    assert stray == []


def test_no_test_is_left_out() -> None:
    marks = re.compile(r"pytest\.(mark\.(skip|skipif|xfail)|skip\(|xfail\(|importorskip)")
    left_out = [
        place(path) for path in TESTS.rglob("*.py") if path.name != "test_architecture.py" and marks.search(text(path))
    ]
    assert left_out == []


def test_the_lock_names_packages_and_no_address() -> None:
    lock = text(ROOT / "requirements.lock")
    assert not re.search(r"https?://|--index|--find-links|file:", lock)
    named = re.findall(r"^([a-z0-9_.-]+)(?:\[[a-z0-9,]+\])?==", lock, re.M)
    assert len(named) == len(set(named)) > 100
    assert len(re.findall(r"--hash=sha256:[0-9a-f]{64}", lock)) >= len(named)
