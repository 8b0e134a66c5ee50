"""Every flow of the console, as a person goes through it in a browser."""

import attrs
import pytest

from tallystick.ports import RunState
from tallystick.reconcile import Guards, Limit
from tests.console.browser.driving import DOWN, ENTER, SPACE, Browser
from tests.console.pages import NAME, World

pytestmark = pytest.mark.browser

SYNC = f"sync={NAME}"


@pytest.fixture
def guarded(world: World) -> World:
    """The same world, where a run may create one record."""
    world.profile = attrs.evolve(world.profile, guards=Guards(creates=Limit(0.1, 1)))
    return world


def companies(world: World, first: str = "Ada") -> tuple[str, str]:
    """Return the company of a person on both sides."""
    contact = world.outlook.contacts.record(world.left[first])
    return contact.company_name, world.crm.entries.record(world.partner(first)).company_name


@pytest.mark.behaviour("CX-05")
def test_a_conflict_is_settled_field_by_field_by_keyboard_alone(world: World, browser: Browser) -> None:
    """From the first page to the settled conflict, with Tab, the arrows, Space and Enter; the focus is always seen."""
    browser.tab_to(NAME)
    browser.press(ENTER)
    browser.wait_for("1\nconflict to settle")
    browser.tab_to("conflict to settle")
    browser.press(ENTER)
    browser.wait_for("both changed company, position")
    browser.tab_to("Compare")
    browser.press(ENTER)
    browser.wait_for("Settle a conflict")
    browser.tab_to("from the left")
    browser.press(SPACE)
    browser.tab_to("left's job")
    browser.press(DOWN)
    browser.tab_to("Save these choices")
    browser.press(ENTER)
    browser.wait_for("The conflict is settled")

    assert "No pair is in conflict" in browser.text
    assert companies(world) == ("from the left", "from the left")
    assert world.outlook.contacts.record(world.left["Ada"]).job_title == "right's job"


@pytest.mark.behaviour("CX-05")
def test_a_conflict_is_settled_whole_and_both_kept(world: World, browser: Browser) -> None:
    """One button, though no field is chosen."""
    browser.open(f"/conflict?{SYNC}&id={world.left['Ada']}")
    browser.click("Keep both", "label")
    browser.click("Take all from CRM")
    browser.wait_for("The conflict is settled")

    assert companies(world) == ("from the right", "from the right")
    assert len(world.outlook.contacts) == 4


def test_the_browser_asks_for_every_field(world: World, browser: Browser) -> None:
    """A choice that is not whole is not even sent."""
    browser.open(f"/conflict?{SYNC}&id={world.left['Ada']}")
    browser.click("Save these choices")
    browser.wait_for("Settle a conflict")

    assert browser.driver.switch_to.active_element.get_attribute("name") == "rule.company"
    assert len(world.sync.conflicts()) == 1


@pytest.mark.behaviour("CX-05")
def test_a_stale_choice_shows_what_there_is_now(world: World, browser: Browser) -> None:
    """Nothing is written; the next choice is made of the new values."""
    browser.open(f"/conflict?{SYNC}&id={world.left['Ada']}")
    world.outlook.contacts.edit(world.left["Ada"], company_name="edited meanwhile")
    browser.click("Take all from CRM")
    browser.wait_for("A record has changed since this page was made")
    assert "edited meanwhile" in browser.text
    assert companies(world) == ("edited meanwhile", "from the right")
    browser.click("Take all from Outlook")
    browser.wait_for("The conflict is settled")
    assert companies(world) == ("edited meanwhile", "edited meanwhile")


@pytest.mark.behaviour("CX-05")
def test_of_two_people_with_one_conflict_open_the_second_is_told(world: World, browser: Browser) -> None:
    """In two windows of the same browser, as two people."""
    page = f"/conflict?{SYNC}&id={world.left['Ada']}"
    browser.open(page)
    first = browser.driver.current_window_handle
    browser.driver.switch_to.new_window("tab")
    try:
        browser.open(page)
        browser.click("Take all from Outlook")
        browser.wait_for("The conflict is settled")
    finally:
        browser.driver.close()
        browser.driver.switch_to.window(first)
    browser.click("Take all from CRM")
    browser.wait_for("The conflict was settled meanwhile, by run 4")

    assert companies(world) == ("from the left", "from the left")
    assert len(browser.driver.find_elements("css selector", "[role=alert]")) == 1


@pytest.mark.behaviour("CX-07", "CX-08")
def test_an_error_is_found_corrected_and_gone(world: World, browser: Browser) -> None:
    """Still wrong first, with its new reason; then right, synced directly, and off the list."""
    browser.click(NAME)
    browser.click("1\nerror")
    browser.wait_for("a mandatory field is empty (last_name)")
    browser.click("Correct")
    browser.wait_for("Only what you change is written")
    browser.find("#f-given_name").clear()
    browser.find("#f-surname").send_keys("Hopper")
    browser.click("Save and sync")
    browser.wait_for("still not in order")
    assert "a mandatory field is empty (first_name)" in browser.text
    browser.find("#f-given_name").send_keys("Grace")
    browser.click("Save and sync")
    browser.wait_for("The record is corrected and synced")

    assert "No record failed" in browser.text
    assert world.crm.entries.record(world.partner("Grace")).last_name == "Hopper"


@pytest.mark.behaviour("CX-07")
def test_lists_are_filtered_as_one_types(world: World, browser: Browser) -> None:
    """Without a new page; the address has the filter, and going back undoes it."""
    for first in ("Kay", "Betty"):
        world.insert(first, "")
    world.run()
    browser.open(f"/errors?{SYNC}")
    browser.wait_for("3 errors")
    browser.driver.execute_script("window.same = true")
    browser.find("input[type=search]").send_keys(world.left["Kay"])
    browser.wait_for("1 error of 3")
    assert browser.driver.execute_script("return window.same")
    assert "text=" in browser.driver.current_url
    browser.driver.refresh()
    browser.wait_for("1 error of 3")


@pytest.mark.behaviour("LP-10")
def test_a_page_looks_again_by_itself_while_a_run_goes_on(world: World, browser: Browser) -> None:
    """Enqueued, then complete, without anybody's click; then it is quiet."""
    browser.open(f"/sync?{SYNC}")
    browser.click("Sync now")
    browser.wait_for("A run is asked for")
    assert "enqueued" in browser.text
    world.run()
    browser.wait_gone("enqueued")
    assert browser.find("#live").get_attribute("hx-get") is None
    assert world.sync.history()[0].state is RunState.COMPLETE


@pytest.mark.behaviour("TS-05")
def test_a_plan_is_looked_at_and_confirmed(guarded: World, browser: Browser) -> None:
    """The figures first, then one confirmation, for one run."""
    for first in ("Kay", "Betty", "Fran"):
        guarded.insert(first, "Holberton")
    browser.click(NAME)
    browser.click("Plan")
    browser.wait_for("A guard stops this")
    browser.click("Confirm once and sync")
    browser.wait_for("The figures are confirmed for one run")
    guarded.run()
    browser.wait_gone("enqueued")
    assert len(guarded.crm.entries) == 5


@pytest.mark.behaviour("TS-12")
def test_a_run_is_taken_back(world: World, browser: Browser) -> None:
    """Looked at first, then done."""
    world.outlook.contacts.edit(world.left["Jean"], company_name="typed into the wrong window")
    world.run()
    browser.open(f"/sync?{SYNC}")
    browser.find("tbody a").click()
    browser.wait_for("What it wrote")
    browser.click("Take this run back")
    browser.wait_for("Take it back")
    assert companies(world, "Jean")[1] == "typed into the wrong window"
    browser.click("Take it back")
    browser.wait_for("The run is taken back")
    assert companies(world, "Jean")[1] == "ENIAC"


@pytest.mark.behaviour("TS-11")
def test_a_record_is_explained(world: World, browser: Browser) -> None:
    """From the list, and by its id."""
    browser.open(f"/ignored?{SYNC}")
    browser.click("Explain", "li a")
    browser.wait_for("Ignored, not in sync.")
    browser.find("input[name=id]").clear()
    browser.find("input[name=id]").send_keys(world.left["Ada"], ENTER)
    browser.wait_for("Rule by rule")


def test_everything_works_without_scripts(world: World, browser: Browser) -> None:
    """Filter by its button, settle, and ask for a run."""
    browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.open(f"/conflicts?{SYNC}")
        browser.find("input[type=search]").send_keys("no such text")
        browser.find(".filter button").click()
        browser.wait_for("No conflict fits the filter")
        browser.open(f"/conflict?{SYNC}&id={world.left['Ada']}")
        browser.find("input[value=left]").click()
        browser.find("input[name='rule.position'][value=right]").click()
        browser.find("button.primary").click()
        browser.wait_for("The conflict is settled")
        browser.open(f"/sync?{SYNC}")
        browser.find("#now").click()
        browser.wait_for("A run is asked for")
    finally:
        browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    assert companies(world) == ("from the left", "from the left")
