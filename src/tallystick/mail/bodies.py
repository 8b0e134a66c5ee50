"""Provide the bodies of messages: as plain text, in HTML that is safe, and in parts that a CRM has room for.

Parts lose nothing: joined they are the body again. HTML comes from strangers: of what is larger or nested deeper than
the limits only the plain text is taken.
"""

from html.parser import HTMLParser
from typing import Final

from tallystick.errors import SettingsError
from tallystick.records import BodyType, Message
from tallystick.rich_text import LARGEST, plain_text
from tallystick.text import cut

DEEPEST: Final = 256
"""How many elements may lie within each other in HTML that is passed on."""

_VOID: Final = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
_BACK: Final = 5


def body_text(message: Message) -> str:
    """Return a body as plain text, whatever it is written in."""
    return message.body if message.body_type is BodyType.TEXT else plain_text(message.body)


def is_whole(message: Message) -> bool:
    """Tell whether all of a body is read: of HTML no more than a limit is."""
    return message.body_type is BodyType.TEXT or len(message.body) <= LARGEST


def may_be_shown(html: str) -> bool:
    """Tell whether HTML is small and flat enough to be passed on."""
    if len(html) > LARGEST:
        return False
    if html.count("<") <= DEEPEST:
        return True
    measure = _Depth()
    measure.feed(html)
    measure.close()
    return measure.deepest <= DEEPEST


def split_body(text: str, most: int) -> tuple[str, ...]:
    """Return the parts of a text, each of at most ``most`` characters, that joined are the text again.

    A part ends after a line if one ends in its last fifth, else after a word, and never inside a character, unless a
    single one is longer than a part. Raises SettingsError for a limit below one.
    """
    if most < 1:
        raise SettingsError("a part of a body has no room for anything", remedy="give a limit of at least 1")
    if len(text) <= most:
        return (text,)
    parts = []
    start = 0
    while len(text) - start > most:
        # One more, so that what belongs to the last character is seen.
        part = cut(text[start : start + most + 1], most)
        earliest = len(part) - len(part) // _BACK
        for mark in ("\n", " "):
            at = part.rfind(mark, earliest)
            if at >= 0:
                part = part[: at + 1]
                break
        parts.append(part)
        start += len(part)
    return (*parts, text[start:]) if start < len(text) else tuple(parts)


class _Depth(HTMLParser):
    """Measures how deep elements lie within each other."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.deepest = self._open = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 -- the parser's
        if tag not in _VOID:
            self._open += 1
            self.deepest = max(self.deepest, self._open)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            self._open = max(self._open - 1, 0)
