"""Which thread a message joins on a lead. Pure.

Every email leaves keys: its own Message-ID, those it references, and Gmail's conversation. Two emails of a lead with
a common key are one thread. That works in any order of arrival: a reply that comes first names the original's id
before the original is here. Mail without references falls back on subject and people.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from postroom.ground.keyed_hash import KeyedHash

MOST_REFERENCES = 24
"""Of a longer chain the first and the newest are used: enough to meet the rest of the thread."""


@dataclass(frozen=True, slots=True)
class ThreadSigns:
    """What ties a message to others. `people`: comparison keys of those outside; `gmail`: account and X-GM-THRID."""

    message_id: str | None
    references: tuple[str, ...]
    subject: str
    is_reply: bool
    people: tuple[str, ...]
    gmail: str | None = None


@dataclass(frozen=True, slots=True)
class ThreadKeys:
    """`leaves` are remembered for later emails; `asks` are looked up first. Both are keyed hashes."""

    leaves: tuple[int, ...]
    asks: tuple[int, ...]


def thread_keys(signs: ThreadSigns, hashes: KeyedHash) -> ThreadKeys:
    """The keys of one message."""
    references = signs.references
    if len(references) > MOST_REFERENCES:
        references = (references[0], *references[-MOST_REFERENCES + 1 :])
    names = dict.fromkeys([*([signs.message_id] if signs.message_id else []), *references])
    firm = [hashes.of_text(name) for name in names]
    if signs.gmail:
        firm.append(hashes.of_text(f"gmail\0{signs.gmail}"))
    if not signs.subject:
        return ThreadKeys(tuple(firm), tuple(firm))
    started = [hashes.of_text(f"start\0{signs.subject}\0{person}") for person in signs.people]
    orphaned = [hashes.of_text(f"reply\0{signs.subject}\0{person}") for person in signs.people]
    if signs.is_reply and not references:
        # A mail program that writes "Re:" and no References: it belongs to the same subject with the same people.
        return ThreadKeys(tuple(firm + orphaned), tuple(firm + started + orphaned))
    if signs.is_reply:
        return ThreadKeys(tuple(firm), tuple(firm))
    return ThreadKeys(tuple(firm + started), tuple(firm + orphaned))


@dataclass(frozen=True, slots=True)
class Newcomer:
    """An email that is to join a thread of a lead. `place` is the caller's own name for it."""

    place: int
    lead_id: str
    keys: ThreadKeys


@dataclass(frozen=True, slots=True)
class Joined:
    """For every newcomer its thread. `new` threads are to be made; `merged`: threads that end, and which one stays."""

    thread_of: Mapping[int, str]
    new: frozenset[str]
    merged: Mapping[str, str]


def join(newcomers: Sequence[Newcomer], known: Mapping[tuple[str, int], str], fresh_ids: Sequence[str]) -> Joined:
    """Give every newcomer a thread. `known`: thread by lead and key; `fresh_ids`: one unused thread id a newcomer."""
    owner = dict(known)
    parent: dict[str, str] = {}
    chosen: dict[int, str] = {}
    fresh = set(fresh_ids)
    for newcomer, fresh_id in zip(newcomers, fresh_ids, strict=True):
        lead = newcomer.lead_id
        met = {_root(parent, owner[lead, key]) for key in newcomer.keys.asks if (lead, key) in owner}
        # A thread that stands already stays, so that links to it hold; among equals the older id does.
        keep = min(met, key=lambda thread: (thread in fresh, thread), default=fresh_id)
        for other in met - {keep}:
            parent[other] = keep
        for key in newcomer.keys.leaves:
            owner.setdefault((lead, key), keep)
        chosen[newcomer.place] = keep
    thread_of = {place: _root(parent, thread) for place, thread in chosen.items()}
    merged = {thread: _root(parent, thread) for thread in parent if thread not in fresh}
    return Joined(thread_of, frozenset(set(thread_of.values()) & fresh), merged)


def _root(parent: Mapping[str, str], thread: str) -> str:
    while thread in parent:
        thread = parent[thread]
    return thread
