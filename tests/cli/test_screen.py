"""Test what reaches the screen: nothing that a terminal would obey, nothing of anybody's data, at any width."""

import io
import sys
from pathlib import Path

import pytest

from tallystick.cli.screen import number, shown
from tallystick.records import PostalAddress
from tallystick.text import counted
from tests.cli.running import Books, Call, contact, entry, make_books


def test_nothing_that_a_terminal_would_obey_is_printed() -> None:
    """Ids come from files that anybody may write: what is not printable is spelled out."""
    assert shown("plain id-7 ëЖ名") == "plain id-7 ëЖ名"
    assert shown("a\x1b[2Jb\n\u202e") == "a\\x1b[2Jb\\x0a\\x202e"


def test_an_id_with_terminal_codes_is_harmless(tmp_path: Path, call: Call) -> None:
    """An id that would clear the screen is shown spelled out, and brackets in it are no markup."""
    books = make_books(tmp_path, [], [])
    head = '"Id","First Name","Last Name","Email1"\n'
    books.right.write_text(f'{head}"\x1b[2J[bold]x","Ada","Both","a@example.org"\n', encoding="utf-8")

    ran = call("plan", *books.options)

    assert "\x1b" not in ran.out
    assert "\\x1b[2J[bold]x" in ran.out


def test_counts_read_well() -> None:
    """Counts have separators, and nouns their number."""
    assert [number(0), number(7), number(20_000)] == ["-", "7", "20,000"]
    assert [counted(1, "pair"), counted(2_000, "pair ends", "pairs end")] == ["1 pair", "2,000 pairs end"]


@pytest.mark.parametrize("columns", ["40", "80", "120", "500"])
def test_no_line_is_wider_than_the_screen(
    columns: str, synced: Books, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the width of the screen, no line of a table runs over it."""
    monkeypatch.setenv("COLUMNS", columns)
    commands = (
        ("plan", *synced.options),
        ("history", *synced.where),
        ("ignored", *synced.where),
        ("status", *synced.where),
        ("demo", "--contacts", "20"),
    )

    for command in commands:
        for line in call(*command).out.splitlines():
            assert len(line) <= min(int(columns), 110)


def test_a_screen_of_no_width_shows_all(synced: Books, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing tells how wide the screen is (COLUMNS=0, as in some containers), a usual width is taken."""
    monkeypatch.setenv("COLUMNS", "0")

    assert "outlook.csv+crm.csv" in call("history", *synced.where).out


def test_colours_are_for_terminals(synced: Books, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes into a file or a pipe has no colours; what goes to a terminal may."""
    plain = call("history", *synced.where).out
    monkeypatch.setenv("FORCE_COLOR", "1")
    coloured = call("history", *synced.where).out

    assert "\x1b[" not in plain
    assert "\x1b[" in coloured


def test_a_screen_that_knows_few_letters_is_no_error(synced: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal that can spell nothing but ASCII gets replacements, never an error."""
    from tallystick.cli import main

    screen = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", screen)

    code = main(["history", "--state", str(synced.state), "--sync", "outlook.csv+crm.csv"])

    screen.flush()
    assert code == 0
    assert b"complete" in screen.buffer.getvalue()


SECRETS = ("Zebedee", "Quagmire", "quag@example.org", "Wombats", "555-0199", "Lane 7", "confidential", "Tapir")


def test_nobody_s_data_is_ever_printed(tmp_path: Path, call: Call) -> None:
    """Whatever you ask for, you see ids, names of fields, figures and reasons, never what stands in a record."""
    contacts = [
        contact("Zebedee", "Quagmire", "quag@example.org", company_name="Wombats", personal_notes="confidential"),
        contact("Zebedee", "Quagmire", "quag@example.org"),
        contact("Zebedee", "Tapir", company_name="Wombats", business_address=PostalAddress("Lane 7")),
        contact("", "Quagmire"),
    ]
    entries = [entry("Zebedee", "Tapir", company_name="Wombats Ltd"), entry("Zebedee", "Quagmire", "555-0199")]
    books = make_books(tmp_path, contacts, entries)
    said = ""
    for command in (
        ("plan", *books.options, "--details", "99"),
        ("plan", *books.options, "--details", "99", "--json"),
        ("sync", *books.options, "--yes", "--json"),
        ("sync", *books.options, "--yes"),
        *((command, *books.where) for command in ("history", "ignored", "conflicts", "errors", "status")),
        ("ignored", *books.where, "--json"),
    ):
        ran = call(*command)
        assert ran.code == 0
        said += ran.out + ran.err
    rows = call("ignored", *books.where, "--json").data
    assert isinstance(rows, list)
    for row in rows:
        said += call("explain", *books.options, "--side", row["side"], "--id", row["id"]).out

    assert not [secret for secret in SECRETS if secret.lower() in said.lower()]
