"""Provide the reading of an answer's body, as far as JSON goes: capped before it is parsed, an object after.

A body comes from a service, or from whoever stands in for it. Its size is known before anything looks at it, and its
depth before a parser does; both are counted in C, since a listing has thousands of values. What is no JSON object is
refused with :class:`~tallystick.errors.MalformedAnswer`, and nothing of it is repeated in the message.
"""

import json
import re
from typing import Final, NoReturn, cast

from tallystick.errors import MalformedAnswer

LARGEST: Final = 64 * 1024 * 1024
"""How many bytes a body may have, unless the caller says otherwise."""
DEEPEST: Final = 32
"""How deeply objects and arrays may be nested; the service's own go to about ten."""

_NO_BRACKETS: Final = bytes(set(range(256)) - set(b"{}[]"))
_NEITHER: Final = bytes(set(_NO_BRACKETS) - set(b'"'))
_TEXT: Final = re.compile(rb'"[^"]*+"')
_REMEDY: Final = "ask again; if it comes back, look at what stands between the service and you"


def read_json(body: bytes | str, *, most: int = LARGEST) -> dict[str, object]:
    """Return the JSON object that a body holds. Raises MalformedAnswer."""
    if len(body) > most:
        raise MalformedAnswer(f"a body of more than {most:,} bytes", where="answer", remedy="ask for smaller pages")
    data = body if isinstance(body, bytes) else body.encode("utf-8", "replace")
    if _is_deeper(data, DEEPEST):
        raise MalformedAnswer(f"nested more than {DEEPEST} deep, or cut off", where="answer", remedy=_REMEDY)
    try:
        found = json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise MalformedAnswer("no JSON", where="answer", remedy=_REMEDY) from None
    if not isinstance(found, dict):
        raise MalformedAnswer("no JSON object", where="answer", remedy=_REMEDY)
    return cast("dict[str, object]", found)


def _is_deeper(data: bytes, deepest: int) -> bool:
    """Tell whether brackets are nested more deeply than this, or are no pairs.

    Only brackets are left of the text, and innermost pairs are taken out, once for each level that there may be. Where
    that leaves anything, it is done again without the brackets that stand within texts. A body made to mislead the
    first count meets the parser's own limit.
    """
    if _is_paired(data.translate(None, _NO_BRACKETS), deepest):
        return False
    plain = data.replace(b"\\\\", b"").replace(b'\\"', b"")
    return not _is_paired(_TEXT.sub(b"", plain.translate(None, _NEITHER)), deepest)


def _is_paired(left: bytes, deepest: int) -> bool:
    for _ in range(deepest):
        if not left:
            break
        left = left.replace(b"{}", b"").replace(b"[]", b"")
    return not left


def _refuse(_: str) -> NoReturn:
    raise ValueError
