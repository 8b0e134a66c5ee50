"""Run each server once for all tests."""

from collections.abc import Iterator

import pytest

from tests.dav.servers import SERVERS, Server, kinto, radicale


@pytest.fixture(scope="session", params=sorted(SERVERS))
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One of the servers, running."""
    with SERVERS[request.param](tmp_path_factory.mktemp(request.param)) as running:
        yield running


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Radicale, running."""
    with radicale(tmp_path_factory.mktemp("book")) as running:
        yield running


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Kinto, running."""
    with kinto(tmp_path_factory.mktemp("store")) as running:
        yield running
