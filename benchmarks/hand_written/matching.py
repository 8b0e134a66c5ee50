"""Provide who is who: list both sides, screen them, pair what shares a key, search for the rest."""

from collections.abc import Container, Iterable, Sequence
from hashlib import blake2b
from itertools import chain
from typing import Any, NamedTuple

import attrs
from world import SECRET

from hand_written.values import EMAILS, READ, Values, folded
from tallystick.ports import Item, Scope, Term
from tallystick.records import EntryKind
from tallystick.text import fold

SCOPES = (Scope("Maximizer"), Scope("Clients"))
LABELS = ("left", "right")
_COMPANY = EntryKind.COMPANY

Items = dict[str, Item[Any]]
Known = tuple[Item[Any], Values, Sequence[str], Sequence[str]]
"""A fit record: as it was listed, its values, its addresses as they are compared, and its match keys."""

begun = blake2b(key=SECRET, digest_size=16).copy


class Parked(NamedTuple):
    """One record that is left alone, and digests of what brings it back."""

    side: int
    id: str
    version: str | None
    reasons: tuple[str, ...]
    keys: tuple[bytes, ...] = ()


@attrs.define
class Book:
    """What is known of one side: its fit records, whose each key is, the keys of who was double, and who is parked."""

    side: int
    fit: dict[str, Known] = attrs.field(factory=dict)
    owner: dict[str, str] = attrs.field(factory=dict)
    doubled: dict[str, str] = attrs.field(factory=dict)
    parked: list[Parked] = attrs.field(factory=list)

    def park(self, one: str, why: str, blockers: Iterable[str], where: int) -> None:
        """Leave a fit record alone, until it, one of its keys or of the ``blockers`` on a side turns up."""
        item, _, _, keys = self.fit.pop(one)
        digests = [_said("match", repr(key)) for key in keys]
        digests += [_said("record", LABELS[where], other) for other in blockers]
        self.parked.append(Parked(self.side, one, item.version, (why,), tuple(digests)))


def _said(*parts: str) -> bytes:
    made = begun()
    made.update(repr(parts).encode())
    return made.digest()[:8]


def listed(provider: Any, scope: Scope) -> tuple[Items, str]:  # noqa: ANN401 - of either side
    """Return all that a side lists, and where its feed goes on."""
    items: Items = {}
    cursor, complete = None, False
    while not complete:
        page = provider.changes(cursor, scope)
        items.update({item.id: item for item in page.items})
        cursor, complete = page.cursor, page.complete
    return items, str(cursor)


def screened(side: int, items: Items) -> Book:
    """Return one side's records without those that lack something, and without those that are double."""
    book = Book(side)
    fit, owner, read = book.fit, book.owner, READ[side]
    twins: dict[str, set[str]] = {}
    for one, item in items.items():
        record = item.record
        if side and record.kind is _COMPANY:
            continue
        values = read(record)
        first, last = values[0], values[2]
        addresses = folded(values[EMAILS])
        if not (addresses and first.strip() and last.strip()):
            book.parked.append(Parked(side, one, item.version, _lacking(first, last, values[EMAILS], addresses)))
            continue
        name = f"{fold(first)}\n{fold(last)}\n"
        keys = (name + addresses[0],) if len(addresses) == 1 else [name + address for address in addresses]
        fit[one] = item, values, addresses, keys
        for key in keys:
            other = owner.setdefault(key, one)
            if other is not one:
                group = twins.setdefault(other, {other})
                group |= twins.get(one, {one})
                twins.update(dict.fromkeys(group, group))
    for one in sorted(twins):
        for key in fit[one][3]:
            book.doubled[key] = one
            owner.pop(key, None)
        book.park(one, "duplicate", sorted(twins[one] - {one}), side)
    return book


def _lacking(first: str, last: str, emails: Sequence[str], addresses: Sequence[str]) -> tuple[str, ...]:
    found = [f"missing:{name}" for name, value in (("first_name", first), ("last_name", last)) if not value.strip()]
    if not addresses:
        found.append("invalid:email" if any(one.strip() for one in emails) else "missing:email")
    return tuple(found)


def paired(left: Book, right: Book) -> tuple[list[tuple[str, str]], list[list[str]]]:
    """Return who is the same, one to one, and by side those that nobody shares a key with; the rest is parked."""
    owner = right.owner
    hits: dict[str, tuple[str, ...]] = {}
    claims: dict[str, tuple[str, ...]] = {}
    for one, (_, _, _, keys) in left.fit.items():
        found: tuple[str, ...] = ()
        for key in keys:
            other = owner.get(key)
            if other is not None and other not in found:
                found = (*found, other)
                claims[other] = (*claims[other], one) if other in claims else (one,)
        if found:
            hits[one] = found
    alone = [_without_twins(left, hits, right), _without_twins(right, claims, left)]
    pairs = []
    for one, found in hits.items():
        if len(found) == 1 and len(claims[found[0]]) == 1:
            pairs.append((one, found[0]))
            continue
        left.park(one, _ambiguous(found), found, 1)
        for other in found:
            if other in right.fit:
                right.park(other, _ambiguous(claims[other]), claims[other], 0)
    return pairs, alone


def _ambiguous(candidates: Sequence[str]) -> str:
    return "several_candidates" if len(candidates) > 1 else "candidate_claimed_twice"


def _without_twins(book: Book, matched: Container[str], other: Book) -> list[str]:
    """Return who has no match, but for those whose counterparts are double."""
    alone = []
    for one in [one for one in book.fit if one not in matched]:
        twins = {other.doubled[key] for key in book.fit[one][3] if key in other.doubled}
        if twins:
            book.park(one, "counterpart_is_ignored", sorted(twins), other.side)
        else:
            alone.append(one)
    return alone


def searched(provider: Any, book: Book, alone: list[str], items: Items) -> list[str]:  # noqa: ANN401 - of either side
    """Return who is not found among all of the other side, either; ``items`` are those that it has listed.

    Whoever is found beyond the scope is left to a person, where the library would have that record join.
    """
    fit, other = book.fit, 1 - book.side
    terms = [Term("email", one) for one in dict.fromkeys(chain.from_iterable([fit[one][2] for one in alone]))]
    size = provider.capabilities.read_size
    beyond: Items = {}
    for at in range(0, len(terms), size):
        found = provider.search(terms[at : at + size], SCOPES[other])
        beyond.update({item.id: item for item in found if item.id not in items})
    if not beyond:
        return alone
    others = screened(other, beyond)
    for one in alone:
        hits = {hit for key in fit[one][3] for hit in (others.owner.get(key), others.doubled.get(key)) if hit}
        if hits:
            book.park(one, "found_beyond_the_scope", sorted(hits), other)
    return [one for one in alone if one in fit]
