"""Provide the compiled mapping: a tuple of rules turned, once, into straight-line functions per side.

A loop over rules costs about three times what the same work costs written out, and a run does nothing as often as
this. So the rules of a mapping are written out as Python source and compiled, as attrs and cattrs do for classes:
the functions that give base entries (:mod:`.entries`), and those that make a new record on ``side`` from one of the
other side: ``fields[side](record, blank)`` gives its fields, and ``counterpart[side](record, blank)`` the record itself
with the entries of both, so that what a side shows is read and digested once.

Refused at compilation: two rules of one name, two rules that may write the same field, a policy that does not fit
the shape.
"""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar, cast

import attrs

from tallystick.errors import MappingError
from tallystick.mapping import base
from tallystick.mapping.entries import Entries, EntryFunctions, each, entry, entry_functions, read
from tallystick.mapping.evolve import evolved
from tallystick.mapping.rule import MergePolicy, Rule, Shape
from tallystick.mapping.source import made_function

L = TypeVar("L")
R = TypeVar("R")

Fields = Callable[[object, object], dict[str, object]]
Counterpart = Callable[[object, object], tuple[object, Entries, Entries]]
"""Given a record and the blank one of the other side: the new record, the entries of the given one, and its own."""

_POLICIES = {
    Shape.VALUE: {MergePolicy.CONFLICT, MergePolicy.FILL, MergePolicy.FOLLOW, MergePolicy.MIRROR},
    Shape.ELEMENTS: {MergePolicy.MERGE},
    Shape.SLOTS: {MergePolicy.CONFLICT, MergePolicy.FILL},
}


@attrs.frozen
class CompiledMapping(Generic[L, R]):
    """The rules of one mapping, and the functions made of them. ``layout`` names the rules with their versions.

    ``following`` are the numbers of the rules that follow: in those the sides need not agree. ``merging`` are those of
    all others. ``replacing`` are, by side, the numbers of those whose value can't be changed in place.
    """

    rules: tuple[Rule[L, R], ...]
    layout: str
    entries: EntryFunctions
    fields: tuple[Fields, Fields]
    counterpart: tuple[Counterpart, Counterpart]
    following: tuple[int, ...]
    merging: tuple[int, ...]
    replacing: tuple[tuple[int, ...], tuple[int, ...]]

    def digest(self, side: int, record: object) -> bytes:
        """Return a side's base as its record shows it."""
        return b"".join(self.entries.shown[side](record))

    def agree(self, left: Entries, right: Entries) -> bool:
        """Tell whether two records' entries are the same in all rules but those that follow."""
        if left is right or left == right:
            return True
        if not self.following:
            return False
        followed = right.copy()
        for at in self.following:
            followed[at] = left[at]
        return left == followed

    def rebased(self, stored: tuple[bytes, bytes], layout: str) -> tuple[list[bytes], list[bytes]]:
        """Return a stored base as entries of these rules: kept by name and version, none where a rule is new."""
        left = base.unpack(stored[0])
        right = left.copy() if stored[0] == stored[1] else base.unpack(stored[1])
        if layout == self.layout:
            return left, right
        names = layout.split(",") if layout else []
        old = {name: (left[at], right[at]) for at, name in enumerate(names)}
        pairs = [old.get(named(rule), (base.NO_BASE, base.NO_BASE)) for rule in self.rules]
        return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def named(rule: Rule[L, R]) -> str:
    """Return a rule's name and version, as layouts hold it."""
    return f"{rule.name}@{rule.version}"


def compile_mapping(rules: Sequence[Rule[L, R]], key: bytes) -> CompiledMapping[L, R]:
    """Return the compiled mapping of ``rules``, whose digests are made with ``key``.

    Raises MappingError where the rules contradict each other.
    """
    _check(rules)
    entries = entry_functions(rules, key)
    return CompiledMapping(
        tuple(rules),
        ",".join(named(rule) for rule in rules),
        entries,
        (_fields(rules, 0), _fields(rules, 1)),
        (_counterpart(rules, 0, entries), _counterpart(rules, 1, entries)),
        tuple(at for at, rule in enumerate(rules) if rule.policy is MergePolicy.FOLLOW),
        tuple(at for at, rule in enumerate(rules) if rule.policy is not MergePolicy.FOLLOW),
        (_replacing(rules, 0), _replacing(rules, 1)),
    )


def _replacing(rules: Sequence[Rule[L, R]], side: int) -> tuple[int, ...]:
    return tuple(at for at, rule in enumerate(rules) if rule.replaces[side])


def _check(rules: Sequence[Rule[L, R]]) -> None:
    seen: set[str] = set()
    owners: dict[tuple[int, str], str] = {}
    for rule in rules:
        if rule.name in seen or not rule.name.replace("_", "").isalnum():
            raise MappingError(
                "a rule's name is not unique, or is more than letters, digits and underscores",
                where=f"rule {rule.name}",
                remedy="give each rule a short name of its own",
            )
        seen.add(rule.name)
        if rule.policy not in _POLICIES[rule.shape]:
            raise MappingError(
                f"the policy {rule.policy} does not fit the shape {rule.shape}",
                where=f"rule {rule.name}",
                remedy=f"choose one of: {', '.join(sorted(_POLICIES[rule.shape]))}",
            )
        for side, lens in enumerate(rule.lenses):
            if not (rule.direction.create[side] or rule.direction.update[side]):
                continue
            for field in lens.writes:
                owner = owners.setdefault((side, field), rule.name)
                if owner != rule.name:
                    raise MappingError(
                        f"the rules {owner} and {rule.name} both write the field {field}",
                        where=f"{('left', 'right')[side]} side",
                        remedy="make them one rule, or let only one of them write",
                    )


def _fields(rules: Sequence[Rule[L, R]], side: int) -> Fields:
    names, lines = _names(rules), ["def fields(record, blank):", "    made = {}"]
    for at, rule in enumerate(rules):
        if rule.direction.create[side]:
            lines += [f"    value = {read(rule, at, 1 - side, 'record')}", *_taken(rule, at, side, "value")]
    lines.append("    return made")
    return cast("Fields", made_function("fields", lines, names))


def _counterpart(rules: Sequence[Rule[L, R]], side: int, entries: EntryFunctions) -> Counterpart:
    names = {**_names(rules), **entries.names, "evolved": evolved}
    lines = ["def counterpart(record, blank):", "    made = {}"]
    for at, rule in enumerate(rules):
        lines += [
            f"    value{at} = {read(rule, at, 1 - side, 'record')}",
            f"    theirs{at} = own{at} = {entry(rule, at, f'value{at}')}",
        ]
        if rule.direction.create[side]:
            lines += _taken(rule, at, side, f"value{at}")
    lines.append("    new = evolved(blank, made)")
    for at, rule in enumerate(rules):
        lines += [
            f"    value = {read(rule, at, side, 'new')}",
            f"    if value is not value{at} and value != value{at}:",
            f"        own{at} = {entry(rule, at, 'value')}",
        ]
    lines.append(f"    return new, [{each('theirs', rules)}], [{each('own', rules)}]")
    return cast("Counterpart", made_function("counterpart", lines, names))


def _taken(rule: Rule[L, R], at: int, side: int, value: str) -> list[str]:
    """Return the lines that put a rule's value among the fields that are made."""
    target = rule.lenses[side].field
    return [
        # Nothing is an empty text, an empty tuple or None; zero and no are values.
        f"    if {value} or {value} not in NOTHING:",
        f"        made[{target!r}] = {value}" if target else f"        made.update(put{side}_{at}(blank, {value}))",
    ]


def _names(rules: Sequence[Rule[L, R]]) -> dict[str, object]:
    names: dict[str, object] = {"NOTHING": ("", (), None)}
    for at, rule in enumerate(rules):
        for side, lens in enumerate(rule.lenses):
            names[f"get{side}_{at}"], names[f"put{side}_{at}"] = lens.get, lens.put
    return names
