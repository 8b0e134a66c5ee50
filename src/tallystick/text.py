"""Provide the folding of names and the syntax of e-mail addresses, as used by keys, rules, eligibility and fakes alike.

One definition for all, since two that differ by a hair are how contacts get doubled: what one place takes for the
same person, another must not take for two.
"""

import re
import unicodedata

from tallystick.remembering import remembered

_SPACES = re.compile(r"\s+")
_NO_DIGITS = re.compile(r"\D+")
_NO_ASCII_DIGITS = bytes(code for code in range(128) if not chr(code).isdigit())
_ATOM = r"[^\s@<>()\[\]\\,;:\"\x00-\x1f\x7f.]+"
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+")
# As nearly all are written: of these none needs folding, and one no longer than a label may be is an address.
_PLAIN_LABEL = r"[a-z0-9]++(?:-++[a-z0-9]++)*+"
_PLAIN_ADDRESS = re.compile(rf"[a-z0-9_+-]++(?:\.[a-z0-9_+-]++)*+@{_PLAIN_LABEL}(?:\.{_PLAIN_LABEL})++")
_LONGEST_LABEL = 63
_LONGEST_ADDRESS = 254
_JOINER = "\u200d"
_CONTINUING = frozenset({_JOINER, "\ufe0e", "\ufe0f", "\u20e3"})


def clean(text: str | None) -> str:
    """Return ``text`` as it is compared: composed (NFC), line ends as one character, no white space around it.

    Case and inner spacing are kept: a change of either is an edit that a person made.
    """
    if not text:
        return ""
    if "\r" in text:
        text = one_line_end(text)
    return text.strip() if text.isascii() else unicodedata.normalize("NFC", text).strip()


@remembered(1 << 14)
def fold(text: str | None, /) -> str:
    """Return ``text`` as it is matched: trimmed, inner white space as one blank, forms and case folded.

    Remembered, since names recur.
    """
    if not text:
        return ""
    if text.isascii():
        return " ".join(text.split()).lower()
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _SPACES.sub(" ", unicodedata.normalize("NFC", folded)).strip()


def fold_address(address: str | None) -> str:
    """Return an e-mail address as it is compared: trimmed and case-folded, plus tags kept, domain in one spelling.

    The local part is folded too: Exchange and all large services do, whatever the standard allows.
    """
    if not address:
        return ""
    if address.isascii():
        folded = address.strip().lower()
        # One text for both, so that what is held of many addresses takes no room, and is known at sight.
        return address if folded == address else folded
    local, at, domain = unicodedata.normalize("NFC", address.strip()).casefold().rpartition("@")
    return f"{local}{at}{_ascii_domain(domain)}"


@remembered(1 << 16)
def canonical_address(address: str, /) -> str:
    """Return an internet mail address as :func:`fold_address` does, and an empty text for what is none.

    An address is one local part of dot-separated atoms and one domain of at least two labels, at most 254 characters,
    without display name, quoting or trailing punctuation: what Exchange takes. X.500 names (``/O=...``) have no
    domain and are none. Remembered, since every record's addresses are asked for several times in a run.
    """
    if len(address) <= _LONGEST_LABEL and _PLAIN_ADDRESS.fullmatch(address):
        return address
    stripped = address.strip()
    if len(stripped) > _LONGEST_ADDRESS or _ADDRESS.fullmatch(stripped) is None:
        return ""
    return fold_address(stripped)


def is_address(address: str | None) -> bool:
    """Tell whether ``address`` is an internet mail address, see :func:`canonical_address`."""
    return address is not None and canonical_address(address) != ""


@remembered(1 << 16)
def digits(number: str | None, /) -> str:
    """Return what makes a telephone number the same number: its digits, and a leading plus.

    A leading 00 says the same as the plus. Remembered, as addresses are.

    Text without any digit is returned folded, so that "ask Jo" equals only itself.
    """
    if not number:
        return ""
    if number.isascii():
        found = number.encode().translate(None, _NO_ASCII_DIGITS).decode()
    else:
        found = _NO_DIGITS.sub("", number)
    if not found:
        return fold(number)
    stripped = number.strip()
    if stripped.startswith("+"):
        return f"+{found}"
    return f"+{found[2:]}" if found.startswith("00") else found


def cut(text: str, longest: int) -> str:
    """Return the beginning of ``text``, at most ``longest`` code points, never ended inside a character.

    Accents, joiners, variation selectors and skin tones belong to the character before them.
    """
    if len(text) <= longest:
        return text
    end = longest
    while end and (_continues(text[end]) or text[end - 1] == _JOINER):
        end -= 1
    return text[: end or longest]


def cut_clean(text: str, longest: int) -> str:
    """Return ``text`` as :func:`clean` gives it, and no more of it than ``longest`` code points."""
    return clean(cut(clean(text), longest))


def counted(number: int, thing: str, things: str = "") -> str:
    """Return a number of things in words: 1 record, 2 records, 20,000 records; ``things`` where an s is not enough."""
    return f"{number:,} {thing if number == 1 else things or f'{thing}s'}"


def _continues(char: str) -> bool:
    return unicodedata.combining(char) > 0 or char in _CONTINUING or "\U0001f3fb" <= char <= "\U0001f3ff"


def first_line(text: str) -> tuple[str, str]:
    """Return the first line of ``text`` that is not empty, without white space around it, and what follows."""
    first, _, rest = one_line_end(text).lstrip().partition("\n")
    return first.rstrip(), rest


def one_line_end(text: str) -> str:
    """Return ``text`` with a line feed for every end of a line."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _ascii_domain(domain: str) -> str:
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain
