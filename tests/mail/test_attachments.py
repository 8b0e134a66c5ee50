"""Attachments: limits by size and kind, and bytes in pieces of a bounded size."""

import tracemalloc
from collections.abc import Iterator

import pytest

from tallystick.errors import InputError, UnknownRecord, UsageError
from tallystick.mail import AttachmentLimits, MailView, Selection, streamed
from tallystick.mail.attachments import PIECE
from tallystick.providers.memory import Mailbox
from tallystick.records import Attachment, Message

MB = 1024 * 1024


def test_attachments_are_told_by_their_ending_and_size() -> None:
    """By their type where the name has no ending; one as large as the limit is taken."""
    limits = AttachmentLimits(10, frozenset(("pdf", "png")), inline=False)
    given = (
        Attachment("1", "a.PDF", size=10),
        Attachment("2", "a.pdf", size=11),
        Attachment("3", "a.pdf.exe"),
        Attachment("4", "scan", "image/png; x=y"),
        Attachment("5", "", ""),
        Attachment("6", "logo.png", is_inline=True),
    )
    taken, left_out = limits.divided(given)

    assert [one.id for one in taken] == ["1", "4"]
    assert left_out == 3
    assert AttachmentLimits().divided(given) == (given, 0)


def test_no_more_than_a_piece_is_held_at_once() -> None:
    """64 MB pass in pieces, whatever sizes the mailbox gives them in."""

    def pieces() -> Iterator[bytes]:
        for size in (10, MB, 2 * MB, 3) * 21:
            yield b"x" * size

    passed = largest = 0
    tracemalloc.start()
    for piece in streamed(pieces(), 64 * MB):
        passed += len(piece)
        largest = max(largest, len(piece))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert passed == 21 * (3 * MB + 13)
    assert largest == PIECE
    assert peak < 6 * MB


def test_more_bytes_than_were_said_are_refused() -> None:
    """A mailbox may show a size that is not true."""
    with pytest.raises(InputError):
        list(streamed([b"12345", b"6"], 5))


def test_a_view_reads_attachments_from_where_their_message_lies_now() -> None:
    """Also after it moved; where it is gone, that is an error."""
    mailbox = Mailbox()
    id_ = mailbox.insert(Message(message_id="<1@x>"))
    attachment = Attachment(mailbox.attach(id_, "a.txt", b"hello"), size=5, source="<1@x>")
    view = MailView([mailbox], Selection(("ada@example.com",), ()))
    moved = mailbox.move_to(id_, "archive")

    assert b"".join(view.open_attachment(attachment)) == b"hello"
    mailbox.delete(moved)
    with pytest.raises(UnknownRecord):
        next(view.open_attachment(attachment))
    with pytest.raises(UsageError):
        MailView([], Selection((), ()))
