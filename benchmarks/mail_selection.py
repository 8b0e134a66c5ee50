"""Time the selection and planning of mail: 50,000 messages against 20,000 subscribed addresses, 1,000 of them saved.

The floor is what the job takes by hand, over pages of the same feed: skip drafts, fold the sender's or the recipients'
addresses, look them up, hold the moment against the subscription's, take each message id once, and for what is saved
build the activity and a keyed digest of it. Floor and plan are taken in turn, after a collection of garbage each; the
median of their ratios counts, and may be 3. Times are CPU seconds of this process.

Memory is the peak while a plan is made, for all messages and for half of them, with the same number saved of both: what
is not saved must not add to it.

A thousand is what a run takes at most, unless told otherwise.

    python benchmarks/mail_selection.py --messages 50000 --addresses 20000 --saved 1000 --rounds 7
"""

import argparse
import gc
import sys
import tracemalloc
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import blake2b
from random import Random
from statistics import median
from time import process_time

import tallystick as ts
from tallystick.mail import MailSync, Periods, Subscription, Subscriptions
from tallystick.ports import Scope
from tallystick.profiles import maximizer
from tallystick.providers.memory import Activities, FakeCrm, Mailbox, VirtualClock
from tallystick.records import INBOX, SENT_ITEMS, Activity, EmailAddress, Message, Origin, Relation, RelationKind
from tallystick.recurrence import Instant

ADA = "ada@example.com"
KEY = b"a key for the benchmark, 32 bytes"
MOST_RATIO = 3.0
MOST_GROWTH = 1.25
PAGE = 1000


def made_messages(messages: int, addresses: int, saved: int, clock: VirtualClock, random: Random) -> Iterator[Message]:
    """Yield messages, ``saved`` of which come from, or went to, one of the subscribed addresses."""
    chosen = set(random.sample(range(messages), saved))
    for number in range(messages):
        at = Instant(clock.now() + timedelta(seconds=number))
        name = f"Person{random.randrange(addresses)}" if number in chosen else f"other{number}"
        person, owner = EmailAddress(f"{name}@Example.com"), EmailAddress(ADA)
        out = number % 3 == 0
        yield Message(
            f"Subject {number}",
            f"The text of message {number}, which is as long as a short answer is.\n" * 4,
            sender=owner if out else person,
            to=(person,) if out else (owner,),
            sent=at,
            received=at,
            message_id=f"<{number}@mail.example>",
            folder=SENT_ITEMS if out else INBOX,
        )


def subscribed(addresses: int, at: datetime) -> Subscriptions:
    """Return subscriptions of so many addresses since a moment."""
    return Subscriptions(
        tuple(
            Subscription(Relation(RelationKind.ENTRY, f"e{number}"), f"person{number}@example.com", Periods.since(at))
            for number in range(addresses)
        )
    )


def by_hand(mailbox: Mailbox, since: dict[str, tuple[str, datetime]]) -> list[tuple[str, Activity, bytes]]:
    """Return what is to be saved, with its digest: the floor."""
    found: dict[str, tuple[str, Activity, bytes]] = {}
    cursor = None
    while True:
        page = mailbox.changes(cursor, Scope())
        for item in page.items:
            message = item.record
            if message.is_draft or message.sender is None or message.at is None:
                continue
            out = message.folder == SENT_ITEMS
            moment = message.at.utc
            people = message.to if out else (message.sender,)
            hits = [since.get(one.address.strip().lower()) for one in people]
            ids = tuple(hit[0] for hit in hits if hit is not None and moment >= hit[1])
            key = message.message_id.strip()
            if not ids or key in found:
                continue
            relations = tuple(Relation(RelationKind.ENTRY, one) for one in ids)
            to = tuple(one.address for one in message.to)
            activity = Activity(
                message.subject,
                message.body,
                inbound=not out,
                at=message.at,
                sender=message.sender.address,
                to=to,
                message_id=key,
                thread=key,
                relations=relations,
                origin=Origin.MAILBOX,
            )
            said = repr((activity.subject, activity.body, out, moment, activity.sender, to, key, ids))
            found[key] = (key, activity, blake2b(said.encode(), key=KEY, digest_size=16).digest())
        if page.complete:
            return list(found.values())
        cursor = page.cursor


def sync_of(mailbox: Mailbox, activities: Activities, subscriptions: Subscriptions, clock: VirtualClock) -> MailSync:
    """Return the sync, with a state of its own that is empty."""
    profile = maximizer.mail(ADA, subscriptions, maximizer.MailSettings(most_per_run=1_000_000))
    state = ts.MemoryState(KEY)
    return MailSync("mail", mailboxes=[mailbox], activities=activities, profile=profile, state=state, clock=clock)


def mailbox_of(messages: int, addresses: int, saved: int, clock: VirtualClock, seed: int) -> Mailbox:
    """Return a mailbox with so many messages."""
    mailbox = Mailbox(clock=clock, page_size=PAGE)
    mailbox.load(made_messages(messages, addresses, saved, clock, Random(seed)))
    return mailbox


def peak(sync: MailSync) -> int:
    """Return how much memory a plan takes at most while it is made, in bytes."""
    gc.collect()
    tracemalloc.start()
    sync.plan()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def measured(messages: int, addresses: int, saved: int, rounds: int, seed: int) -> Iterator[tuple[float, float]]:
    """Yield, a round, the CPU seconds of the floor and of the plan."""
    clock = VirtualClock()
    subscriptions = subscribed(addresses, clock.now())
    since = {one.address: (one.relation.id, clock.now()) for one in subscriptions.entries}
    mailbox = mailbox_of(messages, addresses, saved, clock, seed)
    activities = FakeCrm(clock=clock).activities
    for _ in range(rounds):
        gc.collect()
        at = process_time()
        floor = by_hand(mailbox, since)
        hand = process_time() - at
        sync = sync_of(mailbox, activities, subscriptions, clock)
        gc.collect()
        at = process_time()
        plan = sync.plan()
        took = process_time() - at
        assert len(plan.steps) == len(floor) == saved  # noqa: S101 -- both have done the same
        yield hand, took


def main(arguments: list[str]) -> int:
    """Run the benchmark, and return 1 where a figure is beyond its limit."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--messages", type=int, default=50_000)
    parser.add_argument("--addresses", type=int, default=20_000)
    parser.add_argument("--saved", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    ratios = []
    for hand, took in measured(given.messages, given.addresses, given.saved, given.rounds, given.seed):
        ratios.append(took / hand)
        print(f"by hand {hand:7.3f} s   plan {took:7.3f} s   {took / hand:5.2f} times")
    ratio = median(ratios)
    clock = VirtualClock()
    subscriptions, activities, saved = (
        subscribed(given.addresses, clock.now()),
        FakeCrm(clock=clock).activities,
        given.saved,
    )
    half = mailbox_of(given.messages // 2, given.addresses, saved // 2, clock, given.seed)
    whole = mailbox_of(given.messages, given.addresses, saved // 2, clock, given.seed)
    peaks = [peak(sync_of(one, activities, subscriptions, clock)) for one in (half, whole)]
    print(f"median {ratio:.2f} times the floor, at most {MOST_RATIO}")
    print(f"peak {peaks[0] / 1e6:.1f} MB for half of the messages, {peaks[1] / 1e6:.1f} MB for all of them")
    return int(ratio > MOST_RATIO or peaks[1] > MOST_GROWTH * peaks[0])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
