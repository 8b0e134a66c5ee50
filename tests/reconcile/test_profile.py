"""What a profile is made of: functions, and parts of their own classes."""

from typing import Any, cast

import attrs
import pytest

from tallystick.errors import SettingsError
from tallystick.profiles import maximizer, zynsync
from tallystick.reconcile import Profile


def broken(whole: object, path: str, given: object) -> object:
    """Return a profile, or a part of one, that has ``given`` under a path of names; a number is that of a rule."""
    name, _, rest = path.partition(".")
    part = cast("Any", whole)
    if name.isdigit():
        return (*part[: int(name)], broken(part[int(name)], rest, given), *part[int(name) + 1 :])
    return attrs.evolve(part, **{name: broken(getattr(part, name), rest, given) if rest else given})


CONTACTS = maximizer.contacts()


@pytest.mark.parametrize(
    ("profile", "path", "given", "where"),
    [
        (CONTACTS, "writable", (True, False), ""),
        (CONTACTS, "left.takes_part", True, ", left side"),
        (CONTACTS, "right.effect", None, ", right side"),
        (CONTACTS, "matcher.right", "email", ", matcher"),
        (CONTACTS, "mapping.1.canon", "clean", ", mapping"),
        (CONTACTS, "mapping.1.right.put", None, f", rule {CONTACTS.mapping[1].name}, right side"),
        (zynsync.calendar(zynsync.Company("user-1")), "realm.identity", "uid", ", realm"),
        (maximizer.appointments("user-1"), "left.references.values", (), ", left side, references"),
        (maximizer.tasks(), "succession.left.kin", None, ", left side, succession"),
    ],
)
def test_a_profile_is_made_of_functions(profile: Profile[object, object], path: str, given: object, where: str) -> None:
    """What can't be called is refused when the profile is made, with the part and the name that it was given for."""
    with pytest.raises(SettingsError) as refused:
        broken(profile, path, given)

    assert refused.value.where == profile.name + where
    assert refused.value.what == f"{path.rpartition('.')[2]} is a {type(given).__name__}, and has to be a function"
    assert refused.value.remedy.startswith("pass a function, as the reference of ")


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
