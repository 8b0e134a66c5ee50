"""HighLevel's two-way e-mail: threads begun in the CRM, the connected address, attachments, and sending once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NoReturn

import attrs
import pytest

from tallystick.errors import AuthenticationRequired, SettingsError, Unavailable, UsageError
from tallystick.mail import Sending
from tallystick.ports import Outcome, RunState, Status
from tallystick.profiles import highlevel
from tallystick.profiles.highlevel import Connection, sender_of
from tallystick.providers.memory import FakeOutlook
from tallystick.records import DRAFTS, SENT_ITEMS, Activity, Attachment, Entry, Message, Origin
from tallystick.recurrence import Instant
from tests.behaviour.mail_world import ADA, GRACE, MailWorld, address

MB = 1024 * 1024


class HighLevelWorld(MailWorld):
    """A world whose user has connected the mailbox an hour ago, and in which Grace is a contact."""

    def __init__(self) -> None:
        super().__init__()
        self.crm.entries.insert(Entry(first_name="Grace", last_name="Hopper", emails=(GRACE,)))
        self.connect()
        self.pass_time()

    def connect(self, to: str = ADA, since: datetime | None = None, **how: Any) -> None:  # noqa: ANN401 -- the profile's
        """Connect a mailbox, from now on unless told otherwise."""
        self.profile = highlevel.mail(Connection(to, since or self.now()), **how)

    def disconnect(self) -> None:
        """Disconnect the mailbox."""
        self.profile = highlevel.mail(None)

    def write(self, subject: str = "hello", **fields: Any) -> str:  # noqa: ANN401 -- an activity's
        """Let the user write to Grace in the CRM."""
        self.clock.advance(1)
        fields.setdefault("origin", Origin.INDIVIDUAL)
        fields.setdefault("to", (GRACE,))
        return self.activities.insert(Activity(subject, at=Instant(self.now()), **fields))

    def in_mailbox(self, subject: str = "hello") -> str:
        """Return the id of the one message with a subject."""
        (found,) = [one for one, message in self.mail.all().items() if message.subject == subject]
        return found

    def begun(self) -> str:
        """Begin a thread in the CRM, run, and return the message id of its first message."""
        self.write()
        self.run()
        return self.key(self.in_mailbox())


@pytest.mark.behaviour("HL-01")
def test_a_message_that_is_written_in_the_crm_is_sent_by_the_mailbox() -> None:
    """It lies in Sent Items, and nothing of it is left among the drafts."""
    world = HighLevelWorld()
    world.write(body="Dear Grace,\nhello", cc=("alan@example.com",))
    run = world.run()

    message = world.mail.record(world.in_mailbox())
    assert (message.folder, message.body, message.is_draft) == (SENT_ITEMS, "Dear Grace,\nhello", False)
    assert [one.address for one in (*message.to, *message.cc)] == [GRACE, "alan@example.com"]
    assert run.sending.sent == (message.message_id,) == tuple(world.mail.sent)
    assert run.report.notes == (), "nothing of it is left behind"
    world.settle()
    assert len(world.mail.sent) == 1


@pytest.mark.behaviour("HL-01")
def test_later_messages_of_its_thread_go_both_ways() -> None:
    """Answers, what the user sends from the mailbox and what from the CRM are on both sides, once each."""
    world = HighLevelWorld()
    root = world.begun()
    reply = world.receive(subject="Re: hello", in_reply_to=root, references=(root,))
    own = world.send(subject="Re: hello again", in_reply_to=world.key(reply), references=(root, world.key(reply)))
    world.run()
    world.write("from the CRM", in_reply_to=world.key(own), references=(root,))
    assert world.run().report.notes == ()
    last = world.receive(subject="last", in_reply_to=world.key(world.in_mailbox("from the CRM")))
    world.run()

    assert world.subjects() == ["hello", "Re: hello", "Re: hello again", "from the CRM", "last"]
    assert [one.inbound for one in world.saved()] == [False, True, False, False, True]
    assert [len(one.relations) for one in world.saved()[1:3]] == [1, 1]
    assert len(world.mail) == 5
    assert world.why(last) == "thread_of_the_crm"
    world.settle()


@pytest.mark.behaviour("HL-01")
def test_a_thread_is_followed_by_message_ids_and_not_by_its_subject() -> None:
    """The same subject is no answer, and an answer may be called anything."""
    world = HighLevelWorld()
    root = world.begun()
    same = world.receive(subject="Re: hello")
    world.receive(subject="something else", references=("<unknown@x>", root))
    world.run()

    assert world.subjects() == ["hello", "something else"]
    assert world.why(same) == "thread_begun_in_the_mailbox"


@pytest.mark.behaviour("HL-01", "HL-08")
@pytest.mark.parametrize("connects_anew", [False, True])
def test_a_thread_is_followed_also_where_its_messages_went_from_the_mailbox(connects_anew: bool) -> None:
    """When it was begun is known to the CRM: whoever tidies Sent Items away still gets the answers there."""
    world = HighLevelWorld()
    root = world.begun()
    if connects_anew:
        world.pass_time()
        world.connect()
    world.mail.delete(world.in_mailbox())
    world.run()
    answer = world.receive(subject="answer", in_reply_to=root)
    world.run()

    assert world.subjects() == ["hello", *([] if connects_anew else ["answer"])]
    assert world.why(answer) == ("thread_begun_before_the_connection" if connects_anew else "thread_of_the_crm")
    world.settle()


@pytest.mark.behaviour("HL-02")
def test_a_thread_that_was_begun_in_the_mailbox_is_not_synced() -> None:
    """Neither its first message nor the answers, also where a contact takes part."""
    world = HighLevelWorld()
    first = world.send(subject="mine")
    answer = world.receive(subject="answer", in_reply_to=world.key(first))
    world.run()

    assert world.saved() == []
    assert world.why(first) == world.why(answer) == "thread_begun_in_the_mailbox"
    world.settle()


@pytest.mark.behaviour("HL-03")
def test_after_a_change_of_the_address_new_messages_follow_the_new_one() -> None:
    """They are sent by the new mailbox; what comes to the old address is synced no more, also in the same thread."""
    world = HighLevelWorld()
    root = world.begun()
    new = FakeOutlook("new", clock=world.clock).mail
    world.pass_time()
    world.connect("ada@new.example")
    old = world.receive(subject="to the old one", in_reply_to=root)
    message = attrs.evolve(world.mail.record(old), message_id="<copy@x>", subject="forwarded")
    new.insert(message)
    world.write("from the new one", in_reply_to=root)
    world.run(mailboxes=(new,))

    assert [one.subject for one in new.all().values() if one.folder == SENT_ITEMS] == ["from the new one"]
    assert world.subjects() == ["hello", "from the new one"]
    assert world.mail.sent == [root]

    sent = new.sent[0]
    new.insert(attrs.evolve(message, to=(address("ada@new.example"),), message_id="<1@new>", in_reply_to=sent))
    world.run(mailboxes=(new,))
    assert world.subjects() == ["hello", "from the new one", "forwarded"]


@pytest.mark.behaviour("HL-04")
def test_disconnecting_stops_all_syncing() -> None:
    """Threads under way and new messages stay where they are, also after a new beginning of the connection."""
    world = HighLevelWorld()
    root = world.begun()
    world.disconnect()
    answer = world.receive(subject="answer", in_reply_to=root)
    world.write("unsent")
    world.run()

    assert world.subjects() == ["hello", "unsent"]
    assert world.mail.sent == [root]
    assert world.why(answer) == "disconnected"
    world.pass_time()
    world.connect()
    world.run()
    assert world.subjects() == ["hello", "unsent"]
    assert world.mail.sent == [root]


@pytest.mark.behaviour("HL-04", "HL-08")
@pytest.mark.parametrize("again", [False, True])
def test_a_draft_that_waits_is_not_sent_after_disconnecting(again: bool) -> None:
    """Nor once a mailbox is connected again: then it is named, and a person's to send or delete."""
    world = HighLevelWorld()
    world.write()
    world.mail.faults.throttle(method="send")
    (key,) = world.run().sending.waiting
    world.disconnect()
    calls = world.mail.calls["search"]
    assert world.run().sending == Sending()
    assert world.mail.calls["search"] == calls, "a mailbox that is disconnected is not even asked"
    if again:
        world.pass_time()
        world.connect()
        assert [world.run().sending for _ in range(2)] == [Sending(left=(key,))] * 2

    assert world.mail.sent == []
    assert world.mail.record(world.in_mailbox()).is_draft


@pytest.mark.behaviour("HL-09")
def test_a_draft_whose_message_went_from_the_crm_is_not_sent() -> None:
    """Deleted there before it was sent, it is a person's to send or delete."""
    world = HighLevelWorld()
    world.write()
    world.mail.faults.throttle(method="send")
    (key,) = world.run().sending.waiting
    world.activities.delete(world.activities.ids()[0])

    assert world.run().sending.left == (key,)
    assert world.mail.sent == []


@pytest.mark.behaviour("HL-09")
def test_where_the_crm_does_not_answer_drafts_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """The run is done and says why nothing was sent; the next one sends."""
    world = HighLevelWorld()
    world.write()
    world.mail.faults.throttle(method="send")
    world.run()

    def down(ids: object, scope: object) -> NoReturn:
        raise Unavailable("the CRM is down")

    with monkeypatch.context() as patch:
        patch.setattr(world.activities, "get", down)
        run = world.run()
    assert run.report.state is RunState.COMPLETE
    assert "the CRM is down" in run.sending.note
    assert len(world.run().sending.sent) == 1


@pytest.mark.behaviour("HL-05")
def test_attachments_of_some_kinds_and_up_to_3_mb_are_synced() -> None:
    """Others are left out and reported, and the message is synced for all that."""
    world = HighLevelWorld()
    id_ = world.receive(subject="files", in_reply_to=world.begun())
    for ending in ["JPG", "jpeg", "png", "mp4", "mpeg", "zip", "rar", "pdf", "doc", "docx", "txt"]:
        world.mail.attach(id_, f"file.{ending}", b"x")
    world.mail.attach(id_, "most.pdf", b"x" * (3 * MB))
    world.mail.attach(id_, "more.pdf", b"x" * (3 * MB + 1))
    world.mail.attach(id_, "program.exe", b"x")
    world.mail.attach(id_, "unnamed", b"x", "application/pdf")
    run = world.run()

    saved = world.saved()[-1]
    assert len(saved.attachments) == 13
    assert {one.name for one in saved.attachments} & {"more.pdf", "program.exe"} == set()
    assert [note.rule for note in run.report.notes] == ["attachments"]
    world.settle()


FILES = (
    Attachment("f1", "offer.pdf", "application/pdf", 3 * MB),
    Attachment("f2", "film.mp4", "video/mp4", 3 * MB + 1),
    Attachment("f3", "program.exe", "application/octet-stream", 1),
)


@pytest.mark.behaviour("HL-05")
def test_attachments_of_what_is_written_in_the_crm_are_sent_with_it() -> None:
    """Of the same kinds and sizes; others are left out and reported, and the message is sent for all that."""
    world = HighLevelWorld()
    world.mail.fetch = lambda file: [file.id.encode(), b"!"]
    world.write("files", attachments=FILES)
    world.write("none")
    run = world.run()

    sent = world.in_mailbox("files")
    assert [one.name for one in world.mail.record(sent).attachments] == ["offer.pdf"]
    assert b"".join(world.mail.read_attachment(sent, world.mail.record(sent).attachments[0].id)) == b"f1!"
    assert len(world.mail.sent) == 2
    assert [note.id for note in run.report.notes if note.rule == "attachments"] == [world.activities.ids()[0]]
    world.settle()


@pytest.mark.behaviour("HL-05", "HL-09")
def test_nothing_is_sent_without_an_attachment_that_belongs_to_it() -> None:
    """Where the mailbox can't store it the draft is named, and goes once a person has attached the file."""
    world = HighLevelWorld()
    world.write("files", attachments=FILES)
    sending = world.run().sending
    assert (len(sending.left), world.mail.sent) == (1, [])

    world.mail.attach(world.in_mailbox("files"), "offer.pdf", b"x")
    assert world.run().sending.sent == sending.left
    assert len(world.mail.sent) == 1
    world.settle()


@pytest.mark.behaviour("HL-05")
def test_a_mailbox_that_answers_a_file_with_no_outcome_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the method and what to mend; nothing is sent, and a mailbox that is mended sends it."""
    world = HighLevelWorld()
    world.write("files", attachments=FILES)
    monkeypatch.setattr(world.mail, "store_files", lambda *_: None, raising=False)
    with pytest.raises(UsageError, match=r"mailbox, store_files\(\): an outcome is None and has to be .* -- mend"):
        world.run()
    assert world.mail.sent == []

    monkeypatch.undo()
    world.mail.attach(world.in_mailbox("files"), "offer.pdf", b"x")
    assert len(world.run().sending.sent) == len(world.mail.sent) == 1


@pytest.mark.behaviour("HL-06")
@pytest.mark.parametrize(
    ("origin", "given", "connected", "expected"),
    [
        (Origin.INDIVIDUAL, "", True, (ADA, True)),
        (Origin.INDIVIDUAL, "", False, ("", False)),
        (Origin.BULK, ADA.upper(), True, (ADA.upper(), True)),
        (Origin.BULK, "news@example.com", True, ("news@example.com", False)),
        (Origin.BULK, "news@example.com", False, ("news@example.com", False)),
        (Origin.BULK, "", True, ("", False)),
        (Origin.WORKFLOW, ADA, True, ("", False)),
        (Origin.WORKFLOW, "", False, ("", False)),
    ],
)
def test_who_sends_depends_on_how_a_message_was_written(
    origin: Origin,
    given: str,
    connected: bool,
    expected: tuple[str, bool],
) -> None:
    """The connected address, the From that was given, or the account's provider, whose name is empty."""
    world = HighLevelWorld()
    connection = Connection(ADA, world.now()) if connected else None
    if not connected:
        world.disconnect()
    sender = sender_of(Activity(origin=origin, sender=given), connection)
    world.write(origin=origin, sender=given)
    world.run()

    assert (sender.address, sender.by_mailbox) == expected
    assert len(world.mail.sent) == expected[1]


@pytest.mark.behaviour("HL-06")
def test_what_came_into_the_crm_is_not_sent_out_again() -> None:
    """Neither an answer that reached it by another way, nor what a person typed in, nor what was saved there."""
    world = HighLevelWorld()
    world.write("received", inbound=True)
    world.write("typed in", origin=Origin.BY_HAND)
    world.write("saved", origin=Origin.MAILBOX)
    world.run()

    assert world.mail.sent == []
    assert len(world.mail) == 0
    world.settle()


@pytest.mark.behaviour("HL-06")
def test_a_connection_is_checked() -> None:
    """An address that is none, and a moment without a zone, are refused."""
    with pytest.raises(SettingsError, match="address"):
        Connection("ada", MailWorld().now())
    with pytest.raises(SettingsError, match="zone"):
        Connection(ADA, datetime(2026, 1, 1))  # noqa: DTZ001 -- what is refused


@pytest.mark.behaviour("HL-07")
def test_the_status_of_the_mailbox_can_be_read() -> None:
    """Connected, with the address; needing authorisation while the sign-in is refused; disconnected without one."""
    world = HighLevelWorld()

    def shown() -> tuple[str, str]:
        found = world.sync().connection()
        return found.state.value, found.account

    assert shown() == ("connected", ADA)
    world.mail.faults.fail("changes", AuthenticationRequired("sign in"))
    world.run()
    assert shown() == ("needs authorisation", ADA)
    world.mail.faults.clear()
    world.run()
    assert shown() == ("connected", ADA)
    world.disconnect()
    assert shown() == ("disconnected", "")
    world.run()
    assert shown() == ("disconnected", "")
    world.connect("ada@new.example")
    assert shown() == ("connected", "ada@new.example")


@pytest.mark.behaviour("HL-08")
@pytest.mark.parametrize("follows", [True, False])
def test_after_reconnecting_only_threads_begun_from_then_on_are_followed(follows: bool) -> None:
    """Unless the policy says otherwise."""
    world = HighLevelWorld()
    old = world.begun()
    world.disconnect()
    world.pass_time()
    world.connect(settings=highlevel.MailSettings(follows_old_threads=follows))
    answer = world.receive(subject="old thread", in_reply_to=old)
    world.write("new")
    world.run()
    world.receive(subject="new thread", in_reply_to=world.key(world.in_mailbox("new")))
    world.run()

    assert world.subjects() == ["hello", "new", *(["old thread"] if follows else []), "new thread"]
    assert world.why(answer) == ("thread_of_the_crm" if follows else "thread_begun_before_the_connection")


@pytest.mark.behaviour("HL-08")
def test_what_was_written_before_the_connection_is_not_sent() -> None:
    """A CRM full of old messages sends none of them when a mailbox is connected."""
    world = HighLevelWorld()
    world.write("old")
    world.pass_time()
    world.connect()
    world.run()

    assert world.mail.sent == []
    assert len(world.mail) == 0
    world.settle()


@pytest.mark.behaviour("HL-09")
@pytest.mark.parametrize("arrives", [True, False])
def test_a_sending_without_an_answer_is_reported_and_never_repeated(arrives: bool) -> None:
    """Whether it was sent nobody knows: what is still a draft is in doubt, and a person's to send."""
    world = HighLevelWorld()
    world.write()
    if arrives:
        world.mail.faults.lose_reply("send")
    else:
        world.mail.faults.lose_request("send")
    first = world.run()
    runs = []
    for _ in range(3):
        world.pass_time()
        runs.append(world.run())

    assert len(first.sending.in_doubt) == 1
    assert world.mail.calls["send"] == 1
    assert len(world.mail.sent) == arrives
    assert [len(run.sending.in_doubt) for run in runs] == [not arrives] * 3
    if not arrives:
        world.mail.send_draft(world.in_mailbox())
    assert world.run().sending.in_doubt == ()
    assert len(world.mail.sent) == 1
    world.settle()


@pytest.mark.behaviour("HL-09")
def test_a_mailbox_that_answers_with_too_few_outcomes_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The drafts are in doubt, the note says whose answer was wrong, and each is sent once afterwards."""
    world = HighLevelWorld()
    world.write("one")
    world.write("two")
    create = world.mail.create
    monkeypatch.setattr(world.mail, "create", lambda batch, scope: create(batch, scope)[:1])
    note = world.run().report.note
    assert "2 records in doubt: left side, mailbox, create(): 2 writes answered with 1 outcome -- mend" in note

    monkeypatch.undo()
    world.pass_time()
    world.run()
    assert sorted(world.mail.record(one).subject for one in world.mail.ids()) == ["one", "two"]
    assert len(world.mail.sent) == 2


@pytest.mark.behaviour("HL-09")
@pytest.mark.parametrize(("count", "said"), [(0, "0 outcomes"), (2, "2 outcomes")])
@pytest.mark.parametrize("method", ["update", "send"])
def test_a_mailbox_that_answers_a_sending_with_too_few_or_many_outcomes_is_named(
    monkeypatch: pytest.MonkeyPatch, method: str, count: int, said: str
) -> None:
    """That draft is in doubt, the note says what to mend, and the others wait for a mailbox that is mended."""
    world = HighLevelWorld()
    world.write("one")
    world.write("two")
    asked = getattr(world.mail, method)
    monkeypatch.setattr(world.mail, method, lambda *given: (list(asked(*given)) * 2)[:count])
    run = world.run()
    assert run.report.state is RunState.COMPLETE
    assert run.sending.note.startswith(f"mailbox, {method}(): 1 write answered with {said} -- mend")
    assert (len(run.sending.in_doubt), len(run.sending.waiting)) == (1, 1)

    monkeypatch.undo()
    assert world.run().sending.sent == run.sending.waiting
    assert len(set(world.mail.sent)) == len(world.mail.sent) == (2 if method == "send" else 1)


@pytest.mark.behaviour("HL-09")
@pytest.mark.parametrize("weather", ["throttled", "mark lost", "mark refused"])
def test_what_was_certainly_not_sent_is_sent_by_the_next_run(weather: str) -> None:
    """Once, and only once."""
    world = HighLevelWorld()
    world.write()
    if weather == "throttled":
        world.mail.faults.throttle(method="send")
    elif weather == "mark lost":
        world.mail.faults.lose_request("update")
    else:
        world.mail.faults.refuse(lambda write: getattr(write, "id", "") != "", times=1)
    assert len(world.run().sending.waiting) == 1

    assert len(world.run().sending.sent) == 1
    world.settle()
    assert len(world.mail.sent) == 1


@pytest.mark.behaviour("HL-09")
def test_what_the_mailbox_refuses_to_send_is_left_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    """It was certainly not sent, so it is not in doubt: each run tries again, and it goes once it is mended."""
    world = HighLevelWorld()
    world.write("refused")
    world.write("fine")
    send = world.mail.send

    def picky(ids: Sequence[str]) -> Sequence[Outcome[Message]]:
        (id_,) = ids
        subject = world.mail.record(id_).subject
        return [Outcome(Status.REFUSED, code="no_such_recipient")] if subject == "refused" else send(ids)

    monkeypatch.setattr(world.mail, "send", picky)
    for sent in (1, 0):
        sending = world.run().sending
        assert (len(sending.sent), sending.in_doubt, sending.waiting) == (sent, (), ())
        assert [sending.reasons[key] for key in sending.left] == ["no_such_recipient"]

    monkeypatch.undo()
    assert len(world.run().sending.sent) == 1
    world.settle()
    assert len(set(world.mail.sent)) == len(world.mail.sent) == 2


@pytest.mark.behaviour("HL-09")
@pytest.mark.parametrize("arrives", [True, False])
def test_a_draft_whose_answer_was_lost_is_sent_once(arrives: bool) -> None:
    """It is found by its tag, or made once more; a draft goes to nobody before it is sent by its id."""
    world = HighLevelWorld()
    world.write()
    if arrives:
        world.mail.faults.lose_reply("create")
    else:
        world.mail.faults.lose_request("create")
    world.run()
    for _ in range(3):
        world.pass_time()
        world.run()

    assert len(world.mail.sent) == 1
    assert [one.folder for one in world.mail.all().values()] == [SENT_ITEMS]
    world.settle()


@pytest.mark.behaviour("HL-09")
def test_drafts_of_others_are_never_sent() -> None:
    """What a person is writing is left alone."""
    world = HighLevelWorld()
    root = world.begun()
    world.send(subject="mine", is_draft=True, in_reply_to=root)
    world.run()

    assert world.mail.sent == [root]
    assert world.mail.record(world.in_mailbox("mine")).folder == DRAFTS
