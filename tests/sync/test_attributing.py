"""An error that a provider's answer brought about names the answer: whose it is, which record, which field."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast

import attrs
import pytest

import tallystick as ts
from tallystick.errors import UsageError
from tallystick.mapping import attribute, key, rule
from tallystick.matching import Matcher
from tallystick.ports import Item, Outcome, Page, Scope, Status, Term
from tallystick.profiles import linkpoint, maximizer
from tallystick.profiles.linkpoint import MailMode, MailSettings
from tallystick.providers.memory import FakeCrm, FakeOutlook, MemoryCollection, Shape, VirtualClock
from tallystick.records import Account, Contact, EmailAddress, Entry, Event, Person, PostalAddress
from tallystick.text import fold
from tests.behaviour.mail_world import MailWorld

Twist = Callable[[Any], object]


class Twisting:
    """A collection that answers one method, or tells one attribute, as it is told to."""

    def __init__(self, whole: object, name: str, twist: Twist) -> None:
        self.whole, self.name, self.twist = whole, name, twist

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 -- whatever a provider has
        found = getattr(self.whole, name)
        if name != self.name:
            return found
        if not callable(found):
            return self.twist(found)
        return lambda *args: self.twist(found(*args))


def with_records(change: Twist) -> Twist:
    """Return what changes every record of an answer."""

    def item_of(one: Any) -> Any:  # noqa: ANN401 -- whatever an answer holds
        if isinstance(one, Outcome):
            return attrs.evolve(one, item=one.item and item_of(one.item))
        return attrs.evolve(one, record=change(one.record)) if isinstance(one, Item) else one

    return lambda answer: (
        attrs.evolve(answer, items=[*map(item_of, answer.items)])
        if isinstance(answer, Page)
        else [*map(item_of, answer)]
    )


def with_fields(**fields: object) -> Twist:
    """Return what gives every record of an answer other fields."""
    return with_records(lambda record: attrs.evolve(record, **fields))


def contact(name: str) -> Contact:
    """Return a contact that is synced."""
    mail = (EmailAddress(f"{name}@zebulon.example"),)
    return Contact(name, "", "Zebulon", email_addresses=mail, categories=("M",))


PROFILE = maximizer.contacts(category="M", favourite_list="F")


class World:
    """An address book of Outlook's and one of a CRM's, of which one answers as it is told to."""

    def __init__(self, side: str = "", name: str = "", twist: Twist = bool) -> None:
        self.clock, self.state = VirtualClock(), ts.MemoryState()
        self.outlook, self.crm = FakeOutlook(clock=self.clock).contacts, FakeCrm(clock=self.clock).entries
        self.sides: dict[str, Any] = {"left": self.outlook, "right": self.crm}
        self.outlook.insert(contact("Ada"))
        self.sync: ts.Sync[Contact, Entry] = ts.Sync(
            "people",
            **self.sides | ({side: Twisting(self.sides[side], name, twist)} if side else {}),
            profile=PROFILE,
            state=self.state,
            clock=self.clock,
        )


RECORDS: dict[str, tuple[str, str, Twist]] = {
    r"left side, changes\(\): the record AAMkb= is None and has to be of Contact": (
        "left",
        "changes",
        with_records(lambda _: None),
    ),
    r"left side, changes\(\): the record AAMkb= is of the type dict and has to be of Contact": (
        "left",
        "changes",
        with_records(lambda _: {"given_name": "Zebulon"}),
    ),
    r"left side, changes\(\): given_name of the record AAMkb= is None and has to be of str": (
        "left",
        "changes",
        with_fields(given_name=None),
    ),
    r"left side, changes\(\): company_name of the record AAMkb= is of the type int and has to be of str": (
        "left",
        "changes",
        with_fields(company_name=7),
    ),
    r"left side, changes\(\): email_addresses of the record AAMkb= is of the type str and has to be of EmailAddress": (
        "left",
        "changes",
        with_fields(email_addresses=("ada@zebulon.example",)),
    ),
    r"left side, changes\(\): email_addresses.address of the record AAMkb= is None and has to be of str": (
        "left",
        "changes",
        with_fields(email_addresses=(EmailAddress(cast("Any", None)),)),
    ),
    r"right side, create\(\): phones of the record e1 is None and has to be of tuple": (
        "right",
        "create",
        with_fields(phones=None),
    ),
    r"right side, create\(\): the record e1 is of the type PostalAddress and has to be of Entry": (
        "right",
        "create",
        with_records(lambda _: PostalAddress("Zebulon")),
    ),
}


@pytest.mark.parametrize("way", ["blocking", "awaited"])
@pytest.mark.parametrize("fault", RECORDS)
def test_a_record_that_no_function_can_bear_is_named(fault: str, way: str) -> None:
    """The error says whose record it is, which field, what stands there and what has to; never what it says."""
    world = World(*RECORDS[fault])

    with pytest.raises(UsageError, match=rf"^{fault} -- let the provider") as error:
        world.sync.run() if way == "blocking" else asyncio.run(world.sync.run_async())

    assert "zebulon" not in str(error.value).lower()
    assert error.value.__cause__ is not None


def test_a_hit_of_a_search_is_looked_through_too() -> None:
    """What was found beside the feeds is named by the method that found it."""
    world = World("right", "search", with_fields(first_name=7))
    world.crm.insert(Entry(first_name="Ada", last_name="Zebulon", emails=("ada@zebulon.example",)))

    with pytest.raises(UsageError, match=r"right side, search\(\): first_name of the record e1 is of the type int"):
        world.sync.run()


def test_what_can_be_borne_is_not_looked_for() -> None:
    """A None that nothing stumbles over is nothing to stop a run for."""
    world = World("left", "changes", with_fields(middle_name=None, personal_notes=None))

    assert world.sync.run().written() == 1


def test_an_error_of_the_provider_s_own_is_not_put_down_to_a_record() -> None:
    """What a method of a provider raises is raised as it is, whatever was read before it."""
    world = World("left", "changes", with_fields(middle_name=None))

    def out_of_order(_: object) -> None:
        raise ConnectionError("out of order")

    world.crm.faults.before("create", out_of_order)
    with pytest.raises(ConnectionError, match="out of order"):
        world.sync.run()


@dataclass(frozen=True)
class Deal:
    """A record of a host's own."""

    title: str = ""
    amount: float | None = None


def test_records_of_a_host_s_own_are_looked_through_by_their_own_types() -> None:
    """A dataclass by its annotations, a dict by the values of the blank one."""
    deals: MemoryCollection[Deal] = MemoryCollection(Shape(Deal))
    rows: MemoryCollection[dict[str, object]] = MemoryCollection(Shape(dict))
    profile: ts.Profile[Deal, dict[str, object]] = ts.Profile(
        "deals",
        left=ts.SideProfile(Deal()),
        right=ts.SideProfile({"title": "", "amount": None}),
        mapping=(rule("title", attribute("title"), key("title")),),
        matcher=Matcher(
            left=lambda deal: [fold(deal.title)],
            right=lambda row: [fold(cast("str", row["title"]))],
            search_left=lambda row: [Term("title", cast("str", row["title"]))],
            search_right=lambda deal: [Term("title", deal.title)],
        ),
    )
    deals.insert(Deal("Mill", 7))
    rows.insert({"title": "Mill", "amount": 7})
    for side, change, said in (
        ("left", lambda deal: Deal(cast("Any", b"Mill"), deal.amount), "title of the record 1 is of the type bytes"),
        ("right", lambda _: {"title": 7}, "title of the record 1 is of the type int"),
        ("right", lambda _: Deal(), "the record 1 is of the type Deal and has to be of dict"),
    ):
        parts: dict[str, Any] = {"left": deals, "right": rows}
        parts[side] = Twisting(parts[side], "changes", with_records(change))
        sync = ts.Sync("deals", **parts, profile=profile, state=ts.MemoryState())
        with pytest.raises(UsageError, match=rf"{side} side, changes\(\): {said}"):
            sync.run()


class Payable(Protocol):
    """What can't be asked of any value."""

    def pay(self) -> None:
        """Pay."""


@dataclass
class Company:
    """A record whose annotations say less than one may think."""

    title: str = ""
    notes: Any = None
    owner: Payable | None = None
    parent: "Company | None" = None
    limit: int = cast("int", None)
    tags: tuple[str, ...] = ()


class DeniedError(Exception):
    """An error of a host's own."""


def looped() -> Company:
    """Return an account that is its own parent."""
    account = Company("Mill")
    account.parent = account
    return account


@pytest.mark.parametrize(
    ("record", "error"),
    [
        (Company("Mill", notes=7), KeyError("Mill")),
        (looped(), KeyError("Mill")),
        (Company("Mill", tags=cast("Any", ["old"])), DeniedError("not today")),
    ],
    ids=["any, a protocol and a default of None", "a loop", "a class of its own"],
)
def test_an_error_that_no_record_explains_is_raised_as_it_is(record: Company, error: Exception) -> None:
    """Neither is it hidden by one of the looking, nor put down to a record that has nothing to do with it."""

    def refuse(_: Company) -> list[str]:
        raise error

    left, right = (MemoryCollection(Shape(Company)) for _ in range(2))
    left.insert(record)
    profile: ts.Profile[Company, Company] = ts.Profile(
        "accounts",
        left=ts.SideProfile(Company(), reasons_against=refuse),
        right=ts.SideProfile(Company()),
        mapping=(rule("title", attribute("title"), attribute("title")),),
        matcher=Matcher(
            left=lambda one: [fold(one.title)],
            right=lambda one: [fold(one.title)],
            search_left=lambda one: [Term("title", one.title)],
            search_right=lambda one: [Term("title", one.title)],
        ),
    )
    with pytest.raises(type(error)) as raised:
        ts.Sync("accounts", left=left, right=right, profile=profile, state=ts.MemoryState()).run()

    assert raised.value is error


def test_an_error_after_a_miscounted_answer_is_not_put_down_to_that() -> None:
    """The run went on, and looks into those writes later; what a function raises meanwhile comes of something else."""
    world, failing = World(), list[Exception]()
    world.outlook.insert(contact("Grace"))
    world.sync.run()

    def refuse(_: object) -> list[str]:
        if failing:
            raise failing[0]
        return []

    def miscounted(_: object) -> list[object]:
        failing.append(KeyError("Zebulon"))
        return []

    ada, (grace,) = world.outlook.ids()[0], world.crm.search([Term("email", "Grace@zebulon.example")], Scope())
    world.outlook.edit(ada, department="Mill")
    world.crm.edit(grace.id, department="Mill")
    left = Twisting(world.outlook, "update", lambda _: [Outcome(Status.CHANGED)])
    right = Twisting(world.crm, "update", miscounted)
    profile = attrs.evolve(PROFILE, left=attrs.evolve(PROFILE.left, reasons_against=refuse))
    parts: dict[str, Any] = {"left": left, "right": right, "state": world.state, "clock": world.clock}
    with pytest.raises(KeyError) as raised:
        ts.Sync("people", profile=profile, **parts).run()

    assert raised.value is failing[0]


def calendar(**twisted: tuple[str, Twist]) -> ts.Sync[Any, Any]:
    """Return a sync of events whose attendees are looked up, with parts that answer as they are told to."""
    crm = FakeCrm()
    parts: dict[str, Any] = {
        "left": FakeOutlook().calendar,
        "entries": crm.entries,
        "leads": crm.leads,
    }
    parts["left"].insert(Event("Zebulon"))
    parts |= {name: Twisting(parts[name], *twist) for name, twist in twisted.items()}
    return ts.Sync(
        "meetings",
        left=parts.pop("left"),
        right=crm.appointments,
        profile=maximizer.appointments("ada", zone="Europe/Paris"),
        state=ts.MemoryState(),
        directories=parts,
    )


@pytest.mark.parametrize(
    ("part", "twist", "said"),
    [
        ("left", ("changes", lambda _: None), r"left side, changes\(\): the answer is None"),
        (
            "left",
            ("changes", with_fields(attendees=None)),
            r"left side, changes\(\): attendees of the record .* is None",
        ),
        ("left", ("changes", with_fields(attendees=(7,))), "is of the type int and has to be of Attendee"),
        (
            "leads",
            ("capabilities", lambda _: None),
            "directory leads: the capabilities of a Twisting is of the type None",
        ),
    ],
    ids=["no page", "no attendees", "no attendee", "no capabilities"],
)
def test_records_that_are_looked_up_in_directories_are_named_too(
    part: str, twist: tuple[str, Twist], said: str
) -> None:
    """The answer is looked at before the machine sees it, and said to be wrong all the same."""
    with pytest.raises(UsageError, match=said):
        calendar(**{part: twist}).run()


MAIL: dict[str, tuple[str, str, Twist]] = {
    r"mailbox, changes\(\): the record .* is None and has to be of Message": (
        "mailboxes",
        "changes",
        with_records(lambda _: None),
    ),
    r"mailbox, changes\(\): subject of the record .* is None and has to be of str": (
        "mailboxes",
        "changes",
        with_fields(subject=None, message_id=None),
    ),
    "mailbox 1: the account of a Twisting is of the type NoneType": ("mailboxes", "account", lambda _: None),
    "mailbox 1: the capabilities of a Twisting is of the type dict": ("mailboxes", "capabilities", lambda _: {}),
    "people 1: the capabilities of a Twisting is of the type dict": ("people", "capabilities", lambda _: {}),
    r"people, search\(\): emails of the record e1 is None and has to be of tuple": (
        "people",
        "search",
        with_fields(emails=None),
    ),
    r"people, search\(\): the record e1 is of the type dict and has to be of Entry or Lead": (
        "people",
        "search",
        with_records(lambda person: {"emails": person.emails}),
    ),
}


@pytest.mark.parametrize("fault", MAIL)
def test_a_mailbox_or_directory_that_shows_what_is_no_message_or_person_is_named(fault: str) -> None:
    """A directory whose people are of another type would have every message left out as nobody's."""
    world = MailWorld()
    world.crm.entries.insert(Entry(first_name="Grace", emails=("grace@example.com",)))
    world.receive(subject="Zebulon")
    part, name, twist = MAIL[fault]
    parts: dict[str, Sequence[Any]] = {"mailboxes": (world.mail,), "people": (world.crm.entries,)}
    parts[part] = (Twisting(parts[part][0], name, twist),)
    world.profile = linkpoint.mail("ada@example.com", MailSettings(mode=MailMode.ALL))

    with pytest.raises(UsageError, match=fault) as error:
        world.sync(**parts).run()

    assert "zebulon" not in str(error.value).lower()


def test_a_directory_may_show_accounts_and_persons_beside_its_entries() -> None:
    """A CRM's search by address may find them; they are passed over, and the mail is saved."""
    world = MailWorld()
    world.crm.entries.insert(Entry(first_name="Grace", emails=("grace@example.com",)))
    world.receive()
    others = (Account(name="Eckert"), Person(emails=("grace@example.com",)))
    mixed = [Item(f"other{at}", None, record) for at, record in enumerate(others)]
    directory: Any = Twisting(world.crm.entries, "search", lambda found: [*mixed, *found])
    world.profile = linkpoint.mail("ada@example.com", MailSettings(mode=MailMode.ALL))
    world.sync(people=(directory,)).run()

    assert len(world.activities) == 1
