"""Which function answers which verb, in which state, with which capability; and the news told before each last line."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from tests.servers.scripted_imap import changing, fetching, idling, listing, login, searching, selecting
from tests.servers.scripted_imap.command import Command, Unparsable
from tests.servers.scripted_imap.lines import Hangup, Lines, Tagged, bad, no, untagged

if TYPE_CHECKING:
    from tests.servers.scripted_imap.session import Session


class State(Enum):
    """When a verb is allowed (RFC 3501 section 6)."""

    ANY = "any"
    LOGGED_OUT = "logged out"
    LOGGED_IN = "logged in"
    FOLDER_OPEN = "folder open"


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb: its answer, its state, and the capability without which it is unknown."""

    answer: "Callable[[Session, Command], Lines]"
    state: State
    capability: str = ""


VERBS: dict[str, Verb] = {
    "CAPABILITY": Verb(login.capability, State.ANY),
    "NOOP": Verb(login.noop, State.ANY),
    "CHECK": Verb(login.noop, State.FOLDER_OPEN),
    "LOGOUT": Verb(login.logout, State.ANY),
    "ID": Verb(login.identify, State.ANY, "ID"),
    "STARTTLS": Verb(login.starttls, State.LOGGED_OUT),
    "LOGIN": Verb(login.login, State.LOGGED_OUT),
    "AUTHENTICATE": Verb(login.authenticate, State.LOGGED_OUT),
    "ENABLE": Verb(login.enable, State.LOGGED_IN, "ENABLE"),
    "COMPRESS": Verb(login.compress, State.LOGGED_IN, "COMPRESS=DEFLATE"),
    "NAMESPACE": Verb(login.namespace, State.LOGGED_IN, "NAMESPACE"),
    "LIST": Verb(listing.list_folders, State.LOGGED_IN),
    "XLIST": Verb(listing.list_folders, State.LOGGED_IN, "XLIST"),
    "LSUB": Verb(listing.list_subscribed, State.LOGGED_IN),
    "STATUS": Verb(listing.status, State.LOGGED_IN),
    "CREATE": Verb(listing.create, State.LOGGED_IN),
    "DELETE": Verb(listing.delete, State.LOGGED_IN),
    "RENAME": Verb(listing.rename, State.LOGGED_IN),
    "SUBSCRIBE": Verb(listing.subscribe, State.LOGGED_IN),
    "UNSUBSCRIBE": Verb(listing.subscribe, State.LOGGED_IN),
    "SELECT": Verb(selecting.select, State.LOGGED_IN),
    "EXAMINE": Verb(selecting.select, State.LOGGED_IN),
    "APPEND": Verb(changing.append, State.LOGGED_IN),
    "IDLE": Verb(idling.idle, State.LOGGED_IN, "IDLE"),
    "CLOSE": Verb(selecting.close, State.FOLDER_OPEN),
    "UNSELECT": Verb(selecting.close, State.FOLDER_OPEN, "UNSELECT"),
    "FETCH": Verb(fetching.fetch, State.FOLDER_OPEN),
    "UID FETCH": Verb(fetching.fetch, State.FOLDER_OPEN),
    "SEARCH": Verb(searching.search, State.FOLDER_OPEN),
    "UID SEARCH": Verb(searching.search, State.FOLDER_OPEN),
    "STORE": Verb(changing.store, State.FOLDER_OPEN),
    "UID STORE": Verb(changing.store, State.FOLDER_OPEN),
    "COPY": Verb(changing.copy, State.FOLDER_OPEN),
    "UID COPY": Verb(changing.copy, State.FOLDER_OPEN),
    "MOVE": Verb(changing.move, State.FOLDER_OPEN, "MOVE"),
    "UID MOVE": Verb(changing.move, State.FOLDER_OPEN, "MOVE"),
    "EXPUNGE": Verb(changing.expunge, State.FOLDER_OPEN),
    "UID EXPUNGE": Verb(changing.expunge, State.FOLDER_OPEN, "UIDPLUS"),
}

# While these answer, message numbers must not change (RFC 3501 section 7.4.1); their UID forms may tell.
_NUMBERS_HOLD = ("FETCH", "STORE", "SEARCH")
_TELL_THEMSELVES = ("IDLE", "SELECT", "EXAMINE", "LOGOUT")


async def perform(session: "Session", command: Command) -> Lines:
    """The honest answer to a command."""
    verb = VERBS.get(command.verb)
    if verb is None or (verb.capability and not session.can(verb.capability)):
        yield bad(f"Unknown command {command.verb}.")
        return
    if not _allowed(session, verb.state):
        yield bad(f"{command.verb} is not allowed now.")
        return
    if session.view is not None and session.view.folder.deleted and verb.state is State.FOLDER_OPEN:
        yield untagged("BYE Selected mailbox was deleted, have to disconnect.")
        yield Hangup()
        return
    try:
        async for line in verb.answer(session, command):
            if isinstance(line, Tagged) and command.verb not in _TELL_THEMSELVES:
                for update in session.updates(expunges=command.verb not in _NUMBERS_HOLD):
                    yield update
            yield line
    except (Unparsable, ValueError, IndexError) as error:
        yield bad(f"Error in IMAP command {command.verb}: {error}")
    except KeyError as error:
        yield no(f"[SERVERBUG] {error!r}")


def _allowed(session: "Session", state: State) -> bool:
    match state:
        case State.ANY:
            return True
        case State.LOGGED_OUT:
            return session.account is None
        case State.LOGGED_IN:
            return session.account is not None
        case State.FOLDER_OPEN:
            return session.view is not None
