"""Bulk email goes to each mailbox provider, from each account and for each organization at a pace that is fair."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from email.utils import format_datetime
from itertools import count

import pytest

from postroom.journeys.steps.pace import sent_so_far
from postroom.rooms.accounts import store as account_store
from postroom.rooms.bulk import store as batch_store
from tests.journeys.campaign import batch_row, begin, crowd, reached, take_a_turn, template
from tests.journeys.office import Office
from tests.journeys.sending import Desk, open_desk
from tests.servers import smtp_faults as faults
from tests.servers.dovecot import DovecotServer

_users = count(1)


@pytest.fixture
async def desk(office: Office, mail_server: DovecotServer) -> AsyncIterator[Desk]:
    async with open_desk(office, mail_server, f"pace{next(_users)}") as made:
        yield made


async def move_to(desk: Desk, domain: str, first: int, last: int) -> None:
    """These people of the crowd have their mailboxes there."""
    for number in range(first, last + 1):
        await desk.office.rows(
            "update contact_emails set address = %s, address_key = %s where contact_id = %s returning 1",
            f"p{number}@{domain}", f"p{number}@{domain}", f"cont_p{number}",
        )  # fmt: skip


def domains(desk: Desk) -> Counter[str]:
    return Counter(address.rpartition("@")[2] for address in reached(desk))


async def test_a_domain_gets_its_number_a_minute_and_the_others_go_on(desk: Desk) -> None:
    await crowd(desk, 60)
    await move_to(desk, "big.example", 1, 50)
    async with desk.tools.db.transaction() as tx:
        await tx.execute(
            "insert into domain_paces (organization_id, account_id, domain, per_minute, reason, date_changed)"
            " values (%s, %s, 'big.example', 20, '451 Too many messages', %s)",
            (desk.office.organization_id, desk.account_id, desk.clock.now),
        )
    bulk_id = await begin(desk, await template(desk))
    await take_a_turn(desk)
    assert domains(desk) == {"big.example": 20, "crowd.example": 10}
    row = await batch_row(desk, bulk_id)
    assert (row["cause"], row["n_queued"]) == ("limit", 30)
    assert "big.example gets 20 emails a minute" in row["error"] and "Too many messages" in row["error"]
    assert 0 < (row["resumes_at"] - desk.clock.now).total_seconds() <= 60
    desk.clock.forward(seconds=61)
    await take_a_turn(desk)
    assert domains(desk)["big.example"] == 40
    desk.clock.forward(seconds=61)
    await take_a_turn(desk)
    row = await batch_row(desk, bulk_id)
    assert (row["status"], row["error"], row["n_sent"]) == ("done", "", 60)
    assert max(Counter(reached(desk)).values()) == 1


async def test_a_new_worker_counts_what_went_out_before_it(desk: Desk) -> None:
    """Each turn has a meter of its own: what it knows stands in the send log."""
    await crowd(desk, 150)
    await move_to(desk, "big.example", 100, 150)
    await move_to(desk, "big.example", 1, 99)
    chosen = await template(desk)
    await begin(desk, chosen)
    await take_a_turn(desk)
    await take_a_turn(desk)
    assert domains(desk) == {"big.example": 120}


async def test_a_provider_that_puts_off_for_volume_gets_half_and_the_account_is_not_slowed(desk: Desk) -> None:
    await crowd(desk, 40)
    await move_to(desk, "aol.com", 1, 20)
    desk.smtp.faults.add(faults.reply(451, "4.7.0 [TSS04] Messages temporarily deferred"), on="RCPT", times=1)
    await begin(desk, await template(desk))
    await take_a_turn(desk)
    slowed = await desk.office.rows("select domain, per_minute, reason from domain_paces")
    assert len(slowed) == 1 and slowed[0][0] in ("yahoo.com", "crowd.example")
    assert 5 <= slowed[0][1] <= 150 and "TSS04" in slowed[0][2]
    assert await desk.office.rows("select 1 from send_paces") == []


async def test_batches_of_an_account_go_on_side_by_side(desk: Desk) -> None:
    """A small batch does not wait for a large one of the same account to end."""
    await crowd(desk, 90)
    chosen = await template(desk)
    large = await begin(desk, chosen)
    small = await begin(desk, chosen, query='name:"Company 7"')
    await desk.set_account(provider="microsoft")  # 30 emails a minute, of all its batches together
    await take_a_turn(desk)
    for _ in range(2):
        desk.clock.forward(seconds=61)
        await take_a_turn(desk)
    rows = [await batch_row(desk, one) for one in (large, small)]
    assert rows[1]["status"] == "done"
    assert rows[0]["n_queued"] > 0


async def test_organizations_are_served_in_the_order_of_their_waiting(desk: Desk) -> None:
    """Whoever had the last turn stands behind everybody else, however much it still has to send."""
    await crowd(desk, 20)
    chosen = await template(desk)
    bulk_id = await begin(desk, chosen)
    other_account = await desk.office.rows(
        "insert into connected_accounts select (jsonb_populate_record(a, jsonb_build_object('id', 'emailacct_other',"
        " 'email', 'other@acme.example', 'email_key', 'other@acme.example'))).* from connected_accounts a where id = %s"
        " returning id",
        desk.account_id,
    )
    await desk.office.rows(
        "insert into bulk_emails select (jsonb_populate_record(b, jsonb_build_object('id', 'bulkemail_other',"
        " 'account_id', 'emailacct_other', 'last_turn_at', %s::timestamptz))).* from bulk_emails b where id = %s"
        " returning id",
        desk.clock.now, bulk_id,
    )  # fmt: skip
    async with desk.tools.db.reading() as tx:
        served = await batch_store.accounts_with_bulk(tx, desk.clock.now)
    assert [account for _, account in served] == [desk.account_id, other_account[0][0]]
    async with desk.tools.db.transaction() as tx:
        later = desk.clock.now.replace(year=desk.clock.now.year + 1)
        await batch_store.note_turn(tx, desk.office.organization_id, bulk_id, 0, later)
        served = await batch_store.accounts_with_bulk(tx, desk.clock.now)
    assert [account for _, account in served] == [other_account[0][0], desk.account_id]


def by_another_program(desk: Desk, number: int) -> None:
    """It lies in Sent, to somebody on no lead."""
    raw = (
        f"From: {desk.address}\r\nTo: x{number}@private.example\r\nSubject: by hand\r\n"
        f"Message-ID: <other{number}@acme.example>\r\nDate: {format_datetime(desk.clock.now)}\r\n\r\nHello\r\n"
    )
    desk.mail.deliver(desk.user, "Sent", raw.encode(), ["\\Seen"])


async def test_what_other_programs_sent_counts_and_nothing_counts_twice(desk: Desk) -> None:
    await crowd(desk, 40)
    desk.provider_files_its_own()
    await desk.set_account(provider="microsoft", files_own_sent=True)  # 30 emails a minute
    for number in range(12):
        by_another_program(desk, number)
    await desk.write(subject="by hand")
    await desk.deliver()
    await desk.office.pull(desk.account_id)
    assert len(desk.in_sent()) == 13
    bulk_id = await begin(desk, await template(desk))
    await take_a_turn(desk)
    assert len(reached(desk)) == 1 + 17  # and 12 elsewhere make 30
    assert (await batch_row(desk, bulk_id))["cause"] == "limit"
    desk.clock.forward(minutes=2)
    await take_a_turn(desk)
    assert len(reached(desk)) == 1 + 40


async def test_what_a_sending_service_takes_is_not_counted_from_the_mailbox(desk: Desk) -> None:
    """Its limit is its own: the mailbox's Sent folder says nothing of it."""
    for number in range(3):
        by_another_program(desk, number)
    await desk.office.pull(desk.account_id)
    async with desk.tools.db.reading() as tx:
        account = await account_store.get(tx, desk.office.organization_id, desk.account_id)
        assert account.imap is not None and account.smtp is not None
        assert (await sent_so_far(tx, account, desk.clock.now)).day.count == 3
        through_ses = replace(account, smtp=replace(account.smtp, host="email-smtp.us-east-1.amazonaws.com"))
        assert (await sent_so_far(tx, through_ses, desk.clock.now)).day.count == 0
