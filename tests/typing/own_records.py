"""Never run: what type checkers are to say of rules, lenses and profiles of a host's own."""

from dataclasses import dataclass
from typing import assert_type

import tallystick as ts
from tallystick.mapping import Lens, Rule, attribute, attribute_of, rule
from tallystick.matching import Matcher
from tallystick.providers.memory import MemoryCollection


@dataclass(frozen=True)
class Deal:
    """One side's record."""

    title: str = ""
    amount: int = 0


@dataclass(frozen=True)
class Row:
    """The other side's record."""

    name: str = ""
    value: int = 0


TITLE: Lens[Deal, str] = attribute("title")
VALUE: Lens[Row, int] = attribute_of("value", int)


def rules(title: Lens[Deal, str], name: Lens[Row, str], value: Lens[Row, int]) -> tuple[Rule[Deal, Row], ...]:
    """Make rules, of which each has one type of value on both sides."""
    rule("crossed", title, value)  # type: ignore[misc]
    assert_type(rule("title", title, name), Rule[Deal, Row])
    return (rule("title", title, name),)


def profile_of(rules: tuple[Rule[Deal, Row], ...], matcher: Matcher[Deal, Row]) -> ts.Profile[Deal, Row]:
    """Make a profile of one's own."""
    return ts.Profile("deals", mapping=rules, matcher=matcher, left=ts.SideProfile(Deal()), right=ts.SideProfile(Row()))


def swapped(rules: tuple[Rule[Row, Deal], ...], matcher: Matcher[Deal, Row]) -> None:
    """Mix up the sides."""
    profile_of(rules, matcher)  # type: ignore[arg-type]


def synced(
    profile: ts.Profile[Deal, Row], left: MemoryCollection[Deal], right: MemoryCollection[Row], state: ts.SqliteState
) -> None:
    """Sync them."""
    sync = ts.Sync("deals", left=left, right=right, profile=profile, state=state)
    assert_type(sync, ts.Sync[Deal, Row])
    assert_type(left.get(["id"], ts.Scope())[0].id, str)
