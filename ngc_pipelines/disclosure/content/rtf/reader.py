"""Groups and destinations of RTF: where each text stands, and whether it is seen."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import Final

from ngc_pipelines.disclosure.content.rtf.tokens import Sort, Token

_DESTINATIONS: Final = frozenset(
    b"annotation atnauthor atnid atndate atnref atrfstart atrfend author background bkmkend bkmkstart "
    b"buptim category colortbl colorschememapping comment company creatim datafield datastore do docvar "
    b"doccomm dptxbxtext factoidname falt fldinst fontemb fontfile fonttbl footer footerf footerl footerr "
    b"footnote formfield ftncn ftnsep ftnsepc generator header headerf headerl headerr hlinkbase info "
    b"keywords latentstyles listname listoverridetable listtable listtext manager mmathPr nextfile "
    b"nonshppict objalias objclass objdata object objname objsect objtime operator panose passwordhash "
    b"pict pntext printim propname protusertbl revtbl revtim rsidtbl rxe shpinst shppict shptxt sn sp "
    b"staticval stylesheet subject sv svb tc template themedata title txe userprops wgrffmtfilter "
    b"windowcaption writereservation xe xform xmlattrname xmlattrvalue xmlclose xmlname xmlnstbl xmlopen "
    b"blipuid bliptag result".split()
)
_SHOWN: Final = frozenset(
    {b"result", b"shptxt", b"dptxbxtext", b"object", b"listtext", b"pntext", b"shppict", b"do", b"background"}
)
_CHARSETS: Final = {
    0: "cp1252",
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    134: "gbk",
    136: "cp950",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
}
_SIGNS: Final = {
    b"par": "\n",
    b"line": "\n",
    b"sect": "\n",
    b"page": "\n",
    b"column": "\n",
    b"tab": "\t",
    b"emdash": "—",
    b"endash": "–",
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
    b"bullet": "•",
    b"emspace": " ",
    b"enspace": " ",
}
_SYMBOLS: Final = {b"~": "\u00a0", b"_": "-", b"\n": "\n", b"\r": "\n", b"\\": "\\", b"{": "{", b"}": "}", b"\t": "\t"}
_DEEPEST: Final = 5000
_TABLE_WORDS: Final = frozenset({b"cell", b"row", b"trowd", b"nestcell", b"nestrow", b"intbl", b"pard"})


@dataclass(frozen=True, slots=True)
class Group:
    """What holds inside a pair of braces."""

    destination: bytes = b""
    hidden: bool = False
    deleted: bool = False
    inserted: bool = False
    skip: int = 1
    font: int = 0
    colour: int = 0
    starred: bool = False


@dataclass(slots=True)
class Reader:
    """Takes tokens; afterwards holds the texts by destination, tables and bytes.

    Texts of one kind of destination are kept apart by group: two comments are
    two texts.
    """

    texts: dict[bytes, list[str]] = field(default_factory=lambda: defaultdict(list))
    binaries: list[tuple[bytes, bytes]] = field(default_factory=list)
    tables: list[list[list[str]]] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    inserted: int = 0
    depth: int = 0
    damaged: bool = False
    _group: Group = field(default_factory=Group)
    _stack: list[Group] = field(default_factory=list)
    _bytes: bytearray = field(default_factory=bytearray)
    _open: dict[bytes, list[str]] = field(default_factory=lambda: defaultdict(list))
    _skip: int = 0
    _codepage: str = "cp1252"
    _fonts: dict[int, str] = field(default_factory=dict)
    _colours: list[list[int]] = field(default_factory=lambda: [[]])
    _row: list[str] = field(default_factory=list)
    _cell: list[str] = field(default_factory=list)
    _in_table: bool = False
    _between_tables: bool = True

    def take(self, token: Token) -> None:
        """One more token."""
        if token.sort is Sort.TEXT:
            self._text(token.value)
        elif token.sort is Sort.BYTE:
            if self._skip:
                self._skip -= 1
            else:
                self._bytes += token.value
        elif token.sort is Sort.OPEN:
            self._flush()
            self._begin()
        elif token.sort is Sort.CLOSE:
            self._flush()
            self._end()
        elif token.sort is Sort.BINARY:
            self._flush()
            self.binaries.append((self._group.destination, token.value))
        elif token.sort is Sort.SYMBOL:
            self._symbol(token.value)
        else:
            self._word(token.value, token.number)

    def finish(self) -> None:
        """No more tokens come; open groups end here."""
        self._flush()
        self.damaged |= self.depth > 0
        while self._stack:
            self._end()
        self._end_row()
        for destination in list(self._open):
            self._close(destination)

    def _begin(self) -> None:
        self.depth += 1
        if len(self._stack) < _DEEPEST:
            self._stack.append(self._group)
            self._group = replace(self._group, starred=False)

    def _end(self) -> None:
        self.depth = max(0, self.depth - 1)
        self._skip = 0
        if not self._stack:
            return
        before = self._stack.pop()
        if before.destination != self._group.destination:
            self._close(self._group.destination)
        self._group = before

    def _close(self, destination: bytes) -> None:
        parts = self._open.pop(destination, [])
        text = "".join(parts)
        if text.strip():
            self.texts[destination].append(text)

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self._group = replace(self._group, starred=True)
        elif symbol in _SYMBOLS:
            self._say(_SYMBOLS[symbol])

    def _text(self, text: bytes) -> None:
        if self._skip:
            dropped = min(self._skip, len(text))
            self._skip -= dropped
            text = text[dropped:]
        self._bytes += text

    def _flush(self) -> None:
        if self._bytes:
            data, self._bytes = bytes(self._bytes), bytearray()
            self._put(data.decode(self._fonts.get(self._group.font, self._codepage), "replace"))

    def _say(self, text: str) -> None:
        self._flush()
        self._put(text)

    def _put(self, text: str) -> None:
        group = self._group
        if group.destination == b"colortbl":
            self._colours += [[] for _ in range(text.count(";"))]
        if group.deleted:
            self.deleted.append(text)
        elif group.hidden or self._is_white(group.colour):
            self.hidden.append(text)
        if group.inserted and text.strip():
            self.inserted += 1
        if group.destination == b"":
            if not self._in_table and text.strip():
                self._between_tables = True
            self._cell.append(text)
        self._open[group.destination].append(text)

    def _is_white(self, colour: int) -> bool:
        return 0 < colour < len(self._colours) and self._colours[colour] == [255, 255, 255]

    def _word(self, word: bytes, number: int | None) -> None:
        if word == b"u" and number is not None:
            code = number + 65_536 if number < 0 else number
            self._say(chr(code) if code < 0x110000 else "\ufffd")
            self._skip = self._group.skip
            return
        self._flush()
        if word in _SIGNS:
            self._put(_SIGNS[word])
        elif word in _TABLE_WORDS:
            self._table(word)
        elif word in _DESTINATIONS or self._group.starred:
            shown = word in _SHOWN
            self._group = replace(
                self._group, destination=b"" if shown and not self._group.destination else word, starred=False
            )
        else:
            self._format(word, number)

    def _format(self, word: bytes, number: int | None) -> None:
        on = number != 0
        if word in (b"v", b"webhidden"):
            self._group = replace(self._group, hidden=on)
        elif word == b"deleted":
            self._group = replace(self._group, deleted=on)
        elif word == b"revised":
            self._group = replace(self._group, inserted=on)
        elif word == b"plain":
            self._group = replace(self._group, hidden=False, colour=0)
        elif word == b"uc":
            self._group = replace(self._group, skip=max(0, min(number or 0, 100)))
        elif word == b"f" and number is not None:
            self._group = replace(self._group, font=number)
        elif word == b"fcharset" and number in _CHARSETS and number:
            self._fonts[self._group.font] = _CHARSETS[number]
        elif word == b"ansicpg" and number:
            self._codepage = _known_codepage(number)
        elif word == b"cf":
            self._group = replace(self._group, colour=number or 0)
        elif word in (b"red", b"green", b"blue") and self._group.destination == b"colortbl":
            self._colours[-1].append(number or 0)

    def _table(self, word: bytes) -> None:
        if word == b"pard":
            self._in_table = False
            self._cell = []
        elif word in (b"intbl", b"trowd"):
            if not self._in_table:
                self._cell = []
            self._in_table = True
        elif word in (b"cell", b"nestcell"):
            self._row.append("".join(self._cell).strip())
            self._put("\t")
            self._cell = []
        else:
            self._put("\n")
            self._cell = []
            self._end_row()

    def _end_row(self) -> None:
        if not self._row:
            return
        if self._between_tables:
            self.tables.append([])
            self._between_tables = False
        self.tables[-1].append(self._row)
        self._row = []


def _known_codepage(number: int) -> str:
    name = f"cp{number}"
    try:
        b"".decode(name)
    except LookupError:
        return "cp1252"
    return name
