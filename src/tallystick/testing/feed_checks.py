"""Provide the checks of the feed: full listings, and what changed since a cursor."""

from tallystick.errors import CursorExpired
from tallystick.ports import Capabilities
from tallystick.testing.check import Check, Failed, OutOfReach, refused, require
from tallystick.testing.trial import Trials, scoped

_SEVERAL = 7


def _complete(trial: Trials) -> None:
    ids = trial.inserts(_SEVERAL)
    missing = [one for one in ids if not trial.feed().shows(one)]
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
    trial.inserts(_SEVERAL)
    cursor, seen = None, set()
    for _ in range(_SEVERAL * 2):
        page = trial.provider.changes(cursor, trial.scope)
        if page.complete:
            return
        require(page.cursor != cursor, "a page that is not complete returned the cursor it was asked with")
        require(page.cursor not in seen, "the pages go round in a circle")
        seen.add(page.cursor)
        cursor = page.cursor
    raise Failed("the listing does not come to its end")


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
    trial.inserts(_SEVERAL)
    cursor = trial.feed().cursor
    cursor = trial.feed(cursor, trying=True).cursor  # services may say the last things twice
    require(not trial.feed(cursor, trying=True).items, "where nothing changed, records are listed")


def _meanwhile(trial: Trials) -> None:
    ids = trial.inserts(_SEVERAL)
    page = trial.provider.changes(None, trial.scope)
    edited = next((one for one in ids if one in {item.id for item in page.items}), ids[0])
    trial.edit(edited)
    cursor, shown = page.cursor, None
    while not page.complete:
        page = trial.provider.changes(cursor, trial.scope)
        shown = next((item for item in page.items if item.id == edited), shown)
        cursor = page.cursor
    shown = trial.feed(cursor).items.get(edited, shown)
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
