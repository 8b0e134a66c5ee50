"""Tell what is public, as text: every name of the public packages, what it is, and how it is called.

The text is kept beside this file. After a change that is meant, write it anew and tell of it in the changelog:

    python -m tests.docs.public_api --write

Some packages need an extra. All of these come with ``test``; where one is missing, the package says so itself.
"""

import argparse
import importlib
import inspect
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from types import ModuleType

import attrs

KEPT = Path(__file__).with_suffix(".txt")
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
    "tallystick.providers.graph",
    "tallystick.providers.memory",
    "tallystick.reconcile",
    "tallystick.records",
    "tallystick.settings",
    "tallystick.sinks",
    "tallystick.state.sql",
    "tallystick.testing",
    "tallystick.testing.graph",
)


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
    return getattr(value, "__module__", "tallystick").startswith("tallystick")


def described() -> Iterator[str]:
    """Yield one line for each public name, and for each public member of each class."""
    for package in PACKAGES:
        for name, value in sorted(public_names(package).items()):
            yield from _described(f"{package}.{name}", value)


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
