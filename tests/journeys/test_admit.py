"""Invitations and password links by email: by which account they go out, and what happens where none can."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import count, pairwise

import pytest

from postroom.ground.errors import PostroomError
from postroom.journeys import sweep
from postroom.journeys.admit import Invitation, forgot, invite
from postroom.journeys.mail_links import mail_links
from postroom.rooms.users.access_link import MOST_MAIL_ATTEMPTS
from postroom.rooms.users.access_log import Doer
from tests.journeys.office import Office
from tests.journeys.sending import Desk, open_desk
from tests.servers.dovecot import DovecotServer

_users = count(1)


@pytest.fixture
async def desk(office: Office, mail_server: DovecotServer) -> AsyncIterator[Desk]:
    async with open_desk(office, mail_server, f"inviter{next(_users)}") as made:
        yield made


async def make_admin(desk: Desk) -> Doer:
    """The desk's user comes in, as an admin: their account may mail links."""
    await desk.office.rows(
        "update users set role = 'admin', date_joined = now() where id = %s returning 1", desk.asker.user_id
    )
    return Doer(desk.asker.user_id)


async def mail(desk: Desk) -> PostroomError | None:
    try:
        await mail_links(desk.tools, desk.office.organization_id, desk.account_id)
    except PostroomError as error:
        return error
    return None


async def links(desk: Desk) -> list[tuple[object, ...]]:
    return await desk.office.rows(
        "select purpose, sealed_token is null, date_mailed is not null, mail_attempts, mail_error from access_links"
    )


async def test_an_invitation_goes_out_by_the_admins_account_and_its_link_is_kept_no_longer(desk: Desk) -> None:
    doer = await make_admin(desk)
    made = await invite(desk.tools, desk.office.organization_id, doer, Invitation("nia@acme.example", "user", "Nia"))
    assert made.mailed_from == desk.address
    assert (await links(desk))[0][:2] == ("invitation", False)
    assert await mail(desk) is None
    (taken,) = desk.smtp.accepted
    assert (taken.sender, taken.recipients) == (desk.address, ["nia@acme.example"])
    assert b"Auto-Submitted: auto-generated" in taken.raw
    text = taken.raw.replace(b"=\r\n", b"").replace(b"=3D", b"=").decode()
    assert made.url in text
    assert await links(desk) == [("invitation", True, True, 0, "")]
    await mail(desk)
    assert len(desk.smtp.accepted) == 1
    assert await desk.office.rows("select 1 from emails") == []  # it is no email on a lead


async def test_a_forgotten_password_is_mailed_by_the_users_own_account_never_by_a_coworkers(desk: Desk) -> None:
    other = await desk.office.user("cora@acme.example")
    await forgot(desk.tools, other.email, Doer(None, "192.0.2.1"))
    assert await links(desk) == []  # the desk's user is no admin: their Sent folder must not hold Cora's link
    await forgot(desk.tools, desk.address.upper(), Doer(None, "192.0.2.1"))
    assert await mail(desk) is None
    (taken,) = desk.smtp.accepted
    assert taken.recipients == [desk.address]
    await forgot(desk.tools, desk.address, Doer(None, "192.0.2.1"))  # at once again: no second mail
    await mail(desk)
    assert len(desk.smtp.accepted) == 1
    desk.clock.forward(minutes=3)
    await forgot(desk.tools, desk.address, Doer(None, "192.0.2.1"))
    await mail(desk)
    tokens = {re.search(rb"#(\w+)", one.raw.replace(b"=\r\n", b""))[1] for one in desk.smtp.accepted}
    assert len(tokens) == 2
    assert len(await links(desk)) == 1  # only the newest works


async def test_nobody_is_told_whether_an_address_is_a_users(desk: Desk) -> None:
    await forgot(desk.tools, "nobody@acme.example", Doer(None, "192.0.2.1"))
    assert await links(desk) == []
    assert await desk.office.rows("select 1 from access_log") == []


async def test_a_link_that_cannot_be_mailed_says_why_is_tried_again_and_given_up(desk: Desk) -> None:
    doer = await make_admin(desk)
    await invite(desk.tools, desk.office.organization_id, doer, Invitation("nia@acme.example", "user"))
    desk.smtp.refuse("nia@acme.example", 550, "No such user here")
    waits = []
    for _ in range(MOST_MAIL_ATTEMPTS):
        await mail(desk)
        waits += await desk.office.rows("select mail_due_at from access_links")
        await mail(desk)  # too early: nothing is tried
        desk.clock.forward(minutes=30)
    ((_, is_gone, was_mailed, attempts, error),) = await links(desk)
    assert (is_gone, was_mailed, attempts) == (True, False, MOST_MAIL_ATTEMPTS)
    assert "No such user here" in str(error)
    assert [later[0] - earlier[0] for earlier, later in pairwise(waits)] == [
        timedelta(minutes=minutes) for minutes in (33, 35, 37, 39)
    ]  # half an hour of the test's, and 1, 4, 9, 16, 25 minutes of waiting


async def test_the_sweep_finds_links_whose_hint_was_lost(desk: Desk) -> None:
    doer = await make_admin(desk)
    await invite(desk.tools, desk.office.organization_id, doer, Invitation("nia@acme.example", "user"))
    await desk.office.rows("delete from procrastinate_jobs returning 1")
    await sweep.left_behind(desk.tools)
    found = await desk.office.rows("select 1 from procrastinate_jobs where task_name = 'mail_links'")
    assert len(found) == 1
