"""Provide the field table of mail: what an activity shows of a letter.

An activity is made once and then left alone: nothing that happens to its message changes it, and nothing that is done
to it in the CRM touches the mailbox. What has no room is cut, and reported; a body has several entries instead.
"""

from collections.abc import Callable, Hashable
from functools import partial
from operator import attrgetter, itemgetter
from typing import Final, TypeVar

import attrs

from tallystick.mail import Letter
from tallystick.mapping import Direction, Lens, MergePolicy, Rule, attribute, attribute_of, derived, rule
from tallystick.profiles.canonical_forms import said_relations, unchanged
from tallystick.records import Activity, Attachment, Origin, Relation
from tallystick.text import clean, cut

V = TypeVar("V")
MailRule = Rule[Letter, Activity]

SAVED_ONCE: Final = Direction(create=(False, True), update=(False, False))
"""Written when an activity is made of a message, and never again."""
MADE_ONCE: Final = Direction(create=(True, True), update=(False, False))
"""Written when either is made of the other, and never again."""


@attrs.frozen
class MailLimits:
    """How much room a CRM's activities have: characters of a subject, a body and an address, and a number of addresses.

    What is longer is cut, and reported; of a body there are several entries instead.
    """

    subject: int = 255
    body: int = 32_000
    address: int = 254
    recipients: int = 500


def mail_rules(limits: MailLimits, *, type_: str = "", user: str = "", both_ways: bool = False) -> tuple[MailRule, ...]:
    """Return the field table. ``type_`` is the CRM's kind of activity, ``user`` the id of whom it belongs to."""
    direction = MADE_ONCE if both_ways else SAVED_ONCE
    filing = (Origin.MAILBOX, type_, user)
    return (
        _text(direction, "subject", limits.subject),
        _made(direction, "body", _LETTER_BODY, _ACTIVITY_BODY, lambda value: clean(value[0])).reporting(itemgetter(1)),
        _text(direction, "html"),
        _together(SAVED_ONCE, "when", "inbound", "at"),
        _text(direction, "sender", limits.address),
        _addresses(direction, "to", limits),
        _addresses(direction, "cc", limits),
        _together(SAVED_ONCE, "thread", "message_id", "thread"),
        _made(direction, "answers", _ANSWERS, _ANSWERS, _said_answers),
        _made(direction, "relations", _RELATIONS, _RELATIONS, said_relations),
        _made(direction, "attachments", _LETTER_FILES, _ACTIVITY_FILES, _said_files).reporting(_is_complete),
        _together(direction, "part", "part", "parts"),
        _made(SAVED_ONCE, "filing", derived(lambda _: filing), _FILING, unchanged),
    )


def _made(
    direction: Direction, name: str, left: Lens[Letter, V], right: Lens[Activity, V], canon: Callable[[V], Hashable]
) -> MailRule:
    return rule(name, left, right, canon, policy=MergePolicy.MIRROR, direction=direction)


def _together(direction: Direction, name: str, *fields: str) -> MailRule:
    """Return the rule of fields that are a unit, and that both sides hold alike."""
    lens: Lens[object, tuple[Hashable, ...]] = Lens(
        attrgetter(*fields), lambda _, values: dict(zip(fields, values, strict=True)), fields
    )
    return _made(direction, name, lens, lens, unchanged)


def _text(direction: Direction, name: str, most: int | None = None) -> MailRule:
    """Return the rule of a text of at most ``most`` characters."""
    if most is None:
        return _made(direction, name, attribute(name), attribute(name), clean)
    shortened = partial(cut, longest=most)

    def fits(text: str) -> bool:
        return len(text) <= most

    right: Lens[Activity, str] = Lens(attrgetter(name), lambda _, text: {name: shortened(text)}, (name,))
    return _made(direction, name, attribute(name), right, lambda text: clean(shortened(text))).reporting(fits)


def _addresses(direction: Direction, name: str, limits: MailLimits) -> MailRule:
    """Return the rule of a list of addresses."""

    def fitting(value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(cut(one, limits.address) for one in value[: limits.recipients])

    def fits(value: tuple[str, ...]) -> bool:
        return fitting(value) == value

    left: Lens[Letter, tuple[str, ...]] = Lens(attrgetter(name), lambda _, value: {name: value}, (name,))
    right: Lens[Activity, tuple[str, ...]] = Lens(attrgetter(name), lambda _, value: {name: fitting(value)}, (name,))
    return _made(direction, name, left, right, fitting).reporting(fits)


Answers = tuple[str, tuple[str, ...]]
Body = tuple[str, bool]
Files = tuple[tuple[Attachment, ...], int]
Filing = tuple[Origin, str, str]


def _said_answers(answers: Answers) -> Hashable:
    direct, named = answers
    return tuple(dict.fromkeys(one for one in (*named, direct) if one))


def _is_complete(files: Files) -> bool:
    return not files[1]


def _said_files(files: Files) -> Hashable:
    return tuple((one.name, one.size) for one in files[0])


_ANSWERS: Final[Lens[object, Answers]] = Lens(
    attrgetter("in_reply_to", "references"),
    lambda _, answers: {"in_reply_to": answers[0], "references": answers[1]},
    ("in_reply_to", "references"),
)
_LETTER_BODY: Final[Lens[Letter, Body]] = Lens(
    lambda letter: (letter.body, letter.is_whole), lambda _, body: {"body": body[0]}, ("body",)
)
_ACTIVITY_BODY: Final[Lens[Activity, Body]] = Lens(
    lambda activity: (activity.body, True), lambda _, body: {"body": body[0]}, ("body",)
)
_LETTER_FILES: Final[Lens[Letter, Files]] = Lens(
    lambda letter: (letter.attachments, letter.left_out), lambda _, files: {"attachments": files[0]}, ("attachments",)
)
_ACTIVITY_FILES: Final[Lens[Activity, Files]] = Lens(
    lambda activity: (activity.attachments, 0), lambda _, files: {"attachments": files[0]}, ("attachments",)
)
_FILING: Final[Lens[Activity, Filing]] = Lens(
    attrgetter("origin", "type", "owner"),
    lambda _, filing: {"origin": filing[0], "type": filing[1], "owner": filing[2]},
    ("origin", "type", "owner"),
)
_RELATIONS: Final = attribute_of("relations", tuple[Relation, ...])
