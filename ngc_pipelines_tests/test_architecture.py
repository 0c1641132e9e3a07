"""The house keeps its shape: imports go one way, files stay short, names say something, every test has its place."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

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


def modules() -> list[Path]:
    """Every module of the package."""
    return sorted(PACKAGE.rglob("*.py"))


def place(path: Path) -> str:
    """A path as it stands in the repository."""
    return str(path.relative_to(ROOT))


def room(path: Path) -> str:
    """The room a module is in, or its own name where it stands beside the rooms."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[tuple[int, str, bool]]:
    """Line, name and whether it happens at import time, of everything a module imports outside TYPE_CHECKING."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    at_top = {id(node) for node in tree.body}
    for node in ast.walk(tree):
        if id(node) in for_types:
            continue
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name, id(node) in at_top
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module, id(node) in at_top


@pytest.mark.parametrize("path", modules(), ids=place)
def test_imports_go_one_way(path: Path) -> None:
    here = room(path)
    if here == "__init__":
        return
    allowed = set(ORDER[: ORDER.index(here) + 1])
    if here == "disclosure":
        allowed -= {"register", "settings"}
    for line, name, _ in imports(path):
        parts = name.split(".")
        if parts[0] == "ngc_pipelines" and len(parts) > 1:
            assert parts[1] in allowed, f"{place(path)}:{line}: {here} must not know {parts[1]}"
        assert parts[0] not in FOREIGN.get(here, set()), f"{place(path)}:{line}: {here} must not know {parts[0]}"


@pytest.mark.parametrize("path", [*modules(), *sorted(TESTS.rglob("*.py"))], ids=place)
def test_a_file_is_short_enough_to_be_read(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= MOST_LINES, f"{place(path)} has {lines} lines: which concern wants a room of its own?"


@pytest.mark.parametrize("path", modules(), ids=place)
def test_a_module_says_what_lives_in_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    # An empty __init__.py only makes a folder a package.
    if path.name == "__init__.py" and not text.strip():
        return
    assert ast.get_docstring(ast.parse(text)), f"{place(path)} has no docstring"


@pytest.mark.parametrize("path", modules(), ids=place)
def test_a_name_says_what_a_module_is_about(path: Path) -> None:
    assert not {part.removesuffix(".py") for part in path.relative_to(PACKAGE).parts} & NAMES_THAT_SAY_NOTHING


@pytest.mark.parametrize("path", modules(), ids=place)
def test_only_one_module_builds_s3_clients(path: Path) -> None:
    if path == CLIENTS:
        return
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"""boto3\.(client|resource|session)|\bSession\(|get_session\(""", text) or "boto" not in text


@pytest.mark.parametrize("path", modules(), ids=place)
def test_nothing_is_read_from_the_environment_at_import(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            continue
        source = ast.unparse(node)
        assert "os.environ" not in source, f"{place(path)}:{node.lineno} reads the environment at import"
        assert "os.getenv" not in source, f"{place(path)}:{node.lineno} reads the environment at import"


def test_annotations_stay_objects_where_dagster_reads_them() -> None:
    """`from __future__ import annotations` breaks `context` and `config` annotations in definitions."""
    for path in sorted((PACKAGE / "defs").rglob("*.py")):
        assert "__future__" not in path.read_text(encoding="utf-8"), f"{place(path)} imports annotations"


def test_every_test_file_is_in_a_room_for_tests() -> None:
    rooms = {"unit", "contract", "definitions", "integration", "e2e"}
    stray = [
        place(path)
        for path in TESTS.rglob("test_*.py")
        if path.name != "test_architecture.py" and path.relative_to(TESTS).parts[0] not in rooms
    ]
    assert stray == []


def test_no_test_is_left_out() -> None:
    marks = re.compile(r"pytest\.(mark\.(skip|skipif|xfail)|skip\(|xfail\(|importorskip)")
    left_out = [
        place(path)
        for path in TESTS.rglob("*.py")
        if path.name != "test_architecture.py" and marks.search(path.read_text(encoding="utf-8"))
    ]
    assert left_out == []


def test_the_lock_names_packages_and_no_address() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert not re.search(r"https?://|--index|--find-links|file:", text)
    named = re.findall(r"^([a-z0-9_.-]+)(?:\[[a-z0-9,]+\])?==", text, re.M)
    assert len(named) == len(set(named)) > 100
    assert len(re.findall(r"--hash=sha256:[0-9a-f]{64}", text)) >= len(named)
