"""Messages in files are a mailbox that can be read, and synced from."""

from pathlib import Path

import pytest

from tallystick import MemoryState
from tallystick.errors import InputError, UnknownRecord
from tallystick.mail import MailSync, Subscriptions
from tallystick.ports import Create, Remove, Scope, Status, Term, Update
from tallystick.profiles import maximizer
from tallystick.providers.files import ACTIVITIES, open_file, open_mail
from tallystick.providers.files.mail import PAGE, MailFiles
from tallystick.providers.memory import VirtualClock
from tallystick.records import INBOX, SENT_ITEMS, Message, Relation, RelationKind

ADA, GRACE = "ada@example.com", "grace@example.com"


def raw(number: int, sender: str = GRACE, to: str = ADA) -> bytes:
    """Return a message as the Internet carries it."""
    date = "Mon, 05 Jan 2026 10:00:00 +0000"
    head = f"From: {sender}\nTo: {to}\nDate: {date}\nMessage-ID: <{number}@x>\nSubject: number {number}\n"
    return f"{head}\nbody {number}\n\n".encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with messages in it, in Sent Items, in a mailbox file, and one that is none."""
    mail = tmp_path / "mail"
    (mail / "Sent Items").mkdir(parents=True)
    (mail / "one.eml").write_bytes(raw(1))
    (mail / "Sent Items" / "two.EML").write_bytes(raw(2, ADA, GRACE))
    (mail / "Inbox.mbox").write_bytes(b"From a\n" + raw(3) + b"From b\n" + raw(4, "x@example.com"))
    (mail / "broken.eml").write_bytes(b"message/" * 100)
    (mail / "notes.txt").write_text("no message", encoding="utf-8")
    return mail


def test_a_folder_of_messages_is_saved_into_a_file(folder: Path, tmp_path: Path) -> None:
    """Those of subscribed people, incoming and sent, once; what is no message is named and left out."""
    clock = VirtualClock()
    subscriptions = Subscriptions().on(Relation(RelationKind.ENTRY, "e1"), [GRACE], clock.now())
    (tmp_path / "crm.jsonl").write_bytes(b"")
    state = MemoryState()

    def run() -> MailFiles:
        mailbox = MailFiles(folder)
        sync = MailSync(
            "files",
            mailboxes=[mailbox],
            activities=open_file(tmp_path / "crm.jsonl", ACTIVITIES),
            profile=maximizer.mail(ADA, subscriptions),
            state=state,
            clock=clock,
        )
        assert sync.run().report.errors == ()
        return mailbox

    assert run().unreadable == {"broken.eml"}
    run()
    saved = open_file(tmp_path / "crm.jsonl", ACTIVITIES).changes(None, Scope()).items
    assert sorted((item.record.subject, item.record.inbound) for item in saved) == [
        ("number 1", True),
        ("number 2", False),
        ("number 3", True),
    ]


def test_messages_are_found_by_id_message_id_and_folder(folder: Path) -> None:
    """An attachment is read by the message's id and its own."""
    mailbox = open_mail(folder)
    (found,) = mailbox.search([Term("message_id", "<2@x>")], Scope())
    assert (found.id, found.record.folder) == ("Sent Items/two.EML", SENT_ITEMS)
    inbox = mailbox.search([Term("folder", INBOX)], Scope())
    assert [item.id for item in inbox] == ["Inbox.mbox#1", "Inbox.mbox#2", "one.eml"]
    gone, there = mailbox.get(["nothing.eml", "one.eml"], Scope())
    assert [type(one).__name__ for one in (gone, there)] == ["Absence", "Item"]
    with pytest.raises(UnknownRecord):
        next(iter(MailFiles(folder).read_attachment("nothing.eml", "0")))


def test_nothing_is_written_to_messages_in_files(folder: Path) -> None:
    """They are what was sent and received."""
    mailbox = MailFiles(folder)
    outcomes = (
        *mailbox.create([Create("t", Message())], Scope()),
        *mailbox.update([Update("one.eml", None, {})], Scope()),
        *mailbox.remove([Remove("one.eml", None)], Scope()),
    )
    assert {outcome.status for outcome in outcomes} == {Status.REFUSED}


def test_a_large_mailbox_is_read_page_by_page(tmp_path: Path) -> None:
    """Each page goes on where the one before ended."""
    many = PAGE + 5
    (tmp_path / "all.mbox").write_bytes(b"".join(b"From x\n" + raw(number) for number in range(many)))
    mailbox = MailFiles(tmp_path / "all.mbox")
    first = mailbox.changes(None, Scope())
    second = mailbox.changes(first.cursor, Scope())

    assert (len(first.items), first.complete, len(second.items), second.complete) == (PAGE, False, 5, True)
    assert len({item.record.message_id for item in (*first.items, *second.items)}) == many


def test_what_holds_no_messages_is_refused(tmp_path: Path) -> None:
    """With what can be opened."""
    (tmp_path / "book.csv").write_bytes(b"")
    for path in (tmp_path / "book.csv", tmp_path / "nothing"):
        with pytest.raises(InputError, match=r"\.mbox"):
            open_mail(path)
