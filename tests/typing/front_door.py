"""Never run: what type checkers are to say of the front door. A line that they refuse bears the error they give."""

from collections.abc import Mapping, Sequence
from typing import assert_type

import tallystick as ts
from tallystick.observers import Event, PageRead, RunEnded
from tallystick.ports import AsyncProvider, AsyncState, Item, Page, Provider, RunRow
from tallystick.profiles import maximizer
from tallystick.providers.memory import FakeCrm, FakeOutlook, MemoryCollection
from tallystick.records import Appointment, Contact, CrmTask, Entry, TodoTask
from tallystick.records import Event as OutlookEvent
from tallystick.state.sql import AsyncSqlState, SqlState
from tallystick.sync import Conflict, Explanation, Forgotten, Listed, Status

outlook, crm, state = FakeOutlook(), FakeCrm(), ts.MemoryState()
contacts = maximizer.contacts(category="Maximizer", favourite_list="Clients")

# --- a sync is generic in both records, and its profile decides which ----------------------------------------------

assert_type(contacts, ts.Profile[Contact, Entry])
assert_type(outlook.contacts, MemoryCollection[Contact])
assert_type(outlook.calendar, MemoryCollection[OutlookEvent])
assert_type(crm.tasks, MemoryCollection[CrmTask])
assert_type(crm.appointments, MemoryCollection[Appointment])

sync = ts.Sync("s", left=outlook.contacts, right=crm.entries, profile=contacts, state=state)
assert_type(sync, ts.Sync[Contact, Entry])

tasks = ts.Sync("t", left=outlook.tasks, right=crm.tasks, profile=maximizer.tasks(user="ada"), state=state)
assert_type(tasks, ts.Sync[TodoTask, CrmTask])

ts.Sync("wrong way", left=crm.entries, right=outlook.contacts, profile=contacts, state=state)  # type: ignore[misc]
ts.Sync("records", left=outlook.calendar, right=crm.entries, profile=contacts, state=state)  # type: ignore[misc]
ts.Sync("no state", left=outlook.contacts, right=crm.entries, profile=contacts)  # type: ignore[call-arg]
ts.Sync("s", outlook.contacts, crm.entries, profile=contacts, state=state)  # type: ignore[call-arg]

# --- what it answers -----------------------------------------------------------------------------------------------

plan = sync.plan()
assert_type(plan, ts.Plan)
assert_type(sync.apply(plan), ts.Report)
assert_type(sync.run(), ts.Report)
assert_type(sync.run_if_due(), ts.Report | None)
assert_type(sync.status(), Status)
assert_type(sync.history(), Sequence[RunRow])
assert_type(sync.conflicts(), Sequence[Conflict])
assert_type(sync.ignored(), Sequence[Listed])
assert_type(sync.explain("left", "id"), Explanation)
assert_type(sync.confirm(), Mapping[str, int])
assert_type(sync.forget(), Forgotten)
assert_type(ts.load_plan(ts.dump_plan(plan), contacts), ts.Plan)
sync.apply("a text")  # type: ignore[arg-type]
sync.explain("left")  # type: ignore[call-arg]
print(ts.Nothing)  # type: ignore[attr-defined]


async def awaited() -> None:
    """Return what the blocking forms return."""
    assert_type(await sync.plan_async(), ts.Plan)
    assert_type(await sync.run_async(), ts.Report)
    assert_type(await sync.status_async(), Status)
    assert_type(await sync.history_async(), Sequence[RunRow])
    assert_type(await sync.explain_async("left", "id"), Explanation)


def mixed(left: AsyncProvider[Contact], right: Provider[Entry], kept: AsyncState) -> ts.Sync[Contact, Entry]:
    """Mix what is awaited with what blocks."""
    return ts.Sync("m", left=left, right=right, profile=contacts, state=kept)


async def shared(url: str) -> None:
    """Keep the state in a server, and await it."""
    async with AsyncSqlState(url, key=b"") as kept:
        assert_type(
            ts.Sync("m", left=outlook.contacts, right=crm.entries, profile=contacts, state=kept),
            ts.Sync[Contact, Entry],
        )


def blocking(url: str) -> ts.Sync[Contact, Entry]:
    """Keep the state in a server, and wait for it."""
    return ts.Sync("m", left=outlook.contacts, right=crm.entries, profile=contacts, state=SqlState(url, key=b""))


# --- what a provider shows -----------------------------------------------------------------------------------------


def read(provider: Provider[Contact]) -> None:
    """Read one page."""
    page = provider.changes(None, ts.Scope())
    assert_type(page, Page[Contact])
    for item in page.items:
        assert_type(item, Item[Contact])
        assert_type(item.record.surname, str)


read(outlook.contacts)
read(crm.entries)  # type: ignore[arg-type]

# --- observers are functions ---------------------------------------------------------------------------------------


def watch(event: Event) -> None:
    """Tell kinds of events apart."""
    match event:
        case PageRead():
            assert_type(event.side, ts.Side)
            assert_type(event.items, int)
        case RunEnded(report=report):
            assert_type(report, ts.Report | None)
        case _:
            pass


def watch_text(text: str) -> None:
    """Take something else."""


ts.Sync("o", left=outlook.contacts, right=crm.entries, profile=contacts, state=state, observers=[watch, print])
ts.Sync("o", left=outlook.contacts, right=crm.entries, profile=contacts, state=state, observers=[watch_text])  # type: ignore[list-item]
