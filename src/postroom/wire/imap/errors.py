"""What goes wrong with IMAP, in words for the person concerned: Temporary, Permanent or NeedsUser.

    Permanent
    └── FolderMissing        the folder does not exist (any more), or cannot be opened
    Temporary
    └── TooManyConnections   the account has as many connections as its server allows

A server's refusal is known by its response code (RFC 5530) or, for those who give none, by its words; both
tables stand below. A refusal that neither knows counts as temporary, except of a login (RFC 9051 section
6.2.3: NO is "user name or password rejected").
"""

import re
import ssl
from dataclasses import dataclass, field
from enum import Enum

from postroom.ground.errors import NeedsUser, Permanent, PostroomError, Remedy, Temporary
from postroom.wire.imap.responses import Reply, code_and_text


class FolderMissing(Permanent):
    """The folder does not exist on the server, or not any more."""


class TooManyConnections(Temporary):
    """The server allows the account no further connection now."""


@dataclass(frozen=True, slots=True)
class Place:
    """Which login a failure concerns. `secrets` are only there to be struck out of what servers echo."""

    host: str
    user: str
    secrets: tuple[str, ...] = field(default=(), repr=False)
    by_token: bool = False


class Cause(Enum):
    """What a refusal means."""

    LOGIN = "login refused"
    APP_PASSWORD = "app password wanted"  # noqa: S105  the name of a cause
    WEB_LOGIN = "sign-in on the web wanted"
    IMAP_OFF = "IMAP switched off"
    PASSWORD_OFF = "password login switched off"  # noqa: S105
    WRONG_USER = "wrong user"
    ENCRYPTION = "encryption wanted"
    FULL = "mailbox full"
    NO_FOLDER = "no such folder"
    NOT_ALLOWED = "not allowed"
    LATER = "later"
    TOO_MANY = "too many connections"
    THROTTLED = "throttled"
    NEVER = "never"


# RFC 5530 section 3 unless marked otherwise.
_CODES = {
    b"AUTHENTICATIONFAILED": Cause.LOGIN,
    b"EXPIRED": Cause.LOGIN,
    b"AUTHORIZATIONFAILED": Cause.WRONG_USER,
    b"PRIVACYREQUIRED": Cause.ENCRYPTION,
    b"WEBALERT": Cause.WEB_LOGIN,  # Gmail: an address to sign in at follows
    b"UNAVAILABLE": Cause.LATER,
    b"INUSE": Cause.LATER,
    b"SERVERBUG": Cause.LATER,
    b"CORRUPTION": Cause.LATER,
    b"EXPUNGEISSUED": Cause.LATER,
    b"LIMIT": Cause.THROTTLED,  # Yahoo: of requests; where it is of connections, the words say so
    b"THROTTLED": Cause.THROTTLED,  # Gmail, Yahoo
    b"OVERQUOTA": Cause.FULL,
    b"NONEXISTENT": Cause.NO_FOLDER,
    b"TRYCREATE": Cause.NO_FOLDER,  # RFC 9051 section 7.1
    b"NOPERM": Cause.NOT_ALLOWED,
    b"TOOBIG": Cause.NEVER,  # RFC 4469
    b"CANNOT": Cause.NEVER,
    b"CLIENTBUG": Cause.NEVER,
}

# Tried in this order; the more particular words first.
_WORDS = tuple(
    (re.compile(words, re.IGNORECASE), cause)
    for words, cause in (
        ("application[- ]specific password", Cause.APP_PASSWORD),  # Gmail, Yahoo, iCloud
        ("app(lication)? password", Cause.APP_PASSWORD),
        ("web ?login required|log ?in via your web browser|please log in with your", Cause.WEB_LOGIN),  # Gmail
        ("basic ?auth(entication)? (is )?(disabled|blocked|not)|BasicAuthBlocked", Cause.PASSWORD_OFF),  # Office
        ("authenticated but not connected", Cause.WRONG_USER),  # Office 365: no mailbox for this login
        ("imap[^.]{0,30}(is )?(disabled|not enabled)|not enabled for imap", Cause.IMAP_OFF),  # Gmail, Zoho
        ("too many ([a-z/+]+ ){0,3}(connection|session|login)s|number of [a-z ]*connections", Cause.TOO_MANY),
        ("connection limit|connections? .{0,40}exceeded", Cause.TOO_MANY),
        ("too many", Cause.THROTTLED),
        ("exceeded (command or )?bandwidth|throttled|rate limit|backoff", Cause.THROTTLED),  # Gmail, Office 365
        ("over ?quota|quota exceeded|mailbox (is )?full", Cause.FULL),
        ("try again (later|in|after)|try later|temporar|unavailable|busy|system error", Cause.LATER),
        ("internal (server )?error", Cause.LATER),
        ("invalid credentials|authenticat\\w+ fail|log ?in (fail|error)|bad password|incorrect", Cause.LOGIN),
        ("(mailbox|folder).{0,200}(does ?n.t|not) exist|(unknown|no such) (mailbox|folder)", Cause.NO_FOLDER),
        ("not found|nonexistent", Cause.NO_FOLDER),
        ("permission denied|access denied|not permitted|read-only", Cause.NOT_ALLOWED),
    )
)

# Words that say more than the code before them.
_PARTICULAR = {
    Cause.APP_PASSWORD,
    Cause.WEB_LOGIN,
    Cause.PASSWORD_OFF,
    Cause.WRONG_USER,
    Cause.IMAP_OFF,
    Cause.TOO_MANY,
    Cause.THROTTLED,
}

_WAIT = re.compile(
    r"(?:again in|backoff time:|wait|after) +(\d{1,9}) *(millisecond|ms|second|sec|minute|min|hour)?", re.I
)
_UNIT_SECONDS = {"mil": 0.001, "ms": 0.001, "sec": 1.0, "min": 60.0, "hou": 3600.0}
_TOO_MANY_SECONDS = 300.0  # what servers count as a connection ends minutes after the connection
_THROTTLED_SECONDS = 900.0  # Gmail and Office 365 lift their brakes after some 15 minutes
_MAX_WAIT_SECONDS = 86400.0


def refused(place: Place, reply: Reply, what: str) -> PostroomError:
    """A NO or BAD to anything after the login. `what` completes "did not ...": "open the folder Sent"."""
    return _error(place, _cause(reply) or Cause.LATER, _said(place, reply.text), f"did not {what}")


def raise_if_lasting(place: Place, reply: Reply, what: str) -> None:
    """Raise a refusal that concerns the account, so that asking again in smaller pieces is of no use.

    Others may concern a single message: gone meanwhile, or one that the server itself cannot read.
    """
    if _cause(reply) not in {None, Cause.LATER, Cause.NO_FOLDER, Cause.NEVER} or b"UNAVAILABLE" in reply.code:
        raise refused(place, reply, what)


def login_refused(place: Place, reply: Reply) -> PostroomError:
    """A NO or BAD to a login."""
    cause = _cause(reply) or (Cause.LOGIN if reply.status == b"NO" else Cause.LATER)
    if cause in {Cause.NO_FOLDER, Cause.NOT_ALLOWED, Cause.NEVER}:
        cause = Cause.LOGIN
    return _error(place, cause, _said(place, reply.text), f"did not let {place.user} log in")


def closed(place: Place, words: bytes) -> PostroomError:
    """The server said BYE. Always temporary: a reason that lasts is told at the next login."""
    reply = Reply(b"BYE", *code_and_text(words.strip()))
    message = f"{place.host} ended the connection of {place.user}{_said(place, reply.text)}"
    return Temporary(message, retry_after_seconds=_wait_seconds(reply.text, _cause(reply)))


def lost(place: Place, cause: BaseException | None) -> PostroomError:
    """The connection is gone."""
    return _chained(Temporary(f"The connection to {place.host} for {place.user} was lost."), cause)


def silent(place: Place, seconds: float) -> PostroomError:
    """No answer for too long."""
    return Temporary(f"{place.host} has not answered {place.user} for {seconds:.0f} seconds.")


def unreachable(place: Place, port: int, cause: BaseException | None) -> PostroomError:
    """No connection at all: a name that is not found, a refused port, no answer."""
    reason = {
        "gaierror": "the name was not found",
        "ConnectionRefusedError": "nothing listens there",
        "TimeoutError": "it did not answer in time",
    }.get(type(cause).__name__, getattr(cause, "strerror", None) or "no way there")
    return _chained(Temporary(f"{place.host}, port {port}, could not be reached: {reason}."), cause)


def broken(place: Place, cause: BaseException) -> PostroomError:
    """What it says is not IMAP, or more than is sane."""
    return _chained(Temporary(f"{place.host} gave {place.user} an answer that makes no sense: {cause}."), cause)


def untrusted(place: Place, cause: ssl.SSLError) -> PostroomError:
    """Encryption could not be agreed on, or the certificate is not this host's."""
    if isinstance(cause, ssl.SSLCertVerificationError):
        words = f"The certificate of {place.host} is not to be trusted: {cause.verify_message}"
        return _chained(NeedsUser(words, remedy=Remedy.CERTIFICATE), cause)
    if cause.reason in {"WRONG_VERSION_NUMBER", "UNKNOWN_PROTOCOL", "UNSUPPORTED_PROTOCOL", "HTTP_REQUEST"}:
        words = f"{place.host} does not speak TLS on this port, or only an outdated one; check port and encryption."
        return _chained(NeedsUser(words, remedy=Remedy.SETTINGS), cause)
    return _chained(Temporary(f"Encryption with {place.host} failed: {cause.reason or 'no reason given'}."), cause)


def unencrypted(place: Place, why: str) -> PostroomError:
    """Encryption was asked for and is not to be had here, or someone is between us and the server."""
    return NeedsUser(f"{place.host} cannot be reached safely: {why}", remedy=Remedy.SETTINGS)


def _chained(error: PostroomError, cause: BaseException | None) -> PostroomError:
    error.__cause__ = cause
    return error


def _cause(reply: Reply) -> Cause | None:
    code = reply.code.partition(b" ")[0].upper()
    by_words = next((cause for words, cause in _WORDS if words.search(reply.text[:1000])), None)
    if by_words in _PARTICULAR:
        return by_words  # Gmail: [OVERQUOTA] for too much traffic, [ALERT] for a missing app password
    return _CODES.get(code, by_words)


def _said(place: Place, text: str) -> str:
    """The server's own words as the end of a sentence, short, printable, and without the secret."""
    for secret in place.secrets:
        text = text.replace(secret, "…")
    text = "".join(letter if letter.isprintable() else " " for letter in text[:300]).strip()
    return f": {text}" if text else "."


def _wait_seconds(text: str, cause: Cause | None) -> float | None:
    if found := _WAIT.search(text[:1000]):
        unit = (found[2] or "sec").lower()
        return min(int(found[1]) * _UNIT_SECONDS["ms" if unit == "ms" else unit[:3]], _MAX_WAIT_SECONDS)
    if cause is Cause.TOO_MANY:
        return _TOO_MANY_SECONDS
    return _THROTTLED_SECONDS if cause is Cause.THROTTLED else None


def _error(place: Place, cause: Cause, said: str, what: str) -> PostroomError:
    message = f"{place.host} {what}{said}"
    if cause is Cause.TOO_MANY:
        return TooManyConnections(message, retry_after_seconds=_wait_seconds(said, cause))
    if cause in {Cause.LATER, Cause.THROTTLED}:
        return Temporary(message, retry_after_seconds=_wait_seconds(said, cause))
    if cause is Cause.NO_FOLDER:
        return FolderMissing(message)
    if cause in {Cause.NOT_ALLOWED, Cause.NEVER}:
        return Permanent(message)
    return NeedsUser(message, remedy=_remedy(place, cause))


def _remedy(place: Place, cause: Cause) -> Remedy:
    if cause is Cause.LOGIN:
        return Remedy.CONSENT if place.by_token else Remedy.PASSWORD
    return {
        Cause.APP_PASSWORD: Remedy.APP_PASSWORD,
        Cause.WEB_LOGIN: Remedy.CONSENT,
        Cause.IMAP_OFF: Remedy.IMAP_ACCESS,
        Cause.PASSWORD_OFF: Remedy.CONSENT,
        Cause.WRONG_USER: Remedy.USER_NAME,
        Cause.ENCRYPTION: Remedy.SETTINGS,
        Cause.FULL: Remedy.PROVIDER_LIMIT,
    }[cause]
