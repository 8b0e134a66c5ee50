"""Provide names that are imported when they are first asked for (PEP 562), so that a package costs what is used of it.

A package says ``__getattr__, __dir__ = deferred(__name__, {...})`` at run time, and imports the same names where only
type checkers look; a test holds both to each other.
"""

import sys
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module


def deferred(
    package: str, homes: Mapping[str, str], modules: Iterable[str] = ()
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Return the ``__getattr__`` and ``__dir__`` of a package.

    ``homes`` names for each deferred name the module that has it, ``modules`` the package's own that are reached as
    attributes without having been imported.
    """
    known = frozenset(modules)

    def getattr_(name: str) -> object:
        if name in homes:
            found = getattr(import_module(homes[name]), name)
        elif name in known:
            found = import_module(f"{package}.{name}")
        else:
            raise AttributeError(f"module {package!r} has no attribute {name!r}", name=name, obj=sys.modules[package])
        setattr(sys.modules[package], name, found)
        return found

    def dir_() -> list[str]:
        return sorted({*vars(sys.modules[package]), *homes, *known})

    return getattr_, dir_
