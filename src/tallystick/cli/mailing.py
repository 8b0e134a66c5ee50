"""Provide the command that records messages in a CRM's file: it shows the plan, asks, writes, and reports."""

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import attrs
from cyclopts import Group, Parameter

from tallystick import MemoryState, Plan, SqliteState
from tallystick.cli.consent import agreed
from tallystick.cli.exits import Exit, exit_of_run, writing
from tallystick.cli.options import AsJson, Details, Where, Whole, Yes
from tallystick.cli.pair import left_alone
from tallystick.cli.phases import Phases
from tallystick.cli.plan_view import plan_data, show_plan
from tallystick.cli.report_view import report_data, show_report
from tallystick.cli.screen import Screen, make_screen
from tallystick.cli.sources import open_messages, unreadable_of
from tallystick.cli.vault import Vault, choose_new_sync
from tallystick.errors import UsageError
from tallystick.mail import MailProfile, MailSync
from tallystick.ports import Provider
from tallystick.profiles import linkpoint
from tallystick.profiles.linkpoint import MailMode, MailSettings
from tallystick.providers.files import ACTIVITIES, ENTRIES, open_file
from tallystick.records import Activity, Entry, Message
from tallystick.sync import SystemClock
from tallystick.text import is_address

_MAIL = Group("The mail", sort_key=3)

Messages = Annotated[
    str,
    Parameter(
        help="What the mailbox has: a folder of .eml files, an .eml, .mbox or .jsonl file, or a mailbox as graph:me."
    ),
]
Activities = Annotated[Path, Parameter(help="What the CRM has: a .jsonl file of activities, empty to begin with.")]
People = Annotated[Path, Parameter(group=_MAIL, help="The CRM's people, as .csv, .jsonl or .vcf.")]
Address = Annotated[str, Parameter(group=_MAIL, help="The mail address of whose mailbox it is.")]
Mode = Annotated[MailMode, Parameter(group=_MAIL, help="Which of the messages that match are recorded.")]
LookBack = Annotated[Whole, Parameter(group=_MAIL, help="From how many days back messages are taken, 1 to 30.")]
Zone = Annotated[str, Parameter(group=_MAIL, help="The time zone by whose days that is counted.")]
Secret = Annotated[
    str | None,
    Parameter(
        name="--left-secret-command",
        group=_MAIL,
        help="A command that prints the mailbox's access token; else TALLYSTICK_LEFT_SECRET, else asked for.",
    ),
]
Only = Annotated[bool, Parameter(name="--plan", show_default=False, help="Show the plan, and write nothing.")]


def mail(  # noqa: PLR0913 -- each is an option of the command
    messages: Messages,
    activities: Activities,
    /,
    *,
    where: Where,
    people: People,
    address: Address,
    mode: Mode = MailMode.ALL,
    look_back: LookBack = 30,
    zone: Zone = "UTC",
    secret_command: Secret = None,
    only: Only = False,
    yes: Yes = False,
    details: Details = 10,
    as_json: AsJson = False,
) -> Exit:
    """Record messages that one of the CRM's people wrote or received, each of them once.

    The messages are only read. They are recorded by LinkPoint's rules: what is in the category DoNotSync never is.
    """
    if not is_address(address):
        raise UsageError("that is no mail address", where="--address", remedy="give it as name@example.com")
    screen = make_screen(as_json=as_json)
    profile = linkpoint.mail(address, MailSettings(mode=mode, look_back=look_back, crm_category="", zone=zone))
    with ExitStack() as opened:
        with Phases(screen.err, transient=True) as phases, phases.phase("Read"):
            mailbox = open_messages(messages, secret_command, opened)
            right, directory = open_file(activities, ACTIVITIES), open_file(people, ENTRIES)
        made = _Recording(screen, mailbox, right, directory, profile, where)
        vault = Vault.at(where.state, where.key_file)
        with vault.look() as state:
            plan = made.sync(state).plan()
            if only and as_json:
                screen.data({**plan_data(plan, details), "remarks": made.remarks()})
                return Exit.COMPLETE
            show_plan(screen, plan, made.labels, f"{mailbox.account}: the last {look_back} days", details)
            made.show_remarks()
            if only or not agreed(screen, plan, made.labels, yes=yes, instead=", or only plan with --plan"):
                screen.line("Nothing was written.", "dim")
                return Exit.COMPLETE if only else Exit.WARNING
        with vault.create() as state:
            return made.write(state, plan)


@attrs.frozen
class _Recording:
    """What the command was given, opened."""

    screen: Screen
    mailbox: Provider[Message]
    activities: Provider[Activity]
    people: Provider[Entry]
    profile: MailProfile
    where: Where

    @property
    def labels(self) -> tuple[str, str]:
        return (self.mailbox.account, self.activities.account)

    def sync(self, state: SqliteState | MemoryState) -> MailSync:
        return MailSync(
            choose_new_sync(state, self.where.state, self.where.sync, "+".join(self.labels)),
            mailboxes=[self.mailbox],
            activities=self.activities,
            people=[self.people],
            profile=self.profile,
            state=state,
            clock=SystemClock(),
        )

    def write(self, state: SqliteState, plan: Plan) -> Exit:
        """Record what the plan says, and report."""
        sync = self.sync(state)
        with writing():
            report = sync.apply(plan).report
        ignored = sync.sync.ignored()
        if self.screen.json:
            self.screen.data({**report_data(report, ignored), "remarks": self.remarks()})
        else:
            show_report(self.screen, report, ignored, self.labels)
            self.show_remarks()
        return exit_of_run(report.state)

    def remarks(self) -> list[str]:
        """Return a sentence about the messages that can't be read, where there are any."""
        found = unreadable_of(self.mailbox)
        return [left_alone(self.mailbox.account, found, "message")] if found else []

    def show_remarks(self) -> None:
        for said in self.remarks():
            self.screen.line(said, "yellow")
