"""Provide the saying that something goes: what to use instead, since which release, and where the caller stands.

What is deprecated works on for at least one minor release. A function or class keeps working behind :func:`deprecated`;
a name of a package that has another name now is kept by :func:`renamed`.
"""

import functools
import warnings
from collections.abc import Callable, Mapping
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def warn(what: str, *, since: str, instead: str) -> None:
    """Warn whoever called the function that calls this."""
    warnings.warn(f"{what} is deprecated since tallystick {since}: use {instead}", DeprecationWarning, stacklevel=3)


def deprecated(*, since: str, instead: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Return a decorator for functions: each call warns its caller.

    >>> @deprecated(since="0.2", instead="renewed()")
    ... def old() -> int:
    ...     return 1
    """

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        @functools.wraps(function)
        def called(*args: P.args, **kwargs: P.kwargs) -> T:
            warn(f"{function.__qualname__}()", since=since, instead=instead)
            return function(*args, **kwargs)

        return called

    return decorate


def renamed(
    package: str, names: Mapping[str, tuple[str, str]], found: Callable[[str], object]
) -> Callable[[str], object]:
    """Return the ``__getattr__`` of a package some of whose names have others now.

    ``names`` holds, for each old name, the new one and the release since which it is so. ``found`` gives what a name
    stands for, and raises AttributeError where there is none: the package's own ``__getattr__``, or one that only
    raises, behind ``vars()``.
    """

    def getattr_(name: str) -> object:
        if name not in names:
            return found(name)
        instead, since = names[name]
        warn(f"{package}.{name}", since=since, instead=f"{package}.{instead}")
        return found(instead)

    return getattr_
