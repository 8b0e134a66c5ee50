"""The demonstration's console: two syncs with a past, served to one browser of this machine."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from tallystick import MemoryState
from tallystick.cli import serving
from tallystick.cli.demo_history import FIRST, SECOND, Past, make_past
from tallystick.errors import UsageError
from tallystick.ports import RunState
from tallystick.providers.memory import VirtualClock
from tests.cli.running import Call

NOON = datetime(2026, 3, 16, 12, tzinfo=UTC)
SERVED = re.compile(r"http://127\.0\.0\.1:\d+/open/[\w-]+")


@pytest.fixture(scope="module")
def past() -> Past:
    """A small one."""
    return make_past(MemoryState(bytes(32)), 60, 1, VirtualClock(NOON))


def test_every_page_of_the_demo_has_something_to_show(past: Past) -> None:
    """Runs of each kind, conflicts of two fields, errors of both kinds, ignored records, and an edit that waits."""
    sync = past.syncs[FIRST]

    assert {run.state for run in sync.history()} == {RunState.COMPLETE, RunState.WARNING}
    assert [sorted(one.rules) for one in sync.conflicts()] == [["company", "position"]] * 3
    assert {one.resolvable for one in sync.errors()} == {True, False}
    assert len(sync.ignored()) > 3
    assert sync.plan().steps
    assert sync.undo(sync.history()[-1].number).steps
    assert past.clock.now() == NOON


def test_the_second_sync_of_the_demo_was_stopped_by_a_guard() -> None:
    """Its plan waits for a confirmation."""
    made = make_past(MemoryState(bytes(32)), 120, 1, VirtualClock(NOON))
    assert made.syncs[SECOND].history()[0].state is RunState.PROBLEM
    assert made.syncs[SECOND].plan().stops


def test_a_demo_of_one_contact_has_a_past_too() -> None:
    """Nobody has to have many."""
    assert make_past(MemoryState(bytes(32)), 1, 1, VirtualClock(NOON)).syncs[FIRST].history()


def test_the_key_opens_once_and_nothing_else_does(past: Past) -> None:
    """Without the cookie that it leaves nobody sees anything; a second use, or another key, is refused."""
    key = serving.Key()
    app = serving.make_app(past.syncs, past.clock, key)

    async def visits() -> list[int]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as first:
            before = await first.get("/")
            wrong = await first.get("/open/wrong")
            opened = await first.get(f"/open/{key.text}")
            inside = await first.get("/")
            assert FIRST in inside.text
            assert "HttpOnly" in opened.headers["set-cookie"]
            assert "samesite=strict" in opened.headers["set-cookie"].lower()
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as second:
            again = await second.get(f"/open/{key.text}")
            outside = await second.get("/")
        return [one.status_code for one in (before, wrong, opened, inside, again, outside)]

    assert asyncio.run(visits()) == [403, 403, 303, 200, 403, 403]


def test_runs_that_are_asked_for_are_made(past: Past) -> None:
    """A thread of the demo does what a host's worker would, and ends with it."""
    sync = past.syncs[FIRST]
    sync.enqueue()
    with serving.runs_made({FIRST: sync}):
        until = time.monotonic() + 20
        while sync.history()[0].ended is None and time.monotonic() < until:
            time.sleep(0.05)
    assert sync.history()[0].state is not RunState.ENQUEUED


def test_a_port_that_is_taken_is_told() -> None:
    """In words, and nothing is made up first."""
    with serving.listen(0) as taken, pytest.raises(UsageError, match="nobody can listen on port"):
        serving.listen(taken.getsockname()[1])


@pytest.mark.parametrize("port", [-1, 65_536])
def test_a_port_that_there_is_not_is_told(port: int, call: Call) -> None:
    """The command says which there are."""
    ran = call("demo", "--console", "--contacts", "5", "--port", str(port))
    assert ran.code == 2
    assert "1 to 65535" in ran.err


def test_the_demo_is_served_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    """It prints an address of this machine, which answers; Ctrl-C ends it cleanly."""
    command = [sys.executable, "-m", "tallystick.cli", "demo", "--console", "--contacts", "20"]
    surroundings = {**os.environ, "PYTHONUNBUFFERED": "1", "COLUMNS": "200"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=tmp_path, env=surroundings) as running:
        try:
            assert running.stdout is not None
            address = _printed(running.stdout)
            with httpx.Client(follow_redirects=True) as browser:
                assert FIRST in browser.get(address).text
            running.send_signal(signal.SIGINT)
            rest, _ = running.communicate(timeout=30)
        finally:
            running.kill()
    assert running.returncode == 0
    assert "The console is closed" in rest
    assert not list(tmp_path.iterdir())


def _printed(lines: Iterator[str]) -> str:
    for line in lines:
        found = SERVED.search(line)
        if found:
            return found[0]
    raise AssertionError("no address was printed")


def test_the_demo_without_the_console_s_libraries_says_what_to_install(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line, and no state is left behind."""
    monkeypatch.delitem(sys.modules, "tallystick.cli.serving", raising=False)
    monkeypatch.delattr("tallystick.cli.serving")
    monkeypatch.setitem(sys.modules, "uvicorn", None)

    ran = call("demo", "--console", "--contacts", "5")

    assert ran.code == 2
    assert "pip install 'tallystick[cli,console]'" in ran.err
