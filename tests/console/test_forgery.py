"""Nothing is done that no page of the console asked for, and browsers are told what they may do with an answer."""

from datetime import timedelta
from typing import Any

import pytest

from tallystick.console import console
from tallystick.console.forgery import LASTS
from tallystick.errors import SettingsError
from tests.console.pages import NAME, SAME_SITE, WHERE, Visitor, World, by_header

PAGES = ("/", "/sync", "/run", "/ignored", "/errors", "/error", "/conflicts", "/conflict", "/plan", "/undo", "/explain")
FORMS = ("/sync/now", "/error", "/error/release", "/conflict", "/plan", "/undo")


def query(world: World, path: str) -> dict[str, Any]:
    """Return a query with which a page is found."""
    return {"sync": NAME, "run": "1", "side": "left", "id": world.left["Grace" if "error" in path else "Ada"]}


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("token", ["", "wrong", "1.2.3", "é.é.é", "another's"])
def test_a_form_without_its_tokendoes_nothing(world: World, ada: Visitor, path: str, token: str) -> None:
    """Missing, made up, or made for somebody else: all the same."""
    if token == "another's":
        token = Visitor(ada.app, "eve").get("/sync", sync=NAME).input("token")
    before = (world.sync.history(), world.outlook.contacts.all(), world.crm.entries.all())
    answer = ada.post(path, {"token": token, "winner": "left"}, **query(world, path))

    assert answer.code == 403
    assert (world.sync.history(), world.outlook.contacts.all(), world.crm.entries.all()) == before


def test_a_tokenis_everybody_s_own_and_not_for_ever(world: World, ada: Visitor) -> None:
    """It holds for the one it was made for, on any page, for half a day."""
    token = ada.get("/sync", sync=NAME).input("token")
    world.clock.advance(LASTS - timedelta(seconds=1))
    assert ada.post("/sync/now", {"token": token}, sync=NAME).code == 200
    world.clock.advance(2)
    late = ada.post("/sync/now", {"token": token}, sync=NAME)
    assert late.code == 403
    assert "load its page again" in late.words


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "null"},
        {"origin": "https://evil.example"},
        {"sec-fetch-site": "cross-site", "origin": "https://evil.example"},
        {"sec-fetch-site": "cross-site", "origin": "null"},
        {"sec-fetch-site": "same-site", "origin": "https://other.example.com"},
        {"sec-fetch-site": "none"},
    ],
)
def test_a_form_from_elsewhere_does_nothing(world: World, ada: Visitor, headers: dict[str, str]) -> None:
    """Even with a good token: the browser has to say that it comes from a page of this site."""
    token = ada.get("/sync", sync=NAME).input("token")
    before = world.sync.history()

    assert ada.post("/sync/now", {"token": token}, headers=headers, sync=NAME).code == 403
    assert world.sync.history() == before


@pytest.mark.parametrize("headers", [SAME_SITE, {"origin": WHERE}, {"sec-fetch-site": "same-origin"}])
def test_a_form_from_here_is_taken(ada: Visitor, headers: dict[str, str]) -> None:
    """As browsers send it under no-referrer, and as older ones do."""
    token = ada.get("/sync", sync=NAME).input("token")
    assert "A run is asked for" in ada.post("/sync/now", {"token": token}, headers=headers, sync=NAME).words


def test_origins_can_be_named(world: World) -> None:
    """Behind a proxy the request's own may be another; then what is named holds, and nothing else."""
    ada = Visitor(world.app(origins=["https://public.example"]))
    token = ada.get("/sync", sync=NAME).input("token")
    codes = [
        ada.post("/sync/now", {"token": token}, headers={"origin": origin}, sync=NAME).code
        for origin in ("https://public.example", WHERE)
    ]
    assert codes == [200, 403]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_tells_browsers_to_keep_and_load_nothing(world: World, ada: Visitor, path: str) -> None:
    """Scripts and styles are files of the console's own; pages are neither kept nor framed, and tell no address."""
    page = ada.get(path, **query(world, path))

    assert page.code == 200
    assert page.headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
    assert page.headers["x-frame-options"] == "DENY"
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    for inline in ("<style", " style=", "<script>", " onclick", " onload", "javascript:", " hx-on"):
        assert inline not in page.text


def test_refusals_have_the_same_headers(ada: Visitor) -> None:
    """What is not found, not allowed or not done is kept nowhere either."""
    for answer in (ada.get("/nothing"), ada.get("/sync", sync="another"), ada.post("/sync/now", {}, sync=NAME)):
        assert answer.code in (403, 404, 415)
        assert answer.headers["cache-control"] == "no-store"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_no_part_of_another_site(world: World, ada: Visitor, path: str) -> None:
    """An image or script tag elsewhere gets nothing, and has no side read; a link does."""
    elsewhere = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}
    link = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}

    assert ada.get(path, headers=elsewhere, **query(world, path)).code == 403
    assert ada.get(path, headers=link, **query(world, path)).code == 200


def test_forms_are_of_one_kind_and_no_larger_than_they_may_be(ada: Visitor) -> None:
    """What no page sends is not read."""
    token = ada.get("/sync", sync=NAME).input("token")
    large = ada.post("/sync/now", {"token": token, "more": "x" * 1_100_000}, sync=NAME)
    other = ada.post("/sync/now", {}, headers={**SAME_SITE, "content-type": "application/json"}, sync=NAME)
    assert (large.code, other.code) == (413, 415)


def test_a_secret_has_to_be_one(world: World) -> None:
    """A short one is refused before anything is served."""
    with pytest.raises(SettingsError, match="a secret of 5 bytes"):
        console({NAME: world.sync}, authorise=by_header, secret=b"short")


def test_static_files_may_be_kept_and_hold_nothing_of_anybody(ada: Visitor) -> None:
    """The sheet, the script with its licence, and the mark."""
    for name in ("console.css", "htmx.min.js", "htmx-LICENSE.txt", "mark.svg"):
        answer = ada.get(f"/static/{name}")
        assert answer.code == 200
        assert answer.headers["cache-control"] == "private, max-age=3600"
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert ada.get("/static/../app.py").code == 404
