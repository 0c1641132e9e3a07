"""R programs as nodes: tokens, literal vectors and calls, by one pass without recursion.

What the nodes mean is read in `r`. Nesting costs nothing but memory; values of
one vector are kept up to a bound and counted beyond it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from ngc_pipelines.disclosure.rows.code.literals import Literal

_T = TypeVar("_T")

KEPT = 512
"""Values of one vector that are kept; more are counted."""

_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*)
    |(?P<raw>[rR]["'](?P<dashes>-*)[(\[{])
    |(?P<str>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    |(?P<name>(?:[^\W\d]|\.(?!\d))[\w.]*|`[^`\n]*`)
    |(?P<num>0[xX][0-9a-fA-F]+L?|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?L?)
    |(?P<op><<-|<-|->>?|\|>|%[^%\n]*%|==|!=|<=|>=|:::?|&&?|\|\|?|[-+*/^~?!=<>:$@\\])
    |(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<comma>,)|(?P<end>[\n;])""",
    re.VERBOSE | re.DOTALL,
)
_NOTHING = frozenset(("NA", "NULL", "NA_character_", "NA_real_", "NA_integer_", "NaN", "TRUE", "FALSE", "T", "F"))
_RAW_ENDS = {"(": ")", "[": "]", "{": "}"}


@dataclass(slots=True)
class Token:
    """A name, number, string or operator."""

    kind: str
    text: str
    line: int

    def literal(self) -> Literal | None:
        """The value of a number or string."""
        if self.kind == "str":
            return self.text
        if self.kind != "num":
            return None
        text = self.text.rstrip("L")
        return float(int(text, 16)) if text[:2].lower() == "0x" else float(text)


@dataclass(slots=True)
class Vector:
    """Literals put together by `c()` and its like, with the names they were given."""

    values: list[Literal]
    names: list[str]
    count: int
    line: int


@dataclass(slots=True)
class Argument:
    """One argument of a call: its name, where it has one, and its nodes."""

    name: str | None
    nodes: list[Node]


@dataclass(slots=True)
class Call:
    """A call, an index (`callee` is `[`) or a block (`{`)."""

    callee: str
    arguments: list[Argument]
    line: int


Node = Token | Vector | Call


@dataclass(slots=True)
class Frame:
    """A bracket that is open: what has been read of it so far."""

    bracket: str
    callee: str
    line: int
    arguments: list[Argument] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    name: str | None = None

    def end_argument(self) -> None:
        """Close the argument that is being read."""
        if self.nodes or self.name:
            self.arguments.append(Argument(self.name, self.nodes))
        self.nodes, self.name = [], None


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a program in order, its comments left out."""
    at, line, counted = 0, 1, 0
    while True:
        match = _TOKEN.search(text, at)
        if match is None:
            return
        kind, start, at = match.lastgroup or "", match.start(), match.end()
        line += text.count("\n", counted, start)
        counted = start
        if kind == "comment":
            continue
        value = match.group()
        if kind in ("raw", "dashes"):
            closing = _RAW_ENDS[value[-1]] + (match.group("dashes") or "") + value[1]
            end = text.find(closing, at)
            end = end if end >= 0 else len(text)
            yield Token("str", text[at:end], line)
            at = min(len(text), end + len(closing))
            continue
        if kind == "str":
            value = value[1:-1].replace("\\n", "\n").replace("\\t", "\t") if "\\" in value else value[1:-1]
        elif kind == "name":
            value = value.strip("`")
            if value in _NOTHING:
                kind = "nothing"
        yield Token(kind, value, line)


def vector_of(call: Call) -> Vector | None:
    """The literals of a call whose arguments are nothing else; None where anything else is in it."""
    values: list[Literal] = []
    names: list[str] = []
    count = 0
    for argument in call.arguments:
        nodes = argument.nodes
        sign = 1.0
        if len(nodes) == 2 and isinstance(nodes[0], Token) and nodes[0].text == "-":
            nodes, sign = nodes[1:], -1.0
        if len(nodes) != 1:
            return None
        node = nodes[0]
        if isinstance(node, Vector):
            values, names = _joined(values, node.values), _joined(names, node.names)
            count += node.count
        elif isinstance(node, Token) and node.kind in ("num", "str"):
            value = node.literal()
            if len(values) < KEPT and value is not None:
                values.append(sign * value if isinstance(value, float) else value)
                if argument.name:
                    names.append(argument.name)
            count += 1
        elif not (isinstance(node, Token) and node.kind == "nothing"):
            return None
    return Vector(values, names, count, call.line) if values else None


def _joined(first: list[_T], second: list[_T]) -> list[_T]:
    return second if not first else first + second[: KEPT - len(first)]
