"""Aliases of other domains are used for nothing until they are proven: by the mail server, or by a mailed code."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import pytest

from postroom.ground.errors import Conflict, Forbidden, Invalid, NotFound
from postroom.journeys import connect, prove_alias
from postroom.rooms.accounts import identity_store, send_as_store
from postroom.rooms.accounts.identities import Identity
from postroom.rooms.users.member_store import save_preferences
from tests.journeys.office import Office, plain
from tests.journeys.sending import Desk, open_desk
from tests.servers import smtp_faults as faults
from tests.servers.dovecot import DovecotServer

ALIAS = "Sales@Other.example"


@pytest.fixture
async def sending(office: Office, mail_server: DovecotServer) -> AsyncIterator[Desk]:
    async with open_desk(office, mail_server, f"anna-{uuid4().hex[:8]}") as desk:
        aliases = [Identity(desk.address), Identity("info@acme.example"), Identity(ALIAS)]
        await connect.save_identities(desk.tools, desk.asker, desk.account_id, aliases)
        yield desk


async def admins_account(desk: Desk) -> None:
    """An admin's account at the same server: its word counts, and a code can be mailed."""
    await desk.office.connect(
        desk.office.admin, plain(desk.mail.imap_port, desk.user), "secret", plain(desk.smtp.port, desk.user)
    )


async def proofs(desk: Desk) -> dict[str, str]:
    async with desk.tools.db.transaction() as tx:
        found = await identity_store.identities(tx, desk.office.organization_id, desk.account_id)
    return {one.address: one.proof for one in found}


def code_in(desk: Desk) -> str:
    found = re.search(rb"\r\n(\d{8})\r\n", desk.smtp.accepted[-1].raw)
    assert found is not None
    return found[1].decode()


async def test_an_alias_of_the_own_company_is_proven_and_one_elsewhere_waits(sending: Desk) -> None:
    assert await proofs(sending) == {sending.address: "own", "info@acme.example": "domain", ALIAS: "pending"}
    with pytest.raises(Invalid, match=r"Prove first|No connected account"):
        await sending.write(sender=ALIAS)
    async with sending.tools.db.transaction() as tx:
        own = await identity_store.own_addresses(tx, sending.office.organization_id)
    assert not own.is_ours("sales@other.example") and own.is_ours("info@acme.example")


async def test_a_mailed_code_proves_it_in_the_case_it_was_typed(sending: Desk) -> None:
    await admins_account(sending)
    here = (sending.tools, sending.asker, sending.account_id, ALIAS)
    assert await prove_alias.begin_proof(*here) is False
    assert sending.smtp.accepted[-1].recipients == [ALIAS]
    assert sending.smtp.accepted[-1].sender == "admin@acme.example", "no copy in a Sent folder that who asks can read"
    with pytest.raises(Invalid, match="not the code"):
        await prove_alias.confirm(*here, "00000000")
    await prove_alias.confirm(*here, code_in(sending))
    assert (await proofs(sending))[ALIAS] == "code"
    email_id = await sending.write(sender=ALIAS.lower())
    assert ALIAS in (await sending.email(email_id))["sender"]
    await connect.save_identities(sending.tools, sending.asker, sending.account_id, [Identity(ALIAS, "Sales")])
    assert (await proofs(sending))[ALIAS] == "code", "saved anew it stays proven"


async def test_a_code_ends_after_an_hour_and_after_five_tries(sending: Desk) -> None:
    await admins_account(sending)
    here = (sending.tools, sending.asker, sending.account_id, ALIAS)
    await prove_alias.begin_proof(*here)
    code = code_in(sending)
    for _ in range(5):
        with pytest.raises(Invalid, match="not the code"):
            await prove_alias.confirm(*here, "00000000")
    with pytest.raises(Invalid, match="ended"):
        await prove_alias.confirm(*here, code)
    await prove_alias.begin_proof(*here)
    sending.clock.now += timedelta(minutes=61)
    with pytest.raises(Invalid, match="ended"):
        await prove_alias.confirm(*here, code_in(sending))


async def test_a_server_that_refuses_made_up_senders_proves_it_by_itself(sending: Desk) -> None:
    await admins_account(sending)
    sending.smtp.faults.add(faults.reply(553, "5.7.1 not owned by user"), on="MAIL", times=1)
    assert await prove_alias.begin_proof(sending.tools, sending.asker, sending.account_id, ALIAS) is True
    assert (await proofs(sending))[ALIAS] == "server"
    assert sending.smtp.accepted == []


async def test_a_server_of_ones_own_proves_nothing_and_mails_no_code(sending: Desk) -> None:
    """An attacker's server says yes to one address alone, and its owner reads whatever it sends."""
    sending.smtp.faults.add(faults.reply(553, "5.7.1 not owned by user"), on="MAIL")
    with pytest.raises(Conflict, match="admin"):
        await prove_alias.begin_proof(sending.tools, sending.asker, sending.account_id, ALIAS)
    assert (await proofs(sending))[ALIAS] == "pending"
    assert sending.smtp.accepted == []


async def test_an_admins_word_proves_a_coworkers_alias(sending: Desk) -> None:
    admin = sending.office.asker(sending.office.admin)
    assert await prove_alias.begin_proof(sending.tools, admin, sending.account_id, ALIAS) is True
    assert (await proofs(sending))[ALIAS] == "admin"


async def test_only_the_owner_proves_and_only_what_is_an_alias(sending: Desk) -> None:
    ben = sending.office.asker(await sending.office.user("ben@acme.example"))
    with pytest.raises(Forbidden):
        await prove_alias.begin_proof(sending.tools, ben, sending.account_id, ALIAS)
    with pytest.raises(NotFound):
        await prove_alias.begin_proof(sending.tools, sending.asker, sending.account_id, "x@other.example")


async def test_a_user_who_is_let_sends_from_the_others_account(sending: Desk) -> None:
    office = sending.office
    ben = office.asker(await office.user("ben@acme.example"))
    owner, sending.asker = sending.asker, ben
    with pytest.raises(Forbidden):
        await sending.write()
    async with sending.tools.db.transaction() as tx:
        await send_as_store.allow(tx, office.organization_id, owner.user_id, ben.user_id, sending.clock.now)
    email_id = await sending.write()
    assert await sending.deliver() is None
    assert (await sending.email(email_id))["status"] == "sent"
    async with sending.tools.db.transaction() as tx:
        await send_as_store.disallow(tx, office.organization_id, owner.user_id, ben.user_id)
    with pytest.raises(Forbidden):
        await sending.write()


async def test_the_code_comes_in_the_language_of_who_asks(sending: Desk) -> None:
    await admins_account(sending)
    async with sending.tools.db.transaction() as tx:
        await save_preferences(tx, sending.office.organization_id, sending.asker.user_id, {"language": "de"})
    await prove_alias.begin_proof(sending.tools, sending.asker, sending.account_id, ALIAS)
    assert b"Geben Sie diesen Code" in sending.smtp.accepted[-1].raw
    await prove_alias.confirm(sending.tools, sending.asker, sending.account_id, ALIAS, code_in(sending))
