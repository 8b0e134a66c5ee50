"""Provide the judging of a town by lineage: what users wrote, what became of it, and who was there when.

Every text that a user writes is a token of its own, and knows the one that it took the place of.
"""

import json
from collections.abc import Sequence

import attrs

from tests.fleet.town import Card, Logged, Town


@attrs.frozen
class Lineage:
    """What was looked at in a judgement that found nothing wrong."""

    records: int
    visits: int
    written: int

    def __add__(self, other: "Lineage") -> "Lineage":
        return Lineage(self.records + other.records, self.visits + other.visits, self.written + other.written)


@attrs.define
class Users:
    """The people of a town, and all that they wrote: (mailbox, who, side) to the tokens, newest last."""

    town: Town
    written: dict[tuple[str, str, int], list[str]] = attrs.field(factory=dict)
    people: dict[str, list[str]] = attrs.field(factory=dict)
    count: int = 0

    def add(self, mailbox: str, side: int) -> str:
        """Add somebody new on one side."""
        self.count += 1
        who = f"who-{self.count}"
        card: Card = {"who": who, "left": "", "right": ""}
        self.town.user_adds(mailbox, side, card)
        self.people.setdefault(mailbox, []).append(who)
        self.written[mailbox, who, 0], self.written[mailbox, who, 1] = [""], [""]
        return who

    def edit(self, mailbox: str, side: int, who: str) -> None:
        """Change a record where it is; one that has not come to this side yet is left alone."""
        self.count += 1
        token = f"t{self.count}"
        before = self.town.user_edits(mailbox, side, who, token)
        if before is not None:
            tokens = self.written[mailbox, who, side]
            assert before == tokens[-1], f"{mailbox}: what a user wrote was gone again"
            tokens.append(token)

    def check(self) -> Lineage:
        """Check that both sides hold everybody once, with the newest of what either side's users wrote."""
        return sum((self._check(mailbox) for mailbox in sorted(self.people)), Lineage(0, 0, 0))

    def _check(self, mailbox: str) -> Lineage:
        newest = [(who, *(self.written[mailbox, who, side][-1] for side in (0, 1))) for who in self.people[mailbox]]
        for side in (0, 1):
            cards = self.town.cards(mailbox, side).values()
            found = sorted((card["who"], card["left"], card["right"]) for card in cards)
            assert found == sorted(newest), f"{mailbox}, side {side}"
        log = self.town.log(mailbox)
        return Lineage(2 * len(newest), self._check_visits(mailbox, log), self._check_lineage(mailbox, log))

    def _check_visits(self, mailbox: str, log: Sequence[Logged]) -> int:
        """Check that no visit wrote after another had begun to: no two workers were in one sync at once."""
        over: set[str] = set()
        last = ""
        for visit, _, request, _, _ in log:
            if visit != last:
                if last:
                    over.add(last)
                assert visit not in over, f"{mailbox}: {visit} came back with {request} after another worker"
                last = visit
        return len(over) + bool(last)

    def _check_lineage(self, mailbox: str, log: Sequence[Logged]) -> int:
        """Check that every write of a worker carries a user's token onward, and never an older one after a newer."""
        at: dict[tuple[int, str, str], int] = {}
        count = 0
        for _, side, request, id_, body in log:
            if request not in ("created", "updated"):
                continue
            count += 1
            card: Card = json.loads(body)
            for field, text in (("left", card["left"]), ("right", card["right"])):
                tokens = self.written[mailbox, card["who"], int(field == "right")]
                assert text in tokens, f"{mailbox}: a worker wrote what nobody had written"
                place = tokens.index(text)
                assert place >= at.get((side, id_, field), 0), f"{mailbox}: an older text came back"
                at[side, id_, field] = place
        return count
