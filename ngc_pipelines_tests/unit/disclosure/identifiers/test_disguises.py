"""Numbers and codes in parts, in disguise and as lists of bytes; and what merely looks like them."""

from __future__ import annotations

import base64
import binascii
from datetime import date

import pytest

from ngc_pipelines.disclosure.findings import Kind, Severity
from ngc_pipelines.disclosure.identifiers.known import KnownIdentifiers
from ngc_pipelines.disclosure.judging import Judgement, judge
from ngc_pipelines.disclosure.opening import Source
from ngc_pipelines.disclosure.policy import DEFAULT_POLICY

NUMBER = "020160-9995"
CODE = "PX83K2M7Q4"
BOTH = f"cpr {NUMBER} id {CODE}".encode()
KNOWN = KnownIdentifiers.from_identifiers([CODE])
SELECTORS = "".join(chr(0xE0100 + byte - 16) for byte in BOTH)

STYLED = "".join(f"\\{byte:06x}" for byte in BOTH)


def judged(text: str, extension: str = "txt") -> Judgement:
    """The checker's answer to one text."""
    return judge(
        Source(text.encode(), f"result.{extension}"),
        extension=extension,
        policy=DEFAULT_POLICY,
        as_of=date(2026, 11, 21),
        known_ids=KNOWN,
    )


NUMBERS = {
    "literals side by side": ("py", "x = '0201' '60-' '9995'\n"),
    "literals added": ("py", "x = '0201' + '60-' + '9995'\n"),
    "literals over lines": ("py", "x = ('020160'\n     '-9995')\n"),
    "literals pasted": ("r", "x <- paste0('020160', '-', '9995')\n"),
    "literals of a page's script": ("html", "<p>x</p><script>var a = '0201' + '60-' + '9995';</script>"),
    "a digit a line": ("txt", "cpr\n" + "\n".join(NUMBER.replace("-", ""))),
    "a digit a line with its hyphen": ("txt", "The cpr number, downwards\n" + "\n".join(NUMBER)),
    "hyphenated elsewhere": ("txt", "seen in 0201-\n60-9995 again"),
    "six digits above four": ("txt", "cpr 020160\n9995\n"),
    "serial in brackets": ("txt", "cpr 020160 (9995) was seen"),
    "date in brackets, at the end": ("txt", "cpr (020160)9995"),
    "pairs": ("txt", "cpr 02 01 60 99 95 was seen"),
    "whole year with a serial": ("txt", "1960-01-02-9995"),
    "whole year last with a serial": ("txt", "02-01-1960-9995"),
    "words": ("txt", "cpr zero two zero one six zero nine nine nine five"),
    "Danish words": ("txt", "cpr nul to nul en seks nul ni ni ni fem"),
    "serial half masked": ("txt", "patient 020160-99XX"),
    "struck through": ("txt", "cpr " + "".join(f"{char}\u0336" for char in NUMBER)),
    "tag characters": ("txt", "hello " + "".join(chr(0xE0000 + byte) for byte in BOTH)),
    "variation selectors": ("txt", "x" + SELECTORS),
    "escaped in percent twice": ("txt", "".join(f"%25{byte:02x}" for byte in BOTH)),
    "escapes of style sheets": ("html", f"<style>p::after{{content:'{STYLED}'}}</style>"),
    "bytes in hexadecimal": ("txt", " ".join(f"{byte:02x}" for byte in BOTH)),
    "bytes with 0x": ("txt", ", ".join(f"0x{byte:02x}" for byte in BOTH)),
    "bytes in decimals": ("py", f"x = bytes([{', '.join(map(str, BOTH))}])\n"),
    "bytes in binary": ("txt", " ".join(f"{byte:08b}" for byte in BOTH)),
    "uuencode": ("txt", "begin 644 x\n" + binascii.b2a_uu(BOTH).decode() + "`\nend\n"),
    "hexadecimal dump": ("txt", "00000000: 3032 3031 3630 2d39 3939 350a            ...........\n"),
    "base64 in short lines": ("txt", "\n".join(base64.b64encode(BOTH).decode()[at : at + 8] for at in range(0, 40, 8))),
}  # fmt: skip


@pytest.mark.parametrize("way", NUMBERS)
def test_number_in_parts_or_in_disguise_is_found(way: str) -> None:
    extension, text = NUMBERS[way]
    assert Kind.CPR in {finding.kind for finding in judged(text, extension).findings}


CODES = {
    "literals added": "x = 'PX83' + 'K2M7Q4'\n",
    "hyphenated": "the sample PX83K-\n2M7Q4 was left out",
    "Cyrillic letters": "РX83К2М7Q4",
    "base64": "note: " + base64.b64encode(CODE.encode()).decode(),
    "base32": base64.b32encode(BOTH).decode(),
    "bytes in hexadecimal": ":".join(f"{byte:02X}" for byte in BOTH),
}


@pytest.mark.parametrize("way", CODES)
def test_known_code_in_parts_or_in_disguise_is_found(way: str) -> None:
    assert Kind.KNOWN_ID in {finding.kind for finding in judged(CODES[way]).findings}


CLEAN = {
    "sorted ages": "Age (years): 30 31 32 33 34 35 36 37 38 39 40 41 42\n",
    "ages": "breaks: 20, 35, 41, 30, 52, 47, 33, 68, 71, 39, 45, 50\n",
    "numbers in words": "One two three. Seen one to three times; en to tre fire fem seks syv besøg.\n",
    "a date and a time": "CPR data as of 2024-01-15 1030, read 2024-01-15_1130\n",
    "a date and a year": "from the CPR register, 01-01-2010-2020\n",
    "counts side by side": "year\tpatients\tdeaths\tcpr\n2001\t120345\t1204\t5349212\n2002\t110255\t1311\t5368354\n",
    "digests": "".join(f"sha256 a{'0201609995'}{'bd':0<52}{n}\n" for n in range(9)),
    "literals joined": "x = 'age' + '_' + 'group2'\ny = paste0('2010', '-', '2020')\n",
    "hyphenated words": "Sex-\nspecific rates of type-\n2 diabetes in 1950-\n1990 cohorts\n",
    "emoji": "Done \u2764\ufe0f \u2714\ufe0f\n",
}


@pytest.mark.parametrize("way", CLEAN)
def test_what_merely_looks_like_it_is_left_alone(way: str) -> None:
    worst = [finding for finding in judged(CLEAN[way]).findings if finding.severity > Severity.NOTE]
    assert [finding for finding in worst if finding.kind in (Kind.CPR, Kind.KNOWN_ID, Kind.ENCODED_DATA)] == []
