"""A compound file whose folder holds itself is recognised and judged, not walked for ever."""

from __future__ import annotations

import struct

import pytest

from ngc_pipelines_tests.disclosure_places import old_office
from ngc_pipelines_tests.disclosure_places.table import judged


def circular(data: bytes) -> bytes:
    """The file with its root turned into a folder whose child is itself."""
    changed = bytearray(data)
    (sector,) = struct.unpack_from("<I", changed, 0x30)
    (shift,) = struct.unpack_from("<H", changed, 0x1E)
    root = (sector + 1) << shift
    changed[root + 66] = 1
    struct.pack_into("<I", changed, root + 76, 0)
    return bytes(changed)


@pytest.mark.parametrize("extension", ["xls", "doc", "ppt"])
def test_a_folder_that_holds_itself_is_never_clear(extension: str) -> None:
    (data,) = [data for kind, data in old_office.cleans() if kind == extension]
    judgement = judged(circular(data), extension)
    assert judgement.findings or judgement.not_read
