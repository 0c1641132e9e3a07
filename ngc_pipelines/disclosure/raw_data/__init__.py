"""Raw data, recognised by content: in whole files, decoded bytes and pasted text (DC-2).

What the bytes are called plays no part; `recognise_raw` is the one way in for
bytes, `RawDataDetector` for pieces. Tables of results about genes or variants
are no raw data; rows about persons live in `rows`.
"""

from __future__ import annotations

from ngc_pipelines.disclosure.raw_data.forms import RawMatch
from ngc_pipelines.disclosure.raw_data.recognising import recognise_raw

__all__ = ["RawMatch", "recognise_raw"]
