"""Address books on servers and mailboxes as sides of a sync, whose secrets are on no command line and in no state."""

import sys
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partialmethod
from pathlib import Path

import attrs
import httpx
import pytest

from tallystick.providers import dav
from tallystick.providers.files import open_entries, write_contacts, write_entries
from tallystick.records import Contact, EmailAddress, Message
from tallystick.recurrence import Instant
from tallystick.testing.graph import GraphService
from tallystick.testing.graph.bridge import transport
from tests.cli.running import Call, contact, entry
from tests.providers.dav.service import PATH, URL, Door, Service, answered

SECRET = "a-long-secret"
BASIC = "Basic " + b64encode(f"ada:{SECRET}".encode()).decode()
LOGIN = ("--left-login", "ada")
OPENING = (
    f"<response><href>{PATH}</href><propstat><prop><resourcetype><collection/><C:addressbook/></resourcetype>"
    "<displayname>People</displayname><supported-report-set><supported-report><report><sync-collection/></report>"
    "</supported-report></supported-report-set><sync-token>t0</sync-token></prop><status>HTTP/1.1 200 OK</status>"
    "</propstat></response>"
)
Handler = Callable[[httpx.Request], httpx.Response]


def whoever_asks(patch: pytest.MonkeyPatch, handler: Handler) -> None:
    """Have every client that is made from now on reach a service of the tests' own."""

    class Reaching(httpx.Client):
        __init__ = partialmethod(httpx.Client.__init__, transport=httpx.MockTransport(handler))

    patch.setattr(httpx, "Client", Reaching)


@attrs.define
class Server:
    """An address book that wants to know who is asking."""

    service: Service = attrs.field(factory=Service)
    password: str = SECRET
    seen: list[str] = attrs.field(factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        self.seen.append(request.headers.get("Authorization", ""))
        if self.seen[-1] != "Basic " + b64encode(f"ada:{self.password}".encode()).decode():
            return httpx.Response(401)
        if request.url.path != PATH and not request.url.path.startswith(PATH):
            return httpx.Response(404)
        if request.method == "PROPFIND" and request.headers["Depth"] == "0":
            return answered(OPENING)
        return self.service(request)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    """A server with two cards, one of which nobody can read."""
    found = Server()
    Door(found.service, dav.CONTACTS).insert(contact("Ada", "Byron"), member=True)
    found.service.put("broken.vcf", "BEGIN:VCARD\r\nnonsense")
    whoever_asks(monkeypatch, found)
    return found


@pytest.fixture
def options(tmp_path: Path) -> tuple[str, ...]:
    """A CRM's file with one entry, and the options of a sync with the server."""
    crm = tmp_path / "crm.csv"
    write_entries(crm, [entry("Grace", "Hopper")], [("Clients",)])
    return (URL, str(crm), "--profile", "maximizer-contacts", "--state", str(tmp_path / "links.db"))


def last_names(options: tuple[str, ...]) -> list[str]:
    """Return the last names in the CRM's file."""
    from tallystick import Scope

    return sorted(item.record.last_name for item in open_entries(options[1]).changes(None, Scope()).items)


def everything(folder: Path) -> bytes:
    """Return all that a command left behind."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_an_address_book_is_synced_with_a_file(
    server: Server, options: tuple[str, ...], call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both sides get what they lack, a further sync writes nothing, and the password is nowhere but in the requests."""
    monkeypatch.setenv("TALLYSTICK_LEFT_SECRET", SECRET)
    planned = call("plan", *options, *LOGIN)
    assert planned.code == 0, planned.err
    assert "1 record of https://dav.example.com/ada/people/ cannot be read, and is left alone: broken" in planned.out
    ran = call("sync", *options, *LOGIN, "--yes")
    assert ran.code == 0
    assert "cannot be read, and is left alone: broken" in ran.out.partition("Report")[2]
    before = [*server.service.log], Path(options[1]).read_bytes()
    again = call("sync", *options, *LOGIN, "--yes", "--json")
    listed = call("ignored", "--state", options[-1])

    assert again.code == 0
    assert "broken" in listed.out
    assert "can't be read" in " ".join(listed.out.split())
    assert ([*server.service.log], Path(options[1]).read_bytes()) == before
    assert last_names(options) == ["Byron", "Hopper"]
    assert len(server.service.texts) == 3
    assert set(server.seen) == {BASIC}
    assert SECRET.encode() not in everything(tmp_path)
    assert SECRET not in planned.out + planned.err + again.out + again.err
    assert call("explain", *options, *LOGIN, "--side", "left", "--id", "by-hand-1").code == 0


def test_what_cannot_be_read_is_in_the_json_too(
    server: Server, options: tuple[str, ...], call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Programs are told of the cards that nobody can read, ten by their ids and the others by number."""
    monkeypatch.setenv("TALLYSTICK_LEFT_SECRET", SECRET)
    for number in range(11):
        server.service.put(f"c{number:02}.vcf", "nonsense")
    (said,) = call("plan", *options, *LOGIN, "--json").data["remarks"]  # type: ignore[index]  # a plan

    assert said.startswith(f"12 records of {URL} cannot be read, and are left alone: broken, c00,")
    assert said.endswith("c08 and 2 more")


def test_a_command_gives_the_password(server: Server, options: tuple[str, ...], call: Call) -> None:
    """What a keyring's program prints is the password; it is run once for many requests."""
    command = f"{sys.executable} -c \"print('{SECRET}')\""

    assert call("plan", *options, *LOGIN, "--left-secret-command", command).code == 0
    assert set(server.seen) == {BASIC}


@pytest.mark.parametrize("command", ["no-such-program", f"{sys.executable} -c 'raise SystemExit(1)'", "true", '"', ""])
@pytest.mark.usefixtures("server")
def test_a_command_that_gives_none_is_told(options: tuple[str, ...], call: Call, command: str) -> None:
    """Whatever goes wrong with it, the option is named, and nothing of what it printed."""
    ran = call("plan", *options, *LOGIN, "--left-secret-command", command)

    assert ran.code == 2
    assert "--left-secret-command" in ran.err


def test_a_person_is_asked_where_there_is_a_terminal(
    server: Server, options: tuple[str, ...], call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The password is asked for, once, and not shown; without a terminal it is said where it may come from."""
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    ran = call("plan", *options, *LOGIN)
    assert ran.code == 2
    assert "TALLYSTICK_LEFT_SECRET" in ran.err
    asked: list[str] = []

    def getpass(prompt: str) -> str:
        asked.append(prompt)
        return SECRET

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("tallystick.cli.secrets.getpass", getpass)
    assert call("plan", *options, *LOGIN).code == 0
    assert asked == ["The password of ada: "]
    assert set(server.seen) == {BASIC}


def test_a_prompt_that_is_left_says_what_else_there_is(
    server: Server, options: tuple[str, ...], call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-D in place of a password ends the command, and nothing was asked of the server."""

    def getpass(prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("tallystick.cli.secrets.getpass", getpass)
    ran = call("plan", *options, *LOGIN)
    assert ran.code == 2
    assert "--left-secret-command" in ran.err
    assert not server.seen


def test_a_password_that_is_wrong_is_said_to_be(
    server: Server, options: tuple[str, ...], call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sentence says on which side, and where another password is given; not what was tried."""
    monkeypatch.setenv("TALLYSTICK_LEFT_SECRET", SECRET)
    server.password = "another"
    ran = call("plan", *options, *LOGIN)

    assert ran.code == 3
    assert "left side: the service answered 401" in ran.err
    assert "set TALLYSTICK_LEFT_SECRET, or give --left-secret-command" in ran.err
    assert SECRET not in ran.err
    book = tmp_path / "outlook.csv"
    write_contacts(book, [contact("Ada", "Byron")])
    right = ("--right-login", "ada", "--right-secret-command", "echo x")
    swapped = call("plan", str(book), URL, *options[2:], *right, "--json")
    assert swapped.code == 3
    assert "right side: the service answered 401" in swapped.err
    assert "--right-secret-command" in str(swapped.data)


def test_a_token_that_is_no_longer_valid_is_said_to_be(
    options: tuple[str, ...], call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mailbox whose token has run out is named by its side, with where another token is given."""
    whoever_asks(monkeypatch, transport(GraphService(token="another")).handle_request)
    monkeypatch.setenv("TALLYSTICK_LEFT_SECRET", SECRET)
    ran = call("sync", "graph:me", *options[1:], "--yes")

    assert ran.code == 3
    assert "left side: the service answered 401" in ran.err
    assert "set TALLYSTICK_LEFT_SECRET, or give --left-secret-command" in ran.err
    assert SECRET not in ran.err


def test_an_address_of_no_collection_is_answered_with_those_there_are(
    server: Server, options: tuple[str, ...], call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever gives the server's address alone is told which address books lie there, or that there is none."""
    monkeypatch.setenv("TALLYSTICK_LEFT_SECRET", SECRET)
    ran = call("plan", "https://dav.example.com/nothing/", *options[1:], *LOGIN)
    assert ran.code == 2
    assert "there is no collection at this address" in ran.err
    assert "find_collections" not in ran.err
    monkeypatch.setattr(dav, "find_collections", lambda *_: [dav.Collection(URL)])
    ran = call("plan", "https://dav.example.com/nothing/", *options[1:], *LOGIN)
    assert f"there is: {URL}" in ran.err
    assert server.seen


@pytest.mark.parametrize(
    ("left", "more", "said"),
    [
        (URL, (), "--left-login"),
        ("http://dav.example.com/ada/", LOGIN, "left: an address without encryption -- use https://; http:// is for a"),
        ("https:///", LOGIN, "no address of a service"),
        ("https://ada:x@dav.example.com/", LOGIN, "credentials in an address"),
        (URL, (*LOGIN, "--left-encoding", "utf-8"), "only a file has columns"),
        ("graph:", (), "nobody"),
    ],
)
@pytest.mark.usefixtures("server")
def test_what_makes_no_side_is_refused(
    options: tuple[str, ...], call: Call, monkeypatch: pytest.MonkeyPatch, left: str, more: tuple[str, ...], said: str
) -> None:
    """A server without a name to ask by, an address that is open to all, options that are of files."""
    monkeypatch.setenv("TALLYSTICK_LEFT_SECRET", SECRET)
    ran = call("plan", left, *options[1:], *more)

    assert ran.code != 0
    assert said in ran.err
    assert SECRET not in ran.err


def test_a_side_that_a_service_does_not_hold_is_refused(call: Call, tmp_path: Path) -> None:
    """A CRM's appointments lie in no calendar, and a CRM's entries in no mailbox."""
    state = ("--state", str(tmp_path / "links.db"))
    calendar, book = tmp_path / "work.jsonl", tmp_path / "outlook.jsonl"
    calendar.touch()
    book.touch()
    for left, right, profile in (
        (calendar, URL, "maximizer-appointments"),
        (book, "graph:me", "maximizer-contacts"),
    ):
        ran = call("plan", left, right, "--profile", profile, *state)
        assert ran.code == 2
        assert "does not hold" in ran.err


def test_a_mailbox_is_synced_with_a_file(
    options: tuple[str, ...], call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command gives the access token; the contacts of the mailbox and the file's entries get in step."""
    service = GraphService(token=SECRET)
    service.contacts.insert(Contact("Ada", surname="Byron", email_addresses=(EmailAddress("ada@example.com"),)))
    inner = transport(service)
    whoever_asks(monkeypatch, inner.handle_request)
    monkeypatch.setenv("TALLYSTICK_LEFT_SECRET", SECRET)
    ran = call("sync", "graph:me", *options[1:], "--yes")

    assert ran.code == 0, ran.err
    assert last_names(options) == ["Byron", "Hopper"]
    assert sorted(one.surname for one in service.contacts.all().values()) == ["Byron", "Hopper"]
    assert call("sync", f"graph:{service.user}", *options[1:], "--sync", "graph:me+crm.csv", "--yes").code != 0
    assert SECRET.encode() not in everything(tmp_path)
    mails = tmp_path / "tasks.jsonl"
    mails.touch()
    calendar = (
        "plan",
        "graph:me",
        str(mails),
        "--profile",
        "maximizer-appointments",
        "--state",
        str(tmp_path / "s.db"),
    )
    assert call(*calendar).code == 0


def test_mail_of_a_mailbox_is_recorded_in_a_file(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the CRM's people wrote to the mailbox is recorded once; the mailbox is only read."""
    service = GraphService(token=SECRET)
    now = Instant(datetime.now(UTC))
    for number, sender in enumerate(("grace@example.com", "x@example.com")):
        letter = Message(f"Letter {number}", sender=EmailAddress(sender), received=now, message_id=f"<{number}@x>")
        service.mail.insert(letter)
    whoever_asks(monkeypatch, transport(service).handle_request)
    crm, people = tmp_path / "crm.jsonl", tmp_path / "people.csv"
    crm.touch()
    write_entries(people, [entry("Grace", "Hopper", "grace@example.com")], [()])
    options = ("--people", str(people), "--address", "ada@example.com", "--state", str(tmp_path / "links.db"))
    command = ("--left-secret-command", f"{sys.executable} -c \"print('{SECRET}')\"")
    ran = call("mail", "graph:me", str(crm), *options, *command, "--yes")

    assert ran.code == 0, ran.err
    assert crm.read_text(encoding="utf-8").count("Letter 0") == 1
    assert "Letter 1" not in crm.read_text(encoding="utf-8")
    before = crm.read_bytes()
    assert call("mail", "graph:me", str(crm), *options, *command, "--yes").code == 0
    assert crm.read_bytes() == before
    assert {request.method for request in service.requests if request.path != ("$batch",)} == {"GET"}
    assert SECRET.encode() not in everything(tmp_path)
