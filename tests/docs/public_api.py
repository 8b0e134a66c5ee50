"""Tell what is public, as text: every name of the public packages, what it is, and how it is called.

Beside these packages it is what the pages of the reference document, and what pages import, from elsewhere.

The text is kept beside this file. After a change that is meant, write it anew and tell of it in the changelog:

    python -m tests.docs.public_api --write

Some packages need an extra. All of these come with ``test``; where one is missing, the package says so itself.
"""

import argparse
import importlib
import inspect
import re
from collections.abc import Iterator
from contextlib import suppress
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import TypeVar

import attrs

KEPT = Path(__file__).with_suffix(".txt")
DOCS = Path(__file__).parents[2] / "docs"
RENEW = "if that is meant: python -m tests.docs.public_api --write, and a line in CHANGELOG.md"
PACKAGES = (
    "tallystick",
    "tallystick.console",
    "tallystick.errors",
    "tallystick.fleet",
    "tallystick.mail",
    "tallystick.mapping",
    "tallystick.matching",
    "tallystick.observers",
    "tallystick.ports",
    "tallystick.providers.dav",
    "tallystick.providers.files",
    "tallystick.providers.graph",
    "tallystick.providers.memory",
    "tallystick.reconcile",
    "tallystick.records",
    "tallystick.recurrence",
    "tallystick.settings",
    "tallystick.sinks",
    "tallystick.state.sql",
    "tallystick.sync",
    "tallystick.testing",
    "tallystick.testing.graph",
)

ENGINES = ("tallystick.fleet.celery_task", "tallystick.fleet.procrastinate_queue")
"""What needs an engine that ``test`` does not bring."""


def public_names(package: str) -> dict[str, object]:
    """Return the public names of a package with what they stand for; its modules are not among them."""
    module = importlib.import_module(package)
    names = {name: getattr(module, name) for name in dir(module) if not name.startswith("_")}
    return {
        name: value
        for name, value in names.items()
        if name != "TYPE_CHECKING" and not isinstance(value, ModuleType) and _is_ours(value)
    }


def _is_ours(value: object) -> bool:
    return not isinstance(value, TypeVar) and getattr(value, "__module__", "tallystick").startswith("tallystick")


_DIRECTIVE = re.compile(r"^\.\. (auto\w+|py:\w+):: (tallystick[\w.]*)\n((?:   :.*\n)*)", re.MULTILINE)
_IMPORT = re.compile(r"^from (tallystick[\w.]*) import (?:\(([^)]*)\)|(.*))$", re.MULTILINE)


def documented() -> dict[str, object]:
    """Return what the pages document or import, by its full name, with what it stands for."""
    names: set[str] = set()
    for page in sorted(DOCS.rglob("*.md")):
        text = page.read_text(encoding="utf-8")
        for kind, name, options in _DIRECTIVE.findall(text):
            names.update(_members_of(name, options) if kind == "automodule" else [name])
        for module, several, few in _IMPORT.findall(text):
            found = (one.split(" as ")[0].strip() for one in (several or few.partition("#")[0]).split(","))
            names.update(f"{module}.{one}" for one in found if one and module not in ENGINES)
    values = {name: _found(name) for name in sorted(names)}
    return {
        name: value for name, value in values.items() if not isinstance(value, ModuleType | None) and _is_ours(value)
    }


def _found(name: str) -> object:
    """Return what stands under a full name, None where nothing does."""
    parts = name.split(".")
    value: object = importlib.import_module(parts[0])
    for at, part in enumerate(parts[1:], 2):
        if not hasattr(value, part) and isinstance(value, ModuleType):
            with suppress(ModuleNotFoundError):
                importlib.import_module(".".join(parts[:at]))
        value = getattr(value, part, None)
    return value


def _members_of(module: str, options: str) -> Iterator[str]:
    """Yield the full names of what a page shows of a module: those that it lists, or all that are made there."""
    shown = re.search(r":members:(.*)", options)
    if shown is None:
        return
    listed = {name.strip() for name in shown[1].split(",")} - {""}
    for name, value in public_names(module).items():
        if name in listed or (not listed and getattr(value, "__module__", "") == module):
            yield f"{module}.{name}"


def described() -> Iterator[str]:
    """Yield one line for each public name, and for each public member of each class."""
    made: set[object] = set()
    for package in PACKAGES:
        for name, value in sorted(public_names(package).items()):
            made.add(identity(f"{package}.{name}", value))
            yield from _described(f"{package}.{name}", value)
    for name, value in sorted(documented().items(), key=lambda one: (one[0].count("."), one[0])):
        member = inspect.isclass(_found(name.rpartition(".")[0]))
        if not member and (known := identity(name, value)) not in made:
            made.add(known)
            yield from _described(name, value)


def identity(name: str, value: object) -> object:
    """Return by what a class, function or frozen value of ours has one place under several names; another has many."""
    return id(value) if type(value).__module__.startswith("tallystick") or callable(value) else name


def _described(name: str, value: object) -> Iterator[str]:
    if not inspect.isclass(value):
        yield f"{name}{_signature(value)}" if callable(value) else f"{name}: {type(value).__name__}"
        return
    bases = ", ".join(base.__name__ for base in value.__bases__ if base is not object)
    yield f"class {name}({bases})" if bases else f"class {name}"
    if issubclass(value, Enum):
        yield from (f"  {name}.{member} = {one.value!r}" for member, one in value.__members__.items())
    elif attrs.has(value):
        yield from (f"  {name}.{field.name}{_default(field)}" for field in attrs.fields(value) if field.init)
    elif inspect.isfunction(_members(value).get("__init__")) and not getattr(value, "_is_protocol", False):
        yield f"  {name}{_signature(value)}"
    for member, one in sorted(_members(value).items()):
        if member.startswith("_") or isinstance(one, Enum):
            continue
        if isinstance(one, property):
            yield f"  {name}.{member}: property"
        elif inspect.isfunction(one) or isinstance(one, classmethod | staticmethod):
            yield f"  {name}.{member}{_signature(getattr(value, member))}"


def _members(value: type) -> dict[str, object]:
    """Return what a class defines, and what it has from those providers' faces that are public by it alone."""
    return {
        member: one
        for each in reversed(value.__mro__)
        if each is value or each.__module__ == "tallystick.providers.http.faces"
        for member, one in vars(each).items()
    }


def _default(field: "attrs.Attribute[object]") -> str:
    return "" if field.default is attrs.NOTHING else " = ..."


def _signature(value: object) -> str:
    """Return how something is called, without types: those are the type checkers' affair, and spelt by each Python."""
    signature = inspect.signature(value)  # type: ignore[arg-type]  # told apart by the caller
    kept = [
        parameter.replace(annotation=inspect.Parameter.empty, default=_plain(parameter.default))
        for parameter in signature.parameters.values()
    ]
    text = str(signature.replace(parameters=kept, return_annotation=inspect.Signature.empty))
    return f"{text}{', awaited' if inspect.iscoroutinefunction(value) else ''}"


def _plain(default: object) -> object:
    known = default is inspect.Parameter.empty or default is None or isinstance(default, bool | int | str)
    return default if known and not isinstance(default, Enum) else _Other()


class _Other:
    """A default that has no short and lasting spelling."""

    def __repr__(self) -> str:
        return "..."


def main() -> None:
    """Print the text, or write it down."""
    parser = argparse.ArgumentParser(description="Tell what is public.")
    parser.add_argument("--write", action="store_true", help="write it to the file that the tests compare with")
    text = "\n".join(described()) + "\n"
    if parser.parse_args().write:
        KEPT.write_text(text, encoding="utf-8")
    else:
        print(text, end="")  # noqa: T201 -- what the command is for


if __name__ == "__main__":
    main()
