"""Provide the index of one side's match keys, and the groups of records that are duplicates of each other."""

from collections.abc import Iterable, Sequence
from typing import NoReturn

import attrs

from tallystick.errors import UsageError
from tallystick.matching.matcher import NO_KEYS, Key


@attrs.define
class KeyIndex:
    """Match keys of one side's records.

    ``keys`` by record id; ``owner`` gives the first record that has a key, ``others`` any further ones. Few keys have
    several owners, so the common case costs one dictionary entry.
    """

    keys: dict[str, Sequence[Key]]
    owner: dict[Key, str]
    others: dict[Key, list[str]]

    def owners(self, key: Key) -> Sequence[str]:
        """Return the ids of all records that have the key."""
        first = self.owner.get(key)
        if first is None:
            return ()
        return (first, *self.others.get(key, ()))

    def duplicates(self) -> list[list[str]]:
        """Return groups of records that share keys, chains included: a-b and b-c make one group a-b-c."""
        root: dict[str, str] = {}

        def find(one: str) -> str:
            while (above := root.setdefault(one, one)) != one:
                # Halved on the way, so that a long chain is not walked again and again.
                root[one] = one = root[above]
            return one

        for key, rest in self.others.items():
            for other in rest:
                first, second = find(self.owner[key]), find(other)
                if first != second:
                    root[second] = first
        groups: dict[str, list[str]] = {}
        members = {one for key, rest in self.others.items() for one in (self.owner[key], *rest)}
        for one in sorted(members):
            groups.setdefault(find(one), []).append(one)
        return list(groups.values())


def refuse_text() -> NoReturn:
    """Raise UsageError for match keys that are a text: its letters would be the keys, and any two people share some."""
    raise UsageError("match keys that are a text", where="matcher", remedy="give a list of keys, such as [key]")


def index_keys(keyed: Iterable[tuple[str, Sequence[Key]]]) -> KeyIndex:
    """Return the index of records, given as their ids with their match keys.

    Raises UsageError for keys that are a text.
    """
    keys = dict(keyed)
    owner: dict[Key, str] = {}
    others: dict[Key, list[str]] = {}
    own = owner.setdefault
    for one, made in keys.items():
        if made.__class__ is str:
            refuse_text()
        for key in made:
            first = own(key, one)
            if first is not one:  # no two records have the same id
                rest = others.setdefault(key, [])
                # A record's keys come together, so that it can only be the last one that is there already.
                if not rest or rest[-1] != one:
                    rest.append(one)
    for nothing in NO_KEYS:
        owner.pop(nothing, None)
        others.pop(nothing, None)
    return KeyIndex(keys, owner, others)
