"""Provide a world in which every page has something to show, and somebody who looks at it."""

import pytest

from tests.console.pages import Visitor, World, full_world


@pytest.fixture
def world() -> World:
    """A pair, a conflict of two fields, and an error that a correction mends."""
    return full_world()


@pytest.fixture
def ada(world: World) -> Visitor:
    """Somebody who may do everything."""
    return Visitor(world.app())
