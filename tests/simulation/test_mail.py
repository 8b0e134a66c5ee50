"""Crash at every request of a mail sync: no message is saved twice or sent twice, and none is lost."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice, product
from typing import Any, cast, get_args

import attrs
import pytest

from tallystick.mail import MailSync, Subscriptions
from tallystick.profiles import highlevel, linkpoint, maximizer
from tallystick.profiles.linkpoint import MailMode, MailSettings
from tallystick.records import DELETED_ITEMS, SENT_ITEMS, Activity, Entry, Origin
from tallystick.recurrence import Instant
from tests.behaviour.mail_world import ADA, ALAN, GRACE, NAME, MailWorld, entry
from tests.conftest import Count
from tests.simulation.crash import WRITES, Crash, Flavour, Fuse, Fused

Strike = tuple[int, Flavour]

LATER = 600
"""Seconds after a crash, when no request can arrive any more."""

NEXT_DAY = 86_400


def subscribed() -> MailWorld:
    """Return a world of the auto-save: saved are two incoming messages and one sent, one of them in two parts."""
    world = MailWorld()
    subscriptions = Subscriptions().on(entry("e1"), [GRACE], world.now()).on(entry("e2"), [ALAN], world.now())
    limits = attrs.evolve(maximizer.MAIL_LIMITS, body=40)
    world.profile = maximizer.mail(ADA, subscriptions, limits=limits)
    world.pass_time()
    world.receive(GRACE, body="a line of some length\n" * 3)
    world.mail.move_to(world.receive(ALAN), DELETED_ITEMS)
    world.receive("x@example.com")
    world.send(GRACE, ALAN)
    return world


def marked() -> MailWorld:
    """Return a world of recorded messages, each of which is marked, and of a reply."""
    world = MailWorld()
    world.crm.entries.insert(Entry(emails=(GRACE,)))
    world.profile = linkpoint.mail(ADA, MailSettings(mode=MailMode.DESIGNATED))
    first = world.send(GRACE, categories=("CRM",))
    world.receive(GRACE, in_reply_to=world.key(first))
    world.receive(GRACE)
    return world


def two_ways() -> MailWorld:
    """Return a world with a thread under way, and messages to be sent and saved."""
    world = MailWorld()
    world.crm.entries.insert(Entry(emails=(GRACE,)))
    world.profile = highlevel.mail(highlevel.Connection(ADA, world.now()))
    world.pass_time()
    write(world)
    world.run()
    world.receive(GRACE, in_reply_to=world.mail.sent[0])
    write(world)
    write(world)
    return world


def write(world: MailWorld) -> None:
    """Let the user write to Grace in the CRM."""
    at = Instant(world.now())
    world.activities.insert(Activity("hello", at=at, to=(GRACE,), origin=Origin.INDIVIDUAL))


WORLDS: dict[str, tuple[Callable[[], MailWorld], int, int]] = {
    "auto-save": (subscribed, 4, 0),
    "marked": (marked, 2, 0),
    "two ways": (two_ways, 1, 3),
}
"""How each world is made, how many activities are saved in it, and how many messages sent."""


def struck(world: MailWorld, fuse: Fuse) -> None:
    """Run with a fuse."""
    profile = world.profile
    assert profile is not None
    sync = MailSync(
        NAME,
        mailboxes=(cast("Any", Fused("left", world.mail, fuse)),),
        activities=cast("Any", Fused("right", world.activities, fuse)),
        people=(world.crm.entries,),
        profile=profile,
        state=cast("Any", Fused("state", world.state, fuse)),
        clock=world.clock,
    )
    with suppress(Crash):
        sync.run()


def strikes(trace: list[str]) -> Iterator[Strike]:
    """Yield every way in which a run with this trace can be struck."""
    for at, request in enumerate(trace, 1):
        port, _, method = request.partition(".")
        written = port != "state" and method in WRITES
        for flavour in cast("tuple[Flavour, ...]", get_args(Flavour)):
            if written or flavour in ("before", "after"):
                yield at, flavour


def judged(world: MailWorld, saved: int, sent: int) -> None:
    """Assert that everything arrived once; what is in doubt a person has sent by hand."""
    mailbox = Counter((one.message_id, one.part) for one in world.saved() if one.origin is Origin.MAILBOX)
    assert len(mailbox) == saved
    assert set(mailbox.values()) == {1}, "saved twice"
    assert len(world.mail.sent) == len(set(world.mail.sent)) == sent
    drafts = [one for one in world.mail.all().values() if one.is_draft]
    assert drafts == []
    assert sum(one.folder == SENT_ITEMS for one in world.mail.all().values()) >= sent


def settled(world: MailWorld) -> None:
    """Run until everything is known, and have a person send by hand what nobody can know of."""
    for _ in range(2):
        world.clock.advance(LATER)
        world.run()
    world.clock.advance(LATER)
    run = world.run()
    if run.sending.in_doubt:
        for one, message in world.mail.all().items():
            if message.is_draft:
                world.mail.send_draft(one)
        world.run()


@pytest.mark.parametrize("name", WORLDS)
def test_a_crash_at_any_request_neither_loses_nor_doubles_a_message(name: str) -> None:
    """Whatever request a run dies at, the next ones save what is missing, and send nothing a second time."""
    make, saved, sent = WORLDS[name]
    fuse = Fuse()
    struck(make(), fuse)
    tried = 0
    for (at, flavour), longer in product(strikes(fuse.trace), (0, NEXT_DAY)):
        world = make()
        struck(world, Fuse(at, flavour))
        world.clock.advance(longer)
        settled(world)
        judged(world, saved, sent)
        assert world.run().report.written() == 0
        tried += 1

    assert tried >= 25


@pytest.mark.behaviour("TS-03")
@pytest.mark.parametrize("name", WORLDS)
@pytest.mark.parametrize("every", [11, pytest.param(1, marks=pytest.mark.soak)])
def test_a_second_crash_during_recovery_neither_loses_nor_doubles_a_message(
    name: str, every: int, count: Count
) -> None:
    """A crash, and another one while the next run recovers from it: what is missing is saved, nothing sent twice."""
    make, saved, sent = WORLDS[name]
    fuse, tried = Fuse(), 0
    struck(make(), fuse)

    def begun(first: Strike) -> MailWorld:
        world = make()
        struck(world, Fuse(*first))
        world.clock.advance(LATER)
        return world

    for number, first in enumerate(islice(strikes(fuse.trace), 0, None, every)):
        recovering = Fuse()
        struck(begun(first), recovering)
        for second in islice(strikes(recovering.trace), number % every, None, every):
            world = begun(first)
            struck(world, Fuse(*second))
            settled(world)
            judged(world, saved, sent)
            assert world.run().report.written() == 0
            count(histories=1, crashes=2)
            tried += 1

    assert tried >= 8
