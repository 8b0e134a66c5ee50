"""Provide the checks of what is read by id and by term, and of what a provider says of itself."""

from datetime import timedelta

from tallystick.errors import UsageError
from tallystick.ports import Absence, AbsenceReason, Capabilities, Item, Remove, Term, Update
from tallystick.sync.replies import found_of, items_of, outcomes_of, page_of
from tallystick.testing.check import Check, Failed, OutOfReach, require
from tallystick.testing.trial import Trials, scoped

_PRECISION = timedelta(minutes=1)  # services round; zones and daylight saving are half an hour off and more


def _account(trial: Trials) -> None:
    require(trial.provider.account, "the account has no name")
    require(trial.provider.account == trial.provider.account, "the account's name is another each time")
    require(trial.provider.capabilities == trial.provider.capabilities, "the capabilities are others each time")


def _scopes(trial: Trials) -> None:
    trial.need_list()
    trial.inserted()
    require(trial.scope.name in trial.provider.scopes(), "scopes() does not name the list that the samples are on")


def _order(trial: Trials) -> None:
    ids = trial.inserts(3)
    asked = [ids[2], "no-such-id", ids[0], ids[1]]
    found = trial.get(*asked)
    require(len(found) == len(asked), f"{len(asked)} ids were answered with {len(found)} answers")
    require([one.id for one in found] == asked, "the answers are not in the order of the ids")


def _types(trial: Trials) -> None:
    ids, scope, provider = [trial.inserted(), "no-such-id"], trial.scope, trial.provider
    terms, write = trial.samples.terms(trial.door.record(ids[0])), trial.creation()
    who = type(provider).__name__
    try:
        page_of(provider.changes(None, scope), (who, "changes"))
        found_of(trial.get(*ids), ids, (who, "get"))
        items_of(provider.search(terms, scope), (who, "search"))
        item = trial.done(outcomes_of(provider.create([write], scope), 1, (who, "create")))
        update = Update(item.id, item.version, trial.samples.edit)
        outcomes_of(provider.update([update], scope), 1, (who, "update"))
        outcomes_of(provider.remove([Remove(item.id, None)], scope), 1, (who, "remove"))
    except UsageError as error:
        raise Failed(str(error)) from error


def _whole(trial: Trials) -> None:
    one = trial.inserted()
    require(trial.samples.shown(trial.item(one).record) == trial.shown(one), "get shows another record than the user's")
    trial.edit(one)
    require(trial.samples.shown(trial.item(one).record) == trial.shown(one), "get does not show the user's edit")


def _beyond(trial: Trials) -> None:
    trial.need_list()
    outsider, insider = trial.inserted(member=False), trial.inserted()
    require(not trial.item(outsider).member, "get says that a record is on the list that is not")
    require(trial.item(insider).member, "get says that a record is not on the list that is")


def _deleted(trial: Trials) -> None:
    one = trial.inserted()
    trial.delete(one)
    for id_, what in ((one, "deleted"), ("no-such-id", "unknown")):
        (found,) = trial.get(id_)
        told = isinstance(found, Absence) and found.reason is AbsenceReason.DELETED
        require(told, f"get does not say of an id that is {what} that it is deleted")


def _read_size(trial: Trials) -> None:
    size = min(trial.capabilities.read_size, 50)
    ids = trial.inserts(size)
    found = {one.id for one in trial.get(*ids) if isinstance(one, Item)}
    require(found == set(ids), f"of {size} ids in one call {len(found)} were answered")


def _versions_move(trial: Trials) -> None:
    one = trial.inserted()
    before = trial.item(one).version
    trial.edit(one)
    if before is not None:
        require(trial.item(one).version != before, "the version stayed the same while the record changed")


def _versions_rest(trial: Trials) -> None:
    one = trial.inserted()
    require(trial.item(one).version == trial.item(one).version, "the version moved without an edit")


def _times(trial: Trials) -> None:
    one = trial.inserted()
    before = trial.item(one).modified
    if before is None:
        raise OutOfReach("items tell no modified time: where the latest edit would win, the profile's tie stands")
    trial.edit(one)
    after = trial.item(one).modified
    require(after is not None and after >= before, "an edit took the modified time away, or set it back")
    if trial.samples.now is None:
        raise OutOfReach("the samples have no clock that modified times could be compared with: give them now=")
    off = (after or before) - trial.samples.now()
    require(
        abs(off) <= _PRECISION + trial.capabilities.visibility_lag,
        f"right after an edit the modified time is {off.total_seconds():+.0f} s from the clock:"
        " convert it from the zone or the unit that the service tells it in",
    )


def _versions_agree(trial: Trials) -> None:
    one = trial.inserted()
    read = trial.item(one).version
    listed = trial.feed().items
    require(one in listed, "the record is not listed")
    require(listed[one].version == read, "the feed and get show different versions of one state")
    terms = trial.samples.terms(trial.door.record(one))
    hits = {item.id: item.version for item in trial.provider.search(terms, trial.scope)}
    require(hits.get(one, read) == read, "search and get show different versions of one state")


def _search(trial: Trials) -> None:
    one, other = trial.inserts(2)
    hits = trial.provider.search(trial.samples.terms(trial.door.record(one)), trial.scope)
    require(one in [hit.id for hit in hits], "search does not find a record by its own terms")
    require(other not in [hit.id for hit in hits], "search finds a record that no term fits")


def _search_many(trial: Trials) -> None:
    ids = trial.inserts(3)
    terms = [term for one in ids for term in trial.samples.terms(trial.door.record(one))]
    terms = terms[: trial.capabilities.read_size]
    hits = [hit.id for hit in trial.provider.search([*terms, *terms[:1]][: trial.capabilities.read_size], trial.scope)]
    require(set(hits) <= set(ids), "search finds records that no term fits")
    require(len(hits) == len(set(hits)), "search shows a record more than once")
    if len(terms) >= len(ids):
        require(set(hits) == set(ids), f"of {len(ids)} records that the terms fit {len(set(hits))} were found")


def _search_beyond(trial: Trials) -> None:
    trial.need_list()
    one = trial.inserted(member=False)
    hits = {hit.id: hit for hit in trial.provider.search(trial.samples.terms(trial.door.record(one)), trial.scope)}
    require(one in hits, "search finds only what is on the list")
    require(not hits[one].member, "search says that a record is on the list that is not")


def _search_nothing(trial: Trials) -> None:
    one = trial.inserted()
    field = trial.samples.terms(trial.door.record(one))[0].field
    hits = trial.provider.search([Term(field, "nothing-of-the-kind")], trial.scope)
    require(not list(hits), "search finds something where there is nothing")


READING: tuple[Check[Trials, Capabilities], ...] = (
    Check("account", "the account and the capabilities stay the same", _account),
    Check("scopes are named", "scopes() names the lists there are", _scopes, scoped),
    Check("get answers in order", "one answer for each id, in the order asked", _order),
    Check("answers have their types", "what is answered has the types that the protocol names", _types),
    Check("get shows the record", "get shows what the user sees", _whole),
    Check("get sees beyond the list", "get shows records that are not on the list, and says so", _beyond, scoped),
    Check("get tells what is gone", "what is deleted, or never was, is an absence for that reason", _deleted),
    Check("read_size", "as many ids as declared can be read in one call", _read_size),
    Check("versions move", "an edit changes the version", _versions_move),
    Check("versions rest", "a version does not move without an edit", _versions_rest),
    Check("times are those of edits", "modified is when the record was last edited, an instant", _times),
    Check("versions agree", "feed, get and search show one version of one state", _versions_agree),
    Check("search finds", "a record is found by its terms, and no other", _search),
    Check("search takes many terms", "what any of the terms fits is found, each once", _search_many),
    Check("search sees beyond the list", "records that are not on the list are found, too", _search_beyond, scoped),
    Check("search finds nothing", "a term that fits nothing finds nothing", _search_nothing),
)
