"""The view: identity, cursors, runs that take so many messages, and what it refuses."""

import pytest

from tallystick.errors import CursorExpired, UnknownRecord
from tallystick.mail import MailView, Selection, Subscriptions, message_key
from tallystick.mail.cursor import MailCursor
from tallystick.mail.identity import key_and_part, letter_id, search_term
from tallystick.ports import Remove, Scope, Status, Update
from tallystick.profiles import maximizer
from tallystick.providers.memory import Mailbox
from tallystick.records import Message
from tests.behaviour.mail_world import ADA, GRACE, MailWorld, entry


def test_a_message_is_known_by_its_id_without_white_space() -> None:
    """Case counts; one that is no id, or too long for one, is told by sender, time, subject and body."""
    assert message_key(Message(message_id=" <A@x>\r\n ")) == "<A@x>"
    assert message_key(Message(message_id="<a@x>")) != message_key(Message(message_id="<A@x>"))
    made = {
        message_key(Message(subject, message_id=given)) for subject in "ab" for given in ("", "<" + "x" * 300, "~~")
    }
    assert len(made) == 6
    assert search_term(message_key(Message("no time"))) is None
    assert key_and_part(letter_id("<a@x>", 3)) == ("<a@x>", 3)
    assert key_and_part(letter_id("<a@x>", 1)) == ("<a@x>", 1)


@pytest.mark.parametrize("text", ["", "[]", "nonsense", "[1,5,[null],0]", '[2,0,["a"],0]', "[1,0,[null,null],0]"])
def test_a_cursor_of_anything_else_has_expired(text: str) -> None:
    """Then the mailboxes are listed in full."""
    with pytest.raises(CursorExpired):
        MailCursor.read(text, 1)


def test_a_run_takes_so_many_messages_and_the_next_goes_on() -> None:
    """Nothing is left out, and nothing is saved twice, also where the mailbox is read anew."""
    world = MailWorld()
    subscriptions = Subscriptions().on(entry("e1"), [GRACE], world.now())
    for number in range(35):
        world.receive(subject=str(number))
    profile = maximizer.mail(ADA, subscriptions, maximizer.MailSettings(most_per_run=10))
    counts = []
    for _ in range(4):
        world.run(profile)
        counts.append(world.created())
    assert counts == [10, 20, 30, 35]

    world.receive(subject="last")
    world.mail.expire_cursors()
    for _ in range(5):
        world.run(profile)
    assert world.created() == 36


def test_messages_are_neither_changed_nor_deleted() -> None:
    """A view is read-only, but for drafts."""
    view = MailView([Mailbox()], Selection((ADA,), ()))

    assert [one.status for one in view.update([Update("x", None, {})], Scope())] == [Status.REFUSED]
    assert [one.status for one in view.remove([Remove("x", None)], Scope())] == [Status.REFUSED]
    assert view.scopes() == ()


def test_a_message_that_is_not_there_has_no_verdict() -> None:
    """And one that no rule answers for is not saved."""
    mailbox = Mailbox()
    view = MailView([mailbox], Selection((ADA,), ()))
    mailbox.insert(Message(message_id="<1@x>"))

    assert view.verdict("<1@x>").text() == "skip (no rule saves it)"
    with pytest.raises(UnknownRecord):
        view.verdict("<2@x>")


def test_a_plan_saves_nothing_and_is_applied_as_it_is() -> None:
    """Planning marks and sends nothing; what was planned is saved."""
    world = MailWorld()
    world.profile = maximizer.mail(ADA, Subscriptions().on(entry("e1"), [GRACE], world.now()))
    world.receive(subject="hello")
    sync = world.sync()
    plan = sync.plan()
    assert world.saved() == []

    assert sync.apply(plan).report.written() == 1
    assert world.subjects() == ["hello"]
