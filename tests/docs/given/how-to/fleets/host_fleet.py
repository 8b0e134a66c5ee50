"""What a worker needs to know: how to build the sync of a mailbox."""

from collections.abc import Iterator
from functools import cache

import tallystick as ts
from tallystick.fleet import RunnableSync, SyncJob, factory
from tallystick.profiles import maximizer
from tallystick.providers.memory import FakeCrm, FakeOutlook
from tallystick.records import Contact, EmailAddress

PROFILE = maximizer.contacts(category="Maximizer", favourite_list="Clients")

STATE = ts.SqliteState("links.db", key=b"a secret of yours, made only once")  # for many machines, a SqlState


@cache
def accounts(mailbox: str) -> tuple[FakeOutlook, FakeCrm]:
    """Stand for your own clients, which sign in here with what only the worker can read."""
    outlook, crm = FakeOutlook(mailbox), FakeCrm("crm.example.com")
    mail = (EmailAddress("grace@example.com"),)
    outlook.contacts.insert(Contact("Grace", surname="Hopper", email_addresses=mail, categories=("Maximizer",)))
    return outlook, crm


@factory
def contacts(job: SyncJob) -> Iterator[RunnableSync]:
    """Build the sync of a mailbox's contacts."""
    outlook, crm = accounts(str(job.options["mailbox"]))
    yield ts.Sync(job.sync, left=outlook.contacts, right=crm.entries, profile=PROFILE, state=STATE)
