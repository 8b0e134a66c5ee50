"""TS-08: what is kept of one person, or of a mailbox, is erased on request; contents are nowhere but in the sink."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import attrs
import pytest

from tallystick import MemoryState, Side, SqliteState, Sync
from tallystick.errors import StalePlan, UsageError
from tallystick.ports import Create, CreateSafety, Outcome, Scope, Status
from tallystick.providers.memory import MemoryCollection
from tallystick.records import Entry
from tallystick.sinks import MemorySink, SqliteSink
from tests.simulation.world import CATEGORY, CLIENTS, KEY, NAME, World


def kept(world: World) -> str:
    """Return all that the state says of the sync, as text."""
    state = world.state
    return repr(
        [
            world.links(),
            state.parked_list(NAME),
            [intent for batch in state.batches(NAME) for intent in batch.intents],
            [row.note for row in state.runs(NAME)],
        ]
    )


@pytest.mark.behaviour("TS-08")
def test_a_person_is_forgotten_and_others_are_not() -> None:
    """Pair, lists, journal, notes and sink hold nothing of the record or its counterpart any more."""
    world = World()
    world.sink = MemorySink(keeps_images=True)
    for person in (1, 2):
        world.insert(0, person, company_name="before")
    world.quiet()
    left, right = world.the(0, 1), world.the(1, 1)
    world.write(0, 1, 0, "edited")
    plan = world.sync().plan()
    world.write(0, 1, 0, "edited since")
    with pytest.raises(StalePlan):
        world.sync().apply(plan)
    world.crm.entries.faults.lose_reply("update")
    world.clock.advance(600)
    number = world.run().run
    assert left in kept(world)
    assert world.sink.images(NAME, number)

    done = world.sync().forget("left", left)

    assert (done.pairs, done.intents, done.sink) == (1, 1, True)
    assert left not in kept(world)
    assert right not in kept(world)
    assert world.the(0, 2) in kept(world)
    assert not world.sink.images(NAME, number)
    world.quiet()
    world.check()


@pytest.mark.behaviour("TS-08")
def test_a_mailbox_is_forgotten() -> None:
    """Nothing is kept of the sync but figures; a later run begins as the first one did."""
    world = World()
    world.sink = MemorySink(keeps_images=True)
    for person in (1, 2):
        world.insert(0, person)
    world.quiet()
    world.sync().forget()

    head = world.state.head(NAME)
    assert (head.links, dict(head.parked), head.cursors, head.initial) == (0, {}, (None, None), True)
    assert not world.links()
    world.quiet()
    world.check()
    assert [len(collection) for collection in world.sides] == [2, 2]


@pytest.mark.behaviour("TS-08")
def test_a_side_alone_names_nobody() -> None:
    """A side without an id is refused, and nothing is erased."""
    world = World()
    world.insert(0, 1)
    world.quiet()
    with pytest.raises(UsageError):
        world.sync().forget("left")
    assert len(world.links()) == 1


@pytest.mark.behaviour("TS-08")
def test_contents_go_to_the_sink_and_not_to_the_state(tmp_path: Path) -> None:
    """With images, losers and an undoing, every content is in the sink's file, and none in the state's."""
    state_path, sink_path = tmp_path / "state" / "links.db", tmp_path / "sink" / "kept.db"
    state_path.parent.mkdir()
    sink_path.parent.mkdir()
    with SqliteState(state_path, key=KEY) as state, SqliteSink(sink_path, keeps_images=True) as sink:
        world = World(state=state)
        world.sink = sink
        world.insert(0, 1, company_name="canary before", file_as="canary filed")
        world.quiet()
        world.write(0, 1, 0, "canary left")
        world.write(1, 1, 0, "canary right")
        world.clock.advance(600)
        number = world.run().run
        plan = world.sync().undo(number)
        report = world.sync().apply(plan)
        world.reports.append(report)
        said = repr([plan, plan.summary(), plan.details(), report, report.summary(), sink, sink.images(NAME, number)])
        assert "canary" not in said
        assert b"canary" not in _bytes(state_path.parent)
        assert b"canary left" in _bytes(sink_path.parent)
        world.sync().forget("left", world.the(0, 1))
        assert b"canary" not in _bytes(sink_path.parent)


@pytest.mark.behaviour("TS-03", "TS-06")
@pytest.mark.parametrize("expired", [False, True], ids=["cursor known", "cursor expired"])
def test_an_older_state_that_is_put_back_neither_doubles_nor_deletes(tmp_path: Path, expired: bool) -> None:
    """After a restore from yesterday's copy both sides are as they were, and all pairs are found again."""
    path, copy = tmp_path / "links.db", tmp_path / "copy.db"
    world = World(state=SqliteState(path, key=KEY))
    for person in range(4):
        world.insert(0, person, company_name=f"c{person}", file_as="kept")
    world.quiet()
    world.state.close()  # type: ignore[attr-defined]  # SQLite's
    shutil.copy(path, copy)
    world.state = SqliteState(path, key=KEY)
    world.insert(0, 5, company_name="made since", file_as="kept")
    world.insert(1, 6, company_name="made since there")
    world.write(0, 0, 0, "edited since")
    world.outlook.contacts.leave(world.the(0, 1), CATEGORY)
    world.crm.entries.delete(world.the(1, 2))
    world.quiet()
    before = (world.written(), [collection.all() for collection in world.sides])
    members = [set(world.sides[0].ids(CATEGORY)), set(world.sides[1].ids(CLIENTS))]
    world.state.close()
    for name in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        name.unlink(missing_ok=True)
    shutil.copy(copy, path)
    world.state = SqliteState(path, key=KEY)
    if expired:
        for collection in world.sides:
            collection.expire_cursors()
    world.quiet()
    world.check()

    assert [collection.all() for collection in world.sides] == before[1]
    assert [set(world.sides[0].ids(CATEGORY)), set(world.sides[1].ids(CLIENTS))] == members
    assert {link.ids[Side.LEFT] for link in world.links()} >= {world.the(0, one) for one in (0, 3, 5, 6)}
    world.state.close()


def restored_and_renamed(first: int) -> World:
    """Return a world with a record of each side, a state older than them, and another name of what ``first`` made."""
    world = World(safety=CreateSafety.SERVER_TOKEN, state=MemoryState(KEY))
    world.insert(first, 2)
    world.back_up()
    world.quiet()
    world.restore()
    world.sides[first].edit(world.the(first, 2), **world.renamed(first, 2, 1))
    return world


@pytest.mark.behaviour("TS-03", "TS-06")
@pytest.mark.parametrize("renamed", list(Side))
@pytest.mark.parametrize("first", list(Side))
@pytest.mark.parametrize(
    ("safety", "listed"),
    [
        (CreateSafety.CLIENT_ID, False),
        (CreateSafety.UNIQUE_KEY, True),
        (CreateSafety.SEARCHABLE_TAG, True),
        (CreateSafety.SERVER_TOKEN, True),
    ],
)
def test_a_renamed_record_is_known_by_its_token_after_a_restore(
    safety: CreateSafety, listed: bool, first: Side, renamed: Side
) -> None:
    """Where listings carry the token, or it is the id, a pair that the state never knew is linked, and none created."""
    world = World(safety=safety, token_in_listings=listed, state=MemoryState(KEY))
    world.insert(first, 2)
    world.back_up()
    world.quiet()
    world.restore()
    world.sides[renamed].edit(world.the(renamed, 2), **world.renamed(renamed, 2, 1))
    world.write(renamed.other, 2, 0, "edited since")
    world.insert(renamed, 3)
    before = [collection.calls["create"] for collection in world.sides]
    world.quiet()
    world.check()

    after = [collection.calls["create"] for collection in world.sides]
    assert after[renamed] == before[renamed]
    assert after[renamed.other] == before[renamed.other] + 1
    assert len(world.links()) == 2


@pytest.mark.behaviour("TS-03", "TS-06")
def test_a_token_that_two_records_bear_tells_nothing() -> None:
    """A person's copy of a record bears its token, too: after a restore neither is taken for the counterpart by it."""
    world = World(token_in_listings=True, state=MemoryState(KEY))
    world.insert(0, 2)
    world.back_up()
    world.quiet()
    entry = world.the(1, 2)
    token = world.crm.entries.item(entry).token
    assert token is not None
    (copied,) = world.crm.entries.create([Create(token, world.crm.entries.record(entry))], Scope(CLIENTS))
    assert copied.item is not None
    assert copied.item.token == token
    world.restore()
    for number, one in enumerate((entry, copied.item.id)):
        world.crm.entries.edit(one, last_name=f"Other{number}")
    world.quiet()

    assert len(world.links()) == 3
    assert len({link.ids[1] for link in world.links()} & {entry, copied.item.id}) == 2


@pytest.mark.behaviour("TS-03", "TS-06")
def test_a_service_that_knows_a_token_tells_which_records_are_one() -> None:
    """After a restore, a create that is answered with the counterpart makes the pair again, and no copy of it."""
    world = restored_and_renamed(first=1)
    world.quiet()
    world.check()

    assert [len(collection) for collection in world.sides] == [1, 1]
    assert len(world.links()) == 1


@pytest.mark.behaviour("TS-03", "TS-06")
def test_a_record_whose_counterpart_has_a_partner_is_listed() -> None:
    """After a restore, a create that is answered with a record of another pair ends no run, and says what to do."""
    world = restored_and_renamed(first=0)
    renamed = world.the(0, 2)
    world.quiet()

    (row,) = world.sync().failed()
    assert (row.id, row.reasons) == (renamed, ("counterpart_was_merged",))
    assert len(world.crm.entries) == 1


@pytest.mark.behaviour("TS-03", "TS-06")
def test_a_record_whose_counterpart_joins_another_pair_is_listed() -> None:
    """A create may be answered with a record that the same run puts on the list as somebody else's counterpart."""
    world = World(safety=CreateSafety.SERVER_TOKEN, state=MemoryState(KEY))
    world.insert(0, 2, file_as="kept")
    world.back_up()
    world.quiet()
    world.restore()
    first, entry = world.the(0, 2), world.the(1, 2)
    world.sides[0].edit(first, **world.renamed(0, 2, 1))
    world.crm.entries.leave(entry, CLIENTS)
    second = world.insert(0, 2, file_as="kept")
    world.quiet()

    assert [link.ids for link in world.links()] == [(second, entry)]
    (row,) = world.sync().failed()
    assert (row.id, row.reasons) == (first, ("counterpart_was_merged",))


@pytest.mark.behaviour("TS-03", "TS-06")
@pytest.mark.parametrize("edited", [True, False], ids=["edited", "as it was"])
def test_a_service_tells_of_a_counterpart_that_lies_outside_the_list(edited: bool) -> None:
    """A create that is answered with a record off the list makes the pair again, keeps its edit, and puts it there."""
    world = restored_and_renamed(first=0)
    entry = world.the(1, 2)
    if edited:
        world.write(1, 2, 0, "edited since")
    world.crm.entries.leave(entry, CLIENTS)
    world.quiet()
    world.check()

    assert [link.ids[1] for link in world.links()] == [entry]
    assert world.crm.entries.ids(CLIENTS) == [entry]
    assert world.sides[0].record(world.the(0, 2)).company_name == ("edited since" if edited else "")


@pytest.mark.behaviour("TS-03", "TS-06")
def test_a_service_tells_of_a_counterpart_that_was_ignored_before() -> None:
    """A create that is answered with a record which an earlier run listed makes the pair again, and keeps its edit."""
    world = World(safety=CreateSafety.SERVER_TOKEN, state=MemoryState(KEY))
    world.back_up()
    world.insert(0, 2)
    world.quiet()
    world.restore()
    left, right = world.the(0, 2), world.the(1, 2)
    world.sides[0].edit(left, surname="")
    world.sides[1].edit(right, first_name="", company_name="edited since")
    world.quiet()
    assert {row.id for row in world.sync().ignored()} == {left, right}
    world.sides[0].edit(left, surname="Family2")
    world.quiet()
    assert [(row.id, row.reasons) for row in world.sync().ignored()] == [(right, ("missing:first_name",))]

    world.sides[1].edit(right, first_name="Given2")
    world.quiet()
    world.check()
    assert world.sides[0].record(left).company_name == "edited since"


@attrs.define
class OneAddressOneRecord:
    """A service that answers a create with the record that has its address already."""

    entries: MemoryCollection[Entry]

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 -- whatever the collection has
        """Return what the collection has."""
        return getattr(self.entries, name)

    def create(self, batch: Sequence[Create[Entry]], scope: Scope) -> list[Outcome[Entry]]:
        """Create those whose address is new."""
        return [outcome for one in batch for outcome in self._create(one, scope)]

    def _create(self, one: Create[Entry], scope: Scope) -> Sequence[Outcome[Entry]]:
        known = [id_ for id_, entry in self.entries.all().items() if entry.emails == one.record.emails]
        return (
            [Outcome(Status.DONE, self.entries.item(known[0], scope))] if known else self.entries.create([one], scope)
        )


@pytest.mark.behaviour("TS-03")
@pytest.mark.parametrize("safety", [CreateSafety.SERVER_TOKEN, CreateSafety.SEARCHABLE_TAG])
def test_a_service_that_makes_one_record_of_two_ends_no_run(safety: CreateSafety) -> None:
    """Of two creates of one batch that are answered with the same record, one makes the pair, the other is listed."""
    world = World(safety=safety)
    ids = [world.insert(0, 1) for _ in range(2)]
    world.sides[0].edit(ids[1], given_name="Another")
    entries: Any = OneAddressOneRecord(world.crm.entries)
    left, clock = world.outlook.contacts, world.clock
    sync = Sync(NAME, left=left, right=entries, profile=world.profile, state=world.state, clock=clock, worker="w")
    sync.run()

    assert [link.ids for link in world.links()] == [(ids[0], world.the(1, 1))]
    assert [(row.id, row.reasons) for row in sync.failed()] == [(ids[1], ("counterpart_was_merged",))]
    assert not world.state.batches(NAME)


@pytest.mark.behaviour("TS-06")
def test_a_record_that_was_taken_out_is_remembered_over_the_longest_gap() -> None:
    """Years later, and after cursors have expired, a record that a person took out is not brought back."""
    world = World()
    for person in (1, 2):
        world.insert(0, person)
    world.quiet()
    world.outlook.contacts.leave(world.the(0, 1), CATEGORY)
    world.quiet()
    for _ in range(3):
        world.clock.advance(86_400 * 400)
        for collection in world.sides:
            collection.expire_cursors()
        world.touch_all()
        world.quiet()

    assert world.the(1, 1) not in world.crm.entries.ids(CLIENTS)
    assert world.the(0, 1) not in world.outlook.contacts.ids(CATEGORY)


def _bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())
