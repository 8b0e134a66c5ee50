"""Provide the asking after new records that belong to a pair already, before anybody takes them for new ones.

They are searched for on the other side, and the hits that are in sync are judged (:mod:`..reconcile.succession`).
Only records that the profile names terms for are searched for, and none where nothing is in sync yet. Heirs come first,
on both sides: what a pair left behind is known by the record that it goes on in.
"""

from collections.abc import Iterable, Sequence

import attrs

from tallystick.ports import SIDES, Item, Link, ParkedKind, Redirect, Side, Term
from tallystick.reconcile import reasons
from tallystick.reconcile.context import Context
from tallystick.reconcile.line import Kin, Line
from tallystick.reconcile.newcomers import Sorted, park
from tallystick.reconcile.removals import Sight
from tallystick.reconcile.succession import Relative, Succeeded, succeed
from tallystick.sync.calls import Call, Records
from tallystick.sync.gather import Gathering
from tallystick.sync.setup import Setup


@attrs.frozen
class _Asked:
    """One side's new records that were searched for, what was found on the other side, and whose pairs those are."""

    side: Side
    line: Line[object, object]
    ids: Sequence[str]
    hits: Records
    links: dict[str, Link]


@attrs.frozen
class Succeeding:
    """One run's asking after kin; what it decides goes into the sorted records and the gathered pairs."""

    setup: Setup
    context: Context
    gathering: Gathering
    sorted: Sorted

    def all(self) -> Call[None]:
        """Take out of the new records those that go on with a pair, or are left over from one."""
        succession = self.setup.profile.succession
        if succession is None or self.gathering.fresh or not self.gathering.head.links:
            return
        left = yield from self._ask(Side.LEFT, succession.line(Side.LEFT))
        right = yield from self._ask(Side.RIGHT, succession.line(Side.RIGHT))
        asked = (left, right)
        for kin in (Kin.HEIR, Kin.SPENT):
            for one in asked:
                yield from self._judge(one, asked[one.side.other], kin)

    def _ask(self, side: Side, line: Line[object, object]) -> Call[_Asked]:
        other = side.other
        wanted = {one: terms for one, item in self.sorted.fit[side].items() if (terms := line.terms(item.record))}
        if not wanted:
            return _Asked(side, line, (), {}, {})
        terms = list(dict.fromkeys(term for each in wanted.values() for term in each))
        hits = yield from self._search(other, terms)
        links = yield from self.gathering.links(other, hits)
        return _Asked(side, line, list(wanted), hits, {link.ids[other]: link for link in links})

    def _search(self, side: Side, terms: Sequence[Term]) -> Call[Records]:
        return self.setup.search(side, terms)

    def _judge(self, asked: _Asked, opposite: _Asked, kin: Kin) -> Call[None]:
        side, fit = asked.side, self.sorted.fit[asked.side]
        for one in [one for one in asked.ids if one in fit]:
            item = fit[one]
            hits = [hit for hit in asked.links if asked.line.kin(item.record, asked.hits[hit].record) is kin]
            if not hits:
                continue
            del fit[one]
            self.sorted.aside[side].add(one)
            if self._in_doubt(asked.links[hit] for hit in hits):
                why = (reasons.WAITS,)
                self.sorted.parked.append(park(self.context, side, item, why, kind=ParkedKind.FAILED, next_run=True))
                continue
            own = yield from self._own(side, [asked.links[hit] for hit in hits])
            relatives = [
                Relative(kin, link, own[link.number], asked.hits[hit])
                for hit in hits
                if (link := asked.links[hit]).number in own
            ]
            succeeded = succeed(self.context, asked.line, side, item, relatives)
            self.sorted.parked += succeeded.parked
            if succeeded.link is not None:
                self._go_on(asked, opposite, item, succeeded, succeeded.link)

    def _in_doubt(self, links: Iterable[Link]) -> bool:
        doubted = set(self.gathering.recovered.left_alone())
        return any(place in doubted for link in links for place in zip(SIDES, link.ids, strict=True))

    def _own(self, side: Side, links: Sequence[Link]) -> Call[dict[int, Sight]]:
        """Return what each pair's own record on this side is now, by the pair's number; nothing for one that moved."""
        seen = {link.number: sights[side] for link, sights in self.gathering.result.linked}
        unseen = {link.ids[side]: link.number for link in links if link.number not in seen}
        for sight in (yield from self.setup.get(side, list(unseen))):
            if not isinstance(sight, Redirect):
                seen[unseen[sight.id]] = sight
        return seen

    def _go_on(self, asked: _Asked, opposite: _Asked, item: Item[object], succeeded: Succeeded, link: Link) -> None:
        """Let a pair go on in a new record: its link is decided about as any other, under the new id."""
        side, result = asked.side, self.gathering.result
        result.refreshed.pop(link.number, None)
        known = {known.number: sights for known, sights in result.linked}
        partner: Sight | None = known[link.number][side.other] if link.number in known else succeeded.partner
        assert partner is not None  # noqa: S101 -- an heir has a partner; for the type checker
        result.linked = [(one, sights) for one, sights in result.linked if one.number != link.number]
        result.linked.append((link, (item, partner) if side is Side.LEFT else (partner, item)))
        asked.links[link.ids[side.other]] = link
        for one in [one for one, old in opposite.links.items() if old.number == link.number]:
            del opposite.links[one]
        if item.id in opposite.hits:
            opposite.links[item.id] = link
