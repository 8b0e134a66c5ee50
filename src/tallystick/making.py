"""Provide the quick making of frozen values, for classes of which a run makes tens of thousands.

attrs sets the fields of a frozen value through ``object.__setattr__``, one call each: a step with its 23 fields then
costs more than what is decided in it. Here a value is of a subclass that can be written while it is being made, and
of its own class from then on. Two changes of class cost as much as three fields did, and plain assignments next to
nothing; nobody else sees the value before it is done.

What is kept: the signature with its defaults, and that no value changes once it was made. A host's subclass is made as
attrs makes it. What is refused is a class whose making does more than setting what it is given.
"""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

import attrs

T = TypeVar("T")

_CHANGE_CLASS = object.__dict__["__class__"].__set__
_FACTORY: Any = type(attrs.Factory(list))
_HAS_GIL: bool = getattr(sys, "_is_gil_enabled", lambda: True)()
"""Without it a change of class stops all threads, so that values are made as attrs makes them."""


def quickly_made(made: type[T]) -> type[T]:
    """Return a frozen class of attrs, the ``__init__`` of which takes what it took, in about a third of the time.

    Raises TypeError where a field is validated, converted, given by keyword only, or not given at all.
    """
    fields = attrs.fields(cast("type[attrs.AttrsInstance]", made))
    plain = all(one.init and not (one.validator or one.converter or one.kw_only) for one in fields)
    plain &= not any(getattr(one.default, "takes_self", False) for one in fields)
    if not plain or hasattr(made, "__attrs_pre_init__") or hasattr(made, "__attrs_post_init__"):
        raise TypeError(f"the making of {made.__qualname__} does more than setting what it is given")
    if _HAS_GIL:
        type.__setattr__(made, "__init__", _init(made, fields))
    return made


def _init(made: type, fields: tuple["attrs.Attribute[Any]", ...]) -> Callable[..., None]:
    writing = {"__slots__": (), "__setattr__": object.__setattr__, "__delattr__": object.__delattr__}
    open_ = type(made.__name__, (made,), {**writing, "__module__": made.__module__, "__qualname__": made.__qualname__})
    slowly: Callable[..., None] = vars(made)["__init__"]
    names: dict[str, object] = {"made": made, "open_": open_, "change_class": _CHANGE_CLASS, "slowly": slowly}
    taken: list[str] = []
    lines: list[str] = []
    for at, one in enumerate(fields):
        given: str = one.alias or one.name
        default: Any = one.default
        value = given
        if type(default) is _FACTORY:
            names[f"new{at}"], default = default.factory, attrs.NOTHING
            value = f"new{at}() if {given} is default{at} else {given}"
            taken.append(f"{given}=default{at}")
        else:
            taken.append(given if default is attrs.NOTHING else f"{given}=default{at}")
        names[f"default{at}"] = default
        lines.append(f"    self.{one.name} = {value}")
    source = [
        f"def __init__(self, {', '.join(taken)}):",
        "    if self.__class__ is not made:",
        f"        return slowly(self, {', '.join(one.alias or one.name for one in fields)})",
        "    change_class(self, open_)",
        *lines,
        "    self.__class__ = made",
    ]
    # Names of fields, and numbers: nothing of it is input.
    exec(compile("\n".join(source), f"<quick making of {made.__qualname__}>", "exec"), names)  # noqa: S102 - see above
    return wraps(slowly)(cast("Callable[..., None]", names["__init__"]))
