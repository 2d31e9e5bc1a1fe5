"""Whether what a body names is there: users, contacts and accounts of the organization."""

from collections.abc import Collection

from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid


async def require_user(tx: Transaction, organization_id: str, field: str, user_id: str | None) -> None:
    """Raises Invalid unless this is a user of the organization; None names nobody."""
    if user_id and user_id not in await users_among(tx, organization_id, [user_id]):
        raise Invalid(field_errors={field: "There is no such user."})


async def user_or(tx: Transaction, organization_id: str, user_id: str | None, otherwise: str) -> str:
    """This user, if it is one of the organization; else the other. So records keep their authors where these are here
    too, and can be brought from where nobody here is known."""
    if user_id and user_id in await users_among(tx, organization_id, [user_id]):
        return user_id
    return otherwise


async def require_contact(tx: Transaction, organization_id: str, field: str, contact_id: str | None) -> None:
    """Raises Invalid unless this is a contact of the organization; None names nobody."""
    if contact_id and contact_id not in await contacts_among(tx, organization_id, [contact_id]):
        raise Invalid(field_errors={field: "There is no such contact."})


async def require_account(tx: Transaction, organization_id: str, field: str, account_id: str | None) -> None:
    """Raises Invalid unless this is an account of the organization, be it removed; None names none."""
    if not account_id:
        return
    row = await (
        await tx.execute(
            "select 1 from connected_accounts where organization_id = %s and id = %s", (organization_id, account_id)
        )
    ).fetchone()
    if row is None:
        raise Invalid(field_errors={field: "There is no such connected account."})


async def with_members(tx: Transaction, organization_id: str, ids: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """The users that these ids mean: a group's id stands for everybody in it. None stays None: nobody is named."""
    if ids is None or not any(one.startswith("group_") for one in ids):
        return ids
    rows = await (
        await tx.execute(
            "select distinct user_id from group_members where organization_id = %s and group_id = any(%s)",
            (organization_id, list(ids)),
        )
    ).fetchall()
    users = [one for one in ids if not one.startswith("group_")]
    return tuple(dict.fromkeys([*users, *sorted(row[0] for row in rows)]))


async def users_among(tx: Transaction, organization_id: str, ids: Collection[str]) -> set[str]:
    """Of these ids those of users."""
    rows = await (
        await tx.execute(
            "select id from users where organization_id = %s and id = any(%s)", (organization_id, list(ids))
        )
    ).fetchall()
    return {row[0] for row in rows}


async def user_names(tx: Transaction, organization_id: str, ids: Collection[str]) -> dict[str, str]:
    """What these users are called, by id."""
    rows = await (
        await tx.execute(
            "select id, coalesce(nullif(trim(first_name || ' ' || last_name), ''), email) from users"
            " where organization_id = %s and id = any(%s)",
            (organization_id, list(ids)),
        )
    ).fetchall()
    return dict(rows)


async def contacts_among(tx: Transaction, organization_id: str, ids: Collection[str]) -> set[str]:
    """Of these ids those of contacts."""
    rows = await (
        await tx.execute(
            "select id from contacts where organization_id = %s and id = any(%s)", (organization_id, list(ids))
        )
    ).fetchall()
    return {row[0] for row in rows}
