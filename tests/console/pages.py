"""Provide a visitor of a console without a browser, and a world in which every page has something to show."""

# ruff: noqa: ANN401 - these take whatever they are given

import asyncio
import html
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import attrs
import httpx
from starlette.requests import Request
from starlette.types import ASGIApp

from tallystick import MemoryState, Sync
from tallystick.console import Action, console
from tallystick.ports import ImageSink
from tallystick.profiles import maximizer
from tallystick.providers.memory import FakeCrm, FakeOutlook, VirtualClock
from tallystick.reconcile import ConflictPolicy, Unit, Winner
from tallystick.records import Contact, EmailAddress, Entry
from tallystick.sinks import MemorySink

NAME = "ada@example.com/contacts"
CATEGORY = "Maximizer"
CLIENTS = "Clients"
SECRET = bytes(range(32))
WHERE = "https://crm.example.com"
SAME_SITE = {"sec-fetch-site": "same-origin", "origin": "null"}


@attrs.frozen
class Answer:
    """What a visitor got: status, headers, and the page."""

    code: int
    headers: Mapping[str, str]
    text: str

    @property
    def words(self) -> str:
        """What a person reads of the page."""
        bare = re.sub(r"<[^>]*>", " ", self.text)
        return " ".join(html.unescape(bare).split())

    def input(self, name: str) -> str:
        """Return what stands in a hidden or other input."""
        found = re.search(rf'<input[^>]*\bname="{re.escape(name)}"[^>]*\bvalue="([^"]*)"', self.text)
        assert found is not None, f"no input {name}"
        return html.unescape(found[1])

    def has_input(self, name: str) -> bool:
        """Tell whether there is such an input."""
        return f'name="{name}"' in self.text


class Visitor:
    """Somebody who looks at pages and sends forms."""

    def __init__(self, app: ASGIApp, who: str = "ada", root: str = "") -> None:
        self.app, self.who, self.root = app, who, root

    def get(self, path: str, headers: Mapping[str, str] | None = None, **query: object) -> Answer:
        """Get a page."""
        return self.send("GET", path, headers=headers, query=query)

    def post(
        self,
        path: str,
        form: Mapping[str, Any],
        headers: Mapping[str, str] | None = None,
        **query: object,
    ) -> Answer:
        """Send a form as a browser does, and follow where it is sent on to."""
        answer = self.send("POST", path, headers=SAME_SITE if headers is None else headers, form=form, query=query)
        if answer.code != 303:
            return answer
        return self.send("GET", answer.headers["location"].removeprefix(self.root))

    def send(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        form: Mapping[str, Any] | None = None,
        query: Mapping[str, object] | None = None,
    ) -> Answer:
        """Send one request."""
        address = f"{path}?{urlencode(query)}" if query else path

        async def sending() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, root_path=self.root, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url=WHERE) as client:
                told = {"x-who": self.who, **(headers or {})}
                return await client.request(method, f"{self.root}{address}", headers=told, data=form)

        response = asyncio.run(sending())
        return Answer(response.status_code, response.headers, response.text)


def by_header(request: Request, action: Action, sync: str) -> str | None:
    """A hook that believes a header; it lets everybody do everything who gives a name."""
    return request.headers.get("x-who") or None


class World:
    """Two sides with pairs, a conflict of two fields, an error that can be mended, one that can't, and a duplicate."""

    def __init__(self, **more: Any) -> None:
        self.clock = VirtualClock()
        self.outlook = FakeOutlook(clock=self.clock, page_size=1000)
        self.crm = FakeCrm(clock=self.clock, page_size=1000)
        self.state = MemoryState(SECRET)
        self.sink: ImageSink = MemorySink(keeps_images=True)
        made = maximizer.contacts(CATEGORY, CLIENTS)
        self.profile = attrs.evolve(made, conflict=ConflictPolicy(Winner.HOLD, unit=Unit.RECORD), **more)
        self.left: dict[str, str] = {}
        self.right: dict[str, str] = {}

    @property
    def sync(self) -> Sync[Contact, Entry]:
        """The sync."""
        return Sync(
            NAME,
            left=self.outlook.contacts,
            right=self.crm.entries,
            profile=self.profile,
            state=self.state,
            sink=self.sink,
            clock=self.clock,
        )

    def app(self, **more: Any) -> ASGIApp:
        """Return the console."""
        given: dict[str, Any] = {
            "authorise": by_header,
            "secret": SECRET,
            "labels": ("Outlook", "CRM"),
            "clock": self.clock,
        }
        return console({NAME: self.sync}, **{**given, **more})

    def insert(self, first: str, last: str, **fields: Any) -> str:
        """Insert a contact with an address of its own."""
        mail = (EmailAddress(f"person{len(self.left)}@example.com"),)
        record = Contact(first, "", last, email_addresses=mail, categories=(CATEGORY,), **fields)
        found = self.outlook.contacts.insert(record)
        self.left[first] = found
        return found

    def run(self) -> None:
        """Run the sync."""
        self.sync.run()
        self.clock.advance(timedelta(minutes=10))

    def partner(self, first: str) -> str:
        """Return the id of the entry of a person."""
        return next(one for one, entry in self.crm.entries.all().items() if entry.first_name == first)

    def in_conflict(self, first: str = "Ada", **texts: str) -> str:
        """Insert a person, and have both sides change company and position; return the conflict's id."""
        self.insert(first, "Lovelace", company_name="before", job_title="before")
        self.run()
        left = {"company_name": "from the left", "job_title": "left's job", "department": "left's alone", **texts}
        self.outlook.contacts.edit(self.left[first], **left)
        self.crm.entries.edit(self.partner(first), company_name="from the right", position="right's job")
        self.run()
        return self.left[first]

    def with_error(self, **fields: Any) -> str:
        """Insert a person without a family name, and return the id."""
        found = self.insert("Grace", "", **fields)
        self.run()
        return found


def full_world() -> World:
    """Return a world in which every page has something to show."""
    world = World()
    world.insert("Jean", "Bartik", company_name="ENIAC")
    world.in_conflict()
    world.with_error()
    return world
