"""Provide the plain text of HTML, the HTML of plain text, and HTML that is safe to pass on.

Bodies of events and messages are written by strangers. Reading their text needs no more than the standard library and
executes nothing; passing their HTML on is another matter: :func:`sanitised` leaves what a well-kept library lets pass.
"""

import re
from html import escape
from html.parser import HTMLParser
from importlib import import_module
from typing import Final

from tallystick.errors import MissingExtra

LARGEST: Final = 1_000_000
"""How many characters of HTML are looked at; what follows is left out."""

_BLOCKS: Final = frozenset(
    """address article aside blockquote dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav
    ol p pre section table tr ul""".split()  # noqa: SIM905 -- a list of them fills a screen
)
_APART: Final = frozenset(["blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "pre", "table", "ul"])
_UNSEEN: Final = frozenset(("head", "script", "style", "template", "title"))
_BLANKS: Final = re.compile(r"[ \t\r\n\f\u00a0]+")


def plain_text(html: str) -> str:
    """Return the text of HTML as a reader sees it: blocks on lines of their own, white space as one blank.

    Whatever is malformed is read as browsers read it; nothing raises.
    """
    if "<" not in html and "&" not in html:
        return _BLANKS.sub(" ", html).strip()
    reader = _Reader()
    reader.feed(html[:LARGEST])
    reader.close()
    lines = (_BLANKS.sub(" ", line).strip() for line in "".join(reader.parts).split("\n"))
    return "\n".join(lines).strip()


def as_html(text: str) -> str:
    """Return plain text as HTML that shows it: nothing in it is markup, and lines stay lines."""
    return escape(text, quote=False).replace("\n", "<br>")


def sanitised(html: str) -> str:
    """Return HTML without scripts, event handlers, forms, styles and addresses that run something.

    Raises MissingExtra without the extra ``html``.
    """
    try:
        nh3 = import_module("nh3")
    except ImportError:
        raise MissingExtra(
            "HTML cannot be made safe: nh3 is not installed", remedy="pip install 'tallystick[html]'"
        ) from None
    cleaned: str = nh3.clean(html[:LARGEST])
    return cleaned


class _Reader(HTMLParser):
    """Collects the text between tags; a paragraph stands apart by an empty line, another block by a line of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen = 0
        self._lines = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 -- the parser's
        if tag in _UNSEEN:
            self._unseen += 1
        self._break(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 -- the parser's
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(self._unseen - 1, 0)
        elif tag != "br":
            self._break(tag)

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        text = _BLANKS.sub(" ", data)
        if self._lines and text.strip():
            self.parts.append("\n" * min(self._lines, 2) if self.parts else "")
            self._lines = 0
        self.parts.append(text)

    def _break(self, tag: str) -> None:
        if tag == "br":
            self._lines += 1
        elif tag in _BLOCKS:
            self._lines = max(self._lines, 2 if tag in _APART else 1)
