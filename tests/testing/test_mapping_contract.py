"""The mapping's contract holds for our own rules, and each of its laws can fail."""

from itertools import count
from random import Random
from typing import Any, cast

import attrs
import pytest

from tallystick.errors import UsageError
from tallystick.mapping import Lens, Rule, attribute, rule
from tallystick.profiles.maximizer import CONTACT_RULES
from tallystick.records import Contact, EmailAddress, Entry
from tallystick.testing import MappingContract, Verdict

TEXTS = ("", "a", " x ", "Ada", "É", "e\u0301", "two\r\nlines")
_TICKS = count()


@attrs.frozen
class Card:
    """A small record."""

    name: str = ""
    note: str = ""


def contact(random: Random) -> Contact:
    """Make an untidy contact up."""
    mails = tuple(EmailAddress(f"p{random.randrange(5)}@example.com") for _ in range(random.randrange(3)))
    names = [random.choice(TEXTS) for _ in range(3)]
    return Contact(given_name=names[0], surname=names[1], company_name=names[2], email_addresses=mails)


def entry(random: Random) -> Entry:
    """Make an untidy entry up."""
    mails = tuple(f"p{random.randrange(5)}@example.com" for _ in range(random.randrange(3)))
    names = [random.choice(TEXTS) for _ in range(3)]
    return Entry(first_name=names[0], last_name=names[1], company_name=names[2], emails=mails)


def card(random: Random) -> Card:
    """Make a small record up."""
    return Card(random.choice(TEXTS), random.choice(TEXTS))


def contract(*rules: Rule[Card, Card]) -> MappingContract[Card, Card]:
    """Return the contract of rules between small records."""
    return MappingContract(rules, card, card, (Card(), Card()), examples=40)


def lens(get: Any, put: Any) -> Lens[Card, str]:  # noqa: ANN401 -- functions
    """Return a lens onto the name."""
    return Lens(get, put, ("name",))


SOUND = attribute("name")
FAULTS: dict[str, tuple[Rule[Card, Card], str]] = {
    "a misspelt field": (rule("name", attribute("names"), SOUND), "the rules fit"),
    "shouts when it writes": (
        rule("name", lens(lambda one: one.name, lambda _, value: {"name": f"{value}!"}), SOUND),
        "name: putting back",
    ),
    "forgets": (rule("name", lens(lambda one: one.name, lambda *_: {"name": ""}), SOUND), "name: getting what was put"),
    "appends": (
        rule("name", lens(lambda one: one.name, lambda one, value: {"name": one.name + value}), SOUND),
        "name: a second time",
    ),
    "writes next door": (
        rule("name", lens(lambda one: one.name, lambda _, value: {"name": value, "note": ""}), SOUND),
        "name: its own fields",
    ),
    "never the same twice": (rule("name", SOUND, SOUND, lambda value: (value, next(_TICKS))), "name: canonical values"),
    "can't be digested": (
        rule("name", SOUND, SOUND, lambda value: [value]),  # type: ignore[arg-type,return-value]  # that is the fault
        "name: canonical values",
    ),
}


@pytest.mark.behaviour("TS-10")
@pytest.mark.parametrize("fault", FAULTS)
def test_a_rule_that_breaks_a_law_is_caught_by_that_law(fault: str) -> None:
    """Each lens that is broken on purpose is caught by the law it breaks, with an example that can be repeated."""
    wrong, law = FAULTS[fault]
    results = contract(wrong).check([law])

    assert [one.check for one in results.broken] == [law], results.table()


@pytest.mark.behaviour("TS-10")
def test_every_law_has_a_fault_that_it_catches() -> None:
    """No law is one that can't fail, and a sound rule breaks none."""
    sound = contract(rule("name", SOUND, SOUND))

    assert {law for _, law in FAULTS.values()} == set(sound.promises)
    assert {one.verdict for one in sound.check().findings} == {Verdict.HELD}


@pytest.mark.behaviour("TS-10")
def test_the_rules_of_the_contact_profile_hold() -> None:
    """The rules that come with the library keep the laws on untidy records."""
    results = MappingContract(CONTACT_RULES, contact, entry, (Contact(), Entry()), examples=100).check()

    assert not results.broken, results.table()
    assert len(results.findings) == 1 + 5 * len(CONTACT_RULES)


def test_a_finding_names_the_example_and_no_value() -> None:
    """What is said can be repeated by its number and seed, and shows nothing of the record."""
    (broken,) = contract(FAULTS["appends"][0]).check(["name: a second time"]).broken

    assert broken.why.startswith("a second time changed what the first one left, on the left side, example ")
    assert "of seed 1" in broken.why


def test_records_in_the_place_of_what_makes_them_are_refused() -> None:
    """A list of samples is refused with what to pass, and not found to break every law."""
    with pytest.raises(UsageError, match="right: a list makes no records -- pass a function"):
        MappingContract((), card, cast("Any", [Card()]), (Card(), Card()))
