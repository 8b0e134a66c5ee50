"""TS-06: sides that can only list all they have: what is listed as before is not compared again, nothing is missed."""

# ruff: noqa: ANN401 - these take whatever they are given

from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import attrs
import pytest

from tallystick import MemoryState, Side, Sync
from tallystick.ports import Commit, Page, RunState, Scope
from tallystick.profiles import maximizer
from tallystick.providers.files import open_contacts, open_entries
from tallystick.providers.memory import FakeOutlook
from tallystick.reconcile import RemovalAction, RemovalPolicy
from tests.simulation.crash import Crash, Flavour, Fuse, Fused
from tests.simulation.world import CLIENTS, KEY, NAME, World
from tests.testing import broken

COMPARED = "state.marks"
"""The request that a run makes which holds a listing against the links."""

pytestmark = pytest.mark.behaviour("TS-06")


def requests(world: World) -> list[str]:
    """Return what a run asks for."""
    fuse = Fuse()
    world.run(fuse)
    return fuse.trace


def at_rest(**more: Any) -> World:
    """Return a world of listings in which nothing is left to do, and that has been seen to be so."""
    world = World(delta=False, **more)
    for person in range(5):
        world.insert(person % 2, person, company_name="before")
    world.quiet()
    world.run()
    return world


def test_a_listing_that_was_seen_before_is_not_compared_again() -> None:
    """Where both sides list what they listed when nothing was left to do, the links are not read."""
    world = at_rest()
    for _ in range(3):
        assert COMPARED not in requests(world)
    world.check()


@pytest.mark.parametrize("side", Side)
def test_whatever_changes_on_either_side_is_found(side: Side) -> None:
    """A new record, an edit, a deletion, and one that leaves the scope, each after quiet runs, are carried over."""
    world = at_rest()
    world.write(side, 1, 0, "after")
    world.quiet()
    assert world.find(side.other, 1)
    world.check()
    world.insert(side, 7)
    world.quiet()
    assert world.find(side.other, 7)
    world.check()
    before = len(world.links())
    world.sides[side].delete(world.the(side, 2))
    world.quiet()
    assert len(world.links()) == before - 1


def test_a_deletion_of_what_is_not_listed_is_found() -> None:
    """A record that left the list and stays in its pair is read in each run: the listing says nothing of it."""
    profile = maximizer.contacts(favourite_list=CLIENTS)
    kept = attrs.evolve(profile.right, removal=RemovalPolicy(out_of_scope=RemovalAction.KEEP))
    world = at_rest(profile=attrs.evolve(profile, right=kept))
    one = world.the(1, 3)
    world.crm.entries.leave(one, CLIENTS)
    world.quiet()
    pairs = len(world.links())
    world.run()
    world.crm.entries.delete(one)
    world.quiet()
    assert len(world.links()) == pairs - 1


def test_a_person_s_word_has_the_listing_compared() -> None:
    """Whatever else moves the state has the next run look at everything again."""
    world = at_rest()
    world.state.commit(NAME, Commit(head={"confirmed": {"removals": 5}}))
    assert COMPARED in requests(world)
    assert COMPARED not in requests(world)


def test_an_initial_run_compares_everything() -> None:
    """A run that begins anew looks at all records, whatever was listed before."""
    world = at_rest()
    world.state.commit(NAME, Commit(head={"initial": True}))
    assert COMPARED in requests(world)


class Telling:
    """A collection that has learned to tell its changes."""

    def __init__(self, collection: Any) -> None:
        self._collection = collection
        self.capabilities = attrs.evolve(collection.capabilities, delta=True)
        self.asked: list[str | None] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._collection, name)

    def changes(self, cursor: str | None, scope: Scope) -> Page[Any]:
        """Return a page, and note what was asked for."""
        self.asked.append(cursor)
        return self._collection.changes(cursor or None, scope)  # type: ignore[no-any-return]


def test_a_side_that_gets_a_feed_is_listed_first() -> None:
    """A side that has learned to tell its changes is asked from the beginning, and never by what is no cursor."""
    world = at_rest()
    telling = Telling(world.crm.entries)
    left = world.outlook.contacts
    Sync(NAME, left=left, right=telling, profile=world.profile, state=world.state, clock=world.clock).run()
    assert telling.asked[0] is None


FILES = {
    "contacts.csv": (
        "Id,First Name,Last Name,E-mail Address,Company,Categories",
        "1,Ada,King,ada@example.com,before,Maximizer",
    ),
    "entries.csv": (
        "Id,First Name,Last Name,Email1,Company,Favorite Lists",
        "1,Ada,King,ada@example.com,before,Clients",
    ),
}


class Folder:
    """Two files in sync. Their versions are digests of rows, and come again when an edit is taken back."""

    def __init__(self, path: Path) -> None:
        path.mkdir()
        for name, lines in FILES.items():
            (path / name).write_text("\n".join(lines) + "\n")
        self.contacts, self.entries = (path / name for name in FILES)
        self.state = MemoryState(KEY)
        self.profile = maximizer.contacts(favourite_list=CLIENTS)

    def run(self, fuse: Fuse) -> None:
        """Run once."""
        left: Any = Fused("left", open_contacts(self.contacts), fuse)
        right: Any = Fused("right", open_entries(self.entries), fuse)
        state: Any = Fused("state", self.state, fuse)
        Sync(NAME, left=left, right=right, profile=self.profile, state=state, worker="the only one").run()

    def edit(self, before: str, after: str) -> None:
        """Put another text into the contacts."""
        self.contacts.write_text(self.contacts.read_text().replace(before, after))


@pytest.mark.parametrize("flavour", ["before", "after"])
def test_an_edit_that_is_taken_back_after_a_crash(tmp_path: Path, flavour: Flavour) -> None:
    """Whenever a run died over an edit that is taken back then, both sides end as they were."""
    requests = 0
    for at in count(1):
        folder, fuse = Folder(tmp_path / str(at)), Fuse(at, flavour)
        for _ in range(3):
            folder.run(Fuse())
        folder.edit("before", "after")
        with suppress(Crash):
            folder.run(fuse)
        folder.edit("after", "before")
        for _ in range(3):
            folder.run(Fuse())
        assert "before" in folder.contacts.read_text()
        assert "before" in folder.entries.read_text(), f"request {at}"
        requests = at
        if not fuse.dead:
            break
    assert requests > len(FILES)


def of_feed(feed: broken.Whole) -> Sync[Any, Any]:
    """Return the sync of a feed and an empty mailbox."""
    profile = maximizer.contacts(category="Maximizer", favourite_list=broken.LIST)
    return Sync(NAME, left=FakeOutlook().contacts, right=feed, profile=profile, state=MemoryState(key=KEY))


def test_pages_that_go_round_in_a_circle_end_the_run() -> None:
    """A feed whose second page leads back to its first ends the run with what is wrong, and takes nothing for gone."""
    circling = broken.CirclingPages()
    for number in range(7):
        circling.inner.insert(broken.person(number), lists=[broken.LIST])

    report = of_feed(circling).run()

    assert (report.state, report.written()) == (RunState.WARNING, 0)
    assert report.note.startswith("right side: the feed leads back to a page that was read")


class Wedged(broken.Whole):
    """A feed that answers some cursors with its first page, each time with another cursor, and without end."""

    def __init__(self) -> None:
        super().__init__()
        for number in range(7):
            self.inner.insert(broken.person(number), lists=[broken.LIST])
        self.wedged: set[str | None] = set()
        self.ends: set[str | None] = set()

    def changes(self, cursor: str | None, scope: Scope) -> Page[Any]:
        """Return a page, or that one for ever."""
        if cursor in self.wedged:
            self.wedged.add(f"wedged {len(self.wedged)}")
            return attrs.evolve(super().changes(None, scope), cursor=f"wedged {len(self.wedged) - 1}", complete=False)
        page = super().changes(cursor, scope)
        if page.complete:
            self.ends.add(page.cursor)
        return page


def test_a_cursor_that_brings_one_page_for_ever_is_given_up_for_a_full_listing() -> None:
    """Calendars are known to answer so: no page is the last, each has a new cursor, and all tell the same."""
    feed = Wedged()
    sync = of_feed(feed)
    sync.run()
    feed.inner.insert(broken.person(8), lists=[broken.LIST])
    feed.wedged |= feed.ends

    report = sync.run()

    assert (report.state, report.written()) == (RunState.COMPLETE, 1)


def test_a_listing_that_is_one_page_for_ever_ends_the_run() -> None:
    """The note says what is wrong, nothing is taken for gone, and a feed that is mended goes on."""
    feed = Wedged()
    sync = of_feed(feed)
    feed.wedged.add(None)
    report = sync.run()
    assert (report.state, report.written()) == (RunState.WARNING, 0)
    assert report.note.startswith("right side: the feed tells what it has told, without end")

    feed.wedged.clear()
    assert sync.run().written() == 7


class Winding(broken.Whole):
    """A feed that tells seven people, and on its way to its end pages of nothing, or the whole of them once more."""

    def __init__(self, *, pages: int, empty: bool) -> None:
        super().__init__()
        self.people = [self.inner.item(self.inner.insert(broken.person(one), lists=[broken.LIST])) for one in range(7)]
        self.pages = pages
        self.empty = empty

    def changes(self, cursor: str | None, scope: Scope) -> Page[Any]:
        """Return a page of the way."""
        at = int(cursor or 0)
        shown = self.people if at in (0, self.pages) or not self.empty else []
        return Page(shown, str(at + 1), complete=at == self.pages)


@pytest.mark.parametrize(("pages", "empty"), [(20_000, True), (9_000, False)], ids=["empty", "repeated"])
def test_a_long_way_to_the_end_of_a_listing_is_gone_to_its_end(pages: int, empty: bool) -> None:
    """Empty pages with another cursor are ordinary, however many, and so is a listing that begins anew."""
    report = of_feed(Winding(pages=pages, empty=empty)).run()

    assert (report.state, report.written()) == (RunState.COMPLETE, 7)
