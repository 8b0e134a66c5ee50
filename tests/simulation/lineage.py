"""Provide the lineage of what users write: each text is a token of its own, and knows the token it replaced.

No lost update: every token is an ancestor or a self of a live one, of a loser that the sink has, or of one in a record
that a user deleted. No resurrection: no person that a user deleted on a side is live on that side again.
"""

import attrs

from tests.simulation.world import World, person_of


@attrs.define
class Lineage:
    """All tokens with their parents, and what users deleted."""

    parent: dict[str, str] = attrs.field(factory=dict)
    excused: set[str] = attrs.field(factory=set)
    deleted: set[tuple[int, str]] = attrs.field(factory=set)

    def token(self, replaced: str) -> str:
        """Return a new token that takes the place of ``replaced``."""
        made = f"t{len(self.parent) + 1}"
        self.parent[made] = replaced
        return made

    def delete(self, world: World, side: int, record: object) -> None:
        """Note that a user deleted a record, and what stood in it."""
        self.excused |= self._lines(world.texts_of(record))
        self.deleted.add((side, person_of(record)))

    def wanted_again(self, side: int, person: str) -> None:
        """Note that a user gave a deleted person's counterpart back its list: the person may be created anew."""
        self.deleted.discard((side, person))

    def check(self, world: World) -> None:
        """Check that nothing is lost and nobody is back."""
        live: set[str] = set()
        for collection in world.sides:
            for record in collection.all().values():
                live.update(world.texts_of(record))
        reached = self._lines(live | (world.sink.values() if world.sink else set())) | self.excused
        lost = [token for token in self.parent if token not in reached]
        assert not lost, f"lost: {lost}"
        for side, collection in enumerate(world.sides):
            copies = world.copies(side)
            known = {person_of(record) for one, record in collection.all().items() if one not in copies}
            back = [one for where, one in self.deleted if where == side and one in known]
            assert not back, f"deleted on side {side}, and back: {back}"

    def _lines(self, tokens: "set[str] | tuple[str, ...]") -> set[str]:
        found: set[str] = set()
        for token in tokens:
            at = token
            while at and at not in found:
                found.add(at)
                at = self.parent.get(at, "")
        return found
