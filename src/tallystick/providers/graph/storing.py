"""Provide the storing of files in a draft: each is there as a whole once its last request was answered, or not at all.

======================================  =========================================================================
a file of less than                     goes in one request
:data:`MOST_AT_ONCE` bytes
a larger one                            in parts, to an address that the service gives for it, which takes no token
one of more than :data:`LARGEST_FILE`   is refused before anything is sent
======================================  =========================================================================

Only a draft is given files: those of a message that was sent are what went. No more than a part is held of a file, or
all of a small one. An upload that does not come to its end leaves nothing in the draft.
"""

from base64 import b64encode
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator
from typing import Final
from urllib.parse import urlsplit

import attrs

from tallystick.codecs.graph import outcome
from tallystick.codecs.graph.codec import Body
from tallystick.codecs.graph.values import flag, text
from tallystick.errors import InputError, MalformedAnswer
from tallystick.ports import Outcome, Status
from tallystick.providers.graph.asks import Answer, Ask, Asking, ask_one
from tallystick.providers.graph.reading import answered, is_gone
from tallystick.providers.http.addresses import is_private
from tallystick.providers.http.exchange import Request
from tallystick.records import Attachment, Message

Fetch = Callable[[Attachment], Iterable[bytes]]
AsyncFetch = Callable[[Attachment], AsyncIterable[bytes]]
MOST_AT_ONCE: Final = 3 * 1024 * 1024
"""From how many bytes on a file is not taken in one request."""
LARGEST_FILE: Final = 150 * 1024 * 1024
"""How many bytes a file has at most."""
PART: Final = 12 * 320 * 1024
"""How many bytes a part has, but for the last: a multiple of 320 KiB, and less than 4 MB."""
_FILE: Final = "#microsoft.graph.fileAttachment"
NOBODY_FETCHES: Final = Outcome[Message](Status.REFUSED, code="no_fetch")
TOO_LARGE: Final = Outcome[Message](Status.REFUSED, code="attachment_too_large")


def require_draft(path: str) -> Asking[Outcome[Message]]:
    """Return DONE where a message is a draft, GONE where it is none any more."""
    seen = yield from ask_one(Ask("GET", f"{path}?$select=isDraft"))
    if is_gone(seen) or (seen.fault is None and not flag(seen.body, "isDraft")):
        return Outcome(Status.GONE)
    answered(seen)
    return Outcome(Status.DONE)


def store(path: str, attachment: Attachment, content: bytes) -> Asking[Outcome[Message]]:
    """Store a small file in the draft at a path."""
    body: Body = {"@odata.type": _FILE, "name": attachment.name}
    if attachment.content_type:
        body["contentType"] = attachment.content_type
    body["contentBytes"] = b64encode(content).decode()
    return stored((yield from ask_one(Ask("POST", f"{path}/attachments", body))))


def begin_upload(path: str, attachment: Attachment) -> Asking[str | Outcome[Message]]:
    """Return the address that takes the parts of a large file, or why there is none."""
    told: Body = {"attachmentType": "file", "name": attachment.name, "size": attachment.size}
    if attachment.content_type:
        told["contentType"] = attachment.content_type
    ask = Ask("POST", f"{path}/attachments/createUploadSession", {"AttachmentItem": told})
    answer = yield from ask_one(ask)
    if answer.fault is not None:
        return outcome(answer.fault)
    url = text(answer.body, "uploadUrl")
    if not is_private(url) or "@" in urlsplit(url).netloc or not url.isprintable():
        raise MalformedAnswer(
            "no address that files can be sent to", where="uploadUrl", remedy="it is not as documented"
        )
    return url


def stored(answer: Answer) -> Outcome[Message]:
    """Return what became of a file."""
    return Outcome(Status.DONE) if answer.fault is None else outcome(answer.fault)


@attrs.frozen
class Part:
    """A part of a large file: where it begins, its bytes, and how many the file has in all."""

    start: int
    content: bytes = attrs.field(repr=False)
    size: int

    def request(self, url: str) -> Request:
        """Return the request that sends it; the address itself says what it is for, so that no token goes with it."""
        span = f"bytes {self.start}-{self.start + len(self.content) - 1}/{self.size}"
        headers = {"Content-Type": "application/octet-stream", "Content-Range": span}
        return Request("PUT", url, headers, self.content, writes=True)


def taken(part: Part, answer: Answer) -> Outcome[Message]:
    """Return what became of a part; UNKNOWN where the service goes on from elsewhere, or knows the upload no more."""
    if answer.fault is not None:
        found: Outcome[Message] = outcome(answer.fault)
        return Outcome(Status.UNKNOWN, code=found.code) if found.status is Status.GONE else found
    expected = answer.body.get("nextExpectedRanges")
    end = part.start + len(part.content)
    if isinstance(expected, list) and expected and (end == part.size or not str(expected[0]).startswith(f"{end}-")):
        return Outcome(Status.UNKNOWN, code="upload_broken_off")
    return Outcome(Status.DONE)


@attrs.define
class Parting:
    """The parting of a file of ``size`` bytes. Raises InputError unless it has as many; its last part comes last."""

    size: int
    start: int = 0
    held: bytearray = attrs.field(factory=bytearray, repr=False)

    def take(self, piece: bytes) -> Iterator[Part]:
        """Take in a piece, and yield the parts that are whole by then."""
        self.held += piece
        if self.start + len(self.held) > self.size:
            raise _other_size()
        while len(self.held) > PART:
            yield self._cut()

    def end(self) -> Part:
        """Return the last part."""
        if self.start + len(self.held) != self.size:
            raise _other_size()
        return self._cut()

    def _cut(self) -> Part:
        part = Part(self.start, bytes(self.held[:PART]), self.size)
        del self.held[:PART]
        self.start += len(part.content)
        return part


def parts(pieces: Iterable[bytes], size: int) -> Iterator[Part]:
    """Yield the parts of a large file. Raises InputError before the last one unless it has as many bytes as is said."""
    parting = Parting(size)
    for piece in pieces:
        yield from parting.take(piece)
    yield parting.end()


async def parts_async(pieces: AsyncIterable[bytes], size: int) -> AsyncIterator[Part]:
    """Yield the parts of a large file that is awaited, as :func:`parts` does."""
    parting = Parting(size)
    async for piece in pieces:
        for part in parting.take(piece):
            yield part
    yield parting.end()


def collected(pieces: Iterable[bytes], size: int) -> bytes:
    """Return the bytes of a small file. Raises InputError unless it has ``size`` of them, where that is not 0."""
    held = bytearray()
    for piece in pieces:
        _take(held, piece, size)
    return _whole(held, size)


async def collected_async(pieces: AsyncIterable[bytes], size: int) -> bytes:
    """Return the bytes of a small file that are awaited, as :func:`collected` does."""
    held = bytearray()
    async for piece in pieces:
        _take(held, piece, size)
    return _whole(held, size)


def _take(held: bytearray, piece: bytes, size: int) -> None:
    held += piece
    if len(held) > (size or MOST_AT_ONCE - 1):
        raise _other_size()


def _whole(held: bytearray, size: int) -> bytes:
    if size and len(held) != size:
        raise _other_size()
    return bytes(held)


def _other_size() -> InputError:
    return InputError("an attachment has another size than is said", where="attachment", remedy="tell how large it is")
