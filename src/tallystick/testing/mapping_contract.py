"""Provide the mapping's contract: the laws of lenses, tried on records that the author's own functions make up.

For every rule, up to its canonical form: putting back what was got changes nothing; getting what was put gives it; a
second time is like once; only the fields that the lens names are touched; and canonical values can be digested.
Records are drawn from a seeded generator, so that a finding can be repeated; the more untidy they are, the better.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from random import Random
from typing import Any, Generic, TypeVar

import attrs

from tallystick.errors import MappingError, UsageError
from tallystick.mapping import MergePolicy, Rule, Shape, check_mapping, compile_mapping, evolved
from tallystick.mapping.entries import canonical
from tallystick.testing.check import Check, Failed, OutOfReach, chosen, found, require, require_names
from tallystick.testing.results import Results

L = TypeVar("L")
R = TypeVar("R")
_SIDES = ("left", "right")


@attrs.frozen
class MappingContract(Generic[L, R]):
    """The contract of the rules of a mapping.

    ``left`` and ``right`` make a record of their side up, from the generator they are given; ``blanks`` are what new
    records of either side are made from. ``examples`` is how many pairs of records each law is tried on.
    """

    rules: tuple[Rule[L, R], ...]
    left: Callable[[Random], L]
    right: Callable[[Random], R]
    blanks: tuple[L, R]
    examples: int = 200
    seed: int = 1

    def __attrs_post_init__(self) -> None:
        makers: tuple[object, object] = (self.left, self.right)
        for side, make in zip(("left", "right"), makers, strict=True):
            if not callable(make):
                raise UsageError(
                    f"a {type(make).__name__} makes no records",
                    where=side,
                    remedy="pass a function that is given a random.Random and returns a record; of a list, its choice",
                )

    @property
    def promises(self) -> Sequence[str]:
        """The names of the checks: one of the mapping, and each law of each rule."""
        return [check.name for check in self._checks()]

    def check(self, only: Iterable[str] = ()) -> Results:
        """Try every law, or those that are named, and return what was found."""
        return Results("mapping", found(chosen(self._checks(), require_names(only, self.promises)), lambda: self, None))

    def drawn(self) -> Iterable[tuple[int, Any, Any]]:
        """Yield the examples: a number, a left and a right record; the blank ones first."""
        random = Random(self.seed)
        yield 0, *self.blanks
        for number in range(1, self.examples):
            yield number, self.left(random), self.right(random)

    def _checks(self) -> list[Check["MappingContract[L, R]", None]]:
        laws: list[Check[MappingContract[L, R], None]] = [
            Check(f"{rule.name}: {name}", promise, partial(_each, law, rule))
            for rule in self.rules
            for name, promise, law in LAWS
        ]
        return [Check("the rules fit", "the rules fit the records, and each other", _fit), *laws]


def _fit(contract: MappingContract[Any, Any]) -> None:
    try:
        check_mapping(contract.rules, *contract.blanks)
        compile_mapping(contract.rules, bytes(32))
    except MappingError as error:
        raise Failed(str(error)) from None


def _each(law: "Law", rule: Rule[Any, Any], contract: MappingContract[Any, Any]) -> None:
    """Try a law of a rule on every example and both sides."""
    tried = 0
    for number, *records in contract.drawn():
        for side in (0, 1):
            try:
                tried += law(contract, rule, side, records[side], records[1 - side])
            except Failed as error:
                raise Failed(f"{error}, on the {_SIDES[side]} side, example {number} of seed {contract.seed}") from None
            except Exception as error:
                where = f"on the {_SIDES[side]} side, example {number} of seed {contract.seed}"
                raise Failed(f"it raised {type(error).__name__}, {where}") from error
    if not tried:
        raise OutOfReach("the rule writes nothing there, or none of the examples fits")


def _writes(rule: Rule[Any, Any], side: int) -> bool:
    return rule.direction.update[side] or rule.direction.create[side]


def _shown(rule: Rule[Any, Any], side: int, record: object) -> object:
    return canonical(rule, rule.lenses[side].get(record))


def _put(rule: Rule[Any, Any], side: int, record: object, value: object) -> Any:  # noqa: ANN401 -- a record
    return evolved(record, rule.lenses[side].put(record, value))


def _back(contract: MappingContract[Any, Any], rule: Rule[Any, Any], side: int, record: Any, _: object) -> bool:  # noqa: ANN401
    if not _writes(rule, side):
        return False
    after = _put(rule, side, record, rule.lenses[side].get(record))
    for one in contract.rules:
        require(_shown(one, side, after) == _shown(one, side, record), f"it changed what the rule {one.name} shows")
    return True


def _gives(contract: MappingContract[Any, Any], rule: Rule[Any, Any], side: int, _: object, source: Any) -> bool:  # noqa: ANN401
    value = rule.lenses[1 - side].get(source)
    if not _writes(rule, side) or rule.policy is MergePolicy.FOLLOW or (rule.carries and not rule.carries(value)):
        return False
    got = _shown(rule, side, _put(rule, side, contract.blanks[side], value))
    wanted: Any = canonical(rule, value)
    if rule.shape is Shape.SLOTS:
        # The same thing in two places is there once.
        wanted, got = {one for one in wanted if one}, {one for one in got if one}  # type: ignore[attr-defined]  # slots
    require(got == wanted, "what was put is not what is got")
    return True


def _twice(_: object, rule: Rule[Any, Any], side: int, record: Any, source: Any) -> bool:  # noqa: ANN401
    if not _writes(rule, side):
        return False
    value = rule.lenses[1 - side].get(source)
    once = _put(rule, side, record, value)
    require(_put(rule, side, once, value) == once, "a second time changed what the first one left")
    return True


def _own(_: object, rule: Rule[Any, Any], side: int, record: Any, source: Any) -> bool:  # noqa: ANN401
    if not _writes(rule, side):
        return False
    lens = rule.lenses[side]
    others = set(lens.put(record, rule.lenses[1 - side].get(source))) - set(lens.writes)
    require(not others, f"it writes the field {', '.join(sorted(others))}, which it does not name")
    return True


def _canon(_: object, rule: Rule[Any, Any], side: int, record: Any, __: object) -> bool:  # noqa: ANN401
    value = rule.lenses[side].get(record)
    made, again = canonical(rule, value), canonical(rule, value)
    hash(made)
    require(made == again, "the canonical form of one value is another each time")
    require(repr(made) == repr(again), "canonical values that are equal have different reprs")
    return True


Law = Callable[[MappingContract[Any, Any], Rule[Any, Any], int, Any, Any], bool]
"""Given the contract, a rule, a side, a record of that side and one of the other: whether it could be tried."""

LAWS: tuple[tuple[str, str, Law], ...] = (
    ("putting back", "putting back what was got changes nothing, in this rule and in every other", _back),
    ("getting what was put", "what was put into a blank record is got from it", _gives),
    ("a second time", "putting twice is like putting once", _twice),
    ("its own fields", "only the fields that the lens names are written", _own),
    ("canonical values", "one value has one canonical form, which can be digested", _canon),
)
