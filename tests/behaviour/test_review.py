"""Test promises that lie between the features: counts, standing lists, limits, and services that answer oddly."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import attrs
import pytest

from tallystick import MemoryState, Profile, SideProfile, Sync, dump_plan, load_plan
from tallystick.errors import InputError, SettingsError, Unavailable, UsageError
from tallystick.mapping import Lens, Rule, attribute, attribute_of, elements, rule, slots
from tallystick.matching import Matcher
from tallystick.ports import Capabilities, Create, CreateSafety, Outcome, RunState, Scope, Side, Update, Window
from tallystick.profiles import maximizer
from tallystick.providers.memory import FakeCrm, FakeOutlook, MemoryCollection, VirtualClock
from tallystick.providers.memory.shape import Shape
from tallystick.reconcile import Bucket, Note
from tests.behaviour.conftest import LIST, NAME, World, contact, entry


@attrs.frozen
class Card:
    """A record with a text, a flag, and a list without end."""

    name: str = ""
    open: bool = True
    tags: tuple[str, ...] = ()


TAGS: Lens[Card, tuple[str, ...]] = Lens(lambda card: card.tags, lambda _, tags: {"tags": tags}, ("tags",))
CARDS: Profile[Card, Card] = Profile(
    "cards",
    SideProfile(Card()),
    SideProfile(Card()),
    (
        rule("name", attribute("name"), attribute("name")),
        rule("open", attribute_of("open", bool), attribute_of("open", bool), bool),
        elements("tags", TAGS, TAGS, str),
    ),
    Matcher(lambda card: [card.name], lambda card: [card.name], lambda _: (), lambda _: ()),
)


def two_boxes() -> tuple[MemoryCollection[Card], MemoryCollection[Card], Sync[Card, Card]]:
    """Return two collections of cards, both of which number their records from one, and the sync between them."""
    clock = VirtualClock()
    left = MemoryCollection(Shape(Card, mint=str), account="left", clock=clock)
    right = MemoryCollection(Shape(Card, mint=str), account="right", clock=clock)
    return left, right, Sync("cards", left=left, right=right, profile=CARDS, state=MemoryState(), clock=clock)


class Forgetful(MemoryCollection[Card]):
    """A collection that puts b1 in the place of a tag that it does not know, and says nothing."""

    def update(self, batch: Sequence[Update], scope: Scope) -> list[Outcome[Card]]:
        """Write what it knows."""
        return super().update([attrs.evolve(write, fields=self._known(write.fields)) for write in batch], scope)

    def _known(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: tuple("b1" if tag == "d1" else tag for tag in value) if name == "tags" else value
            for name, value in fields.items()
        }


def sorted_(tags: tuple[str, ...]) -> tuple[str, ...]:
    """Return tags in their order."""
    return tuple(sorted(tags))


def letter(tag: str) -> str:
    """Return by what a tag is told apart."""
    return tag[0]


@pytest.mark.parametrize(
    "tags",
    [
        elements("tags", TAGS, TAGS, str),
        slots("tags", TAGS, TAGS, str),
        rule("tags", TAGS, TAGS, sorted_).keyed(letter),
    ],
    ids=["a set", "places", "by key"],
)
@pytest.mark.parametrize("edit", [{"tags": ("a2", "b1")}, {"open": False}], ids=["the same field", "another field"])
def test_what_a_service_forgets_is_not_removed_from_the_other_side(
    tags: Rule[Card, Card], edit: dict[str, Any]
) -> None:
    """Also where both sides are written in one run: it is told of as not carried, and is no removal."""
    clock = VirtualClock()
    left, right = Forgetful(Shape(Card), clock=clock), MemoryCollection(Shape(Card), clock=clock)
    profile = attrs.evolve(CARDS, mapping=(*CARDS.mapping[:2], tags))
    sync = Sync("cards", left=left, right=right, profile=profile, state=MemoryState(), clock=clock)
    one = left.insert(Card("one", tags=("a1", "b1")))
    sync.run()
    (other,) = right.ids()
    left.edit(one, **edit)
    right.edit(other, tags=("a1", "d1"))
    notes = sync.run().notes

    assert [(note.kind, note.rule) for note in notes] == [(Note.NOT_CARRIED, "tags")]
    for name in ("two", "three"):
        left.edit(one, name=name)
        sync.run()
        assert right.record(other).name == name
        assert "d1" in right.record(other).tags


@pytest.mark.parametrize("saved", [False, True], ids=["run", "saved plan"])
def test_what_a_service_forgets_is_a_conflict_where_the_other_side_refuses_its_write(saved: bool) -> None:
    """Until that one is written nobody can tell what was agreed on, and nothing is removed meanwhile."""
    clock = VirtualClock()
    left, right = Forgetful(Shape(Card), clock=clock), MemoryCollection(Shape(Card), clock=clock)
    tags = rule("tags", TAGS, TAGS, sorted_).keyed(letter)
    profile = attrs.evolve(CARDS, mapping=(*CARDS.mapping[:2], tags))
    sync = Sync("cards", left=left, right=right, profile=profile, state=MemoryState(), clock=clock)
    one = left.insert(Card("one", tags=("a1", "b1")))
    sync.run()
    (other,) = right.ids()
    left.edit(one, tags=("a2", "b1"))
    right.edit(other, tags=("a1", "d1"))
    right.faults.refuse(other, times=1)
    for _ in range(2):
        if saved:
            sync.apply(load_plan(dump_plan(sync.plan()), profile))
        else:
            sync.run()
        clock.advance(86_400)

    assert right.record(other).tags == ("a1", "d1")
    assert [conflict.rules for conflict in sync.conflicts()] == [("tags",)]


def test_what_a_service_forgets_is_not_removed_where_the_other_write_gets_no_answer() -> None:
    """What a later run finds out of that write says nothing of what was forgotten."""
    clock = VirtualClock()
    left, right = Forgetful(Shape(Card), clock=clock), MemoryCollection(Shape(Card), clock=clock)
    sync = Sync("cards", left=left, right=right, profile=CARDS, state=MemoryState(), clock=clock)
    one = left.insert(Card("one", tags=("a1", "b1")))
    sync.run()
    (other,) = right.ids()
    left.edit(one, tags=("a2", "b1"))
    right.edit(other, tags=("a1", "d1"))
    right.faults.lose_reply("update")
    for name in ("two", "three", "four"):
        sync.run()
        clock.advance(86_400)
        left.edit(one, name=name)
        right.edit(other, open=name != "two")

    assert set(right.record(other).tags) >= {"a2", "d1"}


def test_no_is_carried_to_a_new_record() -> None:
    """A switch that is off is off in the new record, too, whatever a blank one says."""
    left, right, sync = two_boxes()
    left.insert(Card("one", open=False))

    sync.run()

    assert [Card("one", open=False)] == [*right.all().values()]


def test_long_lists_are_never_emptied() -> None:
    """A list of hundreds of elements that somebody adds one to is carried over, and not emptied on the other side."""
    left, right, sync = two_boxes()
    tags = tuple(f"{number:03}" for number in range(254))
    one = left.insert(Card("one", tags=tags))
    sync.run()
    for more in ((*tags, "x"), (*tags, "x", "y"), tags[:250]):
        left.edit(one, tags=more)
        sync.run()

        assert [set(more)] == [set(card.tags) for card in right.all().values()]
        assert set(left.record(one).tags) == set(more)


def test_records_of_one_number_are_counted_apart() -> None:
    """Two new records that happen to have the same id on their sides are two in the report."""
    left, right, sync = two_boxes()
    left.insert(Card("one"))
    right.insert(Card("two"))

    report = sync.run()

    assert (report.synced, report.buckets[Bucket.IN_SYNC]) == (2, 0)


def test_a_create_that_is_answered_without_its_record_is_in_doubt(world: World) -> None:
    """Where a service says "done" and does not show the new record, the next run finds it instead of making another."""
    world.outlook.insert(contact())
    create = world.crm.create

    def silent(*args: Any) -> list[Outcome[Any]]:  # noqa: ANN401 -- a request's
        return [attrs.evolve(outcome, item=None) for outcome in create(*args)]

    world.crm.create = silent  # type: ignore[method-assign, assignment]
    report = world.sync().run()
    world.crm.create = create  # type: ignore[method-assign]
    world.run()

    assert (report.state, report.buckets[Bucket.IN_DOUBT]) == (RunState.WARNING, 1)
    assert len(world.crm.ids()) == 1
    world.settled()


def test_a_mended_record_leaves_the_list_though_its_answer_was_lost(world: World) -> None:
    """A contact that was mended is on no list any more, also where the answer to its creation got lost."""
    one = world.outlook.insert(contact("Ada", "", file_as="Ada Lovelace"))
    world.run()
    world.outlook.edit(one, surname="Lovelace")
    world.crm.faults.lose_reply("create")
    world.sync().run()

    world.run()

    assert world.ignored() == {}
    world.settled()


def test_the_capacity_holds_where_all_earlier_pairs_end(world: World) -> None:
    """A sync holds no more pairs than it may, also in the run in which its last earlier pair ends."""
    left, right = world.pair()
    world.outlook.delete(left)
    world.crm.delete(right)
    for name in ("Bea", "Cleo", "Dora"):
        world.outlook.insert(contact(name))

    world.run(capacity=2)

    assert world.sync().status().pairs == 2


def test_a_frozen_record_keeps_the_day_it_was_first_seen(world: World) -> None:
    """The standing list tells since when a record is on it, however often it was edited since."""
    left, _ = world.pair()
    world.outlook.edit(left, surname="")
    world.run()
    (before,) = world.sync().ignored()
    world.clock.advance(timedelta(days=3))
    world.outlook.edit(left, job_title="Poet")

    world.run()

    assert [before.first_seen] == [row.first_seen for row in world.sync().ignored()]


def test_a_refused_record_is_tried_less_and_less_often(world: World) -> None:
    """A record that is refused again and again is tried later each time, whatever else the same runs write."""
    world.crm.faults.refuse(lambda write: isinstance(write, Create) and write.record.first_name == "Ada")
    one = world.outlook.insert(contact())
    other, _ = world.pair(first="Bea")
    waits = []
    for number in range(4):
        world.outlook.edit(other, job_title=f"Poet {number}")
        world.outlook.touch(one)
        world.run()
        (row,) = world.state.parked(NAME, Side.LEFT, [one])
        assert row.retry_at
        waits.append(row.retry_at - world.clock.now())
        world.clock.advance(timedelta(days=2))

    assert waits == sorted(set(waits)), "every wait is longer than the one before"


def test_a_plan_with_a_number_that_is_none_is_refused(world: World) -> None:
    """A saved plan that somebody altered is refused as such, also with figures that are no JSON."""
    saved = json.loads(dump_plan(world.sync().plan()))
    saved["plan"]["pairs"] = float("nan")

    with pytest.raises(InputError):
        load_plan(json.dumps(saved), maximizer.contacts())


def test_a_service_that_is_down_when_a_plan_is_applied_is_reported(world: World) -> None:
    """Applying a plan while a service is down writes nothing and says so in the report, as a run does."""
    world.outlook.insert(contact())
    plan = world.sync().plan()
    world.crm.faults.fail("changes", Unavailable("down"))

    report = world.sync().apply(plan)

    assert (report.state, report.written(), report.note) == (RunState.WARNING, 0, "right side: down")
    assert world.sync().history(1)[0].note == "right side: down"


def test_a_pair_outlives_a_record_that_cannot_be_read(world: World) -> None:
    """A pair does not end because one record left while the other could not be read."""
    left, right = world.pair()
    world.crm.faults.deny(right)
    world.crm.expire_cursors()
    world.outlook.leave(left, "Maximizer")

    world.run()

    assert world.sync().status().pairs == 1
    world.crm.faults.clear()
    world.clock.advance(timedelta(days=2))
    world.run()
    assert world.crm.lists(right) == ()
    assert world.sync().status().pairs == 0


def test_a_pair_that_was_merged_away_on_both_sides_ends(world: World) -> None:
    """Where a person merges the same two records on both sides, one pair is left, and nobody is on a list."""
    one = world.pair()
    two = world.pair(first="Bea")
    world.outlook.merge(one[0], two[0])
    world.crm.merge(one[1], two[1])

    world.run()

    assert world.sync().status().pairs == 1
    assert world.ignored() == {}
    world.settled()


def test_a_record_whose_match_is_merged_away_meanwhile_is_not_forgotten(world: World) -> None:
    """A contact whose match was merged into an outsider while the run went on is looked at by the next run."""
    one = world.outlook.insert(contact(job_title="Poet"))
    other = world.client(entry())
    heir = world.crm.insert(entry("Bea"))
    world.crm.faults.before("update", lambda _: world.crm.merge(other, heir) if other in world.crm.ids() else None)

    world.run()
    world.crm.faults.clear()
    world.clock.advance(timedelta(days=2))
    world.run()

    assert world.state.links(NAME, Side.LEFT, [one]), "the contact has an entry"


@pytest.mark.parametrize("asked", [-3_600.0, 86_400.0])
def test_a_run_does_not_wait_for_days_for_one_record(world: World, asked: float) -> None:
    """A service that puts off one write for a day, or for less than nothing, does not hold the run up."""
    world.outlook.insert(contact())
    world.crm.faults.throttle_write(lambda _: True, retry_after=asked)
    before = world.clock.now()

    report = world.run()

    assert timedelta(0) <= world.clock.now() - before < timedelta(minutes=10)
    assert report.state is (RunState.COMPLETE if asked < 0 else RunState.WARNING)
    world.run()
    assert len(world.crm.all(LIST)) == 1


def test_a_whole_mailbox_is_no_collection() -> None:
    """Whoever passes a mailbox instead of its contacts is told so at once, and what to pass."""
    mailbox: Any = FakeOutlook()

    with pytest.raises(UsageError, match="one of its collections"):
        Sync("a", left=mailbox, right=FakeCrm().entries, profile=maximizer.contacts(), state=MemoryState())


def test_a_natural_key_has_no_token_to_list() -> None:
    """Capabilities that contradict each other are refused where they are written down."""
    with pytest.raises(SettingsError, match="natural key"):
        Capabilities(create_safety=CreateSafety.NATURAL_KEY, token_in_listings=True)


@pytest.mark.parametrize(
    ("fault", "remedy"),
    [
        ({"batch_size": 0}, "batch_size is below 1 -- give 1 where"),
        ({"read_size": -5}, "read_size is below 1"),
        ({"batch_size": "20"}, "batch_size is of the type str -- give a int"),
        ({"visibility_lag": 30}, "visibility_lag is of the type int -- give a timedelta"),
        ({"request_timeout": timedelta(-1)}, "request_timeout is below zero"),
        ({"create_safety": "unique_key"}, "create_safety is of the type str"),
        ({"delta": None}, "delta is of the type NoneType"),
    ],
)
def test_capabilities_that_no_run_can_work_with_are_refused(fault: dict[str, Any], remedy: str) -> None:
    """A batch of no writes would leave every write out unsaid; it is refused where it is written down."""
    with pytest.raises(SettingsError, match=f"capabilities: {remedy}"):
        Capabilities(**fault)


def test_a_window_that_ends_before_it_begins_is_refused() -> None:
    """Nothing lies in it, so that everything that is paired would seem to have left."""
    with pytest.raises(SettingsError, match="window: a window ends before it begins"):
        Window(date(2026, 5, 1), date(2026, 1, 31))


def test_what_a_service_cuts_is_reported() -> None:
    """Where a service cuts what it is given in an update, the report names record and field."""
    outlook, crm = FakeOutlook(), FakeCrm()
    left = outlook.contacts.insert(contact("Ada"), lists=("Maximizer",))
    sync = Sync(
        "a",
        left=outlook.contacts,
        right=crm.entries,
        profile=maximizer.contacts(favourite_list="Clients"),
        state=MemoryState(),
    )
    assert [note.rule for note in sync.run().notes] == []
    crm.entries.rewrite = lambda entry: attrs.evolve(entry, company_name=entry.company_name[:5])
    outlook.contacts.edit(left, company_name="Analytical Engines")

    report = sync.run()

    assert [(note.kind, note.rule) for note in report.notes] == [(Note.NOT_CARRIED, "company")]
    assert sync.run().written() == 0
