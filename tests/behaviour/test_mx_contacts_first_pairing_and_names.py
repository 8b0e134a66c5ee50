"""Test what the Maximizer contact sync does at a first pairing, with FileAs, and with contacts that become unfit."""

from typing import Any

import attrs
import pytest

from tallystick import Side
from tallystick.ports import RunState
from tallystick.reconcile import Bucket, Note
from tallystick.records import EmailAddress, Phone, PostalAddress
from tests.behaviour.conftest import World, contact, emails, entry

HOME, AWAY = PostalAddress("1 Home St", "Hometown", "HT", "11111", "UK"), PostalAddress("2 Away St", country="FR")
PLACES = pytest.mark.parametrize("listed", [True, False], ids=["both in scope", "found by a look-up"])

# --- the first pairing -------------------------------------------------------------------------------------------


@pytest.mark.behaviour("MX-C-18")
@PLACES
def test_empty_fields_are_filled_at_a_first_pairing(world: World, listed: bool) -> None:
    """What one of two records that find each other lacks it gets from the other, and nothing is emptied."""
    left = world.outlook.insert(
        contact("Ada", company_name="Example", middle_name="King", business_address=HOME, business_phones=("2",))
    )
    right = world.crm.insert(
        entry("Ada", position="Poet", department="Numbers", division="Attic", phones=(Phone("Cell", "1"),)),
        lists=["Clients"] if listed else [],
    )

    report = world.run()

    both: dict[str, Any] = {"middle_name": "King", "company_name": "Example", "department": "Numbers"}
    wanted = contact("Ada", job_title="Poet", office_location="Attic", business_address=HOME, **both)
    assert attrs.evolve(wanted, mobile_phone="1", business_phones=("2",)) == world.outlook.record(left)
    made = world.crm.record(right)
    assert entry("Ada", position="Poet", division="Attic", address=HOME, **both) == attrs.evolve(made, phones=())
    assert {("Cell", "1"), ("Main", "2")} == {(one.label, one.number) for one in made.phones}
    assert report.notes == ()
    world.settled()


@pytest.mark.behaviour("MX-C-18")
@PLACES
@pytest.mark.parametrize("last", list(Side))
def test_the_latest_record_gives_the_values_that_differ(world: World, listed: bool, last: Side) -> None:
    """Where both records have a value, that of the more recently modified one stands; numbers are left alone."""
    left = world.outlook.insert(contact("Ada", company_name="Left", business_address=HOME, mobile_phone="1"))
    phones = (Phone("Cell", "9"),)
    right = world.crm.insert(
        entry("Ada", company_name="Right", address=AWAY, phones=phones), lists=["Clients"] if listed else []
    )
    (world.crm if last is Side.RIGHT else world.outlook).touch((left, right)[last])

    report = world.run()

    (company, address) = (("Left", HOME), ("Right", AWAY))[last]
    one, other = world.outlook.record(left), world.crm.record(right)
    assert (company, company) == (one.company_name, other.company_name)
    assert (address, address) == (one.business_address, other.address)
    assert ("1", phones) == (one.mobile_phone, other.phones)
    lost = {(Note.LOST, last.other, (left, right)[last.other], rule) for rule in ("company", "address")}
    assert lost == {attrs.astuple(note) for note in report.notes}
    world.settled()


@pytest.mark.behaviour("MX-C-18", "MX-C-12")
def test_addresses_are_united_at_a_first_pairing(world: World) -> None:
    """E-mail addresses that only one of the two records has are kept, and reach the other."""
    left = world.outlook.insert(contact("Ada", "Lovelace", "a@example.com", "b@example.com"))
    right = world.client(entry("Ada", "Lovelace", "c@example.com", "a@example.com"))

    world.run()

    everything = {"a@example.com", "b@example.com", "c@example.com"}
    assert everything == set(emails(world.outlook.record(left))) == set(world.crm.record(right).emails)
    world.settled()


# --- FileAs ------------------------------------------------------------------------------------------------------


@pytest.mark.behaviour("MX-C-14")
def test_a_new_contact_is_filed_under_first_and_last_name(world: World) -> None:
    """A contact that the sync creates is filed as "First Last", without the middle name."""
    world.client(entry("Ada", "Lovelace", middle_name="King", company_name="Example"))

    world.run()

    assert [one.file_as for one in world.outlook.all().values()] == ["Ada Lovelace"]
    world.settled()


@pytest.mark.behaviour("MX-C-14")
@pytest.mark.parametrize(
    ("edit", "filed"),
    [
        ({"first_name": "Augusta"}, "Augusta Lovelace"),
        ({"last_name": "Byron"}, "Ada Byron"),
        ({"first_name": "ADA"}, "ADA Lovelace"),
        ({"first_name": "Augusta", "last_name": "Byron", "position": "Poet"}, "Augusta Byron"),
        ({"middle_name": "King"}, "Lovelace, Ada"),
        ({"position": "Poet", "emails": ("ada@example.com", "a@example.com")}, "Lovelace, Ada"),
    ],
    ids=["first name", "last name", "case", "both", "middle name", "other fields"],
)
def test_file_as_follows_the_names_of_the_crm_only(world: World, edit: dict[str, Any], filed: str) -> None:
    """How a contact is filed is rewritten when first or last name changed in the CRM, and kept otherwise."""
    left, right = world.pair(first="Ada")
    world.crm.edit(right, **edit)

    world.run()

    assert filed == world.outlook.record(left).file_as
    world.settled()


@pytest.mark.behaviour("MX-C-14")
@pytest.mark.parametrize(
    ("last", "edit"),
    [
        ("Lovelace", {"first_name": "Ada "}),
        ("Lovelace", {"first_name": " Ada"}),
        ("Lovelace", {"last_name": " Lovelace"}),
        ("von Lovelace", {"last_name": "von  Lovelace"}),
        ("Lovelace", {"first_name": "\u00a0Ada", "last_name": "Lovelace\t"}),
    ],
    ids=["after", "before", "between", "doubled", "other spaces"],
)
def test_a_blank_more_or_less_in_a_name_files_no_contact_anew(world: World, last: str, edit: dict[str, Any]) -> None:
    """How a contact is filed is kept where nothing but blanks was put into a name of the CRM, or taken out again."""
    left, right = world.pair(last=last)
    before = {field: getattr(world.crm.record(right), field) for field in edit}
    for fields in (edit, before):
        world.crm.edit(right, **fields)
        world.run()
        assert world.outlook.record(left).file_as == f"{last}, Ada"
    world.settled()


@pytest.mark.behaviour("MX-C-14")
def test_a_new_contact_is_filed_with_one_blank_between_its_names(world: World) -> None:
    """Blanks around the names of an entry don't get into how its contact is filed."""
    world.client(entry(" Ada ", "Lovelace ", "ada@example.com"))
    world.run()
    assert [one.file_as for one in world.outlook.all().values()] == ["Ada Lovelace"]


@pytest.mark.behaviour("MX-C-14")
def test_file_as_is_kept_when_names_change_in_outlook(world: World) -> None:
    """A name that was changed in Outlook reaches the CRM and never comes back as another FileAs."""
    left, right = world.pair(first="Ada")
    world.outlook.edit(left, surname="Byron")
    world.run()
    world.crm.edit(right, position="Poet")
    world.run()

    assert (world.crm.record(right).last_name, world.outlook.record(left).job_title) == ("Byron", "Poet")
    assert world.outlook.record(left).file_as == "Lovelace, Ada"
    world.settled()


@pytest.mark.behaviour("MX-C-14", "MX-C-09")
def test_file_as_is_kept_when_outlooks_name_wins(world: World) -> None:
    """Where both sides changed the last name and Outlook's is the later one, the contact stays filed as it is."""
    left, right = world.pair(first="Ada")
    world.crm.edit(right, last_name="King")
    world.outlook.edit(left, surname="Byron", file_as="Byron, Ada")

    world.run()

    assert (world.crm.record(right).last_name, world.outlook.record(left).file_as) == ("Byron", "Byron, Ada")
    world.settled()


@pytest.mark.behaviour("MX-C-14")
def test_file_as_never_travels_to_the_crm(world: World) -> None:
    """Filing a contact otherwise is no change for the CRM, and it stays filed so."""
    left, _ = world.pair(first="Ada")
    world.outlook.edit(left, file_as="Countess of Lovelace")

    report = world.run()

    assert (world.outlook.record(left).file_as, report.written()) == ("Countess of Lovelace", 0)
    world.settled()


@pytest.mark.behaviour("MX-C-14")
@PLACES
def test_file_as_is_kept_at_a_first_pairing(world: World, listed: bool) -> None:
    """A contact that is paired with an entry stays filed as it is, since nobody changed a name in the CRM."""
    left = world.outlook.insert(contact("Ada"))
    world.crm.insert(entry("Ada", position="Poet"), lists=["Clients"] if listed else [])

    world.run()

    assert (world.outlook.record(left).job_title, world.outlook.record(left).file_as) == ("Poet", "Lovelace, Ada")
    world.settled()


@pytest.mark.behaviour("MX-C-14")
def test_an_empty_file_as_is_kept_too(world: World) -> None:
    """A contact that is filed under nothing stays so until first or last name changes in the CRM."""
    left, right = world.pair(first="Ada", file_as="")
    world.crm.edit(right, position="Poet")
    world.run()
    assert (world.outlook.record(left).job_title, world.outlook.record(left).file_as) == ("Poet", "")
    world.settled()

    world.crm.edit(right, last_name="Byron")
    world.run()

    assert world.outlook.record(left).file_as == "Ada Byron"


# --- becoming unfit ----------------------------------------------------------------------------------------------

UNFIT = [
    pytest.param({"given_name": ""}, {"first_name": " "}, "missing:first_name", id="first name"),
    pytest.param({"surname": " "}, {"last_name": ""}, "missing:last_name", id="last name"),
    pytest.param({"email_addresses": ()}, {"emails": ()}, "missing:email", id="address"),
    pytest.param({"email_addresses": (EmailAddress("ada"),)}, {"emails": ("ada",)}, "invalid:email", id="validity"),
]


@pytest.mark.behaviour("MX-C-19")
@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize(("left_edit", "right_edit", "reason"), UNFIT)
def test_a_contact_in_sync_that_becomes_unfit_is_frozen(
    world: World, side: Side, left_edit: dict[str, Any], right_edit: dict[str, Any], reason: str
) -> None:
    """A contact in sync that loses a mandatory field is ignored with the reason; its pair stays, nothing is written."""
    left, right = world.pair(first="Ada")
    if side is Side.LEFT:
        world.outlook.edit(left, company_name="Example", **left_edit)
    else:
        world.crm.edit(right, company_name="Example", **right_edit)

    report = world.run()

    unfit = (left, right)[side]
    assert ({unfit: (reason,)}, 1, 0) == (world.ignored(), report.ignored, report.written())
    assert (report.state, report.buckets[Bucket.IGNORED], sum(report.buckets.values())) == (RunState.COMPLETE, 1, 1)
    assert world.sync().status().pairs == 1
    world.settled()


@pytest.mark.behaviour("MX-C-19", "MX-C-17")
@pytest.mark.parametrize("side", list(Side))
def test_a_frozen_pair_goes_on_when_it_is_mended(world: World, side: Side) -> None:
    """While one record is unfit nothing travels either way; once it is mended, all edits of the meantime do."""
    left, right = world.pair(first="Ada")
    if side is Side.LEFT:
        world.outlook.edit(left, surname="", job_title="Poet")
    else:
        world.crm.edit(right, last_name="", position="Poet")
    world.run()
    world.outlook.edit(left, office_location="Attic")
    world.crm.edit(right, department="Numbers")
    report = world.run()
    assert (report.written(), report.ignored) == (0, 1)
    world.settled()

    if side is Side.LEFT:
        world.outlook.edit(left, surname="Lovelace")
    else:
        world.crm.edit(right, last_name="Lovelace")
    world.run()

    assert world.ignored() == {}
    values = ("Poet", "Numbers", "Attic")
    one, other = world.outlook.record(left), world.crm.record(right)
    assert values == (one.job_title, one.department, one.office_location)
    assert values == (other.position, other.department, other.division)
    assert (one.surname, other.last_name) == ("Lovelace", "Lovelace")
    world.settled()


@pytest.mark.behaviour("MX-C-19")
def test_both_records_of_a_pair_can_be_unfit(world: World) -> None:
    """A pair of which both records lack something is one pair, listed with both records, until both are mended."""
    left, right = world.pair(first="Ada")
    world.outlook.edit(left, surname="")
    world.crm.edit(right, first_name="")

    report = world.run()

    assert {left: ("missing:last_name",), right: ("missing:first_name",)} == world.ignored()
    assert (report.written(), sum(report.buckets.values())) == (0, 1)
    world.outlook.edit(left, surname="Lovelace")
    world.run()
    assert {right: ("missing:first_name",)} == world.ignored()
    world.settled()
