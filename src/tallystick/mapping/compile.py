"""Provide the compiled mapping: a tuple of rules turned, once, into straight-line functions per side.

A loop over rules costs about three times what the same work costs written out, and a run does nothing as often as
this. So the rules of a mapping are written out as Python source and compiled, as attrs and cattrs do for classes:

* ``shared[side](record)`` gives the canonical value of every rule, as one tuple;
* ``fields[side](record, blank)`` gives the fields of a new record on ``side``, made from one of the other side;
* ``entries(values)`` gives a side's base, an entry a rule, from such a tuple of canonical values.

Refused at compilation: two rules of one name, two rules that may write the same field, a policy that does not fit
the shape.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from operator import itemgetter
from typing import Generic, TypeVar, cast

import attrs

from tallystick.errors import MappingError
from tallystick.mapping import base
from tallystick.mapping.rule import MergePolicy, Rule, Shape

L = TypeVar("L")
R = TypeVar("R")

Values = tuple[Hashable, ...]
_POLICIES = {
    Shape.VALUE: {MergePolicy.CONFLICT, MergePolicy.FILL, MergePolicy.FOLLOW, MergePolicy.MIRROR},
    Shape.ELEMENTS: {MergePolicy.MERGE},
    Shape.SLOTS: {MergePolicy.CONFLICT, MergePolicy.FILL},
}
_MEMO = 4096
_PACK = {Shape.VALUE: base.pack_value, Shape.ELEMENTS: base.pack_elements, Shape.SLOTS: base.pack_slots}


@attrs.frozen
class CompiledMapping(Generic[L, R]):
    """The rules of one mapping, and the functions made of them. ``layout`` names the rules with their versions."""

    rules: tuple[Rule[L, R], ...]
    layout: str
    shared: tuple[Callable[[object], Values], Callable[[object], Values]]
    fields: tuple[Callable[[object, object], dict[str, object]], Callable[[object, object], dict[str, object]]]
    _packers: tuple[Callable[[Hashable], bytes], ...]
    entries: Callable[[Values], list[bytes]]
    comparable: Callable[[Values], object]
    following: tuple[int, ...]

    def digest(self, values: Values) -> bytes:
        """Return a side's base from its canonical values."""
        return b"".join(self.entries(values))

    def bases(self, left: Values, right: Values) -> tuple[bytes, bytes]:
        """Return the base of two sides that agree in all but what follows."""
        entries = self.entries(left)
        packed = b"".join(entries)
        other = packed
        for at in self.following:
            entry = self._packers[at](right[at])
            if entry != entries[at]:
                entries[at] = entry
                other = b"".join(entries)
        return (packed, other)

    def resumed(self, agreed: tuple[bytes, bytes], side: int, values: Values) -> tuple[bytes, bytes]:
        """Return a base, made of the other side's values alone, with what follows taken from this side's."""
        if not self.following:
            return agreed
        entries = base.unpack(agreed[side])
        for at in self.following:
            entries[at] = self._packers[at](values[at])
        packed = b"".join(entries)
        return (packed, agreed[1]) if side == 0 else (agreed[0], packed)

    def entry(self, number: int, value: Hashable) -> bytes:
        """Return the packed digest of one rule's canonical value."""
        return self._packers[number](value)

    def rebased(self, stored: tuple[bytes, bytes], layout: str) -> tuple[list[bytes], list[bytes]]:
        """Return a stored base as entries of these rules: kept by name and version, none where a rule is new."""
        left, right = (base.unpack(side) for side in stored)
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
    packers = tuple(_packer(rule, key) for rule in rules)
    return CompiledMapping(
        tuple(rules),
        ",".join(named(rule) for rule in rules),
        (_shared(rules, 0), _shared(rules, 1)),
        (_fields(rules, 0), _fields(rules, 1)),
        packers,
        _entries(rules, key, packers),
        _comparable(rules),
        tuple(at for at, rule in enumerate(rules) if rule.policy is MergePolicy.FOLLOW),
    )


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


def _packer(rule: Rule[L, R], key: bytes) -> Callable[[Hashable], bytes]:
    start = base.hasher(key, rule.name)
    pack = cast("Callable[[object, object], bytes]", _PACK[rule.shape])
    return lambda value: pack(start, value)


def _shared(rules: Sequence[Rule[L, R]], side: int) -> Callable[[object], Values]:
    names: dict[str, object] = {}
    parts = []
    for at, rule in enumerate(rules):
        lens = rule.lenses[side]
        names[f"canon{at}"] = rule.canon
        names[f"get{at}"] = lens.get
        got = f"record.{lens.field}" if lens.field else f"get{at}(record)"
        if rule.shape is Shape.VALUE:
            parts.append(f"canon{at}({got})")
        elif rule.shape is Shape.ELEMENTS:
            names[f"canon{at}"] = _elements_canon(rule.canon)
            parts.append(f"canon{at}({got})")
        else:
            parts.append(f"tuple(map(canon{at}, {got}))")
    lines = ["def shared(record):", "    return (", *(f"        {part}," for part in parts), "    )"]
    return cast("Callable[[object], Values]", _made("shared", lines, names))


def _elements_canon(canon: Callable[[object], Hashable]) -> Callable[[Iterable[object]], Values]:
    def canonical(values: Iterable[object]) -> Values:
        kept = [made for value in values if (made := canon(value))]
        if len(kept) < 2:  # noqa: PLR2004 - nothing to sort or to find twice
            return tuple(kept)
        return tuple(sorted(set(kept)))  # type: ignore[type-var]  # elements of one rule are of one type

    return canonical


def _fields(rules: Sequence[Rule[L, R]], side: int) -> Callable[[object, object], dict[str, object]]:
    names: dict[str, object] = {"NOTHING": ("", (), None)}
    lines = ["def fields(record, blank):", "    made = {}"]
    for at, rule in enumerate(rules):
        if not rule.direction.create[side]:
            continue
        source, target = rule.lenses[1 - side], rule.lenses[side]
        names[f"get{at}"], names[f"put{at}"] = source.get, target.put
        lines.append(f"    value = record.{source.field}" if source.field else f"    value = get{at}(record)")
        # Nothing is an empty text, an empty tuple or None; zero and no are values.
        lines.append("    if value or value not in NOTHING:")
        lines.append(
            f"        made[{target.field!r}] = value" if target.field else f"        made.update(put{at}(blank, value))"
        )
    lines.append("    return made")
    return cast("Callable[[object, object], dict[str, object]]", _made("fields", lines, names))


def _entries(
    rules: Sequence[Rule[L, R]], key: bytes, packers: Sequence[Callable[[Hashable], bytes]]
) -> Callable[[Values], list[bytes]]:
    names: dict[str, object] = {"EMPTY": base.EMPTY, "MEMO": _MEMO, "encoded": base.encoded}
    lines = ["def entries(values):", "    made = []", "    add = made.append"]
    for at, rule in enumerate(rules):
        names[f"pack{at}"] = packers[at]
        if rule.shape is not Shape.VALUE:
            lines.append(f"    add(pack{at}(values[{at}]) if values[{at}] else EMPTY)")
            continue
        # Written out: this is the one thing that is done for every rule of every record.
        # Companies, places and names recur, so that a small memo saves most of the hashing.
        names[f"seen{at}"] = {}
        names[f"copy{at}"] = base.hasher(key, rule.name).copy
        lines += [
            f"    value = values[{at}]",
            f"    entry = seen{at}.get(value)",
            "    if entry is None:",
            "        if value:",
            f"            hasher = copy{at}()",
            "            text = type(value) is str",
            '            hasher.update(value.encode("utf-8", "surrogatepass") if text else encoded(value))',
            '            entry = b"\\x01" + hasher.digest()',
            "        else:",
            f"            entry = pack{at}(value)",
            f"        if len(seen{at}) < MEMO:",
            f"            seen{at}[value] = entry",
            "    add(entry)",
        ]
    lines.append("    return made")
    return cast("Callable[[Values], list[bytes]]", _made("entries", lines, names))


def _comparable(rules: Sequence[Rule[L, R]]) -> Callable[[Values], object]:
    """Return the part of the canonical values in which the sides have to agree: all but what follows."""
    places = [at for at, rule in enumerate(rules) if rule.policy is not MergePolicy.FOLLOW]
    return itemgetter(*places) if places else lambda _values: ()


def _made(name: str, lines: Sequence[str], names: dict[str, object]) -> object:
    # The source is made of field names that attrs accepted as attributes and of numbers; nothing of it is input.
    code = compile("\n".join(lines), f"<compiled mapping: {name}>", "exec")
    exec(code, names)  # noqa: S102 - see above
    return names[name]
