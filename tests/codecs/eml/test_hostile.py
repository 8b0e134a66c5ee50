"""Whatever arrives as a raw message, the answer is a message or an InputError, soon, without a word of its content."""

import random
import time

import pytest

from tallystick.codecs.eml import attached_bytes, mbox_spans, read_message, unquoted
from tallystick.errors import InputError
from tallystick.mail import ancestors, message_key, split_body, thread_key, threads
from tallystick.mail.bodies import body_text, may_be_shown
from tallystick.records import Message
from tests.codecs.eml.test_reading import PLAIN, composed
from tests.fuzzing import fuzzed

MARK = "S3cretWord"
SLOWEST = 5.0
"""Seconds that one message may take on a busy machine; they take a few hundredths."""
SAMPLES = (PLAIN, composed(), b"From x\n" + PLAIN + b"\nFrom y\n" + PLAIN)
NAMES = (
    *("From", "To", "Cc", "Bcc", "Subject", "Date", "Message-ID", "References", "In-Reply-To", "Received"),
    *("Content-Type", "Content-Transfer-Encoding", "Content-Disposition", "Content-ID", "Thread-Index", "Keywords"),
    *("MIME-Version", "X-Unsent", "", " ", "\x00", "Content-Type "),
)
VALUES = (
    *(
        MARK,
        f"<{MARK}@x>",
        f"=?utf-8?q?{MARK}?=",
        "=?utf-8?b?///?=",
        "=?x?q?a?=",
        "=?utf-8?q?=ff?=",
        "=?=?=?",
        "<a@b> <c@d>",
    ),
    *(
        "a@b, c",
        '"a\\"b" <a@b>',
        "g: a@b;",
        "<",
        ">",
        "<>",
        "@",
        "a@[1.2.3",
        "(",
        "(((",
        "a" * 3000,
        "=?utf-8?q?" * 300,
    ),
    *(
        "multipart/mixed",
        'multipart/mixed; boundary="b"',
        "multipart/alternative; boundary=b",
        "message/rfc822",
        "text/html",
    ),
    *(
        "text/plain; charset=utf-16",
        "text/plain; charset=\x00",
        "text/plain; charset=idna",
        "text/plain; charset*=x''y",
        "image/",
    ),
    *(
        "base64",
        "quoted-printable",
        "uuencode",
        "8bit",
        "x-uue",
        "attachment; filename*0*=x'y'%41; filename*1=z",
        "inline",
    ),
    *(
        "attachment; filename=\xff",
        "Mon, 05 Jan 2026 09:00:00 +9999",
        "1 Jan 10000 00:00 +0000",
        "x; 5 Jan 1",
        "-",
        "\ud800",
        "",
    ),
)
BLANKS = ("", " ", "\t")
BODIES = (
    "--b",
    "--b--",
    "text",
    "=",
    "=FF",
    "begin 666 x\n!!!",
    "<p>" * 50,
    "<!--",
    "&#xD800;",
    "From x",
    "\x00",
    MARK,
    "",
)


def raw(rng: random.Random) -> bytes:
    """Return a message: a sample, damaged, or one of headers and lines that are nearly right."""
    if rng.random() < 0.4:
        data = bytearray(rng.choice(SAMPLES))
        for _ in range(rng.choice((0, 1, 3, 10))):
            at = rng.randrange(len(data))
            data[at : at + rng.choice((0, 1, 1, 20))] = rng.randbytes(rng.choice((0, 1, 3)))
        return bytes(data)
    lines: list[str] = []
    for _ in range(rng.randrange(1, 5)):
        many = rng.randrange(7)
        lines += [":".join((rng.choice(NAMES), rng.choice(BLANKS) + rng.choice(VALUES))) for _ in range(many)]
        lines += [rng.choice(("", " folded", "no header"))]
        lines += [rng.choice(BODIES) for _ in range(rng.randrange(6))]
    return rng.choice(("\n", "\r\n", "\r")).join(lines).encode("utf-8", "surrogatepass")


def read(data: bytes) -> tuple[list[Message], str]:
    """Return what is read of a message, and of a mailbox of messages, or what is said against it."""
    spans = [unquoted(data[start:end]) for start, end in mbox_spans(data)]
    try:
        return [read_message(one, where="it") for one in (data, *spans)], ""
    except InputError as error:
        return [], str(error)


def check(message: Message) -> None:
    """Assert that whatever is made of a message can be made of it."""
    text = body_text(message)
    text.encode()
    assert "".join(split_body(text, 7)) == text
    may_be_shown(message.body)
    assert " " not in message_key(message)
    assert message_key(message) not in ancestors(message) or not message.message_id
    thread_key(message)
    assert MARK not in repr(message)


def feed(seeds: range) -> int:
    """Read one message a seed; return how many were understood."""
    understood = 0
    for seed in seeds:
        data = raw(random.Random(seed))
        begun = time.monotonic()
        found, said = read(data)
        assert MARK not in said
        understood += not said
        for message in found:
            check(message)
        assert sum(map(len, threads(found))) == len(found)
        for one in found[0].attachments if found else ():
            assert len(attached_bytes(data, one.id, "it")) == one.size
        assert time.monotonic() - begun < SLOWEST
    return understood


def test_hostile_messages_are_understood_or_refused() -> None:
    """Nothing else comes of them, and what is refused is not repeated."""
    assert feed(range(400)) > 100


@pytest.mark.fuzz
def test_hostile_messages_for_longer(capsys: pytest.CaptureFixture[str]) -> None:
    """The same for half a minute, or as long as was asked for."""
    assert fuzzed(feed, "raw messages", capsys).understood
