"""Provide the reading of an answer's body within bounds: of size, unpacked or not, and of time as a whole."""

import zlib
from collections.abc import Callable
from time import monotonic

import attrs

from tallystick.errors import MalformedAnswer

_GZIP = zlib.MAX_WBITS | 16


@attrs.frozen
class Limits:
    """What one answer may cost: ``size`` in bytes as unpacked, ``seconds`` from the request to the answer's end.

    ``silence`` is how many seconds may pass without a byte.
    """

    size: int = 64 * 1024 * 1024
    seconds: float = 90.0
    silence: float = 30.0


USUAL_LIMITS = Limits()


class TooLarge(MalformedAnswer):
    """An answer that is larger than the limit: a smaller part of it may be had."""


class Body:
    """A body that is being read, part by part; ``encoding`` is its Content-Encoding, ``end`` when its time is over.

    A few kilobytes of gzip can stand for gigabytes, so it is unpacked no further than there is room.
    """

    def __init__(self, encoding: str, limits: Limits, end: float, now: Callable[[], float] = monotonic) -> None:
        if encoding.strip().lower() not in ("", "identity", "gzip", "x-gzip"):
            raise MalformedAnswer("an answer that is packed in a way that was not asked for")
        packed = encoding.strip().lower() not in ("", "identity")
        self._unpacking = zlib.decompressobj(_GZIP) if packed else None
        self._begun = False
        self._room = limits.size
        self._limits = limits
        self._now = now
        self._end = end

    def take(self, part: bytes) -> bytes:
        """Return the next part, unpacked.

        Raises TooLarge, and MalformedAnswer where it takes too long or can't be unpacked.
        """
        if self._now() > self._end:
            raise MalformedAnswer("a body that does not come to its end")
        self._begun = True
        if self._unpacking is not None:
            try:
                part = self._unpacking.decompress(part, self._room + 1)
            except zlib.error:
                raise MalformedAnswer("an answer that can't be unpacked") from None
        self._room -= len(part)
        if self._room < 0:
            raise TooLarge(f"an answer of more than {self._limits.size:,} bytes")
        return part

    def ended(self) -> None:
        """Take in that nothing follows. Raises MalformedAnswer where a packed body breaks off."""
        if self._unpacking is not None and self._begun and not self._unpacking.eof:
            raise MalformedAnswer("an answer that breaks off")
