"""Provide the messages of a mailbox, in all of its folders or some: members are those of a category.

=====================  ==========================================================================================
folders                those that every mailbox has are known by their names, whatever they are called in its language
drafts                 are what creates make; only they can be changed but for their categories
tokens, replies        a create's token, *In-Reply-To* and *References* are extended properties, see :mod:`~.tags`
attachments            are named with the message; a page of the feed has them read with those that have any
a file in the cloud    is a link, and no attachment of which there are bytes
a message in another   is passed on as the text that it was sent as, whose size is told as what it may be at most
sending                is by id, and of drafts alone: what is none is not sent a second time
=====================  ==========================================================================================

The feed is that of one folder, see :mod:`~.mail_feed`. Objects are found by id or term in every folder.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import quote

import attrs

from tallystick.codecs.graph import MESSAGES, outcome, read_item
from tallystick.codecs.graph.codec import Body
from tallystick.codecs.graph.messages import REFERENCES, REPLIED, SIZE
from tallystick.codecs.graph.values import Json, flag, number, objects, text
from tallystick.errors import OutcomeUnknown, ProviderError, SettingsError
from tallystick.ports import Capabilities, Create, CreateSafety, Item, Outcome, Scope, Status, Term, Update, Window
from tallystick.providers.graph.asks import Answer, Ask, Asking, ask_all, ask_one
from tallystick.providers.graph.kind import Done, Kind, Membership
from tallystick.providers.graph.reading import answered, is_gone, read_listings
from tallystick.providers.graph.tags import BY_TAG, TAG, Tags, tag_of
from tallystick.providers.graph.wire import Wire, fitting, quoted
from tallystick.records import ARCHIVE, DELETED_ITEMS, DRAFTS, INBOX, JUNK_EMAIL, SENT_ITEMS, Message
from tallystick.records.days import came_in

MAIL_CAPABILITIES: Final = Capabilities(
    create_safety=CreateSafety.SEARCHABLE_TAG, batch_size=20, read_size=20, notifies_people=True
)
WELL_KNOWN: Final = (INBOX, SENT_ITEMS, DRAFTS, DELETED_ITEMS, JUNK_EMAIL, ARCHIVE)
"""The folders that are known by name."""

_SELECTED: Final = (
    "createdDateTime,lastModifiedDateTime,changeKey,categories,subject,body,from,toRecipients,ccRecipients,"
    "bccRecipients,sentDateTime,receivedDateTime,internetMessageId,internetMessageHeaders,conversationId,"
    "conversationIndex,parentFolderId,isDraft,isRead,hasAttachments"
)
_KEPT: Final = quote(" or ".join(f"id eq '{one}'" for one in (TAG, SIZE, REPLIED, REFERENCES)), safe="")
_PROPERTIES: Final = f"$expand=singleValueExtendedProperties($filter={_KEPT})"
_EXPANDED: Final = f"{_PROPERTIES},attachments($select=id,name,contentType,size,isInline)"
_FILTERS: Final = {
    "message_id": "internetMessageId eq {}",
    "subject": "subject eq {}",
    Term.TOKEN: BY_TAG,
}
_SEARCHED: Final = (*_FILTERS, "sent", "folder")
_NO_FOLDER: Final = frozenset({"errorfoldernotfound", "erroritemnotfound"})
_ACCEPTED: Final = 202


@attrs.define
class MailKind(Kind[Message]):
    """Messages below ``base`` (``/me``); ``folder`` is the one whose feed is read, ``since`` leaves out what is older.

    ``names`` are the well-known names of folders by their ids, once they were asked for.
    """

    wire: Wire
    base: str
    folder: str = INBOX
    since: bool = False
    capabilities: Capabilities = MAIL_CAPABILITIES
    names: dict[str, str] = attrs.field(factory=dict)
    tags: Tags = attrs.field(factory=lambda: Tags("messages"))

    def learn_names(self) -> Asking[None]:
        """Ask once for the ids of the well-known folders; a mailbox may lack some."""
        if self.names:
            return
        answers = yield from ask_all([Ask("GET", f"{self.base}/mailFolders/{name}?$select=id") for name in WELL_KNOWN])
        for name, answer in zip(WELL_KNOWN, answers, strict=True):
            if answer.fault is None:
                self.names[text(answer.body, "id")] = name
            elif not {code.casefold() for code in answer.fault.codes} & _NO_FOLDER:
                answered(answer, listing=True)

    # --- reading -----------------------------------------------------------------------------------------------------

    def feed(self, scope: Scope) -> str:
        """Return the path of the folder's delta query."""
        older = f"&$filter={earliest(scope.window)}" if self.since and scope.window else ""
        return f"{self.base}/mailFolders/{quoted(self.folder)}/messages/delta?$select={_SELECTED}&{_PROPERTIES}{older}"

    def filled(self, rows: Sequence[Json], scope: Scope) -> Asking[tuple[Sequence[Item[Message]], Sequence[str]]]:
        """Return those rows as items that lie in the window, with their attachments."""
        window = scope.window
        shown = (self.item(row, scope, "") for row in rows)
        items = {item.id: item for item in shown if window is None or came_in(item.record, window)}
        asked = [id_ for row in rows if (id_ := text(row, "id")) in items and _has_files(row)]
        answers = yield from ask_all([self.reading(id_) for id_ in asked])
        for id_, answer in zip(asked, answers, strict=True):
            if is_gone(answer):
                del items[id_]
            else:
                items[id_] = self.item(answered(answer), scope, id_)
        return [*items.values()], [id_ for row in rows if (id_ := text(row, "id")) not in items]

    def path(self, id_: str) -> str:
        """Return the path of a message, whatever its folder."""
        return f"{self.base}/messages/{quoted(id_)}"

    def reading(self, id_: str) -> Ask:
        """Return the ask for a message."""
        return Ask("GET", f"{self.path(id_)}?$select={_SELECTED}&{_EXPANDED}")

    def bytes_path(self, id_: str, attachment: str) -> str:
        """Return the path of an attachment's bytes."""
        return f"{self.path(id_)}/attachments/{quoted(attachment)}/$value"

    def item(self, data: Json, scope: Scope, id_: str) -> Item[Message]:
        """Return a message as an item."""
        members = Membership(scope.name)
        shown = {**data, "attachments": _with_bytes(data)} if "attachments" in data else data
        found = read_item(MESSAGES, shown, member=lambda message: members.holds(message.categories), token=tag_of)
        record = attrs.evolve(found.record, folder=self.names.get(found.record.folder, found.record.folder))
        return attrs.evolve(found, id=id_ or found.id, record=record)

    def searching(self, terms: Sequence[Term], scope: Scope) -> Asking[Sequence[Item[Message]]]:
        """Return the messages of all folders that any of the terms fits."""
        paths = [path for term in terms if (path := self._found_by(term))]
        listings = yield from read_listings(self.wire, paths)
        return [self.item(row, scope, "") for rows in listings for row in rows]

    def _found_by(self, term: Term) -> str:
        """Return the path of what fits a term; an empty one where nothing can."""
        options = f"$select={_SELECTED}&{_EXPANDED}"
        if term.field == "folder":
            return f"{self.base}/mailFolders/{quoted(term.value)}/messages?{options}"
        if term.field == "sent":
            sent = _moment(term.value)
            return f"{self.base}/messages?$filter={quote(f'sentDateTime eq {sent}', safe='')}&{options}" if sent else ""
        if term.field not in _FILTERS:
            raise SettingsError("messages are not searched by this", where=term.field, remedy=", ".join(_SEARCHED))
        return f"{self.base}/messages?$filter={fitting(_FILTERS[term.field], term.value)}&{options}"

    # --- writing -----------------------------------------------------------------------------------------------------

    def home(self, scope: Scope) -> str:  # noqa: ARG002 -- the kind's
        """Return the path of all messages: what is made there is a draft."""
        self.tags.require(self.capabilities)
        return f"{self.base}/messages"

    def made(self, write: Create[Message], scope: Scope) -> Body:
        """Return the body of a create, with its tag and what it answers."""
        categories = Membership(scope.name).placed(write.record.categories, member=write.member)
        body = MESSAGES.create(attrs.evolve(write.record, categories=categories))
        kept = {TAG: write.token, REPLIED: write.record.in_reply_to, REFERENCES: " ".join(write.record.references)}
        properties = [{"id": key, "value": value} for key, value in kept.items() if value]
        return {**body, "singleValueExtendedProperties": properties}

    def patched(self, write: Update, present: Message | None, scope: Scope) -> Body:
        """Return the body of an update."""
        before = present or Message()
        return MESSAGES.patch(before, Membership(scope.name).written(write, before.categories))

    def settled(self, done: Sequence[Done], scope: Scope) -> Asking[Sequence[Item[Message] | None]]:
        """Return what stands there, read once more: the answer to a write lacks what has to be asked for."""
        kept = "singleValueExtendedProperties"
        items = [self.item({**one.answer, kept: one.sent.get(kept, [])}, scope, "") for one in done]
        return (yield from self.tags.read_again(self, items, range(len(items)), done, scope))

    # --- sending -----------------------------------------------------------------------------------------------------

    def send(self, ids: Sequence[str]) -> Asking[list[Outcome[Message]]]:
        """Send drafts, one after the other; GONE where there is no such draft, which was sent or deleted."""
        outcomes: list[Outcome[Message]] = []
        for id_ in ids:
            try:
                one = yield from self._sent(id_)
            except ProviderError:
                if not outcomes:
                    raise
                one = Outcome(Status.THROTTLED)  # some may be sent by now, which raising would hide
            outcomes.append(one)
        return outcomes

    def _sent(self, id_: str) -> Asking[Outcome[Message]]:
        seen = yield from ask_one(Ask("GET", f"{self.path(id_)}?$select=isDraft"))
        if is_gone(seen) or (seen.fault is None and not flag(seen.body, "isDraft")):
            return Outcome(Status.GONE)
        answered(seen)
        try:
            answer = yield from ask_one(Ask("POST", f"{self.path(id_)}/send"))
        except OutcomeUnknown:
            return Outcome(Status.UNKNOWN)
        return _sending(answer)


def earliest(window: Window) -> str:
    """Return a filter by which nothing that may lie in a window is left out, ready for a query."""
    return quote(f"receivedDateTime ge {window.first - timedelta(days=1)}T00:00:00Z", safe="")  # whatever the zone


def _sending(answer: Answer) -> Outcome[Message]:
    if answer.fault is not None:
        return outcome(answer.fault)
    return Outcome(Status.DONE if answer.status == _ACCEPTED else Status.UNKNOWN)


def _has_files(row: Json) -> bool:
    """Tell whether a row may have attachments that it does not show; pictures within its body are not counted by it."""
    body = row.get("body")
    shows = "cid:" in text(body, "content") if isinstance(body, Mapping) else False
    return "attachments" not in row and (flag(row, "hasAttachments") or shows)


def _with_bytes(data: Json) -> list[Body]:
    """Return the attachments that have bytes; of a message within a message it is told what they are at most."""
    found: list[Body] = []
    for row in objects(data, "attachments"):
        kind = text(row, "@odata.type").rpartition(".")[2]
        if kind == "itemAttachment":
            size = 2 * (number(row, "size") or 0) + 65_536
            name = text(row, "name") or "message"
            name = name if name.casefold().endswith(".eml") else f"{name}.eml"
            found.append({**row, "name": name, "size": size, "contentType": "message/rfc822"})
        elif kind != "referenceAttachment":
            found.append(dict(row))
    return found


def _moment(value: str) -> str:
    """Return a moment in ISO form as the service's filters have it; an empty text for anything else."""
    try:
        return datetime.fromisoformat(value).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        return ""
