"""What a sync or a profile is made of is looked at when it is made, and not in the middle of a run."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, cast

import attrs
import pytest

from tallystick import MemoryState, Sync
from tallystick.errors import SettingsError, UsageError
from tallystick.mail import MailSync
from tallystick.ports import RunState, Scope, Term
from tallystick.profiles import linkpoint, maximizer
from tallystick.providers.memory import FakeCrm, FakeOutlook, MemoryCollection, Shape
from tallystick.sinks import MemorySink


class Without:
    """Everything that ``whole`` has but some names."""

    def __init__(self, whole: object, *names: str) -> None:
        self.whole = whole
        self.names = names

    def __getattr__(self, name: str) -> object:
        if name in self.names:
            raise AttributeError(name)
        return getattr(self.whole, name)


def sync_of(**changed: object) -> Sync[Any, Any]:
    """Return a sync of sound parts, but for those named."""
    parts: dict[str, Any] = {
        "left": FakeOutlook().contacts,
        "right": FakeCrm().entries,
        "profile": maximizer.contacts(),
        "state": MemoryState(),
    }
    return Sync("a", **(parts | changed))


@pytest.mark.parametrize(
    ("where", "part", "said"),
    [
        ("left side", {"left": Without(FakeOutlook().contacts, "search")}, "no provider: it lacks search"),
        ("right side", {"right": Without(FakeCrm().entries, "account")}, "no provider: it lacks account"),
        ("right side", {"right": FakeCrm}, "FakeCrm is a class, and no provider yet"),
        ("state", {"state": "links.db"}, "a str is no state: it lacks acquire, batches, claims, and 15 more"),
        ("state", {"state": Without(MemoryState(), "claims", "lease")}, "no state: it lacks claims, lease"),
        ("sink", {"sink": [].append}, "no sink: it lacks keep"),
        ("sink", {"sink": Without(MemorySink(keeps_images=True), "images")}, "no sink: it lacks images"),
        ("clock", {"clock": Without(FakeCrm(), "sleep")}, "no clock: it lacks now, sleep"),
        ("profile", {"profile": maximizer.contacts}, "a function is no profile"),
        ("worker", {"worker": 7}, "a int names no worker"),
        ("worker", {"worker": "w\udc80"}, "a text that is not valid Unicode"),
        ("lease", {"lease": 300}, "int is no span of time"),
        ("is_gone", {"is_gone": "worker-1"}, "a str can't tell who is gone"),
        ("observers", {"observers": print}, "no list of observers"),
        ("directories", {"directories": [FakeCrm().entries]}, "a list names no directories"),
        ("directory people", {"directories": {"people": {}}}, "a dict is no directory: it lacks capabilities, search"),
    ],
)
def test_a_part_that_lacks_something_is_refused(where: str, part: dict[str, object], said: str) -> None:
    """What a part lacks is said when the sync is made, with where it goes and what to pass instead."""
    with pytest.raises(UsageError) as refused:
        sync_of(**part)

    assert said in str(refused.value)
    assert refused.value.where == where
    assert refused.value.remedy


def test_the_number_of_a_run_is_no_plan_to_confirm() -> None:
    """A run's number that is passed in the place of a plan is refused with the way to say it, and blocks nothing."""
    sync = sync_of()

    with pytest.raises(UsageError, match=re.escape("a int is no plan -- pass the plan that was stopped, or")):
        sync.confirm(cast("Any", 5))
    assert sync.run().state is RunState.COMPLETE


@pytest.mark.parametrize("limit", ["ten", -1, 1.5])
def test_a_history_is_asked_for_by_a_number(limit: object) -> None:
    """How many runs are to be listed is a whole number, and what is none is said to be."""
    with pytest.raises(UsageError, match="limit: not a number of runs"):
        sync_of().history(cast("int", limit))


def test_history_is_dropped_by_a_span() -> None:
    """For how long history is to be kept is a span of time: a bare number would be of days or of seconds."""
    with pytest.raises(UsageError, match="prune: int is no span of time"):
        sync_of().prune(cast("timedelta", 30))


def test_parts_that_pass_on_are_parts() -> None:
    """What only passes calls on to a sound part is one, and a sink that keeps losers alone needs nothing of images."""
    parts = {"left": FakeOutlook().contacts, "right": FakeCrm().entries, "state": MemoryState(), "sink": MemorySink()}
    passing = {name: Without(part) for name, part in parts.items()}
    passing["sink"] = Without(MemorySink(), "keeps_images", "keep_images", "images", "forget")

    assert not sync_of(**passing).run().errors


def test_an_account_is_not_asked_when_a_sync_is_made() -> None:
    """Making a sync reads no property of a provider's: the name of an account may have to be asked for."""

    class SignedOut(Without):
        @property
        def account(self) -> str:
            raise AssertionError("asked")

    assert sync_of(left=SignedOut(FakeOutlook().contacts)).name == "a"


@pytest.mark.parametrize(
    ("part", "where"), [("mailboxes", "mailbox 2"), ("people", "people 2")], ids=["a mailbox", "a directory"]
)
def test_the_mailboxes_and_directories_of_mail_are_looked_at_too(part: str, where: str) -> None:
    """Which of them lacks something is said when the sync of mail is made."""
    outlook, crm = FakeOutlook(), FakeCrm()
    parts: dict[str, Any] = {"mailboxes": [outlook.mail], "people": [crm.entries]}
    parts[part].append(Without(parts[part][0], "search"))

    with pytest.raises(UsageError, match="it lacks search") as refused:
        MailSync(
            "a",
            activities=crm.activities,
            profile=linkpoint.mail("ada@example.com", linkpoint.MailSettings()),
            state=MemoryState(),
            **parts,
        )
    assert refused.value.where == where


def test_a_mapping_is_a_tuple() -> None:
    """A list of rules is refused when the profile is made: it could be changed behind the state's back."""
    profile = maximizer.contacts()
    with pytest.raises(SettingsError, match="a list is no mapping -- pass a tuple of rules"):
        attrs.evolve(profile, mapping=cast("Any", [*profile.mapping]))


def test_the_name_of_a_list_is_not_empty() -> None:
    """An empty name, as an empty setting gives it, is refused: it would put every record out of the scope."""
    for name in ("", " "):
        with pytest.raises(SettingsError, match="leave it out"):
            maximizer.contacts(category=name)
    assert maximizer.contacts(category=None).left.scope == Scope()


@pytest.mark.parametrize("plan", [None, "{}"])
def test_what_is_no_plan_is_not_applied(plan: Any) -> None:  # noqa: ANN401 -- no plan, on purpose
    """The text of a saved plan is refused with the function that reads it."""
    with pytest.raises(UsageError, match=rf"a {type(plan).__name__} is no plan -- .*load_plan"):
        sync_of().apply(plan)


@pytest.mark.parametrize("side", [None, 2, "up", ""])
def test_what_is_no_side_is_named(side: Any) -> None:  # noqa: ANN401 -- no side, on purpose
    """A side is one by its name or its value, and nothing else."""
    with pytest.raises(UsageError, match="there is no such side"):
        sync_of().explain(side, "1")


@pytest.mark.parametrize("name", [None, 5, " "])
def test_a_sync_is_named_by_a_text(name: Any) -> None:  # noqa: ANN401 -- no name, on purpose
    """What is none is refused when the sync is made."""
    with pytest.raises(SettingsError, match="a sync needs a name"):
        Sync(
            name,
            left=FakeOutlook().contacts,
            right=FakeCrm().entries,
            profile=maximizer.contacts(),
            state=MemoryState(),
        )


def test_a_name_that_no_state_keeps_is_refused() -> None:
    """Half a character, as a name that was read from a file system may have it, is refused when the sync is made."""
    with pytest.raises(SettingsError, match="name: a text that is not valid Unicode is kept by no state") as refused:
        Sync(
            "ada\udc80",
            left=FakeOutlook().contacts,
            right=FakeCrm().entries,
            profile=maximizer.contacts(),
            state=MemoryState(),
        )

    assert str(refused.value).isascii()


class Telling:
    """A clock that tells one thing, whatever it is."""

    def __init__(self, told: object) -> None:
        self.told = told

    def now(self) -> object:
        """Return what is told."""
        return self.told

    def sleep(self, seconds: float) -> None:
        """Return at once."""


@pytest.mark.parametrize("ask", [Sync.run, Sync.plan, Sync.run_if_due])
@pytest.mark.parametrize(
    ("told", "said"),
    [
        (None, "of the type NoneType"),
        ("2026-01-05T12:00:00Z", "of the type str"),
        (date(2026, 1, 5), "of the type date"),
        (datetime(2026, 1, 5), "a time without a zone"),  # noqa: DTZ001 -- that is the point
    ],
)
def test_a_clock_that_tells_no_instant_is_named(told: object, said: str, ask: Callable[[Any], object]) -> None:
    """The error says what it told and what it has to, before anything is read or written."""
    seen: list[object] = []
    sync = sync_of(clock=Telling(told), observers=[seen.append])

    with pytest.raises(UsageError, match=rf"clock, now\(\): the answer is {said} and has to be an instant"):
        ask(sync)

    assert seen == []


def test_the_clock_of_a_mail_sync_is_looked_at_too() -> None:
    """A verdict on a message is of an instant: a clock that tells none is named."""
    sync = MailSync(
        "a",
        mailboxes=[FakeOutlook().mail],
        activities=FakeCrm().activities,
        profile=linkpoint.mail("ada@example.com", linkpoint.MailSettings()),
        state=MemoryState(),
        clock=cast("Any", Telling(date(2026, 1, 5))),
    )
    with pytest.raises(UsageError, match=r"clock, now\(\): the answer is of the type date and has to be an instant"):
        sync.verdict("<1@example.com>")


def test_a_collection_of_plain_dicts_says_how_it_can_be_searched() -> None:
    """A dict declares no fields: the error says how to."""
    rows: MemoryCollection[dict[str, object]] = MemoryCollection(Shape(dict))
    with pytest.raises(UsageError, match="cannot be searched by 'What' -- declare the fields: with a TypedDict"):
        rows.search([Term("What", "mill")], Scope())
