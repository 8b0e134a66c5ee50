"""Provide a proxy before a server's socket that cuts the line at a COMMIT: before it arrives, or before its answer."""

import socket
import threading
from contextlib import suppress
from pathlib import Path
from typing import Literal

Cut = Literal["before", "after"]
SOCKET = ".s.PGSQL.5432"


class CuttingProxy:
    """Passes on what clients and server say, until it cuts: once, at the next COMMIT; then for good if ``closed``."""

    def __init__(self, folder: Path, server: str) -> None:
        self.closed = False
        self.cuts = 0
        self._cut: Cut | None = None
        self._server = f"{server}/{SOCKET}"
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(folder / SOCKET))
        self._listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def arm(self, cut: Cut, *, closed: bool = False) -> None:
        """Cut the line at the next COMMIT; ``closed``: and let nobody in from now on."""
        self._cut, self.closed = cut, closed

    def close(self) -> None:
        """Accept nobody any more."""
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self.closed:
                client.close()
                continue
            server = socket.socket(socket.AF_UNIX)
            server.connect(self._server)
            threading.Thread(target=self._pass_on, args=(client, server), daemon=True).start()
            threading.Thread(target=_pump, args=(server, client), daemon=True).start()

    def _pass_on(self, client: socket.socket, server: socket.socket) -> None:
        while data := _read(client):
            if self._cut and b"COMMIT\0" in data:
                cut, self._cut = self._cut, None
                self.cuts += 1
                # The client hears nothing more; what was said to the server arrives.
                with suppress(OSError):
                    client.shutdown(socket.SHUT_RDWR)
                if cut == "after":
                    server.sendall(data)
                break
            server.sendall(data)
        with suppress(OSError):  # the other direction may have ended first
            server.shutdown(socket.SHUT_WR)


def _pump(source: socket.socket, target: socket.socket) -> None:
    while data := _read(source):
        try:
            target.sendall(data)
        except OSError:
            break
    source.close()
    target.close()


def _read(source: socket.socket) -> bytes:
    try:
        return source.recv(65536)
    except OSError:
        return b""
