"""Provide the merge of a collection by key, where both sides have changed it: what each is to be given. Pure.

A base is one digest of the whole, which tells nothing of single elements. But what was agreed on is most often among
what is there: of each key the element of one of the sides, or none. These are put together in every way, until one has
the base's digest. Then each key is merged by itself:

======================  ==================================================
against the base        then
======================  ==================================================
one side changed it     that element, or its absence, travels
both did                a conflict of this key, settled by the arbiter
neither did             the sides agreed to differ in it: both stay
======================  ==================================================

Where no base is found, as where both sides changed an element that was there before, the whole is one value. So it is
where a side would be given what it may have already: one names a day, and the other a time of about that day.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date, datetime
from itertools import product
from math import prod
from typing import cast

from tallystick.mapping.base import NO_BASE
from tallystick.ports import SIDES, Side
from tallystick.reconcile.merge import KEEP, Arbiter, Facts, Merged

Elements = Mapping[Hashable, object]
"""Elements by key; a key that is missing or None has none."""
_MOST_TRIED = 20_000
"""How many elements are made canonical at most in looking for a base."""
_NEAR = (-1, 0, 1)
"""How many days the clocks of two zones are apart."""


def merge_keyed(
    facts: Facts, arbiter: Arbiter, key_of: Callable[[object], Hashable], entry_of: Callable[[object], bytes]
) -> Merged | None:
    """Return the merge key by key; None where the value is to be merged as a whole.

    ``entry_of`` packs a collection's digest, to which the order of elements is all the same.
    """
    entries, base = facts.entries, facts.base
    if NO_BASE in base or entries[0] == entries[1] or entries[0] == base[0] or entries[1] == base[1]:
        return None
    left, right = (_by_key(value, key_of) for value in facts.values)
    if left is None or right is None:
        return None
    shown = (left, right)
    differing = [key for key in dict.fromkeys((*left, *right)) if _is_another(left.get(key), right.get(key), entry_of)]
    agreed = _agreed(shown, differing, base, entry_of)
    if agreed is None:
        return None
    wanted: tuple[dict[Hashable, object], dict[Hashable, object]] = (dict(left), dict(right))
    conflicts = []
    for key in differing:
        changed = [_is_another(shown[side].get(key), agreed[side].get(key), entry_of) for side in SIDES]
        if all(changed):
            conflicts.append(key)
        elif any(changed):
            source = Side.LEFT if changed[0] else Side.RIGHT
            wanted[source.other][key] = shown[source].get(key)
    winner = arbiter() if conflicts else None
    if conflicts and winner is None:
        return Merged(held=True)
    for key in conflicts:
        wanted[cast("Side", winner).other][key] = shown[cast("Side", winner)].get(key)
    if any(_may_be_there(each, shown) for each in wanted):
        return None
    give = [KEEP if wanted[side] == shown[side] else _listed(wanted[side]) for side in SIDES]
    return Merged((give[0], give[1]), winner.other if winner is not None else None)


def _by_key(value: object, key_of: Callable[[object], Hashable]) -> Elements | None:
    """Return elements by key, None where two have the same."""
    elements = cast("Sequence[object]", value)
    found = {key_of(element): element for element in elements}
    return found if len(found) == len(elements) else None


def _listed(elements: Elements) -> tuple[object, ...]:
    return tuple(element for element in elements.values() if element is not None)


def _may_be_there(wanted: Elements, shown: tuple[Elements, Elements]) -> bool:
    """Tell whether a day and a time may be one key in two spellings; where a side shows both, they are not."""
    there = [key for key, element in wanted.items() if element is not None and isinstance(key, date)]
    times = defaultdict(list)
    for key in there:
        if isinstance(key, datetime):
            times[key.toordinal()].append(key)
    days = [key for key in there if not isinstance(key, datetime)]
    near = ((day, time) for day in days for at in _NEAR for time in times.get(day.toordinal() + at, ()))
    return any(not any(day in each and time in each for each in shown) for day, time in near)


def _is_another(one: object, other: object, entry_of: Callable[[object], bytes]) -> bool:
    if one is None or other is None:
        return one is not other
    return one != other and entry_of((one,)) != entry_of((other,))


def _agreed(
    shown: tuple[Elements, Elements],
    differing: Sequence[Hashable],
    base: tuple[bytes, bytes],
    entry_of: Callable[[object], bytes],
) -> tuple[Elements, Elements] | None:
    """Return what each side's base stands for, in the keys that differ; None where that is not found.

    In the others both sides may have come to the same: so these are looked at as well, unless they are too many.
    """
    left, right = shown
    apart = set(differing)
    common = [key for key in left if key not in apart]
    for keys, kept in (([*differing, *common], []), (differing, common)):
        ways = [[each.get(key) for each in (shown if key in apart else (left,))] for key in keys]
        choices = [[one for one in each if one is not None] for each in ways]
        if prod(len(each) + 1 for each in choices) * (len(left) + len(right)) > _MOST_TRIED:
            continue
        found = _found([left[key] for key in kept], choices, base, entry_of)
        if found is not None:
            return (dict(zip(keys, found[0], strict=True)), dict(zip(keys, found[1], strict=True)))
    return None


def _found(
    kept: Sequence[object],
    choices: Sequence[Sequence[object]],
    base: tuple[bytes, bytes],
    entry_of: Callable[[object], bytes],
) -> tuple[Sequence[object], Sequence[object]] | None:
    """Return which choice, beside what is kept, has the digest of each side's base."""
    found: dict[bytes, Sequence[object]] = {}
    for chosen in product(*([None, *each] for each in choices)):
        entry = entry_of((*kept, *(one for one in chosen if one is not None)))
        if entry in base:
            found[entry] = chosen
    return (found[base[0]], found[base[1]]) if base[0] in found and base[1] in found else None
