"""Faults of the answer: refusals in servers' own words, garbage, and data meant to exhaust the client."""

from collections.abc import AsyncIterator

from tests.servers.scripted_imap.faults import Fault
from tests.servers.scripted_imap.lines import Line, Lines, Tagged, no, untagged
from tests.servers.scripted_imap.session import Scene

# What real servers say. Sources: Google's and Microsoft's support pages, Dovecot's and Cyrus' sources, issue trackers.
GMAIL_TOO_MANY_CONNECTIONS = "[ALERT] Too many simultaneous connections. (Failure)"
GMAIL_BANDWIDTH = "[OVERQUOTA] Account exceeded command or bandwidth limits. 47"
GMAIL_APP_PASSWORD = (
    "[ALERT] Application-specific password required: https://support.google.com/accounts/answer/185833 (Failure)"
)
GMAIL_WEB_LOGIN = "[WEBALERT https://accounts.google.com/signin/continue] Web login required."
GMAIL_WRONG_PASSWORD = "[AUTHENTICATIONFAILED] Invalid credentials (Failure)"
GMAIL_SYSTEM_ERROR = "System Error (Failure)"
GMAIL_SESSION_EXPIRED = "Session expired, please login again."
MICROSOFT_LOGIN_FAILED = "AUTHENTICATE failed."
MICROSOFT_NOT_CONNECTED = "User is authenticated but not connected."
MICROSOFT_THROTTLED = "Request is throttled. Suggested Backoff Time: 92415 milliseconds"
MICROSOFT_UNAVAILABLE = "[UNAVAILABLE] Server Unavailable. 15"
YAHOO_LIMIT = "[LIMIT] FETCH Rate limit hit."
YAHOO_SERVER_BUG = "[SERVERBUG] FETCH Server error - Please try again later"
DOVECOT_TEMPORARY = "[UNAVAILABLE] Temporary authentication failure. [scripted:2026-11-20 10:00:00]"
DOVECOT_WRONG_PASSWORD = "[AUTHENTICATIONFAILED] Authentication failed."
DOVECOT_TOO_MANY = "Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)"
DOVECOT_OVER_QUOTA = "[OVERQUOTA] Quota exceeded (mailbox for user is full)"
DOVECOT_IN_USE = "[INUSE] Mailbox is locked"
CYRUS_OVER_QUOTA = "[OVERQUOTA] Over quota"


def refuse(text: str = "[UNAVAILABLE] Try again later", status: str = "NO") -> Fault:
    """A tagged NO (or BAD) in place of the answer; nothing is done."""

    async def reshape(scene: Scene, lines: Lines) -> AsyncIterator[Line]:
        yield Tagged(status, text)

    return Fault(f"refuse with {status} {text}", reshape)


def fail_after(lines: int, text: str = "[SERVERBUG] Internal error occurred") -> Fault:
    """So many lines of the answer, then a tagged NO."""

    async def reshape(scene: Scene, lines_: Lines) -> AsyncIterator[Line]:
        said = 0
        async for line in lines_:
            if said == lines:
                break
            said += 1
            yield line
        yield no(text)

    return Fault("fail after", reshape)


def done_but_refused(text: str = "[SERVERBUG] Internal error occurred") -> Fault:
    """The command takes effect and is answered with NO all the same."""

    async def reshape(scene: Scene, lines: Lines) -> AsyncIterator[Line]:
        async for line in lines:
            yield no(text) if isinstance(line, Tagged) else line

    return Fault("done but refused", reshape)


def saying(*texts: str) -> Fault:
    """Untagged lines of any kind before the answer: `OK [ALERT] …`, `BAD …`, `5 EXISTS`, `FLAGS ()`."""
    return raw(*(untagged(text) for text in texts))


def raw(*chunks: bytes) -> Fault:
    """Bytes as they are before the answer; line ends are the caller's."""

    async def reshape(scene: Scene, lines: Lines) -> AsyncIterator[Line]:
        for chunk in chunks:
            yield chunk
        async for line in lines:
            yield line

    return Fault("raw bytes", reshape)


def garbage() -> Fault:
    """Lines that are no IMAP before the answer: empty, binary, unbalanced, a foreign tag, a lone continuation."""
    return raw(
        b"\r\n",
        b"\x00\xff\xfe\x80garbage\r\n",
        b"* \r\n",
        b"* FETCH\r\n",
        b"* 1 FETCH (\r\n",
        b"* 99999999999999999999 EXISTS\r\n",
        b'* LIST (\\Odd "unbalanced\r\n',
        b"zz9 OK who is this\r\n",
    )


def replaced_by(*chunks: bytes) -> Fault:
    """Bytes in place of the answer, without a tagged line unless the caller puts one (`{tag}` stands for the tag)."""

    async def reshape(scene: Scene, lines: Lines) -> AsyncIterator[Line]:
        for chunk in chunks:
            yield chunk.replace(b"{tag}", scene.command.tag.encode())

    return Fault("replaced", reshape)


def endless_line(megabytes: int = 64) -> Fault:
    """One untagged line of this size before the answer."""

    async def reshape(scene: Scene, lines: Lines) -> AsyncIterator[Line]:
        yield b"* OK "
        for _ in range(megabytes * 16):
            yield b"x" * 65536
        yield b"\r\n"
        async for line in lines:
            yield line

    return Fault("endless line", reshape)


def giant_literal(announced: int = 1 << 40) -> Fault:
    """A literal announced far larger than any message; a little of it comes, and then the answer."""
    return raw(b"* 1 FETCH (UID 1 BODY[] {%d}\r\n" % announced, b"y" * 1000)


def deep_nesting(depth: int = 100_000) -> Fault:
    """A parenthesised structure nested this deep before the answer."""
    return raw(b"* 1 FETCH (BODYSTRUCTURE ", b"(" * depth, b")" * depth, b")\r\n")


def many_lines(count: int = 1_000_000, line: bytes = b"* OK still here\r\n") -> Fault:
    """So many unasked lines before the answer."""

    async def reshape(scene: Scene, lines: Lines) -> AsyncIterator[Line]:
        for _ in range(count):
            yield line
        async for answer in lines:
            yield answer

    return Fault("many lines", reshape)


def without_answer_lines() -> Fault:
    """Only the tagged OK, no untagged line: on "LIST" no folders, on "SELECT" no facts."""

    async def reshape(scene: Scene, lines: Lines) -> AsyncIterator[Line]:
        async for line in lines:
            if isinstance(line, Tagged):
                yield line

    return Fault("without answer lines", reshape)


def empty_list() -> Fault:
    """On "LIST": nothing, and OK."""
    return without_answer_lines()


def in_lower_case() -> Fault:
    """Untagged lines in lower case, which RFC 3501 section 9 allows for all its words. For answers without literals."""

    async def reshape(scene: Scene, lines: Lines) -> AsyncIterator[Line]:
        async for line in lines:
            yield line.lower() if isinstance(line, bytes) else line

    return Fault("in lower case", reshape)
