"""Provide the sources that a person may name for a side, and the opening of each.

===============================  ==================================================================================
a source                         is
===============================  ==================================================================================
a path                           a file, by its suffix
``https://…`` (``http://`` here) an address book or calendar on a CardDAV or CalDAV server
``graph:me``, ``graph:USER``     a mailbox of Microsoft Graph: its contacts, calendar or tasks, whatever the profile has
===============================  ==================================================================================

Whatever stands there becomes an :class:`End`, and nothing after this cares which it was. What a service needs beyond
this is loaded when one is named.
"""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import attrs

from tallystick import Side
from tallystick.cli.secrets import secret_of
from tallystick.errors import InputError, ProviderError, ScopeGone, SettingsError, UsageError
from tallystick.ports import Provider
from tallystick.providers.files import (
    CONTACTS,
    CRM_TASKS,
    ENTRIES,
    EVENTS,
    TODO_TASKS,
    FileKind,
    FileProvider,
    events_of,
    open_file,
    open_mail,
    read_header_map,
)
from tallystick.providers.http.addresses import checked_base, is_private
from tallystick.records import Message
from tallystick.sync import SystemClock

if TYPE_CHECKING:
    from tallystick.providers.graph import Mailbox

_GRAPH: Final = "graph:"
_MOST_NAMED: Final = 5


@attrs.frozen
class Named:
    """One side as a person named it, with the options that are about it."""

    side: Side
    source: str
    kind: FileKind[object]
    owner: str | None = None
    headers: Path | None = None
    encoding: str | None = None
    login: str | None = None
    secret_command: str | None = None

    @property
    def is_file(self) -> bool:
        """Whether it is a path."""
        return not self.source.casefold().startswith(("http://", "https://", _GRAPH))


@attrs.frozen
class End:
    """One opened side."""

    provider: Provider[object]

    @property
    def account(self) -> str:
        """What to call it."""
        return self.provider.account

    @property
    def backup(self) -> Path | None:
        """The file as it was before, if it was written."""
        return self.provider.backup if isinstance(self.provider, FileProvider) else None

    @property
    def left_out(self) -> Mapping[str, Sequence[str]]:
        """What rows of a file say that no record can, by id: names of properties."""
        return self.provider.left_out if isinstance(self.provider, FileProvider) else {}

    @property
    def unreadable(self) -> Sequence[str]:
        """The ids of the records that cannot be read."""
        return unreadable_of(self.provider)


def unreadable_of(provider: object) -> Sequence[str]:
    """Return the ids of the records that a provider has met and cannot read, where it tells of any."""
    found: Sequence[str] = getattr(provider, "unreadable", ())
    return found


def open_source(named: Named, opened: ExitStack) -> End:
    """Open a side; what has to be closed goes onto the stack.

    Raises UsageError, InputError, and what the service's provider raises.
    """
    if named.is_file:
        header = read_header_map(named.headers) if named.headers else None
        kind = _of_owner(named)
        try:
            file = open_file(Path(named.source), kind, header=header, encoding=named.encoding, clock=SystemClock())
        except InputError as error:
            option = f"a header mapping with --{named.side.label}-headers"
            error.remedy = error.remedy.replace("a header mapping", option)
            raise
        return End(file)
    if named.headers or named.encoding:
        raise UsageError("only a file has columns and an encoding", where=named.side.label, remedy="leave them out")
    try:
        return (_mailbox if named.source.casefold().startswith(_GRAPH) else _collection)(named, opened)
    except ProviderError as error:
        error.side = named.side.label
        raise


def open_messages(source: str, secret_command: str | None, opened: ExitStack) -> Provider[Message]:
    """Open the messages of files, or of a mailbox; what has to be closed goes onto the stack."""
    if not source.casefold().startswith(_GRAPH):
        return open_mail(Path(source))
    return _graph(Side.LEFT, source, secret_command, opened).mail()


def _of_owner(named: Named) -> FileKind[object]:
    if named.owner is None:
        return named.kind
    if named.kind is not EVENTS or not named.source.lower().endswith(".ics"):
        raise UsageError("only a calendar file has an owner", where=named.source, remedy="leave --owner out")
    return cast("FileKind[object]", events_of(named.owner))


def _collection(named: Named, opened: ExitStack) -> End:
    from tallystick.providers import dav  # noqa: PLC0415 -- an extra, for those who name a server

    kinds: Mapping[int, Any] = {
        id(CONTACTS): dav.CONTACTS,
        id(ENTRIES): dav.ENTRIES,
        id(EVENTS): dav.EVENTS if named.owner is None else dav.events_of(named.owner),
        id(TODO_TASKS): dav.TODO_TASKS,
        id(CRM_TASKS): dav.CRM_TASKS,
    }
    kind = _kind_of(named, kinds, "an address book or calendar")
    _refuse_address(named)
    if named.login is None:
        remedy = f"give it with --{named.side.label}-login; the password is asked for"
        raise UsageError("a server wants to know who is asking", where=named.side.label, remedy=remedy)
    credentials = (named.login, secret_of(named.side, named.secret_command, f"the password of {named.login}")())
    try:
        provider = dav.open_dav(named.source, kind, credentials, clock=SystemClock())
    except (ScopeGone, SettingsError) as error:
        found: Sequence[Any] = ()
        with suppress(ProviderError, SettingsError):
            found = dav.find_collections(named.source, kind, credentials)
        there = ", ".join(one.url for one in found[:_MOST_NAMED])
        remedy = f"there is: {there}" if there else "give the address of one; the server names none of yours"
        raise UsageError(error.what, where=named.side.label, remedy=remedy) from None
    opened.callback(provider.close)
    return End(provider)


def _refuse_address(named: Named) -> None:
    """Raise UsageError for what is no address of a service, or one to which nothing may be sent."""
    if named.source.casefold().startswith("http://") and not is_private(named.source):
        remedy = "use https://; http:// is for a server on this machine alone, such as the end of an SSH tunnel"
        raise UsageError("an address without encryption", where=named.side.label, remedy=remedy)
    try:
        checked_base(named.source)
    except SettingsError as error:
        raise UsageError(error.what, where=named.side.label, remedy=error.remedy) from None


def _mailbox(named: Named, opened: ExitStack) -> End:
    from tallystick.providers.graph import Mailbox  # noqa: PLC0415 -- an extra, for those who name a mailbox

    of_kind = {id(CONTACTS): Mailbox.contacts, id(EVENTS): Mailbox.calendar, id(TODO_TASKS): Mailbox.tasks}
    provider = _kind_of(named, of_kind, "a mailbox")
    return End(provider(_graph(named.side, named.source, named.secret_command, opened)))


def _graph(side: Side, source: str, secret_command: str | None, opened: ExitStack) -> "Mailbox":
    from tallystick.providers.graph import Mailbox  # noqa: PLC0415 -- an extra, for those who name a mailbox

    user = source[len(_GRAPH) :]
    if not user:
        raise UsageError("a mailbox of nobody", where=side.label, remedy="name it graph:me, or graph:USER")
    token = secret_of(side, secret_command, "the access token")
    mailbox = Mailbox(f"{_GRAPH}{user}", token, user=None if user.casefold() == "me" else user)
    opened.callback(mailbox.close)
    return mailbox


def _kind_of(named: Named, kinds: Mapping[int, Any], what: str) -> Any:  # noqa: ANN401 -- of whichever service
    """Return what a service calls the kind of record that a side has."""
    found = kinds.get(id(named.kind))
    if found is None:
        where = named.side.label
        raise UsageError(f"{what} does not hold what this profile has here", where=where, remedy="name a file")
    return found
