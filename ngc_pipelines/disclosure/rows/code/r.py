"""R programs, read by a parser of our own: conditions, vectors, data frames, recodings.

`r_tokens` makes nodes of the text; here nodes are put together and judged.
Nothing is executed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ngc_pipelines.disclosure.rows.code.literals import (
    CodeFault,
    CodeReason,
    Literal,
    judge_comparison,
    judge_frame,
    judge_mapping,
    judge_vector,
)
from ngc_pipelines.disclosure.rows.code.r_tokens import Argument, Call, Frame, Node, Token, Vector, tokens, vector_of
from ngc_pipelines.disclosure.rows.code.written import commented_faults, written_rows

_VECTORS = frozenset(
    [
        "c",
        "factor",
        "as.Date",
        "as.character",
        "as.numeric",
        "as.integer",
        "ymd",
        "dmy",
        "mdy",
        "as.POSIXct",
        "unlist",
        "I",
        "date",
        "as_date",
        "ISOdate",
    ]
)
_FRAMES = frozenset(
    [
        "data.frame",
        "tibble",
        "data.table",
        "data_frame",
        "list",
        "structure",
        "cbind",
        "DataFrame",
        "as.data.frame",
        "tibble_row",
    ]
)
_RECODES = frozenset(
    ["recode", "switch", "case_match", "fct_recode", "revalue", "mapvalues", "recode_factor", "replace_values"]
)
_CONTAINERS = frozenset(("list", "structure", "cbind"))
_SETS = frozenset(["setdiff", "intersect", "is.element", "match", "union", "anti_join", "semi_join"])
_COMPARISONS = frozenset(("==", "!=", "%in%", "%notin%", "%nin%", "%!in%", "%chin%"))
_ASSIGNMENTS = frozenset(("<-", "<<-", "="))
_SETTINGS = frozenset(
    [
        "breaks",
        "labels",
        "levels",
        "limits",
        "at",
        "xlim",
        "ylim",
        "values",
        "probs",
        "quantiles",
        "ticks",
        "times",
        "colours",
        "colors",
    ]
)


def r_faults(text: str, threshold: int) -> Iterator[CodeFault]:
    """Individual data in an R program, each with its line from 1."""
    yield from _Parser(threshold).read(text)
    yield from commented_faults(text, "#", threshold)


class _Parser:
    """Puts tokens together to calls and judges each as soon as it is whole."""

    def __init__(self, threshold: int) -> None:
        self._threshold = threshold
        self._open: list[Frame] = [Frame("{", "", 1)]
        self._told: set[int] = set()

    def read(self, text: str) -> Iterator[CodeFault]:
        for token in tokens(text):
            top = self._open[-1]
            if token.kind == "open":
                self._begin(token)
            elif token.kind == "close":
                yield from self._close()
            elif token.kind == "comma":
                yield from self._statement(top)
                top.end_argument()
            elif token.kind == "end":
                if top.bracket == "{":
                    yield from self._statement(top)
                    top.nodes = []
            elif token.kind == "op" and token.text == "=" and top.bracket in "([" and _may_name(top.nodes):
                first = top.nodes[0]
                top.name = first.text if isinstance(first, Token) else None
                top.nodes = []
            else:
                if token.kind == "str" and len(token.text) > 6:
                    yield from written_rows(token.text, token.line, self._threshold)
                top.nodes.append(token)
        while len(self._open) > 1:
            yield from self._close()
        yield from self._statement(self._open[0])

    def _begin(self, token: Token) -> None:
        callee = ""
        nodes = self._open[-1].nodes
        if token.text == "(" and nodes and isinstance(nodes[-1], Token) and nodes[-1].kind == "name":
            callee = nodes[-1].text
            nodes.pop()
            if nodes and isinstance(nodes[-1], Token) and nodes[-1].text in ("::", ":::"):
                del nodes[-2:]
        self._open.append(Frame(token.text, callee or token.text, token.line))

    def _close(self) -> Iterator[CodeFault]:
        if len(self._open) == 1:
            return
        frame = self._open.pop()
        if frame.bracket == "{":
            yield from self._statement(frame)
            return
        yield from self._statement(frame)
        frame.end_argument()
        call = Call(frame.callee, frame.arguments, frame.line)
        nodes = self._open[-1].nodes
        if frame.callee in _VECTORS or (frame.callee in ("(", "list") and frame.arguments):
            vector = vector_of(call)
            if vector is not None and not (frame.callee == "list" and _named_columns(call)):
                nodes.append(vector)
                return
        yield from self._call(call)
        nodes.append(call)

    def _call(self, call: Call) -> Iterator[CodeFault]:
        faults: list[CodeFault | None] = []
        if call.callee in _FRAMES and (columns := _named_columns(call)):
            self._told.update(id(node) for argument in call.arguments for node in argument.nodes)
            given = [name for name, _ in columns], [values for _, values in columns]
            faults.append(judge_frame(*given, call.line, self._threshold))
        elif call.callee in ("tribble", "frame_matrix"):
            faults.append(self._tribble(call))
        elif call.callee in _RECODES and call.arguments:
            keys: list[Literal] = [argument.name for argument in call.arguments[1:] if argument.name]
            keys += [value for argument in call.arguments[1:] for value in _first_literal(argument)]
            faults.append(judge_comparison(_named(call.arguments[0].nodes), "==", keys, call.line))
        elif call.callee in _SETS and len(call.arguments) >= 2:
            first, second = call.arguments[0].nodes, call.arguments[1].nodes
            values, other = (_literals(second), first) if _literals(second) else (_literals(first), second)
            faults.append(judge_comparison(_named(other), "in", values, call.line))
        elif call.callee == "[" and len(call.arguments) == 2 and isinstance(_only(call.arguments[0]), str):
            faults.append(judge_comparison("id", "==", _literals(call.arguments[0].nodes), call.line))
        elif call.callee in ("slice", "[") and (rows := _row_numbers(call)):
            faults.append(CodeFault(CodeReason.CONDITION, False, call.line, rows))
        for argument in call.arguments:
            if argument.name and (value := _only(argument)) is not None and call.callee not in _CONTAINERS:
                faults.append(judge_comparison(argument.name, "==", [value], call.line))
            for node in argument.nodes:
                if isinstance(node, Vector) and id(node) not in self._told and argument.name not in _SETTINGS:
                    faults += self._vector(argument.name or "", node)
        yield from (fault for fault in faults if fault is not None)

    def _statement(self, frame: Frame) -> Iterator[CodeFault]:
        """Comparisons and assignments among the nodes of one statement or argument."""
        nodes = frame.nodes
        for index, node in enumerate(nodes):
            if not isinstance(node, Token) or node.kind != "op":
                continue
            faults: list[CodeFault | None] = []
            if node.text in _COMPARISONS:
                before, after = nodes[max(0, index - 6) : index], nodes[index + 1 : index + 3]
                values = _literals(after) or _literals(before[-1:])
                name = _named(before) if _literals(after) else _named(after)
                self._told.update(map(id, after))
                faults.append(judge_comparison(name, node.text, values, node.line))
            elif node.text in _ASSIGNMENTS and index + 1 < len(nodes):
                value = nodes[index + 1]
                if isinstance(value, Vector) and index + 2 == len(nodes):
                    faults += self._vector(_named(nodes[:index]), value)
            elif node.text in ("->", "->>") and index and isinstance(nodes[index - 1], Vector):
                vector = nodes[index - 1]
                faults += self._vector(_named(nodes[index + 1 :]), vector) if isinstance(vector, Vector) else []
            yield from (fault for fault in faults if fault is not None)

    def _vector(self, name: str, vector: Vector) -> list[CodeFault | None]:
        self._told.add(id(vector))
        if vector.names and len(vector.names) == len(vector.values):
            width = len(set(vector.names))
            if 2 <= width <= len(vector.names) // 2 and vector.names[:width] == vector.names[width : 2 * width]:
                parted = [vector.values[index::width] for index in range(width)]
                return [judge_frame(vector.names[:width], parted, vector.line, self._threshold)]
            data = sum(isinstance(value, float) for value in vector.values) > len(vector.values) / 2
            keyed = judge_mapping(name, vector.names, data, vector.line)
            if keyed is not None:
                return [keyed]
        return [judge_vector(name, vector.values, vector.line, vector.count)]

    def _tribble(self, call: Call) -> CodeFault | None:
        names: list[str] = []
        values: list[Literal] = []
        for argument in call.arguments:
            nodes = argument.nodes
            if len(nodes) == 2 and isinstance(nodes[0], Token) and nodes[0].text == "~" and isinstance(nodes[1], Token):
                names.append(nodes[1].text)
            else:
                values += _literals(nodes) or [""]
        if not names:
            return None
        columns = [values[index :: len(names)] for index in range(len(names))]
        return judge_frame(names, columns, call.line, self._threshold)


def _only(argument: Argument) -> Literal | None:
    """The literal that an argument is, where it is one and nothing else."""
    node = argument.nodes[0] if len(argument.nodes) == 1 else None
    return node.literal() if isinstance(node, Token) else None


def _may_name(nodes: Sequence[Node]) -> bool:
    return len(nodes) == 1 and isinstance(nodes[0], Token) and nodes[0].kind in ("name", "str", "num")


def _named(nodes: Sequence[Node]) -> str:
    """The name that the last of `nodes` goes by: `df$id`, `df[["id"]]`, `as.character(id)` are all `id`."""
    for node in reversed(nodes):
        if isinstance(node, Token):
            if node.kind == "name":
                return node.text
            if node.kind == "str" and not re.search(r"\s", node.text):
                return node.text
        elif isinstance(node, Call):
            inner = [part for argument in node.arguments for part in _inner(argument)]
            doubled = any(isinstance(part, Call) and part.callee == "[" for part in inner)
            quoted = any(isinstance(part, Token) and part.kind == "str" for part in inner)
            if node.callee == "[" and not doubled and not quoted:
                continue
            name = _shallow(inner)
            if name:
                return name
    return ""


def _inner(argument: Argument) -> Sequence[Node]:
    return argument.nodes[:12]


def _shallow(nodes: Sequence[Node]) -> str:
    """The last name among the nodes, or one bracket further in (`[["id"]]` is two)."""
    named = [node.text for node in nodes if isinstance(node, Token) and node.kind in ("name", "str")]
    if named:
        return named[-1]
    further = [
        part for node in nodes if isinstance(node, Call) for argument in node.arguments for part in _inner(argument)
    ]
    named = [part.text for part in further if isinstance(part, Token) and part.kind in ("name", "str")]
    return named[-1] if named else ""


def _literals(nodes: Sequence[Node]) -> list[Literal]:
    if not nodes:
        return []
    first = nodes[0]
    if isinstance(first, Vector):
        return first.values
    if isinstance(first, Token):
        value = first.literal()
        return [] if value is None else [value]
    return []


def _first_literal(argument: Argument) -> list[Literal]:
    """What stands before the `~` of a formula: `c(1034, 1051) ~ "A"`."""
    nodes = argument.nodes
    return _literals(nodes) if any(isinstance(node, Token) and node.text == "~" for node in nodes[1:2]) else []


def _named_columns(call: Call) -> list[tuple[str, list[Literal]]]:
    """Named arguments that are literal vectors of two values or more, where there are two such."""
    columns = [
        (argument.name, node.values)
        for argument in call.arguments
        if argument.name and len(argument.nodes) == 1 and isinstance(node := argument.nodes[0], Vector)
    ]
    usable = [
        (name, values) for name, values in columns if len(values) >= 2 and name not in ("row.names", "class", "names")
    ]
    return usable if len(usable) >= 2 else []


def _row_numbers(call: Call) -> int:
    """How many rows are picked by number: `df[c(17, 203, 511), ]`, `slice(df, 17, 203, 511)`."""
    nodes = call.arguments[0].nodes if call.arguments else []
    vector = next((node for node in nodes if isinstance(node, Vector)), None)
    if vector is None or len(nodes) > 2:
        return 0
    numbers = [value for value in vector.values if isinstance(value, float)]
    large = sum(number >= 10 for number in numbers)
    return vector.count if len(numbers) >= 3 and large * 2 > len(numbers) else 0
