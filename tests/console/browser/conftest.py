"""Provide one browser for all tests, and for each a world of its own behind the same address."""

from collections.abc import Iterator

import pytest
from starlette.requests import Request

from tallystick.console import Action
from tests.console.browser.driving import Browser, Served, driven, serving
from tests.console.pages import World, full_world


@pytest.fixture(scope="session")
def one_browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Browser, Served]]:
    """The browser, and what is served to it."""
    with serving() as served, driven(tmp_path_factory.mktemp("profile")) as driver:
        yield Browser(driver, served.address), served


def by_cookie(request: Request, action: Action, sync: str) -> str | None:
    """A hook that believes a cookie."""
    return request.cookies.get("who", "ada")


@pytest.fixture
def world() -> World:
    """A pair, a conflict of two fields, and an error that a correction mends."""
    return full_world()


@pytest.fixture
def browser(one_browser: tuple[Browser, Served], world: World) -> Iterator[Browser]:
    """The browser, at the first page of a console of this world; nothing may have been refused or failed at the end."""
    found, served = one_browser
    served.app = world.app(authorise=by_cookie)
    found.look()
    found.driver.delete_all_cookies()
    found.complaints()
    found.open("/")
    yield found
    assert [one for one in found.complaints() if "the server responded with a status of 4" not in one["message"]] == []
