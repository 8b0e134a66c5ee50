"""Provide the headers of a raw message: each read as the standard says, or else as well as it can be.

The library's parser of a header is strict in places and fails in others; nothing that stands in a header raises.
"""

import re
from datetime import UTC, timedelta
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from typing import Final

from tallystick.codecs.eml.limits import LONGEST_HEADER
from tallystick.records import EmailAddress
from tallystick.recurrence import Instant

_ID: Final = re.compile(r"<[^<>\s]{1,998}>")
_FOLDED: Final = re.compile(r"\s*[\r\n]+\s*")
_MOST_DAYS: Final = timedelta(days=1)
_YEARS: Final = range(1000, 9999)
"""Years whose moments can be shown in any zone."""


def raw_header(message: Message, name: str) -> str:
    """Return the first header of a name on one line, encoded as it is; what is longer than the limit is cut."""
    wanted = name.lower()
    for key, value in message.raw_items():
        if key.lower() == wanted:
            return _FOLDED.sub(" ", _sound(str(value)[:LONGEST_HEADER])).strip()
    return ""


def text_header(message: Message, name: str) -> str:
    """Return the first header of a name as people read it."""
    return decoded(raw_header(message, name))


def decoded(raw: str) -> str:
    """Return a header's text; words whose encoding is not known, or not kept to, stay as they are."""
    if "=?" not in raw:
        return raw
    try:
        pieces = decode_header(raw)
    except (MessageError, ValueError, LookupError):
        return raw
    return _sound("".join(map(_piece, pieces))).strip()


def addresses(message: Message, name: str) -> tuple[EmailAddress, ...]:
    """Return the people in a header, in order; who has no address is left out."""
    raw = raw_header(message, name)
    if not raw:
        return ()
    # Taken apart while encoded: a name may hold a comma.
    pairs = getaddresses([raw])
    return tuple(EmailAddress(address.strip(), decoded(person)) for person, address in pairs if address.strip())


def message_ids(message: Message, name: str) -> tuple[str, ...]:
    """Return the message ids in a header; where there are none in angle brackets, what stands there without blanks."""
    raw = raw_header(message, name)
    found = tuple(_ID.findall(raw))
    return found or ((bare,) if (bare := "".join(raw.split())) else ())


def moment(text: str) -> Instant | None:
    """Return the moment that a date header names; one without a zone is UTC's. None for what is no date."""
    try:
        found = parsedate_to_datetime(text)
        offset = found.utcoffset() or timedelta()
        if abs(offset) >= _MOST_DAYS or found.year not in _YEARS:
            return None
        return Instant(found.replace(tzinfo=UTC) - offset)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def received(message: Message) -> Instant | None:
    """Return when a message came in, as the last server on its way noted."""
    return moment(raw_header(message, "Received").rpartition(";")[2])


def _piece(piece: tuple[str | bytes, str | None]) -> str:
    text, charset = piece
    if isinstance(text, str):
        return text
    try:
        return text.decode(charset or "ascii", "replace")
    except (LookupError, ValueError):
        return text.decode("ascii", "replace")


def _sound(text: str) -> str:
    """Return a text without halves of characters: bytes that are no ASCII are read as UTF-8, or else replaced."""
    halves = [char for char in text if "\ud800" <= char <= "\udfff"]
    if not halves:
        return text
    if all("\udc80" <= char <= "\udcff" for char in halves):
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
