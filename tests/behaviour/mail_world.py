"""Provide a small world of mail: a mailbox, a CRM, a state, one clock for all, and the sync between them.

Every run is audited: the report's figures must equal what the CRM saw.
"""

# ruff: noqa: ANN401 - these take a message's fields

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from tallystick import MemoryState, Side
from tallystick.mail import MailProfile, MailRun, MailSync
from tallystick.ports import WriteKind
from tallystick.providers.memory import FakeCrm, FakeOutlook, VirtualClock
from tallystick.records import SENT_ITEMS, Activity, EmailAddress, Message, Relation, RelationKind
from tallystick.recurrence import Instant

NAME = "ada@example.com/mail"
ADA = "ada@example.com"
GRACE = "grace@example.com"
ALAN = "alan@example.com"


def address(text: str) -> EmailAddress:
    """Return an address without a name."""
    return EmailAddress(text)


def entry(id_: str, mail: str = GRACE) -> Relation:
    """Return how an activity refers to an entry of the address book."""
    return Relation(RelationKind.ENTRY, id_, mail)


class MailWorld:
    """A mailbox of Ada's on the left, a CRM's activities on the right. Both can be used like a person does."""

    def __init__(self, clock: VirtualClock | None = None) -> None:
        self.clock = clock or VirtualClock()
        self.outlook = FakeOutlook(clock=self.clock)
        self.mail = self.outlook.mail
        self.crm = FakeCrm(clock=self.clock)
        self.activities = self.crm.activities
        self.state = MemoryState()
        self.profile: MailProfile | None = None
        self._numbers = count(1)

    # --- what persons do ---------------------------------------------------------------------------------------------

    def pass_time(self, **span: float) -> datetime:
        """Let time pass, an hour unless told otherwise, and return the present moment."""
        self.clock.advance(timedelta(**span) if span else timedelta(hours=1))
        return self.now()

    def now(self) -> datetime:
        """Return the present moment."""
        return self.clock.now().astimezone(UTC)

    def receive(self, sender: str = GRACE, **fields: Any) -> str:
        """Let a message come in, to Ada unless told otherwise, and return its id in the mailbox."""
        fields.setdefault("to", (address(ADA),))
        fields.setdefault("sent", Instant(self.now()))
        return self._put(sender=address(sender), received=Instant(self.now()), **fields)

    def send(self, *to: str, **fields: Any) -> str:
        """Let Ada send a message, which lies in Sent Items unless told otherwise, and return its id."""
        fields.setdefault("folder", SENT_ITEMS)
        fields.setdefault("sender", address(ADA))
        recipients = tuple(map(address, to or (GRACE,)))
        return self._put(to=recipients, sent=Instant(self.now()), received=Instant(self.now()), **fields)

    def _put(self, **fields: Any) -> str:
        self.clock.advance(1)
        fields.setdefault("message_id", f"<{next(self._numbers)}@mail.example>")
        return self.mail.insert(Message(**fields))

    # --- the sync ----------------------------------------------------------------------------------------------------

    def sync(self, **how: Any) -> MailSync:
        """Return the sync, made anew as after a restart."""
        assert self.profile is not None
        how.setdefault("people", (self.crm.entries, self.crm.leads))
        how.setdefault("mailboxes", (self.mail,))
        return MailSync(
            NAME, activities=self.activities, profile=self.profile, state=self.state, clock=self.clock, **how
        )

    def run(self, profile: MailProfile | None = None, **how: Any) -> MailRun:
        """Run once, audit the report, and return what was done."""
        self.profile = profile or self.profile
        before = Counter(self.activities.writes)
        run = self.sync(**how).run()
        made = {kind: many for (side, kind), many in run.report.writes.items() if side is Side.RIGHT and many}
        assert made == dict(Counter(self.activities.writes) - before)
        return run

    def settle(self, **how: Any) -> None:
        """Assert that nothing is left to do: for a further run, and after lost cursors."""
        for _ in range(2):
            before = self.shown()
            assert self.run(**how).report.written() == 0
            assert self.shown() == before, "a further run is not quiet"
            self.mail.expire_cursors()
            self.activities.expire_cursors()

    # --- what is there -----------------------------------------------------------------------------------------------

    def shown(self) -> object:
        """Return everything that both sides hold, down to the versions."""
        return [{one: side.item(one) for one in side.ids()} for side in (self.mail, self.activities)]

    def saved(self) -> list[Activity]:
        """Return the activities in the order in which they were made."""
        return list(self.activities.all().values())

    def subjects(self) -> list[str]:
        """Return their subjects."""
        return [each.subject for each in self.saved()]

    def key(self, id_: str) -> str:
        """Return the message id of a message in the mailbox."""
        return self.mail.record(id_).message_id

    def why(self, id_: str) -> str:
        """Return the reason for which a message is saved or not."""
        return self.sync().verdict(self.key(id_)).reason

    def created(self) -> int:
        """Return how many activities the sync has made so far."""
        return self.activities.writes[WriteKind.CREATE]
