"""A console is mounted: under a path, in an outer app, behind a proxy, over providers that block or are awaited."""

import html
import re
import subprocess
import sys
import threading
from datetime import datetime
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from tallystick import Sync
from tallystick.console import console
from tallystick.errors import UsageError
from tallystick.providers.memory import VirtualClock
from tests.console.pages import NAME, SECRET, Visitor, World, by_header
from tests.simulation.awaited import Awaited
from tests.simulation.crash import Fuse


def links(text: str) -> set[str]:
    """Return where the links, forms, sheets and scripts of a page lead to."""
    found = re.findall(r'(?:href|src|action|hx-get)="([^"]*)"', text)
    return {html.unescape(link) for link in found if not link.startswith("#")}


@pytest.mark.parametrize("root", ["", "/crm"], ids=["outer app", "outer app behind a proxy"])
def test_links_hold_under_a_path(world: World, root: str) -> None:
    """Whatever is before the mount's own path, and each of them leads to something."""
    outer = Starlette(routes=[Mount("/admin/sync-console", world.app())])
    ada = Visitor(outer, root=root)
    page = ada.get("/admin/sync-console/sync", sync=NAME)

    assert page.code == 200
    assert all(link.startswith(f"{root}/admin/sync-console/") for link in links(page.text))
    for link in links(page.text):
        assert ada.get(link.removeprefix(root)).code in (200, 405)
    token = page.input("token")
    sent = ada.send(
        "POST",
        "/admin/sync-console/sync/now",
        headers={"sec-fetch-site": "same-origin"},
        form={"token": token},
        query={"sync": NAME},
    )
    assert sent.headers["location"].startswith(f"{root}/admin/sync-console/sync?")


def test_links_hold_where_a_proxy_tells_the_root(world: World) -> None:
    """As a server's --root-path does."""
    page = Visitor(world.app(), root="/sync-console").get("/sync", sync=NAME)
    assert page.code == 200
    assert all(link.startswith("/sync-console/") for link in links(page.text))


def test_a_sync_is_made_when_it_is_asked_for(world: World) -> None:
    """Any mapping does."""

    class Made(dict[str, Sync[object, object]]):
        def __missing__(self, name: str) -> Sync[object, object]:
            if name != NAME:
                raise KeyError(name)
            return world.sync  # type: ignore[return-value]

    ada = Visitor(console(Made(), authorise=by_header, secret=SECRET))
    assert ada.get("/sync", sync=NAME).code == 200
    assert ada.get("/sync", sync="other").code == 404


def test_what_blocks_is_asked_in_a_thread(world: World) -> None:
    """A slow service stops nobody else's page."""
    threads: set[str] = set()
    world.crm.entries.faults.before("get", lambda _: threads.add(threading.current_thread().name))
    assert Visitor(world.app()).get("/conflict", sync=NAME, id=world.left["Ada"]).code == 200
    assert threads
    assert threading.current_thread().name not in threads


def test_what_has_to_be_awaited_is_awaited(world: World) -> None:
    """The same pages over providers whose methods are coroutines."""
    sync = Sync(
        NAME,
        left=Awaited("left", world.outlook.contacts, Fuse()),
        right=Awaited("right", world.crm.entries, Fuse()),
        profile=world.profile,
        state=world.state,
        sink=world.sink,
        clock=world.clock,
    )
    assert not sync.blocks
    ada = Visitor(console({NAME: sync}, authorise=by_header, secret=SECRET, clock=world.clock))
    conflict = world.left["Ada"]
    page = ada.get("/conflict", sync=NAME, id=conflict)
    assert "from the left" in page.words
    answer = ada.post(
        "/conflict",
        {"token": page.input("token"), "seen": page.input("seen"), "winner": "right"},
        sync=NAME,
        id=conflict,
    )
    assert "The conflict is settled" in answer.words
    for path in ("/", "/sync", "/errors", "/ignored", "/plan", "/undo", "/explain"):
        assert ada.get(path, sync=NAME, run=1, side="left", id=conflict).code == 200
    assert ada.get("/error", sync=NAME, side="left", id=world.left["Grace"]).code == 200


def test_the_console_says_what_it_needs() -> None:
    """Without its libraries there is one clear error, and nothing else of the library minds."""
    code = (
        "import sys\nsys.modules['starlette'] = None\nimport tallystick as ts; ts.Sync\n"
        "from tallystick.errors import MissingExtra\n"
        "try:\n    import tallystick.console\nexcept MissingExtra as error:\n    print(error)"
    )
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert said.strip() == "the console needs starlette -- pip install 'tallystick[console]'"


class Naive(VirtualClock):
    """A clock whose times have no zone."""

    def now(self) -> datetime:
        """Return a time that is no instant."""
        return super().now().replace(tzinfo=None)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"clock": Naive()}, "the answer is a time without a zone and has to be an instant"),
        ({"clock": datetime}, "datetime is a class, and no clock yet"),
        ({"syncs": None}, "console, syncs: a NoneType will not do -- pass a mapping"),
        ({"authorise": "ada"}, "console, authorise: a str will not do -- pass a function"),
        ({"zone": "Europe/Paris"}, "console, zone: a str will not do -- pass a tzinfo"),
    ],
)
def test_a_console_that_could_show_no_page_is_refused_when_it_is_made(wrong: dict[str, Any], said: str) -> None:
    """What it is made of is looked at by the host's own line, and not by the first visitor."""
    parts: dict[str, Any] = {"syncs": {}, "authorise": by_header, "secret": SECRET}
    with pytest.raises(UsageError, match=said):
        console(**parts | wrong)
