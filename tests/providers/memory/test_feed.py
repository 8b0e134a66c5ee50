"""Test the feed: listings and deltas, page by page, with cursors that end and scopes that are left."""

import pytest

from tallystick.errors import CursorExpired, SettingsError
from tallystick.ports import Capabilities, Item, Page, Provider, Scope
from tallystick.providers.memory import FakeCrm, FakeOutlook, Quirks
from tallystick.records import Contact, Entry
from tests.providers.memory.follower import Follower

EVERYTHING = Scope()
CLIENTS = Scope("Clients")


def ids(page: Page[Entry] | Page[Contact]) -> list[str]:
    """Return the ids of a page's items."""
    return [item.id for item in page.items]


def cursor_of(provider: Provider[Entry] | Provider[Contact], scope: Scope) -> str:
    """Return the delta cursor that a whole listing leaves behind."""
    page = provider.changes(None, scope)
    while not page.complete:
        page = provider.changes(page.cursor, scope)
    return page.cursor


def test_fakes_are_providers() -> None:
    """Both fakes can be given to a sync."""
    left: Provider[Contact] = FakeOutlook().contacts
    right: Provider[Entry] = FakeCrm().entries

    assert (left.account, right.account) == ("outlook", "crm")


def test_listing_comes_in_pages_of_ten() -> None:
    """A listing comes in pages of ten unless set otherwise, and says with the last one that it is complete."""
    entries = FakeCrm().entries
    loaded = entries.load(Entry() for _ in range(25))

    pages = Follower(entries, EVERYTHING).catch_up()

    assert [len(page.items) for page in pages] == [10, 10, 5]
    assert [page.complete for page in pages] == [False, False, True]
    assert loaded == [id_ for page in pages for id_ in ids(page)]


def test_page_size() -> None:
    """A page has as many items as was set, at most 1000."""
    crm = FakeCrm(page_size=1000)
    crm.entries.load(Entry() for _ in range(1001))

    assert len(crm.entries.changes(None, EVERYTHING).items) == 1000
    for size in (0, 1001):
        with pytest.raises(SettingsError, match=str(size)):
            FakeOutlook(page_size=size)


def test_listing_shows_members_only() -> None:
    """A listing shows what belongs to the list, and a new delta has nothing to tell."""
    entries = FakeCrm().entries
    entries.insert(Entry())
    member = entries.insert(Entry(), lists=("Clients",))

    page = entries.changes(None, CLIENTS)

    assert [member] == ids(page)
    assert page.complete
    assert entries.changes(page.cursor, CLIENTS) == Page([], page.cursor, complete=True, unlisted=[])


def test_items_are_shared() -> None:
    """The same record is shown by the same item every time, so listing thousands costs little."""
    entries = FakeCrm().entries
    entries.insert(Entry())

    first, again = entries.changes(None, EVERYTHING), entries.changes(None, EVERYTHING)
    outside = entries.get(["e1"], CLIENTS)[0]

    assert first.items[0] is again.items[0]
    assert isinstance(outside, Item)
    assert outside.record is first.items[0].record
    assert outside is entries.get(["e1"], CLIENTS)[0]


def test_delta_tells_what_changed() -> None:
    """A delta names what was added, changed and deleted since, each once and as it is now."""
    entries = FakeCrm().entries
    edited, deleted, untouched = (entries.insert(Entry(), lists=("Clients",)) for _ in range(3))
    cursor = cursor_of(entries, CLIENTS)

    entries.edit(edited, first_name="A")
    entries.edit(edited, first_name="B")
    entries.delete(deleted)
    added = entries.insert(Entry(), lists=("Clients",))
    page = entries.changes(cursor, CLIENTS)

    assert [edited, added] == ids(page)
    assert page.items[0].record == Entry(first_name="B")
    assert [deleted] == page.unlisted
    assert page.complete
    assert untouched not in ids(page)


def test_delta_comes_in_pages() -> None:
    """A delta that is longer than a page is continued on the next one."""
    crm = FakeCrm(page_size=2)
    cursor = cursor_of(crm.entries, EVERYTHING)
    added = crm.entries.load(Entry() for _ in range(5))

    first = crm.entries.changes(cursor, EVERYTHING)
    second = crm.entries.changes(first.cursor, EVERYTHING)
    third = crm.entries.changes(second.cursor, EVERYTHING)

    assert [added[:2], added[2:4], added[4:]] == [ids(first), ids(second), ids(third)]
    assert [first.complete, second.complete, third.complete] == [False, False, True]


def test_what_was_told_is_not_told_again() -> None:
    """Once a delta was read, the next one starts where it ended."""
    entries = FakeCrm().entries
    cursor = cursor_of(entries, EVERYTHING)
    entries.insert(Entry())

    told = entries.changes(cursor, EVERYTHING)
    later = entries.insert(Entry())

    assert ids(entries.changes(told.cursor, EVERYTHING)) == [later]


def test_a_page_can_be_asked_for_again() -> None:
    """The same cursor gives the same page, and one that was used up still tells what changed since."""
    entries = FakeCrm().entries
    entries.load(Entry() for _ in range(15))
    first = entries.changes(None, EVERYTHING)

    assert entries.changes(first.cursor, EVERYTHING) == entries.changes(first.cursor, EVERYTHING)


def test_leaving_a_list_is_told_apart_from_deleting() -> None:
    """An entry that was taken off the list is shown as no member; a deleted one is only an id."""
    entries = FakeCrm().entries
    left, deleted = (entries.insert(Entry(), lists=("Clients",)) for _ in range(2))
    cursor = cursor_of(entries, CLIENTS)

    entries.leave(left, "Clients")
    entries.delete(deleted)
    page = entries.changes(cursor, CLIENTS)

    assert [(left, False)] == [(item.id, item.member) for item in page.items]
    assert [deleted] == page.unlisted


def test_losing_a_category_is_told_apart_from_deleting() -> None:
    """A contact that lost its category is shown as no member; a deleted one is only an id."""
    contacts = FakeOutlook().contacts
    left, deleted = (contacts.insert(Contact(), lists=("Clients",)) for _ in range(2))
    cursor = cursor_of(contacts, CLIENTS)

    contacts.edit(left, categories=("Red",))
    contacts.delete(deleted)
    page = contacts.changes(cursor, CLIENTS)

    assert [(left, False)] == [(item.id, item.member) for item in page.items]
    assert [deleted] == page.unlisted


def test_some_services_only_unlist_who_left() -> None:
    """By habit of some services an entry that left the list looks like a deleted one until it is read."""
    entries = FakeCrm(quirks=Quirks(unlist_leavers=True)).entries
    left = entries.insert(Entry(), lists=("Clients",))
    cursor = cursor_of(entries, CLIENTS)

    entries.leave(left, "Clients")
    page = entries.changes(cursor, CLIENTS)

    assert ([], [left]) == (ids(page), page.unlisted)
    assert [item.member for item in entries.get([left], CLIENTS) if isinstance(item, Item)] == [False]


def test_joining_shows_in_the_delta() -> None:
    """A record that was put on the list shows up in the list's next delta."""
    entries = FakeCrm().entries
    id_ = entries.insert(Entry())
    cursor = cursor_of(entries, CLIENTS)

    entries.join(id_, "Clients")

    assert [id_] == ids(entries.changes(cursor, CLIENTS))


def test_a_list_does_not_tell_of_strangers() -> None:
    """The feed of a favourite list says nothing of entries that were never on it."""
    entries = FakeCrm().entries
    cursor = cursor_of(entries, CLIENTS)

    entries.delete(entries.insert(Entry()))
    entries.insert(Entry(), lists=("Friends",))

    page = entries.changes(cursor, CLIENTS)
    assert (ids(page), page.unlisted) == ([], [])


def test_a_list_goes_on_telling_of_who_left() -> None:
    """The feed of a favourite list also shows later edits of entries that were once on it, and their end."""
    entries = FakeCrm().entries
    edited, deleted = (entries.insert(Entry(), lists=("Clients",)) for _ in range(2))
    entries.leave(edited, "Clients")
    entries.leave(deleted, "Clients")
    cursor = cursor_of(entries, CLIENTS)

    entries.edit(edited, first_name="Ada")
    entries.delete(deleted)
    page = entries.changes(cursor, CLIENTS)

    assert [(edited, False)] == [(item.id, item.member) for item in page.items]
    assert [deleted] == page.unlisted


def test_a_folder_tells_of_strangers() -> None:
    """A mailbox knows no feed of a category: it shows all changes of the folder, and who is no member."""
    contacts = FakeOutlook().contacts
    cursor = cursor_of(contacts, CLIENTS)

    stranger = contacts.insert(Contact(categories=("Red",)))
    gone = contacts.insert(Contact())
    contacts.delete(gone)
    page = contacts.changes(cursor, CLIENTS)

    assert [(stranger, False)] == [(item.id, item.member) for item in page.items]
    assert [gone] == page.unlisted


def test_edits_during_a_listing_are_not_lost() -> None:
    """What changes while somebody lists is in the listing, or in the next delta."""
    crm = FakeCrm(page_size=2)
    first, second, third, fourth = crm.entries.load((Entry() for _ in range(4)), lists=("Clients",))
    page = crm.entries.changes(None, CLIENTS)
    assert [first, second] == ids(page)

    crm.entries.edit(first, first_name="A")
    crm.entries.edit(third, first_name="C")
    crm.entries.delete(second)
    crm.entries.leave(fourth, "Clients")
    rest = crm.entries.changes(page.cursor, CLIENTS)
    delta = crm.entries.changes(rest.cursor, CLIENTS)
    more = crm.entries.changes(delta.cursor, CLIENTS)

    assert rest.complete
    assert ids(rest) == []
    assert {first: True, third: True, fourth: False} == {
        item.id: item.member for page in (delta, more) for item in page.items
    }
    assert [second] == [*delta.unlisted, *more.unlisted]


def test_a_moved_record_is_unlisted_and_listed() -> None:
    """A move shows as the end of the old id and a new record under the new one."""
    entries = FakeCrm().entries
    old = entries.insert(Entry(), lists=("Clients",))
    cursor = cursor_of(entries, CLIENTS)

    new = entries.move(old)
    page = entries.changes(cursor, CLIENTS)

    assert ([new], [old]) == (ids(page), page.unlisted)


def test_cursors_expire() -> None:
    """Every cursor that was handed out can expire, and a new listing hands out one that holds."""
    crm = FakeCrm(page_size=1)
    crm.entries.load((Entry() for _ in range(2)), lists=("Clients",))
    running = crm.entries.changes(None, CLIENTS).cursor
    delta = cursor_of(crm.entries, CLIENTS)

    crm.entries.expire_cursors()

    for cursor in (running, delta):
        with pytest.raises(CursorExpired):
            crm.entries.changes(cursor, CLIENTS)
    assert crm.entries.changes(cursor_of(crm.entries, CLIENTS), CLIENTS).complete


@pytest.mark.parametrize("cursor", ["", "d", "no cursor at all", "d.0.0.x.0.0", "d.9.9.-1.0.0", "x.0.0.0.0.0"])
def test_foreign_cursors(cursor: str) -> None:
    """A cursor that the service never made is answered like an expired one."""
    with pytest.raises(CursorExpired):
        FakeCrm().entries.changes(cursor, EVERYTHING)


def test_cursors_belong_to_their_scope_and_account() -> None:
    """A cursor of another list or of another account is answered like an expired one."""
    crm = FakeCrm()
    cursor = cursor_of(crm.entries, CLIENTS)

    with pytest.raises(CursorExpired):
        crm.entries.changes(cursor, Scope("Friends"))
    crm.account = "somebody else's"
    with pytest.raises(CursorExpired):
        crm.entries.changes(cursor, CLIENTS)


def test_a_cursor_from_the_future() -> None:
    """A cursor beyond everything that ever happened, as after a restored backup, is answered like an expired one."""
    ahead = FakeCrm(page_size=1).entries
    ahead.load(Entry() for _ in range(3))
    running = ahead.changes(None, EVERYTHING).cursor
    behind = FakeCrm().entries
    behind.load(Entry() for _ in range(2))

    for cursor in (running, cursor_of(ahead, EVERYTHING)):
        with pytest.raises(CursorExpired):
            behind.changes(cursor, EVERYTHING)


def test_a_service_without_deltas() -> None:
    """Where a service has no deltas, a listing is complete and leaves no cursor behind."""
    crm = FakeCrm(page_size=2, capabilities=Capabilities(delta=False))
    crm.entries.load(Entry() for _ in range(3))

    pages = Follower(crm.entries, EVERYTHING).catch_up()

    assert [len(page.items) for page in pages] == [2, 1]
    assert pages[-1].cursor == ""
    with pytest.raises(CursorExpired):
        crm.entries.changes("", EVERYTHING)


def test_replays() -> None:
    """A feed with replays repeats ids, replays unchanged items and former states, and has empty pages with more."""
    seen: set[str] = set()
    for seed in range(5):
        crm = FakeCrm(page_size=3, seed=seed, quirks=Quirks(replays=True))
        loaded = crm.entries.load((Entry() for _ in range(30)), lists=("Clients",))
        strangers = crm.entries.load(Entry() for _ in range(30))
        follower = Follower(crm.entries, CLIENTS)
        follower.catch_up()
        edited = loaded[:12]
        for name in ("former", "latest"):
            for id_ in edited:
                crm.entries.edit(id_, first_name=name)

        pages = follower.catch_up()
        shown = [item for page in pages for item in page.items]

        if any(not page.items and not page.unlisted and not page.complete for page in pages):
            seen.add("an empty page with more to follow")
        if len({item.version for item in shown}) < len(shown):
            seen.add("a repeated item")
        if not {item.id for item in shown} <= set(edited):
            seen.add("an unchanged item")
        if any(item.record.first_name == "former" for item in shown):
            seen.add("a former state")
        assert not {item.id for item in shown} & set(strangers)
        assert crm.entries.all("Clients") == {id_: item.record for id_, item in follower.known.items()}
    assert seen == {
        "an empty page with more to follow",
        "a repeated item",
        "an unchanged item",
        "a former state",
    }


def test_a_listing_in_disorder_shows_members_only() -> None:
    """However disordered a listing is, it shows no contact without the category."""
    contacts = FakeOutlook(page_size=1, quirks=Quirks(replays=True)).contacts
    members = contacts.load((Contact() for _ in range(5)), lists=("Clients",))
    contacts.load(Contact() for _ in range(20))
    contacts.load((Contact() for _ in range(5)), lists=("Clients",))

    pages = Follower(contacts, CLIENTS).catch_up()

    assert {True} == {item.member for page in pages for item in page.items}
    assert set(members) < {id_ for page in pages for id_ in ids(page)}


def test_a_listing_in_disorder_shows_nothing_that_is_over() -> None:
    """However disordered a listing is, it shows no former states and no records that were deleted before it began."""
    crm = FakeCrm(quirks=Quirks(replays=True))
    edited, *deleted = crm.entries.load(Entry() for _ in range(20))
    crm.entries.edit(edited, first_name="Ada")
    for id_ in deleted:
        crm.entries.edit(id_, first_name="Bob")
        crm.entries.delete(id_)

    pages = Follower(crm.entries, EVERYTHING).catch_up()

    assert {"Ada"} == {item.record.first_name for page in pages for item in page.items}


def test_replays_follow_the_seed() -> None:
    """The same seed gives the same disorder, another one another."""

    def pages(seed: int) -> list[list[str]]:
        crm = FakeCrm(seed=seed, quirks=Quirks(replays=True))
        crm.entries.load(Entry() for _ in range(40))
        return [ids(page) for page in Follower(crm.entries, EVERYTHING).catch_up()]

    assert pages(1) == pages(1)
    assert pages(1) != pages(2)
