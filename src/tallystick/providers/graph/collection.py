"""Provide the collection: every decision of a provider between its port and the service, for whichever kind of object.

Nothing here is sent: methods are generators that ask (:mod:`~.asks`). Reading raises what the service's error means. A
write is answered one by one; where none of a batch was taken for a reason that concerns all of them, that is raised.

What a write leaves is read from its answer. Where more has to be read or written afterwards and that fails, the write
is UNKNOWN, and the next run looks into it: an answer that says too much would be taken for what was agreed.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, Generic, TypeVar

import attrs

from tallystick.codecs.graph import outcome, provider_error
from tallystick.codecs.graph.values import Json, objects, text
from tallystick.errors import (
    AuthenticationRequired,
    InputError,
    MalformedAnswer,
    PermissionDenied,
    ProviderError,
    ScopeGone,
    Throttled,
)
from tallystick.ports import (
    Absence,
    AbsenceReason,
    Capabilities,
    Create,
    Found,
    Item,
    Outcome,
    Page,
    Remove,
    Scope,
    Status,
    Term,
    Update,
)
from tallystick.providers.graph.asks import Answer, Ask, Asking, ask_all, ask_one
from tallystick.providers.graph.cursor import Cursor, begun, read_cursor
from tallystick.providers.graph.kind import Done, Kind
from tallystick.providers.graph.reading import answered, is_gone
from tallystick.providers.graph.wire import Wire

R = TypeVar("R")
_OF_ALL: Final = (AuthenticationRequired, PermissionDenied, ScopeGone, Throttled)


@attrs.frozen
class Collection(Generic[R]):
    """One collection of a mailbox. ``page_size`` is how many rows a page of a feed is asked to have."""

    wire: Wire
    kind: Kind[R]
    page_size: int

    @property
    def capabilities(self) -> Capabilities:
        """What the provider declares."""
        return self.kind.capabilities

    def scopes(self) -> Asking[Sequence[str]]:
        """Return the names of what a sync may choose from."""
        return self.kind.scopes()

    # --- reading -----------------------------------------------------------------------------------------------------

    def changes(self, cursor: str | None, scope: Scope) -> Asking[Page[R]]:
        """Return one page of the feed."""
        first = begun(self.kind.feed(scope))
        at = first if cursor is None else read_cursor(cursor, first)
        answer = yield from ask_one(Ask("GET", at.path, prefer=(f"odata.maxpagesize={self.page_size}",)))
        data = answered(answer, listing=True)
        if not isinstance(data.get("value"), list):
            raise MalformedAnswer("not a list of objects", where="value", remedy="it is not as documented")
        last = {text(row, "id"): row for row in objects(data, "value")}
        gone = [id_ for id_, row in last.items() if "@removed" in row]
        rows = [row for row in last.values() if "@removed" not in row]
        self.kind.hear_gone(gone)
        if at.later:
            rows = yield from self._whole(rows, scope, gone)
        items, missing = yield from self.kind.filled(rows, scope)
        shown = {item.id for item in items}
        listed = dict.fromkeys(self.kind.listed_id(id_, scope) for id_ in (*gone, *missing))
        following = self._following(data, at, empty=not last)
        return Page(
            items,
            following.text(),
            complete="@odata.nextLink" not in data,
            unlisted=[id_ for id_ in listed if id_ not in shown],
        )

    def _following(self, data: Json, at: Cursor, *, empty: bool) -> Cursor:
        if link := text(data, "@odata.nextLink"):
            return at.led_on(self.wire.path_of(link), empty=empty)
        link = text(data, "@odata.deltaLink")
        if not link:
            raise MalformedAnswer("a page that leads nowhere", where="@odata.deltaLink", remedy="list it in full")
        return at.completed(self.wire.path_of(link))

    def _whole(self, rows: Sequence[Json], scope: Scope, gone: list[str]) -> Asking[list[Json]]:
        """Return rows with those read anew that tell only what changed."""
        partial = [text(row, "id") for row in rows if not self.kind.is_whole(row)]
        answers = yield from self.kind.read([self.kind.listed_id(id_, scope) for id_ in partial])
        read: dict[str, Json] = {}
        for id_, answer in zip(partial, answers, strict=True):
            if is_gone(answer):
                gone.append(id_)
            else:
                read[id_] = answered(answer)
        return [read.get(id_, row) for row in rows if (id_ := text(row, "id")) not in gone]

    def get(self, ids: Sequence[str], scope: Scope) -> Asking[list[Found[R]]]:
        """Return what each id is now."""
        answers = yield from self.kind.read(ids)
        return [self._found(id_, answer, scope) for id_, answer in zip(ids, answers, strict=True)]

    def _found(self, id_: str, answer: Answer, scope: Scope) -> Found[R]:
        fault = answer.fault
        if fault is None:
            return self.kind.item(answer.body, scope, id_)
        if is_gone(answer):
            return Absence(id_, AbsenceReason.DELETED)
        error = provider_error(fault, listing=True)
        if isinstance(error, PermissionDenied):
            return Absence(id_, AbsenceReason.NO_ACCESS)
        raise error

    def search(self, terms: Sequence[Term], scope: Scope) -> Asking[list[Item[R]]]:
        """Return every record that any of the terms fits, each once."""
        items = yield from self.kind.searching(list(dict.fromkeys(terms)), scope)
        return list({item.id: item for item in items}.values())

    # --- writing -----------------------------------------------------------------------------------------------------

    def create(self, batch: Sequence[Create[R]], scope: Scope) -> Asking[list[Outcome[R]]]:
        """Create records."""
        sending = _Sending[R]()
        home = self.kind.home(scope)
        for write in batch:
            sending.add(partial(self._making, home, write, scope))
        return (yield from self._sent(sending, [write.token for write in batch], scope, creates=batch))

    def update(self, batch: Sequence[Update], scope: Scope) -> Asking[list[Outcome[R]]]:
        """Change fields and membership of records."""
        present = yield from self._present(batch, scope)
        sending = _Sending[R]()
        for write in batch:
            there = present.get(write.id)
            if isinstance(there, Outcome):
                sending.outcomes.append(there)
                continue
            sending.add(partial(self._changing, write, there, scope), unchanged=there)
        return (yield from self._sent(sending, [""] * len(batch), scope))

    def _making(self, home: str, write: Create[R], scope: Scope) -> "_Made":
        return Ask("POST", home, self.kind.made(write, scope)), "", self.kind.wanted(write, None)

    def _changing(self, write: Update, present: Item[R] | None, scope: Scope) -> "_Made":
        record = None if present is None else present.record
        version = write.version if write.version is not None or present is None else present.version
        body = self.kind.patched(write, record, scope)
        return Ask("PATCH", self.kind.path(write.id), body, if_match=version), write.id, self.kind.wanted(write, record)

    def remove(self, batch: Sequence[Remove], scope: Scope) -> Asking[list[Outcome[R]]]:  # noqa: ARG002 -- the port's
        """Delete records."""
        asks = [Ask("DELETE", self.kind.path(write.id), if_match=write.version) for write in batch]
        answers = yield from ask_all(asks)
        outcomes = [_outcome(answer) if answer.fault else Outcome[R](Status.DONE) for answer in answers]
        gone = [number for number, one in enumerate(outcomes) if one.status is Status.GONE]
        seen = yield from _tried(self.kind.read([batch[number].id for number in gone]), list)
        for number, answer in zip(gone, seen, strict=False):  # none where they can't be read now
            if answer.fault is None:
                outcomes[number] = Outcome(Status.UNKNOWN, code="still_there")
        return _judged(outcomes, answers)

    def _present(self, batch: Sequence[Update], scope: Scope) -> Asking[dict[str, Item[R] | Outcome[R]]]:
        """Return the objects that have to be seen before an update is written down, or why it will not be."""
        writes = [write for write in batch if self.kind.must_see(write)]
        found = yield from self.get([write.id for write in writes], scope)
        present: dict[str, Item[R] | Outcome[R]] = {}
        for write, one in zip(writes, found, strict=True):
            if isinstance(one, Item):
                moved = write.version is not None and write.version != one.version
                present[write.id] = Outcome(Status.CHANGED) if moved else one
            else:
                refused = isinstance(one, Absence) and one.reason is AbsenceReason.NO_ACCESS
                present[write.id] = Outcome(Status.REFUSED if refused else Status.GONE)
        return present

    def _sent(
        self, sending: "_Sending[R]", tokens: Sequence[str], scope: Scope, creates: Sequence[Create[R]] = ()
    ) -> Asking[list[Outcome[R]]]:
        """Send what is to be sent, and say of each write what became of it."""
        at = [number for number, one in enumerate(sending.outcomes) if not isinstance(one, Outcome)]
        prepared = [made for made in sending.outcomes if not isinstance(made, Outcome)]
        answers = yield from ask_all([ask for ask, _, _ in prepared])
        done: dict[int, Done] = {}
        outcomes: list[Outcome[R]] = [
            one if isinstance(one, Outcome) else Outcome(Status.UNKNOWN) for one in sending.outcomes
        ]
        for number, (ask, id_, wanted), answer in zip(at, prepared, answers, strict=True):
            if answer.fault is None:
                done[number] = Done(id_, answer.body, ask.body or {}, wanted, tokens[number])
            elif creates and answer.status == 409:  # noqa: PLR2004 -- a conflict: perhaps with its own first try
                outcomes[number] = _outcome(answer)
                first = yield from _tried(self.kind.repeated(creates[number], scope), lambda: None)
                if first is not None:
                    done[number] = Done(id_, first, ask.body or {}, wanted, tokens[number])
            else:
                outcomes[number] = _outcome(answer)
        if not done:
            return _judged(outcomes, answers, listing=bool(creates))
        items = yield from _tried(self.kind.settled(list(done.values()), scope), lambda: [None] * len(done))
        for number, item in zip(done, items, strict=True):
            outcomes[number] = Outcome(Status.UNKNOWN) if item is None else Outcome(Status.DONE, item)
        return outcomes


_Made = tuple[Ask, str, object]


@attrs.define
class _Sending(Generic[R]):
    """The writes of a batch: what is to be sent for each, or its outcome where nothing is."""

    outcomes: "list[_Made | Outcome[R]]" = attrs.field(factory=list)

    def add(self, made: Callable[[], _Made], unchanged: Item[R] | None = None) -> None:
        """Take in a write; ``unchanged`` is what stands there if nothing is to be written."""
        try:
            ask, id_, wanted = made()
        except InputError:
            self.outcomes.append(Outcome(Status.REFUSED, code="invalid_value"))
            return
        nothing = unchanged is not None and not ask.body and wanted is None
        self.outcomes.append(Outcome(Status.DONE, unchanged) if nothing else (ask, id_, wanted))


_T = TypeVar("_T")


def _tried(asking: Asking[_T], otherwise: Callable[[], _T]) -> Asking[_T]:
    """Ask after something was written; what fails by then is not known, and no reason to say that nothing was."""
    try:
        return (yield from asking)
    except (ProviderError, InputError):
        return otherwise()


def _outcome(answer: Answer) -> Outcome[R]:
    fault = answer.fault
    assert fault is not None  # noqa: S101 -- the caller's; for the type checker
    try:
        return outcome(fault)
    except AuthenticationRequired:
        return Outcome(Status.THROTTLED, code=fault.code)


def _judged(outcomes: list[Outcome[R]], answers: Sequence[Answer], *, listing: bool = False) -> list[Outcome[R]]:
    """Return outcomes, or raise why none of the writes was taken, where the reason is that of all."""
    errors = [provider_error(answer.fault, listing=listing) for answer in answers if answer.fault]
    refused = all(one.status not in (Status.DONE, Status.UNKNOWN) for one in outcomes)
    if refused and errors and len(errors) == len(outcomes) and all(isinstance(error, _OF_ALL) for error in errors):
        raise next((error for error in errors if not isinstance(error, Throttled)), errors[0])
    return outcomes
