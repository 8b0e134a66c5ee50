"""What a profile is made of: functions, and parts of their own classes."""

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any, Generic, TypeVar, cast

import attrs
import pytest

from tallystick.errors import SettingsError
from tallystick.profiles import maximizer, zynsync
from tallystick.reconcile import Profile
from tallystick.reconcile.functions import try_functions
from tallystick.records import Contact


def broken(whole: object, path: str, given: object) -> object:
    """Return a profile, or a part of one, that has ``given`` under a path of names; a number is that of a rule."""
    name, _, rest = path.partition(".")
    part = cast("Any", whole)
    if name.isdigit():
        return (*part[: int(name)], broken(part[int(name)], rest, given), *part[int(name) + 1 :])
    return attrs.evolve(part, **{name: broken(getattr(part, name), rest, given) if rest else given})


S = TypeVar("S")
CONTACTS = maximizer.contacts()
CALENDAR = zynsync.calendar(zynsync.Company("user-1"))
MEETINGS = maximizer.appointments("user-1")
TASKS = maximizer.tasks()
PARTS = {"writable": ("Profile", ""), "matcher": ("Matcher", ", matcher")}
"""The class and the place of parts that are no side's."""


@pytest.mark.parametrize(
    ("profile", "path", "given", "where"),
    [
        (CONTACTS, "writable", (True, False), ""),
        (CONTACTS, "left.takes_part", True, ", left side"),
        (CONTACTS, "right.effect", None, ", right side"),
        (CONTACTS, "matcher.right", "email", ", matcher"),
        (CONTACTS, "mapping.1.canon", "clean", ", mapping"),
        (CONTACTS, "mapping.1.right.put", None, f", rule {CONTACTS.mapping[1].name}, right side"),
        (CALENDAR, "realm.identity", "uid", ", realm"),
        (MEETINGS, "left.references.values", (), ", left side, references"),
        (TASKS, "succession.left.kin", None, ", left side, succession"),
    ],
)
def test_a_profile_is_made_of_functions(profile: Profile[object, object], path: str, given: object, where: str) -> None:
    """What can't be called is refused when the profile is made, with the part and the name that it was given for."""
    with pytest.raises(SettingsError) as refused:
        broken(profile, path, given)

    assert refused.value.where == profile.name + where
    assert refused.value.what == f"{path.rpartition('.')[2]} is a {type(given).__name__}, and has to be a function"
    assert refused.value.remedy.startswith("pass a function, as the reference of ")


async def awaited(*_: object) -> list[str]:
    """Return nothing, to whoever awaits it."""
    return []


@pytest.mark.parametrize(
    ("path", "given", "said"),
    [
        ("left.reasons_against", lambda _: "missing_name", "what is of the type str, and has to return a list"),
        (
            "left.reasons_against",
            lambda _: iter(()),
            "what is of the type tuple_iterator, and has to return a list",
        ),
        ("left.reasons_against_new", lambda _: None, "None, and has to return a list"),
        ("left.reasons_against", lambda _: [7], "a list with what is of the type int, and not of str"),
        (
            "left.takes_part",
            awaited,
            "what is of the type coroutine, and is not awaited: it has to be a def without async",
        ),
        ("left.takes_part", lambda _: iter(()), "what is of the type tuple_iterator, and has to return a bool"),
        ("right.counts_as_deleted", awaited, "what is of the type coroutine, and is not awaited"),
        ("right.blocks", lambda _: None, "None, and has to return what is of str"),
        ("matcher.left", lambda _: 7, "what is of the type int, and has to return a list"),
        ("matcher.left", lambda _: [["Ada"]], "a list with what is of the type list, and not of Hashable"),
        ("matcher.search_right", lambda _: None, "None, and has to return a list"),
        ("matcher.search_right", lambda _: ["Ada"], "a list with what is of the type str, and not of Term"),
        ("writable", lambda *_: True, "what is of the type bool, and has to return a tuple of 2"),
    ],
)
def test_a_function_that_answers_as_none_can_is_refused(path: str, given: object, said: str) -> None:
    """It is tried on blank records: a reason that is a text would be as many as it has letters."""
    with pytest.raises(SettingsError) as refused:
        broken(CONTACTS, path, given)

    part = path.partition(".")[0]
    of, where = PARTS.get(part, ("SideProfile", f", {part} side"))
    assert refused.value.what.startswith(f"{path.rpartition('.')[2]} returned {said}")
    assert refused.value.where == CONTACTS.name + where
    assert refused.value.remedy == f"mend the function, as the reference of {of} describes it"


@pytest.mark.parametrize(
    ("profile", "path", "given", "said"),
    [
        (CALENDAR, "realm.identity", lambda _: None, ", realm: identity returned None, and has to return what is"),
        (MEETINGS, "left.references.values", lambda _: 7, ", left side, references: values returned what is of the "),
        (TASKS, "succession.right.ended", lambda _: iter(()), ", right side, succession: ended returned what is of"),
        (TASKS, "succession.left.kin", lambda _: None, ", left side, succession: kin can't be called with 2 values"),
    ],
)
def test_the_functions_of_every_part_are_tried(
    profile: Profile[object, object], path: str, given: object, said: str
) -> None:
    """What is refused is named with the part that it was given for."""
    with pytest.raises(SettingsError) as refused:
        broken(profile, path, given)

    assert str(refused.value).startswith(profile.name + said)


def test_functions_are_tried_with_a_blank_record_of_their_own_side() -> None:
    """One that takes both is given both, the left one first."""
    seen: list[object] = []

    def writable(*records: object) -> tuple[bool, bool]:
        seen.append(records)
        return (True, True)

    broken(CONTACTS, "writable", writable)
    assert seen == [(CONTACTS.left.blank, CONTACTS.right.blank)]


def test_functions_are_tried_as_their_class_declares_them() -> None:
    """With a record, and with a time where they take one; what takes anything else, or is the usual, is left alone."""

    def none(_: object) -> Any:  # noqa: ANN401 -- a wrong answer
        return None

    @attrs.frozen
    class Part(Generic[S]):
        name: str
        since: Callable[[S, datetime], str]
        numbered: Callable[[int], str]
        usual: Callable[[S], str] = none

    seen: list[tuple[object, type]] = []

    def since(record: object, when: datetime) -> str:
        seen.append((record, type(when)))
        return ""

    try_functions(Part("", since, none), Part, "part", {"S": "blank"})
    assert seen == [("blank", datetime)]
    with pytest.raises(
        SettingsError, match="part: since returned what is of the type tuple, and has to return what is"
    ):
        try_functions(Part("", lambda *given: cast("Any", given), none), Part, "part", {"S": "blank"})


@pytest.mark.parametrize("error", [ValueError, TypeError])
def test_of_functions_that_stumble_over_a_blank_record_the_next_is_tried_all_the_same(error: type[Exception]) -> None:
    """What the first one raises may be of the record alone; what the next one answers is wrong for any."""

    def takes_part(contact: Contact) -> bool:
        raise error

    with pytest.raises(SettingsError, match="blocks returned None"):
        broken(broken(CONTACTS, "left.takes_part", takes_part), "left.blocks", lambda _: None)


def test_no_reason_may_be_an_empty_text() -> None:
    """It has no letters that could be reasons; a text of match keys is refused by every run, where it is told of."""
    assert broken(CONTACTS, "left.reasons_against", lambda _: "")
    assert broken(CONTACTS, "matcher.left", lambda _: "key")


def test_a_function_that_takes_other_values_is_refused() -> None:
    """One that lacks a parameter, or has one too many, is named when the profile is made."""
    said = "right side: takes_part can't be called with 1 value -- mend the function, as the reference of SideProfile "
    with pytest.raises(SettingsError, match=said):
        broken(CONTACTS, "right.takes_part", lambda: True)
    with pytest.raises(SettingsError, match="writable can't be called with 2 values"):
        broken(CONTACTS, "writable", lambda _: (True, True))


def test_what_a_function_can_not_bear_of_a_blank_record_is_left_to_it() -> None:
    """It may ask more of a record than a blank one has."""

    def first_address(contact: Contact) -> list[str]:
        return [contact.email_addresses[0].address]

    assert broken(CONTACTS, "matcher.left", first_address)


def test_a_function_that_its_decorator_gives_more_is_tried_as_it_is_called() -> None:
    """What it wraps takes another value, and may stumble over a blank record as any function may."""

    def born_before(contact: Contact, day: date) -> bool:
        return cast("date", contact.birthday) < day

    @wraps(born_before)
    def grown_up(contact: Contact) -> bool:
        return born_before(contact, date(2008, 1, 1))

    assert broken(CONTACTS, "left.takes_part", grown_up)


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("left", "left side: a list is no SideProfile -- pass a SideProfile"),
        ("matcher", "matcher: a list is no Matcher -- pass a Matcher"),
        ("realm", "realm: a list is no Realm -- pass a Realm"),
        ("mapping", "mapping: a list is no mapping -- pass a tuple of rules; tuple(...) makes one"),
    ],
)
def test_a_part_of_a_profile_is_of_its_class(part: str, said: str) -> None:
    """What is of another class than the part of a profile has to be is refused, also where it has the names."""
    with pytest.raises(SettingsError) as refused:
        broken(CONTACTS, part, [CONTACTS])
    assert str(refused.value) == f"{CONTACTS.name}, {said}"
