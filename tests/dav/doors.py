"""The user of a server, at a program of their own: cards and calendars written by hand, past the provider."""

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Generic, TypeVar
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import attrs
import httpx

from tallystick.providers.dav import DavKind
from tests.dav.servers import Server

R = TypeVar("R")
_NUMBERS = count(1)


class Door(Generic[R]):
    """A collection as its own user sees it; ``written`` makes the text of a record, by the lists that it is on."""

    def __init__(self, server: Server, url: str, kind: DavKind[R], name: str) -> None:
        self.server, self.url, self.kind, self.name = server, url, kind, name
        self.client: httpx.Client = server.client()

    def insert(self, record: R, *, member: bool) -> str:
        """Put a record under a name of its own."""
        id_ = f"by-hand-{next(_NUMBERS)}"
        document = self.kind.codec.blank()
        row = document.fresh(id_, record, (self.name,) if member else ())
        self._put(id_, document.encode([row]))
        return id_

    def edit(self, id: str, fields: Mapping[str, object]) -> None:  # noqa: A002 -- the word of the ports
        """Change a record."""
        self._changed(id, fields, None)

    def delete(self, id: str) -> None:  # noqa: A002 -- the word of the ports
        """Delete a record."""
        self.client.delete(self._at(id)).raise_for_status()

    def move(self, id: str, *, member: bool) -> None:  # noqa: A002 -- the word of the ports
        """Put a record on the list, or take it off."""
        self._changed(id, {}, (self.name,) if member else ())

    def record(self, id: str) -> R:  # noqa: A002 -- the word of the ports
        """Return a record as it is now."""
        (row,) = self.kind.codec.decode(self.text(id), "hand").rows
        return row.record

    def text(self, id_: str) -> bytes:
        """Return a record's text."""
        return self.client.get(self._at(id_)).raise_for_status().content

    def ids(self) -> Sequence[str]:
        """Return the ids of all records there are."""
        answer = self.client.request("PROPFIND", self.url, headers={"Depth": "1"}).raise_for_status()
        hrefs = [unquote(each.text or "") for each in ET.fromstring(answer.content).iter("{DAV:}href")]  # noqa: S314
        names = [href.rpartition("/")[2] for href in hrefs]
        return [name.removesuffix(self.kind.suffix) for name in names if name.endswith(self.kind.suffix)]

    def expire_cursors(self) -> bool:
        """Put the collection back from a backup: what is in it is the same, and its history is gone."""
        texts = {id_: self.text(id_) for id_ in self.ids()}
        self.client.delete(self.url).raise_for_status()
        self.server.make(self.url, calendar=bool(self.kind.component))
        for id_, text in {"put-back": next(iter(texts.values())).replace(b"by-hand", b"put-back"), **texts}.items():
            self._put(id_, text)
        return True

    def put_text(self, id_: str, text: str) -> None:
        """Put a text as it is."""
        self._put(id_, text.replace("\n", "\r\n").encode())

    def _changed(self, id_: str, fields: Mapping[str, object], lists: Sequence[str] | None) -> None:
        document = self.kind.codec.decode(self.text(id_), "hand")
        (row,) = document.rows
        record = attrs.evolve(row.record, **fields)  # type: ignore[misc]
        wanted = row.lists if lists is None else tuple(lists)
        self._put(id_, document.encode([document.amend(row, self.kind.codec.shape.listed(record, wanted), wanted)]))

    def _put(self, id_: str, content: bytes) -> None:
        headers = {"Content-Type": self.kind.content_type}
        self.client.put(self._at(id_), content=content, headers=headers).raise_for_status()

    def _at(self, id_: str) -> str:
        return f"{self.url}{id_}{self.kind.suffix}"
