"""Test Ctrl-C, anywhere: a message, no traceback, and files and state that the next sync goes on from."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tallystick.providers.addressbook import address_books
from tallystick.providers.files import write_contacts, write_entries
from tallystick.providers.files.disk import replace_file
from tests.cli.running import Books, Call, few, make_books

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="interrupts are sent in another way there")
COMMAND = (sys.executable, "-m", "tallystick.cli")
PATIENCE = 30.0
SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")
"""By name, since Windows has not all of them."""


@pytest.fixture(autouse=True)
def _listening() -> Iterator[None]:
    """Listen to Ctrl-C and the like, also where the tests run in the background, and so deaf to them."""
    before = {one: signal.signal(one, signal.SIG_DFL) for one in map(signal.Signals.__getitem__, SIGNALS)}
    signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    for one, handler in before.items():
        signal.signal(one, handler)


@contextmanager
def running(*argv: str, stdin: int | None = subprocess.DEVNULL) -> Iterator[subprocess.Popen[bytes]]:
    """Start the command line in a process of its own."""
    with subprocess.Popen([*COMMAND, *argv], stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


def interrupt(process: subprocess.Popen[bytes], by: str = "SIGINT") -> tuple[int, str]:
    """Send a Ctrl-C or another signal, wait for the end, and return the exit code and what was said about it."""
    process.send_signal(signal.Signals[by])
    _, said = process.communicate(timeout=PATIENCE)
    return process.returncode, said.decode()


def stop(*_ignored: object) -> None:
    """Be where a Ctrl-C arrives."""
    raise KeyboardInterrupt


def wait_for(happened: Callable[[], object]) -> None:
    """Wait until something has happened."""
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.001)


@pytest.mark.parametrize("heading", [b"Demo", b"would"], ids=["generating", "writing"])
def test_a_demo_can_be_interrupted(heading: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in the middle of a demo ends it with 130 and one line, and leaves nothing behind."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with running("demo", "--contacts", "5000") as process:
        assert process.stdout is not None
        while heading not in process.stdout.readline():
            pass
        code, said = interrupt(process)

    assert code == 130
    assert said.strip() == "tallystick: interrupted; nothing was written"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("by", SIGNALS)
def test_a_sync_can_be_interrupted_while_it_writes(by: str, tmp_path: Path, call: Call) -> None:
    """Ctrl-C, a closed terminal or a shutdown in a sync ends it with 130; the next one goes on, and doubles nobody."""
    made = address_books(3000, 1)
    books = make_books(tmp_path, [], [])
    books.left.unlink()
    books.right.unlink()
    write_contacts(books.left, made.contacts)
    write_entries(books.right, made.entries, made.lists)

    with running("sync", *books.options, "--yes") as process:
        wait_for(lambda: (tmp_path / "outlook.csv.bak").exists() or process.poll() is not None)
        code, said = interrupt(process, by)

    assert code == 130
    assert "Traceback" not in said
    assert said.strip().startswith("tallystick: interrupted while writing: the files and the state are sound")
    assert call("sync", *books.options, "--yes").code == 0
    again = call("sync", *books.options)
    assert again.code == 0
    assert "Nothing was written." in again.out
    assert not list(tmp_path.glob(".*.tmp"))


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody can tell that the killed one is dead")
def test_a_sync_that_was_killed_is_gone_on_with_at_once(tmp_path: Path, call: Call) -> None:
    """After kill -9 in the middle of a sync the next one need not wait, completes it, and doubles nobody."""
    made = address_books(3000, 1)
    books = make_books(tmp_path, [], [])
    books.left.unlink()
    books.right.unlink()
    write_contacts(books.left, made.contacts)
    write_entries(books.right, made.entries, made.lists)

    with running("sync", *books.options, "--yes") as process:
        wait_for(lambda: (tmp_path / "outlook.csv.bak").exists() or process.poll() is not None)
        process.kill()
        assert process.wait(PATIENCE) == -signal.SIGKILL

    ran = call("sync", *books.options, "--yes")
    assert ran.code == 0, ran.err
    assert "cut off before its end" in call("history", *books.where).out
    assert "Nothing was written." in call("sync", *books.options).out


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a terminal")
def test_a_sync_can_be_interrupted_at_its_question(books: Books) -> None:
    """Ctrl-C at the question ends the sync with 130, and nothing was written."""
    before = books.contents()
    mine, its = os.openpty()
    try:
        with running("sync", *books.options, stdin=its) as process:
            assert process.stdout is not None
            seen = b""
            while b"[y/N]" not in seen:
                seen += os.read(process.stdout.fileno(), 4096)
            code, said = interrupt(process)
    finally:
        os.close(mine)
        os.close(its)

    assert code == 130
    assert said.strip() == "tallystick: interrupted; nothing was written"
    assert before == books.contents()


@pytest.mark.parametrize("keep", [False, True])
def test_a_demo_says_what_an_interrupt_leaves(
    keep: bool, tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An interrupted demo has written nothing but the state that you asked to keep."""
    options = ("--state", str(tmp_path / "demo.db")) if keep else ()
    monkeypatch.setattr("tallystick.cli.demo.make_fakes", stop)

    ran = call("demo", "--contacts", "10", *options)

    assert ran.code == 130
    assert ("only the state was written" in ran.err) is keep
    assert (tmp_path / "demo.db").exists() is keep


def test_an_interrupt_at_the_question_starts_a_new_line(
    books: Books, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an interrupt at the question what is said stands on a line of its own."""
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", stop)

    ran = call("sync", *books.options)

    assert ran.code == 130
    assert ran.out.endswith("[y/N] \n")


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_an_interrupt_around_any_write_of_a_file_loses_and_doubles_nothing(
    place: int, after: bool, tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever a sync is cut off, the next one brings both files to where an undisturbed one had brought them."""
    (tmp_path / "calm").mkdir()
    calm = make_books(tmp_path / "calm", *few())
    assert call("sync", *calm.options, "--yes").code == 0
    (tmp_path / "cut").mkdir()
    books = make_books(tmp_path / "cut", *few())
    seen: list[Path] = []

    def interrupted(path: Path, data: bytes, known: bytes) -> object:
        seen.append(path)
        done = replace_file(path, data, known) if after or len(seen) != place + 1 else None
        if len(seen) == place + 1:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(PATIENCE)
        return done

    with monkeypatch.context() as patch:
        patch.setattr("tallystick.providers.files.provider.replace_file", interrupted)
        ran = call("sync", *books.options, "--yes")

    assert ran.code == 130
    assert "the next sync goes on from here" in ran.err
    assert call("history", *books.where).out.count("interrupted") == 1
    assert call("sync", *books.options, "--yes").code == 0
    assert calm.names() == books.names()
    assert "Nothing was written." in call("sync", *books.options).out


def test_a_second_interrupt_does_not_spoil_the_first(books: Books, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second Ctrl-C while the first is being told of is not heard; afterwards it would be."""
    heard = []

    def impatient(*_ignored: object, **_options: object) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        heard.append(signal.getsignal(signal.SIGINT))

    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr("tallystick.cli.planning.open_pair", stop)
    monkeypatch.setattr("rich.console.Console.print", impatient)

    assert call("plan", *books.options).code == 130
    assert heard == [signal.SIG_IGN]
    assert signal.getsignal(signal.SIGINT) == before
