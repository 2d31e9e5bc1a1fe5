"""New emails made searchable, in batches and seconds after they are on their leads: indexing never delays a pull.

When the method of finding words has changed, all older emails are indexed anew between the new ones.
"""

import asyncio

from postroom.journeys.tools import Tools
from postroom.rooms.emails import search_store, word_store

AT_ONCE = 300
SIDE_BY_SIDE = 2
"""While the words of some are found here, those of others are entered there."""
WORDS_AT_ONCE = 1_000
SLICES_OF_WORDS = 20
"""Looked at in an hour; meanwhile others may enter words between one slice and the next."""


async def index_emails(tools: Tools, organization_id: str) -> None:
    """Index what waits. One that comes meanwhile has its own job."""
    async with tools.db.transaction() as tx:
        await search_store.begin_progress(tx, organization_id)
    while True:
        await asyncio.gather(*(_index_waiting(tools, organization_id) for _ in range(SIDE_BY_SIDE)))
        async with tools.db.transaction() as tx:
            if not await search_store.index_anew(tx, organization_id, AT_ONCE):
                return


async def _index_waiting(tools: Tools, organization_id: str) -> None:
    after = ""
    while True:
        async with tools.db.transaction() as tx:
            indexed = await search_store.index_waiting(tx, organization_id, AT_ONCE, after)
        if len(indexed) == AT_ONCE:
            after = indexed[-1]
        elif after:
            after = ""  # once more from the front, where some may have come meanwhile
        else:
            return


async def forget_unused_words(tools: Tools) -> None:
    """Let go of words that stand in no email any more, some at a time: nothing of mail that was erased stays."""
    async with tools.db.transaction() as tx:
        organizations = await word_store.organizations_with_words(tx)
    for organization_id in organizations:
        for _ in range(SLICES_OF_WORDS):
            async with tools.db.transaction() as tx:
                looked_at = await word_store.forget_words(tx, organization_id, WORDS_AT_ONCE)
            if looked_at < WORDS_AT_ONCE:
                break
