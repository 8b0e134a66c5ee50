"""How pages look, read and behave: for everybody, in light and dark, on a desk and on a phone, with hostile records."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tallystick import MemoryState
from tallystick.cli.demo_history import FIRST, LABELS, SECOND, Past, make_past
from tallystick.console import console
from tallystick.providers.memory import VirtualClock
from tests.console.browser.conftest import by_cookie
from tests.console.browser.driving import Browser, Served
from tests.console.pages import NAME, SECRET, World

pytestmark = pytest.mark.browser

NOON = datetime(2026, 3, 16, 14, 30, tzinfo=UTC)
SCRIPT = "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">"
NOTE = "<b>note</b> " * 850_000
Look = dict[str, bool]

LOOKS: dict[str, Look] = {"light": {}, "dark": {"dark": True}, "phone": {"phone": True}}
PICTURES: dict[str, tuple[str, Look]] = {
    "syncs": ("syncs", {}),
    "status": ("status", {}),
    "status-dark": ("status", {"dark": True}),
    "run": ("run", {}),
    "conflicts": ("conflicts", {}),
    "conflict": ("conflict", {}),
    "conflict-phone": ("conflict", {"phone": True}),
    "errors": ("errors", {}),
    "error": ("error", {}),
    "ignored": ("ignored", {}),
    "plan": ("plan", {}),
    "undo": ("undo", {}),
    "explain": ("explain", {}),
}


class Ticking(VirtualClock):
    """A clock that moves on whenever it is asked, so that runs take time, and always the same."""

    def __init__(self) -> None:
        super().__init__(NOON, step=timedelta(milliseconds=180))

    def now(self) -> datetime:
        """Return the next instant."""
        return self.tick()


@pytest.fixture(scope="module")
def past() -> Past:
    """The demonstration's two syncs, always of the same afternoon."""
    made = make_past(MemoryState(SECRET), 300, 1, Ticking())
    assert made.syncs[FIRST].conflicts()
    return made


@pytest.fixture
def demo(one_browser: tuple[Browser, Served], past: Past) -> Browser:
    """The browser, before the demonstration's console."""
    found, served = one_browser
    served.app = console(past.syncs, authorise=by_cookie, secret=SECRET, labels=LABELS, clock=past.clock)
    found.look()
    found.driver.delete_all_cookies()
    return found


def addresses(past: Past) -> dict[str, str]:
    """Return the address of every page, by name."""
    sync = past.syncs[FIRST]
    run = next(row.number for row in sync.history() if row.counts.get("right.update"))
    conflict, error = sync.conflicts()[0], sync.errors(resolvable=True)[-1]
    of = f"sync={FIRST}"
    return {
        "syncs": "/",
        "status": f"/sync?{of}",
        "run": f"/run?{of}&run={run}",
        "ignored": f"/ignored?{of}",
        "errors": f"/errors?{of}",
        "error": f"/error?{of}&side={error.side.label}&id={error.id}",
        "conflicts": f"/conflicts?{of}",
        "conflict": f"/conflict?{of}&id={conflict.id}",
        "plan": f"/plan?sync={SECOND}",
        "undo": f"/undo?{of}&run={run}",
        "explain": f"/explain?{of}&side=left&id={conflict.id}",
        "nothing": "/nothing",
    }


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_can_be_read_and_used_by_everybody(demo: Browser, past: Past, look: str) -> None:
    """axe-core finds no violation, nothing is wider than the screen, and the browser has nothing to complain of."""
    demo.look(**LOOKS[look])
    demo.complaints()
    said = {}
    for name, address in addresses(past).items():
        demo.open(address)
        said[name] = demo.violations()
        if demo.overflows():
            said[name].append("wider than the screen")
    assert {name: one for name, one in said.items() if one} == {}
    assert [one for one in demo.complaints() if "/nothing" not in one["message"]] == []


def test_a_hostile_record_runs_nothing(browser: Browser, world: World) -> None:
    """Neither by its markup nor by its size; there is nothing that the page's policy had to refuse."""
    conflict = world.in_conflict(first="Kay", company_name=SCRIPT, job_title=NOTE)
    world.outlook.contacts.edit(world.left["Grace"], company_name=SCRIPT, personal_notes=NOTE)
    world.run()
    for path in (f"/conflict?sync={NAME}&id={conflict}", f"/error?sync={NAME}&side=left&id={world.left['Grace']}"):
        browser.open(path)
        assert "taken" not in browser.driver.title
        assert "more characters" in browser.text
        assert browser.driver.find_elements("css selector", "main script, main img, main b") == []
        assert not browser.overflows()
    assert SCRIPT in browser.find("#f-company_name").get_attribute("value")


def test_nothing_of_a_page_stays_in_the_browser(demo: Browser, past: Past) -> None:
    """Neither in its storages nor in copies for its history."""
    demo.open(addresses(past)["error"])
    demo.open(addresses(past)["errors"])
    demo.find("input[type=search]").send_keys("zzz")
    demo.wait_for("No error fits the filter")
    kept = demo.driver.execute_script(
        "return [...Object.entries(localStorage), ...Object.entries(sessionStorage), document.cookie].flat()"
    )
    assert kept[:-2] == ["htmx-current-path-for-history"], "the page's own address, as the browser's history has it"
    assert kept[-2].startswith("/errors?")
    assert kept[-1] == ""


def test_pictures_of_all_pages(demo: Browser, past: Past, tmp_path: Path) -> None:
    """Each page is drawn; with TALLYSTICK_PICTURES they are kept in the folder that it names."""
    folder = Path(os.environ.get("TALLYSTICK_PICTURES", tmp_path))
    for name, (page, look) in PICTURES.items():
        demo.look(**look)
        demo.open(addresses(past)[page])
        demo.picture(folder / f"{name}.png")
        assert (folder / f"{name}.png").stat().st_size > 5_000
