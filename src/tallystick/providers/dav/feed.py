"""Provide the feed of a collection: what changed since a token (RFC 6578), and a picture of the whole to search in.

With sync-collection
    A page is one answer of the service: the ids that changed, and then their records. What is told as gone or lies
    outside of the window is unlisted; what can't be read is told as such. A listing that the service breaks off (507)
    goes on from its token.
Without it
    All etags are listed each time, and the records are read whose etag is not known.

Searching is done here, over a picture of the collection that is kept while the provider lives and brought up to date
before each search. Services compare names in ways of their own, and a name that is not found is a record made twice.

A feed that leads nowhere ends in MalformedAnswer: no token, a token that does not move, more pages than anybody has.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Final, Generic, TypeVar

import attrs

from tallystick.codecs.document import Row
from tallystick.errors import CursorExpired, MalformedAnswer, ProviderError
from tallystick.ports import Absence, AbsenceReason, Found, Item, Page, Scope, Term
from tallystick.providers.dav import requests
from tallystick.providers.dav.faults import GONE, INSUFFICIENT, NOT_FOUND, check, is_error
from tallystick.providers.dav.multistatus import conditions_of, read_multistatus
from tallystick.providers.dav.names import DAV, id_of
from tallystick.providers.dav.reading import Held, Reader
from tallystick.providers.files.draft import as_item, lies_in, listed, refuse_window
from tallystick.providers.files.index import Index
from tallystick.providers.http.exchange import Exchange

R = TypeVar("R")
MOST_PAGES: Final = 5_000
PAGE_SIZE: Final = 500
"""How many changes are asked for at a time; some services answer with all of them."""

_RESOURCE_TYPE: Final = f"{DAV}resourcetype"


@attrs.frozen(repr=False)
class Step(Generic[R]):
    """What one answer brought: the records as rows, the ids of what is gone, what can't be read, and where to go on."""

    rows: Mapping[str, Row[R]]
    gone: frozenset[str]
    unreadable: frozenset[str]
    token: str
    complete: bool


@attrs.frozen(repr=False)
class Picture(Generic[R]):
    """All records as they were at a token; not ``complete`` while it is being made."""

    token: str = ""
    rows: Mapping[str, Row[R]] = attrs.field(factory=dict)
    complete: bool = False

    def after(self, step: Step[R]) -> "Picture[R]":
        """Return the picture one step on."""
        rows = self.rows
        lost = step.gone | step.unreadable
        if step.rows or lost:
            rows = {id_: row for id_, row in {**rows, **step.rows}.items() if id_ not in lost}
        return Picture(step.token, rows, step.complete)


@attrs.frozen
class Cursor:
    """A place in the feed: a token of the service, whether a listing goes on, how many pages it had, its window."""

    token: str = attrs.field(default="", repr=False)
    listing: bool = True
    page: int = 0
    window: str = ""

    @classmethod
    def read(cls, text: str | None, scope: Scope) -> "Cursor":
        """Return the cursor of a text. Raises CursorExpired for one of another window, or none of ours."""
        window = repr(scope.window)
        if text is None:
            return cls(window=window)
        try:
            token, listing, page, its_window = json.loads(text)
        except ValueError:
            token, listing, page, its_window = "", False, 0, ""
        if its_window != window or not token or not isinstance(token, str) or not isinstance(page, int):
            raise CursorExpired("a cursor of another listing", remedy="list it in full")
        return cls(token, bool(listing), page, window)

    def after(self, token: str, *, complete: bool) -> str:
        """Return the text of the cursor one page on."""
        left = [token, False, 0] if complete else [token, self.listing, self.page + 1]
        return json.dumps([*left, self.window])


class Feed(Generic[R]):
    """The reading of one collection. ``delta`` tells whether the service knows sync-collection.

    ``unreadable`` are the ids, among those that were listed so far, of records that cannot be read.
    """

    def __init__(self, reader: Reader[R], *, delta: bool) -> None:
        self._reader = reader
        self._delta = delta
        self._shape = reader.kind.codec.shape
        self.unreadable: set[str] = set()
        self._picture: Picture[R] = Picture()
        self._index: tuple[Mapping[str, Row[R]], Index[R]] = ({}, Index(self._shape, {}))

    def scopes(self) -> Exchange[Sequence[str]]:
        """Return every category that a record names, in alphabetical order."""
        picture = yield from self._up_to_date()
        return sorted({name for row in picture.rows.values() for name in row.lists})

    def changes(self, cursor: str | None, scope: Scope) -> Exchange[Page[R]]:
        """Return one page."""
        self.refuse_window(scope)
        if not self._delta:
            if cursor is not None:
                raise CursorExpired("the service keeps no record of its changes", remedy="list it in full")
            picture = yield from self._up_to_date()
            items = listed(picture.rows.values(), self._shape, scope)
            return Page(items, "", complete=True, unreadable=sorted(self.unreadable))
        at = Cursor.read(cursor, scope)
        if at.page > MOST_PAGES:
            raise MalformedAnswer(f"a listing of more than {MOST_PAGES:,} pages", remedy="is it a DAV service?")
        step = yield from self._step(at.token)
        self._remember(at, step)
        after, unread = at.after(step.token, complete=step.complete), sorted(step.unreadable)
        if at.listing:
            return Page(listed(step.rows.values(), self._shape, scope), after, step.complete, sorted(step.gone), unread)
        inside = {id_: row for id_, row in step.rows.items() if lies_in(row, self._shape, scope)}
        items = [as_item(row, scope) for row in inside.values()]
        return Page(items, after, step.complete, sorted({*step.gone, *(step.rows.keys() - inside.keys())}), unread)

    def get(self, ids: Sequence[str], scope: Scope) -> Exchange[Sequence[Found[R]]]:
        """Return what each id is now."""
        fetched = yield from self._reader.fetch(list(dict.fromkeys(ids)))
        found: list[Found[R]] = []
        for id_ in ids:
            held = fetched[id_]
            found.append(Absence(id_, held) if isinstance(held, AbsenceReason) else as_item(held.row, scope))
        return found

    def search(self, terms: Sequence[Term], scope: Scope) -> Exchange[Sequence[Item[R]]]:
        """Return every record that any of the terms fits."""
        picture = yield from self._up_to_date()
        if self._index[0] is not picture.rows:
            self._index = (picture.rows, Index(self._shape, picture.rows))
        return [as_item(row, scope) for row in self._index[1].find(terms)]

    def refuse_window(self, scope: Scope) -> None:
        """Raise SettingsError where records that have no time are to be listed by time."""
        refuse_window(self._shape, scope, "scope")

    # --- the picture -------------------------------------------------------------------------------------------------

    def _remember(self, at: Cursor, step: Step[R]) -> None:
        """Let the picture grow by what the feed reads anyway."""
        if at.token == self._picture.token:
            self._picture = self._picture.after(step)

    def _up_to_date(self) -> Exchange[Picture[R]]:
        picture = self._picture
        if not self._delta:
            etags = yield from self._etags()
            self.unreadable.intersection_update(etags)
            rows, _ = yield from self._rows(etags)
            self._picture = Picture("", rows, complete=True)
            return self._picture
        for _ in range(MOST_PAGES):
            try:
                step = yield from self._step(picture.token)
            except CursorExpired:
                if not picture.token:
                    raise
                picture = Picture()
                continue
            picture = picture.after(step)
            if picture.complete:
                self._picture = picture
                return picture
        raise MalformedAnswer(f"a listing of more than {MOST_PAGES:,} pages", remedy="is it a DAV service?")

    # --- the service -------------------------------------------------------------------------------------------------

    def _step(self, token: str) -> Exchange[Step[R]]:
        """Ask what changed since a token; since the beginning where it is empty."""
        url = self._reader.url
        answer = yield requests.sync_collection(url, token, PAGE_SIZE)
        if is_error(answer) and "number-of-matches-within-limits" in conditions_of(answer):
            answer = yield requests.sync_collection(url, token, None)
        check(answer, with_token=bool(token))
        listing = read_multistatus(answer)
        etags: dict[str, str] = {}
        gone: set[str] = set()
        complete = True
        for resource in listing.resources:
            id_ = id_of(resource.href, url, self._reader.kind.suffix)
            if not id_:
                complete = complete and resource.status != INSUFFICIENT
            elif resource.status in {NOT_FOUND, GONE}:
                gone.add(id_)
                self.unreadable.discard(id_)
                etags.pop(id_, None)
            else:
                etags[id_] = resource.said(requests.ETAG)
                gone.discard(id_)
        if not listing.sync_token or (not complete and (listing.sync_token == token or not (etags or gone))):
            raise MalformedAnswer("a listing that leads nowhere", remedy="is it a DAV service?")
        rows, unread = yield from self._rows(etags)
        lost = frozenset(unread & self.unreadable)
        return Step(rows, frozenset(gone | unread) - lost, lost, listing.sync_token, complete)

    def _etags(self) -> Exchange[dict[str, str]]:
        answer = yield requests.propfind(self._reader.url, [requests.ETAG, _RESOURCE_TYPE], depth=1)
        check(answer)
        etags: dict[str, str] = {}
        for resource in read_multistatus(answer).resources:
            id_ = id_of(resource.href, self._reader.url, self._reader.kind.suffix)
            kind = resource.properties.get(_RESOURCE_TYPE)
            if resource.status == INSUFFICIENT:
                raise ProviderError("the service lists only a part of the collection", remedy="split the collection")
            if id_ and (kind is None or kind.child(f"{DAV}collection") is None):
                etags[id_] = resource.said(requests.ETAG)
        return etags

    def _rows(self, etags: Mapping[str, str]) -> Exchange[tuple[dict[str, Row[R]], set[str]]]:
        """Return the records of these ids, read unless their etag is known, and the ids of those that can't be."""
        known = self._picture.rows
        same = {id_ for id_, etag in etags.items() if etag and id_ in known and known[id_].version == etag}
        fetched = yield from self._reader.fetch([id_ for id_ in etags if id_ not in same])
        self.unreadable.difference_update(etags)
        self.unreadable.update(id_ for id_, held in fetched.items() if held is AbsenceReason.NO_ACCESS)
        rows = {id_: known[id_] for id_ in same}
        rows.update((id_, held.row) for id_, held in fetched.items() if isinstance(held, Held))
        return rows, etags.keys() - rows.keys()
