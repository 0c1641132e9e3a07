"""Python programs, read by their syntax tree.

What does not parse (notebook magics, other versions, fragments) is searched
for conditions as text. Nothing is executed.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Sequence

from ngc_pipelines.disclosure.rows.code.conditions import condition_faults, data_line_faults
from ngc_pipelines.disclosure.rows.code.literals import (
    CodeFault,
    CodeReason,
    Literal,
    judge_comparison,
    judge_frame,
    judge_mapping,
    judge_vector,
)
from ngc_pipelines.disclosure.rows.code.written import commented_faults, written_rows

_LARGEST = 8 << 20
_OPERATORS: dict[type[ast.cmpop], str] = {ast.Eq: "==", ast.NotEq: "!=", ast.In: "in", ast.NotIn: "notin", ast.Is: "is"}
_WRAPPERS = frozenset(
    [
        "array",
        "asarray",
        "Series",
        "Index",
        "list",
        "tuple",
        "set",
        "frozenset",
        "DatetimeIndex",
        "to_datetime",
        "Categorical",
    ]
)
_DATES = frozenset(["date", "datetime", "Timestamp", "datetime64", "to_datetime", "fromisoformat", "strptime", "parse"])
_PICKERS = frozenset(["loc", "at", "iloc", "iat"])
_PASSED_THROUGH = frozenset(
    [
        "astype",
        "fillna",
        "lower",
        "upper",
        "strip",
        "isin",
        "eq",
        "ne",
        "map",
        "apply",
        "replace",
        "contains",
        "zfill",
        "sum",
        "mean",
        "first",
    ]
)
_MAGIC = re.compile(r"(?m)^\s*[%!?].*$|^.*\?\s*$")


def python_faults(text: str, threshold: int) -> Iterator[CodeFault]:
    """Individual data in a Python program, each with its line from 1."""
    tree = _parsed(text)
    if tree is None:
        yield from condition_faults(text)
        yield from data_line_faults(text, threshold)
    else:
        reader = _Reader(threshold)
        for node in ast.walk(tree):
            yield from reader.read(node)
    yield from commented_faults(text, "#", threshold)


def _parsed(text: str) -> ast.Module | None:
    if len(text) > _LARGEST:
        return None
    for source in (text, _MAGIC.sub("pass", text)):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return ast.parse(source)
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            continue
    return None


class _Reader:
    """Reads single nodes; what was read as part of a larger whole is not read again."""

    def __init__(self, threshold: int) -> None:
        self._threshold = threshold
        self._read: set[int] = set()

    def read(self, node: ast.AST) -> Iterator[CodeFault]:
        found: Sequence[CodeFault | None] = ()
        if isinstance(node, ast.Compare):
            found = self._comparison(node)
        elif isinstance(node, ast.Call):
            found = [*self._call(node), *self._keywords(node)]
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            found = self._assignment(node)
        elif isinstance(node, ast.Dict) and id(node) not in self._read:
            found = self._mapping("", node)
        elif isinstance(node, ast.List | ast.Tuple | ast.Set) and id(node) not in self._read:
            found = self._list("", node)
        elif isinstance(node, ast.For | ast.comprehension):
            found = self._list(_name(node.target), node.iter)
        elif isinstance(node, ast.Match):
            found = self._match(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found = list(written_rows(node.value, node.lineno, self._threshold))
        yield from (fault for fault in found if fault is not None)

    def _comparison(self, node: ast.Compare) -> Sequence[CodeFault | None]:
        sides = [node.left, *node.comparators]
        found = []
        for left, operator, right in zip(sides, node.ops, sides[1:], strict=False):
            for named, valued in ((left, right), (right, left)):
                values = self._values(valued)
                if values:
                    self._read.add(id(valued))
                    name = _name(named)
                    found.append(judge_comparison(name, _OPERATORS.get(type(operator), ""), values, node.lineno))
        return found

    def _call(self, node: ast.Call) -> Sequence[CodeFault | None]:
        called = node.func.attr if isinstance(node.func, ast.Attribute) else _name(node.func)
        base = _name(node.func.value) if isinstance(node.func, ast.Attribute) else ""
        if called in ("DataFrame", "from_dict", "from_records") and node.args:
            return self._frame(node)
        found: list[CodeFault | None] = []
        for argument in node.args[:4]:
            if isinstance(argument, ast.Dict) and called in ("map", "replace", "rename", "get"):
                found += self._mapping(base, argument)
            values = self._values(argument)
            if values and called in ("isin", "eq", "ne", "equals", "startswith"):
                self._read.add(id(argument))
                found.append(judge_comparison(base, "isin", values, node.lineno))
            elif values and len(values) >= 3 and called == "drop" and not any(isinstance(v, str) for v in values):
                found.append(CodeFault(CodeReason.CONDITION, False, node.lineno, len(values)))
        return found

    def _keywords(self, node: ast.Call) -> Sequence[CodeFault | None]:
        found = []
        for keyword in node.keywords:
            values = self._values(keyword.value)
            if keyword.arg and values:
                fault = judge_comparison(keyword.arg, "==", values, node.lineno)
                found.append(fault)
                if fault is not None:
                    self._read.add(id(keyword.value))
        return found

    def _assignment(self, node: ast.Assign | ast.AnnAssign | ast.AugAssign) -> Sequence[CodeFault | None]:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        found: list[CodeFault | None] = []
        for target in targets:
            name = _name(target)
            if isinstance(node.value, ast.Dict):
                found += self._mapping(name, node.value)
            elif node.value is not None:
                found += self._list(name, node.value)
            found.append(_picked_row(target))
        return found

    def _list(self, name: str, node: ast.expr) -> Sequence[CodeFault | None]:
        inner = _unwrapped(node)
        if id(inner) in self._read or not isinstance(inner, ast.List | ast.Tuple | ast.Set):
            return ()
        self._read.add(id(inner))
        items = inner.elts
        if len(items) >= 2 and all(isinstance(item, ast.Dict) for item in items):
            return [_records_fault(items, inner.lineno, self._threshold)]
        if len(items) >= 3 and all(isinstance(item, ast.List | ast.Tuple) for item in items):
            return [self._row_list(items, (), inner.lineno)]
        values = self._values(inner)
        return [judge_vector(name, values, inner.lineno)] if values else ()

    def _row_list(self, items: Sequence[ast.expr], names: Sequence[str], line: int) -> CodeFault | None:
        rows = [self._values(item) for item in items[:2000]]
        self._read.update(map(id, items))
        width = max(map(len, rows), default=0)
        if width < 2 or min(map(len, rows)) != width:
            return None
        columns = [[row[index] for row in rows] for index in range(width)]
        return judge_frame(names or [""] * width, columns, line, self._threshold)

    def _mapping(self, name: str, node: ast.Dict) -> Sequence[CodeFault | None]:
        self._read.add(id(node))
        keys = [_value(key) for key in node.keys if key is not None]
        literal = [key for key in keys if key is not None]
        columns = [self._values(_unwrapped(value)) for value in node.values]
        if columns and all(isinstance(key, str) for key in literal) and sum(len(c) >= 2 for c in columns) >= 2:
            if len(literal) == len(columns):
                self._read.update(id(_unwrapped(value)) for value in node.values)
                named = [(str(key), c) for key, c in zip(literal, columns, strict=True) if len(c) >= 2]
                return [judge_frame([n for n, _ in named], [c for _, c in named], node.lineno, self._threshold)]
            return ()
        if len(literal) < len(keys) or not literal:
            return ()
        data = sum(not _is_label(value) for value in node.values) > 0.5 * len(node.values)
        return [judge_mapping(name, literal, data, node.lineno)]

    def _frame(self, node: ast.Call) -> Sequence[CodeFault | None]:
        source = _unwrapped(node.args[0])
        self._read.add(id(source))
        if isinstance(source, ast.Dict):
            return self._mapping("", source)
        if isinstance(source, ast.List | ast.Tuple) and source.elts:
            if all(isinstance(item, ast.Dict) for item in source.elts):
                return [_records_fault(source.elts, node.lineno, self._threshold)]
            given = next((k.value for k in node.keywords if k.arg == "columns"), None)
            names = [str(value) for value in self._values(given)] if given is not None else []
            return [self._row_list(source.elts, names, node.lineno)]
        return ()

    def _match(self, node: ast.Match) -> Sequence[CodeFault | None]:
        values: list[Literal] = []
        for case in node.cases:
            for pattern in ast.walk(case.pattern):
                value = _value(pattern.value) if isinstance(pattern, ast.MatchValue) else None
                if value is not None:
                    values.append(value)
        return [judge_comparison(_name(node.subject), "==", values, node.lineno)] if values else ()

    def _values(self, node: ast.expr) -> list[Literal]:
        """The literals a node stands for: one, or all of a list; empty where anything else is in it."""
        one = _value(node)
        if one is not None:
            return [one]
        inner = _unwrapped(node)
        if not isinstance(inner, ast.List | ast.Tuple | ast.Set):
            return []
        values = [_value(item) for item in inner.elts]
        known = [value for value in values if value is not None]
        empty = sum(isinstance(item, ast.Constant) and item.value is None for item in inner.elts)
        return known if len(known) + empty >= len(values) else []


def _value(node: ast.expr) -> Literal | None:
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            return node.value
        if isinstance(node.value, int | float) and not isinstance(node.value, bool):
            return float(min(max(node.value, -1e300), 1e300))
        return None
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _value(node.operand) if isinstance(node.operand, ast.Constant) else None
        return -inner if isinstance(inner, float) else None
    if isinstance(node, ast.Attribute) and node.attr == "nan":
        return ""
    return _date(node) if isinstance(node, ast.Call) else None


def _date(node: ast.Call) -> str | None:
    called = node.func.attr if isinstance(node.func, ast.Attribute) else _name(node.func)
    if called not in _DATES or not node.args:
        return None
    parts = [argument.value for argument in node.args[:3] if isinstance(argument, ast.Constant)]
    numbers = [part for part in parts if isinstance(part, int)]
    if len(numbers) == 3:
        return "-".join(f"{part:02}" for part in numbers)
    return parts[0] if parts and isinstance(parts[0], str) else None


def _name(node: ast.expr | None) -> str:
    """The name a value goes by: of a variable, attribute, column, or of what a call is made on."""
    for _ in range(8):
        if isinstance(node, ast.Name):
            return node.id
        if isinstance(node, ast.Attribute):
            if node.attr not in ("str", "values", "dt", "astype", "lower", "upper", "strip", "index", *_PICKERS):
                return node.attr
            node = node.value
        elif isinstance(node, ast.Subscript):
            key = node.slice.elts[-1] if isinstance(node.slice, ast.Tuple) and node.slice.elts else node.slice
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                return key.value
            node = node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _PASSED_THROUGH:
            node = node.func.value
        elif isinstance(node, ast.Call):
            method = isinstance(node.func, ast.Attribute) and not (node.args and _name(node.args[0]))
            if (
                method
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("col", "get", "field")
                and node.args
            ):
                key = node.args[0]
                return key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else ""
            if isinstance(node.func, ast.Name | ast.Attribute) and node.args and isinstance(node.args[0], ast.Constant):
                value = node.args[0].value
                if isinstance(value, str) and isinstance(node.func, ast.Name):
                    return value
            node = node.func.value if method and isinstance(node.func, ast.Attribute) else next(iter(node.args), None)
        else:
            return ""
    return ""


def _unwrapped(node: ast.expr) -> ast.expr:
    for _ in range(4):
        if isinstance(node, ast.Call) and node.args:
            called = node.func.attr if isinstance(node.func, ast.Attribute) else _name(node.func)
            if called in _WRAPPERS:
                node = node.args[0]
                continue
        break
    return node


def _is_label(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and not re.search(r"\d", node.value)


def _records_fault(items: Sequence[ast.expr], line: int, threshold: int) -> CodeFault | None:
    records = [item for item in items if isinstance(item, ast.Dict)]
    names = [key for key in map(_value, filter(None, records[0].keys)) if isinstance(key, str)]
    columns: list[list[Literal]] = [[] for _ in names]
    for record in records[:2000]:
        given = {_value(key): _value(value) for key, value in zip(record.keys, record.values, strict=True) if key}
        for column, name in zip(columns, names, strict=True):
            value = given.get(name)
            column.append("" if value is None else value)
    return judge_frame(names, columns, line, threshold)


def _picked_row(target: ast.expr) -> CodeFault | None:
    """`df.loc[1034, "age"] = …`: one row picked out by its label."""
    if not (isinstance(target, ast.Subscript) and isinstance(target.value, ast.Attribute)):
        return None
    if target.value.attr not in _PICKERS:
        return None
    key = target.slice.elts[0] if isinstance(target.slice, ast.Tuple) and target.slice.elts else target.slice
    value = _value(key)
    if value is None:
        return None
    fault = judge_comparison("id", "==", [value], target.lineno)
    return CodeFault(CodeReason.CONDITION, isinstance(value, str), target.lineno) if fault else None
