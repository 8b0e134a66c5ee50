"""Jobs travel as names and ids, and only a marked factory is ever called for one."""

import json
import pickle
import re

import pytest

from tallystick.errors import InputError, SettingsError, UsageError
from tallystick.fleet import OutcomeKind, SyncJob, sync_one
from tallystick.fleet.factory import opened
from tests.fleet.town import FACTORY, Town, job_of


def test_there_and_back() -> None:
    """A job is the same after a journey as JSON or as a pickle, and its pickle names the class only."""
    job = SyncJob("ada/contacts", FACTORY, "example", {"mailbox": 7, "shared": True})

    assert SyncJob.from_dict(json.loads(json.dumps(job.to_dict()))) == job
    assert pickle.loads(pickle.dumps(job)) == job  # noqa: S301 -- our own


@pytest.mark.parametrize(
    "data",
    [
        {"sync": "s"},
        {"sync": "s", "factory": FACTORY, "more": 1},
        {"sync": "s", "factory": FACTORY, "options": ["a"]},
        "job",
    ],
    ids=["incomplete", "more", "options", "text"],
)
def test_what_is_no_job(data: object) -> None:
    """Data that are not a job's are refused, and nothing is guessed."""
    with pytest.raises(InputError, match=r"to_dict|name and a value"):
        SyncJob.from_dict(data)


@pytest.mark.parametrize("factory", ["os.system", "os:", ":mailbox", "a b:c", "a:b.c", 7], ids=str)
def test_names_of_factories(factory: str) -> None:
    """A factory is named as module and function."""
    with pytest.raises(SettingsError):
        SyncJob("s", factory)


@pytest.mark.parametrize("name", ["password", "client_secret", "access_token", "ApiKey", "credentials"])
def test_credentials_do_not_travel(name: str) -> None:
    """What opens an account is refused as part of a job, and not repeated in the error."""
    with pytest.raises(SettingsError, match="do not travel") as caught:
        SyncJob("s", FACTORY, "", {name: "hunter2"})

    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("value", [1.5, None, ["a"], "x" * 501], ids=["float", "none", "list", "long"])
def test_options_are_ids(value: object) -> None:
    """An option is a short text, a whole number, or yes or no."""
    with pytest.raises(SettingsError, match="'mailbox'"):
        SyncJob("s", FACTORY, "", {"mailbox": value})  # type: ignore[dict-item]
    with pytest.raises(SettingsError, match="more than 20"):
        SyncJob("s", FACTORY, "", dict.fromkeys(map(str, range(21)), 1))
    with pytest.raises(SettingsError, match="name of its sync"):
        SyncJob(" ", FACTORY)


@pytest.mark.parametrize("name", ["os:system", "tests.fleet.town:job_of", "no.such.module:x", "tests.fleet.town:none"])
def test_only_marked_functions_are_called(name: str) -> None:
    """Whoever can write into a queue can't have any function called: one that is not marked is as good as none."""
    outcome = sync_one(SyncJob("s", name))

    assert (outcome.kind, outcome.code) == (OutcomeKind.FAILED, "settings")
    assert "@factory" in outcome.note


def test_a_factory_builds_its_jobs_sync(town: Town) -> None:
    """A factory that builds another sync than it was asked for is refused: the lease would be another's."""
    job = job_of(1)
    with opened(job) as sync:
        assert sync.name == job.sync

    with pytest.raises(UsageError, match="another sync"), opened(SyncJob("s", "tests.fleet.factories:misnamed")):
        pass


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("returned", "the factory gave a Sync, and has to yield its sync -- write it as a generator function"),
        ("nobody", "the factory yielded a NoneType, which has no name or can't be run"),
        ("unreported", r"run\(\) gave a int, and has to give a Report"),
    ],
)
def test_a_factory_that_gives_no_sync_is_told_what_to_mend(name: str, said: str) -> None:
    """The outcome says what was given instead, and what to write."""
    outcome = sync_one(SyncJob("s", f"tests.fleet.factories:{name}"))

    assert (outcome.kind, outcome.code) == (OutcomeKind.FAILED, "usage")
    assert re.match(f"s: {said}", outcome.note)
