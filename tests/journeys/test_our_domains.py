"""Whose domain is ours: nobody makes a customer's domain ours by connecting an account there."""

import pytest

from postroom.ground.errors import Forbidden, Invalid
from postroom.journeys import connect
from postroom.journeys.connect import NewAccount
from postroom.journeys.our_domains import say_domain, unsay_domain
from postroom.journeys.rejudge import rejudge
from postroom.rooms.accounts import identity_store
from postroom.rooms.accounts.identities import Identity
from postroom.rooms.accounts.typed_server import TypedServer
from postroom.rooms.mailbox.sightings import Verdict
from postroom.rooms.users.access_log import Doer
from postroom.views.our_domains import our_domains
from tests.journeys.desk import Desk
from tests.journeys.office import letter

ANNA, BOB, MALLORY = "anna@acme.example", "bob@bolt.example", "mallory@acme.example"
HERE = Doer(None)


async def spy(desk: Desk, email: str) -> str:
    """Another salesperson connects a server of their own under this address."""
    mallory = desk.office.users.get(MALLORY) or await desk.office.user(MALLORY)
    server = TypedServer("127.0.0.1:2143", None, "none", "mallory", "secret")
    new = NewAccount(email, mallory.id, server, None)
    account_id = await connect.add_account(desk.office.tools, desk.office.asker(mallory), new)
    await work(desk)
    return account_id


async def work(desk: Desk) -> None:
    for _ in range(20):
        await rejudge(desk.office.tools, desk.office.organization_id, desk.account_id)
        mine = "select 1 from rejudgements where account_id = %s"
        if not await desk.office.rows(mine, desk.account_id):
            return
    raise AssertionError("it never ends")


async def inbox(desk: Desk) -> dict[int, int]:
    return (await desk.office.ledger(desk.account_id)).get("INBOX", {})


async def test_an_account_at_a_customers_domain_hides_no_mail_with_that_customer(desk: Desk) -> None:
    lead = await desk.office.lead("Bolt", BOB)
    desk.deliver(letter(BOB, ANNA, "Before"))
    await desk.pull()
    account_id = await spy(desk, "mallory@bolt.example")
    desk.deliver(letter(BOB, ANNA, "After"))
    await desk.pull()
    assert sorted(await desk.office.subjects(lead)) == ["After", "Before"]
    mallory = desk.office.asker(desk.office.users[MALLORY])
    await connect.save_identities(desk.office.tools, mallory, account_id, [Identity(BOB)])
    await work(desk)
    desk.deliver(letter(BOB, ANNA, "With an alias"))
    await desk.pull()
    assert sorted(await desk.office.subjects(lead)) == ["After", "Before", "With an alias"]
    assert await inbox(desk) == {Verdict.KEPT: 3}
    assert await desk.adds_up()


async def test_nobody_but_an_admin_connects_the_address_of_a_contact_by_a_password(desk: Desk) -> None:
    await desk.office.lead("Bolt", BOB)
    with pytest.raises(Invalid) as refused:
        await spy(desk, BOB.upper())
    assert list(refused.value.field_errors) == ["email"]
    await desk.office.lead("Ourselves", MALLORY)
    assert await spy(desk, MALLORY), "who signs in with an address connects it"


async def test_an_admins_word_takes_mail_off_and_brings_it_back(desk: Desk) -> None:
    """A company with two domains: mail between them is nobody's business, until the second one is sold."""
    lead = await desk.office.lead("Bolt", BOB)
    tools, admin = desk.office.tools, desk.office.admin
    desk.deliver(letter(BOB, ANNA, "One"))
    await desk.pull()
    await say_domain(tools, admin, HERE, ("Bolt.example", True))
    await work(desk)
    assert await desk.office.subjects(lead) == []
    assert await inbox(desk) == {Verdict.COWORKERS: 1}
    await unsay_domain(tools, admin, HERE, "bolt.example")
    await work(desk)
    assert await desk.office.subjects(lead) == ["One"]
    assert await inbox(desk) == {Verdict.KEPT: 1}
    assert await desk.adds_up()
    acts = await desk.office.rows("select act, detail from access_log order by date_created, id")
    assert acts == [("domain_ours", {"domain": "bolt.example"}), ("domain_unsaid", {"domain": "bolt.example"})]


async def test_a_users_sign_in_makes_a_domain_ours_and_an_admins_no_ends_that(desk: Desk) -> None:
    lead = await desk.office.lead("Agency", "art@agency.example")
    await desk.office.user("fay@agency.example")
    desk.deliver(letter("art@agency.example", ANNA, "Draft"))
    await desk.pull()
    assert await desk.office.subjects(lead) == []
    await say_domain(desk.office.tools, desk.office.admin, HERE, ("agency.example", False))
    await work(desk)
    assert await desk.office.subjects(lead) == ["Draft"]
    org = desk.office.organization_id
    async with desk.office.tools.db.transaction() as tx:
        own = await identity_store.own_addresses(tx, org)
        shown = {one.domain: (one.is_ours, one.why.value, one.users) for one in await our_domains(tx, org)}
    assert own.is_ours("fay@agency.example") and not own.is_coworker("art@agency.example")
    assert shown["agency.example"] == (False, "refused", ("fay@agency.example",))
    assert shown["acme.example"][:2] == (True, "users")


async def test_who_was_invited_and_has_not_come_makes_no_domain_ours(desk: Desk) -> None:
    await desk.office.rows("update users set date_joined = null returning 1")
    async with desk.office.tools.db.transaction() as tx:
        own = await identity_store.own_addresses(tx, desk.office.organization_id)
    assert own.domains == frozenset() and own.is_ours("admin@acme.example")


async def test_a_removed_account_gives_its_address_back_to_the_contact(desk: Desk) -> None:
    account_id = await spy(desk, "shop@side.example")
    lead = await desk.office.lead("Side", "shop@side.example")
    desk.deliver(letter("shop@side.example", ANNA, "Hello"))
    await desk.pull()
    assert await desk.office.subjects(lead) == []
    mallory = desk.office.asker(desk.office.users[MALLORY])
    await connect.remove_account(desk.office.tools, mallory, account_id)
    await work(desk)
    assert await desk.office.subjects(lead) == ["Hello"]


async def test_only_admins_speak_and_only_of_company_domains(desk: Desk) -> None:
    with pytest.raises(Forbidden):
        await say_domain(desk.office.tools, desk.user, HERE, ("bolt.example", True))
    with pytest.raises(Forbidden):
        await unsay_domain(desk.office.tools, desk.user, HERE, "bolt.example")
    with pytest.raises(Invalid):
        await say_domain(desk.office.tools, desk.office.admin, HERE, ("gmail.com", True))
