"""The providers that come with the library hold the contract that is published for everybody's."""

import json
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any

import attrs
import pytest

from tallystick.ports import Scope, Term
from tallystick.providers.files import open_entries
from tallystick.providers.memory import FakeOutlook
from tallystick.records import Contact, EmailAddress, Entry
from tallystick.testing import MemoryDoor, ProviderContract, Samples
from tests.testing.broken import LIST, SAMPLES, person

CATEGORY = "Maximizer"


def contact(number: int) -> Contact:
    """Return one of many different contacts."""
    mail = (EmailAddress(f"p{number}@example.com"),)
    return Contact(given_name=f"Given{number}", surname=f"Family{number}", email_addresses=mail)


def _arriving(record: Contact) -> object:
    """Return what Outlook keeps as it is: it writes FileAs, and puts the categories in."""
    return (record.given_name, record.surname, record.company_name, record.job_title, record.email_addresses)


class JsonlDoor:
    """Somebody who edits a file of JSON lines by hand."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.numbers = count(1)

    def rows(self) -> dict[str, Any]:
        """Return the rows by id."""
        rows = [json.loads(line) for line in self.path.read_text(encoding="utf-8").splitlines() if line]
        return {row["id"]: row for row in rows}

    def save(self, rows: dict[str, Any]) -> None:
        """Write the rows."""
        self.path.write_text("".join(json.dumps(row) + "\n" for row in rows.values()), encoding="utf-8")

    def insert(self, record: Entry, *, member: bool) -> str:
        """Add a row."""
        id_ = f"hand-{next(self.numbers)}"
        body = {"kind": "individual", "first_name": record.first_name, "last_name": record.last_name}
        row = {"id": id_, "record": {**body, "emails": list(record.emails)}, "lists": [LIST] if member else []}
        self.save({**self.rows(), id_: row})
        return id_

    def edit(self, id: str, fields: Mapping[str, object]) -> None:  # noqa: A002 -- the word of the ports
        """Change a row."""
        rows = self.rows()
        rows[id]["record"].update(fields)
        self.save(rows)

    def delete(self, id: str) -> None:  # noqa: A002 -- the word of the ports
        """Delete a row."""
        rows = self.rows()
        del rows[id]
        self.save(rows)

    def move(self, id: str, *, member: bool) -> None:  # noqa: A002 -- the word of the ports
        """Put a row on the list, or take it off."""
        rows = self.rows()
        rows[id]["lists"] = [LIST] if member else []
        self.save(rows)

    def record(self, id: str) -> Entry:  # noqa: A002 -- the word of the ports
        """Return a row as an entry."""
        body = self.rows()[id]["record"]
        names = ("first_name", "last_name", "company_name", "position")
        return Entry(**{name: body.get(name, "") for name in names}, emails=tuple(body.get("emails", ())))

    def ids(self) -> list[str]:
        """Return all ids."""
        return list(self.rows())

    def expire_cursors(self) -> bool:
        """A file knows no cursors."""
        return False


@pytest.mark.behaviour("TS-10")
def test_the_fake_mailbox_holds() -> None:
    """Outlook's stand-in keeps every promise that it declares."""

    def make() -> Any:  # noqa: ANN401 -- a pair
        outlook = FakeOutlook(page_size=3)
        outlook.contacts.declare(CATEGORY)
        return outlook.contacts, MemoryDoor(outlook.contacts, CATEGORY)

    samples = Samples(
        contact,
        edit={"company_name": "Example Ltd"},
        other_edit={"job_title": "Head of Everything"},
        terms=lambda record: [Term("email", record.email_addresses[0].address)],
        scope=Scope(CATEGORY),
        shown=_arriving,
    )
    results = ProviderContract(make, samples).check()

    assert not results.broken, results.table()


@pytest.mark.behaviour("TS-10")
def test_a_file_of_json_lines_holds(tmp_path: Path) -> None:
    """A file as a side keeps every promise that it declares, whoever else writes it."""
    numbers = count()

    def make() -> Any:  # noqa: ANN401 -- a pair
        path = tmp_path / f"crm-{next(numbers)}.jsonl"
        path.touch()
        return open_entries(path), JsonlDoor(path)

    results = ProviderContract(make, attrs.evolve(SAMPLES, refused=None)).check()

    assert not results.broken, results.table()
    assert person(1) != person(2)
