"""Provide the rule: one shared value, how each side shows it, when two are equal, and how they merge.

Three shapes of value are told apart, since they merge differently:

* *value*: one thing, taken whole (a name; an address whose parts are a unit);
* *elements*: a set, merged element by element, order being no part of it (e-mail addresses);
* *slots*: a fixed number of places, each merged by itself (telephones by label).

One canonical form per rule decides equality: only canonical values are compared and digested, what is written to
the other side is the value itself. The canonical form of nothing is an empty text, an empty tuple or None. Canonical
values that are equal must have the same repr, since that is what is digested: give amounts and times one spelling.
"""

from collections.abc import Callable, Hashable
from enum import StrEnum
from typing import Generic, TypeVar, cast

import attrs

from tallystick.errors import MappingError
from tallystick.mapping.lens import Lens
from tallystick.text import clean

L = TypeVar("L")
R = TypeVar("R")
V = TypeVar("V")
E = TypeVar("E")


class Shape(StrEnum):
    """What kind of thing a rule's value is."""

    VALUE = "value"
    ELEMENTS = "elements"
    SLOTS = "slots"


class MergePolicy(StrEnum):
    """What happens to a rule's value when the sides differ."""

    CONFLICT = "conflict"
    """A change travels; two changes are a conflict, settled by the profile's conflict policy."""
    FILL = "fill"
    """Never overwrites: fills an empty side, unless a person emptied it while the other side stood still."""
    MERGE = "merge"
    """Elements that one side added or removed are added or removed on the other."""
    FOLLOW = "follow"
    """Written when the value it is derived from changed, or a first pairing finds it empty; else left as it is."""
    MIRROR = "mirror"
    """The left side is the truth: asserted on the right whenever the left record changed."""


@attrs.frozen
class Direction:
    """On which sides a rule may be written (left, right), in a create and in an update."""

    create: tuple[bool, bool] = (True, True)
    update: tuple[bool, bool] = (True, True)


BOTH_WAYS = Direction()
TO_LEFT = Direction((True, False), (True, False))
TO_RIGHT = Direction((False, True), (False, True))


@attrs.frozen
class Rule(Generic[L, R]):
    """One shared value. Made by :func:`rule`, :func:`elements` or :func:`slots`, which check its types.

    ``canon`` gives the canonical form of a value, or of one element or slot. ``version`` is raised by whoever changes
    what the rule means: bases of an older version then no longer count. ``replaces`` names the sides on which the
    value can't be changed in place: the record is deleted and made anew. ``carries`` tells whether a value arrives
    whole on the other side, though it is equal there: what was cut is no change, and is reported. ``key`` tells the
    elements of a value apart that is a collection.
    """

    name: str
    left: Lens[object, object]
    right: Lens[object, object]
    canon: Callable[[object], Hashable]
    shape: Shape
    policy: MergePolicy
    direction: Direction
    version: int
    replaces: tuple[bool, bool] = (False, False)
    carries: Callable[[object], bool] | None = None
    key: Callable[[object], Hashable] | None = None

    def replacing(self, side: int) -> "Rule[L, R]":
        """Return this rule for a ``side`` on which its value can't be changed in place."""
        return attrs.evolve(self, replaces=(side == 0 or self.replaces[0], side == 1 or self.replaces[1]))

    def reporting(self, carries: Callable[[V], bool]) -> "Rule[L, R]":
        """Return this rule with a test of whether a value arrives whole."""
        return attrs.evolve(self, carries=cast("Callable[[object], bool]", carries))

    def keyed(self, key: Callable[[E], Hashable]) -> "Rule[L, R]":
        """Return this rule for a tuple of elements of different keys, in any order.

        Where both sides changed it, each key is merged by itself, as far as their last agreement can be told from what
        both show; else the whole is one value. The canonical form must not rest on the order. A key that is a date may
        mean the same as a datetime of about that day. Raises MappingError for a rule of another shape than a value's,
        or with another policy than CONFLICT.
        """
        if (self.shape, self.policy) != (Shape.VALUE, MergePolicy.CONFLICT):
            raise MappingError(
                f"a rule of the shape {self.shape} with the policy {self.policy} does not merge by key",
                where=f"rule {self.name}",
                remedy="make it with rule(), and without a policy",
            )
        return attrs.evolve(self, key=cast("Callable[[object], Hashable]", key))

    @property
    def lenses(self) -> tuple[Lens[object, object], Lens[object, object]]:
        """Both lenses, by side."""
        return (self.left, self.right)


def rule(
    name: str,
    left: Lens[L, V],
    right: Lens[R, V],
    canon: Callable[[V], Hashable] | None = None,
    *,
    policy: MergePolicy = MergePolicy.CONFLICT,
    direction: Direction = BOTH_WAYS,
    version: int = 1,
) -> Rule[L, R]:
    """Return the rule that one value is the same on both sides.

    Without a ``canon`` the value is a text, compared as :func:`tallystick.text.clean` gives it.
    """
    return _erased(name, left, right, canon or clean, Shape.VALUE, policy, direction, version)


def elements(
    name: str,
    left: Lens[L, tuple[E, ...]],
    right: Lens[R, tuple[E, ...]],
    canon: Callable[[E], Hashable],
    *,
    direction: Direction = BOTH_WAYS,
    version: int = 1,
) -> Rule[L, R]:
    """Return the rule that a set of elements is the same on both sides; elements with an empty canon do not count."""
    return _erased(name, left, right, canon, Shape.ELEMENTS, MergePolicy.MERGE, direction, version)


def slots(
    name: str,
    left: Lens[L, tuple[E, ...]],
    right: Lens[R, tuple[E, ...]],
    canon: Callable[[E], Hashable],
    *,
    policy: MergePolicy = MergePolicy.CONFLICT,
    direction: Direction = BOTH_WAYS,
    version: int = 1,
) -> Rule[L, R]:
    """Return the rule that each of a fixed number of places is the same on both sides."""
    return _erased(name, left, right, canon, Shape.SLOTS, policy, direction, version)


def _erased(
    name: str,
    left: object,
    right: object,
    canon: object,
    shape: Shape,
    policy: MergePolicy,
    direction: Direction,
    version: int,
) -> Rule[L, R]:
    # V was checked by the caller's signature; from here on values are opaque, so that rules of different V share
    # one tuple.
    return Rule(
        name,
        cast("Lens[object, object]", left),
        cast("Lens[object, object]", right),
        cast("Callable[[object], Hashable]", canon),
        shape,
        policy,
        direction,
        version,
    )
