"""Queries of who was told that an account broke: once for each time that a side stops working."""

from datetime import datetime

from postroom.ground.database import Transaction

_BROKEN = (
    "(select organization_id, id, 'receive' as side from connected_accounts where receive_status = 'error'"
    " and sync_enabled and is_active and not is_deleted and imap_host <> ''"
    " union all select organization_id, id, 'send' from connected_accounts where send_status = 'error'"
    " and send_enabled and is_active and not is_deleted and smtp_host <> '')"
)


async def accounts_to_tell_of(tx: Transaction) -> list[tuple[str, str]]:
    """(organization, account) with a broken side that nobody was told of; for the sweep, which serves all of them."""
    rows = await (
        await tx.execute(
            f"select distinct b.organization_id, b.id from {_BROKEN} b where not exists (select 1 from account_alerts t"
            " where t.organization_id = b.organization_id and t.account_id = b.id and t.side = b.side)"
        )
    ).fetchall()
    return [(row[0], row[1]) for row in rows]


async def claim(tx: Transaction, organization_id: str, account_id: str, now: datetime) -> list[str]:
    """The broken sides of an account of which somebody is to be told now; they are told of once."""
    rows = await (
        await tx.execute(
            "insert into account_alerts (organization_id, account_id, side, date_created)"
            f" select b.organization_id, b.id, b.side, %(now)s from {_BROKEN} b"
            " where b.organization_id = %(org)s and b.id = %(account)s on conflict do nothing returning side",
            {"org": organization_id, "account": account_id, "now": now},
        )
    ).fetchall()
    return sorted(row[0] for row in rows)


async def forget_recovered(tx: Transaction) -> None:
    """Sides that work again, of all organizations: when they break the next time, that is news. By organization_id."""
    await tx.execute(
        "delete from account_alerts t using connected_accounts a where a.organization_id = t.organization_id"
        " and a.id = t.account_id and ((t.side = 'receive' and a.receive_status = 'ok')"
        " or (t.side = 'send' and a.send_status = 'ok') or a.is_deleted)"
    )


async def senders_of_notices(tx: Transaction, organization_id: str, but: str) -> list[str]:
    """Accounts that can send a notice: teams' and admins' first, any other working one last; `but` is left out."""
    rows = await (
        await tx.execute(
            "select a.id from connected_accounts a left join users u on u.organization_id = a.organization_id"
            " and u.id = a.user_id where a.organization_id = %s and a.id <> %s and a.smtp_host <> ''"
            " and a.send_status = 'ok' and a.send_enabled and a.is_active and not a.is_deleted"
            " order by (a.user_id is null) desc, (u.role = 'admin') desc, a.date_created, a.id limit 3",
            (organization_id, but),
        )
    ).fetchall()
    return [row[0] for row in rows]


async def who_to_tell(tx: Transaction, organization_id: str, owner_id: str | None) -> list[str]:
    """Addresses of the owner and the admins."""
    rows = await (
        await tx.execute(
            "select email from users where organization_id = %s and is_active and (id = %s or role = 'admin')"
            " order by (id = %s) desc, email limit 20",
            (organization_id, owner_id or "", owner_id or ""),
        )
    ).fetchall()
    return [row[0] for row in rows]
