"""Provide the generated functions that turn records into base entries: a keyed digest for every rule.

Decisions rest on entries alone: two values are the same where their entries are. That makes this the one thing that
is done for every rule of every record, so the rules are written out as Python source, as attrs and cattrs do for
classes; a loop over rules costs about three times as much. In each of these functions a value is made canonical
and hashed only where it has to be:

* ``shown(record)``: a record's entries; plain texts recur (names, companies, places), and are remembered by rule;
* ``pair(left, right)``: both records' entries, one list twice where they are equal; a value that is the same on
  both sides as it stands is hashed once;
* ``after(before, record, entries)``: the entries of a changed record, those of unchanged values taken over;
* ``across(known, record, entries)``: those of the record on the other side, in the same way.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import cache
from hashlib import blake2b
from typing import TypeVar, cast

import attrs

from tallystick.mapping import base
from tallystick.mapping.rule import Rule, Shape
from tallystick.mapping.source import made_function

L = TypeVar("L")
R = TypeVar("R")

Entries = list[bytes]
After = Callable[[object, object, Entries], Entries]
_MEMO = 4096


@attrs.frozen
class EntryFunctions:
    """What is generated for one mapping; pairs are by side. ``entry[number](value)`` packs one rule's raw value.

    ``names`` are what the source of :func:`read` and :func:`entry` refers to.
    """

    entry: tuple[Callable[[object], bytes], ...]
    shown: tuple[Callable[[object], Entries], Callable[[object], Entries]]
    pair: Callable[[object, object], tuple[Entries, Entries]]
    after: tuple[After, After]
    across: tuple[After, After]
    names: Mapping[str, object] = attrs.field(repr=False)


def entry_functions(rules: Sequence[Rule[L, R]], key: bytes) -> EntryFunctions:
    """Return the functions for ``rules``, whose digests are made with ``key``."""
    made = tuple(_entry_of(rule, base.hasher(key, rule.name)) for rule in rules)
    names: dict[str, object] = {}
    for at, rule in enumerate(rules):
        names[f"make{at}"] = made[at]
        names[f"known{at}"], names[f"learn{at}"] = _remembering(made[at])
        names[f"get0_{at}"], names[f"get1_{at}"] = rule.left.get, rule.right.get
    return EntryFunctions(
        tuple(_known(rules, at, names) for at in range(len(rules))),
        (_shown(rules, 0, names), _shown(rules, 1, names)),
        _pair(rules, names),
        (_after(rules, (0, 0), names), _after(rules, (1, 1), names)),
        (_after(rules, (0, 1), names), _after(rules, (1, 0), names)),
        names,
    )


def canonical(rule: Rule[L, R], value: object) -> Hashable:
    """Return the canonical form of a rule's whole value: of elements sorted and each once, of slots in order."""
    if rule.shape is Shape.VALUE:
        return rule.canon(value)
    if rule.shape is Shape.SLOTS:
        return tuple(map(rule.canon, cast("Iterable[object]", value)))
    kept = [made for element in cast("Iterable[object]", value) if (made := rule.canon(element))]
    if len(kept) < 2:  # noqa: PLR2004 - nothing to sort or to find twice
        return tuple(kept)
    return tuple(sorted(set(kept)))  # type: ignore[type-var]  # elements of one rule are of one type


def _remembering(
    make: Callable[[object], bytes],
) -> tuple[Callable[[object], bytes | None], Callable[[object], bytes]]:
    """Return what knows of a text what was made of it, and what makes it: a small memo saves most of the hashing."""
    known: dict[object, bytes] = {}

    def learn(text: object) -> bytes:
        made = make(text)
        if len(known) < _MEMO:
            known[text] = made
        return made

    return known.get, learn


def _known(rules: Sequence[Rule[L, R]], at: int, names: dict[str, object]) -> Callable[[object], bytes]:
    lines = ["def entry(value):", f"    return {entry(rules[at], at, 'value')}"]
    return cast("Callable[[object], bytes]", made_function("entry", lines, names))


def _entry_of(rule: Rule[L, R], start: "blake2b") -> Callable[[object], bytes]:
    """Return the function that packs the digest of a rule's raw value."""
    canon = rule.canon

    def of_value(value: object) -> bytes:
        return base.pack_value(start, canon(value))

    @cache
    def blank() -> bytes:
        return base.slot_digest(start, canon(""))  # most slots are

    def of_slots(value: Sequence[object]) -> bytes:
        return base.pack_slots([blank() if one == "" else base.slot_digest(start, canon(one)) for one in value])

    def of_elements(value: Sequence[object]) -> bytes:
        if len(value) == 1:
            alone = canon(value[0])
            return base.pack_value(start, alone) if alone else base.EMPTY
        found = [made for element in value if (made := canon(element))]
        return base.pack_elements(start, found if len(found) < 2 else {*found}) if found else base.EMPTY  # noqa: PLR2004 - none twice

    made = {Shape.VALUE: of_value, Shape.SLOTS: of_slots, Shape.ELEMENTS: of_elements}
    return cast("Callable[[object], bytes]", made[rule.shape])


def read(rule: Rule[L, R], at: int, side: int, record: str) -> str:
    """Return the expression that reads a rule's value off a side's record."""
    field = rule.lenses[side].field
    return f"{record}.{field}" if field else f"get{side}_{at}({record})"


def entry(rule: Rule[L, R], at: int, value: str) -> str:
    """Return the expression that gives the entry of ``value``."""
    if rule.shape is not Shape.VALUE:
        return f"make{at}({value})"
    return f"(known{at}({value}) or learn{at}({value})) if {value}.__class__ is str else make{at}({value})"


def _shown(rules: Sequence[Rule[L, R]], side: int, names: dict[str, object]) -> Callable[[object], Entries]:
    lines = ["def shown(record):"]
    for at, rule in enumerate(rules):
        lines += [f"    value = {read(rule, at, side, 'record')}", f"    entry{at} = {entry(rule, at, 'value')}"]
    lines.append(f"    return [{each('entry', rules)}]")
    return cast("Callable[[object], Entries]", made_function("shown", lines, names))


def each(name: str, rules: Sequence[Rule[L, R]]) -> str:
    """Return the variables of all rules, as a list has them."""
    return ", ".join(f"{name}{at}" for at in range(len(rules)))


def _pair(rules: Sequence[Rule[L, R]], names: dict[str, object]) -> Callable[[object, object], tuple[Entries, Entries]]:
    lines = ["def pair(left, right):", "    differ = False"]
    for at, rule in enumerate(rules):
        lines += [
            f"    one = {read(rule, at, 0, 'left')}",
            f"    two = {read(rule, at, 1, 'right')}",
            f"    mine{at} = theirs{at} = {entry(rule, at, 'one')}",
            "    if two is not one and two != one:",
            f"        theirs{at} = {entry(rule, at, 'two')}",
            f"        if theirs{at} != mine{at}:",
            "            differ = True",
        ]
    lines += [
        f"    made = [{each('mine', rules)}]",
        f"    return made, ([{each('theirs', rules)}] if differ else made)",
    ]
    return cast("Callable[[object, object], tuple[Entries, Entries]]", made_function("pair", lines, names))


def _after(rules: Sequence[Rule[L, R]], sides: tuple[int, int], names: dict[str, object]) -> After:
    """Return what gives the entries of one record from those of another; ``sides`` are that one's and its own."""
    lines = ["def after(before, record, entries):", "    made = entries.copy()"]
    for at, rule in enumerate(rules):
        old = read(rule, at, sides[0], "before")
        lines.append(f"    new = {read(rule, at, sides[1], 'record')}")
        if not rule.lenses[sides[0]].field:  # a field is read again more quickly than its value is kept
            lines.append(f"    old = {old}")
            old = "old"
        lines += [f"    if new is not {old} and new != {old}:", f"        made[{at}] = {entry(rule, at, 'new')}"]
    lines.append("    return made")
    return cast("After", made_function("after", lines, names))
