"""Hold what the page for contributors says against the project."""

import re
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
