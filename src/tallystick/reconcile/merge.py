"""Provide the three-way merge of one rule: what each side is to be given, or that it is to be left alone.

Inputs, a side each: the value as its record shows it, the digest entry of its canonical form, and the entry of the
base. Only entries are compared; what travels is the value itself. A side has changed when its
entry differs from its base. Where there is no base, nothing was ever agreed on: an empty side is filled, and two
different values are a conflict (a set without a base is united).

A pair that is in sync under another mapping is based anew, since a changed mapping is no edit. Under a rule that is
new an empty side is filled, whatever the policy; two different values are left. Under a rule that has another version
everything is left: its base can't be read, so that nobody knows who emptied what. What is left is reported to differ.

What is refused: guessing. A conflict goes to the arbiter, which answers with a side or with None, and None holds it:
nothing is written, and the base stays, so that it is found again.
"""

from collections.abc import Callable, Sequence
from enum import Enum
from typing import cast

import attrs

from tallystick.making import quickly_made
from tallystick.mapping import MergePolicy, Shape
from tallystick.mapping.base import EMPTY, MOST_ELEMENTS, NO_BASE, digests, slot_digests
from tallystick.ports import SIDES, Side

Arbiter = Callable[[], Side | None]


class Kept(Enum):
    """The value that says: leave this side alone."""

    KEEP = "keep"


KEEP = Kept.KEEP


class _Choice(Enum):
    KEEP = "keep"
    LEFT = "left"
    RIGHT = "right"
    LEFT_WINS = "left wins"
    RIGHT_WINS = "right wins"
    HOLD = "hold"


_WINNER = {Side.LEFT: _Choice.LEFT_WINS, Side.RIGHT: _Choice.RIGHT_WINS, None: _Choice.HOLD}
_OF_LEFT = (_Choice.LEFT, _Choice.LEFT_WINS)


@quickly_made
@attrs.frozen
class Facts:
    """What is known of one rule in one pair; every pair of things is by side.

    ``rebased``: the pair is in sync under a mapping without this rule; ``renewed``: under one with another version.
    """

    values: tuple[object, object] = attrs.field(repr=False)
    entries: tuple[bytes, bytes]
    base: tuple[bytes, bytes]
    left_record_changed: bool = False
    rebased: bool = False
    renewed: bool = False


@quickly_made
@attrs.frozen
class Merged:
    """What a merge decided: what each side is given (KEEP: left alone), whose value lost, whether it is held.

    ``differs``: the sides are left as different as they are, since what differs is the mapping. ``waits``: it is left
    alone with its whole record, of which another rule is held.
    """

    give: tuple[object, object] = attrs.field(repr=False, default=(KEEP, KEEP))
    loser: Side | None = None
    held: bool = False
    differs: bool = False
    waits: bool = False


UNTOUCHED = Merged()
WAITING = Merged(waits=True)
_LEFT_AS_IT_IS = Merged(differs=True)


def merge(shape: Shape, policy: MergePolicy, facts: Facts, arbiter: Arbiter) -> Merged:
    """Return what each side is to be given of one rule. FOLLOW is not decided here, since it rests on the result."""
    if facts.renewed:
        return _LEFT_AS_IT_IS
    if shape is Shape.ELEMENTS and not any(map(_is_too_large, facts.values)):
        return _merge_elements(facts)
    if shape is Shape.SLOTS:
        return _merge_slots(policy, facts, arbiter)
    choice = _choose(policy, facts.entries, facts.base, facts, arbiter)
    if choice is _Choice.HOLD:
        return Merged(held=True)
    if choice is _Choice.KEEP:
        return _LEFT_AS_IT_IS if facts.rebased else UNTOUCHED
    give = (KEEP, facts.values[0]) if choice in _OF_LEFT else (facts.values[1], KEEP)
    return Merged(give, _loser(choice))


def _loser(choice: _Choice) -> Side | None:
    if choice is _Choice.LEFT_WINS:
        return Side.RIGHT
    return Side.LEFT if choice is _Choice.RIGHT_WINS else None


def _choose(
    policy: MergePolicy,
    entries: tuple[bytes, bytes],
    base: tuple[bytes, bytes],
    facts: Facts,
    arbiter: Arbiter,
) -> _Choice:
    if entries[0] == entries[1]:
        return _Choice.KEEP
    known = NO_BASE not in base
    changed = (entries[0] != base[0], entries[1] != base[1])
    if facts.rebased:
        return _Choice.KEEP if EMPTY not in entries else _filled(entries)
    if policy is MergePolicy.MIRROR:
        return _Choice.LEFT if facts.left_record_changed or not known else _Choice.KEEP
    if policy is MergePolicy.FILL:
        return _fill(entries, changed, known=known)
    if known:
        return _three_way(changed, arbiter)
    return _filled(entries) if EMPTY in entries else _WINNER[arbiter()]


def _filled(entries: tuple[bytes, bytes]) -> _Choice:
    return _Choice.RIGHT if entries[0] == EMPTY else _Choice.LEFT


def _three_way(changed: tuple[bool, bool], arbiter: Arbiter) -> _Choice:
    if changed == (True, True):
        return _WINNER[arbiter()]
    if changed == (False, False):
        return _Choice.KEEP
    return _Choice.LEFT if changed[0] else _Choice.RIGHT


def _fill(entries: tuple[bytes, bytes], changed: tuple[bool, bool], *, known: bool) -> _Choice:
    if entries[0] == EMPTY and (changed[1] or not known):
        return _Choice.RIGHT
    if entries[1] == EMPTY and (changed[0] or not known):
        return _Choice.LEFT
    return _Choice.KEEP


def _merge_slots(policy: MergePolicy, facts: Facts, arbiter: Arbiter) -> Merged:
    values = [list(cast("Sequence[object]", value)) for value in facts.values]
    count = len(values[0])
    entries = [slot_digests(entry, count) for entry in facts.entries]
    base = [slot_digests(entry, count) for entry in facts.base]
    written = [False, False]
    differs = False
    loser: Side | None = None
    for at in range(count):
        shown = (entries[0][at], entries[1][at])
        if shown[0] == shown[1]:
            continue
        choice = _choose(policy, shown, (base[0][at], base[1][at]), facts, arbiter)
        if choice is _Choice.HOLD:
            return Merged(held=True)
        if choice is _Choice.KEEP:
            differs = facts.rebased
            continue
        source = 0 if choice in _OF_LEFT else 1
        values[1 - source][at] = values[source][at]
        written[1 - source] = True
        if loser is None:
            loser = _loser(choice)
    left, right = (tuple(values[side]) if written[side] else KEEP for side in SIDES)
    return Merged((left, right), loser, differs=differs)


def _is_too_large(elements: object) -> bool:
    """Tell whether a set may have a digest of all instead of one for each element: it can only be taken whole."""
    return len(cast("Sequence[object]", elements)) > MOST_ELEMENTS


def _merge_elements(facts: Facts) -> Merged:
    """Give each side what the other added since its own base, and take away what the other removed."""
    present = [set(digests(entry)) for entry in facts.entries]
    base = [set(digests(entry)) for entry in facts.base]
    wanted = [
        (present[side] | (present[side.other] - base[side.other])) - (base[side.other] - present[side.other])
        for side in SIDES
    ]
    if not any(wanted) and all(present):
        # Each side removed what the other kept. Nobody asked for an empty set, so nothing is removed.
        wanted = [present[0] | present[1]] * 2
    give: list[object] = [KEEP, KEEP]
    for side in SIDES:
        if present[side] != wanted[side]:
            give[side] = _ElementsFor(side, wanted[side])
    return Merged((give[0], give[1]))


@attrs.frozen
class _ElementsFor:
    """A set that is wanted on one side, by digest; :func:`elements_wanted` turns it into elements."""

    side: Side
    wanted: set[bytes]


def elements_wanted(give: object, values: tuple[object, object], digest_of: Callable[[object], bytes | None]) -> object:
    """Return the elements that a merge of sets wants on a side: its own first, in their order, then the other's.

    ``digest_of`` gives an element's digest, None for one that does not count. Other values are returned as they are.
    """
    if not isinstance(give, _ElementsFor):
        return give
    taken: set[bytes] = set()
    made: list[object] = []
    for side in (give.side, give.side.other):
        for element in cast("Sequence[object]", values[side]):
            digest = digest_of(element)
            if digest in give.wanted and digest not in taken:
                taken.add(digest)
                made.append(element)
    return tuple(made)
