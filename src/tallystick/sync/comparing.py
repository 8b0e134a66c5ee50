"""Provide the two versions of a pair in conflict, read from the providers at the moment when a person looks at them.

What is read is handed on and kept nowhere. The versions that come along go back with the choice, so that it holds for
what the person saw.
"""

import attrs

from tallystick.mapping import MergePolicy
from tallystick.sync.calls import Call
from tallystick.sync.resolving import conflict_of, held_conflict
from tallystick.sync.settling import refuse_unlisted
from tallystick.sync.setup import Setup


@attrs.frozen
class FieldShown:
    """One rule of a pair: what each side says of it, and whether it is in conflict.

    ``values`` are those of the rule, left first, and ``fields`` the names that it goes by in either record.
    """

    rule: str
    in_conflict: bool
    values: tuple[object, object] = attrs.field(repr=False)
    fields: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())


@attrs.frozen
class Comparison:
    """A pair in conflict as it stands now: ids, versions and records, left first, and every rule in which they differ.

    ``listed_as`` are the versions under which the conflict was listed. What follows other fields is left out.
    """

    id: str
    ids: tuple[str, str]
    versions: tuple[str | None, str | None]
    listed_as: tuple[str | None, str | None]
    records: tuple[object, object] = attrs.field(repr=False)
    fields: tuple[FieldShown, ...] = ()

    @property
    def rules(self) -> tuple[str, ...]:
        """The names of what is in conflict now."""
        return tuple(one.rule for one in self.fields if one.in_conflict)


def comparing(setup: Setup, one: str) -> Call[Comparison]:
    """Read both records of the conflict that is named by the left record ``one``."""
    yield from refuse_unlisted(setup, conflict_of(one))
    held = yield from held_conflict(setup, one)
    left, right = (item.record for item in held.items)
    entries = setup.mapping.entries.pair(left, right)
    fields = tuple(
        FieldShown(
            rule.name,
            rule.name in held.rules,
            (rule.left.get(left), rule.right.get(right)),
            (rule.left.writes, rule.right.writes),
        )
        for at, rule in enumerate(setup.mapping.rules)
        if entries[0][at] != entries[1][at] and rule.policy is not MergePolicy.FOLLOW
    )
    listed_as = (held.rows[0].version, held.rows[1].version)
    return Comparison(one, held.link.ids, held.versions, listed_as, (left, right), fields)
