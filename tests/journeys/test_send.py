"""From a draft to the recipient, the Sent folder and the timeline: every way it can end."""

import asyncio
from collections.abc import AsyncIterator
from itertools import count

import pytest

from postroom.ground.errors import Conflict, Forbidden, Invalid, NeedsUser, Temporary
from postroom.journeys.arrive import pull_new
from postroom.journeys.follow_up import make_due_tasks
from postroom.journeys.send import delete_email, deliver_due
from postroom.rooms.emails.email import Timing
from tests.journeys.office import Office, letter
from tests.journeys.sending import BOB, CARL, DORA, Desk, open_desk
from tests.servers import smtp_faults as faults
from tests.servers.dovecot import DovecotServer

_users = count(1)


@pytest.fixture
async def desk(office: Office, mail_server: DovecotServer) -> AsyncIterator[Desk]:
    async with open_desk(office, mail_server, f"sender{next(_users)}") as made:
        yield made


async def test_an_email_goes_out_once_and_lies_once_in_sent(desk: Desk) -> None:
    email_id = await desk.write(cc=(CARL,), bcc=(DORA,), body_html="<p>Dear Bob.")
    assert await desk.deliver() is None
    await desk.file_copies()
    await desk.work_until_quiet()
    (taken,) = desk.smtp.accepted
    assert taken.recipients == [BOB, CARL, DORA]
    assert taken.sender == desk.address
    (copy,) = desk.in_sent()
    assert "\\Seen" in copy["X-Flags"]
    stored = await desk.email(email_id)
    assert stored["status"] == "sent"
    assert stored["message_ids"] == [copy["Message-ID"]]
    assert copy["X-Postroom-Id"] == email_id
    assert stored["contact_id"] is not None
    assert stored["date_sent"] is not None
    assert (await desk.delivery(email_id))["copy_state"] == "filed"


async def test_bcc_leaves_nobody_but_stays_in_our_own_copy(desk: Desk) -> None:
    await desk.write(bcc=(DORA,), body_text="Bcc: not a header\r\n")
    await desk.deliver()
    await desk.file_copies()
    header, _, body = desk.smtp.accepted[0].raw.partition(b"\r\n\r\n")
    assert b"dora" not in header.lower()
    assert b"bcc" not in header.lower()
    assert b"Bcc: not a header" in body
    assert DORA in desk.in_sent()[0]["Bcc"]


async def test_the_copy_in_sent_is_known_when_it_is_pulled(desk: Desk) -> None:
    email_id = await desk.write()
    await desk.deliver()
    await desk.file_copies()
    await desk.office.pull(desk.account_id)
    assert await desk.office.subjects(desk.lead_id) == ["Offer"]
    rows = await desk.office.rows("select e.id from copies c join emails e on e.message_key = c.message_key")
    assert rows == [(email_id,)]


async def test_a_copy_that_the_provider_filed_is_left_alone(desk: Desk) -> None:
    desk.provider_files_its_own()
    email_id = await desk.write()
    await desk.deliver()
    await desk.file_copies()
    assert len(desk.in_sent()) == 1
    assert (await desk.delivery(email_id))["copy_state"] == "provider"


async def test_a_copy_under_a_rewritten_message_id_is_recognised(desk: Desk) -> None:
    desk.smtp.rewrites_message_ids = True
    desk.provider_files_its_own()
    await desk.write()
    await desk.deliver()
    await desk.file_copies()
    await desk.office.pull(desk.account_id)
    assert len(desk.in_sent()) == 1
    assert await desk.office.subjects(desk.lead_id) == ["Offer"]


async def test_a_copy_that_cannot_be_filed_is_filed_later_and_the_email_is_sent_all_the_same(desk: Desk) -> None:
    desk.mail.set_password(desk.user, "changed")
    email_id = await desk.write()
    await desk.deliver()
    desk.clock.forward(seconds=30)
    with pytest.raises(NeedsUser):
        await desk.file_copies()
    assert (await desk.email(email_id))["status"] == "sent"
    desk.mail.set_password(desk.user, "secret")
    await desk.set_account(receive_status="ok")
    await desk.work_until_quiet()
    assert len(desk.in_sent()) == 1
    assert len(desk.smtp.accepted) == 1


async def test_undo_within_the_wait_sends_nothing(desk: Desk) -> None:
    email_id = await desk.write(timing=Timing(send_in_seconds=30))
    await desk.deliver()
    assert desk.smtp.accepted == []
    await desk.become(email_id, "draft", subject="Better offer")
    desk.clock.forward(minutes=5)
    await desk.deliver()
    assert desk.smtp.accepted == []
    await desk.become(email_id, "outbox")
    await desk.deliver()
    assert b"Subject: Better offer" in desk.smtp.accepted[0].raw


async def test_scheduled_goes_at_its_time_and_can_be_taken_back_until_then(desk: Desk) -> None:
    day = desk.clock.now.replace(hour=12)
    desk.clock.now = day
    kept = await desk.write("scheduled", Timing(date_scheduled=day.replace(hour=15)), subject="kept")
    taken = await desk.write("scheduled", Timing(date_scheduled=day.replace(hour=15)), subject="taken back")
    desk.clock.now = day.replace(hour=14, minute=59)
    await desk.deliver()
    await desk.become(taken, "draft")
    assert desk.smtp.accepted == []
    desk.clock.now = day.replace(hour=15)
    await desk.deliver()
    assert (await desk.email(kept))["status"] == "sent"
    assert (await desk.email(taken))["status"] == "draft"
    assert len(desk.smtp.accepted) == 1


async def test_of_cancel_and_send_at_the_same_moment_exactly_one_happens(desk: Desk) -> None:
    outcomes = set()
    for number in range(12):
        email_id = await desk.write(subject=f"race {number}")
        before = len(desk.smtp.accepted)

        async def cancel(wait: float) -> bool:
            await asyncio.sleep(wait)
            try:
                await desk.become(email_id, "draft")
            except (Conflict, Invalid):  # it is being sent, or is sent already
                return False
            return True

        async def send(wait: float) -> None:
            await asyncio.sleep(wait)
            await desk.deliver()

        # From "cancel well before" to "cancel well after", in steps of the time that a transaction takes.
        early = (number - 6) * 0.004
        cancelled, _ = await asyncio.gather(cancel(max(early, 0)), send(max(-early, 0)))
        status = (await desk.email(email_id))["status"]
        assert (status, len(desk.smtp.accepted) - before) == (("draft", 0) if cancelled else ("sent", 1))
        outcomes.add(cancelled)
    assert outcomes == {True, False}


async def test_two_workers_at_once_send_each_email_once(desk: Desk) -> None:
    for number in range(8):
        await desk.write(subject=f"number {number}")
    here = (desk.tools, desk.office.organization_id, desk.account_id)
    await asyncio.gather(deliver_due(*here), deliver_due(*here))
    await desk.work_until_quiet()
    sent = sorted(one.raw.split(b"Subject: ")[1][:8] for one in desk.smtp.accepted)
    assert sent == [b"number %d" % number for number in range(8)]


async def test_several_go_over_one_login_the_most_urgent_first(desk: Desk) -> None:
    for subject in ("one", "two", "three"):
        await desk.write(subject=subject)
        desk.clock.forward(seconds=1)
    await desk.deliver()
    assert [one.raw.split(b"Subject: ")[1].split(b"\r\n")[0] for one in desk.smtp.accepted] == [
        b"one",
        b"two",
        b"three",
    ]
    assert desk.smtp.connections_opened == 1


async def test_those_accepted_never_get_it_again_while_the_put_off_do(desk: Desk) -> None:
    desk.smtp.refuse(CARL, 450, "4.2.0 Greylisted", times=2)
    desk.smtp.refuse(DORA, 550, "5.1.1 User unknown")
    email_id = await desk.write(to=(BOB, CARL, DORA))
    await desk.deliver()
    assert (await desk.email(email_id))["status"] == "sent"
    await desk.work_until_quiet()
    assert [one.recipients for one in desk.smtp.accepted] == [[BOB], [CARL]]
    assert desk.smtp.accepted[0].raw == desk.smtp.accepted[1].raw
    delivery = await desk.delivery(email_id)
    assert (delivery["state"], delivery["recipients"]) == ("sent", [])
    assert [(one["email"], one["code"]) for one in delivery["refused"]] == [(DORA, 550)]
    assert len(desk.in_sent()) == 1
    assert [entry["outcome"] for entry in delivery["log"]] == ["accepted", "refused", "accepted"]


async def test_a_refused_email_is_an_error_with_the_servers_words_and_stops_no_other(desk: Desk) -> None:
    desk.smtp.refuse(BOB, 550, "5.1.1 User unknown")
    refused = await desk.write(to=(BOB,))
    sent = await desk.write(to=(CARL,))
    await desk.deliver()
    assert (await desk.email(refused))["status"] == "error"
    assert "User unknown" in (await desk.delivery(refused))["error"]
    assert (await desk.email(sent))["status"] == "sent"


async def test_an_error_can_be_corrected_and_sent(desk: Desk) -> None:
    desk.smtp.refuse(BOB, 550, "5.1.1 User unknown")
    email_id = await desk.write()
    await desk.deliver()
    await desk.become(email_id, "draft", to=(CARL,))
    await desk.become(email_id, "outbox")
    await desk.deliver()
    assert (await desk.email(email_id))["status"] == "sent"
    assert desk.smtp.accepted[0].recipients == [CARL]


@pytest.mark.parametrize(
    ("said", "remedy"),
    [(faults.MICROSOFT_SMTP_AUTH_OFF, "smtp_auth"), ((535, "5.7.8 Error: authentication failed"), "password")],
)
async def test_the_accounts_fault_leaves_mail_in_the_outbox_until_reconnected(
    desk: Desk, said: tuple[int, str], remedy: str
) -> None:
    fault = desk.smtp.faults.add(faults.reply(*said), on="AUTH", times=faults.FOREVER)
    first, second = await desk.write(), await desk.write()
    error = await desk.deliver()
    assert isinstance(error, NeedsUser)
    account = await desk.account()
    assert (account["send_status"], account["send_remedy"], account["receive_status"]) == ("error", remedy, "ok")
    assert str(said[0]) in account["send_error"]
    for email_id in (first, second):
        assert (await desk.email(email_id))["status"] == "outbox"
        assert (await desk.delivery(email_id))["error"] == account["send_error"]
    tries = fault.struck
    await desk.work_until_quiet()  # nothing is tried while a person must act
    assert fault.struck == tries
    desk.smtp.faults.clear()
    await desk.set_account(send_status="ok", send_error="", send_remedy="")
    assert await desk.deliver() is None
    assert len(desk.smtp.accepted) == 2


async def test_the_accounts_fault_in_the_middle_stops_the_run_and_loses_nothing(desk: Desk) -> None:
    emails = [await desk.write(subject=f"number {number}") for number in range(3)]
    desk.smtp.faults.add(faults.reply(*faults.GMAIL_DAILY_LIMIT), on="BODY", nth=2)
    error = await desk.deliver()
    assert isinstance(error, Temporary)
    assert [(await desk.email(one))["status"] for one in emails] == ["sent", "outbox", "outbox"]
    assert "daily limit" in (await desk.delivery(emails[1]))["error"]
    assert (await desk.account())["send_status"] == "ok"
    await desk.work_until_quiet()
    assert len(desk.smtp.accepted) == 3


async def test_a_server_out_of_reach_delays_and_loses_nothing(desk: Desk) -> None:
    desk.smtp.faults.add(faults.drop(), on="CONNECT", times=3)
    emails = [await desk.write(subject=f"number {number}") for number in range(2)]
    assert isinstance(await desk.deliver(), Temporary)
    await desk.work_until_quiet()
    assert [(await desk.email(one))["status"] for one in emails] == ["sent", "sent"]
    assert len(desk.smtp.accepted) == 2


async def test_a_connection_lost_before_the_dot_is_tried_again_soon(desk: Desk) -> None:
    desk.smtp.faults.add(faults.drop(), on="DATA")
    email_id = await desk.write()
    other = await desk.write(to=(CARL,))
    assert await desk.deliver() is None
    assert (await desk.email(other))["status"] == "sent"
    assert (await desk.delivery(email_id))["state"] == "waiting"
    desk.clock.forward(minutes=1)
    await desk.deliver()
    assert (await desk.email(email_id))["status"] == "sent"
    assert len(desk.smtp.accepted) == 2


async def test_lost_after_the_dot_and_found_in_sent_is_sent(desk: Desk) -> None:
    desk.provider_files_its_own()
    desk.smtp.faults.add(faults.accept_then_drop(), on="BODY")
    email_id = await desk.write()
    await desk.deliver()
    assert (await desk.delivery(email_id))["state"] == "unknown"
    assert (await desk.email(email_id))["status"] == "outbox"
    with pytest.raises(Conflict):
        await desk.become(email_id, "draft")
    await desk.work_until_quiet()
    assert (await desk.email(email_id))["status"] == "sent"
    assert (len(desk.smtp.accepted), len(desk.in_sent())) == (1, 1)


async def test_lost_after_the_dot_and_absent_goes_again_where_the_provider_files_by_itself(desk: Desk) -> None:
    desk.provider_files_its_own()
    await desk.set_account(files_own_sent=True)
    desk.smtp.faults.add(faults.drop(), on="BODY")
    email_id = await desk.write()
    await desk.deliver()
    await desk.settle()
    desk.clock.forward(minutes=2)
    await desk.settle()
    assert (await desk.delivery(email_id))["state"] == "unknown"  # looked twice, and the last look is still to come
    await desk.work_until_quiet()
    assert (await desk.email(email_id))["status"] == "sent"
    assert (len(desk.smtp.accepted), len(desk.in_sent())) == (1, 1)


async def test_lost_after_the_dot_and_absent_elsewhere_is_for_a_person_to_decide(desk: Desk) -> None:
    desk.smtp.faults.add(faults.accept_then_drop(), on="BODY")
    email_id = await desk.write()
    await desk.deliver()
    await desk.work_until_quiet()
    assert (await desk.email(email_id))["status"] == "error"
    assert "may have been sent" in (await desk.delivery(email_id))["error"]
    assert len(desk.smtp.accepted) == 1
    first = desk.smtp.accepted[0].raw
    await desk.become(email_id, "outbox")  # the person decides
    await desk.deliver()
    assert desk.smtp.accepted[1].raw == first  # the same Message-ID: those who know it show it once


async def test_without_a_mailbox_to_look_into_a_person_decides(desk: Desk) -> None:
    await desk.set_account(imap_host="")
    desk.smtp.faults.add(faults.accept_then_drop(), on="BODY")
    email_id = await desk.write()
    await desk.deliver()
    await desk.work_until_quiet()
    assert (await desk.email(email_id))["status"] == "error"
    assert len(desk.smtp.accepted) == 1


async def test_mail_of_a_removed_account_asks_for_another_sender(desk: Desk) -> None:
    email_id = await desk.write()
    await desk.set_account(is_deleted=True, is_active=False)
    await desk.deliver()
    assert (await desk.email(email_id))["status"] == "error"
    assert "was removed" in (await desk.delivery(email_id))["error"]


async def test_a_reply_carries_the_threads_headers_and_joins_it(desk: Desk) -> None:
    raw = letter(BOB, desk.address, "Question", message_id="<q@bolt.example>", references="<a@bolt.example>")
    desk.mail.deliver(desk.user, "INBOX", raw)
    await desk.office.pull(desk.account_id)
    ((question, thread),) = await desk.office.rows("select id, thread_id from emails")
    answer = await desk.write(subject="Re: Question", in_reply_to_id=question)
    await desk.deliver()
    header = desk.smtp.accepted[0].raw.partition(b"\r\n\r\n")[0]
    assert b"In-Reply-To: <q@bolt.example>" in header
    assert b"References: <a@bolt.example> <q@bolt.example>" in header
    stored = await desk.email(answer)
    assert stored["thread_id"] == thread
    assert stored["reference_ids"] == ["<a@bolt.example>", "<q@bolt.example>"]
    assert await desk.office.rows("select n_emails from email_threads where id = %s", thread) == [(2,)]


async def test_the_answer_to_what_we_sent_joins_its_thread(desk: Desk) -> None:
    email_id = await desk.write()
    await desk.deliver()
    sent = await desk.email(email_id)
    raw = letter(BOB, desk.address, "Re: Offer", in_reply_to=sent["message_ids"][0])
    desk.mail.deliver(desk.user, "INBOX", raw)
    await pull_new(desk.office.tools, desk.office.organization_id, desk.account_id)
    threads = await desk.office.rows("select distinct thread_id from emails")
    assert threads == [(sent["thread_id"],)]


async def test_a_follow_up_without_an_answer_becomes_a_task_once(desk: Desk) -> None:
    tomorrow = desk.clock.now.replace(hour=23)
    silent = await desk.write(timing=Timing(followup_date=tomorrow))
    answered = await desk.write(to=(CARL,), subject="Other", timing=Timing(followup_date=tomorrow))
    await desk.deliver()
    async with desk.tools.db.transaction() as tx:
        await tx.execute("update emails set has_reply = true where id = %s", (answered,))
    assert await make_due_tasks(desk.tools) == 0
    desk.clock.now = tomorrow
    assert await make_due_tasks(desk.tools) == 1
    assert await make_due_tasks(desk.tools) == 0
    rows = await desk.office.rows("select kind, object_id, lead_id, assigned_to, text from tasks")
    assert rows == [("email_followup", silent, desk.lead_id, desk.asker.user_id, "No reply to “Offer”")]


async def test_sending_as_a_coworker_is_refused(desk: Desk) -> None:
    other = await desk.office.user("other@acme.example")
    with pytest.raises(Forbidden):
        await Desk.write(_as(desk, desk.office.asker(other)))
    with pytest.raises(Invalid) as caught:
        await desk.write(sender="stranger@elsewhere.example")
    assert "sender" in caught.value.field_errors
    assert await desk.office.rows("select id from emails") == []


async def test_another_users_draft_cannot_be_changed(desk: Desk) -> None:
    email_id = await desk.write("draft")
    other = await desk.office.user("other@acme.example")
    with pytest.raises(Forbidden):
        await _as(desk, desk.office.asker(other)).become(email_id, "draft", subject="mine now")


async def test_logged_mail_is_never_transmitted(desk: Desk) -> None:
    sent = await desk.write("sent", sender="")
    received = await desk.write("inbox", sender=BOB, to=(desk.address,))
    await desk.work_until_quiet()
    assert desk.smtp.accepted == []
    assert desk.address in (await desk.email(sent))["sender"]
    assert (await desk.email(received))["status"] == "inbox"
    directions = await desk.office.rows("select direction from emails order by direction")
    assert directions == [("incoming",), ("outgoing",)]


async def test_a_deleted_draft_is_gone_and_a_queued_one_is_not_sent(desk: Desk) -> None:
    draft, queued = await desk.write("draft"), await desk.write()
    for email_id in (draft, queued):
        await delete_email(desk.tools, desk.asker, email_id)
    await desk.deliver()
    assert desk.smtp.accepted == []
    assert await desk.office.rows("select id from emails") == []


async def test_counts_on_lead_and_thread_follow(desk: Desk) -> None:
    email_id = await desk.write("draft")
    assert await _count(desk) == 0
    await desk.become(email_id, "outbox")
    assert await _count(desk) == 1
    await desk.become(email_id, "draft")
    assert await _count(desk) == 0
    await desk.become(email_id, "outbox")
    await desk.deliver()
    assert await _count(desk) == 1
    await delete_email(desk.tools, desk.asker, email_id)
    assert await _count(desk) == 0
    assert await desk.office.rows("select id from email_threads") == []


async def test_no_secret_and_no_body_stands_in_a_delivery_or_event(desk: Desk) -> None:
    desk.smtp.faults.add(faults.reply(535, "5.7.8 wrong: secret"), on="AUTH")
    email_id = await desk.write(body_text="confidential words")
    await desk.deliver()
    account, delivery = await desk.account(), await desk.delivery(email_id)
    assert "secret" not in account["send_error"] + delivery["error"]
    events = await desk.office.rows("select data::text, previous_data::text from events")
    assert "confidential" not in str(events)


async def _count(desk: Desk) -> int:
    ((number,),) = await desk.office.rows("select num_emails from leads")
    return int(number)


def _as(desk: Desk, asker: object) -> Desk:
    return Desk(**{name: getattr(desk, name) for name in Desk.__dataclass_fields__} | {"asker": asker})
