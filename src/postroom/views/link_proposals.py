"""Proposed links as a list, with the lead each is for; and what exclude patterns would leave out of what is logged."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from postroom.ground.database import Transaction
from postroom.rooms.mailbox.sightings import Verdict
from postroom.views.kept_things import seen_email
from postroom.views.selection import Page

MOST_GROUPS = 50_000


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A proposal; `shown` is sealed. `of_sender`: how many stand for the same sender and lead."""

    id: str
    account_id: str
    account_email: str
    lead_id: str
    lead_name: str
    contact_id: str | None
    reason: int
    shown: bytes = field(repr=False)
    date: datetime | None
    of_sender: int


@dataclass(frozen=True, slots=True)
class LoggedGroup:
    """Logged messages of one account with the same people: how many. `is_seen`: the viewer may know of them."""

    account_id: str
    is_outgoing: bool
    sender: str
    recipients: Sequence[str]
    is_seen: bool
    messages: int


async def link_proposals(
    tx: Transaction, organization_id: str, user_id: str, account_ids: tuple[str, ...] | None, page: Page
) -> list[ProposalRow]:
    """Those of a user's own accounts and of teams', the newest mail first; one more than the page holds."""
    rows = await (
        await tx.execute(
            "select p.id, p.account_id, a.email, p.lead_id, l.name, p.contact_id, p.reason, p.shown, p.date,"
            " count(*) over (partition by p.account_id, p.sender_hash, p.lead_id) from link_proposals p"
            " join connected_accounts a on a.organization_id = p.organization_id and a.id = p.account_id"
            " join leads l on l.organization_id = p.organization_id and l.id = p.lead_id"
            " where p.organization_id = %(org)s and not a.is_deleted and (a.user_id = %(user)s or a.user_id is null)"
            " and (%(all)s or p.account_id = any(%(accounts)s))"
            " order by p.date desc nulls last, p.id limit %(limit)s offset %(skip)s",
            {
                "org": organization_id, "user": user_id, "all": account_ids is None,
                "accounts": list(account_ids or ()), "limit": page.limit + 1, "skip": page.skip,
            },
        )
    ).fetchall()  # fmt: skip
    return [ProposalRow(*row) for row in rows]


async def count_proposals(tx: Transaction, organization_id: str, user_id: str) -> int:
    """How many wait for this user."""
    row = await (
        await tx.execute(
            "select count(*) from link_proposals p join connected_accounts a"
            " on a.organization_id = p.organization_id and a.id = p.account_id"
            " where p.organization_id = %s and not a.is_deleted and (a.user_id = %s or a.user_id is null)",
            (organization_id, user_id),
        )
    ).fetchone()
    return int(row[0]) if row else 0


async def logged_groups(tx: Transaction, organization_id: str, account_id: str) -> list[LoggedGroup]:
    """What is logged from an account's mailbox ("": from all), by who takes part in it. Nothing written here."""
    rows = await (
        await tx.execute(
            "select account_id, outgoing, sender, people, is_seen, count(*) from ("
            "select distinct on (c.account_id, c.message_key) c.account_id, e.direction = 'outgoing' as outgoing,"
            " e.sender, e.to_list || e.cc_list || e.bcc_list as people,"
            f" ({seen_email('e')}) as is_seen"
            " from copies c join emails e on e.organization_id = c.organization_id and e.message_key = c.message_key"
            " where c.organization_id = %(org)s and (%(account)s = '' or c.account_id = %(account)s) and e.reason <> 0"
            " order by c.account_id, c.message_key) as logged group by 1, 2, 3, 4, 5 limit %(most)s",
            {"org": organization_id, "account": account_id, "most": MOST_GROUPS},
        )
    ).fetchall()
    return [LoggedGroup(*row) for row in rows]


async def ledger_counts(
    tx: Transaction, organization_id: str, account_id: str, hashes: Sequence[int]
) -> tuple[int, int]:
    """Messages that an account ("": any) has seen; and of those that are not logged how many have one of these
    addresses. What lies in several folders counts once."""
    names = {"org": organization_id, "account": account_id, "hashes": list(hashes), "kept": Verdict.KEPT.value}
    of_account = (
        " from sightings s join folders f on f.organization_id = s.organization_id and f.id = s.folder_id"
        " where s.organization_id = %(org)s and (%(account)s = '' or f.account_id = %(account)s)"
    )
    counted = "select count(distinct (f.account_id, s.identity))"
    row = await (
        await tx.execute(
            f"select ({counted}{of_account}), ({counted}{of_account} and s.verdict <> %(kept)s"
            " and s.address_hashes && %(hashes)s::bigint[])",
            names,
        )
    ).fetchone()
    return (row[0], row[1]) if row else (0, 0)
