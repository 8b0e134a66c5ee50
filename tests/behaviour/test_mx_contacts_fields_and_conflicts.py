"""Test what the Maximizer contact sync carries between two contacts, and whose value stands where both changed."""

from collections.abc import Sequence
from datetime import timedelta

import attrs
import pytest

from tallystick import Side
from tallystick.ports import Found, Item, Loser, Page, Scope
from tallystick.providers.memory import OUTLOOK_CAPABILITIES, Categories, MemoryCollection, VirtualClock, contact_shape
from tallystick.reconcile import Note
from tallystick.records import Contact
from tests.behaviour.conftest import MakeWorld, World, contact, entry

TABLE = [
    ("company_name", "company_name"),
    ("given_name", "first_name"),
    ("middle_name", "middle_name"),
    ("surname", "last_name"),
    ("job_title", "position"),
    ("department", "department"),
    ("office_location", "division"),
]
OPTIONAL = [pair for pair in TABLE if pair[0] not in {"given_name", "surname"}]
EVERY_FIELD = pytest.mark.parametrize(("left", "right"), TABLE)
EVERY_OPTIONAL_FIELD = pytest.mark.parametrize(("left", "right"), OPTIONAL)


@attrs.define
class Kept:
    """A sink that remembers what it was given."""

    losers: list[Loser] = attrs.field(factory=list)

    def keep(self, losers: Sequence[Loser]) -> None:
        """Remember the losers."""
        self.losers += losers


# --- the field table ---------------------------------------------------------------------------------------------


@pytest.mark.behaviour("MX-C-13")
@EVERY_FIELD
def test_each_field_of_a_contact_reaches_the_entry(world: World, left: str, right: str) -> None:
    """Each field of the table is there in a new entry, and follows an edit in Outlook."""
    one = world.outlook.insert(contact(first="Ada", email_addresses=contact().email_addresses))
    world.outlook.edit(one, **{left: "New"})
    world.run()
    (other,) = world.crm.ids()
    assert getattr(world.crm.record(other), right) == "New"

    world.outlook.edit(one, **{left: "Edited"})
    world.run()

    assert getattr(world.crm.record(other), right) == "Edited"
    world.settled()


@pytest.mark.behaviour("MX-C-13")
@EVERY_FIELD
def test_each_field_of_an_entry_reaches_the_contact(world: World, left: str, right: str) -> None:
    """Each field of the table is there in a new contact, and follows an edit in the CRM."""
    other = world.client(entry("Ada"))
    world.crm.edit(other, **{right: "New"})
    world.run()
    (one,) = world.outlook.ids()
    assert getattr(world.outlook.record(one), left) == "New"

    world.crm.edit(other, **{right: "Edited"})
    world.run()

    assert getattr(world.outlook.record(one), left) == "Edited"
    world.settled()


@pytest.mark.behaviour("MX-C-13")
def test_fields_without_a_counterpart_stay_on_their_side(world: World) -> None:
    """What the table does not name neither travels nor is touched."""
    own = {"nick_name": "Addie", "title": "Countess", "personal_notes": "met", "display_name": "A. L."}
    left, right = world.pair(first="Ada", **own)
    assert entry("Ada") == world.crm.record(right)
    world.crm.edit(right, notes="called", salutation="Dear", website="example.com", position="Poet")

    world.run()

    assert contact("Ada", job_title="Poet", **own) == world.outlook.record(left)
    world.settled()


@pytest.mark.behaviour("MX-C-19")
@EVERY_OPTIONAL_FIELD
@pytest.mark.parametrize("empty", ["", "  "], ids=["empty", "blank"])
def test_an_emptied_field_is_emptied_on_the_other_side(world: World, left: str, right: str, empty: str) -> None:
    """An optional field that a person empties or blanks out on one side is emptied on the other."""
    one, other = world.pair(first="Ada", **{left: "Old"})
    world.outlook.edit(one, **{left: empty})
    world.run()
    assert getattr(world.crm.record(other), right).strip() == ""
    world.crm.edit(other, **{right: "New"})
    world.run()
    assert getattr(world.outlook.record(one), left) == "New"

    world.crm.edit(other, **{right: empty})
    world.run()

    assert getattr(world.outlook.record(one), left).strip() == ""
    world.settled()


# --- conflicts ---------------------------------------------------------------------------------------------------


@pytest.mark.behaviour("MX-C-09")
@pytest.mark.parametrize("last", list(Side))
def test_the_most_recent_change_wins(world: World, last: Side) -> None:
    """Where both sides changed a field, the record that was modified last gives its value, and the report says so."""
    left, right = world.pair(first="Ada", company_name="Old")
    edits = [
        lambda: world.outlook.edit(left, company_name="Left"),
        lambda: world.crm.edit(right, company_name="Right"),
    ]
    edits[last.other]()
    edits[last]()

    report = world.run()

    won = ("Left", "Right")[last]
    assert (won, won) == (world.outlook.record(left).company_name, world.crm.record(right).company_name)
    assert (Note(Note.LOST, last.other, (left, right)[last.other], "company"),) == report.notes
    assert report.written() == 1
    world.settled()


@pytest.mark.behaviour("MX-C-09")
def test_changes_to_different_fields_are_both_kept(world: World) -> None:
    """Edits of different fields on both sides all survive, next to a field that both changed."""
    left, right = world.pair(first="Ada")
    world.crm.edit(right, department="Numbers", company_name="Right", position="Poet")
    world.outlook.edit(left, office_location="Attic", company_name="Left", middle_name="King")

    report = world.run()

    ada = contact("Ada", middle_name="King", company_name="Left", job_title="Poet", department="Numbers")
    assert attrs.evolve(ada, office_location="Attic") == world.outlook.record(left)
    ada_too = entry("Ada", middle_name="King", company_name="Left", position="Poet", department="Numbers")
    assert attrs.evolve(ada_too, division="Attic") == world.crm.record(right)
    assert [(note.rule, note.side) for note in report.notes] == [("company", Side.RIGHT)]
    world.settled()


@pytest.mark.behaviour("MX-C-09")
def test_the_same_change_on_both_sides_is_no_conflict(world: World) -> None:
    """Where both sides were given the same value, nothing is written and nothing reported."""
    left, right = world.pair(first="Ada")
    world.outlook.edit(left, company_name="Example")
    world.crm.edit(right, company_name="Example ")

    report = world.run()

    assert (report.notes, report.written()) == ((), 0)
    world.settled()


@pytest.mark.behaviour("MX-C-09")
def test_emptying_against_editing_is_a_conflict_like_another(world: World) -> None:
    """Where one side emptied a field and the other edited it, the last of the two stands."""
    left, right = world.pair(first="Ada", company_name="Old")
    world.crm.edit(right, company_name="Right")
    world.outlook.edit(left, company_name="")

    report = world.run()

    assert (
        world.crm.record(right).company_name,
        [(note.rule, note.side) for note in report.notes],
    ) == ("", [("company", Side.RIGHT)])
    world.settled()


@pytest.mark.behaviour("MX-C-09")
def test_a_tie_goes_to_the_crm(make_world: MakeWorld) -> None:
    """Where both records were modified at the same moment, the CRM's value stands, and the report says so."""
    world = make_world(clock=VirtualClock(step=timedelta(0)))
    left, right = world.pair(first="Ada")
    world.crm.edit(right, company_name="Right")
    world.outlook.edit(left, company_name="Left")

    report = world.run()

    assert (world.outlook.record(left).company_name, world.crm.record(right).company_name) == ("Right", "Right")
    assert (Note(Note.LOST, Side.LEFT, left, "company"),) == report.notes
    world.settled()


@pytest.mark.behaviour("MX-C-09", "TS-14")
@pytest.mark.parametrize("last", list(Side))
def test_the_loser_goes_to_the_sink(world: World, last: Side) -> None:
    """A host that gave a sink finds there the value that lost, before it is overwritten."""
    sink = world.sink = Kept()
    left, right = world.pair(first="Ada", company_name="Old")
    at_first = (world.outlook.item(left).version, world.crm.item(right).version)
    edits = [
        lambda: world.outlook.edit(left, company_name="Left"),
        lambda: world.crm.edit(right, company_name="Right"),
    ]
    edits[last.other]()
    edits[last]()
    method = world.outlook if last is Side.RIGHT else world.crm
    kept_first: list[int] = []
    method.faults.before("update", lambda _: kept_first.append(len(sink.losers)))

    report = world.run()

    (lost,) = sink.losers
    assert kept_first == [1]
    assert (last.other, (left, right)[last.other]) == (lost.side, lost.id)
    assert {"company": ("Left", "Right")[last.other]} == dict(lost.values)
    assert lost.version not in at_first
    assert [note.rule for note in report.notes] == ["company"]
    world.settled()


class Timeless(MemoryCollection[Contact]):
    """A mailbox that does not say when a contact was modified."""

    def changes(self, cursor: str | None, scope: Scope) -> Page[Contact]:
        """Return a page without times."""
        page = super().changes(cursor, scope)
        return attrs.evolve(page, items=[attrs.evolve(item, modified=None) for item in page.items])

    def get(self, ids: Sequence[str], scope: Scope) -> list[Found[Contact]]:
        """Return what each id is now, without times."""
        found = super().get(ids, scope)
        return [attrs.evolve(one, modified=None) if isinstance(one, Item) else one for one in found]


@pytest.mark.behaviour("MX-C-09")
def test_without_a_time_the_crm_wins(world: World) -> None:
    """Where a side does not say when a record was modified, the CRM's value stands, and the report says so."""
    world.outlook = Timeless(
        contact_shape(), membership=Categories(contact_shape()), capabilities=OUTLOOK_CAPABILITIES, clock=world.clock
    )
    left, right = world.pair(first="Ada")
    world.crm.edit(right, company_name="Right")
    world.outlook.edit(left, company_name="Left")

    report = world.run()

    assert (world.outlook.record(left).company_name, world.crm.record(right).company_name) == ("Right", "Right")
    assert (Note(Note.LOST, Side.LEFT, left, "company"),) == report.notes
    world.settled()
