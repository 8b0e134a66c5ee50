"""A run between two real servers that is killed by the system: nothing is lost or doubled, and what is kept holds."""

import os
import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest

from tallystick.providers.dav import CONTACTS
from tallystick.records import Contact, EmailAddress
from tests.dav.doors import Door
from tests.dav.page import names_of_page
from tests.dav.servers import Server, people_at

pytestmark = pytest.mark.dav
ROOT = Path(__file__).parents[2]
_QUIET = "complete 0"


class Place:
    """An address book, a store, and a state's file, with people whom one side has alone."""

    def __init__(self, book: Server, store: Server, folder: Path) -> None:
        self.book, self.people = book.made(), people_at(store)
        self.cards = Door(book, self.book, CONTACTS, "")
        self.rows = names_of_page()["Door"](store.client(), self.people)
        self.state, self.numbers = folder / "state.db", count()
        for name in ("Byron", "Hopper", "Noether"):
            mail = (EmailAddress(f"{name.lower()}@example.com"),)
            self.cards.insert(Contact("Given", surname=name, email_addresses=mail), member=False)
        for name in ("Germain", "Noether"):
            self.rows.send("PUT", name.lower(), {"data": body(name)})

    def run(self, *, kill_at: int = 0) -> list[str]:
        """Run once in another process, killed as soon as it has said so many words; return what it said."""
        arguments = [self.book, self.people, str(self.state), str(next(self.numbers))]
        command = [sys.executable, "-m", "tests.dav.killed", *arguments]
        path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
        said: list[str] = []
        with subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, "PYTHONPATH": path}, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            for line in process.stdout:
                said.append(line.strip())
                if len(said) == kill_at:
                    process.kill()
        return said

    def names(self) -> tuple[list[str], list[str]]:
        """Return who is on either side."""
        cards = [self.cards.record(id_).surname for id_ in self.cards.ids()]
        return sorted(cards), sorted(self.rows.record(id_).last_name for id_ in self.rows.ids())


def body(name: str) -> dict[str, object]:
    """Return a person as the store keeps one."""
    return {"first_name": "Given", "last_name": name, "emails": [f"{name.lower()}@example.com"], "lists": []}


def test_killed_by_the_system(book: Server, store: Server, tmp_path: Path) -> None:
    """Wherever the system ends a run, the runs after it end with everybody once on either side, and then rest."""
    clean = Place(book, store, _folder(tmp_path, "clean"))
    words = clean.run()
    everybody = ["Byron", "Germain", "Hopper", "Noether"]
    assert clean.names() == (everybody, everybody)
    assert clean.run()[-1] == _QUIET

    for at in range(2, len(words), 5):  # before a request is sent, or once it was answered, in turn
        place = Place(book, store, _folder(tmp_path, f"at-{at}"))
        said = place.run(kill_at=at)
        assert len(said) < len(words)
        last = [(place.run() or ["died"])[-1] for _ in range(3)]
        assert last[-1] == _QUIET, f"killed at {at}: {last}"
        assert place.names() == (everybody, everybody), f"killed at {at}"


def _folder(base: Path, name: str) -> Path:
    (base / name).mkdir()
    return base / name
