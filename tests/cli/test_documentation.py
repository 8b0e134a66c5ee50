"""Test that the page about the command line speaks of everything that there is, and of nothing else."""

import re
from pathlib import Path

import pytest

from tallystick.cli.exits import Exit
from tests.cli.running import NAMES, Call

PAGE = (Path(__file__).parents[2] / "docs/how-to/command-line.md").read_text(encoding="utf-8")


def options(call: Call, *command: str) -> set[str]:
    """Return the options that the help of a command names."""
    return set(re.findall(r"(?<![\w-])-{1,2}[a-z][a-z-]*", call(*command, "--help").out))


@pytest.mark.parametrize("command", NAMES)
def test_every_command_and_option_is_on_the_page(command: str, call: Call) -> None:
    """Every command has a place on the page, and so has every option of it."""
    found = options(call, command)

    assert "--debug" in found
    assert f"tallystick {command}" in PAGE
    assert not [name for name in found if f"`{name}" not in PAGE]


def test_every_option_on_the_page_exists(call: Call) -> None:
    """The page speaks of no option that is not there."""
    found = {name for command in NAMES for name in options(call, command)} | {"--help", "--version"}

    assert not set(re.findall(r"`(-{1,2}[a-z][a-z-]*)", PAGE)) - found


@pytest.mark.parametrize("ending", Exit, ids=lambda ending: ending.name.lower())
def test_every_exit_code_is_on_the_page(ending: Exit) -> None:
    """Every exit code is explained."""
    assert re.search(rf"^\| {int(ending)} \|", PAGE, re.MULTILINE)
