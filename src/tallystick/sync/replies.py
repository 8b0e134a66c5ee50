"""Check what providers answer: of the types that the protocol names, or refused before anything rests on it.

Python holds nobody to annotations. An id that is a number is equal to itself in memory, and to nothing that a database
gives back; a status that is a text is no status; an id that ``get`` leaves out would be taken for one that nothing has
happened to. Such an answer is a mistake in the program: UsageError ends the run where it stands, as any other mistake
would, with the side, the method and the types, and never a value. Whatever was written is looked for by the next run.

Listings are long, so all items are looked at in one go, and one by one only where that finds something unusual.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from operator import attrgetter
from typing import TypeVar, cast

from tallystick.errors import OutcomeUnknown, Throttled, UsageError
from tallystick.ports import Absence, AbsenceReason, Create, Found, Item, Outcome, Page, Redirect, Side, Status
from tallystick.text import counted

T = TypeVar("T")
Where = tuple[Side | str, str]
"""Who answers, a side or whoever goes by a name, and which method."""

_ID, _VERSION, _MEMBER, _TOKEN = map(attrgetter, ("id", "version", "member", "token"))
_MODIFIED, _ZONE, _STATUS, _ITEM = map(attrgetter, ("modified", "tzinfo", "status", "item"))
_RETRY_AFTER, _RECORD = map(attrgetter, ("retry_after", "record"))
_TEXTS, _TEXTS_OR_NONE, _TIMES = {str}, {str, type(None)}, {datetime, type(None)}
_TRUTHS = {bool, int}  # a database's 0 and 1 will do


def page_of(reply: object, where: Where) -> Page[object]:
    """Return what ``changes`` answered, if it is a page."""
    page: Page[object] = _of_type(Page, reply, "the answer", where)
    _check(_several(page.items, "items", where), where)
    for one in _several(page.unlisted, "unlisted", where):
        _text(one, "an id among unlisted", where)
    for one in _several(page.unreadable, "unreadable", where):
        _text(one, "an id among unreadable", where)
    if page.cursor is not None:  # a service without a delta has none to give
        _text(page.cursor, "the cursor", where, empty=True)
    _of_type(int, page.complete, "complete", where)
    return page


def found_of(reply: object, ids: Sequence[str], where: Where) -> Sequence[Found[object]]:
    """Return what ``get`` answered, if it says of each id what it is; in which order is all the same."""
    answers = _several(reply, "the answer", where)
    _check([one for one in answers if isinstance(one, Item)], where)
    for one in answers:
        if isinstance(one, Redirect):
            _text(one.new_id, "the new id of a redirect", where)
        elif not isinstance(one, Item):
            absence = _of_type(Absence, one, "an answer", where)
            _of_type(AbsenceReason, absence.reason, "the reason of an absence", where)
    missing = len(set(ids).difference(map(_ID, answers)))
    if missing:
        raise UsageError(
            f"{missing} of {len(set(ids))} ids are left out of the answer",
            where=place_of(where),
            remedy="answer each id as it was asked: with its Item, an Absence or a Redirect",
        )
    return cast("Sequence[Found[object]]", answers)


def items_of(reply: object, where: Where) -> Sequence[Item[object]]:
    """Return what ``search`` answered, if it is items."""
    items = _several(reply, "the answer", where)
    _check(items, where)
    return cast("Sequence[Item[object]]", items)


def check_reply(reply: object, args: Sequence[object], where: Where) -> None:
    """Raise for what is no answer of the method that ``where`` names; ``args`` are what it was called with."""
    asked = cast("Sequence[str]", args[0])
    if where[1] == "changes":
        page_of(reply, where)
    elif where[1] == "get":
        found_of(reply, asked, where)
    elif where[1] == "search":
        items_of(reply, where)
    else:
        outcomes_of(reply, len(asked), where, asked)


class Miscounted(OutcomeUnknown):
    """A batch of writes was answered with fewer or more outcomes than it has writes, or with those of others.

    None of them can be matched.
    """


def outcomes_of(reply: object, asked: int, where: Where, batch: Sequence[object] = ()) -> Sequence[Outcome[object]]:
    """Return what became of a batch of writes, if it is outcomes.

    Raises Miscounted unless there is one for each, and none of them shows the record of another write of ``batch``.
    """
    outcomes = _several(reply, "the answer", where)
    if not set(map(type, outcomes)) <= {Outcome}:
        for outcome in outcomes:
            _of_type(Outcome, outcome, "an outcome", where)
    if not set(map(type, map(_STATUS, outcomes))) <= {Status}:
        for status in map(_STATUS, outcomes):
            _of_type(Status, status, "the status of an outcome", where)
    for wait in [one for one in map(_RETRY_AFTER, outcomes) if one is not None]:
        try:
            Throttled(retry_after=wait)  # which takes what an outcome may
        except UsageError:
            raise _wrong(wait, "retry_after of an outcome", "a number of seconds, or None", where) from None
    _check([item for item in map(_ITEM, outcomes) if item is not None], where)
    if len(outcomes) != asked:
        raise Miscounted(
            f"{counted(asked, 'write')} answered with {counted(len(outcomes), 'outcome')}",
            where=place_of(where),
            remedy="mend the provider's method: one Outcome for each write, in their order",
        )
    told = cast("Sequence[Outcome[object]]", outcomes)
    if batch and _is_mixed_up(batch, told):
        raise Miscounted(
            "an outcome shows the record of another write of its batch",
            where=place_of(where),
            remedy="mend the provider's method: one Outcome for each write, in their order",
        )
    return told


def _is_mixed_up(batch: Sequence[object], outcomes: Sequence[Outcome[object]]) -> bool:
    """Tell whether outcomes stand in another order than their writes, as a service may answer a bulk request.

    What is created is known by its token, which an id that the client gives is too, or, where none is shown, by what
    was sent. That is looked at once, for the first record that is another than was sent: where the order is another
    one, so are all of them.
    """
    pairs = [(write, one.item) for write, one in zip(batch, outcomes, strict=True) if one.item is not None]
    known_by = _TOKEN if isinstance(batch[0], Create) else _ID
    known, shown = set(map(known_by, batch)), [known_by(item) for _, item in pairs]
    for (write, item), told in zip(pairs, shown, strict=True):
        name = told or item.id
        if name in known and name != known_by(write):
            return True
    if None not in shown:
        return False
    for at, (write, item) in enumerate(pairs):
        if _RECORD(write) != item.record:
            later = pairs[at + 1 :]
            return any(_RECORD(other) == item.record != its.record for other, its in later)
    return False


def _check(items: Collection[object], where: Where) -> None:
    """Raise for the first item that is none, or whose values are of other types."""
    if items and not (
        set(map(type, items)) == {Item}
        and set(map(type, map(_ID, items))) == _TEXTS
        and all(map(_ID, items))
        and set(map(type, map(_VERSION, items))) <= _TEXTS_OR_NONE
        and set(map(type, map(_MEMBER, items))) <= _TRUTHS
        and set(map(type, map(_TOKEN, items))) <= _TEXTS_OR_NONE
        and set(map(type, map(_MODIFIED, items))) <= _TIMES
        and None not in map(_ZONE, filter(None, map(_MODIFIED, items)))
    ):
        _check_each(items, where)


def _check_each(items: Iterable[object], where: Where) -> None:
    for item in items:
        one: Item[object] = _of_type(Item, item, "an item", where)
        _text(one.id, "the id of an item", where)
        _of_type(int, one.member, "member of an item", where)
        for name, value in (("version", one.version), ("token", one.token)):
            if value is not None:
                _text(value, f"the {name} of an item", where, empty=True)
        if one.modified is not None:
            at = _of_type(datetime, one.modified, "modified of an item", where)
            if at.tzinfo is None:
                raise UsageError(
                    "modified of an item has no zone",
                    where=place_of(where),
                    remedy="give an instant, such as one in UTC",
                )


def _several(value: object, what: str, where: Where) -> Collection[object]:
    """Return what can be counted and gone through twice, which a generator can't."""
    if isinstance(value, list | tuple):
        return value
    if not isinstance(value, Collection) or isinstance(value, str | bytes | dict):
        raise _wrong(value, what, "a list or tuple", where)
    return value


def _text(value: object, what: str, where: Where, *, empty: bool = False) -> None:
    if not isinstance(value, str):
        raise _wrong(value, what, "a str", where)
    if not (value or empty):
        raise UsageError(f"{what} is empty", where=place_of(where), remedy="leave out what has no id")


_ASKED: dict[type, str] = {int: "a bool", datetime: "a datetime"}


def _of_type(kind: type[T], value: object, what: str, where: Where) -> T:
    if not isinstance(value, kind):
        raise _wrong(value, what, _ASKED.get(kind, f"of tallystick.ports.{kind.__name__}"), where)
    return value


def _wrong(value: object, what: str, asked: str, where: Where) -> UsageError:
    found = "None" if value is None else f"of the type {type(value).__name__}"
    return UsageError(
        f"{what} is {found} and has to be {asked}", where=place_of(where), remedy="mend the provider's method"
    )


def place_of(where: Where) -> str:
    """Return who answers, and which method, as errors say it."""
    who, method = where
    return f"{who.label} side, {method}()" if isinstance(who, Side) else f"{who}, {method}()"
