"""Provide the check: one promise of a contract, by whom it is declared, and the work that tries it.

A check whose promise was declared must hold. One that was not is tried all the same: if it works, that is a remark.
"""

import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import Generic, TypeVar

import attrs

from tallystick.errors import UsageError
from tallystick.testing.results import Finding, Verdict

T = TypeVar("T")
D = TypeVar("D")


class Failed(Exception):
    """A promise was not kept: why, in words and ids."""


class OutOfReach(Exception):
    """What the promise needs can't be brought about here: why, in words."""


@attrs.frozen
class Check(Generic[T, D]):
    """One promise. ``try_`` is given a fresh trial and raises :class:`Failed`.

    ``declared`` tells from what the part declares of itself whether it makes the promise; None: every part does.
    ``sensible`` tells whether trying makes sense where it does not.
    """

    name: str
    promise: str
    try_: Callable[[T], None]
    declared: Callable[[D], bool] | None = None
    sensible: Callable[[D], bool] | None = None

    def find(self, begin: Callable[[], T], declaration: D) -> Finding:
        """Try the promise on a fresh trial and return what was found."""
        declares = self.declared is None or self.declared(declaration)
        if not declares and self.sensible is not None and not self.sensible(declaration):
            return Finding(self.name, self.promise, Verdict.UNTRIED, "not declared")
        try:
            self.try_(begin())
        except OutOfReach as error:
            return Finding(self.name, self.promise, Verdict.UNTRIED, str(error))
        except Exception as error:  # noqa: BLE001 -- whatever the part raises is what was found
            why = str(error) if isinstance(error, Failed) else _raised(error)
            if declares:
                return Finding(self.name, self.promise, Verdict.BROKEN, why)
            return Finding(self.name, self.promise, Verdict.UNTRIED, "not declared")
        if declares:
            return Finding(self.name, self.promise, Verdict.HELD)
        return Finding(self.name, self.promise, Verdict.REMARK, f"not declared, and works: {self.promise}")


def _raised(error: Exception) -> str:
    """Say what was raised, and where; not what it says, which may hold contents."""
    at = traceback.extract_tb(error.__traceback__)[-1]
    return f"it raised {type(error).__name__} ({Path(at.filename).name}, line {at.lineno})"


def found(checks: Iterable[Check[T, D]], begin: Callable[[], T], declaration: D) -> list[Finding]:
    """Return what each check finds, each on a trial of its own."""
    return [check.find(begin, declaration) for check in checks]


def chosen(checks: Iterable[Check[T, D]], only: Iterable[str]) -> list[Check[T, D]]:
    """Return the checks of these names; all without any."""
    names = set(only)
    return [check for check in checks if not names or check.name in names]


def require_names(only: Iterable[str], known: Sequence[str]) -> tuple[str, ...]:
    """Return the names of checks; raise UsageError where there is none of a name."""
    names = tuple(only)
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, 1)
            remedy = f"did you mean {near[0]!r}?" if near else "choose from the contract's promises"
            raise UsageError(f"there is no check {name!r}", where="only", remedy=remedy)
    return names


@contextmanager
def refused(error: type[Exception], otherwise: str) -> Iterator[None]:
    """Raise Failed, saying what happened ``otherwise``, unless the body raises this error."""
    try:
        yield
    except error:
        return
    raise Failed(otherwise)


def require(kept: object, why: str) -> None:
    """Raise Failed with ``why`` unless the promise is kept."""
    if not kept:
        raise Failed(why)
