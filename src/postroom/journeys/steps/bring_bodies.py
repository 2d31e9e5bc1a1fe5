"""The bodies of wanted messages: from the blob store where we hold them, else from the server; each read as it comes.

Reading one takes a processor and bringing the next one takes the network: they go on at the same time. Nothing is
marked as read, and nothing is written here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from postroom.ground.errors import NotFound, Permanent
from postroom.journeys.steps.judge_mail import Judged
from postroom.journeys.steps.mail_rules import MailRules
from postroom.journeys.steps.read_apart import Reader, Unread
from postroom.journeys.steps.read_body import Body
from postroom.journeys.tools import Tools
from postroom.rooms.emails import arriving_store
from postroom.rooms.mailbox import sighting_store
from postroom.wire.imap.fetch import raw_messages
from postroom.wire.imap.session import Session
from postroom.wire.imap.types import UidSet

BYTES_AT_ONCE = 16 * 1024 * 1024
LARGEST_MESSAGE = 64 * 1024 * 1024
"""Of a larger message only the header is kept, with a note in place of its body."""


@dataclass(frozen=True, slots=True)
class Held:
    """What is here already: bodies by message key, emails by (key, lead), UIDs of this folder by key, UIDs sighted."""

    messages: dict[str, arriving_store.KnownMessage]
    on_leads: dict[tuple[str, str], str]
    in_folder: dict[str, list[int]]
    sighted: frozenset[int]


@dataclass(frozen=True, slots=True)
class Brought:
    """Bodies by UID, None where the server did not hand one over or we cannot read it. Those we hold whole are absent.

    `raws`: the bytes of those that came from the server, still to be kept; their bodies have no reference yet.
    """

    bodies: dict[int, Body | None] = field(default_factory=dict)
    raws: dict[int, bytes] = field(default_factory=dict)


async def what_we_hold(tools: Tools, mail: MailRules, folder_id: int, keys: Sequence[str], uids: Sequence[int]) -> Held:
    """What the database says of these messages, and of these UIDs of the folder."""
    async with tools.db.reading() as tx:
        org = mail.organization_id
        return Held(
            messages=await arriving_store.known_messages(tx, org, keys) if keys else {},
            on_leads=await arriving_store.leads_holding(tx, org, keys) if keys else {},
            in_folder=await sighting_store.keys_in_folder(tx, org, folder_id, keys) if keys else {},
            sighted=await sighting_store.already_sighted(tx, org, folder_id, uids) if uids else frozenset(),
        )


async def bring_bodies(tools: Tools, session: Session, portion: Sequence[Judged], held: Held) -> Brought:
    """Bring and read what these messages lack."""
    wanted, stored = [], []
    repeated = _repeated(portion, held)
    for one in portion:
        known = held.messages.get(one.key)
        if known is None or not known.raw_ref or one.key in repeated:
            wanted.append(one.summary.uid)
        elif any((one.key, concern.lead_id) not in held.on_leads for concern in one.judgement.concerns):
            stored.append((one, known.raw_ref))
    bodies = await _read_stored(tools, stored)
    wanted += [one.summary.uid for one, _ in stored if one.summary.uid not in bodies]
    brought = Brought({**bodies, **dict.fromkeys(wanted)})
    if wanted:
        await _read_from_server(tools, session, UidSet(wanted), brought)
    return brought


async def _read_from_server(tools: Tools, session: Session, wanted: UidSet, brought: Brought) -> None:
    async with Reader(tools.reading) as reader:
        async for raw in raw_messages(session, wanted, LARGEST_MESSAGE, BYTES_AT_ONCE):
            # A message with a header is never empty: a server answers so that has lost the file.
            if raw.uid in brought.bodies and raw.raw:
                brought.raws[raw.uid] = raw.raw
                reader.add(Unread(raw.uid, raw.raw, raw.header_only))
    brought.bodies.update(reader.bodies)


async def _read_stored(tools: Tools, stored: Sequence[tuple[Judged, str]]) -> dict[int, Body | None]:
    """By UID what the blob store holds of these messages; one that is erased or damaged there is absent."""
    refs: dict[int, str] = {}
    async with Reader(tools.reading) as reader:
        for one, ref in stored:
            try:
                raw = await tools.blobs.read(ref)
            except (NotFound, Permanent):
                continue
            refs[one.summary.uid] = ref
            reader.add(Unread(one.summary.uid, raw, header_only=one.summary.size > LARGEST_MESSAGE))
    return {uid: replace(body, raw_ref=refs[uid]) if body else None for uid, body in reader.bodies.items()}


def _repeated(portion: Sequence[Judged], held: Held) -> set[str]:
    """Identities that one folder shows more than once: only the words can tell whether that is one message or two."""
    seen: set[str] = set()
    repeated: set[str] = set()
    for one in portion:
        elsewhere = any(uid != one.summary.uid for uid in held.in_folder.get(one.key, ()))
        (repeated if elsewhere or one.key in seen else seen).add(one.key)
    return repeated
