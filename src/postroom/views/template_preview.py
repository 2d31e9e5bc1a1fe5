"""What a template is filled with: facts about leads, contacts and whoever sends; and whom a preview is for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg.rows import class_row, dict_row

from postroom.ground.database import Transaction
from postroom.ground.errors import NotFound
from postroom.rooms.templates.values import ContactFacts, LeadFacts, SenderFacts, Values, recipient_values
from postroom.wire.mime.addresses import parse_addresses


@dataclass(frozen=True, slots=True)
class Recipient:
    """A contact of a lead, or the lead alone."""

    lead_id: str
    contact_id: str | None = None


@dataclass(frozen=True, slots=True)
class Sending:
    """Who sends, and from where: `account_id` None is the user's default, `sender` "" the account's own address."""

    user_id: str
    account_id: str | None = None
    sender: str = ""


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a template was filled in for, as a preview names them."""

    lead_id: str
    lead_display_name: str
    contact_id: str | None
    contact_display_name: str
    email: str


async def sender_facts(tx: Transaction, organization_id: str, sending: Sending) -> SenderFacts:
    """The user, the organization and the account, which must be the user's or a team's. Raises NotFound for a user who
    is not there."""
    rows = tx.cursor(row_factory=dict_row)
    await rows.execute(
        "select u.id, u.first_name, u.last_name, u.title, u.phone, u.email, o.name, a.id as account_id,"
        " a.email as account_email, a.display_name from users u join organizations o on o.id = u.organization_id"
        " left join lateral (select id, email, display_name from connected_accounts c"
        "  where c.organization_id = u.organization_id and not c.is_deleted"
        "  and (c.user_id = u.id or (c.user_id is null and %(account)s::text is not null))"
        "  and c.id = coalesce(%(account)s, c.id) and (%(account)s::text is not null or c.smtp_host <> '')"
        "  order by c.is_default desc, c.date_created, c.id limit 1) a on true"
        " where u.organization_id = %(org)s and u.id = %(user)s",
        {"org": organization_id, "user": sending.user_id, "account": sending.account_id},
    )
    row = await rows.fetchone()
    if row is None:
        raise NotFound("There is no such user.")
    typed = parse_addresses(sending.sender)[:1]
    account_email = row["account_email"] or row["email"]
    return SenderFacts(
        row["id"],
        row["first_name"],
        row["last_name"],
        row["title"],
        row["phone"],
        row["email"],
        row["name"],
        row["account_id"],
        account_email,
        row["display_name"] or "",
        typed[0].email if typed else account_email,
        typed[0].name if typed else "",
    )


async def recipient_facts(
    tx: Transaction, organization_id: str, recipients: Sequence[Recipient], base_url: str
) -> Mapping[Recipient, Values]:
    """The values of these recipients, in two queries however many they are. Unknown leads and contacts are left out.

    A contact that stands on another lead than named is as unknown.
    """
    leads = await _leads(tx, organization_id, sorted({one.lead_id for one in recipients}), base_url)
    wanted = sorted({one.contact_id for one in recipients if one.contact_id})
    contacts = await _contacts(tx, organization_id, wanted) if wanted else {}
    found: dict[Recipient, Values] = {}
    for one in recipients:
        lead = leads.get(one.lead_id)
        contact = contacts.get((one.lead_id, one.contact_id)) if one.contact_id else None
        if lead is not None and (contact is not None or one.contact_id is None):
            found[one] = recipient_values(lead, contact)
    return found


async def addressee(tx: Transaction, organization_id: str, recipient: Recipient) -> Addressee:
    """A recipient with names and first address. Raises NotFound."""
    rows = tx.cursor(row_factory=dict_row)
    await rows.execute(
        f"select {_ADDRESSEE} from leads l join lateral (select c.id, c.name, e.address from contacts c"
        f" left join lateral ({_FIRST_ADDRESS}) e on true"
        " where c.organization_id = l.organization_id and c.lead_id = l.id) c on true"
        " where l.organization_id = %s and l.id = %s and c.id = %s",
        (organization_id, recipient.lead_id, recipient.contact_id),
    )
    row = await rows.fetchone()
    if row is None:
        raise NotFound("There is no such lead, or no such contact on it.")
    return Addressee(**row)


async def first_contact(tx: Transaction, organization_id: str, lead_id: str) -> str | None:
    """The contact a lead is written to when nobody is named: the first."""
    row = await (
        await tx.execute(
            "select id from contacts where organization_id = %s and lead_id = %s order by position, id limit 1",
            (organization_id, lead_id),
        )
    ).fetchone()
    return row[0] if row else None


async def addressees_of_leads(
    tx: Transaction, organization_id: str, lead_ids: Sequence[str], each: int
) -> list[Addressee]:
    """Whom these leads are written to, in their order: of each lead its first `each` contacts that have an address."""
    return await _addressees(
        tx,
        f"select {_ADDRESSEE} from unnest(%(ids)s::text[]) with ordinality w(id, place)"
        " join leads l on l.organization_id = %(org)s and l.id = w.id"
        " cross join lateral (select c.id, c.name, c.position, e.address"
        f" from contacts c cross join lateral ({_FIRST_ADDRESS}) e"
        " where c.organization_id = l.organization_id and c.lead_id = l.id order by c.position, c.id limit %(each)s) c"
        " order by w.place, c.position, c.id",
        {"org": organization_id, "ids": list(lead_ids), "each": each},
    )


async def addressees_of_contacts(tx: Transaction, organization_id: str, contact_ids: Sequence[str]) -> list[Addressee]:
    """Those of these contacts that have an address, in their order."""
    return await _addressees(
        tx,
        "select l.id as lead_id, l.name as lead_display_name, c.id as contact_id, c.name as contact_display_name,"
        " e.address as email from unnest(%(ids)s::text[]) with ordinality w(id, place)"
        " join contacts c on c.organization_id = %(org)s and c.id = w.id"
        f" join leads l on l.organization_id = c.organization_id and l.id = c.lead_id cross join lateral"
        f" ({_FIRST_ADDRESS}) e order by w.place",
        {"org": organization_id, "ids": list(contact_ids)},
    )


async def _addressees(tx: Transaction, query: str, values: Mapping[str, Any]) -> list[Addressee]:
    rows = tx.cursor(row_factory=class_row(Addressee))
    await rows.execute(query.encode(), values)
    return await rows.fetchall()


_ADDRESSEE = (
    "l.id as lead_id, l.name as lead_display_name, c.id as contact_id, c.name as contact_display_name,"
    " coalesce(c.address, '') as email"
)
_FIRST_ADDRESS = (
    "select address from contact_emails f where f.organization_id = c.organization_id and f.contact_id = c.id"
    " order by f.position, f.address_key limit 1"
)


async def _leads(tx: Transaction, organization_id: str, lead_ids: list[str], base_url: str) -> dict[str, LeadFacts]:
    rows = await (
        await tx.execute(
            "select l.id, l.name, l.description, l.url, l.status_id, s.label, l.addresses, l.custom from leads l"
            " join lead_statuses s on s.organization_id = l.organization_id and s.id = l.status_id"
            " where l.organization_id = %s and l.id = any(%s)",
            (organization_id, lead_ids),
        )
    ).fetchall()
    return {
        lead_id: LeadFacts(
            lead_id, name, description, url, f"{base_url}/lead/{lead_id}/", status_id, label, addresses, custom
        )
        for lead_id, name, description, url, status_id, label, addresses, custom in rows
    }


async def _contacts(
    tx: Transaction, organization_id: str, contact_ids: list[str]
) -> dict[tuple[str, str], ContactFacts]:
    rows = await (
        await tx.execute(
            "select c.lead_id, c.id, c.name, c.title, c.phones, c.urls, c.custom, coalesce((select"
            "  jsonb_agg(jsonb_build_object('email', e.address, 'type', e.type) order by e.position, e.address_key)"
            "  from contact_emails e where e.organization_id = c.organization_id and e.contact_id = c.id), '[]')"
            " from contacts c where c.organization_id = %s and c.id = any(%s)",
            (organization_id, contact_ids),
        )
    ).fetchall()
    return {
        (lead_id, contact_id): ContactFacts(contact_id, name, title, emails, phones, urls, custom)
        for lead_id, contact_id, name, title, phones, urls, custom, emails in rows
    }
