"""Calls of a provider that end as none should, or answer with what no answer is."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, cast

import attrs
import pytest

import tallystick as ts
from tallystick.errors import OutcomeUnknown, PermissionDenied, ProviderError, Throttled, Unavailable, UsageError
from tallystick.mapping import Lens, Rule, attribute, rule
from tallystick.matching import Matcher
from tallystick.ports import (
    Capabilities,
    Create,
    CreateSafety,
    Found,
    Item,
    Outcome,
    Page,
    Redirect,
    Scope,
    Status,
    Term,
    Update,
)
from tallystick.providers.memory import MemoryCollection, Shape, VirtualClock
from tallystick.reconcile import Bucket
from tallystick.text import fold


@dataclass(frozen=True)
class Person:
    """A person, on either side."""

    name: str = ""
    mail: str = ""


PROFILE: ts.Profile[Person, Person] = ts.Profile(
    "people",
    left=ts.SideProfile(Person()),
    right=ts.SideProfile(Person()),
    mapping=(rule("name", attribute("name"), attribute("name")), rule("mail", attribute("mail"), attribute("mail"))),
    matcher=Matcher(
        left=lambda person: [fold(person.mail)],
        right=lambda person: [fold(person.mail)],
        search_left=lambda person: [Term("mail", person.mail)],
        search_right=lambda person: [Term("mail", person.mail)],
    ),
)

People = MemoryCollection[Person]
Twist = Callable[[Any], object]


def synced(left: People, right: People, clock: VirtualClock, *, in_threads: bool = False) -> ts.Sync[Person, Person]:
    """Return the sync of two collections of people."""
    state = ts.MemoryState()
    return ts.Sync("people", left=left, right=right, profile=PROFILE, state=state, clock=clock, in_threads=in_threads)


@pytest.mark.parametrize("method", ["changes", "create"])
@pytest.mark.parametrize("way", ["blocking", "awaited", "in threads"])
def test_a_stop_iteration_is_no_end_of_a_run(method: Literal["changes", "create"], way: str) -> None:
    """A provider whose next() finds nothing ends the run with an error, by every driver, and the next one goes on."""
    left, right, clock = MemoryCollection(Shape(Person)), MemoryCollection(Shape(Person)), VirtualClock()
    left.insert(Person("Ada", "ada@example.com"))

    def nothing(_: object) -> None:
        next(iter(()))

    hooks = [nothing]
    right.faults.before(method, lambda batch: [hook(batch) for hook in hooks])
    sync = synced(left, right, clock, in_threads=way == "in threads")

    async def awaited() -> ts.Report:
        return await asyncio.wait_for(sync.run_async(), 20)

    with pytest.raises(RuntimeError, match="raised StopIteration"):
        sync.run() if way == "blocking" else asyncio.run(awaited())
    hooks.clear()
    clock.advance(600)
    assert sync.run().synced == 1
    assert [person.name for person in right.all().values()] == ["Ada"]


class Answering(MemoryCollection[Person]):
    """A collection whose answers are twisted by the function that goes by the method's name."""

    def __init__(self, able: Capabilities | None = None, **twisted: Twist) -> None:
        super().__init__(Shape(Person), capabilities=able or Capabilities())
        self.twisted = twisted

    def _told(self, method: str, answer: object) -> Any:  # noqa: ANN401 -- no answer of that method, on purpose
        twist = self.twisted.get(method)
        return twist(answer) if twist else answer

    def changes(self, cursor: str | None, scope: Scope) -> Page[Person]:
        """Answer with a page, or something else."""
        return cast("Page[Person]", self._told("changes", super().changes(cursor, scope)))

    def get(self, ids: Sequence[str], scope: Scope) -> list[Found[Person]]:
        """Answer for each id, or not."""
        return cast("list[Found[Person]]", self._told("get", super().get(ids, scope)))

    def search(self, terms: Sequence[Term], scope: Scope) -> list[Item[Person]]:
        """Answer with items, or something else."""
        return cast("list[Item[Person]]", self._told("search", super().search(terms, scope)))

    def create(self, batch: Sequence[Create[Person]], scope: Scope) -> list[Outcome[Person]]:
        """Answer with outcomes, or something else."""
        return cast("list[Outcome[Person]]", self._told("create", super().create(batch, scope)))

    def update(self, batch: Sequence[Update], scope: Scope) -> list[Outcome[Person]]:
        """Answer with outcomes, or something else."""
        return cast("list[Outcome[Person]]", self._told("update", super().update(batch, scope)))


def listed(**changes: object) -> Twist:
    """Return what gives each item of a page other values."""
    return lambda page: attrs.evolve(page, items=[attrs.evolve(item, **changes) for item in page.items])


LISTINGS: dict[str, Twist] = {
    "the answer is None": lambda _: None,
    "items is of the type generator": lambda page: attrs.evolve(page, items=(one for one in page.items)),
    "an item is of the type str": lambda page: attrs.evolve(page, items=["Bob"]),
    "unlisted is None": lambda page: attrs.evolve(page, unlisted=None),
    "an id among unlisted is of the type int": lambda page: attrs.evolve(page, unlisted=[7]),
    "the cursor is of the type int": lambda page: attrs.evolve(page, cursor=7),
    "complete is None": lambda page: attrs.evolve(page, complete=None),
    "the id of an item is of the type int": listed(id=7),
    "the id of an item is empty": listed(id=""),
    "the version of an item is of the type int": listed(version=7),
    "member of an item is None": listed(member=None),
    "the token of an item is of the type bytes": listed(token=b"Bob"),
    "modified of an item is of the type str": listed(modified="Bob"),
    "modified of an item has no zone": listed(modified=datetime(2026, 1, 5)),  # noqa: DTZ001 -- that is the point
}


@pytest.mark.parametrize("fault", LISTINGS)
def test_a_listing_of_other_types_is_refused_before_anything_is_written(fault: str) -> None:
    """An id that is a number, a flag that is None, a time without a zone: the error names it, without contents."""
    left, right, clock = Answering(), Answering(changes=LISTINGS[fault]), VirtualClock()
    left.insert(Person("Ada", "ada@example.com"))
    right.insert(Person("Bob", "bob@example.com"))
    sync = synced(left, right, clock)

    with pytest.raises(UsageError, match=rf"right side, changes\(\): {fault}") as error:
        sync.run()

    assert "Bob" not in str(error.value)
    assert (len(left.all()), len(right.all())) == (1, 1)
    right.twisted.clear()
    assert sync.run().written() == 2


SEARCHES: dict[str, Twist] = {
    "the answer is of the type dict": lambda items: {item.id: item for item in items},
    "an item is None": lambda _: [None],
}


@pytest.mark.parametrize("fault", SEARCHES)
def test_a_search_is_answered_with_items(fault: str) -> None:
    """What is no item among the hits is refused, and named."""
    left, right, clock = Answering(), Answering(), VirtualClock()
    sync = synced(left, right, clock)
    sync.run()
    left.insert(Person("Ada", "ada@example.com"))
    right.twisted["search"] = SEARCHES[fault]

    with pytest.raises(UsageError, match=rf"right side, search\(\): {fault}"):
        sync.run()


OUTCOMES: dict[str, Twist] = {
    "the answer is of the type generator": lambda outcomes: (one for one in outcomes),
    "an outcome is of the type Item": lambda outcomes: [one.item for one in outcomes],
    "the status of an outcome is of the type str": lambda outcomes: [
        attrs.evolve(one, status="done") for one in outcomes
    ],
    "retry_after of an outcome is of the type str and has to be a number of seconds": lambda outcomes: [
        attrs.evolve(one, status=Status.THROTTLED, retry_after="2") for one in outcomes
    ],
    "retry_after of an outcome is of the type timedelta": lambda outcomes: [
        attrs.evolve(one, status=Status.THROTTLED, retry_after=timedelta(seconds=2)) for one in outcomes
    ],
    "retry_after of an outcome is of the type float": lambda outcomes: [
        attrs.evolve(one, status=Status.THROTTLED, retry_after=float("nan")) for one in outcomes
    ],
    "retry_after of an outcome is of the type int": lambda outcomes: [
        attrs.evolve(one, status=Status.THROTTLED, retry_after=10**400) for one in outcomes
    ],
    "the id of an item is of the type int": lambda outcomes: [
        attrs.evolve(one, item=attrs.evolve(one.item, id=7)) for one in outcomes
    ],
}


@pytest.mark.parametrize("fault", OUTCOMES)
def test_what_was_written_and_answered_with_other_types_is_found_by_the_next_run(fault: str) -> None:
    """The run ends where it stands; the next one finds the record that was made, and makes no second one."""
    left, right, clock = Answering(), Answering(create=OUTCOMES[fault]), VirtualClock()
    left.insert(Person("Ada", "ada@example.com"))
    sync = synced(left, right, clock)

    with pytest.raises(UsageError, match=rf"right side, create\(\): {fault}"):
        sync.run()

    right.twisted.clear()
    clock.advance(600)
    assert (sync.run().state, len(right.all())) == ("complete", 1)


@pytest.mark.parametrize(("count", "said"), [(1, "1 outcome"), (3, "3 outcomes")])
def test_outcomes_that_cannot_be_matched_leave_a_batch_in_doubt_and_the_note_says_whose_they_are(
    count: int, said: str
) -> None:
    """Fewer or more: the note names side, method, both numbers and the remedy, and nothing is doubled."""
    left, right = Answering(), Answering(create=lambda outcomes: (outcomes * 2)[:count])
    clock = VirtualClock()
    for name in ("Ada", "Bob"):
        left.insert(Person(name, f"{name}@example.com"))
    sync = synced(left, right, clock)

    report = sync.run()

    assert (report.state, report.buckets[Bucket.IN_DOUBT]) == ("warning", 2)
    assert report.note == (
        f"2 records in doubt: right side, create(): 2 writes answered with {said}"
        " -- mend the provider's method: one Outcome for each write, in their order"
    )
    right.twisted.clear()
    clock.advance(600)
    assert (sync.run().state, len(right.all())) == ("complete", 2)


TAGGED = Capabilities(create_safety=CreateSafety.SEARCHABLE_TAG, token_in_listings=True)


@pytest.mark.parametrize("able", [Capabilities(), TAGGED], ids=["without a token", "with tokens"])
@pytest.mark.parametrize("method", ["create", "update"])
def test_outcomes_in_another_order_leave_a_batch_in_doubt_and_mix_nobody_up(method: str, able: Capabilities) -> None:
    """Whoever answers a bulk request in an order of his own is told so, and no record is taken for another's."""
    left, right, clock = Answering(), Answering(able), VirtualClock()
    names = ("Ada", "Bob", "Cyd")
    sync = synced(left, right, clock)
    if method == "update":
        ids = [left.insert(Person(name, f"{name}@example.com")) for name in names]
        sync.run()
        for id_ in ids:
            left.edit(id_, name=f"{left.record(id_).name} Byron")
    else:
        for name in names:
            left.insert(Person(name, f"{name}@example.com"))
    right.twisted[method] = lambda outcomes: outcomes[::-1]

    report = sync.run()

    assert (report.state, report.buckets[Bucket.IN_DOUBT]) == ("warning", 3)
    assert f"right side, {method}(): an outcome shows the record of another write of its batch" in report.note
    right.twisted.clear()
    clock.advance(600)
    assert sync.run().state == "complete"
    for id_, person in left.all().items():
        left.edit(id_, mail=f"new.{person.mail}")
    sync.run()
    people = {person.name: person.mail for person in right.all().values()}
    assert people == {person.name: person.mail for person in left.all().values()}
    assert sync.run().written() == 0


def test_records_in_another_order_are_known_by_the_ids_that_were_given() -> None:
    """Where the client gives the ids these tell, although no token is shown and the service rewrites what it stores."""
    named = attrs.evolve(TAGGED, create_safety=CreateSafety.CLIENT_ID)

    def rewritten(outcomes: Sequence[Any]) -> list[Outcome[Person]]:
        items = [attrs.evolve(one.item, token=None, record=Person(one.item.record.name.upper())) for one in outcomes]
        return [Outcome(Status.DONE, item) for item in reversed(items)]

    left, right = Answering(), Answering(named, create=rewritten)
    for name in ("Ada", "Bob"):
        left.insert(Person(name, f"{name}@example.com"))
    report = synced(left, right, VirtualClock()).run()

    assert report.buckets[Bucket.IN_DOUBT] == 2
    assert "an outcome shows the record of another write of its batch" in report.note


class Telling(Answering):
    """A collection that says of itself what it is told to say."""

    account: Any = "memory"
    capabilities: Any = Capabilities()


def account() -> str:
    """Return an account, as a method does that was meant to be a property."""
    return "memory"


TOLD: dict[str, tuple[str, object]] = {
    "the account of a Telling is of the type function, and has to be of str -- make account an attrib": (
        "account",
        account,
    ),
    "the account of a Telling is of the type NoneType": ("account", None),
    "the capabilities of a Telling is of the type dict": ("capabilities", {"delta": True}),
}


@pytest.mark.parametrize("fault", TOLD)
def test_what_is_no_account_or_no_capabilities_is_refused(fault: str) -> None:
    """An account that reads otherwise in each process would have every run begin anew; nothing is read or written."""
    left, right = Answering(), Telling()
    setattr(right, *TOLD[fault])
    left.insert(Person("Ada", "ada@example.com"))

    with pytest.raises(UsageError, match=f"right side: {fault}"):
        synced(left, right, VirtualClock()).run()

    assert right.all() == {}


def test_a_record_that_may_not_be_written_holds_up_no_other() -> None:
    """One that only its owner may change is told of in each run, and everything else is written, on either side."""
    left, right, clock = Answering(), Answering(), VirtualClock()
    ids = {name: left.insert(Person(name, f"{name}@example.com")) for name in ("Ada", "Bob", "Cyd")}
    sync = synced(left, right, clock)
    sync.run()
    others = {person.name: id_ for id_, person in right.all().items()}

    def owned(batch: Sequence[Any]) -> None:
        if [write.id for write in batch] == [ids["Ada"]]:
            raise PermissionDenied("not yours", remedy="ask its owner")

    left.faults.before("update", owned)
    right.edit(others["Ada"], mail="new@example.com")
    left.edit(ids["Bob"], mail="bob@example.net")
    left.delete(ids["Cyd"])
    right.insert(Person("Dan", "dan@example.com"))
    for _ in range(2):
        report = sync.run()
        assert (report.state, report.note) == ("problem", "left side: not yours -- ask its owner")

    assert right.record(others["Bob"]).mail == "bob@example.net"
    assert [person.name for person in left.all().values()] == ["Ada", "Bob", "Dan"]
    left.faults.clear()
    assert sync.run().state == "complete"
    assert left.record(ids["Ada"]).mail == "new@example.com"


@pytest.mark.parametrize("after", [Throttled(retry_after=3600), Unavailable("down")], ids=["throttled", "down"])
def test_what_was_denied_is_told_whatever_comes_after(after: ProviderError) -> None:
    """What passes by itself does not hide what a person has to see to; the service's wait is told all the same."""
    left, right, clock = Answering(), Answering(attrs.evolve(TAGGED, batch_size=1)), VirtualClock()
    for name in ("Ada", "Bob", "Cyd"):
        left.insert(Person(name, f"{name}@example.com"))
    errors: list[ProviderError] = [PermissionDenied("not yours"), after]
    asked: list[object] = []

    def failing(batch: object) -> None:
        asked.append(batch)
        raise errors.pop(0)

    right.faults.before("create", failing)
    report = synced(left, right, clock).run()

    assert (report.state, report.fault, report.note) == ("problem", "permission", "right side: not yours")
    assert (len(asked), report.retry_after) == (2, getattr(after, "retry_after", None))


def test_an_account_that_may_not_write_at_all_is_asked_a_few_times() -> None:
    """A hundred writes that are denied cost three requests, and each is written once the permission is there."""
    left, right, clock = Answering(), Answering(attrs.evolve(TAGGED, batch_size=5)), VirtualClock()
    for number in range(100):
        left.insert(Person(f"P{number}", f"{number}@example.com"))
    asked: list[object] = []

    def denied(batch: object) -> None:
        asked.append(batch)
        raise PermissionDenied("no consent")

    right.faults.before("create", denied)
    sync = synced(left, right, clock)
    assert (sync.run().state, len(asked)) == ("problem", 3)
    right.faults.clear()
    assert (sync.run().written(), len(right.all())) == (100, 100)


def test_what_records_lack_does_not_make_them_the_same() -> None:
    """Those without an address share none: none is paired with another, nor takes another for its duplicate."""
    left, right, clock = Answering(), Answering(), VirtualClock()
    for name, side in (("Ada", left), ("Eve", left), ("Bob", right)):
        side.insert(Person(name))
    sync = synced(left, right, clock)
    sync.run()
    right.insert(Person("Cyd"))
    report = sync.run()

    assert (report.state, report.conflicts, report.ignored) == ("complete", 0, 0)
    for side in (left, right):
        assert sorted(person.name for person in side.all().values()) == ["Ada", "Bob", "Cyd", "Eve"]


def test_a_stranger_who_lacks_an_address_too_makes_no_plan_stale() -> None:
    """Who asks for no counterpart stands in the way of a create only as its likely match."""
    left, right = Answering(), Answering()
    left.insert(Person("Ada"))
    profile = attrs.evolve(PROFILE, right=ts.SideProfile(Person(), admits=lambda _: False))
    sync = ts.Sync("people", left=left, right=right, profile=profile, state=ts.MemoryState())
    plan = sync.plan()
    right.insert(Person("Bob"))

    assert sync.apply(plan).written() == 1


def test_match_keys_that_are_a_text_are_refused() -> None:
    """Its letters would be the keys, and two people who share one would be paired."""
    keys: Any = Matcher(
        left=lambda one: fold(one.mail),
        right=lambda one: fold(one.mail),
        search_left=PROFILE.matcher.search_left,
        search_right=PROFILE.matcher.search_right,
    )
    left, right = Answering(), Answering()
    left.insert(Person("Ada", "ab@example.com"))
    right.insert(Person("Bob", "ba@example.com"))
    profile = attrs.evolve(PROFILE, matcher=keys)
    sync = ts.Sync("people", left=left, right=right, profile=profile, state=ts.MemoryState())

    with pytest.raises(
        UsageError, match=r"matcher: match keys that are a text -- give a list of keys, such as \[key\]"
    ):
        sync.run()


@pytest.mark.parametrize("code", ["Ada " * 1_000, "no\x00such\x1b[2Jvalue" * 9])
def test_a_code_that_is_none_is_cut(code: str) -> None:
    """A refusal whose code is a whole message does not fill reports and states with it."""
    left, right = Answering(), Answering(create=lambda _: [Outcome(Status.REFUSED, code=code)])
    left.insert(Person("Ada", "ada@example.com"))
    report = synced(left, right, VirtualClock()).run()

    (failure,) = report.failures
    assert failure.reason.startswith("refused:")
    assert len(failure.reason) <= len("refused:") + 100
    assert failure.reason.isprintable()


def test_a_correction_that_is_answered_with_no_outcome_says_so() -> None:
    """The error names the method, and what is to be mended in it; the record stays listed."""
    profile = attrs.evolve(
        PROFILE, left=ts.SideProfile(Person(), reasons_against=lambda one: [] if one.name else ["missing_name"])
    )
    left, right = Answering(), Answering()
    one = left.insert(Person("", "ada@example.com"))
    sync = ts.Sync("people", left=left, right=right, profile=profile, state=ts.MemoryState())
    sync.run()
    left.twisted["update"] = lambda _: []

    with pytest.raises(OutcomeUnknown, match=r"left side, update\(\): 1 write answered with 0 outcomes -- mend"):
        sync.correct(side="left", id=one, fields={"name": "Ada"})

    assert [row.id for row in sync.ignored()] == [one]


GETS: dict[str, Twist] = {
    "1 of 1 ids are left out": lambda _: [],
    "the answer is None": lambda _: None,
    "an answer is None": lambda _: [None],
    "the reason of an absence is of the type str": lambda found: [attrs.evolve(one, reason="deleted") for one in found],
    "the new id of a redirect is None": lambda found: [Redirect(one.id, cast("str", None)) for one in found],
}


@pytest.mark.parametrize("fault", GETS)
def test_an_id_that_get_leaves_out_is_not_taken_for_one_that_nothing_happened_to(fault: str) -> None:
    """A deletion that is not told is refused each time, and is carried out once it is told."""
    left, right, clock = Answering(), Answering(), VirtualClock()
    left.insert(Person("Ada", "ada@example.com"))
    sync = synced(left, right, clock)
    sync.run()
    (one,) = right.all()
    right.delete(one)
    right.twisted["get"] = GETS[fault]

    for _ in range(2):
        with pytest.raises(UsageError, match=rf"right side, get\(\): {fault}"):
            sync.run()

    right.twisted.clear()
    assert sync.run().buckets[Bucket.OUT_OF_SCOPE] == 1


def unbearable(person: Person) -> str:
    """Raise for the one that is called Bob, with contents in the error."""
    if person.name == "Bob":
        raise ValueError(person.mail)
    return person.name


def refusing(person: Person, _: str) -> dict[str, object]:
    """Raise for everybody, with contents in the error."""
    raise ValueError(person.mail)


unwritable: Lens[Person, str] = Lens(lambda person: person.name, refusing, writes=("name",))
NAME: Rule[Person, Person] = rule(
    "name", attribute("name"), Lens(unbearable, lambda _, name: {"name": name}, writes=("name",))
)
KEYS = attrs.evolve(PROFILE.matcher, right=lambda person: [unbearable(person)])
RAISING: dict[str, ts.Profile[Person, Person]] = {
    "a lens": attrs.evolve(PROFILE, mapping=(NAME, PROFILE.mapping[1])),
    "a key": attrs.evolve(PROFILE, matcher=KEYS),
    "a reason": attrs.evolve(PROFILE, right=ts.SideProfile(Person(), reasons_against=lambda one: unbearable(one)[:0])),
}


@pytest.mark.parametrize("function", RAISING)
def test_an_error_of_the_profile_s_own_functions_names_the_record(function: str) -> None:
    """It is raised as it is, nothing is written, and its note tells side and id."""
    left, right = MemoryCollection(Shape(Person)), MemoryCollection(Shape(Person))
    left.insert(Person("Ada", "ada@example.com"))
    right.insert(Person("Grace", "grace@example.com"))
    bob = right.insert(Person("Bob", "bob@example.com"))
    sync = ts.Sync("people", left=left, right=right, profile=RAISING[function], state=ts.MemoryState())

    with pytest.raises(ValueError, match=r"bob@example\.com") as error:
        sync.run()

    assert error.value.__notes__ == [f"while looking at right {bob}"]
    assert (len(left.all()), len(right.all())) == (1, 2)


PAUSING = attrs.evolve(
    PROFILE,
    left=ts.SideProfile(Person(), pauses=lambda _: True),
    right=ts.SideProfile(Person(), pauses=lambda one: bool(unbearable(one))),
)


@pytest.mark.parametrize("profile", [RAISING["a lens"], PAUSING], ids=["a lens", "a pause"])
def test_an_error_about_a_new_pair_names_both_records(profile: ts.Profile[Person, Person]) -> None:
    """The note tells the ids of either side."""
    left, right = MemoryCollection(Shape(Person)), MemoryCollection(Shape(Person))
    one, other = left.insert(Person("Ada", "bob@example.com")), right.insert(Person("Bob", "bob@example.com"))
    sync = ts.Sync("people", left=left, right=right, profile=profile, state=ts.MemoryState())

    with pytest.raises(ValueError, match=r"bob@example\.com") as error:
        sync.run()

    assert error.value.__notes__ == [f"while looking at left {one} and right {other}"]


@pytest.mark.parametrize("edited", ["left", "right"])
def test_an_error_about_a_known_pair_names_its_records(edited: str) -> None:
    """The note tells the record that moved, and its partner where that was being compared with it."""
    left, right, state = MemoryCollection(Shape(Person)), MemoryCollection(Shape(Person)), ts.MemoryState()
    one, other = left.insert(Person("Ada", "ada@example.com")), right.insert(Person("Ada", "ada@example.com"))
    ts.Sync("people", left=left, right=right, profile=PROFILE, state=state).run()
    if edited == "right":
        right.edit(other, name="Bob")
    else:
        left.edit(one, name="Eve")
    named: Rule[Person, Person] = NAME if edited == "right" else rule("name", attribute("name"), unwritable)
    profile = attrs.evolve(PROFILE, mapping=(named, PROFILE.mapping[1]))
    sync = ts.Sync("people", left=left, right=right, profile=profile, state=state)

    with pytest.raises(ValueError, match=r"ada@example\.com") as error:
        sync.run()

    both = f"while looking at left {one} and right {other}"
    assert error.value.__notes__ == [f"while looking at right {other}" if edited == "right" else both]
