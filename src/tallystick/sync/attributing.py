"""Provide the attributing of errors: one that a provider's answer brought about names it, and what is wrong with it.

What a record holds is checked by nobody while all goes well: that would cost more than a run does otherwise. Where a
function of the profile can't bear a record, such as a text that is None, its own error tells a host nothing. So what
the providers answered is then looked through once more, and what is of no type that it is declared to have is named, by
side, id and field, and never with a value. An error that nothing of that explains is raised as it is; so is one of
another kind than Python itself raises where a value is of a wrong type.
"""

import dataclasses
from collections.abc import Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from itertools import cycle
from numbers import Number
from types import UnionType
from typing import TypeVar, Union, cast, get_args, get_origin, get_type_hints

import attrs

from tallystick.errors import UsageError
from tallystick.ports import Item, Outcome, Page, Side
from tallystick.reconcile.profile import Profile
from tallystick.sync.calls import Port, Request
from tallystick.sync.replies import Miscounted, Where, check_reply, place_of

T = TypeVar("T")
_SIDES: Mapping[Port | str, Side] = {Port.LEFT: Side.LEFT, Port.RIGHT: Side.RIGHT}
_WRITES = ("create", "update", "remove")
_STUMBLES = (AttributeError, TypeError, ValueError, KeyError, IndexError, AssertionError)
"""What comes of a wrong type; none of their subclasses, which somebody raises who knows what is wrong."""


Answers = list[tuple[Request, object]]
"""What sides and directories have answered since the last write: by then, what was read has been decided about."""


def note(answers: Answers, request: Request, reply: object) -> None:
    """Add an answer to those that are remembered; a write's is the first of its own."""
    if request.method in _WRITES:
        answers.clear()
    answers.append((request, reply))


def explain(error: Exception, answers: Answers, profile: Profile[object, object]) -> None:
    """Raise UsageError in the place of an error that one of these answers brought about; else return."""
    if type(error) not in _STUMBLES:
        return
    for request, reply in answers:
        side = _SIDES.get(request.port)
        where: Where = (f"directory {request.port}" if side is None else side, request.method)
        try:
            check_reply(reply, request.args, where)
        except Miscounted:
            pass  # the run has dealt with it
        except UsageError as mistake:
            raise mistake from error
        _look_through(error, where, _items_of(reply), None if side is None else profile.sides[side].blank)


@contextmanager
def attributing(where: Where, items: Iterable[Item[T]], blank: T | None = None) -> Iterator[None]:
    """Raise UsageError in the place of an error that one of these items brought about.

    ``blank`` is a record of their kind, None where there may be any.
    """
    try:
        yield
    except _STUMBLES as error:
        if type(error) in _STUMBLES:
            _look_through(error, where, items, blank)
        raise


def _items_of(answer: object) -> list[Item[object]]:
    parts = answer.items if isinstance(answer, Page) else cast("Iterable[object]", answer)
    shown = [one.item if isinstance(one, Outcome) else one for one in parts]
    return [one for one in shown if isinstance(one, Item)]


def _look_through(error: Exception, where: Where, items: Iterable[Item[T]], blank: object) -> None:
    """Raise UsageError for the first of the records that is of another type than it has to be, or holds what is."""
    for item in items:
        try:
            misfit = _misfit(item.record, blank)
        except Exception:  # noqa: BLE001, S112 -- such as of a record within itself: then it explains nothing
            continue
        if misfit is not None:
            field, value, kind = misfit
            found = "None" if value is None else f"of the type {type(value).__name__}"
            raise UsageError(
                f"{f'{field} of ' if field else ''}the record {item.id} is {found} and has to be of {kind.__name__}",
                where=place_of(where),
                remedy="let the provider make records as their class declares them",
            ) from error


# --- what a record may hold --------------------------------------------------------------------------------------

_Misfit = tuple[str, object, type]
"""Where something stands that can't: the name of a field, empty for the record itself; what it is, and has to be."""


def _misfit(record: object, blank: object) -> _Misfit | None:
    """Return what of a record is of another type than it is declared to be; of a dict, than in the blank one."""
    if blank is not None and not isinstance(record, type(blank)):
        return ("", record, type(blank))
    if isinstance(record, dict):
        known = blank.items() if isinstance(blank, dict) else ()
        kinds = {name: type(value) for name, value in known if value is not None}
        misfits = ((name, record[name], kind) for name, kind in kinds.items() if name in record)
        return next((one for one in misfits if not _is_like(one[1], one[2])), None)
    return _misfit_within(record, "", blank)


def _is_like(value: object, kind: type) -> bool:
    """Tell whether a value is of the type that another has; numbers of any types are alike."""
    return isinstance(value, Number if issubclass(kind, Number) else kind)


def _misfit_within(record: object, above: str, blank: object = None) -> _Misfit | None:
    """Return what of an attrs class or a dataclass, or of one within it, is of another type than is declared.

    A field that in the ``blank`` record isn't as it is declared, either, may hold anything.
    """
    hints = _declared(cast("Hashable", type(record))).items()
    if blank is not None:
        hints = {name: hint for name, hint in hints if not _misfit_of(getattr(blank, name, None), hint, name)}.items()
    return _first(_misfit_of(getattr(record, name, None), hint, f"{above}{name}") for name, hint in hints)


def _misfit_of(value: object, hint: object, name: str) -> _Misfit | None:
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        found = [_misfit_of(value, one, name) for one in get_args(hint)]
        return None if None in found else found[0]
    if origin is tuple and isinstance(value, tuple):
        kinds = get_args(hint)
        several = cycle(kinds[:1]) if kinds[-1:] == (...,) else kinds
        return _first(_misfit_of(one, kind, name) for one, kind in zip(value, several, strict=False))
    kind = hint if origin is None else origin
    if isinstance(kind, type) and not _is_a(value, kind):
        return (name, value, kind)
    return _misfit_within(value, f"{name}.")


def _is_a(value: object, kind: type) -> bool:
    try:
        return isinstance(value, (float, int) if kind is float else kind)
    except TypeError:  # such as Any, or a protocol: nobody can tell
        return True


def _first(found: Iterable[_Misfit | None]) -> _Misfit | None:
    return next(filter(None, found), None)


@cache
def _declared(kind: Hashable) -> Mapping[str, object]:
    """Return how the fields of an attrs class or a dataclass are annotated; nothing of any other class."""
    made = cast("type", kind)
    if attrs.has(made):
        names = [one.name for one in attrs.fields(made)]
    else:
        names = [one.name for one in dataclasses.fields(made)] if dataclasses.is_dataclass(made) else []
    try:
        hints = get_type_hints(made) if names else {}
    except (AttributeError, NameError, SyntaxError, TypeError):  # annotations that can't be read say nothing
        return {}
    return {name: hints[name] for name in names if name in hints}
