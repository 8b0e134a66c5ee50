"""LinkPoint's e-mail sync: modes, designation, exclusion, look-back, folders, attachments, replies, long fields."""

from datetime import timedelta
from typing import Any, cast

import attrs
import pytest

from tallystick.errors import SettingsError, SyncDisabled, TallystickError, UsageError
from tallystick.mail import MailRun
from tallystick.ports import Page
from tallystick.profiles import linkpoint
from tallystick.profiles.linkpoint import MailMode, MailSettings, ReplyTo, SmartAddresses
from tallystick.records import ARCHIVE, Entry, Lead, RelationKind
from tests.behaviour.mail_world import ADA, ALAN, GRACE, MailWorld, address

SMART = SmartAddresses("record@crm.example", "donotrecord@crm.example", "attachments@crm.example")
MB = 1024 * 1024


class LinkPointWorld(MailWorld):
    """A world in which Grace is a contact of the CRM."""

    def __init__(self, mode: MailMode = MailMode.ALL, **settings: Any) -> None:  # noqa: ANN401 -- a user's choices
        super().__init__()
        self.crm.entries.insert(Entry(first_name="Grace", last_name="Hopper", emails=(GRACE,)))
        self.choose(mode, **settings)

    def choose(self, mode: MailMode = MailMode.ALL, **settings: Any) -> None:  # noqa: ANN401 -- a user's choices
        """Let the user choose these settings."""
        settings.setdefault("smart", SMART)
        self.profile = linkpoint.mail(ADA, MailSettings(mode=mode, **settings))


@pytest.mark.behaviour("LP-01")
def test_the_sync_is_off_unless_somebody_switches_it_on() -> None:
    """The default of the product saves nothing, whatever designates a message."""
    world = LinkPointWorld()
    world.profile = linkpoint.mail(ADA, MailSettings())
    id_ = world.receive(categories=("CRM",))
    with pytest.raises(SyncDisabled):
        world.run()

    assert world.saved() == []
    assert world.why(id_) == "off"


@pytest.mark.behaviour("LP-01")
def test_all_takes_what_a_contact_or_lead_wrote_or_received() -> None:
    """From, To, Cc and Bcc count, the user's own address does not; all who match are related."""
    world = LinkPointWorld()
    world.crm.entries.insert(Entry(first_name="Ada", emails=(ADA,)))
    lead = world.crm.leads.insert(Lead(last_name="Turing", emails=(ALAN,)))
    world.receive(GRACE, subject="from")
    world.send("x@example.com", subject="cc", cc=(address(GRACE),))
    world.send("x@example.com", subject="bcc", bcc=(address(ALAN),))
    world.receive(GRACE, subject="both", cc=(address(ALAN),))
    nobody = world.receive("x@example.com", subject="nobody")
    run = world.run()

    saved = {one.subject: [(each.kind, each.id) for each in one.relations] for one in world.saved()}
    entry = world.crm.entries.ids()[0]
    assert saved == {
        "from": [(RelationKind.ENTRY, entry)],
        "cc": [(RelationKind.ENTRY, entry)],
        "bcc": [(RelationKind.LEAD, lead)],
        "both": [(RelationKind.ENTRY, entry), (RelationKind.LEAD, lead)],
    }
    assert run.excluded == {"no_contact_or_lead": 1}
    assert world.why(nobody) == "no_contact_or_lead"
    world.settle()


@pytest.mark.behaviour("LP-01")
def test_designated_only_takes_what_is_designated_and_matches() -> None:
    """What is designated and has no contact or lead is excluded with that reason."""
    world = LinkPointWorld(MailMode.DESIGNATED)
    world.receive(GRACE, subject="designated", categories=("crm",))
    plain = world.receive(GRACE, subject="plain")
    alone = world.receive("x@example.com", subject="alone", categories=("CRM",))
    world.run()

    assert world.subjects() == ["designated"]
    assert (world.why(plain), world.why(alone)) == ("not_designated", "no_contact_or_lead")


@pytest.mark.behaviour("LP-02")
@pytest.mark.parametrize("how", ["category", "to", "cc", "bcc"])
def test_a_message_is_designated_by_the_category_or_a_smart_address(how: str) -> None:
    """The smart address counts wherever it stands among the recipients."""
    world = LinkPointWorld(MailMode.DESIGNATED)
    smart = (address(SMART.record.upper()),)
    world.send(
        GRACE,
        **({"categories": ("CRM",)} if how == "category" else {}),
        **({how: smart} if how in ("cc", "bcc") else {}),
    )
    if how == "to":
        world.send(GRACE, SMART.record)
    world.run()

    assert len(world.saved()) == 1


@pytest.mark.behaviour("LP-02")
def test_a_message_that_is_designated_later_is_taken_then() -> None:
    """It was excluded of that attempt only, as long as it lies within the look-back."""
    world = LinkPointWorld(MailMode.DESIGNATED, look_back=3)
    soon, late = world.receive(subject="soon"), world.receive(subject="late")
    world.run()
    world.pass_time(days=2)
    world.mail.edit(soon, categories=("CRM",))
    world.run()
    assert world.subjects() == ["soon"]

    world.pass_time(days=2)
    world.mail.edit(late, categories=("CRM",))
    world.run()
    assert world.subjects() == ["soon"]
    assert world.why(late) == "before_the_look_back"


@pytest.mark.behaviour("LP-02")
@pytest.mark.behaviour("LP-03")
@pytest.mark.parametrize("mode", [MailMode.ALL, MailMode.DESIGNATED])
def test_what_is_not_to_be_synced_is_not_whatever_designates_it(mode: MailMode) -> None:
    """The category DoNotSync and the smart address, in Bcc too, exclude in every mode."""
    world = LinkPointWorld(mode)
    one = world.receive(categories=("CRM", "DoNotSync"))
    other = world.send(GRACE, SMART.record, bcc=(address(SMART.do_not_record),))
    run = world.run()

    assert world.saved() == []
    assert (world.why(one), world.why(other)) == ("do_not_sync", "do_not_sync")
    assert run.excluded == {"do_not_sync": 2}


@pytest.mark.behaviour("LP-05")
@pytest.mark.parametrize("days", [0, 31, -1])
def test_a_look_back_is_of_1_to_30_days(days: int) -> None:
    """Any other is refused, with the remedy."""
    with pytest.raises(SettingsError, match=r"look_back: (less than 1|more than 30)"):
        MailSettings(look_back=days)
    assert MailSettings(look_back=1).look_back + MailSettings(look_back=30).look_back == 31


@pytest.mark.behaviour("LP-05")
def test_every_run_looks_at_what_is_not_in_the_ledger() -> None:
    """Whose address becomes a contact's later is found, though nothing happened to the message."""
    world = LinkPointWorld(look_back=5)
    old = world.receive(ALAN, subject="old")
    world.pass_time(days=3)
    world.receive(ALAN, subject="new")
    world.run()
    assert world.saved() == []

    world.pass_time(days=3)
    world.crm.leads.insert(Lead(last_name="Turing", emails=(ALAN,)))
    world.run()
    assert world.subjects() == ["new"]
    assert world.why(old) == "before_the_look_back"
    world.pass_time(days=30)
    world.settle()
    assert world.created() == 1


@pytest.mark.behaviour("LP-05")
def test_what_was_deleted_in_the_crm_stays_in_the_ledger() -> None:
    """It is not recorded again, though every run looks at it."""
    world = LinkPointWorld()
    world.receive()
    world.run()
    world.activities.delete(world.activities.ids()[0])
    world.run()
    world.settle()

    assert world.saved() == []


@pytest.mark.behaviour("LP-06")
def test_folders_can_be_chosen() -> None:
    """Inbox and Sent Items unless told otherwise."""
    world = LinkPointWorld()
    world.receive(subject="inbox")
    world.send(subject="sent")
    id_ = world.receive(subject="archive")
    world.mail.move_to(id_, ARCHIVE)
    world.run()
    assert world.subjects() == ["inbox", "sent"]

    world.choose(folders=(ARCHIVE,))
    world.run()
    assert world.subjects() == ["inbox", "sent", "archive"]
    with pytest.raises(SettingsError):
        MailSettings(folders=())


@pytest.mark.behaviour("LP-07")
@pytest.mark.parametrize("type_", ["Call note", ""])
def test_saved_messages_have_the_chosen_activity_type(type_: str) -> None:
    """Without a choice the CRM's own default is left to it."""
    world = LinkPointWorld(activity_type=type_)
    world.receive()
    world.run()

    assert [one.type for one in world.saved()] == [type_]


def run_with_files(world: LinkPointWorld, **fields: Any) -> MailRun:  # noqa: ANN401 -- a message's
    """Receive a message with a file of 5 MB, one of a byte more and a small one, and run."""
    id_ = world.receive(**fields)
    for name, size in (("5mb.pdf", 5 * MB), ("more.pdf", 5 * MB + 1), ("small.txt", 10)):
        world.mail.attach(id_, name, b"x" * size)
    return world.run()


@pytest.mark.behaviour("LP-08")
def test_an_attachment_above_5_mb_is_left_out_and_reported() -> None:
    """The message still syncs, 5 MB itself pass, and the bytes of the others arrive."""
    world = LinkPointWorld(all_attachments=True)
    world.activities.fetch = world.sync().view.open_attachment
    plan_notes = world.sync()
    run = run_with_files(world)

    (saved,) = world.saved()
    assert [(one.name, one.size) for one in saved.attachments] == [("5mb.pdf", 5 * MB), ("small.txt", 10)]
    assert {name: len(data) for (_, name), data in world.activities.files.items()} == {
        "5mb.pdf": 5 * MB,
        "small.txt": 10,
    }
    assert [note.rule for note in run.report.notes] == ["attachments"]
    assert plan_notes.plan().steps == ()


@pytest.mark.behaviour("LP-08")
def test_attachments_are_recorded_where_the_smart_tag_asks_for_it() -> None:
    """Without the tag there are none, and none are reported as left out."""
    world = LinkPointWorld()
    untagged = run_with_files(world, subject="untagged")
    tagged = run_with_files(world, subject="tagged", cc=(address(SMART.record_attachments),))

    names = {one.subject: [each.name for each in one.attachments] for one in world.saved()}
    assert names == {"untagged": [], "tagged": ["5mb.pdf", "small.txt"]}
    assert (len(untagged.report.notes), len(tagged.report.notes)) == (0, 1)


@pytest.mark.behaviour("LP-09")
@pytest.mark.parametrize("alternate", [True, False])
def test_secondary_addresses_match_too_unless_that_is_switched_off(alternate: bool) -> None:
    """On by default: every address field of a contact or lead counts."""
    assert MailSettings().alternate_addresses
    world = LinkPointWorld(alternate_addresses=alternate)
    world.crm.leads.insert(Lead(last_name="Turing", emails=("primary@example.com", ALAN)))
    world.receive(ALAN, subject="second")
    world.receive("primary@example.com", subject="first")
    world.run()

    assert world.subjects() == (["second", "first"] if alternate else ["first"])


@pytest.mark.behaviour("LP-01")
@pytest.mark.parametrize(
    ("of", "method", "answer", "said"),
    [
        ("mailbox", "changes", None, r"mailbox, changes\(\): the answer is None"),
        (
            "mailbox",
            "changes",
            Page([cast("Any", "Ada")], "1", complete=True),
            r"mailbox, changes\(\): an item is of the",
        ),
        ("mailbox", "search", None, r"mailbox, search\(\): the answer is None"),
        ("people", "search", ["Ada"], r"people, search\(\): an item is of the type str"),
    ],
)
def test_a_mailbox_or_directory_that_answers_with_other_types_is_named(
    monkeypatch: pytest.MonkeyPatch, of: str, method: str, answer: object, said: str
) -> None:
    """The error says whose method is to be mended, and nothing is saved."""
    world = LinkPointWorld()
    one = world.receive(subject="mine")
    monkeypatch.setattr(world.mail if of == "mailbox" else world.crm.entries, method, lambda *_: answer)

    with pytest.raises(UsageError, match=said):
        world.why(one) if (of, method) == ("mailbox", "search") else world.run()

    assert world.created() == 0


@pytest.mark.behaviour("LP-11")
def test_a_synced_message_is_marked_and_keeps_its_other_categories() -> None:
    """The mark is the CRM category; a message that was not synced has none."""
    world = LinkPointWorld()
    one, other = world.receive(categories=("Blue",)), world.receive("x@example.com")
    run = world.run()

    assert run.marked == (world.key(one),)
    assert world.mail.record(one).categories == ("Blue", "CRM")
    assert world.mail.record(other).categories == ()
    world.settle()


@pytest.mark.behaviour("LP-11")
def test_the_ledger_and_not_the_mark_tells_what_is_synced() -> None:
    """A mark that a person takes off comes back and nothing is saved twice; one that a person puts on saves nothing."""
    world = LinkPointWorld()
    one = world.receive()
    world.run()
    world.mail.edit(one, categories=())
    world.receive("x@example.com", categories=("CRM",))
    world.run()

    assert world.mail.record(one).categories == ("CRM",)
    assert world.created() == 1


@pytest.mark.behaviour("LP-11")
@pytest.mark.parametrize("weather", ["refused", "unavailable", "gone"])
def test_where_marking_fails_the_message_counts_as_synced(weather: str) -> None:
    """The run is complete, and a later one marks it."""
    world = LinkPointWorld()
    one = world.receive(subject="synced")
    if weather == "refused":
        world.mail.faults.refuse(one, times=1)
    elif weather == "unavailable":
        world.mail.faults.lose_request("update")
    else:
        world.activities.faults.after("create", lambda _: world.mail.delete(one))
    run = world.run()

    assert world.subjects() == ["synced"]
    assert (run.report.synced, run.report.errors, run.marked) == (1, (), ())
    assert len(run.unmarked) == 1
    if weather != "gone":
        world.run()
        assert world.mail.record(one).categories == ("CRM",)
    assert world.created() == 1


@pytest.mark.behaviour("LP-11")
@pytest.mark.parametrize(
    ("method", "said"),
    [
        ("update", r"mailbox, update\(\): 1 write answered with 0"),
        ("get", r"mailbox, get\(\): 1 of 1 ids are left out"),
    ],
)
def test_a_mailbox_that_answers_a_marking_with_nothing_is_named(
    monkeypatch: pytest.MonkeyPatch, method: str, said: str
) -> None:
    """The error says what to mend in it; the message is saved by then."""
    world = LinkPointWorld()
    world.receive(subject="synced")
    monkeypatch.setattr(world.mail, method, lambda *_: [])

    with pytest.raises(TallystickError, match=said):
        world.run()

    assert world.subjects() == ["synced"]


@pytest.mark.behaviour("LP-12")
@pytest.mark.parametrize(("hours", "taken"), [(1, True), (10 * 24, True), (10 * 24 + 1, False)])
def test_a_reply_to_a_recorded_message_is_recorded_for_10_days(hours: int, taken: bool) -> None:
    """It need not be designated itself."""
    world = LinkPointWorld(MailMode.DESIGNATED, look_back=30)
    first = world.send(GRACE, subject="first", categories=("CRM",))
    world.run()
    world.clock.advance(timedelta(hours=hours - 1, minutes=59))
    reply = world.receive(subject="reply", in_reply_to=world.key(first))
    assert world.why(reply) == ("reply" if taken else "not_designated")

    world.run()
    assert world.subjects() == (["first", "reply"] if taken else ["first"])
    world.settle()


@pytest.mark.behaviour("LP-12")
@pytest.mark.parametrize(("days", "taken"), [(9, True), (11, False)])
def test_a_reply_is_recorded_also_where_its_original_went_from_the_mailbox(days: int, taken: bool) -> None:
    """It was recorded, and the CRM knows when it was sent."""
    world = LinkPointWorld(MailMode.DESIGNATED, look_back=30)
    first = world.send(GRACE, subject="first", categories=("CRM",))
    world.run()
    key = world.key(first)
    world.mail.delete(first)
    world.pass_time(days=days)
    world.receive(subject="reply", in_reply_to=key)
    world.receive(subject="stranger", in_reply_to="<nobody@x>")
    world.run()

    assert world.subjects() == (["first", "reply"] if taken else ["first"])
    world.settle()


@pytest.mark.behaviour("LP-12")
def test_replies_to_replies_are_recorded_in_one_run() -> None:
    """Whether or not a run came in between: what a reply answers is recorded by now."""
    world = LinkPointWorld(MailMode.DESIGNATED)
    first = world.send(GRACE, subject="first", categories=("CRM",))
    second = world.receive(subject="second", in_reply_to=world.key(first))
    world.receive(subject="third", in_reply_to=world.key(second), references=(world.key(first), world.key(second)))
    world.run()

    assert world.subjects() == ["first", "second", "third"]
    world.settle()


@pytest.mark.behaviour("LP-12")
def test_a_reply_is_recorded_only_where_all_else_allows_it() -> None:
    """It has to match, and not to be excluded; and it answers what is recorded, unless any sent message will do."""
    world = LinkPointWorld(MailMode.DESIGNATED)
    first = world.send(GRACE, subject="first", categories=("CRM",))
    plain = world.send(GRACE, subject="plain")
    world.receive("x@example.com", subject="stranger", in_reply_to=world.key(first))
    world.receive(subject="excluded", in_reply_to=world.key(first), categories=("DoNotSync",))
    world.receive(subject="to plain", in_reply_to=world.key(plain))
    world.receive(subject="Re: first")
    loop = world.receive(subject="loop", message_id="<a@x>", in_reply_to="<b@x>")
    world.receive(subject="loop", message_id="<b@x>", in_reply_to="<a@x>", sent=world.mail.record(loop).sent)
    world.run()
    assert world.subjects() == ["first"]

    world.choose(MailMode.DESIGNATED, reply_to=ReplyTo.ANY_SENT)
    world.run()
    assert world.subjects() == ["first", "to plain"]
    world.choose(MailMode.OFF)
    world.receive(subject="off", in_reply_to=world.key(first))
    with pytest.raises(SyncDisabled):
        world.run()
    assert world.created() == 2


@pytest.mark.behaviour("LP-04", "LP-15")
def test_a_mail_sync_has_a_schedule_and_a_status_at_a_glance() -> None:
    """No, never run and none at first; an interval below 30 minutes is refused."""
    world = LinkPointWorld()
    world.profile = linkpoint.mail(ADA, MailSettings())
    assert world.sync().sync.status().glance == {"enabled": "no", "last run": "never run", "interval": "none"}

    world.choose(interval=timedelta(hours=1))
    world.run()
    glance = world.sync().sync.status().glance
    assert (glance["enabled"], glance["interval"]) == ("yes", "1 hour")
    with pytest.raises(SettingsError, match="interval: less than 30 minutes"):
        MailSettings(interval=timedelta(minutes=29))


@pytest.mark.behaviour("LP-13")
def test_a_subject_too_long_is_not_synced_with_that_reason() -> None:
    """255 characters pass, 256 are listed as ignored."""
    world = LinkPointWorld()
    world.receive(subject="x" * 255)
    id_ = world.receive(subject="x" * 256)
    run = world.run()

    assert [len(one) for one in world.subjects()] == [255]
    (row,) = world.sync().sync.ignored()
    assert (row.id, row.reasons) == (world.key(id_), ("too_long:subject",))
    assert run.report.ignored == 1
    world.settle()


@pytest.mark.behaviour("LP-13")
def test_a_body_too_long_is_split_into_several_entries_in_order() -> None:
    """Joined they are the body again; attachments and HTML stand with the first, or nowhere."""
    world = LinkPointWorld()
    body = "".join(f"line {number}\n" for number in range(9000))
    world.receive(subject="long", body=body)
    world.run()

    saved = world.saved()
    assert [(one.part, one.parts) for one in saved] == [(1, 3), (2, 3), (3, 3)]
    assert "".join(one.body for one in saved) == body
    assert all(len(one.body) <= 32_000 for one in saved)
    assert {one.subject for one in saved} == {"long"}
    world.settle()


@pytest.mark.behaviour("LP-13")
def test_other_fields_too_long_are_cut_and_reported() -> None:
    """The message is synced with as much as there is room for."""
    world = LinkPointWorld()
    world.profile = linkpoint.mail(
        ADA, MailSettings(mode=MailMode.ALL), limits=attrs.evolve(linkpoint.MAIL_LIMITS, recipients=2, address=20)
    )
    long = "a-very-long-name-indeed@example.com"
    world.send(GRACE, ALAN, long, cc=(address(long),), sender=address(long))
    run = world.run()

    (saved,) = world.saved()
    assert (saved.to, saved.cc, saved.sender) == ((GRACE, ALAN), ("a-very-long-name-ind",), "a-very-long-name-ind")
    assert sorted(note.rule for note in run.report.notes) == ["cc", "sender", "to"]
    world.settle()
