"""Provide a command line to call in the process, and address books to call it on."""

import os
from pathlib import Path

import pytest

from tallystick.cli import main
from tests.cli.running import Books, Call, Ran, few, make_books


@pytest.fixture(autouse=True)
def _quiet_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing around the tests change what they print: no key, no colours, a screen of 100 columns."""
    for name in ("TALLYSTICK_KEY", "NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    """Call the command line and return what it said."""

    def calling(*argv: str | os.PathLike[str]) -> Ran:
        capsys.readouterr()
        code = main([os.fspath(one) for one in argv])
        return Ran(code, *capsys.readouterr())

    return calling


@pytest.fixture
def books(tmp_path: Path) -> Books:
    """Two small files that have not been synced."""
    return make_books(tmp_path, *few())


@pytest.fixture
def synced(books: Books, call: Call) -> Books:
    """The same files, synced once."""
    assert call("sync", *books.options, "--yes").code == 0
    return books
