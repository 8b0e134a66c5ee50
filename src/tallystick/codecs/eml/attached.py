"""Provide the parts of a raw message: its body, and what is attached to it."""

from binascii import Error as BadBase64
from collections.abc import Iterator
from email.message import Message
from typing import Final

from tallystick.codecs.eml.headers import decoded
from tallystick.codecs.eml.limits import LONGEST_HEADER, MOST_PARTS, parsed
from tallystick.errors import UnknownRecord
from tallystick.records import Attachment, BodyType

_TEXTS: Final = {"text/plain": BodyType.TEXT, "text/html": BodyType.HTML}


def body_and_attachments(message: Message) -> tuple[str, BodyType, tuple[Attachment, ...]]:
    """Return the body, what it is written in, and the attachments; of two forms of a body the HTML."""
    texts: dict[BodyType, Message] = {}
    attachments = []
    for number, part in enumerate(_parts(message)):
        kind = _kind(part)
        written = _TEXTS.get(kind)
        disposition = _lowered(part, "content-disposition").partition(";")[0].strip()
        if written and disposition != "attachment" and written not in texts and not _file_name(part):
            texts[written] = part
        else:
            inline = disposition == "inline" or bool(_lowered(part, "content-id"))
            size = len(_content(part))
            attachments.append(Attachment(str(number), _file_name(part), kind, size, is_inline=inline))
    written = BodyType.HTML if BodyType.HTML in texts else BodyType.TEXT
    body = _text(texts[written]) if written in texts else ""
    return body, written, tuple(attachments)


def attached_bytes(data: bytes, attachment: str, where: str) -> bytes:
    """Return the content of an attachment of a raw message. Raises UnknownRecord where there is none, InputError."""
    for number, part in enumerate(_parts(parsed(data, where))):
        if str(number) == attachment:
            return _content(part)
    raise UnknownRecord("there is no such attachment", where=where)


def _parts(message: Message) -> Iterator[Message]:
    """Yield the parts that hold something, in order; a message that is attached is one of them."""
    waiting: list[Message] = [message]
    seen = 0
    while waiting and seen < MOST_PARTS:
        part = waiting.pop()
        # Asked first: the payload of a single part is decoded when it is read, which may fail.
        if part.is_multipart() and _kind(part).startswith("multipart/"):
            waiting += reversed(_inner(part))
        else:
            seen += 1
            yield part


def _inner(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def _content(part: Message) -> bytes:
    try:
        if part.is_multipart():
            return b"".join(inner.as_bytes() for inner in _inner(part)[:1])
        found = part.get_payload(decode=True)
    except Exception:  # noqa: BLE001 -- writing a part anew fails in many ways where it is not as it should be
        return b""
    return found if isinstance(found, bytes) else b""


def _text(part: Message) -> str:
    content = _content(part)
    try:
        charset = part.get_content_charset() or "utf-8"
        text = content.decode(charset, "replace")
    except (LookupError, ValueError, BadBase64, TypeError, AttributeError):
        text = content.decode("utf-8", "replace")
    return text.replace("\r\n", "\n").encode("utf-8", "replace").decode("utf-8")


def _file_name(part: Message) -> str:
    try:
        name = part.get_filename("")
    except Exception:  # noqa: BLE001 -- as above: the parser of parameters fails in many ways
        return "attachment"
    return decoded(str(name or "")[:LONGEST_HEADER]).encode("utf-8", "replace").decode("utf-8")


def _kind(part: Message) -> str:
    try:
        return part.get_content_type()
    except Exception:  # noqa: BLE001 -- as above
        return "text/plain"


def _lowered(part: Message, name: str) -> str:
    try:
        return str(part.get(name) or "").lower()
    except Exception:  # noqa: BLE001 -- as above
        return ""
