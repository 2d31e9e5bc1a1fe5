"""From a draft to the recipient, the Sent folder and the timeline."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import count

import pytest

from postroom.ground.errors import Conflict, Invalid, NeedsUser
from postroom.journeys.arrive import pull_new
from postroom.journeys.follow_up import make_due_tasks
from postroom.journeys.send import deliver_due
from postroom.rooms.emails.email import Timing
from tests.journeys.office import Office, letter
from tests.journeys.sending import BOB, CARL, DORA, Desk, open_desk
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
    # From "cancel before" to "cancel after": how long a transaction takes, the machine says.
    for number, early in enumerate((-0.1, -0.03, -0.01, -0.004, -0.002, 0, 0.002, 0.004, 0.01, 0.03, 0.1)):
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

        cancelled, _ = await asyncio.gather(cancel(max(early, 0)), send(max(-early, 0)))
        status = (await desk.email(email_id))["status"]
        assert (status, len(desk.smtp.accepted) - before) == (("draft", 0) if cancelled else ("sent", 1))
    sent = await desk.write(subject="over")
    await desk.deliver()
    with pytest.raises((Conflict, Invalid)):
        await desk.become(sent, "draft")


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
    marked = "select address, kind, source from suppressions"
    assert await desk.office.rows(marked) == [(DORA, "hard_bounce", "smtp")]  # and not the one who was greylisted
    assert len(desk.in_sent()) == 1
    assert [entry["outcome"] for entry in delivery["log"]] == ["accepted", "refused", "accepted"]


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
    tomorrow = desk.clock.now + timedelta(days=1)
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
