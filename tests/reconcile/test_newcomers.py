"""What is decided about unlinked records: who takes part, who is parked with which row, who belongs to whom."""

from typing import Any

import attrs
import pytest

from tallystick.ports import Item, Parked, ParkedKind, Side
from tallystick.reconcile import Duplicates
from tallystick.reconcile.context import Context
from tallystick.reconcile.newcomers import Hits, Sorted, judge_hits, pair_listed, park, pass_over, screen
from tests.reconcile.given import MATCHER, NOW, L, Person, R, context, item, row

SIDES = pytest.mark.parametrize("side", [L, R], ids=["left", "right"])
OF = context()


def people(**names: str) -> dict[str, Item[Any]]:
    """Return items by id, of people of these names."""
    return {one: item(one, Person(name), f"v{one}") for one, name in names.items()}


def by_side(side: Side, one: Any, other: Any) -> tuple[Any, Any]:  # noqa: ANN401 -- any two things
    """Return two things by side, the first being that of ``side``."""
    return (one, other) if side is L else (other, one)


def keys(of: Context, name: str, **blockers: Side) -> tuple[bytes, ...]:
    """Return what a parked row of a person waits for: the name, and these records."""
    return (*of.parked_keys([name]), *(one for id_, side in blockers.items() for one in of.record_keys(side, [id_])))


def parked(side: Side, one: str, why: str, *waits: bytes, again: bool = False) -> Parked:
    """Return the row of a record that is ignored."""
    return row(side, one, f"v{one}", ParkedKind.IGNORED, why, *waits, again=again)


def sorted_of(of: Context, left: dict[str, Item[Any]], right: dict[str, Item[Any]]) -> Sorted:
    """Return records that are fit."""
    return screen(of, (left, right), ({}, {}))


def with_keys(of: Context) -> Context:
    """Return a context by which people are known by their title, too."""
    matcher = attrs.evolve(MATCHER, left=of_both, right=of_both)
    return attrs.evolve(of, profile=attrs.evolve(of.profile, matcher=matcher))


def of_both(record: Person) -> list[str]:
    """Return the match keys of a person by name and by title."""
    return [record.name, record.title]


@SIDES
def test_who_takes_no_part_is_not_looked_at_and_who_is_unfit_is_parked_with_all_reasons(side: Side) -> None:
    """A row of what takes no part is cleared, and one of what is unfit keeps when it was first seen."""
    settings = {
        "takes_part": lambda record: record.title != "none",
        "counts_as_deleted": lambda record: record.title == "void",
        "reasons_against": lambda record: ["missing:name"] if not record.name else [],
        "reasons_against_new": lambda record: ["invalid:title"] if record.title == "bad" else [],
    }
    of = context(**{"left" if side is L else "right": settings})  # type: ignore[arg-type]
    items = {
        "a": item("a", Person("Ada")),
        "b": item("b", Person("Bob", "none")),
        "c": item("c", Person("Cid", "void")),
        "d": item("d", Person("", "bad"), "vd"),
        "e": item("e", Person("Eva", "none")),
        "f": item("f", Person("Fay")),
        "g": item("g", Person("Gus")),
        "h": item("h", Person("Hal")),
    }
    before = {
        one: Parked(side, one, None, ParkedKind.IGNORED, ("missing:name",), first_seen=NOW.replace(year=2020))
        for one in ("b", "c", "d")
    }
    for one, why in (("f", "counterpart_ended"), ("g", "copy_of_a_loser"), ("h", "out_of_scope")):
        before[one] = Parked(side, one, None, ParkedKind.LEFT, (why,))

    found = screen(of, by_side(side, items, {}), by_side(side, before, {}))

    assert found.fit == by_side(side, {one: items[one] for one in "ah"}, {})
    assert found.keys == by_side(side, {"a": ("Ada",), "h": ("Hal",)}, {})
    assert found.cleared == [(side, "b"), (side, "c")]
    assert found.aside == by_side(side, {"d"}, set())
    both = ("missing:name", "invalid:title")
    (unfit,) = found.parked
    assert unfit == attrs.evolve(parked(side, "d", "", *keys(of, "")), reasons=both, first_seen=NOW.replace(year=2020))


@SIDES
def test_an_error_of_the_profiles_own_says_of_which_new_record_it_was_raised(side: Side) -> None:
    """It names the side and the id: else nobody knew which of thousands a function can't bear."""

    def takes_part(record: Person) -> bool:
        if not record.name:
            raise ValueError("no name")
        return True

    of = context(**{side.label: {"takes_part": takes_part}})  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="no name") as error:
        screen(of, by_side(side, people(a="Ada", b="", c="Cid"), {}), ({}, {}))
    assert error.value.__notes__ == [f"while looking at {side.label} b"]


@SIDES
@pytest.mark.parametrize("asked", ["reasons_against", "reasons_against_new"])
def test_one_kind_of_reasons_is_enough_to_be_unfit(side: Side, asked: str) -> None:
    """A new record is unfit for what speaks against any record, or against a new one: each alone, and a hit too."""
    settings = {asked: lambda record: ["bad:title"] if record.title == "bad" else []}
    of = context(**{"left" if side is L else "right": settings})  # type: ignore[arg-type]
    good, bad = item("g", Person("Gus")), item("b", Person("Bob", "bad"), "vb")

    found = screen(of, by_side(side, {"g": good, "b": bad}, {}), ({}, {}))

    assert found.fit[side] == {"g": good}
    assert found.parked == [parked(side, "b", "bad:title", *keys(of, "Bob"))]
    searching = sorted_of(of, *by_side(side.other, people(x="Bob"), {}))
    judge_hits(of, searching, side.other, ["x"], Hits({"b": bad}, frozenset(), {}))
    assert [one.reasons for one in searching.parked] == [("candidate_is_ignored",)]


def names(record: Person) -> list[str]:
    """Return the name of a person who has one."""
    return [record.name] if record.name else []


def nameless(record: Person) -> list[str]:
    """Say that a name is missing, and be asked of nobody who has one."""
    assert not record.name
    return ["missing:name"]


def refused(_record: Person) -> list[str]:
    """Refuse everybody."""
    return ["of:own"]


def by_name(side: Side, **settings: object) -> Context:
    """Return a context whose one side knows people by name."""
    of = context(**{"left" if side is L else "right": settings})  # type: ignore[arg-type]
    known: dict[str, Any] = {side.label: names}
    matcher = attrs.evolve(of.profile.matcher, **known)
    return attrs.evolve(of, profile=attrs.evolve(of.profile, matcher=matcher))


@SIDES
def test_where_a_key_says_that_a_record_is_fit_only_those_without_one_are_asked(side: Side) -> None:
    """A profile may say that whoever has a match key is fit: nothing else is asked of it."""
    of = by_name(side, keyed_are_fit=(names, nameless), reasons_against=nameless)
    items = people(a="Ada", b="")

    found = screen(of, by_side(side, items, {}), ({}, {}))

    assert found.fit == by_side(side, {"a": items["a"]}, {})
    assert found.keys == by_side(side, {"a": ("Ada",)}, {})
    assert found.parked == [parked(side, "b", "missing:name")]


@SIDES
@pytest.mark.parametrize(
    "settings",
    [{"reasons_against": refused}, {"reasons_against": lambda _: [], "reasons_against_new": refused}],
    ids=["other reasons", "further reasons"],
)
def test_reasons_that_were_put_in_the_place_of_others_are_asked_of_everybody(
    side: Side, settings: dict[str, Any]
) -> None:
    """What is said of a profile's own reasons says nothing of those that somebody else gave it."""
    of = by_name(side, keyed_are_fit=(names, nameless), **settings)
    found = screen(of, by_side(side, people(a="Ada"), {}), ({}, {}))
    assert [one.reasons for one in found.parked] == [("of:own",)]
    assert not found.fit[side]


@SIDES
def test_keys_that_were_put_in_the_place_of_others_make_nobody_fit(side: Side) -> None:
    """What is said of a profile's own keys says nothing of those that somebody else gave it."""
    of = by_name(side, keyed_are_fit=(of_both, refused), reasons_against=refused)
    found = screen(of, by_side(side, people(a="Ada"), {}), ({}, {}))
    assert [one.reasons for one in found.parked] == [("of:own",)]


def test_a_row_waits_for_keys_for_blockers_and_for_the_next_run_where_it_has_to() -> None:
    """A side whose ignored records are looked at by every run has its rows fall due at once."""
    one = item("a", Person("Ada"), "va")
    again = context(left={"rechecks": True})

    assert park(OF, L, one, ["x", "y"], blockers=[(R, "r"), (L, "l")]) == attrs.evolve(
        parked(L, "a", "", *keys(OF, "Ada", r=R, l=L)), reasons=("x", "y")
    )
    assert park(OF, L, one, ["x"], next_run=True) == parked(L, "a", "x", *keys(OF, "Ada"), again=True)
    assert park(again, L, one, ["x"]) == parked(L, "a", "x", *keys(again, "Ada"), again=True)
    assert park(again, R, one, ["x"]) == parked(R, "a", "x", *keys(again, "Ada"))
    assert pass_over(OF, L, one, "x") == row(L, "a", "va", ParkedKind.PASSED_OVER, "x")


def test_records_that_share_a_key_are_pairs_where_each_is_the_others_only_one() -> None:
    """Who has several candidates, or one that is somebody else's too, is parked, and waits for all of them."""
    of = context(duplicates=Duplicates.NEVER)
    sorted_ = sorted_of(of, people(a="Ada", b="Bob", c="Bob", d="Dan"), people(x="Ada", y="Bob", z="Zoe"))
    sorted_.pairs.append(("known", "before"))

    rest = pair_listed(of, sorted_)

    assert sorted_.pairs == [("known", "before"), ("a", "x")]
    assert rest == (["d"], ["z"])
    assert sorted_.parked == [
        parked(L, "b", "candidate_claimed_twice", *keys(of, "Bob", y=R)),
        parked(L, "c", "candidate_claimed_twice", *keys(of, "Bob", y=R)),
        parked(R, "y", "several_candidates", *keys(of, "Bob", b=L, c=L)),
    ]
    assert sorted_.aside == ({"b", "c"}, {"y"})
    assert (set(sorted_.fit[L]), set(sorted_.fit[R])) == ({"a", "d"}, {"x", "z"})


@SIDES
@pytest.mark.parametrize("when", [Duplicates.ALWAYS, Duplicates.INITIAL], ids=["always", "initially"])
def test_duplicates_are_set_aside_with_whom_they_would_match(side: Side, when: Duplicates) -> None:
    """All of a group wait for each other, and a counterpart waits for them; in later runs only where it is the rule."""
    of = context(duplicates=when, run={"initial": when is Duplicates.INITIAL})
    both = by_side(side, people(a="Ada", b="Ada", c="Cid"), people(x="Ada", y="Cid"))
    sorted_ = sorted_of(of, *both)

    rest = pair_listed(of, sorted_)

    assert sorted_.pairs == [by_side(side, "c", "y")]
    assert rest == ([], [])
    assert sorted_.parked == [
        parked(side, "a", "duplicate", *keys(of, "Ada", b=side)),
        parked(side, "b", "duplicate", *keys(of, "Ada", a=side)),
        parked(side.other, "x", "counterpart_is_ignored", *keys(of, "Ada", b=side)),
    ]
    later = context(duplicates=Duplicates.INITIAL)
    again = sorted_of(later, *both)
    pair_listed(later, again)
    assert {one.reasons for one in again.parked} == {("candidate_claimed_twice",), ("several_candidates",)}
    known = sorted_of(later, *both)
    before = Parked(side, "b", None, ParkedKind.IGNORED, ("duplicate",))
    pair_listed(later, known, by_side(side, {"b": before}, {}))
    assert [one.reasons for one in known.parked if one.side is side] == [("duplicate",), ("duplicate",)]
    groups = sorted_of(later, *by_side(side, people(a="Ada", b="Ada", c="Cid", d="Cid"), {}))
    pair_listed(later, groups, by_side(side, {"d": attrs.evolve(before, id="d")}, {}))
    assert [(one.id, one.reasons) for one in groups.parked] == [("c", ("duplicate",)), ("d", ("duplicate",))]


@SIDES
@pytest.mark.parametrize(
    ("modified", "oldest", "kept"),
    [
        ({"a": 1, "b": 2, "c": 0}, False, "b"),
        ({"a": 2, "b": 2, "c": 0}, False, None),
        ({"a": None, "b": 2, "c": 0}, False, None),
        ({"a": None, "b": None, "c": None}, False, None),
        ({"a": 1, "b": 2, "c": 0}, True, "c"),
        ({"a": None, "b": 2, "c": 2}, True, "b"),
        ({"a": None, "b": None, "c": None}, True, "a"),
    ],
)
def test_one_of_a_group_is_kept_where_the_profile_says_which(
    side: Side, modified: dict[str, int | None], oldest: bool, kept: str | None
) -> None:
    """The latest is kept where it alone is; the oldest, and then the first by id, always."""
    of = context(duplicates=Duplicates.ALWAYS, keep_latest_duplicate=not oldest, keep_oldest_duplicate=oldest)
    items = {
        one: item(one, Person("Ada"), modified=None if day is None else NOW.replace(day=1 + day))
        for one, day in modified.items()
    }
    sorted_ = sorted_of(of, *by_side(side, items, people(x="Ada")))

    pair_listed(of, sorted_)

    assert sorted_.pairs == ([by_side(side, kept, "x")] if kept else [])
    assert set(sorted_.fit[side]) == ({kept} if kept else set())


@SIDES
def test_a_key_that_only_the_duplicate_has_is_nobodys(side: Side) -> None:
    """Who matches a duplicate alone, and not the one that is kept, waits for it; the kept one keeps its own keys."""
    of = with_keys(context(duplicates=Duplicates.ALWAYS, keep_oldest_duplicate=True))
    doubles = {
        "a": item("a", Person("Ada", "1"), modified=NOW.replace(day=1)),
        "b": item("b", Person("Ada", "2")),
    }
    others = {"x": item("x", Person("Xia", "1")), "y": item("y", Person("Yan", "2"))}
    sorted_ = sorted_of(of, *by_side(side, doubles, others))

    rest = pair_listed(of, sorted_)

    assert sorted_.pairs == [by_side(side, "a", "x")]
    assert rest == ([], [])
    assert {one.id: one.reasons for one in sorted_.parked} == {"b": ("duplicate",), "y": ("counterpart_is_ignored",)}


@SIDES
def test_what_a_search_finds_is_a_partner_or_stands_in_the_way(side: Side) -> None:
    """Each who can't be paired is parked with the reason and waits for what was found; who has no hit is returned."""
    unfit = {"reasons_against": lambda record: ["x"] if record.title == "bad" else []}
    of = context(**{"right" if side is L else "left": unfit})  # type: ignore[arg-type]
    names = {one: one.upper() for one in "abcdefghi"}
    other = side.other
    sorted_ = sorted_of(of, *by_side(side, people(**names, h2="H"), {}))
    found = {f"{one}9": item(f"{one}9", Person(one.upper()), member=True) for one in "abcdefh"}
    found["b8"] = item("b8", Person("B"), member=False)
    found["d9"] = item("d9", Person("D", "bad"))
    rows = {
        "e9": Parked(other, "e9", None, ParkedKind.LEFT, ("out_of_scope",)),
        "f9": Parked(other, "f9", None, ParkedKind.LEFT, ("counterpart_ended",)),
        "g9": Parked(other, "g9", None, ParkedKind.IGNORED, ("x",)),
    }
    found["g9"] = item("g9", Person("G"))
    hits = Hits(found, frozenset({"c9"}), rows)

    rest = judge_hits(of, sorted_, side, [*names, "h2"], hits)

    assert rest == ["i"]
    assert sorted_.pairs == [by_side(side, "a", "a9"), by_side(side, "f", "f9")]
    assert sorted_.fit[other] == {one: found[one] for one in ("a9", "f9")}
    why = {one.id: one.reasons[0] for one in sorted_.parked}
    assert why == {
        "b": "several_candidates",
        "c": "candidate_has_partner",
        "d": "candidate_is_ignored",
        "e": "candidate_left_the_sync",
        "g": "candidate_is_ignored",
        "h": "candidate_claimed_twice",
        "h2": "candidate_claimed_twice",
    }
    rows_of = {one.id: one for one in sorted_.parked}
    assert rows_of["b"] == parked(side, "b", why["b"], *keys(of, "B", b9=other, b8=other), again=True)
    assert rows_of["c"] == parked(side, "c", why["c"], *keys(of, "C", c9=other))


@SIDES
def test_a_hit_that_this_run_moves_is_looked_at_again_by_the_next(side: Side) -> None:
    """So is one that left the sync and waits for this very record; where doubles may be, a linked hit is none."""
    other = side.other
    found = {"a9": item("a9", Person("A")), "b9": item("b9", Person("B"))}
    rows = {"b9": Parked(other, "b9", None, ParkedKind.LEFT, ("out_of_scope",), OF.record_keys(side, ["b"]))}

    sorted_ = sorted_of(OF, *by_side(side, people(a="A", b="B"), {}))
    assert judge_hits(OF, sorted_, side, ["a", "b"], Hits(found, frozenset({"a9"}), rows, frozenset({"a9"}))) == []
    assert sorted_.parked == [parked(side, "a", "candidate_has_partner", *keys(OF, "A", a9=other), again=True)]
    assert sorted_.pairs == [by_side(side, "b", "b9")]

    doubles = context(doubles=True)
    sorted_ = sorted_of(doubles, *by_side(side, people(a="A"), {}))
    assert judge_hits(doubles, sorted_, side, ["a"], Hits(found, frozenset({"a9"}), {})) == ["a"]
    set_aside = sorted_of(OF, *by_side(side, people(a="A"), {}))
    set_aside.aside[other].add("a9")
    judge_hits(OF, set_aside, side, ["a"], Hits(found, frozenset(), {}))
    assert [one.reasons for one in set_aside.parked] == [("candidate_is_ignored",)]
    some = {"takes_part": lambda record: record.name != "A"}
    nobody = context(**{"right" if side is L else "left": some})  # type: ignore[arg-type]
    unseen = sorted_of(nobody, *by_side(side, people(a="A"), {}))
    unseen.fit[side]["a"] = item("a", Person("A"))
    unseen.keys[side]["a"] = ("A",)
    assert judge_hits(nobody, unseen, side, ["a"], Hits(found, frozenset(), {})) == ["a"]


@SIDES
def test_who_may_belong_to_a_record_in_doubt_waits_for_the_next_run(side: Side) -> None:
    """It is neither created nor paired, whomever else it matches; the others are judged as ever."""
    found = {one: item(one, Person(one[0].upper())) for one in ("a8", "a9", "b9")}
    sorted_ = sorted_of(OF, *by_side(side, people(a="A", b="B", c="C"), {}))

    rest = judge_hits(OF, sorted_, side, ["a", "b", "c"], Hits(found, frozenset(), {}, doubted=frozenset({"a8"})))

    assert rest == ["c"]
    assert sorted_.pairs == [by_side(side, "b", "b9")]
    assert sorted_.parked == [row(side, "a", "va", ParkedKind.FAILED, "create_in_doubt", *keys(OF, "A"), again=True)]
    assert set(sorted_.fit[side]) == {"b", "c"}


@SIDES
def test_all_that_is_found_by_any_key_counts(side: Side) -> None:
    """Who finds one record by its name and another by its title has several candidates; one found twice is one."""
    of = with_keys(OF)
    sorted_ = sorted_of(
        of, *by_side(side, {"a": item("a", Person("Ada", "1")), "b": item("b", Person("Bob", "2"))}, {})
    )
    found = {
        "x": item("x", Person("Ada", "9")),
        "y": item("y", Person("Eva", "1")),
        "z": item("z", Person("Bob", "2")),
    }

    assert judge_hits(of, sorted_, side, ["a", "b"], Hits(found, frozenset(), {})) == []

    assert [(one.id, one.reasons) for one in sorted_.parked] == [("a", ("several_candidates",))]
    assert sorted_.pairs == [by_side(side, "b", "z")]
