"""Provide the declaring of settings: an attrs class, one field a setting, with its limits and what it means in words.

    @attrs.frozen(kw_only=True)
    class MailSettings:
        name: ClassVar[str] = "example-mail"
        look_back: int = setting(7, "how many days back a run looks", extent=True, checks=(Within(1, 30),))

Every field has a default, which is the product's. ``extent`` marks what decides which records a sync looks after: a
change there makes the next run a fresh initial one, a change elsewhere does not. A profile is made from the whole.
"""

from collections.abc import Hashable, Iterable, Mapping
from functools import lru_cache
from hashlib import sha256
from json import dumps
from typing import Any, ClassVar, Final, Protocol, TypeVar, cast, get_type_hints

import attrs

from tallystick.errors import InvalidSettings
from tallystick.settings.forms import Form, Unfit, form_of
from tallystick.settings.limits import Check

T = TypeVar("T")

_DECLARED: Final = "tallystick"


class SettingsKind(attrs.AttrsInstance, Protocol):
    """A class of settings: a frozen attrs class of :func:`setting` fields, and the name that its documents bear."""

    name: ClassVar[str]


@attrs.frozen
class Declared:
    """One setting as it is declared: its name, product default, meaning, limits, and whether it decides the extent."""

    name: str
    default: object
    words: str
    extent: bool
    checks: tuple[Check, ...]
    form: Form = attrs.field(repr=False)

    def read(self, value: object) -> object:
        """Return a value, given as it is or as in JSON. Raises Unfit, which tells in words why it can't be."""
        found = self.form.read(value)
        for check in self.checks:
            fault = check.fault(found)
            if fault:
                raise Unfit(fault)
        return found


def setting(default: T, words: str, *, extent: bool = False, checks: Iterable[Check] = ()) -> T:
    """Declare one setting of a class: what it is unless set, what it means, and its limits.

    A class that is made with a value beyond the limits raises :class:`~tallystick.errors.InvalidSettings`.
    """
    told = {"words": words, "extent": extent, "checks": tuple(checks)}
    field: Any = attrs.field(default=default, validator=_within_limits, metadata={_DECLARED: told})
    return cast("T", field)


def _within_limits(instance: object, field: "attrs.Attribute[T]", value: T) -> None:
    """Refuse a value beyond its limits; one that was given as in JSON becomes what it stands for."""
    read = read_all(type(instance), {field.name: value})
    object.__setattr__(instance, field.name, read[field.name])


def declared(kind: type[object]) -> Mapping[str, Declared]:
    """Return the settings of a class by name, in the order in which they are declared."""
    return _declared(cast("Hashable", kind))


@lru_cache(maxsize=64)
def _declared(kind: type[Any]) -> Mapping[str, Declared]:
    hints = get_type_hints(kind)
    fields = attrs.fields(kind)
    return {
        one.name: Declared(one.name, one.default, **one.metadata[_DECLARED], form=form_of(hints[one.name]))
        for one in fields
    }


def read_all(kind: type[object], given: Mapping[str, object]) -> dict[str, object]:
    """Return the values of named settings. Raises InvalidSettings, which tells of every one that can't be."""
    known = declared(kind)
    read: dict[str, object] = {}
    faults: dict[str, str] = {}
    for name, value in given.items():
        if name not in known:
            faults[name] = "no such setting"
            continue
        try:
            read[name] = known[name].read(value)
        except Unfit as error:
            faults[name] = str(error)
    if faults:
        raise InvalidSettings(faults, where=getattr(kind, "name", kind.__name__))
    return read


def fingerprint(value: object) -> str:
    """Return a digest of the settings that decide the extent: another one means that the next run is an initial one."""
    known = declared(type(value))
    said = {name: one.form.write(getattr(value, name)) for name, one in known.items() if one.extent}
    return sha256(dumps(said, sort_keys=True).encode()).hexdigest()[:16]
