"""Real servers of other people's making, run on this machine for the time of the tests, and their own user's hand."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import attrs
import httpx

PASSWORD = "a-password"
NO_KEEPING = httpx.Limits(max_keepalive_connections=0)
_PATIENCE = 60.0
_BOOK = '<CR:addressbook xmlns:CR="urn:ietf:params:xml:ns:carddav"/>'
_CALENDAR = '<CL:calendar xmlns:CL="urn:ietf:params:xml:ns:caldav"/>'


@attrs.frozen
class Server:
    """A running server: where it is, where collections may be made, and who may."""

    name: str
    url: str
    home: str
    credentials: tuple[str, str] | None
    process: subprocess.Popen[bytes]
    numbers: "count[int]" = attrs.field(factory=count)

    def client(self) -> httpx.Client:
        """Return a client of the server's own user, which leaves no connection open."""
        return httpx.Client(auth=self.credentials, timeout=60, limits=NO_KEEPING)

    def made(self, *, calendar: bool = False) -> str:
        """Make an empty address book or calendar under a new name, and return its address."""
        url = f"{self.url}{self.home}{'calendar' if calendar else 'book'}-{next(self.numbers)}/"
        self.make(url, calendar=calendar)
        return url

    def make(self, url: str, *, calendar: bool) -> None:
        """Make an empty address book or calendar."""
        kind = _CALENDAR if calendar else _BOOK
        body = (
            '<D:mkcol xmlns:D="DAV:"><D:set><D:prop><D:resourcetype><D:collection/>'
            f"{kind}</D:resourcetype></D:prop></D:set></D:mkcol>"
        )
        headers = {"Content-Type": "application/xml"}
        with self.client() as client:
            client.request("MKCOL", url, content=body, headers=headers).raise_for_status()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


@contextmanager
def running(
    command: list[str], url: str, folder: Path, environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until the block ends, once it answers."""
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            command, cwd=folder, stdout=log, stderr=log, env={**os.environ, **(environment or {})}
        )
        try:
            _wait(process, url, folder / "log")
            yield process
        finally:
            process.terminate()
            process.wait(timeout=10)


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            httpx.get(url, timeout=2)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"the server did not come up:\n{log.read_text(errors='replace')[-2000:]}")


@contextmanager
def radicale(folder: Path) -> Iterator[Server]:
    """Run Radicale, which asks for a name and password."""
    port = free_port()
    (folder / "users").write_text(f"ada:{PASSWORD}\n")
    (folder / "config").write_text(
        f"[server]\nhosts = 127.0.0.1:{port}\n"
        f"[auth]\ntype = htpasswd\nhtpasswd_filename = {folder}/users\nhtpasswd_encryption = plain\ndelay = 0\n"
        f"[storage]\nfilesystem_folder = {folder}/collections\n"
        "[logging]\nlevel = warning\n"
    )
    command = [sys.executable, "-m", "radicale", "--config", str(folder / "config")]
    url = f"http://127.0.0.1:{port}"
    with running(command, url, folder) as process:
        yield Server("radicale", url, "/ada/", ("ada", PASSWORD), process)


@contextmanager
def xandikos(folder: Path) -> Iterator[Server]:
    """Run Xandikos, which lets everybody in."""
    port = free_port()
    options = ["-d", str(folder / "data"), "-l", "127.0.0.1", "-p", str(port), "--state-dir", str(folder / "state")]
    person = ["--current-user-principal", "/ada/", "--defaults"]
    command = [sys.executable, "-m", "xandikos", "serve", *options, *person]
    url = f"http://127.0.0.1:{port}"
    with running(command, url, folder) as process:
        yield Server("xandikos", url, "/ada/contacts/", None, process)


KINTO = """
[app:main]
use = egg:kinto
kinto.storage_backend = kinto.core.storage.memory
kinto.cache_backend = kinto.core.cache.memory
kinto.permission_backend = kinto.core.permission.memory
kinto.userid_hmac_secret = a-secret
kinto.bucket_create_principals = system.Authenticated
multiauth.policies = basicauth
[server:main]
use = egg:waitress#main
host = 127.0.0.1
port = {port}
[loggers]
keys = root
[handlers]
keys =
[formatters]
keys =
[logger_root]
level = ERROR
handlers =
"""


@contextmanager
def kinto(folder: Path) -> Iterator[Server]:
    """Run Kinto in memory, with a bucket in which collections may be made."""
    port = free_port()
    (folder / "kinto.ini").write_text(KINTO.format(port=port))
    program = "import sys; from kinto.__main__ import main; sys.exit(main())"
    command = [sys.executable, "-c", program, "start", "--ini", str(folder / "kinto.ini")]
    url = f"http://127.0.0.1:{port}"
    with running(command, f"{url}/v1/", folder) as process:
        server = Server("kinto", url, "/v1/buckets/crm/collections/", ("ada", PASSWORD), process)
        with server.client() as client:
            client.put(f"{url}/v1/buckets/crm").raise_for_status()
        yield server


def people_at(server: Server) -> str:
    """Make an empty collection at Kinto, and return the address of its records."""
    url = f"{server.url}{server.home}people-{next(server.numbers)}"
    with server.client() as client:
        client.put(url).raise_for_status()
    return f"{url}/records"


SERVERS = {"radicale": radicale, "xandikos": xandikos}
