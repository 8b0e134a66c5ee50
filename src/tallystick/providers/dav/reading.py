"""Provide the reading of records by their ids: many at once, each as its own codec takes it.

What is answered of an id is the record; DELETED where the service says so, or holds something of another kind under
it; NO_ACCESS where it refuses to show it, or shows what cannot be read. A record that breaks the reading of others by
its size is found by halving, so that one of them never hides the rest.

XML knows one line end, cards and calendars another: it is put back, so that nothing else changes when one is written.
"""

from collections.abc import Sequence
from typing import Final, Generic, TypeVar

import attrs

from tallystick.codecs.document import Document, Row, digest, unreadable_in
from tallystick.codecs.retry_after import read_http_date
from tallystick.errors import InputError
from tallystick.ports import AbsenceReason
from tallystick.providers.dav import requests
from tallystick.providers.dav.faults import FORBIDDEN, GONE, NOT_FOUND, check
from tallystick.providers.dav.kinds import DavKind
from tallystick.providers.dav.multistatus import OK, Resource, read_multistatus
from tallystick.providers.dav.names import id_of, url_of
from tallystick.providers.http.body import TooLarge
from tallystick.providers.http.exchange import Exchange

R = TypeVar("R")
AT_ONCE: Final = 50
"""How many records are asked for in one request; a photo may make one of them a megabyte."""


@attrs.frozen(repr=False)
class Held(Generic[R]):
    """A record as the service holds it: a row with the service's id and version, and the document that it is in.

    ``own`` is the row as the document has it, under the UID that is in it.
    """

    row: Row[R]
    document: Document[R]
    own: Row[R]


Fetched = Held[R] | AbsenceReason


@attrs.frozen(repr=False)
class Reader(Generic[R]):
    """Reads the records of one collection, by the address of the collection and the kind of record."""

    url: str
    kind: DavKind[R]

    def fetch(self, ids: Sequence[str]) -> Exchange[dict[str, Fetched[R]]]:
        """Return what each id is now."""
        found: dict[str, Fetched[R]] = {}
        waiting = [ids[at : at + AT_ONCE] for at in range(0, len(ids), AT_ONCE)]
        while waiting:
            asked = waiting.pop()
            try:
                found.update((yield from self._many(asked)))
            except TooLarge:
                if len(asked) == 1:
                    found[asked[0]] = AbsenceReason.NO_ACCESS
                else:
                    half = len(asked) // 2
                    waiting += [asked[:half], asked[half:]]
        return found

    def _many(self, ids: Sequence[str]) -> Exchange[dict[str, Fetched[R]]]:
        answer = yield requests.multiget(self.url, self.kind, ids)
        check(answer)
        wanted, found = set(ids), {}
        for resource in read_multistatus(answer).resources:
            id_ = id_of(resource.href, self.url, self.kind.suffix)
            fetched = self._fetched(id_, resource) if id_ in wanted else None
            if fetched is not None:
                found[id_] = fetched
        for id_ in ids:
            if id_ not in found:  # some services leave out what they have not
                found[id_] = yield from self._one(id_)
        return found

    def _one(self, id_: str) -> Exchange[Fetched[R]]:
        answer = yield requests.get(url_of(id_, self.url, self.kind.suffix))
        if answer.status in {NOT_FOUND, GONE}:
            return AbsenceReason.DELETED
        if answer.status == FORBIDDEN or 300 <= answer.status < 400:  # noqa: PLR2004 -- the class of redirects
            return AbsenceReason.NO_ACCESS
        check(answer)
        return self._read(id_, answer.headers.get("etag", ""), answer.headers.get("last-modified"), answer.content)

    def _fetched(self, id_: str, resource: Resource) -> Fetched[R] | None:
        """Return what an answer says of a record; None where it does not say it."""
        if resource.status in {NOT_FOUND, GONE}:
            return AbsenceReason.DELETED
        if resource.status == FORBIDDEN:
            return AbsenceReason.NO_ACCESS
        data = resource.properties.get(self.kind.data)
        if resource.status != OK or data is None:
            return None
        text = data.text.replace("\r\n", "\n").replace("\n", "\r\n").encode("utf-8", "surrogatepass")
        return self._read(id_, resource.said(requests.ETAG), resource.said(requests.MODIFIED), text)

    def _read(self, id_: str, etag: str, modified: str | None, data: bytes) -> Fetched[R]:
        try:
            document = self.kind.codec.decode(data.strip() + b"\r\n", "record")
        except InputError:
            return AbsenceReason.NO_ACCESS
        unreadable = unreadable_in(document)
        if unreadable or len(document.rows) != 1:
            return AbsenceReason.NO_ACCESS if unreadable or document.rows else AbsenceReason.DELETED
        own = document.rows[0]
        version = etag or f"~{digest(data.decode('utf-8', 'replace'))}"
        # The text is the document's; a picture of many records does without it.
        at = read_http_date(modified) or own.modified
        row = attrs.evolve(own, id=id_, version=version, modified=at, text="")
        return Held(row, document, own)


def is_strong(version: str | None) -> bool:
    """Tell whether a version is one that the service compares before it writes; weak ones are equal to none there."""
    return version is not None and not version.startswith(("W/", "~"))
