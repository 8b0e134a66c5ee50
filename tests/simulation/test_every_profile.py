"""Every profile is crashed: what the package offers is held against what the tests of crashes are made of."""

from importlib import import_module
from pkgutil import iter_modules

import pytest

from tallystick import profiles
from tests.simulation import test_calendars, test_mail, test_sales
from tests.simulation.task_world import TaskWorld
from tests.simulation.world import World


def offered() -> set[str]:
    """Return the names of all profiles: those of every kind of settings that a product's package exports."""
    products = [
        import_module(f"{profiles.__name__}.{one.name}") for one in iter_modules(profiles.__path__) if one.ispkg
    ]
    kinds = [kind for product in products for kind in vars(product).values() if isinstance(kind, type)]
    return {name for kind in kinds if isinstance(name := getattr(kind, "name", None), str)}


def crashed() -> set[str]:
    """Return the names of the profiles that are crashed at every request, and again at every one of the recovery."""
    worlds = {World, TaskWorld, *(make for make, _ in test_sales.CASES)}  # the first two by what they usually sync
    mail = [make().profile for make, _, _ in test_mail.WORLDS.values()]
    return {
        *(make().profile.name for make in worlds),
        *(make().name for make in test_calendars.PROFILES),
        *(one.profile.name for one in mail if one is not None),
    }


@pytest.mark.behaviour("TS-03")
def test_every_profile_is_crashed_at_every_request() -> None:
    """No profile is offered that the tests of crashes leave out."""
    names = offered()

    assert len(names) >= 10, names
    assert names - crashed() == set()
