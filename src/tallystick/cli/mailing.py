"""Provide the command that records messages in a CRM's file: it shows the plan, asks, writes, and reports."""

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

from cyclopts import Group, Parameter

from tallystick import MemoryState, SqliteState
from tallystick.cli.consent import agreed
from tallystick.cli.exits import Exit, exit_of_run, writing
from tallystick.cli.options import AsJson, Details, Where, Yes
from tallystick.cli.phases import Phases
from tallystick.cli.plan_view import plan_data, show_plan
from tallystick.cli.report_view import tell_report
from tallystick.cli.screen import Screen, make_screen
from tallystick.cli.sources import open_messages
from tallystick.cli.vault import Vault, choose_new_sync
from tallystick.errors import UsageError
from tallystick.mail import MailSync
from tallystick.profiles import linkpoint
from tallystick.profiles.linkpoint import MailMode, MailSettings
from tallystick.providers.files import ACTIVITIES, ENTRIES, MailFiles, open_file
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
LookBack = Annotated[int, Parameter(group=_MAIL, help="From how many days back messages are taken, 1 to 30.")]
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
    settings = MailSettings(mode=mode, look_back=look_back, crm_category="", zone=zone)
    with ExitStack() as opened:
        with Phases(screen.err, transient=True) as phases, phases.phase("Read"):
            mailbox = open_messages(messages, secret_command, opened)
            right, directory = open_file(activities, ACTIVITIES), open_file(people, ENTRIES)
        vault = Vault.at(where.state, where.key_file)
        labels = (mailbox.account, right.account)

        def sync_in(state: SqliteState | MemoryState) -> MailSync:
            return MailSync(
                choose_new_sync(state, where.state, where.sync, "+".join(labels)),
                mailboxes=[mailbox],
                activities=right,
                people=[directory],
                profile=linkpoint.mail(address, settings),
                state=state,
                clock=SystemClock(),
            )

        with vault.look() as state:
            plan = sync_in(state).plan()
            if only and as_json:
                screen.data(plan_data(plan, details))
                return Exit.COMPLETE
            show_plan(screen, plan, labels, f"{labels[0]}: the last {look_back} days", details)
            _show_unreadable(screen, mailbox)
            if only or not agreed(screen, plan, labels, yes=yes, instead=", or only plan with --plan"):
                screen.line("Nothing was written.", "dim")
                return Exit.COMPLETE if only else Exit.WARNING
        with vault.create() as state:
            sync = sync_in(state)
            with writing():
                report = sync.apply(plan).report
            ignored = sync.sync.ignored()
        tell_report(screen, report, ignored, labels)
        return exit_of_run(report.state)


def _show_unreadable(screen: Screen, mailbox: object) -> None:
    if isinstance(mailbox, MailFiles):
        for one in sorted(mailbox.unreadable):
            screen.line(f"{one} is no message that can be read; it is left out", "yellow")
