"""Provide what a run has done so far, and after which error it can't go on."""

from collections import Counter

import attrs

from tallystick.errors import AuthenticationRequired, PermissionDenied, SafetyError, ScopeGone, TallystickError
from tallystick.ports import Side, WriteKind
from tallystick.reconcile.report import Failure
from tallystick.reconcile.step import Step
from tallystick.sync.setup import DENIED_AT_MOST


@attrs.define
class Applied:
    """What has been done so far. ``pairs`` are the ids of the pairs that were written.

    ``unfinished`` says that something has no outcome, so that cursors must not move; ``miscount``, of the first answer
    that could not be matched to its writes, how many outcomes it had. ``fault`` is the error to tell of, ``stopped``
    the one after which nothing more is sent.
    """

    writes: Counter[tuple[Side, WriteKind]] = attrs.field(factory=Counter)
    done: list[Step] = attrs.field(factory=list)
    pairs: set[tuple[str, str]] = attrs.field(factory=set)
    changed: list[Step] = attrs.field(factory=list)
    failures: list[Failure] = attrs.field(factory=list)
    failed: list[Step] = attrs.field(factory=list)
    in_doubt: list[Step] = attrs.field(factory=list)
    unfinished: bool = False
    fault: TallystickError | None = None
    stopped: TallystickError | None = None
    denied: int = 0
    miscount: str = ""

    def fail(self, error: TallystickError) -> None:
        """Take in an error of a side. What needs a person is told, also where something that passes comes after it."""
        if self.fault is None or is_grave(error):
            self.fault = error
        self.denied += isinstance(error, PermissionDenied)
        if not isinstance(error, PermissionDenied) or self.denied >= DENIED_AT_MOST:
            self.stopped = error  # what was denied once may be one record's alone


def is_grave(error: TallystickError) -> bool:
    """Tell whether an error needs a person: no later run gets over it by itself."""
    return isinstance(error, AuthenticationRequired | PermissionDenied | ScopeGone | SafetyError)
