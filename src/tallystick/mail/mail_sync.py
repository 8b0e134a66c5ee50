"""Provide the mail sync: the engine's sync of a view and a CRM's activities, and what is done after each run."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import attrs

from tallystick.mail.chain import Verdict
from tallystick.mail.ledger import StateLedger
from tallystick.mail.letter import Letter
from tallystick.mail.outgoing import Sending
from tallystick.mail.people import People
from tallystick.mail.selection import MailProfile
from tallystick.mail.view import MailView
from tallystick.ports import Clock, Provider, Side, Sink, State
from tallystick.ports.clock import instant_of
from tallystick.reconcile import Plan, Report
from tallystick.records import Activity, Message
from tallystick.sync import Connection, ConnectionState, Sync, SystemClock
from tallystick.sync.checking import require_directory, require_provider


@attrs.frozen
class MailRun:
    """What one run of a mail sync did.

    ``report`` is the engine's. ``excluded`` counts by reason the messages that were looked at and not saved.
    ``sending`` says what became of drafts, ``marked`` and ``unmarked`` are the keys of saved messages that were given
    the category, and of those that could not be.
    """

    report: Report
    excluded: Mapping[str, int]
    sending: Sending = Sending()
    marked: tuple[str, ...] = ()
    unmarked: tuple[str, ...] = ()


class MailSync:
    """One mail sync of a user.

    ``mailboxes`` are the user's, the first of which sends. ``people`` are the directories of the CRM's contacts and
    leads, asked by e-mail address; records that belong to ``user``, by the CRM's id, count as own. ``sync`` is the
    engine's, with all that it offers; :meth:`run` adds what is done to the mailbox after a run.
    """

    def __init__(  # noqa: PLR0913 -- a sync is its parts, and each has a name
        self,
        name: str,
        *,
        mailboxes: Sequence[Provider[Message]],
        activities: Provider[Activity],
        profile: MailProfile,
        state: State,
        people: Sequence[Provider[Any]] = (),
        user: str = "",
        sink: Sink | None = None,
        clock: Clock | None = None,
    ) -> None:
        for number, mailbox in enumerate(mailboxes, 1):
            require_provider(mailbox, f"mailbox {number}")
        for number, directory in enumerate(people, 1):
            require_directory(directory, f"people {number}")
        selection = profile.selection
        self._profile = profile
        self._clock = clock
        self._ledger = StateLedger(state, name, activities)
        self.view: MailView = MailView(
            mailboxes,
            selection,
            people=People(people, alternate=selection.alternate_addresses, user=user),
            ledger=self._ledger,
        )
        self.sync: Sync[Letter, Activity] = Sync(
            name, left=self.view, right=activities, profile=profile.profile, state=state, sink=sink, clock=clock
        )

    def run(self) -> MailRun:
        """Run once; then send what is to be sent, and mark what was saved."""
        report = self.sync.run()
        return self.finish(report)

    def finish(self, report: Report) -> MailRun:
        """Do what is to be done after a run, also one that a plan was applied by."""
        sending = self.view.send_drafts()
        marked, unmarked = self.view.mark_saved() if self._profile.selection.mark else ((), ())
        return MailRun(report, dict(self.view.excluded), sending, marked, unmarked)

    def plan(self) -> Plan:
        """Return what a run would save and draft; nothing is written, sent or marked."""
        return self.sync.plan()

    def apply(self, plan: Plan) -> MailRun:
        """Apply a plan; then send what is to be sent, and mark what was saved."""
        return self.finish(self.sync.apply(plan))

    def connection(self) -> Connection:
        """Return how the mailbox stands, as the last run found it, by the first address that the profile names.

        Where the profile names none, as HighLevel's does without a connection, it is disconnected.
        """
        user = self._profile.selection.user
        if not user:
            return Connection(Side.LEFT, ConnectionState.DISCONNECTED, "")
        return attrs.evolve(self.sync.status().connections[Side.LEFT], account=user[0])

    def verdict(self, message_id: str) -> Verdict:
        """Return which rule decides about a message, by its message id, and why. Raises UnknownRecord."""
        return self.view.verdict(message_id, self._profile.profile.left.scope_at(self._now()))

    def _now(self) -> datetime:
        return instant_of((self._clock or SystemClock()).now())
