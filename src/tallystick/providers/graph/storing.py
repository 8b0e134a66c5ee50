"""Provide the storing of files in a draft: each by a request of its own, which stores it whole or not at all.

Only a draft is given files: those of a message that was sent are what went. A file of :data:`MOST_STORED` bytes or more
is refused before anything is sent, since the service takes none such in one request.
"""

from base64 import b64encode
from collections.abc import AsyncIterable, Callable, Iterable
from typing import Final

from tallystick.codecs.graph import outcome
from tallystick.codecs.graph.codec import Body
from tallystick.codecs.graph.values import flag
from tallystick.errors import OutcomeUnknown
from tallystick.ports import Outcome, Status
from tallystick.providers.graph.asks import Ask, Asking, ask_one
from tallystick.providers.graph.reading import answered, is_gone
from tallystick.records import Attachment, Message

Fetch = Callable[[Attachment], Iterable[bytes]]
AsyncFetch = Callable[[Attachment], AsyncIterable[bytes]]
MOST_STORED: Final = 3 * 1024 * 1024
"""From how many bytes on a file is not taken in one request."""
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
    """Store one file in the draft at a path. UNKNOWN where no answer came: the file is in it, or is not."""
    body: Body = {"@odata.type": "#microsoft.graph.fileAttachment", "name": attachment.name}
    if attachment.content_type:
        body["contentType"] = attachment.content_type
    body["contentBytes"] = b64encode(content).decode()
    try:
        answer = yield from ask_one(Ask("POST", f"{path}/attachments", body))
    except OutcomeUnknown:
        return Outcome(Status.UNKNOWN)
    return Outcome(Status.DONE) if answer.fault is None else outcome(answer.fault)


def collected(pieces: Iterable[bytes]) -> bytes | None:
    """Return the bytes of a file, None where they are too many; no more of them are held."""
    held = bytearray()
    for piece in pieces:
        held += piece
        if len(held) >= MOST_STORED:
            return None
    return bytes(held)


async def collected_async(pieces: AsyncIterable[bytes]) -> bytes | None:
    """Return the bytes of a file that are awaited, as :func:`collected` does."""
    held = bytearray()
    async for piece in pieces:
        held += piece
        if len(held) >= MOST_STORED:
            return None
    return bytes(held)
