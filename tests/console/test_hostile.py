"""A hostile record does no harm on any page: markup is text, what is long is cut, and no link leads astray."""

from collections.abc import Iterator

import pytest

from tallystick.console.values import LONGEST, shown
from tests.console.pages import NAME, Answer, Visitor, World

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>\"' autofocus onfocus=alert(3) {{ 7 * 7 }} {% raw %}"
FORMULA = '=HYPERLINK("https://evil.example","click")'
NOTE = "<b>note</b> " * 850_000
TURNED = "harmless\u202egnp.exe\u2066"
LARGEST_PAGE = 60_000


@pytest.fixture(scope="module")
def hostile() -> World:
    """Records with markup, formulas, control characters and a note of 10 MB, in pairs, conflicts and errors."""
    world = World()
    world.in_conflict(first=SCRIPT.split(maxsplit=1)[0], company_name=SCRIPT, job_title=NOTE, department=FORMULA)
    world.with_error(company_name=SCRIPT, personal_notes=NOTE, job_title=FORMULA, office_location=TURNED)
    return world


def pages(world: World) -> Iterator[Answer]:
    """Yield every page about these records."""
    ada = Visitor(world.app())
    conflict, error = world.left[SCRIPT.split(maxsplit=1)[0]], world.left["Grace"]
    for path, query in (
        ("/", {}),
        ("/sync", {}),
        ("/run", {"run": 1}),
        ("/ignored", {}),
        ("/errors", {}),
        ("/error", {"side": "left", "id": error}),
        ("/conflicts", {}),
        ("/conflict", {"id": conflict}),
        ("/plan", {}),
        ("/undo", {"run": 1}),
        ("/explain", {"side": "left", "id": conflict}),
    ):
        yield ada.get(path, sync=NAME, **query)


def test_markup_in_a_record_is_text_on_every_page(hostile: World) -> None:
    """No page has an element, an attribute or a template of a record's making."""
    for page in pages(hostile):
        assert page.code == 200
        for harm in ("<script>alert", "<img", "<b>note", "\"' autofocus"):
            assert harm not in page.text, harm


def test_contents_stand_on_the_two_pages_that_show_them_and_nowhere_else(hostile: World) -> None:
    """Escaped there; every other page has ids, names and figures only."""
    found = [n for n, page in enumerate(pages(hostile)) if "alert(1)" in page.text or "HYPERLINK" in page.text]
    assert found == [5, 7]


def test_a_note_of_ten_megabytes_makes_no_large_page(hostile: World) -> None:
    """It is cut, and the page says how much is left out; it can't be edited there."""
    assert len(NOTE) > 10_000_000
    for page in pages(hostile):
        assert len(page.text) < LARGEST_PAGE
    assert "more characters" in list(pages(hostile))[7].words
    error = list(pages(hostile))[5]
    assert "more characters" in error.words
    assert not error.has_input("personal_notes")


def test_a_formula_is_text(hostile: World) -> None:
    """Nothing is offered to a spreadsheet: it is shown as it is."""
    assert FORMULA in list(pages(hostile))[7].words


def test_turned_text_stays_in_its_place(hostile: World) -> None:
    """What switches the direction of writing is isolated."""
    page = list(pages(hostile))[7]
    assert "<bdi" in page.text


def test_hostile_ids_and_queries_are_text(hostile: World) -> None:
    """Also what stands in the address, and what a visitor is called."""
    ada = Visitor(hostile.app())
    answers = [ada.get(path, sync=SCRIPT, id=SCRIPT, side=SCRIPT, text=SCRIPT) for path in ("/sync", "/explain")]
    answers += [
        ada.get(path, sync=NAME, id=SCRIPT, side=SCRIPT, text=SCRIPT, reason=SCRIPT, resolvable=SCRIPT, done=SCRIPT)
        for path in ("/ignored", "/errors", "/conflicts", "/explain", "/error", "/conflict", "/plan", "/sync")
    ]
    answers.append(Visitor(hostile.app(authorise=lambda *_: SCRIPT)).get("/sync", sync=NAME))
    for answer in answers:
        assert "<script>alert" not in answer.text
        assert "\"' autofocus" not in answer.text


def test_a_link_to_a_record_leads_to_a_page(world: World) -> None:
    """What a provider gives as an address is a link only where it is one of the web's."""
    from tallystick.console.links import outward

    assert outward("https://crm.example.com/1") == "https://crm.example.com/1"
    assert [outward(url) for url in ("javascript:alert(1)", "data:text/html,x", "//evil.example", "")] == [""] * 4


def test_values_are_shown_as_people_read_them() -> None:
    """A list one a line, parts with their names, and the rest as it is written down; all of it bounded."""
    assert shown(("a", "b")).text == "a\nb"
    assert shown(None).text == ""
    assert shown({"city": "Paris", "street": ""}).text == "city: Paris"
    assert shown(tuple(map(str, range(150)))).left_out == "50 more"
    cut = shown("x" * (LONGEST + 5))
    assert (len(cut.text), cut.left_out) == (LONGEST, "5 more characters")
    assert shown((True, 3, {"a": [1]})).text == 'yes\n3\n{"a": [1]}'
    assert "x" not in repr(cut), "a log of it shows no contents"
