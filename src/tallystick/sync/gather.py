"""Provide the gathering: from what the feeds said to what has to be decided.

Feeds name records; decisions are about pairs. Here links are found by id, counterparts are read, unlisted ids are read
before anything is concluded from them, and parked records are brought back whose time has come: because they changed,
because a record they wait for turned up, or because their retry fell due. A record that lives on under another id is
followed there. All look-ups are batched, and a record whose version is the one we know costs nothing further.
"""

from collections.abc import Container, Iterable, Sequence
from datetime import datetime, timedelta

import attrs

from tallystick.ports import SIDES, Absence, AbsenceReason, Found, Head, Item, Link, Parked, ParkedKind, Redirect, Side
from tallystick.reconcile import reasons
from tallystick.reconcile.context import Context, looking_at
from tallystick.reconcile.deciding import rests_anew
from tallystick.reconcile.newcomers import Hits
from tallystick.reconcile.pairs import Shown
from tallystick.reconcile.plan import Recovered
from tallystick.reconcile.removals import Sight
from tallystick.sync import calls
from tallystick.sync.calls import Call, Records
from tallystick.sync.following import carried, crosswise, followed, left_over, with_heirs
from tallystick.sync.gathered import Gathered
from tallystick.sync.known import Known
from tallystick.sync.observe import Observed
from tallystick.sync.putting_off import awaits_answer, gone_for_now, stays_aside
from tallystick.sync.setup import Setup


@attrs.define
class Gathering:
    """One run's gathering. Live: it fills up as the steps below are taken in turn.

    ``known`` are the parked rows that were asked for. ``fresh``: the accounts are others, so that nothing that is kept
    counts. ``wrote`` is when earlier runs may last have written to each side: so soon after, it may show what was.
    """

    setup: Setup
    context: Context
    head: Head
    recovered: Recovered
    known: Known
    fresh: bool
    wrote: tuple[datetime | None, datetime | None] = (None, None)
    result: Gathered = attrs.field(factory=Gathered)
    _sights: dict[int, tuple[Link, list[Sight | None]]] = attrs.field(factory=dict)
    _doubted: set[tuple[Side, str]] = attrs.field(factory=set)
    _outside: tuple[Records, Records] = attrs.field(factory=lambda: ({}, {}))
    _followed: tuple[dict[str, Link], dict[str, Link]] = attrs.field(factory=lambda: ({}, {}))
    _merged: dict[int, tuple[Link, Side, str]] = attrs.field(factory=dict)

    def gather(self, observed: tuple[Observed, Observed]) -> Call[Gathered]:
        """Take all steps and return the result."""
        self._doubted = yield from with_heirs(self.setup.get, self.recovered.left_alone())
        rows = (yield from self._all_parked()) if any(one.full for one in observed) else ({}, {})
        for side in SIDES:
            if observed[side].full:
                yield from self._full(observed[side], rows[side])
            else:
                yield from self._delta(observed[side])
        yield from self._waiting(observed)
        if self._sights or self._merged:
            yield from self._counterparts(observed)
        return self.result

    def _get(self, side: Side, ids: Sequence[str]) -> Call[list[Found[object]]]:
        """Ask a side what each id is now."""
        self.result.read_more |= bool(ids)
        return self.setup.get(side, ids)

    def links(self, side: Side, ids: Iterable[str]) -> Call[list[Link]]:
        """Return the links of these ids, also of those that a record has only just been followed to."""
        asked = list(ids)
        if self.fresh:
            return []
        found = list((yield from calls.links(self.setup.sync, side, asked)))
        followed = self._followed[side]
        return [*found, *(followed[one] for one in asked if one in followed)] if followed else found

    def parked(self, side: Side, ids: Iterable[str]) -> Call[list[Parked]]:
        """Return the parked rows of these ids."""
        return [] if self.fresh or not self.head.parked else (yield from self.known.parked(side, ids))

    def _all_parked(self) -> Call[tuple[dict[str, Parked], dict[str, Parked]]]:
        """Return every parked row, by side and id."""
        rows: tuple[dict[str, Parked], dict[str, Parked]] = ({}, {})
        if not self.fresh and self.head.parked:
            for row in (yield from calls.parked_list(self.setup.sync)):
                rows[row.side][row.id] = row
        return rows

    def facts(self, side: Side, items: Records) -> Call[Hits]:
        """Return what is known of records that were found beside the feeds."""
        if not items:
            return Hits({}, frozenset(), {})
        linked = frozenset(link.ids[side] for link in (yield from self.links(side, items)))
        rows = [*(yield from self.parked(side, items)), *(row for row in self.result.carried if row.side is side)]
        moving = frozenset(link.ids[side] for link, _ in self.result.linked)
        doubted = frozenset(one for where, one in self._doubted if where is side)
        return Hits(items, linked, {row.id: row for row in rows}, moving, doubted)

    def _full(self, observed: Observed, rows: dict[str, Parked]) -> Call[None]:
        """Hold a full listing against the links by id and version, and against the parked rows by id."""
        side = observed.side
        items = self._inside(side, observed.items)
        windowed = self.setup.scopes[side].window is not None
        listed = dict(items)
        anew = self.context.initial or self.context.relaid
        changed: list[str] = []
        missing: list[str] = []
        marks = () if self.fresh else (yield from calls.marks(self.setup.sync, side))
        for one, version, member in marks:
            item = listed.pop(one, None)
            if item is None:
                # A pair that rests outside the window is not looked for: it may be one of years.
                if member or not windowed:
                    missing.append(one)
            elif item.version != version or version is None or item.member != member or anew:
                changed.append(one)
        yield from self._sort_linked(side, {one: items[one] for one in changed}, rows)
        waiting = gone_for_now(self.context, rows.values()).intersection(missing)
        yield from self._read_missing(side, missing, waiting)
        self.result.rows[side].update(rows)
        gone = rows.keys() - items.keys() - observed.unreadable - waiting
        self.result.cleared += [(side, one) for one in gone if rows[one].kind is not ParkedKind.LEFT]
        yield from self._set_aside_unreadable(observed, rows)
        self._add_newcomers(side, listed)

    def _inside(self, side: Side, items: Records) -> Records:
        """Return the items that lie in the window; a listing may show more."""
        if self.setup.scopes[side].window is None:
            return items
        inside = self.context.inside
        return {one: item for one, item in items.items() if inside(side, item.record)}

    def _delta(self, observed: Observed) -> Call[None]:
        """Find the links and parked rows of the records that a feed named."""
        side, items = observed.side, observed.items
        if not items and not observed.unlisted:
            return
        named = [*items, *observed.unlisted]
        links = yield from self.links(side, named)
        linked = {link.ids[side] for link in links}
        moved = {
            link.ids[side]
            for link in links
            if (item := items.get(link.ids[side]))
            and (item.version != link.versions[side] or item.version is None or item.member != link.members[side])
        }
        unlinked = [one for one in named if one not in linked]
        rows = {row.id: row for row in (yield from self.parked(side, [*unlinked, *moved]))}
        self.result.rows[side].update(rows)
        yield from self._sort_linked(side, {one: items[one] for one in moved}, rows, links)
        missing = sorted(one for one in observed.unlisted if one in linked)
        waiting = gone_for_now(self.context, (yield from self.parked(side, missing))) if missing else ()
        yield from self._read_missing(side, missing, waiting)
        gone = observed.unlisted - observed.unreadable
        yield from self._clear_unlisted(side, {one: rows[one] for one in sorted(gone) if one in rows})
        yield from self._set_aside_unreadable(observed, rows)
        self._add_newcomers(side, {one: items[one] for one in unlinked if one in items})

    def _clear_unlisted(self, side: Side, rows: dict[str, Parked]) -> Call[None]:
        """Clear the rows of records that went; what was taken out by a person is remembered until it is deleted."""
        for sight in (yield from self._get(side, list(rows))):
            if isinstance(sight, Redirect):
                yield from self._carry(rows[sight.id], sight)
            elif rows[sight.id].kind is not ParkedKind.LEFT or isinstance(sight, Absence):
                self.result.cleared.append((side, sight.id))

    def _carry(self, row: Parked, redirect: Redirect) -> Call[None]:
        """Keep what is remembered of an unlinked record under its new id, unless that has a place of its own."""
        side = row.side
        self.result.cleared.append((side, row.id))
        sight = yield from followed(self._get, side, redirect)
        if isinstance(sight, Absence) or (yield from self.links(side, [sight.id])):
            return
        if not (yield from self.parked(side, [sight.id])):
            under = carried(row, sight)
            self.result.rows[side][sight.id] = under or attrs.evolve(row, id=sight.id, version=None)
            self.result.carried += [under] if under else []

    def _set_aside_unreadable(self, observed: Observed, rows: dict[str, Parked]) -> Call[None]:
        """List the unlinked records that nobody can read, until they can be read or are gone."""
        if not observed.unreadable:
            return
        side, now = observed.side, self.context.now
        linked = {link.ids[side] for link in (yield from self.links(side, observed.unreadable))}
        for one in sorted(observed.unreadable - linked):
            row = rows.get(one)
            known = row is not None and (row.kind is ParkedKind.LEFT or row.reasons == (reasons.UNREADABLE,))
            if not known and (side, one) not in self._doubted:
                why = (reasons.UNREADABLE,)
                row = Parked(side, one, None, ParkedKind.IGNORED, why, first_seen=now, last_seen=now)
                self.result.unreadable.append(row)

    def _sort_linked(
        self, side: Side, items: Records, rows: dict[str, Parked], links: Iterable[Link] | None = None
    ) -> Call[None]:
        """Note what linked records show; where only the version moved, refresh it and look no further."""
        if not items:
            return
        mapping = self.context.mapping
        shown = mapping.entries.shown[side]
        counts_as_deleted = self.setup.profile.sides[side].counts_as_deleted
        found = links if links is not None else (yield from self.links(side, items))
        one = ""
        try:
            for link in found:
                one = link.ids[side]
                item = items.get(one)
                if (
                    item is None
                    or (side, item.id) in self._doubted
                    or awaits_answer(self.context, rows.get(item.id), item)
                ):
                    continue
                entries: list[bytes] | None = None
                quiet = (
                    item.id not in rows
                    and item.member == link.members[side]
                    and link.versions[side.other] is not None
                    and link.layout == mapping.layout
                    and b"".join(entries := shown(item.record)) == link.base[side]
                    and not counts_as_deleted(item.record)
                    and not rests_anew(self.context, link, side, item.record)
                )
                if quiet and not self.context.initial:
                    if item.version != link.versions[side]:
                        known = self.result.refreshed.get(link.number, link)
                        self.result.refreshed[link.number] = _with_version(known, side, item.version)
                else:
                    if entries is not None:
                        self.result.shown[link.number] = Shown(side, item, entries)
                    self._see(link, side, item)
        except Exception as error:
            error.add_note(looking_at((side, one)))
            raise

    def _read_missing(self, side: Side, ids: list[str], waiting: Container[str]) -> Call[None]:
        """Read linked ids that a side no longer lists: only that tells what they are. What waits is only followed."""
        asked = [one for one in ids if (side, one) not in self._doubted]
        if not asked:
            return
        found = yield from self._get(side, asked)
        links = {link.ids[side]: link for link in (yield from self.links(side, asked))}
        for sight in found:
            link = links.get(sight.id)
            if link is None:
                continue
            if isinstance(sight, Redirect):
                yield from self._follow(side, link, sight)
            elif sight.id not in waiting:
                self._see(link, side, sight)

    def _follow(self, side: Side, link: Link, redirect: Redirect) -> Call[None]:
        """Follow a record to its new id; the pair stays a pair, unless it ends already."""
        if link.number in self._merged:
            return
        sight = yield from followed(self._get, side, redirect)
        if isinstance(sight, Absence):
            self._see(link, side, sight)
            return
        known = self.result.followed.get(link.number, link)
        others = [one for one in (yield from self.links(side, [sight.id])) if one.number != link.number]
        merged = not all(crosswise(self._merged, one, known) for one in others)
        # The pair goes on under another id or ends: its old id is nothing to be mended any more.
        for where, one in ((side, redirect.id), (side.other, link.ids[side.other]))[: 1 + merged]:
            rows = yield from self.parked(where, [one])
            self.result.cleared += [(where, row.id) for row in rows]
            if not merged:
                self.result.rows[side].update((sight.id, attrs.evolve(row, id=sight.id)) for row in rows)
        if merged:
            self._merged[link.number] = (link, side, sight.id)
            return
        ids = (sight.id, known.ids[1]) if side is Side.LEFT else (known.ids[0], sight.id)
        moved = self.result.followed[link.number] = attrs.evolve(link, ids=ids)
        self._followed[side][sight.id] = moved
        self.result.newcomers[side].pop(sight.id, None)
        if link.members[side] and not sight.member:
            self.result.astray.append((moved, side))
        self._see(moved, side, sight)

    def _is_late(self, side: Side) -> bool:
        """Tell whether a side may still show what was there before a run has written to it."""
        wrote, lag = self.wrote[side], self.setup.capabilities[side].visibility_lag
        # A clock that was turned back tells nothing; waiting for it could take days.
        return wrote is not None and timedelta(0) <= self.context.now - wrote < lag

    def _hidden(self, link: Link, side: Side, sight: Sight) -> bool:
        """Tell whether a side may only not show yet what a run has written there: nothing is concluded from that.

        A record that was not found may be ours, and one of another version may be what ours has replaced.
        """
        if not self._is_late(side):
            return False
        if isinstance(sight, Absence):
            hidden = sight.reason is AbsenceReason.DELETED
        else:
            hidden = sight.version is None or sight.version != link.versions[side]
        self.result.unsure |= hidden
        return hidden

    def _see(self, link: Link, side: Side, sight: Sight) -> None:
        if self._hidden(link, side, sight):
            return
        nothing: list[Sight | None] = [None, None]
        known, sights = self._sights.get(link.number, (link, nothing))
        sights[side] = sight
        if known.ids[side] != link.ids[side]:
            ids = (link.ids[0], known.ids[1]) if side is Side.LEFT else (known.ids[0], link.ids[1])
            known = attrs.evolve(known, ids=ids)
        self._sights[link.number] = (known, sights)

    def _add_newcomers(self, side: Side, items: Records) -> None:
        """Take in unlinked members; one that was set aside and has not changed stays so, unless something calls it."""
        rows, followed, inside = self.result.rows[side], self._followed[side], self.context.inside
        windowed = self.context.windows[side] is not None
        taken: Records = {}
        for one, item in items.items():
            if (self._doubted and (side, one) in self._doubted) or (followed and one in followed):
                continue
            row = rows.get(one) if rows else None
            if row and awaits_answer(self.context, row, item):
                continue
            if not item.member or (windowed and not inside(side, item.record)):
                if row and row.kind is not ParkedKind.LEFT:
                    self.result.cleared.append((side, one))
                self._outside[side][one] = item
                continue
            if row and stays_aside(self.context, row, item):
                continue
            taken[one] = item
        self._welcome(side, taken)

    def _welcome(self, side: Side, items: Records) -> None:
        """Take in newcomers; where they may be records that a run has just ended or removed, only the next time."""
        late = bool(items) and self._is_late(side)
        self.result.unsure |= late
        (self.result.late if late else self.result.newcomers)[side].update(items)

    def _waiting(self, observed: tuple[Observed, Observed]) -> Call[None]:
        """Bring back parked records that wait for something which turned up in this run."""
        if self.fresh or not self.head.parked:
            return
        rows = yield from self._called(observed)
        for side in SIDES:
            ids = [
                one
                for where, one in rows
                if where is side
                and one not in self.result.newcomers[side]
                and (side, one) not in self._doubted
                and rows[where, one].kind is not ParkedKind.LEFT
            ]
            if not ids:
                continue
            self.known.found(rows[side, one] for one in ids)
            self.result.rows[side].update({one: rows[side, one] for one in ids})
            found = yield from self._get(side, ids)
            links = {link.ids[side]: link for link in (yield from self.links(side, ids))}
            for sight in found:
                link = links.get(sight.id)
                if link and isinstance(sight, Redirect):
                    yield from self._follow(side, link, sight)
                elif link and not isinstance(sight, Redirect):
                    self._see(link, side, sight)
                elif isinstance(sight, Redirect) and reasons.HELD in rows[side, sight.id].reasons:
                    yield from self._carry(rows[side, sight.id], sight)
                elif isinstance(sight, Item) and sight.member and self.context.inside(side, sight.record):
                    self._welcome(side, {sight.id: sight})
                elif not self.result.stays_held(rows[side, sight.id], sight):
                    self.result.cleared.append((side, sight.id))

    def _called(self, observed: tuple[Observed, Observed]) -> Call[dict[tuple[Side, str], Parked]]:
        """Return the parked rows that something calls, and those that they call in turn: duplicates come in groups."""
        due = yield from self.known.due(self.context.now)
        capacity = self.setup.profile.guards.capacity
        if capacity is not None and self.head.links >= capacity:
            ready = [row for row in due if reasons.CAPACITY not in row.reasons]
            self.result.left_out = [(row.side, row.id) for row in due if reasons.CAPACITY in row.reasons]
            due = ready
        rows = {(row.side, row.id): row for row in due}
        keys = self._turned_up(observed)
        asked: set[bytes] = set()
        while keys:
            sharing = yield from calls.parked_sharing(self.setup.sync, sorted(keys))
            asked |= keys
            called = [row for row in sharing if row.kind is not ParkedKind.LEFT]
            rows.update(((row.side, row.id), row) for row in called)
            keys = {key for row in called for key in row.keys}
            for side in SIDES:
                keys.update(self.context.record_keys(side, [row.id for row in called if row.side is side]))
            keys -= asked
        return rows

    def _turned_up(self, observed: tuple[Observed, Observed]) -> set[bytes]:
        """Return the keys of everything that changed or went: whoever waits for one of them is looked at again."""
        context = self.context
        keys: set[bytes] = set()
        for side in SIDES:
            seen: Records = {**self._outside[side], **self.result.newcomers[side]}
            for _, sights in self._sights.values():
                sight = sights[side]
                if isinstance(sight, Item):
                    seen[sight.id] = sight
            rows = self.result.rows[side]
            unlisted = observed[side].unlisted
            linked = [link.ids[side] for link, _ in self._sights.values()]
            keys.update(context.record_keys(side, {*seen, *unlisted, *linked}))
            keys_of = context.profile.matcher.keys[side]
            keys.update(context.parked_keys([key for item in seen.values() for key in keys_of(item.record)]))
            for one in [*seen, *unlisted, *(one for where, one in self.result.cleared if where is side)]:
                if one in rows:
                    keys.update(rows[one].keys)
        return keys

    def _counterparts(self, observed: tuple[Observed, Observed]) -> Call[None]:
        """Read the other side of every pair of which one side was seen, and what is left of those that end."""
        for side in SIDES:
            paired = [link.ids[side] for link, _ in self._sights.values()]
            self.result.rows[side].update({row.id: row for row in (yield from self.parked(side, paired))})
            lacking = [(link, sights) for link, sights in self._sights.values() if sights[side] is None]
            known = observed[side].items
            asked = [link.ids[side] for link, _ in lacking if link.ids[side] not in known]
            reply = (yield from self._get(side, asked)) if asked else []
            found: dict[str, Sight] = {sight.id: sight for sight in reply if not isinstance(sight, Redirect)}
            for link, sights in lacking:
                sight = found.get(link.ids[side]) or known.get(link.ids[side])
                if sight is not None and not self._hidden(link, side, sight):
                    sights[side] = sight
        for link, side, _ in self._merged.values():
            rest = yield from left_over(self._get, self.links, link, side.other)
            self.result.newcomers[side.other].pop(rest.id, None)
            self.result.merged.append((link, side, rest))
        ended, doubted = self._merged.keys(), self._doubted
        for number in ended | self._sights.keys():
            self.result.refreshed.pop(number, None)
        for link, sights in self._sights.values():
            left, right = sights
            if left is None or right is None or link.number in ended:
                continue
            if not doubted or doubted.isdisjoint(zip(SIDES, link.ids, strict=True)):
                self.result.linked.append((link, (left, right)))


def _with_version(link: Link, side: Side, version: str | None) -> Link:
    versions = (version, link.versions[1]) if side is Side.LEFT else (link.versions[0], version)
    return attrs.evolve(link, versions=versions)
