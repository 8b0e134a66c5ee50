"""Provide the exit codes of the command line: which error and which run ends in which."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

from tallystick.errors import (
    AuthenticationRequired,
    PermissionDenied,
    SafetyError,
    StalePlan,
    StateKeyError,
    StateVersionError,
    TallystickError,
    UsageError,
)
from tallystick.ports import RunState


class Exit(IntEnum):
    """How a command ended."""

    COMPLETE = 0
    """It did what was asked."""
    WARNING = 1
    """A minor fault, or the answer was no: nothing is lost, and the next run tries again."""
    USAGE = 2
    """What was given cannot be used: an option, a file, a key, a state. Nothing was written."""
    PROBLEM = 3
    """A person has to decide or to mend something first; refused for safety, too."""
    INTERRUPTED = 130
    """Ctrl-C, or a signal that asks for the end."""


CUT_SHORT = "interrupted while writing: the files and the state are sound, and the next sync goes on from here"


class Interrupted(KeyboardInterrupt):
    """A Ctrl-C of which is known what it leaves behind; the text says so."""

    def __init__(self, said: str = CUT_SHORT) -> None:
        super().__init__(said)


@contextmanager
def writing() -> Iterator[None]:
    """Say of a Ctrl-C that comes while something is written what it leaves behind."""
    try:
        yield
    except KeyboardInterrupt:
        raise Interrupted from None


_RUNS = {RunState.WARNING: Exit.WARNING, RunState.PROBLEM: Exit.PROBLEM}


def exit_of_run(state: RunState) -> Exit:
    """Return the exit code of a run that ended in ``state``."""
    return _RUNS.get(state, Exit.COMPLETE)


def exit_of_error(error: TallystickError) -> Exit:
    """Return the exit code of an error: by who has to act, as a run's state is."""
    if isinstance(error, StalePlan):
        return Exit.WARNING
    if isinstance(error, UsageError | StateKeyError | StateVersionError):
        return Exit.USAGE
    if isinstance(error, AuthenticationRequired | PermissionDenied | SafetyError):
        return Exit.PROBLEM
    return Exit.WARNING
