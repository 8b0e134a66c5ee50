"""The public names are written down: none goes, and none comes, unnoticed."""

import importlib
from pathlib import Path
from types import ModuleType

import pytest

NAMES = Path(__file__).parent / "public_names.txt"


def public(package: str) -> list[str]:
    """Return the public names of a package; its modules are not among them."""
    module = importlib.import_module(package)
    names = {name for name in dir(module) if not name.startswith("_")} - {"TYPE_CHECKING"}
    return sorted(name for name in names if not isinstance(getattr(module, name), ModuleType))


@pytest.mark.parametrize("package", ["tallystick", "tallystick.testing"])
def test_the_public_names_are_those_that_are_written_down(package: str) -> None:
    """A name that is new is added to the list on purpose; one that is gone is named in the changelog."""
    lines = NAMES.read_text(encoding="utf-8").split()
    known = [line.removeprefix(f"{package}.") for line in lines if line.rpartition(".")[0] == package]

    assert public(package) == known, f"if that is meant, write it down in {NAMES.name}"
