"""Provide the explaining of one record: where it stands and why, rule by rule, by names, versions and digests."""

from collections.abc import Iterator, Sequence

import attrs

from tallystick.errors import ProviderError, UnknownRecord
from tallystick.ports import SIDES, Absence, Found, Item, Link, Parked, Redirect, Side
from tallystick.reconcile.newcomers import reasons_against_new
from tallystick.reconcile.reasons import words
from tallystick.sync import calls
from tallystick.sync.calls import Call
from tallystick.sync.setup import Setup


@attrs.frozen
class RuleView:
    """One rule of a pair: digests of what each side shows and of the base, by side; None where nothing is read."""

    rule: str
    shown: tuple[str | None, str | None]
    base: tuple[str, str]

    @property
    def verdict(self) -> str:
        """What the rule's digests say."""
        if None in self.shown:
            return "not read"
        moved = [side.label for side in SIDES if self.shown[side] != self.base[side]]
        equal = "sides agree" if self.shown[0] == self.shown[1] else "sides differ"
        return f"{equal}, {' and '.join(moved)} changed" if moved else f"{equal}, unchanged"


@attrs.frozen
class Explanation:
    """Why a record stands where it stands."""

    side: Side
    id: str
    standing: str
    reasons: tuple[str, ...] = ()
    ids: tuple[str, str] = ("", "")
    versions: tuple[str | None, str | None] = (None, None)
    versions_seen: tuple[str | None, str | None] = (None, None)
    decided: str = ""
    rules: tuple[RuleView, ...] = ()

    @property
    def decision(self) -> str:
        """What was last decided about the pair, in words; empty where nothing was."""
        reason, _, rules = self.decided.partition("|")
        return f"{words(reason)}{f' ({rules})' if rules else ''}" if reason else ""

    def text(self) -> str:
        """Return the explanation in words."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"{self.side.label} {self.id}: {self.standing}"
        for reason in self.reasons:
            yield f"  because: {words(reason)} [{reason}]"
        if self.ids != ("", ""):
            yield f"  pair: left {self.ids[0]}, right {self.ids[1]}"
            for side in SIDES:
                yield f"  {side.label}: remembered version {self.versions[side]}, now {self.versions_seen[side]}"
        if self.decided:
            yield f"  last decision: {self.decision}"
        for rule in self.rules:
            yield f"  {rule.rule}: {rule.verdict}"


def explaining(setup: Setup, side: Side, one: str) -> Call[Explanation]:
    """Read what is remembered of a record and what it shows now, and explain it. Writes nothing."""
    links = yield from calls.links(setup.sync, side, [one])
    rows = yield from calls.parked(setup.sync, side, [one])
    if links:
        theirs = yield from calls.parked(setup.sync, side.other, [links[0].ids[side.other]])
        return (yield from _pair(setup, side, one, links[0], [*rows, *theirs]))
    if rows:
        row = rows[0]
        return Explanation(side, one, f"{row.kind}, not in sync", row.reasons, versions=(row.version, None))
    (sight,) = yield from setup.get(side, [one])
    if isinstance(sight, Absence):
        raise UnknownRecord("no such record", where=f"{side.label} {one}", remedy="look the id up in the provider")
    if isinstance(sight, Redirect):
        return Explanation(side, one, f"lives on as {sight.new_id}")
    return _unlinked(setup, side, sight)


def _unlinked(setup: Setup, side: Side, item: Item[object]) -> Explanation:
    profile = setup.profile.sides[side]
    if not profile.takes_part(item.record):
        return Explanation(side, item.id, "takes no part: records of its kind are not processed")
    if not item.member:
        return Explanation(side, item.id, "not in the sync's list or category")
    against = tuple(reasons_against_new(profile, item.record))
    standing = "unfit" if against else "new: the next run looks for its counterpart"
    return Explanation(side, item.id, standing, against)


def _pair(setup: Setup, side: Side, one: str, link: Link, rows: Sequence[Parked]) -> Call[Explanation]:
    mapping = setup.mapping
    shown: list[list[bytes] | None] = []
    seen: list[str | None] = []
    for each in SIDES:
        sight = yield from _shown(setup, each, link.ids[each])
        if isinstance(sight, Item):
            shown.append(mapping.entries.shown[each](sight.record))
            seen.append(sight.version)
        else:
            shown.append(None)
            seen.append(None)
    base = mapping.rebased(link.base, link.layout)
    rules = tuple(
        RuleView(
            rule.name,
            (_hex(shown[0], at), _hex(shown[1], at)),
            (base[0][at].hex(), base[1][at].hex()),
        )
        for at, rule in enumerate(mapping.rules)
    )
    standing = f"in sync, {rows[0].kind}" if rows else "in sync"
    found = tuple(reason for row in rows for reason in row.reasons)
    return Explanation(side, one, standing, found, link.ids, link.versions, (seen[0], seen[1]), link.decided, rules)


def _shown(setup: Setup, side: Side, one: str) -> Call[Found[object] | None]:
    """Return what a record is now, None where its side cannot be read: what is remembered is worth telling alone."""
    try:
        (sight,) = yield from setup.get(side, [one])
    except ProviderError:
        return None
    return sight


def _hex(entries: list[bytes] | None, at: int) -> str | None:
    return entries[at].hex() if entries is not None else None
