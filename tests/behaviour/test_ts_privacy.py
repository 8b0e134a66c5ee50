"""TS-08: nothing that a person wrote is in the state, in logs, notes, errors or reprs."""

# ruff: noqa: ANN401 - these take whatever they are given

import logging
import traceback
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from tallystick import Side, SqliteState, Sync
from tallystick.errors import StateKeyError, TallystickError, Unavailable
from tallystick.observers import Event, LogObserver, event_data, event_line
from tallystick.observers.otel import OtelObserver
from tallystick.ports import Create, Update
from tallystick.records import Contact, EmailAddress, Entry, Phone, PostalAddress
from tests.simulation.crash import Crash, Fuse
from tests.simulation.world import CATEGORY, CLIENTS, KEY, NAME, World

CANARY = "canary"


def _address(side: str) -> PostalAddress:
    return PostalAddress(*(f"{CANARY} {side} {part}" for part in ("street", "city", "state", "code", "country")))


def a_contact(mark: str, **fields: Any) -> Contact:
    """Return a contact that has a canary in every field, names and address by ``mark``."""
    texts = {
        field.name: f"{CANARY} {mark} {field.name}" for field in attrs.fields(Contact) if isinstance(field.default, str)
    }
    return Contact(
        **{
            **texts,
            "email_addresses": (EmailAddress(f"{CANARY}.{mark}@example.com", f"{CANARY} name"),),
            "business_phones": (f"{CANARY} business",),
            "home_phones": (f"{CANARY} home",),
            "business_address": _address("business"),
            "home_address": _address("home"),
            "other_address": _address("other"),
            "categories": (CATEGORY, f"{CANARY} category"),
            "birthday": date(1999, 12, 31),
            **fields,
        }
    )


def an_entry(mark: str, **fields: Any) -> Entry:
    """Return an entry that has a canary in every field, names and address by ``mark``."""
    texts = {
        field.name: f"{CANARY} {mark} {field.name}"
        for field in attrs.fields(Entry)
        if isinstance(field.default, str) and field.name != "kind"
    }
    return Entry(
        **{
            **texts,
            "emails": (f"{CANARY}.{mark}@example.com", f"{CANARY} invalid"),
            "phones": (Phone("Cell", f"{CANARY} cell"), Phone(f"{CANARY} label", f"{CANARY} number")),
            "address": _address("entry"),
            **fields,
        }
    )


class Watched:
    """A world whose state is a file, and everything that it says."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.state = SqliteState(path, key=KEY)
        self.world = World(state=self.state)
        self.said: list[str] = []
        self.spans, meters = InMemorySpanExporter(), InMemoryMetricReader()
        tracers = TracerProvider()
        tracers.add_span_processor(SimpleSpanProcessor(self.spans))
        self.figures = meters.get_metrics_data
        otel = OtelObserver(tracer_provider=tracers, meter_provider=MeterProvider([meters]))
        self.world.observers = [self.see, LogObserver(), otel]

    def see(self, event: Event) -> None:
        """Note an event, as it is and as data."""
        self.said += [repr(event), event_line(event), str(event_data(event))]

    def hear(self, *things: object) -> None:
        """Note the repr and the text of things."""
        for thing in things:
            self.said += [repr(thing), str(thing)]
            if isinstance(thing, BaseException):
                self.said += traceback.format_exception(thing)
            if isinstance(thing, TallystickError):
                self.said.append(str(thing.to_dict()))

    def run(self, fuse: Fuse | None = None) -> None:
        """Run, and hear all about it."""
        self.world.clock.advance(600)
        sync = self.world.sync(fuse)
        try:
            plan = self.world.sync().plan()
            self.hear(plan, plan.summary(), plan.details(), *plan.steps, *plan.links, *plan.parked, *plan.notes)
            report = sync.run()
            self.hear(report, report.summary())
        except (TallystickError, Crash) as error:
            self.hear(error)
        self.look()

    def look(self) -> None:
        """Hear all that can be asked of the sync."""
        sync = self.world.sync()
        self.hear(sync, self.state, *self.world.sides, sync.status(), *sync.history())
        self.hear(*sync.ignored(), *sync.conflicts(), *sync.failed())
        for side in Side:
            for one in self.world.sides[side].ids():
                explanation = sync.explain(side, one)
                self.hear(explanation, explanation.text())

    def bytes(self) -> bytes:
        """Return all bytes of the state's files."""
        return b"".join(found.read_bytes() for found in sorted(self.path.parent.iterdir()))


def trouble(watched: Watched) -> None:
    """Have everything go wrong that can."""
    world = watched.world
    outlook, crm = world.outlook.contacts, world.crm.entries
    for mark in ("one", "two", "three"):
        outlook.insert(a_contact(mark))
    outlook.insert(a_contact("one"))
    outlook.insert(a_contact("unfit", surname="", email_addresses=(EmailAddress(f"{CANARY} none", CANARY),)))
    crm.insert(an_entry("four"), lists=(CLIENTS,))
    crm.insert(an_entry("two"), lists=(CLIENTS,))
    crm.insert(an_entry("five", first_name=""), lists=(CLIENTS,))
    watched.run(Fuse(1, "after", writes_only=True))
    watched.run(Fuse(2, "lost", writes_only=True))
    crm.faults.refuse(lambda write: True, "refused", times=2)
    watched.run()
    outlook.faults.lose_reply("update")
    crm.faults.throttle(3)
    watched.run()
    watched.run()
    for one, record in list(outlook.all().items()):
        outlook.edit(one, company_name=f"{record.company_name} edited", mobile_phone=f"{CANARY} new phone")
    for one in list(crm.ids()):
        crm.edit(one, company_name=f"{CANARY} edited there")
    watched.run()
    crm.faults.fail("changes", Unavailable("down"), times=2)
    watched.run()
    outlook.delete(outlook.ids()[0])
    crm.leave(crm.ids()[-1], CLIENTS)
    outlook.expire_cursors()
    watched.run()
    plan = world.sync().plan()
    outlook.edit(outlook.ids()[0], company_name=f"{CANARY} since")
    watched.hear(plan)
    outlook.insert(a_contact("new"))
    plan = world.sync().plan()
    outlook.edit(outlook.ids()[-1], company_name=f"{CANARY} since")
    try:
        world.sync().apply(plan)
    except TallystickError as error:
        watched.hear(error)
    watched.run()


@pytest.mark.behaviour("TS-08")
def test_no_contents_anywhere(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """After runs in which everything goes wrong, no word of any record is in state, logs, notes, errors or reprs."""
    folder = tmp_path / "state"
    folder.mkdir()
    with caplog.at_level(logging.DEBUG):
        watched = Watched(folder / "links.db")
        trouble(watched)
        found = watched.bytes()
        watched.state.close()
        try:
            SqliteState(folder / "links.db", key=bytes(32))
        except StateKeyError as error:
            watched.hear(error)
        else:
            raise AssertionError("another key was taken")
        found += watched.bytes()

    spans = [span.to_json() for span in watched.spans.get_finished_spans()]
    assert len(spans) > 100
    assert len(caplog.records) > 150
    watched.said += [*spans, str(watched.figures())]
    watched.said += [str(vars(record)) for record in caplog.records]
    assert len(found) > 10_000
    assert len(watched.said) > 300
    for needle in (CANARY, CANARY.capitalize(), CANARY.upper(), "1999-12-31"):
        for encoding in ("utf-8", "utf-16-le"):
            assert needle.encode(encoding) not in found, f"{needle} is in the state's bytes"
        assert needle not in caplog.text
        assert not [said for said in watched.said if needle in said][:3]


@pytest.mark.behaviour("TS-08")
def test_scopes_that_people_named_are_not_kept_in_words(tmp_path: Path) -> None:
    """The name of a category or list, which a person chose, is not in the state."""
    world = World(state=SqliteState(tmp_path / "links.db", key=KEY))
    world.insert(0, 1)
    world.run()
    world.state.close()  # type: ignore[attr-defined]  # SQLite's

    found = b"".join(one.read_bytes() for one in tmp_path.iterdir())
    assert CLIENTS.encode() not in found
    assert CATEGORY.encode() not in found


@pytest.mark.behaviour("TS-08")
def test_values_on_their_way_show_no_contents() -> None:
    """Writes, items, losers and machines in the middle of a run show no contents in their reprs."""
    world = World()
    one = world.outlook.contacts.insert(a_contact("one"))
    seen: list[str] = []
    for collection in world.sides:
        for method in ("create", "update", "search", "get"):
            collection.faults.before(method, lambda batch: seen.append(repr(batch)))
    world.run()
    world.outlook.contacts.edit(one, company_name=f"{CANARY} edited")
    world.run()
    item = world.outlook.contacts.item(one)
    seen += [repr(item), repr(Create("t", item.record)), repr(Update(one, None, {"company_name": CANARY}))]

    assert len(seen) > 4
    assert CANARY not in "".join(seen)


@pytest.mark.behaviour("TS-08")
@pytest.mark.parametrize(
    "text",
    ["\ud800 canary", "canary\x00", "c\u0301anary " * 2000, "canary\u202e"],
    ids=["surrogate", "nul", "long", "bidi"],
)
@pytest.mark.parametrize("field", ["surname", "company_name", "mobile_phone", "file_as"])
def test_odd_texts_break_nothing_and_leak_nothing(field: str, text: str, tmp_path: Path) -> None:
    """Texts that are hard to encode go through a run, or are refused, without appearing in any error."""
    with SqliteState(tmp_path / "links.db", key=KEY) as state:
        world = World(state=state)
        one = world.outlook.contacts.insert(a_contact("one", **{field: text}))
        said = ""
        try:
            said = world.run().summary()
            world.outlook.contacts.edit(one, company_name="edited")
            said += world.run().summary()
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not leak
            said += "".join(traceback.format_exception(error))
            raise AssertionError(f"a run failed: {type(error).__name__}") from None

        assert "canary" not in said
        assert not Sync(
            NAME, left=world.outlook.contacts, right=world.crm.entries, profile=world.profile, state=state
        ).failed()
