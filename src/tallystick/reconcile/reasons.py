"""Provide the codes that say why a step was planned or a record was parked, and their words for people.

A code may be followed by a colon and the name of a field, rule, guard or provider's code; never by a value.
"""

from tallystick.ports import ParkedKind

NEW = "new"
CHANGED = "changed"
FIRST_PAIRING = "first_pairing"
JOIN = "join"
DELETED = "deleted"
OUT_OF_SCOPE = "out_of_scope"
RECREATE = "recreate"
EDIT_BEATS_REMOVAL = "edit_beats_removal"
DUPLICATE = "duplicate"
SEVERAL = "several_candidates"
CLAIMED = "candidate_claimed_twice"
HAS_PARTNER = "candidate_has_partner"
HIT_IGNORED = "candidate_is_ignored"
LEFT_SYNC = "candidate_left_the_sync"
TWIN_IGNORED = "counterpart_is_ignored"
REPLACED = "replaced"
BY_HAND = "paired_by_hand"
BLOCKED = "blocked"
HELD = "held_notifies"
CAPACITY = "capacity"
WAITS = "create_in_doubt"
NO_CREATE = "not_created_here"
REFUSED = "refused"
UNANSWERED = "no_answer"
CHANGED_MEANWHILE = "changed_meanwhile"
CONFLICT = "conflict"
NO_ACCESS = "no_access"
UNREADABLE = "unreadable"
ENDED = "counterpart_ended"
INITIAL = "not_in_the_initial_run"
SERIES = "part_of_a_series_in_sync"
UNIQUE_ID = "counterpart_was_merged"
ASTRAY = "merged_out_of_scope"
GAVE_UP = "gave_up"
COPY = "copy_of_a_loser"
NOT_COPIED = "loser_not_copied"
UNDONE = "undone"
CHOSEN = "chosen"
CHANGED_SINCE = "changed_since"
REMOVAL_POLICY = "removal_policy"
MATCHED = "matched_since"
IN_DOUBT = "in_doubt"
RULE_ADDED = "rule_added"
RULE_CHANGED = "rule_changed"
RULE_REMOVED = "rule_removed"
SCOPE_CHANGED = "scope_changed"
LEFT_DIFFERENT = "left_different"
ELSEWHERE = "known_elsewhere"
RESTS = "rests"

UNKNOWN_NAME = "unknown_name"
SEVERAL_OF_NAME = "several_of_this_name"

RESOLVABLE = ("missing", "invalid", UNKNOWN_NAME, SEVERAL_OF_NAME)
"""The codes of what is mended by correcting the record: missing and invalid data."""

WORDS = {
    "missing": "a mandatory field is empty",
    UNKNOWN_NAME: "the other side has nothing of this name to put it under",
    SEVERAL_OF_NAME: "the other side has several of this name to put it under; make the name say which",
    "invalid": "a mandatory field has no valid value",
    "unsupported_recurrence": "the other side has no such recurrence",
    NEW: "new on the other side",
    CHANGED: "changed on the other side",
    FIRST_PAIRING: "paired for the first time",
    JOIN: "belongs to the sync's list",
    DELETED: "deleted on the other side",
    OUT_OF_SCOPE: "taken out of the list on the other side",
    RECREATE: "deleted here, still there on the other side",
    EDIT_BEATS_REMOVAL: "deleted here, edited on the other side",
    DUPLICATE: "another record of this side has the same match keys; merge them, or change or remove one",
    SEVERAL: "several records of the other side match; leave one, or make them differ",
    CLAIMED: "the matching record of the other side is matched by another record of this side too",
    HAS_PARTNER: "the matching record of the other side is in sync with another record: this one is a duplicate",
    HIT_IGNORED: "the matching record of the other side is ignored itself; mend that one first",
    LEFT_SYNC: "the matching record of the other side was taken out of the sync; put it back on its list",
    TWIN_IGNORED: "the matching record of the other side is a duplicate or unfit; mend that one first",
    BY_HAND: "paired by a person",
    BLOCKED: "no such record can be created on the other side as it is set up",
    REPLACED: "changed on the other side in a way that needs a new record",
    HELD: "its write would send mail to people: it waits for a confirmation",
    CAPACITY: "the sync holds as many pairs as it may",
    ELSEWHERE: "another sync has it in step, or is creating it; it waits for the copy that comes from there",
    RESTS: "not among what is synced for now: nothing of the pair is written until it is again",
    WAITS: "an earlier write is in doubt; looked at again by the next run",
    NO_CREATE: "no counterpart, and this sync creates none",
    REFUSED: "the service refused the write",
    UNANSWERED: "its write, or its removal, got no answer; looked into, and sent again later where it was not done",
    CHANGED_MEANWHILE: "changed again and again while it was being written",
    CONFLICT: "both sides changed the same field",
    NO_ACCESS: "the account may not read it",
    UNREADABLE: "there, and can't be read: broken, too large, or not shown to the account; mend or remove it there",
    ENDED: "its counterpart was deleted or taken out; it is remembered, and not taken for a new record",
    INITIAL: "outside of what an initial run takes in; taken in when it changes",
    SERIES: "part of a series that is in sync",
    UNIQUE_ID: "its counterpart became one with a record that has a partner; merge this one, too, or change it",
    ASTRAY: "it became a record that is not on the sync's list; put that one on it to have them in sync again",
    COPY: "a copy of a record whose value lost a conflict; it is not synced",
    NOT_COPIED: "no copy could be made of it, without which nothing of it is overwritten; tried again later",
    UNDONE: "taken back",
    CHOSEN: "chosen by a person",
    CHANGED_SINCE: "changed since the run that is taken back",
    REMOVAL_POLICY: "the profile deletes no records and takes none out of a list",
    MATCHED: "another record has taken its place",
    IN_DOUBT: "a write got no answer yet",
    GAVE_UP: "it failed as often as it may, and is left alone until it changes or a person releases it",
    RULE_ADDED: "the mapping has a new rule",
    RULE_CHANGED: "a rule of the mapping has a new version",
    RULE_REMOVED: "the mapping no longer has a rule",
    SCOPE_CHANGED: "the scope or what is eligible has changed",
    LEFT_DIFFERENT: "left as different as it was when the mapping changed",
}

KIND_WORDS = {
    ParkedKind.IGNORED: "ignored",
    ParkedKind.FROZEN: "frozen until mended",
    ParkedKind.CONFLICT: "in conflict",
    ParkedKind.FAILED: "failed",
    ParkedKind.PASSED_OVER: "passed over until it changes",
    ParkedKind.LEFT: "taken out by a person",
}
"""How a record that is set aside stands, in words."""


_LONGEST_CODE = 100


def is_resolvable(reason: str) -> bool:
    """Tell whether a reason is missing or invalid data, so that a correction of the record can mend it.

    A service that refuses a write says so by a code that begins with one of these words.
    """
    code, _, name = reason.partition(":")
    return (name if code in (REFUSED, BLOCKED) else code).startswith(RESOLVABLE)


REFUSALS = {
    "encoding": "the file's encoding has no such letters; save the file as UTF-8",
    "nul": "a character that no text has; take it out",
    "control": "a character that no text has; take it out",
    "too_long": "more than its place holds; shorten it",
    "too_many": "more values than there are places; take some out",
    "separator": "a name with the sign that stands between names; rename it",
    "unread": "what stands there can't be read, and is not written over; mend it there",
}
"""What a refusal's own code means, where a file gave it, and what to do."""


def refused(code: object) -> str:
    """Return the reason of a write that was refused, with the provider's own code; of a long one, its beginning."""
    said = "".join(filter(str.isprintable, str(code or "")))[:_LONGEST_CODE]
    return f"{REFUSED}:{said}" if said else REFUSED


def words(reason: str) -> str:
    """Return a reason in words, with the name that follows the colon where there is one."""
    code, _, name = reason.partition(":")
    said = WORDS.get(code, code.replace("_", " "))
    why, _, field = name.partition(":")
    if code == REFUSED and field and why in REFUSALS:
        return f"{said}: {REFUSALS[why]} ({field})"
    return f"{said} ({name})" if name else said
