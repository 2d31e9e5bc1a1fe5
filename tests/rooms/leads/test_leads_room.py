"""The address book, and which addresses are new to a lead."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from postroom.ground.database import Database, Transaction
from postroom.ground.errors import Invalid, NotFound
from postroom.rooms.leads import contact_store, status_store, store
from postroom.rooms.leads.address_book import ContactAt, people_at
from postroom.rooms.leads.lead import (
    ContactChange,
    ContactContent,
    ContactEmail,
    LeadChange,
    LeadContent,
    NewLead,
    Stamp,
    checked_emails,
)
from postroom.rooms.users.store import insert_organization
from postroom.rooms.users.user import NewUser

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
STAMP = Stamp(None, NOW)


@pytest.fixture
async def tx(database_url: str) -> AsyncIterator[Transaction]:
    db = await Database.open(database_url, connections=2)
    async with db.transaction() as open_tx:
        yield open_tx
    await db.close()


async def organization(tx: Transaction, name: str) -> str:
    return (await insert_organization(tx, name, NewUser(f"{name}@x.test", "A", "B", ""), NOW)).organization_id


def contact(name: str, *addresses: str) -> ContactContent:
    return ContactContent(name, emails=tuple(ContactEmail(address) for address in addresses))


async def test_every_contact_with_an_address_is_found_under_its_comparison_form(tx: Transaction) -> None:
    org, other = await organization(tx, "one"), await organization(tx, "two")
    first, _ = await store.insert_lead(
        tx, org, NewLead(LeadContent("A"), (contact("Zoe", "Zoe@Bücher.example"),)), STAMP
    )
    second, _ = await store.insert_lead(
        tx, org, NewLead(LeadContent("B"), (contact("Zoe", "zoe@bücher.example"),)), STAMP
    )
    await store.insert_lead(tx, other, NewLead(LeadContent("C"), (contact("Zoe", "zoe@bücher.example"),)), STAMP)
    found = await people_at(tx, org, ["zoe@xn--bcher-kva.example", "nobody@x.example"])
    assert list(found) == ["zoe@xn--bcher-kva.example"]
    people = found["zoe@xn--bcher-kva.example"]
    assert [person.lead_id for person in people] == [first, second]
    assert all(isinstance(person, ContactAt) for person in people)
    assert await people_at(tx, org, []) == {}


async def test_addresses_new_to_the_lead_are_reported_and_known_ones_not(tx: Transaction) -> None:
    org = await organization(tx, "one")
    new = NewLead(LeadContent("A"), (contact("Zoe", "zoe@a.example", "ZOE@A.example"), contact("Max", "zoe@a.example")))
    lead_id, new_keys = await store.insert_lead(tx, org, new, STAMP)
    assert new_keys == ("zoe@a.example",)
    third = contact_store.new_contact(lead_id, contact("Eve", "zoe@a.example", "eve@a.example"))
    assert await contact_store.insert_contact(tx, org, third, STAMP) == ("eve@a.example",)
    change = ContactChange(emails=(ContactEmail("eve@a.example"), ContactEmail("e@a.example", "home")))
    assert await contact_store.change_contact(tx, org, (third.id, change), STAMP) == ("e@a.example",)
    assert await contact_store.change_contact(tx, org, (third.id, change), STAMP) == ()
    other_lead, keys = await store.insert_lead(
        tx, org, NewLead(LeadContent("B"), (contact("Eve", "e@a.example"),)), STAMP
    )
    assert keys == ("e@a.example",) and other_lead != lead_id


async def test_a_removed_contact_or_lead_leaves_the_address_book(tx: Transaction) -> None:
    org = await organization(tx, "one")
    lead_id, _ = await store.insert_lead(tx, org, NewLead(LeadContent("A"), (contact("Zoe", "zoe@a.example"),)), STAMP)
    (person,) = (await people_at(tx, org, ["zoe@a.example"]))["zoe@a.example"]
    await contact_store.delete_contact(tx, org, person.contact_id, STAMP)
    assert await people_at(tx, org, ["zoe@a.example"]) == {}
    await contact_store.insert_contact(
        tx, org, contact_store.new_contact(lead_id, contact("Zoe", "zoe@a.example")), STAMP
    )
    await store.delete_lead(tx, org, lead_id, STAMP)
    assert await people_at(tx, org, ["zoe@a.example"]) == {}
    with pytest.raises(NotFound):
        await store.delete_lead(tx, org, lead_id, STAMP)


async def test_each_change_is_told_once_with_what_changed(tx: Transaction) -> None:
    org = await organization(tx, "one")
    lead_id, _ = await store.insert_lead(tx, org, NewLead(LeadContent("A"), (contact("Zoe", "zoe@a.example"),)), STAMP)
    await store.change_lead(tx, org, (lead_id, LeadChange(name="B", url="")), STAMP)
    await store.change_lead(tx, org, (lead_id, LeadChange(name="B")), STAMP)
    rows = await (
        await tx.execute(
            "select object_type, action, changed_fields from events where organization_id = %s"
            " and object_type in ('lead', 'contact') order by seq",
            (org,),
        )
    ).fetchall()
    assert rows == [("lead", "created", []), ("contact", "created", []), ("lead", "updated", ["name"])]


async def test_nothing_is_written_on_another_organizations_lead(tx: Transaction) -> None:
    org, other = await organization(tx, "one"), await organization(tx, "two")
    lead_id, _ = await store.insert_lead(tx, org, NewLead(LeadContent("A")), STAMP)
    theirs = await status_store.insert_statuses(tx, other, ["Theirs"], STAMP)
    with pytest.raises(NotFound):
        await contact_store.insert_contact(
            tx, other, contact_store.new_contact(lead_id, contact("Zoe", "z@a.example")), STAMP
        )
    with pytest.raises(NotFound):
        await store.change_lead(tx, other, (lead_id, LeadChange(name="x")), STAMP)
    with pytest.raises(Invalid):
        await store.change_lead(tx, org, (lead_id, LeadChange(status_id=theirs[0].id)), STAMP)


async def test_a_status_in_use_or_taken_is_kept(tx: Transaction) -> None:
    org = await organization(tx, "one")
    lead_id, _ = await store.insert_lead(tx, org, NewLead(LeadContent("A")), STAMP)
    first, second, *_ = await status_store.statuses(tx, org)
    assert lead_id and first.label == "Potential"
    with pytest.raises(Invalid):
        await status_store.delete_status(tx, org, first.id, STAMP)
    with pytest.raises(Invalid):
        await status_store.rename_status(tx, org, (second.id, "Potential"), STAMP)
    await status_store.delete_status(tx, org, second.id, STAMP)
    assert second not in await status_store.statuses(tx, org)


@pytest.mark.parametrize("address", ["", " ", "zoe", "zoe@", "@a.example", "a b@c.example"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(Invalid):
        checked_emails([ContactEmail(address)])
