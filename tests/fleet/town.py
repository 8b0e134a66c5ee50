"""Provide a town: two services with very many mailboxes, in files, so that workers that are killed leave them behind.

Every request of a worker is written down with the *visit* that made it, one visit for each time that a sync is built.
So what the workers did can be judged afterwards, by the lineage of what was written and by who was there when.
A record is a text for each of two fields; users change one of them on either side.
"""

import json
import os
import secrets
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from typing import TypedDict

import attrs

from tallystick import Profile, SideProfile, Sync
from tallystick.fleet import RunnableSync, SyncJob, factory
from tallystick.mapping import key, rule
from tallystick.matching import Matcher
from tallystick.ports import (
    Absence,
    AbsenceReason,
    Capabilities,
    Create,
    CreateSafety,
    Found,
    Item,
    Outcome,
    Page,
    Remove,
    Scope,
    Status,
    Term,
    Update,
)
from tallystick.state import SqliteState
from tallystick.state.sql import SqlState

KEY = bytes(range(32))
FACTORY = "tests.fleet.town:mailbox"
HOUSES = 16
"""How many files the town lies in: fewer than mailboxes, so that there are not too many, and more than workers."""


class Card(TypedDict):
    """A record: who it is, a text that users of the left change, and one that users of the right do."""

    who: str
    left: str
    right: str


Logged = tuple[str, int, str, str, str]
"""What was asked: (visit, side, request, id, body)."""

BLANK: Card = {"who": "", "left": "", "right": ""}
PROFILE: Profile[Card, Card] = Profile(
    "town",
    left=SideProfile(BLANK),
    right=SideProfile(BLANK),
    mapping=(
        rule("who", key("who"), key("who")),
        rule("left", key("left"), key("left")),
        rule("right", key("right"), key("right")),
    ),
    matcher=Matcher(
        left=lambda card: [card["who"]],
        right=lambda card: [card["who"]],
        search_left=lambda card: [Term("who", card["who"])],
        search_right=lambda card: [Term("who", card["who"])],
    ),
)

_TABLES = """
CREATE TABLE cards (mailbox TEXT, side INTEGER, id TEXT, version INTEGER, body TEXT, token TEXT, gone INTEGER,
                    PRIMARY KEY (mailbox, side, id));
CREATE INDEX cards_version ON cards (mailbox, side, version);
CREATE INDEX cards_token ON cards (mailbox, side, token);
CREATE TABLE log (number INTEGER PRIMARY KEY, mailbox TEXT, visit TEXT, side INTEGER, request TEXT, id TEXT, body TEXT);
CREATE INDEX log_mailbox ON log (mailbox);
"""


@attrs.frozen
class Town:
    """The town in a folder."""

    folder: Path

    @classmethod
    def built(cls, folder: Path) -> "Town":
        """Build the houses."""
        town = cls(folder)
        for house in range(HOUSES):
            connection = sqlite3.connect(town.house(house))
            connection.executescript("PRAGMA journal_mode = WAL;" + _TABLES)
            connection.close()
        return town

    def house(self, number: int) -> Path:
        """Return the file of a house."""
        return self.folder / f"house-{number}.db"

    @contextmanager
    def open(self, mailbox: str) -> Iterator[sqlite3.Connection]:
        """Open the house of a mailbox for one request, which is one transaction."""
        connection = sqlite3.connect(self.house(int(mailbox) % HOUSES), timeout=30, isolation_level=None)
        try:
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")
        finally:
            connection.close()

    def cards(self, mailbox: str, side: int) -> dict[str, Card]:
        """Return the live records of one side."""
        with self.open(mailbox) as connection:
            asked = "SELECT id, body FROM cards WHERE mailbox = ? AND side = ? AND NOT gone"
            return {id_: json.loads(body) for id_, body in connection.execute(asked, (mailbox, side))}

    def requests(self) -> int:
        """Return how much was asked of the town so far."""
        count = 0
        for house in range(HOUSES):
            with self.open(str(house)) as connection:
                count += connection.execute("SELECT coalesce(max(number), 0) FROM log").fetchone()[0]
        return count

    def log(self, mailbox: str) -> list[Logged]:
        """Return who asked for what, in order: (visit, side, request, id, body)."""
        with self.open(mailbox) as connection:
            asked = "SELECT visit, side, request, id, body FROM log WHERE mailbox = ? ORDER BY number"
            return connection.execute(asked, (mailbox,)).fetchall()

    def user_adds(self, mailbox: str, side: int, card: Card) -> None:
        """Have a user add a record."""
        with self.open(mailbox) as connection:
            _put(connection, mailbox, side, f"u{secrets.token_hex(6)}", card, None)

    def user_edits(self, mailbox: str, side: int, who: str, text: str) -> str | None:
        """Have a user change their side's text of a record; return the one that was there, None where it is not."""
        field = "right" if side else "left"
        with self.open(mailbox) as connection:
            asked = "SELECT id, body, token FROM cards WHERE mailbox = ? AND side = ? AND NOT gone"
            for id_, body, token in connection.execute(asked, (mailbox, side)).fetchall():
                card: dict[str, str] = json.loads(body)
                if card["who"] == who:
                    before = card[field]
                    _put(connection, mailbox, side, id_, card | {field: text}, token)
                    return before
        return None


def _put(
    connection: sqlite3.Connection, mailbox: str, side: int, id_: str, card: Mapping[str, object], token: str | None
) -> int:
    (last,) = connection.execute(
        "SELECT coalesce(max(version), 0) FROM cards WHERE mailbox = ? AND side = ?", (mailbox, side)
    ).fetchone()
    row = (mailbox, side, id_, last + 1, json.dumps(card), token)
    connection.execute("INSERT OR REPLACE INTO cards VALUES (?, ?, ?, ?, ?, ?, 0)", row)
    return int(last) + 1


@attrs.frozen
class TownProvider:
    """One side of a mailbox, as one visit has it."""

    town: Town
    mailbox: str
    side: int
    visit: str
    capabilities: Capabilities = Capabilities(
        create_safety=CreateSafety.SERVER_TOKEN, token_in_listings=True, request_timeout=timedelta(0), scopes=False
    )

    @property
    def account(self) -> str:
        """The mailbox's name."""
        return self.mailbox

    def scopes(self) -> Sequence[str]:
        """Return none."""
        return ()

    def changes(self, cursor: str | None, scope: Scope) -> Page[Card]:
        """Return all that changed since, in one page."""
        _work(int(os.environ.get("TOWN_WORK", "0")))
        with self._request("changes") as connection:
            asked = "SELECT id, version, body, token FROM cards WHERE mailbox = ? AND side = ? AND version > ?"
            rows = connection.execute(asked, (self.mailbox, self.side, int(cursor or 0))).fetchall()
        last = max((version for _, version, _, _ in rows), default=int(cursor or 0))
        return Page([_item(*row) for row in rows], str(last), complete=True)

    def get(self, ids: Sequence[str], scope: Scope) -> Sequence[Found[Card]]:
        """Return what each id is now."""
        with self._request("get") as connection:
            return [self._found(connection, id_) or Absence(id_, AbsenceReason.DELETED) for id_ in ids]

    def search(self, terms: Sequence[Term], scope: Scope) -> Sequence[Item[Card]]:
        """Return what a name or a token finds."""
        with self._request("search") as connection:
            asked = "SELECT id, version, body, token FROM cards WHERE mailbox = ? AND side = ?"
            items = [_item(*row) for row in connection.execute(asked, (self.mailbox, self.side))]
        wanted = {(term.field, term.value) for term in terms}
        return [one for one in items if {(Term.TOKEN, one.token), ("who", one.record["who"])} & wanted]

    def create(self, batch: Sequence[Create[Card]], scope: Scope) -> Sequence[Outcome[Card]]:
        """Create records; a repeated token is answered with the first one's."""
        with self._request("create") as connection:
            return [self._create(connection, one) for one in batch]

    def update(self, batch: Sequence[Update], scope: Scope) -> Sequence[Outcome[Card]]:
        """Change records that still have the version."""
        with self._request("update") as connection:
            return [self._update(connection, one) for one in batch]

    def remove(self, batch: Sequence[Remove], scope: Scope) -> Sequence[Outcome[Card]]:
        """Refuse: nobody deletes anything in this town."""
        raise AssertionError("a fleet removed something")

    @contextmanager
    def _request(self, name: str) -> Iterator[sqlite3.Connection]:
        with self.town.open(self.mailbox) as connection:
            self._note(connection, name)
            yield connection

    def _note(self, connection: sqlite3.Connection, request: str, id_: str = "", body: str = "") -> None:
        row = (self.mailbox, self.visit, self.side, request, id_, body)
        connection.execute("INSERT INTO log (mailbox, visit, side, request, id, body) VALUES (?, ?, ?, ?, ?, ?)", row)

    def _found(self, connection: sqlite3.Connection, id_: str) -> Item[Card] | None:
        asked = "SELECT id, version, body, token FROM cards WHERE mailbox = ? AND side = ? AND id = ? AND NOT gone"
        row = connection.execute(asked, (self.mailbox, self.side, id_)).fetchone()
        return None if row is None else _item(*row)

    def _create(self, connection: sqlite3.Connection, write: Create[Card]) -> Outcome[Card]:
        asked = "SELECT id FROM cards WHERE mailbox = ? AND side = ? AND token = ?"
        known = connection.execute(asked, (self.mailbox, self.side, write.token)).fetchone()
        id_ = known[0] if known else f"c{secrets.token_hex(6)}"
        if known is None:
            _put(connection, self.mailbox, self.side, id_, write.record, write.token)
            self._note(connection, "created", id_, json.dumps(write.record))
        return Outcome(Status.DONE, self._found(connection, id_))

    def _update(self, connection: sqlite3.Connection, write: Update) -> Outcome[Card]:
        known = self._found(connection, write.id)
        if known is None:
            return Outcome(Status.GONE)
        if known.version != write.version:
            return Outcome(Status.CHANGED)
        card = {**known.record, **write.fields}
        _put(connection, self.mailbox, self.side, write.id, card, known.token)
        self._note(connection, "updated", write.id, json.dumps(card))
        return Outcome(Status.DONE, self._found(connection, write.id))


def _work(much: int) -> None:
    """Keep a processor busy, as the reading of large answers does: about a millisecond for every four thousand."""
    digest = b""
    for _ in range(much):
        digest = blake2b(digest).digest()


def _item(id_: str, version: int, body: str, token: str | None) -> Item[Card]:
    return Item(id_, str(version), json.loads(body), modified=datetime(2026, 1, 1, tzinfo=UTC), token=token)


_STATES: dict[str, SqlState | SqliteState] = {}
_LOCK = Lock()


def state_at(place: str) -> SqlState | SqliteState:
    """Return this process's one state at a place."""
    with _LOCK:
        if place not in _STATES:
            _STATES[place] = SqlState(place, key=KEY) if "://" in place else SqliteState(place, key=KEY)
        return _STATES[place]


def close_states() -> None:
    """Close all states of this process."""
    while _STATES:
        _STATES.popitem()[1].close()


@factory
def mailbox(job: SyncJob) -> Iterator[RunnableSync]:
    """Build the sync of a mailbox; where town and state are, the worker knows by itself."""
    number = str(job.options["mailbox"])
    town = Town(Path(os.environ["TOWN"]))
    visit = f"{os.getpid()}-{secrets.token_hex(4)}"
    yield Sync(
        job.sync,
        left=TownProvider(town, number, 0, visit),
        right=TownProvider(town, number, 1, visit),
        profile=PROFILE,
        state=state_at(os.environ["TOWN_STATE"]),
        lease=timedelta(seconds=float(os.environ.get("TOWN_LEASE", "300"))),
    )


def job_of(number: int) -> SyncJob:
    """Return the job of a mailbox."""
    return SyncJob(f"town/{number}", FACTORY, f"tenant-{number % 3}", {"mailbox": number})
