"""Provide what is asked of the tables of a state in a database: the statements by name, and the order of their values.

Every database has its own texts for them (:mod:`.sqlite_texts`, :mod:`.sql.texts`); what is done with them is the same
for all (:mod:`.reading`, :mod:`.writing`, :mod:`.parking`). Rows come and go by position, in the order of the columns
below, then of the conditions as they are named: ``of the sync`` is its name in a reading statement, its number in a
writing one.
"""

from enum import Enum, auto
from typing import TYPE_CHECKING

from tallystick.ports import SIDES

_BY_SIDE = [f"{side.label}_{name}" for name in ("extent", "account", "cursor") for side in SIDES]
HEAD = ["revision", "layout", *_BY_SIDE, "enabled", "initial", "confirmed", "links", "parked"]
IDENTITIES = ["left_identity", "right_identity"]
LINK_FACTS = ["left_version", "right_version", "members", "layout", "left_base", "right_base", "decided"]
LINK_VALUES = [*LINK_FACTS, *IDENTITIES]
LINK = [*LINK_VALUES, "left_id", "right_id", "number"]
PARKED_VALUES = ["side", "id", "version", "kind", "reasons", "keys", "attempts", "first_seen", "last_seen", "retry_at"]
PARKED_PLACE = 2
"""How many of these say which record it is: no row ever becomes that of another."""
BATCH = ["side", "at", "layout", "intents", "bases", "claims"]
RUN = ["state", "initial", "enqueued", "started", "ended", "synced", "ignored", "counts", "note"]
LEASE = ["worker", "token", "until", "span"]


class Statement(Enum):
    """One statement. ``?*`` in a description is a place for many values, looked up a chunk at a time."""

    if not TYPE_CHECKING:  # which would take it for an ambiguous override
        __hash__ = object.__hash__  # an enum's own is Python, and asked for with every statement

    # --- reading
    SYNCS = auto()
    """The names of all syncs, in no order."""
    HEAD = auto()
    """HEAD, of the sync."""
    LAYOUTS = auto()
    """Number and name of every layout."""
    LEFT_LINKS = auto()
    """LINK, of the sync, left id in ?*."""
    RIGHT_LINKS = auto()
    """LINK, of the sync, right id in ?*."""
    LEFT_MARKS = auto()
    """Id, version, and membership (0 for no) of the left side of each link of the sync."""
    RIGHT_MARKS = auto()
    """The same of the right side."""
    LEFT_CLAIMS = auto()
    """Identity, name of the sync and both ids of links, of any sync but the one named, left identity in ?*."""
    RIGHT_CLAIMS = auto()
    """The same of right identities."""
    CLAIMING = auto()
    """Name of the sync and intents of the batches that claim identities, of any sync but the one named."""
    PARKED = auto()
    """PARKED_VALUES and number, of the sync, side, id in ?*."""
    PARKED_SHARING = auto()
    """PARKED_VALUES of the rows that have a key, of the sync, key in ?*."""
    PARKED_DUE = auto()
    """PARKED_VALUES, of the sync, retry at or before a time."""
    PARKED_LIST = auto()
    """PARKED_VALUES, of the sync."""
    PARKED_LIST_KIND = auto()
    """PARKED_VALUES, of the sync, kind."""
    BATCHES = auto()
    """Number and BATCH, of the sync, by number."""
    UNSETTLED = auto()
    """Name, oldest time and number of batches of each sync that has any, the oldest first, at most so many."""
    RUNS = auto()
    """Number and RUN, of the sync, newest first, at most so many."""

    # --- writing
    LEASE = auto()
    """LEASE, by the name of the sync; nobody else changes it meanwhile."""
    INSERT_LEASE = auto()
    """LEASE and the name of the sync."""
    SET_LEASE = auto()
    """LEASE, by the name of the sync."""
    NUMBERED_HEAD = auto()
    """Number and HEAD, by the name of the sync; no other commit of it goes on meanwhile."""
    INSERT_HEAD = auto()
    """HEAD and the name of the sync; numbered."""
    SET_HEAD = auto()
    """HEAD, of the sync."""
    FIND_LAYOUT = auto()
    """The number of a layout, by name."""
    INSERT_LAYOUT = auto()
    """The name of a layout; numbered."""
    DROP_LINKS = auto()
    """All, of the sync."""
    DROP_ALL_PARKED = auto()
    """All, of the sync."""
    DROP_KEYS = auto()
    """All, of the sync."""
    DROP_BATCHES = auto()
    """All, of the sync."""
    DROP_LINK = auto()
    """Of the sync, number."""
    INSERT_LINK = auto()
    """LINK_FACTS, of the sync, left id, right id: a link that has no identities; the database gives the number."""
    INSERT_IDENTIFIED_LINK = auto()
    """LINK_VALUES, of the sync, left id, right id; the number that follows is None, for the database to give."""
    RETURN_LINK = auto()
    """LINK_VALUES, of the sync, left id, right id, number."""
    SET_LINK = auto()
    """LINK_VALUES, of the sync, left id, right id, number: a link that keeps its ids, so that no index changes."""
    SET_PARKED = auto()
    """PARKED_VALUES but those of its place, by number."""
    DROP_PARKED = auto()
    """By number."""
    INSERT_PARKED = auto()
    """PARKED_VALUES, of the sync; numbered."""
    DROP_KEY = auto()
    """Of the sync, key, number of the parked row."""
    INSERT_KEY = auto()
    """Of the sync, key, number of the parked row."""
    DROP_BATCH = auto()
    """Of the sync, number."""
    INSERT_BATCH = auto()
    """BATCH, of the sync; numbered."""
    SET_BATCH = auto()
    """BATCH, of the sync, number."""
    INSERT_RUN = auto()
    """RUN, of the sync; numbered."""
    SET_RUN = auto()
    """RUN, of the sync, number."""
    PRUNE_RUNS = auto()
    """Of the sync, number smaller than one, ended before a time."""


LINKS = (Statement.LEFT_LINKS, Statement.RIGHT_LINKS)
CLAIMS = (Statement.LEFT_CLAIMS, Statement.RIGHT_CLAIMS)
MARKS = (Statement.LEFT_MARKS, Statement.RIGHT_MARKS)
DROP_ALL = (Statement.DROP_LINKS, Statement.DROP_ALL_PARKED, Statement.DROP_KEYS, Statement.DROP_BATCHES)
