"""Provide the judging of pages of messages: the facts that the rules want are looked up for a page at once.

Rules that need no facts come first in a chain, so that little is asked about the many messages that are of no interest.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from tallystick.mail.chain import Answer, Facts, Verdict, explained, judge, judge_early
from tallystick.mail.identity import message_key
from tallystick.mail.ledger import Ledger
from tallystick.mail.people import People
from tallystick.mail.reading import participants
from tallystick.mail.selection import Selection
from tallystick.mail.threads import ancestors
from tallystick.ports import Item, Window
from tallystick.records import Message, Relation

Copies = Callable[[Iterable[str]], Sequence[tuple[int, Item[Message]]]]


class Judging:
    """The chain of a selection with those who know its facts. ``copies`` returns the copies of messages by key."""

    def __init__(self, selection: Selection, people: People | None, ledger: Ledger | None, copies: Copies) -> None:
        self._selection = selection
        self._people = people
        self._ledger = ledger
        self._copies = copies
        self._owner = selection.owner

    def begin(self) -> None:
        """Forget what was looked up: a listing begins."""
        if self._people is not None:
            self._people.forget()

    def answers(self, messages: Sequence[Message], window: Window | None) -> list[Answer]:
        """Return what the chain says of each message."""
        rules, facts = self._selection.rules, self._facts(messages, window)
        return [judge(message, facts, rules) for message in messages]

    def explained(self, message: Message, window: Window | None) -> Verdict:
        """Return what the chain says of a message, and which rules passed it on."""
        return explained(message, self._facts([message], window), self._selection.rules)

    def _facts(self, messages: Sequence[Message], window: Window | None) -> Facts:
        rules = self._selection.rules
        wanted = []
        if self._selection.looks_up_people or self._selection.looks_up_threads:
            wanted = [message for message in messages if judge_early(message, rules) is None]
        originals, known = self._threads(wanted)
        people = self._known_people([*wanted, *originals.values()])
        gone = known - originals.keys()
        saved = self._ledger.saved(gone) if self._ledger and gone else {}
        times = {key: one.at for key, one in saved.items() if one.at}
        return Facts(people, known, originals, window, times)

    def _threads(self, messages: Sequence[Message]) -> tuple[Mapping[str, Message], frozenset[str]]:
        if not self._selection.looks_up_threads:
            return {}, frozenset()
        keys = dict.fromkeys(key for message in messages for key in ancestors(message))
        if not keys:
            return {}, frozenset()
        originals = {message_key(item.record): item.record for _, item in self._copies(keys)}
        return originals, self._ledger.known(keys) if self._ledger else frozenset()

    def _known_people(self, messages: Sequence[Message]) -> Mapping[str, tuple[Relation, ...]]:
        if self._people is None or not self._selection.looks_up_people:
            return {}
        asked = dict.fromkeys(address for message in messages for address in participants(message))
        return self._people.of(address for address in asked if address not in self._owner)
