"""A client that sees every byte: sends lines, collects what comes until a tagged answer, a silence or the end."""

import contextlib
import socket
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heard:
    """What came: all bytes, and how it stopped: "tagged", "closed", "reset" or "silent"."""

    text: bytes
    end: str


class RawClient:
    """One plain connection; `patience` is how long it waits for more before it calls the server silent."""

    def __init__(self, port: int, patience: float = 2.0) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.patience = patience
        self._tag = 0
        self.buffer = b""

    def greeting(self) -> Heard:
        return self.hear(b"* OK")

    def do(self, text: str) -> Heard:
        """Send a command with a tag of its own and hear its answer."""
        self._tag += 1
        tag = f"r{self._tag} ".encode()
        self.socket.sendall(tag + text.encode() + b"\r\n")
        return self.hear(tag)

    def hear(self, until: bytes) -> Heard:
        self.socket.settimeout(self.patience)
        text = b""
        while True:
            lines = text.split(b"\r\n")
            if any(line.startswith(until) for line in lines[:-1]):
                return Heard(text, "tagged")
            try:
                chunk = self.socket.recv(65536)
            except TimeoutError:
                return Heard(text, "silent")
            except ConnectionResetError:
                return Heard(text, "reset")
            if not chunk:
                return Heard(text, "closed")
            text += chunk


@contextlib.contextmanager
def raw_client(port: int, user: str = "", folder: str = "") -> Iterator[RawClient]:
    """A connection, logged in as `user` (password "secret") and with `folder` open if these are given."""
    client = RawClient(port)
    try:
        if user:
            client.greeting()
            assert b"OK" in client.do(f"LOGIN {user} secret").text
        if folder:
            assert b"OK" in client.do(f"SELECT {folder}").text
        yield client
    finally:
        client.socket.close()
