"""Which folders an account has, and what each is for."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from postroom.wire.imap.errors import FolderMissing, refused
from postroom.wire.imap.folder_names import RANK_OF_NAME, ROLE_OF_NAME
from postroom.wire.imap.names import decoded, encoded
from postroom.wire.imap.responses import Limits, Reply, Response, Unspeakable
from postroom.wire.imap.session import Session
from postroom.wire.imap.syntax import Value, values
from postroom.wire.imap.types import Folder, FolderRole

MAX_FOLDERS = 20_000  # Gmail allows 10,000 labels

# RFC 6154 section 2, and what Gmail's XLIST says instead.
_ROLE_OF_ATTRIBUTE = {
    b"\\inbox": FolderRole.INBOX,
    b"\\sent": FolderRole.SENT,
    b"\\drafts": FolderRole.DRAFTS,
    b"\\archive": FolderRole.ARCHIVE,
    b"\\all": FolderRole.ALL,
    b"\\allmail": FolderRole.ALL,
    b"\\trash": FolderRole.TRASH,
    b"\\junk": FolderRole.JUNK,
    b"\\spam": FolderRole.JUNK,
    b"\\flagged": FolderRole.FLAGGED,
    b"\\starred": FolderRole.FLAGGED,
}
_NOT_SELECTABLE = {b"\\noselect", b"\\nonexistent"}


@dataclass(frozen=True, slots=True)
class _Listed:
    """A folder as listed, with the role that the server gives it, before names are looked at."""

    folder: Folder
    told: FolderRole | None


async def list_folders(session: Session) -> list[Folder]:
    """All folders. A server that cannot say raises; an account without folders is an empty list."""
    listed: dict[bytes, _Listed] = {}
    in_utf8 = "UTF8=ACCEPT" in session.enabled

    def take(response: Response) -> bool:
        if response.text[2:7].upper() not in {b"LIST ", b"XLIST"}:
            return False
        one = _read(values(response, 2), in_utf8)
        if len(listed) >= MAX_FOLDERS:
            raise Unspeakable("it lists folders without end")
        if one is not None:
            listed.setdefault(one.folder.raw_name, one)
        return True

    await session.run(_list_command(session), "list its folders", take, Limits())
    return _with_roles(list(listed.values()))


def _list_command(session: Session) -> bytes:
    if session.offers("SPECIAL-USE") and session.offers("LIST-EXTENDED"):
        return b'LIST "" "*" RETURN (SPECIAL-USE)'
    if session.offers("XLIST") and not session.offers("SPECIAL-USE"):
        return b'XLIST "" "*"'
    return b'LIST "" "*"'


def _read(parts: list[Value], in_utf8: bool) -> _Listed | None:
    """`LIST (attributes) delimiter name`; None for a line that is none, which is left out alone."""
    if len(parts) < 4 or not isinstance(parts[1], list) or not isinstance(parts[3], bytes):
        return None
    attributes = {one.lower() for one in parts[1] if isinstance(one, bytes)}
    raw, delimiter = parts[3], parts[2]
    name = raw.decode("utf-8", "replace") if in_utf8 else decoded(raw)
    folder = Folder(
        name=name,
        raw_name=encoded(name) if in_utf8 else raw,
        delimiter=delimiter.decode("latin-1") if isinstance(delimiter, bytes) and delimiter else None,
        role=FolderRole.OTHER,
        selectable=not attributes & _NOT_SELECTABLE and not any(byte in raw for byte in b"\r\n\0"),
    )
    told = next((role for attribute, role in _ROLE_OF_ATTRIBUTE.items() if attribute in attributes), None)
    return _Listed(folder, FolderRole.INBOX if raw.upper() == b"INBOX" else told)


def _with_roles(listed: list[_Listed]) -> list[Folder]:
    """Each role goes to one folder at most: where the server tells, to that one, else by name."""
    chosen: dict[bytes, FolderRole] = {}
    for role in FolderRole:
        told = [one.folder for one in listed if one.told is role and one.folder.selectable]
        named = [
            one.folder
            for one in listed
            if one.told is None and one.folder.selectable and ROLE_OF_NAME.get(_last_part(one.folder)) is role
        ]
        if candidates := told or named:
            chosen[min(candidates, key=_preference).raw_name] = role
    folders = [one.folder for one in listed]
    return [replace(folder, role=chosen.get(folder.raw_name, FolderRole.OTHER)) for folder in folders]


def _preference(folder: Folder) -> tuple[int, int, bytes]:
    """Of two folders for one purpose the shallower, then the one with the more usual name."""
    depth = folder.name.count(folder.delimiter) if folder.delimiter else 0
    return depth, RANK_OF_NAME.get(_last_part(folder), len(RANK_OF_NAME)), folder.raw_name


def _last_part(folder: Folder) -> str:
    last = folder.name.rsplit(folder.delimiter, 1)[-1] if folder.delimiter else folder.name
    return unicodedata.normalize("NFC", last).strip().lower()  # macOS servers decompose: e and ´ apart


async def create_folder(session: Session, name: str) -> Folder:
    """Make a folder (it is no error if it exists already) and subscribe to it.

    Where all folders live below INBOX (Courier, Cyrus), so does the new one. Raises Temporary or Permanent.
    """
    listed = await list_folders(session)
    prefix = await _personal_prefix(session)
    below_inbox = next((f"INBOX{one.delimiter}" for one in listed if one.delimiter), "")
    refusal: Reply | None = None
    for full_name in dict.fromkeys([prefix + name, below_inbox + name]):
        reply = await session.start(b"CREATE " + session.spoken(full_name)).reply
        made = next((one for one in await list_folders(session) if one.raw_name == encoded(full_name)), None)
        if made is not None:
            await session.start(b"SUBSCRIBE " + session.name(made)).reply  # a wish; not every server knows it
            return made
        refusal = refusal or (None if reply.is_ok else reply)
    if refusal is not None:
        raise refused(session.place, refusal, f"make the folder {name}")
    raise FolderMissing(f"{session.place.host} made the folder {name} and does not list it.")


async def _personal_prefix(session: Session) -> str:
    """What stands before the names of a user's own folders: empty, or `INBOX.` (RFC 2342)."""
    if not session.offers("NAMESPACE"):
        return ""
    prefixes: list[bytes] = []

    def take(response: Response) -> bool:
        if response.text[2:12].upper() != b"NAMESPACE ":
            return False
        prefixes.extend(_first_prefix(values(response, 12)[:1]))
        return True

    await session.run(b"NAMESPACE", "say where its folders are", take)
    return decoded(prefixes[0]) if prefixes else ""


def _first_prefix(personal: Iterable[Value]) -> list[bytes]:
    for spaces in personal:
        if isinstance(spaces, list) and spaces and isinstance(spaces[0], list) and spaces[0]:
            prefix = spaces[0][0]
            return [prefix] if isinstance(prefix, bytes) else []
    return []
