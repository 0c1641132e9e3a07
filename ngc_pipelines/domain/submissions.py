"""Submissions: reading the `submission.yaml` that a folder of the intake area is handed in with.

Here: safe reading of the YAML (plain data only, bounded in size and depth), validation against the published JSON
Schema of the flow (`domain/schemas/<flow>.schema.json`), and every fault at once with its place. Not here: what an
application means (`domain/application_form`) and whether it may be met (`domain/applications`); fetching the folder.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any

import yaml

from ngc_pipelines.domain.cpr import parse_cpr
from ngc_pipelines.domain.errors import Fault, Refused

SUBMISSION_FILE = "submission.yaml"
MAX_BYTES = 256 * 1024
_RULE = "AP-4"

_TEN_DIGITS = re.compile(r"(?<![0-9A-Za-z])[0-9]{6}-?[0-9]{4}(?![0-9A-Za-z])")

# Deeper than any form; a thousand open brackets must not reach the recursion limit.
_MAX_DEPTH = 20
_MAX_NODES = 20_000
_TRIED = "submission.yaml was read"


@dataclass(frozen=True, slots=True)
class _Hint:
    da: str
    en: str


def read_submission(data: bytes, schema: str) -> Mapping[str, Any]:
    """Read a submission and hold it against the published schema of its flow.

    Args:
        data: bytes of `submission.yaml`, UTF-8, at most `MAX_BYTES`.
        schema: name of the schema, e.g. `application`.

    Returns:
        Plain data: mappings, lists, text, whole numbers, booleans. Dates are text, YYYY-MM-DD, known to be real days.

    Raises:
        Refused: with every fault at once, each with its place; values are not repeated.
    """
    content = _plain_data(data)
    # The validator tells each missing field by itself; together they are one point.
    faults = dict.fromkeys([*_schema_faults(content, load_schema(schema)), *_numbers_of_persons(content, [])])
    if faults:
        raise Refused(faults, tried=_TRIED)
    if not isinstance(content, Mapping):
        raise TypeError(f"schema {schema} lets through something that is not a mapping")
    return content


def load_schema(name: str) -> Mapping[str, Any]:
    """Give the published JSON Schema of a flow's submissions; raises FileNotFoundError for a flow that has none."""
    text = files("ngc_pipelines.domain").joinpath("schemas", f"{name}.schema.json").read_text(encoding="utf-8")
    schema: Mapping[str, Any] = json.loads(text)
    return schema


class _PlainLoader(yaml.SafeLoader):
    """YAML without surprises: `no` is text and not false, 012 is text and not ten, dates are text; keys come once."""


_PlainLoader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("tag:yaml.org,2002:bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("tag:yaml.org,2002:null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("tag:yaml.org,2002:int", r"^[-+]?(?:0|[1-9][0-9]{0,17})$", "-+0123456789"),
):
    _PlainLoader.add_implicit_resolver(_tag, re.compile(_pattern), list(_first))


def _plain_data(data: bytes) -> object:
    if len(data) > MAX_BYTES:
        raise _refused(
            f"Filen er større end {MAX_BYTES // 1024} KiB. Læg bilag ved siden af i stedet for i filen.",
            f"The file is larger than {MAX_BYTES // 1024} KiB. Put documents beside it instead of into it.",
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _refused(
            "Filen er ikke UTF-8. Gem den med kodningen UTF-8.",
            "The file is not UTF-8. Save it in the encoding UTF-8.",
            f"{SUBMISSION_FILE} line {line}",
        ) from None
    try:
        _inspect(text)
        node = yaml.compose(text, Loader=_PlainLoader)
        if node is not None:
            _refuse_repeated_keys(node)
        return yaml.load(text, Loader=_PlainLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{SUBMISSION_FILE} line {mark.line + 1} column {mark.column + 1}" if mark else SUBMISSION_FILE
    except yaml.YAMLError:
        where = SUBMISSION_FILE
    # The parser's own words quote the file; only the place is told.
    raise _refused(
        "Filen kan ikke læses som YAML. Se efter indrykning, kolon og anførselstegn her og lige før.",
        "The file cannot be read as YAML. Look at indentation, colons and quotes here and just before.",
        where,
    )


def _inspect(text: str) -> None:
    """Refuse what a form never needs and an attack does: tags, anchors, aliases, several documents, depth."""
    depth = nodes = documents = 0
    for event in yaml.parse(text, Loader=_PlainLoader):
        where = f"{SUBMISSION_FILE} line {event.start_mark.line + 1 if event.start_mark else 1}"
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        if isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        nodes += isinstance(event, yaml.NodeEvent)
        if getattr(event, "tag", None) or getattr(event, "anchor", None):
            raise _refused(
                "Filen må ikke bruge YAML-mærker (!), ankre (&) eller henvisninger (*). Sæt anførselstegn om "
                "tekst, der begynder med et af de tegn.",
                "The file must not use YAML tags (!), anchors (&) or aliases (*). Put quotes around text that "
                "begins with one of these characters.",
                where,
            )
        if documents > 1 or depth > _MAX_DEPTH or nodes > _MAX_NODES:
            raise _refused(
                "Filen skal være ét dokument, bygget som skemaet siger; den er for dyb, for stor eller delt af ---.",
                "The file must be one document built as the schema says; it is too deep, too large or split by ---.",
                where,
            )


def _refuse_repeated_keys(node: yaml.Node) -> None:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.value in seen:
                raise _refused(
                    "Den samme nøgle står to gange, eller nøglen er ikke en tekst. Behold én.",
                    "The same key stands twice, or the key is no text. Keep one.",
                    f"{SUBMISSION_FILE} line {key.start_mark.line + 1}",
                )
            seen.add(key.value)
            _refuse_repeated_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_repeated_keys(item)


def _refused(da: str, en: str, where: str = SUBMISSION_FILE) -> Refused:
    return Refused([Fault(_RULE, where, da, en)], tried=_TRIED)


def _schema_faults(content: object, schema: Mapping[str, Any]) -> Iterator[Fault]:
    # Imported here: jsonschema takes a tenth of a second, and most commands never read a submission.
    from jsonschema import Draft202012Validator, FormatChecker
    from jsonschema.validators import extend

    checker = FormatChecker(formats=())
    checker.checks("date", raises=ValueError)(_is_a_date)
    kind = extend(Draft202012Validator, {"pattern": _pattern_faults})  # type: ignore[no-untyped-call] # - stubs lack it
    validator = kind(schema, format_checker=checker)
    for error in sorted(validator.iter_errors(content), key=lambda error: [str(part) for part in error.absolute_path]):
        where = _place(error.absolute_path)
        hint = _hint(error.validator, error.validator_value, error.instance, error.schema)
        rule = error.schema.get("x-rule", _RULE) if isinstance(error.schema, Mapping) else _RULE
        yield Fault(rule, where, hint.da, hint.en)


def _numbers_of_persons(content: object, path: list[str | int]) -> Iterator[Fault]:
    """Find CPR numbers in the form's texts: the form is kept on the case and read by many, the list is not."""
    if isinstance(content, Mapping):
        for key, value in content.items():
            yield from _numbers_of_persons(value, [*path, key])
    elif isinstance(content, list):
        for place, value in enumerate(content):
            yield from _numbers_of_persons(value, [*path, place])
    elif isinstance(content, str | int) and not isinstance(content, bool):
        found = _TEN_DIGITS.findall(str(content))
        if any(parse_cpr(text, as_of=date.max).accepted for text in found):
            yield Fault(
                _RULE,
                _place(path),
                "Her står noget, der ligner et CPR-nummer. CPR-numre må kun stå i CPR-listen. Er det et journalnummer, "
                "så skriv det med mellemrum eller skråstreg.",
                "Something that looks like a CPR number stands here. CPR numbers may only stand in the CPR list. If it "
                "is a reference number, write it with a blank or a slash in it.",
            )


def _pattern_faults(_validator: object, pattern: str, value: object, _schema: object) -> Iterator[Exception]:
    """Check `pattern` as ECMA reads it: Python's `$` would let a line break through at the end, and so into a mail."""
    from jsonschema import ValidationError

    if isinstance(value, str) and (value.endswith("\n") or not re.search(pattern, value)):
        yield ValidationError("the text does not have the form that is asked")


def _is_a_date(value: object) -> bool:
    if isinstance(value, str):
        if len(value) != len("2026-01-31"):
            return False
        date.fromisoformat(value)
    return True


def _place(path: Iterable[str | int]) -> str:
    place = ""
    for part in path:
        place += f"[{part}]" if isinstance(part, int) else f".{part}" if place else str(part)
    return place or SUBMISSION_FILE


_TYPES = {
    "string": ("tekst (sæt tal i anførselstegn)", "text (put numbers in quotes)"),
    "integer": ("et helt tal", "a whole number"),
    "boolean": ("true eller false", "true or false"),
    "object": ("en blok med felter", "a block of fields"),
    "array": ("en liste", "a list"),
}


def _hint(keyword: str, wanted: Any, found: Any, schema: Any) -> _Hint:
    """Say what is wrong by the keyword of the schema that was not met; never what was found."""
    if isinstance(schema, Mapping) and keyword in schema.get("x-hints", {}):
        own = schema["x-hints"][keyword]
        return _Hint(own["da"], own["en"])
    match keyword:
        case "required":
            missing = ", ".join(name for name in wanted if not isinstance(found, Mapping) or name not in found)
            return _Hint(f"Her mangler: {missing}.", f"Missing here: {missing}.")
        case "additionalProperties":
            known = ", ".join(schema.get("properties", {}))
            return _Hint(
                f"Her står et felt, som skemaet ikke kender. Felterne er: {known}.",
                f"A field stands here that the schema does not know. The fields are: {known}.",
            )
        case "type":
            da, en = _TYPES[wanted]
            return _Hint(f"Her skal stå {da}.", f"This must be {en}.")
        case "enum" | "const":
            known = ", ".join(str(choice) for choice in (wanted if keyword == "enum" else [wanted]))
            return _Hint(f"Her skal stå en af: {known}.", f"This must be one of: {known}.")
        case "format":
            return _Hint(
                "Her skal stå en dato, som findes, skrevet ÅÅÅÅ-MM-DD.",
                "This must be a date that exists, written YYYY-MM-DD.",
            )
        case "minLength" | "minItems" | "minProperties":
            return _Hint("Feltet er tomt eller for kort.", "The field is empty or too short.")
        case "maxLength" | "maxItems" | "minimum" | "maximum":
            return _Hint(f"Grænsen er {wanted}.", f"The limit is {wanted}.")
        case "uniqueItems":
            return _Hint("Det samme står to gange.", "The same stands twice.")
        case _:
            return _Hint(
                f"Feltet er ikke, som skemaet kræver ({keyword}).",
                f"The field is not what the schema asks ({keyword}).",
            )
