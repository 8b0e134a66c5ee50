"""Hold what the page for contributors says against the project."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
SESSION = re.compile(r"^@nox\.session(?:\((?P<options>.*)\))?\ndef (?P<function>\w+)", re.MULTILINE)


def test_every_session_stands_in_the_table() -> None:
    """Each nox session is explained to contributors, and none that is gone."""
    noxfile = (ROOT / "noxfile.py").read_text(encoding="utf-8")
    named = re.compile(r'name="(\w+)"')
    sessions = [
        found[1] if (found := named.search(match["options"] or "")) else match["function"]
        for match in SESSION.finditer(noxfile)
    ]
    page = (ROOT / "docs" / "contributing.md").read_text(encoding="utf-8")
    assert len(sessions) > 10
    assert sorted(re.findall(r"^\| `(\w+)` \| ", page, re.MULTILINE)) == sorted(sessions)


def test_the_floors_are_those_that_are_checked() -> None:
    """The table of floors is the contract that imports are held to."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    page = (ROOT / "docs" / "contributing.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| (`.*?`) \| ", page, re.MULTILINE)
    assert [int(number) for number, _ in rows] == list(range(len(layers) - 1, -1, -1))
    assert [set(re.findall(r"`(\w+)`", packages)) for _, packages in rows] == [
        set(re.findall(r"\w+", layer)) for layer in layers
    ]
