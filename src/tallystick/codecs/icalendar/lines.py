"""Provide content lines: how an iCalendar file is cut into properties, and how a property is written.

A physical line that begins with a blank continues the one before it (RFC 5545 3.1); unfolded, a line reads
``NAME;PARAMETER=value:value``. Every :class:`ContentLine` keeps the text that it was read from, folds and line end
included, and that text is what is written as long as nobody changes the property.

Read: UTF-8, or what a byte order mark or the caller says; line ends of both kinds; blank lines; folds that cut a
character in two; ``TZID=(UTC+01:00) ...`` without the quotes it needs. Refused, with file and line: what is too large,
bytes of no known encoding, a line without name or colon. Nothing is looked at before its size is known.

Written: folded at 75 octets, never within a character, with the file's own line end, which is CRLF in new files;
parameters quoted where they have to be, with the escapes of RFC 6868.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from typing import Final

import attrs

from tallystick.codecs.encodings import Encoding, is_utf8, read_text
from tallystick.errors import InputError

LARGEST: Final = 64 * 1024 * 1024
"""How many bytes one calendar may have."""
MOST_LINES: Final = 2_000_000
LONGEST_LINE: Final = 16_000_000
"""In characters, unfolded: an attachment may stand within a line."""
LINE_END: Final = "\r\n"
_WIDTH: Final = 75

_LOGICAL: Final = re.compile(r"[^\n]*(?:\n[ \t][^\n]*)*\n?")
_FOLD: Final = re.compile(r"\r*\n[ \t]")
_FOLD_OF_BYTES: Final = re.compile(rb"\r*\n[ \t]")
# A parameter's value, plain or quoted. Outlook's own names of zones hold a colon, and often lack the quotes for it.
# Every repetition is possessive: what does not match is known after one pass, however long the line is.
_VALUE: Final = r'(?:\((?:UTC|GMT)[+-]\d\d:\d\d\))?+[^":;]*+(?:"[^"]*+"[^":;]*+)*+'
_LINE: Final = re.compile(rf'([A-Za-z0-9_.-]{{1,100}}+)((?:;[^=":;]*+=?+{_VALUE})*+):(.*)', re.DOTALL)
_PARAMETER: Final = re.compile(rf';([^=":;]*+)=?+({_VALUE})')
_HALVES: Final = re.compile("[\udc80-\udcff]")
_QUOTED: Final = re.compile(r"[,:;]")
_ESCAPES: Final = {"^": "^^", "\n": "^n", '"': "^'"}
_ESCAPED: Final = re.compile(r"\^([n'^])")
_UNESCAPES: Final = {"n": "\n", "'": '"', "^": "^"}


@attrs.frozen(repr=False)
class ContentLine:
    """One property as a file has it.

    ``name`` is in capitals, empty for a blank line; ``head`` the parameters and ``value`` the value as they are
    written, unfolded; ``text`` the lines of the file, folds and line ends included; ``line`` the number of the first.
    """

    name: str
    head: str
    value: str
    text: str
    line: int = 0

    def parameter(self, name: str) -> str:
        """Return the value of a parameter without quotes and escapes; empty where there is none."""
        if name not in self.head.upper():
            return ""
        return next((_plain(value) for key, value in self.parameters() if key == name), "")

    def parameters(self) -> Iterator[tuple[str, str]]:
        """Yield the name of each parameter, in capitals, and its value as it is written."""
        for found in _PARAMETER.finditer(self.head):
            yield found[1].strip().upper(), found[2].strip()

    def where(self) -> str:
        """Return the place for an error."""
        return f"line {self.line}, {self.name}" if self.line else self.name


@attrs.frozen(repr=False)
class Property:
    """A property to be written: its ``value`` escaped as its type asks, its ``parameters`` plain, by name."""

    name: str
    value: str
    parameters: tuple[tuple[str, str], ...] = ()

    def as_line(self, line_end: str, over: ContentLine | None = None, spoken: Iterable[str] = ()) -> ContentLine:
        """Return the line; where it replaces another, parameters that are not ``spoken`` of stay as they are."""
        own = {"VALUE", "TZID", *spoken, *(name for name, _ in self.parameters)}
        kept = [(name, value) for name, value in over.parameters() if name not in own] if over else []
        pairs = [*((name, _written(value)) for name, value in self.parameters), *kept]
        head = "".join(f";{name}={value}" for name, value in pairs)
        text = fold(f"{self.name}{head}:{self.value}", line_end)
        return ContentLine(self.name, head, self.value, text, over.line if over else 0)


def read_lines(data: bytes, name: str, told: str | None = None) -> tuple[list[ContentLine], Encoding]:
    """Return the lines of a file and its encoding; ``name`` is the file's in errors. Raises InputError."""
    if len(data) > LARGEST:
        what = f"a calendar of {len(data):,} bytes, and {LARGEST:,} are the most"
        raise InputError(what, where=name, remedy="split it")
    lines = data.count(b"\n")
    if lines > MOST_LINES:
        what = f"a calendar of {lines:,} lines, and {MOST_LINES:,} are the most"
        raise InputError(what, where=name, remedy="split it")
    text, charset = _decoded(data, name, told)
    return list(cut(text, name)), charset


def cut(text: str, name: str) -> Iterator[ContentLine]:
    """Yield the lines of a text. Raises InputError for one that is too long, or is no property."""
    number = 1
    for found in _LOGICAL.finditer(text):
        raw = found[0]
        if raw:
            yield _line(raw, number, name)
            number += raw.count("\n")


def fold(line: str, line_end: str) -> str:
    """Return a line folded at 75 octets, with its line end."""
    octets = line.encode("utf-8", "surrogateescape")
    if len(octets) <= _WIDTH:
        return line + line_end
    pieces, start, room = [], 0, _WIDTH
    while len(octets) - start > room:
        end = start + room
        while octets[end] & 0xC0 == 0x80:  # noqa: PLR2004 -- the mark of a byte that continues a character
            end -= 1
        pieces.append(octets[start:end])
        start, room = end, _WIDTH - 1
    pieces.append(octets[start:])
    return f"{line_end} ".join(piece.decode("utf-8", "surrogateescape") for piece in pieces) + line_end


def encoded(text: str, charset: Encoding) -> bytes:
    """Return the bytes of a text; those that a fold had cut out of a character are put back as they were."""
    return charset.mark + text.encode(charset.name, "surrogateescape")


# --- reading ---------------------------------------------------------------------------------------------------------


def _decoded(data: bytes, name: str, told: str | None) -> tuple[str, Encoding]:
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    may_be_utf8 = b"\0" not in data and (mark or told in (None, "utf-8"))
    if may_be_utf8 and not is_utf8(data) and is_utf8(_FOLD_OF_BYTES.sub(b"", data)):
        # Programs that fold by octets cut characters in two. Halves become surrogates until they are joined again.
        return data[len(mark) :].decode("utf-8", "surrogateescape"), Encoding(mark=mark)
    if told is None and (line := _damaged(data)):
        remedy = "fetch it again; if it is in another encoding, name that"
        raise InputError(
            "bytes that are no UTF-8, in a file that otherwise is", where=f"{name}, line {line}", remedy=remedy
        )
    return read_text(data, name, told)


def _damaged(data: bytes) -> int:
    """Return the line of the first byte that is no UTF-8, if characters elsewhere are; 0 otherwise.

    Taken for Windows-1252 as a whole, such a file would have all its other accents read wrongly.
    """
    if is_utf8(data) or data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return 0
    text = data.decode("utf-8", "surrogateescape")
    halves = _HALVES.search(text)
    return text.count("\n", 0, halves.start()) + 1 if halves and not _HALVES.sub("", text).isascii() else 0


def _line(raw: str, number: int, name: str) -> ContentLine:
    if len(raw) > LONGEST_LINE:
        what = f"a line of more than {LONGEST_LINE:,} characters"
        raise InputError(what, where=f"{name}, line {number}", remedy="keep attachments out of the calendar")
    whole = raw.rstrip("\r\n")
    if "\n" in whole:
        whole = _FOLD.sub("", whole)
        if not whole.isascii():
            whole = whole.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")
    found = _LINE.fullmatch(whole)
    if found is None:
        if not whole.strip():
            return ContentLine("", "", "", raw, number)
        remedy = "write NAME:value, and begin a line that continues the one before it with a blank"
        raise InputError("a line that is no property", where=f"{name}, line {number}", remedy=remedy)
    return ContentLine(found[1].upper(), found[2], found[3], raw, number)


def _plain(value: str) -> str:
    plain = value.replace('"', "")
    return _ESCAPED.sub(lambda found: _UNESCAPES[found[1]], plain) if "^" in plain else plain


def _written(value: str) -> str:
    plain = "".join(_ESCAPES.get(char, char) for char in value.replace("\r\n", "\n"))
    return f'"{plain}"' if _QUOTED.search(plain) or plain != plain.strip() else plain
