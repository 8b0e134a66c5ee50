"""Maximizer's e-mail auto-save: whose mail is saved, from when on, from which folders, and only once."""

from datetime import timedelta

import attrs
import pytest

from tallystick.errors import UnknownRecord
from tallystick.mail import ALWAYS, NEVER, Periods, Subscription, Subscriptions, message_key
from tallystick.profiles import maximizer
from tallystick.providers.memory import FakeOutlook
from tallystick.records import (
    DELETED_ITEMS,
    INBOX,
    JUNK_EMAIL,
    SENT_ITEMS,
    Activity,
    Relation,
    RelationKind,
    record_converter,
)
from tallystick.recurrence import Instant
from tests.behaviour.mail_world import ADA, ALAN, GRACE, MailWorld, address, entry


@pytest.fixture
def world() -> MailWorld:
    """Return a world in which Grace's auto-save was switched on an hour ago."""
    world = MailWorld()
    switched_on(world, Subscriptions().on(entry("e1"), [GRACE], world.now()))
    world.pass_time()
    return world


def switched_on(
    world: MailWorld, subscriptions: Subscriptions, incoming: Periods = ALWAYS, outgoing: Periods = ALWAYS
) -> None:
    """Let the sync know these subscriptions from now on."""
    world.profile = maximizer.mail(ADA, subscriptions, incoming=incoming, outgoing=outgoing)


@pytest.mark.behaviour("MX-E-01")
def test_mail_is_saved_from_the_moment_on_at_which_it_was_switched_on() -> None:
    """What came and went before stays unsaved, in the first run and later on."""
    world = MailWorld()
    early = world.receive(subject="before")
    world.send(subject="sent before")
    world.pass_time()
    switched_on(world, Subscriptions().on(entry("e1"), [GRACE], world.now()))
    world.receive(subject="after")
    world.send(subject="sent after")
    world.run()

    assert world.subjects() == ["after", "sent after"]
    assert world.why(early) == "not_switched_on_then"
    world.mail.edit(early, is_read=True)
    world.settle()
    assert world.created() == 2


@pytest.mark.behaviour("MX-E-01")
def test_an_address_that_is_added_later_counts_from_its_own_moment() -> None:
    """Grace's second address is saved from when it was added, her first from when she was switched on."""
    world = MailWorld()
    second = "hopper@example.com"
    subscriptions = Subscriptions().on(entry("e1"), [GRACE], world.now())
    world.pass_time()
    world.receive(GRACE, subject="first address")
    world.receive(second, subject="too early")
    subscriptions = subscriptions.on(entry("e1"), [GRACE, second], world.pass_time())
    world.receive(second, subject="second address")
    switched_on(world, subscriptions)
    world.run()

    assert world.subjects() == ["first address", "second address"]
    world.settle()


@pytest.mark.behaviour("MX-E-01")
def test_a_lead_can_be_switched_on_and_addresses_are_told_apart_as_people_do() -> None:
    """Case does not count, nor how a domain is spelled; a plus tag is another address, an X.500 name is none."""
    world = MailWorld()
    lead = Relation(RelationKind.LEAD, "l1", "joe@bücher.example")
    switched_on(world, Subscriptions().on(lead, ["joe@bücher.example", "/O=EXCHANGELABS/CN=JOE"], world.now()))
    world.pass_time()
    world.receive("JOE@XN--BCHER-KVA.example", subject="saved")
    world.receive("joe+shop@bücher.example", subject="tagged")
    world.receive("/O=EXCHANGELABS/CN=JOE", subject="inner")
    world.run()

    (saved,) = world.saved()
    assert saved.subject == "saved"
    assert [(one.kind, one.id) for one in saved.relations] == [(RelationKind.LEAD, "l1")]


@pytest.mark.behaviour("MX-E-02")
@pytest.mark.parametrize("folder", [INBOX, JUNK_EMAIL, DELETED_ITEMS, SENT_ITEMS, "Customers"])
def test_incoming_mail_is_saved_from_any_folder(world: MailWorld, folder: str) -> None:
    """Junk and Deleted Items too, Sent Items where somebody put it, and folders that a person made."""
    id_ = world.receive(subject="hello", body="how are you", cc=(address(ALAN),))
    if folder == "Customers":
        folder = world.mail.make_folder(folder)
    if folder != INBOX:
        world.mail.move_to(id_, folder)
    world.run()

    (saved,) = world.saved()
    assert (saved.subject, saved.body, saved.inbound) == ("hello", "how are you", True)
    assert (saved.sender, saved.to, saved.cc) == (GRACE, (ADA,), (ALAN,))
    world.settle()


@pytest.mark.behaviour("MX-E-02")
def test_a_subscribed_address_in_cc_saves_nothing(world: MailWorld) -> None:
    """Who merely got a copy did not write."""
    id_ = world.receive(ALAN, cc=(address(GRACE),))
    world.run()

    assert world.saved() == []
    assert world.why(id_) == "not_subscribed"


@pytest.mark.behaviour("MX-E-03")
def test_outgoing_mail_is_saved_where_a_subscribed_address_is_in_to(world: MailWorld) -> None:
    """Cc and Bcc do not count."""
    world.send(GRACE, subject="to")
    world.send(ALAN, subject="cc", cc=(address(GRACE),))
    world.send(ALAN, subject="bcc", bcc=(address(GRACE),))
    world.run()

    (saved,) = world.saved()
    assert (saved.subject, saved.inbound, saved.to) == ("to", False, (GRACE,))
    world.settle()


@pytest.mark.behaviour("MX-E-03")
def test_what_somebody_sends_from_the_mailbox_for_another_is_outgoing(world: MailWorld) -> None:
    """A delegate's message, under the name of a mailbox that is nobody's who is subscribed, lies in Sent Items."""
    world.send(GRACE, subject="for the team", sender=address("team@example.com"))
    world.run()

    (saved,) = world.saved()
    assert (saved.subject, saved.inbound) == ("for the team", False)


@pytest.mark.behaviour("MX-E-03")
def test_outgoing_mail_that_was_moved_out_of_sent_items_is_not_saved(world: MailWorld) -> None:
    """Only Sent Items is looked at for what the user sent, since the last run."""
    world.run()
    id_ = world.mail.move_to(world.send(GRACE), INBOX)
    world.run()

    assert world.saved() == []
    assert world.why(id_) == "not_in_sent_items"


@pytest.mark.behaviour("MX-E-03")
def test_a_draft_is_saved_once_it_was_sent(world: MailWorld) -> None:
    """Before that it is nobody's mail, and after that it has another id in the mailbox."""
    draft = world.send(GRACE, subject="draft", is_draft=True)
    world.run()
    assert world.saved() == []

    world.mail.send_draft(draft)
    world.run()
    assert world.subjects() == ["draft"]
    world.settle()


@pytest.mark.behaviour("MX-E-04")
def test_a_message_is_saved_once_also_after_it_moved(world: MailWorld) -> None:
    """It has another id in every folder, and is the same message for all that."""
    id_ = world.receive(subject="once")
    world.run()
    for folder in (JUNK_EMAIL, DELETED_ITEMS, INBOX):
        id_ = world.mail.move_to(id_, folder)
        world.run()
    world.mail.expire_cursors()
    world.run()

    assert world.created() == 1
    world.settle()


@pytest.mark.behaviour("MX-E-04")
def test_a_message_without_message_id_is_saved_once(world: MailWorld) -> None:
    """Sender, time, subject and body tell it from the others."""
    id_ = world.receive(subject="odd", message_id="")
    world.receive(subject="odd", message_id="", body="another")
    world.run()
    world.mail.move_to(id_, JUNK_EMAIL)
    world.run()
    world.mail.expire_cursors()
    world.run()

    assert world.created() == 2
    world.settle()


@pytest.mark.behaviour("MX-E-04")
def test_a_message_is_saved_once_and_related_to_all_who_are_subscribed(world: MailWorld) -> None:
    """One activity stands for one message, whoever it is about."""
    subscriptions = Subscriptions().on(entry("e1"), [GRACE], world.now()).on(entry("e2"), [ALAN, GRACE], world.now())
    switched_on(world, subscriptions)
    world.pass_time()
    world.send(GRACE, ALAN)
    world.run()

    (saved,) = world.saved()
    assert [one.id for one in saved.relations] == ["e1", "e2"]


@pytest.mark.behaviour("MX-E-04")
def test_copies_in_several_folders_and_mailboxes_are_saved_once(world: MailWorld) -> None:
    """The second mailbox of the user has a copy, and the first has two."""
    id_ = world.receive(subject="once")
    message = world.mail.record(id_)
    world.mail.insert(attrs.evolve(message, folder="archive"))
    second = FakeOutlook("second", clock=world.clock).mail
    second.insert(message)
    second.insert(attrs.evolve(message, message_id="<other@mail.example>", subject="other"))
    both = (world.mail, second)
    world.run(mailboxes=both)

    assert sorted(world.subjects()) == ["once", "other"]
    second.insert(attrs.evolve(message, folder="archive"))
    world.run(mailboxes=both)
    assert world.created() == 2
    world.settle(mailboxes=both)


@pytest.mark.behaviour("MX-E-04")
def test_a_message_that_was_saved_by_hand_is_saved_again(world: MailWorld) -> None:
    """What is in the CRM otherwise is not known to the sync, and is left as it is."""
    id_ = world.receive(subject="twice")
    by_hand = world.activities.insert(Activity("twice", message_id=world.key(id_)))
    world.run()

    assert world.subjects() == ["twice", "twice"]
    assert world.activities.item(by_hand).version == "v1"
    world.settle()


@pytest.mark.behaviour("MX-E-05")
def test_a_message_whose_activity_was_deleted_is_not_saved_again(world: MailWorld) -> None:
    """Not when it is read, moved, listed anew or restored, and not when somebody asks for it."""
    id_ = world.receive(subject="gone")
    world.run()
    world.activities.delete(world.activities.ids()[0])
    world.run()
    id_ = world.mail.move_to(id_, DELETED_ITEMS)
    message = world.mail.record(id_)
    world.run()
    world.mail.delete(id_)
    world.run()
    world.mail.insert(message)
    world.run()
    world.mail.expire_cursors()
    world.run()
    assert world.saved() == []

    sync = world.sync().sync
    with pytest.raises(UnknownRecord):
        sync.release("left", message_key(message))
    sync.disable()
    sync.enable()
    world.run()
    assert world.saved() == []


@pytest.mark.behaviour("MX-E-05")
def test_both_deleted_and_the_message_restored_saves_nothing(world: MailWorld) -> None:
    """The ledger outlives both: a message that was restored for good is not news."""
    id_ = world.receive(subject="gone")
    message = world.mail.record(id_)
    world.run()
    world.mail.delete(id_)
    world.activities.delete(world.activities.ids()[0])
    world.run()
    world.mail.expire_cursors()
    world.run()
    world.mail.insert(message)
    world.run()

    assert world.saved() == []
    world.settle()


@pytest.mark.behaviour("MX-E-05")
def test_a_message_that_goes_takes_nothing_with_it(world: MailWorld) -> None:
    """The activity stays, and what is done to it in the CRM is left alone."""
    id_ = world.receive(subject="kept")
    world.run()
    world.activities.edit(world.activities.ids()[0], subject="edited")
    world.mail.delete(id_)
    world.run()

    assert world.subjects() == ["edited"]
    world.settle()


@pytest.mark.behaviour("MX-E-06")
@pytest.mark.parametrize(
    ("incoming", "outgoing", "expected"),
    [(ALWAYS, NEVER, ["in"]), (NEVER, ALWAYS, ["out"]), (NEVER, NEVER, []), (ALWAYS, ALWAYS, ["in", "out"])],
)
def test_incoming_and_outgoing_can_each_be_switched_off(
    world: MailWorld, incoming: Periods, outgoing: Periods, expected: list[str]
) -> None:
    """Whatever is switched off is not saved."""
    switched_on(world, Subscriptions().on(entry("e1"), [GRACE], world.now()), incoming=incoming, outgoing=outgoing)
    world.pass_time()
    world.receive(subject="in")
    world.send(subject="out")
    world.run()

    assert world.subjects() == expected


@pytest.mark.behaviour("MX-E-07")
def test_switching_an_entry_on_again_is_not_retroactive() -> None:
    """Mail of the pause stays unsaved, whether or not the sync has run meanwhile."""
    world = MailWorld()
    person = entry("e1")
    subscriptions = Subscriptions().on(person, [GRACE], world.now())
    world.pass_time()
    world.receive(subject="first")
    subscriptions = subscriptions.off(person, world.pass_time())
    world.receive(subject="pause")
    subscriptions = subscriptions.on(person, [GRACE], world.pass_time())
    world.receive(subject="second")
    switched_on(world, subscriptions)
    world.run()

    assert world.subjects() == ["first", "second"]
    world.settle()


@pytest.mark.behaviour("MX-E-07")
def test_switching_the_whole_on_again_is_not_retroactive(world: MailWorld) -> None:
    """Neither incoming nor outgoing mail of the pause is saved, also after the mailbox was listed anew."""
    subscriptions = Subscriptions().on(entry("e1"), [GRACE], world.now())
    switch = Periods.since(world.now())
    world.pass_time()
    world.receive(subject="first")
    switch = switch.off(world.pass_time())
    world.receive(subject="pause")
    world.send(subject="sent in the pause")
    switch = switch.on(world.pass_time())
    world.send(subject="second")
    switched_on(world, subscriptions, incoming=switch, outgoing=switch)
    world.run()
    world.mail.expire_cursors()
    world.run()

    assert world.subjects() == ["first", "second"]
    world.settle()


@pytest.mark.behaviour("MX-E-07")
def test_subscriptions_can_be_kept_as_json() -> None:
    """The host keeps them where it keeps its settings; switched off and on twice, they say the same afterwards."""
    world = MailWorld()
    person = entry("e1")
    at = world.now()
    subscriptions = Subscriptions().on(person, [GRACE], at).off(person, at + timedelta(days=1))
    subscriptions = subscriptions.on(person, [GRACE], at + timedelta(days=2)).off(person, at + timedelta(days=3))
    converter = record_converter()
    again = Subscriptions(converter.structure(converter.unstructure(subscriptions.entries), tuple[Subscription, ...]))

    assert again == subscriptions
    days = [again.at(GRACE, Instant(at + timedelta(days=day, hours=1))) != [] for day in range(4)]
    assert days == [True, False, True, False]
