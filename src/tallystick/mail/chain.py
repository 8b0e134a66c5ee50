"""Provide the chain of rules that decides about a message: each saves it, skips it, or passes it on, and says why.

Inputs are a message and the facts that were looked up for it; the first rule that answers decides, and a message that
no rule answers for is skipped. Nothing else decides, so that whoever asks why hears the rule and its reason.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Final

import attrs

from tallystick.ports import Window
from tallystick.records import Message, Relation
from tallystick.recurrence import Instant

NO_RULE: Final = "no_rule_saves_it"


class Action(StrEnum):
    """What a rule answers."""

    SAVE = "save"
    SKIP = "skip"


@attrs.frozen
class Answer:
    """What a rule says of a message: save it, related to these people, or skip it; ``reason`` is a code."""

    action: Action
    reason: str
    relations: tuple[Relation, ...] = ()

    @property
    def saves(self) -> bool:
        """Whether the message is saved."""
        return self.action is Action.SAVE


@attrs.frozen
class Facts:
    """What was looked up for a message.

    ``people`` are the records that have an address, by its canonical form. ``known`` are the keys in the ledger among
    the messages that it answers, ``originals`` those of them that lie in a mailbox. ``times`` tell when those of the
    ledger were written that do not. ``window`` are the days looked at.
    """

    people: Mapping[str, tuple[Relation, ...]] = attrs.field(factory=dict)
    known: frozenset[str] = frozenset()
    originals: Mapping[str, Message] = attrs.field(factory=dict)
    window: Window | None = None
    times: Mapping[str, Instant] = attrs.field(factory=dict)

    def written(self, key: str) -> Instant | None:
        """Return when one of the messages that are answered was written; None where nobody knows."""
        original = self.originals.get(key)
        return self.times.get(key) if original is None else original.sent or original.at


NO_FACTS: Final = Facts()
Ask = Callable[[Message, Facts], Answer | None]


@attrs.frozen
class MailRule:
    """One rule: its name, what it asks, and in ``says`` what it does, for people. ``needs_facts``: it looks at them."""

    name: str
    ask: Ask
    says: str
    needs_facts: bool = False


@attrs.frozen
class Verdict:
    """What was decided about a message, by which ``rule`` and why. ``passed`` are the rules that were asked before."""

    answer: Answer
    rule: str
    passed: tuple[str, ...] = ()

    @property
    def saves(self) -> bool:
        """Whether the message is saved."""
        return self.answer.saves

    @property
    def reason(self) -> str:
        """Why, as a code."""
        return self.answer.reason

    def text(self) -> str:
        """Return the way through the chain, a line a rule."""
        lines = [f"{name}: passes" for name in self.passed]
        said = f"{self.answer.action} ({self.reason.replace('_', ' ')})"
        return "\n".join([*lines, f"{self.rule}: {said}" if self.rule else said])


def save(reason: str, relations: Sequence[Relation] = ()) -> Answer:
    """Return the answer that a message is saved, related to people; each of them counts once."""
    once = {(one.kind, one.id): one for one in reversed(relations)}
    return Answer(Action.SAVE, reason, tuple(once[key] for key in sorted(once)))


def skip(reason: str) -> Answer:
    """Return the answer that a message is not saved."""
    return Answer(Action.SKIP, reason)


def judge(message: Message, facts: Facts, rules: Sequence[MailRule]) -> Answer:
    """Return the answer of the first rule that has one."""
    for rule in rules:
        answer = rule.ask(message, facts)
        if answer is not None:
            return answer
    return _NOBODY


def explained(message: Message, facts: Facts, rules: Sequence[MailRule]) -> Verdict:
    """Return the answer of the first rule that has one, and which rules passed the message on."""
    for at, rule in enumerate(rules):
        answer = rule.ask(message, facts)
        if answer is not None:
            return Verdict(answer, rule.name, tuple(each.name for each in rules[:at]))
    return Verdict(_NOBODY, "", tuple(each.name for each in rules))


def judge_early(message: Message, rules: Sequence[MailRule]) -> Answer | None:
    """Return what the rules say that need no facts, up to the first that does; None where they all pass."""
    for rule in rules:
        if rule.needs_facts:
            return None
        answer = rule.ask(message, NO_FACTS)
        if answer is not None:
            return answer
    return _NOBODY


_NOBODY: Final = skip(NO_RULE)
