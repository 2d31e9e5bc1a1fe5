"""A bulk email from its query to everybody's mailbox: whom it reaches, whom it passes over, and what stops it."""

from collections.abc import AsyncIterator
from itertools import count

import pytest

from postroom.ground.errors import Conflict, Invalid, NeedsUser, Temporary
from postroom.journeys import bulk
from postroom.journeys.bulk_walk import walk_query
from postroom.rooms.bulk.bulk_email import Preference, may_copy_to_sent, remaining
from postroom.rooms.suppression import store as suppression_store
from postroom.rooms.suppression.suppression import Kind, NewSuppression, Source
from tests.journeys.campaign import actions_told, batch_row, begin, crowd, reached, states, take_a_turn, template
from tests.journeys.office import Office
from tests.journeys.sending import Desk, open_desk
from tests.servers import smtp_faults as faults
from tests.servers.dovecot import DovecotServer

_users = count(1)


@pytest.fixture
async def desk(office: Office, mail_server: DovecotServer) -> AsyncIterator[Desk]:
    async with open_desk(office, mail_server, f"bulk{next(_users)}") as made:
        yield made


async def test_everybody_gets_one_personal_email_and_the_ledger_says_so(desk: Desk) -> None:
    await crowd(desk, 30)
    bulk_id = await begin(desk, await template(desk))
    assert (await batch_row(desk, bulk_id))["n_objects"] == 30
    await take_a_turn(desk)
    assert reached(desk) == sorted(f"p{number}@crowd.example" for number in range(1, 31))
    row = await batch_row(desk, bulk_id)
    assert (row["status"], row["n_sent"], row["n_queued"], row["n_sending"]) == ("done", 30, 0, 0)
    assert set((await states(desk, bulk_id)).values()) == {("sent", "")}
    raw = next(one.raw for one in desk.smtp.accepted if list(one.recipients) == ["p7@crowd.example"])
    assert b"Subject: For Company 7\r\n" in raw
    assert b"Dear Pat," in raw
    assert b"Precedence: bulk\r\n" in raw
    assert b"List-Unsubscribe: <mailto:" in raw.replace(b"\r\n ", b" ")


async def test_the_copy_in_sent_is_known_as_the_email_on_the_lead(desk: Desk) -> None:
    desk.provider_files_its_own()
    await desk.set_account(files_own_sent=True)
    await crowd(desk, 3)
    await begin(desk, await template(desk, subject="Größe für {{ lead.name }}"))
    await take_a_turn(desk)
    await desk.office.pull(desk.account_id)
    rows = await desk.office.rows("select count(*), count(distinct lead_id) from emails")
    assert rows == [(3, 3)]
    assert len(desk.in_sent()) == 4  # and the word to the user that it is done


async def test_everyone_passed_over_stands_there_with_the_reason(desk: Desk) -> None:
    await crowd(desk, 4)
    org = desk.office.organization_id
    await desk.office.lead("Company without")
    await desk.office.lead("Company twice", "P1@crowd.example", "two@crowd.example")
    await desk.office.lead("Company odd", "odd@crowd.example")
    await desk.office.rows(
        "update contact_emails set address = 'odd@crowd', address_key = 'odd@crowd'"
        " where address = 'odd@crowd.example' returning 1"
    )
    async with desk.tools.db.transaction() as tx:
        reasons = [
            NewSuppression("p2@crowd.example", Kind.UNSUBSCRIBED, Source.PAGE),
            NewSuppression("p3@crowd.example", Kind.HARD_BOUNCE, Source.REPORT),
        ]
        await suppression_store.suppress(tx, org, reasons, desk.clock.now)
    bulk_id = await begin(desk, await template(desk), preference=Preference.CONTACT)
    await take_a_turn(desk)
    found = await states(desk, bulk_id)
    assert reached(desk) == sorted(name for name, state in found.items() if state == ("sent", ""))
    assert found["p2@crowd.example"] == ("skipped", "unsubscribed")
    assert found["p3@crowd.example"] == ("skipped", "bounced")
    assert found["odd@crowd"] == ("skipped", "invalid")
    assert sorted(state for state in found.values() if state[0] == "skipped") == [
        ("skipped", "bounced"), ("skipped", "duplicate"), ("skipped", "invalid"), ("skipped", "no_address"),
        ("skipped", "unsubscribed"),
    ]  # fmt: skip
    row = await batch_row(desk, bulk_id)
    assert (row["status"], row["n_leads"], row["n_objects"]) == ("done", 7, len(found))
    assert (row["n_sent"], row["n_skipped"]) == (3, 5)


async def test_who_unsubscribes_while_waiting_gets_nothing(desk: Desk) -> None:
    await crowd(desk, 3)
    bulk_id = await begin(desk, await template(desk))
    async with desk.tools.db.transaction() as tx:
        reason = NewSuppression("p2@crowd.example", Kind.UNSUBSCRIBED, Source.ONE_CLICK)
        await suppression_store.suppress(tx, desk.office.organization_id, [reason], desk.clock.now)
    await take_a_turn(desk)
    assert reached(desk) == ["p1@crowd.example", "p3@crowd.example"]
    assert (await states(desk, bulk_id))["p2@crowd.example"] == ("skipped", "unsubscribed")


async def test_walking_again_after_a_crash_adds_nobody_twice_and_loses_nobody(desk: Desk) -> None:
    await crowd(desk, 20)
    bulk_id = await begin(desk, await template(desk))
    await desk.office.rows("update bulk_emails set status = 'loading' where id = %s returning id", bulk_id)
    await crowd(desk, 3, prefix="late")
    await walk_query(desk.tools, desk.office.organization_id, bulk_id)
    row = await batch_row(desk, bulk_id)
    assert (row["n_objects"], row["n_queued"], row["n_skipped"]) == (23, 23, 0)


async def test_every_address_of_a_contact_when_all_are_asked_for(desk: Desk) -> None:
    await crowd(desk, 2)
    await desk.office.rows(
        "insert into contact_emails (organization_id, contact_id, lead_id, address_key, address, position)"
        " select organization_id, contact_id, lead_id, 'x' || address_key, 'x' || address, 1 from contact_emails"
        " where contact_id = 'cont_p1' returning 1"
    )
    bulk_id = await begin(desk, await template(desk), preference=Preference.ALL)
    assert list(await states(desk, bulk_id)) == ["p1@crowd.example", "xp1@crowd.example", "p2@crowd.example"]


async def test_only_contacts_that_a_filter_finds(desk: Desk) -> None:
    await crowd(desk, 5)
    await begin(desk, await template(desk), preference=Preference.CONTACT, contact_query="name:Person3")
    await take_a_turn(desk)
    assert reached(desk) == ["p3@crowd.example"]


async def test_leads_that_had_the_template_are_left_out_where_asked(desk: Desk) -> None:
    await crowd(desk, 3)
    chosen = await template(desk)
    await begin(desk, chosen, query='name:"Company 2"')
    await take_a_turn(desk)
    second = await begin(desk, chosen, leaves_out_repeats=True)
    await take_a_turn(desk)
    assert reached(desk) == ["p1@crowd.example", "p2@crowd.example", "p3@crowd.example"]
    assert (await states(desk, second))["p2@crowd.example"] == ("skipped", "had_template")


async def test_those_with_an_empty_variable_are_left_out_where_asked(desk: Desk) -> None:
    await crowd(desk, 2)
    await desk.office.rows("update contacts set title = 'Boss' where id = 'cont_p1' returning 1")
    chosen = await template(desk, body="<p>Dear {{ contact.title }}</p>")
    bulk_id = await begin(desk, chosen, leaves_out_gaps=True)
    await take_a_turn(desk)
    assert reached(desk) == ["p1@crowd.example"]
    assert (await states(desk, bulk_id))["p2@crowd.example"] == ("skipped", "missing_value")


async def test_a_template_with_a_variable_nobody_knows_is_refused(desk: Desk) -> None:
    chosen = await template(desk, body="<p>{{ lead.shoe_size }}</p>")
    with pytest.raises(Invalid, match="shoe_size"):
        await begin(desk, chosen)


async def test_a_paused_batch_sends_nothing_and_goes_on_where_it_stood(desk: Desk) -> None:
    await crowd(desk, 5)
    bulk_id = await begin(desk, await template(desk))
    await bulk.pause(desk.tools, desk.asker, bulk_id)
    await take_a_turn(desk)
    assert reached(desk) == []
    assert (await batch_row(desk, bulk_id))["cause"] == "user"
    await bulk.resume(desk.tools, desk.asker, bulk_id)
    await take_a_turn(desk)
    assert len(reached(desk)) == 5
    with pytest.raises(Conflict):
        await bulk.pause(desk.tools, desk.asker, bulk_id)
    told = await actions_told(desk, bulk_id)
    assert "paused" in told and told[-1] == "completed"


async def test_cancel_takes_back_what_waits_for_another_try(desk: Desk) -> None:
    await crowd(desk, 4)
    desk.smtp.faults.add(faults.reply(451, "4.7.1 Greylisted, come back later"), on="RCPT", times=2)
    bulk_id = await begin(desk, await template(desk))
    await take_a_turn(desk)
    row = await batch_row(desk, bulk_id)
    assert (row["status"], row["n_sent"], row["n_sending"]) == ("processing", 2, 2)
    await bulk.cancel(desk.tools, desk.asker, bulk_id)
    row = await batch_row(desk, bulk_id)
    assert (row["status"], row["n_sent"], row["n_cancelled"], row["n_sending"]) == ("cancelled", 2, 2, 0)
    await desk.work_until_quiet()
    assert len(reached(desk)) == 2
    assert (await desk.office.rows("select sum(num_emails) from leads"))[0][0] == 2


async def test_who_was_put_off_gets_it_later_by_the_ordinary_way_and_the_batch_ends(desk: Desk) -> None:
    await crowd(desk, 3)
    desk.smtp.faults.add(faults.reply(451, "4.7.1 Greylisted, come back later"), on="RCPT", times=1)
    bulk_id = await begin(desk, await template(desk))
    await take_a_turn(desk)
    await desk.work_until_quiet()
    await take_a_turn(desk)
    assert reached(desk) == ["p1@crowd.example", "p2@crowd.example", "p3@crowd.example"]
    row = await batch_row(desk, bulk_id)
    assert (row["status"], row["n_sent"]) == ("done", 3)
    sent = [one for one in desk.smtp.accepted if one.recipients != [desk.address]]
    assert [one.recipients for one in sent if b"Precedence: bulk\r\n" not in one.raw] == []


async def test_a_twentieth_of_bad_addresses_stops_it_and_a_person_may_go_on(desk: Desk) -> None:
    await crowd(desk, 160)
    desk.smtp.faults.add(faults.reply(550, "5.1.1 No such user"), on="RCPT", times=8)
    bulk_id = await begin(desk, await template(desk))
    await take_a_turn(desk)
    row = await batch_row(desk, bulk_id)
    assert (row["status"], row["cause"], row["n_failed"]) == ("paused", "bounces", 8)
    assert await desk.office.rows("select kind, source, count(*) from suppressions group by 1, 2") == [
        ("hard_bounce", "smtp", 8)
    ]
    assert row["n_queued"] > 0
    await bulk.resume(desk.tools, desk.asker, bulk_id)
    await take_a_turn(desk)
    row = await batch_row(desk, bulk_id)
    assert (row["status"], row["n_sent"], row["n_failed"]) == ("done", 152, 8)


async def test_an_email_that_is_refused_whoever_it_is_for_stops_it(desk: Desk) -> None:
    await crowd(desk, 40)
    desk.smtp.faults.add(faults.reply(550, "5.7.1 Message rejected as spam"), on="BODY", times=1000)
    bulk_id = await begin(desk, await template(desk))
    await take_a_turn(desk)
    row = await batch_row(desk, bulk_id)
    assert (row["status"], row["cause"]) == ("paused", "refused")
    assert row["n_failed"] <= 10 and row["n_queued"] >= 30


async def test_the_providers_daily_limit_pauses_it_until_the_window_moves(desk: Desk) -> None:
    await crowd(desk, 12)
    bulk_id = await begin(desk, await template(desk))
    desk.smtp.faults.add(faults.reply(550, "5.4.5 Daily user sending limit exceeded"), on="MAIL", times=1)
    await take_a_turn(desk)
    row = await batch_row(desk, bulk_id)
    assert (row["status"], row["cause"], row["n_failed"]) == ("paused", "limit", 0)
    assert row["resumes_at"] > desk.clock.now
    desk.clock.now = row["resumes_at"]
    await take_a_turn(desk)
    await desk.work_until_quiet()
    assert len(reached(desk)) == 12
    assert len(set(reached(desk))) == 12


async def test_a_persons_email_goes_before_the_batch(desk: Desk) -> None:
    await crowd(desk, 40)
    await begin(desk, await template(desk))
    await desk.write(subject="by hand")
    await take_a_turn(desk)
    assert desk.smtp.accepted[0].recipients == ["bob@bolt.example"]
    assert len(desk.smtp.accepted) == 42  # and the word to the user that it is done


async def test_two_batches_of_an_account_take_turns(desk: Desk) -> None:
    await crowd(desk, 30)
    chosen = await template(desk)
    ids = [await begin(desk, chosen), await begin(desk, chosen, query='name:"Company 1"')]
    await take_a_turn(desk)
    assert [(await batch_row(desk, one))["status"] for one in ids] == ["done", "done"]


async def test_the_user_is_told_once_that_it_is_done(desk: Desk) -> None:
    await crowd(desk, 2)
    bulk_id = await begin(desk, await template(desk))
    for _ in range(3):
        await take_a_turn(desk)
    told = [one for one in desk.smtp.accepted if one.recipients == [desk.address]]
    assert len(told) == 1 and b"Sent: 2" in told[0].raw
    assert (await batch_row(desk, bulk_id))["done_report"] == "sent"


async def test_an_account_that_must_be_reconnected_pauses_it_and_reconnecting_lets_it_go_on(desk: Desk) -> None:
    await crowd(desk, 3)
    bulk_id = await begin(desk, await template(desk))
    await desk.set_account(send_status="error", send_error="The password was refused.", send_remedy="password")
    with pytest.raises(NeedsUser):
        await take_a_turn(desk)
    row = await batch_row(desk, bulk_id)
    assert (row["status"], row["cause"]) == ("paused", "account")
    assert "The password was refused." in row["error"]
    await desk.set_account(send_status="ok", send_error="", send_remedy="")
    await take_a_turn(desk)
    assert (await batch_row(desk, bulk_id))["status"] == "done"


async def test_the_providers_minute_is_kept_by_all_mail_together(desk: Desk) -> None:
    await crowd(desk, 40)
    await desk.set_account(provider="microsoft")  # 30 emails a minute
    bulk_id = await begin(desk, await template(desk))
    for number in range(5):
        await desk.write(subject=f"by hand {number}")
    await desk.deliver()
    await take_a_turn(desk)
    assert len(desk.smtp.accepted) == 30
    row = await batch_row(desk, bulk_id)
    assert (row["status"], row["cause"], row["n_sent"]) == ("processing", "limit", 25)
    assert 0 < (row["resumes_at"] - desk.clock.now).total_seconds() <= 60
    await take_a_turn(desk)
    assert len(desk.smtp.accepted) == 30
    assert await desk.deliver() is None  # nothing is due
    await desk.write(subject="one too many")
    error = await desk.deliver()
    assert isinstance(error, Temporary) and "30 emails in minute" in str(error)
    desk.clock.forward(seconds=61)
    await desk.deliver()
    await take_a_turn(desk)
    assert len(reached(desk)) == 46
    assert (await batch_row(desk, bulk_id))["status"] == "done"


async def test_a_server_that_asks_for_less_gets_half_and_slowly_more(desk: Desk) -> None:
    await crowd(desk, 60)
    desk.smtp.faults.add(faults.reply(432, "4.3.2 Concurrent connections limit exceeded."), on="MAIL", nth=41)
    bulk_id = await begin(desk, await template(desk))
    await take_a_turn(desk)
    row = await batch_row(desk, bulk_id)
    assert (row["cause"], row["n_failed"]) == ("limit", 0)
    pace = (await desk.office.rows("select per_minute from send_paces"))[0][0]
    assert 5 <= pace <= 30
    for _ in range(20):
        desk.clock.forward(minutes=2)
        await desk.deliver()
        await take_a_turn(desk)
    assert sorted(reached(desk)) == sorted(set(reached(desk))) and len(reached(desk)) == 60
    assert (await batch_row(desk, bulk_id))["status"] == "done"


async def test_a_lead_that_left_the_query_while_waiting_is_passed_over(desk: Desk) -> None:
    await crowd(desk, 3)
    bulk_id = await begin(desk, await template(desk))
    await desk.office.rows("update leads set name = 'Elsewhere' where id = 'lead_p2' returning 1")
    desk.clock.forward(hours=2)
    await take_a_turn(desk)
    assert reached(desk) == ["p1@crowd.example", "p3@crowd.example"]
    assert (await states(desk, bulk_id))["p2@crowd.example"] == ("skipped", "no_longer_found")


async def test_an_international_address_is_passed_over_where_the_server_takes_none(desk: Desk) -> None:
    await crowd(desk, 2)
    await desk.office.rows(
        "update contact_emails set address = 'jörg@crowd.example', address_key = 'jörg@crowd.example'"
        " where contact_id = 'cont_p1' returning 1"
    )
    desk.smtp.extensions.remove("SMTPUTF8")
    bulk_id = await begin(desk, await template(desk))
    await take_a_turn(desk)
    assert reached(desk) == ["p2@crowd.example"]
    assert (await states(desk, bulk_id))["jörg@crowd.example"] == ("skipped", "needs_smtputf8")


async def test_above_ten_thousand_gmail_gets_no_copies_of_what_another_server_sends() -> None:
    assert may_copy_to_sent(10_000, "google", "mailgun")
    assert not may_copy_to_sent(10_001, "google", "mailgun")
    assert may_copy_to_sent(100_000, "google", "google")
    assert may_copy_to_sent(100_000, "custom", "mailgun")


async def test_a_removed_account_ends_its_batches(desk: Desk) -> None:
    await crowd(desk, 3)
    bulk_id = await begin(desk, await template(desk))
    await desk.set_account(is_deleted=True)
    with pytest.raises(NeedsUser):
        await take_a_turn(desk)
    row = await batch_row(desk, bulk_id)
    assert (row["status"], row["n_cancelled"], row["n_queued"]) == ("error", 3, 0)


@pytest.mark.parametrize(
    ("queued", "today", "per_day", "days"), [(100, None, None, 1), (100, 50, 450, 2), (1000, 0, 450, 4)]
)
def test_time_left_knows_the_daily_limit(queued: int, today: int | None, per_day: int | None, days: int) -> None:
    assert remaining(queued, 30.0, today, per_day).days == days
    assert remaining(60, 30.0, None, None).seconds == 120
    assert remaining(60, 0.0, None, None).seconds is None
