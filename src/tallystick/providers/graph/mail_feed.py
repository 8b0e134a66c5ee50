"""Provide the feed of a mailbox's messages: a delta query for each folder, and one for the folders themselves.

The service tells of changes folder by folder. So a cursor holds one of each folder, and one of the folder tree, which
is asked first in every round: a new folder is listed from then on, and one that is gone makes the cursor expire, since
nobody says what lay in it. A first round reads folder after folder; later ones, where most say nothing, many at once.

A window of days is asked for from its first day on, with a day to spare, in folders where that leaves few enough: the
service follows no more than a number of messages by such a filter. In any other folder everything is read, and what
lies outside is dropped here. A message that is moved is unlisted in one folder and listed in another, in either order.
"""

import hashlib
import json
from collections.abc import Sequence
from itertools import takewhile
from typing import Final, TypeVar

import attrs

from tallystick.codecs.graph import MAIL_FOLDERS
from tallystick.codecs.graph.values import Json, number, objects, text
from tallystick.errors import CursorExpired, MalformedAnswer, ScopeGone, SettingsError
from tallystick.ports import Found, Item, Page, Scope, Term
from tallystick.ports.capabilities import Capabilities
from tallystick.ports.write import Create, Outcome, Remove, Update
from tallystick.providers.graph.asks import MOST_AT_ONCE, Ask, Asking, ask_all, ask_one
from tallystick.providers.graph.collection import Collection
from tallystick.providers.graph.mail import MailKind, earliest
from tallystick.providers.graph.reading import answered
from tallystick.providers.graph.side_by_side import side_by_side
from tallystick.providers.graph.wire import quoted
from tallystick.providers.http.body import TooLarge
from tallystick.records import MailFolder, Message

T = TypeVar("T")
MOST_FOLDERS: Final = 1_000
MOST_FILTERED: Final = 4_500
"""How many messages a folder may have in a window for it to be asked for; the service follows 5,000."""
_MOST_PAGES: Final = 200
_FEWEST: Final = 5
_VERSION: Final = 1


@attrs.frozen
class Place:
    """Where the feed of a folder stands; no ``cursor`` before it was read. ``since``: only the window is asked for."""

    folder: str
    since: bool = False
    cursor: str | None = attrs.field(default=None, repr=False)


@attrs.frozen
class MailCursor:
    """Where all of them stand. ``waiting`` are the numbers of those that this round has yet to read.

    ``listed`` names what is listed, ``tree`` is the link by which the folders are asked for, if they are.
    """

    listed: str
    tree: str = attrs.field(repr=False)
    places: tuple[Place, ...]
    waiting: tuple[int, ...]

    def text(self) -> str:
        """Return the cursor as providers give it away."""
        places = [attrs.astuple(place) for place in self.places]
        return json.dumps([_VERSION, self.listed, self.tree, places, self.waiting], separators=(",", ":"))

    @classmethod
    def read(cls, given: str, listed: str) -> "MailCursor":
        """Return the cursor that a text says. Raises CursorExpired where it is none of what is to be listed."""
        try:
            version, its_own, tree, places, waiting = json.loads(given)
            found = cls(str(its_own), str(tree), tuple(Place(*place) for place in places), tuple(map(int, waiting)))
        except (ValueError, TypeError):
            found, version = None, 0
        if found is None or version != _VERSION or found.listed != listed:
            raise CursorExpired("a cursor of something else", where="cursor", remedy="list it in full")
        if not set(found.waiting) <= set(range(len(found.places))) or (found.tree and not found.tree.startswith("/")):
            raise CursorExpired("a cursor that is none", where="cursor", remedy="list it in full")
        return found


@attrs.frozen
class MailDecisions:
    """What a provider of messages decides. ``chosen`` are the folders that are listed; None for all there are."""

    collection: Collection[Message]
    kind: MailKind
    chosen: tuple[str, ...] | None = None

    @property
    def capabilities(self) -> Capabilities:
        """What the provider declares."""
        return self.kind.capabilities

    def scopes(self) -> Asking[Sequence[str]]:
        """Return the categories of the mailbox's own list."""
        return self.kind.scopes()

    def get(self, ids: Sequence[str], scope: Scope) -> Asking[Sequence[Found[Message]]]:
        """Return what each id is now."""
        return self._knowing(self.collection.get(ids, scope))

    def search(self, terms: Sequence[Term], scope: Scope) -> Asking[Sequence[Item[Message]]]:
        """Return every message that any of the terms fits, in whichever folder."""
        return self._knowing(self.collection.search(terms, scope))

    def create(self, batch: Sequence[Create[Message]], scope: Scope) -> Asking[Sequence[Outcome[Message]]]:
        """Make drafts."""
        return self._knowing(self.collection.create(batch, scope))

    def update(self, batch: Sequence[Update], scope: Scope) -> Asking[Sequence[Outcome[Message]]]:
        """Change messages."""
        return self._knowing(self.collection.update(batch, scope))

    def remove(self, batch: Sequence[Remove], scope: Scope) -> Asking[Sequence[Outcome[Message]]]:
        """Delete messages."""
        return self.collection.remove(batch, scope)

    def _knowing(self, asking: Asking[T]) -> Asking[T]:
        """Ask for the names of the folders before anything else, if they are not known."""
        yield from self.kind.learn_names()
        return (yield from asking)

    # --- folders -----------------------------------------------------------------------------------------------------

    def folders(self) -> Asking[list[MailFolder]]:
        """Return all folders, each with the one that it lies in."""
        yield from self.kind.learn_names()
        rows, _ = yield from self._tree("")
        found = [MAIL_FOLDERS.read(row) for row in rows]
        names = self.kind.names
        return [
            attrs.evolve(one, id=names.get(one.id, one.id), parent=names.get(one.parent, one.parent)) for one in found
        ]

    def _tree(self, link: str) -> Asking[tuple[list[Json], str]]:
        """Return what a round of the folders' feed tells, and the link of the next round."""
        rows: dict[str, Json] = {}
        path = link or f"{self.kind.base}/mailFolders/delta?$select=displayName,parentFolderId"
        for _ in range(_MOST_PAGES):
            data = answered((yield from ask_one(Ask("GET", path))), listing=True)
            rows.update({text(row, "id"): row for row in objects(data, "value") if not _is_search(row)})
            if len(rows) > MOST_FOLDERS:
                remedy = "name those to be listed: mail(folders=[…])"
                raise SettingsError(f"more than {MOST_FOLDERS:,} folders", where="folders", remedy=remedy)
            if end := text(data, "@odata.deltaLink"):
                return list(rows.values()), self.kind.wire.path_of(end)
            path = self.kind.wire.path_of(text(data, "@odata.nextLink"))
        raise MalformedAnswer("pages that do not come to an end", where="@odata.nextLink", remedy="ask again")

    # --- the feed ----------------------------------------------------------------------------------------------------

    def changes(self, cursor: str | None, scope: Scope) -> Asking[Page[Message]]:
        """Return one page: of the next folder in a first round, of as many as go into a batch in later ones."""
        yield from self.kind.learn_names()
        listed = self._listed(scope)
        at = None if cursor is None else MailCursor.read(cursor, listed)
        if at is None or not at.waiting:
            at = yield from self._round(at or MailCursor(listed, "", (), ()), scope)
        turn = self._turn(at)
        pages = yield from self._there(self._pages([at.places[which] for which in turn], scope))
        places, waiting = list(at.places), set(at.waiting)
        for which, page in zip(turn, pages, strict=True):
            places[which] = attrs.evolve(places[which], cursor=page.cursor)
            if page.complete:
                waiting.remove(which)
        after = attrs.evolve(at, places=tuple(places), waiting=tuple(sorted(waiting)))
        items = {item.id: item for page in pages for item in page.items}
        unlisted = dict.fromkeys(id_ for page in pages for id_ in page.unlisted if id_ not in items)
        return Page([*items.values()], after.text(), complete=not waiting, unlisted=[*unlisted])

    def _turn(self, at: MailCursor) -> Sequence[int]:
        """Return which folders are read next: those that were read before together, one that was not alone."""
        begun = takewhile(lambda which: at.places[which].cursor is not None, at.waiting[:MOST_AT_ONCE])
        return tuple(begun) or at.waiting[:1]

    def _pages(self, places: Sequence[Place], scope: Scope) -> Asking[list[Page[Message]]]:
        """Return the next page of each, with fewer messages where they are too long for one answer."""
        size = max(self.collection.page_size // max(len(places), 1), _FEWEST)
        while True:
            try:
                return (yield from side_by_side([self._page(place, scope, size) for place in places]))
            except TooLarge:
                if size == 1:
                    raise
                size = max(size // _FEWEST, 1)

    def _page(self, place: Place, scope: Scope, size: int) -> Asking[Page[Message]]:
        kind = attrs.evolve(self.kind, folder=place.folder, since=place.since)
        return attrs.evolve(self.collection, kind=kind, page_size=size).changes(place.cursor, scope)

    def _round(self, at: MailCursor, scope: Scope) -> Asking[MailCursor]:
        """Return the cursor at the beginning of a round, with the folders that there are by now."""
        known = {place.folder: place for place in at.places}
        tree, found = at.tree, self.chosen
        if found is None:
            rows, tree = yield from self._tree(at.tree)
            if any("@removed" in row and text(row, "id") in known for row in rows):
                raise _folder_gone()
            found = tuple(text(row, "id") for row in rows if "@removed" not in row)
        new = [folder for folder in found if folder not in known]
        few = yield from self._there(self._few(new, scope))
        places = (*at.places, *(Place(folder, since) for folder, since in zip(new, few, strict=True)))
        return attrs.evolve(at, tree=tree, places=places, waiting=tuple(range(len(places))))

    def _there(self, asking: Asking[T]) -> Asking[T]:
        """Ask for folders of the tree, of which one may be gone by now; one that was chosen by name is missed."""
        try:
            return (yield from asking)
        except ScopeGone:
            if self.chosen is not None:
                raise
            raise _folder_gone() from None

    def _few(self, folders: Sequence[str], scope: Scope) -> Asking[list[bool]]:
        """Tell of each folder whether the window may be asked for."""
        if scope.window is None:
            return [False] * len(folders)
        counted = f"$filter={earliest(scope.window)}&$count=true&$top=1&$select=id"
        paths = [f"{self.kind.base}/mailFolders/{quoted(folder)}/messages?{counted}" for folder in folders]
        answers = yield from ask_all([Ask("GET", path) for path in paths])
        counts = [number(answered(answer, listing=True), "@odata.count") for answer in answers]
        return [count is not None and count <= MOST_FILTERED for count in counts]

    def _listed(self, scope: Scope) -> str:
        """Return a mark of what is listed; a window may be asked for, so that another one is another listing."""
        window = scope.window
        what = [self.kind.base, self.chosen, window and [str(window.first), str(window.last), window.zone]]
        return hashlib.sha256(json.dumps(what).encode()).hexdigest()[:16]


def _folder_gone() -> CursorExpired:
    return CursorExpired("a folder is gone, with what lay in it", where="folders", remedy="list it in full")


def _is_search(row: Json) -> bool:
    """Tell whether a folder is a search that was saved: what it shows lies in others."""
    return text(row, "@odata.type").endswith("mailSearchFolder")
