"""Queries of access links. A link is found by its secret before the organization is known."""

from datetime import datetime

from postroom.ground.database import Transaction
from postroom.ground.errors import NotFound
from postroom.ground.ids import new_id
from postroom.rooms.users.access_link import (
    MOST_MAIL_ATTEMPTS,
    FoundLink,
    LinkToMail,
    NewLink,
    Purpose,
    next_mail_try,
)


async def insert_link(tx: Transaction, organization_id: str, link: NewLink, now: datetime) -> str:
    """Keep a link; its id. Earlier links of the user, for whatever purpose, work no more."""
    await delete_links(tx, organization_id, link.user_id)
    link_id = new_id("link")
    await tx.execute(
        "insert into access_links (organization_id, id, purpose, user_id, token_hash, mail_account_id, created_by,"
        " date_created, date_expires) values (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            organization_id, link_id, link.purpose.value, link.user_id, link.token_hash, link.mail_account_id,
            link.created_by, now, link.date_expires,
        ),
    )  # fmt: skip
    return link_id


async def seal_token(tx: Transaction, organization_id: str, link_id: str, sealed: bytes) -> None:
    """Keep the token, sealed, until the mail with it is out."""
    await tx.execute(
        "update access_links set sealed_token = %s where organization_id = %s and id = %s",
        (sealed, organization_id, link_id),
    )


async def delete_links(tx: Transaction, organization_id: str, user_id: str) -> None:
    """Make all links of a user worthless."""
    await tx.execute("delete from access_links where organization_id = %s and user_id = %s", (organization_id, user_id))


async def newest_link_date(tx: Transaction, organization_id: str, user_id: str) -> datetime | None:
    """When the user's link was made, if there is one."""
    row = await (
        await tx.execute(
            "select max(date_created) from access_links where organization_id = %s and user_id = %s",
            (organization_id, user_id),
        )
    ).fetchone()
    return row[0] if row else None


async def find_link(tx: Transaction, token_hash: bytes, now: datetime) -> FoundLink:
    """The link behind a token, if it still works, locked. Raises NotFound."""
    row = await (
        await tx.execute(
            "select l.organization_id, o.name, l.id, l.purpose, l.user_id, u.email, u.first_name, u.last_name"
            " from access_links l join organizations o on o.id = l.organization_id"
            " join users u on u.organization_id = l.organization_id and u.id = l.user_id and u.is_active"
            " where l.token_hash = %s and l.date_expires > %s for no key update of l",
            (token_hash, now),
        )
    ).fetchone()
    if row is None:
        raise NotFound("This link does not work any more: it was used, replaced by a newer one, or has expired.")
    return FoundLink(row[0], row[1], row[2], Purpose(row[3]), *row[4:])


async def links_to_mail(
    tx: Transaction, organization_id: str, account_id: str, now: datetime
) -> tuple[LinkToMail, ...]:
    """What waits to go out by an account, oldest first."""
    rows = await (
        await tx.execute(
            "select l.id, l.purpose, o.name, u.email, u.first_name,"
            " coalesce(trim(c.first_name || ' ' || c.last_name), ''), l.date_expires, l.mail_attempts, l.sealed_token,"
            " coalesce(u.preferences ->> 'language', c.preferences ->> 'language', 'en')"
            " from access_links l join organizations o on o.id = l.organization_id"
            " join users u on u.organization_id = l.organization_id and u.id = l.user_id"
            " left join users c on c.organization_id = l.organization_id and c.id = l.created_by"
            " where l.organization_id = %s and l.mail_account_id = %s and l.sealed_token is not null"
            " and l.date_expires > %s and (l.mail_due_at is null or l.mail_due_at <= %s)"
            " order by l.date_created, l.id",
            (organization_id, account_id, now, now),
        )
    ).fetchall()
    return tuple(
        LinkToMail(row[0], Purpose(row[1]), row[2], row[3], row[4], row[5], row[6], row[7], bytes(row[8]), row[9])
        for row in rows
    )


async def note_mailed(tx: Transaction, organization_id: str, link_id: str, now: datetime) -> None:
    """The mail is out: its token is kept no longer."""
    await tx.execute(
        "update access_links set sealed_token = null, date_mailed = %s, mail_error = ''"
        " where organization_id = %s and id = %s",
        (now, organization_id, link_id),
    )


async def note_not_mailed(tx: Transaction, organization_id: str, link: LinkToMail, error: str, now: datetime) -> None:
    """The mail could not go out; after some tries it is given up, and the admin sees why."""
    attempts = link.attempts + 1
    await tx.execute(
        "update access_links set mail_error = %s, mail_attempts = %s, mail_due_at = %s, sealed_token ="
        " case when %s then null else sealed_token end where organization_id = %s and id = %s",
        (
            error[:500].replace("\x00", ""), attempts, next_mail_try(attempts, now), attempts >= MOST_MAIL_ATTEMPTS,
            organization_id, link.id,
        ),
    )  # fmt: skip


async def accounts_with_links(tx: Transaction, now: datetime) -> list[tuple[str, str]]:
    """Of the whole installation: (organization, account) by which a link's mail waits to go out."""
    rows = await (
        await tx.execute(
            "select distinct organization_id, mail_account_id from access_links"
            " where sealed_token is not null and date_expires > %s and (mail_due_at is null or mail_due_at <= %s)",
            (now, now),
        )
    ).fetchall()
    return [(row[0], row[1]) for row in rows]
