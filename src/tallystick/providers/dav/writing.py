"""Provide the writes to a collection: each a record put under its own address, on the condition of what it rests on.

* A create goes to the address that its token makes, if nothing is there (``If-None-Match: *``). One that meets its
  own record is done; one that meets another is in doubt, and looked into by the next run.
* An update reads the record, changes of its text what the fields say, and puts it if it is still the one that was read
  (``If-Match``). What no field speaks of stays as it is.
* What was put is read back, all of a batch at once: services rewrite what they are given, and some give no etag. A
  record that is another's by then, with another etag and other contents, is in doubt and not taken for ours.

Weak etags, which services compare with nothing, are compared here just before the write.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final, Generic, TypeVar

import attrs

from tallystick.codecs.document import Row
from tallystick.errors import OutcomeUnknown, ProviderError
from tallystick.ports import AbsenceReason, Create, Outcome, Remove, Scope, Status, Update
from tallystick.providers.dav import requests
from tallystick.providers.dav.faults import BUSY, outcome_of
from tallystick.providers.dav.names import is_token, url_of
from tallystick.providers.dav.reading import Fetched, Held, Reader, is_strong
from tallystick.providers.files.draft import Draft, as_item
from tallystick.providers.http.exchange import Exchange, Request

R = TypeVar("R")
_IF_NONE: Final = {"If-None-Match": "*"}
_ABSENT: Final = {AbsenceReason.DELETED: Status.GONE}
_UNREAD: Final = "unreadable"


@attrs.frozen(repr=False)
class _Put(Generic[R]):
    """A record to be written, and the row that it is meant to be."""

    id: str
    request: Request
    meant: Row[R]


@attrs.frozen(repr=False)
class _Sent:
    """What became of one request: its outcome, and the etag that was answered."""

    outcome: Outcome[object]
    etag: str = ""


@attrs.frozen(repr=False)
class Writer(Generic[R]):
    """Writes the records of one collection; ``now`` gives the time that they are stamped with."""

    reader: Reader[R]
    now: Callable[[], datetime | None]

    def create(self, batch: Sequence[Create[R]], scope: Scope) -> Exchange[Sequence[Outcome[R]]]:
        """Create records."""
        kind = self.reader.kind
        outcomes: dict[int, Outcome[R]] = {}
        puts: dict[int, _Put[R]] = {}
        for place, write in enumerate(batch):
            if not is_token(write.token):
                outcomes[place] = Outcome(Status.REFUSED, code="no_token")
                continue
            document = kind.codec.blank()
            draft: Draft[R] = Draft(document, kind.codec.shape, {}, scope, self.now())
            made = draft.create(write)
            if made.status is not Status.DONE:
                outcomes[place] = made
                continue
            puts[place] = self._put(write.token, _IF_NONE, draft, document.encode(draft.rows.values()))
        return (yield from self._carried_out(outcomes, puts, scope, creates=True))

    def update(self, batch: Sequence[Update], scope: Scope) -> Exchange[Sequence[Outcome[R]]]:
        """Change fields and membership of records."""
        fetched = yield from self.reader.fetch(list(dict.fromkeys(write.id for write in batch)))
        outcomes: dict[int, Outcome[R]] = {}
        puts: dict[int, _Put[R]] = {}
        for place, write in enumerate(batch):
            held = fetched[write.id]
            if isinstance(held, AbsenceReason):
                outcomes[place] = Outcome(_ABSENT.get(held, Status.REFUSED), code=_UNREAD)
            elif write.version is not None and write.version != held.row.version:
                outcomes[place] = Outcome(Status.CHANGED)
            else:
                draft = Draft(held.document, self.reader.kind.codec.shape, {held.own.id: held.own}, scope, self.now())
                changed = draft.update(Update(held.own.id, None, write.fields, write.member))
                if changed.status is not Status.DONE:
                    outcomes[place] = changed
                elif not draft.changed:
                    outcomes[place] = Outcome(Status.DONE, as_item(held.row, scope))
                else:
                    condition = _condition(held.row.version)
                    content = held.document.encode(draft.rows.values())
                    puts[place] = self._put(write.id, condition, draft, content)
        return (yield from self._carried_out(outcomes, puts, scope))

    def remove(self, batch: Sequence[Remove]) -> Exchange[Sequence[Outcome[R]]]:
        """Delete records."""
        kind = self.reader.kind
        weak = [write.id for write in batch if write.version is not None and not is_strong(write.version)]
        fetched = yield from self.reader.fetch(weak)
        outcomes: dict[int, Outcome[R]] = {}
        calls: dict[int, Request] = {}
        for place, write in enumerate(batch):
            held = fetched.get(write.id)
            if isinstance(held, Held) and held.row.version != write.version:
                outcomes[place] = Outcome(Status.CHANGED)
            else:
                url = url_of(write.id, self.reader.url, kind.suffix)
                calls[place] = requests.delete(url, _condition(write.version))
        sent = yield from _sent(calls)
        outcomes.update({place: Outcome(one.outcome.status, code=one.outcome.code) for place, one in sent.items()})
        # That a condition failed may mean that there is nothing left for it to hold of.
        moved = {place: batch[place].id for place, one in outcomes.items() if one.status is Status.CHANGED}
        present = yield from self._after(list(moved.values()))
        for place, id_ in moved.items():
            if present.get(id_) is AbsenceReason.DELETED:
                outcomes[place] = Outcome(Status.GONE)
        return [outcomes[place] for place in range(len(batch))]

    def _put(self, id_: str, condition: Mapping[str, str], draft: Draft[R], content: bytes) -> _Put[R]:
        kind = self.reader.kind
        (meant,) = draft.rows.values()
        url = url_of(id_, self.reader.url, kind.suffix)
        return _Put(id_, requests.put(url, kind.content_type, content, condition), meant)

    def _carried_out(
        self, outcomes: dict[int, Outcome[R]], puts: Mapping[int, _Put[R]], scope: Scope, *, creates: bool = False
    ) -> Exchange[Sequence[Outcome[R]]]:
        sent = yield from _sent({place: put.request for place, put in puts.items()}, creates=creates)
        # A create whose condition failed may be one of ours that had arrived before.
        looked_at = {Status.DONE, Status.CHANGED}
        ids = [puts[place].id for place, one in sent.items() if one.outcome.status in looked_at]
        present = yield from self._after(ids)
        for place, one in sent.items():
            put = puts[place]
            if one.outcome.status is Status.CHANGED and creates:
                outcomes[place] = _met(put, present.get(put.id), scope)
            elif one.outcome.status is Status.CHANGED and present.get(put.id) is AbsenceReason.DELETED:
                outcomes[place] = Outcome(Status.GONE)
            elif one.outcome.status is Status.DONE:
                outcomes[place] = _done(put, one.etag, present.get(put.id), scope)
            else:
                told = one.outcome
                outcomes[place] = Outcome(told.status, code=told.code, retry_after=told.retry_after)
        return [outcomes[place] for place in range(len(outcomes))]

    def _after(self, ids: Sequence[str]) -> Exchange[dict[str, Fetched[R]]]:
        """Return what these ids are after a write; nothing where that can't be read now."""
        try:
            return (yield from self.reader.fetch(list(dict.fromkeys(ids)))) if ids else {}
        except ProviderError:
            return {}


def _condition(version: str | None) -> Mapping[str, str]:
    return {"If-Match": version} if version is not None and is_strong(version) else {}


def _done(put: _Put[R], etag: str, present: Fetched[R] | None, scope: Scope) -> Outcome[R]:
    """Return the outcome of a write that was taken, by what is there now."""
    if not isinstance(present, Held):
        return Outcome(Status.UNKNOWN, code="not_read_back")
    if etag and etag != present.row.version and not _same(put.meant, present.row):
        return Outcome(Status.UNKNOWN, code="changed_at_once")
    return Outcome(Status.DONE, as_item(present.row, scope))


def _met(put: _Put[R], present: Fetched[R] | None, scope: Scope) -> Outcome[R]:
    """Return the outcome of a create whose address was taken."""
    if isinstance(present, Held) and _same(put.meant, present.row):
        return Outcome(Status.DONE, as_item(present.row, scope))
    return Outcome(Status.UNKNOWN, code="exists")


def _same(meant: Row[R], found: Row[R]) -> bool:
    return meant.record == found.record and meant.lists == found.lists


def _sent(calls: Mapping[int, Request], *, creates: bool = False) -> Exchange[dict[int, _Sent]]:
    """Send writes one by one, and say of each what became of it; what is no fault of one write stops the rest."""
    sent: dict[int, _Sent] = {}
    rest: Outcome[object] = Outcome(Status.THROTTLED)
    for place, request in calls.items():
        try:
            answer = yield request
            sent[place] = _Sent(outcome_of(answer, creates=creates), answer.headers.get("etag", ""))
        except OutcomeUnknown:
            sent[place] = _Sent(Outcome(Status.UNKNOWN))
            continue
        except ProviderError:
            if not sent:
                raise
            break
        if answer.status in BUSY:
            rest = Outcome(Status.THROTTLED, retry_after=answer.retry_after)
            break
    return {place: sent.get(place, _Sent(rest)) for place in calls}
