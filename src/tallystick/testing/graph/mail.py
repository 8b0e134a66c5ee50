"""Provide the simulated messages: their folders, drafts and sending, attachments.

===========================  ======================================================================================
folders                      well-known ones are found by name, too; each folder has a delta query of its own
moving                       gives a message another id, unless ids are asked for that stay; it leaves one feed, and
                             comes in another
drafts                       get a message id when they are made; of any other message only whether it was read,
                             categories, importance and flag can be changed
sending                      moves a draft to Sent Items; what is no draft is refused
headers                      are shown where they are selected, and are only those of what came in
attachments                  are shown where they are expanded; ``hasAttachments`` counts none within the body
``$value``                   is an attachment's bytes
files                        are put into a message by a request each if of less than 3 MB, or in parts (``uploads``)
===========================  ======================================================================================
"""

from base64 import b64decode
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

import attrs

from tallystick.codecs.graph import MESSAGES
from tallystick.codecs.graph.messages import REFERENCES, REPLIED, SIZE
from tallystick.ports import Clock
from tallystick.providers.memory.mail import WELL_KNOWN
from tallystick.records import DRAFTS, INBOX, SENT_ITEMS, EmailAddress, MailFolder, Message
from tallystick.recurrence import Instant
from tallystick.testing.graph.drawer import Drawer, Row, as_body, as_items, extended
from tallystick.testing.graph.exchange import Body, GraphQuirks, Refused, Request, Response
from tallystick.testing.graph.listings import Entry, Feed, listing, matcher, removed, selected, with_property
from tallystick.testing.graph.person import Hands
from tallystick.testing.graph.uploads import FEWEST_BYTES, Uploads

_ROOT: Final = "AAMkMsgFolderRoot="
_ALWAYS: Final = frozenset({"isRead", "categories", "importance", "inferenceClassification", "flag"})
_OF_DRAFTS: Final = frozenset(
    {
        *("subject", "body", "internetMessageId", "toRecipients", "ccRecipients", "bccRecipients", "replyTo"),
        *("singleValueExtendedProperties",),
    }
)
_RECIPIENTS: Final = ("toRecipients", "ccRecipients", "bccRecipients")
_MOST_RECIPIENTS: Final = 500
_FILE: Final = "#microsoft.graph.fileAttachment"
_ON_REQUEST: Final = ("internetMessageHeaders",)


@attrs.frozen
class _File:
    """An attachment: what is told of it, and its bytes."""

    told: Body
    content: bytes = attrs.field(repr=False)


class Mail(Hands[Message]):
    """The messages of a mailbox; a person uses them through :class:`Hands` and the methods here.

    ``sent`` are the message ids of all that was sent, in order.
    """

    def __init__(self, clock: Clock, quirks: GraphQuirks, user: str) -> None:
        self.drawer: Drawer = Drawer(clock)
        self.tree: Drawer = Drawer(clock, "AAMkMailFolder", outlook=False, dated=False)
        self.sent: list[str] = []
        self.uploads: Uploads = Uploads()
        self._quirks, self._user = quirks, user
        self._made = 0
        self._files: dict[str, dict[str, _File]] = {}
        self._ids: dict[str, str] = {name: self.make_folder(title) for name, title in WELL_KNOWN.items()}
        super().__init__(MESSAGES, self.drawer, self._ids[INBOX])

    # --- what a person does ------------------------------------------------------------------------------------------

    def folders(self) -> list[MailFolder]:
        """Return the folders, as records have them."""
        names = {id_: name for name, id_ in self._ids.items()}
        return [
            MailFolder(names.get(row.id, row.id), str(row.body["displayName"]), str(row.body["parentFolderId"]))
            for row in self.tree.rows.values()
        ]

    def make_folder(self, title: str, *, parent: str = "") -> str:
        """Make a folder, within another one if that is given, and return its id."""
        above = self._folder(parent) if parent else _ROOT
        return self.tree.add("", {"displayName": title, "parentFolderId": above, "isHidden": False}).id

    def delete_folder(self, id_: str) -> None:
        """Delete a folder for good, with all that lies in it."""
        for row in list(self.drawer.within(id_)):
            self.drawer.drop(row)
        self.tree.drop(self.tree.find(id_))

    def insert(self, record: Message, *, folder: str | None = None) -> str:
        """Put a message where it says that it lies, as if it had come in, was sent, or was begun; return its id."""
        body = MESSAGES.create(record)
        given: Body = {"isDraft": record.is_draft, "internetMessageHeaders": _headers(record)}
        people = {"from": record.sender, "sender": record.sender}
        given |= {key: _recipient(one) for key, one in people.items() if one is not None}
        times = {"sentDateTime": record.sent, "receivedDateTime": record.received}
        given |= {key: _shown(at) for key, at in times.items() if at is not None}
        if record.conversation_id:
            given["conversationId"] = record.conversation_id
        row = self._added(self._folder(folder or record.folder), {**body, **given})
        kept = {REPLIED: record.in_reply_to, REFERENCES: " ".join(record.references)}
        row.properties.update((key, value) for key, value in kept.items() if value)
        return row.id

    def move(self, id_: str, folder: str) -> None:
        """Put a message into another folder, by id or well-known name."""
        super().move(id_, self._folder(folder))

    def record(self, id_: str) -> Message:
        """Return a message as it is now."""
        row = self.drawer.find(id_)
        expand = f"singleValueExtendedProperties($filter=id eq '{SIZE}' or id eq '{REPLIED}' or id eq '{REFERENCES}')"
        shown = with_property(self._whole(row, "attachments"), row, expand)
        names = {known: name for name, known in self._ids.items()}
        return attrs.evolve(MESSAGES.read(shown), folder=names.get(row.folder, row.folder))

    def attach(self, id_: str, name: str, content: bytes, content_type: str = "", *, is_inline: bool = False) -> str:
        """Attach a file to a message and return the attachment's id."""
        told: Body = {"@odata.type": _FILE, "name": name, "isInline": is_inline}
        return self._attached(self.drawer.find(id_), {**told, "contentType": content_type or None}, content)

    def attach_message(self, id_: str, name: str, content: bytes) -> str:
        """Attach a message to a message, and return the attachment's id; ``content`` is the text it was sent as."""
        told: Body = {"@odata.type": "#microsoft.graph.itemAttachment", "name": name, "isInline": False}
        return self._attached(self.drawer.find(id_), {**told, "contentType": None}, content)

    def attach_link(self, id_: str, name: str) -> str:
        """Attach the link to a file in the cloud, and return the attachment's id."""
        told: Body = {"@odata.type": "#microsoft.graph.referenceAttachment", "name": name, "isInline": False}
        return self._attached(self.drawer.find(id_), {**told, "contentType": None}, b"")

    def send_draft(self, id_: str) -> None:
        """Send a draft by hand."""
        self._send(self.drawer.find(id_))

    def expire_cursors(self) -> None:
        """Forget every token of a feed that was given."""
        super().expire_cursors()
        self.tree.generation += 1

    # --- what clients ask --------------------------------------------------------------------------------------------

    def respond(self, request: Request, path: Sequence[str]) -> Response:
        """Answer a request for messages, of a folder or of all, or for the folders."""
        match request.method, *path:
            case "GET", "mailFolders", str(folder), "messages", "delta":
                told = partial(self._told, request)
                return Feed(self.drawer, self._folder(folder), told, self._quirks).answer(request)
            case "GET", "mailFolders", str(folder), "messages":
                return self._listed(request, self._folder(folder))
            case "GET", "mailFolders", *rest:
                return self._folders(request, rest)
            case "GET", "messages":
                return self._listed(request, None)
            case "POST", "messages":
                row = self.create(self._ids[DRAFTS], as_body(request.body))
                return Response(201, self.shown(row, request))
            case method, "messages", str(id_), *rest:
                return self._one(method, request, self.drawer.find(id_), rest)
        raise Refused(405, "ErrorMethodNotAllowed")

    def _folders(self, request: Request, rest: Sequence[str]) -> Response:
        match rest:
            case ["delta"]:
                return Feed(self.tree, None, self._told_of_folder, self._quirks).answer(request)
            case [str(folder)]:
                row = self.tree.rows[self._folder(folder)]
                return Response(200, selected(self._shown_folder(row), request.query.get("$select", "")))
        within = self._folder(rest[0]) if rest else _ROOT
        rows = (row for row in self.tree.rows.values() if row.body["parentFolderId"] == within)
        return listing(request, rows, self._shown_folder, self._quirks)

    def _listed(self, request: Request, folder: str | None) -> Response:
        return listing(request, self.drawer.within(folder), lambda row: self.shown(row, request), self._quirks)

    def _one(self, method: str, request: Request, row: Row, rest: Sequence[str]) -> Response:
        match method, *rest:
            case ("GET",):
                return Response(200, self._asked(row, request, request.query))
            case ("PATCH",):
                self.drawer.require(row, request.header("If-Match"))
                body = as_body(request.body)
                if not body.keys() <= (_ALWAYS | _OF_DRAFTS if row.body["isDraft"] else _ALWAYS):
                    raise Refused(400, "ErrorInvalidPropertySet")
                self.change(row, body)
                return Response(200, self.shown(row, request))
            case ("DELETE",):
                self.drawer.require(row, request.header("If-Match"))
                self.drawer.drop(row)
                return Response(204)
            case "POST", "send":
                self._send(row)
                return Response(202)
            case method, "attachments", *rest:
                return self._of_files(method, request, row, rest)
        raise Refused(405, "ErrorMethodNotAllowed")

    def _of_files(self, method: str, request: Request, row: Row, rest: Sequence[str]) -> Response:
        match method, *rest:
            case ("GET",):
                return Response(200, {"value": [one.told for one in self._files.get(row.id, {}).values()]})
            case ("POST",):
                return Response(201, self._put_into(row, as_body(request.body)))
            case "POST", "createUploadSession":
                item = as_body((as_body(request.body)).get("AttachmentItem") or {})
                if item.get("attachmentType") != "file" or not item.get("name"):
                    raise Refused(400, "RequestBodyRead")
                told: Body = {"@odata.type": _FILE, "name": item["name"], "contentType": item.get("contentType")}
                put = partial(self._attached, row, {**told, "isInline": bool(item.get("isInline"))})
                return self.uploads.begin(request, item.get("size"), put)
            case "GET", str(attachment), "$value":
                file = self._files.get(row.id, {}).get(attachment)
                if file is None:
                    raise Refused(404, "ErrorItemNotFound")
                if file.told["@odata.type"] == "#microsoft.graph.referenceAttachment":
                    raise Refused(405, "ErrorMethodNotAllowed")
                return Response(200, headers={"Content-Type": "application/octet-stream"}, content=file.content)
        raise Refused(405, "ErrorMethodNotAllowed")

    def shown(self, row: Row, request: Request) -> Body:
        """Return a message as an answer to a request has it, without what only ``$select`` and ``$expand`` show."""
        query = request.query
        whole = self._whole(row, query.get("$expand", ""), immutable=request.immutable)
        asked = query.get("$select", "").split(",")
        return {key: value for key, value in whole.items() if key not in _ON_REQUEST or key in asked}

    def _asked(self, row: Row, request: Request, options: Mapping[str, str]) -> Body:
        """Return a message with those of its properties that some options ask for."""
        expand = options.get("$expand", "")
        whole = self._whole(row, expand, immutable=request.immutable)
        names = options.get("$select", "")
        if not names:
            whole = {key: value for key, value in whole.items() if key not in _ON_REQUEST}
        return with_property(selected(whole, names, expand), row, expand)

    def _whole(self, row: Row, expand: str, *, immutable: bool = True) -> Body:
        whole = {**self.drawer.shown(row, immutable=immutable), "parentFolderId": row.folder}
        if "attachments" in expand:
            whole["attachments"] = [one.told for one in self._files.get(row.id, {}).values()]
        return whole

    def _folder(self, given: str) -> str:
        """Return the id of a folder, by id or well-known name."""
        id_ = self._ids.get(given.casefold(), given)
        if id_ not in self.tree.rows:
            raise Refused(404, "ErrorItemNotFound")
        return id_

    def _shown_folder(self, row: Row) -> Body:
        rows = list(self.drawer.within(row.id))
        below = sum(one.body["parentFolderId"] == row.id for one in self.tree.rows.values())
        unread = sum(not one.body["isRead"] for one in rows)
        counts: Body = {"childFolderCount": below, "totalItemCount": len(rows), "unreadItemCount": unread}
        return {**self.tree.shown(row), **counts}

    def _told(self, request: Request, entry: Entry, options: Mapping[str, str]) -> list[Body]:
        """Return what the feed of a folder says of an entry of the log."""
        if not isinstance(entry, Row):
            return removed(entry.id)
        return [self._asked(entry, request, options)] if matcher(options.get("$filter", ""))(entry) else []

    def _told_of_folder(self, entry: Entry, options: Mapping[str, str]) -> list[Body]:
        if not isinstance(entry, Row):
            return removed(entry.id)
        return [selected(self._shown_folder(entry), options.get("$select", ""))]

    # --- what becomes of them ----------------------------------------------------------------------------------------

    def create(self, folder: str, body: Body) -> Row:
        """Make a draft of a request's body, as the service keeps it."""
        if not body.keys() <= _ALWAYS | _OF_DRAFTS:
            raise Refused(400, "RequestBodyRead")
        owner = _recipient(EmailAddress(self._user))
        row = self._added(folder, {**body, "isDraft": True, "from": owner, "sender": owner})
        if self._quirks.keeps_properties:
            row.properties.update(extended(body))
        return row

    def change(self, row: Row, body: Body) -> None:
        """Set properties of a message."""
        row.body = self._settled(row.body, body)
        self.drawer.touch(row, changed=frozenset(body))

    def _added(self, folder: str, body: Body) -> Row:
        self._made += 1
        number, at = self._made, self.drawer.now()
        defaults: Body = {
            **dict.fromkeys(("subject", "from", "sender"), None),
            **{key: [] for key in (*_RECIPIENTS, "replyTo", "categories")},
            "body": {"contentType": "text", "content": ""},
            "internetMessageId": f"<{number}.made@mail.example>",
            "conversationId": f"AAQkConversation{number}=",
            "conversationIndex": "AQHZ",
            "sentDateTime": at,
            "receivedDateTime": at,
            "importance": "normal",
            "inferenceClassification": "focused",
            "flag": {"flagStatus": "notFlagged"},
            **dict.fromkeys(("hasAttachments", "isRead", "isDraft", "isReadReceiptRequested"), False),
            "isDeliveryReceiptRequested": None,
        }
        row = self.drawer.add(folder, self._settled(defaults, body))
        row.properties[SIZE] = str(len(str(row.body["body"])))
        return row

    def _settled(self, before: Mapping[str, object], given: Body) -> Body:
        """Return the whole object that a write makes, or refuse it."""
        flag = as_body(given.get("flag") or {})
        if flag.get("dueDateTime") and not flag.get("startDateTime"):
            raise Refused(400, "ErrorInvalidPropertySet")
        after = {**before, **given}
        after.pop("singleValueExtendedProperties", None)
        if sum(len(as_items(after.get(key))) for key in _RECIPIENTS) > _MOST_RECIPIENTS:
            raise Refused(400, "ErrorInvalidRecipients")
        after["bodyPreview"] = str(as_body(after["body"]).get("content") or "")[:255]
        return after

    def _put_into(self, row: Row, body: Body) -> Body:
        """Put the file of a request into a message, and return what is told of it."""
        if body.get("@odata.type") != _FILE or not body.get("name"):
            raise Refused(400, "RequestBodyRead")
        try:
            content = b64decode(str(body.get("contentBytes") or ""), validate=True)
        except ValueError:
            raise Refused(400, "RequestBodyRead") from None
        if len(content) >= FEWEST_BYTES:
            raise Refused(413, "RequestEntityTooLarge")
        told = {key: value for key, value in body.items() if key != "contentBytes"}
        id_ = self._attached(row, {"contentType": None, "isInline": False, **told}, content)
        return self._files[row.id][id_].told

    def _attached(self, row: Row, told: Body, content: bytes) -> str:
        files = self._files.setdefault(row.id, {})
        id_ = f"{row.id.rstrip('=')}ATT{len(files) + 1}="
        size = len(content) + 178  # what is told is what it takes in the mailbox
        files[id_] = _File({"id": id_, **told, "size": size, "lastModifiedDateTime": self.drawer.now()}, content)
        row.body["hasAttachments"] = any(not one.told["isInline"] for one in files.values())
        self.drawer.touch(row, changed=frozenset({"hasAttachments"}))
        return id_

    def _send(self, row: Row) -> None:
        if not row.body["isDraft"]:
            raise Refused(400, "ErrorInvalidRequest")
        if not any(as_items(row.body.get(key)) for key in _RECIPIENTS):
            raise Refused(400, "ErrorInvalidRecipients")
        at = self.drawer.now()
        row.body |= {"isDraft": False, "isRead": True, "sentDateTime": at, "receivedDateTime": at}
        self.sent.append(str(row.body["internetMessageId"]))
        self.drawer.move(row, self._ids[SENT_ITEMS])


def _headers(record: Message) -> list[Body]:
    """Return the headers that a message came in with; what was written in the mailbox has none."""
    if record.is_draft or record.folder == SENT_ITEMS:
        return []
    said = {"In-Reply-To": record.in_reply_to, "References": " ".join(record.references)}
    return [{"name": name, "value": value} for name, value in said.items() if value]


def _recipient(email: EmailAddress) -> Body:
    return {"emailAddress": {"name": email.name or email.address, "address": email.address}}


def _shown(at: Instant) -> str:
    return at.utc.strftime("%Y-%m-%dT%H:%M:%SZ")
