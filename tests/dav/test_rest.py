"""The provider that the documentation builds holds the published contract on a running Kinto."""

from typing import Any

import pytest

from tallystick.providers.http.transport import Transport
from tallystick.testing import ProviderContract, Verdict
from tests.dav.page import names_of_page
from tests.dav.servers import Server, people_at
from tests.providers.dav.test_contract import TROUBLE

pytestmark = pytest.mark.dav


def test_the_provider_of_the_page_holds_the_contract(store: Server) -> None:
    """What works against the page's own store works against the service it stands for."""
    page = names_of_page()

    def make() -> tuple[Any, Any]:
        url, client = people_at(store), store.client()
        return page["RestProvider"](url, Transport(client=client)), page["Door"](client, url)

    results = ProviderContract(make, page["samples"]).check()

    results.require()
    untried = {one.check for one in results.findings if one.verdict is Verdict.UNTRIED}
    assert untried == {
        "no foreign token is found",
        "an expired cursor is refused",
        "a bad create spares others",
        "times are those of edits",
        *TROUBLE,
    }
