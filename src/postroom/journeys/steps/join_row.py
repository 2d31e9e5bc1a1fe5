"""A row of an import joined to the lead that is there: what is empty is filled, what is there stays.

What was filled is written down, before and after, so that undoing takes back exactly that, and only where nobody has
changed it since.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any

from postroom.ground.database import Transaction
from postroom.ground.stamp import Stamp
from postroom.rooms.imports.lead_import import Outcome, RowResult
from postroom.rooms.leads import contact_store, import_store, store
from postroom.rooms.leads.lead import (
    Contact,
    ContactChange,
    ContactContent,
    ContactEmail,
    LeadChange,
    LeadContent,
    Phone,
    PostalAddress,
)

Changes = dict[str, list[Any]]


async def join_row(
    tx: Transaction, organization_id: str, row: tuple[int, LeadContent, Contact | None, str], stamp: Stamp
) -> tuple[RowResult, tuple[str, ...]]:
    """Join a row (`row`: its number, its lead, its contact and the lead that is there); also the new addresses."""
    number, content, person, lead_id = row
    changes: dict[str, Changes] = {}
    filled = await _fill_lead(tx, organization_id, (lead_id, content), stamp)
    if filled:
        changes["lead"] = filled
    result = RowResult(number, Outcome.JOINED, lead_id=lead_id, changes=changes)
    if person is None:
        return result, ()
    named = (tuple(email.key for email in person.content.emails), person.content.name)
    contact_id = await import_store.contact_on(tx, organization_id, lead_id, named)
    if not contact_id:
        keys = await contact_store.insert_contact(tx, organization_id, replace(person, lead_id=lead_id), stamp)
        return replace(result, contact_id=person.id, is_new_contact=True), keys
    filled, keys = await _fill_contact(tx, organization_id, (contact_id, person.content), stamp)
    if filled:
        changes["contact"] = filled
    return replace(result, contact_id=contact_id, changes=changes), keys


async def take_back(tx: Transaction, organization_id: str, result: RowResult, stamp: Stamp) -> None:
    """Undo what joining a row has filled, as far as it is still so."""
    of_lead, of_contact = result.changes.get("lead"), result.changes.get("contact")
    if of_lead and result.lead_id:
        before = await store.lead_to_change(tx, organization_id, result.lead_id)
        given = _to_restore(of_lead, _plain(before), _FROM_PLAIN)
        if given:
            await store.change_lead(tx, organization_id, (result.lead_id, LeadChange(**given)), stamp)
    if of_contact and result.contact_id:
        contact = await contact_store.contact_to_change(tx, organization_id, result.contact_id)
        given = _to_restore(of_contact, _plain(contact.content), _FROM_PLAIN)
        if given:
            await contact_store.change_contact(tx, organization_id, (contact.id, ContactChange(**given)), stamp)


async def _fill_lead(tx: Transaction, organization_id: str, wanted: tuple[str, LeadContent], stamp: Stamp) -> Changes:
    lead_id, content = wanted
    before = await store.lead_to_change(tx, organization_id, lead_id)
    custom = {**content.custom, **before.custom}
    after = replace(
        before,
        url=before.url or content.url,
        description=before.description or content.description,
        addresses=before.addresses or content.addresses,
        custom=custom if len(custom) > len(before.custom) else before.custom,
    )
    changes = _between(_plain(before), _plain(after))
    if changes:
        given = {name: getattr(after, name) for name in changes}
        await store.change_lead(tx, organization_id, (lead_id, LeadChange(**given)), stamp)
    return changes


async def _fill_contact(
    tx: Transaction, organization_id: str, wanted: tuple[str, ContactContent], stamp: Stamp
) -> tuple[Changes, tuple[str, ...]]:
    contact_id, content = wanted
    before = (await contact_store.contact_to_change(tx, organization_id, contact_id)).content
    known_keys, known_phones = {email.key for email in before.emails}, {one.phone for one in before.phones}
    after = replace(
        before,
        name=before.name or content.name,
        title=before.title or content.title,
        emails=before.emails + tuple(one for one in content.emails if one.key not in known_keys),
        phones=before.phones + tuple(one for one in content.phones if one.phone not in known_phones),
    )
    changes = _between(_plain(before), _plain(after))
    if not changes:
        return {}, ()
    given = {name: getattr(after, name) for name in changes}
    return changes, await contact_store.change_contact(tx, organization_id, (contact_id, ContactChange(**given)), stamp)


def _plain(content: LeadContent | ContactContent) -> dict[str, Any]:
    """As JSON keeps it: lists where there were tuples."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(content).items()}


def _between(before: Mapping[str, Any], after: Mapping[str, Any]) -> Changes:
    return {name: [before[name], after[name]] for name in before if before[name] != after[name]}


def _to_restore(
    changes: Mapping[str, Any], now: Mapping[str, Any], made: Mapping[str, Callable[[Any], Any]]
) -> dict[str, Any]:
    """The old values of what is still as it was filled."""
    return {
        name: made.get(name, lambda value: value)(before)
        for name, (before, after) in changes.items()
        if now.get(name) == after
    }


_FROM_PLAIN: dict[str, Callable[[Any], Any]] = {
    "addresses": lambda found: tuple(PostalAddress(**one) for one in found),
    "emails": lambda found: tuple(ContactEmail(**one) for one in found),
    "phones": lambda found: tuple(Phone(**one) for one in found),
}
