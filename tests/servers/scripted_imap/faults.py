"""Misbehaviour on command: which fault spoils the answer to which command, and how often.

    server.faults.add(bye(), on="UID FETCH", nth=3)                 the third UID FETCH only
    server.faults.add(refuse("[UNAVAILABLE] Busy"), on="SELECT", times=2)
    server.faults.add(without_items("FLAGS"), on=Matching("FETCH", containing=b"FLAGS"), times=FOREVER)

A fault is a function from the lines an honest server would send to the lines that go out; the honest work behind the
lines is done only as far as the fault reads them. Verbs are as logged ("UID FETCH"); "FETCH" means both forms, "*" any
command, "CONNECT" the greeting, "LITERAL" the moment a client waits to be asked for its literal.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.servers.scripted_imap.account import Account
from tests.servers.scripted_imap.command import Command
from tests.servers.scripted_imap.lines import Lines

if TYPE_CHECKING:
    from tests.servers.scripted_imap.session import Scene

FOREVER = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Fault:
    """A named way to spoil an answer."""

    name: str
    reshape: "Callable[[Scene, Lines], Lines]"


@dataclass(frozen=True, slots=True)
class Matching:
    """Which commands a fault is for; empty fields match all."""

    verb: str = "*"
    containing: bytes = b""
    user: str = ""

    def matches(self, command: Command, account: Account | None) -> bool:
        verbs = (command.verb, command.bare_verb)
        if self.verb not in verbs and not (self.verb == "*" and command.verb not in ("CONNECT", "LITERAL")):
            return False
        if self.user and (account is None or account.name != self.user):
            return False
        return self.containing.upper() in command.text.upper()


@dataclass(slots=True)
class Placed:
    """A fault put in place: it strikes at the `nth` matching command and the `times - 1` after it."""

    fault: Fault
    where: Matching
    nth: int
    times: int
    seen: int = 0
    struck: int = 0
    removed: bool = False

    def is_next(self) -> bool:
        """Would the next matching command be struck?"""
        return not self.removed and self.nth <= self.seen + 1 < self.nth + self.times

    def remove(self) -> None:
        """The fault stops."""
        self.removed = True


@dataclass(slots=True)
class Faults:
    """The faults of a server. `placed` keeps those that have struck, so that a test can see that they did."""

    placed: list[Placed] = field(default_factory=list)

    def add(self, fault: Fault, on: "str | Matching" = "*", nth: int = 1, times: int = 1) -> Placed:
        """Put a fault in place; the answer tells how often it has struck."""
        where = on if isinstance(on, Matching) else Matching(on)
        placed = Placed(fault, where, nth, times)
        self.placed.append(placed)
        return placed

    def clear(self) -> None:
        """The server behaves again."""
        self.placed.clear()

    def waiting(self, command: Command, account: Account | None) -> bool:
        """Whether some fault would strike this command; counts nothing."""
        return any(placed.is_next() for placed in self.placed if placed.where.matches(command, account))

    def due(self, command: Command, account: Account | None) -> list[Fault]:
        """The faults that strike this command; it is counted."""
        due = []
        for placed in self.placed:
            if placed.removed or not placed.where.matches(command, account):
                continue
            if placed.is_next():
                placed.struck += 1
                due.append(placed.fault)
            placed.seen += 1
        return due
