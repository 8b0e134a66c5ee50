"""Provide what is looked at before a sync is made: its name, its parts, and the directories of its profile.

A part is anything that has what its protocol names. What it lacks is said here, in the host's own line, and not in the
middle of a run; what a method then does is for the conformance kits of :mod:`tallystick.testing`.

==========  =====================================================================================
part        what it has to have
==========  =====================================================================================
provider    all of :class:`tallystick.ports.Provider`, also where a sync would never write to it
directory   what it is searched by, and its capabilities
state       all of :class:`tallystick.ports.State`
sink        ``keep``; all of :class:`tallystick.ports.ImageSink` where it has anything of images
clock       all of :class:`tallystick.ports.Clock`
profile     it is a :class:`tallystick.Profile`, and so was looked at when it was made
functions   observers take an event and return, ``is_gone`` takes the name of a worker
==========  =====================================================================================
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from inspect import iscoroutinefunction

from typing_extensions import get_protocol_members

from tallystick.errors import SettingsError, UsageError
from tallystick.ports import SIDES, Clock, ImageSink, Provider, Sink, State
from tallystick.reconcile.plan import Plan
from tallystick.reconcile.profile import Profile
from tallystick.sync.events import Observer

_PROVIDER = get_protocol_members(Provider)
_DIRECTORY = frozenset({"capabilities", "search"})
_STATE = get_protocol_members(State)
_SINK = get_protocol_members(Sink)
_IMAGE_SINK = get_protocol_members(ImageSink)
_OF_IMAGES = ("keeps_images", "keep_images", "images")
_CLOCK = get_protocol_members(Clock)
_COLLECTION = "pass one of its collections, or a Provider"

_NAMED_AT_MOST = 3


def require_plan(
    plan: object, remedy: str = "pass what plan() or undo() returned, or load_plan() reads from a saved one"
) -> None:
    """Raise UsageError for what is no plan, as the text of a saved one is not."""
    if not isinstance(plan, Plan):
        raise UsageError(f"a {type(plan).__name__} is no plan", remedy=remedy)


def require_span(span: object, where: str) -> None:
    """Raise UsageError for what is no span of time, as a number of seconds is not."""
    if not isinstance(span, timedelta):
        raise UsageError(
            f"{type(span).__name__} is no span of time",
            where=where,
            remedy="give a timedelta, such as timedelta(days=5)",
        )


def require_name(name: object) -> None:
    """Raise SettingsError where a sync has no name, or one that no state keeps."""
    if not (isinstance(name, str) and name.strip()):
        raise SettingsError("a sync needs a name", remedy="give one that is the host's own for this pair of accounts")
    _require_unicode(name, "name")


def require_worker(worker: object) -> None:
    """Raise SettingsError for what names no worker, or names it so that no state keeps it; None is nobody's own."""
    if worker is None:
        return
    if not isinstance(worker, str):
        raise SettingsError(f"a {type(worker).__name__} names no worker", where="worker", remedy="give a str, or none")
    _require_unicode(worker, "worker")


def _require_unicode(text: str, where: str) -> None:
    """Raise SettingsError for a text with half a character in it, as undecodable bytes of a file's name give it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        remedy = "give a text without lone surrogates"
        raise SettingsError(
            "a text that is not valid Unicode is kept by no state", where=where, remedy=remedy
        ) from None


def require_parts(
    left: object,
    right: object,
    profile: object,
    state: object,
    sink: object,
    clock: object,
    is_gone: object,
) -> None:
    """Raise UsageError where a part lacks what it will be asked for; ``sink`` and ``clock`` may be None."""
    for side, provider in zip(SIDES, (left, right), strict=True):
        require_provider(provider, f"{side.label} side")
    if not isinstance(profile, Profile):
        raise UsageError(
            f"a {type(profile).__name__} is no profile",
            where="profile",
            remedy="call the function that makes it, or pass a Profile of your own",
        )
    _require("state", state, _STATE, "state", "pass a State, such as SqliteState(path, key=...)")
    if sink is not None:
        images = any(_has(sink, name) for name in _OF_IMAGES)
        _require("sink", sink, _IMAGE_SINK if images else _SINK, "sink", "pass a Sink, such as SqliteSink(path)")
    if clock is not None:
        require_clock(clock)
    if not callable(is_gone):
        raise UsageError(
            f"a {type(is_gone).__name__} can't tell who is gone",
            where="is_gone",
            remedy="pass a function that takes the name of a worker and returns a bool",
        )


def require_clock(clock: object) -> None:
    """Raise UsageError for what is no clock; what it tells is looked at when it is asked."""
    _require("clock", clock, _CLOCK, "clock", "pass a Clock, or none for that of the system")


def require_provider(provider: object, where: str) -> None:
    """Raise UsageError for what is no provider; ``where`` says what it was given for."""
    _require("provider", provider, _PROVIDER, where, _COLLECTION)


def require_told(provider: object, name: str, value: object, kind: type, where: str) -> None:
    """Raise UsageError for an account or capabilities that are none, such as a method that was never called."""
    if not isinstance(value, kind):
        raise UsageError(
            f"the {name} of a {type(provider).__name__} is of the type {type(value).__name__}, and has to be "
            f"of {kind.__name__}",
            where=where,
            remedy=f"make {name} an attribute or a property" if callable(value) else "mend the provider",
        )


def require_directory(collection: object, where: str) -> None:
    """Raise UsageError for what can't be looked things up in."""
    _require("directory", collection, _DIRECTORY, where, _COLLECTION)


def require_directories(profile: Profile[object, object], given: Mapping[str, object]) -> None:
    """Raise SettingsError where a directory of the profile's is not given, UsageError where one given can't be it."""
    for one in profile.sides:
        for directory in one.references.directories if one.references else ():
            if directory not in given:
                raise SettingsError(
                    f"the profile looks things up in a directory {directory!r}, and there is none",
                    where=profile.name,
                    remedy=f'pass directories={{"{directory}": ...}}, a collection that can be searched',
                )
    for name, collection in given.items():
        require_directory(collection, f"directory {name}")


def checked_directories(given: Mapping[str, object] | None) -> dict[str, object]:
    """Return the directories by name; raise UsageError for what names none."""
    unchecked: object = given or {}
    if not isinstance(unchecked, Mapping):
        raise UsageError(
            f"a {type(given).__name__} names no directories",
            where="directories",
            remedy='pass a dict of collections by name, such as {"people": collection}',
        )
    return dict(unchecked)


def checked_observers(observers: Iterable[Observer]) -> tuple[Observer, ...]:
    """Return the observers; raise UsageError for one that can't be called, or would have to be awaited."""
    whole: object = observers
    if not isinstance(whole, Iterable):
        raise UsageError(f"a {type(whole).__name__} is no list of observers", where="observers", remedy="pass a list")
    given = tuple(observers)
    unchecked: tuple[object, ...] = given
    for one in unchecked:
        if not callable(one) or iscoroutinefunction(one) or iscoroutinefunction(type(one).__call__):
            raise UsageError(
                f"a {type(one).__name__} is no observer",
                where="observers",
                remedy="pass functions that take an event and return; an awaited one can be fed by a queue",
            )
    return given


def _require(kind: str, part: object, needed: frozenset[str], where: str, remedy: str) -> None:
    if isinstance(part, type):
        raise UsageError(f"{part.__name__} is a class, and no {kind} yet", where=where, remedy=f"call it; {remedy}")
    missing = sorted(name for name in needed if not _has(part, name))
    if missing:
        more = f", and {len(missing) - _NAMED_AT_MOST} more" if len(missing) > _NAMED_AT_MOST else ""
        lacks = f": it lacks {', '.join(missing[:_NAMED_AT_MOST])}{more}"
        raise UsageError(f"a {type(part).__name__} is no {kind}{lacks}", where=where, remedy=remedy)


def _has(part: object, name: str) -> bool:
    """Tell whether a part has a name; what its class shows is not evaluated, since an account may have to be asked."""
    return hasattr(type(part), name) or hasattr(part, name)
