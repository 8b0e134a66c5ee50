"""Provide the looking up of addresses: which people have them, asked in batches and remembered for a while."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from tallystick.errors import UsageError
from tallystick.ports import Capabilities, Provider, Scope, Term
from tallystick.records import Account, Entry, Lead, Person, Relation, person_addresses, relation_to
from tallystick.sync.attributing import attributing
from tallystick.sync.checking import require_told
from tallystick.sync.replies import items_of

MOST_REMEMBERED: Final = 10_000


class People:
    """The people of one or more directories, such as a CRM's entries and leads, by their addresses.

    Without ``alternate`` a person is found by the first address only. What was found is remembered, up to a number of
    addresses, until :meth:`forget`.
    """

    def __init__(self, directories: Sequence[Provider[Any]], *, alternate: bool = True, user: str = "") -> None:
        self._directories = directories
        self._alternate = alternate
        self._user = user
        self._known: dict[str, tuple[Relation, ...]] = {}

    def forget(self) -> None:
        """Forget what was found: people may have other addresses by the next run."""
        self._known.clear()

    def of(self, addresses: Iterable[str]) -> dict[str, tuple[Relation, ...]]:
        """Return who has each of these canonical addresses; those that nobody has are left out."""
        asked = dict.fromkeys(addresses)
        new = [one for one in asked if one not in self._known]
        if len(self._known) + len(new) > MOST_REMEMBERED:
            self._known.clear()
            new = list(asked)
        found: dict[str, list[Relation]] = {one: [] for one in new}
        for number, directory in enumerate(self._directories, 1):
            able = directory.capabilities
            require_told(directory, "capabilities", able, Capabilities, f"people {number}")
            for some in _batched(new, able.read_size):
                hits = directory.search([Term("email", one) for one in some], Scope())
                items = items_of(hits, ("people", "search"))
                with attributing(("people", "search"), items):
                    for item in items:
                        self._take(found, item.id, item.record)
        self._known.update((one, tuple(relations)) for one, relations in found.items())
        return {one: self._known[one] for one in asked if self._known[one]}

    def _take(self, found: dict[str, list[Relation]], id_: str, person: object) -> None:
        if isinstance(person, Account | Person):  # a CRM's search may find them beside entries and leads
            return
        if not isinstance(person, Entry | Lead):
            raise UsageError(
                f"the record {id_} is of the type {type(person).__name__} and has to be of Entry or Lead",
                where="people, search()",
                remedy="let the directory show whom it finds as one of them",
            )
        first = person_addresses(Entry(emails=person.emails[:1]))
        for address in person_addresses(person) if self._alternate else first:
            if address in found:
                found[address].append(relation_to(person, id_, address, self._user))


def _batched(values: Sequence[str], size: int) -> Iterable[Sequence[str]]:
    return (values[start : start + size] for start in range(0, len(values), size))
