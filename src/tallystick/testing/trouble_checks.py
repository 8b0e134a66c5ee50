"""Provide the checks of trouble: requests that are turned away or get no answer, and what a provider makes of them.

An error that is taken for an answer costs more than any other fault: a listing that failed reads as empty, a record
that could not be read as deleted, a write that was turned away as refused for good. A provider may ask again by itself.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from tallystick.errors import (
    AuthenticationRequired,
    OutcomeUnknown,
    PermissionDenied,
    ProviderError,
    Throttled,
    Unavailable,
    UsageError,
)
from tallystick.ports import Capabilities, Item, Outcome, Remove, Status, Update
from tallystick.sync.replies import Miscounted, outcomes_of
from tallystick.testing.check import Check, Failed, OutOfReach, require
from tallystick.testing.samples import Trouble
from tallystick.testing.trial import Trials

_RAISED: dict[Trouble, tuple[type[ProviderError], ...]] = {
    Trouble.THROTTLED: (Throttled,),
    Trouble.FAILED: (Unavailable, Throttled),
    Trouble.SIGNED_OUT: (AuthenticationRequired, PermissionDenied),
}
"""What a reading raises, the usual first."""

_ANSWERS: dict[Trouble, tuple[Status, ...]] = {
    Trouble.THROTTLED: (Status.THROTTLED, Status.DONE),
    Trouble.FAILED: (Status.THROTTLED, Status.UNKNOWN, Status.DONE),
    Trouble.LOST_ANSWER: (Status.UNKNOWN, Status.DONE),
}
"""What a write is answered with."""

_REMEDY = {
    Trouble.THROTTLED: "raise Throttled, or answer THROTTLED",
    Trouble.FAILED: "raise OutcomeUnknown, or answer UNKNOWN",
    Trouble.LOST_ANSWER: "raise OutcomeUnknown, or answer UNKNOWN",
}


def _make(trial: Trials, trouble: Trouble) -> None:
    door: Any = trial.door
    make = getattr(door, "trouble", None)
    if make is None or not make(trouble):
        raise OutOfReach(f"the back door makes no such trouble: give it trouble(kind), for Trouble.{trouble.name}")


def _reading(trouble: Trouble, trial: Trials) -> None:
    one = trial.inserted()
    terms = trial.samples.terms(trial.door.record(one))
    readings: dict[str, Callable[[], Sequence[Any]]] = {
        "changes": lambda: trial.provider.changes(None, trial.scope).items,
        "get": lambda: trial.get(one),
        "search": lambda: trial.provider.search(terms, trial.scope),
    }
    remedy = f"raise {_RAISED[trouble][0].__name__}"
    for name, reading in readings.items():
        _make(trial, trouble)
        try:
            shown = [found.id for found in reading() if isinstance(found, Item)]
        except _RAISED[trouble]:
            shown = [one]
        except Exception as error:
            raise Failed(f"{name} raises {type(error).__name__} when {trouble}: {remedy}") from error
        require(one in shown, f"{name} answers as if the record were not there when {trouble}: {remedy}")
        require(trial.item(one).id == one, f"after {name} was {trouble}, nothing can be read")


def _writing(trouble: Trouble, trial: Trials) -> None:
    one = trial.inserted()
    for name in ("create", "update", "remove"):
        before = _seen(trial)
        send = _writes(trial, one)[name]
        _make(trial, trouble)
        status, said = _sent(send, (type(trial.provider).__name__, name))
        trial.settle()
        arrived = _seen(trial) != before
        # Where it did not arrive, a reading that the write began with was lost.
        met = Trouble.FAILED if trouble is Trouble.LOST_ANSWER and not arrived else trouble
        right = _ANSWERS[met]
        right += (Status.GONE,) if arrived and name == "remove" else ()
        require(status in right, f"{name} {said} when {trouble}: {_REMEDY[trouble]}")
        require(arrived or status is not Status.DONE, f"{name} is answered with done, and was not carried out")
        require(len(trial.door.ids()) <= len(before) + 1, f"{name} made more than one record")
        if not trial.there(one):
            return


def _sent(send: Callable[[], Sequence[Outcome[Any]]], where: tuple[str, str]) -> tuple[Status | None, str]:
    """Return what a write was answered with, an error being what it stands for, and how to say that."""
    try:
        answer = send()
    except OutcomeUnknown:
        return Status.UNKNOWN, "raises OutcomeUnknown"
    except (Throttled, Unavailable) as error:
        return Status.THROTTLED, f"raises {type(error).__name__}, which says that nothing was written,"
    except Exception as error:  # noqa: BLE001 -- whatever the provider raises is what was found
        return None, f"raises {type(error).__name__}"
    try:
        status = outcomes_of(answer, 1, where)[0].status
    except (UsageError, Miscounted) as error:
        raise Failed(str(error)) from error
    return status, f"is answered with {status}"


def _seen(trial: Trials) -> dict[str, object]:
    return {one: trial.shown(one) for one in trial.door.ids()}


def _writes(trial: Trials, one: str) -> dict[str, Callable[[], Sequence[Outcome[Any]]]]:
    """Return a create, and an update and a removal of a record as it is now."""
    provider, scope, version = trial.provider, trial.scope, trial.item(one).version
    creates = [trial.creation()]
    updates = [Update(one, version, trial.samples.edit, None, "contract-update")]
    removals = [Remove(one, version, "contract-remove")]
    return {
        "create": lambda: provider.create(creates, scope),
        "update": lambda: provider.update(updates, scope),
        "remove": lambda: provider.remove(removals, scope),
    }


_PROMISES = (
    (_reading, Trouble.THROTTLED, "a throttled reading", "raises Throttled, and shows nothing as gone"),
    (_reading, Trouble.FAILED, "a reading that fails", "raises Unavailable, and shows nothing as gone"),
    (_reading, Trouble.SIGNED_OUT, "a reading while signed out", "raises AuthenticationRequired or PermissionDenied"),
    (_writing, Trouble.THROTTLED, "a throttled write", "raises Throttled, or is answered so"),
    (_writing, Trouble.FAILED, "a write that fails", "is in doubt unless it is known that nothing was written"),
    (_writing, Trouble.LOST_ANSWER, "a write without an answer", "is in doubt, and not done twice"),
)
TROUBLE: tuple[Check[Trials, Capabilities], ...] = tuple(
    Check(name, promise, partial(try_, trouble)) for try_, trouble, name, promise in _PROMISES
)
