"""The providers of address books and calendars hold the published contract on servers of other people's making."""

from typing import Any

import httpx
import pytest

from tallystick.providers.dav import (
    CONTACTS,
    Collection,
    DavProvider,
    Transport,
    open_dav,
    open_dav_async,
)
from tallystick.testing import AsyncProviderContract, ProviderContract, Results, Verdict
from tests.dav.doors import Door
from tests.dav.servers import NO_KEEPING, Server
from tests.providers.dav.test_contract import CONTACT_SAMPLES, SAMPLES, UNTRIED

pytestmark = pytest.mark.dav
CATEGORY = "Maximizer"
IN_ONE_PAGE = {"cursors move", "an edit while listing is told"}  # these servers list all at once


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_blocking_provider_holds_the_contract(server: Server, kind: str) -> None:
    """Every promise holds for cards, entries, events and tasks, and none is left untried."""
    dav, samples = SAMPLES[kind]

    def make() -> tuple[Any, Any]:
        url = server.made(calendar=bool(dav.component))
        return open_dav(url, dav, client=server.client()), Door(server, url, dav, CATEGORY)

    _require_all(ProviderContract(make, samples).check())


def test_an_awaited_provider_holds_the_contract(server: Server) -> None:
    """Every promise holds where it is awaited, too."""

    async def make() -> tuple[Any, Any]:
        url = server.made()
        client = httpx.AsyncClient(auth=server.credentials, timeout=60, limits=NO_KEEPING)
        return await open_dav_async(url, CONTACTS, client=client), Door(server, url, CONTACTS, CATEGORY)

    _require_all(AsyncProviderContract(make, CONTACT_SAMPLES).check())


def test_a_service_without_sync_collection_holds_the_contract(server: Server) -> None:
    """Where nobody says what changed, all etags are listed, and the same promises hold but for those of deltas."""

    def make() -> tuple[Any, Any]:
        url = server.made()
        transport = Transport(client=server.client())
        return DavProvider(Collection(url, delta=False), CONTACTS, transport), Door(server, url, CONTACTS, CATEGORY)

    results = ProviderContract(make, CONTACT_SAMPLES).check()

    results.require()
    assert [finding for finding in results.findings if finding.verdict is Verdict.HELD][38:], results.table()


def _require_all(results: Results) -> None:
    results.require()
    untried = {finding.check for finding in results.findings if finding.verdict is Verdict.UNTRIED}
    assert untried == UNTRIED | IN_ONE_PAGE
