"""Programs (R and Python) with the secret in each place that code has; and notebooks kept as text."""

from __future__ import annotations

import base64
import gzip
import json
import pickle
from collections.abc import Iterator

from ngc_pipelines_tests.disclosure_places.disguises import LONG
from ngc_pipelines_tests.disclosure_places.pictures import jpeg_with_comment
from ngc_pipelines_tests.disclosure_places.planting import CPR, KNOWN_ID, SECRET, Hiding

_TEN = CPR.replace("-", "")
_SHORT = _TEN.lstrip("0")
_CODES = [ord(letter) for letter in SECRET]


def _both() -> Iterator[tuple[str, str, str]]:
    """Place, and how R and Python write it."""
    yield "literal", f'who <- "{SECRET}"', f'who = "{SECRET}"'
    yield "remark at the end of a line", f"x <- 1  # {SECRET}", f"x = 1  # {SECRET}"
    yield (
        "condition on a person",
        f'd$dose[d$cpr == "{CPR}" | d$id == "{KNOWN_ID}"] <- 2',
        f'd.loc[(d.cpr == "{CPR}") | (d.id == "{KNOWN_ID}"), "dose"] = 2',
    )
    yield (
        "list of persons",
        f'left_out <- c("{CPR}", "{KNOWN_ID}")',
        f'left_out = ["{CPR}", "{KNOWN_ID}"]',
    )
    yield (
        "number without its zero",
        f'left_out <- d$cpr == {_SHORT} & d$id == "{KNOWN_ID}"',
        f'left_out = (d.cpr == {_SHORT}) & (d.id == "{KNOWN_ID}")',
    )
    yield (
        "data frame of literals",
        f'd <- data.frame(cpr = c("{CPR}", "x"), id = c("{KNOWN_ID}", "y"))',
        f'd = pd.DataFrame({{"cpr": ["{CPR}", "x"], "id": ["{KNOWN_ID}", "y"]}})',
    )
    yield (
        "recoding by person",
        f'd <- mutate(d, arm = case_when(cpr == "{CPR}" ~ 1, id == "{KNOWN_ID}" ~ 2))',
        f'd["arm"] = np.where(d.cpr == "{CPR}", 1, np.where(d.id == "{KNOWN_ID}", 2, 0))',
    )
    yield "name of a column", f"d$`{SECRET}` <- 1", f'd["{SECRET}"] = 1'
    yield "path of a file", f'd <- read.csv("H:/out/{CPR}/{KNOWN_ID}.csv")', f'd = open("H:/out/{CPR}/{KNOWN_ID}.csv")'
    yield (
        "text on several lines",
        f'd <- read.table(text = "cpr id\n{CPR} {KNOWN_ID}\n", header = TRUE)',
        f'd = pd.read_csv(StringIO("""cpr;id\n{CPR};{KNOWN_ID}\n"""), sep=";")',
    )
    yield (
        "text joined from pieces",
        f'who <- paste0("cpr {CPR[:4]}", "{CPR[4:]}", " id {KNOWN_ID[:5]}", "{KNOWN_ID[5:]}")',
        f'who = "cpr {CPR[:4]}" + "{CPR[4:]} id {KNOWN_ID[:5]}" + "{KNOWN_ID[5:]}"',
    )
    yield (
        "codes of letters",
        f"who <- intToUtf8(c({', '.join(f'{code}L' for code in _CODES)}))",
        f"who = bytes({_CODES}).decode()",
    )
    yield (
        "letters one by one",
        f"who <- c({', '.join(repr(letter) for letter in SECRET)})",
        f"who = [{', '.join(repr(letter) for letter in SECRET)}]",
    )
    yield (
        "base64 that is unpacked",
        f'd <- memDecompress(base64_dec("{base64.b64encode(gzip.compress(LONG, mtime=0)).decode()}"), "gzip")',
        f'd = gzip.decompress(b64decode("{base64.b64encode(gzip.compress(LONG, mtime=0)).decode()}"))',
    )
    yield (
        "escapes in a literal",
        "who <- '" + "".join(f"\\x{code:02x}" for code in _CODES) + "'",
        "who = '" + "".join(f"\\u{code:04x}" for code in _CODES) + "'",
    )


def _r() -> Iterator[tuple[str, str]]:
    yield "raw literal", f'who <- r"---({SECRET})---"'
    yield "what dput wrote", f'structure(list(cpr = c("{CPR}", "x"), id = c("{KNOWN_ID}", "y")), row.names = 1:2)'
    yield "raw bytes", f"who <- rawToChar(as.raw(c({', '.join(f'0x{code:02x}' for code in _CODES)})))"
    yield "formula", f"fit <- lm(y ~ `{SECRET}`, d)"
    yield "R Markdown text", f"---\ntitle: Results\n---\n\n#' {SECRET}\n\n```{{r}}\nsummary(d)\n```"
    yield "code that does not parse", f'd <- c(1, 2\nif (x == "{SECRET}" {{'


def _python() -> Iterator[tuple[str, str]]:
    pickled = base64.b64encode(pickle.dumps({"who": SECRET, "more": "words " * 20})).decode()
    yield "documentation string", f'"""Results.\n\n{SECRET}\n"""\nx = 1'
    yield (
        "adjacent literals",
        f'who = (\n    "cpr {CPR[:4]}"\n    "{CPR[4:]} id {KNOWN_ID[:5]}"\n    "{KNOWN_ID[5:]}"\n)',
    )
    yield "bytes", f'who = b"{SECRET}"'
    yield "formatted text", f'print(f"{SECRET} {{x}}")'
    yield "default of a function", f'def find(who="{SECRET}"):\n    return who'
    yield "annotation", f'x: "{SECRET}" = 1'
    yield "keys of a dictionary", f'arm = {{"{CPR}": 1, "{KNOWN_ID}": 2}}'
    yield "match of a person", f'match x:\n    case "{CPR}" | "{KNOWN_ID}":\n        pass'
    yield "pickle in base64", f'd = pickle.loads(b64decode("{pickled}"))'
    yield "code that does not parse", f'x = [1, 2\nif x == "{SECRET}" {{'
    yield "Python 2", f'print "x"\nif x <> 2: print "{SECRET}"'


def _notebooks() -> Iterator[tuple[str, dict[str, object]]]:
    def output(**data: object) -> dict[str, object]:
        return {"cell_type": "code", "source": "x", "outputs": [{"output_type": "display_data", "data": data}]}

    picture = base64.b64encode(jpeg_with_comment(SECRET)).decode()
    yield "code", {"cell_type": "code", "source": ["x = 1\n", f"y = '{SECRET}'"], "outputs": []}
    yield "text", {"cell_type": "markdown", "source": [f"# {SECRET}"]}
    yield "raw cell", {"cell_type": "raw", "source": [SECRET]}
    yield "output", output(**{"text/plain": [f"0  {SECRET}\n"]})
    yield (
        "table of an output",
        output(
            **{
                "text/html": [
                    f"<table><tr><th>cpr</th><th>id</th></tr><tr><td>{CPR}</td><td>{KNOWN_ID}</td></tr></table>"
                ]
            }
        ),
    )
    yield "picture of an output", output(**{"image/jpeg": picture})
    yield (
        "drawing of an output",
        output(**{"image/svg+xml": [f'<svg xmlns="http://www.w3.org/2000/svg"><desc>{SECRET}</desc></svg>']}),
    )
    yield (
        "plotly of an output",
        output(
            **{"application/vnd.plotly.v1+json": {"data": [{"type": "scatter", "x": [1], "y": [2], "text": [SECRET]}]}}
        ),
    )
    yield (
        "stream",
        {
            "cell_type": "code",
            "source": "x",
            "outputs": [{"output_type": "stream", "name": "stdout", "text": [SECRET]}],
        },
    )
    yield (
        "error",
        {
            "cell_type": "code",
            "source": "x",
            "outputs": [{"output_type": "error", "ename": "KeyError", "evalue": SECRET, "traceback": ["x"]}],
        },
    )
    yield "attachment", {"cell_type": "markdown", "source": "", "attachments": {"a.jpg": {"image/jpeg": picture}}}
    yield "metadata", {"cell_type": "code", "source": "x", "outputs": [], "metadata": {"note": SECRET}}


def notebook(cell: dict[str, object]) -> str:
    """A notebook of one cell."""
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]})


def hidings() -> Iterator[Hiding]:
    """Every place of code, and of notebooks called texts."""
    for place, in_r, in_python in _both():
        yield Hiding("r", f"code: {place}", f"x <- 1\n{in_r}\n".encode())
        yield Hiding("py", f"code: {place}", f"x = 1\n{in_python}\n".encode())
    for place, code in _r():
        yield Hiding("r", f"code: {place}", f"{code}\n".encode())
    for place, code in _python():
        yield Hiding("py", f"code: {place}", f"{code}\n".encode())
    for place, cell in _notebooks():
        yield Hiding("txt", f"notebook: {place}", notebook(cell).encode())
