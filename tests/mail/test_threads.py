"""Threads: by References, In-Reply-To, the conversation index, and the subject, in this order."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.mail import ancestors, thread_key, threads
from tallystick.mail.threads import MOST_ANCESTORS, bare_subject, conversation
from tallystick.records import Message

HEADER = b"\x01" + b"t" * 5 + b"g" * 16


def message(number: int, subject: str = "", **fields: object) -> Message:
    """Return a message with an id."""
    return Message(subject, message_id=f"<{number}@x>", **fields)  # type: ignore[arg-type]


def index(levels: int = 0, first: bytes = HEADER) -> str:
    """Return a conversation index, so many answers deep."""
    return b64encode(first + b"12345" * levels).decode()


def grouped(*messages: Message) -> list[list[str]]:
    """Return the numbers of messages by thread."""
    return [[one.message_id[1:-3] for one in group] for group in threads(messages)]


def test_references_come_before_the_rest() -> None:
    """The direct original first, the beginning of the thread last; the message itself is none."""
    one = message(3, references=("<1@x>", "<2@x>", "<3@x>"), in_reply_to=" <2@x> ")

    assert ancestors(one) == ("<2@x>", "<1@x>")
    assert thread_key(one) == "<1@x>"
    assert thread_key(message(2, in_reply_to="<1@x>")) == "<1@x>"
    assert thread_key(message(1)) == "<1@x>"
    assert thread_key(Message("Re: hello")) == "hello"


def test_messages_are_grouped_by_whom_they_answer() -> None:
    """Also through messages that are not there, and whatever their order."""
    assert grouped(
        message(3, references=("<1@x>", "<2@x>")), message(4, in_reply_to="<3@x>"), message(5), message(1)
    ) == [["3", "4", "1"], ["5"]]


def test_a_conversation_index_groups_what_says_nothing_else() -> None:
    """Its header is the same along a thread; what is none counts for nothing."""
    assert grouped(
        message(1, conversation_index=index()),
        message(2, conversation_index=index(2)),
        message(3, conversation_index=index(0, b"\x01" + b"u" * 21)),
    ) == [["1", "2"], ["3"]]
    assert conversation(message(1, conversation_index=index(3))) == HEADER.hex()
    for broken in ("", "!", b64encode(b"\x01short").decode(), b64encode(b"\x02" + b"x" * 21).decode(), "é"):
        assert conversation(message(1, conversation_index=broken)) == ""


def test_an_answer_that_says_nothing_goes_by_its_subject() -> None:
    """Two messages that merely are called the same are two threads."""
    assert grouped(message(1, "Hello"), message(2, "RE: AW: hello"), message(3, "Hello"), message(4, "Re: other")) == [
        ["1", "2"],
        ["3"],
        ["4"],
    ]
    assert bare_subject("Re[2]: Fwd:  Größe ") == bare_subject("größe")


def test_a_stranger_may_name_any_number_of_messages() -> None:
    """Of many references the first and the latest are looked at."""
    many = tuple(f"<{number}@y>" for number in range(5000))
    found = ancestors(message(1, references=many))

    assert len(found) == MOST_ANCESTORS
    assert (found[0], found[-1]) == ("<4999@y>", "<0@y>")


@pytest.mark.property
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=12))
def test_every_message_is_in_one_thread_with_what_it_answers(pairs: list[tuple[int, int]]) -> None:
    """Whatever the answers, circles included."""
    given_ = [message(number, in_reply_to=f"<{other}@x>") for number, other in pairs]
    groups = threads(given_)

    assert sorted(one.message_id for group in groups for one in group) == sorted(one.message_id for one in given_)
    place = {one.message_id: at for at, group in enumerate(groups) for one in group}
    assert all(place[one.message_id] == place.get(one.in_reply_to, place[one.message_id]) for one in given_)
