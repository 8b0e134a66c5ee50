"""Provide a browser to be driven, and the console served to it on a port of this machine.

The driver's library is installed by `nox -s console` alone, so that it is imported where a browser is started.
"""

import base64
import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

WIDTH, HEIGHT = 1080, 760
PHONE = (390, 780)
PATIENCE = 10
TAB, ENTER, SPACE, DOWN = "\ue004", "\ue007", " ", "\ue015"
"""Keys, as the driver writes them."""

Answer = TypeVar("Answer")
Driver = Any
Element = Any
CSS = "css selector"

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
    "--lang=en-US",
    f"--window-size={WIDTH},{HEIGHT}",
)


class Served:
    """Whatever app is set, at one address."""

    def __init__(self) -> None:
        self.app: ASGIApp | None = None
        self.address = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request by the app of the moment."""
        assert self.app is not None
        await self.app(scope, receive, send)


@contextmanager
def serving() -> Iterator[Served]:
    """Serve an app, which may be changed, until the end."""
    served = Served()
    listening = socket.create_server(("127.0.0.1", 0))
    served.address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    server = uvicorn.Server(uvicorn.Config(served, log_level="warning", lifespan="off", timeout_graceful_shutdown=1))
    working = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    working.start()
    try:
        yield served
    finally:
        server.should_exit = True
        working.join(PATIENCE)
        listening.close()


@contextmanager
def driven(folder: Path) -> Iterator[Driver]:
    """Start the browser that TALLYSTICK_CHROMIUM names, with a profile of its own."""
    from selenium.webdriver import Chrome, ChromeOptions
    from selenium.webdriver.chrome.service import Service

    options = ChromeOptions()
    options.binary_location = os.environ["TALLYSTICK_CHROMIUM"]
    for flag in (*FLAGS, f"--user-data-dir={folder}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = Chrome(options, Service(os.environ["TALLYSTICK_CHROMEDRIVER"]))
    try:
        driver.set_page_load_timeout(3 * PATIENCE)
        yield driver
    finally:
        driver.quit()


class Browser:
    """What a person does with it."""

    def __init__(self, driver: Driver, address: str) -> None:
        self.driver, self.address = driver, address

    def open(self, path: str) -> None:
        """Go to a page by its address."""
        self.driver.get(f"{self.address}{path}")

    @property
    def text(self) -> str:
        """What is to be read on the page."""
        return self.wait_until(lambda: str(self.find("body").text), "the page stays empty")

    def find(self, css: str) -> Element:
        """Return the first element of a selector."""
        return self.driver.find_element(CSS, css)

    def click(self, said: str, among: str = "a, button") -> None:
        """Click what bears a text, as soon as it is there."""

        def clicked() -> bool:
            for one in self.driver.find_elements(CSS, among):
                if said in one.text:
                    one.click()
                    return True
            return False

        self.wait_until(clicked, f"there is no {said!r} to click")

    def wait_until(self, answer: Callable[[], Answer], what: str) -> Answer:
        """Wait for an answer that holds, and return it.

        A page that is being replaced is asked again: the driver has a word of its own for each moment of that.
        """
        from selenium.common.exceptions import WebDriverException

        end = time.monotonic() + PATIENCE
        said: WebDriverException | None = None
        while time.monotonic() < end:
            try:
                if found := answer():
                    return found
            except WebDriverException as refused:
                said = refused
            time.sleep(0.05)
        shown = self.driver.execute_script("return document.body?.innerText")
        raise AssertionError(f"{what}; there is:\n{shown}") from said

    def wait_for(self, said: str) -> None:
        """Wait until a text is on the page."""
        self.wait_until(lambda: said in self.text, f"{said!r} does not come")

    def wait_gone(self, said: str) -> None:
        """Wait until a text is no longer on the page."""
        self.wait_until(lambda: said not in self.text, f"{said!r} stays")

    # --- by keyboard ---------------------------------------------------------------------------------------------

    def press(self, *keys: str) -> None:
        """Press keys where the focus is."""
        for key in keys:
            self.driver.switch_to.active_element.send_keys(key)

    def tab_to(self, said: str, most: int = 60) -> Element:
        """Press Tab until the focus is on what bears a text, or belongs to a label of that text."""
        for _ in range(most):
            self.press(TAB)
            found = self.driver.switch_to.active_element
            labels = self.driver.execute_script(
                "return [...(arguments[0].labels || [])].map(one => one.innerText).join(' ')", found
            )
            if said in f"{found.text} {labels} {found.get_attribute('aria-label') or ''}":
                assert self.driver.execute_script("return arguments[0].matches(':focus-visible')", found)
                return found
        raise AssertionError(f"no way to {said!r} by Tab")

    # --- how it looks --------------------------------------------------------------------------------------------

    def look(self, *, dark: bool = False, phone: bool = False) -> None:
        """Have pages shown in light or dark, on a desk or on a phone."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        calm = {"name": "prefers-reduced-motion", "value": "reduce"}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme, calm]})
        width, height = PHONE if phone else (WIDTH, HEIGHT)
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": phone}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)

    def violations(self) -> list[str]:
        """Return what axe-core has to say against the page."""
        script = Path(os.environ["TALLYSTICK_AXE"]).read_text(encoding="utf-8")
        self.driver.execute_script(script)  # the driver's, to which the page's policy does not apply
        found = self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            "axe.run(document, {resultTypes: ['violations']}).then(said => done(said.violations))"
        )
        return [f"{one['id']}: {one['help']}: {json.dumps([node['html'] for node in one['nodes']])}" for one in found]

    def complaints(self) -> list[dict[str, Any]]:
        """Return what the browser logged since it was last asked: refused scripts, failed loads, errors."""
        return [entry for entry in self.driver.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]

    def overflows(self) -> bool:
        """Tell whether the page as a whole is wider than the screen."""
        return bool(
            self.driver.execute_script(
                "const page = document.documentElement; return page.scrollWidth > page.clientWidth"
            )
        )

    def picture(self, path: Path) -> None:
        """Take a picture of the page from its top, down to a screen and a quarter."""
        height = self.driver.execute_script("return document.documentElement.scrollHeight")
        width = self.driver.execute_script("return document.documentElement.clientWidth")
        clip = {"x": 0, "y": 0, "width": width, "height": min(height, HEIGHT * 5 // 4), "scale": 1}
        shot = self.driver.execute_cdp_cmd(
            "Page.captureScreenshot", {"format": "png", "captureBeyondViewport": True, "clip": clip}
        )
        path.write_bytes(base64.b64decode(shot["data"]))
