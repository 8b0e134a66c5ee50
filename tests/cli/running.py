"""Provide the running of commands, and small address books whose every value is known."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import attrs

from tallystick.cli.app import COMMANDS
from tallystick.providers.files import open_contacts, open_entries, write_contacts, write_entries
from tallystick.records import Contact, EmailAddress, Entry, Phone

NAMES = [command.__name__.replace("_", "-") for command in COMMANDS]
"""What the commands are called."""

PROFILE = ("--profile", "maximizer-contacts")


@attrs.frozen
class Ran:
    """What one command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> object:
        """The answer that was asked for as JSON."""
        return json.loads(self.out)


Call = Callable[..., Ran]


@attrs.frozen
class Books:
    """A folder with a left and a right file, and the options under which they are synced."""

    folder: Path
    left: Path
    right: Path
    state: Path

    @property
    def options(self) -> tuple[str, ...]:
        """What plan, sync and explain need."""
        return (str(self.left), str(self.right), *PROFILE, "--state", str(self.state))

    @property
    def where(self) -> tuple[str, str]:
        """What the commands need that only look."""
        return ("--state", str(self.state))

    def contents(self) -> dict[str, bytes]:
        """Return every file of the folder, to be compared."""
        return {path.name: path.read_bytes() for path in sorted(self.folder.iterdir()) if path.is_file()}

    def names(self) -> tuple[list[str], list[str]]:
        """Return the last names on both sides, in alphabetical order."""
        from tallystick import Scope

        left = open_contacts(self.left).changes(None, Scope()).items
        right = open_entries(self.right).changes(None, Scope()).items
        return sorted(item.record.surname for item in left), sorted(item.record.last_name for item in right)


def contact(first: str, last: str, address: str | None = None, **fields: object) -> Contact:
    """Return a contact; its address is made of its name unless given."""
    address = f"{first}.{last}@example.org".lower() if address is None else address
    names = {"given_name": first, "surname": last, "file_as": f"{first} {last}"}
    return Contact(**names, email_addresses=(EmailAddress(address),), **fields)  # type: ignore[arg-type]


def entry(first: str, last: str, address: str | None = None, **fields: object) -> Entry:
    """Return an entry; its address is made of its name unless given."""
    address = f"{first}.{last}@example.org".lower() if address is None else address
    return Entry(first_name=first, last_name=last, emails=(address,), **fields)  # type: ignore[arg-type]


def make_books(folder: Path, contacts: Sequence[Contact], entries: Sequence[Entry], suffix: str = ".csv") -> Books:
    """Write both files into a folder."""
    books = Books(folder, folder / f"outlook{suffix}", folder / f"crm{suffix}", folder / "links.db")
    write_contacts(books.left, contacts)
    write_entries(books.right, entries, [("Clients",)] * len(entries))
    return books


def few() -> tuple[list[Contact], list[Entry]]:
    """Return three people that both know (one with more on the right), two that one side knows, and two unfit."""
    contacts = [
        contact("Ada", "Both", company_name="Engines", categories=("Maximizer",)),
        contact("Ben", "Both", mobile_phone="020 7946 0001"),
        contact("Cy", "Both"),
        contact("Dora", "Left"),
        contact("", "Unfit", "unfit@example.org"),
    ]
    entries = [
        entry("Ada", "Both", company_name="Engines"),
        entry("Ben", "Both", phones=(Phone("Cell", "020 7946 0001"),)),
        entry("Cy", "Both", position="Engineer"),
        entry("Eve", "Right"),
        entry("Fay", "Unfit", "no address"),
    ]
    return contacts, entries
