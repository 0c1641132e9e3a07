"""The source of VBA macros, from a project's compressed streams."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ngc_pipelines.disclosure.content import remarks
from ngc_pipelines.disclosure.pieces import Code, Opened, Text
from ngc_pipelines.disclosure.places import Place

if TYPE_CHECKING:
    from ngc_pipelines.disclosure.opening import Context


def read_macros(data: bytes, place: Place, context: Context) -> Iterator[Opened]:
    """Every module's source as code, and the strings of forms.

    Args:
        data: a compound file that holds a VBA project.
    """
    from oletools import olevba

    logging.getLogger("olevba").setLevel(logging.CRITICAL)  # it logs what it reads
    try:
        parser = olevba.VBA_Parser("project", data=data, relaxed=True)
        modules = list(parser.extract_macros()) if parser.detect_vba_macros() else []
        forms = list(parser.extract_form_strings())
    except Exception as fault:  # oletools raises its own and anything else on damaged projects; each is unread
        yield from remarks.broken(context, place, "VBA", type(fault).__name__)
        return
    for _, _, name, source in modules:
        text = source if isinstance(source, str) else source.decode("latin-1")
        if text.strip():
            yield Code(place.inside(f"macro {name}"), text, "vba")
    texts = [str(text) for *_, text in forms if text]
    if texts:
        where = place.inside("forms of macros")
        yield remarks.hidden(
            context, where, "tekster i makroernes formularer", "texts in the macros' forms", count=len(texts)
        )
        yield Text(where, "\n".join(texts), hidden="form of a macro")
