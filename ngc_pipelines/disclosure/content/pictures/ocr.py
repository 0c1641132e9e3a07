"""Reading text in pictures with RapidOCR, where the extra `ocr` is installed.

Nothing is imported before a picture is met; the models are those in the wheel.
"""

from __future__ import annotations

import importlib.util
import io
from functools import cache
from typing import Any, Final

_SMALL: Final = 1500


@cache
def is_installed() -> bool:
    """Whether the extra is there."""
    return all(importlib.util.find_spec(name) is not None for name in ("rapidocr", "onnxruntime"))


def words_in(data: bytes) -> str | None:
    """The lines of text that a picture shows; None where its pixels do not decode.

    Small pictures are read at double size, which finds a tenth more.
    """
    import numpy as np
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data)) as image:
            picture = image.convert("RGB")
    except (OSError, ValueError, SyntaxError, EOFError, TypeError, Image.DecompressionBombError):
        return None
    if max(picture.size) < _SMALL:
        picture = picture.resize((2 * picture.width, 2 * picture.height), Image.Resampling.BICUBIC)
    found = _engine()(np.asarray(picture)[:, :, ::-1])
    return "\n".join(found.txts or ())


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(params={"Global.log_level": "critical"})  # it logs paths and what it reads
