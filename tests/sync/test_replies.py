"""Calls of a provider that end as none should, or answer with what no answer is."""

import asyncio
from dataclasses import dataclass
from typing import Literal

import pytest

import tallystick as ts
from tallystick.mapping import attribute, rule
from tallystick.matching import Matcher
from tallystick.ports import Term
from tallystick.providers.memory import MemoryCollection, Shape, VirtualClock
from tallystick.text import fold


@dataclass(frozen=True)
class Person:
    """A person, on either side."""

    name: str = ""
    mail: str = ""


PROFILE: ts.Profile[Person, Person] = ts.Profile(
    "people",
    left=ts.SideProfile(Person()),
    right=ts.SideProfile(Person()),
    mapping=(rule("name", attribute("name"), attribute("name")), rule("mail", attribute("mail"), attribute("mail"))),
    matcher=Matcher(
        left=lambda person: [fold(person.mail)],
        right=lambda person: [fold(person.mail)],
        search_left=lambda person: [Term("mail", person.mail)],
        search_right=lambda person: [Term("mail", person.mail)],
    ),
)

People = MemoryCollection[Person]


def synced(left: People, right: People, clock: VirtualClock, *, in_threads: bool = False) -> ts.Sync[Person, Person]:
    """Return the sync of two collections of people."""
    state = ts.MemoryState()
    return ts.Sync("people", left=left, right=right, profile=PROFILE, state=state, clock=clock, in_threads=in_threads)


@pytest.mark.parametrize("method", ["changes", "create"])
@pytest.mark.parametrize("way", ["blocking", "awaited", "in threads"])
def test_a_stop_iteration_is_no_end_of_a_run(method: Literal["changes", "create"], way: str) -> None:
    """A provider whose next() finds nothing ends the run with an error, by every driver, and the next one goes on."""
    left, right, clock = MemoryCollection(Shape(Person)), MemoryCollection(Shape(Person)), VirtualClock()
    left.insert(Person("Ada", "ada@example.com"))

    def nothing(_: object) -> None:
        next(iter(()))

    hooks = [nothing]
    right.faults.before(method, lambda batch: [hook(batch) for hook in hooks])
    sync = synced(left, right, clock, in_threads=way == "in threads")

    async def awaited() -> ts.Report:
        return await asyncio.wait_for(sync.run_async(), 20)

    with pytest.raises(RuntimeError, match="raised StopIteration"):
        sync.run() if way == "blocking" else asyncio.run(awaited())
    hooks.clear()
    clock.advance(600)
    assert sync.run().synced == 1
    assert [person.name for person in right.all().values()] == ["Ada"]
