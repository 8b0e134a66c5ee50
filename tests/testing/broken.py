"""Provide providers that are broken on purpose, each in one named way that authors of transports are known for.

Each is a whole provider around one that works; the class's name is the fault's, and its docstring says what it does.
"""

# ruff: noqa: D102, ANN401 -- the methods are those of the port, and take whatever it is given

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast

import attrs

from tallystick.errors import AuthenticationRequired, CursorExpired, OutcomeUnknown, Throttled, Unavailable
from tallystick.ports import (
    Absence,
    AbsenceReason,
    Capabilities,
    Create,
    CreateSafety,
    Item,
    Outcome,
    Page,
    Scope,
    Status,
    Term,
    Update,
)
from tallystick.providers.memory import CRM_CAPABILITIES, FakeCrm, VirtualClock
from tallystick.records import Entry
from tallystick.testing import MemoryDoor, Samples

LIST = "Clients"
CLOCK = VirtualClock()
ABLE = attrs.evolve(CRM_CAPABILITIES, create_safety=CreateSafety.UNIQUE_KEY, token_in_listings=True)


def person(number: int) -> Entry:
    """Return one of many different people."""
    return Entry(first_name=f"Given{number}", last_name=f"Family{number}", emails=(f"p{number}@example.com",))


SAMPLES = Samples(
    person,
    edit={"company_name": "Å" * 200},
    other_edit={"position": "Head of Everything"},
    terms=lambda record: [Term("email", record.emails[0])],
    scope=Scope(LIST),
    refused=Entry(last_name="Refused"),
    now=CLOCK.now,
)


class Whole:
    """A provider that works: the one that all the others break."""

    able: Capabilities = ABLE
    served: Capabilities | None = None

    def __init__(self) -> None:
        crm = FakeCrm(page_size=3, capabilities=self.served or self.able, clock=CLOCK)
        crm.entries.declare(LIST)
        crm.entries.faults.refuse(lambda write: isinstance(write, Create) and write.record.last_name == "Refused")
        self.inner = crm.entries
        self.asked: Counter[str] = Counter()

    def door(self) -> MemoryDoor[Entry]:
        return MemoryDoor(self.inner, LIST)

    @property
    def account(self) -> str:
        return self.inner.account

    @property
    def capabilities(self) -> Capabilities:
        return self.able

    def scopes(self) -> Sequence[str]:
        return self.inner.scopes()

    def changes(self, cursor: str | None, scope: Scope) -> Page[Any]:
        return self.inner.changes(cursor, scope)

    def get(self, ids: Sequence[str], scope: Scope) -> Sequence[Any]:
        return self.inner.get(ids, scope)

    def search(self, terms: Sequence[Term], scope: Scope) -> Sequence[Item[Any]]:
        return self.inner.search(terms, scope)

    def create(self, batch: Sequence[Any], scope: Scope) -> Sequence[Outcome[Any]]:
        return self.inner.create(batch, scope)

    def update(self, batch: Sequence[Any], scope: Scope) -> Sequence[Outcome[Any]]:
        return self.inner.update(batch, scope)

    def remove(self, batch: Sequence[Any], scope: Scope) -> Sequence[Outcome[Any]]:
        return self.inner.remove(batch, scope)


def altered(outcomes: Sequence[Outcome[Any]], **changes: Any) -> list[Outcome[Any]]:
    """Return outcomes whose items say something else."""
    return [attrs.evolve(one, item=attrs.evolve(one.item, **changes)) if one.item else one for one in outcomes]


# --- what a provider says of itself ----------------------------------------------------------------------------------


class NamelessAccount(Whole):
    """The account has no name."""

    account = ""


class NoScopes(Whole):
    """scopes() forgets the lists."""

    def scopes(self) -> Sequence[str]:
        return []


# --- reading ---------------------------------------------------------------------------------------------------------


class SortedAnswers(Whole):
    """get answers in the order of ids, not of the question."""

    def get(self, ids: Sequence[str], scope: Scope) -> Sequence[Any]:
        return sorted(super().get(ids, scope), key=lambda one: one.id)


class MissingAnswers(Whole):
    """get leaves out what it does not find."""

    def get(self, ids: Sequence[str], scope: Scope) -> Sequence[Any]:
        return [one for one in super().get(ids, scope) if not isinstance(one, Absence)]


class NumbersForVersions(Whole):
    """Versions are the numbers that a database has."""

    def changes(self, cursor: str | None, scope: Scope) -> Page[Any]:
        page, number = super().changes(cursor, scope), cast("str", 1)
        return attrs.evolve(page, items=[attrs.evolve(item, version=number) for item in page.items])


class StaleReads(Whole):
    """get answers from a cache that is never emptied."""

    def __init__(self) -> None:
        super().__init__()
        self.cache: dict[str, Any] = {}

    def get(self, ids: Sequence[str], scope: Scope) -> Sequence[Any]:
        return [self.cache.setdefault(one.id, one) for one in super().get(ids, scope)]


class ReadsOnlyTheList(Whole):
    """get says that what is not on the list is gone."""

    def get(self, ids: Sequence[str], scope: Scope) -> Sequence[Any]:
        found = super().get(ids, scope)
        return [
            Absence(one.id, AbsenceReason.DELETED) if isinstance(one, Item) and not one.member else one for one in found
        ]


class GoneIsForbidden(Whole):
    """A 404 is told as missing access."""

    def get(self, ids: Sequence[str], scope: Scope) -> Sequence[Any]:
        return [
            Absence(one.id, AbsenceReason.NO_ACCESS) if isinstance(one, Absence) else one
            for one in super().get(ids, scope)
        ]


class GoneRaises(Whole):
    """A 404 is raised."""

    def get(self, ids: Sequence[str], scope: Scope) -> Sequence[Any]:
        found = super().get(ids, scope)
        if any(isinstance(one, Absence) for one in found):
            raise KeyError
        return found


class SmallReads(Whole):
    """More ids are declared than the service takes in one call."""

    def get(self, ids: Sequence[str], scope: Scope) -> Sequence[Any]:
        return super().get(ids[:10], scope)


class ConstantVersions(Whole):
    """The version is the id."""

    def get(self, ids: Sequence[str], scope: Scope) -> Sequence[Any]:
        found = super().get(ids, scope)
        return [attrs.evolve(one, version=one.id) if isinstance(one, Item) else one for one in found]


class RestlessVersions(Whole):
    """The version is another at every reading."""

    def get(self, ids: Sequence[str], scope: Scope) -> Sequence[Any]:
        self.asked["get"] += 1
        found = super().get(ids, scope)
        return [attrs.evolve(one, version=f"{self.asked['get']}") if isinstance(one, Item) else one for one in found]


class QuotedVersions(Whole):
    """The feed shows the etag with quotes, get without."""

    def changes(self, cursor: str | None, scope: Scope) -> Page[Any]:
        page = super().changes(cursor, scope)
        return attrs.evolve(page, items=[attrs.evolve(item, version=f'"{item.version}"') for item in page.items])


class LocalTimes(Whole):
    """Local times are taken for UTC."""

    def get(self, ids: Sequence[str], scope: Scope) -> Sequence[Any]:
        ahead = CLOCK.now() + timedelta(hours=1)
        return [attrs.evolve(one, modified=ahead) if isinstance(one, Item) else one for one in super().get(ids, scope)]


class BlindSearch(Whole):
    """search finds nothing."""

    def search(self, terms: Sequence[Term], scope: Scope) -> Sequence[Item[Any]]:
        return []


class GreedySearch(Whole):
    """search ignores the terms."""

    def search(self, terms: Sequence[Term], scope: Scope) -> Sequence[Item[Any]]:
        return [one for one in self.inner.get(self.inner.ids(), scope) if isinstance(one, Item)]


class FirstTermOnly(Whole):
    """search looks at the first term only."""

    def search(self, terms: Sequence[Term], scope: Scope) -> Sequence[Item[Any]]:
        return super().search(terms[:1], scope)


class DoubledHits(Whole):
    """search shows a record once for each term that fits."""

    def search(self, terms: Sequence[Term], scope: Scope) -> Sequence[Item[Any]]:
        return [hit for term in terms for hit in super(DoubledHits, self).search([term], scope)]


class SearchesOnlyTheList(Whole):
    """search does not look beyond the list."""

    def search(self, terms: Sequence[Term], scope: Scope) -> Sequence[Item[Any]]:
        return [hit for hit in super().search(terms, scope) if hit.member]


# --- the feed --------------------------------------------------------------------------------------------------------


class FirstPageOnly(Whole):
    """The first page says that it is all."""

    def changes(self, cursor: str | None, scope: Scope) -> Page[Any]:
        return attrs.evolve(super().changes(cursor, scope), complete=True)


class Phantom(Whole):
    """Every listing shows a record that is nowhere."""

    def changes(self, cursor: str | None, scope: Scope) -> Page[Any]:
        page = super().changes(cursor, scope)
        return attrs.evolve(page, items=[*page.items, Item("phantom", "1", person(0))])


class ShortRecords(Whole):
    """The feed leaves out fields that get shows."""

    def changes(self, cursor: str | None, scope: Scope) -> Page[Any]:
        page = super().changes(cursor, scope)
        short = [attrs.evolve(item, record=attrs.evolve(item.record, emails=())) for item in page.items]
        return attrs.evolve(page, items=short)


class EveryoneIsListed(Whole):
    """The feed shows the whole collection as members."""

    def changes(self, cursor: str | None, scope: Scope) -> Page[Any]:
        page = super().changes(cursor, Scope())
        return attrs.evolve(page, items=[attrs.evolve(item, member=True) for item in page.items])


class TwoMinds(Whole):
    """A page shows a record and says that it is gone."""

    def changes(self, cursor: str | None, scope: Scope) -> Page[Any]:
        page = super().changes(cursor, scope)
        return attrs.evolve(page, unlisted=[*page.unlisted, *(item.id for item in page.items)])


class RestingCursor(Whole):
    """Every page returns the cursor it was asked with."""

    def changes(self, cursor: str | None, scope: Scope) -> Page[Any]:
        page = super().changes(cursor, scope)
        return page if page.complete or cursor is None else attrs.evolve(page, cursor=cursor)


class CirclingPages(Whole):
    """The second page of a listing leads back to the first, for ever."""

    def changes(self, cursor: str | None, scope: Scope) -> Page[Any]:
        if cursor == "again":
            return attrs.evolve(super().changes(None, scope), cursor="on", complete=False)
        page = super().changes(None if cursor == "on" else cursor, scope)
        return page if page.complete else attrs.evolve(page, cursor="again")


class DeafFeed(Whole):
    """Nothing ever changes."""

    def changes(self, cursor: str | None, scope: Scope) -> Page[Any]:
        if cursor is None or not cursor.startswith("end:"):
            page = super().changes(cursor, scope)
            return attrs.evolve(page, cursor=f"end:{page.cursor}") if page.complete else page
        return Page([], cursor, complete=True)


class EditsOnly(Whole):
    """The feed tells of what it has shown before, and of nothing new."""

    def __init__(self) -> None:
        super().__init__()
        self.known: set[str] = set()

    def changes(self, cursor: str | None, scope: Scope) -> Page[Any]:
        page = super().changes(cursor, scope)
        if cursor is None or self.asked["listing"]:
            self.known.update(item.id for item in page.items)
            self.asked["listing"] = not page.complete
        return attrs.evolve(page, items=[item for item in page.items if item.id in self.known])


class SilentDeletions(Whole):
    """The feed tells of no deletion."""

    def changes(self, cursor: str | None, scope: Scope) -> Page[Any]:
        return attrs.evolve(super().changes(cursor, scope), unlisted=[])


class SilentLeaving(Whole):
    """The feed shows members only, and says nothing of those that left."""

    def changes(self, cursor: str | None, scope: Scope) -> Page[Any]:
        page = super().changes(cursor, scope)
        there = [one for one in page.unlisted if one not in self.inner]
        return attrs.evolve(page, items=[item for item in page.items if item.member], unlisted=there)


class SilentJoining(Whole):
    """The feed forgets that records may come onto the list, unless they are new."""

    def __init__(self) -> None:
        super().__init__()
        self.outside: set[str] = set()

    def changes(self, cursor: str | None, scope: Scope) -> Page[Any]:
        if cursor is None:
            self.outside = set(self.inner.ids()) - set(self.inner.ids(LIST))
        page = super().changes(cursor, scope)
        return attrs.evolve(page, items=[item for item in page.items if item.id not in self.outside])


class ListsEverything(Whole):
    """The delta is a full listing."""

    def changes(self, cursor: str | None, scope: Scope) -> Page[Any]:
        items = [one for one in self.inner.get(self.inner.ids(scope.name), scope) if isinstance(one, Item)]
        return Page(items, f"{cursor}+", complete=True)


class CursorTakenLate(Whole):
    """The listing is that of the first moment, and its cursor that of the last."""

    def __init__(self) -> None:
        super().__init__()
        self.first: list[Any] = []

    def changes(self, cursor: str | None, scope: Scope) -> Page[Any]:
        if cursor is None:
            self.first = self._all(None, scope)[0]
        if cursor is None or cursor.startswith("at:"):
            at = int(cursor[3:]) if cursor else 0
            if at + 3 < len(self.first):
                return Page(self.first[at : at + 3], f"at:{at + 3}", complete=False)
            return Page(self.first[at:], self._all(None, scope)[1], complete=True)
        return super().changes(cursor, scope)

    def _all(self, cursor: str | None, scope: Scope) -> tuple[list[Any], str]:
        items: list[Any] = []
        while True:
            page = self.inner.changes(cursor, scope)
            items += page.items
            cursor = page.cursor
            if page.complete:
                return items, cursor


class AcknowledgedCursors(Whole):
    """The service remembers what it has told, and tells it once."""

    def __init__(self) -> None:
        super().__init__()
        self.told: set[tuple[str, str | None]] = set()

    def changes(self, cursor: str | None, scope: Scope) -> Page[Any]:
        page = super().changes(cursor, scope)
        if cursor is None:
            return page
        new = [item for item in page.items if (item.id, item.version) not in self.told]
        self.told.update((item.id, item.version) for item in page.items)
        return attrs.evolve(page, items=new)


class ForgivingCursors(Whole):
    """A cursor that has expired is answered with nothing."""

    def changes(self, cursor: str | None, scope: Scope) -> Page[Any]:
        try:
            return super().changes(cursor, scope)
        except CursorExpired:
            return Page([], "begun anew", complete=True)


# --- trouble ---------------------------------------------------------------------------------------------------------


class NothingWhenThrottled(Whole):
    """A listing that was turned away is shown as one of nothing."""

    def changes(self, cursor: str | None, scope: Scope) -> Page[Any]:
        try:
            return super().changes(cursor, scope)
        except Throttled:
            return Page([], cursor or "begun", complete=True)


class GoneWhenItFails(Whole):
    """What could not be read is told as deleted."""

    def get(self, ids: Sequence[str], scope: Scope) -> Sequence[Any]:
        try:
            return super().get(ids, scope)
        except Unavailable:
            return [Absence(one, AbsenceReason.DELETED) for one in ids]


class SignedOutIsRaw(Whole):
    """The error of the HTTP library comes through."""

    def search(self, terms: Sequence[Term], scope: Scope) -> Sequence[Item[Any]]:
        try:
            return super().search(terms, scope)
        except AuthenticationRequired:
            raise ConnectionError from None


class ThrottledIsRefused(Whole):
    """What was turned away for now is told as refused for good."""

    def create(self, batch: Sequence[Any], scope: Scope) -> Sequence[Outcome[Any]]:
        try:
            return super().create(batch, scope)
        except Throttled:
            return [Outcome(Status.REFUSED, code="http_429") for _ in batch]


class ThrottledByAText(Whole):
    """How long to wait is told as the text that a header has."""

    def create(self, batch: Sequence[Any], scope: Scope) -> Sequence[Outcome[Any]]:
        try:
            return super().create(batch, scope)
        except Throttled:
            return [Outcome(Status.THROTTLED, retry_after=cast("float", "2")) for _ in batch]


class FailureIsRefused(Whole):
    """An error of the service's own is told as refused for good."""

    def update(self, batch: Sequence[Any], scope: Scope) -> Sequence[Outcome[Any]]:
        try:
            return super().update(batch, scope)
        except Unavailable:
            return [Outcome(Status.REFUSED, code="http_500") for _ in batch]


class SilenceIsUnavailable(Whole):
    """A write that got no answer is told as one that was not written."""

    def update(self, batch: Sequence[Any], scope: Scope) -> Sequence[Outcome[Any]]:
        try:
            return super().update(batch, scope)
        except OutcomeUnknown:
            raise Unavailable("no answer") from None


# --- creating --------------------------------------------------------------------------------------------------------


class DroppedFields(Whole):
    """A create forgets a field, and answers as if it had not."""

    def create(self, batch: Sequence[Any], scope: Scope) -> Sequence[Outcome[Any]]:
        short = [attrs.evolve(write, record=attrs.evolve(write.record, first_name="")) for write in batch]
        return super().create(short, scope)


class EarlyAnswers(Whole):
    """A create is answered with the version that the record had before it was put on the list."""

    def create(self, batch: Sequence[Any], scope: Scope) -> Sequence[Outcome[Any]]:
        return altered(super().create(batch, scope), version="0")


class EmptyAnswers(Whole):
    """A create is answered without the record."""

    def create(self, batch: Sequence[Any], scope: Scope) -> Sequence[Outcome[Any]]:
        return [attrs.evolve(one, item=None) for one in super().create(batch, scope)]


class AlwaysOnTheList(Whole):
    """Every record that is created is put on the list."""

    def create(self, batch: Sequence[Any], scope: Scope) -> Sequence[Outcome[Any]]:
        return super().create([attrs.evolve(write, member=True) for write in batch], scope)


class ReversedOutcomes(Whole):
    """The outcomes come in the order in which the service was done."""

    def create(self, batch: Sequence[Any], scope: Scope) -> Sequence[Outcome[Any]]:
        return super().create(batch, scope)[::-1]


class ShortOutcomes(Whole):
    """What comes late is left out of the answer."""

    def create(self, batch: Sequence[Any], scope: Scope) -> Sequence[Outcome[Any]]:
        outcomes = super().create(batch, scope)
        return outcomes[:-1] if len(outcomes) > 1 else outcomes


class SwallowedRefusals(Whole):
    """What was refused is left out of the answer."""

    def create(self, batch: Sequence[Any], scope: Scope) -> Sequence[Outcome[Any]]:
        return [one for one in super().create(batch, scope) if one.status is not Status.REFUSED]


class OwnWritesUntold(Whole):
    """The feed leaves out what the provider itself created."""

    def __init__(self) -> None:
        super().__init__()
        self.own: set[str] = set()

    def create(self, batch: Sequence[Any], scope: Scope) -> Sequence[Outcome[Any]]:
        outcomes = super().create(batch, scope)
        self.own.update(one.item.id for one in outcomes if one.item)
        return outcomes

    def changes(self, cursor: str | None, scope: Scope) -> Page[Any]:
        page = super().changes(cursor, scope)
        return attrs.evolve(page, items=[item for item in page.items if item.id not in self.own])


class ForgottenTokens(Whole):
    """The token is not kept in a unique field: a repeat makes a second record."""

    def create(self, batch: Sequence[Any], scope: Scope) -> Sequence[Outcome[Any]]:
        self.asked["create"] += 1
        marked = [attrs.evolve(write, token=f"{write.token}-{self.asked['create']}") for write in batch]
        return super().create(marked, scope)


class RepeatIsRefused(Whole):
    """A repeated token is refused, and the first record not answered with."""

    def create(self, batch: Sequence[Any], scope: Scope) -> Sequence[Outcome[Any]]:
        known = [bool(self.inner.search([Term(Term.TOKEN, write.token)], scope)) for write in batch]
        outcomes = super().create([write for write, is_known in zip(batch, known, strict=True) if not is_known], scope)
        rest = iter(outcomes)
        return [Outcome(Status.REFUSED, code="http_409") if is_known else next(rest) for is_known in known]


class DeletedAnswers(Whole):
    """A deleted record keeps its token: a later create with it is answered with what is no longer there."""

    def __init__(self) -> None:
        super().__init__()
        self.made: dict[str, Outcome[Any]] = {}

    def create(self, batch: Sequence[Any], scope: Scope) -> Sequence[Outcome[Any]]:
        for write in batch:
            if write.token not in self.made:
                (self.made[write.token],) = super().create([write], scope)
        return [self.made[write.token] for write in batch]


class OwnIds(Whole):
    """Ids of our choice are declared, and the service chooses."""

    able = attrs.evolve(ABLE, create_safety=CreateSafety.CLIENT_ID, token_in_listings=False)

    def create(self, batch: Sequence[Any], scope: Scope) -> Sequence[Outcome[Any]]:
        return super().create([attrs.evolve(write, token=f"x{write.token}") for write in batch], scope)


class UnsearchableTokens(Whole):
    """Tokens are written, and can't be searched for."""

    def search(self, terms: Sequence[Term], scope: Scope) -> Sequence[Item[Any]]:
        return super().search([term for term in terms if term.field != Term.TOKEN], scope)


class FragileTokens(Whole):
    """The token is kept where an edit by a person wipes it out: it is found only while the record is as it was made."""

    def __init__(self) -> None:
        super().__init__()
        self.made: dict[str, str | None] = {}

    def create(self, batch: Sequence[Any], scope: Scope) -> Sequence[Outcome[Any]]:
        outcomes = super().create(batch, scope)
        self.made.update((one.item.id, one.item.version) for one in outcomes if one.item)
        return outcomes

    def search(self, terms: Sequence[Term], scope: Scope) -> Sequence[Item[Any]]:
        hits = super().search(terms, scope)
        by_token = any(term.field == Term.TOKEN for term in terms)
        return [hit for hit in hits if not by_token or self.made.get(hit.id) == hit.version]


class AnyToken(Whole):
    """A search for a token finds whatever has one."""

    def search(self, terms: Sequence[Term], scope: Scope) -> Sequence[Item[Any]]:
        if any(term.field == Term.TOKEN for term in terms):
            return [one for one in self.inner.get(self.inner.ids(), scope) if isinstance(one, Item)]
        return super().search(terms, scope)


class UnlistedTokens(Whole):
    """Listings show no tokens, though they are declared to."""

    def changes(self, cursor: str | None, scope: Scope) -> Page[Any]:
        page = super().changes(cursor, scope)
        return attrs.evolve(page, items=[attrs.evolve(item, token=None) for item in page.items])


class OneTokenForAll(Whole):
    """Listings show the last token given with every record."""

    def create(self, batch: Sequence[Create[Entry]], scope: Scope) -> Sequence[Outcome[Any]]:
        self.last = batch[-1].token
        return super().create(batch, scope)

    def changes(self, cursor: str | None, scope: Scope) -> Page[Any]:
        page, last = super().changes(cursor, scope), getattr(self, "last", None)
        return attrs.evolve(page, items=[attrs.evolve(item, token=last) for item in page.items])


# --- updating and removing -------------------------------------------------------------------------------------------


class EmptyUpdates(Whole):
    """An update is answered as done, and never sent."""

    def update(self, batch: Sequence[Any], scope: Scope) -> Sequence[Outcome[Any]]:
        return [Outcome(Status.DONE, self.inner.item(write.id, scope)) for write in batch]


class WholeRecordUpdates(Whole):
    """An update writes the whole record, fields it was not given empty."""

    def update(self, batch: Sequence[Any], scope: Scope) -> Sequence[Outcome[Any]]:
        blank = attrs.asdict(Entry(), recurse=False)
        blank = {name: value for name, value in blank.items() if name in ("position", "company_name", "department")}
        whole = [attrs.evolve(write, fields={**blank, **write.fields}) if write.fields else write for write in batch]
        return super().update(whole, scope)


class RecordsPutAnew(Whole):
    """An update puts the record anew, and empties what it was not given, but for what the service insists on."""

    def update(self, batch: Sequence[Any], scope: Scope) -> Sequence[Outcome[Any]]:
        blank = attrs.asdict(Entry(), recurse=False)
        blank = {name: value for name, value in blank.items() if name not in ("position", "last_name")}
        anew = [attrs.evolve(write, fields={**blank, **write.fields}) if write.fields else write for write in batch]
        return super().update(anew, scope)


class OldAnswers(Whole):
    """An update is answered with the version that it rested on."""

    def update(self, batch: Sequence[Any], scope: Scope) -> Sequence[Outcome[Any]]:
        before = {write.id: self.inner.item(write.id).version for write in batch if write.id in self.inner}
        outcomes = super().update(batch, scope)
        return [
            attrs.evolve(one, item=attrs.evolve(one.item, version=before[one.item.id])) if one.item else one
            for one in outcomes
        ]


class LastWriterWins(Whole):
    """Versions are not compared."""

    def update(self, batch: Sequence[Any], scope: Scope) -> Sequence[Outcome[Any]]:
        return super().update([attrs.evolve(write, version=None) for write in batch], scope)

    def remove(self, batch: Sequence[Any], scope: Scope) -> Sequence[Outcome[Any]]:
        return super().remove([attrs.evolve(write, version=None) for write in batch], scope)


class UnconditionalJoining(Whole):
    """Versions are compared, unless a write sets the list as well."""

    def update(self, batch: Sequence[Any], scope: Scope) -> Sequence[Outcome[Any]]:
        return super().update(
            [write if write.member is None else attrs.evolve(write, version=None) for write in batch], scope
        )


class ReversedUpdates(Whole):
    """The outcomes of updates come last one first."""

    def update(self, batch: Sequence[Any], scope: Scope) -> Sequence[Outcome[Any]]:
        return super().update(batch, scope)[::-1]


class CutTexts(Whole):
    """An update cuts texts to what its column holds."""

    def update(self, batch: Sequence[Any], scope: Scope) -> Sequence[Outcome[Any]]:
        return super().update(
            [attrs.evolve(write, fields={name: text[:40] for name, text in write.fields.items()}) for write in batch],
            scope,
        )


class VersionRequired(Whole):
    """An update without a version is refused."""

    def update(self, batch: Sequence[Any], scope: Scope) -> Sequence[Outcome[Any]]:
        return super().update(
            [attrs.evolve(write, version="none") if write.version is None else write for write in batch], scope
        )


class Upsert(Whole):
    """An update of what is gone creates it."""

    def update(self, batch: Sequence[Any], scope: Scope) -> Sequence[Outcome[Any]]:
        outcomes: list[Outcome[Any]] = []
        for write in batch:
            if write.id in self.inner:
                outcomes += super().update([write], scope)
            else:
                id_ = self.inner.insert(person(99))
                outcomes.append(Outcome(Status.DONE, self.inner.item(id_, scope)))
        return outcomes


class GoneIsChanged(Whole):
    """A 404 is told as a version that has moved."""

    def update(self, batch: Sequence[Any], scope: Scope) -> Sequence[Outcome[Any]]:
        return [Outcome(Status.CHANGED) if one.status is Status.GONE else one for one in super().update(batch, scope)]


class LeavingDeletes(Whole):
    """Taking a record off the list deletes it."""

    def update(self, batch: Sequence[Any], scope: Scope) -> Sequence[Outcome[Any]]:
        outcomes = super().update(batch, scope)
        for write in batch:
            if write.member is False and write.id in self.inner:
                self.inner.delete(write.id)
        return outcomes


class UnsetIsFalse(Whole):
    """No word about the list takes the record off it."""

    def update(self, batch: Sequence[Any], scope: Scope) -> Sequence[Outcome[Any]]:
        return super().update([attrs.evolve(write, member=bool(write.member)) for write in batch], scope)


class NothingToWrite(Whole):
    """An update without fields is taken for nothing to do."""

    def update(self, batch: Sequence[Update], scope: Scope) -> Sequence[Outcome[Any]]:
        if all(not write.fields for write in batch):
            return [Outcome(Status.DONE, self.inner.item(write.id, scope)) for write in batch]
        return super().update(batch, scope)


class ReplacedRecords(Whole):
    """An edit makes the record anew, under another id."""

    def update(self, batch: Sequence[Any], scope: Scope) -> Sequence[Outcome[Any]]:
        outcomes = super().update(batch, scope)
        for write in batch:
            if write.id in self.inner:
                self.inner.move(write.id)
        return outcomes


class AllOrNothing(Whole):
    """One write that can't be done stops the whole batch."""

    def update(self, batch: Sequence[Any], scope: Scope) -> Sequence[Outcome[Any]]:
        if all(write.id in self.inner for write in batch) or len(batch) == 1:
            return super().update(batch, scope)
        raise Unavailable("the batch was not taken")


class LateFeed(Whole):
    """The feed shows the provider's own writes under the version they had before."""

    def changes(self, cursor: str | None, scope: Scope) -> Page[Any]:
        page = super().changes(cursor, scope)
        return (
            page if cursor is None else attrs.evolve(page, items=[attrs.evolve(i, version="old") for i in page.items])
        )


class EmptyRemovals(Whole):
    """A removal hides the record and leaves it there."""

    def remove(self, batch: Sequence[Any], scope: Scope) -> Sequence[Outcome[Any]]:
        return [Outcome(Status.DONE) for _ in batch]


class RemovalRaises(Whole):
    """A removal of what is gone raises."""

    def remove(self, batch: Sequence[Any], scope: Scope) -> Sequence[Outcome[Any]]:
        if any(write.id not in self.inner for write in batch):
            raise KeyError
        return super().remove(batch, scope)


class RemovalsStop(Whole):
    """After a removal that can't be done, those behind it are refused."""

    def remove(self, batch: Sequence[Any], scope: Scope) -> Sequence[Outcome[Any]]:
        outcomes = super().remove(batch, scope)
        done = [one.status is Status.DONE for one in outcomes]
        at = done.index(False) + 1 if False in done else len(done)
        return [*outcomes[:at], *[Outcome(Status.REFUSED)] * len(outcomes[at:])]
