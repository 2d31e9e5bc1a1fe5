"""What a user may not know of: which of some emails they see, and which of some things are for a few users alone."""

from collections.abc import Mapping, Sequence

from postroom.ground.database import Transaction
from postroom.ground.errors import Forbidden, NotFound

VIEWER = "coalesce(current_setting('postroom.viewer', true), '')"
"""SQL: for whom is read; '' is the program itself."""
NOBODY = "'nobody'"
"""SQL: a user who holds no mailbox, instead of VIEWER: what all coworkers may know."""

NOT_KEPT = (
    "(select true from kept_things g where g.organization_id = e.organization_id and g.object_id = e.object_id"
    f" and {VIEWER} <> '' and not {VIEWER} = any(g.users) limit 1) is null"  # no join, which would gather all of them
)
"""SQL that is true of `events e` that speak of nothing which is kept from whom is read for."""


def seen_email(alias: str) -> str:
    """SQL that is true of `emails` that the reader may know of, as the view `seen_emails` has it."""
    return (
        f"({alias}.coworkers_see <> 'nothing' or {VIEWER} = '' or {VIEWER} = any({alias}.users || {alias}.shared_with))"
    )


def emails_of_lead(lead: str, viewer: str = VIEWER) -> str:
    """SQL for how many of a lead's emails the viewer may know of. The lead keeps the number of all."""
    return f"({lead}.num_emails - (select count(*)::integer from {_hidden(lead, viewer)}))"


def last_activity_of_lead(lead: str, viewer: str = VIEWER) -> str:
    """SQL for when something last happened on a lead that the viewer may know of. The lead keeps the moment of all."""
    of_lead = f"where x.organization_id = {lead}.organization_id and x.lead_id = {lead}.id"
    shown = f"(x.coworkers_see <> 'nothing' or {viewer} = any(x.users || x.shared_with))"
    return (
        f"(case when exists (select 1 from {_hidden(lead, viewer)} and h.activity_at >= {lead}.last_activity_at) then"
        f" greatest((select max(x.activity_at) from emails x {of_lead} and x.status <> 'draft' and {shown}),"
        f" (select max(x.activity_at) from activities x {of_lead})) else {lead}.last_activity_at end)"
    )


def _hidden(lead: str, viewer: str) -> str:
    return (
        f"emails h where h.organization_id = {lead}.organization_id and h.lead_id = {lead}.id"
        f" and h.coworkers_see = 'nothing' and h.status <> 'draft' and {viewer} <> ''"
        f" and not {viewer} = any(h.users || h.shared_with)"
    )


_ABOUT_MAIL = ("activity.email", "task.incoming_email", "task.email_followup", "comment")


def is_about_mail(object_type: str) -> bool:
    """Whether such a thing can be kept from somebody."""
    return object_type.startswith(_ABOUT_MAIL)


async def kept_for(tx: Transaction, organization_id: str, object_ids: Sequence[str]) -> Mapping[str, frozenset[str]]:
    """Of these things those that only some users may know of, each with these users."""
    rows = await (
        await tx.execute(
            "select object_id, users from kept_things where organization_id = %s and object_id = any(%s)",
            (organization_id, list(object_ids)),
        )
    ).fetchall()
    found: dict[str, frozenset[str]] = {}
    for object_id, users in rows:
        found[object_id] = found.get(object_id, frozenset(users)) & frozenset(users)
    return found


async def has_kept_mail(tx: Transaction, organization_id: str) -> bool:
    """Whether any mail of the organization is not for all: else no statement needs to ask."""
    row = await (
        await tx.execute(
            "select exists (select 1 from emails where organization_id = %s and coworkers_see <> 'everything')",
            (organization_id,),
        )
    ).fetchone()
    return bool(row and row[0])


async def seen_ids(tx: Transaction, organization_id: str, email_ids: Sequence[str]) -> frozenset[str]:
    """Those of these emails that whom is read for may know of."""
    rows = await (
        await tx.execute(
            "select id from seen_emails where organization_id = %s and id = any(%s)",
            (organization_id, list(email_ids)),
        )
    ).fetchall()
    return frozenset(row[0] for row in rows)


async def lead_of_whole_thread(tx: Transaction, organization_id: str, thread_id: str) -> str | None:
    """The lead of a conversation; None where a part of it is kept from the caller. Raises NotFound."""
    row = await (
        await tx.execute(
            "select t.lead_id, (select count(*) from emails e where e.organization_id = t.organization_id"
            " and e.thread_id = t.id) = (select count(*) from seen_emails e where"
            " e.organization_id = t.organization_id and e.thread_id = t.id and not e.is_veiled)"
            " from seen_threads t where t.organization_id = %s and t.id = %s",
            (organization_id, thread_id),
        )
    ).fetchone()
    if row is None:
        raise NotFound("There is no such conversation.")
    return str(row[0]) if row[1] else None


async def demand_seen_whole(tx: Transaction, organization_id: str, email_id: str) -> None:
    """Raises NotFound for an email that the caller may not know of, Forbidden where its words are kept from them."""
    row = await (
        await tx.execute(
            "select is_veiled from seen_emails where organization_id = %s and id = %s", (organization_id, email_id)
        )
    ).fetchone()
    if row is None:
        raise NotFound("There is no such email.")
    if row[0]:
        raise Forbidden("Only those whose mailboxes hold this email may change it or take it off the lead.")
