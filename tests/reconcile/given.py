"""Provide what pure decisions are made of: a small profile, the context of a run, items, and links of pairs."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import attrs

from tallystick.mapping import (
    Lens,
    MergePolicy,
    Rule,
    attribute,
    attribute_of,
    compile_mapping,
    elements,
    rule,
    slots,
)
from tallystick.matching import Matcher
from tallystick.ports import Capabilities, CreateSafety, Item, Link, Parked, ParkedKind, Scope, Side, WriteKind
from tallystick.reconcile import ConflictPolicy, LoserFate, Profile, SideProfile, Winner
from tallystick.reconcile.context import Context
from tallystick.reconcile.step import Effect

KEY = bytes(32)
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
L, R = Side.LEFT, Side.RIGHT
LATEST = ConflictPolicy(Winner.LATEST, LoserFate.DROP)


@attrs.frozen
class Person:
    """A record of either side."""

    name: str = ""
    title: str = ""
    phones: tuple[str, ...] = ("", "")
    tags: tuple[str, ...] = ()
    label: str = ""


def texts(name: str) -> Lens[Any, Any]:
    """Return the lens onto a tuple of texts."""
    return attribute_of(name, tuple)


RULES: tuple[Rule[Any, Any], ...] = (
    rule("name", attribute("name"), attribute("name")),
    rule("title", attribute("title"), attribute("title")),
    slots("phones", texts("phones"), texts("phones"), str),
    elements("tags", texts("tags"), texts("tags"), str),
)
MATCHER: Matcher[Any, Any] = Matcher(
    left=lambda record: [record.name],
    right=lambda record: [record.name],
    search_left=lambda _record: [],
    search_right=lambda _record: [],
)
FOLLOWING: Rule[Any, Any] = rule(
    "label",
    Lens(lambda record: f"{record.title} {record.name}".strip(), lambda _record, _value: {}, ()),
    attribute("label"),
    policy=MergePolicy.FOLLOW,
)


def telling(kind: WriteKind, before: object, after: object) -> Effect:
    """Have people told of every write for which the records before and after it are there as they should be."""
    here, there = isinstance(before, Person), isinstance(after, Person)
    if kind is WriteKind.REMOVE:
        return Effect.CANCELS if here and after is None else Effect.SILENT
    if kind is WriteKind.CREATE:
        return Effect.NOTIFIES if before is None and there else Effect.SILENT
    edits = kind in (WriteKind.UPDATE, WriteKind.JOIN, WriteKind.LEAVE)
    return Effect.NOTIFIES if edits and here and there and before != after else Effect.SILENT


def side(**settings: Any) -> SideProfile[Any]:  # noqa: ANN401 -- the profile's
    """Return what the profile says of a side."""
    return SideProfile(Person(), **{"scope": Scope("Clients"), "effect": telling, **settings})


def context(
    rules: tuple[Rule[Any, Any], ...] = RULES,
    *,
    left: Mapping[str, Any] | None = None,
    right: Mapping[str, Any] | None = None,
    run: Mapping[str, Any] | None = None,
    able: Mapping[str, Any] | None = None,
    **profile: Any,  # noqa: ANN401 -- the profile's
) -> Context:
    """Return the context of a run: what each side's profile, the run, and the providers have beside the usual."""
    made: Profile[Any, Any] = Profile(
        "people", side(**left or {}), side(**right or {}), rules, MATCHER, **{"conflict": LATEST, **profile}
    )
    both = Capabilities(**{"create_safety": CreateSafety.SEARCHABLE_TAG, **(able or {})})
    return Context(
        "ada/people",
        made,
        compile_mapping(rules, KEY),
        KEY,
        (both, both),
        ("ada", "crm"),
        NOW,
        **{"initial": False, **(run or {})},
    )


def item(one: str, record: Person, version: str | None = "v2", **more: Any) -> Item[Any]:  # noqa: ANN401 -- the item's
    """Return an item, modified when the run begins."""
    return Item(one, version, record, **{"modified": NOW, **more})


def linked(of: Context, left: Person, right: Person | None = None, **more: Any) -> Link:  # noqa: ANN401 -- the link's
    """Return the link number 7, of l and r, that agreed on these records."""
    base = (of.mapping.digest(L, left), of.mapping.digest(R, right or left))
    made = Link(("l", "r"), ("v1", "v1"), (True, True), base, of.mapping.layout, 7, "new")
    return attrs.evolve(made, **more)


def row(
    where: Side, one: str, version: str | None, kind: ParkedKind, why: str, *keys: bytes, again: bool = False
) -> Parked:
    """Return the row of a record that is parked in this run, and looked at ``again`` by the next one."""
    return Parked(where, one, version, kind, (why,), keys, 0, NOW, NOW, NOW if again else None)
