"""Provide messages in files as a mailbox: a folder of ``.eml`` files, one such file, or an ``.mbox``.

It is read only. A message is known by its file and place in it; where a file lies says which folder it is in. Messages
are read one by one, and a page at a time. What cannot be read as a message is left out, and named in ``unreadable``.
"""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Final, TypeVar

import attrs

from tallystick.codecs.eml import MOST_BYTES, attached_bytes, mbox_spans, read_message, unquoted
from tallystick.errors import CursorExpired, InputError, UnknownRecord
from tallystick.ports import (
    Absence,
    AbsenceReason,
    Capabilities,
    Create,
    CreateSafety,
    Found,
    Item,
    Outcome,
    Page,
    Remove,
    Scope,
    Status,
    Term,
    Update,
)
from tallystick.providers.files.disk import LARGEST_FILE, is_folder, read_file, resolved
from tallystick.records import ARCHIVE, DELETED_ITEMS, DRAFTS, INBOX, JUNK_EMAIL, SENT_ITEMS, Message
from tallystick.text import fold

W = TypeVar("W")
PAGE: Final = 100
_FOLDERS: Final = {
    **dict.fromkeys(("inbox", ""), INBOX),
    **dict.fromkeys(("sent", "sent items", "sent messages", "sentitems"), SENT_ITEMS),
    **dict.fromkeys(("drafts", "draft"), DRAFTS),
    **dict.fromkeys(("deleted items", "deleteditems", "trash", "bin"), DELETED_ITEMS),
    **dict.fromkeys(("junk", "junk email", "junkemail", "spam"), JUNK_EMAIL),
    **dict.fromkeys(("archive", "archives"), ARCHIVE),
}


@attrs.frozen
class _Place:
    """Where a message lies: a file, and in a mailbox of many the span of its bytes."""

    id: str
    path: Path
    folder: str
    span: tuple[int, int] | None = None


class MailFiles:
    """The messages of a folder or file. Raises InputError where there is none, or it is of another kind."""

    def __init__(self, path: str | Path) -> None:
        self.path: Path = resolved(path)
        self.unreadable: set[str] = set()
        self._places = {place.id: place for place in _places(self.path, str(path))}
        self._order = list(self._places)
        self._found: dict[str, dict[str, list[str]]] | None = None

    @property
    def account(self) -> str:
        """The name of the folder or file."""
        return self.path.name

    @property
    def capabilities(self) -> Capabilities:
        """No deltas, and nothing can be written."""
        return Capabilities(delta=False, create_safety=CreateSafety.NATURAL_KEY, stable_ids=False, scopes=False)

    def scopes(self) -> Sequence[str]:
        """Return nothing."""
        return ()

    def changes(self, cursor: str | None, scope: Scope) -> Page[Message]:
        """Return one page of the messages; a window is left to whoever asks."""
        del scope
        if cursor is not None and not cursor.isdecimal():
            raise CursorExpired("files keep no record of their changes", where=self.account, remedy="list them in full")
        start = int(cursor or 0)
        items = [item for one in self._order[start : start + PAGE] if (item := self._item(one))]
        end = start + PAGE
        return Page(items, str(end), complete=end >= len(self._order))

    def get(self, ids: Sequence[str], scope: Scope) -> Sequence[Found[Message]]:
        """Return what each id is now."""
        del scope
        return [self._item(one) or Absence(one, AbsenceReason.DELETED) for one in ids]

    def search(self, terms: Sequence[Term], scope: Scope) -> Sequence[Item[Message]]:
        """Return the messages with a message id, a time of sending, or a folder."""
        del scope
        index = self._index()
        ids = dict.fromkeys(one for term in terms for one in index.get(term.field, {}).get(term.value, ()))
        return [item for one in ids if (item := self._item(one))]

    def create(self, batch: Sequence[Create[Message]], scope: Scope) -> Sequence[Outcome[Message]]:
        """Refuse."""
        del scope
        return _refused(batch)

    def update(self, batch: Sequence[Update], scope: Scope) -> Sequence[Outcome[Message]]:
        """Refuse."""
        del scope
        return _refused(batch)

    def remove(self, batch: Sequence[Remove], scope: Scope) -> Sequence[Outcome[Message]]:
        """Refuse."""
        del scope
        return _refused(batch)

    def read_attachment(self, id_: str, attachment: str) -> Iterator[bytes]:
        """Yield the bytes of an attachment. Raises UnknownRecord where it is gone."""
        if id_ not in self._places:
            raise UnknownRecord("there is no such message", where=id_)
        yield attached_bytes(self._bytes(self._places[id_]), attachment, id_)

    def _item(self, id_: str) -> Item[Message] | None:
        place = self._places.get(id_)
        if place is None:
            return None
        try:
            data = self._bytes(place)
            message = read_message(data, folder=place.folder, where=id_)
        except InputError:
            self.unreadable.add(id_)
            return None
        return Item(id_, blake2b(data, digest_size=10).hexdigest(), message)

    def _bytes(self, place: _Place) -> bytes:
        if place.span is None:
            return read_file(place.path, MOST_BYTES)[0]
        start, end = place.span
        try:
            with place.path.open("rb") as file:
                file.seek(start)
                return unquoted(file.read(end - start))
        except OSError as error:
            what = f"the mailbox cannot be read ({error.strerror})"
            raise InputError(what, where=place.id, remedy="check that it is still there") from None

    def _index(self) -> dict[str, dict[str, list[str]]]:
        """Return the ids of messages by what they are searched by; read from all of them, once."""
        if self._found is None:
            found: dict[str, dict[str, list[str]]] = {"message_id": {}, "sent": {}, "folder": {}}
            for one in self._order:
                if (item := self._item(one)) is None:
                    continue
                message = item.record
                sent = message.sent.utc.isoformat() if message.sent else ""
                values = (("message_id", message.message_id), ("sent", sent), ("folder", message.folder))
                for field, value in values:
                    found[field].setdefault(value, []).append(one)
            self._found = found
        return self._found


def _places(path: Path, name: str) -> Iterator[_Place]:
    """Yield where the messages of a folder or file lie, in the order of their names."""
    if is_folder(path):
        files = sorted(one for one in path.rglob("*") if one.suffix.lower() in (".eml", ".mbox") and one.is_file())
        for file in files:
            folder = file.parent.relative_to(path).name if file.suffix.lower() == ".eml" else file.stem
            yield from _in_file(file, file.relative_to(path).as_posix(), folder)
    elif path.suffix.lower() in (".eml", ".mbox"):
        yield from _in_file(path, path.name, "" if path.suffix.lower() == ".eml" else path.stem)
    else:
        remedy = "give a folder of .eml files, or a file whose name ends in .eml or .mbox"
        raise InputError("no messages are there", where=name, remedy=remedy)


def _in_file(path: Path, name: str, folder: str) -> Iterator[_Place]:
    known = _FOLDERS.get(fold(folder), folder)
    if path.suffix.lower() == ".eml":
        yield _Place(name, path, known)
        return
    data, _ = read_file(path, LARGEST_FILE)
    for number, span in enumerate(mbox_spans(data), 1):
        yield _Place(f"{name}#{number}", path, known, span)


def _refused(batch: Iterable[W]) -> list[Outcome[Message]]:
    return [Outcome(Status.REFUSED, code="read_only") for _ in batch]
