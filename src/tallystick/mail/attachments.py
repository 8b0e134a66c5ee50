"""Provide the limits of attachments, and the passing on of their bytes in pieces of a bounded size."""

from collections.abc import Iterable, Iterator, Sequence
from mimetypes import guess_extension
from typing import Final

import attrs

from tallystick.errors import InputError
from tallystick.records import Attachment

PIECE: Final = 256 * 1024
"""The largest piece of an attachment that is held at once, in bytes."""


@attrs.frozen
class AttachmentLimits:
    """Which attachments are taken: of at most ``most_bytes``, with one of the ``types``, which are endings of names.

    None for any. One that is as large as the limit is taken. ``inline`` takes pictures that the body shows, too.
    """

    most_bytes: int | None = None
    types: frozenset[str] | None = None
    inline: bool = True

    def takes(self, attachment: Attachment) -> bool:
        """Tell whether an attachment is within the limits."""
        if self.most_bytes is not None and attachment.size > self.most_bytes:
            return False
        return self.types is None or ending(attachment) in self.types

    def divided(self, attachments: Sequence[Attachment]) -> tuple[tuple[Attachment, ...], int]:
        """Return the attachments that are taken, and how many are left out because of a limit."""
        offered = [one for one in attachments if self.inline or not one.is_inline]
        taken = tuple(one for one in offered if self.takes(one))
        return taken, len(offered) - len(taken)


def ending(attachment: Attachment) -> str:
    """Return the ending of an attachment's name in small letters, without a dot; by its type where it has none."""
    _, dot, found = attachment.name.rpartition(".")
    if dot:
        return found.strip().lower()
    return (guess_extension(attachment.content_type.partition(";")[0].strip().lower()) or ".").removeprefix(".")


def streamed(pieces: Iterable[bytes], most_bytes: int) -> Iterator[bytes]:
    """Yield the bytes of an attachment in pieces of at most :data:`PIECE`; nothing else of it is held.

    Raises InputError once there are more than ``most_bytes``: a mailbox may show a size that is not true.
    """
    passed = 0
    for piece in pieces:
        passed += len(piece)
        if passed > most_bytes:
            raise InputError("an attachment has more bytes than it is said to have", remedy="leave it out")
        for start in range(0, len(piece), PIECE):
            yield piece[start : start + PIECE]
