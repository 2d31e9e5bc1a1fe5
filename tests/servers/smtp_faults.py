"""What an SMTP server can do wrong, by step: CONNECT, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, BODY, QUIT.

    server.faults.add(accept_then_drop(), on="BODY")
    server.faults.add(reply(450, "4.2.1 Greylisted"), on="RCPT", times=3)

"BODY" is the moment after the final dot.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.servers.smtp import SmtpSession

FOREVER = 1_000_000_000

# What providers say, from their support pages and issue trackers; code and text apart.
MICROSOFT_SMTP_AUTH_OFF = (
    535,
    "5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. "
    "Visit https://aka.ms/smtp_auth_disabled for more information.",
)
MICROSOFT_BASIC_AUTH_OFF = (535, "5.7.139 Authentication unsuccessful, basic authentication is disabled.")
MICROSOFT_SEND_AS_DENIED = (554, "5.2.252 SendAsDenied; anna@example.org not allowed to send as bob@example.org")
MICROSOFT_BUSY = (432, "4.3.2 Concurrent connections limit exceeded. Visit https://aka.ms/concurrent_sending")
MICROSOFT_NOT_AUTHENTICATED = (530, "5.7.57 Client not authenticated to send mail.")
GMAIL_WRONG_PASSWORD = (
    535,
    "5.7.8 Username and Password not accepted. For more information, go to\n"
    "5.7.8  https://support.google.com/mail/?p=BadCredentials scripted - gsmtp",
)
GMAIL_APP_PASSWORD = (534, "5.7.9 Application-specific password required. For more information, go to https://g.co/ap")
GMAIL_WEB_LOGIN = (534, "5.7.14 Please log in via your web browser and then try again.")
GMAIL_DAILY_LIMIT = (550, "5.4.5 Daily user sending limit exceeded. https://support.google.com/a/answer/166852")
GMAIL_RATE = (421, "4.7.28 Our system has detected an unusual rate of unsolicited mail. Try again later.")
GMAIL_TOO_BIG = (552, "5.3.4 Your message exceeded Google's message size limits.")
POSTFIX_GREYLISTED = (450, "4.2.0 <bob@example.com>: Recipient address rejected: Greylisted, see postgrey")
POSTFIX_UNKNOWN_USER = (550, "5.1.1 <bob@example.com>: Recipient address rejected: User unknown")
POSTFIX_SHUTTING_DOWN = (421, "4.3.2 Service shutting down and closing transmission channel")
DOVECOT_TEMPORARY_AUTH = (454, "4.7.0 Temporary authentication failure. [scripted:2026-11-20 10:00:00]")
AUTH_REQUIRED = (530, "5.7.0 Authentication required")
MAILBOX_FULL = (552, "5.2.2 Mailbox full")
REFUSED_CONTENT = (554, "5.7.1 Message rejected as spam by Content Filtering.")


@dataclass(frozen=True, slots=True)
class SmtpFault:
    """`act` is called in place of the server's own step; True means that it has dealt with it."""

    name: str
    act: "Callable[[SmtpSession], Awaitable[bool]]"


@dataclass(slots=True)
class PlacedSmtpFault:
    """A fault in place: it strikes the `nth` time its step comes, and the `times - 1` after it."""

    fault: SmtpFault
    on: str
    nth: int
    times: int
    seen: int = 0
    struck: int = 0


@dataclass(slots=True)
class SmtpFaults:
    """The faults of a server."""

    placed: list[PlacedSmtpFault] = field(default_factory=list)

    def add(self, fault: SmtpFault, on: str, nth: int = 1, times: int = 1) -> PlacedSmtpFault:
        placed = PlacedSmtpFault(fault, on, nth, times)
        self.placed.append(placed)
        return placed

    def clear(self) -> None:
        self.placed.clear()

    def due(self, step: str) -> list[SmtpFault]:
        """The faults that strike this step; it is counted."""
        due = []
        for placed in self.placed:
            if placed.on == step:
                placed.seen += 1
                if placed.nth <= placed.seen < placed.nth + placed.times:
                    placed.struck += 1
                    due.append(placed.fault)
        return due


def reply(code: int, text: str) -> SmtpFault:
    """This reply in place of the server's own; 421 also closes (RFC 5321 section 3.8). Lines are parted by LF."""

    async def act(session: "SmtpSession") -> bool:
        await session.say(code, text)
        if code == 421:
            session.over = True
        return True

    return SmtpFault(f"reply {code}", act)


def drop() -> SmtpFault:
    """The connection ends without a word, the step undone."""

    async def act(session: "SmtpSession") -> bool:
        session.over = True
        return True

    return SmtpFault("drop", act)


def reset() -> SmtpFault:
    """The connection is reset, the step undone."""

    async def act(session: "SmtpSession") -> bool:
        session.connection.reset()
        session.over = True
        return True

    return SmtpFault("reset", act)


def silence() -> SmtpFault:
    """No answer ever, the step undone; the connection stays open."""

    async def act(session: "SmtpSession") -> bool:
        await session.connection.wait_until_closed()
        session.over = True
        return True

    return SmtpFault("silence", act)


def late(seconds: float) -> SmtpFault:
    """The step is done this much later."""

    async def act(session: "SmtpSession") -> bool:
        await session.pause(seconds)
        return False

    return SmtpFault("late", act)


def drop_inside_body(after_bytes: int = 1) -> SmtpFault:
    """On "DATA": 354, so many bytes are read, and the connection ends before the final dot."""

    async def act(session: "SmtpSession") -> bool:
        await session.say(354, "End data with <CR><LF>.<CR><LF>")
        await session.connection.read_exactly(after_bytes)
        session.connection.reset()
        session.over = True
        return True

    return SmtpFault("drop inside body", act)


def accept_then_drop() -> SmtpFault:
    """On "BODY": the message is taken and delivered, and the connection ends before the 250."""

    async def act(session: "SmtpSession") -> bool:
        await session.take()
        session.connection.reset()
        session.over = True
        return True

    return SmtpFault("accept then drop", act)


def accept_then_silence() -> SmtpFault:
    """On "BODY": the message is taken and delivered, and no answer ever comes."""

    async def act(session: "SmtpSession") -> bool:
        await session.take()
        await session.connection.wait_until_closed()
        session.over = True
        return True

    return SmtpFault("accept then silence", act)


def accept_then_say(code: int, text: str) -> SmtpFault:
    """On "BODY": the message is taken and delivered, and the answer says otherwise."""

    async def act(session: "SmtpSession") -> bool:
        await session.take()
        await session.say(code, text)
        return True

    return SmtpFault(f"accept then say {code}", act)


def raw(text: bytes) -> SmtpFault:
    """Bytes as they are before the step is done: no SMTP, half a reply, a reply without an end."""

    async def act(session: "SmtpSession") -> bool:
        session.connection.write(text)
        await session.connection.flush()
        return False

    return SmtpFault("raw", act)
