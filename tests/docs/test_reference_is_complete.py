"""Hold the reference against the code: whatever is public stands in it, and every code has words."""

import inspect
import re

import pytest

from tallystick.reconcile import reasons
from tests.docs.public_api import DOCS, PACKAGES, documented, identity, public_names

DOCUMENTED = {identity(name, value) for name, value in documented().items()}
EXPORTED = {
    f"{package}.{name}": value
    for package in PACKAGES
    if package != "tallystick.errors"
    for name, value in public_names(package).items()
}
MADE_HERE = [
    name
    for name, value in EXPORTED.items()
    if (inspect.isclass(value) or inspect.isfunction(value)) and value.__module__.startswith("tallystick")
]


@pytest.fixture(scope="module")
def reference() -> str:
    """All pages of the reference and of the how-to's in one text."""
    return "\n".join(
        page.read_text(encoding="utf-8")
        for page in sorted(page for part in ("reference", "how-to") for page in (DOCS / part).rglob("*.md"))
    )


@pytest.mark.parametrize("name", EXPORTED)
def test_what_is_public_stands_in_the_reference(name: str, reference: str) -> None:
    """Every public name is there in full, so that it can be found by what a program imports, or shown elsewhere."""
    shown = identity(name, EXPORTED[name]) in DOCUMENTED
    assert shown or re.search(rf"(?<![\w.]){re.escape(name)}(?![\w.])", reference)


@pytest.mark.parametrize("name", MADE_HERE)
def test_what_is_public_says_what_it_is(name: str) -> None:
    """Every public class and function has a docstring of its own, which is what the reference prints."""
    assert EXPORTED[name].__dict__.get("__doc__") if inspect.isclass(EXPORTED[name]) else EXPORTED[name].__doc__


def test_every_reason_has_words() -> None:
    """What a person reads is never a bare code."""
    codes = {value for name, value in vars(reasons).items() if name.isupper() and isinstance(value, str)}

    assert codes <= reasons.WORDS.keys()
    assert all(reasons.WORDS.values())
