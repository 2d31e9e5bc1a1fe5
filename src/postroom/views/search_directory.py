"""What the names in a query stand for: statuses, users, and the Smart Views that the person who asks may use."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from postroom.ground.database import Transaction
from postroom.ground.errors import Invalid
from postroom.rooms.leads.phones import region_of_zone
from postroom.rooms.smart_views import store
from postroom.rooms.smart_views.moments import Here
from postroom.rooms.smart_views.saved_search import SavedSearch, Seeker, query_of
from postroom.rooms.smart_views.tree import InView, Query, walk
from postroom.views.kept_things import has_kept_mail
from postroom.views.search_meaning import Asking, Directory, NamedField, NamedUser


@dataclass(frozen=True, slots=True)
class Reader:
    """Who searches, and when and where: what `me`, `today` and `in:` mean."""

    seeker: Seeker
    here: Here


async def asking_of(tx: Transaction, organization_id: str, reader: Reader) -> Asking:
    """The names of this organization, for one search."""
    statuses = await (
        await tx.execute(
            "select id, label from lead_statuses where organization_id = %(org)s union all"
            " select id, label from opportunity_statuses where organization_id = %(org)s",
            {"org": organization_id},
        )
    ).fetchall()
    fields = await (
        await tx.execute(
            "select id, kind, name, type from custom_fields where organization_id = %s", (organization_id,)
        )
    ).fetchall()
    templates = await (
        await tx.execute(
            "select id, name from email_templates where organization_id = %s and (is_shared or user_id = %s)",
            (organization_id, reader.seeker.user_id),
        )
    ).fetchall()
    users = await _users(tx, organization_id, reader.seeker.user_id)
    me = next((row for row in users if row[4] is not None), None)
    directory = Directory(
        tuple((row[0], row[1]) for row in statuses),
        tuple((row[0], row[1]) for row in templates),
        tuple(NamedUser(row[0], row[1], row[2], tuple(row[3])) for row in users),
        reader.seeker.user_id,
        tuple(NamedField(*row) for row in fields),
        tuple(dict.fromkeys((me[1], *me[4]))) if me else (),
        region_of_zone(me[5]) if me else "",
    )
    return Asking(reader.here, directory, await has_kept_mail(tx, organization_id))


async def _users(tx: Transaction, organization_id: str, asker: str) -> list[tuple[Any, ...]]:
    """Each with id, address, name, groups, time zone; and the addresses of their mailboxes if it is who asks."""
    return await (
        await tx.execute(
            "select u.id, u.email, trim(u.first_name || ' ' || u.last_name),"
            " array(select m.group_id from group_members m"
            " where m.organization_id = u.organization_id and m.user_id = u.id),"
            " case when u.id = %s then array(select i.address from connected_accounts a join account_identities i"
            " on i.organization_id = a.organization_id and i.account_id = a.id"
            " where a.organization_id = u.organization_id and a.user_id = u.id and not a.is_deleted) end, u.timezone"
            " from users u where u.organization_id = %s",
            (asker, organization_id),
        )
    ).fetchall()


async def with_groups(tx: Transaction, organization_id: str, seeker: Seeker) -> Seeker:
    """The same person with the groups that they are in: a Smart View may be shared with a group."""
    rows = await (
        await tx.execute(
            "select group_id from group_members where organization_id = %s and user_id = %s",
            (organization_id, seeker.user_id),
        )
    ).fetchall()
    return replace(seeker, group_ids=tuple(row[0] for row in rows))


async def views_for(tx: Transaction, organization_id: str, query: Query, reader: Reader) -> Mapping[str, Query]:
    """The Smart Views that a query may name, by id and by lower-case name; none are read if it names none."""
    if not any(isinstance(node, InView) for node, _ in walk(query.where)):
        return {}
    found: dict[str, Query] = {}
    seeker = await with_groups(tx, organization_id, reader.seeker)
    for view in await store.visible_views(tx, organization_id, seeker):
        read = _readable(view)
        if read is not None:
            found.setdefault(view.name.lower(), read)
            found[view.id] = read
    return found


def _readable(view: SavedSearch) -> Query | None:
    """A view of another day may say what is no longer understood; only searches that name it have to fail."""
    try:
        return query_of(view)
    except Invalid:
        return None
