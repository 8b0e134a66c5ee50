"""Provide the view: a mailbox's messages as letters, which the engine syncs like the records of any provider.

Read-only, but for drafts of what the CRM wrote. A letter's id is that of its message, whichever folders and mailboxes
its copies lie in. Listed are the letters that are saved, page by page, so that whatever is not is held no longer than
its page. A message that went is never called deleted: it is out of sight, what was saved of it stays, and its link is
the ledger's entry.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Final, Protocol, cast

import attrs

from tallystick.errors import ProviderError, UnknownRecord, UsageError
from tallystick.mail.attachments import streamed
from tallystick.mail.chain import Action, Answer, Verdict
from tallystick.mail.cursor import MailCursor
from tallystick.mail.identity import key_and_part, letter_id, message_key, search_term
from tallystick.mail.judging import Judging
from tallystick.mail.ledger import Ledger
from tallystick.mail.letter import Letter
from tallystick.mail.outgoing import Sender, Sending, completed, draft_of, is_begun, send_drafts
from tallystick.mail.people import People
from tallystick.mail.reading import letters
from tallystick.mail.selection import Selection
from tallystick.ports import (
    Absence,
    AbsenceReason,
    Capabilities,
    Create,
    Found,
    Item,
    Outcome,
    Page,
    Provider,
    Remove,
    Scope,
    Status,
    Term,
    Update,
)
from tallystick.records import DRAFTS, Attachment, Message
from tallystick.sync.attributing import attributing
from tallystick.sync.checking import require_told
from tallystick.sync.replies import found_of, items_of, outcomes_of, page_of

READ_ONLY: Final = "read_only"
_BLANK: Final = Message()


class Reader(Protocol):
    """A mailbox whose attachments are read in pieces."""

    def read_attachment(self, id_: str, attachment: str) -> Iterable[bytes]:
        """Return the bytes of a message's attachment, piece by piece."""
        ...


@attrs.frozen
class _Copy:
    """One copy of a message: the number of its mailbox, its item there, and what was decided about it."""

    mailbox: int
    item: Item[Message]
    answer: Answer


class MailView:
    """The letters of one or more mailboxes of a user. The first of them is the one that sends.

    ``people`` looks up addresses, ``ledger`` knows what was saved; both are asked where the selection wants it.
    ``excluded`` counts, by reason, the messages that the latest listing did not show.
    """

    def __init__(
        self,
        mailboxes: Sequence[Provider[Message]],
        selection: Selection,
        *,
        people: People | None = None,
        ledger: Ledger | None = None,
    ) -> None:
        if not mailboxes:
            raise UsageError("a view of no mailbox", remedy="pass one at least")
        self.excluded: Counter[str] = Counter()
        self._mailboxes = tuple(mailboxes)
        self._selection = selection
        self._judging = Judging(selection, people, ledger, self.copies)
        self._ledger = ledger
        self._unmarked: dict[str, list[tuple[int, str]]] = {}

    @property
    def account(self) -> str:
        """The accounts of all mailboxes."""
        accounts = [each.account for each in self._mailboxes]
        self._require_told("account", accounts, str)
        return "+".join(accounts)

    @property
    def capabilities(self) -> Capabilities:
        """Those of the mailboxes; letters keep their ids, and join no list."""
        able = [each.capabilities for each in self._mailboxes]
        self._require_told("capabilities", able, Capabilities)
        return attrs.evolve(
            able[0],
            delta=all(each.delta for each in able) and not self._selection.looks_again,
            token_in_listings=False,
            visibility_lag=max(each.visibility_lag for each in able),
            stable_ids=True,
            read_size=min(each.read_size for each in able),
            scopes=False,
            record_url="",
        )

    def _require_told(self, name: str, told: Sequence[object], kind: type) -> None:
        for number, (mailbox, value) in enumerate(zip(self._mailboxes, told, strict=True), 1):
            require_told(mailbox, name, value, kind, f"mailbox {number}")

    def scopes(self) -> Sequence[str]:
        """Return nothing: what is saved the selection says."""
        return ()

    # --- reading -----------------------------------------------------------------------------------------------------

    def changes(self, cursor: str | None, scope: Scope) -> Page[Letter]:
        """Return the letters of one page of a mailbox."""
        many = len(self._mailboxes)
        position = MailCursor.beginning(many) if cursor is None else MailCursor.read(cursor, many)
        if position == MailCursor.beginning(many) or not (position.taken or position.at):
            self._begin()
        page = self._mailboxes[position.at].changes(position.cursors[position.at], _raw(scope))
        page_of(page, ("mailbox", "changes"))
        with _reading("changes", page.items):
            shown = self._listed(position.at, page.items, scope)
        messages = sum(item.record.part == 1 for item in shown)
        after = position.after(page.cursor, complete=page.complete, taken=messages)
        complete = page.complete and after.at == 0
        most = self._selection.most_per_run
        if most is not None and after.taken >= most and self.capabilities.delta:
            complete = True  # the next run goes on from here
        if complete:
            after = attrs.evolve(after, taken=0)
        return Page(shown, after.written(), complete=complete)

    def get(self, ids: Sequence[str], scope: Scope) -> Sequence[Found[Letter]]:
        """Return what each letter is now; one whose message is in no mailbox is out of sight, and never deleted."""
        parsed = [(one, *key_and_part(one)) for one in ids]
        copies = self.copies(dict.fromkeys(key for _, key, _ in parsed))
        with _reading("search", [item for _, item in copies]):
            found = self._best(copies, scope)
            letters_found = [self._letter(found[key], part) if key in found else None for _, key, part in parsed]
        return [item or _unseen(one) for item, one in zip(letters_found, ids, strict=True)]

    def search(self, terms: Sequence[Term], scope: Scope) -> Sequence[Item[Letter]]:
        """Return the letters made with a token, drafts too, or whose message has an id."""
        result: dict[str, Item[Letter]] = {}
        for at, mailbox in enumerate(self._mailboxes):
            items = mailbox.search(terms, Scope())
            items_of(items, ("mailbox", "search"))
            tokens = {item.id: item.token for item in items}
            with _reading("search", items):
                for copy in self._copies(at, items, scope):
                    shown = self._letters(copy)
                    result.update((item.id, attrs.evolve(item, token=tokens[copy.item.id])) for item in shown)
        return list(result.values())

    def verdict(self, message_id: str, scope: Scope = Scope()) -> Verdict:  # noqa: B008 -- a frozen value
        """Return what the selection says of a message, by its message id. Raises UnknownRecord where there is none."""
        key, _ = key_and_part(message_id)
        copies = self.copies([key])
        with _reading("search", [item for _, item in copies]):
            found = self._best(copies, scope)
            if key not in found:
                raise UnknownRecord("there is no such message", where="mailbox", remedy="look its message id up")
            return self._judging.explained(found[key].item.record, scope.window)

    def open_attachment(self, attachment: Attachment) -> Iterator[bytes]:
        """Yield the bytes of a letter's attachment in pieces. Raises UnknownRecord where its message is gone."""
        for copy_at, item in self.copies([attachment.source]):
            mailbox = self._mailboxes[copy_at]
            if any(one.id == attachment.id for one in item.record.attachments) and hasattr(mailbox, "read_attachment"):
                reader = cast("Reader", mailbox)
                yield from streamed(reader.read_attachment(item.id, attachment.id), attachment.size)
                return
        raise UnknownRecord("the attachment is in no mailbox any more", where="attachment")

    # --- what goes out -----------------------------------------------------------------------------------------------

    def create(self, batch: Sequence[Create[Letter]], scope: Scope) -> Sequence[Outcome[Letter]]:
        """Make drafts of what the CRM wrote, in the first mailbox. They go to nobody before :meth:`send_drafts`."""
        drafts = [
            Create(write.token, draft_of(write.record, self._selection.attachments), member=True) for write in batch
        ]
        outcomes = self._mailboxes[0].create(drafts, Scope())
        outcomes_of(outcomes, len(drafts), ("mailbox", "create"), drafts)
        with _reading("create", [one.item for one in outcomes if one.item is not None]):
            return [self._made(outcome, write, scope) for outcome, write in zip(outcomes, batch, strict=True)]

    def update(self, batch: Sequence[Update], scope: Scope) -> Sequence[Outcome[Letter]]:  # noqa: ARG002 -- the protocol's
        """Refuse: messages are not changed."""
        return [Outcome(Status.REFUSED, code=READ_ONLY) for _ in batch]

    def remove(self, batch: Sequence[Remove], scope: Scope) -> Sequence[Outcome[Letter]]:  # noqa: ARG002 -- the protocol's
        """Refuse: messages are not deleted."""
        return [Outcome(Status.REFUSED, code=READ_ONLY) for _ in batch]

    def send_drafts(self) -> Sending:
        """Send the drafts that were made for the CRM, and nobody else's; nothing of before the selection's moment."""
        since, mailbox = self._selection.sends_since, self._mailboxes[0]
        if since is None:
            return Sending()
        try:
            found = mailbox.search([Term("folder", DRAFTS)], Scope())
            items_of(found, ("mailbox", "search"))
            with _reading("search", found):
                drafts = {message_key(item.record): item for item in found if item.record.is_draft}
            ours = self._ledger.known(drafts) if self._ledger and drafts else frozenset[str]()
            saved = self._ledger.saved(ours) if self._ledger and ours else {}
        except ProviderError as error:
            return Sending(note=str(error))  # the run itself is done, and its report worth more than this error
        if ours and not hasattr(mailbox, "send"):
            raise UsageError("this mailbox can't send", remedy="give its provider send(ids)")
        due = {key: one for key, one in saved.items() if one.at and one.at.utc >= since}
        begun = {key for key in ours if is_begun(drafts[key])}
        limits, sender = self._selection.attachments, cast("Sender", mailbox)
        whole = {key: completed(sender, drafts[key], one, limits) for key, one in due.items() if key not in begun}
        ready = {key: one.item for key, one in whole.items() if one.status is Status.DONE and one.item is not None}
        refused = {key: one.code for key, one in whole.items() if one.status is Status.REFUSED}
        left = (ours - due.keys() - begun) | refused.keys()
        sending = send_drafts(
            sender, [(key, ready.get(key, drafts[key])) for key in drafts if key in begun | ready.keys()]
        )
        later = [key for key in drafts if key in whole and key not in left and key not in ready]
        return attrs.evolve(
            sending,
            waiting=(*sending.waiting, *later),
            left=tuple(key for key in drafts if key in left or key in sending.left),
            reasons={**sending.reasons, **{key: code for key, code in refused.items() if code}},
        )

    def mark_saved(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Give the saved messages of the latest listing the selection's category; return keys: marked, and failed.

        A message that can't be marked is saved all the same, and marked by a later run. Raises OutcomeUnknown for an
        answer of the mailbox that is not one outcome.
        """
        marked: list[str] = []
        failed: list[str] = []
        known = self._ledger.known(self._unmarked) if self._ledger else frozenset[str]()
        for key in [one for one in self._unmarked if one in known]:
            done = [self._mark(at, id_) for at, id_ in self._unmarked.pop(key)]
            (marked if all(done) else failed).append(key)
        return tuple(marked), tuple(failed)

    # --- between the two ---------------------------------------------------------------------------------------------

    def copies(self, keys: Iterable[str]) -> list[tuple[int, Item[Message]]]:
        """Return every copy of these messages, with the number of its mailbox."""
        wanted = list(keys)
        terms = {term: None for key in wanted if (term := search_term(key))}
        asked, allowed = list(terms), set(wanted)
        found = []
        for at, mailbox in enumerate(self._mailboxes):
            size = mailbox.capabilities.read_size
            for start in range(0, len(asked), size):
                hits = mailbox.search(asked[start : start + size], Scope())
                items_of(hits, ("mailbox", "search"))
                with _reading("search", hits):
                    found += [(at, item) for item in hits if message_key(item.record) in allowed]
        return found

    def _begin(self) -> None:
        self.excluded.clear()
        self._unmarked.clear()
        self._judging.begin()

    def _copies(self, at: int, items: Sequence[Item[Message]], scope: Scope) -> list[_Copy]:
        answers = self._judging.answers([item.record for item in items], scope.window)
        return [_Copy(at, item, answer) for item, answer in zip(items, answers, strict=True)]

    def _listed(self, at: int, items: Sequence[Item[Message]], scope: Scope) -> list[Item[Letter]]:
        """Return the letters of a page that are shown, and count the others."""
        shown: dict[str, Item[Letter]] = {}
        answers = self._judging.answers([item.record for item in items], scope.window)
        known = self._known(items)
        excluded: list[str] = []
        for item, answer in zip(items, answers, strict=True):
            saves = answer.action is Action.SAVE
            if not saves and not (known and message_key(item.record) in known):
                excluded.append(answer.reason)
                continue
            copy = _Copy(at, item, answer)
            self._note_unmarked(message_key(item.record), copy)
            shown.update((one.id, one) for one in self._letters(copy) if saves or one.id not in shown)
        self.excluded.update(excluded)
        return list(shown.values())

    def _known(self, items: Sequence[Item[Message]]) -> frozenset[str]:
        """Return the keys of what is in the ledger, where every run lists everything: nobody has to look for it."""
        if not self._selection.looks_again or self._ledger is None:
            return frozenset()
        return self._ledger.known(message_key(item.record) for item in items)

    def _note_unmarked(self, key: str, copy: _Copy) -> None:
        mark = self._selection.mark
        if mark is not None and mark not in copy.item.record.categories:
            self._unmarked.setdefault(key, []).append((copy.mailbox, copy.item.id))

    def _mark(self, at: int, id_: str) -> bool:
        mailbox = self._mailboxes[at]
        try:
            shown = mailbox.get([id_], Scope())
            found_of(shown, [id_], ("mailbox", "get"))
            found, *_ = shown
            if not isinstance(found, Item):
                return False
            with _reading("get", [found]):
                categories = (*found.record.categories, self._selection.mark)
            answer = mailbox.update([Update(id_, found.version, {"categories": categories})], Scope())
        except ProviderError:
            return False
        outcomes_of(answer, 1, ("mailbox", "update"))
        return answer[0].status is Status.DONE

    def _best(self, found: Sequence[tuple[int, Item[Message]]], scope: Scope) -> dict[str, _Copy]:
        """Return the copy of each message that stands for it: one that is saved, if there is any."""
        best: dict[str, _Copy] = {}
        for at in range(len(self._mailboxes)):
            for copy in self._copies(at, [item for where, item in found if where == at], scope):
                key = message_key(copy.item.record)
                if key not in best or (copy.answer.saves and not best[key].answer.saves):
                    best[key] = copy
        return best

    def _letters(self, copy: _Copy) -> list[Item[Letter]]:
        item, key = copy.item, message_key(copy.item.record)
        version = None if item.version is None else f"{copy.mailbox}:{item.id}:{item.version}"
        return [
            Item(letter_id(key, one.part), version, one, modified=item.modified)
            for one in letters(item.record, copy.answer, self._selection)
        ]

    def _letter(self, copy: _Copy, part: int) -> Item[Letter] | None:
        return next((item for item in self._letters(copy) if item.record.part == part), None)

    def _made(self, outcome: Outcome[Message], write: Create[Letter], scope: Scope) -> Outcome[Letter]:
        if outcome.item is None:
            return Outcome(outcome.status, code=outcome.code, retry_after=outcome.retry_after)
        (copy,) = self._copies(0, [outcome.item], scope)
        made, written = self._letters(copy)[0], write.record
        # A draft is shown without its body, which is what was given: a service may spell it in its own way.
        files = outcome.item.record.attachments
        letter = attrs.evolve(made.record, body=written.body, html=written.html, attachments=files)
        return Outcome(outcome.status, attrs.evolve(made, record=letter, token=write.token))


def _reading(method: str, items: Sequence[Item[Message]]) -> AbstractContextManager[None]:
    """Return what names the message of a mailbox's answer that can't be read, and why."""
    return attributing(("mailbox", method), items, _BLANK)


def _raw(scope: Scope) -> Scope:
    return Scope(window=scope.window)


def _unseen(id_: str) -> Absence:
    return Absence(id_, AbsenceReason.OUT_OF_WINDOW)
