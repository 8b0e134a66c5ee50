"""Provide mailboxes of many messages in one file: where each begins and ends, and what stands in it.

A message begins with a line that begins ``From ``, at the beginning of the file or after an empty line; such lines
within a message are quoted by a ``>`` in front.
"""

import re
from collections.abc import Iterator
from typing import Final

_BEGINS: Final = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\n]*\n")
_QUOTED: Final = re.compile(rb"^>(>*From )", re.MULTILINE)


def mbox_spans(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield where each message of a mailbox begins and ends, without the line that parts it from the one before."""
    begun = None
    for match in _BEGINS.finditer(data):
        if begun is not None:
            yield begun, match.start()
        begun = match.end()
    if begun is not None:
        yield begun, len(data)


def unquoted(message: bytes) -> bytes:
    """Return a message of a mailbox as it was before its lines were quoted."""
    return _QUOTED.sub(rb"\1", message)
