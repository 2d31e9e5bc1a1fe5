"""What leaves the house with tracked links and a pixel, what is kept of it, and what never is tracked."""

import email
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from email.message import Message
from itertools import count

import pytest

from postroom.journeys import bulk, bulk_preview
from postroom.journeys.bulk import Order
from postroom.journeys.bulk_walk import walk_query
from postroom.journeys.steps.tracking_links import tracking_marks
from postroom.rooms.bulk.bulk_email import Audience
from tests.journeys.campaign import crowd, take_a_turn, template
from tests.journeys.office import Office
from tests.journeys.sending import BOB, CARL, Desk, open_desk
from tests.servers import smtp_faults as faults
from tests.servers.dovecot import DovecotServer

BASE = "https://crm.acme.example"
TARGET = "https://acme.example/spring?a=1&b=2"
HTML = (
    '<p>Hi, <a href="https://acme.example/spring?a=1&amp;b=2">our list</a>, <a href="mailto:ann@acme.example">me</a>.'
    "</p>"
    '<div class="postroom_quote"><blockquote><a href="https://bolt.example/old">old</a></blockquote></div>'
)
_users = count(1)


@pytest.fixture
async def desk(office: Office, mail_server: DovecotServer) -> AsyncIterator[Desk]:
    """A desk that recipients reach by https."""
    async with open_desk(office, mail_server, f"tracker{next(_users)}") as made:
        made.tools = replace(made.tools, config=replace(made.tools.config, base_url=BASE))
        yield made


def part(message: Message, kind: str) -> str:
    found = next(one for one in message.walk() if one.get_content_type() == kind)
    payload = found.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode()


def received(desk: Desk) -> list[Message]:
    return [email.message_from_bytes(one.raw) for one in desk.smtp.accepted]


def targets(desk: Desk, html: str) -> list[str | None]:
    marks = tracking_marks(desk.tools)
    return [marks.target_of(ticket) for ticket in re.findall(rf'href="{BASE}/click/([\w-]+)"', html)]


async def test_by_default_nothing_is_tracked(desk: Desk) -> None:
    await desk.write(body_html=HTML)
    await desk.deliver()
    assert part(received(desk)[0], "text/html").strip() == HTML


async def test_an_account_that_tracks_leads_links_by_way_of_us_and_sets_a_pixel(desk: Desk) -> None:
    await desk.set_account(track_opens=True, track_clicks=True)
    await desk.write(body_html=HTML, body_text="")
    await desk.deliver()
    message = received(desk)[0]
    html = part(message, "text/html")
    assert targets(desk, html) == [TARGET]
    assert html.count(f'src="{BASE}/open/') == 1
    assert 'href="mailto:ann@acme.example"' in html
    assert 'href="https://bolt.example/old"' in html
    text = part(message, "text/plain")
    assert TARGET in text
    assert BASE not in text


async def test_what_is_kept_and_filed_in_sent_is_not_tracked(desk: Desk) -> None:
    await desk.set_account(track_opens=True, track_clicks=True)
    email_id = await desk.write(body_html=HTML)
    await desk.deliver()
    await desk.file_copies()
    copy = desk.in_sent()[0]
    assert BASE not in part(copy, "text/html")
    assert copy["Message-ID"] == received(desk)[0]["Message-ID"]
    stored = await desk.office.rows("select body_html, track_opens from emails where id = %s", email_id)
    assert stored == [(HTML, True)]


async def test_the_copy_that_a_provider_files_is_known_as_the_same_email(desk: Desk) -> None:
    desk.provider_files_its_own()
    await desk.set_account(files_own_sent=True, track_opens=True, track_clicks=True)
    await desk.write(body_html=HTML)
    await desk.deliver()
    await desk.office.pull(desk.account_id)
    assert await desk.office.rows("select count(*), min(body_html) from emails") == [(1, HTML)]


async def test_an_email_says_otherwise_than_its_account(desk: Desk) -> None:
    await desk.set_account(track_opens=True, track_clicks=True)
    await desk.write(body_html=HTML, track_opens=False, track_clicks=False)
    await desk.write(body_html=HTML, track_opens=True, track_clicks=False)
    await desk.deliver()
    without, opens = (part(one, "text/html") for one in received(desk))
    assert BASE not in without
    assert (opens.count(f"{BASE}/open/"), opens.count(f"{BASE}/click/")) == (1, 0)


async def test_a_later_try_is_the_same_to_the_byte_whatever_the_account_says_by_then(desk: Desk) -> None:
    await desk.set_account(track_opens=True, track_clicks=True)
    desk.smtp.faults.add(faults.reply(*faults.POSTFIX_GREYLISTED), on="RCPT")
    await desk.write(body_html=HTML)
    await desk.deliver()
    await desk.set_account(track_opens=False, track_clicks=False)
    await desk.work_until_quiet()
    assert len(received(desk)) == 1
    assert targets(desk, part(received(desk)[0], "text/html")) == [TARGET]


async def test_with_several_recipients_no_link_names_one_of_them(desk: Desk) -> None:
    await desk.write(body_html=HTML, to=(BOB, CARL), track_opens=True, track_clicks=True)
    await desk.deliver()
    marks = tracking_marks(desk.tools)
    tickets = re.findall(r"/click/([\w-]+)", part(received(desk)[0], "text/html"))
    assert [marks.clicks.open(one, 4) for one in tickets] == [
        (desk.office.organization_id, received(desk)[0]["X-Postroom-Id"], "", TARGET)
    ]


async def test_plain_text_alone_is_never_tracked(desk: Desk) -> None:
    await desk.write(body_text=f"See {TARGET}", track_opens=True, track_clicks=True)
    await desk.deliver()
    assert BASE.encode() not in desk.smtp.accepted[0].raw


async def test_without_https_an_account_that_tracks_sends_plain_links(desk: Desk) -> None:
    desk.tools = replace(desk.tools, config=replace(desk.tools.config, base_url="http://127.0.0.1:8080"))
    await desk.set_account(track_opens=True, track_clicks=True)
    await desk.write(body_html=HTML)
    await desk.deliver()
    assert part(received(desk)[0], "text/html").strip() == HTML


async def begin_tracked(desk: Desk, body: str, **wish: bool) -> str:
    order = Order(Audience(query="name:Company"), await template(desk, body=body), desk.address, **wish)
    bulk_id = await bulk.create(desk.tools, desk.asker, order)
    await walk_query(desk.tools, desk.office.organization_id, bulk_id)
    return bulk_id


async def test_a_bulk_emails_links_are_each_recipients_own_and_unsubscribing_is_never_tracked(desk: Desk) -> None:
    await crowd(desk, 3)
    body = f'<p><a href="{TARGET}">Our list</a></p><p>{{{{ unsubscribe.link }}}}</p>'
    await begin_tracked(desk, body, track_opens=True, track_clicks=True)
    await take_a_turn(desk)
    marks = tracking_marks(desk.tools)
    for one in desk.smtp.accepted[:3]:
        message = email.message_from_bytes(one.raw)
        html = part(message, "text/html")
        words = [marks.clicks.open(ticket, 4) for ticket in re.findall(r"/click/([\w-]+)", html)]
        assert words == [(desk.office.organization_id, message["X-Postroom-Id"], one.recipients[0], TARGET)]
        assert html.count(f'href="{BASE}/unsubscribe/') == 1
        assert message["List-Unsubscribe"].replace("\r\n", "").count(f"<{BASE}/unsubscribe/") == 1
        assert "/click/" not in str(message["List-Unsubscribe"])
        assert BASE + "/click/" not in part(message, "text/plain")
    kept = await desk.office.rows("select body_html, track_opens, track_clicks from emails")
    assert [(opens, clicks, "/click/" in html) for html, opens, clicks in kept] == [(True, True, False)] * 3


async def test_a_bulk_email_follows_its_account_and_its_copy_in_sent_is_plain(desk: Desk) -> None:
    await desk.set_account(track_clicks=True)
    await crowd(desk, 2)
    bulk_id = await begin_tracked(desk, f'<p><a href="{TARGET}">Our list</a></p>')
    await desk.office.rows("update bulk_emails set send_done_email = false where id = %s returning id", bulk_id)
    await take_a_turn(desk)
    html = [part(one, "text/html") for one in received(desk)]
    assert [targets(desk, one) for one in html] == [[TARGET], [TARGET]]
    assert not any("/open/" in one for one in html)
    await desk.file_copies()
    assert [BASE + "/click/" in part(one, "text/html") for one in desk.in_sent()] == [False, False]


async def test_the_preview_shows_the_links_as_they_were_written(desk: Desk) -> None:
    await crowd(desk, 1)
    bulk_id = await begin_tracked(desk, f'<p><a href="{TARGET}">Our list</a></p>', track_clicks=True)
    look = await bulk_preview.look(desk.tools, desk.asker, bulk_id, 1)
    assert "/click/" not in look.rendered.body_html
