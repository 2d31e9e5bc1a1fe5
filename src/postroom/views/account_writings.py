"""What was written with an account and has not left yet: drafts, scheduled emails, the outbox. Asked for before the
account is removed, and while it cannot send."""

from collections.abc import Sequence

import msgspec

from postroom.ground.database import Transaction
from postroom.views.selection import as_date, rows_of

MOST_SHOWN = 500


class WritingCard(msgspec.Struct, frozen=True):
    """An email that has not left. `status`: draft, scheduled, outbox, or error (it could not be sent)."""

    id: str
    lead_id: str
    lead_name: str
    user_id: str | None
    status: str
    subject: str
    to: list[str]
    date_scheduled: str | None
    error: str


class WritingPage(msgspec.Struct, frozen=True):
    """At most five hundred of them, and how many there are by status."""

    data: list[WritingCard]
    total_by_status: dict[str, int]


UNSENT = ("draft", "scheduled", "outbox", "error")
_OF_ACCOUNT = (
    "e.organization_id = %(org)s and e.status = any(%(unsent)s) and (e.account_id = %(account)s"
    # A draft names its sender and no account yet: that is settled when it is sent.
    " or e.status = 'draft' and e.account_id is null and exists (select 1 from account_identities i"
    " where i.organization_id = e.organization_id and i.account_id = %(account)s"
    " and strpos(lower(e.sender), i.address_key) > 0))"
)


async def account_writings(tx: Transaction, organization_id: str, account_id: str) -> WritingPage:
    """What waits for an account, what leaves first first; drafts last."""
    cursor = rows_of(tx, WritingCard)
    await cursor.execute(
        "select e.id, e.lead_id, l.name, e.user_id, e.status, e.subject, e.to_list,"
        f" {as_date('e.date_scheduled')}, coalesce(d.error, '') from seen_emails e"
        " join leads l on l.organization_id = e.organization_id and l.id = e.lead_id"
        " left join deliveries d on d.organization_id = e.organization_id and d.email_id = e.id"
        f" where {_OF_ACCOUNT}"
        " order by e.status = 'draft', e.date_scheduled nulls first, e.date_updated, e.id limit %(most)s",
        {"org": organization_id, "account": account_id, "unsent": list(UNSENT), "most": MOST_SHOWN},
    )
    return WritingPage(await cursor.fetchall(), await _totals(tx, organization_id, account_id))


async def writings_to_move(
    tx: Transaction, organization_id: str, account_id: str, ids: Sequence[str] | None
) -> list[str]:
    """Their ids, what leaves first first; of these alone where ids are given."""
    rows = await (
        await tx.execute(
            f"select e.id from emails e where {_OF_ACCOUNT} and (%(all)s or e.id = any(%(ids)s))"
            " order by e.date_scheduled nulls first, e.date_updated, e.id",
            {
                "org": organization_id, "account": account_id, "unsent": list(UNSENT),
                "all": ids is None, "ids": list(ids or ()),
            },
        )
    ).fetchall()  # fmt: skip
    return [row[0] for row in rows]


async def _totals(tx: Transaction, organization_id: str, account_id: str) -> dict[str, int]:
    rows = await (
        await tx.execute(
            f"select e.status, count(*) from emails e where {_OF_ACCOUNT} group by e.status",
            {"org": organization_id, "account": account_id, "unsent": list(UNSENT)},
        )
    ).fetchall()
    return dict(rows)
