"""Provide subscriptions: whose mail is saved, by address, each from a moment of its own on.

A value that the host keeps, and changes as people switch the saving on and off. Pauses are remembered.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

import attrs

from tallystick.mail.periods import NEVER, Periods
from tallystick.records import Relation
from tallystick.recurrence import Instant
from tallystick.text import canonical_address


@attrs.frozen
class Subscription:
    """One address of one person, and when its mail was, and is, to be saved."""

    relation: Relation
    address: str
    periods: Periods


_Key = tuple[str, str, str]


@attrs.frozen(repr=False)
class Subscriptions:
    """All subscriptions of a user."""

    entries: tuple[Subscription, ...] = ()
    _by_address: dict[str, tuple[Subscription, ...]] = attrs.field(init=False, eq=False)

    def __attrs_post_init__(self) -> None:
        found: dict[str, tuple[Subscription, ...]] = {}
        for one in self.entries:
            if address := canonical_address(one.address):
                found[address] = (*found.get(address, ()), one)
        object.__setattr__(self, "_by_address", found)

    def __len__(self) -> int:
        return len(self._by_address)

    def on(self, relation: Relation, addresses: Iterable[str], at: datetime) -> "Subscriptions":
        """Return them with a person switched on for all of these addresses, and off for others that it had.

        An address that is on keeps its moment; a new one counts from ``at`` on.
        """
        wanted = {folded: address for address in addresses if (folded := canonical_address(address))}
        entries = []
        for one in self.entries:
            if _is(one, relation):
                address = canonical_address(one.address)
                on = wanted.pop(address, None) is not None
                entries.append(attrs.evolve(one, periods=one.periods.on(at) if on else one.periods.off(at)))
            else:
                entries.append(one)
        return Subscriptions((*entries, *(Subscription(relation, each, NEVER.on(at)) for each in wanted.values())))

    def off(self, relation: Relation, at: datetime) -> "Subscriptions":
        """Return them with a person switched off."""
        return Subscriptions(
            tuple(attrs.evolve(one, periods=one.periods.off(at)) if _is(one, relation) else one for one in self.entries)
        )

    def of(self, address: str) -> Sequence[Subscription]:
        """Return the subscriptions of an address in canonical form."""
        return self._by_address.get(address, ())

    def at(self, address: str, moment: Instant | None) -> list[Relation]:
        """Return the people whose subscription of an address covered a moment."""
        return [one.relation for one in self._by_address.get(address, ()) if one.periods.covers(moment)]


def _is(one: Subscription, relation: Relation) -> bool:
    return (one.relation.kind, one.relation.id) == (relation.kind, relation.id)
