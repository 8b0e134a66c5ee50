"""Mailboxes of Microsoft Graph keep every promise of a provider, blocking and awaited, whatever the service does."""

from typing import Any

import pytest

from tallystick.testing import AsyncProviderContract, ProviderContract
from tallystick.testing.graph import GraphQuirks
from tests.providers.graph.worlds import CONTACT_SAMPLES, async_mailbox, contact_door, mailbox, served

QUIRKS = {
    "plain": GraphQuirks(),
    "restless": GraphQuirks(empty_pages=True, replays=True, partial=True, page_size=2),
    "strict": GraphQuirks(invalid_addresses="refuse"),
}


@pytest.mark.parametrize("quirks", QUIRKS)
def test_contacts_hold(quirks: str) -> None:
    """Contacts by category keep every promise."""

    def make() -> Any:  # noqa: ANN401 -- a pair
        service = served(QUIRKS[quirks])
        return mailbox(service).contacts(), contact_door(service)

    results = ProviderContract(make, CONTACT_SAMPLES).check()

    assert not results.broken, results.table()


def test_awaited_contacts_hold() -> None:
    """Contacts by category keep every promise where they are awaited."""

    async def make() -> Any:  # noqa: ANN401 -- a pair
        service = served()
        return async_mailbox(service).contacts(), contact_door(service)

    results = AsyncProviderContract(make, CONTACT_SAMPLES).check()

    assert not results.broken, results.table()
