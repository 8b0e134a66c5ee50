"""Provide a file as one side of a sync.

What an engine has to know of it:

* A file is read when it is opened, and again whenever it was written since; each batch of writes rewrites it once.
* Scopes are the categories or lists that its rows name. Without a name the scope is the whole file: every row is a
  member, and joining or leaving it is answered as done and changes nothing.
* A row is created under its token as its id, and a repeat finds the first (:attr:`CreateSafety.UNIQUE_KEY`).
* Rows without an id get one from names and addresses; the first rewrite stores every row's id in the file, and from
  then on names and addresses may change. Until then a row whose names or addresses change becomes another row.
* A version is a digest of the row's content, so every write rests on what was read.
* Before its first rewrite, a provider keeps the file as ``NAME.bak``; an older backup with other content stays, and
  the new one becomes ``NAME.bak.1``, and so on.
* A process that is killed while it writes leaves the file as it was, and ``.NAME.….tmp`` beside it, which a rewrite
  an hour later or more removes.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Generic, NoReturn, TypeVar, final

import attrs

from tallystick.codecs.document import Codec, Document, LeavesOut, Row, unreadable_in
from tallystick.errors import CursorExpired, InputError, Unavailable
from tallystick.ports import (
    Absence,
    AbsenceReason,
    Capabilities,
    Clock,
    Create,
    CreateSafety,
    Found,
    Item,
    Outcome,
    Page,
    Remove,
    Scope,
    Term,
    Update,
)
from tallystick.ports.clock import instant_of
from tallystick.providers.files.disk import LARGEST_FILE, Stamp, back_up, read_file, replace_file, resolved, stamp
from tallystick.providers.files.draft import Draft, as_item, listed, refuse_window
from tallystick.providers.files.index import Index

R = TypeVar("R")
_BATCH = 100_000
_TRIES = 3


@attrs.frozen
class _Loaded(Generic[R]):
    """The file as it was last read or written."""

    document: Document[R]
    rows: dict[str, Row[R]]
    stamp: Stamp
    digest: bytes
    unreadable: frozenset[str]
    index: Index[R]


@final
class FileProvider(Generic[R]):
    """The records of one file, read and written through a codec.

    Args:
        path: The file; a symbolic link is followed, so that what it points to is rewritten and not the link.
        codec: The format and the kind of record.
        clock: Gives the time that the column Modified gets in rows that are written; without one it is left alone.
        max_bytes: The most bytes that the file may have.
    """

    def __init__(
        self, path: str | Path, codec: Codec[R], *, clock: Clock | None = None, max_bytes: int = LARGEST_FILE
    ) -> None:
        self.path: Path = resolved(path)
        self.backup: Path | None = None
        self._name = str(path)
        self._codec = codec
        self._clock = clock
        self._max_bytes = max_bytes
        data, mark = read_file(self.path, max_bytes)
        self._loaded = self._decoded(data, mark)
        self._capabilities = Capabilities(
            delta=False,
            create_safety=CreateSafety.UNIQUE_KEY,
            token_in_listings=True,
            request_timeout=timedelta(0),
            stable_ids=all(row.stored for row in self._loaded.rows.values()),
            batch_size=_BATCH,
            read_size=_BATCH,
        )

    def __repr__(self) -> str:
        return f"<FileProvider {self._name!r}, {len(self._loaded.rows)} records>"

    @property
    def account(self) -> str:
        """The file's name without its folder, so that a folder may be moved."""
        return self.path.name

    @property
    def capabilities(self) -> Capabilities:
        """No deltas, versions that are checked, and creates that are safe to repeat."""
        return self._capabilities

    @property
    def encoding(self) -> str:
        """The encoding that the file was read with, and is written with."""
        return self._loaded.document.charset.name

    @property
    def left_out(self) -> Mapping[str, Sequence[str]]:
        """What rows say that no record can, by id: names of properties. It stays in the file, and is not synced."""
        document = self._loaded.document
        return document.left_out if isinstance(document, LeavesOut) else {}

    @property
    def unreadable(self) -> Sequence[str]:
        """The ids of what the file holds and no record can be made of. It stays in the file, and is not synced."""
        return sorted(self._loaded.unreadable)

    # --- reading -----------------------------------------------------------------------------------------------------

    def scopes(self) -> Sequence[str]:
        """Return every category or list that a row names, in alphabetical order."""
        return sorted({name for row in self._fresh().rows.values() for name in row.lists})

    def changes(self, cursor: str | None, scope: Scope) -> Page[R]:
        """Return all members of the scope on one page; a file remembers no changes, so there are no cursors."""
        refuse_window(self._codec.shape, scope, self._name)
        if cursor is not None:
            raise CursorExpired("a file keeps no record of its changes", where=self._name, remedy="list it in full")
        loaded = self._fresh()
        items = listed(loaded.rows.values(), self._codec.shape, scope)
        return Page(items, "", complete=True, unreadable=sorted(loaded.unreadable))

    def get(self, ids: Sequence[str], scope: Scope) -> Sequence[Found[R]]:
        """Return what each id is now."""
        loaded = self._fresh()
        return [
            as_item(loaded.rows[one], scope)
            if one in loaded.rows
            else Absence(one, AbsenceReason.NO_ACCESS if one in loaded.unreadable else AbsenceReason.DELETED)
            for one in ids
        ]

    def search(self, terms: Sequence[Term], scope: Scope) -> Sequence[Item[R]]:
        """Return every row that any of the terms fits: an email, a first_name, a last_name, or a token."""
        loaded = self._fresh()
        return [as_item(row, scope) for row in loaded.index.find(terms)]

    # --- writing -----------------------------------------------------------------------------------------------------

    def create(self, batch: Sequence[Create[R]], scope: Scope) -> Sequence[Outcome[R]]:
        """Create rows at the end of the file."""
        return self._write(lambda draft: [draft.create(write) for write in batch], scope)

    def update(self, batch: Sequence[Update], scope: Scope) -> Sequence[Outcome[R]]:
        """Change fields and membership of rows."""
        return self._write(lambda draft: [draft.update(write) for write in batch], scope)

    def remove(self, batch: Sequence[Remove], scope: Scope) -> Sequence[Outcome[R]]:
        """Take rows out of the file."""
        return self._write(lambda draft: [draft.remove(write) for write in batch], scope)

    def _write(self, judge: Callable[[Draft[R]], list[Outcome[R]]], scope: Scope) -> list[Outcome[R]]:
        refuse_window(self._codec.shape, scope, self._name)
        for _ in range(_TRIES):
            known = self._reread()
            loaded = self._loaded
            now = instant_of(self._clock.now()) if self._clock else None
            draft = Draft(loaded.document, self._codec.shape, loaded.rows, scope, now)
            outcomes = judge(draft)
            if not draft.changed or self._saved(loaded, draft, known):
                return outcomes
        remedy = "close the program that has it open; the next run tries again"
        raise Unavailable("the file is being written by another program", where=self._name, remedy=remedy)

    def _saved(self, loaded: _Loaded[R], draft: Draft[R], known: bytes) -> bool:
        data = loaded.document.encode(draft.rows.values())
        if len(data) > self._max_bytes:
            what = f"the file would have {len(data):,} bytes, and {self._max_bytes:,} are the most"
            raise Unavailable(what, where=self._name, remedy="split it, or allow more with max_bytes")
        self.backup = self.backup or back_up(self.path, known)
        mark = replace_file(self.path, data, known)
        if mark is None:
            return False
        # Rows keep the text that they were read with, and the document its header: what is written next is made
        # from those again, so there is no need to read what was just written.
        index = Index(self._codec.shape, draft.rows)
        self._loaded = _Loaded(loaded.document, draft.rows, mark, _digest(data), loaded.unreadable, index)
        return True

    # --- the file and what is known of it ----------------------------------------------------------------------------

    def _fresh(self) -> _Loaded[R]:
        """Return the content, read again if the file was written since."""
        try:
            if stamp(self.path) != self._loaded.stamp:
                self._reload()
        except InputError as error:
            self._give_up(error)
        return self._loaded

    def _reread(self) -> bytes:
        """Return the file's bytes, and see to it that what is loaded is what they say.

        A stamp is not enough before a write: a file can be written twice within one tick of its clock.
        """
        try:
            data, mark = read_file(self.path, self._max_bytes)
            if _digest(data) != self._loaded.digest:
                self._loaded = self._decoded(data, mark)
        except InputError as error:
            self._give_up(error)
        return data

    def _reload(self) -> None:
        data, mark = read_file(self.path, self._max_bytes)
        if _digest(data) == self._loaded.digest:
            self._loaded = attrs.evolve(self._loaded, stamp=mark)
        else:
            self._loaded = self._decoded(data, mark)

    def _decoded(self, data: bytes, mark: Stamp) -> _Loaded[R]:
        document = self._codec.decode(data, self._name)
        rows = {row.id: row for row in document.rows}
        return _Loaded(document, rows, mark, _digest(data), unreadable_in(document), Index(self._codec.shape, rows))

    def _give_up(self, error: InputError) -> NoReturn:
        """Say of a file that could be read once that it is out of order; the next run tries again."""
        raise Unavailable(error.what, where=error.where, remedy=error.remedy) from error


def _digest(data: bytes) -> bytes:
    return blake2b(data, digest_size=32).digest()
