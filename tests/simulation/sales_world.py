"""Provide the small world with a sales CRM: what is synced is what a saved search finds, people or tasks.

A record that the search finds no more rests with its partner, and both keep what is written in them meanwhile. People
come under the account that bears their company's name, where they have one.
"""

# ruff: noqa: ANN401 - these take whatever they are given

from typing import Any

from tallystick import Profile
from tallystick.profiles.cx_sales import MY_FAVORITE_CONTACTS, ContactSettings, Resolution, TaskSettings
from tallystick.providers.memory import MemoryCollection, Quirks, SearchField, Shape
from tallystick.records import Account, Contact, CrmTask, Person, TodoTask
from tallystick.text import fold_address
from tests.simulation.task_world import USER, ZONE, TaskWorld
from tests.simulation.world import World, contact

COMPANY = "Example Ltd"


def favourite(person: int, **fields: Any) -> Person:
    """Return a person, whom the search finds."""
    fields.setdefault("is_favourite", True)
    emails = (f"p{person}@example.com",)
    return Person(first_name=f"Given{person}", last_name=f"Family{person}", emails=emails, **fields)


class PeopleWorld(World):
    """Contacts on the left, a sales CRM's people on the right; synced are the user's favourites."""

    texts = (("job_title", "job_title"), ("department", "department"), ("middle_name", "middle_name"))

    def __init__(self, *, resolution: Resolution = Resolution.CRM_WINS, **settings: Any) -> None:
        self.resolution = resolution
        super().__init__(**settings)
        emails = SearchField[Person](lambda one: one.emails, fold_address)
        shape = Shape(Person, searches={"email": emails}, mint=lambda number: f"p{number}")
        self.people = MemoryCollection(
            shape,
            account="crm",
            clock=self.clock,
            page_size=3,
            seed=settings.get("seed", 0),
            quirks=settings.get("quirks") or Quirks(),
            capabilities=self.crm.entries.capabilities,
        )
        accounts = MemoryCollection(Shape(Account, mint=lambda number: f"a{number}"), clock=self.clock)
        accounts.insert(Account(COMPANY, owner="somebody"))
        self.directories = {"accounts": accounts}

    def usual_profile(self) -> Profile[Contact, Person]:
        """Return the contact sync."""
        return ContactSettings(search=MY_FAVORITE_CONTACTS, resolution=self.resolution).profile(USER)

    @property
    def sides(self) -> tuple[MemoryCollection[Any], MemoryCollection[Any]]:
        """Both collections, by side."""
        return (self.outlook.contacts, self.people)

    def insert(self, side: int, person: int, **fields: Any) -> str:
        """Add a person's record."""
        return self.sides[side].insert((contact if side == 0 else favourite)(person, **fields))

    def is_member(self, side: int, one: str) -> bool:
        """Tell whether a record is a contact, or a person whom the search finds."""
        return side == 0 or self.people.record(one).is_favourite

    def rests(self, link: Any) -> bool:
        """Tell whether the search does not find the person of a pair."""
        return not self.is_member(1, link.ids[1])

    def check(self, *, linked: bool = True, equal: bool = True) -> None:
        """Check what must hold once the world is quiet: a contact bears the name of its person's account, too."""
        super().check(linked=linked, equal=equal)
        for link in self.links():
            left, right = (collection.record(one) for collection, one in zip(self.sides, link.ids, strict=True))
            assert self.rests(link) or left.company_name == right.account_name
            assert not right.account or (right.account_name, right.account_owner) == (COMPANY, "somebody")


class SalesTaskWorld(TaskWorld):
    """Tasks of a list on the left, a sales CRM's on the right; synced are those that are assigned to the user."""

    def usual_profile(self) -> Profile[TodoTask, CrmTask]:
        """Return the task sync."""
        scope = self.outlook.tasks.own_scope("Sales", "simulated")
        self.scopes = (scope.name or "", USER)
        return TaskSettings(zone=ZONE).profile(USER, scope)

    def recurs(self, person: int) -> bool:
        """Make no series: a sales CRM has none."""
        del person
        return False

    def rests(self, link: Any) -> bool:
        """Tell whether the search does not find the task of a pair, or the CRM can't have it: it became a series."""
        return not self.is_member(1, link.ids[1]) or self.outlook.tasks.record(link.ids[0]).recurrence is not None


__all__ = ["COMPANY", "PeopleWorld", "SalesTaskWorld", "favourite"]
