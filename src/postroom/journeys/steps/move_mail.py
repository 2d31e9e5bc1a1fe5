"""Messages from the open folder into another, once.

A server without MOVE copies and then deletes. When the second half fails and all is tried again, it must not copy
again: every try would leave one more copy in the archive. So what lies in the target already is only taken out of the
source. The copies we know of say so; of messages that were tried before, the target itself is asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from postroom.ground.errors import Temporary
from postroom.journeys.steps.judge_mail import judge_batch
from postroom.journeys.steps.list_folders import imap_folder
from postroom.journeys.steps.mail_rules import MailRules
from postroom.journeys.tools import Tools
from postroom.rooms.emails import arriving_store
from postroom.rooms.mailbox import placement_store, sighting_store
from postroom.rooms.mailbox.folders import FolderRow
from postroom.wire.imap.fetch import summaries
from postroom.wire.imap.move import move, remove
from postroom.wire.imap.search import uids_with_message_id
from postroom.wire.imap.session import Session
from postroom.wire.imap.types import Access, Moved, UidSet


@dataclass(frozen=True, slots=True)
class Way:
    """From the open folder to another. `keys`: message key by UID. `tried`: keys whose move was begun before."""

    source: FolderRow
    target: FolderRow
    keys: Mapping[int, str]
    tried: frozenset[str]


async def move_mail(tools: Tools, mail: MailRules, session: Session, way: Way) -> None:
    """Move, and write down where the copies lie now. The source must be open for writing. Raises what moving raises;
    then some may have moved."""
    uids = UidSet(way.keys)
    there = UidSet() if session.offers("MOVE") else await _copied_already(tools, mail, session, way)
    stayed = await remove(session, there) if there else UidSet()
    rest = uids - there
    moved = await move(session, rest, imap_folder(way.target)) if rest else Moved({}, UidSet())
    await _write_down(tools, mail, way, Moved(moved.new_uids, moved.left_behind | stayed))


async def _write_down(tools: Tools, mail: MailRules, way: Way, moved: Moved) -> None:
    org, source, target = mail.organization_id, way.source, way.target
    async with tools.db.transaction() as tx:
        left = [(uid, True, True) for uid in moved.left_behind]
        await sighting_store.update_flags(tx, org, source.id, left)
        gone = UidSet(way.keys) - moved.left_behind
        known = {old: new for old, new in (moved.new_uids or {}).items() if old in gone}
        if target.is_synced:
            await placement_store.move_copies(tx, org, source.id, target.id, known)
        # Where the new UID is not told, or the target is not read, the copy is only known to have left.
        await sighting_store.remove_sightings(tx, org, source.id, list((gone - UidSet(known)).ranges()))
        await sighting_store.recount_folder(tx, org, source.id)
        await sighting_store.recount_folder(tx, org, target.id)


async def _copied_already(tools: Tools, mail: MailRules, session: Session, way: Way) -> UidSet:
    """UIDs of the source whose message lies in the target."""
    async with tools.db.transaction() as tx:
        org, keys = mail.organization_id, list(way.keys.values())
        copies = await placement_store.copies_of(tx, org, mail.account_id, keys)
        asked = await arriving_store.message_ids_of(tx, org, [key for key in keys if key in way.tried])
    there = {key for key, places in copies.items() if any(folder == way.target.id for folder, _, _ in places)}
    if missing := {key: message_id for key, message_id in asked.items() if key not in there}:
        there |= await _found_in_target(tools, mail, session, way, missing)
    return UidSet(sorted(uid for uid, key in way.keys.items() if key in there))


async def _found_in_target(
    tools: Tools, mail: MailRules, session: Session, way: Way, message_ids: Mapping[str, str]
) -> set[str]:
    """Of these messages those that the target holds. Looked at by their headers: a Message-ID alone is no identity."""
    await session.select(imap_folder(way.target), Access.READ_ONLY)
    found = UidSet()
    for message_id in message_ids.values():
        found = found | await uids_with_message_id(session, message_id)
    keys: set[str] = set()
    async for batch in summaries(session, found):
        keys |= {one.key for one in await judge_batch(tools, mail, batch.summaries)}
    state = await session.select(imap_folder(way.source), Access.READ_WRITE)
    if state.uid_validity != way.source.uid_validity:
        raise Temporary(f"The folder {way.source.name} was renumbered while mail was being moved out of it.")
    return keys & set(message_ids)
