"""Raw messages are read as a mailbox shows them."""

import base64
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from tallystick.codecs.eml import attached_bytes, mbox_spans, read_message, unquoted
from tallystick.codecs.eml.limits import MOST_BOUNDARIES, MOST_HEADER_BYTES
from tallystick.errors import InputError, UnknownRecord
from tallystick.records import DRAFTS, JUNK_EMAIL, BodyType, EmailAddress
from tallystick.recurrence import Instant

PLAIN = b"""Received: from a by b; Mon, 05 Jan 2026 10:00:05 +0100
From: =?utf-8?q?Gr=C3=A4ce=2C_H=2E?= <grace@example.com>
To: "Ada, L." <ada@example.com>, alan@example.com
Cc: undisclosed-recipients:;
Subject: =?utf-8?b?R3LDvMOfZQ==?=
 folded
Date: Mon, 05 Jan 2026 09:00:00 +0000
Message-ID: <1@mail.example>
In-Reply-To: <0@mail.example>
References: <root@mail.example>
 <0@mail.example>
Keywords: CRM, Blue
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

=E9t=E9
"""


def composed() -> bytes:
    """Return a message with a body in two forms, a picture and two files."""
    message = EmailMessage()
    message["From"], message["Subject"] = "grace@example.com", "files"
    message.set_content("plain")
    message.add_alternative("<p>rich</p>", subtype="html")
    message.get_payload()[1].add_related(b"png", "image", "png", cid="<p1>")  # type: ignore[index, union-attr]
    message.add_attachment(b"x" * 1000, maintype="application", subtype="pdf", filename="Größe.pdf")
    inner = EmailMessage()
    inner["Subject"] = "inner"
    inner.set_content("within")
    message.add_attachment(inner)
    return bytes(message)


def test_headers_and_body_are_read() -> None:
    """Encoded words, folded lines, quoted names with commas, ids, times and categories."""
    message = read_message(PLAIN)

    assert message.subject == "Grüße folded"
    assert message.sender == EmailAddress("grace@example.com", "Gräce, H.")
    assert message.to == (EmailAddress("ada@example.com", "Ada, L."), EmailAddress("alan@example.com"))
    assert message.cc == ()
    assert (message.body, message.body_type) == ("été\n", BodyType.TEXT)
    assert message.sent == Instant(datetime(2026, 1, 5, 9, tzinfo=UTC))
    assert message.received == Instant(datetime(2026, 1, 5, 9, 0, 5, tzinfo=UTC))
    assert (message.message_id, message.in_reply_to) == ("<1@mail.example>", "<0@mail.example>")
    assert message.references == ("<root@mail.example>", "<0@mail.example>")
    assert (message.categories, message.size, message.is_draft) == (("CRM", "Blue"), len(PLAIN), False)


def test_parts_and_attachments_are_read() -> None:
    """The HTML is the body; plain text beside it, pictures, files and messages are attachments, with their sizes."""
    data = composed()
    message = read_message(data, folder=JUNK_EMAIL)

    assert (message.body.strip(), message.body_type, message.folder) == ("<p>rich</p>", BodyType.HTML, JUNK_EMAIL)
    sizes = {one.name or one.content_type: one.size for one in message.attachments}
    assert sizes.keys() == {"image/png", "Größe.pdf", "message/rfc822"}
    assert (sizes["image/png"], sizes["Größe.pdf"]) == (3, 1000)
    assert [one.is_inline for one in message.attachments] == [True, False, False]
    (pdf,) = (one for one in message.attachments if one.name)
    assert attached_bytes(data, pdf.id, "it") == b"x" * 1000
    with pytest.raises(UnknownRecord):
        attached_bytes(data, "99", "it")


@pytest.mark.parametrize(
    ("header", "date"),
    [
        ("Date: Mon, 05 Jan 2026 09:00:00 -0000", True),
        ("Date: 31 Feb 2026 00:00 +0000", False),
        ("Date: 5 Jan 2026 00:00 +9999", False),
    ],
)
def test_a_date_that_is_none_is_no_date(header: str, date: bool) -> None:
    """And one without a zone is UTC's."""
    message = read_message(f"{header}\n\nx".encode())

    assert message.sent == (Instant(datetime(2026, 1, 5, 9, tzinfo=UTC)) if date else None)


@pytest.mark.parametrize("folder", [DRAFTS, "inbox"])
def test_drafts_are_told_by_folder_or_header(folder: str) -> None:
    """As mail programs save what is not sent yet."""
    head = b"" if folder == DRAFTS else b"X-Unsent: 1\n"
    assert read_message(head + b"Subject: x\n\ny", folder=folder).is_draft


def test_text_in_an_unknown_encoding_is_read_as_well_as_can_be() -> None:
    """No character is half of one afterwards."""
    odd = b"Subject: \xff=?x-none?q?a?= \xed\xa0\x80\nContent-Type: text/plain; charset=x-none\n\n\xff\xfeab"
    message = read_message(odd)

    assert message.body.endswith("ab")
    (message.subject + message.body).encode()


def test_bombs_are_refused() -> None:
    """Parts within parts beyond a limit, and headers without end, are an InputError that shows nothing of them."""
    nested = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (depth, depth)
        for depth in range(MOST_BOUNDARIES + 1)
    )
    letters = b"Content-Type: message/rfc822\n\n" * (MOST_BOUNDARIES + 1)
    endless = b"X-Secret: " + b"a" * MOST_HEADER_BYTES + b"\n"
    for bomb in (nested, letters, endless):
        with pytest.raises(InputError) as caught:
            read_message(bomb, where="bomb.eml")
        assert "Secret" not in str(caught.value)


def test_a_part_that_is_not_what_it_says_is_empty() -> None:
    """Base64 that is none costs nothing but the part."""
    data = b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n" + base64.b64encode(b"ok") + b"\n"
    assert read_message(data).body == "ok"
    read_message(data.replace(b"b2s=", b"!!!!"))


def test_a_mailbox_file_is_taken_apart() -> None:
    """At lines that begin so after an empty line; those within messages are quoted."""
    data = b"From a Mon\nSubject: one\n\nFrom\n>From here\n\nFrom b Mon\nSubject: two\n\nbody\nFrom the middle\n"
    parts = [unquoted(data[start:end]) for start, end in mbox_spans(data)]

    assert [read_message(one).subject for one in parts] == ["one", "two"]
    assert read_message(parts[0]).body == "From\nFrom here\n\n"
    assert list(mbox_spans(b"no mailbox")) == []
