"""Header summaries in, verdicts out: what each message of a batch is, whom it concerns, what the ledger keeps of it.

A few reads for the whole batch; nothing is written here.
"""

import asyncio
import logging
from collections.abc import Sequence

import msgspec
from msgspec import structs

from postroom.ground.database import Transaction
from postroom.journeys.steps.find_links import Undecided, find_links
from postroom.journeys.steps.follow_moves import follow_moves
from postroom.journeys.steps.mail_rules import MailRules
from postroom.journeys.steps.read_body import MISTAKES
from postroom.journeys.tools import Tools
from postroom.rooms.emails import arriving_store
from postroom.rooms.emails.message_key import message_key, sighting_identity
from postroom.rooms.emails.relevance import Answered, Judgement, Letter, Outcome, Person, judge
from postroom.rooms.leads.address_book import people_at
from postroom.rooms.mailbox.sightings import Sighting, Verdict
from postroom.wire.imap.types import HeaderSummary, SummaryBatch, UidSet
from postroom.wire.mime.identity import identity_of
from postroom.wire.mime.parse import parse_head
from postroom.wire.mime.subjects import normalized_subject
from postroom.wire.mime.types import MessageHead

_log = logging.getLogger(__name__)

MOST_ADDRESSES = 1000
"""Of a message to more people than this the ledger remembers the first thousand."""

HEADS_AT_ONCE = 50
"""Read without a break: two milliseconds."""

LARGEST_SIZE = 2**31 - 1
"""Servers have been seen to give sizes that no message has."""


class Judged(msgspec.Struct, frozen=True):
    """A message of a batch and what was decided. `key` is its identity in this organization."""

    summary: HeaderSummary
    head: MessageHead
    letter: Letter
    key: str
    judgement: Judgement

    @property
    def is_kept(self) -> bool:
        """Whether its body is wanted."""
        return self.judgement.outcome is Outcome.KEPT


class _Read(msgspec.Struct, frozen=True):
    summary: HeaderSummary
    head: MessageHead
    letter: Letter
    identity: bytes


async def judge_batch(tools: Tools, mail: MailRules, summaries: Sequence[HeaderSummary]) -> list[Judged]:
    """Decide every message of the batch that can be read; `unjudged` says which could not."""
    read = await _read_in_turns(summaries)
    outsiders = {key for one in read for key in one.letter.participants if not mail.rules.is_coworker(key)}
    async with tools.db.reading() as tx:
        org = mail.organization_id
        found = await people_at(tx, org, outsiders)
        people = {key: [Person(p.contact_id, p.lead_id) for p in at] for key, at in found.items()}
        strangers = [one for one in read if not any(key in people for key in one.letter.participants)]
        answered = await _answered(mail, tx, strangers)
        ours = [one.head.postroom_id for one in read if one.head.postroom_id]
        own_keys = await arriving_store.message_keys_of(tx, org, ours)
    judged = []
    for one in read:
        decision = judge(one.letter, mail.rules, people, answered.get(one.summary.uid, ()))
        judged.append(Judged(one.summary, one.head, one.letter, _key(mail, one, decision, own_keys), decision))
    judged = await _with_links(tools, mail, judged) if mail.finds_links else judged
    return await _with_moves(tools, mail, judged)


async def _with_links(tools: Tools, mail: MailRules, judged: Sequence[Judged]) -> list[Judged]:
    """What has no contact is looked at once more."""
    asked = [Undecided(one.letter, one.head, one.key, one.judgement) for one in judged]
    changed = await find_links(tools, mail, asked)
    return [structs.replace(one, judgement=changed.get(one.key, one.judgement)) for one in judged]


async def _with_moves(tools: Tools, mail: MailRules, judged: Sequence[Judged]) -> list[Judged]:
    """What belongs to a conversation that a person has moved goes where that is now."""
    if not any(one.is_kept for one in judged):
        return list(judged)
    told = [(one.key, one.head, one.judgement) for one in judged]
    async with tools.db.reading() as tx:
        decided = await follow_moves(tx, mail.organization_id, mail.hashes, told)
    return [structs.replace(one, judgement=new) for one, new in zip(judged, decided, strict=True)]


def unjudged(batch: SummaryBatch, judged: Sequence[Judged]) -> UidSet:
    """Of a batch what the server did not answer for, and what we could not read."""
    if len(judged) == len(batch.summaries):
        return batch.missing
    there = UidSet(sorted(summary.uid for summary in batch.summaries))
    return batch.missing | (there - UidSet(sorted(one.summary.uid for one in judged)))


def sighting_of(mail: MailRules, judged: Judged, verdict: Verdict | None = None) -> Sighting:
    """The ledger's entry: hashes, date and size; nothing that could be read."""
    hashed = mail.hashes.of_text
    people = dict.fromkeys(judged.letter.participants[:MOST_ADDRESSES])
    return Sighting(
        uid=judged.summary.uid,
        verdict=verdict or Verdict[judged.judgement.outcome.name],
        identity=sighting_identity(judged.key),
        message_id_hash=mail.hashes.of_bytes((judged.head.message_id or "").encode("utf-8", "replace")),
        subject_hash=hashed(judged.letter.subject),
        address_hashes=tuple(hashed(key) for key in people if not mail.rules.is_ours(key)),
        date=judged.head.date or judged.summary.internal_date,
        size=min(judged.summary.size, LARGEST_SIZE),
    )


def unanswered(uid: int) -> Sighting:
    """The entry of a message that the server lists and does not answer for: all we know is that it is there."""
    return Sighting(uid, Verdict.FAILED, 0, 0, 0, (), None, 0)


async def _read_in_turns(summaries: Sequence[HeaderSummary]) -> list[_Read]:
    """Every head of the batch. In between others have their turn: what is being stored, and other accounts."""
    read: list[_Read | None] = []
    for start in range(0, len(summaries), HEADS_AT_ONCE):
        read += [_read_or_leave(summary) for summary in summaries[start : start + HEADS_AT_ONCE]]
        await asyncio.sleep(0)
    return [one for one in read if one is not None]


def _read_or_leave(summary: HeaderSummary) -> _Read | None:
    """None where reading the header fails by a mistake of ours, which is in the log then: its neighbours go on."""
    try:
        return _read(summary)
    except MISTAKES:
        _log.exception("a header could not be read; its message is set aside", extra={"uid": summary.uid})
        return None


def _read(summary: HeaderSummary) -> _Read:
    head = parse_head(summary.header)
    letter = Letter(
        senders=tuple(address.key for address in head.from_) or ((head.sender.key,) if head.sender else ()),
        recipients=tuple(address.key for address in head.recipients),
        subject=normalized_subject(head.subject)[0],
        received=summary.internal_date or head.date,
        is_draft="\\Draft" in summary.flags,
    )
    return _Read(summary, head, letter, identity_of(head))


def _key(mail: MailRules, one: _Read, decision: Judgement, own_keys: dict[str, str]) -> str:
    # Our own header is believed only on mail from one of us: anyone can write it. A relay may have changed the rest.
    if decision.outgoing and one.head.postroom_id in own_keys:
        return own_keys[one.head.postroom_id]
    return message_key(mail.hashes, one.identity)


async def _answered(mail: MailRules, tx: Transaction, strangers: Sequence[_Read]) -> dict[int, list[Answered]]:
    """For messages without any contact: the emails we sent that they say they answer, by UID."""
    named: dict[int, list[int]] = {}
    for one in strangers:
        answers = one.head.in_reply_to or one.head.references[-1:]
        for message_id in answers:
            named.setdefault(mail.hashes.of_text(message_id), []).append(one.summary.uid)
    found: dict[int, list[Answered]] = {}
    for email in await arriving_store.emails_named(tx, mail.organization_id, list(named)):
        if email.direction == "outgoing":
            for uid in named[email.id_hash]:
                answer = Answered(email.lead_id, email.contact_id, email.thread_subject)
                found.setdefault(uid, []).append(answer)
    return found
