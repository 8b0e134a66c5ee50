"""Provide the past of the demonstration's console: runs of an afternoon, and what people left for somebody to settle.

Two people's contacts are synced. The first sync has had an edit or two with each run, a service that was down once, and
now holds conflicts and errors of either kind, and an edit that waits for its run. The second was stopped by a guard.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

import attrs

from tallystick import Side, Sync
from tallystick.cli.fakes import Fakes, make_fakes
from tallystick.errors import Unavailable
from tallystick.ports import Clock, State
from tallystick.reconcile import ConflictPolicy, Winner
from tallystick.records import Contact, EmailAddress, Entry
from tallystick.sinks import MemorySink
from tallystick.sync import SystemClock

FIRST: Final = "ada@example.com/contacts"
SECOND: Final = "grace@example.com/contacts"
LABELS: Final = ("Outlook", "CRM")

_RUNS: Final = 14
_BETWEEN: Final = timedelta(minutes=10)
_ASKING: Final = ConflictPolicy(Winner.HOLD)
_CATEGORY: Final = ("Maximizer",)
_SOME: Final = 24
"""Pairs that people edit."""


class PastClock:
    """A clock that is behind another, until it is told to catch up."""

    def __init__(self, ahead: Clock, behind: timedelta) -> None:
        self._ahead = ahead
        self._behind = behind

    def now(self) -> datetime:
        """Return the instant that this clock shows."""
        return self._ahead.now() - self._behind

    def sleep(self, seconds: float) -> None:
        """Wait."""
        self._ahead.sleep(seconds)

    def advance(self, span: timedelta) -> None:
        """Let a span of time pass, not further than to the present."""
        self._behind = max(self._behind - span, timedelta(0))


@attrs.frozen
class Past:
    """What the demonstration shows: its syncs by name, and the clock they share."""

    syncs: dict[str, Sync[Contact, Entry]]
    clock: PastClock


def make_past(state: State, contacts: int, seed: int, present: Clock | None = None) -> Past:
    """Make up two syncs with a history; the first has so many contacts on each side, the second a few.

    ``present`` is the clock that tells when the history ends, the system's unless given.
    """
    clock = PastClock(present or SystemClock(), _BETWEEN * (_RUNS + 2))
    first, second = make_fakes(contacts, seed), make_fakes(min(contacts, 300), seed + 1)
    sink = MemorySink(keeps_images=True)
    syncs = {FIRST: _sync(FIRST, first, state, clock, sink), SECOND: _sync(SECOND, second, state, clock, sink)}
    afternoon, stopped = _Afternoon(first, syncs[FIRST], state), _Afternoon(second, syncs[SECOND], state)
    for name, fakes in ((FIRST, first), (SECOND, second)):
        _sync(name, fakes, state, clock, sink, fakes.profile.conflict).run()  # where the books differ, the latest wins
        clock.advance(_BETWEEN)
    for run in range(1, _RUNS):
        afternoon.until(run)
        if run == _RUNS - 1:
            stopped.leave_many()
        for sync in syncs.values():
            sync.run()
        clock.advance(_BETWEEN)
    afternoon.leave_an_edit()
    clock.advance(timedelta(days=1))
    return Past(syncs, clock)


def _sync(
    name: str, fakes: Fakes, state: State, clock: PastClock, sink: MemorySink, policy: ConflictPolicy = _ASKING
) -> Sync[Contact, Entry]:
    profile = attrs.evolve(fakes.profile, conflict=policy)
    left, right = fakes.outlook.contacts, fakes.crm.entries
    return Sync(name, left=left, right=right, profile=profile, state=state, clock=clock, sink=sink)


@attrs.frozen
class _Afternoon:
    """What people do between the runs of one sync."""

    fakes: Fakes
    sync: Sync[Contact, Entry]
    state: State

    def until(self, run: int) -> None:
        """Do what is done before the run of this number."""
        pairs = self._pairs()
        for at in range(run % 4 if pairs else 0):
            left, right = pairs[(3 * run + at) % len(pairs)]
            if at % 2:
                self.fakes.crm.entries.edit(right, department=f"Department {run}")
            else:
                self.fakes.outlook.contacts.edit(left, job_title=f"Grade {run}")
        if run == _RUNS // 2:
            self.fakes.crm.entries.faults.fail("changes", Unavailable("the CRM does not answer"))
        if run == _RUNS - 3:
            self._leave_conflicts(pairs)
        if run == _RUNS - 2:
            self._leave_errors()

    def leave_an_edit(self) -> None:
        """Leave an edit for the next run."""
        for left, _ in self._pairs()[-2:]:
            self.fakes.outlook.contacts.edit(left, company_name="Northwind Traders")

    def leave_many(self) -> None:
        """Empty a field of more people than a run may empty it of."""
        for left, _ in self._pairs(most=400):
            self.fakes.outlook.contacts.edit(left, company_name="Renamed Holding", job_title="")

    def _leave_conflicts(self, pairs: Sequence[tuple[str, str]]) -> None:
        said = (("Head of research", "Head of development"), ("Partner", "Counsel"), ("Editor", "Publisher"))
        for (left, right), (job, position) in zip(pairs, said, strict=False):
            self.fakes.outlook.contacts.edit(left, job_title=job, company_name="Fabrikam Ltd", department="Sales")
            self.fakes.crm.entries.edit(right, position=position, company_name="Fabrikam Limited")

    def _leave_errors(self) -> None:
        contacts = self.fakes.outlook.contacts
        for first, last, address in (("Inga", "", "inga@example.com"), ("", "Okafor", "okafor@example.com")):
            mail = (EmailAddress(address),)
            contacts.insert(Contact(first, "", last, email_addresses=mail, categories=_CATEGORY))
        mail = (EmailAddress("jonas@example.com"),)
        refused = Contact("Jonas", "", "Lind", email_addresses=mail, categories=_CATEGORY, company_name="x" * 400)
        contacts.insert(refused)
        self.fakes.crm.entries.faults.refuse(_is_long, "too_long")

    def _pairs(self, most: int = _SOME) -> list[tuple[str, str]]:
        """Return the ids of some pairs."""
        ids = list(islice(self.fakes.outlook.contacts.all(), 4 * most))
        links = self.state.links(self.sync.name, Side.LEFT, ids)
        return sorted(link.ids for link in links)[:most]


def _is_long(write: object) -> bool:
    record = getattr(write, "record", None)
    return isinstance(record, Entry) and len(record.company_name) > 100  # noqa: PLR2004 -- characters
