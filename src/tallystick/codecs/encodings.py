"""Provide the way from a file's bytes to text and back, without ever guessing in silence.

In this order: a byte order mark says what the file is; else the encoding that the caller named is taken; else what
is valid UTF-8 is UTF-8; else the file is taken for Windows-1252, the encoding in which Outlook on a Western Windows
exports, but only if every byte exists there and no word looks as if it were of another script or region. Everything
else is refused with a remedy, since contacts with mangled names would be matched with nobody and copied everywhere.
"""

import codecs
import re

import attrs

from tallystick.errors import InputError, SettingsError

ENCODINGS = (
    *("utf-8", "utf-16-le", "utf-16-be", "iso8859-1", "iso8859-2", "iso8859-15", "mac-roman"),
    *("cp874", "cp932", "cp936", "cp949", "cp950"),
    *("cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258"),
)
"""What a caller may name."""

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# Four accented letters in a row are Greek, Cyrillic or Hebrew read wrongly; a figure or currency sign amid a word is
# Polish read wrongly, and so is one at the end of a word (three letters before it: "cm\u00b3" is fine).
_NOT_WESTERN = re.compile(
    r"[^\W\d_A-Za-z]{4}|[A-Za-z][\xa3\xa5\xb9\xb3\xbc\xbe\xbf][a-z]|[A-Za-z]{3}[\xa3\xa5\xb9\xb3\xbf](?![A-Za-z])"
)
_OTHERS = "save it as UTF-8, or name its encoding (such as cp1250 for Central Europe, cp1251 for Cyrillic)"


@attrs.frozen
class Encoding:
    """How a file's text is encoded; ``assumed`` tells that nothing but its bytes said so."""

    name: str = "utf-8"
    mark: bytes = b""
    assumed: bool = False

    def encode(self, text: str) -> bytes:
        """Return ``text`` as the file's bytes, its byte order mark first."""
        return self.mark + text.encode(self.name)

    def holds(self, text: str) -> bool:
        """Tell whether ``text`` can be written in this encoding."""
        try:
            text.encode(self.name)
        except UnicodeEncodeError:
            return False
        return True


def checked(told: str | None) -> str | None:
    """Return an encoding that a caller named, in its plain spelling. Raises SettingsError for one that is not known."""
    if told is None:
        return None
    plain = told.strip().lower().replace("_", "-")
    plain = {"utf8": "utf-8", "utf-8-sig": "utf-8", "windows-1252": "cp1252", "latin-1": "iso8859-1"}.get(plain, plain)
    plain = plain.replace("windows-", "cp").replace("iso-8859", "iso8859")
    if plain not in ENCODINGS:
        raise SettingsError("an encoding that is not supported", remedy=f"name one of {', '.join(ENCODINGS)}")
    return plain


def read_text(data: bytes, name: str, told: str | None = None) -> tuple[str, Encoding]:
    """Return a file's text and its encoding. Raises InputError, naming the line, for bytes that cannot be read."""
    encoding = _marked(data) or (Encoding(told) if told else None)
    if encoding is None:
        encoding = Encoding() if is_utf8(data) else Encoding("cp1252", assumed=True)
    body = data[len(encoding.mark) :]
    try:
        text = body.decode(encoding.name)
    except UnicodeDecodeError as error:
        line = body[: error.start].decode(encoding.name, "ignore").count("\n") + 1
        what = "no UTF-8 and no Windows-1252" if encoding.assumed else f"no {encoding.name}"
        raise InputError(f"bytes that are {what}", where=f"{name}, line {line}", remedy=_OTHERS) from None
    _refuse_nul(text, name)
    if encoding.assumed and (odd := _NOT_WESTERN.search(text)):
        line = text.count("\n", 0, odd.start()) + 1
        what = "the file is no UTF-8, and taken for Windows-1252 it holds a word that no Western language has"
        raise InputError(what, where=f"{name}, line {line}", remedy=_OTHERS)
    return text, encoding


def _marked(data: bytes) -> Encoding | None:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return Encoding(name, mark)
    return None


def is_utf8(data: bytes) -> bool:
    """Tell whether bytes are UTF-8 throughout."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _refuse_nul(text: str, name: str) -> None:
    place = text.find("\0")
    if place >= 0:
        line = text.count("\n", 0, place) + 1
        remedy = "save it as UTF-8; if it is UTF-16 without a byte order mark, name utf-16-le as its encoding"
        raise InputError("a NUL character, which no text file has", where=f"{name}, line {line}", remedy=remedy)
