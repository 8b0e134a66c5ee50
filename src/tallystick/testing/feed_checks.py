"""Provide the checks of the feed: full listings, and what changed since a cursor."""

from tallystick.errors import CursorExpired
from tallystick.ports import Capabilities
from tallystick.testing.check import Check, OutOfReach, refused, require
from tallystick.testing.trial import Trials, scoped


def _complete(trial: Trials) -> None:
    ids = trial.inserts(trial.samples.listing)
    feed = trial.feed()
    missing = [one for one in ids if not feed.shows(one)]
    require(not missing, f"a listing that says it is complete lacks {len(missing)} of {len(ids)} members")


def _empty(trial: Trials) -> None:
    require(not trial.feed().items, "an empty service lists something")


def _same(trial: Trials) -> None:
    one = trial.inserted()
    listed = trial.feed().items
    require(one in listed, "the record is not listed")
    require(
        trial.samples.shown(listed[one].record) == trial.shown(one), "the feed shows another record than the user's"
    )


def _outsiders(trial: Trials) -> None:
    trial.need_list()
    outsider = trial.inserted(member=False)
    require(not trial.feed().shows(outsider), "a record that is not on the list is listed as a member")


def _apart(trial: Trials) -> None:
    ids = trial.inserts(3)
    cursor = trial.feed().cursor
    trial.delete(ids[0])
    trial.edit(ids[1])
    for at in (None, cursor) if trial.capabilities.delta else (None,):
        page = trial.provider.changes(at, trial.scope)
        named = [*{item.id for item in page.items}, *{*page.unlisted}, *{*page.unreadable}]
        require(len(named) == len({*named}), "an id stands in two of items, unlisted and unreadable of one page")


def _cursor_moves(trial: Trials) -> None:
    trial.inserts(trial.samples.listing)
    _need_pages(trial, trial.feed().pages)


def _edit(trial: Trials) -> None:
    one, *_ = trial.inserts(2)
    cursor = trial.feed().cursor
    trial.edit(one)
    feed = trial.feed(cursor)
    require(one in feed.items, "the user's edit does not come with the next changes")
    shown = trial.samples.shown(feed.items[one].record)
    require(shown == trial.shown(one), "the changes show the record as it was before the edit")


def _new(trial: Trials) -> None:
    trial.inserted()
    cursor = trial.feed().cursor
    one = trial.inserted()
    require(trial.feed(cursor).shows(one), "a new record does not come with the next changes")


def _deletion(trial: Trials) -> None:
    one, *_ = trial.inserts(2)
    cursor = trial.feed().cursor
    trial.delete(one)
    feed = trial.feed(cursor)
    require(one not in feed.items, "a deleted record is listed as if it were there")
    if trial.capabilities.delta:
        require(one in feed.unlisted, "a deletion does not come with the next changes")


def _leaving(trial: Trials) -> None:
    trial.need_list()
    one, *_ = trial.inserts(2)
    cursor = trial.feed().cursor
    trial.move(one, member=False)
    feed = trial.feed(cursor)
    require(not feed.shows(one), "a record that left the list is listed as a member")
    told = one in feed.unlisted or one in feed.items or not trial.capabilities.delta
    require(told, "that a record left the list does not come with the next changes")


def _joining(trial: Trials) -> None:
    trial.need_list()
    one = trial.inserted(member=False)
    cursor = trial.feed().cursor
    trial.move(one, member=True)
    require(trial.feed(cursor).shows(one), "that a record joined the list does not come with the next changes")


def _only_changes(trial: Trials) -> None:
    trial.inserts(2)
    cursor = trial.feed().cursor
    cursor = trial.feed(cursor, trying=True).cursor  # services may say the last things twice
    require(not trial.feed(cursor, trying=True).items, "where nothing changed, records are listed")


def _meanwhile(trial: Trials) -> None:
    ids = trial.inserts(trial.samples.listing)
    pages = trial.pages()
    page = next(pages)
    _need_pages(trial, 1 if page.complete else 2)
    edited = next((one for one in ids if one in {item.id for item in page.items}), ids[0])
    trial.edit(edited)
    shown = None
    for page in pages:
        shown = next((item for item in page.items if item.id == edited), shown)
    shown = trial.feed(page.cursor).items.get(edited, shown)
    seen = shown is not None and trial.samples.shown(shown.record) == trial.shown(edited)
    require(seen, "an edit made while the listing was read is never told of")


def _replayed(trial: Trials) -> None:
    one, *_ = trial.inserts(2)
    cursor = trial.feed().cursor
    trial.edit(one)
    require(one in trial.feed(cursor).items, "the user's edit does not come with the next changes")
    require(one in trial.feed(cursor).items, "a cursor that was asked with before no longer brings what it brought")


def _expired(trial: Trials) -> None:
    trial.inserts(2)
    cursor = trial.feed().cursor
    if not trial.door.expire_cursors():
        raise OutOfReach("the back door can't make cursors expire")
    with refused(CursorExpired, "a cursor that the service no longer knows is not refused with CursorExpired"):
        trial.feed(cursor)


def _need_pages(trial: Trials, pages: int) -> None:
    """Give the check up where a listing is one page: what can go wrong between two was not tried."""
    if pages == 1:
        listing = f"{trial.samples.listing} records were listed in one page"
        raise OutOfReach(f"{listing}: make a service of smaller pages, or let the samples' listing be larger")


def _delta(declared: Capabilities) -> bool:
    return declared.delta


def _scoped_delta(declared: Capabilities) -> bool:
    return declared.scopes and declared.delta


FEED: tuple[Check[Trials, Capabilities], ...] = (
    Check("a listing is complete", "a listing that says so has shown every member", _complete),
    Check("an empty service lists nothing", "where there is nothing, nothing is listed", _empty),
    Check("a listing shows the record", "the feed shows what the user sees", _same),
    Check("a listing knows its members", "what is not on the list is not listed as a member", _outsiders, scoped),
    Check("a page says one thing of an id", "no id is in two of items, unlisted and unreadable of one page", _apart),
    Check("cursors move", "pages lead on to an end", _cursor_moves),
    Check("an edit is told", "an edit comes with the next changes", _edit, _delta, _delta),
    Check("a new record is told", "a new record comes with the next changes", _new, _delta, _delta),
    Check("a deletion is told", "a deletion comes with the next changes, as an id", _deletion, _delta, _delta),
    Check(
        "leaving is told", "that a record left the list comes with the next changes", _leaving, _scoped_delta, _delta
    ),
    Check(
        "joining is told", "that a record joined the list comes with the next changes", _joining, _scoped_delta, _delta
    ),
    Check("only changes are told", "a cursor brings only what changed since", _only_changes, _delta),
    Check(
        "an edit while listing is told", "nothing that happens between two pages is lost", _meanwhile, _delta, _delta
    ),
    Check("a cursor can be asked again", "a cursor brings the same again after a crash", _replayed, _delta, _delta),
    Check(
        "an expired cursor is refused",
        "CursorExpired is raised where a cursor is no longer known",
        _expired,
        _delta,
        _delta,
    ),
)
