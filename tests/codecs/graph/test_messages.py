"""Messages are read with who they are between, what they answer, and what is attached to them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tallystick.codecs.graph import ATTACHMENTS, MAIL_FOLDERS, MESSAGES, differences, graph_converter, read_page
from tallystick.codecs.graph.messages import SIZE
from tallystick.errors import InputError, MalformedAnswer
from tallystick.records import Attachment, BodyType, EmailAddress, MailFolder, Message
from tallystick.recurrence import Instant

ADA, BOB = EmailAddress("ada@example.com", "Ada"), EmailAddress("bob@example.com")


def recipient(email: EmailAddress) -> dict[str, Any]:
    """Return a recipient as the service has one."""
    return {"emailAddress": {"name": email.name or email.address, "address": email.address}}


ANSWER: dict[str, Any] = {
    "@odata.type": "#microsoft.graph.eventMessageRequest",
    "@odata.etag": 'W/"a"',
    "id": "m1",
    "subject": "Re: Review",
    "body": {"contentType": "HTML", "content": "<p>Yes</p>"},
    "from": {"emailAddress": {"name": "Ada", "address": "ada@example.com"}},
    "sender": recipient(BOB),
    "toRecipients": [recipient(BOB), {"emailAddress": {}}],
    "ccRecipients": [],
    "bccRecipients": None,
    "sentDateTime": "2026-03-02T09:00:00Z",
    "receivedDateTime": "2026-03-02T09:00:05.1234567Z",
    "internetMessageId": "<m1@example.com>",
    "internetMessageHeaders": [
        {"name": "In-Reply-To", "value": "<m0@example.com> (a note)"},
        {"name": "REFERENCES", "value": "<a@example.com>\r\n <m0@example.com>"},
        {"name": "references", "value": "<later@example.com>"},
    ],
    "conversationId": "c",
    "conversationIndex": "AQHZ",
    "parentFolderId": "f1",
    "categories": ["Clients"],
    "isDraft": False,
    "isRead": True,
    "attachments": [
        {
            "@odata.type": "#microsoft.graph.fileAttachment",
            "id": "a1",
            "name": "plan.pdf",
            "size": 12,
            "contentBytes": "QQ==",
        }
    ],
    "singleValueExtendedProperties": [{"id": "integer 0xe08", "value": "2048"}],
}


def test_a_message_is_read() -> None:
    """All that a message says is in the record; what it lacks is nothing."""
    message = MESSAGES.read(ANSWER)

    assert message == Message(
        "Re: Review",
        "<p>Yes</p>",
        BodyType.HTML,
        sender=ADA,
        to=(EmailAddress("bob@example.com", "bob@example.com"),),
        sent=Instant(datetime(2026, 3, 2, 9, tzinfo=UTC)),
        received=Instant(datetime(2026, 3, 2, 9, 0, 5, 123456, tzinfo=UTC)),
        message_id="<m1@example.com>",
        in_reply_to="<m0@example.com>",
        references=("<a@example.com>", "<m0@example.com>"),
        conversation_id="c",
        conversation_index="AQHZ",
        folder="f1",
        categories=("Clients",),
        is_read=True,
        attachments=(Attachment("a1", "plan.pdf", size=12),),
        size=2048,
    )
    assert MESSAGES.read({"id": "m2"}) == Message(folder="")


def test_a_message_comes_back() -> None:
    """Written again, a message says the same, in the documented spelling."""
    written = MESSAGES.encode(MESSAGES.read(ANSWER), ANSWER)

    assert MESSAGES.read(written) == MESSAGES.read(ANSWER)
    assert {kind for _, kind in differences(ANSWER, written) if kind is None} == set()


def test_a_draft_is_made_and_a_message_is_marked() -> None:
    """A create says what is there; a patch what changed; what the service sets is refused."""
    message = Message("Hello", "Yes", to=(ADA, BOB))

    assert MESSAGES.create(message) == {
        "subject": "Hello",
        "body": {"contentType": "text", "content": "Yes"},
        "toRecipients": [
            {"emailAddress": {"address": "ada@example.com", "name": "Ada"}},
            {"emailAddress": {"address": "bob@example.com"}},
        ],
        "isRead": False,
    }
    assert MESSAGES.patch(message, {"is_read": True, "categories": ()}) == {"isRead": True, "categories": []}
    for field in ("received", "folder", "attachments", "sender"):
        with pytest.raises(InputError):
            MESSAGES.patch(message, {field: None})


def test_a_page_of_messages() -> None:
    """Messages come in pages as everything else does; folders and attachments are read on their own, too."""
    page = read_page(MESSAGES, {"value": [ANSWER, {"id": "m2", "@removed": {"reason": "deleted"}}]})

    assert [item.id for item in page.items] == ["m1"]
    assert list(page.removed) == ["m2"]
    assert MAIL_FOLDERS.read({"id": "f1", "displayName": "Posteingang"}) == MailFolder("f1", "Posteingang")
    assert MAIL_FOLDERS.patch(MailFolder("f1"), {"title": "Inbox"}) == {"displayName": "Inbox"}
    assert ATTACHMENTS.read({"id": "a", "isInline": True, "size": None}) == Attachment("a", is_inline=True)
    assert graph_converter().structure(ANSWER, Message) == MESSAGES.read(ANSWER)
    assert SIZE == "Integer 0xE08"


@pytest.mark.parametrize(
    "wrong",
    [
        {"from": "ada@example.com"},
        {"toRecipients": [5]},
        {"toRecipients": [recipient(ADA)] * 5_001},
        {"internetMessageHeaders": [{"name": "a", "value": "b"}] * 2_001},
        {"internetMessageHeaders": [{"name": 1}]},
        {"receivedDateTime": "yesterday"},
        {"attachments": [{"size": "12"}]},
        {"singleValueExtendedProperties": [{"id": 5}]},
    ],
    ids=lambda wrong: f"{next(iter(wrong))}-{len(str(wrong))}",
)
def test_a_message_that_is_none_is_refused(wrong: dict[str, Any]) -> None:
    """A value of another type, or too many of them, is refused, and named by its message and key."""
    with pytest.raises(MalformedAnswer) as caught:
        MESSAGES.read({"id": "m1", **wrong})

    assert caught.value.where.startswith("message m1, ")
    assert "ada" not in str(caught.value)


def test_what_a_sent_message_answers_is_in_its_properties() -> None:
    """A message without headers says it in extended properties; where it has both, the headers count."""
    properties = [
        {"id": "String 0x1042", "value": "<m0@example.com>"},
        {"id": "string 0x1039", "value": "<a@example.com> <m0@example.com>"},
    ]
    sent = MESSAGES.read({"id": "m3", "singleValueExtendedProperties": properties})
    both = MESSAGES.read({**ANSWER, "singleValueExtendedProperties": [{"id": "String 0x1042", "value": "<x@y>"}]})

    assert (sent.in_reply_to, sent.references) == ("<m0@example.com>", ("<a@example.com>", "<m0@example.com>"))
    assert both.in_reply_to == "<m0@example.com>"
    assert MAIL_FOLDERS.read({"id": "f2", "displayName": "x", "parentFolderId": "f1"}).parent == "f1"
