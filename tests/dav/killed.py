"""One run between an address book and a document store, as a program of its own: it is there to be killed.

Arguments: the address book, the store's collection, the state's file, and how many times a run has begun before. Each
request is told on standard output before it is sent and once it was answered.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import httpx

import tallystick as ts
from tallystick.profiles import maximizer
from tallystick.providers.dav import CONTACTS, Transport, open_dav
from tallystick.providers.memory import VirtualClock
from tests.dav.page import names_of_page
from tests.dav.servers import NO_KEEPING, PASSWORD

BEGINNING = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Telling(httpx.HTTPTransport):
    """A transport that tells of each request."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request."""
        print("sending", flush=True)  # noqa: T201 -- whoever kills listens
        response = super().handle_request(request)
        print("answered", flush=True)  # noqa: T201 -- the same
        return response


@contextmanager
def client() -> Iterator[httpx.Client]:
    """Return a client that tells of each request."""
    with httpx.Client(transport=Telling(limits=NO_KEEPING), auth=("ada", PASSWORD), timeout=60) as made:
        yield made


def main(book: str, people: str, state_file: str, number: str) -> None:
    """Run once, and say how many records were written."""
    clock = VirtualClock(BEGINNING + timedelta(minutes=10) * int(number))
    with client() as one, client() as other, ts.SqliteState(state_file, key=b"k" * 32) as state:
        sync = ts.Sync(
            "people",
            left=open_dav(book, CONTACTS, client=one),
            right=names_of_page()["RestProvider"](people, Transport(client=other)),
            profile=maximizer.contacts(category=None, favourite_list=None),
            state=state,
            clock=clock,
        )
        report = sync.run()
        print(f"{report.state} {report.written()}", flush=True)  # noqa: T201 -- the last word


if __name__ == "__main__":
    main(*sys.argv[1:])
