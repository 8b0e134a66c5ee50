"""Mailboxes of Microsoft Graph keep every promise of a provider, blocking and awaited, whatever the service does."""

from typing import Any

import pytest

from tallystick.testing import AsyncProviderContract, ProviderContract
from tallystick.testing.graph import GraphQuirks
from tests.providers.graph.worlds import (
    CONTACT_SAMPLES,
    EVENT_SAMPLES,
    MESSAGE_SAMPLES,
    async_mailbox,
    contact_door,
    event_door,
    mailbox,
    message_door,
    served,
    task_door,
    task_samples,
)

QUIRKS = {
    "plain": GraphQuirks(),
    "restless": GraphQuirks(empty_pages=True, replays=True, partial=True, page_size=2),
    "strict": GraphQuirks(invalid_addresses="refuse", repeated_transaction="conflict", html_bodies=False),
}


@pytest.mark.parametrize("quirks", QUIRKS)
def test_contacts_hold(quirks: str) -> None:
    """Contacts by category keep every promise."""

    def make() -> Any:  # noqa: ANN401 -- a pair
        service = served(QUIRKS[quirks])
        return mailbox(service).contacts(), contact_door(service)

    results = ProviderContract(make, CONTACT_SAMPLES).check()

    assert not results.broken, results.table()


@pytest.mark.parametrize("quirks", QUIRKS)
def test_events_hold(quirks: str) -> None:
    """Events of a window, by category, keep every promise."""

    def make() -> Any:  # noqa: ANN401 -- a pair
        service = served(QUIRKS[quirks])
        return mailbox(service).calendar(), event_door(service)

    results = ProviderContract(make, EVENT_SAMPLES).check()

    assert not results.broken, results.table()


@pytest.mark.parametrize("quirks", QUIRKS)
def test_tasks_hold(quirks: str) -> None:
    """Tasks of a list keep every promise."""

    def make() -> Any:  # noqa: ANN401 -- a pair
        service = served(QUIRKS[quirks])
        return mailbox(service).tasks(), task_door(service)

    results = ProviderContract(make, task_samples(served())).check()

    assert not results.broken, results.table()


@pytest.mark.parametrize("quirks", QUIRKS)
def test_messages_hold(quirks: str) -> None:
    """Messages of all folders, by category, keep every promise."""

    def make() -> Any:  # noqa: ANN401 -- a pair
        service = served(QUIRKS[quirks])
        return mailbox(service).mail(), message_door(service)

    results = ProviderContract(make, MESSAGE_SAMPLES).check()

    assert not results.broken, results.table()


def test_awaited_messages_hold() -> None:
    """Messages of all folders keep every promise where they are awaited."""

    async def make() -> Any:  # noqa: ANN401 -- a pair
        service = served()
        return async_mailbox(service).mail(), message_door(service)

    results = AsyncProviderContract(make, MESSAGE_SAMPLES).check()

    assert not results.broken, results.table()


def test_awaited_contacts_hold() -> None:
    """Contacts by category keep every promise where they are awaited."""

    async def make() -> Any:  # noqa: ANN401 -- a pair
        service = served()
        return async_mailbox(service).contacts(), contact_door(service)

    results = AsyncProviderContract(make, CONTACT_SAMPLES).check()

    assert not results.broken, results.table()


def test_awaited_events_hold() -> None:
    """Events of a window keep every promise where they are awaited."""

    async def make() -> Any:  # noqa: ANN401 -- a pair
        service = served()
        return async_mailbox(service).calendar(), event_door(service)

    results = AsyncProviderContract(make, EVENT_SAMPLES).check()

    assert not results.broken, results.table()


def test_awaited_tasks_hold() -> None:
    """Tasks of a list keep every promise where they are awaited."""

    async def make() -> Any:  # noqa: ANN401 -- a pair
        service = served()
        return async_mailbox(service).tasks(), task_door(service)

    results = AsyncProviderContract(make, task_samples(served())).check()

    assert not results.broken, results.table()
