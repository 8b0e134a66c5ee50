"""Nobody sees or does anything without the host's word for it."""

from typing import Any

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request

from tallystick import Sync
from tallystick.console import Action, console
from tallystick.errors import SettingsError
from tests.console.pages import NAME, SAME_SITE, SECRET, Visitor, World, by_header

LOOKED_AT = {
    "/": Action.LOOK,
    "/sync": Action.LOOK,
    "/run": Action.LOOK,
    "/ignored": Action.LOOK,
    "/errors": Action.LOOK,
    "/conflicts": Action.LOOK,
    "/explain": Action.LOOK,
    "/error": Action.READ,
    "/conflict": Action.READ,
    "/plan": Action.PLAN,
    "/undo": Action.PLAN,
}
DONE = {
    "/sync/now": Action.RUN,
    "/error": Action.CORRECT,
    "/error/release": Action.RUN,
    "/conflict": Action.RESOLVE,
    "/plan": Action.CONFIRM,
    "/undo": Action.UNDO,
}


def query(world: World, path: str) -> dict[str, Any]:
    """Return a query with which a page is found."""
    return {"sync": NAME, "run": "1", "side": "left", "id": world.left["Grace" if "error" in path else "Ada"]}


@pytest.mark.parametrize("path", LOOKED_AT)
def test_a_page_needs_the_word_for_its_own_action(world: World, path: str) -> None:
    """Who may do everything else does not see it, and who may do nothing else does."""

    def but(request: Request, action: Action, sync: str) -> str | None:
        return None if action is LOOKED_AT[path] else "ada"

    def only(request: Request, action: Action, sync: str) -> str | None:
        return "ada" if action is LOOKED_AT[path] else None

    refused = Visitor(world.app(authorise=but)).get(path, **query(world, path))
    seen = Visitor(world.app(authorise=only)).get(path, **query(world, path))

    assert refused.code == 403
    assert "Lovelace" not in refused.text
    assert world.left["Ada"] not in refused.text
    assert seen.code == 200


@pytest.mark.parametrize("path", DONE)
def test_a_form_needs_the_word_for_its_own_action(world: World, path: str) -> None:
    """Who may look at the page, and do everything else, has nothing written."""

    def but(request: Request, action: Action, sync: str) -> str | None:
        return None if action is DONE[path] else "ada"

    visitor = Visitor(world.app(authorise=but))
    token = Visitor(world.app()).get("/sync", sync=NAME).input("token")
    before = world.sync.history()
    answer = visitor.post(path, {"token": token, "winner": "left"}, **query(world, path))

    assert answer.code == 403
    assert world.sync.history() == before


@pytest.mark.parametrize("path", ["/error", "/conflict", "/plan", "/undo"])
def test_a_form_s_answer_shows_nothing_that_its_page_would_not(world: World, path: str) -> None:
    """Who may do something but not see its page gets no contents and no plan by sending its form."""

    def blind(request: Request, action: Action, sync: str) -> str | None:
        return None if action is LOOKED_AT[path] else "ada"

    token = Visitor(world.app()).get("/sync", sync=NAME).input("token")
    sent = {"token": token, "seen": '["old", "old"]', "winner": "left", "plan": "another"}
    answer = Visitor(world.app(authorise=blind)).post(path, sent, **query(world, path))

    assert answer.code == 403
    assert "from the left" not in answer.text
    assert "Grace" not in answer.text
    assert "Step by step" not in answer.text


@pytest.mark.parametrize(
    ("path", "offer"),
    [
        ("/sync", "Sync now"),
        ("/error", "Save and sync"),
        ("/conflict", "Save these choices"),
        ("/undo", "Take it back"),
    ],
)
def test_what_may_not_be_done_is_not_offered(world: World, path: str, offer: str) -> None:
    """A page has no button that would answer no."""
    looking = (Action.LOOK, Action.READ, Action.PLAN)

    def looks(request: Request, action: Action, sync: str) -> str | None:
        return "ada" if action in looking else None

    assert offer in Visitor(world.app()).get(path, **query(world, path)).words
    assert offer not in Visitor(world.app(authorise=looks)).get(path, **query(world, path)).words


def test_the_hook_is_asked_before_it_is_told_whether_there_is_such_a_sync(world: World) -> None:
    """Names of syncs are nobody's to guess: without permission all look the same."""
    asked: list[tuple[Action, str]] = []

    def nobody(request: Request, action: Action, sync: str) -> str | None:
        asked.append((action, sync))
        return None

    visitor = Visitor(world.app(authorise=nobody))
    assert [visitor.get("/sync", sync=name).code for name in (NAME, "another", "")] == [403] * 3
    assert asked == [(Action.LOOK, NAME), (Action.LOOK, "another"), (Action.LOOK, "")]
    assert Visitor(world.app()).get("/sync", sync="another").code == 404


def test_the_first_page_shows_the_syncs_that_one_may_see(world: World) -> None:
    """The others are not there."""

    def one(request: Request, action: Action, sync: str) -> str | None:
        return "ada" if sync == NAME else None

    app = console({NAME: world.sync, "hidden": world.sync}, authorise=one, secret=SECRET)
    page = Visitor(app).get("/")
    assert NAME in page.words
    assert "hidden" not in page.words


def test_the_first_page_makes_only_the_syncs_that_it_shows(world: World) -> None:
    """Of many mailboxes that are made when asked for those of one page are; one that can't be made says why."""
    made: list[str] = []

    class Mailboxes(dict[str, Sync[Any, Any]]):
        """Syncs that are made when they are asked for."""

        def __getitem__(self, name: str) -> Sync[Any, Any]:
            made.append(name)
            if name == "0":
                raise SettingsError("no folder", where=name, remedy="name one")
            return world.sync

    everyone = Mailboxes({str(number): world.sync for number in range(120)})
    page = Visitor(console(everyone, authorise=by_header, secret=SECRET, clock=world.clock)).get("/")
    assert page.code == 200
    assert "No folder. Name one." in page.words
    assert made == [*map(str, range(50))]


@pytest.mark.parametrize("path", LOOKED_AT)
def test_a_hook_that_raises_its_no_hides_no_more_than_one_that_returns_it(world: World, path: str) -> None:
    """What may not be done is not offered, and the page itself is seen."""

    def only(request: Request, action: Action, sync: str) -> str:
        if action is not LOOKED_AT[path] or sync == "hidden":
            raise HTTPException(403, "not yours")
        return "ada"

    app = console({"hidden": world.sync, NAME: world.sync}, authorise=only, secret=SECRET, clock=world.clock)
    page = Visitor(app).get(path, **query(world, path))
    assert page.code == 200
    assert "hidden" not in page.words
    assert Visitor(app).get("/sync", sync="hidden").code == 403


def test_a_hook_may_be_awaited(world: World) -> None:
    """An awaited hook is asked as one that blocks is."""

    async def awaited(request: Request, action: Action, sync: str) -> str | None:
        return "ada" if action is Action.LOOK else None

    visitor = Visitor(world.app(authorise=awaited))
    assert visitor.get("/sync", sync=NAME).code == 200
    assert visitor.get("/plan", sync=NAME).code == 403


def test_a_hook_may_send_people_to_sign_in(world: World) -> None:
    """Its own answer goes out as it is."""

    def away(request: Request, action: Action, sync: str) -> str | None:
        raise HTTPException(303, headers={"Location": "/sign-in"})

    answer = Visitor(world.app(authorise=away)).get("/sync", sync=NAME)
    assert (answer.code, answer.headers["location"]) == (303, "/sign-in")


def test_a_hook_that_answers_with_no_name_lets_nobody_in(world: World) -> None:
    """A forgotten name is told, and never taken for everybody's: forms are bound to it."""

    def careless(request: Request, action: Action, sync: str) -> str | None:
        return True  # type: ignore[return-value]  # what is tested

    answer = Visitor(world.app(authorise=careless)).get("/sync", sync=NAME)
    assert answer.code == 400
    assert "no name" in answer.words


def test_there_is_no_console_without_a_hook(world: World) -> None:
    """Nothing is open by default."""
    with pytest.raises(TypeError, match="authorise"):
        console({NAME: world.sync}, secret=SECRET)  # type: ignore[call-arg]


def test_nobody_sees_a_fault_of_the_hook(world: World) -> None:
    """An error in it is no way in, and its words are for the log."""

    def broken(request: Request, action: Action, sync: str) -> str | None:
        raise RuntimeError("password of the database")

    answer = Visitor(world.app(authorise=broken)).get("/sync", sync=NAME)
    assert answer.code == 500
    assert "password" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert Visitor(world.app(authorise=broken)).post("/sync/now", {}, headers=SAME_SITE, sync=NAME).code == 500
