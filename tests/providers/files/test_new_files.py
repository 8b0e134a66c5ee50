"""Making new files."""

from pathlib import Path

import pytest

from tallystick.errors import InputError, Unavailable
from tallystick.ports import Scope
from tallystick.providers.files import open_contacts, open_entries, write_contacts, write_entries
from tallystick.records import Contact, Entry, EntryKind

CLIENTS = Scope("Clients")
WHOLE = Scope()


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_new_files(tmp_path: Path, suffix: str) -> None:
    """New files are made with the standard header, hold what they were given, and have all their ids."""
    people = [Contact(given_name="Ada", categories=("Maximizer",)), Contact(given_name="Bob", personal_notes="a\nb")]
    write_contacts(tmp_path / f"outlook.{suffix}", people)
    provider = open_contacts(tmp_path / f"outlook.{suffix}")
    assert [item.record for item in provider.changes(None, WHOLE).items] == people
    assert provider.capabilities.stable_ids
    entries = [Entry(first_name="Ada"), Entry(kind=EntryKind.COMPANY)]
    write_entries(tmp_path / f"crm.{suffix}", entries, [("Clients",), ()])
    crm = open_entries(tmp_path / f"crm.{suffix}")
    assert [item.record for item in crm.changes(None, WHOLE).items] == entries
    assert [item.record for item in crm.changes(None, CLIENTS).items] == entries[:1]


def test_a_new_file_replaces_nothing(tmp_path: Path) -> None:
    """Making a new file where there is one is refused."""
    (tmp_path / "outlook.csv").write_text("mine")
    with pytest.raises(Unavailable, match="File exists"):
        write_contacts(tmp_path / "outlook.csv", [])
    assert (tmp_path / "outlook.csv").read_text() == "mine"


def test_a_new_file_that_cannot_hold_a_record(tmp_path: Path) -> None:
    """A record that does not fit is named by its number, and no file is made."""
    with pytest.raises(InputError, match=r"record 2: .* -- too_many:emails"):
        write_entries(tmp_path / "crm.csv", [Entry(), Entry(emails=("a",) * 4)], [(), ()])
    assert not list(tmp_path.iterdir())
