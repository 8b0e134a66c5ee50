"""Test how the Maximizer contact sync keeps telephone numbers by their labels, and never overwrites one."""

from typing import Any

import pytest

from tallystick.reconcile import Note
from tallystick.records import Contact, Phone
from tests.behaviour.conftest import World, contact, entry

ALL_IN_OUTLOOK: dict[str, Any] = {"mobile_phone": "1", "business_phones": ("2", "3"), "home_phones": ("4",)}
ALL_IN_CRM = (Phone("Cell", "1"), Phone("Main", "2"), Phone("Fax", "3"), Phone("Home", "4"))
OTHER_LABELS = (Phone("Direct", "6"), Phone("Assistant", "7"), Phone("Pager", "8"), Phone("", "9"))

EVERY_PLACE = pytest.mark.parametrize(
    ("fields", "label"),
    [
        pytest.param({"mobile_phone": "5"}, "Cell", id="mobile"),
        pytest.param({"business_phones": ("5",)}, "Main", id="first business"),
        pytest.param({"home_phones": ("5",)}, "Home", id="home"),
    ],
)


def numbers(record: Contact) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Return the numbers of a contact: mobile, business, home."""
    return (record.mobile_phone, record.business_phones, record.home_phones)


# --- new records -------------------------------------------------------------------------------------------------


@pytest.mark.behaviour("MX-C-11")
def test_a_new_entry_has_the_numbers_in_order_of_the_table(world: World) -> None:
    """Mobile, first and second business and home number become Phone1 to Phone4, under the CRM's labels."""
    _, right = world.pair(first="Ada", **ALL_IN_OUTLOOK)

    assert world.crm.record(right).phones == ALL_IN_CRM
    world.settled()


@pytest.mark.behaviour("MX-C-11")
@pytest.mark.parametrize(
    ("fields", "place", "label"),
    [
        ({"mobile_phone": "5"}, 0, "Cell"),
        ({"business_phones": ("5",)}, 1, "Main"),
        ({"home_phones": ("5",)}, 3, "Home"),
    ],
    ids=["mobile", "business", "home"],
)
def test_each_number_of_a_new_entry_has_its_own_place(
    world: World, fields: dict[str, Any], place: int, label: str
) -> None:
    """A single number of a new entry stands where it would stand among all four."""
    _, right = world.pair(first="Ada", **fields)

    assert Phone(label, "5") == world.crm.record(right).phones[place]
    assert sum(bool(one.number or one.label) for one in world.crm.record(right).phones) == 1
    world.settled()


@pytest.mark.behaviour("MX-C-11")
@pytest.mark.parametrize("mobile", ["Cell", "Mobile", "cell", "MOBILE"])
def test_a_new_contact_has_the_numbers_by_label(world: World, mobile: str) -> None:
    """Numbers find their place by their label, whatever order they are in; Mobile and Cell are both mobile."""
    world.client(entry("Ada", phones=(Phone("home", "4"), Phone("FAX", "3"), Phone("Main", "2"), Phone(mobile, "1"))))

    world.run()

    assert [numbers(one) for one in world.outlook.all().values()] == [("1", ("2", "3"), ("4",))]
    world.settled()


@pytest.mark.behaviour("MX-C-11")
def test_other_labels_are_neither_read_nor_written(world: World) -> None:
    """Numbers under labels of a person's own do not reach Outlook, and stay as they are."""
    right = world.client(entry("Ada", phones=OTHER_LABELS))

    world.run()
    (left,) = world.outlook.ids()
    assert numbers(world.outlook.record(left)) == ("", (), ())
    world.crm.edit(right, position="Poet")
    world.run()

    assert (world.crm.record(right).phones, world.outlook.record(left).job_title) == (OTHER_LABELS, "Poet")
    assert numbers(world.outlook.record(left)) == ("", (), ())
    world.settled()


@pytest.mark.behaviour("MX-C-11")
def test_a_fax_without_a_main_number_is_not_taken_for_one(world: World) -> None:
    """A Fax number alone reaches Outlook, and does not come back as a Main number."""
    right = world.client(entry("Ada", phones=(Phone("Fax", "3"),)))

    world.run()

    assert [numbers(one) for one in world.outlook.all().values()] == [("", ("3",), ())]
    assert (Phone("Fax", "3"),) == world.crm.record(right).phones
    world.settled()


# --- filling -----------------------------------------------------------------------------------------------------


@pytest.mark.behaviour("MX-C-11")
@EVERY_PLACE
def test_a_number_that_is_added_in_outlook_fills_the_entry(world: World, fields: dict[str, Any], label: str) -> None:
    """A number that a person adds in Outlook is added to an entry that has none at that place."""
    left, right = world.pair(first="Ada")
    world.outlook.edit(left, **fields)

    world.run()

    assert [(label, "5")] == [(one.label, one.number) for one in world.crm.record(right).phones if one.number]
    world.settled()


@pytest.mark.behaviour("MX-C-11")
@EVERY_PLACE
def test_a_number_that_is_added_in_the_crm_fills_the_contact(world: World, fields: dict[str, Any], label: str) -> None:
    """A number that a person adds in the CRM is added to a contact that has none at that place."""
    left, right = world.pair(first="Ada")
    world.crm.edit(right, phones=(Phone("Direct", "9"), Phone(label, "5")))

    world.run()

    assert numbers(contact(**fields)) == numbers(world.outlook.record(left))
    assert (Phone("Direct", "9"), Phone(label, "5")) == world.crm.record(right).phones
    world.settled()


@pytest.mark.behaviour("MX-C-11")
def test_a_second_business_number_fills_the_fax(world: World) -> None:
    """A second business number is the Fax number, in both directions."""
    left, right = world.pair(first="Ada", business_phones=("2",))
    other_left, other_right = world.pair(first="Bea", business_phones=("2",))
    world.outlook.edit(left, business_phones=("2", "3"))
    world.crm.edit(other_right, phones=(Phone("Fax", "3"), Phone("Main", "2")))

    world.run()

    assert {("Main", "2"), ("Fax", "3")} == {
        (one.label, one.number) for one in world.crm.record(right).phones if one.number
    }
    assert world.outlook.record(other_left).business_phones == ("2", "3")
    world.settled()


# --- leaving alone -----------------------------------------------------------------------------------------------


@pytest.mark.behaviour("MX-C-11")
def test_different_numbers_are_left_alone(world: World) -> None:
    """A number that was changed on one side never replaces the one of the other, and is no conflict."""
    left, right = world.pair(first="Ada", **ALL_IN_OUTLOOK)
    changed: dict[str, Any] = {"mobile_phone": "11", "business_phones": ("12", "13"), "home_phones": ("14",)}
    world.outlook.edit(left, **changed)
    assert world.run().written() == 0
    new = tuple(Phone(one.label, f"2{one.number}") for one in ALL_IN_CRM)
    world.crm.edit(right, phones=new, position="Poet")

    report = world.run()

    assert (report.written(), report.notes) == (1, ())
    assert contact("Ada", job_title="Poet", **changed) == world.outlook.record(left)
    assert new == world.crm.record(right).phones
    world.settled()


@pytest.mark.behaviour("MX-C-11")
@pytest.mark.parametrize("side", ["outlook", "crm"])
def test_an_emptied_number_is_neither_refilled_nor_emptied_elsewhere(world: World, side: str) -> None:
    """A number that a person emptied stays empty, and stays on the other side, also when other fields change."""
    left, right = world.pair(first="Ada", **ALL_IN_OUTLOOK)
    if side == "outlook":
        world.outlook.edit(left, mobile_phone="", business_phones=(), home_phones=())
    else:
        world.crm.edit(right, phones=())
    shown = (numbers(world.outlook.record(left)), world.crm.record(right).phones)
    assert world.run().written() == 0
    world.outlook.edit(left, job_title="Poet")
    world.crm.edit(right, department="Numbers")

    world.run()

    assert shown == (numbers(world.outlook.record(left)), world.crm.record(right).phones)
    assert (world.crm.record(right).position, world.outlook.record(left).department) == ("Poet", "Numbers")
    world.settled()


@pytest.mark.behaviour("MX-C-11")
@pytest.mark.parametrize("side", ["outlook", "crm"])
def test_a_number_that_stands_elsewhere_on_the_other_side_is_not_brought_back(world: World, side: str) -> None:
    """A number that both sides have, at different places, stays deleted where a person deletes it."""
    left = world.outlook.insert(contact("Ada", mobile_phone="1", job_title="Poet"))
    right = world.client(entry("Ada", phones=(Phone("Home", "1"),), department="Numbers"))
    assert world.run().written() == 2
    if side == "outlook":
        world.outlook.edit(left, mobile_phone="")
    else:
        world.crm.edit(right, phones=())
    shown = (numbers(world.outlook.record(left)), world.crm.record(right).phones)

    report = world.run()

    assert report.written() == 0
    assert shown == (numbers(world.outlook.record(left)), world.crm.record(right).phones)
    world.settled()


@pytest.mark.behaviour("MX-C-11")
def test_one_number_of_two_is_taken_away(world: World) -> None:
    """Where the first of two business numbers is deleted in Outlook, the entry keeps both, and nothing comes back."""
    left, right = world.pair(first="Ada", business_phones=("2", "3"))
    world.outlook.edit(left, business_phones=("3",))

    report = world.run()

    assert (report.written(), world.outlook.record(left).business_phones) == (0, ("3",))
    assert [one.number for one in world.crm.record(right).phones if one.number] == ["2", "3"]
    world.settled()


@pytest.mark.behaviour("MX-C-11")
@pytest.mark.parametrize("label", ["Direct", "Home", "Fax"])
def test_a_number_under_another_label_is_not_added_twice_to_an_entry(world: World, label: str) -> None:
    """A number that the entry already has, under whatever label and however written, is not added once more."""
    left, right = world.pair(first="Ada")
    world.crm.edit(right, phones=(Phone(label, "+44 20 7946-0000"),))
    world.run()
    shown = world.crm.record(right).phones
    world.outlook.edit(left, mobile_phone="+442079460000")

    world.run()

    assert shown == world.crm.record(right).phones
    world.settled()


@pytest.mark.behaviour("MX-C-11")
def test_a_number_under_another_label_is_not_added_twice_to_a_contact(world: World) -> None:
    """A number that the contact already has at another place is not added once more."""
    left, right = world.pair(first="Ada", home_phones=("4", "(020) 7946"))
    world.crm.edit(right, phones=(Phone("Cell", "020 7946"), Phone("Main", "4"), Phone("Home", "4")))

    world.run()

    assert numbers(world.outlook.record(left)) == ("", (), ("4", "(020) 7946"))
    world.settled()


@pytest.mark.behaviour("MX-C-11")
def test_another_spelling_of_a_number_is_no_change(world: World) -> None:
    """Blanks, hyphens and brackets in a number are no edit."""
    left, right = world.pair(first="Ada", mobile_phone="+44 20 7946")
    world.outlook.edit(left, mobile_phone="+44 (20) 79-46")

    report = world.run()

    assert (report.written(), world.crm.record(right).phones[0].number) == (0, "+44 20 7946")
    world.settled()


# --- no room -----------------------------------------------------------------------------------------------------


@pytest.mark.behaviour("MX-C-11", "TS-17")
@pytest.mark.parametrize("paired", ["in sync", "first pairing"])
def test_a_number_without_a_free_slot_is_reported(world: World, paired: str) -> None:
    """Where an entry's four slots are taken by other labels, a number from Outlook is not carried, and that is told."""
    if paired == "in sync":
        left, right = world.pair(first="Ada")
        world.crm.edit(right, phones=OTHER_LABELS)
        world.run()
        world.outlook.edit(left, mobile_phone="1", job_title="Poet")
    else:
        left = world.outlook.insert(contact("Ada", mobile_phone="1", job_title="Poet"))
        right = world.client(entry("Ada", phones=OTHER_LABELS))

    report = world.run()

    assert (world.crm.record(right).phones, world.crm.record(right).position) == (OTHER_LABELS, "Poet")
    assert world.outlook.record(left).mobile_phone == "1"
    assert [(note.kind, note.rule) for note in report.notes] == [(Note.NOT_CARRIED, "phones")]
    world.settled()


@pytest.mark.behaviour("MX-C-11", "TS-17")
def test_a_number_without_a_free_slot_is_reported_even_if_nothing_else_changed(world: World) -> None:
    """A number that finds no room is told of too where there is nothing to write at all."""
    left, right = world.pair(first="Ada")
    world.crm.edit(right, phones=OTHER_LABELS)
    world.run()
    world.outlook.edit(left, mobile_phone="1")

    report = world.run()

    assert (report.written(), world.crm.record(right).phones) == (0, OTHER_LABELS)
    assert [(note.kind, note.rule) for note in report.notes] == [(Note.NOT_CARRIED, "phones")]
    world.settled()


@pytest.mark.behaviour("MX-C-11", "TS-17")
def test_numbers_beyond_the_table_survive(world: World) -> None:
    """A second home number stays in Outlook when the first is filled in from the CRM, and does not travel."""
    left, right = world.pair(first="Ada", home_phones=("", "44"))
    world.crm.edit(right, phones=(Phone("Home", "4"), Phone("Cell", "1")))

    world.run()

    assert numbers(world.outlook.record(left)) == ("1", (), ("4", "44"))
    assert [one.number for one in world.crm.record(right).phones] == ["4", "1"]
    world.settled()
